"""How the time of a reader grows with what it is given: at twice the length, at most twice the time.

An input is a beginning, a piece that is repeated, and an end: what makes an expression or a parser go back
over all that it has read. The time is this thread's own (other programs do not count), the best of some, and
only the ratio of two sizes is looked at.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

SLOPE = 1.2
"""The exponent that a report may show; 1 is linear, 2 the square."""
STEEP = 1.5
"""The exponent from which on a test fails: what is linear measures less even on a busy machine."""


class Input(NamedTuple):
    """`begin`, then `piece` again and again, then `end`."""

    name: str
    piece: str
    begin: str = ""
    end: str = ""

    def of(self, size: int) -> str:
        return self.begin + self.piece * max(1, size // len(self.piece)) + self.end


INPUTS = (
    Input("letters", "a"),
    Input("words", "word "),
    Input("words with digits", "w0rd "),
    Input("digits", "7"),
    Input("Chinese", "论文"),
    Input("Chinese lines", "论文\n"),
    Input("blanks", " "),
    Input("blanks, then a word", " ", "x", "x"),
    Input("tabs", "\t"),
    Input("empty lines", "\n"),
    Input("no-break spaces", "\u00a0"),
    Input("lines", "a line\n"),
    Input("zero-width", "\u200b"),
    Input("lost characters", "\ufffd"),
    Input("mojibake", "è®ºæ–‡"),
    Input("half mojibake", "Ã "),
    Input("opening brackets", "["),
    Input("brackets and a word", "[a "),
    Input("closing brackets", "]"),
    Input("pairs of brackets", "[]"),
    Input("nested brackets", "[[a]"),
    Input("images", "!["),
    Input("images closed", "![]("),
    Input("half links", "[a]("),
    Input("links", "[a](http://a.test/b) "),
    Input("nested links", "[![a](b)](c) "),
    Input("references", "[a][b] "),
    Input("definitions", "[a]: http://a.test\n"),
    Input("footnotes", "[^a]: b\n"),
    Input("brackets that close at last", "[", "", "]" * 40),
    Input("parentheses", "("),
    Input("a link that does not end", "(", "[a]("),
    Input("a link with blanks", " ", "[a](b", "x)"),
    Input("stars", "*"),
    Input("stars and words", "*a **b "),
    Input("underscores", "_a "),
    Input("backticks", "`"),
    Input("ticks of two lengths", "`a``b "),
    Input("fences", "```\n"),
    Input("tildes", "~~a "),
    Input("backslashes", "\\"),
    Input("less-than", "<"),
    Input("greater-than", ">"),
    Input("tags that do not end", "<a "),
    Input("metas that do not end", "<meta "),
    Input("hrefs that do not end", '<a href="'),
    Input("a tag with blanks", " ", "<a", "x"),
    Input("an attribute of equals signs", "=", "<a href"),
    Input("anchors", '<a href="http://a.test/b">x</a> '),
    Input("nested anchors", "<a href='b'>"),
    Input("divisions", "<div>"),
    Input("divisions closed", "<div></div>"),
    Input("scripts", "<script>"),
    Input("titles", "<title>"),
    Input("comments", "<!--"),
    Input("comments closed", "<!---->"),
    Input("comments, then no page", "<!-- a -->\n", "", "x"),
    Input("declarations", "<!x "),
    Input("sections", "<![CDATA["),
    Input("instructions", "<?"),
    Input("ampersands", "&"),
    Input("entities", "&amp;"),
    Input("long entities", "&aaaaaaaaaaaaaaaa"),
    Input("numbers of characters", "&#x41;"),
    Input("an address with entities", "&amp;", "http://a.test/"),
    Input("an address with stops", ".", "http://a.test/a"),
    Input("an address with parentheses", ")", "(http://a.test/a"),
    Input("an address with brackets", "[", "http://a.test/a"),
    Input("a host that does not end", "a.", "http://"),
    Input("a host of foreign letters", "é", "http://"),
    Input("schemes", "http://"),
    Input("addresses", "http://a.test/b "),
    Input("wrapped addresses", "https://web.archive.org/web/2020/"),
    Input("www", "www."),
    Input("mail addresses", "a@b."),
    Input("users", "//a@"),
    Input("percent signs", "%41"),
    Input("quotes", '"'),
    Input("apostrophes", "'"),
    Input("quoted blocks", "> "),
    Input("quoted lines", "> a\n"),
    Input("nested items", "- "),
    Input("items", "- a\n"),
    Input("numbers of items", "1. a\n"),
    Input("headings", "# a\n\n"),
    Input("underlined headings", "a\n=\n\n"),
    Input("tables", "|a|b|\n|-|-|\n"),
    Input("rows of a table", "|a|b|\n", "|a|b|\n|-|-|\n"),
    Input("cells of a row", "a|", "|a|b|\n|-|-|\n|"),
    Input("grids", "+-+\n|a|\n"),
    Input("rules", "----\n\n"),
    Input("dashes", "-"),
    Input("equals signs", "="),
    Input("colons", ":"),
    Input("full stops", "."),
    Input("slashes", "/"),
    Input("bars", "|"),
    Input("braces", "{"),
    Input("pairs of braces", "{}"),
    Input("front matter", " ", "---\ntitle: ", "x\n---\n"),
    Input("front matter that does not end", "a: b\n", "---\n"),
    Input("front matter of titles", "title: 'a\n", "---\n", "---\n"),
    Input("roles", "`a <http://a.test>`_ "),
    Input("substitutions", "|a|_ "),
    Input("directives", ".. a::\n\n"),
    Input("fields", ":a: b\n"),
    Input("nested data", '{"a":'),
    Input("nested lists of data", "- "),
    Input("anchors", "- &a [*a, *a]\n"),
    Input("entries that do not end", "@a{b, c = {"),
    Input("entries on lines that do not end", "@a{b, c={\n"),
    Input("quoted entries on lines that do not end", '@a{b, c="{\n'),
    Input("macros over lines", "\\url{%\n"),
    Input("an entry's key", " ", "@a{", "b, c = {d}}"),
    Input("an entry's key of words", "b ", "@a{", "="),
    Input("macros with an address", "https://a.test[b] "),
    Input("attributes", "{a}/b ", ":a: http://a.test\n\n"),
    Input("macros", "\\href{http://a.test}{b "),
    Input("bracket links", "[[http://a.test][b]] "),
    Input("agents", "User-agent: a\n"),
    Input("rules for robots", "Disallow: /*a*$\n", "User-agent: *\n"),
)


def exponent(read: Callable[[str], object], given: Input, sizes: Sequence[int], best_of: int = 3) -> float:
    """The slope of time over size in logarithms, by least squares; below a millisecond nothing grows."""
    points = []
    for size in sizes:
        text = given.of(size)
        seconds = min(_seconds(read, text) for _ in range(best_of))
        points.append((math.log(len(text)), math.log(max(seconds, 1e-3))))
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return float(sum((x - mean_x) * (y - mean_y) for x, y in points) / spread)


def steep(read: Callable[[str], object], inputs: Sequence[Input], small: int, large: int) -> Iterator[str]:
    """Inputs that cost more than their size explains. One is only named when it does so three times."""
    for given in inputs:
        if all(exponent(read, given, (small, large), best_of=1) > STEEP for _ in range(3)):
            yield given.name


def _seconds(read: Callable[[str], object], text: str) -> float:
    gc.collect(1)
    gc.disable()
    try:
        begun = time.thread_time()
        read(text)
        return time.thread_time() - begun
    finally:
        gc.enable()
