"""Which fences and directives hold code that is shown or run, and which hold text with links.

The names of R Markdown are those of knitr (`names(knitr::knit_engines$get())`) and of bookdown ("Theorems and
proofs"), those of Quarto what its documentation calls cell languages.
"""

from __future__ import annotations

_DIRECTIVES = """
    code code-block code-cell digraph doctest eval-rst exec graphviz highlight index ipython jupyter-execute
    literalinclude math mermaid plantuml plot productionlist prompt sourcecode testcode testoutput
    testsetup tikz uml
"""
_LANGUAGES = """
    asy awk bash c cat cc coffee css dot fortran fortran95 gawk go groovy haskell js julia lein mysql node
    octave ojs perl php psql pyodide python r rcpp rscript ruby sas sass scala scss sed sh sql stan stata
    typescript verbatim webr zsh
"""
LITERAL = frozenset((_DIRECTIVES + _LANGUAGES).split())
"""In braces or not, of reStructuredText, MyST and their extensions; a name that nobody knows holds text."""
PROSE_CHUNKS = frozenset(
    str.split(
        """
        asis block block2 conjecture corollary definition example exercise hypothesis lemma proof proposition
        remark solution theorem
        """
    )
)
"""Of R Markdown and Quarto, where anybody can add a language: any other name in braces is one."""
RUN = (".qmd", ".rmd", ".rmarkdown")
"""Endings of files whose fences in braces are run."""
