"""A title before its target, as Sphinx's roles, its tables of contents and MyST have it."""

from __future__ import annotations


def titled(text: str) -> tuple[str, str]:
    """The title, empty without one, and the target of `Title <target>` or of `target` alone.

    The last angle counts, as in Sphinx; a target with an angle in it is none, and empty.
    """
    text = text.strip()
    title, angle, inside = text[:-1].rpartition("<") if text.endswith(">") else ("", "", "")
    target = inside.strip() if angle else text
    return (title.rstrip(), target) if "<" not in target and ">" not in target else ("", "")
