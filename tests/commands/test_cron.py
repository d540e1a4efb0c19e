from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.commands import cron
from scraper.commands.cron import Metrics, Pings, metrics_text, only_run, ping_url, write_metrics
from scraper.errors import Locked, NotPublished

HOLD = """
    import sys
    from pathlib import Path
    from scraper.commands.cron import only_run

    with only_run(Path(sys.argv[1])):
        print("held", flush=True)
        sys.stdin.read()
"""


def holder(data: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLD), str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_second_run_is_refused_at_once_and_a_kill_frees_the_lock(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        with pytest.raises(Locked, match="Another run is using") as caught, only_run(tmp_path):
            pass
        assert caught.value.exit_code == 4
        process.kill()
        process.wait()
        with only_run(tmp_path):
            assert (tmp_path / ".lock").exists()


def test_the_lock_is_free_after_the_block_whatever_happened_in_it(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), only_run(tmp_path / "data"):
        raise RuntimeError("a fault of ours")
    with only_run(tmp_path / "data"), pytest.raises(Locked), only_run(tmp_path / "data"):
        pass


def test_a_data_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(NotPublished, match="Cannot write the lock in"), only_run(tmp_path / "data"):
        pass


def test_under_the_lock_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".tmp-4711-scraper.db").write_text("half")
    with only_run(tmp_path):
        assert [entry.name for entry in tmp_path.iterdir()] == [".lock"]


class Recorder:
    """Stands for the sender: notes what it is given and answers as told."""

    def __init__(self, answer: str | Exception = "") -> None:
        self.sent: list[tuple[str, bytes]] = []
        self.answer = answer

    async def __call__(self, url: str, body: bytes) -> str:
        self.sent.append((url, body))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


async def test_start_and_end_are_told_with_one_run_id() -> None:
    for exit_code, path in ((0, "/uuid"), (3, "/uuid"), (5, "/uuid/5"), (1, "/uuid/1")):
        recorder = Recorder()
        pings = Pings("https://hc.example/uuid", recorder, run="r")
        await pings.start()
        await pings.end(exit_code, "last line")
        assert recorder.sent == [
            ("https://hc.example/uuid/start?rid=r", b""),
            (f"https://hc.example{path}?rid=r", b"last line"),
        ]
    assert Pings("", Recorder()).run != Pings("", Recorder()).run


async def test_without_a_url_nobody_is_told() -> None:
    recorder = Recorder()
    await Pings("", recorder).start()
    assert recorder.sent == []


@pytest.mark.parametrize("answer", ["503", OSError("refused"), ValueError("a bug")])
async def test_a_ping_that_fails_is_one_line_without_the_secret(
    answer: str | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    words = answer if isinstance(answer, str) else type(answer).__name__
    with caplog.at_level(logging.WARNING):
        await Pings("https://hc.example/secret-uuid", Recorder(answer)).end(0, "")
    assert [record.getMessage() for record in caplog.records] == [
        f"The health ping to hc.example was not delivered: {words}"
    ]


async def test_a_monitor_that_hangs_is_given_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def hang(url: str, body: bytes) -> str:
        await asyncio.Event().wait()
        return url

    monkeypatch.setattr(cron, "PING_SECONDS", 0.01)
    with caplog.at_level(logging.WARNING):
        await Pings("https://hc.example/uuid", hang).start()
    assert "no answer in" in caplog.text


@pytest.mark.parametrize("step", ["start", "end"])
async def test_a_monitor_that_hangs_gets_little_of_the_time_of_a_run(
    step: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def hang(url: str, body: bytes) -> str:
        await asyncio.Event().wait()
        return url

    monkeypatch.setattr(cron, "PING_SECONDS", 3600.0)
    pings = Pings("https://hc.example/uuid", hang, ends=time.monotonic() + 0.5)
    with caplog.at_level(logging.WARNING):
        await asyncio.wait_for(pings.start() if step == "start" else pings.end(5, ""), 60)
    assert "no answer in 1 s" in caplog.text


async def test_a_stop_passes_through_a_ping() -> None:
    started = asyncio.Event()

    async def hang(url: str, body: bytes) -> str:
        started.set()
        await asyncio.Event().wait()
        return url

    task = asyncio.create_task(Pings("https://hc.example/uuid", hang).start())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_only_the_end_of_a_long_log_is_sent() -> None:
    recorder = Recorder()
    await Pings("https://hc.example/uuid", recorder).end(5, "x" * 20_000 + "the end")
    ((_, body),) = recorder.sent
    assert len(body) == 10_000
    assert body.endswith(b"the end")


@pytest.mark.parametrize(
    ("url", "step", "expected"),
    [
        ("https://hc.example/u", "start", "https://hc.example/u/start?rid=r"),
        ("https://hc.example/u/", "", "https://hc.example/u?rid=r"),
        ("https://hc.example/u?x=1", "5", "https://hc.example/u/5?x=1&rid=r"),
    ],
)
def test_ping_urls(url: str, step: str, expected: str) -> None:
    assert ping_url(url, step, "r") == expected


METRICS = Metrics(12.5, 40, 3, datetime(2026, 11, 23, 7, tzinfo=UTC), {'a"b\\c\n': {"alive": 3, "broken": 1}})


def test_metrics_are_what_the_collector_reads(tmp_path: Path) -> None:
    path = tmp_path / "scraper.prom"
    path.write_text("old")
    write_metrics(path, METRICS)
    lines = path.read_text().splitlines()
    samples = [line for line in lines if not line.startswith("#")]
    assert samples[:4] == [
        "scraper_last_success_timestamp_seconds 1795417200",
        "scraper_run_duration_seconds 12.5",
        "scraper_requests 40",
        "scraper_exit_code 3",
    ]
    assert 'scraper_links{article="a\\"b\\\\c\\n",health="alive"} 3' in samples
    assert 'scraper_links{article="a\\"b\\\\c\\n",health="failing"} 0' in samples
    assert lines.count("# TYPE scraper_links gauge") == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["scraper.prom"]


def test_without_a_success_none_is_claimed() -> None:
    assert "last_success" not in metrics_text(Metrics(1, 0, 5, None))


def test_metrics_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    with pytest.raises(NotPublished, match="Cannot write the metrics"):
        write_metrics(tmp_path / "nowhere" / "scraper.prom", METRICS)
