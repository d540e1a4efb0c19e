"""`scraper check --since` on lists of real size and under any edit, each in a git repository of its own."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from running import settings_in

from scraper.commands.check import check
from scraper.sandbox import Sandbox

GOOD = [f"https://plain.test/page/{number}" for number in range(4)]
MOVED = ["https://plain.test/301", "https://plain.test/308"]
WALLED = ["https://plain.test/challenge"]
DEAD = ["https://plain.test/404", "https://plain.test/410", "https://plain.test/500"]


@pytest.fixture(scope="module")
def web() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def git(folder: Path, *words: str) -> None:
    name = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "gc.auto=0")
    subprocess.run(["git", *name, *words], cwd=folder, capture_output=True, check=True)


def commit(folder: Path, lines: list[str]) -> None:
    (folder / "list.md").write_text("\n\n".join(["# A list", *lines]) + "\n", "utf-8")
    git(folder, "add", "list.md")
    git(folder, "commit", "-q", "--allow-empty", "-m", "The list")


def begun(folder: Path, lines: list[str]) -> None:
    folder.mkdir(exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    commit(folder, lines)
    git(folder, "checkout", "-q", "-b", "topic")


def checked(web: Sandbox, folder: Path) -> tuple[int, list[str]]:
    """The exit code, and the paths that were asked of the hosts of the list."""
    web.world.reset_counts()
    config = settings_in(web, folder, probe=False, archive=False, attempts=1, local_links=False)
    code = check([str(folder / "list.md")], config, since="main", style="json").code
    return code, [seen.ask.path for seen in web.world.requests if seen.host.endswith("plain.test")]


def test_three_changed_lines_of_a_thousand_are_three_visits(web: Sandbox, tmp_path: Path) -> None:
    lines = [f"- [Paper {number}](https://a{number}.plain.test/page/1)" for number in range(1_000)]
    begun(tmp_path, lines)
    lines[10] = "- [Paper 10](https://a10.plain.test/page/2)"
    lines[500] = (
        "- [Paper 500, once more](https://a500.plain.test/page/1) and [its talk](https://x.plain.test/page/3)"
    )
    lines[999] = "- [The last](https://a999.plain.test/page/4)"
    commit(tmp_path, lines)
    code, asked = checked(web, tmp_path)
    assert (code, sorted(asked)) == (0, ["/page/2", "/page/3", "/page/4"])


pages = st.sampled_from([*GOOD, *MOVED, *WALLED, *DEAD])
lists = st.lists(pages, max_size=6)


@st.composite
def edited(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """A list, and what became of it: lines taken out, put in, exchanged and moved about."""
    before = draw(lists)
    after = [url for url in before if draw(st.booleans())]
    for url in draw(st.lists(pages, max_size=3)):
        after.insert(draw(st.integers(0, len(after))), url)
    return before, draw(st.permutations(after))


@pytest.mark.long
@given(edit=edited(), others=lists, committed=st.booleans())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_code_3_is_for_what_is_new_and_dead_and_for_nothing_else(
    web: Sandbox,
    tmp_path_factory: pytest.TempPathFactory,
    edit: tuple[list[str], list[str]],
    others: list[str],
    committed: bool,
) -> None:
    before, after = edit
    folder = tmp_path_factory.mktemp("repository")
    begun(folder, [f"- <{url}>" for url in before])
    git(folder, "checkout", "-q", "main")
    commit(folder, [f"- <{url}>" for url in others])  # what main does meanwhile is nobody's of the branch
    git(folder, "checkout", "-q", "topic")
    lines = [f"- Line {number}: <{url}>" for number, url in enumerate(after)]
    if committed:
        commit(folder, lines)
    else:
        (folder / "list.md").write_text("\n\n".join(["# Another title", *lines]) + "\n", "utf-8")
    code, asked = checked(web, folder)
    new = Counter(after) - Counter(before)
    assert code == (3 if set(new) & set(DEAD) else 0)
    wanted = {url.removeprefix("https://plain.test") for url in new}
    assert wanted <= set(asked) <= wanted | {"/page/1", "/robots.txt"}, (
        "a moved link is followed, no old one is asked"
    )
