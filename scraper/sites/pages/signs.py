"""What a page shows: that it wants a login, a human, a buyer, or that the thing is not there. Pure.

A sign convicts only when the page has little else to say: a real article *about* 404 pages, or a contact form
with a captcha in it, has a text of its own and stays alive (rule 2).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

import lxml.etree
import lxml.html

from scraper.addresses import address
from scraper.model import Answer
from scraper.sites.pages import phrases

BARE, BRIEF, SHORT, LONG = 300, 600, 1_500, 4_000
"""Characters of visible text: below the third a page says nothing but its message, above the fourth it has a
text of its own; below the second a sentence in the middle of it may be the message, below the first it is.
Measured on error pages of common servers and site builders, with their menus and footers."""


class PageView(NamedTuple):
    """A page as a reader sees it: collapsed white space, no scripts, only what `body_limit` let through."""

    title: str = ""
    headings: tuple[str, ...] = ()
    text: str = ""
    scripts: int = 0
    password: bool = False
    source: str = ""
    """The markup in lower case, for markers that only scripts carry."""
    fields: int = 0
    """Places to write in: what stands beside a captcha in a contact form, and never on a challenge page."""
    refresh: str = ""
    """Where the page forwards to by its markup (`<meta http-equiv=refresh>`), at once."""


def is_html(answer: Answer) -> bool:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in ("text/html", "application/xhtml+xml", "") and bool(answer.body)


def look(answer: Answer) -> PageView:
    """The page in the answer; an empty view when it is no HTML or cannot be parsed."""
    if not is_html(answer):
        return _plain(answer)
    text = decode(answer.body, answer.headers.get("content-type", ""))
    try:
        tree = lxml.html.document_fromstring(text)
    except (lxml.etree.LxmlError, ValueError):  # nothing in it that could be shown
        return PageView(source=text.lower())
    scripts = len(tree.findall(".//script"))
    kinds = [(field.get("type") or "text").lower() for field in tree.iter("input")]
    fields = sum(kind in ("text", "email", "tel", "url") for kind in kinds) + len(tree.findall(".//textarea"))
    refresh = _refresh(tree)
    title = _squeeze(tree.findtext(".//title") or "")
    lxml.etree.strip_elements(
        tree, lxml.etree.Comment, "script", "style", "noscript", "template", "svg", with_tail=False
    )
    headings = tuple(_squeeze("".join(str(part) for part in h.itertext())) for h in tree.iter("h1", "h2"))
    body = tree.find("body")
    visible = _squeeze(" ".join(str(part) for part in body.itertext())) if body is not None else ""
    said = tuple(filter(None, headings))
    return PageView(title, said, visible, scripts, "password" in kinds, text.lower(), fields, refresh)


def _plain(answer: Answer) -> PageView:
    """A text of one line may be all that a server's own error handler says (`404 page not found`)."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "text/plain" or len(answer.body) > BARE:
        return PageView()
    return PageView(text=_squeeze(decode(answer.body, answer.headers["content-type"])))


_AT_ONCE = re.compile(r"\s*[0-5](?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*|(?!url\s*=))[\"']?([^\"'\s]+)", re.I)


def _refresh(tree: lxml.html.HtmlElement) -> str:
    """WHATWG HTML, 4.2.4: `content="0; url=…"`; a page that shows itself for longer is no redirect."""
    for meta in tree.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() == "refresh":
            match = _AT_ONCE.match(meta.get("content") or "")
            return match[1] if match else ""
    return ""


def decode(body: bytes, content_type: str) -> str:
    """Text of a body by its BOM, its header, its meta tag, else UTF-8, else Windows-1252; never raises.

    Labels that Python knows but the web does not (`rot13`, `base64`, `idna`, `utf-7`) are ignored, as the
    WHATWG Encoding Standard has it.
    """
    for bom, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace").replace("\0", "")
    label = _charset(content_type) or _charset(body[:2048].decode("latin-1"))
    if label:
        return body.decode(label, "replace").replace("\0", "")
    try:
        return body.decode("utf-8").replace("\0", "")
    except UnicodeDecodeError as error:
        cut = len(body) - error.start < 4  # a character split by the end of what was read
        return body.decode("utf-8" if cut else "cp1252", "replace").replace("\0", "")


_NO_WEB_ENCODINGS = frozenset(
    {"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"}
)


def _charset(text: str) -> str:
    match = re.search(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", text, re.I)
    if not match:
        return ""
    try:
        codec = codecs.lookup(match[1])
        b"x\0x\0".decode(codec.name, "ignore")
    except (LookupError, UnicodeError, ValueError):
        return ""
    return "" if codec.name in _NO_WEB_ENCODINGS or codec.name.startswith("utf-32") else codec.name


def _squeeze(text: str) -> str:
    return " ".join(text.replace("’", "'").split())


# ── a human is wanted ────────────────────────────────────────────────────────────────────────────────────


def challenged(answer: Answer, page: PageView) -> str:
    """What kind of challenge the page is, in words, or an empty string."""
    headers = answer.headers
    if headers.get("cf-mitigated", "").lower() == "challenge" or "challenge" in headers.get(
        "x-amzn-waf-action", ""
    ):
        return "the server answered with a challenge for humans"
    said = [page.title, *page.headings[:2]]
    marker = next((m for m in phrases.WALL_MARKERS if m in page.source), "")
    widget = next((m for m in phrases.CAPTCHA_MARKERS if m in page.source), "")
    if len(page.text) < SHORT and any(phrases.CHALLENGE.search(line) for line in said):
        return f"the page says {_quote(page.title or said[-1])}"
    if len(page.text) < (SHORT if marker or widget else 400) and any(
        phrases.CHALLENGE_SUBJECT.search(line) for line in said
    ):
        return f"the page says {_quote(page.title or said[-1])} and little else"
    found = marker or (widget if not page.fields else "")
    if found and len(page.text) < 400 and not page.password:
        return f"the page carries {found} and little else"
    if len(page.text) < BRIEF and (sign := phrases.NEEDS_COOKIES.search(page.text)):
        return f"the page says {_quote(sign[0])}"
    host = address(answer.final_url).hostname or ""
    if answer.hops and host.startswith("consent."):
        return f"it redirects to {host}, which asks for consent"
    if "access denied" in page.title.lower() and "reference #" in page.text.lower():
        return "the page says 'Access Denied' with a reference number (Akamai)"
    return ""


# ── a login is wanted ────────────────────────────────────────────────────────────────────────────────────


def wants_login(answer: Answer, page: PageView) -> str:
    """Why this is a login wall, in words, or an empty string. A link *to* a login page is no wall."""
    asked, final = address(answer.url), address(answer.final_url)
    if phrases.LOGIN_PATH.search(asked.path) or phrases.LOGIN_PATH.search(asked.hostname or ""):
        return ""
    if answer.hops and (
        phrases.LOGIN_PATH.search(final.path)
        or final.hostname in ("accounts.google.com", "login.microsoftonline.com")
    ):
        return f"it redirects to the login page {final.scheme}://{final.netloc}{final.path}"
    if (
        page.password
        and len(page.text) < SHORT
        and any(phrases.LOGIN.search(s) for s in (page.title, *page.headings[:2]))
    ):
        return f"the page is a login form: {_quote(page.title)}"
    return ""


# ── nothing is there ─────────────────────────────────────────────────────────────────────────────────────

_SEPARATOR = re.compile(r"\s+[|·•»«–—-]\s+|\s*[|»«]\s*")
_MISSING_PATH = re.compile(r"/(404|not-?found|page-?not-?found|error-?404|notfound)(\.\w+)?/?$", re.I)


def missing(answer: Answer, page: PageView, *, surely: bool = False) -> str:
    """Why this 200 is a 404 at heart, in words, or an empty string.

    `surely` leaves out the sentence in a text that may be about something else: where a made-up sibling can
    be asked, that decides.
    """
    final = address(answer.final_url)
    if answer.hops and _MISSING_PATH.search(final.path):
        return f"it redirects to {final.path}"
    if to_front_page(answer):
        return "the deep link ends at the site's front page"
    if re.search(r'<meta[^<>]+prerender-status-code["\'][^<>]+404', page.source):
        return "the page declares itself a 404 (prerender-status-code)"
    return says_missing(page, BARE if surely else BRIEF)


def says_missing(page: PageView, most: int = BRIEF) -> str:
    """Where the page says that it is none, in words, or an empty string; `most` limits the text that may have
    the sentence anywhere in it."""
    if len(page.text) >= LONG:
        return ""
    segments = [segment.strip() for segment in _SEPARATOR.split(page.title)]
    titled = any(phrases.MISSING.fullmatch(segment) for segment in segments)
    headed = next((h for h in page.headings[:3] if phrases.MISSING.fullmatch(h)), "")
    if titled and (headed or not page.headings or len(page.text) < SHORT):
        return f"the title says {_quote(page.title)}"
    if headed and len(page.text) < SHORT:
        return f"the heading says {_quote(headed)}"
    if len(page.text) < most and (sentence := phrases.MISSING_SENTENCE.search(page.text)):
        return f"the page says {_quote(sentence[0])}"
    if len(page.text) < 80 and phrases.MISSING.fullmatch(page.text):
        return f"the page says {_quote(page.text)}"
    return ""


_FRONT = re.compile(r"/?|/(index|default|home)(\.\w+)?/?|/[a-z]{2}([-_][a-z]{2})?/?", re.I)


def is_front(url: str) -> bool:
    """Whether the address is a site's front page: `/`, `/index.html`, `/en/`."""
    parts = address(url)
    return bool(_FRONT.fullmatch(parts.path)) and not parts.query


def to_front_page(answer: Answer) -> bool:
    """A deep link that ends at the front page of its own site; a short link to another's is fine."""
    if not answer.hops or is_front(answer.url) or not is_front(answer.final_url):
        return False
    asked, final = address(answer.url).hostname or "", address(answer.final_url).hostname or ""
    return _same_site(asked, final)


def _same_site(one: str, other: str) -> bool:
    a, b = one.removeprefix("www."), other.removeprefix("www.")
    return a == b or a.endswith("." + b) or b.endswith("." + a)


def closed_for_works(page: PageView) -> str:
    """Why this 200 stands for a 503, in words, or an empty string."""
    said = next((line for line in (page.title, *page.headings[:2]) if phrases.WORKS.search(line)), "")
    return f"the page says {_quote(said)}" if said and len(page.text) < BRIEF else ""


# ── nobody lives there any more ──────────────────────────────────────────────────────────────────────────


def parked(answer: Answer, page: PageView) -> str:
    """Why this is a parked domain, in words, or an empty string."""
    if len(page.text) < SHORT and (sign := phrases.PARKED.search(f"{page.title} {page.text}")):
        return f"the page says {_quote(sign[0])}"
    if len(page.text) < BARE and (sign := phrases.PARKING_MARKERS.search(page.source)):
        return f"the page carries {_quote(sign[0])} and little else"
    host = address(answer.final_url).hostname or ""
    if answer.hops and host.endswith(phrases.PARKING_HOSTS):
        return f"it redirects to {host}, which sells domains"
    return ""


# ── the same page for everybody ──────────────────────────────────────────────────────────────────────────


def drawn_by_scripts(page: PageView) -> bool:
    """A shell whose content only scripts draw: all its addresses look alike, dead or alive."""
    return page.scripts > 0 and (
        len(page.text) < 80 or (len(page.text) < BARE and bool(phrases.NEEDS_SCRIPTS.search(page.text)))
    )


def same_page(one: PageView, other: PageView) -> bool:
    """Whether two views are one page but for counters and echoes of the address (shingles of three words)."""
    if one.title != other.title:
        return False
    a, b = set(_shingles(one.text)), set(_shingles(other.text))
    if not a and not b:
        return bool(one.text or one.title) and one.text == other.text
    return len(a & b) / max(1, len(a | b)) >= 0.9


_DIGIT = re.compile(r"\d")


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    # Word by word: an expression for "a word with a digit in it" takes the square of a text without blanks.
    words = [word for word in text.lower().split() if not _DIGIT.search(word)]
    return zip(words, words[1:], words[2:], strict=False)


def _quote(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:79] + "…")
