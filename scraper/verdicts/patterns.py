"""Regular expressions that are compiled at their first use.

There are some hundred of them, and to compile all took a fifth of the time before the first request; many are
never asked for in a run.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


class _Lazy:
    """Behaves like the compiled pattern; after its first use its methods are those of the pattern itself."""

    def __init__(self, pattern: str | bytes, flags: int | re.RegexFlag) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


def lazily(pattern: AnyStr, flags: int | re.RegexFlag = 0) -> re.Pattern[AnyStr]:
    """The pattern, compiled when it is first asked something."""
    return cast("re.Pattern[AnyStr]", _Lazy(pattern, flags))
