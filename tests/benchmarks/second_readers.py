"""Documents of others, read by us and by a second reader of each form: which links do we miss, which make up?

    python -m tests.benchmarks.second_readers FOLDER…

The files are those of any folder with the documents of many authors: packages of a registry, clones of lists.
What is not installed of feedparser, pypandoc_binary and Asciidoctor is left out, and that is said.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import rispy  # type: ignore[import-untyped]  # it has no stubs
import yaml
from bibtexparser.entrypoint import parse_string
from lxml import etree
from markdown_it import MarkdownIt

from scraper.articles.reading import read_article
from scraper.errors import ArticleError
from scraper.sites.identity import identify

REPORT = Path(__file__).resolve().parents[2] / "reports" / "benchmarks" / "readers.md"
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_ADDRESS = re.compile(r"https?://[^\s{}<>\"|\\^`]+")
_OF_PANDOC = re.compile(r"http://www\.(?:faqs\.org/rfcs/rfc|python\.org/dev/peps/pep-)\d")
"""Its own addresses for the roles RFC and PEP; docutils has others."""
_FRONT = re.compile(r"---[ \t]*\r?\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_ARXIV = re.compile(r"(?:arxiv:)?((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?)", re.IGNORECASE)


def by_markdown_it(text: str) -> Iterator[str]:
    for token in _MARKDOWN.parse(text):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs["href"])


def by_pandoc(form: str) -> Callable[[str], Iterator[str]]:
    def links(text: str) -> Iterator[str]:
        command = [import_module("pypandoc").get_pandoc_path(), "--from", form, "--to", "json"]
        run = subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=60)
        yield from (url for url in _links(json.loads(run.stdout)) if not _OF_PANDOC.match(url))

    return links


def _links(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("t") == "Link":
            yield node["c"][2][0]
        node = list(node.values())
    for inner in node if isinstance(node, list) else ():
        yield from _links(inner)


def by_bibtexparser(text: str) -> Iterator[str]:
    for entry in parse_string(text).entries:
        fields = {field.key.lower(): str(field.value) for field in entry.fields}
        yield from _of_reference(fields.get("url", ""), fields.get("doi", ""))
        eprint = _ARXIV.fullmatch(fields.get("eprint", "").strip())
        if eprint and fields.get("archiveprefix", fields.get("eprinttype", "arxiv")).lower() == "arxiv":
            yield f"https://arxiv.org/abs/{eprint[1]}"
        for name in ("howpublished", "note"):
            yield from re.findall(r"\\url\{\s*(https?://[^{}\s\\]+)\s*\}", fields.get(name, ""))


def by_rispy(text: str) -> Iterator[str]:
    for entry in rispy.loads(text):
        yield from _of_reference(" ".join(entry.get("urls", ())), entry.get("doi", ""))


def by_csl(text: str) -> Iterator[str]:
    yield from _csl(json.loads(text))


def _csl(node: Any) -> Iterator[str]:
    """Items wherever they stand: in lists, under their keys, in a service's envelope."""
    if isinstance(node, dict) and {"type", "DOI"} <= node.keys():
        yield from _of_reference(str(node.get("URL", "")), str(node["DOI"]))
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for one in inner:
        yield from _csl(one)


def _of_reference(url: str, doi: str) -> Iterator[str]:
    yield from (one.replace("\\", "").rstrip(";,") for one in _ADDRESS.findall(url.replace("\\_", "_")))
    if match := re.search(r"10\.\d{4,9}/\S+", doi.replace("\\_", "_").replace("{", "").replace("}", "")):
        yield f"https://doi.org/{match[0]}"


def by_feedparser(text: str) -> Iterator[str]:
    feed = import_module("feedparser").parse(text.encode(), sanitize_html=False, resolve_relative_uris=False)
    for one in (feed.feed, *feed.entries):
        yield from (link.get("href", "") for link in one.get("links", ()))
        for content in (*one.get("content", ()), one.get("summary_detail", {})):
            if content.get("type") in ("text/html", "application/xhtml+xml"):
                yield from _of_html(content.get("value", ""))


def _of_html(text: str) -> Iterator[str]:
    try:
        root = etree.fromstring(text, etree.HTMLParser())
    except etree.XMLSyntaxError:
        return
    if root is not None:
        yield from (str(one.get("href")) for one in root.iter("a") if one.get("href"))


def by_yaml(text: str) -> Iterator[str]:
    match = _FRONT.match(text)
    for value in _strings(yaml.safe_load(match[1])) if match else ():
        if _ADDRESS.fullmatch(value.strip()):
            yield value.strip()


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for one in inner:
        yield from _strings(one)


def by_asciidoctor(text: str) -> Iterator[str]:
    command = ["asciidoctor", "-S", "safe", "-a", "env-github", "-o", "-", "-"]
    run = subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=60)
    yield from _of_html(run.stdout.decode())


class Reader(NamedTuple):
    """A second reader, and whether it reads all of a document, so that what we find besides is extra."""

    form: str
    title: str
    endings: tuple[str, ...]
    links: Callable[[str], Iterator[str]]
    whole: bool = False


READERS = (
    Reader("Markdown", "markdown-it", (".md",), by_markdown_it),
    Reader("front matter", "PyYAML", (".md",), by_yaml),
    Reader("reStructuredText", "pandoc", (".rst",), by_pandoc("rst")),
    Reader("Org", "pandoc", (".org",), by_pandoc("org"), whole=True),
    Reader("LaTeX", "pandoc", (".tex",), by_pandoc("latex")),
    Reader("AsciiDoc", "Asciidoctor", (".adoc",), by_asciidoctor, whole=True),
    Reader("BibTeX", "bibtexparser", (".bib",), by_bibtexparser),
    Reader("RIS", "rispy", (".ris",), by_rispy),
    Reader("CSL-JSON", "json", (".json",), by_csl),
    Reader("feeds", "feedparser", (".xml", ".rss", ".atom"), by_feedparser),
)


LOOKED_AT = (
    "In November 2026 most of what is missed or extra was looked at. Markdown: the same addresses, escaped",
    "otherwise. reStructuredText: links within comments, which pandoc reads and docutils does not, and",
    "addresses that end in `#`. Feeds, by their names only: `xml:base` of an element within an entry. Org:",
    "what `#+INFOJS_OPT` loads. AsciiDoc: what stands behind a block that nothing closes, where",
    "Asciidoctor stops. No package that was looked at has MHTML.",
)


class Compared(NamedTuple):
    documents: int = 0
    unread: int = 0
    """Those that the second reader refuses."""
    ids: int = 0
    missed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


def compare(reader: Reader, paths: Iterable[Path]) -> Compared:
    """Each document once, however many copies there are of it; those alone in which there are links."""
    documents = unread = ids = 0
    missed: list[str] = []
    extra: list[str] = []
    for data, path in {path.read_bytes(): path for path in sorted(paths)}.items():
        try:
            theirs = set(map(_key, filter(_is_address, reader.links(data.decode()))))
        except FileNotFoundError:
            return Compared()
        except Exception:  # noqa: BLE001 - whatever it raises, it has no opinion on this document
            unread += 1
            continue
        if not theirs:
            continue
        ours = _ours(data, path.name)
        documents, ids = documents + 1, ids + len(theirs)
        missed += [f"{path}: {key}" for key in sorted(theirs - ours)]
        extra += [f"{path}: {key}" for key in sorted(ours - theirs)] if reader.whole else []
    return Compared(documents, unread, ids, tuple(missed), tuple(extra))


def _is_address(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


def _key(url: str) -> str:
    return identify(url).key


def _ours(data: bytes, name: str) -> set[str]:
    try:
        return {mention.target for mention in read_article(data, name).mentions}
    except ArticleError:
        return set()


def main(folders: list[Path]) -> str:
    every = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    lines = [
        "# Second readers",
        "",
        "`python -m tests.benchmarks.second_readers FOLDER…`: documents of many authors, from packages of",
        "pip, npm and Debian, read by us and by a second, independent reader. *ids*: targets that the second",
        "reader finds; *missed*: those of them that we do not; *extra*: what we find besides, where that",
        "reader is for all of the document; *refused*: documents that the second reader cannot read.",
        "",
        "| form | second reader | documents with links | refused | ids | missed | extra |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for reader in READERS:
        found = compare(reader, [path for path in every if path.suffix.lower() in reader.endings])
        print(*(f"missed {one}" for one in found.missed), *(f"extra {one}" for one in found.extra), sep="\n")
        extra = f"{len(found.extra):,}" if reader.whole else ""
        figures = f"{found.documents:,} | {found.unread:,} | {found.ids:,} | {len(found.missed):,} | {extra}"
        lines.append(f"| {reader.form} | {reader.title} | {figures} |")
    return "\n".join([*lines, "", *LOOKED_AT]) + "\n"


if __name__ == "__main__":
    REPORT.write_text(main([Path(word) for word in sys.argv[1:]]), "utf-8")
