"""Links that a site generator fills in: `[a]({% link docs/a.md %})`, `[b]({{< ref "posts/b.md" >}})`.

They are replaced before Markdown is read, to which blanks, quotes and `<` in a link are none of one. Each
character is replaced by one other, so that nothing moves, and put back in what was read.
"""

from __future__ import annotations

import re

from scraper.verdicts.patterns import lazily

_FILLED = lazily(r"(?<=\]\()\s?(?:\{\{[^{}\n]*\}\}/?)?(?:\{%[^{}\n]*%\}|\{\{[^{}\n]*\}\})[^()\s<>]*(?=\))")
_COMPONENT = lazily(r"<([A-Z][\w.]*+)(?=\s[^<>]*\bhref\s*=\s*[\"'])")
_SIGNS = " \"'<>()"
_STAND_INS = "".join(chr(0xF8C0 + number) for number in range(len(_SIGNS)))
"""Of the private use area: no text has them."""
_IN = str.maketrans(_SIGNS, _STAND_INS)
_BACK = str.maketrans(_STAND_INS, _SIGNS)


def hidden(text: str) -> str:
    """The text with the templates in its links made one word each."""
    if "](" not in text or "{" not in text:
        return text
    return _FILLED.sub(lambda match: match[0].translate(_IN), text)


def with_anchors(text: str) -> str:
    """MDX with `a` for every component that leads somewhere (`<Card href="…">`); nothing moves."""
    names = {match[1] for match in _COMPONENT.finditer(text)}
    text = _COMPONENT.sub(lambda tag: "<" + "a".ljust(len(tag[1])), text)
    ends = "|".join(map(re.escape, sorted(names)))
    return re.sub(rf"</({ends})(?=\s*>)", lambda tag: "</" + "a".ljust(len(tag[1])), text) if names else text


def shown(href: str) -> str:
    """A link as it was written."""
    return href if href.isascii() else href.translate(_BACK)
