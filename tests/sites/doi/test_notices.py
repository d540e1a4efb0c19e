"""Notices on a work: what kind, whose, since when; and whose they are not."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from scraper.columns import LINKS
from scraper.records import normal
from scraper.sites.doi.notices import GRAVITY
from scraper.sites.doi.records import CROSSREF_FIELDS, crossref_record, datacite_record


def entry(
    kind: str, doi: str = "10.1/n", day: Any = (2020, 1, 2), source: str = "publisher"
) -> dict[str, Any]:
    made = {"DOI": doi, "type": kind, "label": kind.title(), "source": source}
    return made | ({"updated": {"date-parts": [list(day)]}} if day else {})


def work(
    *updates: dict[str, Any], title: str = "A Work", update_to: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    made = {"DOI": "10.1/w", "title": [title], "updated-by": list(updates)}
    return made | ({"update-to": list(update_to)} if update_to else {})


def told(made: dict[str, Any]) -> tuple[Any, Any, Any, Any]:
    record = crossref_record(made)
    assert record["withdrawn"] is None
    assert record.keys() <= {column.name for column in LINKS.columns}
    assert normal(record) == record
    names = ("notice_type", "notice_doi", "notice_date", "notice_source")
    kind, doi, date, source = (record[name] for name in names)
    return kind, doi, date, source


# The Lancet's record of 1998 as Crossref gives it: a correction and a retraction side by side.
LANCET = work(
    entry("correction", "10.1016/s0140-6736(04)15715-2", (2004, 3, 6), "retraction-watch"),
    entry("retraction", "10.1016/s0140-6736(10)60175-4", (2010, 2, 6), "retraction-watch"),
    title="RETRACTED: Ileal-lymphoid-nodular hyperplasia",
)


def test_the_gravest_is_told_and_all_are_kept() -> None:
    assert told(LANCET) == (
        "retraction",
        "10.1016/s0140-6736(10)60175-4",
        "2010-02-06T00:00:00Z",
        "retraction-watch",
    )
    assert crossref_record(LANCET)["notices"] == [
        "retraction 10.1016/s0140-6736(10)60175-4 2010-02-06 retraction-watch",
        "correction 10.1016/s0140-6736(04)15715-2 2004-03-06 retraction-watch",
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("retraction", "retraction"),
        ("Retraction", "retraction"),
        ("withdrawal", "withdrawal"),
        ("removal", "removal"),
        ("partial_retraction", "partial_retraction"),
        ("expression_of_concern", "expression_of_concern"),
        ("expression-of-concern", "expression_of_concern"),
        ("Expression of concern", "expression_of_concern"),
        ("correction", "correction"),
        ("corrigendum", "correction"),
        ("erratum", "correction"),
        ("addendum", "correction"),
        ("clarification", "correction"),
        ("reinstatement", "reinstatement"),
        ("new_version", None),
        ("new_edition", None),
        ("", None),
        ("something else", None),
    ],
)
def test_the_types_of_crossref_and_of_retraction_watch(written: str, expected: str | None) -> None:
    made = entry(written) | {"label": ""}
    assert told(work(made))[0] == expected


@pytest.mark.parametrize(
    ("updates", "expected"),
    [
        (["correction", "expression_of_concern"], "expression_of_concern"),
        (["expression_of_concern", "retraction", "correction"], "retraction"),
        (["partial_retraction", "expression_of_concern"], "partial_retraction"),
        (["removal", "withdrawal"], "withdrawal"),
        (["retraction", "reinstatement"], "reinstatement"),
        (["expression_of_concern", "reinstatement"], "reinstatement"),
        (["reinstatement", "retraction"], "retraction"),
        (["retraction", "reinstatement", "retraction"], "retraction"),
        (["correction", "retraction", "reinstatement"], "reinstatement"),
        (["retraction", "reinstatement", "expression_of_concern"], "expression_of_concern"),
    ],
)
def test_what_stands_after_all_of_them_in_order_of_time(updates: list[str], expected: str) -> None:
    entries = [entry(kind, f"10.1/n{year}", (year, 5, 6)) for year, kind in enumerate(updates, 2011)]
    random.Random(1).shuffle(entries)
    assert told(work(*entries))[0] == expected
    assert len(crossref_record(work(*entries))["notices"]) == len(updates)


def test_a_reinstatement_without_a_date_follows_what_it_takes_back() -> None:
    assert told(work(entry("retraction", day=None), entry("reinstatement", day=None)))[0] == "reinstatement"


def test_of_two_that_are_alike_the_publishers_word_comes_first() -> None:
    both = work(
        entry("retraction", "10.1/n", (2020, 1, 2), "retraction-watch"),
        entry("retraction", "10.1/n", (2020, 1, 5), "publisher"),
    )
    assert told(both) == ("retraction", "10.1/n", "2020-01-05T00:00:00Z", "publisher")
    assert len(crossref_record(both)["notices"]) == 2


def test_update_to_counts_only_where_it_names_the_work_itself() -> None:
    in_place = work(update_to=[entry("retraction", "https://doi.org/10.1/W")])
    assert told(in_place)[:2] == ("retraction", "10.1/w")
    notice = work(title="Retraction: Another Work", update_to=[entry("retraction", "10.1/another")])
    assert told(notice) == (None, None, None, None)
    nameless = {"title": ["T"], "update-to": [entry("retraction", "")]}
    assert crossref_record(nameless)["notice_type"] is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("RETRACTED: A Work", "retraction"),
        ("Retracted: Influence of Gastrectomy", "retraction"),
        ("RETRACTED ARTICLE: A Work", "retraction"),
        ("[Retracted] A Work", "retraction"),
        ("\N{LEFT DOUBLE QUOTATION MARK}RETRACTED: A Work", "retraction"),
        ("WITHDRAWN: A Work", "withdrawal"),
        ("REMOVED: A Work", "removal"),
        ("TEMPORARY REMOVAL: A Work", "removal"),
        ("Retraction: A Work", None),
        ("Retracted to the Mean", None),
        ("Retracted papers: a study", None),
        ("Withdrawn from the World", None),
        ("On a RETRACTED: work", None),
        ("Correction: A Work", None),
    ],
)
def test_a_title_is_the_publishers_word_where_nothing_is_registered(title: str, expected: str | None) -> None:
    assert told(work(title=title)) == (expected, None, None, "publisher" if expected else None)


def test_a_title_adds_nothing_to_what_is_registered() -> None:
    assert len(crossref_record(LANCET)["notices"]) == 2
    corrected = work(entry("correction"), title="RETRACTED: A Work")
    assert told(corrected)[0] == "retraction"
    reinstated = work(entry("reinstatement"), title="RETRACTED: A Work")
    assert told(reinstated)[0] == "reinstatement"


@pytest.mark.parametrize(
    ("updated", "day", "written"),
    [
        ({"date-parts": [[2020, 1, 2]]}, "2020-01-02T00:00:00Z", "2020-01-02"),
        ({"date-parts": [[2020]]}, None, "2020"),
        ({"date-parts": [[2020, 1]]}, None, "2020-01"),
        ({"date-time": "2020-01-02T03:04:05Z"}, "2020-01-02T00:00:00Z", "2020-01-02"),
        ({"date-parts": [["2020"]]}, None, "-"),
        ({"date-parts": [[True]]}, None, "-"),
        ({"date-parts": 5}, None, "-"),
        ({}, None, "-"),
    ],
)
def test_dates_as_precise_as_they_are_known(updated: object, day: str | None, written: str) -> None:
    made = work(entry("correction", day=None) | {"updated": updated})
    assert told(made)[2] == day
    assert crossref_record(made)["notices"] == [f"correction 10.1/n {written} publisher"]


def test_datacite_has_a_date_of_withdrawal_and_no_retractions() -> None:
    made = {
        "doi": "10.1/d",
        "titles": [{"title": "T"}],
        "dates": [{"date": "2021-02-03", "dateType": "Withdrawn"}, {"date": "2019", "dateType": "Issued"}],
        "relatedIdentifiers": [
            {"relationType": "IsObsoletedBy", "relatedIdentifier": "10.1/e", "relatedIdentifierType": "DOI"}
        ],
    }
    record = datacite_record(made)
    assert (record["notice_type"], record["notice_date"]) == ("withdrawal", "2021-02-03T00:00:00Z")
    assert datacite_record(made | {"dates": []})["notice_type"] is None
    assert datacite_record(made | {"titles": [{"title": "Retracted: T"}]})["notice_type"] == "withdrawal"


def test_a_list_of_works_is_asked_for_all_that_is_read() -> None:
    class Watched(dict[str, Any]):
        def get(self, key: str, default: Any = None) -> Any:
            read.add(key)
            return super().get(key, default)

    read: set[str] = set()
    crossref_record(Watched(work()))
    assert read == set(CROSSREF_FIELDS)


def planted(number: int, chance: random.Random) -> tuple[dict[str, Any], tuple[Any, Any, Any, Any]]:
    """A work with notices, and what must be said of it."""
    kind = [*GRAVITY, None][number % (len(GRAVITY) + 1)]
    source = chance.choice(("publisher", "retraction-watch"))
    day = (chance.randint(2000, 2026), chance.randint(1, 12), chance.randint(1, 28))
    lesser = GRAVITY[GRAVITY.index(kind) + 1 :] if kind else ()
    others = [
        entry(other, f"10.9/o{number}.{place}", (1999, 1, 1), "publisher")
        for place, other in enumerate(lesser)
        if other != "reinstatement" and chance.random() < 0.5
    ]
    own = [entry(kind, f"10.9/N{number}", day, source)] if kind else []
    updates = [*others, *own]
    chance.shuffle(updates)
    elsewhere = [entry("retraction", f"10.9/else{number}")] if chance.random() < 0.3 else []
    made = work(*updates, update_to=elsewhere)
    date = f"{day[0]:04d}-{day[1]:02d}-{day[2]:02d}T00:00:00Z"
    return made, (kind, f"10.9/n{number}", date, source) if kind else (None, None, None, None)


def test_two_hundred_planted_notices_are_told_exactly() -> None:
    chance = random.Random(20261124)
    cases = [planted(number, chance) for number in range(200)]
    assert all(told(made) == expected for made, expected in cases)
    counts = Counter(expected[0] for _, expected in cases)
    assert set(counts) == {*GRAVITY, None}
    assert sum(told(made)[0] == "retraction" for made, _ in cases) == counts["retraction"]


def test_a_notice_is_not_retracted_by_what_it_retracts() -> None:
    """Both works name each other; Retraction Watch's word stands on the side that is the notice."""
    watched, mirrored = (
        entry("retraction", "10.1/P", source="retraction-watch"),
        entry("retraction", "10.1/p"),
    )
    assert told(work(mirrored, update_to=[watched])) == (None, None, None, None)
    assert told(work(mirrored, entry("correction", "10.1/c"), update_to=[watched]))[0] == "correction"


def test_a_retracted_work_stays_so_though_it_names_its_notice_too() -> None:
    watched, mirror = entry("retraction", "10.1/n", source="retraction-watch"), entry("retraction", "10.1/n")
    assert told(work(watched, update_to=[mirror]))[0] == "retraction"
    assert told(work(watched, mirror, update_to=[mirror]))[0] == "retraction"
    assert told(work(mirror, update_to=[mirror]))[0] == "retraction", "nobody tells which is the notice"
    assert told(work(watched, update_to=[watched]))[0] == "retraction"
    assert told(work(entry("retraction", "10.1/other"), update_to=[watched]))[0] == "retraction"
