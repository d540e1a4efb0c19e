"""From exceptions of the layers below to the reasons of `health.REASONS`.

    Failed                      raised where the reason is known: resolver, guard, connection, redirects
    ssl.SSLError                tls_expired, tls_not_yet_valid, tls_hostname, tls_untrusted, tls_protocol
    TimeoutError, OSError       timeout, connection_refused, connection_reset, unreachable
    h11, httpx                  protocol_error, and what `_BY_TYPE` says

Anything else is a fault of ours: `explain` returns None for it and it is raised on.
"""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterator
from typing import NamedTuple

import h11

from scraper.web.library import httpx


class Failed(Exception):
    """A request that ends without a usable response."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


class Failure(NamedTuple):
    """A reason of `health.REASONS`, and one line of what was seen."""

    reason: str
    detail: str


# The most special first: the first match counts.
_BY_TYPE: tuple[tuple[type[Exception], str], ...] = (
    (httpx.InvalidURL, "invalid_url"),
    (httpx.TimeoutException, "timeout"),
    (httpx.UnsupportedProtocol, "unsupported"),
    (httpx.ProxyError, "unreachable"),
    (httpx.ConnectError, "unreachable"),
    (httpx.NetworkError, "connection_reset"),
    (httpx.ProtocolError, "protocol_error"),
    (httpx.DecodingError, "protocol_error"),
    (httpx.TooManyRedirects, "too_many_redirects"),
    (h11.RemoteProtocolError, "protocol_error"),
    # What we were about to send is not HTTP: a validator or a header that came from a server.
    (h11.LocalProtocolError, "protocol_error"),
)

_BY_ERRNO = {
    errno.ECONNREFUSED: "connection_refused",
    errno.ECONNRESET: "connection_reset",
    errno.ECONNABORTED: "connection_reset",
    errno.EPIPE: "connection_reset",
    errno.ETIMEDOUT: "timeout",
    # Out of file descriptors or buffers: it says nothing about the link.
    errno.EMFILE: "internal_error",
    errno.ENFILE: "internal_error",
    errno.ENOBUFS: "internal_error",
    errno.ENOMEM: "internal_error",
}

# X509_verify_cert's codes (openssl/x509_vfy.h): 9 and 10 are dates, 62 and 64 the name and the IP address.
_BY_VERIFY_CODE = {9: "tls_not_yet_valid", 10: "tls_expired", 62: "tls_hostname", 64: "tls_hostname"}


def explain(error: BaseException) -> Failure | None:
    """The reason for which the web failed us; None when the error is a fault of this program."""
    for cause in _chain(error):
        if isinstance(cause, Failed):
            return Failure(cause.reason, cause.detail)
        if isinstance(cause, ssl.SSLError):
            return Failure(_tls_reason(cause), _line(cause))
        if isinstance(cause, OSError):
            return Failure(_network_reason(cause), _line(cause))
    for kind, reason in _BY_TYPE:
        if isinstance(error, kind):
            return Failure(reason, _line(error))
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it was raised from; the library wraps the true reason two or three times."""
    for _ in range(8):
        if error is None:
            return
        yield error
        error = error.__cause__


def _network_reason(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ConnectionError) and error.errno is None:
        return "connection_reset"
    return _BY_ERRNO.get(error.errno or 0, "unreachable")


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _BY_VERIFY_CODE.get(getattr(error, "verify_code", 0), "tls_untrusted")
    if isinstance(error, ssl.SSLEOFError):
        return "connection_reset"
    # RFC 8446, 6.2: certificate_required "is sent by servers when a client certificate is desired but none
    # was provided". Somebody is home and wants to know who is there.
    if "certificate required" in str(error):
        return "login_required"
    return "tls_protocol"


def _line(error: BaseException) -> str:
    """What the error says, as one printable line."""
    text = " ".join(str(error).split()) or type(error).__name__
    return "".join(c if c.isprintable() else "?" for c in text)[:200]
