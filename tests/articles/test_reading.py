"""Articles: every link with its line and section, from any form, and one clear line for what is none."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.articles.decoding import LIMIT
from scraper.articles.reading import load, read_article
from scraper.errors import ArticleError
from scraper.model import Article
from scraper.sites.identity import targets

OWN = Path(__file__).resolve().parents[2] / "data" / "articles" / "iclr-2020-deep-learning.md"


def read(text: str, source: str = "list.md", content_type: str = "") -> Article:
    return read_article(text.encode(), source, content_type=content_type)


def hrefs(text: str, source: str = "list.md") -> list[str]:
    return [mention.href for mention in read(text, source).mentions]


def problems(text: str) -> list[tuple[str, str]]:
    return [(problem.href, problem.message) for problem in read(text).problems]


# The first real article and our own list ----------------------------------------------------------


@pytest.fixture(scope="module")
def truth(shared: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / "seed_truth.json").read_text())
    return found


@pytest.fixture(scope="module")
def first(shared: Path) -> Article:
    return load(str(shared / "iclr-2020-deep-learning.md"))


def alike(got: str, meant: str) -> bool:
    """The same text, but for the characters that the article has lost."""
    return len(got) == len(meant) and all(a in {b, "\ufffd"} for a, b in zip(got, meant, strict=True))


def test_the_first_article_link_by_link(first: Article, truth: dict[str, Any]) -> None:
    links = [link for link in truth["links"] if link["form"] != "image"]
    assert len(first.mentions) == len(links) == 48
    for mention, link in zip(first.mentions, links, strict=True):
        assert mention.href == link["raw_href"]
        assert mention.line == link["line"]
        assert mention.url == link["original_url"]
        assert mention.archived_at == (link["archive_timestamp"] or "")
        assert mention.section_number == link["paper_number"]
        assert alike(mention.section_title, link["heading"])
        assert alike(mention.text, link["text_clean"])


def test_the_first_article_in_numbers(first: Article) -> None:
    found = targets(first)
    assert len(found) == 36
    assert Counter(target.site for target in found) == {"openreview": 16, "github": 9, "gdrive": 1, "web": 10}
    assert {mention.section_number for mention in first.mentions} - {None} == set(range(1, 17))
    assert (first.name, first.repaired, first.lost) == ("iclr-2020-deep-learning", 1632, 306)
    assert alike(first.title, "ICLR 2020 大会最佳深度学习论文")
    assert first.problems == ()


def test_our_own_list_has_the_same_links(first: Article, truth: dict[str, Any]) -> None:
    own = load(str(OWN))
    assert [mention.href for mention in own.mentions] == [mention.href for mention in first.mentions]
    assert [one.section_number for one in own.mentions] == [one.section_number for one in first.mentions]
    assert targets(own) == targets(first)
    titles = {one.section_number: one.section_title for one in own.mentions if one.text == "Paper"}
    assert titles == {paper["number"]: paper["title_en"] for paper in truth["papers"]}
    assert (own.problems, own.repaired, own.lost) == ((), 0, 0)


def test_our_own_list_alone() -> None:
    own = load(str(OWN))
    assert (len(own.mentions), len(targets(own))) == (48, 36)
    assert own.title == "ICLR 2020: a reading list on deep learning"
    author = [one for one in own.mentions if one.section_title == "First author"]
    assert [(one.section_number, one.text) for one in author] == [(2, "LinkedIn"), (2, "Website")]


# Markdown -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # Inline links
        ("[**text**](https://e.org/1)", ["https://e.org/1"]),
        ("**[a](https://e.org/1) | [b](https://e.org/2)**", ["https://e.org/1", "https://e.org/2"]),
        ("*(TL*[](https://e.org/1)**)**", ["https://e.org/1"]),
        (" ***[a](https://e.org/1) | [b](https://e.org/2)**", ["https://e.org/1", "https://e.org/2"]),
        ("4. list([here](https://e.org/1)", ["https://e.org/1"]),
        ("[Continue ->](https://e.org/1)", ["https://e.org/1"]),
        ("> <https://e.org/1>", ["https://e.org/1"]),
        ('[t](https://e.org/1 "q") [u]( <https://e.org/a b> (t) )', ["https://e.org/1", "https://e.org/a b"]),
        ("[t](https://e.org/b_(c))", ["https://e.org/b_(c)"]),
        (
            "[t](https://e.org/a\\_b\\(c) [u](https://e.org/?a&amp;b)",
            ["https://e.org/a_b(c", "https://e.org/?a&b"],
        ),
        ("[t](https://e.org/?id=a&noteId=b&timestamp=c)", ["https://e.org/?id=a&noteId=b&timestamp=c"]),
        ("[t](https://e.org/%2F%20?q=%E2%82)", ["https://e.org/%2F%20?q=%E2%82"]),
        (
            "[a [b] c](https://e.org/1) [a](https://e.org/2)[b](https://e.org/3)",
            [f"https://e.org/{n}" for n in "123"],
        ),
        (
            "[https://a.org](https://b.org) [[x] https://a.org](https://c.org)",
            ["https://b.org", "https://c.org"],
        ),
        ("[long\ntext](https://e.org/1)", ["https://e.org/1"]),
        ("[![badge](https://e.org/b.svg)](https://e.org/1) ![i](https://e.org/i.png)", ["https://e.org/1"]),
        ("# [1. T](https://e.org/1)\n\nS [h](https://e.org/2)\n===", ["https://e.org/1", "https://e.org/2"]),
        # References and footnotes
        ("[a][r] [r] [r][]\n\n[r]: <https://e.org/1> 'title'", ["https://e.org/1"] * 3),
        ("[unused]: https://e.org/1", []),
        (
            "x[^1]\n\n[^1]: https://e.org/1\n[^2]: see [f](https://e.org/2)",
            ["https://e.org/1", "https://e.org/2"],
        ),
        # Autolinks and bare addresses
        ("https://openreview.net/forum?id=abc。下一句", ["https://openreview.net/forum?id=abc"]),
        (
            "见https://github.com/a/b，和 https://github.com/a/c…",
            ["https://github.com/a/b", "https://github.com/a/c"],
        ),
        (
            "(https://github.com/a/b). <https://github.com/a/c>",
            ["https://github.com/a/b", "https://github.com/a/c"],
        ),
        ("https://openreview.net/forum?id=-a_b-_ end", ["https://openreview.net/forum?id=-a_b-_"]),
        ("<https://openreview.net/forum?id=_a_>", ["https://openreview.net/forum?id=_a_"]),
        (
            "(https://e.org/b_(c)) https://e.org/d!? 'https://e.org/e'",
            [f"https://e.org/{x}" for x in ("b_(c)", "d", "e")],
        ),
        ("**https://e.org/1** _https://e.org/2_ ~~https://e.org/3~~", [f"https://e.org/{n}" for n in "123"]),
        ('[https://e.org/1] {https://e.org/2} "https://e.org/3"', [f"https://e.org/{n}" for n in "123"]),
        (
            "https://e.org/a\\_b https://e.org/?a&amp;b=1 &lt;https://e.org/c&gt;",
            [f"https://e.org/{x}" for x in ("a_b", "?a&b=1", "c")],
        ),
        ("HTTPS://E.org/X www.e.org/y. xhttps://no.org mywww.no.org", ["HTTPS://E.org/X", "www.e.org/y"]),
        ("README.md e.org/x https:// http://. https://。", []),
        ("https://e.org/?f[a]=1", ["https://e.org/?f[a]=1"]),
        # Tables
        (
            "|a|b|\n|-|-|\n|[x](https://e.org/1)|[x](https://e.org/1)|\n|https://e.org/2|https://e.org/3|",
            [f"https://e.org/{n}" for n in "1123"],
        ),
        # HTML
        ("<p>\n<a href='https://e.org/?a=1&noteId=2&amp;b'>x</a>\n</p>", ["https://e.org/?a=1&noteId=2&b"]),
        (
            "a <a href=https://e.org/1>https://e.org/no</a> https://e.org/2",
            ["https://e.org/1", "https://e.org/2"],
        ),
        (
            "<div>\n[m](https://e.org/1) <a href=https://e.org/2>x</a>\n</div>",
            ["https://e.org/1", "https://e.org/2"],
        ),
        # What is no link
        ("`https://e.org` ``[a](https://e.org)`` \\[a](rel) [a] (rel)", []),
        ("```\nhttps://e.org\n```\n\n~~~\n[a](https://e.org)\n~~~\n\n    https://e.org", []),
        (
            "<!-- https://e.org -->\n\n<!--\n[a](https://e.org)\n<a href='https://e.org'>x</a>\n-->\n\n"
            "x <!-- <https://e.org> -->",
            [],
        ),
        ("<pre>\n[a](https://e.org)\n</pre>\n\n<script>\nx = \"<a href='https://e.org'>\"\n</script>", []),
        ("[a](#f) [b](x.md) [c](mailto:a@b.c) <tel:+1> <a@b.c> [d](../x) [e](?q)", []),
        (
            "---\ntitle: T\nurl: https://e.org/1\n---\n\nhttps://e.org/2",
            ["https://e.org/1", "https://e.org/2"],
        ),
    ],
)
def test_markdown(text: str, found: list[str]) -> None:
    assert hrefs(text) == found


def test_lines_of_markdown() -> None:
    text = (
        "a\r\nb [x](https://e.org/1)\r\nhttps://e.org/2\r\n\r\n> q\r\n> r [long\r\n> text](https://e.org/3)\r\n\r\n"
        "- i\r\n  - j\r\n\r\n    <https://e.org/4>\r\n\r\n|a|\r\n|-|\r\n|https://e.org/5|"
    )
    lines = {
        "https://e.org/1": 2,
        "https://e.org/2": 3,
        "https://e.org/3": 6,
        "https://e.org/4": 12,
        "https://e.org/5": 16,
    }
    for end in ("\r\n", "\n", "\r"):
        assert {one.href: one.line for one in read(text.replace("\r\n", end)).mentions} == lines


@pytest.mark.parametrize(
    ("heading", "number", "title"),
    [
        ("### **1。关于神经**", 1, "关于神经"),
        ("### 7 .**。平衡点**", 7, "平衡点"),
        ("### 10。比特下降", 10, "比特下降"),
        ("### 11.标题", 11, "标题"),
        ("## 3) A *very* `good` paper", 3, "A very good paper"),
        ("## 4）全角", 4, "全角"),
        ("### 5、顿号", 5, "顿号"),
        ("### 6: colon", 6, "colon"),
        ("### 1\\. escaped", 1, "escaped"),
        ("### [2. linked](https://e.org/0)", 2, "linked"),
        ("9。Setext\n---", 9, "Setext"),
        ("### 3.5 results", None, "3.5 results"),
        ("### 2020 in review", None, "2020 in review"),
        ("### Plain", None, "Plain"),
    ],
)
def test_numbered_headings(heading: str, number: int | None, title: str) -> None:
    mention = read(f"# Title\n\n{heading}\n\nhttps://e.org/1").mentions[-1]
    assert (mention.section_number, mention.section_title) == (number, title)


@pytest.mark.parametrize(
    ("headings", "number"),
    [
        ("### 2. A|### Author", 2),
        ("### 2. A|#### Details", 2),
        ("### 2. A|## End", None),
        ("### 2. A|# End", None),
        ("### 2. A|### Author|### 3. B", 3),
        ("#### 2. A|### Other", None),
        ("## 2. A|## End", None),
        ("## 2. A|### Author", 2),
        ("# 2. A|## Part", 2),
        ("## 1. Vision|### 4. A|### Author", 4),
        ("### 2. A|#### 1. Setup|### Author", 2),
        ("## 1. Vision|### 4. A|## 2. Text", 2),
    ],
)
def test_what_ends_a_numbered_section(headings: str, number: int | None) -> None:
    text = "\n\n".join(headings.split("|")) + "\n\nhttps://e.org"
    assert read(text).mentions[0].section_number == number


@pytest.mark.parametrize(
    ("text", "href", "word"),
    [
        ("[x]()", "", "empty"),
        ("[x](<>)", "", "empty"),
        ("[x](http//e.org)", "http//e.org", "without a proper"),
        ("[x](htp://e.org)", "htp://e.org", "without a proper"),
        ("[x](github.com/a/b)", "github.com/a/b", "without a proper"),
        ("[x](javascript:alert(1))", "javascript:alert(1)", "no reader can follow"),
        ("http://аррӏе.test/", "http://аррӏе.test/", "imitates"),
        ("see http://gооgle.test/x.", "http://gооgle.test/x", "imitates"),
        ("https://e.org/a\u200bb", "https://e.org/a", "cut"),
        ("[x](https://e\u00ad.org)", "https://e\u00ad.org", "invisible"),
        ("<div>\n[m](https://e.org/1)\n</div>", "https://e.org/1", "inside an HTML block"),
        ("[x](https://u:secret@e.org/)", "https://u:secret@e.org/", "password"),
    ],
)
def test_problems(text: str, href: str, word: str) -> None:
    assert [(found, word) for found, message in problems(text) if word in message] == [(href, word)]


def test_credentials_never_reach_the_address() -> None:
    (mention,) = read("[x](https://u:secret@e.org/a)").mentions
    assert mention.url == "https://e.org/a"
    assert "secret" not in mention.target


def test_an_unusable_address_is_still_a_mention() -> None:
    (mention,) = read("[x](https://e.org:99999/)").mentions
    assert (mention.site, mention.target) == ("web", "web:https://e.org:99999/")


# Other forms --------------------------------------------------------------------------------------

PAGE = """<!doctype html><html><head><title>T &amp; U</title></head><body><!-- <a href="https://e.org/no"> -->
<script>var x = '<a href="https://e.org/no">'</script><h3>1. Paper</h3><p><a
 class="x" href='https://openreview.net/forum?id=X_&noteId=Y&timestamp=3&amp;z'>pa<b>p</b>er</a>
<a name=foo>no</a> <a href="">e</a> <a href=rel/x>r</a> <a href="#f">f</a> <a href=https://e.org/u?a=b>u</a>
<h3>First author</h3><a href="//e.org/p">p</a>
<h2>End</h2><img src="https://e.org/i.png"><a href="https://e.org/z">z
"""


@pytest.mark.parametrize(
    ("source", "content_type"), [("x.html", ""), ("-", "text/html; charset=utf-8"), ("page", "")]
)
def test_html(source: str, content_type: str) -> None:
    article = read(PAGE, source, content_type)
    assert article.title == "T & U"
    assert [
        (one.line, one.section_number, one.section_title, one.text, one.href) for one in article.mentions
    ] == [
        (2, 1, "Paper", "paper", "https://openreview.net/forum?id=X_&noteId=Y&timestamp=3&z"),
        (4, 1, "Paper", "u", "https://e.org/u?a=b"),
        (5, 1, "First author", "p", "//e.org/p"),
        (6, None, "End", "z", "https://e.org/z"),
    ]
    assert [(one.line, one.href) for one in article.problems] == [(4, "")]


def test_relative_links_of_a_page_from_the_web() -> None:
    text = '<a href="b?q=1">x</a><a href="/c">y</a><a href="#d">z</a>'
    assert [one.url for one in read(text, "https://e.org/dir/a.html").mentions] == [
        "https://e.org/dir/b?q=1",
        "https://e.org/c",
    ]
    based = f'<base href="https://o.org/x/">{text}'
    assert [one.url for one in read(based, "a.html").mentions] == ["https://o.org/x/b?q=1", "https://o.org/c"]
    typed = read(based, "https://e.org/a", "text/html").mentions
    assert [one.url for one in typed] == ["https://o.org/x/b?q=1", "https://o.org/c"]
    archived = read(text, "https://web.archive.org/web/2022/https://e.org/dir/a.html").mentions
    assert [(one.url, one.archived_at) for one in archived] == [
        ("https://e.org/dir/b?q=1", "20220101000000"),
        ("https://web.archive.org/c", ""),
    ]


def test_html_deeper_than_the_parser_goes() -> None:
    text = "<div>" * 50_000 + '<a href="https://e.org/deep">x <b>y</b></a>'
    assert [(one.href, one.text) for one in read(text, "x.html").mentions] == [("https://e.org/deep", "x y")]


@pytest.mark.parametrize(
    "text", ["<!--" * 32_000, '<a "' * 32_000, "<a href='x" * 32_000, "<![CDATA[" * 50_000]
)
def test_html_that_never_ends(text: str) -> None:
    assert read(f"<p>{text}", "x.html").mentions == ()


def notebook(*cells: tuple[str, Any], indent: int | None = 1) -> str:
    made = [{"cell_type": kind, "metadata": {}, "source": source} for kind, source in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=indent)


CELLS: tuple[tuple[str, Any], ...] = (
    ("markdown", ["# Tïtle\n", "\n", "### 1. A\n", "[x](https://e.org/1)\n", "https://e.org/2"]),
    ("code", ["# https://e.org/no\n", "[x](https://e.org/1)\n"]),
    ("markdown", "text\n\n[y](https://e.org/3)\n[]()"),
    ("markdown", []),
    ("raw", "https://e.org/no"),
)


def test_notebooks() -> None:
    text = notebook(*CELLS)
    article = read(text, "x.ipynb")
    assert article.title == "Tïtle"
    assert [(one.href, one.section_number) for one in article.mentions] == [
        (f"https://e.org/{n}", 1) for n in "123"
    ]
    lines = text.split("\n")
    assert all(mention.href in lines[mention.line - 1] for mention in article.mentions)
    assert len({mention.line for mention in article.mentions}) == 3
    assert [lines[problem.line - 1].count("[]()") for problem in article.problems] == [1]
    assert read(text, "-").mentions == article.mentions, "recognised without its name"


def test_a_notebook_on_one_line() -> None:
    assert {one.line for one in read(notebook(*CELLS, indent=None), "x.ipynb").mentions} == {1}


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        "{}",
        '{"cells": 3}',
        '{"cells": [{}]}',
        '{"cells": [{"cell_type": "markdown"}]}',
        '{"cells": [{"cell_type": "markdown", "source": [3]}]}',
        '{"cells": ' + "[" * 100_000,
    ],
)
def test_what_is_no_notebook(text: str) -> None:
    with pytest.raises(ArticleError, match=r"x\.ipynb: is not a Jupyter notebook"):
        read(text, "x.ipynb")


def test_lone_surrogates_of_a_notebook_are_lost_characters() -> None:
    (mention,) = read(notebook(("markdown", "[a\ud800](https://e.org)")), "x.ipynb").mentions
    assert mention.text == "a\ufffd"


def test_restructured_text() -> None:
    text = (
        "Title\n=====\n\n`paper <https://e.org/1>`_ and ref_ and https://e.org/bare.\n\n1. One\n------\n\n"
        "Multi `long\ntext <https://e.org/3>`__\n\n.. unknown:: x\n\n.. raw:: html\n\n   <a href='https://e.org/no'>x</a>\n\n"
        ".. include:: /etc/passwd\n\n.. _ref: https://e.org/ref\n"
    )
    article = read(text, "x.rst")
    assert article.title == "Title"
    assert [(one.line, one.section_number, one.text, one.href) for one in article.mentions] == [
        (4, None, "paper", "https://e.org/1"),
        (4, None, "ref", "https://e.org/ref"),
        (4, None, "https://e.org/bare", "https://e.org/bare"),
        (9, 1, "long text", "https://e.org/3"),
    ]


# Bytes, files and bad input -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("é [ü](https://e.org)".encode(), "ü"),
        ("\ufeff[ü](https://e.org)".encode(), "ü"),
        ("\ufeff[ü](https://e.org)".encode("utf-16-le"), "ü"),
        ("\ufeff[ü](https://e.org)".encode("utf-16-be"), "ü"),
        ("\ufeff[ü](https://e.org)".encode("utf-32-le"), "ü"),
        ("[ü](https://e.org)".encode("latin-1"), "ü"),
        ("[“ü”](https://e.org)".encode("cp1252"), "“ü”"),
        ("论文 ".encode() * 9 + b"[\xff](https://e.org)", "\ufffd"),
    ],
)
def test_encodings(data: bytes, text: str) -> None:
    assert [one.text for one in read_article(data, "x.md").mentions] == [text]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("gb18030", "论文"),
        ("shift_jis", "論文"),
        ("koi8-r", "статья"),
        ("rot13", "x"),
        ("utf-7", "x"),
        ("undefined", "x"),
    ],
)
def test_declared_encodings(label: str, text: str) -> None:
    page = f'<meta charset="{label}"><a href="https://e.org">{text}</a>'
    data = page.encode(label) if not text.isascii() else page.encode()
    assert [one.text for one in read_article(data, "x.html").mentions] == [text]
    data = data.replace(b"<meta", b"<mata")
    typed = read_article(data, "x", content_type=f"text/html; charset={label}")
    assert [one.text for one in typed.mentions] == [text]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"a\x00b", "NUL"),
        ("[x](https://e.org)".encode("utf-16-le"), "NUL"),
        (b"\xff\xfe[", "utf-16"),
        (b"\xff\xfe[\x00\x00\x00", "NUL"),
        (b"%PDF-1.7\n[x](https://e.org)", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"PK\x03\x04abc", "ZIP"),
        (bytes(range(1, 256)), "binary"),
    ],
)
def test_bytes_that_are_no_article(data: bytes, word: str) -> None:
    with pytest.raises(ArticleError) as caught:
        read_article(data, "odd\nname.md")
    message = str(caught.value)
    assert word in message
    assert message.startswith("odd\ufffdname.md: ")
    assert message.isprintable(), "one line, nothing that a terminal would obey"


def test_paths_that_are_no_article(tmp_path: Path) -> None:
    (tmp_path / "broken.md").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.md")
    with (tmp_path / "large.md").open("wb") as file:
        file.truncate(200_000_000)
    cases = {
        "missing.md": "there is no such file",
        "broken.md": "is a link to",
        "pipe.md": "pipe or device",
        "large.md": "is 200 MB",
        "": "is a folder",
        "a\x00b": "there is no such file",
        "x" * 300: "cannot be read",
    }
    for name, word in cases.items():
        with pytest.raises(ArticleError, match=word) as caught:
            load(f"{tmp_path}/{name}")
        assert str(caught.value).isprintable()
        assert ";" in str(caught.value), "it says what to do"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"# T\n\nhttps://e.org/1")))
    article = load("-")
    assert (article.name, article.title, article.mentions[0].line) == ("stdin", "T", 3)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x" * (LIMIT + 1))))
    with pytest.raises(ArticleError, match="standard input: is too large"):
        load("-")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(ArticleError, match="standard input: is empty"):
        load("-")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("dir/my-list.md", "my-list"),
        ("-", "stdin"),
        ("https://e.org/posts/best%20papers.html?x=1", "best-papers"),
        ("https://web.archive.org/web/2022/https://e.org/best/", "best"),
        ("https://e.org/", "e.org"),
        ("../../.md", "md"),
        ("-rf.md", "rf"),
        ("……", "article"),
    ],
)
def test_names(source: str, name: str) -> None:
    assert read("https://e.org", source).name == name


@given(
    st.one_of(st.text(), st.text(st.sampled_from("[]()<>!*_`#-|\\\n\r\t &;:/.\"'awh\u200b。"))),
    st.sampled_from(["x.md", "x.html"]),
)
def test_any_text_is_read(text: str, source: str) -> None:
    full = f"{text.replace(chr(0), '')}\n\n[x](https://e.org/last)"
    article = read_article(full.encode("utf-8", "replace"), source)
    lines = full.count("\n") + full.count("\r") + 1
    assert all(1 <= one.line <= lines for one in article.mentions)
    assert [one.line for one in article.problems] == sorted(one.line for one in article.problems)


@given(st.binary(min_size=1))
def test_any_bytes_are_read_or_refused_in_one_line(data: bytes) -> None:
    try:
        read_article(data, "x.md")
    except ArticleError as error:
        assert str(error).isprintable()


def test_many_links() -> None:
    text = "".join(f"- [a{number}](https://e.org/?id={number})\n" for number in range(5_000))
    article = read(text + "[same](https://e.org/)\n" * 5_000)
    assert (len(article.mentions), len(targets(article))) == (10_000, 5_001)
    assert article.mentions[4_999].line == 5_000


def test_importing_the_readers_loads_no_parser() -> None:
    heavy = ["pandas", "pydantic", "httpx", "lxml", "bs4", "docutils", "pyromark", "idna"]
    code = "import sys, scraper.articles.reading, scraper.sites.identity;"
    code += f"print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_long_paragraph_of_restructured_text_is_read_in_pieces() -> None:
    words = "".join(
        f"`p{number} <https://e.org/{number}>`_ and |some| *words* of it\n" for number in range(300)
    )
    article = read_article(words.encode(), "a.rst")
    assert [one.href for one in article.mentions] == [f"https://e.org/{number}" for number in range(300)]
    assert [one.line for one in article.mentions] == list(range(1, 301))


@pytest.mark.parametrize(
    "address",
    [
        "https://he.wikipedia.org/wiki/למידת_מכונה",
        "https://ar.wikipedia.org/wiki/تعلم_الآلة",
        "https://hi.wikipedia.org/wiki/यंत्र_शिक्षण",
        "https://ka.wikipedia.org/wiki/მანქანური_სწავლება",
        "https://hy.wikipedia.org/wiki/Մեքենայական_ուսուցում",
        "http://مثال.إختبار/x",
        "https://de.wikipedia.org/wiki/Menü",
    ],
)
@pytest.mark.parametrize("behind", [" and so on", "”.", "، and", "—so", "»"])
def test_a_bare_address_goes_on_in_every_script_that_separates_words(address: str, behind: str) -> None:
    article = read_article(f"See {address}{behind}".encode(), "a.md")
    assert [one.href for one in article.mentions] == [address]


def test_a_bare_address_that_may_go_on_in_thai_is_told() -> None:
    article = read_article("ดู https://th.wikipedia.org/wiki/การเรียนรู้".encode(), "a.md")
    assert ["letters follow" in one.message for one in article.problems] == [True]


def test_a_mark_of_the_sentence_in_a_link_is_told() -> None:
    article = read_article(
        b"[a](https://arxiv.org/abs/1706.03762.) [b](https://doi.org/10.1016/S0140-6736(20)) https://e.org/x).",
        "a.md",
    )
    told = [problem.message for problem in article.problems]
    assert told == ["ends with ., which is no part of the address"]
    assert [mention.target for mention in article.mentions] == [
        "arxiv:1706.03762",
        "doi:10.1016/s0140-6736(20)",
        "web:https://e.org/x",
    ]


def test_signs_within_a_bare_address_and_behind_it() -> None:
    whole = ["https://e.org/wiki/Cauchy–Schwarz_inequality", "https://e.org/√x", "https://e.org/a🎉b"]
    others = "https://e.org/x🎉 https://e.org/a—这是 https://e.org/b → c https://e.org–d https://e.org/e – f"
    text = f"{' '.join(whole)} {others}"
    article = read_article(text.encode(), "a.md")
    assert [mention.url for mention in article.mentions] == [
        *whole,
        "https://e.org/x",
        "https://e.org/a",
        "https://e.org/b",
        "https://e.org",
        "https://e.org/e",
    ]
    (problem,) = article.problems
    assert problem.href == "https://e.org/x"
    assert problem.message.startswith("was cut at 🎉")


def test_a_table_of_papers_has_all_its_repositories() -> None:
    """As large and as shaped as a list that was read as addresses with commas in them."""
    rows = ["title,paper,venue,year,code,stars,updated"]
    for number in range(1847):
        code = f"https://github.com/owner{number % 1825}/name-{number % 1825}"
        title = f'"Paper, {number}: ""a"" title"'
        rows.append(f"{title},http://papers.nips.cc/paper/{number}.pdf,NIPS,2017,{code},46593,2019-01-02")
    article = read_article("\n".join(rows).encode(), "papers.csv")
    repositories = {one.target for one in article.mentions if one.site == "github"}
    assert (len(article.mentions), len(repositories), article.problems) == (2 * 1847, 1825, ())
