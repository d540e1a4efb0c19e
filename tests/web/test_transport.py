from __future__ import annotations

import asyncio

import pytest
from servers import Talk, hang, redirect, response, serve
from visiting import PlainSettings, visiting

from scraper.errors import SettingsError
from scraper.web import Web, transport

PAGE = response(b"page")


async def test_a_connection_is_kept_and_used_again() -> None:
    async with serve(PAGE) as server, visiting(server) as visitor:
        for n in range(5):
            assert (await visitor.get(f"http://site.test/{n}")).body == b"page"
        await visitor.get("http://other.test/")
    assert server.connections == 2


async def test_it_is_let_go_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "KEEP_ALIVE", 0.0)
    async with serve(PAGE) as server, visiting(server) as visitor:
        for n in range(3):
            assert (await visitor.get(f"http://site.test/{n}")).status == 200
    assert server.connections == 3


async def test_the_longest_idle_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MOST_OPEN", 2)
    async with serve(PAGE) as server, visiting(server) as visitor:
        for name in ("a", "b", "c", "c", "b", "a"):
            assert (await visitor.get(f"http://{name}.test/")).status == 200
    assert server.connections == 4


@pytest.mark.parametrize("last", [b"Connection: close\r\n", b""])
async def test_a_connection_the_server_closes_is_not_used_again(last: bytes) -> None:
    async def once(talk: Talk) -> None:
        await talk.send(PAGE.replace(b"\r\n", b"\r\n" + last, 1))
        await talk.close()

    async with serve(once) as server, visiting(server) as visitor:
        for n in range(3):
            assert (await visitor.get(f"http://site.test/{n}")).status == 200
            await asyncio.sleep(0.01)
    assert server.connections == 3


async def test_many_at_once_to_one_and_to_many_hosts() -> None:
    async with serve(PAGE) as server, visiting(server, host_concurrency=6) as visitor:
        urls = [f"http://h{n % 40}.test/{n}" for n in range(400)]
        answers = await asyncio.gather(*map(visitor.get, urls))
    assert {answer.status for answer in answers} == {200}
    assert server.connections <= 40 * 6
    assert len(server.asked) == 400


async def test_nothing_is_left_open(recwarn: pytest.WarningsRecorder) -> None:
    async with serve({"/hang": hang, "*": PAGE}) as server:
        async with visiting(server, timeout=0.1) as visitor:
            await asyncio.gather(
                *(visitor.get(f"http://h{n}.test/{p}") for n in range(5) for p in ("hang", "x"))
            )
        await asyncio.sleep(0.05)
    assert [str(warning.message) for warning in recwarn] == []


# Behind a proxy.


async def relay(talk: Talk) -> None:
    """A proxy that knows one page of one site, and no tunnels."""
    known = talk.target == "http://site.test/x"
    await talk.send(response(b"by proxy") if known else response(b"", "502 Bad Gateway"))


async def test_the_environments_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve(relay) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("https_proxy", f"127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "direct.test")
        async with visiting(lookup=lambda host: ["10.0.0.1"]) as visitor:
            page = await visitor.get("http://site.test/x")
            tunnel = await visitor.get("https://site.test/x")
            inside = await visitor.get("http://127.0.0.1/")
            direct = await visitor.get("http://direct.test/")
            note = visitor.web.guard_note()
    assert (page.status, page.body, page.requests) == (200, b"by proxy", 1)
    assert (tunnel.status, tunnel.failure) == (None, "unreachable")
    assert (inside.failure, direct.failure) == ("policy", "policy")
    assert "proxy" in note
    assert proxy.targets == ["GET http://site.test/x", "CONNECT site.test:443"]


SPELLINGS = (
    *("127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.", "0", "0x7f.1", "１２７.0.0.1"),
    *("localhost", "LOCALHOST.", "foo.localhost", "[::1]", "[::ffff:127.0.0.1]", "0xa9fea9fe"),
)


@pytest.mark.parametrize("host", SPELLINGS)
async def test_a_private_host_does_not_reach_the_proxy_however_it_is_spelled(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(relay) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        async with visiting() as visitor:
            assert (await visitor.get(f"http://{host}/")).failure in ("policy", "invalid_url")
    assert proxy.targets == []


async def test_redirects_and_destinations_of_the_user_behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve(redirect("http://127.0.0.1/")) as proxy, serve(PAGE) as server:
        monkeypatch.setenv("all_proxy", f"http://127.0.0.1:{proxy.port}")
        async with visiting(connect_to=[f"named.test:80:127.0.0.1:{server.port}"]) as visitor:
            assert (await visitor.get("http://named.test/")).body == b"page"
            assert (await visitor.get("http://site.test/")).failure == "policy"


def test_no_proxy_no_note() -> None:
    assert Web(PlainSettings()).guard_note() == ""


@pytest.mark.parametrize("address", ["ftp://user:secret@proxy.test", "http://user:secret@[::1"])
def test_a_proxy_that_cannot_be_used(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", address)
    with pytest.raises(SettingsError, match="HTTP_PROXY") as caught:
        Web(PlainSettings())
    assert "secret" not in str(caught.value)
