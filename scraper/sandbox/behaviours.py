"""What a page of the plain web can do, by name: the path is the name, on any host without its own face.

Each behaviour is labelled with the verdict that a careful visitor should reach, so a test can walk the table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from scraper.sandbox.messages import Ask, Reply, as_text, page, redirect
from scraper.sandbox.world import World

Make = Callable[[World, Ask], Reply]


class Behaviour(NamedTuple):
    health: str
    reason: str
    meaning: str
    make: Make


def article(title: str) -> Reply:
    """A page that is plainly there."""
    words = f"This is the page “{title}”, which has a text of its own so that it resembles no other page. "
    return page(title, f"<h1>{title}</h1><article><p>{words * 3}</p></article>")


def cloudflare(status: int = 403) -> Reply:
    body = "<h1>Just a moment...</h1><div id='cf-challenge-running'>Checking your browser</div>"
    return page(
        "Just a moment...", body, status, headers={"cf-mitigated": "challenge", "server": "cloudflare"}
    )


def _page(title: str, body: str = "", status: int = 200, **headers: str) -> Make:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda world, ask: page(title, body or f"<h1>{title}</h1>", status, headers=named)


def _always(reply: Reply) -> Make:
    return lambda world, ask: reply


def _article(world: World, ask: Ask) -> Reply:
    return article(ask.path)


def _to(location: str, status: int) -> Make:
    return lambda world, ask: redirect(location, status)


def _first(reply: Reply) -> Make:
    """This answer to the first request for the address, a page to the others."""
    return lambda world, ask: reply if world.tick(f"first {ask.url}") == 1 else article(ask.path)


def _head(status: int) -> Make:
    return lambda world, ask: Reply(status) if ask.method == "HEAD" else article(ask.path)


def _upgrade(world: World, ask: Ask) -> Reply:
    return redirect(f"https://{ask.host}{ask.target}", 301) if ask.scheme == "http" else article(ask.path)


_LOGIN = (
    "<form action='/login' method='post'><input name='user'><input type='password' name='password'></form>"
)
_ABOUT_404 = (
    "<h1>How to design a page for 404 Not Found</h1><article><p>A page that is not found should help. This "
    "article collects twelve error pages, and says of each what a reader can do next.</p></article>"
)
_LARGE = "<p>" + "All work and no play. " * 150_000 + "</p>"

_SOFT = "<h1>404</h1><p>This page does not exist.</p>"
_FOR_SALE = "<h1>This domain is for sale</h1><p>Buy this domain.</p>"
_FILE = Reply(200, b"%PDF-1.4\n%%EOF\n", {"content-type": "application/pdf"})
_LATE = Reply(200, b"late", {"content-type": "text/plain"}, delay=30)
_HALF = Reply(200, b"half" * 500, {"content-type": "text/plain"}, cut=True)
_AGAIN = {"retry-after": "1"}

_TABLE: list[tuple[str, str, str, str, Make]] = [
    ("/", "alive", "ok", "A front page", _page("Front page")),
    ("/page/1", "alive", "ok", "A page; any number will do", _article),
    ("/about-404", "alive", "ok", "An article about 404 pages", _page("404 pages", _ABOUT_404)),
    ("/document.pdf", "alive", "ok", "A PDF", _always(_FILE)),
    ("/large", "alive", "ok", "A page of 3 MB", _page("Large", _LARGE)),
    ("/head-405", "alive", "ok", "HEAD is refused, GET is not", _head(405)),
    ("/head-404", "alive", "ok", "HEAD says 404, GET does not", _head(404)),
    ("/302", "alive", "ok", "Temporarily elsewhere", _to("/page/1", 302)),
    ("/307", "alive", "ok", "Temporarily elsewhere", _to("/page/1", 307)),
    ("/mixed", "alive", "ok", "A permanent redirect, then a temporary one", _to("/302", 301)),
    ("/503-once", "alive", "ok", "503 at first", _first(Reply(503, b"", _AGAIN))),
    ("/429-once", "alive", "ok", "429 at first", _first(Reply(429, b"", _AGAIN))),
    ("/301", "moved", "redirected_permanently", "301", _to("/page/1", 301)),
    ("/308", "moved", "redirected_permanently", "308", _to("/page/1", 308)),
    ("/chain", "moved", "redirected_permanently", "Four times 301", _to("/chain/2", 301)),
    ("/upgrade", "moved", "https_upgrade", "http redirects to https (ask over http)", _upgrade),
    ("/401", "blocked", "login_required", "401", _page("Unauthorized", "", 401, www_authenticate="Basic")),
    ("/members-only", "blocked", "login_required", "A redirect to a login page", _to("/login", 302)),
    ("/403", "blocked", "forbidden", "403", _page("Forbidden", "", 403)),
    ("/challenge", "blocked", "challenge", "Cloudflare's 403", _always(cloudflare())),
    ("/challenge-200", "blocked", "challenge", "The same with 200", _always(cloudflare(200))),
    ("/999", "blocked", "bot_denied", "LinkedIn's 999", _page("Request denied", "", 999)),
    ("/404", "broken", "not_found", "404", _page("Not Found", "", 404)),
    ("/410", "broken", "gone", "410", _page("Gone", "", 410)),
    ("/soft-404", "broken", "soft_404", "200, and not there", _page("Page not found", _SOFT)),
    ("/to-front", "broken", "soft_404", "A redirect to the front page", _to("/", 302)),
    ("/same/one", "broken", "soft_404", "All below /same/ is one page", _page("Shop", "<h1>Our shop</h1>")),
    ("/loop", "broken", "redirect_loop", "Redirects to itself", _to("/loop", 302)),
    ("/loop-of-two", "broken", "redirect_loop", "Redirects back and forth", _to("/loop-back", 302)),
    ("/chain/30", "broken", "too_many_redirects", "Thirty redirects", _to("/chain/29", 301)),
    ("/bad-redirect", "broken", "bad_redirect", "To no web address", _to("javascript:alert(1)", 302)),
    ("/no-location", "broken", "bad_redirect", "302 without Location", _always(Reply(302))),
    ("/400", "broken", "bad_request", "400", _page("Bad Request", "", 400)),
    ("/451", "blocked", "unavailable_legally", "451", _page("Unavailable For Legal Reasons", "", 451)),
    ("/parked", "broken", "parked", "Up for sale", _page("Domain for sale", _FOR_SALE)),
    ("/500", "failing", "server_error", "500", _page("Internal Server Error", "", 500)),
    ("/502", "failing", "server_error", "502", _page("Bad Gateway", "", 502)),
    ("/503", "failing", "server_error", "503", _page("Service Unavailable", "", 503)),
    ("/slow", "failing", "timeout", "30 seconds", _always(_LATE)),
    ("/cut", "failing", "connection_reset", "Half a body", _always(_HALF)),
    ("/429", "unverified", "rate_limited", "429", _page("Too Many Requests", "", 429, retry_after="3600")),
]

BEHAVIOURS = {row[0]: Behaviour(*row[1:]) for row in _TABLE}
"""Behaviours by path, in the order of their verdicts."""


def answer(world: World, ask: Ask) -> Reply:
    """The named behaviour, what belongs to it (`/login`, `/chain/N`, `/same/…`, `/page/N`), or a 404."""
    first, _, number = ask.path.strip("/").partition("/")
    if ask.path in BEHAVIOURS:
        return BEHAVIOURS[ask.path].make(world, ask)
    if first == "page" and number.isdigit():
        return article(ask.path)
    if first == "same":
        return BEHAVIOURS["/same/one"].make(world, ask)
    if first == "chain" and number.isdigit():
        return redirect(f"/chain/{int(number) - 1}" if int(number) else "/page/1", 301)
    fixed = {
        "/login": page("Log in", f"<h1>Log in</h1>{_LOGIN}"),
        "/loop-back": redirect("/loop-of-two", 302),
        "/robots.txt": as_text("User-agent: *\nDisallow: /private/\n"),
    }
    return fixed.get(ask.path) or page("Not Found", "<h1>Not Found</h1>", 404)
