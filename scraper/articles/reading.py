"""Articles: bytes in, `Article` out, in any form that `articles.forms` lists.

    bytes ─► text ─► text as it was meant ─► links under headings ─► mentions and problems
        articles.decoding   mojibake      articles.markdown, .html, …      here

What is read is never fetched here: a page is fetched by the main job and given to `read_article`.
"""

from __future__ import annotations

import logging
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from scraper.addresses import flaws, tidy, without_marks, without_userinfo
from scraper.articles import forms
from scraper.articles.decoding import LIMIT, decode, too_large
from scraper.articles.forms import Form
from scraper.articles.mojibake import Repaired, repair
from scraper.articles.outline import Document, Link
from scraper.errors import ArticleError
from scraper.files import safe_name
from scraper.model import Article, Mention, Problem
from scraper.sites import hosts_without_scheme
from scraper.sites.identity import identify, unwrap
from scraper.sites.local import address as local
from scraper.sites.local.address import Ground
from scraper.verdicts.patterns import lazily

STDIN = "-"

log = logging.getLogger(__name__)

_SCHEME = lazily(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
# Links that lead nowhere on the web, by intent, and are no matter of health.
_SILENT = frozenset({"mailto", "tel", "sms", "news", "xmpp", "irc", "callto", "skype", "geo", "cid", "about"})
_MAIL = lazily(
    r"mailto:(?:[\w.!#$&'*+/=^`{|}~%-]+@(?:[\w-]+\.)*[\w-]+(?:,|%2c|(?=\?|\Z)))*(?:\?\S.*)?", re.IGNORECASE
)
"""RFC 6068: addresses with commas between them, and header fields; without an address it needs the fields."""
_VISITED = frozenset({"http", "https", "ftp", "ftps", "git", "ssh", "git+https", "git+ssh", "doi"})
_LOST_SCHEME = lazily(
    rf"(?:www\.|h?t?tps?:?/|https?//|(?:{'|'.join(map(re.escape, hosts_without_scheme()))})/)|https?:?\w",
    re.IGNORECASE,
)


class Reading(NamedTuple):
    """An article's text as it was meant."""

    text: str
    form: Form
    repaired: Repaired
    notices: tuple[str, ...] = ()
    """What the user should know of how it was read."""


def load(source: str, ground: Ground | None = None) -> Article:
    """The article in a file, or on standard input for `-`. Raises ArticleError with one line to act on."""
    return read_article(read_bytes(source), source, ground=ground)


def read_bytes(source: str) -> bytes:
    """At most 50 MB of a regular file or of standard input; everything else is refused before it is read."""
    if source == STDIN:
        data = sys.stdin.buffer.read(LIMIT + 1)
        if len(data) > LIMIT:
            raise ArticleError(too_large("standard input"))
        return data
    path = Path(source)
    try:
        _refuse(path)
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ArticleError(
            f"{shown(source)}: cannot be read ({reason}); check the name and the permissions"
        ) from None


def _refuse(path: Path) -> None:
    name = shown(str(path))
    if not path.exists():
        if path.is_symlink():
            raise ArticleError(
                f"{name}: is a link to {shown(str(path.readlink()))}, which is not there; fix the link"
            )
        raise ArticleError(f"{name}: there is no such file; check the name, or use - for standard input")
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise ArticleError(f"{name}: is a folder; name a file in it")
    if not stat.S_ISREG(status.st_mode):
        raise ArticleError(
            f"{name}: is not a regular file but a pipe or device; give its content to - on standard input"
        )
    if status.st_size > LIMIT:
        raise ArticleError(too_large(name, status.st_size))


def shown(source: str) -> str:
    """A name that fits in one line, whatever characters it is made of."""
    printable = "".join(one if one.isprintable() else "\ufffd" for one in source)
    return printable if len(printable) <= 200 else f"{printable[:199]}…"


def warn(article: Article) -> None:
    """Say what the user should know of how it was read."""
    for notice in article.notices:
        log.warning("%s: %s", shown(article.source), notice)
    if not article.mentions:
        log.warning("%s: no link was found in it", shown(article.source))


def read_article(
    data: bytes, source: str, name: str = "", content_type: str = "", ground: Ground | None = None
) -> Article:
    """An article from its bytes; `source` is its path or address, `content_type` what a server said of it.

    Links to files beside it are mentions only where it is said on what ground it stands.
    """
    text, encoding, _, guessed = decode(data, _named(source), content_type)
    del data  # Fifty megabytes, and needed no more.
    reading = understand(text, source, content_type)
    del text
    document = parse(reading, source, placed=False)
    repaired, lost, notices = reading.repaired.repaired, reading.repaired.lost, reading.notices
    del reading  # As many again, or more, before the mentions are made.
    mentions, problems = _mentions(document, source, ground)
    name = safe_name(name or _stem(source))
    title = document.title or name
    if guessed:
        notices += (f"declares no encoding; it was read as {encoding}",)
    return Article(name, source, title, mentions, problems, repaired, lost, notices)


def _named(source: str) -> str:
    return "standard input" if source == STDIN else shown(source)


def understand(text: str, source: str, content_type: str = "") -> Reading:
    """Decoded text as it was meant, line for line, and the form it is in."""
    # Lone surrogates are bytes that no encoding explains: one lost character each.
    repaired = repair(re.sub("[\ud800-\udfff]", "\ufffd", text.removeprefix("\ufeff")))
    form, guessed = forms.tell(repaired.text, _path(source), content_type, unnamed=source == STDIN)
    told = ("has no known form; it was read as plain text",) if guessed else ()
    return Reading(repaired.text, form, repaired, told)


def parse(reading: Reading, source: str, *, placed: bool = True) -> Document:
    """All links of the text, whatever they point at, each under its heading; with their places if wanted."""
    document = Document(placed=placed)
    forms.read(reading.form, reading.text, document, shown(source))
    return document


def _mentions(
    document: Document, source: str, ground: Ground | None
) -> tuple[tuple[Mention, ...], tuple[Problem, ...]]:
    mentions, problems = [], list(document.problems)
    for link, mention in meant(document, source, ground):
        if mention:
            mentions.append(mention)
        if not link.embedded:
            problems += [
                Problem(link.line, link.href, message) for message in _complaints(link.href, mention)
            ]
    return tuple(mentions), tuple(sorted(problems, key=lambda problem: problem.line))


def meant(
    document: Document, source: str, ground: Ground | None = None
) -> Iterator[tuple[Link, Mention | None]]:
    """Each link with the mention it makes; None for one that leads nowhere. Empties the document."""
    base = _base(document, source)
    links = document.links[::-1]
    document.links.clear()
    # A link is let go as its mention is made: of a long list both together are twice the memory.
    while links:
        link = links.pop()
        mention = None if link.embedded else _mention(link, base)
        looked_for = ground and not base and (ground.pictures or not link.embedded)
        yield link, mention or (_beside(link, ground) if ground and looked_for else None)


def _base(document: Document, source: str) -> str:
    """What relative links are relative to: the page's own word, its address, or nothing for a file."""
    if not is_address(source):
        return document.base if is_address(document.base) else ""
    return urljoin(source, document.base) if is_address(urljoin(source, document.base)) else source


def _mention(link: Link, base: str) -> Mention | None:
    url, archived_at = unwrap(link.means or _absolute(link.href, base))
    if not url:
        return None
    url = tidy(url)
    target = identify(url, archived_at)
    number, title = link.section
    href = without_userinfo(link.href)  # a password is the article's, and no report's
    return Mention(link.line, number, title, link.text, href, url, archived_at, target.site, target.key)


def _beside(link: Link, ground: Ground) -> Mention | None:
    """The mention of a file of the article's own repository, or of a place in it."""
    found = None if _LOST_SCHEME.match(link.href.strip()) else local.meant(ground, link.href)
    if found is None:
        return None
    number, title = link.section
    key = local.key(ground, found)
    return Mention(link.line, number, title, link.text, link.href, found.shown, "", "local", key)


def _absolute(href: str, base: str) -> str:
    """The address meant by an href, or an empty string for what is not a web link."""
    href = tidy(href)
    if href.startswith(("https://", "http://", "git@github.com:")) or unwrap(href).url != href:
        return href
    if href.startswith("//"):
        return f"https:{href}"
    if href.lower().startswith("www."):
        return f"http://{href}"  # GFM §6.9: the scheme http is inserted
    scheme = _SCHEME.match(href)
    if scheme:
        return href if scheme[1].lower() in _VISITED else ""
    return _joined(base, href) if base and href and not href.startswith("#") else ""


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return ""


def _complaints(href: str, mention: Mention | None) -> list[str]:
    if not href.strip():
        return ["an empty link: it has no address"]
    if mention is not None and mention.site == "local":
        return []
    if mention is not None:
        found = flaws(href) or (flaws(mention.url) if mention.url != href else [])
        return found or _left_out(href.strip(), mention)
    scheme = _SCHEME.match(href)
    if scheme and scheme[1].lower() == "mailto":
        return [] if _MAIL.fullmatch(href.strip()) else ["no mail address: it has a mistake in its syntax"]
    if (
        scheme
        and "/" not in scheme[1]
        and scheme[1].lower() in {"javascript", "data", "file", "vbscript", "blob"}
    ):
        return [f"a link that no reader can follow ({scheme[1].lower()}:)"]
    if (scheme and scheme[1].lower() not in _SILENT) or _LOST_SCHEME.match(href.strip()):
        return ["looks like a web address without a proper http:// or https:// before it"]
    return []


def _left_out(href: str, mention: Mention) -> list[str]:
    """A mark of the sentence at the end of a link, which is no part of what the link names."""
    mark = href[-1:]
    if mention.site == "web" or not mark or without_marks(mark) or mention.target.endswith(mark):
        return []
    return [f"ends with {mark}, which is no part of the address"]


def is_address(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _path(source: str) -> str:
    """The path of a file or of an address, without archive wrapping and query."""
    if not is_address(source):
        return source
    try:
        return unquote(urlsplit(unwrap(source).url).path)
    except ValueError:
        return ""


def _stem(source: str) -> str:
    if source == STDIN:
        return "stdin"
    stem = PurePosixPath(_path(source)).stem
    if stem or not is_address(source):
        return stem
    return re.sub(r"https?://", "", unwrap(source).url, flags=re.IGNORECASE).strip("/")
