"""From a link to what it points at: out of its archive, into its canonical form, with its identity.

Everything is done on the string: nothing is looked up, and no string makes it raise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from urllib.parse import unquote

from scraper.addresses import parts, tidy
from scraper.model import Article, Mention, Target
from scraper.sites import KINDS, archives, hosts_without_scheme, wrappers
from scraper.sites.archives import Unwrapped
from scraper.sites.local import address as local
from scraper.sites.pages.address import page, unvisitable
from scraper.verdicts.patterns import lazily


@lru_cache(maxsize=1024)
def unwrap(href: str) -> Unwrapped:
    """The address inside an archive link or a redirect wrapper, however deep, and the outermost time."""
    url, archived_at = href, ""
    while True:
        copy = archives.inside(url)
        archived_at = archived_at or (copy.archived_at if copy else "")
        inside = copy.url if copy else wrappers.inside(url)
        if not inside:
            return Unwrapped(url, archived_at)
        url = inside


def is_memento(href: str) -> bool:
    """Whether the link is to an archived copy."""
    return archives.inside(href) is not None


def identify(url: str, archived_at: str = "") -> Target:
    """The target a link points at. `identify(identify(u).url)` is the same target as `identify(u)`."""
    url, stamp = _meant(url)
    stamp = archived_at or stamp
    completed = _completed(url)
    address = parts(completed)
    if address is None:
        named = (kind.shorthand(url, stamp) for kind in KINDS)
        return next(filter(None, named), None) or unvisitable(url, stamp)
    known = (kind.recognise(address, stamp) for kind in KINDS)
    found = next(filter(None, known), None)
    return _with_fragment(found, completed) if found else page(address, completed, stamp)


def recall(key: str, url: str, archived_at: str = "") -> Target:
    """The target of a mention: a file's is told by its key, any other by its address."""
    return local.target(key) if key.startswith(local.PREFIX) else identify(url, archived_at)


def is_visited(target: Target) -> bool:
    """Whether anybody has to be asked about it: a file is there or not."""
    return _KINDS[target.site].make is not None


def _with_fragment(target: Target, url: str) -> Target:
    """With the place in it that is linked, where its site can tell whether it exists."""
    fragment = unquote(url.partition("#")[2])
    return replace(target, fragments=(fragment,)) if fragment and _KINDS[target.site].anchored else target


def _meant(url: str) -> Unwrapped:
    archived_at = ""
    while True:
        inner = unwrap(tidy(url))
        archived_at = archived_at or inner.archived_at
        if inner.url == url:
            return Unwrapped(url, archived_at)
        url = inner.url


_HOSTS = rf"(?:www\.)?(?:{'|'.join(map(re.escape, hosts_without_scheme()))})/"
_HOST_FIRST = lazily(_HOSTS, re.IGNORECASE)
_GIT = lazily(rf"(?:git|ssh)://(?={_HOSTS})", re.IGNORECASE)
_PIP = lazily(r"git\+(?:https?|ssh|git)://([^@#?]+)(?:[@#?].*)?", re.IGNORECASE | re.DOTALL)
"""What pip installs from: `git+https://github.com/owner/name@revision#egg=name`."""


def _completed(url: str) -> str:
    """The scheme added where people leave it out: `//host/x`, `github.com/a/b`, `git://github.com/a/b`."""
    if url.startswith(("https://", "http://")):
        return url
    if url.startswith("//"):
        return f"https:{url}"
    if _HOST_FIRST.match(url):
        return f"https://{url}"
    if match := _PIP.fullmatch(url):
        return f"https://{match[1]}"
    return _GIT.sub("https://", url)


def targets(articles: Article | Iterable[Article]) -> list[Target]:
    """What the mentions point at, once each, ordered by key; with the first time stamp in reading order.

    The repositories that linked parts are in are among them.
    """
    found: dict[str, Target] = {}
    for article in [articles] if isinstance(articles, Article) else articles:
        for mention in article.mentions:
            known = found.get(mention.target)
            if known is None:
                found[mention.target] = recall(mention.target, mention.url, mention.archived_at)
            elif (mention.archived_at or "#" in mention.url) and is_visited(known):
                found[mention.target] = merged(known, identify(mention.url, mention.archived_at))
    for repository in [*filter(None, map(repository_of, found.values()))]:
        found.setdefault(repository.key, repository)
    return [found[key] for key in sorted(found)]


def merged(known: Target, again: Target) -> Target:
    """A target that is linked once more: the first time stamp counts, and every place in it."""
    fragments = tuple(dict.fromkeys((*known.fragments, *again.fragments)))
    return replace(known, archived_at=known.archived_at or again.archived_at, fragments=fragments)


def implied(mentions: Sequence[Mention]) -> list[Mention]:
    """Repositories that are linked only by what is in them, as if they were mentioned there too."""
    found: dict[str, Mention] = {}
    for mention in mentions:
        repository = repository_of(identify(mention.url)) if may_be_a_part(mention.target) else None
        if repository is not None and repository.key not in found:
            found[repository.key] = replace(
                mention,
                text="",
                href="",
                url=repository.url,
                archived_at="",
                site=repository.site,
                target=repository.key,
            )
    for mention in mentions if found else ():
        found.pop(mention.target, None)
    return list(found.values())


def may_be_a_part(key: str) -> bool:
    """Quick, for the many that are none."""
    return key.count("/") > 1 and not key.startswith(("web:", local.PREFIX))


def repository_key(url: str) -> str | None:
    """Key of the repository that the address leads into; None when it leads to something else."""
    target = identify(url)
    repository = repository_of(target) if may_be_a_part(target.key) else None
    return repository.key if repository else None


def repository_of(target: Target) -> Target | None:
    """The repository that the target is a part of, which is a target too; None for anything else."""
    return _KINDS[target.site].repository_of(target)


_KINDS = {kind.name: kind for kind in KINDS}
