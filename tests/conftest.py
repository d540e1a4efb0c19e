"""What all tests share: an environment without surprises, and the real data where it is there."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.sandbox import Sandbox


@pytest.fixture(autouse=True)
def _quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No credential, proxy, certificate or setting of the machine reaches a test."""
    for name in list(os.environ):
        ours = name.startswith(("SCRAPER_", "GITHUB_", "OPENREVIEW_", "SSL_CERT_"))
        if ours or name.lower().endswith("_proxy") or name in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name)


@pytest.fixture
def hangups() -> Iterator[None]:
    """What the test starts hears SIGHUP, though whoever runs the tests by `nohup` switched it off."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real records beside the checkout; other people's text, so never part of it."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/data with real records is not there")
    return folder


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One for all tests of a module."""
    with Sandbox() as running:
        yield running
