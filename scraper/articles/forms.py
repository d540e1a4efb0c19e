"""The forms of articles: their names, endings and media types, and which module reads each.

A form is told by what a server says, by the file's ending, or by its first lines, in this order. What is none
of them and is text is read as plain text, and that is said; nothing is taken for Markdown just because
nothing else fits.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import PurePosixPath
from typing import NamedTuple, Protocol, cast

from scraper.articles.literal import RUN
from scraper.articles.outline import Document


class Form(NamedTuple):
    """A form of articles. Its reader is imported only when an article is in it."""

    name: str
    title: str
    reader: str
    endings: tuple[str, ...]
    media: tuple[str, ...] = ()
    signature: str = ""
    """What its first lines look like, for files whose name says nothing: a regular expression."""
    editable: bool = True
    """Whether `fix` writes into it."""


class _Reader(Protocol):
    def read(self, text: str, document: Document, source: str) -> None: ...


_BLANKS = r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
_MARKDOWN_SIGNS = r"(?s).*?(?:^#{1,6}[ \t]+\S|\]\((?:https?:|/|\.|#)|^\[[^\]\n]+\]:[ \t]|^```|\*\*\S)"

FORMS = (
    Form(
        "html",
        "HTML",
        "html",
        (".html", ".htm", ".xhtml"),
        ("text/html", "application/xhtml+xml"),
        rf"{_BLANKS}<(?:!doctype\s+html|html)\b",
    ),
    Form(
        "notebook",
        "a Jupyter notebook",
        "notebook",
        (".ipynb",),
        ("application/x-ipynb+json",),
        r'\s*\{(?=.*"(?:cells|worksheets)"\s*:)(?=.*"(?:cell_type|nbformat)"\s*:)',
    ),
    Form(
        "mhtml",
        "MHTML",
        "mhtml",
        (".mhtml", ".mht"),
        ("multipart/related", "message/rfc822"),
        r"(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?MIME-Version:",
        editable=False,
    ),
    Form(
        "xml",
        "XML",
        "xmlfile",
        (".xml", ".rss", ".atom", ".opml", ".rdf"),
        ("application/rss+xml", "application/atom+xml", "application/xml", "text/xml", "text/x-opml"),
        rf"{_BLANKS}<(?:rss|feed|urlset|sitemapindex|opml|rdf:RDF)\b|\s*<\?xml\b",
    ),
    Form(
        "bibtex",
        "BibTeX",
        "bibtex",
        (".bib", ".bibtex", ".biblatex"),
        ("application/x-bibtex", "text/x-bibtex"),
        r"(?:\s*%[^\n]*\n|\s)*@\s*(?:string|preamble|comment|[a-z]+\s*\{\s*[^\s,{}]+\s*,)",
    ),
    Form("ris", "RIS", "ris", (".ris",), ("application/x-research-info-systems",), r"\s*TY {1,2}- "),
    Form(
        "latex",
        "LaTeX",
        "latex",
        (".tex", ".latex", ".ltx", ".rnw", ".snw"),
        ("application/x-tex", "text/x-tex"),
        r"(?:\s*%[^\n]*\n|\s)*\\(?:documentclass|documentstyle|begin\{|section\b)",
    ),
    Form(
        "org", "Org", "org", (".org",), ("text/org", "text/x-org"), r"\s*#\+(?:title|author|startup|options):"
    ),
    Form(
        "asciidoc",
        "AsciiDoc",
        "asciidoc",
        (".adoc", ".asciidoc", ".asc"),
        ("text/asciidoc", "text/x-asciidoc"),
        r"= \S[^\n]*\n(?:[^\n]*\n){0,3}?:[\w-]+:",
    ),
    Form("csv", "CSV", "separated", (".csv",), ("text/csv",)),
    Form("tsv", "TSV", "separated", (".tsv", ".tab"), ("text/tab-separated-values",)),
    Form(
        "json",
        "JSON",
        "jsonfile",
        (".json", ".jsonl", ".ndjson", ".csljson", ".webmanifest"),
        ("application/json", "application/x-ndjson", "application/vnd.citationstyles.csl+json"),
        r'\s*(?:\{\s*(?:"|\})|\[\s*(?:[{\["]|\]))',
    ),
    Form(
        "yaml",
        "YAML",
        "yamlfile",
        (".yaml", ".yml", ".cff"),
        ("application/yaml", "application/x-yaml", "text/yaml"),
    ),
    Form("toml", "TOML", "tomlfile", (".toml",), ("application/toml",)),
    Form(
        "restructured",
        "reStructuredText",
        "restructured",
        (".rst", ".rest"),
        ("text/x-rst", "text/prs.fallenstein.rst"),
    ),
    Form(
        "markdown",
        "Markdown",
        "markdown",
        (".md", ".markdown", ".mkd", ".mkdn", ".mdown", ".mdwn", ".mdx", ".myst", *RUN),
        ("text/markdown",),
    ),
    Form("plain", "plain text", "plain", (".txt", ".text"), ("text/plain",)),
)
_BY_NAME = {form.name: form for form in FORMS}
_BY_ENDING = {ending: form for form in FORMS for ending in form.endings}
_BY_MEDIA = {media: form for form in FORMS for media in form.media}
PLAIN = _BY_NAME["plain"]

READABLE = "a text, such as Markdown, HTML, a notebook, BibTeX or CSV"
"""What a message names where a file is none of it."""


class Told(NamedTuple):
    """The form of an article, and whether that is a mere guess that the user should know of."""

    form: Form
    guessed: bool


def named(name: str) -> Form:
    return _BY_NAME[name]


def by_ending(path: str) -> Form | None:
    """The form that the ending of a file's name says, or None."""
    return _BY_ENDING.get(PurePosixPath(path).suffix.lower())


def tell(text: str, path: str, media_type: str = "", unnamed: bool = False) -> Told:
    """The form of a text. Without a name (standard input) it may also be told by the marks of Markdown."""
    declared = _BY_MEDIA.get(media_type.partition(";")[0].strip().lower())
    by_name = by_ending(path)
    if declared and (declared is not PLAIN or by_name is None) and declared.name != "xml":
        return Told(declared, False)
    if found := by_name or declared:
        return Told(found, False)
    head = text[:8192]
    for form in FORMS:
        if form.signature and re.match(form.signature, head, re.IGNORECASE | re.DOTALL):
            return Told(form, False)
    if unnamed and re.match(_MARKDOWN_SIGNS, head, re.MULTILINE):
        return Told(_BY_NAME["markdown"], False)
    return Told(PLAIN, True)


def read(form: Form, text: str, document: Document, source: str) -> None:
    """All links of a text, each under its heading."""
    reader = cast(_Reader, import_module(f"scraper.articles.{form.reader}"))
    reader.read(text, document, source)
