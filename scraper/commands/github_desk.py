"""One repository at GitHub's REST API, to read and to write: an answer as expected, or an error in a line."""

from __future__ import annotations

import base64
from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from scraper.errors import NotPublished
from scraper.model import Answer, Request
from scraper.sites.github import graphql
from scraper.sites.github.records import message
from scraper.sites.github.rest import API_VERSION
from scraper.sites.values import parse_json

if TYPE_CHECKING:
    from scraper.web.client import Web

PAGE = 100
_HEADERS = (("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", API_VERSION))
_LIMIT = 32 * 2**20  # a hundred issues of 65,536 characters each


class Desk:
    """A repository, as the token's holder sees it. No redirect is followed: nothing is sent elsewhere."""

    def __init__(self, web: Web, api: str, repository: str) -> None:
        self._web, self._api, self.repository = web, api.rstrip("/"), repository

    async def account(self) -> str:
        """The token's own account; `GET /user` would not tell it of the token that Actions gets."""
        given = {"query": "query{viewer{login}}"}
        body = _read(await self._send("POST", graphql.address(self._api), given), (200,), self.repository)
        viewer = (body.get("data") or {}).get("viewer") if isinstance(body, dict) else None
        if not viewer:
            raise NotPublished(f"{self._api} does not say whose token it is: make a new GITHUB_TOKEN.")
        return str(viewer["login"])

    async def get(self, path: str, *, missing: bool = False) -> Any:
        """What is there; None where nothing is and `missing` allows it."""
        answer = await self._send("GET", self._address(path))
        if missing and answer.status == 404:
            return None
        return _read(answer, (200,), self.repository)

    async def every(self, path: str) -> list[dict[str, Any]]:
        """All pages of a list; `path` has a query already."""
        found: list[dict[str, Any]] = []
        while True:
            page = await self.get(f"{path}&per_page={PAGE}&page={len(found) // PAGE + 1}")
            if not isinstance(page, list):
                raise NotPublished(f"{self.repository}: GitHub sent no list of {path.partition('?')[0][1:]}.")
            found += page
            if len(page) < PAGE:
                return found

    async def write(self, method: str, path: str, body: Any) -> Any:
        """Sent once: who asks again after a silence may have written twice."""
        return _read(await self._send(method, self._address(path), body), (200, 201), self.repository)

    async def file(self, path: str, branch: str) -> tuple[bytes, str] | None:
        """A file's bytes and its `sha`; None where it is not."""
        found = await self.get(f"/contents/{quote(path)}?ref={quote(branch, safe='')}", missing=True)
        if found is None:
            return None
        if not isinstance(found, dict) or found.get("encoding") != "base64":
            raise NotPublished(f"{self.repository}: {path} is not a file of at most 1 MB; edit it by hand.")
        return base64.b64decode(found["content"]), str(found["sha"])

    def _address(self, path: str) -> str:
        return f"{self._api}/repos/{quote(self.repository)}{path}"

    async def _send(self, method: str, url: str, body: Any = None) -> Answer:
        request = Request(
            url, method, _HEADERS, json=body, body_limit=_LIMIT, credential="github", follow=False
        )
        return await self._web.fetch(request, attempts=None if method == "GET" else 1)


def _read(answer: Answer, wanted: Collection[int], repository: str) -> Any:
    body = parse_json(answer.body)
    if answer.status in wanted and body is not None and not answer.truncated and not answer.failure:
        return body
    said = answer.detail or message(answer.body) or answer.failure or "no answer that can be read"
    advice = {
        301: "name the repository as it is called now",
        401: "make a new GITHUB_TOKEN",
        403: "may the token write issues, contents and pull requests there?",
        404: "check the name of the repository, and whether the token may see it",
    }.get(answer.status or 0, "try again later")
    status = f" ({answer.status})" if answer.status else ""
    raise NotPublished(f"{repository}: GitHub says: {said.rstrip('.')}{status}; {advice}.")
