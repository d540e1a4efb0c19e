"""Patches for texts whose lines change and never move."""

from __future__ import annotations

from collections.abc import Iterator


def unified_diff(before: str, after: str, name: str, context: int = 3) -> str:
    """A patch as diff -u writes it, empty when nothing changed.

    An edit never adds or removes a line, so line n stays line n. `difflib` would forget to say that the last
    line has no end, and then `patch` refuses the patch.
    """
    old, new = before.split("\n"), after.split("\n")
    changed = [index for index, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    hunks = [_hunk(old, new, first, last) for first, last in _ranges(changed, len(old), context)]
    return "".join([f"--- a/{name}\n+++ b/{name}\n", *hunks]) if hunks else ""


def _ranges(changed: list[int], length: int, context: int) -> Iterator[tuple[int, int]]:
    """Ranges of lines around the changes, those that touch joined."""
    first = last = -1
    for index in changed:
        if first < 0:
            first = max(0, index - context)
        elif index - context > last:
            yield first, last
            first = index - context
        last = min(length, index + context + 1)
    if first >= 0:
        yield first, last


def _hunk(old: list[str], new: list[str], first: int, last: int) -> str:
    # Behind the last line end there is no line, unless the file has no final line end.
    complete = last < len(old) or old[-1] != ""
    last = last if complete else last - 1
    lines = [f"@@ -{first + 1},{last - first} +{first + 1},{last - first} @@\n"]
    index = first
    while index < last:
        stop = index
        while stop < last and old[stop] != new[stop]:
            stop += 1
        for mark, side in (("-", old), ("+", new)):
            lines += [_line(mark, side, at) for at in range(index, stop)]
        lines += [_line(" ", old, stop)] if stop < last else []
        index = stop + 1
    return "".join(lines)


def _line(mark: str, side: list[str], index: int) -> str:
    return f"{mark}{side[index]}\n" + ("\\ No newline at end of file\n" if index == len(side) - 1 else "")
