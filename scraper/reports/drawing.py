"""SVG that lives inside the page: it takes the page's colours, fonts and colour scheme.

matplotlib lays a picture out; `_dressed` turns its colours into the page's CSS variables and its styles into
attributes, so that the Content-Security-Policy needs no `unsafe-inline`. The same numbers give the same
bytes.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import matplotlib
from lxml import etree
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from scraper.model import Health
from scraper.reports.text import plain, shorten

WIDTH = 5.0
"""Inches: narrow, so that a phone shows the letters at their size and a desk a little larger."""
LETTERS = 10.5
"""Points."""

INK, MUTED, RULE, FILL, WARN, PAGE = "#101828", "#5b6673", "#dfe3e8", "#3f6ea8", "#b4540a", "#fefefe"
COLOURS: dict[str, str] = {
    Health.ALIVE: "#1a8f6b",
    Health.MOVED: "#0f72b2",
    Health.BLOCKED: "#a566a0",
    Health.BROKEN: "#cc4d0b",
    Health.FAILING: "#d99a08",
    Health.UNVERIFIED: "#8b95a1",
}
_VARIABLES = {
    INK: "--ink",
    MUTED: "--muted",
    RULE: "--rule",
    FILL: "--fill",
    WARN: "--warn",
    PAGE: "--page",
    **{colour: f"--{health}" for health, colour in COLOURS.items()},
}
"""Every colour drawn and the variable of style.css that takes its place."""
_MARKERS: dict[str, str] = {
    Health.ALIVE: "o",
    Health.MOVED: ">",
    Health.BLOCKED: "s",
    Health.BROKEN: "X",
    Health.FAILING: "^",
    Health.UNVERIFIED: "D",
}
_BESIDE: dict[str, Any] = {"textcoords": "offset points", "fontsize": LETTERS, "annotation_clip": False}
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"


class Picture(NamedTuple):
    name: str
    title: str
    """What it shows, as a sentence."""
    note: str
    """What is drawn."""
    svg: str


class Bar(NamedTuple):
    label: str
    parts: tuple[tuple[float, str], ...]
    """(length, colour or health), from the axis outwards."""
    value: str
    """Written at the bar's end."""


def draw_bars(name: str, title: str, note: str, bars: Sequence[Bar], *, thin: bool = False) -> Picture:
    """Bars with their labels before them, or, where labels are long, above thinner bars."""
    longest = max(sum(length for length, _ in bar.parts) for bar in bars) or 1

    def draw(axes: Axes) -> None:
        axes.set_ylim(len(bars) - 0.5, -0.9 if thin else -0.6)
        axes.set_xlim(0, longest * (1.2 if any(bar.value for bar in bars) else 1.005))
        axes.set_axis_off()
        for place, bar in enumerate(bars):
            _bar(axes, place, bar, longest, thin)

    told = "; ".join(f"{plain(bar.label)}: {bar.value}" if bar.value else plain(bar.label) for bar in bars)
    height = 0.15 + len(bars) * (0.44 if thin else 0.31)
    box = (0.0, 0.0, 1.0, 1.0) if thin else (0.30, 0.0, 0.70, 1.0)
    return draw_picture(name, title, note, told, draw, height, box)


def _bar(axes: Axes, place: int, bar: Bar, longest: float, thin: bool) -> None:
    start, height = 0.0, 0.36 if thin else 0.62
    for length, paint in bar.parts:
        colour = COLOURS.get(paint, paint)
        axes.barh(place, length, left=start, color=colour, height=height, edgecolor=PAGE, linewidth=0.8)
        # A shape in each part: colour alone does not tell everybody.
        if paint in _MARKERS and length > longest / 40:
            axes.plot([start + length / 2], [place], marker=_MARKERS[paint], color=PAGE, markersize=4.5)
        start += length
    label = shorten(plain(bar.label), 60 if thin else 18)
    at, across, up = ((0, 8), "left", "bottom") if thin else ((-6, 0), "right", "center")
    axes.annotate(label, (0, place), at, color=INK, ha=across, va=up, **_BESIDE)
    axes.annotate(bar.value, (start, place), (5, 0), color=MUTED, va="center", **_BESIDE)


def draw_picture(
    name: str,
    title: str,
    note: str,
    told: str,
    draw: Callable[[Axes], None],
    height: float,
    box: tuple[float, float, float, float],
) -> Picture:
    """Lay out one picture, `WIDTH` by `height` inches; `box` is where its axes are, in shares of it."""
    # Settings hold within rc_context only; pyplot, which keeps figures in a global, is not used.
    settings: dict[Any, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "text.parse_math": False,
        "font.size": LETTERS,
        "axes.edgecolor": RULE,
        "xtick.labelcolor": MUTED,
        "ytick.labelcolor": MUTED,
    }
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        # It only warns about the measure: the browser's fonts draw what matplotlib's font lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=(WIDTH, height), facecolor="none")
        axes = figure.add_axes(box, facecolor="none")
        axes.spines[["top", "right", "left"]].set_visible(False)
        draw(axes)
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    title = plain(title)
    return Picture(name, title, note, _dressed(out.getvalue(), name, title, plain(told)))


def _dressed(svg: bytes, name: str, title: str, told: str) -> str:
    root = etree.fromstring(svg)
    etree.strip_elements(root, _SVG + "metadata", _SVG + "style", with_tail=False)
    used = set(re.findall(r"(?:url\(#|href=\"#)([\w-]+)", svg.decode()))
    for element in root.iter(etree.Element):
        if element.get("id") not in used:
            element.attrib.pop("id", "")
        _undress(element)
        if element.get(_XLINK):
            element.set("href", str(element.attrib.pop(_XLINK)))
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, "")
    root.set("role", "img")
    root.set("aria-labelledby", f"picture-{name}-title picture-{name}-told")
    for place, (tag, text) in enumerate((("title", title), ("desc", told))):
        element = etree.Element(_SVG + tag, id=f"picture-{name}-{'title' if tag == 'title' else 'told'}")
        element.text = text
        root.insert(place, element)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def _undress(element: etree._Element) -> None:
    """Turn the style attribute into attributes of its own, colours into the page's variables."""
    style = str(element.attrib.pop("style", ""))
    declarations = (part.split(":", 1) for part in style.split(";") if ":" in part)
    for name, value in ((name.strip(), value.strip()) for name, value in declarations):
        if name == "font":
            element.set("font-size", re.findall(r"[\d.]+(?=px)", value)[0])
        elif name != "font-family":
            element.set(name, value)
    for name in ("fill", "stroke"):
        variable = _VARIABLES.get(element.get(name, ""))
        if variable:
            element.set(name, f"var({variable})")
