"""Signals that end a program: what is done is kept, and what was begun is tidied up.

Little is imported, and `asyncio` late, for the command line has this module before anything that takes time.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = tuple(
    signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)  # Windows has no SIGHUP


def again(resume: float) -> str:
    """What to do about a run that was cut off; `resume` is the setting: for how many seconds it can go on."""
    within = "an hour" if resume == 3600 else f"{resume:g} s"
    return f"run again within {within} to resume" if resume else "run again"


class Ending:
    """Which signal ended the block."""

    def __init__(self) -> None:
        self.number: int = signal.SIGINT

    @property
    def exit_code(self) -> int:
        """What a shell tells of a program that the signal ended: 130, 143 or 129."""
        return 128 + self.number


def forget() -> None:
    """Have the program end with its own exit code after a KeyboardInterrupt that it caught.

    CPython ends by SIGINT whatever was said when the interrupt came while it evaluated text, as it does for
    every dataclass; it forgets that when it evaluates text again (`run_eval_code_obj` in its pythonrun.c).
    """
    eval("None")


def was_interrupt(error: Exception) -> bool:
    """Whether it is a KeyboardInterrupt: pydantic makes an error of what comes while it builds a model."""
    return type(error).__name__ == "SchemaError" and "KeyboardInterrupt" in str(error)


def heard() -> list[signal.Signals]:
    """The ending signals that whoever started us did not switch off, as `nohup` does with SIGHUP."""
    return [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]


@contextmanager
def terminable() -> Iterator[Ending]:
    """Within the block SIGTERM and SIGHUP do what Ctrl-C does, once: KeyboardInterrupt, and all is tidied up.

    A second one ends the program at once.
    """
    ending = Ending()

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        ending.number = number
        handler = signal.getsignal(signal.SIGINT)  # asyncio's, while it runs: it cancels what is under way
        if not callable(handler):
            raise KeyboardInterrupt
        handler(signal.SIGINT, frame)

    before = {number: signal.signal(number, stop) for number in heard() if number != signal.SIGINT}
    try:
        yield ending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def interruptible() -> Iterator[None]:
    """An ending signal cancels the current task, once; a second one ends the program at once."""
    import asyncio

    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    before = {number: signal.getsignal(number) for number in heard()}

    def stop() -> None:
        for number in before:
            loop.remove_signal_handler(number)
        if task is not None:
            task.cancel()

    for number in before:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
