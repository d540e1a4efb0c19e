"""Fixtures of the web tests: no proxy or certificate of the developer's machine, and a small authority."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from scraper.web import body


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, _other_authority: str) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("SSL_CERT"):
            monkeypatch.delenv(name)
    # One authority is read in less time than the hundred and fifty of the world.
    monkeypatch.setenv("SSL_CERT_FILE", _other_authority)


@pytest.fixture(scope="session")
def _other_authority(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("other") / "ca.pem"
    trustme.CA(key_type=trustme.KeyType.ECDSA).cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def _short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slow bodies are cut soon, and nothing is earned by single bytes."""
    monkeypatch.setattr(body, "GRACE", 0.2)
    monkeypatch.setattr(body, "DRAIN_GRACE", 0.1)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture(scope="session")
def server_tls(authority: trustme.CA) -> Callable[..., ssl.SSLContext]:
    """`server_tls("site.test", not_after=…)`: a server's context with a certificate for the names."""

    def make(*names: str, issuer: trustme.CA = authority, **dates: Any) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issuer.issue_cert(*names, key_type=trustme.KeyType.ECDSA, **dates).configure_cert(context)
        return context

    return make
