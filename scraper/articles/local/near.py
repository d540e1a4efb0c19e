"""What a name was meant to be: the one other name that is nearly the same. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SHORTEST = 5
"""Letters below which one letter more or less makes another word."""


def nearest(name: str, others: Iterable[str]) -> str:
    """The only name that differs in case, separators or one letter, and in no digit; empty when in doubt."""
    every = [other for other in set(others) if other != name]
    for alike in (_folded, _bare):
        if same := [other for other in every if alike(other) == alike(name)]:
            return same[0] if len(same) == 1 else ""
    close = [other for other in every if _one_letter(_folded(name), _folded(other))]
    return close[0] if len(close) == 1 else ""


def _folded(name: str) -> str:
    return name.casefold()


def _bare(name: str) -> str:
    """`Set_up.markdown` is `setup.md` to a person."""
    name = re.sub(r"\.(?:markdown|mdown|mkd)$", ".md", name.casefold())
    return re.sub(r"[-_ ]", "", re.sub(r"\.htm$", ".html", name))


def _one_letter(one: str, other: str) -> bool:
    """Whether one letter is missing, too many or another, or two have changed places. A digit never is."""
    if min(len(one), len(other)) < _SHORTEST or re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    if abs(len(one) - len(other)) > 1 or one[0] != other[0]:
        return False
    start = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start is None:
        return True
    a, b = one[start:], other[start:]
    swapped = a[:2] == b[:2][::-1] and a[2:] == b[2:]
    return swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]
