"""arXiv: batches, feeds, and the page when the API is away."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from memories import Memories

from scraper.columns import LINKS
from scraper.model import Answer, Finding, Question, Target
from scraper.records import normal
from scraper.settings import Settings
from scraper.sites.arxiv.preprints import Arxiv, identity, read_feed
from scraper.verdicts.health import weigh

SITE = Arxiv(Settings(), Memories())


def preprint(identifier: str) -> Target:
    return Target(
        f"arxiv:{identifier}", "arxiv", "preprint", identifier, f"https://arxiv.org/abs/{identifier}"
    )


def entry(identifier: str, comment: str = "12 pages", summary: str = " An\n  abstract. ") -> str:
    return f"""<entry><id>http://arxiv.org/abs/{identifier}</id><updated>2021-02-03T04:05:06Z</updated>
    <published>2019-12-20T01:02:03Z</published><title>A Title
    in Two Lines</title><summary>{summary}</summary>
    <author><name>Ada Lovelace</name></author><author><name>Alan
    Turing</name></author>
    <arxiv:comment>{comment}</arxiv:comment><arxiv:journal_ref>J. Phys. 1 (2020)</arxiv:journal_ref>
    <link href="http://arxiv.org/abs/{identifier}" rel="alternate" type="text/html"/>
    <link title="pdf" href="http://arxiv.org/pdf/{identifier}" rel="related" type="application/pdf"/>
    </entry>"""


def feed(*entries: str, doctype: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xmlns:arxiv="http://arxiv.org/schemas/atom"><id>http://arxiv.org/api/x</id><title>Query</title>'
        f'<link href="http://arxiv.org/api/query?x"/>{"".join(entries)}</feed>'
    ).encode()


ERROR = """<entry><id>http://arxiv.org/api/errors#incorrect_id_format_for_bad</id><title>Error</title>
<summary>incorrect id format for bad</summary><author><name>arXiv api core</name></author></entry>"""


def answer(question: Question, body: bytes, status: int = 200) -> Answer:
    return Answer(question.request.url, question.request.url, status, {}, body)


def query(*identifiers: str) -> Question:
    [question] = SITE.ask([preprint(identifier) for identifier in identifiers])
    return question


def test_a_hundred_are_asked_at_once() -> None:
    questions = SITE.ask([preprint(f"2001.{number:05d}") for number in range(250)])
    assert [len(question.targets) for question in questions] == [100, 100, 50]
    assert {question.key for question in questions} == {"export.arxiv.org"}
    assert questions[2].request.url.startswith(
        "https://export.arxiv.org/api/query?id_list=2001.00200,2001.00201,"
    )
    assert questions[2].request.url.endswith("&max_results=50")


def test_a_record() -> None:
    question = query("1912.00001", "math/0309136")
    comment = "ICML. Code: https://github.com/o/n"
    reading = SITE.read(
        question, answer(question, feed(entry("1912.00001v3", comment), entry("math.GT/0309136v1")))
    )
    first, second = reading.findings
    assert (first.health, first.reason, first.rank) == ("alive", "confirmed_by_api", 3)
    assert first.record == {
        "title": "A Title in Two Lines",
        "abstract": "An abstract.",
        "authors": ["Ada Lovelace", "Alan Turing"],
        "published_at": "2019-12-20T01:02:03Z",
        "modified_at": "2021-02-03T04:05:06Z",
        "version": "v3",
        "pdf_url": "https://arxiv.org/pdf/1912.00001v3",
        "venue": "J. Phys. 1 (2020)",
        "withdrawn": False,
        "notice_type": None,
        "notice_doi": None,
        "notice_date": None,
        "notice_source": None,
        "notices": None,
        "code_url": "https://github.com/o/n",
        "code_urls": ["https://github.com/o/n"],
    }
    assert first.record.keys() <= {column.name for column in LINKS.columns}
    assert normal(first.record) == first.record
    assert (second.target, second.record["code_url"]) == ("arxiv:math/0309136", None)


@pytest.mark.parametrize(
    ("comment", "summary", "withdrawn"),
    [
        ("This paper has been withdrawn", "x", True),
        ("Withdrawn by the authors", "x", True),
        ("12 pages", "This paper has been withdrawn due to an error in Lemma 2.", True),
        ("12 pages", "The preprint by A. B. was withdrawn.", True),
        ("12 pages", "We study how troops are withdrawn.", False),
    ],
)
def test_withdrawn(comment: str, summary: str, withdrawn: bool) -> None:
    question = query("1912.00001")
    [found] = SITE.read(question, answer(question, feed(entry("1912.00001v1", comment, summary)))).findings
    assert found.record["withdrawn"] is withdrawn
    assert found.reason == "confirmed_by_api"


def test_what_is_left_out_is_asked_once_more_and_then_broken() -> None:
    question = query("1912.00001", "1912.00002")
    reading = SITE.read(question, answer(question, feed(entry("1912.00001v1"))))
    [again] = reading.questions
    assert [target.id for target in again.targets] == ["1912.00002"]
    [found] = SITE.read(again, answer(again, feed())).findings
    assert (found.health, found.reason, found.http_status) == ("broken", "not_found", None)


def settle(question: Question, bad: str) -> Iterable[Finding]:
    """Ask until nothing is left, of an API that refuses every list with `bad` in it."""
    ids = [target.id for target in question.targets]
    body = feed(ERROR) if bad in ids else feed(*[entry(f"{identifier}v1") for identifier in ids])
    reading = SITE.read(question, answer(question, body, 400 if bad in ids else 200))
    yield from reading.findings
    for follow in reading.questions:
        yield from settle(follow, bad)


def test_one_malformed_id_does_not_spoil_the_others() -> None:
    ids = [f"1912.{number:05d}" for number in range(20)]
    found = {finding.target: finding for finding in settle(query(*ids), ids[7])}
    assert len(found) == 20
    assert found["arxiv:1912.00007"].reason == "not_found"
    assert "incorrect id format" in found["arxiv:1912.00007"].detail
    assert {f.reason for key, f in found.items() if key != "arxiv:1912.00007"} == {"confirmed_by_api"}


PAGE = b"""<head><title>[1912.00001] T</title><meta name="citation_title" content="T"/>
<meta name="citation_author" content="Lovelace, Ada"/><meta name="citation_date" content="2019/12/20"/>
<meta name="citation_abstract" content="An abstract."/></head>"""


@pytest.mark.parametrize(
    ("body", "status", "failure", "reason"),
    [
        (b"Rate exceeded.", 200, "", "rate_limited"),
        (b"", 429, "", "rate_limited"),
        (b"<html>", 503, "", "no_answer"),
        (b"<html>not found</html>", 404, "", "no_answer"),
        (b"", None, "host_not_found", "no_answer"),
        (b"<feed", 200, "", "bad_answer"),
        (b"<html/>", 200, "", "bad_answer"),
        (b"", 200, "", "bad_answer"),
    ],
)
def test_the_pages_are_asked_when_the_api_is_away(
    body: bytes, status: int | None, failure: str, reason: str
) -> None:
    question = query("1912.00001", "1912.00002")
    url = question.request.url
    reading = SITE.read(question, Answer(url, url, status, {}, body, failure=failure))
    assert {found.reason for found in reading.findings} == {reason}
    assert [follow.request.url for follow in reading.questions] == [
        "https://arxiv.org/abs/1912.00001",
        "https://arxiv.org/abs/1912.00002",
    ]
    page = reading.questions[0]
    [found] = SITE.read(page, answer(page, PAGE)).findings
    assert weigh([*reading.findings[:1], found]).reason == "ok"
    assert found.record["abstract"] == "An abstract."
    [gone] = SITE.read(page, answer(page, b"<html>", 404)).findings
    assert weigh([*reading.findings[:1], gone]).reason == "not_found"
    [nothing] = SITE.read(page, answer(page, b"", 204)).findings
    assert (nothing.health, nothing.reason) == ("unverified", "no_answer")


WHOLE_PAGE = b"""<html><head><title>[1912.00001] A Title in Two Lines</title>
<meta name="citation_title" content="A Title
  in Two Lines" /><meta name="citation_author" content="Lovelace, Ada" />
<meta name="citation_author" content="Turing, Alan" /><meta name="citation_date" content="2019/12/20" />
<meta name="citation_online_date" content="2021/02/03" />
<meta name="citation_pdf_url" content="https://arxiv.org/pdf/1912.00001" />
<meta name="citation_arxiv_id" content="1912.00001" /><meta name="citation_abstract" content="An
  abstract." /></head><body><h1 class="title mathjax">A Title</h1><div class="metatable"><table><tr>
<td class="tablecell label">Comments:</td><td class="tablecell comments mathjax">ICML. Code:
<a href="https://github.com/o/n" rel="external noopener">this https URL</a></td>
</tr><tr><td class="tablecell label">Journal&nbsp;reference:</td>
<td class="tablecell jref">J. Phys. 1 (2020)</td></tr></table></div>
<div class="submission-history"><h2>Submission history</h2> From: Ada Lovelace
[<a href="/show-email/1/1912.00001" rel="nofollow">view email</a>] <br/>
<strong><a href="/abs/1912.00001v1">[v1]</a></strong> Fri, 20 Dec 2019 01:02:03 UTC (2 KB)<br/>
<strong><a href="/abs/1912.00001v2">[v2]</a></strong> Sat, 11 Jan 2020 07:08:09 UTC (2 KB)<br/>
<strong>[v3]</strong> Wed, 3 Feb 2021 04:05:06 UTC (13 KB)<br/></div></body></html>"""


def test_the_page_says_what_the_api_says() -> None:
    """Or else an hour of the API's trouble would change the records."""
    question = query("1912.00001")
    comment = "ICML. Code: https://github.com/o/n"
    by_api = SITE.read(question, answer(question, feed(entry("1912.00001v3", comment)))).findings[0]
    page = SITE.read(question, answer(question, b"", 500)).questions[0]
    by_page = SITE.read(page, answer(page, WHOLE_PAGE)).findings[0]
    assert by_page.record == by_api.record
    assert by_page.code == by_api.code


def test_the_page_of_an_older_version_is_of_that_version() -> None:
    older = WHOLE_PAGE.replace(
        b'<strong><a href="/abs/1912.00001v2">[v2]</a></strong>', b"<strong>[v2]</strong>"
    ).replace(b"<strong>[v3]</strong>", b'<strong><a href="/abs/1912.00001v3">[v3]</a></strong>')
    question = query("1912.00001v2")
    page = SITE.read(question, answer(question, b"", 500)).questions[0]
    record = SITE.read(page, answer(page, older)).findings[0].record
    assert (record["version"], record["modified_at"]) == ("v2", "2020-01-11T07:08:09Z")
    assert (record["published_at"], record["pdf_url"]) == (
        "2019-12-20T01:02:03Z",
        "https://arxiv.org/pdf/1912.00001v2",
    )


@pytest.mark.parametrize(
    ("comment", "withdrawn", "notice"),
    [
        ("Withdrawn by the authors", True, None),
        ("This paper has been withdrawn by arXiv administrators due to text overlap", False, "withdrawal"),
        ("This submission has been withdrawn by arXiv admin", False, "withdrawal"),
        ("Replaces the withdrawn paper arXiv:1901.00001", False, None),
        ("12 pages", False, None),
    ],
)
def test_who_withdrew_it(comment: str, withdrawn: bool, notice: str | None) -> None:
    question = query("1912.00001")
    [found] = SITE.read(question, answer(question, feed(entry("1912.00001v1", comment)))).findings
    assert (found.record["withdrawn"], found.record["notice_type"]) == (withdrawn, notice)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (answer(query("1"), b"<head><title>x</title></head>"), "no_answer"),
        (answer(query("1"), b"", 403), "forbidden"),
        (Answer("u", "u", 403, {"cf-mitigated": "challenge"}), "challenge"),
        (Answer("u", "u", failure="timeout"), "timeout"),
    ],
)
def test_a_page_that_shows_no_preprint(page: Answer, reason: str) -> None:
    question = query("1912.00001")
    follow = SITE.read(question, answer(question, b"", 500)).questions[0]
    [found] = SITE.read(follow, page).findings
    assert (found.reason, found.record) == (reason, {})


def test_entities_are_neither_read_nor_multiplied() -> None:
    declared = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(6))
    for doctype, summary in (
        ('<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "S &x;"),
        (f"<!DOCTYPE feed [{declared}]>", "S &l5;"),
    ):
        read = read_feed(feed(entry("1912.00001v1", summary=summary), doctype=doctype))
        # The parser may refuse the whole document; it must not hand out what the entities stand for.
        assert read is None or len(read.entries["1912.00001"]["abstract"]) < 10


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("math.GT/0309136", "math/0309136"),
        ("arXiv:1912.00001v2", "1912.00001v2"),
        ("hep-th/9901001", "hep-th/9901001"),
    ],
)
def test_one_form_of_an_id(written: str, expected: str) -> None:
    assert identity(written) == expected


PIECES = [
    "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "</feed>",
    "<entry>",
    "</entry>",
    "<id>",
    "</id>",
    "/abs/1v2",
    "&x;",
]


@hypothesis_settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12), st.binary(max_size=10))
def test_no_feed_raises(pieces: list[str], junk: bytes) -> None:
    question = query("1", "2")
    for body in ("".join(pieces).encode("utf-8", "replace") + junk, feed("".join(pieces))):
        reading = SITE.read(question, answer(question, body))
        served = {f.target for f in reading.findings} | {t.key for q in reading.questions for t in q.targets}
        assert served == {"arxiv:1", "arxiv:2"}
