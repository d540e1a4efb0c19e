"""A process that brings up commands: it has everything imported, and forks a child for each of them.

Started by `commands.Place.quick` as a program of its own, because the test's process has threads (the
sandbox), and a process with threads must not fork. One line of JSON in, a command; one
line out, how it ended.

A command can be hurt at its n-th step: what it is about to do to a file does not happen any more, for it gets
a signal there, or the system refuses (`Hurt`).
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


class Hurt:
    """A hook that lets all steps before one pass: there a signal comes, or the system refuses.

    Args:
        step: which one, counted from 1.
        number: of the signal; 0 for none.
        refusal: the `errno`; 0 for none.
        lasting: each later step is refused as well.
        only: the events that count; empty for all that change files.
        within: the folders whose files count.
        mark: the file that is made when it happens.
    """

    def __init__(
        self,
        step: int,
        number: int,
        refusal: int,
        lasting: bool,
        only: list[str],
        within: list[str],
        mark: str,
    ) -> None:
        self._step, self._number, self._refusal, self._lasting = step, number, refusal, lasting
        self._only, self._within, self._mark = set(only), tuple(within), mark
        self._passed = 0

    def __call__(self, event: str, about: tuple[Any, ...]) -> None:
        if not self._counts(event, about):
            return
        self._passed += 1
        if self._passed == self._step:
            os.close(os.open(self._mark, os.O_CREAT))
            if self._number:
                os.kill(os.getpid(), self._number)
        if self._refusal and (self._passed == self._step or (self._lasting and self._passed > self._step)):
            raise OSError(self._refusal, os.strerror(self._refusal), about[0])

    def _counts(self, event: str, about: tuple[Any, ...]) -> bool:
        changes = event in CHANGES or (event == "open" and about[2] & (os.O_WRONLY | os.O_RDWR))
        if not changes or (self._only and event not in self._only):
            return False
        if isinstance(about[0], int) or about[0] == ":memory:":  # a stream that is there, and no file at all
            return False
        return os.path.abspath(os.fsdecode(about[0])).startswith(self._within)  # noqa: PTH100 - opens nothing


def bring_up(command: dict[str, Any]) -> None:
    """In the child: become the command."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests by `nohup` switched it off
    for number in command["ignored"]:
        signal.signal(number, signal.SIG_IGN)
    os.chdir(command["folder"])
    os.environ.clear()
    os.environ.update(command["environment"])
    for number, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(command[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    sys.argv = ["scraper", *command["arguments"]]
    if command["hurt"]:
        sys.addaudithook(Hurt(**command["hurt"]))
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
