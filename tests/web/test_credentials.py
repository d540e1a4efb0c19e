from __future__ import annotations

import logging
import ssl
from collections.abc import Callable

import pytest
from servers import Talk, redirect, response, serve
from visiting import visiting

from scraper.errors import SettingsError
from scraper.model import Answer
from scraper.web import Credentials

TOKEN = "marker-3f9c"
MakeTLS = Callable[..., ssl.SSLContext]


def test_only_its_own_hosts_and_only_over_a_safe_way() -> None:
    held = Credentials({"github": (TOKEN, ["API.github.test", "127.0.0.1:8080"])})
    bearer = f"Bearer {TOKEN}"
    assert held.authorization("github", "https", "api.github.test", 443) == bearer
    assert held.authorization("github", "http", "127.0.0.1", 8080) == bearer
    for origin in (
        ("http", "api.github.test", 80),
        ("https", "github.test", 443),
        ("https", "api.github.test.evil.test", 443),
        ("http", "127.0.0.1", 80),
    ):
        assert held.authorization("github", *origin) == ""
    assert held.authorization("openreview", "https", "api.github.test", 443) == ""
    assert ("github" in held, "openreview" in held) == (True, False)


def test_it_does_not_show() -> None:
    held = Credentials({"github": (f"  {TOKEN}\n", ["api.github.test"])})
    assert TOKEN not in repr(held) + str(held)
    assert held.authorization("github", "https", "api.github.test", 443) == f"Bearer {TOKEN}"
    held.add("github", "", [])
    assert "github" not in held


@pytest.mark.parametrize("token", [f"{TOKEN}\r\nX-Evil: 1", f"{TOKEN} two", f"{TOKEN}\x00", "tökén"])
def test_a_token_that_would_be_another_header(token: str) -> None:
    with pytest.raises(SettingsError, match="github") as caught:
        Credentials({"github": (token, ["api.github.test"])})
    assert TOKEN not in str(caught.value)


async def test_sent_to_its_host_and_gone_after_the_first_foreign_hop(
    server_tls: MakeTLS, ca_file: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    routes = {
        "/1": redirect("/2"),
        "/2": redirect("https://evil.test/3"),
        "/3": redirect("https://api.test/4"),
        "/down": redirect("http://api.test/5"),
    }
    credentials = Credentials({"api": (TOKEN, ["api.test"])})
    answers: list[Answer] = []
    async with (
        serve(routes, server_tls("api.test", "evil.test")) as secure,
        serve(response()) as plain,
        visiting(plain, secure, credentials=credentials, ca_file=ca_file) as visitor,
    ):
        answers.append(await visitor.get("https://api.test/1", credential="api"))
        answers.append(await visitor.get("https://api.test/down", credential="api"))
        answers.append(await visitor.get("https://evil.test/3", credential="api"))
        answers.append(await visitor.get("https://api.test/4"))
    seen = [(talk.headers["host"], talk.target, "authorization" in talk.headers) for talk in secure.asked]
    assert seen == [
        ("api.test", "/1", True),
        ("api.test", "/2", True),
        ("evil.test", "/3", False),
        ("api.test", "/4", False),
        ("api.test", "/down", True),
        ("evil.test", "/3", False),
        ("api.test", "/4", False),  # its own host, but the question was put to another
        ("api.test", "/4", False),
    ]
    assert ["authorization" in talk.headers for talk in plain.asked] == [False]
    assert TOKEN not in repr(answers) + caplog.text


async def test_not_even_in_the_exception_of_a_fault_of_ours(server_tls: MakeTLS, ca_file: str) -> None:
    async def reset(talk: Talk) -> None:
        await talk.reset()

    credentials = Credentials({"api": (TOKEN, ["api.test"])})
    async with (
        serve(reset, server_tls("api.test")) as secure,
        visiting(secure=secure, credentials=credentials, ca_file=ca_file) as visitor,
    ):
        answer = await visitor.get("https://api.test/", credential="api")
    assert answer.failure == "connection_reset"
    assert TOKEN not in repr(answer)


async def test_the_users_header_goes_to_its_very_host_and_nowhere_else(
    server_tls: MakeTLS, ca_file: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    routes = {
        "/1": redirect("/2"),
        "/2": redirect("https://sub.data.test/3"),
        "/3": redirect("https://data.test/4"),
        "/down": redirect("http://data.test/5"),
    }
    credentials = Credentials()
    credentials.add_header("Data.test", "X-Key", TOKEN)
    answers: list[Answer] = []
    async with (
        serve(routes, server_tls("data.test", "sub.data.test")) as secure,
        serve(response()) as plain,
        visiting(plain, secure, credentials=credentials, ca_file=ca_file) as visitor,
    ):
        answers.append(await visitor.get("https://data.test/1"))
        answers.append(await visitor.get("https://data.test/down"))
        answers.append(await visitor.get("https://sub.data.test/3"))
    seen = [(talk.headers["host"], talk.target, "x-key" in talk.headers) for talk in secure.asked]
    assert seen == [
        ("data.test", "/1", True),
        ("data.test", "/2", True),
        ("sub.data.test", "/3", False),
        ("data.test", "/4", False),
        ("data.test", "/down", True),
        ("sub.data.test", "/3", False),
        ("data.test", "/4", False),
    ]
    assert ["x-key" in talk.headers for talk in plain.asked] == [False]
    assert TOKEN not in repr(answers) + repr(credentials) + caplog.text
    with pytest.raises(SettingsError) as caught:
        credentials.add_header("data.test", "X-Key", f"{TOKEN}\r\nX-Evil: 1")
    assert TOKEN not in str(caught.value)
