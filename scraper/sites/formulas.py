"""Formulas in the JATS of Crossref, each in one notation: its TeX, else its MathML without blanks. Pure.

A formula is deposited in several notations side by side, of which a reader is meant to see one:

    <jats:alternatives><jats:tex-math>$$x^2$$</jats:tex-math><mml:math>…</mml:math></jats:alternatives>
    <mml:math><mml:semantics>… <mml:annotation encoding="application/x-tex">x^2</mml:annotation> …
    <jats:tex-math><?CDATA $x^2$?></jats:tex-math> <?MML <mml:math>…</mml:math>?>

https://jats.nlm.nih.gov/archiving/tag-library/1.3/element/alternatives.html,
https://www.w3.org/TR/MathML3/chapter5.html (annotations), chapter2.html (white space between elements means
nothing). The last form is IOP Publishing's.
"""

from __future__ import annotations

import html
import re

_ANY = re.IGNORECASE | re.DOTALL


def _element(names: str) -> re.Pattern[str]:
    """An element that holds no other of its name. It stops at the next one, so time grows with the text."""
    inside = r"(?P<inside>(?:[^<]++|<(?!/?(?P=name)\b))*+)"
    return re.compile(
        rf"<(?P<name>(?:jats:|mml:)?(?:{names}))\b(?P<more>[^<>]*)>{inside}</(?P=name)\s*>", _ANY
    )


_FORMULA = _element("inline-formula|disp-formula|alternatives")
_TEX = _element("tex-math")
_MATH = _element("math")
_ANNOTATION = _element("annotation|annotation-xml")
_IS_TEX = re.compile(r"""encoding\s*=\s*["'](?:application/x-)?(?:la)?tex["']""", re.IGNORECASE)
_RAW = re.compile(r"<\?CDATA\s(.{0,2000}?)\?>|<!\[CDATA\[(.{0,2000}?)\]\]>", _ANY)
_INSTRUCTION = re.compile(r"<\?MML\s|\?>", re.IGNORECASE)
_BETWEEN = re.compile(r"(?<=>)[ \t\r\n]++|(?<![ \t\r\n])[ \t\r\n]++(?=<)")
"""White space beside a tag; XML's four characters alone, for a deposited thin space is one."""


def one_notation(written: str) -> str:
    """The markup with every formula said once."""
    written = _RAW.sub(lambda raw: html.escape(raw[1] or raw[2] or "", quote=False), written)
    if "<?" in written:
        written = _INSTRUCTION.sub("", written)
    return _MATH.sub(_of_math, _FORMULA.sub(_of_formula, written))


def _of_formula(formula: re.Match[str]) -> str:
    tex = _TEX.search(formula["inside"])
    return (_tex(tex["inside"]) if tex else "") or formula["inside"].strip()


def _of_math(math: re.Match[str]) -> str:
    notes = _ANNOTATION.finditer(math["inside"])
    tex = (_tex(note["inside"]) for note in notes if _IS_TEX.search(note["more"]))
    return next(filter(None, tex), "") or _BETWEEN.sub("", _ANNOTATION.sub("", math[0]))


def _tex(written: str) -> str:
    """Springer's is a whole document."""
    body, end, _ = written.partition(r"\begin{document}")[2].partition(r"\end{document}")
    return " ".join((body if end else written).split())
