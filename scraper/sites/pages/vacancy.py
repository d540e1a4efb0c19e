"""Nobody lives there any more: parked domains, suspended sites, a server without a site. Pure."""

from __future__ import annotations

from scraper.addresses import hostname
from scraper.model import Answer
from scraper.sites.pages import phrases, sentences
from scraper.sites.pages.lines import first_whole, quote, search_where
from scraper.sites.pages.signs import LONG, MIDDLING
from scraper.sites.pages.view import BARE, PageView
from scraper.sites.pages.walls import SHORT


def parked(answer: Answer, page: PageView) -> str:
    """Why this is a parked domain, in words, or an empty string."""
    host = hostname(answer.final_url)
    if answer.hops and host.endswith(phrases.PARKING_HOSTS):
        return f"it redirects to {host}, which sells domains"
    if page.cut:
        return ""
    if len(page.text) < SHORT and (
        sign := search_where(OF_DOMAINS, phrases.PARKED, f"{page.title} . {page.text}")
    ):
        return f"the page says {quote(sign[0])}"
    if len(page.text) < BARE and (sign := search_where(OF_PARKING, phrases.PARKING_MARKERS, page.source)):
        return f"the page carries {quote(sign[0])} and little else"
    return ""


OF_DOMAINS = (
    *("doma", "dome", "domi", "domí", "domä", "domæ", "domé", "domē", "internetadr", "verkkotunnu"),
    *("park", "for sale", "for purcha", "registered ", "is coming soon", "pending renewal", "alan ad"),
    *(
        "домен",
        "домейн",
        "τομέα",
        "域名",
        "網域",
        "ドメイン",
        "도메인",
        "tên miền",
        "النطاق",
        "دامنه",
        "הדומיין",
    ),
)
"""One of them is in all that `PARKED` matches: to look for them takes a tenth of its time."""
OF_PARKING = (
    *("parking", "window.park", "parklogic", "adblockkey", "hugedomains", "bodis.com", "skenzo"),
    *("above.com/", "d38psrni17bvxu", "uniregistry.com/", "caf.js", "domains/caf", "/lander"),
)
"""The same of `PARKING_MARKERS`: pages that scripts draw have much markup for little text."""


def suspended(page: PageView) -> str:
    """Why nobody pays for this site any more, in words, or an empty string."""
    if len(page.text) >= BARE or page.cut:
        return ""
    face = " . ".join((page.title, *page.headings[:2]))
    sign = phrases.SUSPENDED.search(face) or phrases.SUSPENDED.search(page.text)
    return f"the page says {quote(sign[0])}" if sign and not phrases.REMAINS.search(page.text) else ""


def default_page(page: PageView) -> str:
    """Why this is what a server shows where no site is, in words, or an empty string."""
    if page.cut or len(page.text) >= LONG:
        return ""
    said = first_whole(phrases.DEFAULT_PAGE, page)
    return f"the page says {quote(said)}: the server has no site there" if said else ""


def perhaps_default(page: PageView) -> str:
    """The same where only a sentence says so, which those who write about servers quote."""
    if page.cut or len(page.text) >= MIDDLING:
        return ""
    said = search_where(_OF_DEFAULTS, phrases.DEFAULT_SENTENCE, page.text)
    return f"the page says {quote(said[0])}: the server has no site there" if said else ""


_OF_DEFAULTS = (
    "this page",
    "this web",
    "this is a default",
    "this is the default",
    "placeholder",
    "test page",
    *("dies ist die standard", "toto je standard", "eredeti kezd", "on sivustosi oletus", "по подразбиране"),
    *("page d'index", "page d’index", "detta är en standard", "ovo je standard", "dit is de standaard"),
    *("your new web server", "shared among many domains"),
    *("la pagina predefinita", "a página padrão", "a página index"),
)
"""One of them is in all that the pattern matches; to look for them takes a fiftieth of its time."""


def let_go(page: PageView) -> str:
    """What registrars and hosts say of a name that nobody pays for any more, where little else is said.

    Others write of domains, too: a page that only its own address gets is about them.
    """
    if page.cut or len(page.text) >= BARE or phrases.REMAINS.search(page.text):
        return ""
    sign = sentences.said("leases", " . ".join((page.title, *page.headings[:2], page.text)))
    return f"the page says {quote(sign[0])}" if sign else ""
