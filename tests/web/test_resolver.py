from __future__ import annotations

import asyncio
import socket
import threading

import pytest

from scraper.web.failures import Failed
from scraper.web.resolver import Resolver, system_lookup


def failing(code: int) -> socket.gaierror:
    return socket.gaierror(code, "as the resolver says")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (failing(socket.EAI_NONAME), "host_not_found"),
        (failing(socket.EAI_NODATA), "host_not_found"),
        (failing(socket.EAI_AGAIN), "dns_failure"),
        (failing(socket.EAI_FAIL), "dns_failure"),
        (failing(socket.EAI_SYSTEM), "dns_failure"),
        (OSError("no resolver"), "dns_failure"),
        (UnicodeError("label empty or too long"), "invalid_url"),
    ],
)
async def test_what_the_name_lacks_and_what_the_resolver_lacks(error: Exception, reason: str) -> None:
    def lookup(host: str) -> list[str]:
        raise error

    resolver = Resolver(lookup)
    with pytest.raises(Failed) as caught:
        await resolver.resolve("site.test")
    resolver.close()
    assert caught.value.reason == reason
    assert "site.test" in caught.value.detail


async def test_a_bug_in_the_lookup_is_a_bug() -> None:
    def lookup(host: str) -> list[str]:
        raise ZeroDivisionError

    resolver = Resolver(lookup)
    with pytest.raises(ZeroDivisionError):
        await resolver.resolve("site.test")
    resolver.close()


@pytest.mark.parametrize("host", ["a..b", "a" * 64 + ".test", "x" * 400])
def test_the_systems_own_lookup_knows_what_is_no_name(host: str) -> None:
    with pytest.raises((UnicodeError, socket.gaierror)):
        system_lookup(host)


async def test_literals_are_not_looked_up() -> None:
    def lookup(host: str) -> list[str]:
        raise AssertionError(host)

    resolver = Resolver(lookup)
    assert await resolver.resolve("8.8.8.8") == ["8.8.8.8"]
    assert await resolver.resolve("2606:4700::1111") == ["2606:4700::1111"]
    resolver.close()


async def test_one_lookup_for_all_who_ask_and_for_the_rest_of_the_run() -> None:
    asked: list[str] = []
    answer = threading.Event()

    def lookup(host: str) -> list[str]:
        asked.append(host)
        answer.wait(5)
        return ["8.8.8.8"]

    resolver = Resolver(lookup)
    waiting = [asyncio.create_task(resolver.resolve("site.test")) for _ in range(10)]
    await asyncio.sleep(0)
    waiting[0].cancel()  # its end must not be the end of the others
    await asyncio.sleep(0)
    answer.set()
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError)
    assert found[1:] == [["8.8.8.8"]] * 9
    assert await resolver.resolve("site.test") == ["8.8.8.8"]
    resolver.close()
    assert asked == ["site.test"]


async def test_a_definite_no_is_remembered_and_a_hiccup_is_not() -> None:
    asked: list[str] = []

    def lookup(host: str) -> list[str]:
        asked.append(host)
        if host == "gone.test":
            raise failing(socket.EAI_NONAME)
        if len(asked) < 4:
            raise failing(socket.EAI_AGAIN)
        return ["8.8.8.8"]

    resolver = Resolver(lookup)
    for host, reason in [("gone.test", "host_not_found")] * 2 + [("slow.test", "dns_failure")] * 2:
        with pytest.raises(Failed) as caught:
            await resolver.resolve(host)
        assert caught.value.reason == reason
    assert await resolver.resolve("slow.test") == ["8.8.8.8"]
    resolver.close()
    assert asked == ["gone.test", "slow.test", "slow.test", "slow.test"]


async def test_a_silent_resolver_is_not_a_silent_host_and_starves_nobody() -> None:
    silence = threading.Event()

    def lookup(host: str) -> list[str]:
        if host.startswith("dead"):
            silence.wait(10)
        return ["8.8.8.8"]

    resolver = Resolver(lookup, limit=0.2)
    dead = [asyncio.create_task(resolver.resolve(f"dead{n}.test")) for n in range(40)]
    await asyncio.sleep(0)
    assert await resolver.resolve("living.test") == ["8.8.8.8"]
    ends = await asyncio.gather(*dead, return_exceptions=True)
    silence.set()
    resolver.close()
    assert {end.reason for end in ends if isinstance(end, Failed)} == {"dns_failure"}
    assert all(isinstance(end, Failed) for end in ends)
