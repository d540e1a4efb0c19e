from __future__ import annotations

import socket
import ssl
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from servers import Talk, response, serve, serve_bytes, serve_in_thread
from visiting import PlainSettings, visiting

from scraper.errors import SettingsError
from scraper.web import Web

MakeTLS = Callable[..., ssl.SSLContext]
NOW = datetime.now(UTC)


async def test_a_trusted_certificate_and_its_end(server_tls: MakeTLS, ca_file: str) -> None:
    until = datetime(2041, 5, 17, 12, 0, 0, tzinfo=UTC)
    async with (
        serve(response(b"hi"), server_tls("site.test", not_after=until)) as secure,
        visiting(secure=secure, ca_file=ca_file) as visitor,
    ):
        answer = await visitor.get("https://site.test/")
    assert (answer.status, answer.body, answer.certificate_expires) == (200, b"hi", until)


@pytest.mark.parametrize(
    ("names", "dates", "reason"),
    [
        (["site.test"], {"not_after": NOW - timedelta(days=1)}, "tls_expired"),
        (["site.test"], {"not_before": NOW + timedelta(days=1)}, "tls_not_yet_valid"),
        (["other.test"], {}, "tls_hostname"),
        (["127.0.0.1"], {}, "tls_hostname"),
    ],
)
async def test_each_fault_of_a_certificate_has_its_reason(
    server_tls: MakeTLS, ca_file: str, names: list[str], dates: dict[str, datetime], reason: str
) -> None:
    async with (
        serve(response(b"hi"), server_tls(*names, **dates)) as secure,
        visiting(secure=secure, ca_file=ca_file, attempts=3) as visitor,
    ):
        answer = await visitor.get("https://site.test/")
    assert (answer.status, answer.failure) == (None, reason)
    assert answer.detail
    assert secure.asked == []  # nothing was sent over a connection that is not trusted
    assert (answer.attempts, answer.requests) == (1, 0)


async def test_a_certificate_of_an_unknown_authority(server_tls: MakeTLS) -> None:
    async with (
        serve(response(b"hi"), server_tls("site.test", issuer=trustme.CA())) as secure,
        visiting(secure=secure) as visitor,
    ):
        answer = await visitor.get("https://site.test/")
    assert answer.failure == "tls_untrusted"


async def test_a_dot_at_the_end_of_a_name_is_in_no_certificate(server_tls: MakeTLS, ca_file: str) -> None:
    """It makes a name absolute in the DNS; browsers and curl leave it out here, and send it in `Host`."""
    context = server_tls("site.test")
    greeted: list[str | None] = []
    context.sni_callback = lambda _, name, __: greeted.append(name)
    async with serve(response(b"hi"), context) as secure, visiting(secure=secure, ca_file=ca_file) as visitor:
        assert (await visitor.get("https://site.test./")).status == 200
    assert greeted[0] == "site.test"
    assert secure.asked[0].headers["host"] == "site.test."


async def test_an_address_as_host_is_checked_as_an_address(server_tls: MakeTLS, ca_file: str) -> None:
    async with (
        serve(response(b"hi"), server_tls("127.0.0.1")) as secure,
        visiting(allow_networks=["127.0.0.0/8"], allow_ports=[secure.port], ca_file=ca_file) as visitor,
    ):
        assert (await visitor.get(f"https://127.0.0.1:{secure.port}/")).status == 200
        assert (await visitor.get(f"https://127.1:{secure.port}/")).failure == "tls_hostname"


async def test_old_tls_only(server_tls: MakeTLS, ca_file: str) -> None:
    context = server_tls("site.test")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of TLS 1.1, which is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    async with (
        serve_in_thread(context, response()) as secure,
        visiting(secure=secure, ca_file=ca_file) as visitor,
    ):
        answer = await visitor.get("https://site.test/")
    assert answer.failure == "tls_protocol"
    assert answer.detail


async def test_http_where_tls_should_be(ca_file: str) -> None:
    async with (
        serve_bytes(response(b"plain", "400 Bad Request")) as server,
        visiting(secure=server, ca_file=ca_file, attempts=3) as visitor,
    ):
        answer = await visitor.get("https://site.test/")
    assert (answer.failure, answer.attempts) == ("tls_protocol", 1)


async def test_tls_where_http_should_be(server_tls: MakeTLS) -> None:
    async with serve(response(), server_tls("site.test")) as secure, visiting(secure) as visitor:
        answer = await visitor.get("http://site.test/")
    assert answer.failure in ("connection_reset", "protocol_error")


async def test_a_client_certificate_is_asked_for(
    server_tls: MakeTLS, ca_file: str, authority: trustme.CA
) -> None:
    context = server_tls("site.test")
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    async with (
        serve_in_thread(context, response()) as secure,
        visiting(secure=secure, ca_file=ca_file) as visitor,
    ):
        answer = await visitor.get("https://site.test/")
    assert answer.failure == "login_required", answer.detail


async def test_the_body_may_end_without_a_polite_goodbye(server_tls: MakeTLS, ca_file: str) -> None:
    async def cut(talk: Talk) -> None:
        await talk.send(response(b"all of it", length=False))
        talk.keep = False
        raw: socket.socket = talk.writer.get_extra_info("socket")
        raw.shutdown(socket.SHUT_WR)  # TCP's end, without TLS's close_notify
        await talk.reader.read()

    async with (
        serve(cut, server_tls("site.test")) as secure,
        visiting(secure=secure, ca_file=ca_file) as visitor,
    ):
        answer = await visitor.get("https://site.test/")
    assert (answer.status, answer.body, answer.failure) == (200, b"all of it", "")


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR", "ca_file"])
def test_certificates_that_are_not_there(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = str(tmp_path / "missing")
    if name != "ca_file":
        monkeypatch.setenv(name, missing)
    with pytest.raises(SettingsError, match=name) as caught:
        Web(PlainSettings(ca_file=missing if name == "ca_file" else ""))
    assert "\n" not in str(caught.value)


def test_a_file_that_holds_no_certificates(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("no certificate")
    with pytest.raises(SettingsError, match=r"ca\.pem"):
        Web(PlainSettings(ca_file=str(path)))


async def test_the_environments_authority(
    server_tls: MakeTLS, ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", ca_file)
    async with (
        serve(response(b"hi"), server_tls("site.test")) as secure,
        visiting(secure=secure) as visitor,
    ):
        assert (await visitor.get("https://site.test/")).status == 200
