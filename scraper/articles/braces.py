"""Where the braces of a text close, for TeX and BibTeX: found in one pass, as they nest to any depth."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left

_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)


class Braces:
    """The pairs of a text. An escaped brace counts for none."""

    def __init__(self, text: str) -> None:
        self._opened, self._closed, inside = array("I"), array("I"), list[int]()
        for match in _BRACES.finditer(text):
            if match[0] == "{":
                inside.append(len(self._opened))
                self._opened.append(match.start())
                self._closed.append(0)
            elif match[0] == "}" and inside:
                self._closed[inside.pop()] = match.start()

    def closing(self, opening: int) -> int:
        """The offset of the brace that closes the one at an offset; 0 if none does, or none is there."""
        index = bisect_left(self._opened, opening)
        known = index < len(self._opened) and self._opened[index] == opening
        return self._closed[index] if known else 0
