"""A run's way to the web: the client with the credentials of the settings, and the one login."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.errors import SettingsError
from scraper.sites import KINDS
from scraper.sites.openreview import HOSTS
from scraper.sites.openreview.login import Token, login_request, read_login, token_warning
from scraper.visits.asking import Tally
from scraper.visits.pacing import pacing
from scraper.web.client import Web
from scraper.web.credentials import Credentials
from scraper.web.resolver import Lookup, system_lookup

if TYPE_CHECKING:
    from scraper.settings import Settings

OPENREVIEW_HOSTS = tuple(HOSTS.values())


def open_web(settings: Settings, *, lookup: Lookup = system_lookup) -> Web:
    """The client; each token is seen by the hosts it belongs to, and by no other."""
    credentials = Credentials()
    for kind in KINDS:
        for own in kind.credentials(settings):
            credentials.add(own.name, own.value, own.hosts)
    for host, manners in settings.hosts.items():
        for name, source in manners.headers.items():
            variable = source.removeprefix("env:")
            if not os.environ.get(variable, "").strip():
                raise SettingsError(f"hosts.{host}.headers: {name}: the variable {variable} is not set")
            credentials.add_header(host, name, os.environ[variable])
    pace = pacing(settings)
    return Web(settings, credentials, lookup=lookup, concurrency=lambda host: pace(host).concurrency)


async def login(web: Web, settings: Settings, tally: Tally) -> list[str]:
    """Log in to OpenReview once, where a login is configured; returns messages for the user."""
    if settings.openreview_token:
        warning = token_warning(settings.openreview_token.get_secret_value(), datetime.now(UTC))
        return [warning] if warning else []
    if not (settings.openreview_username and settings.openreview_password):
        return []
    name, password = settings.openreview_username, settings.openreview_password
    request = login_request(name.get_secret_value(), password.get_secret_value())
    answer = await web.fetch(request, attempts=1, spend=tally.of(request.url))
    said = read_login(answer)
    if isinstance(said, Token):
        web.credentials.add("openreview", said.value, OPENREVIEW_HOSTS)
        return []
    return [said]


async def renew_login(web: Web, settings: Settings, tally: Tally) -> None:
    """The token was refused in mid run: log in anew, or go on as a guest where there is no password."""
    web.credentials.add("openreview", "", OPENREVIEW_HOSTS)
    if not settings.openreview_token:
        await login(web, settings, tally)
