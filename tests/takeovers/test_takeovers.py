"""Links that were taken over, links that moved honestly, and living pages that look guilty.

Every case goes through the whole job on real sockets. The figures are those that the rules must hold: nearly
no takeover passes, no honest move is called dead, and `fix` writes none of the new owners' addresses.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from servers import response

from takeovers.cases import Case, Routes, at, living, moves, odd_moves, ok, takeovers
from takeovers.pages import THINGS, own
from takeovers.runs import Rows, fixed, run
from takeovers.web import TakenWeb

TAKEN, MOVED, LIVING = [*takeovers()], [*moves(), *odd_moves()], [*living()]
PAGES = Path(__file__).parents[3] / "shared" / "data" / "pages"
PRESENT, DEAD = ("alive", "moved"), ("broken", "failing")


def told(cases: Sequence[Case], rows: Rows) -> str:
    """What was said of the cases, one line each."""
    said = [(case, rows[case.url]) for case in cases]
    return "\n".join(
        f"{case.name}: {case.url}: {row['reason']} ({row['detail']}) {row['notes']}" for case, row in said
    )


def check(cases: Sequence[Case], rows: Rows, text: str, *, suggested: float) -> None:
    taken = [case for case in cases if case.kind == "takeover"]
    missed = [case for case in taken if rows[case.url]["health"] in PRESENT]
    assert len(missed) <= 0.05 * len(taken), told(missed, rows)

    honest = [case for case in cases if case.kind == "move"]
    killed = [case for case in cases if case.kind != "takeover" and rows[case.url]["health"] in DEAD]
    assert not killed, told(killed, rows)
    followed = [case for case in honest if rows[case.url]["suggested_url"] == case.goal]
    lost = [case for case in honest if case not in followed]
    assert len(followed) >= suggested * len(honest), told(lost, rows)

    goals = {case.goal for case in honest}
    new = set(re.findall(r"\]\((http[^)]+)\)", text)) - {case.url for case in cases}
    assert new <= goals


def test_the_set_is_large_enough() -> None:
    assert len(TAKEN) >= 60
    assert len({name for case in TAKEN if (name := case.name.split(", ")[1])}) >= 12
    assert len(MOVED) >= 200
    assert len({case.url for case in (*TAKEN, *MOVED, *LIVING)}) == len(TAKEN) + len(MOVED) + len(LIVING)


def test_by_what_the_list_calls_them(tmp_path: Path) -> None:
    """A first run, no archive: only the list's own words are known."""
    cases = [*TAKEN, *MOVED, *LIVING]
    web = TakenWeb(cases)
    with web.open():
        rows = run(tmp_path, web, cases)
    check(cases, rows, fixed(tmp_path, rows), suggested=0.9)


def test_by_what_was_there_the_week_before(tmp_path: Path) -> None:
    """The list only says "link"; a run before the change remembers titles and words."""
    cases = [*TAKEN[::2], *MOVED[::3], *LIVING[::2]]
    web = TakenWeb(cases)
    with web.open():
        rows = run(tmp_path, web, cases, named=False, before=True)
    check(cases, rows, fixed(tmp_path, rows), suggested=0.9)


def test_by_the_archived_copy(tmp_path: Path) -> None:
    """The list only says "link", nobody was there before: suspicious links cost one request more."""
    cases = [*TAKEN[1::2], *MOVED[1::3], *LIVING[1::2]]
    web = TakenWeb(cases, archived=True)
    with web.open():
        rows = run(tmp_path, web, cases, named=False)
    check(cases, rows, fixed(tmp_path, rows), suggested=0.8)
    assert 0 < web.raw_copies <= len(cases)


@pytest.mark.parametrize("named", [True, False])
def test_nothing_is_asked_for_links_that_are_not_suspicious(tmp_path: Path, named: bool) -> None:
    web = TakenWeb(LIVING, archived=True)
    with web.open():
        rows = run(tmp_path, web, LIVING, named=named)
    assert {row["health"] for row in rows.values()} == {"alive"}
    assert web.raw_copies <= 2  # of those that write about a trade as loudly as those who are in it


def test_what_drifts_is_alive_and_told_until_it_is_itself_again(tmp_path: Path) -> None:
    """The same address, no trade, and neither title nor words of what was there."""
    thing, other = THINGS[5], THINGS[18]
    url = f"http://{thing.host}{thing.path}"
    case = Case("drift", "living", "link", "Data", url, {at(url): ok(own(thing))}, {at(url): ok(own(other))})
    web = TakenWeb([case])
    with web.open():
        (row,) = run(tmp_path, web, [case], named=False, before=True).values()
        assert (row["health"], row["reason"], row["title"]) == ("alive", "drifted", thing.title)
        assert thing.title in row["notes"][0] and other.title in row["notes"][0]
        (again,) = run(tmp_path, web, [case], named=False, day=14).values()
        assert again["reason"] == "drifted"
        (row,) = run(tmp_path, web, [case], named=False, back=True, day=21).values()
        assert (row["reason"], row["notes"]) == ("ok", None)


@pytest.mark.skipif(not PAGES.exists(), reason="pages that strangers wrote are not here")
def test_living_pages_of_strangers_belong_to_whom_they_belonged(tmp_path: Path) -> None:
    """Nothing is known of them but an address that says nothing."""
    with tarfile.open(PAGES / "pages.tar.xz") as archive:
        archive.extractall(tmp_path / "pages", filter="data")
    cases = []
    for number, page in enumerate(json.loads((PAGES / "pages.json").read_text("utf-8"))):
        if page["label"] == "living":
            (file,) = (tmp_path / "pages").rglob(f"{page['id']}.html")
            url = f"http://host{number}.org/{number}"
            answer: Routes = {at(url): response(file.read_bytes(), kind="text/html")}
            cases.append(Case(page["id"], "living", "link", "Pages", url, {}, answer))
    web = TakenWeb(cases)
    with web.open():
        rows = run(tmp_path, web, cases, named=False)
    assert len(rows) == len(cases) > 300
    assert [row["url"] for row in rows.values() if row["reason"] in ("replaced", "drifted")] == []
