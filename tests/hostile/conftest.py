"""The hostile web, without the proxies and authorities of the developer's machine."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hostile.certificates import Certificates
from hostile.everything import BEHAVIOURS
from hostile.server import HostileWeb
from scraper.web import body


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(("SSL_CERT", "SCRAPER_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr(body, "GRACE", 1.0)


@pytest.fixture(scope="session")
def certificates() -> Certificates:
    return Certificates()


@pytest.fixture(scope="session")
def ca_file(certificates: Certificates, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("hostile") / "ca.pem"
    certificates.authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
async def web(certificates: Certificates) -> AsyncIterator[HostileWeb]:
    async with HostileWeb(BEHAVIOURS, certificates) as made:
        yield made
