"""Targets by their repositories: what one alias of a query, or one REST question, is about. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from scraper.model import Target
from scraper.sites.github.deep_links import parse
from scraper.sites.github.lookups import Asked, Lookup, wanted

LOOKUPS = 1500
"""Lookups per query at most: a list that links a thousand files of one repository is not asked at once."""


class Group(NamedTuple):
    """A repository, if it is itself a target, and its parts that are."""

    full_name: str
    repository: Target | None
    parts: tuple[Target, ...]

    @property
    def targets(self) -> tuple[Target, ...]:
        return self.parts if self.repository is None else (self.repository, *self.parts)

    @property
    def lookups(self) -> list[Lookup]:
        """What is looked up for all parts, each thing once."""
        every = (lookup for part in self.parts for lookup in lookups_of(part))
        return list(dict.fromkeys(every))

    @property
    def share(self) -> Asked:
        return Asked(self.repository is not None, self.lookups)


def full_name_of(target: Target) -> str:
    """`owner/name` of the repository that the target is, or is in."""
    return "/".join(target.id.split("/")[:2])


def costs_a_request(target: Target) -> bool:
    """Whether only GitHub's API tells a guest of the part; files and wikis are asked for by their bytes."""
    return target.kind not in ("repository", "file", "wiki", "discussion", "page")


def lookups_of(part: Target) -> list[Lookup]:
    link = parse(part.id)
    return wanted(link, text=any(fragment.startswith("L") for fragment in part.fragments)) if link else []


def grouped(targets: Iterable[Target]) -> list[Group]:
    """The targets by repository, in the order in which their repositories come first."""
    found: dict[str, tuple[list[Target], list[Target]]] = {}
    for target in targets:
        repositories, parts = found.setdefault(full_name_of(target).lower(), ([], []))
        (repositories if target.kind == "repository" else parts).append(target)
    return [
        Group(full_name_of((repositories or parts)[0]), next(iter(repositories), None), tuple(parts))
        for repositories, parts in found.values()
    ]


def batches(targets: Sequence[Target], size: int) -> Iterator[list[Target]]:
    """Targets of up to `size` repositories each, with up to `LOOKUPS` things to look up in them."""
    batch: list[Target] = []
    repositories = lookups = 0
    for group in _portions(targets):
        more = len(group.lookups)
        if batch and (repositories == size or lookups + more > LOOKUPS):
            yield batch
            batch, repositories, lookups = [], 0, 0
        batch += group.targets
        repositories, lookups = repositories + 1, lookups + more
    if batch:
        yield batch


def _portions(targets: Sequence[Target]) -> Iterator[Group]:
    """The groups, those with too many parts for one query in several."""
    for group in grouped(targets):
        rest = group
        while len(rest.lookups) > LOOKUPS and len(rest.parts) > 1:
            few = max(1, len(rest.parts) * LOOKUPS // len(rest.lookups) // 2)
            yield rest._replace(parts=rest.parts[:few])
            rest = Group(group.full_name, None, rest.parts[few:])
        yield rest
