"""Each structured form against an independent reader: the same addresses, at their exact places."""

from __future__ import annotations

import csv
import io
import json
import random
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import rispy  # type: ignore[import-untyped]  # it has no stubs
import yaml
from bibtexparser.entrypoint import parse_string
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.articles.decoding import decode
from scraper.articles.fixing import apply, propose
from scraper.articles.reading import read_article

ADDRESS = st.builds(
    "https://{}.example/{}{}".format,
    st.text("abcxyz0189", min_size=1, max_size=8),
    st.lists(st.text("aZ09-_~", min_size=1, max_size=5), max_size=3).map("/".join),
    st.sampled_from(["", "?a=1", "?a=1&b=2", "/x_(y)", "/100%25"]),
)
WORDS = st.text("abc äöü论,;|'\"{}[]<>&\\/:=#%@!-\n\t", max_size=20)
TITLES = st.text("abc äöü论,;|'\"", max_size=20)


def strings(value: Any) -> Iterator[str]:
    """All strings below a value of some library."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from strings(key)
            yield from strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item)


def hrefs(text: str, source: str) -> list[str]:
    return [mention.href for mention in read_article(text.encode(), source).mentions]


def replaced(text: str, source: str) -> tuple[str, dict[str, str]]:
    """The text with every address replaced by `fix`, and what was replaced by what."""
    article = read_article(text.encode(), source)
    new = {one.href: f"{origin(one.href)}/new{number}?x=1&y=2" for number, one in enumerate(article.mentions)}
    rows = {
        one.target: {"health": "moved", "reason": "redirected_permanently", "suggested_url": new[one.href]}
        for one in article.mentions
    }
    decoded = decode(text.encode(), source)
    return apply(decoded.text, propose(decoded.text, article, rows).edits), new


def origin(href: str) -> str:
    """Scheme and host: only within a site is a new address taken for the same thing."""
    return "/".join(href.split("/", 3)[:3])


# Documents of each form with the same records, made by the library or by hand --------------------------

RECORDS = st.lists(st.fixed_dictionaries({"title": TITLES, "url": ADDRESS}), min_size=1, max_size=6)


def as_json(records: list[dict[str, str]]) -> str:
    return json.dumps(records, ensure_ascii=random.Random(len(records)).random() < 0.5, indent=1)


def as_escaped_json(records: list[dict[str, str]]) -> str:
    return json.dumps({"papers": records}).replace("/", "\\/").replace("&", "\\u0026")


def as_csv(records: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, ["title", "url"])
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()


def as_yaml(records: list[dict[str, str]]) -> str:
    return yaml.safe_dump({"papers": records}, allow_unicode=True)


def as_flow_yaml(records: list[dict[str, str]]) -> str:
    return yaml.safe_dump(records, default_flow_style=True, width=40)


def as_toml(records: list[dict[str, str]]) -> str:
    return "\n".join(
        f"[[papers]]\ntitle = {json.dumps(one['title'])}\nurl = {json.dumps(one['url'])}" for one in records
    )


def as_xml(records: list[dict[str, str]]) -> str:
    root = ElementTree.Element("rss")
    for record in records:
        item = ElementTree.SubElement(root, "item")
        ElementTree.SubElement(item, "title").text = record["title"]
        ElementTree.SubElement(item, "link", {"href": record["url"]}).text = record["url"]
    return ElementTree.tostring(root, encoding="unicode")


def xml_values(text: str) -> list[str]:
    return [
        each
        for node in ElementTree.fromstring(text).iter()
        for each in (*node.attrib.values(), node.text)
        if each
    ]


READERS: dict[str, tuple[Callable[[list[dict[str, str]]], str], str, Callable[[str], list[str]]]] = {
    "json": (as_json, "a.json", lambda text: list(strings(json.loads(text)))),
    "escaped json": (as_escaped_json, "a.json", lambda text: list(strings(json.loads(text)))),
    "csv": (as_csv, "a.csv", lambda text: list(strings(list(csv.reader(io.StringIO(text, newline="")))))),
    "yaml": (as_yaml, "a.yaml", lambda text: list(strings(yaml.safe_load(text)))),
    "flow yaml": (as_flow_yaml, "a.yaml", lambda text: list(strings(yaml.safe_load(text)))),
    "toml": (as_toml, "a.toml", lambda text: list(strings(tomllib.loads(text)))),
    "xml": (as_xml, "a.xml", xml_values),
}


@pytest.mark.parametrize("form", READERS)
@given(records=RECORDS)
@settings(max_examples=25, deadline=None)
def test_the_same_addresses_and_only_they_are_replaced(form: str, records: list[dict[str, str]]) -> None:
    write, source, library = READERS[form]
    text = write(records)
    values = [value for value in library(text) if value.startswith("https://")]
    assert hrefs(text, source) == values
    after, new = replaced(text, source)
    assert library(after) == [new.get(value, value) for value in library(text)]


# BibTeX and RIS -----------------------------------------------------------------------------------

NAMES = st.text("abc", min_size=1, max_size=6)
BRACED = st.text("abc äö,=@#\"'", max_size=15).map(lambda text: "{" + text + "}")
FIELDS = st.lists(
    st.tuples(st.sampled_from(["note", "author", "journal"]), BRACED | st.just("1999")), max_size=3
)


@given(entries=st.lists(st.tuples(FIELDS, ADDRESS, FIELDS), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_bibtex_as_bibtexparser_reads_it(entries: list[tuple[Any, str, Any]]) -> None:
    text = "".join(
        f"@article{{key{number},\n"
        + ",\n".join(
            f"  {name}{place} = {value}"
            for place, (name, value) in enumerate([*before, ("url", "{" + url + "}"), *after])
        )
        + "\n}\n\n"
        for number, (before, url, after) in enumerate(entries)
    )
    library = parse_string(text)
    assert not library.failed_blocks
    fields = [[(field.key, field.value) for field in entry.fields] for entry in library.entries]
    urls = [value for entry in fields for _, value in entry if value.startswith("https://")]
    assert hrefs(text, "a.bib") == urls
    after, new = replaced(text, "a.bib")
    again = parse_string(after)
    written = [
        [(field.key, field.value.replace("\\", "")) for field in entry.fields] for entry in again.entries
    ]
    assert written == [[(key, new.get(value, value)) for key, value in entry] for entry in fields]


@given(records=RECORDS)
@settings(max_examples=25, deadline=None)
def test_ris_as_rispy_reads_it(records: list[dict[str, str]]) -> None:
    made = [
        {"type_of_reference": "JOUR", "title": " ".join(one["title"].split()), "urls": [one["url"]]}
        for one in records
    ]
    text = rispy.dumps(made)
    assert hrefs(text, "a.ris") == [url for one in rispy.loads(text) for url in one["urls"]]
    after, new = replaced(text, "a.ris")
    assert [url for one in rispy.loads(after) for url in one["urls"]] == [new[one["url"]] for one in records]


# Nothing makes a reader raise ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "a.csv",
        "a.tsv",
        "a.bib",
        "a.ris",
        "a.json",
        "a.yaml",
        "a.toml",
        "a.org",
        "a.adoc",
        "a.tex",
        "a.xml",
        "a.txt",
        "a.md",
    ],
)
@given(
    pieces=st.lists(
        ADDRESS
        | WORDS
        | st.sampled_from(
            [
                "@article{a, ",
                "url = {",
                "}",
                "---\n",
                "+++\n",
                "[[",
                "]]",
                "](",
                "<a href='",
                "<![CDATA[",
                "|",
                "TY  - ",
                "UR  - ",
                "\\href{",
                "link:",
                "#+begin_src\n",
                "arXiv:1706.03762",
                "doi:10.1000/182",
            ]
        ),
        max_size=12,
    )
)
@settings(max_examples=30, deadline=None)
def test_no_text_makes_a_reader_raise(source: str, pieces: list[str]) -> None:
    text = "x" + "".join(pieces)
    article = read_article(text.encode(), source)
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= one.line <= lines for one in article.mentions)
    replaced(text, source)
