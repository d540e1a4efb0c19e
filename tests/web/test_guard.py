from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers import redirect, response, serve
from visiting import visiting

from scraper.errors import SettingsError
from scraper.web.guard import Guard

PUBLIC = ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8"]
PRIVATE = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",  # IPv4-compatible
    "::ffff:7f00:1",  # IPv4-mapped
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",  # IPv4-translated
    "2002:7f00:1::",  # 6to4
    "64:ff9b::7f00:1",  # NAT64
    "64:ff9b:1::7f00:1",
    "2001::7f00:1",  # Teredo
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    assert Guard().refuses([address]) == ""


@pytest.mark.parametrize("address", PRIVATE)
def test_all_others_are_refused_alone_and_among_public_ones(address: str) -> None:
    assert address in Guard().refuses([address])
    assert Guard().refuses([*PUBLIC, address])
    assert Guard().refuses([address, *PUBLIC])


def test_networks_and_ports_of_the_settings() -> None:
    guard = Guard(["127.0.0.0/8", "fd00::/8"], [8080])
    assert guard.refuses(["127.0.0.1", "fd00::1", "::ffff:127.0.0.1", "8.8.8.8"]) == ""
    assert guard.refuses(["10.0.0.1"])
    assert [bool(guard.refuses_port(port)) for port in (80, 443, 8080, 22, 65_616)] == [False] * 3 + [
        True
    ] * 2


def test_a_network_that_is_none() -> None:
    with pytest.raises(SettingsError, match="allow_networks"):
        Guard(["127.0.0.0/99"])


@given(st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="2002::/16"))
def test_no_address_of_a_private_network_passes(address: object) -> None:
    assert Guard().refuses([str(address)])


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "[::ffff:7f00:1]",
        "169.254.169.254",
        "127.1",
        "2130706433",
        "0x7f000001",
        "①②⑦.0.0.1",
        "127。0。0。1",
        "localhost",
    ],
)
async def test_names_that_are_addresses(host: str) -> None:
    async with visiting() as visitor:
        answer = await visitor.get(f"http://{host}/")
    assert (answer.failure, answer.status, answer.requests) == ("policy", None, 0)


@pytest.mark.parametrize("host", ["0177.0.0.1", "[::1", "127.0.0.1\x00.site.test"])
async def test_names_that_the_url_layer_does_not_take(host: str) -> None:
    async with visiting() as visitor:
        answer = await visitor.get(f"http://{host}/")
    assert (answer.failure, answer.status, answer.requests) == ("invalid_url", None, 0)


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1", "2606:2800:21f::1"]])
async def test_names_that_lead_to_private_addresses(addresses: list[str]) -> None:
    async with visiting(lookup=lambda host: addresses) as visitor:
        answer = await visitor.get("http://inside.test/")
    assert (answer.failure, answer.attempts) == ("policy", 1)
    assert "inside.test" in answer.detail


@pytest.mark.parametrize("port", [22, 8080, 1])
async def test_ports(port: int) -> None:
    async with visiting(lookup=lambda host: ["8.8.8.8"]) as visitor:
        assert (await visitor.get(f"http://site.test:{port}/")).failure == "policy"


async def test_the_address_that_was_judged_is_the_one_connected_to() -> None:
    """A name that turns to a private address at its second look-up (rebinding) is looked up once."""
    asked: list[str] = []

    def turning(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    async with (
        serve(response(b"first")) as server,
        visiting(lookup=turning, allow_networks=["127.0.0.1/32"], allow_ports=[server.port]) as visitor,
    ):
        answers = [await visitor.get(f"http://turning.test:{server.port}/{n}") for n in range(3)]
    assert [answer.body for answer in answers] == [b"first"] * 3
    assert asked == ["turning.test"]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:7f00:1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://127.1/",
        "http://2130706433/",
        "http://inside.test:22/",
        "https://10.0.0.1/",
    ],
)
async def test_redirects_pass_through_the_guard(location: str) -> None:
    async with serve(redirect(location)) as server, visiting(server, attempts=3) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.failure, len(answer.hops), answer.attempts) == ("policy", 1, 1)
    assert server.targets == ["GET /"]


async def test_the_name_stays_in_host_and_on_the_kept_connection() -> None:
    async with serve(response(b"x")) as server, visiting(server) as visitor:
        for name in ("one.test", "one.test", "two.test"):
            await visitor.get(f"http://{name}/")
    assert [talk.headers["host"] for talk in server.asked] == ["one.test", "one.test", "two.test"]
    assert server.connections == 2


async def test_no_socket_for_what_the_resolver_refuses() -> None:
    def lookup(host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async with visiting(lookup=lookup) as visitor:
        answer = await visitor.get("http://gone.test/")
    assert (answer.failure, answer.requests) == ("host_not_found", 0)
