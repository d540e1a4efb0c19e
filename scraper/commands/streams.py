"""The standard streams of a command: all there, and with words for every character."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import Any


def open_all() -> None:
    """Something behind each standard stream, and words for every character.

    A stream that was closed (`>&-`) leaves its number to the next file that is opened: a message would go
    into the store. A terminal or a pipe that knows only ASCII gets escapes.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            try:
                os.fstat(number)
            except OSError:
                os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - to the end
    if isinstance(sys.stderr, io.TextIOWrapper) and _number(sys.stderr) == 2:
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(_Heedless(2, "w", closefd=False)),
            encoding=sys.stderr.encoding,
            errors=sys.stderr.errors,
            line_buffering=True,
        )
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


class _Heedless(io.FileIO):
    """Messages that can no longer be written (a full log disk) are lost, and the run goes on."""

    def write(self, words: Any, /) -> int:
        try:
            return super().write(words)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
                raise
            return len(words)


def _number(stream: io.TextIOWrapper) -> int:
    try:
        return stream.fileno()
    except OSError:  # no file at all: a test's, a notebook's
        return -1


def drop_output() -> None:
    """Python flushes stdout once more at its end, and would complain (its docs, "Note on SIGPIPE")."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
