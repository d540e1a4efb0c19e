"""Certificates: whom to trust, and until when the other side's is valid."""

from __future__ import annotations

import os
import ssl
from datetime import UTC, datetime
from pathlib import Path

from scraper.errors import SettingsError
from scraper.web.library import httpx


def context(ca_file: str = "") -> ssl.SSLContext:
    """The one context of a run: the library's authorities, or those of SSL_CERT_FILE or SSL_CERT_DIR, and the
    file's besides. Raises SettingsError."""
    for name, source in (("SSL_CERT_FILE", os.environ.get("SSL_CERT_FILE", "")), ("ca_file", ca_file)):
        if source and not Path(source).is_file():
            raise SettingsError(f"{name} names {source!r}, and there is no such file")
    folder = os.environ.get("SSL_CERT_DIR", "")
    # OpenSSL takes several folders with colons between; if none of them is there, no site is trusted.
    if folder and not any(Path(part).is_dir() for part in folder.split(os.pathsep)):
        raise SettingsError(f"SSL_CERT_DIR names {folder!r}, and there is no such folder")
    try:
        made = httpx.create_ssl_context()
        if ca_file:
            made.load_verify_locations(ca_file)
    except (ssl.SSLError, OSError) as error:
        source = ca_file or os.environ.get("SSL_CERT_FILE", "") or folder
        raise SettingsError(f"{source!r} holds no certificates that could be read: {error}") from None
    made.set_alpn_protocols(["http/1.1"])
    # Python 3.13 refuses certificates that break a "must" of RFC 5280 and that every browser accepts.
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return made


def expiry(connection: ssl.SSLObject | None) -> datetime | None:
    """The end of validity of the other side's certificate."""
    certificate = connection.getpeercert() if connection is not None else None
    not_after = (certificate or {}).get("notAfter")
    if not isinstance(not_after, str):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(not_after), UTC)
