"""`scraper publish github`: one issue, one pull request, and no second word without news."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from places import Ended, Place

from scraper.commands.publish_issue import marker
from scraper.commands.publish_pull import branch_of
from scraper.sandbox import Sandbox, github_writing, records
from scraper.sandbox.github_writing import Desk
from scraper.store.store import Store

HOME = "me/papers"
DIES = "https://blog.test/attention"
ALIVE = f"- <https://blog.test/gradients>\n- <{DIES}>"
LINES = ("# List", ALIVE, "- <https://github.com/me/old>")
MORE = "- <https://github.com/me/older>"
BRANCH = "scraper/fix-list"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    renamed = [{"full_name": f"me/new{tail}", "previous": [f"me/old{tail}"]} for tail in ("", "er")]
    with Sandbox(repositories=[{"full_name": HOME}, *renamed]) as running:
        for subject in ("gradients", "attention"):
            text = f"<h1>On {subject}</h1>" + f"<p>What we learned of {subject} in a year of work.</p>" * 9
            running.world.page(f"https://blog.test/{subject}", text, title=f"On {subject}")
        yield running


@pytest.fixture
def desk(sandbox: Sandbox) -> Desk:
    return github_writing.desk(sandbox.world, HOME)


@pytest.fixture
def place(sandbox: Sandbox, tmp_path: Path, desk: Desk) -> Place:
    (tmp_path / "list").mkdir()
    made = Place.in_sandbox(tmp_path / "list", sandbox, attempts=1)
    write(made, desk, *LINES)
    return made


def write(place: Place, desk: Desk, *lines: str) -> None:
    """The article, here and on the default branch."""
    path = place.article(*lines)
    desk.commit(desk.default, {**desk.branches[desk.default], "list.md": path.read_bytes()})


def publish(place: Place, *more: str, token: str = records.GITHUB_TOKEN) -> Ended:
    return place.quick("publish", "github", "--repository", HOME, *more, GITHUB_TOKEN=token)


def round_(place: Place) -> str:
    assert place.quick("refresh", "list.md").code == 0
    ended = publish(place, "list.md")
    assert (ended.code, ended.err) == (0, "")
    return ended.out


def threads(desk: Desk, *, pulls: bool) -> list[dict[str, Any]]:
    return [one for one in desk.threads if ("head" in one) == pulls]


def written(sandbox: Sandbox) -> int:
    world = sandbox.world
    return sum(world.count("api.github.com", f"/repos/{HOME}", method) for method in ("POST", "PATCH", "PUT"))


def test_twice_is_one_issue_one_pull_request_and_no_comment(
    place: Place, sandbox: Sandbox, desk: Desk
) -> None:
    round_(place)
    (issue,), (pull,) = threads(desk, pulls=False), threads(desk, pulls=True)
    assert issue["state"] == pull["state"] == "open"
    assert issue["body"].splitlines()[0] == "<!-- scraper:issue:list -->"
    assert "2 of 3 links are alive" in issue["body"]
    assert b"github.com/me/new>" in desk.branches[BRANCH]["list.md"]
    assert b"github.com/me/old>" in desk.branches[desk.default]["list.md"]
    assert (pull["head"]["ref"], pull["base"]["ref"]) == (BRANCH, desk.default)
    before = written(sandbox)
    said = publish(place, "list.md")
    assert "issue unchanged" in said.out
    assert "pull request unchanged" in said.out
    assert publish(place).out == said.out, "without a name it is every article"
    assert written(sandbox) == before, "the same snapshot has nothing new to write"
    round_(place)
    assert len(desk.threads) == 2
    assert desk.comments == {}


def test_news_is_one_comment(place: Place, sandbox: Sandbox, desk: Desk) -> None:
    round_(place)
    sandbox.world.kill(DIES)
    assert "with a comment" in round_(place)
    assert publish(place, "list.md").code == 0
    round_(place)
    ((comment,),) = desk.comments.values()
    assert "Newly broken" in comment["body"]
    assert "blog.test/attention" in comment["body"]
    assert len(threads(desk, pulls=False)) == 1


def test_news_of_runs_between_is_told_too(place: Place, sandbox: Sandbox, desk: Desk) -> None:
    round_(place)
    sandbox.world.kill(DIES)
    assert place.quick("refresh", "list.md").code == 0
    round_(place)
    ((comment,),) = desk.comments.values()
    assert "blog.test/attention" in comment["body"]


def test_a_comment_is_not_made_again_when_the_issue_was_not_reached(
    place: Place, sandbox: Sandbox, desk: Desk
) -> None:
    round_(place)
    (issue,) = threads(desk, pulls=False)
    old = issue["body"]
    sandbox.world.kill(DIES)
    round_(place)
    issue["body"] = old
    assert publish(place, "list.md").code == 0
    assert [len(one) for one in desk.comments.values()] == [1]


def test_it_is_closed_and_opened_again(place: Place, sandbox: Sandbox, desk: Desk) -> None:
    write(place, desk, "# List", ALIVE)
    assert "no issue is needed" in round_(place)
    assert desk.threads == []
    states = []
    for dead in (True, False, True):
        (sandbox.world.kill if dead else sandbox.world.revive)(DIES)
        round_(place)
        states.append(desk.threads[0]["state"])
    assert states == ["open", "closed", "open"]
    assert len(desk.threads) == 1


def test_an_incomplete_run_closes_nothing(place: Place, sandbox: Sandbox, desk: Desk) -> None:
    sandbox.world.kill(DIES)
    round_(place)
    before = written(sandbox)
    assert place.quick("refresh", "list.md", "--deadline", "0.001s", "--no-resume").code == 5
    said = publish(place, "list.md").out
    assert "issue left as it is, for not all links could be checked: https://" in said
    assert "pull request left as it is, for not all of its links could be checked: https://" in said
    assert written(sandbox) == before
    round_(place)
    assert [one["state"] for one in desk.threads] == ["open", "open"]


def test_a_pull_request_waits_only_for_links_of_its_own(place: Place, sandbox: Sandbox, desk: Desk) -> None:
    round_(place)
    sandbox.world.page(DIES, status=429, retry_after="3600")
    assert "pull request unchanged" in round_(place)
    write(place, desk, *LINES, MORE)
    assert "pull request updated" in round_(place)


def test_what_was_dead_and_could_not_be_checked_keeps_the_issue_open(
    place: Place, sandbox: Sandbox, desk: Desk
) -> None:
    write(place, desk, "# List", ALIVE)
    sandbox.world.kill(DIES)
    round_(place)
    sandbox.world.page(DIES, status=429, retry_after="3600")
    sandbox.world.revive(DIES)
    assert "issue left as it is" in round_(place)
    sandbox.world.page(DIES, "<p>What we learned of attention in a year of work.</p>" * 9)
    assert "issue closed" in round_(place)
    assert [one["state"] for one in threads(desk, pulls=False)] == ["closed"]


def test_a_pull_request_without_edits_left_is_closed(place: Place, desk: Desk) -> None:
    round_(place)
    write(place, desk, "# List", ALIVE, "- <https://github.com/me/new>")
    assert "pull request closed" in round_(place)
    (pull,) = threads(desk, pulls=True)
    assert pull["state"] == "closed"
    write(place, desk, *LINES)
    assert "pull request made" in round_(place), "we closed it ourselves: it may be proposed again"


def test_more_edits_go_to_the_same_pull_request(place: Place, desk: Desk) -> None:
    round_(place)
    write(place, desk, *LINES, MORE)
    assert "pull request updated" in round_(place)
    (pull,) = threads(desk, pulls=True)
    assert "2 links" in pull["title"]
    assert b"github.com/me/old" not in desk.branches[BRANCH]["list.md"]


def test_what_a_maintainer_closed_is_not_proposed_again(place: Place, desk: Desk) -> None:
    round_(place)
    (pull,) = threads(desk, pulls=True)
    pull["state"] = "closed"
    write(place, desk, *LINES, "More text.")
    assert "not proposed again" in round_(place)
    write(place, desk, *LINES, MORE)
    assert "pull request made" in round_(place)
    assert [one["state"] for one in threads(desk, pulls=True)] == ["closed", "open"]


def test_strangers_markers_and_branches_are_left_alone(place: Place, desk: Desk) -> None:
    copied = {"title": "Mine", "body": "<!-- scraper:issue:list -->\n<!-- scraper:told:x -->"}
    stranger = {"number": 1, "state": "open", "user": {"login": "mallory"}, "html_url": "u", **copied}
    desk.threads.append(dict(stranger))
    round_(place)
    assert desk.threads[0] == stranger
    assert len(threads(desk, pulls=False)) == 2
    threads(desk, pulls=True)[0]["body"] = "A branch of that name, by hand"
    ended = publish(place, "list.md")
    assert (ended.code, ended.err.count("\n")) == (5, 1)
    assert "is not ours" in ended.err
    assert "list: issue" in ended.out, "what was done before is told"


@pytest.mark.parametrize(
    ("fault", "says"), [("github_502", "502"), ("github_token_bad", "Bad credentials"), ("", "Not Found")]
)
def test_what_github_refuses_is_one_line(fault: str, says: str, place: Place, sandbox: Sandbox) -> None:
    assert place.quick("refresh", "list.md").code == 0
    if fault:
        sandbox.world.faults.add(fault)
    else:
        sandbox.world.kill(f"https://github.com/{HOME}")
    ended = publish(place, "list.md")
    assert (ended.code, ended.err.count("\n"), ended.out) == (5, 1, "")
    assert says in ended.err
    assert records.GITHUB_TOKEN not in ended.err


def test_a_silent_github_holds_nobody_up_past_the_deadline(place: Place) -> None:
    assert place.quick("refresh", "list.md").code == 0
    published = (place.folder / "data/snapshots/list/latest").resolve()
    with socket.create_server(("127.0.0.1", 0)) as silent:  # who connects is never answered
        port = silent.getsockname()[1]
        place.settings |= {"github_api": f"http://127.0.0.1:{port}", "allow_ports": [80, 443, port]}
        place.settings |= {"deadline": "1s", "timeout": 90.0, "connect_to": []}
        ended = publish(place, "list.md")
    assert (ended.code, ended.out) == (5, "")
    assert ended.err == (
        "scraper: me/papers: the deadline of 1 s came with 1 article left, list first; publish again.\n"
    )
    assert (place.folder / "data/snapshots/list/latest").resolve() == published


def test_a_redirect_is_not_followed(place: Place, sandbox: Sandbox) -> None:
    assert place.quick("refresh", "list.md").code == 0
    sandbox.world.rename(HOME, "me/renamed")
    sandbox.world.reset_counts()
    ended = publish(place, "list.md")
    assert ended.code == 5
    assert "as it is called now" in ended.err
    assert sandbox.world.count("api.github.com", "/repositories/") == 0


def test_the_token_goes_to_the_api_alone(place: Place, sandbox: Sandbox) -> None:
    round_(place)
    told = {seen.host for seen in sandbox.world.requests if "authorization" in seen.headers}
    assert told == {"api.github.com"}


def test_nothing_is_sent_without_a_token_or_of_the_sandboxs_store(place: Place, sandbox: Sandbox) -> None:
    assert place.quick("refresh", "list.md").code == 0
    sandbox.world.reset_counts()
    ended = publish(place, "list.md", token="")
    assert (ended.code, "GITHUB_TOKEN" in ended.err) == (2, True)
    assert place.quick("publish", "github", "--repository", "../x", GITHUB_TOKEN="t").code == 2
    (place.folder / "data" / "scraper.db").unlink()
    Store.open(place.folder / "data" / "scraper.db", sandbox=True).close()
    ended = publish(place, "list.md")
    assert (ended.code, "made up" in ended.err) == (2, True)
    assert sandbox.world.requests == []


def test_names_that_git_or_a_comment_would_not_bear() -> None:
    assert marker("issue", "a --> b") == "<!-- scraper:issue:a%20--%3E%20b -->"
    assert branch_of("list") == BRANCH
    odd = [branch_of(name) for name in ("a b", "a..b", "a~b.lock")]
    assert len(set(odd)) == 3
    assert not any(set(name) & set(" .~^:?*[\\") for name in odd)
