"""What each command does, from outside: articles from everywhere, and the commands that look back."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import Place

from scraper.sandbox import Sandbox

LINES = ["# List", "- <https://one.test/page/1>", "- <http://two.test/upgrade>", "- <https://two.test/301>"]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def place(sandbox: Sandbox, tmp_path: Path) -> Place:
    made = Place.in_sandbox(tmp_path, sandbox, attempts=1)
    made.article(*LINES)
    return made


def published(place: Place) -> set[str]:
    return {path.name for path in (place.folder / "data" / "snapshots").iterdir()}


def test_several_articles_and_patterns_are_one_run(place: Place, sandbox: Sandbox) -> None:
    place.article("<https://one.test/page/1>", name="second")
    place.article("<https://one.test/page/1>", name="third")
    assert place.quick("refresh", "list.md", "s*.md", "thir?.md").code == 0
    assert published(place) == {"list", "second", "third"}
    assert sandbox.world.count("one.test", "/page/1") == 1
    index = (place.folder / "reports" / "index.html").read_text("utf-8")
    assert all(f"{name}/report.html" in index for name in ("list", "second", "third"))


def test_standard_input_is_an_article(place: Place) -> None:
    ended = place.run("refresh", "-", text="<https://one.test/page/7>")
    assert (ended.code, len(published(place))) == (0, 1)
    ended = place.run("links", "-", text="<https://one.test/page/7>")
    assert "web:https://one.test/page/7" in ended.out


def test_articles_of_the_settings_by_path_and_by_address(place: Place, sandbox: Sandbox) -> None:
    sandbox.world.page("https://blog.test/papers", '<a href="https://one.test/page/9">nine</a>', title="Blog")
    place.settings["articles"] = {
        "mine": {"path": "list.md"},
        "theirs": {"url": "https://blog.test/papers"},
    }
    assert place.quick("refresh").code == 0
    assert published(place) == {"mine", "theirs"}
    assert place.quick("refresh", "theirs").code == 0
    assert place.quick("refresh", "https://blog.test/papers").code == 0
    assert published(place) == {"mine", "theirs", "papers"}
    place.settings["articles"] = {"both": {"path": "list.md", "url": "https://blog.test/papers"}}
    ended = place.quick("refresh")
    assert (ended.code, "either `path` or `url`" in ended.err) == (2, True)


def test_an_article_that_is_not_there_any_more_is_said_in_a_line(place: Place) -> None:
    ended = place.quick("refresh", "https://one.test/404")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "not_found" in ended.err


def test_max_age_leaves_the_living_alone_and_asks_the_failing(place: Place, sandbox: Sandbox) -> None:
    place.article("- <https://one.test/page/1>", "- <https://one.test/404>")
    assert place.quick("refresh", "list.md").code == 0
    sandbox.world.reset_counts()
    assert place.quick("refresh", "list.md", "--max-age", "7d").code == 0
    assert sandbox.world.count("one.test", "/page/1") == 0
    assert sandbox.world.count("one.test", "/404") > 0
    rows = (place.folder / "data" / "snapshots" / "list" / "latest" / "links.csv").read_text("utf-8")
    assert "web:https://one.test/page/1" in rows


def test_a_dry_run_asks_nobody_and_leaves_nothing(place: Place, sandbox: Sandbox) -> None:
    ended = place.quick("refresh", "list.md", "--dry-run")
    assert ended.code == 0
    assert "one.test" in ended.out
    assert sandbox.world.requests == []
    assert not (place.folder / "data").exists()


def test_a_dry_run_ends_as_the_run_would_where_an_article_is_missing(place: Place) -> None:
    ended = place.quick("refresh", "list.md", "nothere.md", "--dry-run")
    assert (ended.code, "one.test" in ended.out) == (2, True)
    assert ended.err.startswith("warning: Not read: nothere.md: there is no such file")


def test_two_runs_over_an_unchanged_web(place: Place) -> None:
    assert place.quick("refresh", "list.md").code == 0
    folder = place.folder / "data" / "snapshots" / "list"
    first = (folder / "latest").resolve()
    assert place.quick("refresh", "list.md", "--quiet") == (0, "", "")
    second = (folder / "latest").resolve()
    for name in ("links.csv", "papers.csv", "mentions.csv", "datapackage.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    text = place.quick("changes")
    assert (text.code, text.out.startswith("list: nothing changed between "), text.err) == (0, True, "")
    for style in ("text", "markdown"):
        assert place.quick("changes", "--quiet", "--format", style) == (0, "", "")
    assert json.loads(place.quick("changes", "--format", "json").out)["changes"] == []


def test_quiet_speaks_up_when_something_changed(place: Place, sandbox: Sandbox) -> None:
    assert place.quick("refresh", "list.md").code == 0
    sandbox.world.kill("https://one.test/page/1")
    assert "one.test/page/1" in place.quick("refresh", "list.md", "--quiet").err
    text = place.quick("changes").out
    head, line = text.splitlines()
    assert head.startswith("list: 1 newly broken between ")
    assert line.startswith("NEW  line 2  /page/1  404  https://one.test/page/1  was alive until ")
    (change,) = json.loads(place.quick("changes", "--format", "json").out)["changes"]
    assert (change["kind"], change["url"]) == ("newly_broken", "https://one.test/page/1")
    assert place.quick("changes", "--format", "markdown").out.startswith("**list: 1 newly broken")
    assert "<feed" in place.quick("changes", "--format", "atom").out
    assert place.quick("changes", "1999").code == 2


def test_a_link_that_left_the_article_is_called_what_the_article_called_it(place: Place) -> None:
    place.article("- [The survey of 2019](https://one.test/page/1)\n- [Other](https://one.test/page/2)")
    assert place.quick("refresh", "list.md").code == 0
    place.article("- [Other](https://one.test/page/2)\n- [Newer](https://one.test/page/3)")
    told = place.quick("refresh", "list.md").err
    assert "2 other changes: added to the article (1), removed from the article (1)." in told
    lines = place.quick("changes").out.splitlines()
    assert "ADDED    line 2  Newer  works  https://one.test/page/3" in lines
    assert "REMOVED  line 1  The survey of 2019  https://one.test/page/1" in lines


def test_quiet_sends_no_mail_for_what_needs_no_attention(place: Place) -> None:
    place.article("- <https://one.test/page/1>")
    assert place.quick("refresh", "list.md").code == 0
    place.article("- <https://one.test/page/1>", "- <https://one.test/page/2>")
    assert place.quick("refresh", "list.md", "--quiet") == (0, "", "")
    place.article("- <https://one.test/page/1>", "- <https://one.test/page/2>", "- <https://one.test/404>")
    assert "Added, and broken".lower() in place.quick("refresh", "list.md", "--quiet").err


def test_changes_are_told_of_all_articles_and_never_of_a_run_and_itself(
    place: Place, sandbox: Sandbox
) -> None:
    place.article("<https://one.test/page/2>", name="second")
    assert place.quick("refresh", "*.md").code == 0
    first = place.quick("changes")
    assert (first.code, first.out.count("no snapshot is older")) == (0, 2)
    ended = place.quick("changes", "20", "--article", "list")
    assert (ended.code, "compared with itself" in ended.err) == (2, True)
    sandbox.world.kill("https://one.test/page/2")
    assert place.quick("refresh", "*.md").code == 0
    text = place.quick("changes").out
    assert text.splitlines()[0].endswith(": 1 newly broken.")
    assert "NEW  second:1  /page/2  404" in text
    changes = json.loads(place.quick("changes", "--format", "json").out)["changes"]
    assert [(change["article"], change["kind"]) for change in changes] == [("second", "newly_broken")]
    assert place.quick("changes", "--format", "atom").code == 2
    assert "<feed" in place.quick("changes", "--format", "atom", "--article", "second").out
    shutil.rmtree(place.folder / "data" / "snapshots" / "second" / "latest", ignore_errors=True)
    (place.folder / "data" / "scraper.db").unlink()
    assert place.quick("changes").code == 0, "the snapshots are enough"


def test_one_article_that_cannot_be_read_stops_no_other(place: Place) -> None:
    place.article(name="empty")
    (place.folder / "empty.md").write_bytes(b"")
    place.settings["articles"] = {"mine": {"path": "list.md"}, "lost": {"path": "area07.md"}}
    ended = place.quick("refresh", "--quiet")
    assert (ended.code, published(place)) == (2, {"mine"})
    assert "Not read: [articles.lost]: area07.md: there is no such file" in ended.err
    ended = place.quick("refresh", "*.md", "nothing*.md")
    assert (ended.code, published(place)) == (2, {"mine", "list"})
    assert "2 articles could not be read" in ended.err
    assert "Not read: empty.md: is empty" in ended.err
    assert "Not read: nothing*.md: no file matches" in ended.err


def test_fail_on_new_is_about_new_trouble_only(place: Place, sandbox: Sandbox) -> None:
    assert place.quick("refresh", "list.md", "--fail-on", "new").code == 0
    sandbox.world.kill("https://one.test/page/1")
    assert place.quick("refresh", "list.md", "--fail-on", "new").code == 3
    assert place.quick("refresh", "list.md", "--fail-on", "new").code == 0
    assert place.quick("refresh", "list.md", "--fail-on", "broken").code == 3
    place.article(*LINES, "- <https://one.test/404>")
    assert place.quick("refresh", "list.md", "--fail-on", "new").code == 3, "added, and broken"


def test_an_incomplete_run_is_rendered_again_as_incomplete(place: Place) -> None:
    assert place.quick("refresh", "list.md").code == 0
    ended = place.quick("refresh", "list.md", "--deadline", "0.001s")
    assert (ended.code, "Incomplete: 3 of 3 links were not checked" in ended.err) == (5, True)
    assert place.quick("report").code == 0
    summary = (place.folder / "reports" / "list" / "summary.md").read_text("utf-8")
    assert "**Incomplete: 3 of 3 links were not checked" in summary
    told = "Incomplete: 3 of 3 links were not checked"
    assert told in place.quick("changes").out
    assert told in place.quick("changes", "--quiet", "--format", "markdown").out
    assert told in place.quick("changes", "--format", "atom").out
    (compared,) = json.loads(place.quick("changes", "--format", "json").out)["articles"]
    assert compared["incomplete"].startswith(told)
    place.article("<https://one.test/page/1>", name="second")
    assert place.quick("refresh", "second.md").code == 0
    index = (place.folder / "reports" / "index.html").read_text("utf-8")
    assert "incomplete" in index, "also in a run over another article"


def test_what_is_odd_about_an_article_is_in_every_report(place: Place) -> None:
    lines = [
        "# \u8bba\u6587\u5217\u8868\u548c\u4ee3\u7801\u7684\u94fe\u63a5",
        "<https://one.test/page/1>",
        "[nowhere]()",
    ]
    (place.folder / "list.md").write_bytes("\n".join(lines).encode("gbk"))
    ended = place.quick("refresh", "list.md", "--json")
    said = "The article declares no encoding; it was read as gb"
    problem = "1 problem in the article, in line 3: "
    folder = place.folder / "reports" / "list"
    for _ in range(2):
        for name in ("report.html", "summary.md", "changes.atom"):
            text = (folder / name).read_text("utf-8")
            assert (name, said in text, problem in text) == (name, True, True)
        assert place.quick("report").code == 0
    assert said in ended.err
    assert problem in ended.err
    (result,) = json.loads(ended.out)["articles"]
    assert result["notices"][0].startswith("declares no encoding")
    assert [one["line"] for one in result["problems"]] == [3]


def test_history_by_identity_and_by_address(place: Place) -> None:
    for _ in range(2):
        assert place.quick("refresh", "list.md").code == 0
    by_key = place.quick("history", "web:https://one.test/page/1")
    assert by_key.out.splitlines()[1] == "++"
    assert place.quick("history", "https://one.test/page/1").out == by_key.out
    visits = json.loads(place.quick("history", "--json", "https://two.test/301").out)["visits"]
    assert [visit["health"] for visit in visits] == ["moved", "moved"]
    assert place.quick("history", "https://never.test/").code == 2
    assert "did you mean web:https://two.test/301?" in place.quick("history", "two.test/301").err
    assert "Moved permanently" in place.quick("history", "https://two.test/301").out


def test_report_renders_the_same_again_without_a_request(place: Place, sandbox: Sandbox) -> None:
    assert place.quick("refresh", "list.md").code == 0
    reports = place.folder / "reports" / "list"
    before = {name: (reports / name).read_bytes() for name in ("links.csv", "papers.csv", "badge.json")}
    for path in reports.iterdir():
        path.unlink()
    sandbox.world.reset_counts()
    ended = place.quick("report")
    assert ended.code == 0
    assert all(Path(place.folder, line).is_file() for line in ended.out.splitlines())
    assert {name: (reports / name).read_bytes() for name in before} == before
    assert sandbox.world.requests == []
    assert place.quick("report", "nothing").code == 2


def test_fix_prints_a_patch_that_applies_and_writes_with_a_backup(place: Place, tmp_path: Path) -> None:
    article = place.folder / "list.md"
    before = article.read_bytes()
    assert place.quick("refresh", "list.md").code == 0
    patch = place.quick("fix", "list.md")
    assert patch.code == 0
    assert patch.err.splitlines()[-1] == "2 edits"
    assert "+- <https://two.test/page/1>" in patch.out
    assert "+- <https://two.test/upgrade>" in patch.out
    assert article.read_bytes() == before
    subprocess.run(["git", "apply", "--check"], cwd=place.folder, input=patch.out, text=True, check=True)
    assert "+- <https://two.test/upgrade>" not in place.quick("fix", "list.md", "--no-https").out
    assert place.quick("fix", "list.md", "--write").code == 0
    assert (place.folder / "list.md.bak").read_bytes() == before
    assert b"https://two.test/page/1>" in article.read_bytes()
    assert place.quick("refresh", "list.md").code == 0
    assert place.quick("fix", "list.md").out == ""


def test_a_patch_applies_from_where_the_user_stands(place: Place, sandbox: Sandbox) -> None:
    folder = place.folder / "lists" / "my papers"
    folder.mkdir(parents=True)
    (folder / "list.md").write_text("\n".join(LINES) + "\n", "utf-8")
    subprocess.run(["git", "init", "-q"], cwd=place.folder, check=True)
    for source in ("lists/my papers/list.md", str(folder / "list.md"), "./lists/../lists/my papers/list.md"):
        assert place.quick("refresh", source).code == 0
        patch = place.quick("fix", source)
        assert patch.out.startswith("--- a/lists/my papers/list.md")
        subprocess.run(["git", "apply", "--check"], cwd=place.folder, input=patch.out, text=True, check=True)


def test_fix_ends_with_what_each_option_would_do(place: Place, sandbox: Sandbox) -> None:
    archived = "https://web.archive.org/web/2022/https://one.test/page/1"
    moved = "https://web.archive.org/web/2022/http://openreview.net/"  # which is at another address now
    place.article(f"- <{archived}>", "- <https://one.test/404>", f"- <{moved}>")
    ended = place.quick("refresh", "list.md")
    assert ended.code == 0
    hint = next(line for line in ended.err.splitlines() if "scraper fix" in line)
    assert hint.split("scraper ")[1] == "fix --unwrap list.md"
    fixed = place.quick("fix", "list.md")
    assert fixed.out == ""
    assert fixed.err.splitlines()[-1].startswith("0 edits; 2 more with --unwrap")
    assert place.quick("fix", "--unwrap", "list.md").err.splitlines()[-1].startswith("2 edits")
    assert "2 archive links have a live original" in ended.err


def test_the_store_is_backed_up_checked_and_pruned(place: Place) -> None:
    assert place.quick("store", "check").code == 2
    for _ in range(3):
        assert place.quick("refresh", "list.md").code == 0
    assert place.quick("store", "check").out == "data/scraper.db is whole.\n"
    assert place.quick("store", "backup", "copy.db") == (0, "", "")
    assert place.quick("store", "backup", "copy.db").code == 5
    assert (place.folder / "copy.db").stat().st_size > 0
    assert place.quick("store", "prune", "--keep-runs", "1").out == "3 visits forgotten.\n"
    assert place.quick("store", "prune", "--older-than", "365d").out == "0 visits forgotten.\n"
    assert place.quick("store", "prune", "--older-than", "soon").code == 2
    assert place.quick("refresh", "list.md", "--quiet") == (0, "", "")


def test_the_demo_says_that_it_is_one_and_is_never_mixed(place: Place) -> None:
    (place.folder / "articles").mkdir()
    (place.folder / "list.md").rename(place.folder / "articles" / "list.md")
    ended = place.quick("demo", "--articles", "articles", "--data", "elsewhere")
    assert ended.code == 0
    assert ended.err.startswith("SANDBOX")
    hint = next(line for line in ended.err.splitlines() if "scraper fix" in line)
    words = shlex.split(hint.split("scraper ", 1)[1])
    assert words == ["fix", "--data", "elsewhere", "articles/list.md"]
    assert place.quick(*words).out.startswith("--- a/articles/list.md"), "the hint works as it is printed"
    ended = place.quick("refresh", "articles/list.md", "--data", "elsewhere")
    assert (ended.code, "the sandbox's answers" in ended.err) == (2, True)
