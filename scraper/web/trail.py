"""Where a request has been and where it goes next: the rules of following redirects. Pure."""

from __future__ import annotations

from scraper.model import Hop
from scraper.web.cookies import Jar
from scraper.web.failures import Failed
from scraper.web.library import httpx
from scraper.web.redirects import crossing, follow, next_method, origin

Header = tuple[str, str]


class Trail:
    """One chain of redirects, from the first request to the last."""

    def __init__(self, url: httpx.URL, method: str, headers: list[Header], content: bytes | None) -> None:
        self.url = url
        self.origin = origin(url)
        self.method = method
        self.headers = headers
        self.content = content
        self.hops: list[Hop] = []
        self.strayed = False
        """Whether it ever left its first origin. Credentials do not come back with it (A to B to A)."""
        self._jar = Jar()
        self._seen: set[tuple[str, str, object]] = set()

    def cookie(self) -> str:
        """The Cookie field for the next request, or empty."""
        scheme, host, _ = self.origin
        return self._jar.header(scheme, host, self.url.path) if self.hops else ""

    def advance(self, status: int, locations: list[bytes], cookies: list[str], most: int) -> None:
        """Go where it leads. Raises Failed: bad_redirect, redirect_loop, too_many_redirects, policy."""
        if not self.hops:  # most requests are never sent on, and need not be known again
            self._seen.add((self.method, str(self.url), self._jar.state()))
        for line in cookies:
            self._jar.take(self.origin[1], line)
        target = follow(self.url, locations)
        self.hops.append(Hop(status, str(target)))
        self._change(next_method(status, self.method), target)
        # The same request once more, with the same cookies, can only have the same answer.
        state = (self.method, str(target), self._jar.state())
        been = {(method, address) for method, address, _ in self._seen}
        if state in self._seen or (len(self.hops) > most and (self.method, str(target)) in been):
            raise Failed("redirect_loop", f"back to {_short(target)} after {len(self.hops)} redirects")
        if len(self.hops) > most:
            raise Failed(
                "too_many_redirects", f"more than {most} redirects, the last one to {_short(target)}"
            )
        self._seen.add(state)

    def _change(self, method: str, target: httpx.URL) -> None:
        if method != self.method:
            self.content = None
            self.headers = [header for header in self.headers if header[0].lower() != "content-type"]
        there = origin(target)
        if there != self.origin:
            if self.content is not None:
                raise Failed("policy", f"a body is not sent on to another origin, {_short(target)}")
            self.strayed = True
            self.headers = crossing(self.headers)
        self.method, self.url, self.origin = method, target, there


def _short(url: httpx.URL) -> str:
    text = str(url)
    return text if len(text) <= 120 else f"{text[:119]}…"
