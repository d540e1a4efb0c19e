"""Links that the project as a whole explains: labels, addresses that pages give themselves, TeX's files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.articles.local.ground import home_of
from scraper.articles.local.looking import outcomes
from scraper.articles.reading import load

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def project(root: Path, files: dict[str, str]) -> Path:
    (root / ".git").mkdir()
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def reasons(root: Path, name: str) -> dict[str, str]:
    """What becomes of the links of one file of a project to others, by where they lead."""
    path = root / name
    home = home_of(str(path), "list")
    assert home is not None
    article = load(str(path), home.ground)
    return {one.target.id: one.verdict.reason for one in outcomes([article], NOW)}


SPHINX = {
    "docs/conf.py": "extensions = ['myst_parser']\n",
    "docs/a.rst": ".. _Over there:\n\nPart\n====\n\n.. figure:: x.png\n   :name: fig-one\n",
    "docs/b.md": "(my-target)=\n\n# Some part\n",
    "docs/index.rst": (
        "See :ref:`over there`, :ref:`the part <my-target>`, :numref:`fig-one`, :ref:`genindex`,\n"
        ":ref:`never`, :ref:`!not a label`.\n"
    ),
    "docs/index.md": (
        "[x](#my-target) [y](#over-there) [n](#never) {ref}`my-target` {ref}`a title <none>`\n"
        "{doc}`b` {doc}`the first <a>` {doc}`absent` {download}`no.zip` `{ref}`code\n"
    ),
}


def test_labels_of_sphinx_stand_in_any_file(tmp_path: Path) -> None:
    root = project(tmp_path, SPHINX)
    assert reasons(root, "docs/index.rst") == {
        "docs/index.rst#over there": "ok",
        "docs/index.rst#my-target": "ok",
        "docs/index.rst#fig-one": "ok",
        "docs/index.rst#genindex": "ok",
        "docs/index.rst#never": "anchor_missing",
    }


def test_roles_and_labels_of_myst(tmp_path: Path) -> None:
    root = project(tmp_path, SPHINX)
    found = reasons(root, "docs/index.md")
    assert found == {
        "docs/index.md#my-target": "ok",
        "docs/index.md#over-there": "anchor_missing",  # the label has a blank
        "docs/index.md#never": "anchor_missing",
        "docs/index.md#none": "anchor_missing",
        "docs/b": "ok",
        "docs/a": "ok",
        "docs/absent": "generated",
        "docs/no.zip": "not_found",
    }


@pytest.mark.parametrize(
    "extension", ["sphinx.ext.intersphinx", "sphinx.ext.autosectionlabel", "sphinx_gallery.gen_gallery"]
)
def test_a_label_that_an_extension_may_bring_is_not_called_missing(tmp_path: Path, extension: str) -> None:
    root = project(tmp_path, {**SPHINX, "docs/conf.py": f"extensions = [{extension!r}]\n"})
    assert reasons(root, "docs/index.rst")["docs/index.rst#never"] == "generated"


def test_a_jupyter_book_has_labels_and_is_no_site_of_jekyll(tmp_path: Path) -> None:
    files = {
        "_config.yml": "title: A book\n",
        "_toc.yml": "root: one\n",
        "two.md": "(there)=\n# Two\n",
        "one.md": "[x](#there) {numref}`there` [y](#nowhere)\n",
    }
    assert reasons(project(tmp_path, files), "one.md") == {
        "one.md#there": "ok",
        "one.md#nowhere": "anchor_missing",
    }


def test_pages_of_jekyll_say_where_they_are_shown(tmp_path: Path) -> None:
    files = {
        "_config.yml": "",
        "_pages/me.md": (
            "---\ntitle: About\npermalink: /about/\nredirect_from:\n  - /bio\n  - /old/me.html\n---\n"
            "## Work\n"
        ),
        "_pages/cv.md": "---\npermalink: '/cv.html'\n---\n",
        "README.md": (
            "[a](/about/) [b](/about#work) [c](/about/#play)\n"
            "[d](/bio/) [e](/old/me.html) [f](/cv) [g](/tags/)\n"
        ),
    }
    assert reasons(project(tmp_path, files), "README.md") == {
        "about/": "ok",
        "about#work": "ok",
        "about/#play": "anchor_missing",
        "bio/": "ok",
        "old/me.html": "ok",
        "cv": "ok",
        "tags/": "generated",
    }


def test_files_of_tex_are_looked_for_where_tex_does(tmp_path: Path) -> None:
    files = {
        "paper/main.tex": (
            "\\documentclass{article}\\graphicspath{{figures/}}\n"
            "\\input{parts/intro} \\include{parts/none} \\input{pgfplots.code}\n"
            "\\includegraphics[width=3cm]{plots/one} \\includegraphics{plots/two.png}\n"
            "% \\includegraphics{old/three.png}\n\\bibliography{refs, more}\n"
        ),
        "paper/parts/intro.tex": "\\includegraphics{plots/one.pdf} \\input{parts/intro} \\input{\\here/x}\n",
        "paper/figures/plots/one.pdf": "",
        "paper/refs.bib": "",
    }
    root = project(tmp_path, files)
    assert reasons(root, "paper/main.tex") == {
        "paper/parts/intro": "ok",
        "paper/parts/none": "no_answer",
        "paper/pgfplots.code": "no_answer",
        "paper/plots/one": "ok",
        "paper/plots/two.png": "not_found",
        "paper/refs": "ok",
        "paper/more": "no_answer",
    }
    assert reasons(root, "paper/parts/intro.tex") == {
        "paper/parts/plots/one.pdf": "ok",
        "paper/parts/parts/intro": "ok",
    }
