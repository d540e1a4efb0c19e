"""Articles on the web: a page or file by its address, a repository by its README."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from scraper.articles.decoding import LIMIT
from scraper.articles.reading import read_article
from scraper.errors import ArticleError
from scraper.files import safe_name
from scraper.model import Answer, Article, Health, Request
from scraper.sites.identity import identify
from scraper.verdicts.health import judge_answer
from scraper.verdicts.reasons import REASONS

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.web.client import Web

_BLOB = re.compile(r"https?://(?:www\.)?github\.com/([^/?#]+/[^/?#]+)/blob/([^?#]+)", re.IGNORECASE)
_REPOSITORY = re.compile(r"https?://(?:www\.)?github\.com/[^/?#\s]+/[^/?#\s]+/?(?:#.*)?", re.IGNORECASE)


class _Readme(NamedTuple):
    data: bytes
    url: str
    """Its page: what the links in it are relative to."""


async def fetch(url: str, settings: Settings) -> Article:
    """The article at an address.

    Raises:
        ArticleError: it cannot be had.
    """
    from scraper.visits.session import open_web

    if ssh := re.match(r"git@github\.com:(.+?)(?:\.git)?/?\Z", url, re.IGNORECASE):
        url = f"https://github.com/{ssh[1]}"
    async with open_web(settings) as web:
        if _REPOSITORY.fullmatch(url) and (readme := await _readme(url, settings, web)):
            return read_article(readme.data, readme.url, safe_name(urlsplit(url).path.split("/")[-1] or url))
        blob = _BLOB.match(url)
        raw = f"https://raw.githubusercontent.com/{blob[1]}/{blob[2]}" if blob else url
        answer = await web.fetch(Request(raw, body_limit=LIMIT))
    _refuse(url, answer)
    last = unquote(urlsplit(answer.final_url).path).rstrip("/").rpartition("/")[2]
    stem = Path(last).stem or urlsplit(url).hostname or "article"
    return read_article(answer.body, url, safe_name(stem), answer.headers.get("content-type", ""))


def _refuse(url: str, answer: Answer) -> None:
    claim = judge_answer(answer)
    if REASONS[claim.reason].health not in (Health.ALIVE, Health.MOVED):
        because = f" ({answer.detail})" if answer.detail else ""
        raise ArticleError(f"{url}: cannot be read: {claim.reason}{because}.")
    if answer.truncated:
        raise ArticleError(f"{url}: is larger than {LIMIT // 2**20} MiB, or did not end; save it to a file.")


async def _readme(url: str, settings: Settings, web: Web) -> _Readme | None:
    """What GitHub shows below the files of a repository, whatever it is called; None when it is not told."""
    target = identify(url)
    if target.site != "github" or target.kind != "repository":
        return None
    place = f"{settings.github_api.rstrip('/')}/repos/{target.id}/readme"
    credential = "github" if settings.github_token else ""
    answer = await web.fetch(Request(place, body_limit=LIMIT, credential=credential))
    if answer.status == 404:
        raise ArticleError(f"{url}: the repository is not there, or has no README; name a file in it.")
    if answer.status != 200 or answer.truncated:
        return None
    try:
        said = json.loads(answer.body)
        data = b64decode(said["content"]) if said["encoding"] == "base64" else b""
        return _Readme(data, str(said["html_url"])) if data else None
    except (ValueError, KeyError, TypeError):
        return None
