"""What a scheduled run tells others: a monitor, Prometheus, and the log."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from places import Place

from scraper.sandbox import Sandbox


class Monitor(ThreadingHTTPServer):
    """Keeps the pings it is sent, and answers with `status`."""

    daemon_threads = True

    def __init__(self) -> None:
        self.pings: list[tuple[str, str]] = []
        self.status = 200
        self.location = ""
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/MARKER-uuid"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Monitor)
        body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
        self.server.pings.append((self.path, body))
        self.send_response(self.server.status)
        self.send_header("content-length", "0")
        if self.server.location:
            self.send_header("location", self.server.location)
        self.end_headers()

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    server = Monitor()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def place(sandbox: Sandbox, tmp_path: Path) -> Place:
    made = Place.in_sandbox(tmp_path, sandbox, attempts=1)
    made.article("- <https://one.test/page/1>", "- <https://one.test/404>")
    return made


def test_start_and_success_are_told_with_the_summary(place: Place, monitor: Monitor) -> None:
    place.settings["ping_url"] = monitor.url
    place.settings["connect_to"] = [one for one in place.settings["connect_to"] if one] + [
        f"127.0.0.1:{monitor.server_address[1]}:127.0.0.1:{monitor.server_address[1]}"
    ]
    assert place.quick("refresh", "list.md", "--fail-on", "broken").code == 3
    (start, nothing), (end, summary) = monitor.pings
    assert re.fullmatch(r"/MARKER-uuid/start\?rid=[0-9a-f-]{36}", start)
    assert end == start.replace("/start", "")
    assert nothing == ""
    assert "one.test/404" in summary


@pytest.mark.parametrize(("command", "code"), [(["missing.md"], 2), (["list.md", "--deadline", "0.001s"], 5)])
def test_a_failure_is_told_with_its_exit_code(
    command: list[str], code: int, place: Place, monitor: Monitor
) -> None:
    place.settings["ping_url"] = monitor.url
    assert place.quick("refresh", *command).code == code
    assert [path.partition("?")[0] for path, _ in monitor.pings] == [
        "/MARKER-uuid/start",
        f"/MARKER-uuid/{code}",
    ]


def test_metrics_that_cannot_be_written_are_a_failure(place: Place, monitor: Monitor) -> None:
    place.settings["ping_url"] = monitor.url
    place.settings["prometheus"] = "nowhere/at/all/scraper.prom"
    assert place.quick("refresh", "list.md").code == 5
    assert monitor.pings[-1][0].startswith("/MARKER-uuid/5?")
    assert "Cannot write the metrics" in monitor.pings[-1][1]


@pytest.mark.parametrize("trouble", ["refused", "500"])
def test_a_monitor_in_trouble_never_fails_the_job_and_its_address_is_not_told(
    trouble: str, place: Place, monitor: Monitor
) -> None:
    monitor.status = 500
    place.settings["ping_url"] = monitor.url if trouble == "500" else "http://127.0.0.1:9/MARKER-uuid"
    ended = place.quick("refresh", "list.md", "-vv")
    assert ended.code == 0
    assert "The health ping to 127.0.0.1 was not delivered" in ended.err
    assert "MARKER-uuid" not in ended.out + ended.err


def test_a_monitors_redirect_leads_nowhere(place: Place, monitor: Monitor) -> None:
    place.settings["ping_url"] = monitor.url
    monitor.status, monitor.location = 302, f"http://127.0.0.1:{monitor.server_address[1]}/latest/meta-data"
    ended = place.quick("refresh", "list.md", "-q")
    assert [path.partition("?")[0] for path, _ in monitor.pings] == ["/MARKER-uuid/start", "/MARKER-uuid"]
    assert ended.err.count("was not delivered: HTTP 302") == 2
    assert ended.code == 0


def test_metrics_for_prometheus(place: Place) -> None:
    place.settings["prometheus"] = "scraper.prom"
    path = place.folder / "scraper.prom"
    assert place.quick("refresh", "list.md", "--fail-on", "broken").code == 3
    lines = path.read_text("utf-8").splitlines()
    assert 'scraper_links{article="list",health="broken"} 1' in lines
    assert "scraper_exit_code 3" in lines
    (success,) = [line for line in lines if line.startswith("scraper_last_success_timestamp_seconds ")]
    sample = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+]+')
    assert all(line.startswith("# ") or sample.fullmatch(line) for line in lines)
    assert place.quick("refresh", "missing.md").code == 2
    assert "scraper_exit_code 2" in path.read_text("utf-8").splitlines()
    assert success in path.read_text("utf-8").splitlines()


def test_metrics_after_an_incomplete_run_are_those_of_the_tables_that_it_published(place: Place) -> None:
    place.settings["prometheus"] = "scraper.prom"
    at_once = ("refresh", "list.md", "--deadline", "0.001s", "--no-resume")
    assert place.quick(*at_once).code == 5
    assert _links(place) == {"unverified": 2}
    assert place.quick("refresh", "list.md").code == 0
    assert _links(place) == {"alive": 1, "broken": 1}
    assert place.quick(*at_once).code == 5
    assert _links(place) == {"unverified": 2}
    assert place.quick("refresh", "missing.md").code == 2
    assert _links(place) == {"unverified": 2}


def _links(place: Place) -> dict[str, int]:
    """The links of `list` by health, as the metrics have them; what none has is left out."""
    text = (place.folder / "scraper.prom").read_text("utf-8")
    found = re.findall(r'^scraper_links\{article="list",health="(\w+)"\} (\d+)$', text, re.M)
    assert len(found) == 6
    return {health: int(links) for health, links in found if links != "0"}


def test_the_log_as_json_is_one_object_a_line(place: Place) -> None:
    chatty = place.quick("refresh", "list.md", "-vv", SCRAPER_LOG_FORMAT="json")
    assert chatty.code == 0
    ended = place.quick("refresh", "list.md", "--deadline", "0.001s", SCRAPER_LOG_FORMAT="json")
    assert ended.code == 5
    (event,) = [json.loads(line) for line in ended.err.splitlines() if line.startswith("{")]
    assert list(event) == ["time", "level", "message"]
    assert (event["level"], "deadline" in event["message"]) == ("warning", True)


def test_only_what_was_seen_before_is_as_before(place: Place) -> None:
    place.article("- <https://one.test/301>", "- <https://one.test/404>")
    assert place.quick("refresh", "list.md", "--deadline", "0.001s", "--no-resume").code == 5
    second = place.quick("refresh", "list.md").err
    assert "Seen for the first time: 1 moved.\n" in second
    assert "As before" not in second
    third = place.quick("refresh", "list.md").err
    assert "As before: 1 broken or failing, 1 moved.\n" in third
    assert "first time" not in third
    place.article("- <https://one.test/301>", "- <https://one.test/404>", "- <https://one.test/308>")
    fourth = place.quick("refresh", "list.md").err
    assert "As before: 1 broken or failing, 1 moved.\nSeen for the first time: 1 moved.\n" in fourth


def test_reports_that_are_rendered_again_claim_no_time_for_the_run(place: Place) -> None:
    page, tests = (place.folder / "reports" / "list" / name for name in ("report.html", "junit.xml"))
    assert place.quick("refresh", "list.md").code == 0
    assert re.search(r"requests per link, \d+ seconds?</dd>", page.read_text("utf-8"))
    assert re.search(r'<testsuites [^>]*time="', tests.read_text("utf-8"))
    assert place.quick("report").code == 0
    assert "requests per link</dd>" in page.read_text("utf-8")
    assert not re.search(r'<testsuites [^>]*time="', tests.read_text("utf-8"))


def test_fix_after_an_incomplete_run_says_that_there_may_be_more(place: Place) -> None:
    place.article("- <https://one.test/301>", "- <https://one.test/404>")
    assert place.quick("refresh", "list.md").code == 0
    assert place.quick("fix", "list.md").err == "1 edit\n"
    assert place.quick("refresh", "list.md", "--deadline", "0.001s", "--no-resume").code == 5
    told = "The last run was incomplete: 2 of 2 links were not checked.\n0 edits\n"
    assert place.quick("fix", "list.md").err == told


def test_another_file_of_the_same_name_is_told_of(place: Place) -> None:
    for name, link in (("a", "page/1"), ("b", "404")):
        (place.folder / name).mkdir()
        (place.folder / name / "list.md").write_text(f"- <https://one.test/{link}>\n")
    assert "has the name of" not in place.quick("refresh", "a/list.md").err
    told = (
        "warning: b/list.md has the name of a/list.md, whose tables were 'list' until now: "
        "name one of them in [articles.NAME].\n"
    )
    assert told in place.quick("refresh", "b/list.md", "-q").err
    assert "has the name of" not in place.quick("refresh", str(place.folder / "b" / "list.md")).err
    told = "1 of 1 link is not in the tables of the last run.\n0 edits\n"
    assert place.quick("fix", "a/list.md").err == told


def test_an_article_that_was_moved_is_told_of_where_it_is(place: Place) -> None:
    place.article("- <https://one.test/301>")
    assert place.quick("refresh", "list.md").code == 0
    (place.folder / "docs").mkdir()
    (place.folder / "list.md").rename(place.folder / "docs" / "list.md")
    ended = place.quick("refresh", "docs/list.md")
    assert "\n  scraper fix docs/list.md\n" in ended.err
    assert "has the name of" not in ended.err
    assert "from `docs/list.md` by" in (place.folder / "reports" / "list" / "summary.md").read_text("utf-8")


def test_what_moved_while_nobody_looked_is_news_once_somebody_does(place: Place, sandbox: Sandbox) -> None:
    names = [f"https://two.test/{name}" for name in ("moves", "walled", "stays")]
    for name in names:
        sandbox.world.page(name)
    place.article(*(f"- <{name}>" for name in names), "- <https://one.test/301>")
    late = ("refresh", "list.md", "--deadline", "0.001s", "--no-resume")
    assert place.quick("refresh", "list.md").code == 0
    sandbox.world.page(names[0], status=301, location=names[2])
    sandbox.world.page(names[1], status=403)
    for _ in range(2):
        assert place.quick(*late).code == 5
    news = place.quick("refresh", "list.md").err
    assert re.search(r"^MOVED .*two.test/moves  -> https://two.test/stays$", news, re.M)
    assert re.search(r"^BLOCKED .*two.test/walled", news, re.M)
    assert "As before: 1 moved.\n" in news
    assert place.quick(*late).code == 5
    assert "no change needs your attention" in place.quick("refresh", "list.md").err
