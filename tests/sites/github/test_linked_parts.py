"""Parts of repositories have a health of their own, and so have the repositories they are in."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from github_worlds import TOKEN, exists, release, repository, run
from memories import Memories

from scraper.model import Health
from scraper.sandbox.world import World

HOME = "https://github.com/guild/code"
GIST = "0123456789abcdef0123456789abcdef"

CODE = repository(
    "guild/code",
    tree=["README.md", "LICENSE", "train.py", "src/model.py", "src/deep/er/layers.py", "data new/a+b.csv"],
    history=[
        {
            "date": "2022-03-01T00:00:00Z",
            "files": [
                {"filename": "old/eval.py", "status": "removed"},
                {"filename": "old/plots/one.py", "status": "removed"},
                {"filename": "train.py", "status": "modified"},
            ],
        },
        {
            "date": "2021-02-01T00:00:00Z",
            "files": [
                {"filename": "src/model.py", "status": "renamed", "previous_filename": "net.py"},
                {
                    "filename": "src/deep/er/layers.py",
                    "status": "renamed",
                    "previous_filename": "lib/er/layers.py",
                },
                {"filename": "gone.py", "status": "renamed", "previous_filename": "once.py"},
            ],
        },
    ],
    branches={"feature/fast/er": ["train.py", "only/here.py"], "dev": ["README.md"]},
    tags=["v1.0", "v2.0", "rel/3"],
    release=release("v2.0", "w.zip"),
    releases=[release("v1.0")],
    issues=[1, 5],
    pulls=[2],
    discussions=[3, 9],
    converted={"5": 9},
    transferred={"6": "guild/other#60"},
    deleted_issues=["7"],
    wiki=["Home", "Set-up"],
    files={"train.py": "\n".join(f"line {number}" for number in range(1, 31))},
)
OTHER = repository("guild/other", issues=[60])
RENAMED = repository("guild/new-name", previous=["guild/old-name"], tree=["a.py"], tags=["v1"], issues=[4])


def world(**more: Any) -> World:
    made = World(repositories=[CODE, OTHER, RENAMED], **more)
    made.gists[GIST] = "A gist"
    return made


ALIVE = [
    "blob/main/train.py",
    "blob/main/train.py#L30",
    "blob/main/data%20new/a%2Bb.csv",
    "blob/HEAD/src/model.py",
    "blob/v1.0/src/model.py",
    "blob/rel/3/src/model.py",
    "blob/feature/fast/er/only/here.py",
    "blob/refs/heads/feature/fast/er/only/here.py",
    "raw/main/train.py",
    "blame/main/train.py",
    "tree/main",
    "tree/main/src",
    "tree/main/src/deep/er",
    "tree/dev",
    "tree/feature/fast/er",
    "tree/feature/fast/er/only",
    "tree/v2.0",
    "tree/rel/3",
    "commits/main",
    "commits/main/src",
    "issues/1",
    "pull/1",  # GitHub leads on from one to the other
    "pull/2",
    "pull/2/files",
    "issues/2",
    "discussions/3",
    "releases/tag/v2.0",
    "releases/tag/v1.0",
    "releases/tag/rel/3",  # a tag without a release has this page as well
    "releases/latest",
    "releases/download/v2.0/w.zip",
    "releases/latest/download/w.zip",
    "archive/v1.0.zip",
    "archive/refs/heads/main.tar.gz",
    "archive/refs/tags/rel/3.zip",
    "wiki/Set-up",
]
BROKEN = {
    "blob/main/never.py": "path_not_found",
    "blob/main/Train.py": "path_not_found",
    "blob/main/old/eval.py": "file_removed",
    "blob/main/once.py": "file_removed",  # renamed, and what it became was removed
    "blob/v1.0/nothing.py": "path_not_found",
    "blob/feature/fast/er/nothing.py": "path_not_found",
    "blob/gone/train.py": "revision_not_found",
    "tree/gone": "revision_not_found",
    "tree/main/nowhere": "path_not_found",
    "tree/main/old": "file_removed",
    "tree/main/old/plots": "file_removed",
    "commit/0123456789abcdef0123456789abcdef01234567": "revision_not_found",
    "commit/fedcba9": "revision_not_found",
    "issues/70": "not_found",
    "issues/7": "gone",
    "pull/71": "not_found",
    "discussions/72": "not_found",
    "releases/tag/v9": "not_found",
    "releases/download/v2.0/none.zip": "not_found",
    "releases/download/v9/w.zip": "not_found",
    "archive/v9.zip": "revision_not_found",
    "wiki/Nothing": "not_found",
}
MOVED = {
    "blob/main/net.py": ("file_moved", f"{HOME}/blob/main/src/model.py"),
    "blob/main/lib/er/layers.py": ("file_moved", f"{HOME}/blob/main/src/deep/er/layers.py"),
    "tree/main/lib/er": ("file_moved", f"{HOME}/tree/main/src/deep/er"),
    "blob/master/train.py": ("branch_renamed", f"{HOME}/blob/main/train.py"),
    "tree/master": ("branch_renamed", f"{HOME}/tree/main"),
    "tree/master/src": ("branch_renamed", f"{HOME}/tree/main/src"),
    "archive/master.zip": ("branch_renamed", f"{HOME}/archive/main.zip"),
    "blob/master/net.py": ("file_moved", f"{HOME}/blob/main/src/model.py"),
    "issues/5": ("became_discussion", f"{HOME}/discussions/9"),
    "issues/6": ("issue_transferred", "https://github.com/guild/other/issues/60"),
}


def test_every_part_gets_its_own_verdict() -> None:
    done = run(world(), [f"{HOME}/{part}" for part in (*ALIVE, *BROKEN, *MOVED)])
    assert done.verdicts["github:guild/code"].health is Health.ALIVE
    wrong = {part: done.reason(f"{HOME}/{part}") for part in ALIVE if done.reason(f"{HOME}/{part}") != "ok"}
    assert not wrong
    assert {part: done.reason(f"{HOME}/{part}") for part in BROKEN} == BROKEN


def test_what_moved_says_where() -> None:
    done = run(world(), [f"{HOME}/{part}" for part in MOVED])
    for part, expected in MOVED.items():
        verdict = next(one for key, one in done.verdicts.items() if key == f"github:guild/code/{part}")
        assert (verdict.reason, verdict.suggested_url) == expected
        assert verdict.health is Health.MOVED


def test_five_dead_deep_links_of_a_living_repository() -> None:
    dead = [
        "tree/gone",
        "commit/fedcba9",
        "releases/tag/v9",
        "releases/download/v2.0/none.zip",
        "discussions/72",
    ]
    done = run(world(), [f"{HOME}/{part}" for part in dead])
    healths = [done.verdicts[f"github:guild/code/{part}"].health for part in dead]
    assert healths == [Health.BROKEN] * 5
    assert done.verdicts["github:guild/code"].health is Health.ALIVE
    assert sum(done.asked.values()) == 1


def test_a_broken_part_costs_two_requests_at_most_and_living_ones_none() -> None:
    done = run(world(), [f"{HOME}/{part}" for part in (*ALIVE, *BROKEN)])
    assert done.asked["api.github.com"] <= 1 + 2 * len(BROKEN)
    for part in BROKEN:
        assert done.per_target[f"github:guild/code/{part}"] <= 2
    living = {key for key in done.per_target if done.verdicts[key].health is Health.ALIVE}
    assert living <= {"github:guild/code/wiki/Set-up"}, (
        "the API has no word on wikis: their bytes are asked for"
    )


@pytest.mark.parametrize("token", [TOKEN, None])
@pytest.mark.parametrize("part", ["blob/main/old/eval.py", "tree/main/old", "blob/main/once.py"])
def test_a_removed_file_has_the_permalink_that_still_works(part: str, token: str | None) -> None:
    made = world()
    verdict = run(made, [f"{HOME}/{part}"], token).verdicts[f"github:guild/code/{part}"]
    assert verdict.health is Health.BROKEN
    assert verdict.suggested_url != f"{HOME}/{part}"
    assert exists(made, verdict.suggested_url)
    assert "commit " in verdict.detail


def test_a_line_beyond_the_end_is_noted() -> None:
    done = run(world(), [f"{HOME}/blob/main/train.py#L12-L400"])
    verdict = done.verdicts["github:guild/code/blob/main/train.py"]
    assert (verdict.health, verdict.notes) == (
        Health.ALIVE,
        ("line 400 is linked, and the file has 30 lines",),
    )
    assert run(world(), [f"{HOME}/blob/main/train.py#L30"]).verdicts[
        "github:guild/code/blob/main/train.py"
    ].notes == ()  # fmt: skip


def test_a_section_that_the_readme_has_no_longer_is_noted() -> None:
    readme = "# Code\n\n## How to `train` it!\n\ntext\n\nResults\n-------\n<a name='cite'></a>\n"
    made = World(repositories=[repository("a/b", readme=readme)])
    there = ["how-to-train-it", "results", "cite", "code", "readme"]
    done = run(made, [f"https://github.com/a/b#{name}" for name in there[:1]])
    assert done.verdicts["github:a/b"].notes == ()
    for name in there:
        assert run(made, [f"https://github.com/a/b#{name}"]).verdicts["github:a/b"].notes == ()
    noted = run(made, ["https://github.com/a/b#usage"]).verdicts["github:a/b"]
    assert (noted.health, noted.notes) == (Health.ALIVE, ("the README has no section #usage",))


def test_a_renamed_repository_takes_its_parts_along() -> None:
    old = "https://github.com/guild/old-name"
    done = run(
        world(), [f"{old}/blob/main/a.py", f"{old}/issues/4", f"{old}/releases/tag/v1", f"{old}/tree/gone"]
    )
    new = "https://github.com/guild/new-name"
    for part in ("blob/main/a.py", "issues/4", "releases/tag/v1"):
        verdict = done.verdicts[f"github:guild/old-name/{part}"]
        assert (verdict.reason, verdict.suggested_url) == ("repository_renamed", f"{new}/{part}")
    assert done.reason(f"{old}/tree/gone") == "revision_not_found"
    assert done.reason(old) == "repository_renamed"


@pytest.mark.parametrize("token", [TOKEN, None])
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("guild/never-was", "not_found"),
        ("sandbox-org/private", "not_found"),
        ("sandbox-org/dmca", "repository_blocked"),
        ("sandbox-org/tos", "repository_blocked"),
    ],
)
def test_what_is_wrong_with_a_repository_is_wrong_with_its_parts(
    name: str, reason: str, token: str | None
) -> None:
    url = f"https://github.com/{name}"
    done = run(World(), [f"{url}/blob/main/a.py", f"{url}/issues/1"], token)
    assert {verdict.reason for verdict in done.verdicts.values()} == {reason}
    assert len(done.verdicts) == 3
    assert sum(done.asked.values()) <= 2


@pytest.mark.parametrize("token", [TOKEN, None])
def test_a_gist(token: str | None) -> None:
    gone = "f" * 32
    done = run(world(), [f"https://gist.github.com/someone/{GIST}", f"https://gist.github.com/{gone}"], token)
    assert (done.verdicts[f"github:gist/{GIST}"].health, done.verdicts[f"github:gist/{gone}"].reason) == (
        Health.ALIVE,
        "not_found",
    )
    assert done.findings[f"github:gist/{GIST}"][0].record["description"] == "A gist"


@pytest.mark.parametrize("token", [TOKEN, None])
def test_a_page_of_which_only_itself_tells_is_asked_and_never_called_dead(token: str | None) -> None:
    made = World(repositories=[repository("a/b", tree=[".github/workflows/ci.yml"])])
    home = "https://github.com/a/b/actions/workflows"
    done = run(made, [f"{home}/ci.yml", f"{home}/never.yml"], token)
    assert (done.reason(f"{home}/ci.yml"), done.reason(f"{home}/never.yml")) == ("ok", "rate_limited")
    assert done.verdicts["github:a/b"].health is Health.ALIVE


# ── without a token ──────────────────────────────────────────────────────────────────────────────────────


def test_a_guest_reads_files_without_a_budget() -> None:
    files = [part for part in ALIVE if part.startswith(("blob/", "raw/", "blame/"))]
    done = run(world(), [f"{HOME}/{part}" for part in files], None)
    assert {done.reason(f"{HOME}/{part}") for part in files} == {"ok"}
    assert done.asked["api.github.com"] <= 5, "the repository's own"


@pytest.mark.parametrize("part", [*ALIVE])
def test_a_guest_finds_what_is_there(part: str) -> None:
    assert run(world(), [f"{HOME}/{part}"], None).reason(f"{HOME}/{part}") == "ok"


@pytest.mark.parametrize("part", [*BROKEN])
def test_a_guest_denies_what_is_not(part: str) -> None:
    done = run(world(), [f"{HOME}/{part}"], None)
    verdict = done.verdicts[f"github:guild/code/{part}"]
    if part == "discussions/72":  # only its page tells of it, and GitHub's pages deny nothing
        assert (verdict.health, verdict.reason) == (Health.UNVERIFIED, "rate_limited")
    else:
        assert verdict.health is Health.BROKEN
    assert done.verdicts["github:guild/code"].health is Health.ALIVE


@pytest.mark.parametrize("part", [*MOVED])
def test_a_guest_follows_what_moved(part: str) -> None:
    made = world()
    verdict = run(made, [f"{HOME}/{part}"], None).verdicts[f"github:guild/code/{part}"]
    if part == "issues/5":  # REST shows the issue, and nothing of the discussion
        assert verdict.health is Health.ALIVE
    elif part == "tree/main/lib/er":  # whether the new folder is still there would cost one request more
        assert verdict.reason == "file_removed"
        assert exists(made, verdict.suggested_url)
    else:
        assert (verdict.health, verdict.suggested_url) == (Health.MOVED, MOVED[part][1])


def test_githubs_404_to_a_throttled_stranger_is_no_proof() -> None:
    made = world(faults=["github_rate_limited", "github_pages_throttled"])
    done = run(made, [f"{HOME}/tree/dev", f"{HOME}/issues/1", f"{HOME}/discussions/3"], None)
    assert {verdict.health for verdict in done.verdicts.values()} == {Health.UNVERIFIED}


def test_the_guests_budget_is_kept() -> None:
    made = world()
    parts = [f"{HOME}/issues/{number}" for number in range(100, 160)]
    done = run(made, parts, None)
    assert done.asked["api.github.com"] <= 60
    assert made.budgets[("core", "")].used <= 60
    healths = {verdict.health for key, verdict in done.verdicts.items() if "issues" in key}
    assert healths <= {Health.BROKEN, Health.UNVERIFIED}


# ── in batches ───────────────────────────────────────────────────────────────────────────────────────────


def test_three_hundred_parts_are_asked_with_their_repositories() -> None:
    names = [f"many/r{number:02}" for number in range(100)]
    made = World(repositories=[repository(name, tree=["a.py", "b/c.py"], issues=[1]) for name in names])
    parts = ["blob/main/a.py", "tree/main/b", "issues/1"]
    done = run(made, [f"https://github.com/{name}/{part}" for name in names for part in parts])
    assert {verdict.reason for verdict in done.verdicts.values()} == {"ok"}
    assert (len(done.verdicts), done.asked) == (400, {"api.github.com": 2})


def test_the_parts_of_fifty_repositories_are_one_request() -> None:
    names = [f"many/r{number:02}" for number in range(50)]
    grown = [repository(name, tree=["a.py", "b/c.py"], issues=[1], tags=["v1"]) for name in names]
    parts = [
        "blob/main/a.py",
        "blob/master/b/c.py",
        "tree/main/b",
        "tree/v1/b",
        "issues/1",
        "releases/tag/v1",
    ]
    links = [f"https://github.com/{name}/{part}" for name in names for part in parts]
    done = run(World(repositories=grown), links)
    assert (len(done.verdicts), done.asked) == (350, {"api.github.com": 1})
    assert Counter(verdict.reason for verdict in done.verdicts.values()) == {"ok": 300, "branch_renamed": 50}


def test_hundreds_of_parts_of_one_repository() -> None:
    paths = [f"x/f{number:03}.py" for number in range(400)]
    made = World(repositories=[repository("one/big", tree=paths)])
    done = run(made, [f"https://github.com/one/big/blob/main/{path}" for path in paths])
    assert {verdict.reason for verdict in done.verdicts.values()} == {"ok"}
    assert sum(done.asked.values()) <= 4


@pytest.mark.parametrize(
    "fault",
    ["graphql_502_over:0", "graphql_something_went_wrong", "github_token_bad", "graphql_resource_limits:0"],
)
def test_where_graphql_does_not_serve_rest_does(fault: str) -> None:
    parts = ["blob/main/train.py", "issues/1", "tree/gone", "blob/main/old/eval.py"]
    done = run(world(faults=[fault]), [f"{HOME}/{part}" for part in parts])
    assert [done.reason(f"{HOME}/{part}") for part in parts] == [
        "ok",
        "ok",
        "revision_not_found",
        "file_removed",
    ]


def test_a_limit_leaves_parts_unverified() -> None:
    done = run(world(faults=["graphql_rate_limited"]), [f"{HOME}/blob/main/train.py", f"{HOME}/issues/70"])
    assert {verdict.reason for verdict in done.verdicts.values()} == {"rate_limited"}


def test_a_part_alone_knows_its_repository_from_before() -> None:
    memory = Memories(records={"github:guild/code": {"full_name": "guild/code", "default_branch": "main"}})
    done = run(world(), [f"{HOME}/blob/master/train.py"], None, memory)
    assert (
        done.verdicts["github:guild/code/blob/master/train.py"].suggested_url == f"{HOME}/blob/main/train.py"
    )
