"""The sandbox's own conduct: certificates, faults of hosts, a clean end, and what it says of itself."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading

import httpx
import pytest
from sandbox_visitor import Visitor

from scraper.sandbox import Sandbox
from scraper.sandbox.behaviours import BEHAVIOURS
from scraper.sandbox.faults import FAULTS, Faults
from scraper.verdicts.reasons import REASONS


def test_every_host_is_served_by_its_own_name_over_tls(visitor: Visitor) -> None:
    for host in ("openreview.net", "api.github.com", "anything.example", "xn--bcher-kva.example"):
        assert visitor.ask(f"https://{host}/").headers["x-sandbox"] == "scraper"
        assert visitor.ask(f"http://{host}/").headers["x-sandbox"] == "scraper"
    assert visitor.sandbox.world.count("anything.example") == 2


def test_every_page_says_that_it_is_a_sandbox(visitor: Visitor) -> None:
    for url in (
        "https://openreview.net/forum?id=B1e9Y2NYvS",
        "https://openreview.net/forum?id=unknown",
        "https://github.com/IBM/FedMA",
        "https://drive.google.com/file/d/12QK7onizf2ArpEBK706ly8bNfiM9cPzp/view",
        "https://web.archive.org/web/20220926095407id_/https://openreview.net/forum?id=B1e9Y2NYvS",
        "https://medium.com/@iclr_conf/gone-virtual-lessons-from-iclr2020-1743ce6164a3",
        "https://some.example/404",
    ):
        assert "sandbox" in visitor.ask(url).text


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("tls_expired:bad.example", "certificate has expired"),
        ("tls_hostname:bad.example", "Hostname mismatch"),
        ("tls_untrusted:bad.example", "unable to get local issuer certificate|self.signed certificate"),
    ],
)
def test_a_certificate_can_be_wrong_for_one_host(visitor: Visitor, fault: str, words: str) -> None:
    visitor.sandbox.world.faults.add(fault)
    with pytest.raises(httpx.ConnectError, match=words):
        visitor.ask("https://bad.example/")
    assert visitor.ask("https://good.example/").status_code == 200


def test_a_certificate_that_finds_no_place_is_said_once(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/dev/null/nowhere")
    with pytest.raises(httpx.ConnectError):
        visitor.ask("https://never-asked-before.example/")
    (said,) = caplog.messages
    assert said.startswith("The sandbox has no certificate for never-asked-before.example: ")
    monkeypatch.undo()
    assert visitor.ask("https://never-asked-before.example/").status_code == 200


def test_a_connection_can_be_dropped_before_or_within_the_answer(visitor: Visitor) -> None:
    visitor.sandbox.world.faults |= {"connection_reset:gone.example", "truncated:half.example"}
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        visitor.ask("https://gone.example/")
    with pytest.raises(httpx.RemoteProtocolError, match=r"incomplete|without sending complete"):
        visitor.ask("https://half.example/")
    assert visitor.ask("https://good.example/").status_code == 200


def test_faults_of_a_host_leave_the_others_alone(visitor: Visitor) -> None:
    visitor.sandbox.world.faults |= {"host_outage:down.example", "host_limited:busy.example"}
    assert visitor.ask("https://down.example/").status_code == 503
    assert visitor.ask("https://busy.example/").headers["retry-after"] == "3600"
    assert visitor.ask("https://good.example/").status_code == 200
    visitor.sandbox.world.faults.clear()
    assert visitor.ask("https://down.example/").status_code == 200


def test_a_captive_portal_answers_for_everybody(visitor: Visitor) -> None:
    visitor.sandbox.world.faults.add("captive_portal")
    pages = {visitor.ask(f"https://{host}/").text for host in ("openreview.net", "a.example", "b.example")}
    assert len(pages) == 1


def test_settings_send_every_name_here_and_closed_ones_to_a_closed_port(sandbox: Sandbox) -> None:
    assert sandbox.settings["connect_to"] == [
        f":443:127.0.0.1:{sandbox.https_port}",
        f":80:127.0.0.1:{sandbox.http_port}",
    ]
    sandbox.world.faults.add("offline_host:medium.com")
    host, port, _, there = sandbox.settings["connect_to"][0].split(":")
    assert (host, port) == ("medium.com", "443")
    with pytest.raises(httpx.ConnectError, match="refused"):
        httpx.get(f"http://127.0.0.1:{there}/", trust_env=False)


def test_labels_name_known_verdicts_for_36_targets(sandbox: Sandbox) -> None:
    for mode in ("open", "gated", "limited", "login"):
        sandbox.world.mode = mode
        assert len(sandbox.labels) == 36
        assert all(REASONS[reason].health == health for health, reason in sandbox.labels.values())
    assert all(REASONS[row.reason].health == row.health for row in BEHAVIOURS.values())


@pytest.mark.parametrize("path", [path for path in BEHAVIOURS if path not in {"/slow", "/cut"}])
def test_every_behaviour_answers_and_nothing_else_is_found(running: Visitor, path: str) -> None:
    reply = running.ask(f"https://plain.example{path}")
    status = path.strip("/")
    assert not status.isdigit() or reply.status_code == int(status)
    assert reply.status_code != 404 or path == "/404"


def test_an_unknown_fault_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ValueError, match="did you mean 'archive_down'"):
        Faults(["archiv_down"])
    assert all(meaning for meaning in FAULTS.values())


def test_requests_are_counted_with_what_was_asked(visitor: Visitor) -> None:
    world = visitor.sandbox.world
    visitor.ask("https://a.example/page/1?x=1&y=%20", headers={"x-mark": "one"})
    seen = world.requests[-1]
    assert (seen.host, seen.method, seen.target) == ("a.example", "GET", "/page/1?x=1&y=%20")
    assert seen.headers["x-mark"] == "one" and seen.status == 200
    assert world.count("a.example", "/page") == 1 and world.count(method="POST") == 0
    world.reset_counts()
    assert world.count() == 0


def test_how_many_were_asked_at_once_is_known(visitor: Visitor) -> None:
    visitor.sandbox.world.faults.add("slow:0.2")
    askers = [threading.Thread(target=visitor.ask, args=(f"https://a.example/page/{n}",)) for n in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    visitor.sandbox.world.faults.clear()
    visitor.ask("https://b.example/page/1")
    assert (
        visitor.sandbox.world.most_at_once("a.example") > visitor.sandbox.world.most_at_once("b.example") == 1
    )


def test_500_requests_in_a_row_are_answered(visitor: Visitor) -> None:
    answers = {visitor.ask(f"https://a.example/page/{n}").status_code for n in range(500)}
    assert answers == {200} and visitor.sandbox.world.count("a.example") == 500


def test_it_ends_at_once_with_connections_open_and_answers_owed() -> None:
    program = """
import threading, warnings
warnings.simplefilter("error")
from scraper.sandbox import Sandbox
import sys
sys.path.insert(0, "tests")
from sandbox_visitor import Visitor
with Sandbox() as sandbox:
    visitor = Visitor(sandbox)
    visitor.ask("https://a.example/")
    owed = []
    def late():
        try:
            visitor.ask("https://a.example/slow")
        except Exception as error:
            owed.append(error)
    asker = threading.Thread(target=late)
    asker.start()
    while sandbox.world.count("a.example", "/slow") == 0:
        pass
asker.join()
visitor.transport.close()
assert owed, "the late answer came"
assert not [one for one in threading.enumerate() if one.name == "sandbox"]
"""
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", program]
    # A server that waited for the late answer would need 30 seconds
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_importing_it_needs_nothing_of_the_extra() -> None:
    program = "import scraper.sandbox, sys; print({'starlette', 'uvicorn', 'trustme'} & set(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "set()"
