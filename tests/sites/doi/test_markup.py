"""Text out of the markup of agencies, and dates out of their dates."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.sites.doi.dates import crossref_date, datacite_date
from scraper.sites.doi.records import crossref_record, datacite_record
from scraper.sites.markup import plain


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("the gene (\n        <i>ABC1</i>\n        )", "the gene (ABC1)"),
        ("<p>of [\n <i>x</i>\n ], of\n <i>y</i>\n, and\n <i>z</i>\n too</p>", "of [x], of y, and z too"),
        ("a ( <i>x</i> ) as it was written", "a ( x ) as it was written"),
    ],
)
def test_indentation_beside_a_bracket_is_no_blank(written: str, text: str) -> None:
    assert plain(written) == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("u<v and v>w", "u<v and v>w"),
        ("Birds <Turdidae> of <b>Utopia</b>", "Birds <Turdidae> of Utopia"),
        ("time <time to event> of 1<n>2", "time <time to event> of 1<n>2"),
        ('a <b class="x">bold</b> <i/>, p<0.05', "a bold , p<0.05"),
        ("<P>One</P><p >Two <!-- not --> three<br/>four</p>", "One\nTwo three\nfour"),
        ("<tp:name>T. rex</tp:name> <x:unknown>y</x:unknown>", "T. rex y"),
        ("<i>if</i> u<v then w", "if u<v then w"),
    ],
)
def test_a_sign_is_no_tag(written: str, text: str) -> None:
    assert plain(written) == text


_MATHML = "<mml:math>\n <mml:msup>\n  <mml:mi> y </mml:mi>\n  <mml:mn>3</mml:mn>\n </mml:msup>\n</mml:math>"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            "<jats:p>For <jats:inline-formula>\n<jats:alternatives><jats:tex-math>$$y^3$$</jats:tex-math>"
            f"{_MATHML}</jats:alternatives>\n</jats:inline-formula>, that is.</jats:p>",
            "For $$y^3$$, that is.",
        ),
        (
            f"A <alternatives>{_MATHML}<tex-math>\\documentclass{{minimal}}"
            "\\begin{document}$y^3$\\end{document}</tex-math></alternatives> B",
            "A $y^3$ B",
        ),
        (
            '<mml:math><mml:semantics><mml:mi>H</mml:mi><mml:annotation encoding="application/x-tex">'
            "\\mathcal {H} </mml:annotation></mml:semantics></mml:math>-space",
            "\\mathcal {H}-space",
        ),
        (
            '<math><semantics><mi>H</mi><annotation encoding="text/plain">aitch</annotation>'
            '<annotation-xml encoding="MathML-Content"><ci>H</ci></annotation-xml></semantics></math>',
            "H",
        ),
        ('<math><mi>H</mi><annotation encoding="TeX"> </annotation></math>', "H"),
        (
            "<jats:p>by <jats:inline-formula><jats:tex-math><?CDATA $w&z<(8\\pm 2)$?></jats:tex-math>"
            f"<?MML {_MATHML}?></jats:inline-formula> km</jats:p>",
            "by $w&z<(8\\pm 2)$ km",
        ),
        (f"<p>by <?MML {_MATHML}?> km</p>", "by y3 km"),
        (f"<p>the\n<inline-formula>\n{_MATHML}\n</inline-formula>-space</p>", "the y3-space"),
        ("<math><mn>1</mn><mo>,</mo><mtext>\N{NO-BREAK SPACE}</mtext><mn>2</mn></math>", "1, 2"),
        ("<p>open <math><mi>x</mi> and <tex-math>y</p>", "open x and y"),
    ],
)
def test_a_formula_in_several_notations_is_said_once(markup: str, text: str) -> None:
    assert plain(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Trends in Ecology &amp; Evolution", "Trends in Ecology & Evolution"),
        ("A &lt;scp&gt;MMC‐HVDC&lt;/scp&gt; system", "A MMC‐HVDC system"),
        ("a cloud of (&lt;1 M⊙)", "a cloud of (<1 M⊙)"),
        ("R&amp;D with T &gt; 1.12", "R&D with T > 1.12"),
        ("&amp;lt;i&amp;gt;x&amp;lt;/i&amp;gt; &amp;amp; y", "x & y"),
        ("O&apos;Brien &#8211; &#x2013;", "O'Brien – –"),
        ("AT&T &copy 2020 &unknown; Q&A", "AT&T &copy 2020 &unknown; Q&A"),
        ("p<0.05 and x > 3, if a < b", "p<0.05 and x > 3, if a < b"),
        ("x<sup>2</sup> + H<jats:sub>2</jats:sub>O", "x2 + H2O"),
        (
            "<jats:p>of the fish,\n<jats:italic>E. t.</jats:italic>\nand its diet.</jats:p>",
            "of the fish, E. t. and its diet.",
        ),
        ("<jats:p>One.</jats:p>\n   <jats:p>Two.</jats:p>", "One.\nTwo."),
        ("<p>One.<br/>Two.</p>", "One.\nTwo."),
        ("<jats:title>Abstract</jats:title><jats:p>One.</jats:p>", "One."),
        ("<jats:title>ABSTRACT</jats:title><jats:p>One.</jats:p>", "One."),
        (
            "<jats:sec><jats:title>Background</jats:title>\n<jats:p>B &lt; 3.</jats:p></jats:sec>"
            "<jats:sec><jats:title>Methods</jats:title><jats:p>M.</jats:p></jats:sec>",
            "Background\nB < 3.\nMethods\nM.",
        ),
        ("An Abstract of Abstracts", "An Abstract of Abstracts"),
        ("Line one.\nLine two.", "Line one.\nLine two."),
        ("", None),
        ("<p></p>", None),
        (5, None),
    ],
)
def test_one_line_a_paragraph_and_no_markup(markup: object, text: str | None) -> None:
    assert plain(markup) == text


@settings(deadline=None)
@given(st.lists(st.sampled_from(["<p>", "</p>", "&lt;", "&amp;", "<", ">", "&", "x", "\n", "<!--", "]]>"])))
def test_no_markup_raises(pieces: list[str]) -> None:
    assert plain("".join(pieces)) is None or isinstance(plain("".join(pieces)), str)


def test_entities_in_every_field_of_a_work() -> None:
    work = {
        "DOI": "10.1/w",
        "title": ["&lt;i&gt;A&lt;/i&gt; &amp; B"],
        "container-title": ["Ecology &amp; Evolution"],
        "author": [{"given": "Ada", "family": "O&apos;Brien"}],
        "subject": ["R&amp;D"],
    }
    record = crossref_record(work)
    assert (record["title"], record["venue"]) == ("A & B", "Ecology & Evolution")
    assert (record["authors"], record["keywords"]) == (["Ada O'Brien"], ["R&D"])
    described = {"descriptions": [{"description": "T &gt; 1.12", "descriptionType": "Abstract"}]}
    assert datacite_record(described)["abstract"] == "T > 1.12"


def dates(*given: tuple[str, str], year: int | None = None) -> dict[str, Any]:
    return {"dates": [{"date": d, "dateType": k} for k, d in given], "publicationYear": year}


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        # 10.48550/arxiv.1902.02534: the month is known, and each version has its `Submitted`.
        (
            dates(
                ("Submitted", "2019-02-07T09:52:32Z"),
                ("Submitted", "2019-06-21T07:21:00Z"),
                ("Updated", "2019-06-24T00:00:00Z"),
                ("Available", "2019-02"),
                ("Issued", "2019"),
                year=2019,
            ),
            "2019-02-07T09:52:32Z",
        ),
        # 10.21233/n34n5q, 10.6084/m9.figshare.1449060, 10.21944/temis-ozone-msr2: other years.
        (dates(("Submitted", "1998-06-12"), ("Issued", "2017"), year=2017), None),
        (dates(("Created", "2015-06-15"), ("Issued", "2020"), year=2020), None),
        (dates(("Created", "2014-01-02"), year=2015), None),
        (dates(("Issued", "2017-03-04"), ("Available", "2018-01-01"), year=2018), "2017-03-04T00:00:00Z"),
        (dates(("Available", "2018-01-01"), ("Submitted", "2017-01-01"), year=2017), "2018-01-01T00:00:00Z"),
        (dates(("Issued", "2017"), ("Available", "2017-05-06")), "2017-05-06T00:00:00Z"),
        (
            dates(("Issued", "2017-05"), ("Created", "2017-05-06"), ("Created", "2017-05-09")),
            "2017-05-06T00:00:00Z",
        ),
        (dates(("Created", "2015-06-15"), year=2015), "2015-06-15T00:00:00Z"),
        (dates(("Submitted", "2015-06-15")), "2015-06-15T00:00:00Z"),
        (dates(("Issued", "2004-03-02/2005-06-02"), ("Created", "2016-05-04")), "2016-05-04T00:00:00Z"),
        (dates(("Issued", "2019")), None),
        (dates(("Issued", "soon")), None),
        ({"dates": [5, None, {"dateType": 7}], "publicationYear": "2019"}, None),
    ],
)
def test_datacites_date_agrees_with_the_better_kinds(work: dict[str, Any], expected: str | None) -> None:
    assert datacite_date(work) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"published": [2019, 3, 1], "published-print": [2019, 6, 1]}, "2019-03-01T00:00:00Z"),
        ({"published": [2019], "published-online": [2019, 5, 6]}, "2019-05-06T00:00:00Z"),
        ({"published": [2019, 3], "published-print": [2019, 6, 1]}, "2019-06-01T00:00:00Z"),
        ({"published": [1997, 7], "published-online": [2005, 2, 18]}, None),
        ({"published": [2018], "issued": [2019, 1, 2]}, None),
        ({"posted": [2020, 1, 2]}, "2020-01-02T00:00:00Z"),
        ({"issued": [2019, 13, 1]}, None),
        ({"issued": [2019]}, None),
    ],
)
def test_crossrefs_date_agrees_with_the_earliest(parts: dict[str, list[int]], expected: str | None) -> None:
    assert crossref_date({name: {"date-parts": [given]} for name, given in parts.items()}) == expected
