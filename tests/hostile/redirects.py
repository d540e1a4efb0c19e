"""faults.md 16-23: redirects that lead nowhere, round and round, where nobody may go, or home."""

from __future__ import annotations

from servers import Route, redirect, response

from hostile.handlers import by_cookie, cookie_loop, counting_redirect, marked, status, upgraded
from hostile.labels import Behaviour, Labelled, same
from hostile.pages import GOOD, html, page

HOME = page("The Institute", "Welcome", "News, events and people of the institute.")
GONE = status("410 Gone")
MISSING = status("404 Not Found")


def moved(to: str) -> bytes:
    return redirect(to, "301 Moved Permanently")


def chain(length: int, code: str = "302 Found", end: Route = GOOD) -> dict[str, Route]:
    """`/c<length>-0` to `/c<length>-<length>`, where the end is."""
    steps: dict[str, Route] = {
        f"/c{length}-{n}": redirect(f"/c{length}-{n + 1}", code) for n in range(length)
    }
    return {**steps, f"/c{length}-{length}": end}


def refused(*addresses: str) -> Labelled:
    return {f"/{n}": (redirect(address), "policy") for n, address in enumerate(addresses)}


def senseless(*locations: str) -> Labelled:
    return {f"/{n}": (redirect(location), "bad_redirect") for n, location in enumerate(locations)}


TWO = response(b"", "302 Found", "Location: /good", "Location: /other")
NO_LOCATION = response(b"", "301 Moved Permanently")
CHAIN_OF_9, CHAIN_OF_30 = chain(9), chain(30)

BEHAVIOURS = (
    Behaviour(
        "Elsewhere", {"/good": (GOOD, "ok")}, {"/gone": GONE, "/": HOME, "/en/": HOME}, host="elsewhere.test"
    ),
    Behaviour(
        "Moved for good",
        same(
            "redirected_permanently",
            {
                "/301": moved("/good"),
                "/308": redirect("/good", "308 Permanent Redirect"),
                "/twice": moved("/301"),
                "/relative": moved("good"),
                "/dots": moved("../../good"),
                "/absolute": moved("@HERE@/good"),
                "/host": moved("@ELSEWHERE@/good"),
                "/fragment": moved("/good#part"),
            },
        ),
        {"/good": GOOD},
    ),
    Behaviour(
        "Moved for now",
        same(
            "ok",
            {
                "/302": redirect("/good"),
                "/303": redirect("/good", "303 See Other"),
                "/307": redirect("/good", "307 Temporary Redirect"),
                "/mixed": moved("/302"),
                "/query": redirect("good?v=2"),
                "/c9-0": CHAIN_OF_9["/c9-0"],
                "/host": redirect("@ELSEWHERE@/good"),
            },
        ),
        {"/good": GOOD, **CHAIN_OF_9},
    ),
    Behaviour(
        "Moved to an error",
        {
            "/404": (moved("/nothing"), "not_found"),
            "/410": (moved("@ELSEWHERE@/gone"), "gone"),
            "/500": (redirect("/failed"), "server_error"),
            "/403": (redirect("/closed"), "forbidden"),
            "/soft": (moved("/soft404"), "soft_404"),
        },
        {
            "/failed": status("500 Failed"),
            "/closed": status("403 Forbidden"),
            "/soft404": page("Page not found", "Page not found", ""),
        },
    ),
    Behaviour(
        "Goes round",
        same(
            "redirect_loop",
            {
                "/self": redirect("/self"),
                "/two": redirect("/two-back"),
                "/fragment": redirect("/fragment#again"),
                "/cookie": cookie_loop,
                "/permanent": moved("/permanent"),
            },
        ),
        {"/two-back": redirect("/two")},
    ),
    Behaviour(
        "Never arrives",
        same("too_many_redirects", {"/count": counting_redirect, "/c30-0": CHAIN_OF_30["/c30-0"]}),
        CHAIN_OF_30,
        compared=False,  # some tools follow thirty
    ),
    Behaviour(
        "Leads to no web address",
        senseless(
            "file:///etc/passwd",
            "gopher://old.test/",
            "ftp://old.test/file",
            "javascript:alert(1)",
            "data:text/html,hello",
            "mailto:somebody@example.org",
            "http://[::1/",
            "http://a.test:99999/",
            "http://a.test:0/",
            "http://a.test:-1/",
            "http://a.test:65616/",
            "http://\N{PILE OF POO}%00.test/".encode().decode("latin-1"),
            "",
            "   ",
            "/" + "long" * 17_500,
        )
        | {"/two": (TWO, "bad_redirect"), "/without": (NO_LOCATION, "bad_redirect")},
        compared=False,
    ),
    Behaviour(
        "Odd Location that browsers follow",
        same(
            "ok",
            {
                "/backslash": redirect("\\good"),
                "/blanks": redirect("  /good  "),
                "/utf-8": redirect("/gr\u00fc\u00df".encode().decode("latin-1")),
                "/latin-1": redirect("/gr\u00fc"),
                "/percent": redirect("/good?x=%0d%0aX-Injected:%20yes"),
                "/twice-the-same": response(b"", "302 Found", "Location: /good", "Location: /good"),
                "/injected": redirect("/good", "302 Found", "X-Injected: yes", "Set-Cookie: a=b"),
                "/empty-query": redirect("/good?"),
            },
        ),
        {"/good": GOOD, "/gr%C3%BC%C3%9F": GOOD, "/gr%FC": GOOD},
        compared=False,
    ),
    Behaviour(
        "Leads into the private network",
        refused(
            "http://127.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:7f00:1]/",
            "http://0.0.0.0/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://10.0.0.1/admin",
            "http://169.254.169.254/latest/meta-data/",
            "http://elsewhere.test:22/",
            "http://[64:ff9b::7f00:1]/",
        ),
        named=True,
    ),
    Behaviour(
        "Deep link ends at the front page",
        same(
            "soft_404",
            {"/old/paper.html": moved("/"), "/p/1": redirect("/index.html"), "/a/b": moved("/en/")},
        ),
        {"/": HOME, "/index.html": HOME, "/en/": HOME},
    ),
    Behaviour(
        "Deep link ends at another site's front page",
        same(
            "soft_404",
            {
                "/papers/clipping": moved("@ELSEWHERE@/"),
                "/papers/seeds.html": redirect("@ELSEWHERE@/"),
                "/a/b": moved("@ELSEWHERE@/en/"),
            },
        ),
    ),
    Behaviour(
        "A redirect adds a session or a campaign",
        same(
            "ok",
            {
                "/paper": marked("utm_source=old&gclid=1"),
                "/data": marked("PHPSESSID=9f86d081884c7d659a2feaa0"),
            },
        ),
    ),
    Behaviour(
        "Front page moves to its language",
        {"/": (redirect("/en/"), "ok")},
        {"/en/": HOME},
    ),
    Behaviour(
        "Redirects to a page called 404",
        same(
            "soft_404",
            {"/p/1": redirect("/404.html"), "/p/2": redirect("/not-found"), "/p/3": moved("/error/404")},
        ),
        {"/404.html": GOOD, "/not-found": GOOD, "/error/404": page("Oops", "Oops", "")},
    ),
    Behaviour(
        "https upgrade",
        same(
            "https_upgrade",
            {"/paper": upgraded(moved("@SECURE@/paper")), "/data?v=1": upgraded(moved("@SECURE@/data?v=1"))},
        ),
        certificate="good",
    ),
    Behaviour(
        "Cookie wall",
        same(
            "ok",
            {
                "/self": by_cookie(
                    "seen=1", response(b"", "302 Found", "Location: /self", "Set-Cookie: seen=1")
                ),
                "/307": by_cookie(
                    "seen=1",
                    response(b"", "307 Temporary Redirect", "Location: /307", "Set-Cookie: seen=1; Path=/"),
                ),
                "/detour": by_cookie("ok=1", redirect("/consent")),
            },
        ),
        {"/consent": response(b"", "302 Found", "Location: /detour", "Set-Cookie: ok=1; Path=/")},
    ),
    Behaviour(
        "Moves by its markup",
        {
            "/there": (
                response(html("Moved", head='<meta http-equiv="refresh" content="0; url=/good">')),
                "redirected_permanently",
            ),
            "/nothing": (
                response(html("Moved", head="<meta http-equiv=refresh content=\"0;URL='/missing'\">")),
                "not_found",
            ),
            "/slow": (page("Live scores", head='<meta http-equiv="refresh" content="60">'), "ok"),
        },
        {"/good": GOOD, "/missing": MISSING},
        compared=False,
    ),
)
