"""Fixes: the right address, at its exact place, and no other byte touched."""

from __future__ import annotations

import json
import random
import shutil
import stat
import subprocess
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.articles.decoding import decode
from scraper.articles.fixing import (
    DEFAULT_RULES,
    RULES,
    Proposal,
    apply,
    propose,
    unified_diff,
    write,
)
from scraper.articles.reading import read_article
from scraper.articles.replacing import Row, decide
from scraper.articles.writing import written
from scraper.errors import ArticleError, NotPublished
from scraper.model import Mention
from scraper.sites.identity import identify
from scraper.verdicts.domains import domain_of

ALL = frozenset(RULES)
HTTPS = "https://secure.example/"
OLD, NEW = "http://old.example/a?b=1&c=2", "https://new.example/a?b=1&c=2"


def moved(to: str, reason: str = "redirected_permanently") -> Row:
    row = {"health": "moved", "reason": reason, "suggested_url": to, "confirmed_dead": False}
    return row | {"recognised_on": domain_of(to)}


ALIVE: Row = {"health": "alive", "reason": "ok", "confirmed_dead": False}
DEAD: Row = {
    "health": "broken",
    "reason": "not_found",
    "confirmed_dead": True,
    "archived_url": "https://web.archive.org/web/20200102030405/http://old.example/a?b=1&c=2",
}


def fixed(
    text: str | bytes, rows: Mapping[str, Row], rules: frozenset[str] = DEFAULT_RULES, source: str = "a.md"
) -> bytes:
    data = text if isinstance(text, bytes) else text.encode()
    decoded = decode(data, source)
    return decoded.encode(apply(decoded.text, proposed(data, rows, rules, source).edits))


def proposed(
    data: bytes, rows: Mapping[str, Row], rules: frozenset[str] = DEFAULT_RULES, source: str = "a.md"
) -> Proposal:
    return propose(decode(data, source).text, read_article(data, source), rows, rules)


def reasons(
    text: str, rows: Mapping[str, Row], rules: frozenset[str] = DEFAULT_RULES, source: str = "a.md"
) -> list[str]:
    proposal = proposed(text.encode(), rows, rules, source)
    assert proposal.edits == ()
    return [one.reason for one in proposal.left]


# Where it is written ------------------------------------------------------------------------------

PLACES = [
    "[t]({})",
    "[t]( <{}> )",
    '[t]({} "a title")',
    "[t]({}\n'title')",
    "**[t]({})** | [u](https://other.example)",
    "[![i](https://e.org/i.png)]({})",
    "> - [t\n>   u]({})",
    "| x | [t]({}) |\n|---|---|\n| a | b |",
    "|a|\n|-|\n|x \\| [t]({})|",
    "# [t]({}) #",
    "[t]({})\n===",
    "<{}>",
    "{}",
    "({}).",
    "**{}**",
    "见{}，下",
    "x {}, {} y",
    "[t][r] [r]\n\n[r]: {} 'title'",
    "[t][r]\n\n[r]: <{}>",
    "> [r]\n>\n> [r]:\n>   {}",
    "x[^1]\n\n[^1]: {}",
]
TAGS = [
    '<a href="{}">t</a>',
    "x <a class=y href='{}'>t</a> z",
    "<p>\n<A\n  HREF={} title=x>t</A>\n</p>",
    '<!-- {} --><a href="{}">',
]


@pytest.mark.parametrize("place", PLACES)
def test_places_in_markdown(place: str) -> None:
    rows = {f"web:{OLD}": moved(NEW)}
    text = f"intro `{OLD}`\n\n{place}\n\n```\n{OLD}\n```"
    assert fixed(text.replace("{}", OLD), rows) == text.replace("{}", NEW).encode()


@pytest.mark.parametrize("source", ["a.md", "a.html"])
@pytest.mark.parametrize("place", TAGS)
def test_places_in_html(place: str, source: str) -> None:
    rows = {f"web:{OLD}": moved(NEW)}
    comment, tag = place[: place.rfind("<a")], place[place.rfind("<a") :]
    if "<A" in place:
        comment, tag = "", place
    for spelt in (OLD, OLD.replace("&", "&amp;")):
        text = f"{comment}{tag}".replace("{}", spelt)
        wanted = comment.replace("{}", spelt) + tag.replace("{}", NEW.replace("&", "&amp;"))
        assert fixed(text, rows, source=source) == wanted.encode()


def test_the_same_address_that_is_no_link_stays() -> None:
    text = f"`{OLD}` ![i]({OLD}) <!-- {OLD} --> \\[x]({OLD}x) [t]({OLD})"
    assert (
        fixed(text, {f"web:{OLD}": moved(NEW)})
        == text.removesuffix(f"({OLD})").encode() + f"({NEW})".encode()
    )


def damaged(text: str) -> bytes:
    return b"".join(bytes([byte]).decode("cp1252", "ignore").encode() for byte in text.encode())


PROSE = "论文的代码，下一句学习神经网络 “é” ü — Ωμέγα "


@pytest.mark.parametrize("number", range(50))
def test_generated_articles(number: int) -> None:
    """Documents of every kind: the new bytes are the old ones with exactly the slots exchanged."""
    chance = random.Random(number)
    rows: dict[str, Row] = {}
    after: dict[str, str] = {}
    blocks = []
    for index in range(12):
        url, kept = f"http://host{index}.example/p_{index}-?q=1&id=_x{index}-", index % 4 == 3
        new = f"https://new{index}.example/P~{index}?q=2&id=-y_{index}"
        if index % 4 == 2:
            new = f"https://web.archive.org/web/20200102030405/{new}"
        rows[f"web:{url}"] = [moved(new), moved(new, "https_upgrade"), {**DEAD, "archived_url": new}, ALIVE][
            index % 4
        ]
        after[url] = url if kept else new
        html = chance.random() < 0.3
        slot = f"\x01{index}\x02" if html else f"\x01{index}\x03"
        form = (
            chance.choice(TAGS[:3] if html else PLACES)
            .replace("[r]", f"[r{index}]")
            .replace("[^1]", f"[^{index}]")
        )
        blocks.append(
            form.replace("{}", slot) + f" {chance.choice(['', PROSE])}" * (not html and form == "{}")
        )
    noise = [f"{PROSE}`http://host1.example/`\n{PROSE}" for _ in range(4)] + ["### 3. " + PROSE, "* * *"]
    blocks += noise
    chance.shuffle(blocks)
    template = "\n\n".join(blocks) + chance.choice(["", "\n"])

    def made(addresses: dict[str, str]) -> bytes:
        text = template
        for index, (url, spelt) in enumerate(addresses.items()):
            assert f"host{index}." in url
            text = text.replace(f"\x01{index}\x02", spelt.replace("&", "&amp;")).replace(
                f"\x01{index}\x03", spelt
            )
        text = text.replace("\n", ["\n", "\r\n"][number % 2])
        if number % 5 == 1:
            return "\ufeff".encode() + text.encode()
        if number % 5 == 2:
            return damaged(text)
        return text.encode("utf-8" if number % 5 else "cp1252", "ignore")

    before = made({url: url for url in after})
    assert fixed(before, rows, ALL) == made(after)
    hrefs = {mention.href for mention in read_article(made(after), "a.md").mentions}
    assert {new for new in after.values()} <= hrefs
    assert not hrefs & {url for url, new in after.items() if new != url}


def test_the_first_article(shared: Path) -> None:
    """Mojibake, and no final line end: the addresses change, every other byte stays damaged as it was."""
    data = (shared / "iclr-2020-deep-learning.md").read_bytes()
    article = read_article(data, "a.md")
    rows = {mention.target: ALIVE for mention in article.mentions}
    rows["github:automl/robustdarts"] = moved("https://github.com/neu/Name", "repository_renamed")
    expected = data.decode()
    for mention in article.mentions:
        new = "https://github.com/neu/Name" if mention.target == "github:automl/robustdarts" else mention.url
        for before, behind in (("](", ")"), ("<", ">")):
            expected = expected.replace(f"{before}{mention.href}{behind}", f"{before}{new}{behind}")
    after = fixed(data, rows, ALL)
    assert after == expected.encode()
    assert [mention.target for mention in read_article(after, "a.md").mentions] == [
        "github:neu/name" if mention.target == "github:automl/robustdarts" else mention.target
        for mention in article.mentions
    ]


def test_forms_that_are_not_edited() -> None:
    text = f"MIME-Version: 1.0\nContent-Type: text/html\n\n<a href='{OLD}'>t</a>"
    (reason,) = reasons(text, {f"web:{OLD}": moved(NEW)}, source="a.mhtml")
    assert reason.startswith("not edited: ")
    assert NEW in reason


CELL = (
    f'# A "quoted" ü 🎉\n\n[t]({OLD} "a \\"title\\"") <a href="{OLD.replace("&", "&amp;")}">x</a>\n',
    f"bare {OLD} and [r][l], <{OLD}>\n",
    f"\n[l]: {OLD}",
)


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("slash", ["/", r"\/"])
@pytest.mark.parametrize("source", [list(CELL), "".join(CELL)])
def test_cells_of_a_notebook(source: object, slash: str, ascii_only: bool, indent: int | None) -> None:
    code = {"cell_type": "code", "source": [f"get('{OLD}')"], "outputs": [], "metadata": {}}
    cell = {"cell_type": "markdown", "source": source, "metadata": {}}
    book = {"cells": [cell, code], "nbformat": 4}
    text = json.dumps(book, ensure_ascii=ascii_only, indent=indent).replace("/", slash)
    after = fixed(text, {f"web:{OLD}": moved(NEW)}, source="a.ipynb").decode()
    markdown = json.dumps(cell).replace("http://old.example", "https://new.example")
    assert json.loads(after) == book | {"cells": [json.loads(markdown), code]}
    assert after.count("\n") == text.count("\n")
    assert len(proposed(text.encode(), {f"web:{OLD}": moved(NEW)}, source="a.ipynb").edits) == 5


def test_an_identifier_in_a_notebook_is_told_as_one() -> None:
    cell = {"cell_type": "markdown", "metadata": {}, "source": ["see arXiv:1706.03762 there"]}
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    (reason,) = reasons(text, {"arxiv:1706.03762": moved(NEW)}, source="a.ipynb")
    assert reason.startswith("is an identifier, not an address")


def test_an_address_that_goes_on_in_the_next_string_of_a_notebook_is_left() -> None:
    text = json.dumps({"cells": [{"cell_type": "markdown", "source": [f"<{OLD[:20]}", f"{OLD[20:]}>"]}]})
    (reason,) = reasons(text, {f"web:{OLD}": moved(NEW)}, source="a.ipynb")
    assert reason.startswith("its exact place was not found")


RESTRUCTURED = """Tïtle
=====

A `link <{}>`_, `again <{}>`__
and bare {}, then `named`_ and named_, and `anon`__.

  * in a list `long
    text <{}>`__ end

.. _named: {}
__ {}

.. image:: x.png
   :target: {}

.. note:: See {}.

======  ====
a       {}
======  ====

.. toctree::

   T <{}>

.. code:: python

   "http://old.example/a?b=1&c=2"
"""


def test_restructured_text_of_every_shape() -> None:
    text, rows = RESTRUCTURED.replace("{}", OLD), {f"web:{OLD}": moved(NEW)}
    assert fixed(text, rows, source="a.rst").decode() == RESTRUCTURED.replace("{}", NEW)
    assert proposed(text.encode(), rows, source="a.rst").left == ()


# What is written ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "row", "new"),
    [
        (DEFAULT_RULES, moved(NEW), NEW),
        (DEFAULT_RULES, moved(NEW, "https_upgrade"), NEW),
        ({"https"}, moved(NEW), OLD),
        ({"moved"}, moved(NEW, "https_upgrade"), OLD),
        (DEFAULT_RULES, DEAD, OLD),
        ({"dead"}, DEAD, str(DEAD["archived_url"])),
        ({"dead"}, {**DEAD, "confirmed_dead": "true"}, str(DEAD["archived_url"])),
        ({"dead"}, {**DEAD, "confirmed_dead": None}, OLD),
        ({"dead"}, {**DEAD, "archived_url": float("nan")}, OLD),
        (ALL, ALIVE, OLD),
        (ALL, {}, OLD),
    ],
)
def test_rules(rules: frozenset[str], row: Row, new: str) -> None:
    assert fixed(f"[t]({OLD})", {f"web:{OLD}": row}, frozenset(rules)) == f"[t]({new})".encode()


WRAPPED = f"https://web.archive.org/web/20200102030405/{OLD}"


@pytest.mark.parametrize(
    ("href", "rules", "row", "new"),
    [
        (WRAPPED, {"unwrap"}, ALIVE, OLD),
        (f"/web/2020/{OLD}", {"unwrap"}, ALIVE, OLD),
        (WRAPPED, {"unwrap", "moved"}, moved(NEW), NEW),
        (WRAPPED, {"moved"}, moved(NEW), WRAPPED),
        (WRAPPED, {"unwrap"}, moved(NEW), WRAPPED),
        (WRAPPED, {"unwrap"}, {"health": "blocked", "reason": "challenge"}, WRAPPED),
        (WRAPPED, ALL, DEAD, WRAPPED),
        (f"/web/2020/{OLD}", ALL, DEAD, str(DEAD["archived_url"])),
    ],
)
def test_archive_links(href: str, rules: frozenset[str], row: Row, new: str) -> None:
    assert fixed(f"[t]({href})", {f"web:{OLD}": row}, frozenset(rules)) == f"[t]({new})".encode()


@pytest.mark.parametrize(
    ("href", "new"),
    [
        ("https://github.com/Old/Name", "https://github.com/neu/Repo"),
        ("https://github.com/old/name/", "https://github.com/neu/Repo/"),
        (
            "https://www.github.com/Old/Name/blob/main/old/name.py?plain=1#L3",
            "https://www.github.com/neu/Repo/blob/main/old/name.py?plain=1#L3",
        ),
        ("https://github.com/Old/Name.git", "https://github.com/neu/Repo.git"),
        ("https://github.com/Old/Name#usage", "https://github.com/neu/Repo#usage"),
        (
            "https://raw.githubusercontent.com/Old/Name/main/x",
            "https://raw.githubusercontent.com/neu/Repo/main/x",
        ),
        (
            "https://colab.research.google.com/github/Old/Name/blob/x.ipynb",
            "https://colab.research.google.com/github/neu/Repo/blob/x.ipynb",
        ),
    ],
)
def test_a_renamed_repository_keeps_path_query_and_fragment(href: str, new: str) -> None:
    rows = {"github:old/name": moved("https://github.com/neu/Repo", "repository_renamed")}
    assert fixed(f"[t]({href})", rows) == f"[t]({new})".encode()


def test_a_fragment_is_inherited() -> None:
    rows = {f"web:{OLD}": moved(NEW)}
    assert fixed(f"[t]({OLD}#part)", rows) == f"[t]({NEW}#part)".encode()
    assert fixed(f"[t]({OLD}#part)", {f"web:{OLD}": moved(f"{NEW}#own")}) == f"[t]({NEW}#own)".encode()


@pytest.mark.parametrize(
    ("text", "row", "rules", "word"),
    [
        (f"[t]({OLD})", moved(""), DEFAULT_RULES, "where to is not known"),
        (f"[t]({OLD})", moved("https://e.org/a b"), DEFAULT_RULES, "safely"),
        (f"[t]({OLD})", moved("https://e.org/a)b"), DEFAULT_RULES, "safely"),
        (f"[t]({OLD})", moved("https://e.org/\n[x](y"), DEFAULT_RULES, "safely"),
        (f"[t]({OLD})", moved("javascript:alert(1)"), DEFAULT_RULES, "nothing proves"),
        (f"[t]({OLD})", {**moved("https://casino.example/"), "recognised_on": None}, ALL, "nothing proves"),
        (f"[t]({OLD})", {**moved(NEW), "recognised_on": "other.example"}, ALL, "nothing proves"),
        (f"[t]({OLD})", moved("https://old.example/;jsessionid=AB12?b=1&c=2"), ALL, "for the thing itself"),
        (f"[t]({OLD})", moved("https://old.example/"), ALL, "for the thing itself"),
        (f"[t]({OLD})", moved("https://old.example/search?q=a"), ALL, "for the thing itself"),
        (f"[t]({HTTPS}b)", moved("http://secure.example/c"), ALL, "for the thing itself"),
        (f"[t]({OLD})", moved("https://e.org/?a&copy;=1"), DEFAULT_RULES, "safely"),
        (f"<a href='{OLD}'>", moved("https://e.org/'onclick='x"), DEFAULT_RULES, "safely"),
        (OLD, moved("https://e.org/a."), DEFAULT_RULES, "safely"),
        (f"[t]({WRAPPED})", moved(NEW), DEFAULT_RULES, "archived copy"),
        (f"[t]({WRAPPED})", {"health": "failing", "reason": "timeout"}, ALL, "the original is failing"),
        (f"[t]({WRAPPED})", DEAD, ALL, "already points to an archived copy"),
        (f"[t]({OLD})", {**DEAD, "archived_url": ""}, ALL, "no archived copy is known"),
        (f"[t]({OLD})", {**DEAD, "confirmed_dead": False}, ALL, "not confirmed dead"),
    ],
)
def test_what_is_left_says_why(text: str, row: Row, rules: frozenset[str], word: str) -> None:
    (reason,) = reasons(text, {f"web:{OLD}": row, f"web:{HTTPS}b": row}, rules)
    assert word in reason


def test_what_the_list_calls_it_proves_it_as_well() -> None:
    row = {**moved(NEW), "recognised_on": None, "title": "Corvid 2.1 — second order optimisers"}
    assert fixed(f"[Corvid optimisers]({OLD})", {f"web:{OLD}": row}) == f"[Corvid optimisers]({NEW})".encode()
    (reason,) = reasons(f"[Almanac of glaciers]({OLD})", {f"web:{OLD}": row})
    assert "nothing proves" in reason


def test_what_was_never_checked_is_left() -> None:
    assert reasons(f"[t]({WRAPPED}) [u]({OLD})", {}, ALL) == ["was not checked yet"]


def test_a_special_form_of_an_address_is_left() -> None:
    rows = {"arxiv:1909.09656": moved("https://e.org/x")}
    assert "special form" in reasons("[t](https://arxiv.org/pdf/1909.09656v2)", rows)[0]
    assert fixed("[t](https://arxiv.org/abs/1909.09656)", rows) == b"[t](https://e.org/x)"


def test_git_over_ssh_is_left() -> None:
    rows = {"github:old/name": moved("https://github.com/neu/Repo", "repository_renamed")}
    assert "safely" in reasons("[t](git@github.com:Old/Name.git)", rows)[0]


def test_what_can_be_written() -> None:
    assert written("https://e.org/b_(c)", "inline")
    assert written("https://e.org/?a&b;c", "html")
    assert not written("https://e.org/?a&b;c", "inline")
    assert not written("https://e.org/b_)c(", "inline")


def test_a_proposal_for_another_text_is_refused() -> None:
    data = f"[t]({OLD})".encode()
    edits = proposed(data, {f"web:{OLD}": moved(NEW)}).edits
    with pytest.raises(ArticleError, match="has changed"):
        apply(f"x [t]({OLD})", edits)
    with pytest.raises(ArticleError, match="has changed"):
        propose(f"[t]({OLD}) <{OLD}>", read_article(data, "a.md"), {})


# Patches and files --------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "{end}"])
@pytest.mark.parametrize("changed", [[0], [29], [0, 29], [10, 11, 12], [5, 11, 12, 20], [3, 10, 18], []])
def test_patches_apply(tmp_path: Path, end: str, last: str, changed: list[int]) -> None:
    old = [f"line {number}" for number in range(30)]
    new = [f"new {number}" if number in changed else line for number, line in enumerate(old)]
    before, after = end.join(old) + last.format(end=end), end.join(new) + last.format(end=end)
    patch = unified_diff(before, after, "list.md")
    assert bool(patch) is bool(changed)
    if not changed or shutil.which("git") is None:
        return
    (tmp_path / "list.md").write_bytes(before.encode())
    (tmp_path / "p.patch").write_bytes(patch.encode())
    subprocess.run(["git", "apply", "--unsafe-paths", "p.patch"], cwd=tmp_path, check=True)
    assert (tmp_path / "list.md").read_bytes() == after.encode()


def test_a_patch_looks_like_one() -> None:
    before = "1\n2\n3\n4\n5\n6\nold\n8"
    assert unified_diff(before, before.replace("old", "new"), "a.md") == (
        "--- a/a.md\n+++ b/a.md\n@@ -4,5 +4,5 @@\n 4\n 5\n 6\n-old\n+new\n 8\n\\ No newline at end of file\n"
    )


def test_write_keeps_every_backup_mode_and_link(tmp_path: Path) -> None:
    path, link = tmp_path / "a.md", tmp_path / "link.md"
    path.write_bytes(b"one")
    path.chmod(0o640)
    link.symlink_to(path)
    assert write(path, b"two").name == "a.md.bak"
    assert write(link, b"three").name == "a.md.bak1"
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {
        "a.md": b"three",
        "link.md": b"three",
        "a.md.bak": b"one",
        "a.md.bak1": b"two",
    }
    assert link.is_symlink()
    assert {stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()} == {0o640}


def test_write_into_a_folder_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(NotPublished, match=r"Cannot write .*a\.md"):
        write(tmp_path / "gone" / "a.md", b"x")


MARKUP = [*"<>)][|`_\\'\"#&。é", "](", "**", "~~", "![i](", "[t](", "[r]: ", "[t][r]", "[^1]: ", "&amp;"]
TAGGED = ["</a>", "<a href='", '<a href="', "<p>\n", "<!--", "-->"]
ADDRESSES = ["http://old.example/x_", "http://old.example/y?q=1&z=(2)", "/web/2020/http://old.example/x_"]
BREAKS = [" ", "\n", "\n\n", "\r\n", "\n> ", "\n- ", "    ", "\n|-|-|\n", "\n```\n"]
PIECES = [*MARKUP, *TAGGED, *ADDRESSES, *ADDRESSES, *BREAKS]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.sampled_from(["a.md", "a.html"]))
@example("<p>http://old.example/y?q=1&z=(2)'title' <a href='<!--http://old.example/x_'>", "a.html")
@example("[r]: http://old.example/x_\n\n[t][r]\n\n[t][r] <a href='[t](http://old.example/x_)'>", "a.md")
def test_an_edit_changes_what_it_says_and_nothing_else(text: str, source: str) -> None:
    new = "https://new.example/N-_?a=1&b=2"
    data = f"{text}\n\n[t](http://old.example/)".encode()
    article = read_article(data, source)
    rows = {mention.target: moved(new) for mention in article.mentions}
    proposal = proposed(data, rows, ALL, source)
    left = [(one.line, one.href) for one in proposal.left]
    again = read_article(fixed(data, rows, ALL, source), source).mentions
    assert len(again) == len(article.mentions)
    for before, after in zip(article.mentions, again, strict=True):
        assert after.href.partition("#")[0] == new or (before.line, before.href) in left
        assert before.line == after.line


def test_of_edits_that_do_not_hold_the_others_are_made() -> None:
    """In its quotes the first address is read as a piece of markup once it is a new one."""
    text = '<a href="http://old.example/x_&&amp;)[t][r]![i]()\n\n[t](http://old.example/)'
    article = read_article(text.encode(), "a.md")
    rows = {mention.target: moved(NEW) for mention in article.mentions}
    proposal = proposed(text.encode(), rows, ALL)
    assert [edit.old for edit in proposal.edits] == ["http://old.example/"]
    assert [one.reason for one in proposal.left] == [
        "a new address there would change what is read around it"
    ]


def test_a_definition_is_edited_once() -> None:
    text = f"[a][r]\n\n[b][r]\n\n[r]: {OLD}"
    (edit,) = proposed(text.encode(), {f"web:{OLD}": moved(NEW)}).edits
    assert (edit.line, edit.old, edit.new) == (5, OLD, NEW)


# Addresses over several lines, and writing only what is whole -------------------------------------


@pytest.mark.parametrize("source", ["a.md", "a.html"])
@pytest.mark.parametrize(
    "broken", ["http://old.example/\na", "\nhttp://old.example/a", "http://old.example/\r\na"]
)
def test_an_address_over_two_lines_is_left_and_said(broken: str, source: str) -> None:
    text = f'<p>\n<a href="{broken}">x</a> <a href="{OLD}">y</a></p>'
    proposal = proposed(
        text.encode(), {"web:http://old.example/a": moved(NEW), f"web:{OLD}": moved(NEW)}, source=source
    )
    assert [edit.old for edit in proposal.edits] == [OLD]
    assert [left.reason for left in proposal.left] == [
        f"is written over several lines: put it on one; the address would be {NEW}"
    ]
    assert unified_diff(text, apply(text, proposal.edits), source)


PERMALINK = f"https://github.com/o/n/blob/{'a' * 40}/old.py"


def part(suggested: str, reason: str, health: str = "moved") -> dict[str, Any]:
    return {"health": health, "reason": reason, "suggested_url": suggested, "confirmed_dead": False}


@pytest.mark.parametrize(
    ("href", "suggested", "reason", "new"),
    [
        ("https://github.com/o/n/blob/main/old.py#L3", PERMALINK, "file_removed", f"{PERMALINK}#L3"),
        (
            "https://raw.githubusercontent.com/o/n/main/old.py",
            PERMALINK,
            "file_removed",
            f"https://raw.githubusercontent.com/o/n/{'a' * 40}/old.py",
        ),
        (
            "https://github.com/O/n/raw/main/old.py",
            PERMALINK,
            "file_removed",
            f"https://github.com/o/n/raw/{'a' * 40}/old.py",
        ),
        (
            "https://nbviewer.org/github/o/n/blob/master/old.py",
            "https://github.com/o/n/blob/main/src/old.py",
            "file_moved",
            "https://nbviewer.org/github/o/n/blob/main/src/old.py",
        ),
        (
            "https://github.com/o/n/issues/7#issuecomment-1",
            "https://github.com/o/n/discussions/9",
            "became_discussion",
            "https://github.com/o/n/discussions/9#issuecomment-1",
        ),
        (
            "https://codeload.github.com/old/name/zip/refs/heads/main",
            "https://github.com/o/n/archive/refs/heads/main.zip",
            "repository_renamed",
            "https://codeload.github.com/o/n/zip/refs/heads/main",
        ),
    ],
)
def test_a_part_gets_its_new_place_or_its_permalink(href: str, suggested: str, reason: str, new: str) -> None:
    health = "broken" if reason == "file_removed" else "moved"
    rows = {identify(href).key: part(suggested, reason, health)}
    assert fixed(f"[t]({href})", rows) == f"[t]({new})".encode()


def test_a_form_that_cannot_follow_is_left() -> None:
    href = "https://mybinder.org/v2/gh/o/n/main?filepath=old.py"
    rows = {identify(href).key: part(PERMALINK, "file_removed", "broken")}
    text = f"[t]({href})"
    proposal = propose(text, read_article(text.encode(), "a.md"), rows)
    assert (proposal.edits, [left.reason[:15] for left in proposal.left]) == ((), ["is a special fo"])


def test_permalinks_can_be_left_out() -> None:
    href = "https://github.com/o/n/blob/main/old.py"
    rows = {identify(href).key: part(PERMALINK, "file_removed", "broken")}
    assert fixed(f"[t]({href})", rows, frozenset({"moved", "https"})) == f"[t]({href})".encode()


def test_a_redirect_wrapper_is_unwrapped_like_an_archive_link() -> None:
    href = "https://link.zhihu.com/?target=https%3A//example.org/x"
    rows = {"web:https://example.org/x": part("", "ok", "alive")}
    assert fixed(f"[t]({href})", rows, frozenset({"unwrap"})) == b"[t](https://example.org/x)"


ROWS: list[Row | None] = [None] + [
    {"health": health, "reason": reason, "suggested_url": new, "confirmed_dead": dead, "archived_url": copy}
    for health in ("alive", "moved", "broken", "failing", "blocked", "unverified")
    for reason in ("ok", "https_upgrade", "file_removed")
    for new in ("", "https://a.test/new")
    for dead in ("", "TRUE")
    for copy in ("", "https://web.archive.org/web/20200101000000/https://a.test/x")
]


@pytest.mark.parametrize("href", ["http://a.test/x", "https://web.archive.org/web/2019/http://a.test/x"])
@pytest.mark.parametrize("site", ["web", "local"])
def test_what_no_rule_speaks_of_none_of_them_alone_does(href: str, site: str) -> None:
    mention = Mention(1, None, "", "x", href, "http://a.test/x", "", site, "web:http://a.test/x")
    silent = [row for row in ROWS if decide(mention, row, RULES) is None]
    chosen = [rules for size in range(len(RULES)) for rules in combinations(RULES, size)]
    assert bool(silent) == ("archive" not in href or site == "local"), "an archive link is always spoken of"
    assert [row for row in silent for rules in chosen if decide(mention, row, rules) is not None] == []
