"""Certificates of the hostile web, good and bad; all keys are made anew at each run."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from datetime import UTC, datetime, timedelta

import trustme

KINDS = ("good", "soon", "optional", "expired", "future", "wrong", "unknown", "self", "old", "client")


class Certificates:
    """Two authorities: the one that is trusted, and one that nobody knows."""

    def __init__(self) -> None:
        self.authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
        self._stranger = trustme.CA(key_type=trustme.KeyType.ECDSA)

    def context(self, kind: str, *names: str) -> ssl.SSLContext:
        """A server's context for these names and addresses."""
        now = datetime.now(UTC)
        issuer = self._stranger if kind in ("unknown", "self") else self.authority
        if kind == "wrong":
            names = ("somebody-else.test",)
        days = {"expired": (-90, -2), "future": (2, 90), "soon": (-1, 5)}.get(kind, (-1, 90))
        begin, end = (now + timedelta(number) for number in days)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf = issuer.issue_cert(*names, key_type=trustme.KeyType.ECDSA, not_before=begin, not_after=end)
        leaf.configure_cert(context)
        if kind == "old":
            _only_tls_1_1(context)
        if kind in ("optional", "client"):
            context.verify_mode = ssl.CERT_OPTIONAL if kind == "optional" else ssl.CERT_REQUIRED
            self.authority.configure_trust(context)
        return context


def _only_tls_1_1(context: ssl.SSLContext) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of TLS 1.1, which is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")


async def refuse(context: ssl.SSLContext, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A handshake that fails, up to the server's alert, which asyncio's own TLS does not send."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    talk = context.wrap_bio(incoming, outgoing, server_side=True)
    while True:
        over = False
        try:
            talk.do_handshake()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            over = True
        writer.write(outgoing.read())
        await writer.drain()
        if over:
            break
        incoming.write(await reader.readexactly(1) + await _more(reader))
    writer.write_eof()
    await reader.read()  # to close with bytes unread would be a reset, and overtake the alert


async def _more(reader: asyncio.StreamReader) -> bytes:
    try:
        return await asyncio.wait_for(reader.read(65_536), 0.02)
    except TimeoutError:
        return b""
