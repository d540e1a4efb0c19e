"""One link in the story: what it is called, what is wrong or new, what to put in its place. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scraper.model import Change, Health
from scraper.reports import news
from scraper.reports.findings import brief, finding
from scraper.reports.model import Edition, Row
from scraper.reports.text import day, web_address
from scraper.verdicts.reasons import DEAD

PRESSING: tuple[str, ...] = (
    Health.BROKEN,
    Health.FAILING,
    Health.MOVED,
    Health.BLOCKED,
    Health.UNVERIFIED,
    Health.ALIVE,
)
"""The healths in the order in which they need attention."""

ADDRESS, COPY = "new address", "archived copy"


class Item(NamedTuple):
    """One link in the story."""

    target: str
    name: str
    """Its title by its own record, else as the article writes it, else its address."""
    url: str
    line: int | None
    health: str
    """Empty for a link that left the article."""
    reason: str
    """Its reason, or for a link that left the article the kind of change."""
    why: str
    """The finding in words, or what the change says."""
    brief: str = ""
    """The same in three words at most: `404`."""
    replacement: str = ""
    replacement_is: str = ""
    """`new address`, `archived copy` or empty."""
    archived_at: str = ""
    """Date of the archived copy."""
    since: str = ""
    """Date since which it is broken or failing."""
    last_alive: str = ""
    confirmed: bool = False
    kind: str = ""
    """Of the change; empty for what is as before."""
    before: str = ""
    after: str = ""

    @property
    def change(self) -> tuple[str, ...]:
        """What was before and what is after, in words; of the two what there is."""
        if self.before and not self.after:
            return (f"before: {self.before}",)
        return tuple(part for part in (self.before, self.after) if part)

    @property
    def tag(self) -> str:
        return news.told(self.kind).tag if self.kind else self.health.upper()


class Group(NamedTuple):
    """Items under one heading."""

    heading: str
    items: tuple[Item, ...]


class Gap(NamedTuple):
    """A paper whose own record names code that the article does not."""

    number: int | None
    name: str
    line: int | None
    code_url: str
    paper_target: str


class Teller:
    """Makes items of an edition's rows and changes."""

    def __init__(self, edition: Edition) -> None:
        self.checked = edition.checked
        self._texts = edition.texts
        self.timeout = edition.timeout

    def name(self, row: Row) -> str:
        """What people call a target."""
        own, text = row.get("title") or row.get("full_name"), self._texts.get(row["target"])
        # A paper and a repository have names of their own; a page's title is what its author calls his site.
        known = text or own if row.get("site") == "web" else own or text
        return " ".join(str(known or row.get("url") or row["target"]).split())

    def attempts(self, row: Row) -> int:
        """How often this run tried; 1 where the verdict is of an earlier one."""
        check = self.checked.get(row["target"], {})
        return (check.get("attempts") or 1) if check.get("reason") == row["reason"] else 1

    def why(self, row: Row) -> str:
        """The finding in words."""
        return finding(
            row["reason"],
            row.get("detail") or "",
            row.get("http_status"),
            attempts=self.attempts(row),
            timeout=self.timeout,
        )

    def item(self, row: Row) -> Item:
        instead, kind = replacement(row)
        return Item(
            target=row["target"],
            name=self.name(row),
            url=row["url"],
            line=row.get("first_line"),
            health=row["health"],
            reason=row["reason"],
            why=self.why(row),
            brief=brief(row["reason"], row.get("http_status")),
            replacement=instead,
            replacement_is=kind,
            archived_at=day(row.get("archived_at")),
            since=day(row.get("failing_since")),
            last_alive=day(row.get("last_alive")),
            confirmed=bool(row.get("confirmed_dead")),
        )

    def changed(self, change: Change, row: Row | None) -> Item:
        """What a change tells, of a link that the article has or no longer has."""
        dead = row is not None and row["health"] in DEAD
        kind = news.ADDED_BROKEN if change.kind == "added" and dead else change.kind
        told = news.told(kind)
        before, after = (_state(change.before), _state(change.after)) if told.values else ("", "")
        if kind == "recovered":  # after which it works, and what nobody asked tells nothing
            before, after = "" if change.before.startswith(Health.UNVERIFIED) else before, ""
        if row is None:
            return self._gone(change, told.says)._replace(before=before, after=after)
        item = self.item(row)
        if kind == "renamed" and before:  # as the article calls it, which is what people look for
            item = item._replace(name=before)
        telling = dead or kind == "blocked" or (bool(row.get("suggested_url")) and kind in news.PLACES)
        return item._replace(why=item.why if telling else told.says, kind=kind, before=before, after=after)

    def _gone(self, change: Change, says: str) -> Item:
        site = change.target.partition(":")[0]
        name = self.name({"target": change.target, "site": site, "title": change.title, "url": change.url})
        kind = change.kind
        return Item(change.target, name, change.url, change.line, health="", reason=kind, why=says, kind=kind)


_VERDICT = re.compile(r"(?:alive|moved|blocked|broken|failing|unverified) \((\w+)\)")


def _state(text: str) -> str:
    """What a change says was before or is after; of a verdict (`broken (not_found)`) its words."""
    verdict = _VERDICT.fullmatch(text)
    return brief(verdict[1]) if verdict else text


def replacement(row: Row) -> tuple[str, str]:
    """What to put in the place of a link, and what that is; nothing for a link that is fine as it stands."""
    if web_address(row.get("suggested_url") or ""):
        return row["suggested_url"], ADDRESS
    if row["health"] in DEAD and web_address(row.get("archived_url") or ""):
        return row["archived_url"], COPY
    return "", ""


def pressing(row: Row) -> tuple[int, int, str]:
    """Sort key of the links: worst first, then as in the article."""
    return PRESSING.index(row["health"]), row.get("first_line") or 0, row["target"]


def gaps(papers: Sequence[Row]) -> Iterable[Gap]:
    """Papers whose own record names code that the article does not link."""
    for row in papers:
        if row.get("code_source") == "record" and row.get("code_url"):
            name = str(row.get("title") or row.get("section_title") or row.get("paper_url"))
            yield Gap(
                row.get("number"), name, row.get("first_line"), row["code_url"], row.get("paper_target") or ""
            )
