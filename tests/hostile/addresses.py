"""faults.md 27-31 and 17: addresses as they are written, and names as they resolve."""

from __future__ import annotations

import socket
import time

from hostile.handlers import exactly, status
from hostile.labels import Behaviour, Odd
from hostile.pages import GOOD

LONG = "/long?" + "&".join(f"parameter{n}=value{n}" for n in range(300))
HUGE = "/" + "x" * 40_000


def precisely(*targets: str) -> Behaviour:
    return Behaviour("To the byte", {target: (exactly(target), "ok") for target in targets}, spread=True)


BEHAVIOURS = (
    precisely(
        "/s?z=1&a=2&m=3",
        "/s?b=2&a=1&b=1",
        "/forum?id=X&noteId=Y",
        "/s?q=a+b",
        "/s?q=a%20b",
        "/s?empty=&flag",
        "/s?a=1&&b=2",
        "/a%2Fb",
        "/a//b",
        "/%7Euser/",
        "/~user/",
        "/p;v=1,2",
        "/b_(c)",
        "/q?u=http://x.test/?y=1",
        LONG,
    ),
    Behaviour("Address is too long", {HUGE: (status("414 URI Too Long"), "bad_request")}),
    Behaviour(
        "Address in Chinese",
        {"/论文": (GOOD, "ok"), "/q?名=值": (GOOD, "ok")},
        {"/%E8%AE%BA%E6%96%87": GOOD},
        compared=False,
    ),
    Behaviour("Name of symbols", {"/good": (GOOD, "ok")}, host="xn--i-7iq.test", named=True),
    Behaviour("Known host", {"/good": (GOOD, "ok")}, host="known.test", certificate="good"),
)

ODD = (
    Odd(
        "Written in an odd way",
        {
            "http://known.test/good#part": "ok",
            "HTTP://KNOWN.TEST/good?1": "ok",
            "http://known.test:80/good?2": "ok",
            "https://known.test/good?3": "ok",
            "http://user:secret@known.test/good?4": "ok",
            "\thttp://known.test/good?6 ": "ok",
        },
    ),
    Odd(
        "No address at all",
        {
            "http://exa mple.test/": "invalid_url",
            "http://.test/": "invalid_url",
            "http://a..b/": "invalid_url",
            f"http://{'a' * 64}.test/": "invalid_url",
            "http://[::1/": "invalid_url",
            "http://known.test:99999/": "invalid_url",
            "http://known.test:port/": "invalid_url",
            "http:///nothing": "invalid_url",
            "http://": "invalid_url",
            f"http://known.test/{'x' * 100_000}": "invalid_url",
        },
    ),
    Odd(
        "Not for the web",
        {
            "ftp://known.test/file": "unsupported",
            "file:///etc/passwd": "unsupported",
            "gopher://known.test/": "unsupported",
        },
    ),
    Odd(
        "Name does not exist",
        {f"http://gone{n}.test/": "host_not_found" for n in range(4)}
        | {
            "https://xn--bcher-kva0.test/": "host_not_found",
            "http://xn--/": "host_not_found",
            "http://xn--a/": "host_not_found",
            "http://аррӏе.test/": "host_not_found",
        },
    ),
    Odd(
        "Resolver fails", {"http://hiccup.test/": "dns_failure", "http://slow-resolver.test/": "dns_failure"}
    ),
    Odd(
        "Name leads into the private network",
        {
            "http://inside.test/": "policy",
            "http://mixed.test/": "policy",
            "http://wrapped.test/": "policy",
            "http://metadata.test/": "policy",
            "http://127.0.0.1/": "policy",
            "http://[::1]/": "policy",
            "http://10.1.2.3/": "policy",
            "http://2130706433/": "policy",
            "http://known.test:8080/": "policy",
        },
    ),
)

_NAMES = {
    "inside.test": ["10.0.0.7"],
    "mixed.test": ["93.184.216.34", "127.0.0.1"],
    "wrapped.test": ["::ffff:127.0.0.1"],
    "metadata.test": ["169.254.169.254"],
    "2130706433": ["127.0.0.1"],
    "127.1": ["127.0.0.1"],
    "0x7f000001": ["127.0.0.1"],
}


def lookup(host: str) -> list[str]:
    """The resolver of the hostile web: private, mixed, silent, broken, and names that do not exist."""
    if host == "slow-resolver.test":
        time.sleep(1.5)
    if host in ("hiccup.test", "slow-resolver.test"):
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    if host in _NAMES:
        return _NAMES[host]
    host.encode("idna")  # raises UnicodeError for empty and overlong labels, as getaddrinfo does
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
