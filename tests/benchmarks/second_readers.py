"""Markdown and reStructuredText of others, read by us and by a second reader: whose links do we miss?

    python -m tests.benchmarks.second_readers FOLDER…

Markdown is compared with markdown-it, reStructuredText with pandoc, which has to be installed. The files are
those of any folder with the documents of many authors: packages of a registry, clones of lists.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from scraper.articles.reading import read_article
from scraper.sites.identity import identify

_MARKDOWN = MarkdownIt("commonmark").enable("table")


def by_markdown_it(text: str) -> Iterator[str]:
    for token in _MARKDOWN.parse(text):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs["href"])


def by_pandoc(text: str) -> Iterator[str]:
    command = ["pandoc", "--from", "rst", "--to", "json"]
    run = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    yield from _links(json.loads(run.stdout))


def _links(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("t") == "Link":
            yield node["c"][2][0]
        node = list(node.values())
    for inner in node if isinstance(node, list) else ():
        yield from _links(inner)


def compare(folders: list[Path], ending: str, links: Callable[[str], Iterator[str]]) -> None:
    texts = {path.read_bytes(): path for folder in folders for path in folder.rglob(f"*{ending}")}
    total = missed = 0
    for data, path in texts.items():
        try:
            theirs = {
                identify(url).key for url in links(data.decode()) if url.startswith(("http://", "https://"))
            }
            ours = {mention.target for mention in read_article(data, path.name).mentions} if theirs else set()
        except (UnicodeDecodeError, subprocess.CalledProcessError):
            continue
        total, missed = total + len(theirs), missed + len(theirs - ours)
        for key in sorted(theirs - ours):
            print(f"{path}: {key}")
    print(f"{ending}: {len(texts)} files, {total} ids by the second reader, {missed} of them missed")


if __name__ == "__main__":
    places = [Path(word) for word in sys.argv[1:]]
    compare(places, ".md", by_markdown_it)
    compare(places, ".rst", by_pandoc)
