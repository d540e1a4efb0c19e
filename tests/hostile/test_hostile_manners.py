"""faults.md 41 and 42: robots.txt in all its forms, and never more at once than a host bears."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from servers import Route, Talk, redirect, response

from hostile.certificates import Certificates
from hostile.checking import check, impatient
from hostile.handlers import endless_body, status
from hostile.labels import Behaviour, many
from hostile.pages import GOOD
from hostile.server import HostileWeb

pytestmark = pytest.mark.long

DISALLOW = b"User-agent: *\nDisallow: /\n"
OURS = b"User-agent: scraper\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n"
ROBOTS: Mapping[str, tuple[Route, str]] = {
    "forbids": (response(DISALLOW, kind="text/plain"), "robots"),
    "forbids others": (response(OURS, kind="text/plain"), "ok"),
    "is missing": (status("404 Not Found"), "ok"),
    "fails": (status("500 Internal Server Error"), "ok"),
    "is a page": (GOOD, "ok"),
    "is huge": (response(DISALLOW + b"#" * 700_000, kind="text/plain"), "ok"),
    "never ends": (endless_body, "ok"),
    "leads elsewhere": (redirect("@ELSEWHERE@/robots.txt"), "robots"),
    "is binary": (response(b"\0\xff" * 90, kind="text/plain"), "ok"),
    "delays for ever": (response(b"User-agent: *\nCrawl-delay: nan\n", kind="text/plain"), "ok"),
}


async def test_robots_is_asked_for_once_and_a_broken_one_never_blocks(certificates: Certificates) -> None:
    behaviours = [
        Behaviour(f"Robots {name}", many(reason, GOOD, ["/a", "/b"]), {"/robots.txt": route})
        for name, (route, reason) in ROBOTS.items()
    ]
    far = response(DISALLOW, kind="text/plain")
    behaviours.append(Behaviour("Elsewhere", {}, {"/robots.txt": far}, host="elsewhere.test"))
    async with HostileWeb(behaviours, certificates) as web:
        settings = impatient(connect_to=web.connect_to, robots=True, attempts=1)
        outcomes = await check(web.links(), settings)
        expected = {link.url: link.reason for link in web.links()}
        fetched = {host.name: host.memory["/robots.txt"] for host in web.hosts.values()}
    assert {url: outcome.verdict.reason for url, outcome in outcomes.items()} == expected
    assert set(fetched.values()) == {1}


async def test_a_pause_longer_than_anybody_waits_ends_the_visits_to_a_host(
    certificates: Certificates,
) -> None:
    asks = response(b"User-agent: *\nCrawl-delay: 999999999\n", kind="text/plain")
    behaviours = [Behaviour("Wants peace", many("ok", GOOD, ["/a", "/b", "/c"]), {"/robots.txt": asks})]
    async with HostileWeb(behaviours, certificates) as web:
        settings = impatient(connect_to=web.connect_to, robots=True, attempts=1)
        outcomes = await asyncio.wait_for(check(web.links(), settings), 20)
    assert sorted(outcome.verdict.reason for outcome in outcomes.values()) == ["ok", "robots", "robots"]


@pytest.mark.parametrize(("own", "bears"), [({}, 3), ({"elsewhere.test": {"concurrency": 7}}, 7)])
async def test_never_more_at_once_than_a_host_bears_however_they_come(
    own: Mapping[str, Mapping[str, int]], bears: int, certificates: Certificates
) -> None:
    """Half of the requests come by redirects of another host, which the dispatcher knows nothing of. The
    user's word on one host counts for more than the default, also where it allows more."""
    under_way: list[int] = [0]
    most: list[int] = [0]

    async def slow(talk: Talk) -> None:
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        await asyncio.sleep(0.01)
        under_way[0] -= 1
        await talk.send(GOOD)

    direct = many("ok", slow, [f"/direct/{number}" for number in range(20)])
    passed_on = many("ok", redirect("@ELSEWHERE@/direct/0"), [f"/{number}" for number in range(20)])
    behaviours = [
        Behaviour("Elsewhere", direct, host="elsewhere.test"),
        Behaviour("Passes on", passed_on),
    ]
    async with HostileWeb(behaviours, certificates) as web:
        settings = impatient(connect_to=web.connect_to, host_concurrency=3, hosts=own, probe=False)
        outcomes = await check(web.links(), settings)
    assert {outcome.verdict.reason for outcome in outcomes.values()} == {"ok"}
    assert most[0] == bears
