"""Links to files beside the article: a repository on disk, with git's own word on what is in it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.articles import fixing
from scraper.articles.local import slugs
from scraper.articles.local.ground import home_of
from scraper.articles.local.looking import outcomes
from scraper.articles.local.near import nearest
from scraper.articles.reading import load, read_article
from scraper.model import Verdict
from scraper.store.store import Store

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.email=a@example.org", "-c", "user.name=A")
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    root = folder / "list"
    for path, text in {
        "docs/setup.md": "# Setup\n\n## Install it\n",
        "docs/old.md": "# Intro\n" + "a line that git can recognise\n" * 5,
        "docs/gone.md": "gone",
        "docs/a b.md": "",
        "docs/pic.png": "",
        "docs/index.html": '<p id="Top-of-it">x</p>',
        "docs/guide.rst": "Guide\n=====\n\n.. _my_label:\n\nPart one\n--------\n",
        "docs/book.adoc": "= Book\n\n== First part\n\n[[own]]\n=== x\n",
        "docs/notes.org": "* Top notes\n:PROPERTIES:\n:CUSTOM_ID: mine\n:END:\n",
        "docs/nb.ipynb": '{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": ["# Big Title"]}]}',
        "src/a.py": "a\nb\n",
        "LICENSE": "",
        ".gitignore": "made.txt\n",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    git(root, "init", "-q", ".")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "one")
    git(root, "mv", "docs/old.md", "docs/new.md")
    git(root, "rm", "-q", "docs/gone.md")
    git(root, "commit", "-qm", "two")
    (root / "made.txt").write_text("")
    (folder / "secret.md").write_text("# Secret\n")
    (root / "out.md").symlink_to(folder / "secret.md")
    return root


@pytest.fixture
def repository(committed: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(committed, tmp_path / "list", symlinks=True))


def looked(path: Path, text: str) -> dict[str, Verdict]:
    """Verdicts by what is linked, as links.csv shows it."""
    path.write_text(text, encoding="utf-8")
    home = home_of(str(path), path.stem)
    assert home
    article = load(str(path), home.ground)
    return {one.target.url: one.verdict for one in outcomes([article], NOW)}


def verdict(root: Path, href: str) -> tuple[str, str]:
    (found,) = looked(root / "README.md", f"# My list\n\n[x](<{href}>)\n").values()
    return found.reason, found.suggested_url


@pytest.mark.parametrize(
    ("href", "reason", "suggested"),
    [
        ("docs/setup.md", "ok", ""),
        ("./docs/../docs/setup.md?raw=true", "ok", ""),
        ("/docs/setup.md", "ok", ""),
        ("docs/a%20b.md", "ok", ""),
        ("docs", "ok", ""),
        ("docs/", "ok", ""),
        ("docs/setup/", "ok", ""),
        ("docs/guide.html", "ok", ""),
        ("docs/setup.md#install-it", "ok", ""),
        ("docs/setup.md#user-content-install-it", "ok", ""),
        ("docs/setup.md#nothing", "anchor_missing", ""),
        ("docs/setup.md#instal-it", "anchor_missing", "docs/setup.md#install-it"),
        ("docs/index.html#Top-of-it", "ok", ""),
        ("docs/guide.rst#part-one", "ok", ""),
        ("docs/guide.rst#my-label", "ok", ""),
        ("docs/guide.rst#part-two", "anchor_missing", ""),
        ("docs/book.adoc#_first_part", "ok", ""),
        ("docs/book.adoc#first-part", "ok", ""),
        ("docs/book.adoc#own", "ok", ""),
        ("docs/notes.org#mine", "ok", ""),
        ("docs/notes.org#top-notes", "ok", ""),
        ("docs/nb.ipynb#Big-Title", "ok", ""),
        ("src/a.py#L2", "ok", ""),
        ("src/a.py#L1-L9", "anchor_missing", ""),
        ("#my-list", "ok", ""),
        ("#top", "ok", ""),
        ("#other", "anchor_missing", ""),
        ("docs/none.md", "not_found", ""),
        ("Docs/Setup.md", "not_found", "docs/setup.md"),
        ("docs\\setup.md", "not_found", "docs/setup.md"),
        ("LICENCE", "not_found", "LICENSE"),
        ("docs/old.md#intro", "file_moved", "docs/new.md#intro"),
        ("docs/gone.md", "file_removed", ""),
        ("made.txt", "not_found", ""),
        ("out.md#secret", "policy", ""),
        ("docs/pic.png#x", "ok", ""),
        (".git/config", "not_found", ""),
    ],
)
def test_what_a_link_leads_to(repository: Path, href: str, reason: str, suggested: str) -> None:
    assert verdict(repository, href) == (reason, suggested)


@pytest.mark.parametrize(
    "href", ["../../issues", "https://example.org/x.md", "mailto:a@example.org", "//x.org/a"]
)
def test_what_leads_out_is_no_link_to_a_file(repository: Path, href: str) -> None:
    assert looked(repository / "README.md", f"[x]({href})\n") == {}


def test_jekylls_links_are_files_and_other_templates_are_not_guessed(repository: Path) -> None:
    hrefs = [
        "{{ site.baseurl }}{% link docs/setup.md %}#setup",
        "{% link docs/no.md %}",
        "{{ x }}/y",
        "${z}/y",
    ]
    found = looked(repository / "README.md", "".join(f'<a href="{href}">x</a>\n' for href in hrefs))
    assert {path: one.reason for path, one in found.items()} == {
        "docs/setup.md#setup": "ok",
        "docs/no.md": "not_found",
    }


def written(repository: Path, name: str, text: str) -> dict[str, str]:
    """What becomes of the links of a file in the folder of the documents."""
    try:
        return {path: one.reason for path, one in looked(repository / "docs" / name, text).items()}
    finally:
        (repository / "docs" / name).unlink()


def test_links_that_a_site_generator_fills_in(repository: Path) -> None:
    text = """
[a]({% link docs/setup.md %}) [b]({% link docs/no.md %}#x) [c]({{ site.baseurl }}{% link docs/new.md %})
[d]({{< ref "setup.md" >}}) [e]({{< relref "none.md" >}}) [f]({{% ref "/docs/setup" %}})
[g]({{ site.baseurl }}/docs/gone2.md) [h]({{ "/docs/pic.png" | relative_url }})
[i]({% post_url 2020-01-02-nope %}) `[x]({% link docs/code.md %})` [j]({% unknown thing %})
"""
    assert written(repository, "t.md", text) == {
        "docs/setup.md": "ok",
        "docs/no.md#x": "not_found",
        "docs/new.md": "ok",
        "setup.md": "ok",
        "none.md": "not_found",
        "docs/setup": "ok",
        "docs/gone2.md": "not_found",
        "docs/pic.png": "ok",
        "_posts/2020-01-02-nope": "not_found",
    }


def test_pictures_for_every_size(repository: Path) -> None:
    text = (
        '<picture><source srcset="pic.png 1x, big.png 2x"><img src="pic.png"></picture>\n\n'
        'text <img src="small.png" srcset="data:image/png;base64,iVBO 100w, wide.png 480w"> text'
    )
    expected = {
        "docs/pic.png": "ok",
        "docs/big.png": "not_found",
        "docs/small.png": "not_found",
        "docs/wide.png": "not_found",
    }
    assert written(repository, "p.md", text) == written(repository, "p.html", text) == expected


RESTRUCTURED = """
Title
=====

.. image:: pic.png
.. figure:: no.png

   A caption

.. |logo| image:: no2.png

.. include:: setup.md
.. literalinclude:: no.py

See :doc:`guide`, :doc:`that <nowhere>`, :download:`it <no.zip>`.

.. toctree::
   :maxdepth: 2

   guide
   The other <absent>
   genindex
   https://example.org/

.. toctree::
   :glob:

   chapters/*

.. image:: https://example.org/a.png
.. image:: many.*
"""


def test_what_restructured_text_brings_in(repository: Path) -> None:
    assert written(repository, "r.rst", RESTRUCTURED) == {
        "docs/pic.png": "ok",
        "docs/no.png": "not_found",
        "docs/no2.png": "not_found",
        "docs/setup.md": "ok",
        "docs/no.py": "not_found",
        "docs/guide": "ok",
        "docs/nowhere": "not_found",
        "docs/no.zip": "not_found",
        "docs/absent": "not_found",
    }


def test_sphinx_makes_no_page_of_nothing_but_its_extensions_do(repository: Path) -> None:
    (repository / "docs" / "conf.py").write_text("")
    try:
        found = written(repository, "r.rst", ":doc:`nowhere` :doc:`api/made` `x <other.html>`_\n")
    finally:
        (repository / "docs" / "conf.py").unlink()
    assert found == {
        "docs/nowhere": "not_found",
        "docs/api/made": "generated",
        "docs/other.html": "generated",
    }


def test_links_of_a_manual_lead_nowhere_without_its_files() -> None:
    assert read_article(b":doc:`other`\n\n.. toctree::\n\n   page\n", "https://e.org/x/a.rst").mentions == ()


def test_files_in_org(repository: Path) -> None:
    text = """
#+INCLUDE: "no.inc" src python
[[file:notes.org][n]] [[file:no.org::*Heading]] [[./pic.png]] [[file:src.py::12]] [[file:~/mine.org]]
[[*A heading]] [[A heading]] [[file:/home/someone/x.org]] [[file:no2.org::#place][p]]

* A heading
"""
    assert written(repository, "o.org", text) == {
        "docs/no.inc": "not_found",
        "docs/notes.org": "ok",
        "docs/no.org": "not_found",
        "docs/pic.png": "ok",
        "docs/src.py#L12": "not_found",
        "docs/no2.org#place": "not_found",
    }


def test_files_in_asciidoc(repository: Path) -> None:
    text = """= T
:imagesdir: ../docs

xref:book.adoc[b] xref:no.adoc#x[n] <<no2.adoc#,x>> <<first>> xref:first[] \\xref:escaped.adoc[x]
link:no.pdf[p]

image::pic.png[] image:no.png[alt]

include::no3.adoc[] include::{partial}/x.adoc[]

image::https://example.org/a.png[]
"""
    assert written(repository, "b.adoc", text) == {
        "docs/book.adoc": "ok",
        "docs/no.adoc#x": "not_found",
        "docs/no2.adoc": "not_found",
        "docs/no.pdf": "not_found",
        "docs/pic.png": "ok",
        "docs/no.png": "not_found",
        "docs/no3.adoc": "not_found",
    }


def test_pictures_and_html_and_definitions(repository: Path) -> None:
    text = (
        '![a](docs/pic.png) <img src="docs/no.png"> [![b](docs/pic.png)](docs/setup.md) [c][d]\n\n[d]: no.md'
    )
    found = looked(repository / "README.md", text)
    assert {path: one.reason for path, one in found.items()} == {
        "docs/pic.png": "ok",
        "docs/no.png": "not_found",
        "docs/setup.md": "ok",
        "no.md": "not_found",
    }


def test_a_page_that_a_generator_may_make_is_not_called_dead(repository: Path) -> None:
    assert verdict(repository, "/tags/vision/") == ("not_found", "")
    (repository / "_config.yml").write_text("title: x\n")
    (repository / "_posts").mkdir()
    (repository / "_posts/2020-01-02-a-post.md").write_text("# 1. A post\n")
    assert verdict(repository, "/tags/vision/") == ("generated", "")
    assert verdict(repository, "/2020/01/02/a-post.html#a-post") == ("ok", "")
    assert verdict(repository, "docs/none.md") == ("not_found", "")


def test_without_git_the_articles_folder_is_all_there_is(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("")
    found = looked(tmp_path / "a.md", "[x](b.md) [y](c.md) [z](../b.md)\n")
    assert {path: one.reason for path, one in found.items()} == {"b.md": "ok", "c.md": "not_found"}


def test_fix_writes_relative_links(repository: Path) -> None:
    path = repository / "docs/README.md"
    text = '[a](old.md "t") ![b](Pic.png) <a href="../src/A.py#L1">c</a> [d](setup.md#instal-it)\n'
    path.write_text(text)
    home = home_of(str(path), "README")
    assert home
    article = load(str(path), home.ground)
    rows = {
        one.target.key: {
            "health": one.verdict.health.value,
            "reason": one.verdict.reason,
            "suggested_url": one.verdict.suggested_url,
        }
        for one in outcomes([article], NOW)
    }
    proposal = fixing.propose(text, article, rows, ground=home.ground)
    assert fixing.apply(text, proposal.edits) == (
        '[a](new.md "t") ![b](pic.png) <a href="../src/a.py#L1">c</a> [d](setup.md#install-it)\n'
    )


def test_an_article_from_the_web_has_no_files_beside_it() -> None:
    article = read_article(b"[x](a.md) ![y](b.png)", "https://example.org/list.md")
    assert [one.site for one in article.mentions] == ["web"]


def test_a_mail_address_is_judged_by_its_syntax() -> None:
    good = "[a](mailto:a@x.org) [b](mailto:a@x.org,b@y.org?subject=z) [c](mailto:?subject=z)"
    text = f"{good} [d](mailto:a@@x) [e](mailto:a)"
    assert [one.href for one in read_article(text.encode(), "a.md").problems] == ["mailto:a@@x", "mailto:a"]


@pytest.mark.parametrize(
    ("headings", "names"),
    [
        (["Usage", "Usage", "Usage-1", "Usage"], ["usage", "usage-1", "usage-1-1", "usage-2"]),
        (["I ♥ unicode", "日本語", "Привет, мир!", "हिन्दी"], ["i--unicode", "日本語", "привет-мир", "हिन्दी"]),
        (["foo_bar & co.", "😄 emoji"], ["foo_bar--co", "-emoji"]),
    ],
)
def test_githubs_names_of_headings(headings: list[str], names: list[str]) -> None:
    """Counted when they come again, with the letters and marks of every script."""
    assert list(slugs.numbered(map(slugs.github, headings))) == names


def test_a_name_is_only_guessed_where_there_is_one() -> None:
    assert nearest("chapter1.md", ["chapter2.md", "x.md"]) == ""
    assert nearest("set_up.md", ["setup.md", "other.md"]) == "setup.md"
    assert nearest("instal.md", ["install.md", "install.rst"]) == "install.md"
    assert nearest("aaaaa.md", ["aaaab.md", "aaaac.md"]) == ""


def test_a_run_keeps_them_without_a_request(repository: Path, tmp_path: Path) -> None:
    from scraper.run import refresh
    from scraper.settings import Settings

    path = repository / "README.md"
    path.write_text("# L\n\n[a](docs/setup.md) [b](docs/none.md)\n")
    home = home_of(str(path), "README")
    assert home
    settings = Settings(data=tmp_path / "data", reports=tmp_path / "reports")
    settings.data.mkdir()
    with Store.open(settings.store) as store:
        result = refresh([load(str(path), home.ground)], settings, store)
        rows = {row["url"]: row for row in store.rows(result.run, "README")}
    assert result.tally.requests == {}
    assert {url: (row["site"], row["health"], row["reason"]) for url, row in rows.items()} == {
        "docs/setup.md": ("local", "alive", "ok"),
        "docs/none.md": ("local", "broken", "not_found"),
    }
