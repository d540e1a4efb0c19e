"""A process that brings up commands: it has everything imported, and forks a child for each of them.

Started by `commands.Place.quick` as a program of its own, because the test's process has threads (the
sandbox), and a process with threads must not fork. One line of JSON in, a command; one
line out, how it ended.

A command can be hurt at its n-th step: what it is about to do to a file does not happen any more, for it gets
a signal there, or the system refuses (`hurt`).
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

import scraper
from scraper.cli import main
from scraper.reports import html


def get_ready() -> None:
    """Import and compile once, here, what every child would: the whole house and the report's templates."""
    for module in pkgutil.walk_packages(scraper.__path__, "scraper."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    templates = html._environment()
    for name in templates.list_templates(["html"]):
        templates.get_template(name)
    gc.freeze()  # no child copies what its collector would only look at


CHANGES = {
    *("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.truncate"),
    *("os.chmod", "os.utime", "os.setxattr", "sqlite3.connect"),
}
"""Events of the audit (PEP 578) that come before something is done to a file; "open" is another."""


def hurt(step: int, refusal: int, number: int, only: list[str]) -> Callable[[str, tuple[Any, ...]], None]:
    """A hook that lets all steps but one pass: there a signal comes, or the system refuses.

    Args:
        step: which one, counted from 1.
        refusal: the `errno`; 0 for none.
        number: of the signal; 0 for none.
        only: the events that count; empty for all that change files.
    """
    passed = 0

    def hook(event: str, about: tuple[Any, ...]) -> None:
        nonlocal passed
        opened = event == "open" and not isinstance(about[0], int)  # a number is a stream that is there
        if event not in CHANGES and not (opened and about[2] & (os.O_WRONLY | os.O_RDWR)):
            return
        if only and event not in only:
            return
        passed += 1
        if passed == step and number:
            os.kill(os.getpid(), number)
        elif passed == step:
            raise OSError(refusal, os.strerror(refusal), about[0])

    return hook


def bring_up(command: dict[str, Any]) -> None:
    """In the child: become the command."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in command["ignored"]:
        signal.signal(number, signal.SIG_IGN)
    os.chdir(command["folder"])
    os.environ.clear()
    os.environ.update(command["environment"])
    for number, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(command[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    sys.argv = ["scraper", *command["arguments"]]
    if command["hurt"]:
        sys.addaudithook(hurt(*command["hurt"]))
    code = 1
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - what Python itself would print
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def wait(child: int, seconds: float | None) -> int:
    """The child's exit code (negative: the signal that ended it)."""
    handle = os.pidfd_open(child)
    try:
        ended, _, _ = select.select([handle], [], [], seconds)
        if not ended:
            os.kill(child, signal.SIGKILL)
    finally:
        os.close(handle)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    get_ready()
    for line in sys.stdin:
        command = json.loads(line)
        child = os.fork()
        if child == 0:
            bring_up(command)
        print(json.dumps(wait(child, command["kill_after"])), flush=True)
