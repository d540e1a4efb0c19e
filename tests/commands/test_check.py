"""`scraper check`: verdicts now, in every format; with `--since` only of what the working tree adds."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import Place

from scraper.articles.reading import read_article
from scraper.commands.since import new_mentions
from scraper.sandbox import Sandbox

GOOD, MISSING, HERE = (f"https://plain.test/{name}" for name in ("good", "missing", "here"))


@pytest.fixture(scope="module")
def web() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        for url in (GOOD, HERE):
            sandbox.world.page(url, title=f"The page {url}")
        yield sandbox


@pytest.fixture
def place(web: Sandbox, tmp_path: Path) -> Place:
    return Place.in_sandbox(tmp_path, web, attempts=1)


def git(place: Place, *words: str) -> str:
    command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *words]
    done = subprocess.run(command, cwd=place.folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def repository(place: Place) -> Place:
    """An article with old rot in it, committed on `main`; the working tree is on a branch."""
    place.article(f"[good]({GOOD})", f"[old rot]({MISSING})", name="list")
    git(place, "init", "-q", "-b", "main")
    git(place, "add", "list.md")
    git(place, "commit", "-q", "-m", "A list")
    git(place, "checkout", "-q", "-b", "topic")
    return place


def test_addresses_are_judged_and_nothing_is_left_behind(place: Place) -> None:
    before = set(place.folder.rglob("*"))
    ended = place.quick("check", GOOD, "github.com/automl/RobustDARTS")
    assert (ended.code, ended.out) == (0, "2 links: 2 alive.\n")
    ended = place.quick("check", GOOD, MISSING)
    assert ended.code == 3
    assert ended.out.splitlines()[0].startswith(f"BROKEN   {MISSING}  Not found (404)")
    assert ended.out.splitlines()[-1] == "2 links: 1 alive, 1 broken."
    new = {path.name for path in set(place.folder.rglob("*")) - before}
    assert not {name for name in new if not name.startswith(".")} - {"scraper.toml"}


def test_an_address_that_could_not_be_judged_comes_with_the_reason(place: Place) -> None:
    ended = place.quick("check", "https://plain.test/challenge", "ftp://plain.test/x", GOOD)
    assert ended.code == 0
    first, second, _, last = ended.out.splitlines()
    assert first.startswith("BLOCKED  https://plain.test/challenge  ")
    assert second.startswith("UNVERIFIED ftp://plain.test/x  Not checked")
    assert last == "3 links: 1 alive, 1 blocked, 1 unverified."


@pytest.mark.parametrize("style", ["text", "json", "github", "sarif", "rdjson"])
def test_a_check_that_had_no_time_is_no_success_and_says_so(style: str, place: Place) -> None:
    place.article(f"[good]({GOOD})", name="list")
    ended = place.quick("check", "list.md", "--deadline", "0.001s", "--format", style)
    assert ended.code == 5
    assert "The deadline of 0.001 s came before all links were checked." in ended.out + ended.err
    if style in ("json", "sarif", "rdjson"):
        json.loads(ended.out)


def test_an_article_is_judged_line_by_line(place: Place) -> None:
    place.article(f"[good]({GOOD})", f"[bad]({MISSING})", name="list")
    ended = place.quick("check", "list.md")
    assert ended.code == 3
    assert f"list.md:2  {MISSING}" in ended.out


@pytest.mark.parametrize(
    "words", [["nowhere.md"], ["--since", "main", "https://plain.test/ok", "nowhere.md"]]
)
def test_what_is_not_there_is_one_line(words: list[str], place: Place) -> None:
    ended = place.quick("check", *words)
    assert (ended.code, len(ended.err.splitlines())) == (2, 1)
    assert "nowhere.md" in ended.err


def test_old_rot_never_fails_a_change(repository: Place) -> None:
    article = repository.folder / "list.md"
    article.write_text(f"# A title\n\n[old rot]({MISSING}) and\n[good]({GOOD})\n\n[more]({HERE})\n")
    ended = repository.quick("check", "list.md", "--since", "main")
    assert (ended.code, ended.out) == (0, "1 new or changed link: 1 alive.\n")


def test_a_new_dead_link_fails_it_and_says_who_brought_it(repository: Place) -> None:
    article = repository.folder / "list.md"
    article.write_text(article.read_text() + f"[new rot]({MISSING}?x=1)\n")
    assert repository.quick("check", "list.md", "--since", "main").code == 3
    git(repository, "commit", "-q", "-a", "-m", "More", "--author", "Grace <grace@example.org>")
    ended = repository.quick("check", "list.md", "--since", "main")
    assert ended.code == 3
    assert "(by Grace)" in ended.out
    assert f"list.md:3  {MISSING}?x=1" in ended.out


def test_a_renamed_article_has_its_history(repository: Place) -> None:
    git(repository, "mv", "list.md", "reading.md")
    git(repository, "commit", "-q", "-m", "A better name")
    ended = repository.quick("check", "reading.md", "--since", "main")
    assert (ended.code, ended.out) == (0, "0 new or changed links.\n")


def test_the_rest_is_told_from_the_last_run(repository: Place, web: Sandbox) -> None:
    assert repository.quick("refresh", "list.md", "--quiet").code == 0
    web.world.reset_counts()
    article = repository.folder / "list.md"
    article.write_text(article.read_text() + f"[more]({HERE})\n")
    ended = repository.quick("check", "list.md", "--since", "main")
    assert ended.out == (
        "1 new or changed link: 1 alive. 2 other links as of the last run: 1 broken or failing.\n"
    )
    assert web.world.count("plain.test", "/good") == web.world.count("plain.test", "/missing") == 0


@pytest.mark.parametrize("revision", ["nowhere", "--help", "main:list.md", "HEAD~99"])
def test_a_revision_that_is_none_is_one_line(revision: str, repository: Place) -> None:
    ended = repository.quick("check", "list.md", f"--since={revision}")
    assert (ended.code, len(ended.err.splitlines())) == (2, 1)
    assert "--since" in ended.err


def test_without_git_nothing_can_be_new(place: Place) -> None:
    place.article(f"<{GOOD}>", name="list")
    ended = place.quick("check", "list.md", "--since", "main")
    assert (ended.code, "is in no git repository" in ended.err) == (2, True)


# ── formats ──────────────────────────────────────────────────────────────────────────────────────────────


def annotated(place: Place, style: str) -> Any:
    place.article(f"[bad]({MISSING})", f"Some words [here]({HERE}) and more", name="list")
    ended = place.quick("check", "list.md", "--format", style)
    assert ended.code == 3
    return ended.out if style == "github" else json.loads(ended.out)


def test_json_has_a_version_and_every_link(place: Place) -> None:
    told = annotated(place, "json")
    assert told["version"] == 1
    assert [(link["line"], link["health"]) for link in told["links"]] == [(1, "broken"), (2, "alive")]


def test_github_takes_it_for_annotations(place: Place) -> None:
    first, *_, last = annotated(place, "github").splitlines()
    assert first.startswith(
        "::error file=list.md,line=1,title=broken%3A not_found::https://plain.test/missing:"
    )
    assert last == "2 links: 1 alive, 1 broken."


def test_hostile_words_make_no_command(place: Place) -> None:
    place.article(
        "[x](https://plain.test/missing/%0A::error::boo)",
        "[::stop-commands::x](https://plain.test/missing)",
        name="list",
    )
    lines = place.quick("check", "list.md", "--format", "github").out.splitlines()
    assert all(line.startswith(("::error file=list.md", "2 links")) for line in lines)


def test_sarif_names_rules_places_and_fingerprints(place: Place) -> None:
    told = annotated(place, "sarif")
    (run,) = told["runs"]
    assert (told["version"], run["tool"]["driver"]["name"]) == ("2.1.0", "scraper")
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "not_found"
    where = result["locations"][0]["physicalLocation"]
    assert (where["artifactLocation"]["uri"], where["region"]["startLine"]) == ("list.md", 1)
    place.article("", f"[bad]({MISSING})", name="list")
    again = json.loads(place.quick("check", "list.md", "--format", "sarif").out)
    assert again["runs"][0]["results"][0]["partialFingerprints"] == result["partialFingerprints"]


def test_a_move_is_a_suggested_change(place: Place, web: Sandbox) -> None:
    place.article("[code](https://github.com/sandbox-org/renamed-old) here", name="list")
    ended = place.quick("check", "list.md", "--format", "rdjson")
    assert ended.code == 0
    (told,) = json.loads(ended.out)["diagnostics"]
    (suggestion,) = told["suggestions"]
    assert suggestion["text"] == "https://github.com/sandbox-org/renamed-new"
    line = (place.folder / "list.md").read_text().splitlines()[suggestion["range"]["start"]["line"] - 1]
    start, end = (suggestion["range"][side]["column"] - 1 for side in ("start", "end"))
    assert line[start:end] == "https://github.com/sandbox-org/renamed-old"
    sarif = json.loads(place.quick("check", "list.md", "--format", "sarif").out)
    (fix,) = sarif["runs"][0]["results"][0]["fixes"]
    (replacement,) = fix["artifactChanges"][0]["replacements"]
    assert replacement["insertedContent"]["text"] == suggestion["text"]


# ── what is new ──────────────────────────────────────────────────────────────────────────────────────────

links = st.lists(st.sampled_from([f"https://h.test/{n}" for n in range(4)]), max_size=8)


@given(links, links)
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_new_is_what_stands_there_more_often_than_before(before: list[str], after: list[str]) -> None:
    old, now = (
        read_article("\n\n".join(["A list", *(f"<{url}>" for url in urls)]).encode(), "list.md").mentions
        for urls in (before, after)
    )
    new = [mention.href for mention in new_mentions(old, now)]
    for url in set(before) | set(after):
        assert new.count(url) == max(0, after.count(url) - before.count(url))
