"""Every reader of strangers' text by name: articles of each form, pages and answers of each kind of site.

They are found by the registries (forms of articles, kinds of sites), so that a new one is among them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from memories import Memories

from scraper.articles.forms import FORMS
from scraper.articles.reading import read_article
from scraper.errors import ArticleError
from scraper.model import Answer, Question
from scraper.settings import Settings
from scraper.sites import KINDS
from scraper.sites.identity import identify, unwrap
from scraper.sites.ports import Site
from scraper.web import robots

Reader = Callable[[str], object]

ADDRESSES = {
    "openreview": "https://openreview.net/forum?id=abcdefghij",
    "github": "https://github.com/a/b",
    "gdrive": "https://drive.google.com/file/d/1234567890123456789012345/view",
    "arxiv": "https://arxiv.org/abs/2001.00001",
    "doi": "https://doi.org/10.1000/abc",
    "huggingface": "https://huggingface.co/a/b",
    "gitlab": "https://gitlab.com/a/b",
    "gitea": "https://codeberg.org/a/b",
    "zenodo": "https://zenodo.org/records/1234567",
    "web": "https://a.test/x/y",
}
"""An address of each kind of site; a kind without one is read by way of its home."""

ASKED = [kind for kind in KINDS if kind.make]
"""Files beside the article are looked at, and nobody is asked about them."""

STEPS = 12
"""Questions that follow each other, at most: what a page's sibling, an API's next page lead to."""


def endings() -> dict[str, str]:
    """The forms of articles, each with the ending of a file in it."""
    return {form.name: form.endings[0] for form in FORMS}


def readers() -> dict[str, Reader]:
    return {
        **{f"article: {form}": _article(ending) for form, ending in endings().items()},
        **{f"page: {kind.name}": _asked(kind.name, "text/html; charset=utf-8", _page) for kind in ASKED},
        **{f"answer: {kind.name}": _asked(kind.name, "application/json", _answer) for kind in ASKED},
        "robots.txt": lambda text: robots.rules(Answer("", "", status=200, body=text.encode())),
        "address": lambda text: identify(unwrap(text[:100_000]).url),
    }


def _article(ending: str) -> Reader:
    def read(text: str) -> None:
        if ending == ".ipynb":
            cell = {"cell_type": "markdown", "metadata": {}, "source": text}
            text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        with suppress(ArticleError):
            read_article(text.encode(), f"list{ending}")

    return read


def _asked(kind: str, content_type: str, body: Callable[[str], bytes]) -> Reader:
    def read(text: str) -> None:
        answer = {"status": 200, "headers": {"content-type": content_type}, "body": body(text)}
        site = site_of(kind)
        for question in asked(site, address_of(kind)):
            follow(site, question, answer)

    return read


def address_of(kind: str) -> str:
    home = next(each.home for each in KINDS if each.name == kind)
    return ADDRESSES.get(kind) or f"{home.rstrip('/')}/a/b"


def site_of(kind: str, memory: Memories | None = None) -> Site:
    found = next(each for each in KINDS if each.name == kind)
    assert found.make
    return found.make(Settings(), memory or Memories())


def asked(site: Site, address: str) -> list[Question]:
    return list(site.ask([identify(address)]))


def follow(site: Site, first: Question, answer: dict[str, Any]) -> None:
    """Give the same answer to a question and to whatever the site asks then."""
    questions = [first]
    for _ in range(STEPS):
        if not questions:
            return
        question = questions.pop(0)
        url = question.request.url
        reading = site.read(question, Answer(url, url, **answer))
        questions += [each for each in reading.questions if each.site == first.site]


def _page(text: str) -> bytes:
    head = f'<title>{text[:2000]}</title><meta name="citation_title" content="x">'
    return f"<html><head>{head}</head><body><h1>a</h1><p>{text}".encode()


NAMES = (
    *("title", "abstract", "description", "name", "summary", "content", "notes", "message", "authors", "url"),
    *("full_name", "readme", "text", "body", "value", "license", "keywords", "venue", "decision", "id"),
)


def _answer(text: str) -> bytes:
    """The text under names that services use, as it is and wrapped as OpenReview's second API does."""
    plain = dict.fromkeys(NAMES, text[: max(1, len(text) // len(NAMES))])
    wrapped = {name: {"value": value} for name, value in plain.items()}
    return json.dumps(
        {**plain, "notes": [{"id": "abcdefghij", "content": {**wrapped}}], "message": plain}
    ).encode()
