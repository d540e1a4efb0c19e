"""The issue of an article: one, found again by its marker, with a comment when there is news."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import quote

from scraper.commands.github_desk import Desk

_TOLD = re.compile(r"<!-- scraper:told:([0-9TZ.:-]{1,40}) -->")


class Issue(NamedTuple):
    """What an article's issue is to say."""

    name: str
    title: str
    summary: str
    snapshot: str
    """The time of the snapshot that the summary is of."""
    needed: bool
    """Whether there is something for somebody to do: the issue is open then, and else closed."""
    certain: bool
    """Whether the run knows that nothing else is: one that could not check what was dead closes no issue."""


def marker(kind: str, value: str) -> str:
    """A line that GitHub does not show. Quoted, no name can end the comment."""
    return f"<!-- scraper:{kind}:{quote(value, safe='')} -->"


def marked(thread: dict[str, Any], mark: str) -> bool:
    """Whether the marker stands on a line of its own: what an article says never does."""
    return mark in str(thread.get("body") or "").splitlines()


def body_of(issue: Issue) -> str:
    told = f"<!-- scraper:told:{issue.snapshot} -->"
    return f"{marker('issue', issue.name)}\n{told}\n\n{issue.summary}"


async def find(desk: Desk, account: str, name: str) -> dict[str, Any] | None:
    """The oldest issue with the marker that the token's own account made; anybody can copy a marker."""
    query = f"state=all&creator={quote(account, safe='')}&sort=created&direction=asc"
    mark = marker("issue", name)
    for one in await desk.every(f"/issues?{query}"):
        author = (one.get("user") or {}).get("login")  # null where the account is gone
        if "pull_request" not in one and author == account and marked(one, mark):
            return one
    return None


def last_told(thread: dict[str, Any]) -> str:
    """The snapshot that the issue told of last; empty when somebody took the word away."""
    lines = [_TOLD.fullmatch(line) for line in str(thread["body"]).splitlines()]
    return next((match[1] for match in lines if match), "")


async def put(desk: Desk, there: dict[str, Any] | None, issue: Issue, news: str) -> str:
    """Make, update, close or reopen the issue, and comment where `news` is not empty; says what was done."""
    body = body_of(issue)
    if there is None:
        if not issue.needed:
            return "no issue is needed"
        made = await desk.write("POST", "/issues", {"title": issue.title, "body": body})
        return f"made {made['html_url']}"
    if not (issue.needed or issue.certain):
        return f"left as it is, for not all links could be checked: {there['html_url']}"
    path = f"/issues/{there['number']}"
    commented = bool(news) and await _comment(desk, path, issue, news)
    wanted = {"title": issue.title, "body": body, "state": "open" if issue.needed else "closed"}
    changed = {key: value for key, value in wanted.items() if _plain(there[key]) != value.rstrip()}
    if changed:
        await desk.write("PATCH", path, changed)
    done = {"open": "reopened", "closed": "closed"}.get(changed.get("state", ""), "updated")
    return f"{done if changed else 'unchanged'}{', with a comment:' if commented else ''} {there['html_url']}"


def _plain(text: str) -> str:
    """GitHub's own form sends line ends as browsers do."""
    return text.replace("\r\n", "\n").rstrip()


async def _comment(desk: Desk, path: str, issue: Issue, news: str) -> bool:
    """Comment unless that was done already by a run that was cut off before it changed the issue."""
    mark = marker("news", f"{issue.name}/{issue.snapshot}")
    if any(marked(one, mark) for one in await desk.every(f"{path}/comments?sort=created")):
        return False
    await desk.write("POST", f"{path}/comments", {"body": f"{mark}\n\n{news}"})
    return True
