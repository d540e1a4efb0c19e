"""What the commands import on their way to the first request: nothing that it could wait for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT, Place

from scraper.sandbox import Sandbox

HEAVY = {
    *("bs4", "docutils", "jinja2", "lxml", "numpy", "pandas", "protego", "publicsuffixlist", "pyarrow"),
    *("pygments", "tenacity"),
}
"""What is long to import, and needed by tables, reports and the pages that came."""

LATER = {
    *("scraper.commands.telling", "scraper.reports.story", "scraper.reports.terminal"),
    *("scraper.snapshots.changes", "scraper.snapshots.publish", "scraper.snapshots.snapshot"),
    *("scraper.articles.notebook", "scraper.articles.local.anchors"),
}
"""Of our own: for the end of a run, and for lists of another kind."""

PROGRAM = """
import json, os, sys
from scraper.web.client import Web

def tell():
    os.write(3, json.dumps(sorted(sys.modules)).encode())
    os._exit(0)

Web.fetch = lambda *ignored, **named: tell()
from scraper.cli import main
try:
    main(json.loads(sys.argv[1]))
finally:
    tell()
"""


def modules(folder: Path, *arguments: str) -> set[str]:
    """The modules of a fresh interpreter after these arguments, or when its first request is sent."""
    told = folder / "modules.json"
    # File descriptor 3, because the command has stdout and stderr for itself.
    shell = ["sh", "-c", 'exec "$@" 3>modules.json >output 2>&1', "sh"]
    child = [sys.executable, "-c", PROGRAM, json.dumps(arguments)]
    subprocess.run([*shell, *child], cwd=folder, check=True, timeout=60)
    return set(json.loads(told.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("links", "list.md"),
        ("refresh", "--help"),
        ("refresh", "list.md", "--contact", "you@example.org"),
        ("refresh", "list.md", "--dry-run"),
    ],
    ids=" ".join,
)
def test_nothing_heavy_before_the_first_request(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    links = "[a page](https://example.org/a) [code](https://github.com/a/b)"
    (tmp_path / "list.md").write_text(
        f"# Papers\n\n{links} [paper](https://openreview.net/forum?id=abcdefghij)\n"
    )
    assert not modules(tmp_path, *arguments) & (HEAVY | LATER)


def loaded(folder: Path, *arguments: str) -> set[str]:
    """The modules that Python says it loads for these arguments."""
    command = [sys.executable, "-X", "importtime", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=60)
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


UNUSED = {
    *("scraper.columns", "scraper.commands.inputs", "scraper.records", "scraper.settings"),
    *("scraper.sites.undeclared", "scraper.snapshots.mentions", "scraper.verdicts.history"),
    *("shutil", "tomllib"),
}
"""What the links of a plain file need not, each some tenths of a millisecond."""


def test_the_links_of_a_plain_file_load_no_more_than_they_need(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text("# Papers\n\n[a page](https://example.org/a)\n")
    seen = loaded(tmp_path, "-m", "scraper", "links", "list.md")
    assert "scraper.commands.links" in seen
    assert not seen & UNUSED


def test_help_needs_little_beside_its_library(tmp_path: Path) -> None:
    seen = loaded(tmp_path, "-m", "scraper", "--help") - loaded(tmp_path, "-c", "import click")
    assert "scraper.cli" in seen
    assert not {"logging", "dataclasses", "asyncio", "ssl", "scraper.files"} & seen


def test_sites_that_nobody_links_to_are_not_imported(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text("# Papers\n\n[a page](https://example.org/a)\n")
    seen = modules(tmp_path, "refresh", "list.md", "--contact", "you@example.org")
    assert "scraper.sites.pages.page" in seen
    assert not seen & {"scraper.sites.github.repositories", "scraper.sites.openreview.forums"}


def test_the_look_reaches_the_first_request(tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text("# Papers\n\n[a page](https://example.org/a)\n")
    seen = modules(tmp_path, "refresh", "list.md", "--contact", "you@example.org")
    assert {"scraper.visits.dispatcher", "scraper.sites.pages.page"} <= seen
    assert "Links of" not in (tmp_path / "output").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ("refresh", "list.md"),
        ("changes",),
        ("fix", "list.md"),
        ("report",),
        ("history", "openreview:rJehNT4YPr"),
    ],
    ids=" ".join,
)
def test_no_command_waits_for_data_frames(
    tmp_path: Path, sandbox: Sandbox, arguments: tuple[str, ...]
) -> None:
    place = Place.in_sandbox(tmp_path, sandbox)
    place.article("[paper](https://openreview.net/forum?id=rJehNT4YPr)")
    for _ in range(2):
        assert place.quick("refresh", "list.md").code == 0
    forbidden = tmp_path / "forbidden"
    forbidden.mkdir()
    (forbidden / "pandas.py").write_text("raise ImportError('pandas was loaded')")
    ended = place.run(*arguments, PYTHONPATH=f"{forbidden}:{ROOT}")
    assert ended.code == 0, ended.err


WAITS = "import time\nprint('loading', flush=True)\ntime.sleep(60)\n"
EVALUATES = f"exec({WAITS!r})"
"""As dataclasses are made: an interrupt that comes there Python remembers."""
WRAPS = f"""
from pydantic_core import SchemaError
try:
    {EVALUATES}
except BaseException as error:
    raise SchemaError(f'Error building "default" validator: {{type(error).__name__}}: ')
"""
"""As pydantic does when it builds a model."""


@pytest.mark.parametrize("loads", [WAITS, EVALUATES], ids=["a module", "text"])
@pytest.mark.parametrize("command", [["-m", "scraper"], ["-c", "from scraper.__main__ import run; run()"]])
def test_ctrl_c_while_it_loads_ends_it_in_a_line(tmp_path: Path, command: list[str], loads: str) -> None:
    assert interrupted(tmp_path, "click", loads, signal.SIGINT, *command) == (130, "scraper: Interrupted.\n")


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
@pytest.mark.parametrize("loads", [WAITS, EVALUATES, WRAPS], ids=["a module", "text", "a model"])
@pytest.mark.usefixtures("hangups")
def test_a_signal_while_a_command_loads_ends_it_in_a_line(
    tmp_path: Path, loads: str, number: signal.Signals, code: int
) -> None:
    command = ("-m", "scraper", "check", "https://example.org")
    assert interrupted(tmp_path, "pydantic", loads, number, *command) == (code, "scraper: Interrupted.\n")


def interrupted(
    folder: Path, name: str, loads: str, number: signal.Signals, *command: str
) -> tuple[int, str]:
    """How a command ends, and what it says, when the signal comes while it loads a library.

    What stands for the library says that it is under way, and waits.
    """
    (folder / f"{name}.py").write_text(loads)
    environment = {**os.environ, "PYTHONPATH": f"{folder}:{ROOT}"}
    child = subprocess.Popen(
        [sys.executable, *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "loading\n"
    child.send_signal(number)
    _, said = child.communicate(timeout=30)
    return child.returncode, said


def test_our_own_first_lines_are_soon_there(tmp_path: Path) -> None:
    code = "import sys; sys.modules.pop('typing', 0); import scraper.__main__; print('typing' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True)
    assert ended.stdout == b"False\n"
