"""Running `scraper` as people and cron do: as a process, in a folder of its own, with a settings file."""

from __future__ import annotations

import atexit
import functools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from running import IMPATIENT

from scraper.sandbox import Sandbox
from scraper.trust import agreement, found

SCRAPER = [sys.executable, "-m", "scraper"]
ROOT = Path(__file__).resolve().parents[1]


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    """Negative: the signal that ended it."""
    out: str
    err: str


class Hurting(NamedTuple):
    """What happens to a command at one of its changes to files; `nursery.Hurt` says what each means."""

    step: int
    number: int = 0
    refusal: int = 0
    lasting: bool = False
    only: Sequence[str] = ()


def environment(**more: str) -> dict[str, str]:
    """Only what a process needs: no credential, no setting and no colour of the machine's."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    own = {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "XDG_CONFIG_HOME": os.devnull}
    return kept | own | more


@dataclass
class Place:
    """A folder to run commands in; `settings` become its `scraper.toml`."""

    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    agreed: bool = True
    """The settings are the user's own word, as after `scraper trust`."""

    @classmethod
    def in_sandbox(cls, folder: Path, sandbox: Sandbox, **more: Any) -> Place:
        """The whole web is the sandbox, which bears any speed."""
        patient = {"host_interval": 0.0, "host_concurrency": 8, "hosts": IMPATIENT, "timeout": 5.0}
        inside = {name: value for name, value in sandbox.settings.items() if name != "sandbox"}
        return cls(folder, {**patient, **inside, "probe": False, **more})

    def write_settings(self) -> None:
        lines = [f"{name} = {_toml(value)}" for name, value in self.settings.items()]
        file = self.folder / "scraper.toml"
        file.write_text("\n".join(lines) + "\n", "utf-8")
        if self.agreed:
            trusted = self.config / "scraper" / "trusted"
            trusted.parent.mkdir(parents=True, exist_ok=True)
            trusted.write_text(agreement.digest(found.read(file).table) + "\n")

    @property
    def config(self) -> Path:
        """The user's own folder of settings, which is never in a list's."""
        return self._beside("config")

    def _beside(self, what: str) -> Path:
        """Something that belongs to the folder and is not in it: nothing there disturbs it."""
        return self.folder.parent / f"{self.folder.name}-{what}"

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """What a command in the folder needs, the user's agreement to its settings among it."""
        return environment(**{"XDG_CONFIG_HOME": str(self.config), **(more or {})})

    def start(self, *arguments: str, stdin: int = subprocess.DEVNULL, **env: str) -> subprocess.Popen[str]:
        """A command under way; its output comes by pipes."""
        self.write_settings()
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [*SCRAPER, *arguments],
            cwd=self.folder,
            env=self.environment(env),
            stdin=stdin,
            stdout=pipe,
            stderr=pipe,
            text=True,
            encoding="utf-8",
        )

    def run(self, *arguments: str, text: str | None = None, **env: str) -> Ended:
        """A command from its start to its end, with `text` on its standard input."""
        stdin = subprocess.DEVNULL if text is None else subprocess.PIPE
        with self.start(*arguments, stdin=stdin, **env) as process:
            out, err = process.communicate(text, timeout=120)
        return Ended(process.returncode, out, err)

    def quick(self, *arguments: str, **env: str) -> Ended:
        """The same without the start of an interpreter (`nursery.py`)."""
        return self._bring_up(arguments, env)

    def killed(self, after: float, *arguments: str, **env: str) -> Ended:
        """The same, with SIGKILL after so many seconds unless it ended before."""
        return self._bring_up(arguments, env, kill_after=after)

    def killed_at(self, step: int, *arguments: str, **env: str) -> Ended:
        """The same, with SIGKILL at its `step`-th change to a file (from 1), unless it ended before."""
        return self._bring_up(arguments, env, hurt=Hurting(step, signal.SIGKILL))

    def signalled_at(
        self, step: int, number: int, *arguments: str, ignored: Sequence[int] = (), **env: str
    ) -> Ended:
        """The same with any signal; `ignored` are those that whoever starts the command has switched off."""
        return self._bring_up(arguments, env, hurt=Hurting(step, number), ignored=ignored)

    def refused(self, how: Hurting, *arguments: str, **env: str) -> Ended:
        """The same, where the system refuses one change to a file, or all from one on."""
        return self._bring_up(arguments, env, hurt=how)

    @property
    def was_hurt(self) -> bool:
        """Whether the last command came as far as the step at which it was to be hurt."""
        return self._mark.exists()

    @property
    def _mark(self) -> Path:
        return self._beside("hurt")

    def _bring_up(
        self,
        arguments: Sequence[str],
        env: Mapping[str, str],
        *,
        kill_after: float | None = None,
        hurt: Hurting | None = None,
        ignored: Sequence[int] = (),
    ) -> Ended:
        self._mark.unlink(missing_ok=True)
        self.write_settings()
        streams = {name: self._beside(name) for name in ("stdout", "stderr")}
        command = {
            "folder": str(self.folder),
            "environment": self.environment(env),
            "arguments": arguments,
            "kill_after": kill_after,
            "hurt": {
                **hurt._asdict(),
                "mark": str(self._mark),
                "within": [str(self.folder), str(self.config)],
            }
            if hurt
            else None,
            "ignored": ignored,
            **{name: str(path) for name, path in streams.items()},
        }
        nursery = _nursery()
        assert nursery.stdin
        assert nursery.stdout
        nursery.stdin.write(json.dumps(command) + "\n")
        nursery.stdin.flush()
        code = json.loads(nursery.stdout.readline())
        return Ended(code, *(path.read_text("utf-8") for path in streams.values()))

    def article(self, *lines: str, name: str = "list") -> Path:
        path = self.folder / f"{name}.md"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path


def _toml(value: object) -> str:
    """A value in TOML, which writes strings, numbers and lists as JSON does."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(name)} = {_toml(one)}" for name, one in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


@functools.cache
def _nursery() -> subprocess.Popen[str]:
    """One for all tests of a process; it ends when its standard input does."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("nursery.py"))],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.communicate)
    return process
