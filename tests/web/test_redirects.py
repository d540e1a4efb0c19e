from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers import Route, Talk, redirect, response, serve
from visiting import visiting

from scraper.model import Hop
from scraper.web.failures import Failed
from scraper.web.redirects import follow, next_method, parse

BASE = parse("https://site.test/a/b?c=d")


@pytest.mark.parametrize(
    ("location", "target"),
    [
        (b"https://other.test/x", "https://other.test/x"),
        (b"/x", "https://site.test/x"),
        (b"x", "https://site.test/a/x"),
        (b"../x", "https://site.test/x"),
        (b"?q=1", "https://site.test/a/b?q=1"),
        (b"//other.test/x", "https://other.test/x"),
        (b"#part", "https://site.test/a/b?c=d"),
        (b"/x#part", "https://site.test/x"),
        (b" \t/x ", "https://site.test/x"),
        (b"/two words", "https://site.test/two%20words"),
        ("/caf\u00e9".encode(), "https://site.test/caf%C3%A9"),
        ("/caf\u00e9".encode("latin-1"), "https://site.test/caf%E9"),
        ("https://b\u00fccher.test/".encode(), "https://xn--bcher-kva.test/"),
        ("https://me@i\u2764\ufe0f.test:8443/\u2764".encode(), "https://xn--i-7iq.test:8443/%E2%9D%A4"),
        (b"HTTPS://OTHER.test/X", "https://other.test/X"),
        (b"///other.test/x", "https://other.test/x"),
        (b"https:////other.test/x?//y", "https://other.test/x?//y"),
        (b"\\\\\\other.test/x", "https://other.test/x"),
        (b"http:/other.test/x", "http://other.test/x"),
        (b"HTTPS:/x", "https://site.test/x"),
        (b"https:x", "https://site.test/a/x"),
        (b"/a\tb", "https://site.test/ab"),
        (b"/a//b///c", "https://site.test/a//b///c"),
        (b"https:\\\\other.test\\x?a\\b", "https://other.test/x?a\\b"),
        (b"https://user:secret@other.test/", "https://other.test/"),
        (b"https://other.test:443/x", "https://other.test/x"),
        (b"/%0d%0aSet-Cookie:x", "https://site.test/%0d%0aSet-Cookie:x"),
        (b"/forum?id=a&noteId=b", "https://site.test/forum?id=a&noteId=b"),
    ],
)
def test_locations_as_browsers_read_them(location: bytes, target: str) -> None:
    assert str(follow(BASE, [location])) == target


@pytest.mark.parametrize(
    "location",
    [
        b"",
        b"  ",
        b"file:///etc/passwd",
        b"gopher://x/",
        b"ftp://x/",
        b"javascript:alert(1)",
        b"data:text/html,x",
        b"http://",
        b"http:///",
        b"http://[::1/",
        b"https://site.test:99999/",
        b"https://site.test:0/",
        b"https://site.test:-1/",
        b"/a\x0bb",
        b"/a\x00b",
        b"/a\r\nb",
        b"/" + b"x" * 70000,
        "https://a\u200db.test/".encode(),
        "https://\u2100.test/".encode(),
        b"mailto:a@b.test",
    ],
)
def test_locations_that_lead_nowhere(location: bytes) -> None:
    with pytest.raises(Failed) as caught:
        follow(BASE, [location])
    assert caught.value.reason == "bad_redirect"
    assert caught.value.detail.isprintable()
    assert len(caught.value.detail) < 200


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_no_location_does_more_than_lead_nowhere(location: bytes) -> None:
    try:
        target = follow(BASE, [location])
    except Failed as failed:
        assert failed.reason == "bad_redirect"
    else:
        assert target.scheme in ("http", "https")
        assert not target.userinfo


@given(st.text(max_size=100) | st.from_regex(r"https?://[^ ]{0,40}(:[0-9]{0,6})?/.{0,20}", fullmatch=True))
def test_no_address_does_more_than_fail(text: str) -> None:
    try:
        parse(text)
    except Failed as failed:
        assert failed.reason in ("invalid_url", "unsupported")


@pytest.mark.parametrize(("port", "good"), [(0, False), (1, True), (65_535, True), (65_536, False)])
def test_ports_from_the_first_to_the_last(port: int, good: bool) -> None:
    if good:
        assert parse(f"http://site.test:{port}/").port == port
    else:
        with pytest.raises(Failed) as caught:
            parse(f"http://site.test:{port}/")
        assert caught.value.reason == "invalid_url"


@pytest.mark.parametrize(
    ("address", "said"), [("ftp://site.test/", "ftp scheme"), ("site.test/x", "no scheme"), ("", "no scheme")]
)
def test_the_scheme_that_is_not_visited_is_named(address: str, said: str) -> None:
    with pytest.raises(Failed) as caught:
        parse(address)
    assert (caught.value.reason, caught.value.detail) == ("unsupported", said)


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [
        (303, "POST", "GET"),
        (303, "GET", "GET"),
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (300, "POST", "POST"),
        (301, "PUT", "PUT"),
        (302, "GET", "GET"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
        (301, "GET", "GET"),
    ],
)
def test_methods(status: int, method: str, then: str) -> None:
    assert next_method(status, method) == then


async def test_the_chain_is_kept() -> None:
    routes = {
        "/1": redirect("/2", "301 Moved Permanently"),
        "/2": redirect("http://other.test/3", "308 Permanent Redirect"),
        "/3": redirect("4?q=5#part", "307 Temporary Redirect"),
        "/4": response(b"end"),
    }
    async with serve(routes) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/1")
    end = "http://other.test/4?q=5"
    assert answer.hops == (Hop(301, "http://site.test/2"), Hop(308, "http://other.test/3"), Hop(307, end))
    assert (answer.url, answer.final_url, answer.status) == ("http://site.test/1", end, 200)
    assert (answer.requests, answer.attempts) == (4, 1)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("/", "redirect_loop"),
        ("/#part", "redirect_loop"),
        ("/two", "redirect_loop"),
        ("/step?0", "too_many_redirects"),
    ],
)
async def test_loops_and_endless_chains(location: str, reason: str) -> None:
    async def step(talk: Talk) -> None:
        await talk.send(redirect(f"/step?{int(talk.target.partition('?')[2]) + 1}"))

    routes: dict[str, Route] = {"/": redirect(location), "/two": redirect("/"), "/step": step}
    async with serve(routes) as server, visiting(server, attempts=3) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.failure, answer.status, answer.attempts) == (reason, None, 1)
    assert 1 <= len(answer.hops) <= 11


@pytest.mark.parametrize("host", ["a..b.test", f"{'a' * 64}.test", ".test"])
async def test_a_redirect_to_a_name_that_is_none_is_the_redirects_fault(host: str) -> None:
    async with serve({"/": redirect(f"https://{host}/")}) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.failure, len(answer.hops)) == ("bad_redirect", 1)
    assert host in answer.detail


async def test_ten_redirects_are_not_too_many() -> None:
    async def step(talk: Talk) -> None:
        count = int(talk.target[1:])
        await talk.send(redirect(f"/{count + 1}") if count < 10 else response(b"end"))

    async with serve(step) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/0")
    assert (answer.status, len(answer.hops)) == (200, 10)


async def test_a_cookie_wall_is_passed_and_one_without_end_is_a_loop() -> None:
    async def wall(talk: Talk) -> None:
        passed = "seen=yes" in talk.headers.get("cookie", "")
        await talk.send(
            response(b"in") if passed else redirect("/wall", "302 Found", "Set-Cookie: seen=yes; Path=/")
        )

    async def endless(talk: Talk) -> None:
        await talk.send(redirect("/endless", "302 Found", f"Set-Cookie: count={len(server.asked)}"))

    async with serve({"/wall": wall, "/endless": endless}) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/wall")
        again = await visitor.get("http://site.test/wall")
        loop = await visitor.get("http://site.test/endless")
    assert (answer.status, answer.body, len(answer.hops)) == (200, b"in", 1)
    assert len(again.hops) == 1, "cookies are forgotten after a fetch"
    assert loop.failure == "redirect_loop"


async def test_cookies_stay_with_their_host_and_its_domain() -> None:
    lines = ["own=1", "shared=2; Domain=site.test", "foreign=3; Domain=other.test", "top=4; Domain=test"]
    lines += ["safe=5; Secure", "deep=6; Path=/deep", "gone=7; Max-Age=0", "bad\x01=8"]
    sets = [f"Set-Cookie: {line}" for line in lines]
    routes = {
        "/1": redirect("http://site.test/2", "302 Found", *sets[:-1]),
        "/2": redirect("http://sub.site.test/3"),
        "/3": redirect("http://other.test/4"),
        "/4": redirect("http://site.test/deep/5"),
    }
    async with serve(routes) as server, visiting(server) as visitor:
        await visitor.get("http://site.test/1")
    assert [talk.headers.get("cookie", "") for talk in server.asked] == [
        "",
        "own=1; shared=2",
        "shared=2",
        "",
        "own=1; shared=2; deep=6",
    ]


async def test_nothing_but_a_few_fields_crosses_to_another_origin_or_comes_back() -> None:
    routes = {
        "/1": redirect("/2"),
        "/2": redirect("http://other.test/3"),
        "/3": redirect("http://site.test/4"),
    }
    headers = (
        ("Authorization", "Bearer mine"),
        ("Cookie", "a=b"),
        ("X-Api-Key", "k"),
        ("Private-Token", "t"),
    )
    async with serve(routes) as server, visiting(server) as visitor:
        await visitor.get("http://site.test/1", headers=(*headers, ("Accept", "text/html"), ("Referer", "r")))
    sent = [
        set(talk.headers) - {"host", "accept", "accept-encoding", "accept-language", "user-agent"}
        for talk in server.asked
    ]
    mine = {"authorization", "cookie", "x-api-key", "private-token", "referer"}
    assert sent == [mine, mine, set(), set()]
    assert {talk.headers["accept"] for talk in server.asked} == {"text/html"}
    assert {talk.headers["user-agent"] for talk in server.asked} == {"scraper/1.0 (+mailto:test@example.org)"}


async def test_a_posted_body_is_dropped_with_its_method_and_never_crosses() -> None:
    routes = {
        "/see": redirect("http://other.test/got", "303 See Other"),
        "/again": redirect("/there", "307 Temporary Redirect"),
        "/away": redirect("http://other.test/taken", "307 Temporary Redirect"),
        "*": response(b"{}"),
    }
    async with serve(routes) as server, visiting(server) as visitor:
        for path in ("/see", "/again", "/away"):
            answer = await visitor.get(f"http://site.test{path}", method="POST", json={"password": "p"})
    assert answer.failure == "policy"
    assert [(f"{talk.method} {talk.target}", talk.body != b"") for talk in server.asked] == [
        ("POST /see", True),
        ("GET /got", False),
        ("POST /again", True),
        ("POST /there", True),
        ("POST /away", True),
    ]
    assert "content-type" not in server.asked[1].headers


async def test_a_redirect_may_be_the_answer() -> None:
    body = b'{"url": "https://api.test/repositories/1"}'
    data = response(body, "301 Moved Permanently", "Location: /repositories/1")
    async with serve(data) as server, visiting(server) as visitor:
        answer = await visitor.get("http://api.test/repos/a/b", follow=False)
    assert (answer.status, answer.headers["location"], answer.body) == (301, "/repositories/1", body)
    assert (answer.hops, answer.failure) == ((), "")


@pytest.mark.parametrize("status", ["300 Multiple Choices", "304 Not Modified", "305 Use Proxy"])
async def test_statuses_that_are_no_redirects(status: str) -> None:
    async with serve(redirect("/x", status)) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.status, answer.hops) == (int(status[:3]), ())


@pytest.mark.parametrize(
    "head",
    [
        "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 F\r\nLocation:\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 F\r\nLocation: /a\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n",
    ],
)
async def test_no_location_or_several(head: str) -> None:
    async with serve(head.encode()) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/")
    assert answer.failure == "bad_redirect"


@pytest.mark.usefixtures("_short_grace")
async def test_the_body_of_a_redirect_is_not_waited_for() -> None:
    async def endless(talk: Talk) -> None:
        await talk.send(b"HTTP/1.1 302 Found\r\nLocation: /end\r\n\r\n")
        await talk.reader.read()
        talk.keep = False

    async with serve({"/": endless, "/end": response(b"end")}) as server, visiting(server) as visitor:
        answer = await visitor.get("http://site.test/")
    assert (answer.status, answer.body) == (200, b"end")
