"""`scraper doctor`: is everything as a run needs it? Each check says what to do when it is not."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from scraper import __version__
from scraper.errors import Locked, ScraperError, StoreError
from scraper.model import Answer, Request
from scraper.settings import INTERNAL, SECRETS, Settings
from scraper.settings.loading import load

if TYPE_CHECKING:
    from scraper.web.client import Web

ENOUGH_SPACE = 200 * 1024 * 1024
"""Bytes: the store and the snapshots of ten thousand links take less."""

NO_SUCH_HOST = "http://no-such-host.invalid/"
"""RFC 2606 keeps `.invalid` out of the DNS: whoever answers for it answers for everybody."""


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    state: Literal["ok", "warning", "error"]
    message: str
    advice: str = ""


def examine(config: Path | None, flags: Mapping[str, Any]) -> list[Check]:
    """All checks, in the order in which one would look; only one when the settings cannot be read."""
    try:
        settings, origins, foreign = load(flags, config)
    except ScraperError as error:
        return [Check("settings", "error", str(error), "fix it and run `scraper doctor` again")]
    checks = [
        *_versions(),
        *_settings(settings, origins),
        *(Check("environment", "warning", line, "unset it, or correct its name") for line in foreign),
        *_parquet(settings),
        *_folders(settings),
        _store(settings),
        _lock(settings),
    ]
    return [*checks, *asyncio.run(_network(settings))]


def _versions() -> Iterator[Check]:
    python = platform.python_version()
    yield Check("versions", "ok", f"scraper {__version__}, Python {python}, httpx {version('httpx')}")


def _parquet(settings: Settings) -> Iterator[Check]:
    if settings.parquet and find_spec("pyarrow") is None:
        yield Check(
            "setting parquet", "error", "pyarrow is not installed", "pip install 'paperlinks[parquet]'"
        )


def _settings(settings: Settings, origins: Mapping[str, str]) -> Iterator[Check]:
    for name, origin in origins.items():
        if origin != "default" and name not in INTERNAL:
            value = _shown(name, getattr(settings, name))
            yield Check(f"setting {name}", "ok", f"{value} from {origin}")
    if not settings.contact:
        advice = "set `contact` to an address or a page: site owners write before they block"
        yield Check("contact", "warning", "requests do not say who asks", advice)


def _shown(name: str, value: Any) -> str:
    """A setting's value; of a monitor's address, which is as good as a password, only the host."""
    if name in SECRETS:
        return "(set)"
    if name == "ping_url" and value:
        return f"(set, at {urlsplit(str(value)).hostname})"
    return json.dumps(value, default=str)


def _folders(settings: Settings) -> Iterator[Check]:
    for name, folder in (("data", settings.data), ("reports", settings.reports)):
        there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        free = shutil.disk_usage(there).free
        if not os.access(there, os.W_OK):
            yield Check(name, "error", f"{there} cannot be written", "choose another folder or its owner")
        elif free < ENOUGH_SPACE:
            yield Check(name, "warning", f"{free // 2**20} MiB are free in {there}", "make room")
        else:
            yield Check(name, "ok", f"{folder}, {free // 2**30} GiB free")


def _store(settings: Settings) -> Check:
    from scraper.store.store import Store

    path = settings.store
    if not path.exists() and not path.is_symlink():
        return Check("store", "ok", f"none yet; `scraper refresh` makes {path}")
    try:
        with Store.open(path, create=False, wait=0.5) as store:
            found = store.check()
            last = store.last_success()
    except StoreError as error:
        return Check("store", "error", str(error), "see the message")
    if found:
        return Check("store", "error", f"{path}: {found[0]}", "restore a backup")
    return Check(
        "store",
        "ok",
        f"{path} is whole; last success {last:%Y-%m-%d %H:%M} UTC" if last else f"{path} is whole",
    )


def _lock(settings: Settings) -> Check:
    from scraper.commands.cron import only_run

    if not settings.data.is_dir():
        return Check("lock", "ok", "free")
    try:
        with only_run(settings.data):
            return Check("lock", "ok", "free")
    except Locked:
        return Check("lock", "warning", "a run is under way", "wait for it, or end it")
    except ScraperError as error:
        return Check("lock", "error", str(error), "see the message")


async def _network(settings: Settings) -> list[Check]:
    from scraper.visits.asking import Tally
    from scraper.visits.session import login, open_web

    checks: list[Check] = []
    async with open_web(settings) as web:
        if note := web.guard_note():
            checks.append(Check("proxy", "warning", note, "unset the proxy to have addresses checked"))
        control = await web.fetch(Request(settings.control_url), attempts=1)
        checks += [_reached(control), *_clock(control)]
        if control.status is None:
            return checks
        checks.append(_honest(await web.fetch(Request(NO_SUCH_HOST), attempts=1), settings))
        checks.append(_github(await _rate_limit(web, settings), settings))
        complaints = await login(web, settings, Tally())
    if settings.openreview_token or settings.openreview_username:
        message = complaints[0] if complaints else "the login works"
        advice = "see the message" if complaints else ""
        checks.append(Check("OpenReview", "warning" if complaints else "ok", message, advice))
    else:
        advice = "set OPENREVIEW_USERNAME and OPENREVIEW_PASSWORD to read it without its gate"
        checks.append(
            Check("OpenReview", "warning", "no login: abstracts may have to come from mementos", advice)
        )
    return checks


def _reached(answer: Answer) -> Check:
    host = urlsplit(answer.url).hostname
    if answer.status is not None:
        return Check("network", "ok", f"{host} answers, name and certificate are right")
    advice = {
        "host_not_found": "is there a network, and a resolver?",
        "dns_failure": "check the resolver",
        "tls_untrusted": "set SSL_CERT_FILE or `ca_file` to the network's own certificate authority",
    }.get(answer.failure, "check the network and the firewall")
    from scraper.reports.findings import phrase

    why = answer.detail.removeprefix(f"{host}: ")
    told = phrase(answer.failure).lower()
    return Check("network", "error", f"{host}: {told}{f' ({why})' if why else ''}", advice)


def _clock(answer: Answer) -> Iterator[Check]:
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return
    off = abs((datetime.now(UTC) - theirs.replace(tzinfo=theirs.tzinfo or UTC)).total_seconds())
    if off > 60:
        yield Check("clock", "warning", f"it is {off:.0f} s off", "set it by NTP: the history is dated by it")
    else:
        yield Check("clock", "ok", "right to the minute")


def _honest(answer: Answer, settings: Settings) -> Check:
    if answer.failure == "host_not_found" or settings.connect_to:
        return Check("resolver", "ok", "a name that cannot exist is not found")
    if answer.failure:
        return Check(
            "resolver", "warning", f"{answer.failure} for a name that cannot exist", "check the resolver"
        )
    advice = "a dead host would look alive: use another resolver"
    return Check("resolver", "error", "names that cannot exist resolve to an address", advice)


async def _rate_limit(web: Web, settings: Settings) -> Answer:
    """`GET /rate_limit` "does not count against your REST API rate limit" (GitHub's documentation)."""
    credential = "github" if settings.github_token else ""
    url = f"{settings.github_api.rstrip('/')}/rate_limit"
    return await web.fetch(Request(url, credential=credential, follow=False), attempts=1)


def _github(answer: Answer, settings: Settings) -> Check:
    if answer.status == 401:
        return Check(
            "GitHub",
            "error",
            "GITHUB_TOKEN was refused",
            "make a new token; until then runs go on without it",
        )
    if answer.status != 200:
        return Check("GitHub", "warning", f"no answer ({answer.failure or answer.status})", "try again later")
    budget = _budget(answer)
    ends = answer.headers.get("github-authentication-token-expiration", "")
    message = f"{budget}; the token ends on {ends[:10]}" if ends else budget
    if settings.github_token:
        return Check("GitHub", "ok", message)
    return Check(
        "GitHub", "warning", f"no token: {message}", "set GITHUB_TOKEN for more than a few repositories"
    )


def _budget(answer: Answer) -> str:
    try:
        core = json.loads(answer.body)["resources"]["core"]
        return f"{int(core['remaining'])} of {int(core['limit'])} requests left this hour"
    except (ValueError, KeyError, TypeError):
        return "it did not say how many requests are left"


def as_text(checks: list[Check]) -> str:
    """One line per check, and what to do under it."""
    from scraper.reports.text import plain

    lines = []
    for check in checks:
        lines.append(f"{check.state:<8} {plain(check.name)}: {plain(check.message)}")
        if check.advice:
            lines.append(f"{'':<8} -> {check.advice}")
    return "\n".join(lines)


def as_json(checks: list[Check]) -> str:
    from scraper.reports.text import document

    return document(checks=[asdict(check) for check in checks])
