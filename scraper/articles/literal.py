"""Directives of reStructuredText and MyST whose content is shown or run as it is: no text with links."""

from __future__ import annotations

LITERAL = frozenset(
    str.split(
        """
        code-block code-cell digraph doctest eval-rst exec graphviz highlight index ipython jupyter-execute
        literalinclude math mermaid plantuml plot productionlist prompt sourcecode testcode testoutput
        testsetup tikz uml
        """
    )
)
