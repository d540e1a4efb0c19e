"""Still the same thing? Witnesses of what a link meant, against what is served now. Pure.

None of the witnesses convicts alone: not another registrable domain (things move), not words that are gone
(pages are rewritten), not the words of a trade (there are papers about casinos). What two of them agree on
is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from scraper.addresses import address, hostname
from scraper.verdicts import domains
from scraper.verdicts.words import UNSPACED, address_words, hits, joined, scripts, size, words

LITTLE = 12
"""Words of text below which a page says too little to be called another thing."""

_SEPARATOR = re.compile(r"\s+[|·•»«–—-]\s+|\s*[|»«]\s*")


class Known(NamedTuple):
    """What a link is known to mean."""

    called: tuple[str, ...] = ()
    """What the articles call it: the words of its links, or the heading where these say only "paper"."""
    around: tuple[str, ...] = ()
    """The headings it stands under and the titles of the articles."""
    title: str = ""
    """Its title when it was last seen well."""
    fingerprint: tuple[str, ...] = ()
    """The words that its text used most then."""
    memento: str | None = None
    """Title and heading of its archived copy, a line each; empty: there is none, None: nobody has asked."""
    memento_trade: str = ""
    """The trade that its archived copy was in already."""


class Shown(NamedTuple):
    """What is served under the link now."""

    title: str = ""
    headings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """What it calls itself for others: `og:title`, `og:site_name`, `application-name`."""
    text: str = ""
    trade: str = ""
    """The trade it is in, when it is loud about one."""
    page: bool = True
    """Whether it is a page at all; of a file only the address tells."""

    @property
    def face(self) -> str:
        return " · ".join((self.title, *self.names, *self.headings[:6]))


class Likeness(StrEnum):
    KEPT = "kept"
    GONE = "gone"
    UNPROVEN = "unproven"


class Opinion(NamedTuple):
    """What the witnesses say, and which of them was heard."""

    likeness: Likeness
    witness: str = ""


def compare(known: Known, shown: Shown, asked: str, final: str) -> Opinion:
    """Whether what is served at `final` is what was meant by `asked`."""
    if shown.trade:
        return _despite_its_trade(known, shown)
    if not shown.page:
        same = _same_file(asked, final)
        return Opinion(Likeness.KEPT, "its file name") if same else Opinion(Likeness.UNPROVEN)
    for witness, said in (
        ("the words of the link", _says(_names(known), shown, final)),
        ("the heading above the link", _says(_long(known.around), shown, final)),
        ("its last title", _says(_segments(known.title), shown, final)),
        ("its archived title", _says(_old_titles(known), shown, final)),
        ("its text", _text_kept(known, shown)),
        ("its address", _address_kept(asked, final, shown)),
    ):
        if said:
            return Opinion(Likeness.KEPT, witness)
    return Opinion(Likeness.GONE if _gone(known, shown, asked, final) else Likeness.UNPROVEN)


def _despite_its_trade(known: Known, shown: Shown) -> Opinion:
    """Bought domains greet with their old names: only the text, or an old trade, speaks for them here."""
    if known.memento_trade == shown.trade:
        return Opinion(Likeness.KEPT, "its archived copy")
    if _same_words(known, shown):
        return Opinion(Likeness.KEPT, "its text")
    return Opinion(Likeness.GONE)


def _long(phrases: Sequence[str]) -> tuple[str, ...]:
    """Those that can only be the title of one thing: "Datasets" stands above many."""
    return tuple(phrase for phrase in phrases if size(phrase) > 2)


def _names(known: Known) -> tuple[str, ...]:
    """The words of the links, whole and without what describes the thing (`Corvid - fast optimisers`)."""
    return tuple(name for text in known.called for name in dict.fromkeys(_segments(text)))


def _segments(title: str) -> tuple[str, ...]:
    return (title, *_SEPARATOR.split(title)[:1]) if title else ()


def _says(phrases: Sequence[str], shown: Shown, final: str) -> bool:
    """Whether the page calls itself so: where it introduces itself, or its host does."""
    face = set(words(shown.face))
    name = joined(domains.label(hostname(final)))
    near = (joined(shown.title), *map(joined, shown.names), *map(joined, shown.headings[:2]), name)
    return any(_phrase_kept(phrase, face, near) for phrase in phrases)


def _phrase_kept(phrase: str, face: set[str], near: Sequence[str]) -> bool:
    wanted = set(words(phrase))
    if not wanted:
        return False
    whole = joined(" ".join(words(phrase)))
    if len(whole) >= 5 and any(whole in one for one in near):
        return True
    got = hits(wanted, face)
    if len(wanted) == 1:
        return bool(got) and len(whole) >= 3
    return len(got) >= 2 and 2 * len(got) >= len(wanted)


def _old_titles(known: Known) -> tuple[str, ...]:
    title, _, heading = (known.memento or "").partition("\n")
    return tuple(filter(None, (title, heading, *_segments(title)[1:])))


def _same_words(known: Known, shown: Shown) -> bool:
    there = set(words(shown.text))
    return len(known.fingerprint) >= 6 and 2 * len(hits(known.fingerprint, there)) >= len(known.fingerprint)


def _text_kept(known: Known, shown: Shown) -> bool:
    """Whether the text is about what it was about, or names the thing in full (`formerly Acme Robotics`)."""
    if _same_words(known, shown):
        return True
    text, said = joined(shown.text), words(shown.text)
    names = (*_names(known), *_segments(known.title)[1:], *_old_titles(known)[1:])
    return any(_named_in(name, text, said) for name in names)


def _named_in(name: str, text: str, said: Sequence[str]) -> bool:
    """A name of several words once, a name of one word twice."""
    whole, parts = joined(name), words(name)
    if len(parts) == 1 and not UNSPACED.search(name):
        return len(whole) >= 5 and said.count(parts[0]) >= 2
    return len(whole) >= (4 if UNSPACED.search(name) else 8) and whole in text


# What the addresses themselves say -------------------------------------------------------------------

_TOO_COMMON = frozenset(
    str.split(
        """
        blog blogs lab labs research docs people staff faculty group team data project projects site pages
        sites software tools learning science university academic school college department institute
        center centre home personal public static media news wiki forum archive archives publications pubs
        papers view share post edu mail ftp web dev app cloud test api cdn beta english about portal
        """
    )
)


def _address_kept(asked: str, final: str, shown: Shown) -> bool:
    """Whether one owner's name is in both addresses, or the page speaks of the address that was asked."""
    face = set(words(shown.face))
    slug = address_words(asked)[-8:]
    if slug and len(got := hits(slug, face)) * 2 >= len(slug) and sum(map(len, got)) >= 6:
        return True
    if domains.domain_of(asked) in shown.text.lower():
        return True
    ours, theirs = owners(asked), owners(final)
    if any(alike(one, other) for one in ours for other in theirs):
        return True
    return _same_file(asked, final) and len(joined(_last(asked))) >= 8


def alike(one: str, other: str) -> bool:
    """Whether two names are one, or one is part of the other."""
    shorter, longer = sorted((one, other), key=len)
    return (one == other and len(one) >= 3) or (len(shorter) >= 5 and shorter in longer)


def owners(url: str) -> set[str]:
    """The names in an address of whom it belongs to: its domain's, its subdomains', `~alice`, `@alice`."""
    parts = address(url)
    host = (parts.hostname or "").removeprefix("www.")
    segments = [segment for segment in parts.path.split("/") if segment][:3]
    users = {segment[1:] for segment in segments if segment[0] in "~@"} | {domains.label(host)}
    others = {*host.removesuffix(domains.registrable(host)).strip(".").split("."), *segments}
    named = {_name(name) for name in users} | {name for name in map(_name, others) if len(name) >= 4}
    return {name for name in named if len(name) >= 3 and name not in _TOO_COMMON and not name.isdigit()}


def _name(part: str) -> str:
    return joined(re.sub(r"\.\w{1,5}$", "", part))


def _last(url: str) -> str:
    return address(url).path.rstrip("/").rpartition("/")[2]


def _same_file(asked: str, final: str) -> bool:
    """Whether the last part of the path is the same, and is a name of its own (`resnet.pdf`, not `index`)."""
    last = _last(asked)
    stem = re.sub(r"\.\w{1,5}$", "", last)
    return (
        last.lower() == _last(final).lower()
        and len(stem) >= 4
        and bool(address_words(f"/{stem}") or words(stem))
    )


# What is gone --------------------------------------------------------------------------------------


def _gone(known: Known, shown: Shown, asked: str, final: str) -> bool:
    """Whether nothing is left of a thing that is known well enough to be missed."""
    if domains.is_home_of_science(final):
        return False
    meant = (*known.called, known.title, *_old_titles(known))
    phrases = [phrase for phrase in (*meant, *known.around) if words(phrase)]
    if max(map(size, meant)) < 2 or len(words(shown.text)) < LITTLE:
        return False
    if not scripts(" ".join(phrases)) & scripts(shown.face + shown.text[:2_000]):
        return False
    face = set(words(shown.face)) | set(address_words(final)) | owners(final)
    if any(hits(words(phrase), face) for phrase in phrases):
        return False
    text = set(words(shown.text))
    return all(3 * len(hits(set(words(phrase)), text)) <= len(set(words(phrase))) for phrase in phrases)


def drifted(known: Known, shown: Shown, asked: str) -> bool:
    """Whether the same address shows something else than when it was last seen well, though no trade."""
    own = joined(hostname(asked))
    was = {word for word in words(known.title) if word not in own}
    if len(was) < 2 or not shown.page or len(words(shown.text)) < LITTLE or not shown.title:
        return False
    if not scripts(known.title) & scripts(shown.title):
        return False
    now = set(words(shown.face)) | set(words(shown.text))
    kept = hits(known.fingerprint, now)
    return (
        not hits(was, words(shown.face))
        and not _says(known.called, shown, asked)
        and len(known.fingerprint) >= 6
        and 4 * len(kept) <= len(known.fingerprint)
    )
