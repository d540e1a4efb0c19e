"""What is to be written instead of a link: what the last run found, once more asked for harm."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from scraper.addresses import address, tidy, without_fragment
from scraper.model import Mention
from scraper.sites import of_role
from scraper.sites.identity import identify, is_memento, may_be_a_part, repository_key, unwrap
from scraper.verdicts import domains, suggesting
from scraper.verdicts.identity import Known, Likeness, Shown, compare

Row = Mapping[str, object]
"""A row of links.csv by column names."""


class Wish(NamedTuple):
    url: str
    rule: str


def row_of(mention: Mention, rows: Mapping[str, Row]) -> Row | None:
    """What is known of the link; of a part of a repository, where nothing is, what of the repository is."""
    row = rows.get(mention.target)
    if row is not None or not may_be_a_part(mention.target):
        return row
    return rows.get(repository_key(mention.url) or "")


def decide(mention: Mention, row: Row | None, rules: Collection[str]) -> Wish | str | None:
    """The address to write and the rule that says so, or the reason why not, or None: nothing to say."""
    href = tidy(mention.href)
    wrapped = href != mention.url and unwrap(href).url != href
    archived = wrapped and is_memento(href)
    if row is None:
        return "was not checked yet" if wrapped and "unwrap" in rules else None
    health = _cell(row, "health")
    if mention.site == "local":
        return Wish(_cell(row, "suggested_url"), "moved") if _cell(row, "suggested_url") else None
    if "permalink" in rules and _cell(row, "reason") == "file_removed" and _cell(row, "suggested_url"):
        return _moved(mention, row, "permalink", archived and "unwrap" not in rules)
    if _cell(row, "confirmed_dead").lower() == "true":
        return _memento(mention, row, archived) if "dead" in rules else None
    if health == "moved" and (rule := _moving_rule(row)) in rules:
        return _moved(mention, row, rule, archived and "unwrap" not in rules)
    if wrapped and "unwrap" in rules:
        return Wish(mention.url, "unwrap") if health == "alive" else f"the original is {health}"
    if health in {"broken", "failing"} and "dead" in rules:
        return f"it is {health}, and not confirmed dead yet"
    return None


def _cell(row: Row, column: str) -> str:
    """A cell as text; None and the missing values of a data frame are empty."""
    value = row.get(column)
    return str(value) if isinstance(value, str) or (value is not None and value == value) is True else ""


def _moving_rule(row: Row) -> str:
    return "https" if _cell(row, "reason") == "https_upgrade" else "moved"


def _memento(mention: Mention, row: Row, archived_link: bool) -> Wish | str:
    if archived_link and not mention.href.startswith("/"):
        return "confirmed dead, and the link already points to an archived copy"
    archived = _cell(row, "archived_url")
    return Wish(archived, "dead") if is_memento(archived) else "confirmed dead, and no archived copy is known"


def _moved(mention: Mention, row: Row, rule: str, archived_link: bool) -> Wish | str:
    suggested = _cell(row, "suggested_url")
    if not suggested:
        return "moved, and where to is not known"
    if archived_link:
        return f"points to an archived copy; the original is now at {suggested} (rule unwrap)"
    url = _carried_over(mention, suggested)
    if not url:
        return f"is a special form of an address that is now {suggested}"
    return _doubt(mention, row, url) or Wish(url, rule)


def _doubt(mention: Mention, row: Row, url: str) -> str:
    """Why the address must not be written, whatever the run said of it; empty when it may be."""
    there = domains.domain_of(url)
    recognised = _cell(row, "recognised_on") == there != "" or _same_by_name(mention, row, url)
    if not recognised and not domains.same_owner(mention.url, url):
        return f"leads to {url}, and nothing proves that it is the same thing"
    if address(url).scheme in ("http", "https") and not suggesting.may_be_written(
        mention.url, url, recognised=recognised
    ):
        return f"leads to {url}, which does not stand for the thing itself"
    return ""


def _same_by_name(mention: Mention, row: Row, url: str) -> bool:
    """Whether the list's own words for the thing are those of the page that was found there."""
    known = Known((mention.text,), (mention.section_title,))
    shown = Shown(_cell(row, "title"))
    return bool(shown.title) and compare(known, shown, mention.url, url).likeness is Likeness.KEPT


def _carried_over(mention: Mention, suggested: str) -> str:
    """The new address with what the mention had beyond its target: a path in a repository, a fragment.

    RFC 9110 §10.2.2: a redirect without a fragment inherits the one of the address that was asked for.
    """
    fragment = mention.url.partition("#")[2]
    known, new = identify(mention.url), identify(suggested)
    if mention.site == new.site and known.key.startswith(of_role("code")) and known.id != known.url:
        return _restated(mention.url, known.id, new.id)
    if mention.site != "web" and without_fragment(mention.url) != known.url:
        return ""
    return f"{suggested}#{fragment}" if fragment and "#" not in suggested else suggested


def _restated(url: str, known: str, new: str) -> str:
    """The address with another place in it, in the form in which it is written; empty where that has none.

    `raw.githubusercontent.com/o/n/main/x` and `github.com/o/n/raw/main/x` are forms of `o/n/blob/main/x`, and
    any address with `owner/name` in it can follow when that is all that changed.
    """
    (old_home, old_rest), (home, rest) = _split(known), _split(new)
    pairs = [(known, new)] if rest or not old_rest else []
    pairs += [
        (known.replace("/blob/", f"/{form}", 1), new.replace("/blob/", f"/{form}", 1))
        for form in _FORMS
        if rest
    ]
    pairs += [(old_home, home)] if old_rest == rest or not rest else []
    for before, after in pairs:
        pattern = rf"(?<=[/:]){re.escape(before)}(?=\.git\b|[/?#@]|$)"
        written, made = re.subn(pattern, after, url, count=1, flags=re.IGNORECASE)
        if made:
            return written
    return ""


_FORMS = ("raw/", "blame/", "")


def _split(identifier: str) -> tuple[str, str]:
    """`owner/name`, and what is meant in it."""
    owner, name, *rest = (*identifier.split("/", 2), "", "")[:3]
    return f"{owner}/{name}", "".join(rest)
