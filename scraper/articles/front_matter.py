"""Front matter: the YAML or TOML at the very start of a Markdown file, a blog's own data on its post."""

from __future__ import annotations

import re

from scraper.articles.outline import Document, Lines
from scraper.verdicts.patterns import lazily

# `---`, `key: value`, …, `---`: without a key it would be a rule and a heading of Markdown.
_YAML = lazily(
    r"\ufeff?---[ \t]*(?:\r\n|\r|\n)(?P<data>(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*[\"']?[A-Za-z_][^\r\n:]*:"
    r".*?(?:\r\n|\r|\n))(?:---|\.\.\.)[ \t]*(?=[\r\n]|\Z)",
    re.DOTALL,
)
_TOML = lazily(
    r"\ufeff?\+\+\+[ \t]*(?:\r\n|\r|\n)(?P<data>.*?(?:\r\n|\r|\n))\+\+\+[ \t]*(?=[\r\n]|\Z)", re.DOTALL
)


def read(text: str, document: Document) -> int:
    """Read the front matter, if there is any; returns where it ends."""
    if match := _YAML.match(text):
        from scraper.articles import yamlfile

        yamlfile.add(text, *match.span("data"), document, Lines(text[: match.end()]))
    elif match := _TOML.match(text):
        from scraper.articles import tomlfile

        tomlfile.add(text, *match.span("data"), document, Lines(text[: match.end()]))
    return match.end() if match else 0
