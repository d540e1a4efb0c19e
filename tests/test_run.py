"""The main job in the sandbox: real sockets, real TLS, a real store, real files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from running import IMPATIENT, READING_LIST, article_of, run_in, settings_in

from scraper.articles.reading import load
from scraper.errors import NotPublished, Offline
from scraper.reports.editions import summary
from scraper.sandbox import Sandbox
from scraper.sandbox.messages import as_text
from scraper.sites import captures
from scraper.snapshots.snapshot import Snapshot
from scraper.store.store import Store
from scraper.verdicts.reasons import REASONS

TOKEN = "github_token"


@pytest.mark.parametrize("mode", ["open", "gated", "limited", "login"])
def test_every_verdict_is_the_one_on_the_sandbox_label(mode: str, tmp_path: Path) -> None:
    with Sandbox(mode=mode) as sandbox:
        login: dict[str, Any] = (
            sandbox.credentials if mode == "login" else {TOKEN: sandbox.credentials[TOKEN]}
        )
        result, rows = run_in(sandbox, tmp_path, **login)
        found = {key: (row["health"], row["reason"]) for key, row in rows.items()}
        assert found == {key: tuple(label) for key, label in sandbox.labels.items()}
    assert not result.incomplete
    assert result.tally.faults == 0
    forums = [row for row in rows.values() if row["site"] == "openreview"]
    assert len(forums) == 16
    assert all(row["title"] and row["abstract"] for row in forums)


def test_all_that_was_promised_of_papers_and_repositories_is_there(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        result, rows = run_in(sandbox, tmp_path, github_token=sandbox.credentials[TOKEN])
    snapshot = Snapshot.at(result.published[READING_LIST.stem].path)
    papers = list(snapshot.rows("papers"))
    assert [paper["number"] for paper in papers] == list(range(1, 17))
    assert all(paper[name] for paper in papers for name in ("title", "abstract", "decision", "paper_url"))
    repositories = [row for row in rows.values() if row["site"] == "github"]
    assert len(repositories) == 9
    for name in ("stars", "license_state", "archived", "last_commit_at", "repository_id", "metadata_as_of"):
        assert all(row[name] is not None for row in repositories)
    assert {row["license_state"] for row in repositories} == {"spdx", "none"}


def test_the_tables_keep_their_contract(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        result, _ = run_in(sandbox, tmp_path)
    folder = result.published[READING_LIST.stem].path
    links = pd.read_csv(folder / "links.csv")
    assert links["target"].is_monotonic_increasing
    assert set(links["health"] + "/" + links["reason"]) <= {
        f"{r.health}/{name}" for name, r in REASONS.items()
    }
    assert len(pd.read_csv(folder / "mentions.csv")) == 48
    assert len(pd.read_csv(folder / "checks.csv")) == 36
    written = pd.read_csv(folder / "links.csv", dtype=str)["stars"].dropna()
    assert len(written) == 9
    assert all(stars.isdigit() for stars in written)


def test_gated_abstracts_come_from_mementos_and_no_page_is_called_alive_or_broken(tmp_path: Path) -> None:
    with Sandbox(mode="gated") as sandbox:
        _, rows = run_in(sandbox, tmp_path)
    forums = [row for row in rows.values() if row["site"] == "openreview"]
    assert {(row["health"], row["reason"]) for row in forums} == {("blocked", "challenge")}
    assert {row["metadata_source"] for row in forums} == {"memento"}
    assert all(row["abstract"] and row["archived_url"] for row in forums)


def test_an_unchanged_web_gives_the_same_bytes(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        first, _ = run_in(sandbox, tmp_path)
        second, _ = run_in(sandbox, tmp_path)
    one, other = (result.published[READING_LIST.stem] for result in (first, second))
    assert other.changed == ()
    assert other.previous == one.path
    names = {path.name for path in one.path.iterdir()} - {"checks.csv"}
    assert "history.csv" in names and "datapackage.json" in names
    for name in names:
        assert (one.path / name).read_bytes() == (other.path / name).read_bytes()


def test_a_failed_read_erases_nothing(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        token: dict[str, Any] = {TOKEN: sandbox.credentials[TOKEN]}
        _, before = run_in(sandbox, tmp_path, **token)
        sandbox.world.faults.add("graphql_rate_limited")
        _, after = run_in(sandbox, tmp_path, **token)
    key = "github:automl/robustdarts"
    assert (after[key]["health"], after[key]["reason"]) == ("unverified", "rate_limited")
    assert after[key]["stars"] == before[key]["stars"] is not None
    assert after[key]["metadata_as_of"] == before[key]["metadata_as_of"]
    assert (before[key]["metadata_stale"], after[key]["metadata_stale"]) == (False, True)


def test_without_a_network_nothing_is_published_and_nothing_counts(tmp_path: Path) -> None:
    with Sandbox() as sandbox:
        first, _ = run_in(sandbox, tmp_path)
        latest = first.published[READING_LIST.stem].path
        before = {path: path.read_bytes() for path in latest.iterdir()}
        sandbox.world.faults.add("network_down")
        with pytest.raises(Offline, match="no network"):
            run_in(sandbox, tmp_path)
        sandbox.world.faults.discard("network_down")
        assert {path: path.read_bytes() for path in latest.iterdir()} == before
        _, rows = run_in(sandbox, tmp_path)
    assert rows["github:ibm/fedma"]["failing_since"] is None


def test_a_list_of_dead_hosts_is_not_taken_for_a_missing_network(tmp_path: Path) -> None:
    with Sandbox(faults=["offline_host:gone.test"]) as sandbox:
        _, rows = run_in(sandbox, tmp_path, [article_of(tmp_path, "<https://gone.test/x>")])
    assert rows["web:https://gone.test/x"]["health"] == "failing"


def test_the_deadline_publishes_what_is_done_and_says_so(tmp_path: Path) -> None:
    lines = [f"<https://slow.test/page/{number}>" for number in range(30)]
    with Sandbox() as sandbox:
        result, rows = run_in(
            sandbox,
            tmp_path,
            [article_of(tmp_path, *lines)],
            deadline=0.7,
            hosts={"slow.test": {"interval": 0.2}},
            probe=False,
        )
        assert "deadline" in result.incomplete
        reasons = {row["reason"] for row in rows.values()}
        assert reasons == {"ok", "deadline"}
        settings = settings_in(sandbox, tmp_path)
        with Store.open(settings.store) as store:
            line = summary(store, "list", settings)
        assert line is not None
        asked = sum(row["reason"] == "ok" for row in rows.values())
        assert (line.counts["alive"], line.counts["unverified"], line.unasked) == (
            asked,
            30 - asked,
            30 - asked,
        )
        again, rows = run_in(sandbox, tmp_path, [article_of(tmp_path, *lines)], probe=False)
    assert again.run == result.run
    assert {row["reason"] for row in rows.values()} == {"ok"}


def test_several_articles_ask_each_link_once(tmp_path: Path) -> None:
    one = article_of(tmp_path, "# A", "<https://plain.test/same>", name="one")
    two = article_of(tmp_path, "# B", "<https://plain.test/same>", name="two")
    with Sandbox() as sandbox:
        result, _ = run_in(sandbox, tmp_path, [one, two], probe=False)
        assert sandbox.world.count("plain.test") == 1
    assert sorted(result.published) == ["one", "two"]


def test_the_real_article_through_the_sandbox(tmp_path: Path, shared: Path) -> None:
    article = load(str(shared / READING_LIST.name))
    with Sandbox() as sandbox:
        result, rows = run_in(sandbox, tmp_path, [article], github_token=sandbox.credentials[TOKEN])
        assert {key: (row["health"], row["reason"]) for key, row in rows.items()} == {
            key: tuple(label) for key, label in sandbox.labels.items()
        }
    assert len(list(Snapshot.at(result.published[article.name].path).rows("papers"))) == 16


def test_an_outage_of_most_hosts_publishes_nothing(tmp_path: Path) -> None:
    lines = [f"<https://host{number}.test/page/{number}>" for number in range(4)]
    article = article_of(tmp_path, *lines)
    with Sandbox() as sandbox:
        run_in(sandbox, tmp_path, [article])
        for number in range(3):
            sandbox.world.faults.add(f"offline_host:host{number}.test")
        with pytest.raises(NotPublished, match="3 of 4 hosts"):
            run_in(sandbox, tmp_path, [article])


def test_mementos_that_the_article_names_are_visited_only_when_asked(tmp_path: Path) -> None:
    url = "https://plain.test/page/1"
    article = article_of(tmp_path, f"[x](https://web.archive.org/web/20200101000000/{url})")
    with Sandbox() as sandbox:
        run_in(sandbox, tmp_path, [article])
        assert sandbox.world.count("web.archive.org") == 0
        _, rows = run_in(sandbox, tmp_path, [article], check_mementos=True)
        assert sandbox.world.count("web.archive.org") > 0
    row = rows[f"web:{url}"]
    assert row["health"] == "alive"
    assert row["notes"] == ["the archived copy of 20200101000000 is gone (HTTP 404)"]


def test_robots_are_asked_when_the_setting_says_so(tmp_path: Path) -> None:
    article = article_of(tmp_path, "<https://plain.test/page/1>", "<https://open.test/page/2>")
    with Sandbox() as sandbox:
        sandbox.world.pages["https://plain.test/robots.txt"] = as_text("User-agent: *\nDisallow: /page/")
        _, rows = run_in(sandbox, tmp_path, [article], robots=True)
    assert rows["web:https://plain.test/page/1"]["reason"] == "robots"
    assert rows["web:https://open.test/page/2"]["reason"] == "ok"


def test_a_captive_portal_is_no_web(tmp_path: Path) -> None:
    lines = [f"<https://host{number}.test/page/{number}>" for number in range(4)]
    with Sandbox(faults=["captive_portal"]) as sandbox, pytest.raises(Offline, match="captive portal"):
        run_in(sandbox, tmp_path, [article_of(tmp_path, *lines)])
    assert not (tmp_path / "data" / "snapshots").exists()


def test_a_host_that_wants_an_hour_of_peace_gets_it(tmp_path: Path) -> None:
    lines = [f"<https://busy.test/page/{number}>" for number in range(20)]
    with Sandbox(faults=["host_limited:busy.test"]) as sandbox:
        _, rows = run_in(sandbox, tmp_path, [article_of(tmp_path, *lines, "<https://free.test/page/1>")])
        assert sandbox.world.count("busy.test") < 10
    assert {row["reason"] for key, row in rows.items() if "busy" in key} == {"rate_limited"}
    assert rows["web:https://free.test/page/1"]["reason"] == "ok"


def test_a_login_that_ends_in_mid_run_is_renewed_once(tmp_path: Path) -> None:
    with Sandbox(mode="login", faults=["openreview_token_expired"]) as sandbox:
        login: dict[str, Any] = {**sandbox.credentials}
        result, rows = run_in(sandbox, tmp_path, **login)
        assert sandbox.world.count("api2.openreview.net", "/login", "POST") == 2
    assert result.complaints == []
    forums = [row for row in rows.values() if row["site"] == "openreview"]
    assert {row["reason"] for row in forums} == {"confirmed_by_api"}


def test_a_refused_token_is_one_line_and_the_run_goes_on_without_it(tmp_path: Path) -> None:
    with Sandbox(faults=["github_token_bad"]) as sandbox:
        result, rows = run_in(sandbox, tmp_path, github_token=sandbox.credentials[TOKEN])
    (line,) = result.complaints
    assert "GITHUB_TOKEN" in line
    assert sandbox.credentials[TOKEN] not in line
    repositories = [row for row in rows.values() if row["site"] == "github"]
    assert all(row["stars"] is not None and row["metadata_source"] == "github-rest" for row in repositories)


def test_an_archive_that_does_not_answer_is_left_alone_at_once(tmp_path: Path) -> None:
    article = article_of(tmp_path, *(f"<https://host{number}.test/404>" for number in range(12)))
    with Sandbox() as sandbox:
        sandbox.world.faults.add("archive_down")
        hosts = {**IMPATIENT, **{key: {"interval": 0.0, "concurrency": 1} for key in captures.PACES}}
        _, rows = run_in(sandbox, tmp_path, [article], attempts=3, hosts=hosts)
        asked = sandbox.world.count("archive.org"), sandbox.world.count("web.archive.org")
    assert asked == (1, 1), "the availability API once, the index once, and neither tried again"
    assert {row["reason"] for row in rows.values()} == {"not_found"}
    assert not any(row["archived_url"] for row in rows.values())
