from __future__ import annotations

import pytest
from servers import response, serve
from visiting import visiting

from scraper.errors import SettingsError
from scraper.web.network import Route, routes


def test_connect_to_as_curl_has_it() -> None:
    assert routes(
        ["Site.test:443:127.0.0.1:8443", "::[::1]:80", "[2001:db8::1]:80::", ":80:proxy.test:"]
    ) == (
        Route("site.test", 443, "127.0.0.1", 8443),
        Route("", 0, "::1", 80),
        Route("2001:db8::1", 80, "", 0),
        Route("", 80, "proxy.test", 0),
    )


@pytest.mark.parametrize(
    "line", ["", "a:b:c", "site.test:443", "a:1:b:x", "a:1:b:99999", "::1:80:a:1", "a:１:b:2"]
)
def test_connect_to_that_makes_no_sense(line: str) -> None:
    with pytest.raises(SettingsError, match="connect_to"):
        routes([line])


@pytest.mark.parametrize("host", ["site.test", "a.b.c", "4chan.test", "2.example"])
def test_any_host_is_any_name(host: str) -> None:
    assert Route("", 80, "127.0.0.1", 1).matches(host, 80)
    assert not Route("", 80, "127.0.0.1", 1).matches(host, 443)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "::1", "127.1", "2130706433", "0x7f000001", "10.0.0.0x1", "127.1."]
)
def test_any_host_is_no_address(host: str) -> None:
    assert not Route("", 80, "127.0.0.1", 1).matches(host, 80)


async def test_the_destination_is_the_users_word_and_nothing_else_is() -> None:
    async with serve(response(b"here")) as server:
        line = f"named.test:8080:127.0.0.1:{server.port}"
        async with visiting(connect_to=[line], lookup=lambda host: ["127.0.0.1"]) as visitor:
            assert (await visitor.get("http://named.test:8080/")).body == b"here"
            assert (await visitor.get("http://named.test/")).failure == "policy"
            assert (await visitor.get("http://other.test/")).failure == "policy"
            assert (await visitor.get("http://other.test:8080/")).failure == "policy"


async def test_another_port_of_the_same_host_is_still_guarded() -> None:
    async with serve(response(b"here")) as server:
        for networks, seen in ([], "policy"), (["127.0.0.1"], ""):
            async with visiting(
                connect_to=[f"site.test:80::{server.port}"],
                lookup=lambda host: ["127.0.0.1"],
                allow_networks=networks,
            ) as visitor:
                assert (await visitor.get("http://site.test/")).failure == seen


async def test_the_next_address_when_one_does_not_accept() -> None:
    async with serve(response(b"second")) as server:
        addresses = ["127.0.0.99", "127.0.0.1"]  # the server listens on the second one only
        async with visiting(
            lookup=lambda host: addresses, allow_networks=["127.0.0.0/8"], allow_ports=[server.port]
        ) as visitor:
            assert (await visitor.get(f"http://site.test:{server.port}/")).body == b"second"


async def test_nothing_listens() -> None:
    async with serve(response()) as server:
        port = server.port
    async with visiting(connect_to=[f"::127.0.0.1:{port}"], attempts=3) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.failure, answer.attempts, answer.requests) == ("connection_refused", 3, 0)
    assert len(visitor.slept) == 2
