"""What became of a part of a repository, judged by what GraphQL shows of it. Pure.

A part has a health of its own: a dead file in a living repository is broken, and the repository is alive.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

from scraper.model import Target
from scraper.sites.github.deep_links import OLD_DEFAULTS, DeepLink, Reading
from scraper.sites.github.lookups import UNKNOWN, Lookup, Seen
from scraper.sites.values import items, mapping
from scraper.verdicts.health import Claim

LOST = Claim("no_answer", "GitHub's API neither gave it nor denied it")


class Ground(NamedTuple):
    """The repository in which a part is looked for."""

    asked: str
    """`owner/name` as it is linked."""
    full_name: str
    """As it is now."""
    default_branch: str = ""
    """Empty when it is not known."""

    @property
    def url(self) -> str:
        return f"https://github.com/{self.full_name}"

    @property
    def renamed(self) -> bool:
        return self.full_name.lower() != self.asked.lower()


class Ruling(NamedTuple):
    """What is said of a part, and what would tell more."""

    claim: Claim
    more: Literal["", "history", "issue", "wiki", "page"] = ""
    """history: what removed it; issue: whether it was transferred or deleted; wiki, page: the page itself."""
    revision: str = ""
    """Where its history is to be looked for; empty: on the default branch."""
    path: str = ""
    notes: tuple[str, ...] = ()


def judge(target: Target, link: DeepLink, seen: Seen, ground: Ground) -> Ruling:
    if link.kind == "page":
        return Ruling(LOST, "page")
    if link.kind == "comparison":
        return Ruling(_comparison(target, link, seen, ground))
    if link.readings:
        return _git(target, link, seen, ground)
    if link.kind == "milestone":
        found = seen.get(Lookup("milestone", str(link.number)), UNKNOWN)
        return Ruling(denied(link) if found is None else LOST if found is UNKNOWN else there(target, ground))
    if link.number:
        return _thread(target, link, seen, ground)
    if link.kind == "wiki":
        off = seen.get(Lookup("wiki")) is False
        return Ruling(
            Claim("not_found", "the repository's wiki is switched off") if off else LOST,
            "" if off else "wiki",
        )
    return Ruling(_release(target, link, seen, ground))


def there(target: Target, ground: Ground) -> Claim:
    """It is where the address says, in a repository that may have another name now."""
    if not ground.renamed:
        return Claim("ok")
    below = target.id.split("/", 2)[2]
    return Claim("repository_renamed", f"its repository is {ground.full_name} now", f"{ground.url}/{below}")


def written(target: Target, ground: Ground, revision: str, path: str) -> str:
    """The address of a path at a revision, as the target's own is written."""
    first = target.id.split("/")[2]
    prefix = "blob" if first == "blob" else "tree"
    below = "/".join(quote(step, safe="/@:+~") for step in (revision, path) if step)
    return f"{ground.url}/{prefix}/{below}"


# Issues, pull requests, discussions ---------------------------------------------------------------


def _thread(target: Target, link: DeepLink, seen: Seen, ground: Ground) -> Ruling:
    number = seen.get(Lookup("number", str(link.number)), UNKNOWN)
    discussion = seen.get(Lookup("discussion", str(link.number)), UNKNOWN)
    if link.kind == "discussion":
        return _discussion(target, number, discussion, ground)
    if isinstance(number, Mapping):
        became = _converted(number)
        return Ruling(became_discussion(became) if became else there(target, ground))
    if isinstance(discussion, Mapping):
        return Ruling(became_discussion(discussion))
    return Ruling(denied(link) if number is None else LOST, "issue")


def _discussion(target: Target, number: Any, discussion: Any, ground: Ground) -> Ruling:
    # GitHub leads from one to the other: they are numbered together.
    if isinstance(discussion, Mapping) or isinstance(number, Mapping):
        return Ruling(there(target, ground))
    known = discussion is None
    return Ruling(Claim("not_found", "the repository has no such discussion") if known else LOST)


def _converted(issue: Mapping[str, Any]) -> Mapping[str, Any]:
    nodes = items(mapping(issue.get("timelineItems")).get("nodes"))
    return next((found for node in nodes if (found := mapping(mapping(node).get("discussion")))), {})


def became_discussion(discussion: Mapping[str, Any]) -> Claim:
    number, url = discussion.get("number"), discussion.get("url")
    proven = isinstance(url, str) and re.fullmatch(r"https://github\.com/[\w./-]+", url)
    return Claim("became_discussion", f"it is discussion {number} now", str(url) if proven else "")


def denied(link: DeepLink) -> Claim:
    """The API knows no such thing."""
    if link.kind == "comparison":
        names = " or ".join(reading.revision for reading in link.readings)
        return Claim("revision_not_found", f"the repository has no branch, tag or commit {names}")
    word = "pull request" if link.kind == "pull" else link.kind
    return Claim("not_found", f"GitHub's API knows no {word} of this number")


# Releases -----------------------------------------------------------------------------------------


def _release(target: Target, link: DeepLink, seen: Seen, ground: Ground) -> Claim:
    latest = not link.tag
    lookup = Lookup("latest", "", link.name) if latest else Lookup("release", link.tag, link.name)
    found = seen.get(lookup, UNKNOWN)
    if isinstance(found, Mapping):
        nodes = items(mapping(found.get("releaseAssets")).get("nodes"))
        files = {mapping(node).get("name") for node in nodes}
        return there(target, ground) if not link.name or link.name in files else no_file(link)
    if found is not None:
        return LOST
    # GitHub shows a page of this form for every tag, with a release or without.
    if link.kind == "release" and seen.get(Lookup("tag", f"refs/tags/{link.tag}")):
        return there(target, ground)
    return no_release(link)


def no_release(link: DeepLink) -> Claim:
    which = f"release {link.tag}" if link.tag else "release at all"
    return Claim("not_found", f"the repository has no {which}")


def no_file(link: DeepLink) -> Claim:
    return Claim("not_found", f"release {link.tag or '(the latest)'} has no file {link.name}")


# Files, folders, branches, commits ----------------------------------------------------------------


def _git(target: Target, link: DeepLink, seen: Seen, ground: Ground) -> Ruling:
    nodes = [_at(reading, seen) for reading in link.readings]
    found = [node for node in nodes if isinstance(node, Mapping)]
    if found:  # the longest name that a branch or tag has counts
        return Ruling(there(target, ground), notes=beyond_the_end(target, found[-1]))
    names = [reading.revision for reading in link.readings if _exists(reading.revision, seen)]
    if UNKNOWN in nodes:
        return Ruling(LOST)
    if not names:
        return _without_revision(target, link, seen, ground)
    reading = next(reading for reading in reversed(link.readings) if reading.revision in names)
    claim = Claim("path_not_found", f"no {link.kind} {reading.path} on {reading.revision}")
    return Ruling(claim, "history", reading.revision, reading.path)


def _comparison(target: Target, link: DeepLink, seen: Seen, ground: Ground) -> Claim:
    """Both revisions must be there; a default branch of old may be linked by its old name."""
    gone = [reading.revision for reading in link.readings if _revision(reading.revision, seen) is None]
    if not gone:
        found = all(_exists(reading.revision, seen) for reading in link.readings)
        return there(target, ground) if found else LOST
    default = ground.default_branch
    if len(gone) == 1 and gone[0] in OLD_DEFAULTS and default and default != gone[0]:
        return default_branch_renamed(target, ground, gone[0], "")
    return Claim("revision_not_found", f"the repository has no branch, tag or commit {' nor '.join(gone)}")


def _at(reading: Reading, seen: Seen) -> Any:
    """What stands at this reading of the address: its fields, None, or unknown."""
    if not reading.path:
        return _revision(reading.revision, seen)
    name = f"{reading.revision}:{reading.path}"
    return seen.get(Lookup("text", name), seen.get(Lookup("object", name), UNKNOWN))


def _revision(name: str, seen: Seen) -> Any:
    """What the name of a branch or tag, or a hash, stands for."""
    found = [
        seen.get(Lookup("object", name), UNKNOWN),
        seen.get(Lookup("branch", f"refs/heads/{name}"), None),
    ]
    return next((one for one in found if isinstance(one, Mapping)), found[0])


def _exists(revision: str, seen: Seen) -> bool:
    return isinstance(_revision(revision, seen), Mapping)


def _without_revision(target: Target, link: DeepLink, seen: Seen, ground: Ground) -> Ruling:
    """The branch, tag or commit is gone: a renamed default branch has it, or the history has."""
    first, default = link.readings[0], ground.default_branch
    here = not first.path or isinstance(seen.get(Lookup("object", f"HEAD:{first.path}")), Mapping)
    if first.revision in OLD_DEFAULTS and default and default != first.revision and link.kind != "commit":
        if here:
            return Ruling(default_branch_renamed(target, ground, first.revision, first.path))
        claim = Claim("path_not_found", f"no {link.kind} {first.path} on {default}, once {first.revision}")
        return Ruling(claim, "history", "", first.path)
    what = "commit" if link.kind == "commit" else "branch, tag or commit"
    on_default = [r.path for r in link.readings if r.path and seen.get(Lookup("object", f"HEAD:{r.path}"))]
    names = " or ".join(reading.revision for reading in link.readings[:2])
    detail = f"the repository has no {what} {names}"
    if on_default:
        return Ruling(
            Claim("revision_not_found", f"{detail}; {default or 'its default branch'} has {on_default[0]}")
        )
    return Ruling(Claim("revision_not_found", detail), "history" if first.path else "", "", first.path)


def default_branch_renamed(target: Target, ground: Ground, old: str, path: str) -> Claim:
    default = ground.default_branch or "HEAD"
    if "/archive/" in target.id or "/compare/" in target.id:
        below = target.id.split("/", 2)[2]
        whole = rf"(?<=[/.]){re.escape(old)}(?=\.(?:zip|tar\.gz|diff|patch)$|\.\.|$)"
        moved = f"{ground.url}/" + re.sub(whole, default, below)
    else:
        moved = written(target, ground, default, path)
    now = f"{default} now" if ground.default_branch else "another one now"
    return Claim("branch_renamed", f"the default branch is {now}, no longer {old}", moved)


_LINES = re.compile(r"L(\d{1,9})(?:C\d+)?(?:-L?(\d{1,9})(?:C\d+)?)?")


def lines_meant(target: Target) -> int:
    """The last line that any mention of the file points to; 0 when none does."""
    matches = [match for fragment in target.fragments if (match := _LINES.fullmatch(fragment))]
    return max((int(match[2] or match[1]) for match in matches), default=0)


def beyond_the_end(target: Target, blob: Mapping[str, Any]) -> tuple[str, ...]:
    text = blob.get("text")
    if not isinstance(text, str) or blob.get("isTruncated") is not False:
        return ()
    return line_note(target, text)


def line_note(target: Target, text: str) -> tuple[str, ...]:
    """A line anchor beyond the end: the file was cut or rewritten since it was linked."""
    meant, there = lines_meant(target), len(text.splitlines())
    return (f"line {meant} is linked, and the file has {there} lines",) if meant > there else ()
