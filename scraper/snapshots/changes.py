"""What differs between two snapshots that a person would want to hear of. Pure.

Both tables are read side by side in the order of their keys, so that a million links need no memory.

What is not a change, though cells differ:
- A verdict `unverified`: it speaks of us. A link that was broken before and after it is not newly broken
  (`failing_since` tells). A wall may have stood and a link have moved before it: `history.csv` tells.
- `broken` that becomes `failing`: the link is still dead, its host now too.
- Stars that moved by less than 10 and by less than 10 %: see `STARS`.
- What is read for the first time: nothing is known of before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from scraper.columns import HISTORY, LINKS
from scraper.errors import SnapshotError
from scraper.model import Change, Health
from scraper.snapshots.snapshot import Snapshot
from scraper.snapshots.tables import JOINER
from scraper.verdicts.reasons import DEAD, PRESENT

KINDS = {
    "retracted": "retracted by the publisher",
    "concern": "expression of concern by the publisher",
    "corrected": "corrected by the publisher",
    "reinstated": "reinstated by the publisher",
    "newly_broken": "newly broken",
    "newly_failing": "newly failing",
    "confirmed_dead": "confirmed dead",
    "replaced": "something else under the old address",
    "drifted": "shows something else than before",
    "withdrawn": "withdrawn by the authors",
    "recovered": "recovered",
    "blocked": "now blocked for programs",
    "renamed": "renamed",
    "moved": "moved",
    "archived": "archived by the owner",
    "unarchived": "no longer archived",
    "license_changed": "licence changed",
    "decision_changed": "decision changed",
    "abstract_changed": "abstract changed",
    "stars_changed": "stars changed",
    "added": "added to the article",
    "removed": "taken from the article",
}
"""Every kind of change with its words, the most urgent first: the order of `compare`."""

STARS = 0.1
"""Stars have changed when they moved by this share since the last snapshot and by at least `STARS_LEAST`."""
STARS_LEAST = 10

_COLUMNS = tuple(
    str.split(
        """
        target url health reason confirmed_dead suggested_url archived_url first_line last_alive
        failing_since title abstract decision withdrawn notices full_name repository_id stars
        license_state license_spdx archived metadata_source
        """
    )
)
_EXCERPT = 80

Row = Mapping[str, Any]


class _Found(NamedTuple):
    kind: str
    before: str
    after: str


def compare(before: Snapshot | None, after: Snapshot) -> list[Change]:
    """The changes from one snapshot to a later one, by urgency and target; none when there is none before.

    Raises:
        SnapshotError: a table is damaged or not in the order of its keys.
    """
    if before is None:
        return []
    pairs: list[tuple[Row, Row]] = []
    changes = compare_rows(_rows(before), _rows(after), pairs)
    return _in_order([*changes, *_since_checked(pairs, before)])


def _rows(snapshot: Snapshot) -> Iterator[Row]:
    return snapshot.rows(LINKS.name, _COLUMNS)


def compare_rows(
    before: Iterable[Row], after: Iterable[Row], unknown: list[tuple[Row, Row]] | None = None
) -> list[Change]:
    """The same for rows of links.csv, in the order of their targets; `unknown` gets what moved or is blocked
    and could not be checked before: whether that is news, these rows do not tell."""
    changes: list[Change] = []
    for old, new in _pairs(_ordered(before), _ordered(after)):
        changes += [_change(found, old, new) for found in _differences(old, new)]
        if unknown is not None and old and new and _is_doubtful(old, new):
            unknown.append((old, new))
    return _in_order(changes)


def _is_doubtful(old: Row, new: Row) -> bool:
    return old["health"] == Health.UNVERIFIED and new["health"] in (Health.MOVED, Health.BLOCKED)


def _in_order(changes: Iterable[Change]) -> list[Change]:
    order = list(KINDS)
    return sorted(changes, key=lambda change: (order.index(change.kind), change.target))


def _since_checked(pairs: Iterable[tuple[Row, Row]], before: Snapshot) -> Iterator[Change]:
    """What is news of these after all: history.csv has how a link was when it was checked last."""
    wanted = {old["target"] for old, _ in pairs}
    rows = before.rows(HISTORY.name, ("target", "health")) if wanted else ()
    known = {row["target"]: row["health"] for row in rows if row["target"] in wanted}
    for old, new in pairs:
        if known.get(old["target"]) == Health.ALIVE:
            wall = _Found("blocked", _verdict(old), _verdict(new))
            found = wall if new["health"] == Health.BLOCKED else _moved({**old, "health": Health.ALIVE}, new)
            if found:
                yield _change(found, old, new)


def _ordered(rows: Iterable[Row]) -> Iterator[Row]:
    last = ""
    for row in rows:
        if row["target"] <= last:
            raise SnapshotError(f"links.csv is out of order at {row['target']!r}: restore it.")
        last = row["target"]
        yield row


def _pairs(before: Iterator[Row], after: Iterator[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    old, new = next(before, None), next(after, None)
    while old is not None or new is not None:
        if new is None or (old is not None and old["target"] < new["target"]):
            yield old, None
            old = next(before, None)
        elif old is None or new["target"] < old["target"]:
            yield None, new
            new = next(after, None)
        else:
            yield old, new
            old, new = next(before, None), next(after, None)


def _change(found: _Found, old: Row | None, new: Row | None) -> Change:
    row: Row = new or old or {}
    wants_copy = row["health"] in DEAD and found.kind != "removed"
    return Change(
        kind=found.kind,
        target=row["target"],
        title=row.get("title") or row.get("full_name") or "",
        before=found.before,
        after=found.after,
        url=row["url"] or "",
        line=row.get("first_line"),
        replacement=row.get("suggested_url") or (row.get("archived_url") if wants_copy else "") or "",
    )


def _differences(old: Row | None, new: Row | None) -> Iterator[_Found]:
    if old is None and new is not None:
        yield _Found("added", "", _verdict(new))
    elif new is None and old is not None:
        yield _Found("removed", _verdict(old), "")
    elif old is not None and new is not None:
        yield from _health(old, new)
        for look in _LOOKS:
            if found := look(old, new):
                yield found


def _verdict(row: Row) -> str:
    return f"{row['health']} ({row['reason']})"


def _health(old: Row, new: Row) -> Iterator[_Found]:
    kind = _health_kind(old, new)
    if kind:
        yield _Found(kind, _verdict(old), _verdict(new))
    if new["confirmed_dead"] and not old["confirmed_dead"]:
        yield _Found("confirmed_dead", "", f"since {new['failing_since']}")


def _health_kind(old: Row, new: Row) -> str:
    was, now = old["health"], new["health"]
    if now == was or now == Health.UNVERIFIED:
        return ""
    if now in DEAD:
        begun = new["failing_since"] != old["failing_since"]
        kind = "replaced" if new["reason"] == "replaced" else f"newly_{now}"
        return kind if begun or (was, now) == (Health.FAILING, Health.BROKEN) else ""
    if now == Health.BLOCKED:
        return "" if was == Health.UNVERIFIED and not old["failing_since"] else "blocked"
    out_of_reach = was in DEAD or was == Health.BLOCKED or old["failing_since"]
    return "recovered" if now in PRESENT and out_of_reach else ""


def _moved(old: Row, new: Row) -> _Found | None:
    if new["health"] != Health.MOVED or new["suggested_url"] == old["suggested_url"]:
        return None
    if old["health"] == Health.UNVERIFIED:
        return None
    if new["reason"] == "repository_renamed":
        name = old["full_name"] or str(new["target"]).partition(":")[2]
        return _Found("renamed", name, new["full_name"] or new["suggested_url"] or "")
    return _Found("moved", old["url"] or "", new["suggested_url"] or "")


def _replaced(old: Row, new: Row) -> _Found | None:
    was, now = old["repository_id"], new["repository_id"]
    return _Found("replaced", str(was), str(now)) if was and now and was != now else None


_NOTICES = {
    **dict.fromkeys(("retraction", "withdrawal", "removal"), "retracted"),
    **dict.fromkeys(("correction", "partial_retraction"), "corrected"),
    "expression_of_concern": "concern",
    "reinstatement": "reinstated",
}
"""Which change a new notice is, by its type."""


def _noticed(old: Row, new: Row) -> _Found | None:
    """The gravest notice that was not there before."""
    before, now = (row["notices"] or "" for row in (old, new))
    added = [notice for notice in now.split(JOINER) if notice not in before.split(JOINER)]
    kind = _NOTICES.get(added[0].partition(" ")[0]) if added else None
    return _Found(kind, "", added[0]) if kind and _was_read(old) else None


def _taken_over(old: Row, new: Row) -> _Found | None:
    """Of a link that was broken before as well: another owner is news all the same."""
    newly = new["reason"] == "replaced" != old["reason"] and old["health"] == new["health"]
    return _Found("replaced", _verdict(old), _verdict(new)) if newly else None


def _drifted(old: Row, new: Row) -> _Found | None:
    newly = new["reason"] == "drifted" != old["reason"]
    return _Found("drifted", old["title"] or "", "") if newly else None


def _withdrawn(old: Row, new: Row) -> _Found | None:
    return (
        _Found("withdrawn", "", "") if new["withdrawn"] and _was_read(old) and not old["withdrawn"] else None
    )


def _archived(old: Row, new: Row) -> _Found | None:
    was, now = old["archived"], new["archived"]
    if was is None or now is None or was == now:
        return None
    return _Found("archived", "active", "archived") if now else _Found("unarchived", "archived", "active")


def _license(old: Row, new: Row) -> _Found | None:
    was, now = ((row["license_state"], row["license_spdx"]) for row in (old, new))
    if was == now or not was[0] or not now[0]:
        return None
    return _Found("license_changed", was[1] or was[0], now[1] or now[0])


def _decision(old: Row, new: Row) -> _Found | None:
    was, now = old["decision"], new["decision"]
    return _Found("decision_changed", was or "", now) if now and now != was and _was_read(old) else None


def _abstract(old: Row, new: Row) -> _Found | None:
    was, now = (" ".join((row["abstract"] or "").split()) for row in (old, new))
    if not was or not now or was == now:
        return None
    start = next((place for place, pair in enumerate(zip(was, now, strict=False)) if pair[0] != pair[1]), 0)
    return _Found("abstract_changed", _excerpt(was, start), _excerpt(now, start))


def _excerpt(text: str, start: int) -> str:
    first = max(start - _EXCERPT // 4, 0)
    last = first + _EXCERPT
    return ("…" if first else "") + text[first:last] + ("…" if last < len(text) else "")


def _stars(old: Row, new: Row) -> _Found | None:
    was, now = old["stars"], new["stars"]
    if was is None or now is None or abs(now - was) < max(STARS_LEAST, STARS * was):
        return None
    return _Found("stars_changed", str(was), str(now))


def _was_read(row: Row) -> bool:
    return bool(row["metadata_source"])


_LOOKS: tuple[Callable[[Row, Row], _Found | None], ...] = (
    *(_noticed, _moved, _replaced, _taken_over, _drifted, _withdrawn),
    *(_archived, _license, _decision, _abstract, _stars),
)
