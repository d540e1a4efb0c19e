"""One request and its response, read within bounds: no redirects, no second tries."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scraper.web import tls
from scraper.web.body import Body, Want, read_body
from scraper.web.call import Call, Field
from scraper.web.failures import Failed, explain
from scraper.web.redirects import STATUSES
from scraper.web.retrying import Ready
from scraper.web.transport import Response, Transport


@dataclass(frozen=True, slots=True)
class Reply:
    """A response; its head is whole, its body as far as it was wanted and came."""

    status: int
    fields: dict[str, str]
    locations: list[bytes]
    cookies: list[str]
    body: Body
    certificate_expires: datetime | None


_TICK = 0.001
"""Seconds: what `epoll` rounds a wait up to."""


async def exchange(
    transport: Transport,
    call: Call,
    want: Want,
    seconds: float,
    follow: bool,
    ready: Ready | None = None,
) -> Reply:
    """Ask, and read the answer. `seconds` limits all until the headers are there, and the body with them;
    the body of a redirect that will be followed is of no interest. The wait for `ready` does not count.

    Raises Failed; what is a fault of ours is raised as it is.
    """
    time = asyncio.get_running_loop().time
    latest = time() + seconds
    clock = asyncio.timeout_at(latest)

    async def hold() -> None:
        nonlocal latest
        if ready is None or (wait := ready()) <= 0:
            return
        clock.reschedule(None)
        began = time()
        while wait > 0:
            # The loop's timer knows whole milliseconds and comes late: the last one is waited out by turns.
            await asyncio.sleep(wait - _TICK if wait > _TICK else 0)
            wait = ready()
        call.held = time() - began
        latest += call.held
        clock.reschedule(latest)

    try:
        async with clock:
            response = await transport.ask(call, hold)
    except TimeoutError as error:
        raise Failed("timeout", f"no answer within {seconds:.3g} s") from error
    except Exception as error:
        failure = explain(error)
        if failure is None:
            raise
        raise Failed(*failure) from error
    try:
        moving_on = follow and response.status in STATUSES
        return await _read(response, Want() if moving_on else want, latest)
    finally:
        await response.aclose()


async def _read(response: Response, want: Want, latest: float) -> Reply:
    fields, locations, cookies = _sorted(response.fields)
    body = await read_body(response, fields, want, latest)
    return Reply(response.status, fields, locations, cookies, body, tls.expiry(response.tls()))


def _sorted(raw: Iterable[Field]) -> tuple[dict[str, str], list[bytes], list[str]]:
    """Header fields by name in lower case, every Location as it came, every Set-Cookie.

    RFC 9110, 5.2: the lines of one field are joined "with a comma".
    """
    fields: dict[str, str] = {}
    locations, cookies = [], []
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), _text(value)
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
        if key == "location":
            locations.append(value)
        elif key == "set-cookie":
            cookies.append(text)
    return fields, locations, cookies


def _text(value: bytes) -> str:
    """UTF-8 where it is, else Latin-1, which gives every byte a character."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
