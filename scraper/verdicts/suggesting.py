"""Whether an address may be written down instead of another: the one gate of all suggestions. Pure.

What gets through leads to the same thing for everybody and for long: no session of ours, no campaign of
theirs, no step back to http, no list, search, login, error or front page in place of a thing, and nothing of
another owner unless the thing was recognised there.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote

from scraper.addresses import FRONT, address, is_front
from scraper.verdicts.domains import same_owner
from scraper.verdicts.patterns import lazily

_TRACKING = lazily(
    r"utm_\w+|gclid|gclsrc|gbraid|wbraid|dclid|fbclid|msclkid|twclid|yclid|ysclid|ttclid|igshid|igsh|li_fat_id"
    r"|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|__hstc|__hssc|__hsfp|hsctatracking|_openstat|vero_id|vero_conv|oly_anon_id"
    r"|oly_enc_id|s_cid|wickedid|rb_clickid|_ga|_gl|epik|sfmc_\w+|spm|scm|ref_src|ref_url|cmpid|icid|ncid|at_campaign"
    r"|at_medium|pk_campaign|pk_kwd|pk_source|piwik_\w+|matomo_\w+|mtm_\w+|hmb_\w+|itm_\w+|srsltid|trk|trkcampaign"
    r"|elqtrackid|elqtrack|assetid|campaign_id|ml_subscriber\w*|bsft_\w+|__s|_branch_match_id|_branch_referrer|zanpid"
    r"|wt_mc|wt\.mc_\w+|guccounter|guce_referrer\w*|sc_cid|sscid|rtid|vgo_ee|mibextid|share_id|gi",
    re.I,
)
"""Names of parameters that only count visitors: the page is the same without them."""

_SESSION = lazily(
    r"jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|sessionid|session_id|sess_?id|session|cfid|cftoken|cfsid"
    r"|osCsid|zenid|sid|s_id|sess|s|token|access_token|auth_?token|ticket|nonce|state|code|oauth_token|samlresponse"
    r"|_sid|bvsessionid|bv_\w*session\w*|viewstate|cookie_?check|cookieset|cookies|acceptcookies|isloggedin|ct",
    re.I,
)
"""Names of parameters that may carry a session of ours; the value decides."""

_ALWAYS_SESSION = lazily(
    r"jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|oscsid|zenid|bvsessionid|samlresponse"
    r"|access_token|auth_?token|oauth_token|sessionid|session_id|sess_?id|cookieset|cookie_?check",
    re.I,
)
_RANDOM = lazily(r"(?=\w*\d)[\w.~%-]{16,}")
"""What no person would name a thing."""

_IN_PATH = lazily(r";(?:jsessionid|phpsessid|sessionid|sid|cfid|cftoken|jsession)=[^/;?#]*", re.I)
_IN_SEGMENT = lazily(r"/\((?:[SXFA]\([a-z0-9_-]{20,}\)|[a-z0-9]{24})+\)(?=/|$)", re.I)
"""ASP.NET without cookies: `/(S(lit3py55t21z5v55vlm25s55))/page.aspx`."""


def clean(url: str, asked: str = "") -> str:
    """The address without what belongs to one visit; parameters that the asked address has as well stay."""
    parts = address(url)
    asked_pairs = set(address(asked).query.split("&"))
    kept = [pair for pair in parts.query.split("&") if pair in asked_pairs - {""} or not _of_a_visit(pair)]
    path = _IN_SEGMENT.sub("", _IN_PATH.sub("", parts.path))
    if (path, kept) == (parts.path, parts.query.split("&")):
        return url
    return SplitResult(
        parts.scheme, parts.netloc, path, "&".join(filter(None, kept)), parts.fragment
    ).geturl()


def _of_a_visit(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = unquote(name)
    if _TRACKING.fullmatch(name) or _ALWAYS_SESSION.fullmatch(name):
        return True
    return bool(_SESSION.fullmatch(name)) and bool(_RANDOM.fullmatch(value))


_EMPTY = lazily(
    r"latest|stable|master|main|en|[a-z]{2}[-_][a-z]{2}|index(\.\w+)?|home(\.\w+)?|default(\.\w+)?", re.I
)
_ELSEWHERE = lazily(
    r"/(?:log-?in|sign-?in|log-?on|sign-?up|sso|servicelogin|authwall|oauth2?|authorize|consent|captcha"
    r"|search|search-?results?|suche|recherche|buscar|busqueda|pesquisa|ricerca|zoeken|szukaj|poisk|arama"
    r"|errors?|error-?page|fehler|erreur|40[0-9]|50[0-9]|not-?found|page-?not-?found|unavailable"
    r"|maintenance|sorry|blocked|access-?denied|unsupported|cookie-?absent)(?:\.\w+)?(?=/|$)",
    re.I,
)
"""Parts of a path that say what a site shows instead of a thing."""
_SEARCHING = lazily(r"(?:^|&)(?:q|query|search|keywords?|term|searchterm|search_query|s)=", re.I)


def is_top(url: str) -> bool:
    """A front page, or one that stands for it: `/en/latest/` of documentation."""
    parts = address(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    return not parts.query and all(
        _EMPTY.fullmatch(segment) or FRONT.fullmatch(f"/{segment}") for segment in segments
    )


def front_for_a_thing(asked: str, final: str) -> bool:
    """Whether a deep link ends at a front page, its own site's or another's."""
    return is_front(final) and not is_top(asked)


def in_place_of_a_thing(asked: str, suggested: str) -> bool:
    """Whether the suggestion is what a site shows instead: a list above it, a search, a login, an error."""
    old, new = address(asked), address(suggested)
    for pattern, before, after in (
        (_ELSEWHERE, old.path, new.path),
        (_SEARCHING, old.query, new.query),
    ):
        if pattern.search(after) and not pattern.search(before):
            return True
    above = new.path.rstrip("/") + "/"
    beside = (old.hostname or "").removeprefix("www.") == (new.hostname or "").removeprefix("www.")
    return (
        beside
        and not is_top(asked)
        and not new.query
        and old.path.startswith(above)
        and _deeper(old.path, above)
    )


def _deeper(path: str, above: str) -> bool:
    """`/papers/12` lies below `/papers/`; `/thing/index.html` and `/docs/en/latest` do not."""
    rest = [segment for segment in path[len(above) :].split("/") if segment]
    return any(not _EMPTY.fullmatch(segment) for segment in rest)


def may_be_written(asked: str, suggested: str, *, recognised: bool) -> bool:
    """Whether the suggestion may take the place of the address that was asked.

    Args:
        recognised: What is served there was seen to be the same thing; needed on another registrable domain.
    """
    old, new = address(asked), address(suggested)
    if new.scheme not in ("http", "https") or not new.hostname or "@" in new.netloc:
        return False
    if (old.scheme, new.scheme) == ("https", "http") or clean(suggested, asked) != suggested:
        return False
    if not recognised and not same_owner(asked, suggested):
        return False
    if front_for_a_thing(asked, suggested) and not recognised:
        return False
    return not in_place_of_a_thing(asked, suggested)


def suggestion(asked: str, suggested: str, *, recognised: bool) -> str:
    """The address to write instead of the one that was asked; empty when there is none that does no harm."""
    tidy = clean(suggested, asked) if suggested else ""
    return tidy if tidy and may_be_written(asked, tidy, recognised=recognised) else ""


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one but for how they are written: a fragment, an empty path, capitals."""
    first, second = (
        (parts.scheme, parts.netloc.rpartition("@")[2].lower(), parts.path or "/", parts.query)
        for parts in (address(one), address(other))
    )
    return first == second
