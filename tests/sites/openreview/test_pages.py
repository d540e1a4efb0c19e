"""Forum pages, live and archived."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.model import Answer, Hop
from scraper.sites.openreview.pages import read_archived_page, read_forum_page

FORUM = "https://openreview.net/forum?id=BJgnXpVYwS"
SHORT = "Clipping provably accelerates descent."
LONG = "We provide an explanation. " * 12

HEAD = f"""<!DOCTYPE html><html lang="en"><head><meta charSet="utf-8"/>
<title>Why Clipping &amp; Co | OpenReview</title>
<meta name="description" content="{SHORT}"/>
<meta name="citation_title" content=""/>
<meta name="citation_title" content="Why Clipping &amp; Co: A $\\alpha$ &lt;b&gt;"/>
<meta name="citation_author" content="Jingzhao Zhang"/><meta name="citation_author" content="Tianxing He"/>
<meta name="citation_publication_date" content="2019/12/20"/>
<meta name="citation_pdf_url" content="https://openreview.net/pdf?id=BJgnXpVYwS"/>
<meta name="citation_abstract" content=" First.

 Second, see https://github.com/o/n. "/>
<meta name="citation_conference_title" content="International Conference on Learning Representations"/>
<meta property="og:description" content="{SHORT}"/></head>"""


def page(body: str | bytes, status: int = 200, final: str = FORUM, **headers: str) -> Answer:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    hops = (Hop(307, final),) if final != FORUM else ()
    return Answer(FORUM, final, status, fields, body.encode() if isinstance(body, str) else body, hops=hops)


def error(message: str) -> str:
    return (
        '<html><head><title>Forum | OpenReview</title></head><body><main><div class="error-display">'
        f'<h1>Error</h1><pre class="error-message">{message}</pre></div></main></body></html>'
    )


def test_the_tags_of_a_paper() -> None:
    read = read_forum_page(page(HEAD + "<body><div>" * 3000))
    assert read.claim.reason == "ok"
    assert read.record == {
        "title": "Why Clipping & Co: A $\\alpha$ <b>",
        "abstract": "First.\n\n Second, see https://github.com/o/n.",
        "authors": ["Jingzhao Zhang", "Tianxing He"],
        "published_at": "2019-12-20T00:00:00Z",
        "pdf_url": "https://openreview.net/pdf?id=BJgnXpVYwS",
        "venue": "International Conference on Learning Representations",
        "forum_id": "BJgnXpVYwS",
        "code_url": "https://github.com/o/n",
        "code_urls": ["https://github.com/o/n"],
    }


@pytest.mark.parametrize(("description", "abstract"), [(SHORT, None), (LONG, LONG.strip())])
def test_a_description_is_the_abstract_only_when_it_is_too_long_for_a_summary(
    description: str, abstract: str | None
) -> None:
    head = f'<head><meta name="citation_title" content="T"><meta name="description" content="{description}">'
    assert read_forum_page(page(head)).record.get("abstract") == abstract


GATE = "<html><head><title>Verifying your browser | OpenReview</title></head><body>…</body></html>"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (page(HEAD), "ok"),
        (page(HEAD, final="https://openreview.net/forum?id=right&noteId=BJgnXpVYwS"), "ok"),
        (page('<head><title>X</title></head><body><h2 class="note_content_title citation_title">X'), "ok"),
        (
            page(GATE, final="https://openreview.net/challenge?redirect=%2Fforum%3Fid%3DBJgnXpVYwS"),
            "challenge",
        ),
        (page(GATE), "challenge"),
        (page(HEAD.replace("Why Clipping &amp; Co |", "Verifying your browser |")), "challenge"),
        (page(HEAD, final="https://openreview.net/challenge?redirect=x"), "challenge"),
        (page("<html>…", 403, cf_mitigated="challenge"), "challenge"),
        (page("<script src='/cdn-cgi/challenge-platform/x'>", 403), "challenge"),
        (page("<html>", 403), "forbidden"),
        (
            page("<title>Login", final="https://openreview.net/login?redirect=/forum?id%3DBJgnXpVYwS"),
            "private",
        ),
        (page(error("You don&#x27;t have permission to read this forum")), "private"),
        (page(error("The Note BJgnXpVYwS was not found")), "soft_404"),
        (page(error("Not Found")), "soft_404"),
        (page(error("Forum or note ID is required")), "soft_404"),
        (page(error("Too many requests: You have made 165 requests, surpassing …")), "rate_limited"),
        (page(error("fetch failed")), "server_error"),
        (page("<title>Forum | OpenReview</title>"), "no_answer"),
        (page("<title>OpenReview</title>", final="https://openreview.net/"), "soft_404"),
        (page("<title>Back soon</title>", final="https://openreview.net/maintenance"), "no_answer"),
        (page(HEAD, 404), "not_found"),
        (page("", 502), "server_error"),
        (page("", 429), "rate_limited"),
        (page("", 204), "bad_answer"),
        (Answer(FORUM, FORUM, failure="timeout"), "timeout"),
    ],
)
def test_what_a_page_is(answer: Answer, reason: str) -> None:
    read = read_forum_page(answer)
    assert read.claim.reason == reason
    assert bool(read.record) == (reason == "ok")


def test_a_redirect_to_the_right_forum_names_it_and_is_no_move() -> None:
    read = read_forum_page(page(HEAD, final="https://openreview.net/forum?id=right&noteId=x"))
    assert (read.record["forum_id"], read.claim.suggested_url) == ("right", "")


NOTE: dict[str, Any] = {
    "id": "BJgnXpVYwS",
    "forum": "BJgnXpVYwS",
    "readers": ["everyone"],
    "content": {"title": "T", "abstract": "A </script > b.", "TL;DR": "S"},
    "details": {"replyCount": 21},
}
ARCHIVED = f"https://web.archive.org/web/20220926095407id_/{FORUM}"


def archived(body: str, status: int = 200) -> Answer:
    return Answer(ARCHIVED, ARCHIVED, status, {}, body.encode())


def next_data(properties: object) -> str:
    data = json.dumps({"props": {"pageProps": properties}}).replace("</", "<\\/")
    return f'{HEAD}<body><script id="__NEXT_DATA__" type="application/json">{data}</script></body></html>'


@pytest.mark.parametrize(
    "properties",
    [{"forumNote": NOTE}, {"forumNotes": [{"id": "x"}, NOTE]}, {"forumNotes": {"a": NOTE}}],
)
def test_the_note_in_an_archived_page_says_more_than_its_tags(properties: object) -> None:
    record = read_archived_page(archived(next_data(properties)), "BJgnXpVYwS")
    assert (record["title"], record["abstract"], record["tldr"]) == ("T", "A </script > b.", "S")


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"forumNote": None},
        {"forumNote": NOTE | {"id": "x", "forum": "x"}},
        {"forumNote": {"id": "BJgnXpVYwS"}},
        [1],
        {"forumNote": NOTE | {"readers": ["someone"]}},
    ],
)
def test_without_the_note_the_tags_are_read(properties: object) -> None:
    record = read_archived_page(archived(next_data(properties)), "BJgnXpVYwS")
    assert record["title"].startswith("Why Clipping")
    assert record["forum_id"] == "BJgnXpVYwS"


@pytest.mark.parametrize(
    "answer",
    [
        archived(GATE),
        archived(error("Not Found")),
        archived(HEAD, 404),
        Answer(ARCHIVED, ARCHIVED, failure="timeout"),
        archived(GATE.replace("</head>", '<meta name="citation_title" content="Verifying"></head>')),
    ],
)
def test_an_archived_page_without_a_paper_gives_nothing(answer: Answer) -> None:
    assert read_archived_page(answer, "BJgnXpVYwS") == {}


PIECES = st.sampled_from(
    [
        HEAD,
        "<meta name=citation_title content=",
        "</head>",
        '<script id="__NEXT_DATA__">',
        "</script>",
        "<pre class=",
        '"error-message">',
        "<h2 class=citation_title>",
        '{"props":{"pageProps":{"forumNote":',
        "<?xml ?>",
        "<![CDATA[",
        "<!--",
        "\x00",
        "http://x",
        "<base href='javascript:'>",
        "<div>" * 2000,
    ]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES | st.text(max_size=5), max_size=8), st.binary(max_size=30))
def test_no_page_raises(pieces: list[str], junk: bytes) -> None:
    body = "".join(pieces).encode("utf-8", "replace") + junk
    for final in (FORUM, "https://[::1/", "", "//"):
        read_forum_page(page(body, final=final))
        read_archived_page(Answer(ARCHIVED, final, 200, {}, body), "BJgnXpVYwS")
