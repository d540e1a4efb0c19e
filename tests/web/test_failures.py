from __future__ import annotations

import ast
import asyncio
import errno
import ssl
from pathlib import Path

import h11
import httpx
import pytest

import scraper
from scraper.verdicts.reasons import REASONS
from scraper.web import failures
from scraper.web.failures import Failed, explain

ROOT = Path(scraper.__file__).parent

# Faults of the program that uses the library; none of them may pass for a fault of the web.
OURS = {"CookieConflict", "HTTPStatusError", "StreamError", "StreamConsumed", "StreamClosed"}
OURS |= {"ResponseNotRead", "RequestNotRead", "CloseError"}
# Never raised themselves; only their kinds are.
BASES = {"HTTPError", "RequestError", "TransportError"}


def made(kind: type[Exception]) -> Exception:
    """An instance, whatever its constructor wants; what it says is not looked at."""
    error = kind.__new__(kind)
    error.args = ("said",)
    return error


def exceptions(module: object) -> dict[str, type[Exception]]:
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Exception) and not name.startswith("_")
    }


def test_every_exception_of_the_library_is_explained_or_ours() -> None:
    found = exceptions(httpx)
    assert len(found) > 20
    unmapped = {name for name, kind in found.items() if explain(made(kind)) is None}
    assert unmapped - OURS - BASES == set()
    assert {name for name in unmapped if name in OURS} == OURS - {"CloseError"}


def test_every_exception_of_the_protocol_is_explained() -> None:
    for name, kind in exceptions(h11).items():
        explained = explain(made(kind))
        assert (explained is None) == (name == "ProtocolError"), name  # the base; only its kinds are raised


def test_reasons_are_those_of_the_list() -> None:
    """Every reason that appears anywhere in web/ as an argument of Failed, and those of the tables."""
    used = set(failures._BY_ERRNO.values()) | set(failures._BY_VERIFY_CODE.values())
    used |= {reason for _, reason in failures._BY_TYPE}
    for path in (ROOT / "web").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="Failed"), args=[ast.Constant(value=str(reason)), *_]):
                    used.add(reason)
    assert len(used) > 15
    assert used - set(REASONS) == set()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Failed("policy", "x"), "policy"),
        (TimeoutError(), "timeout"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), "connection_refused"),
        (ConnectionResetError(), "connection_reset"),
        (BrokenPipeError(errno.EPIPE, "pipe"), "connection_reset"),
        (OSError(errno.EHOSTUNREACH, "no route"), "unreachable"),
        (OSError(errno.ENETUNREACH, "no net"), "unreachable"),
        (OSError(errno.ETIMEDOUT, "late"), "timeout"),
        (OSError(errno.EMFILE, "Too many open files"), "internal_error"),
        (OSError("something"), "unreachable"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]"), "tls_protocol"),
        (ssl.SSLEOFError(8, "EOF"), "connection_reset"),
    ],
)
def test_errors_of_the_system(error: Exception, reason: str) -> None:
    explained = explain(error)
    assert explained is not None
    assert explained.reason == reason
    assert explained.detail.isprintable()
    assert explained.detail or isinstance(error, Failed)


def test_the_true_reason_is_found_behind_the_librarys_own() -> None:
    refused = httpx.ConnectError("All connection attempts failed")
    refused.__cause__ = RuntimeError("in between")
    refused.__cause__.__cause__ = ConnectionRefusedError(errno.ECONNREFUSED, "refused")
    explained = explain(refused)
    assert explained is not None
    assert explained.reason == "connection_refused"


@pytest.mark.parametrize(
    "bug", [TypeError("x"), KeyError("x"), AssertionError(), ZeroDivisionError(), httpx.StreamConsumed()]
)
def test_bugs_are_not_explained_away(bug: Exception) -> None:
    assert explain(bug) is None
    assert explain(asyncio.CancelledError()) is None


def test_a_detail_is_one_printable_line() -> None:
    explained = explain(httpx.ReadError("two\nlines \x1b]0;title\x07 " + "x" * 500))
    assert explained is not None
    assert explained.detail.isprintable()
    assert len(explained.detail) <= 200


def test_only_the_web_knows_the_library() -> None:
    importers = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.partition(".")[0] in ("httpx", "httpcore", "h11") for name in names):
                importers.add(path.relative_to(ROOT).parts[0])
    assert importers == {"web"}
