"""One request and its response, read within bounds: no redirects, no second tries."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scraper.web import tls
from scraper.web.body import Body, Want, read_body
from scraper.web.failures import Failed, explain
from scraper.web.library import httpx
from scraper.web.redirects import STATUSES
from scraper.web.retrying import Ready
from scraper.web.transport import HOLD


@dataclass(frozen=True, slots=True)
class Reply:
    """A response; its head is whole, its body as far as it was wanted and came."""

    status: int
    fields: dict[str, str]
    locations: list[bytes]
    cookies: list[str]
    body: Body
    certificate_expires: datetime | None


async def exchange(
    transport: httpx.AsyncBaseTransport,
    request: httpx.Request,
    want: Want,
    seconds: float,
    follow: bool,
    ready: Ready | None = None,
) -> Reply:
    """Ask, and read the answer. `seconds` limits all until the headers are there, and the body with them;
    the body of a redirect that will be followed is of no interest. The wait of `ready` does not count.

    Raises Failed; what is a fault of ours is raised as it is.
    """
    latest = asyncio.get_running_loop().time() + seconds
    clock = asyncio.timeout_at(latest)

    async def hold(ready: Ready) -> None:
        nonlocal latest
        clock.reschedule(None)
        latest += await ready()
        clock.reschedule(latest)

    if ready is not None:
        request.extensions[HOLD] = functools.partial(hold, ready)
    try:
        async with clock:
            response = await transport.handle_async_request(request)
    except TimeoutError as error:
        raise Failed("timeout", f"no answer within {seconds:.3g} s") from error
    except Exception as error:
        failure = explain(error)
        if failure is None:
            raise
        raise Failed(*failure) from error
    try:
        moving_on = follow and response.status_code in STATUSES
        return await _read(response, Want() if moving_on else want, latest)
    finally:
        await response.aclose()


async def _read(response: httpx.Response, want: Want, latest: float) -> Reply:
    raw = response.headers.raw
    fields = _fields(raw)
    return Reply(
        response.status_code,
        fields,
        [value for name, value in raw if name.lower() == b"location"],
        [_text(value) for name, value in raw if name.lower() == b"set-cookie"],
        await read_body(response, fields, want, latest),
        tls.expiry(response.extensions["network_stream"].get_extra_info("ssl_object")),
    )


def _fields(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header fields by name in lower case; RFC 9110, 5.2: the lines of one are joined "with a comma"."""
    fields: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1").lower()
        text = _text(value)
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
    return fields


def _text(value: bytes) -> str:
    """UTF-8 where it is, else Latin-1, which gives every byte a character."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
