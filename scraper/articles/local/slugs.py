"""Headings as the names of their places, by the rules of those who make them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

_EMOJI = re.compile(r":[a-z0-9_+-]+:")
_KEPT = frozenset(("Nd", "Nl", "Pc"))
_VARIATION = "\ufe0f"


def github(heading: str) -> str:
    """Lower case; letters, marks, digits and connectors of any script, hyphens; blanks become hyphens.

    html-pipeline's TableOfContentsFilter: `text.downcase.gsub(/[^\\p{Word}\\- ]/u, "").tr(" ", "-")`.
    """
    return "".join(one for one in heading.lower() if one in "- " or _is_word(one)).replace(" ", "-")


def _is_word(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LM" or category in _KEPT


def python_markdown(heading: str) -> str:
    """MkDocs; `markdown.extensions.toc.slugify`."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def kramdown(heading: str) -> str:
    """`Kramdown::Converter::Base#basic_generate_id`: from the first letter on."""
    plain = re.sub(r"^[^a-zA-Z]+", "", heading)
    return re.sub(r"[^a-zA-Z0-9 -]", "", plain).replace(" ", "-").lower() or "section"


def pandoc(heading: str) -> str:
    """Quarto and R Markdown; `auto_identifiers`."""
    plain = "".join(one for one in heading if one.isalnum() or one in "_-. " or unicodedata.combining(one))
    return re.sub(r"^[^a-zA-Z\u00c0-\uffff]+", "", re.sub(r"\s+", "-", plain).lower()) or "section"


def jupyter(heading: str) -> str:
    return heading.strip().replace(" ", "-")


def asciidoctor(heading: str, prefix: str = "_", separator: str = "_") -> str:
    """`Asciidoctor::Section.generate_id`."""
    plain = re.sub(r"<[^>]+>|&(?:[a-z][a-z]+\d{0,2}|#\d+|#x[\da-f]+);|[^ \w\-.]+", "", heading.lower())
    joined = re.sub(rf"[ .{re.escape(separator)}-]+", separator, plain).strip(separator)
    return f"{prefix}{joined}"


def numbered(slugs: Iterable[str], mark: str = "-") -> Iterator[str]:
    """Names that come again get a number, and never one that another heading has (github-slugger)."""
    seen: dict[str, int] = {}
    for slug in slugs:
        name = slug
        while name in seen:
            seen[slug] += 1
            name = f"{slug}{mark}{seen[slug]}"
        seen[name] = 0
        yield name


def github_all(headings: Iterable[str]) -> Iterator[str]:
    """GitHub's names of all headings of a document, with the ways in which pictures in them are written."""
    every = list(headings)
    yield from numbered(map(github, every))
    yield from numbered(github(heading.strip()) for heading in every)
    yield from numbered(github(_EMOJI.sub("", heading).replace(_VARIATION, "")) for heading in every)


def by_generators(headings: Iterable[str]) -> Iterator[str]:
    every = [heading.strip() for heading in headings]
    yield from numbered(map(python_markdown, every), "_")
    yield from numbered(map(kramdown, every))
    yield from numbered(map(pandoc, every))
