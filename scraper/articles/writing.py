"""How an address is written in each place of an article, so that it means itself there."""

from __future__ import annotations

import re
from collections.abc import Callable

from scraper.articles import bare

_PLAIN = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&*+,;=%()-]+")
_RELATIVE = re.compile(r"(?!//)[\w.~/#%!$&'()*+,;=@-][\w.~/#%!$&'()*+,;=:@-]*", re.ASCII)
_REPOSITORY = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+)", re.ASCII)


def _as_it_is(url: str) -> str:
    return url


def _in_markdown(url: str) -> str:
    """CommonMark §2.5: what looks like an entity would be read as one."""
    return "" if re.search(r"&#?\w+;", url) else url


def _bare(url: str) -> str:
    return url if bare.match(url, 0, len(url)) == url else ""


def _in_xml(url: str) -> str:
    return url.replace("&", "&amp;")


def _in_tex(url: str) -> str:
    r"""`%` begins a comment, `#` and `&` have a meaning: hyperref and url take them with a backslash."""
    return re.sub(r"(?=[%#&])", r"\\", url)


def _repository(url: str) -> str:
    """`github_id: owner/name`; for another address there is no room."""
    match = _REPOSITORY.fullmatch(url)
    return match[1] if match else ""


_WRITERS: dict[str, Callable[[str], str]] = {
    "inline": _in_markdown,
    "definition": _in_markdown,
    "autolink": _in_markdown,
    "bare": lambda url: _in_markdown(_bare(url)),
    "html": _in_xml,
    "value": _as_it_is,
    "xml": _in_xml,
    "xml_twice": lambda url: _in_xml(_in_xml(url)),
    "tex": _in_tex,
    "github": _repository,
}
FORMS = frozenset(_WRITERS)
"""What a place can be; only those are written to. `identifier` is none: an address is not a DOI."""


def written(url: str, form: str) -> str:
    """The address as it stands in a place of this form; empty where it cannot be put safely."""
    if form not in _WRITERS or not _is_plain(url) or not _balanced(url):
        return ""
    return _WRITERS[form](url)


def _is_plain(url: str) -> bool:
    """Whether no character of the address means something else anywhere; a relative one has no scheme."""
    return bool(_PLAIN.fullmatch(url) or (":" not in url.partition("/")[0] and _RELATIVE.fullmatch(url)))


def reads_as(url: str, form: str) -> str:
    """What a second reading takes for the link's href."""
    return _repository(url) if form == "github" else url


def _balanced(url: str) -> bool:
    depth = 0
    for character in url:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0
