"""Who asks whom on a cluster, and what each worker is told."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.cluster import shards
from scraper.cluster.messages import Load, Recollection, pack, unpack
from scraper.cluster.shards import ARCHIVE, family, fill, in_the_clear, portion, settings_for, share_out
from scraper.cluster.worker import Rows
from scraper.model import Called, Health, Outcome, Verdict
from scraper.settings import HostSettings, Settings
from scraper.sites import KINDS
from scraper.sites.identity import identify
from scraper.verdicts.history import State
from scraper.visits.asking import Tally

TOKEN = "github_token"

# Who asks whom


KEYS = st.sampled_from(
    [
        "openreview.net",
        "api.openreview.net",
        "api2.openreview.net",
        "web.archive.org",
        "archive.org",
        "api.github.com",
        "api.github.com/graphql",
        "github.com",
        "api.crossref.org",
        "doi.org",
        "export.arxiv.org",
        "arxiv.org",
        "example.org",
        "www.example.org",
        *(f"host{number}.test" for number in range(20)),
    ]
)


@given(st.dictionaries(KEYS, st.integers(1, 5000)), st.integers(1, 9))
def test_each_key_is_in_one_shard_with_all_of_its_family(remaining: dict[str, int], slots: int) -> None:
    shared = share_out(remaining, slots, Settings())
    assert sorted(key for keys in shared for key in keys) == sorted(remaining)
    assert len(shared) <= slots
    homes: dict[str, set[int]] = {}
    for number, keys in enumerate(shared):
        for key in keys:
            homes.setdefault(family(key), set()).add(number)
    assert all(len(numbers) == 1 for numbers in homes.values())


@given(st.dictionaries(st.from_regex(r"h[0-9]{1,3}\.test", fullmatch=True), st.integers(1, 5000)))
def test_no_shard_is_longer_than_its_share_and_one_host(remaining: dict[str, int]) -> None:
    sizes = [sum(remaining[key] for key in keys) for keys in share_out(remaining, 4, Settings())]
    assert max(sizes, default=0) <= sum(remaining.values()) / 4 + max(remaining.values(), default=0)


def test_what_leads_to_the_archive_lives_with_it() -> None:
    openreview = (
        "openreview.net",
        "api.openreview.net",
        "api2.openreview.net",
        "archive.org",
        "www.archive.org",
    )
    assert {family(key) for key in openreview} == {ARCHIVE}
    assert family("api.github.com/graphql") == family("api.github.com") != family("github.com")
    assert family("api.datacite.org") == family("dx.doi.org") == family("api.crossref.org")


# What travels


class _Nothing:
    """A store that remembers nothing."""

    def validator(self, url: str) -> str:
        return ""

    def validators(self, prefix: str) -> dict[str, str]:
        return {}

    def last_read(self, target: str) -> datetime | None:
        return None

    def state(self, target: str) -> State:
        return State()

    def record(self, target: str) -> dict[str, Any]:
        return {}

    def called(self, target: str) -> Called:
        return Called()

    def states(self, keys: Iterable[str]) -> dict[str, State]:
        return {}

    def records(self, keys: Iterable[str]) -> dict[str, tuple[datetime, dict[str, Any]]]:
        return {}

    def names(self, keys: Iterable[str]) -> dict[str, Called]:
        return dict.fromkeys(keys, Called(("its name",), ("its heading",)))


SECRET: dict[str, Any] = {
    TOKEN: "secret-of-github",
    "openreview_username": "secret-name",
    "openreview_password": "secret-word",
    "openreview_token": "secret-of-openreview",
}
ADDRESSES = {
    "web": "https://example.org/x",
    "github": "https://github.com/a/b",
    "openreview": "https://openreview.net/forum?id=H1gDNyrKDS",
}


def _filled(*sites: str, **settings: Any) -> Load:
    turns = [(identify(ADDRESSES[site]), "key") for site in sites]
    return fill(turns, Settings(**{**SECRET, **settings}), _Nothing())


@pytest.mark.parametrize(
    ("sites", "seen"),
    [
        (("web",), set()),
        (("web", "github"), {TOKEN}),
        (("openreview",), {"openreview_username", "openreview_password", "openreview_token"}),
    ],
)
def test_a_credential_travels_only_with_the_targets_that_need_it(
    sites: tuple[str, ...], seen: set[str]
) -> None:
    load = _filled(*sites)
    inside = pickle.dumps(load)
    assert {name for name, value in SECRET.items() if value.encode() in inside} == seen
    assert "secret" not in f"{load!r} {load} {load.settings!r}"
    assert unpack(pack(load)).turns == load.turns


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        ("tcp://scheduler:8786", 1),
        ("tls://scheduler:8786", 0),
        ("tcp://127.0.0.1:8786", 0),
        ("tcp://localhost:8786", 0),
        ("tcp://localhost.example:8786", 1),
        ("local:2", 0),
    ],
)
def test_credentials_on_an_open_network_are_worth_a_line(address: str, lines: int) -> None:
    assert len(in_the_clear(address, Settings(**SECRET))) == lines
    assert in_the_clear(address, Settings()) == []


def test_wishes_for_copies_carry_no_credential() -> None:
    target = replace(identify(ADDRESSES["openreview"]), site="wayback")
    assert b"secret" not in pickle.dumps(fill([(target, ARCHIVE)], Settings(**SECRET), _Nothing()))


def test_what_the_articles_call_a_page_travels_and_one_shard_asks_the_archive() -> None:
    page, forum = identify("https://a.org/x"), identify("https://openreview.net/forum?id=H1gDNyrKDS")
    load = fill([(page, "a.org")], Settings(), _Nothing())
    assert load.memory.called(page.key) == Called(("its name",), ("its heading",))
    assert not load.settings.archive
    load = fill([(forum, "openreview.net")], Settings(), _Nothing())
    assert load.memory.called(forum.key) == Called()
    assert load.settings.archive


def test_every_setting_travels_or_stays_on_purpose() -> None:
    stays = {
        *(
            "data",
            "reports",
            "articles",
            "deadline",
            "max_age",
            "resume",
            "expect",
            "confirm_runs",
        ),
        *(
            "confirm_span",
            "outage",
            "keep_visits",
            "thin_snapshots",
            "keep_snapshots",
            "parquet",
            "fail_on",
            "ping_url",
            "prometheus",
        ),
        *("log_format", "ca_file", "report_url", "exclude", "expect", "local_links"),
    }
    secrets = {name for kind in KINDS for name in kind.secrets}
    assert shards.TRAVELLING | stays | secrets == set(Settings.model_fields)
    hosts = {"a.test": HostSettings(interval=3.0)}
    settings = Settings(ping_url="https://ping.test/secret", hosts=hosts, timeout=7.0)
    told = settings_for({"web"}, settings)
    assert (told.ping_url, told.timeout, told.hosts["a.test"].interval) == ("", 7.0, 3.0)


def test_the_authorities_travel_as_what_is_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(b"-----BEGIN CERTIFICATE-----")
    load = _filled("web", ca_file=str(tmp_path / "ca.pem"))
    assert load.authorities == b"-----BEGIN CERTIFICATE-----"
    assert load.settings.ca_file == ""


def test_the_memory_of_a_shard_answers_like_the_store() -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    memory = Recollection({"u": '"e"'}, {"t": at}, {"t": {"title": "T"}})
    assert (memory.validator("u"), memory.last_read("t"), memory.record("t")) == ('"e"', at, {"title": "T"})
    assert (memory.validator("x"), memory.last_read("x"), memory.record("x")) == ("", None, {})


async def test_rows_leave_at_once_then_in_company_and_costs_are_told_once() -> None:
    parcels: list[Any] = []
    rows = Rows(3, parcels.append)
    rows.tally = Tally({"a.test": 2}, {"a.test": 1.0})
    outcome = Outcome(identify(ADDRESSES["web"]), Verdict(Health.ALIVE, "ok"), datetime.now(UTC))
    rows.add(outcome)
    await asyncio.sleep(0.01)
    rows.tally.requests["a.test"] = 5
    rows.add(outcome)
    rows.add(outcome)
    assert len(parcels) == 1
    rows.flush()
    assert [len(parcel.outcomes) for parcel in parcels] == [1, 2]
    assert [parcel.requests for parcel in parcels] == [{"a.test": 2}, {"a.test": 3}]
    assert rows.sent == 3


def test_a_portion_is_the_same_share_of_every_key() -> None:
    assert portion({"a.org": 600, "b.org": 300, "c.org": 3}, 90) == {"a.org": 60, "b.org": 30, "c.org": 1}
    assert portion({"a.org": 2, "b.org": 1, "done.org": 0}, 90) == {"a.org": 2, "b.org": 1}
    assert portion({}, 90) == {}
