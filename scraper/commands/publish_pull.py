"""The pull request of an article: what `fix` proposes, on a branch of its own, one at a time."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from scraper.articles import fixing
from scraper.articles.decoding import decode
from scraper.articles.reading import read_article
from scraper.articles.replacing import Row, row_of
from scraper.commands.github_desk import Desk
from scraper.commands.publish_issue import marked, marker
from scraper.errors import NotPublished
from scraper.model import Health
from scraper.reports.markdown import link, uncalled, without_scheme
from scraper.reports.text import count
from scraper.sites.local.address import Ground

SHOWN = 100
"""Edits that the text of a pull request lists; its diff has all."""


class Change(NamedTuple):
    """An article as it is on the default branch, and what it would become."""

    after: bytes
    edits: tuple[fixing.Edit, ...]
    unknown: frozenset[str] = frozenset()
    """Addresses in it that could not be checked this time: nobody knows what is to become of them."""

    @property
    def fingerprint(self) -> str:
        """Of the edits alone, so that other changes to the article make no new proposal."""
        pairs = sorted((edit.old, edit.new) for edit in self.edits)
        return hashlib.sha256(repr(pairs).encode()).hexdigest()[:16]


def change(data: bytes, path: str, rows: Mapping[str, Row], ground: Ground | None = None) -> Change:
    """What the default rules of `scraper fix` make of the file."""
    text = decode(data, path)
    article = read_article(data, path, ground=ground)
    proposal = fixing.propose(text.text, article, rows, ground=ground)
    found = ((mention.href, row_of(mention, rows)) for mention in article.mentions)
    unknown = frozenset(href for href, row in found if row and row["health"] == Health.UNVERIFIED)
    return Change(text.encode(fixing.apply(text.text, proposal.edits)), proposal.edits, unknown)


def branch_of(name: str) -> str:
    """`scraper/fix-NAME`; a name that git would refuse gets a mark instead of what it refuses."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", name)
    mark = "" if plain == name else f"-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return f"scraper/fix-{plain}{mark}"


async def put(desk: Desk, name: str, path: str, rows: Mapping[str, Row]) -> str:
    """Make, update or close the pull request; says what was done."""
    default = str((await desk.get(""))["default_branch"])
    there = await desk.file(path, default)
    if there is None:
        return f"no pull request: {path} is not on {default}"
    made, branch = change(there[0], path, rows, Ground(name, path)), branch_of(name)
    pulls = await _pulls(desk, branch)
    mine = [pull for pull in pulls if marked(pull, marker("pull", name))]
    current = next((pull for pull in pulls if pull["state"] == "open"), None)
    if current and current not in mine:
        raise NotPublished(f"{current['html_url']} stands on {branch} and is not ours: close it first.")
    if current and made.unknown and made.unknown - await _written(desk, branch, path):
        return f"left as it is, for not all of its links could be checked: {current['html_url']}"
    if not made.edits:
        return await _close(desk, name, current)
    proposed = marker("fix", made.fingerprint)
    if any(marked(pull, proposed) for pull in ([current] if current else mine[:1])):
        words = "unchanged" if current else "not proposed again, for it was closed:"
        if current or not mine[0].get("merged_at"):
            return f"{words} {(current or mine[0])['html_url']}"
    await _push(desk, branch, default, path, made, fresh=current is None)
    return await _propose(
        desk, current, branch, default, {"title": _title(made, path), "body": _body(name, made)}
    )


async def _pulls(desk: Desk, branch: str) -> list[dict[str, Any]]:
    """Those from this branch of this repository, the newest first; forks have branches of that name too."""
    head = quote(f"{desk.repository.partition('/')[0]}:{branch}", safe="")
    found = await desk.every(f"/pulls?state=all&head={head}&sort=created&direction=desc")
    return [pull for pull in found if pull["head"]["ref"] == branch and _own(desk, pull)]


def _own(desk: Desk, pull: Mapping[str, Any]) -> bool:
    home = pull["head"].get("repo") or {}
    return str(home.get("full_name", "")).lower() == desk.repository.lower()


async def _written(desk: Desk, branch: str, path: str) -> set[str]:
    """The addresses in the article on the branch: what it replaces is not among them."""
    there = await desk.file(path, branch)
    return {mention.href for mention in read_article(there[0], path).mentions} if there else set()


async def _close(desk: Desk, name: str, current: dict[str, Any] | None) -> str:
    if current is None:
        return "no pull request is needed"
    # Without the mark of its edits: closed by us, they may be proposed again.
    body = f"{marker('pull', name)}\n\nNothing of this is left to do.\n"
    await desk.write("PATCH", f"/pulls/{current['number']}", {"state": "closed", "body": body})
    return f"closed {current['html_url']}"


async def _push(desk: Desk, branch: str, default: str, path: str, made: Change, *, fresh: bool) -> None:
    """The article on the branch. An open pull request keeps its commits, for some may be a reviewer's."""
    there = await desk.get(f"/git/ref/heads/{branch}", missing=True)
    if there is None or fresh:
        start = (await desk.get(f"/git/ref/heads/{quote(default)}"))["object"]["sha"]
        if there is None:
            await desk.write("POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": start})
        else:
            await desk.write("PATCH", f"/git/refs/heads/{branch}", {"sha": start, "force": True})
    known = await desk.file(path, branch)
    if known and known[0] == made.after:
        return
    content = base64.b64encode(made.after).decode()
    body = {"message": _title(made, path), "content": content, "branch": branch}
    await desk.write("PUT", f"/contents/{quote(path)}", body | ({"sha": known[1]} if known else {}))


async def _propose(
    desk: Desk, current: dict[str, Any] | None, branch: str, default: str, words: dict[str, str]
) -> str:
    if current:
        await desk.write("PATCH", f"/pulls/{current['number']}", words)
        return f"updated {current['html_url']}"
    made = await desk.write("POST", "/pulls", {**words, "head": branch, "base": default})
    return f"made {made['html_url']}"


def _title(made: Change, path: str) -> str:
    return f"Correct {count(len(made.edits), 'link')} of {uncalled(path)}"


def _body(name: str, made: Change) -> str:
    lines = [
        f"- line {edit.line}: {edit.rule}: now {link(edit.url, without_scheme(edit.url))}"
        for edit in made.edits[:SHOWN]
    ]
    more = len(made.edits) - SHOWN
    left = [f"- and {count(more, 'more link')}"] if more > 0 else []
    marks = [marker("pull", name), marker("fix", made.fingerprint)]
    return "\n".join([*marks, "", "What `scraper fix` proposes:", "", *lines, *left, ""])
