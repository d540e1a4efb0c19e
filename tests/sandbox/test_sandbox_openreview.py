"""OpenReview's faces have the shapes that were seen of the real ones."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sandbox_visitor import Visitor

from scraper.sandbox import Sandbox, records

V1, V2, SITE = "https://api.openreview.net", "https://api2.openreview.net", "https://openreview.net"
PAPER = "BJgnXpVYwS"
ACCOUNT, PASSWORD = next(iter(records.OPENREVIEW_USERS.items()))
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "openreview_v1_notes_iclr2020_687.json"


def login(visitor: Visitor, account: str = ACCOUNT, password: str = PASSWORD) -> Any:
    given = {"id": account, "password": password, "expiresIn": 3600}
    return visitor.json(f"{V2}/login", "POST", json=given)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_a_note_of_2020_with_its_replies_in_one_request(running: Visitor) -> None:
    body = running.json(f"{V1}/notes?id={PAPER}&details=replies")
    (note,) = body["notes"]
    assert body["count"] == 1 and note["forum"] == PAPER and note["replyto"] is None
    assert note["invitation"] == "ICLR.cc/2020/Conference/-/Blind_Submission"
    assert note["content"]["title"].startswith("Why Gradient Clipping")
    assert note["content"]["abstract"].startswith("Sandbox abstract")
    assert {"authors", "authorids", "pdf", "_bibtex", "paperhash", "TL;DR", "code"} <= set(note["content"])
    replies = note["details"]["replies"]
    decisions = [one for one in replies if one["invitation"].endswith("/Paper464/-/Decision")]
    assert [one["content"]["decision"] for one in decisions] == ["Accept (Talk)"]
    reviews = [one for one in replies if one["invitation"].endswith("/-/Official_Review")]
    assert [one["content"]["rating"] for one in reviews] == ["8: Accept"] * 3
    assert any(one["replyto"] == reviews[0]["id"] for one in replies), "a reply below a reply"


def test_details_come_only_when_asked_for(running: Visitor) -> None:
    assert "details" not in running.json(f"{V1}/notes?id={PAPER}")["notes"][0]
    details = running.json(f"{V1}/notes?id={PAPER}&details=directReplies,replyCount")["notes"][0]["details"]
    assert set(details) == {"directReplies", "replyCount"}
    assert {one["replyto"] for one in details["directReplies"]} == {PAPER}


@pytest.mark.parametrize("query", ["ids={0}&ids={1}&ids=unknown", "ids={0},{1},unknown"])
def test_many_ids_in_one_request_leave_out_the_unknown(running: Visitor, query: str) -> None:
    body = running.json(f"{V1}/notes?{query.format(PAPER, 'rkeu30EtvS')}&details=replies")
    assert [note["id"] for note in body["notes"]] == [PAPER, "rkeu30EtvS"]
    assert all(note["details"]["replies"] for note in body["notes"])


def test_notes_by_ids_through_the_search(running: Visitor) -> None:
    body = running.json(f"{V1}/notes/search", "POST", json={"ids": [PAPER, "sbxPrivate0", "nobody"]})
    assert ([note["id"] for note in body["notes"]], body["count"]) == ([PAPER], 1)


def test_the_replies_of_a_forum_may_come_before_the_paper(running: Visitor) -> None:
    found = running.json(f"{V1}/notes?forum={PAPER}")["notes"]
    assert found[0]["id"] != PAPER and found[-1]["id"] == PAPER
    assert running.json(f"{V1}/notes?forum=nobody") == {"notes": [], "count": 0}


@pytest.mark.parametrize(
    ("host", "identifier", "status", "name", "message"),
    [
        (V1, "nobody", 404, "NotFoundError", "The Note nobody was not found"),
        (V2, PAPER, 404, "NotFoundError", f"The Note {PAPER} was not found"),
        (V1, "sbxV2Accept", 404, "NotFoundError", "The Note sbxV2Accept was not found"),
        (V1, "sbxPrivate0", 403, "ForbiddenError",
         "User Guest does not have permission to see Note sbxPrivate0"),
    ],
)  # fmt: skip
def test_errors_are_named(
    running: Visitor, host: str, identifier: str, status: int, name: str, message: str
) -> None:
    reply = running.ask(f"{host}/notes?id={identifier}")
    body = reply.json()
    assert (reply.status_code, body["name"], body["message"]) == (status, name, message)
    assert body["status"] == status and "details" in body


def test_a_deleted_note_has_its_date_of_deletion(running: Visitor) -> None:
    assert running.json(f"{V1}/notes?id=sbxDeleted0")["notes"][0]["ddate"] is not None


def test_decisions_of_other_years_have_their_own_shapes(running: Visitor) -> None:
    def replies(identifier: str) -> list[dict[str, Any]]:
        note = running.json(f"{V1}/notes?id={identifier}&details=replies")["notes"][0]
        found: list[dict[str, Any]] = note["details"]["replies"]
        return found

    meta = replies("sbx-Meta2019_")[-1]
    assert meta["invitation"] == "ICLR.cc/2019/Conference/-/Paper1592/Meta_Review"
    assert meta["content"]["recommendation"] == "Accept (Oral)"
    acceptance = replies("sbxAccept2018")[-1]
    assert acceptance["invitation"] == "ICLR.cc/2018/Conference/-/Acceptance_Decision"
    assert acceptance["content"]["decision"] == "Accept (Poster)"


def test_a_note_of_the_second_api_wraps_its_values(running: Visitor) -> None:
    body = running.json(f"{V2}/notes?id=sbxV2Accept&details=replies")
    (note,) = body["notes"]
    assert "count" not in body and note["version"] == 2
    assert running.json(f"{V2}/notes?id=sbxV2Accept&count=true")["count"] == 1
    assert note["content"]["venueid"] == {"value": "ICLR.cc/2025/Conference"}
    assert note["content"]["authors"]["value"][0]["fullname"] == "Ada Sandbox"
    assert note["content"]["TLDR"]["value"]
    assert {"decision": {"value": "Accept (Poster)"}}.items() <= note["details"]["replies"][-1][
        "content"
    ].items()
    assert "authors" not in running.json(f"{V2}/notes?id=sbxV2Blind0")["notes"][0]["content"]


def test_guests_are_challenged_when_gated(visitor: Visitor) -> None:
    visitor.sandbox.world.mode = "gated"
    for host in (V1, V2):
        reply = visitor.ask(f"{host}/notes?id={PAPER}")
        body = reply.json()
        assert (reply.status_code, body["name"]) == (403, "ChallengeRequiredError")
        assert re.fullmatch(r"Challenge verification required \(\d{4}-\d\d-\d\d-\d+\)", body["message"])
        assert body["details"]["challengeUrl"].startswith("https://openreview.net/challenge?redirect=")
    assert visitor.ask(f"{V1}/groups?id=ICLR.cc").status_code == 200
    assert visitor.ask(f"{V2}/notes/search?term=paper").status_code == 200
    assert visitor.ask(f"{SITE}/pdf?id={PAPER}").status_code == 403


def test_who_has_logged_in_is_not_challenged(visitor: Visitor) -> None:
    visitor.sandbox.world.mode = "login"
    assert visitor.ask(f"{V1}/notes?id={PAPER}").status_code == 403
    given = login(visitor)
    assert given["user"]["profile"]["id"].startswith("~")
    assert visitor.ask(f"{V1}/notes?id={PAPER}", headers=bearer(given["token"])).status_code == 200
    assert visitor.ask(f"{V1}/notes?id={PAPER}", headers=bearer(records.OPENREVIEW_TOKEN)).status_code == 200


def test_a_login_may_fail_or_want_a_second_factor(visitor: Visitor) -> None:
    assert login(visitor, password="wrong")["message"] == "Invalid username or password"
    assert login(visitor, password="")["message"] == "password cannot be empty or missing"
    pending = login(visitor, "mfa@sandbox.test")
    assert pending["mfaPending"] is True and pending["preferredMethod"] == "totp" and "token" not in pending
    visitor.sandbox.world.faults.add("openreview_login_limited")
    assert login(visitor)["status"] == 429


def test_the_first_token_may_be_expired_and_the_second_good(visitor: Visitor) -> None:
    visitor.sandbox.world.mode = "login"
    visitor.sandbox.world.faults.add("openreview_token_expired")
    first = visitor.ask(f"{V1}/notes?id={PAPER}", headers=bearer(login(visitor)["token"]))
    assert (first.status_code, first.json()["name"]) == (401, "TokenExpiredError")
    second = visitor.ask(f"{V1}/notes?id={PAPER}", headers=bearer(login(visitor)["token"]))
    assert second.status_code == 200


def test_a_limited_api_says_for_how_long(visitor: Visitor) -> None:
    visitor.sandbox.world.mode = "limited"
    reply = visitor.ask(f"{V1}/notes?id={PAPER}")
    body = reply.json()
    assert (reply.status_code, body["name"]) == (429, "RateLimitError")
    assert "Please try again in 60 minutes and 13 seconds" in body["message"]
    assert set(body["details"]) == {"limit", "remaining", "resetTime", "used", "current", "reqId"}
    assert reply.headers["retry-after"] == "3613" and reply.headers["ratelimit-policy"] == "180;w=60"
    page = visitor.ask(f"{SITE}/forum?id={PAPER}")
    assert page.status_code == 200 and "Too many requests: You have made" in page.text


def test_faults_of_the_api(visitor: Visitor) -> None:
    faults = visitor.sandbox.world.faults
    address = f"{V1}/notes?id={PAPER}"
    faults.add("openreview_502_html")
    assert (visitor.ask(address).status_code, visitor.ask(address).text[:9]) == (502, "<!DOCTYPE")
    faults.clear()
    faults.add("openreview_truncated_json")
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        visitor.json(address)
    faults.clear()
    faults.add("openreview_search_unavailable")
    assert visitor.json(f"{V1}/notes/search?term=x") == {"notes": [], "count": 0, "searchUnavailable": True}
    faults.clear()
    faults.add("openreview_burst:2")
    assert [visitor.ask(address).status_code for _ in range(3)] == [429, 429, 200]
    assert visitor.ask(f"{V1}/notes?ids=" + ",".join(["B1e9Y2NYvS"] * 800)).status_code == 414


def test_a_forum_page_of_today_has_its_metadata_in_the_head(running: Visitor) -> None:
    page = running.ask(f"{SITE}/forum?id={PAPER}").text
    head = page.partition("</head>")[0]
    tags = dict(re.findall(r'<meta name="(citation_\w+)" content="([^"]*)">', head))
    assert tags["citation_title"].startswith("Why Gradient Clipping")
    assert tags["citation_abstract"].startswith("Sandbox abstract")
    assert tags["citation_publication_date"] == "2019/12/20"
    assert tags["citation_pdf_url"] == f"https://openreview.net/pdf?id={PAPER}"
    assert tags["citation_conference_title"] == "International Conference on Learning Representations"
    assert re.findall(r'name="citation_author" content="([^"]*)"', head)[0] == "Jingzhao Zhang"
    description = re.search(r'<meta name="description" content="([^"]*)"', head)
    assert description and description[1] != tags["citation_abstract"], "the summary, where there is one"
    assert "__NEXT_DATA__" not in page


def test_a_wrong_forum_answers_200_with_an_error_page(running: Visitor) -> None:
    for query, words in {
        "?id=nobody": "The Note nobody was not found",
        "": "Forum or note ID is required",
        "?id=sbxDeleted0": "Not Found",
    }.items():
        reply = running.ask(f"{SITE}/forum{query}")
        assert reply.status_code == 200 and "citation_title" not in reply.text
        assert "<title>Forum | OpenReview</title>" in reply.text
        assert f'<pre class="error-message">{words}</pre>' in reply.text
    assert running.ask(f"{SITE}/nowhere").status_code == 404


def test_where_a_forum_redirects(running: Visitor) -> None:
    def location(url: str) -> tuple[int, str]:
        reply = running.ask(url)
        return reply.status_code, reply.headers["location"]

    assert location(f"{SITE}/forum?id=sbxPrivate0") == (307, "/login?redirect=/forum%3Fid%3DsbxPrivate0")
    assert location(f"{SITE}/forum?id=HJlr40xDDH") == (307, f"/forum?id={PAPER}&noteId=HJlr40xDDH")
    note = running.json(f"{V1}/notes?id={PAPER}&details=replies")["notes"][0]
    reply = note["details"]["replies"][0]["id"]
    assert location(f"{SITE}/forum?id={reply}") == (307, f"/forum?id={PAPER}&noteId={reply}")
    assert location(f"http://openreview.net/forum?id={PAPER}") == (301, f"{SITE}/forum?id={PAPER}")


def test_the_challenge_is_a_200_that_is_the_same_for_every_id(visitor: Visitor) -> None:
    visitor.sandbox.world.mode = "gated"
    pages = set()
    for identifier in (PAPER, "nobody"):
        reply = visitor.ask(f"{SITE}/forum?id={identifier}")
        assert reply.status_code == 307
        assert reply.headers["location"] == f"/challenge?redirect=%2Fforum%3Fid%3D{identifier}"
        challenge = visitor.ask(SITE + reply.headers["location"])
        assert challenge.status_code == 200 and challenge.headers["x-robots-tag"] == "noindex, nofollow"
        assert "<title>Verifying your browser | OpenReview</title>" in challenge.text
        pages.add(challenge.text)
    assert len(pages) == 1


def test_a_killed_note_is_gone_until_it_is_revived(visitor: Visitor) -> None:
    address = f"{V1}/notes?id={PAPER}"
    visitor.sandbox.world.kill(f"{SITE}/forum?id={PAPER}")
    assert visitor.ask(address).status_code == 404
    assert visitor.json(f"{V1}/notes?ids={PAPER}") == {"notes": [], "count": 0}
    assert "was not found" in visitor.ask(f"{SITE}/forum?id={PAPER}").text
    visitor.sandbox.world.revive(f"{SITE}/forum?id={PAPER}")
    assert visitor.ask(address).status_code == 200


def test_its_own_records_are_sixteen_papers_with_abstracts_that_say_what_they_are() -> None:
    papers = records.table("papers")
    assert len(papers) == 16
    assert all(one["abstract"].startswith("Sandbox abstract, written for this") for one in papers)
    assert {one["decision"] for one in papers} == {"Accept (Talk)", "Accept (Spotlight)", "Accept (Poster)"}


def test_given_notes_are_served_with_given_decisions() -> None:
    if not REAL.exists():
        pytest.skip("the real records are not beside the project")
    given = json.loads(REAL.read_text("utf-8"))["notes"]
    last = given[-1]["id"]
    with Sandbox(notes=given, decisions={last: ("Accept (Poster)", [6, 6, 8])}) as sandbox:
        visitor = Visitor(sandbox)
        with visitor.transport:
            found: dict[str, Any] = {}
            for start in range(0, len(given), 100):
                ids = "&".join(f"ids={note['id']}" for note in given[start : start + 100])
                found |= {
                    note["id"]: note for note in visitor.json(f"{V1}/notes?{ids}&details=replies")["notes"]
                }
    assert {key: note["content"] for key, note in found.items()} == {
        note["id"]: note["content"] for note in given
    }
    replies = found[last]["details"]["replies"]
    assert [one["content"]["rating"] for one in replies if "rating" in one["content"]] == [
        "6: Weak Accept",
        "6: Weak Accept",
        "8: Accept",
    ]
    assert replies[-1]["content"]["decision"] == "Accept (Poster)"
