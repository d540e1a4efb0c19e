"""From a note to a record: the shapes of the years, of API v1 and of API v2."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scraper.columns import LINKS
from scraper.records import normal
from scraper.sites.openreview.notes import note_record

DATA = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"


def reply(kind: str, number: int = 1, **content: Any) -> dict[str, Any]:
    return {"id": f"{kind}{number}", "number": number, "invitation": kind, "content": content}


def note(*replies: dict[str, Any], content: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"id": "a", "forum": "a", "content": {"title": "T"} | (content or {})}
    return made | ({"details": {"replies": list(replies)}} if replies else {}) | more


def v2(**content: Any) -> dict[str, Any]:
    return {"content": {name: {"value": value} for name, value in content.items()}}


V1 = note(
    id="BJgnXpVYwS",
    forum="BJgnXpVYwS",
    original="HJlr40xDDH",
    pdate=1576800000000,
    cdate=1569439012006,
    tmdate=1583912023652,
    mdate=None,
    invitation="ICLR.cc/2020/Conference/-/Blind_Submission",
    content={
        "title": " Clipping \n",
        "authors": ["Ada  Lovelace", "Alan Turing "],
        "abstract": "  First.\n\n  Second $x$. ",
        "TL;DR": "Short.",
        "keywords": ["a", "", "b c"],
        "pdf": "/pdf/3b53.pdf",
        "code": "",
        "_bibtex": "@inproceedings{\nL2020,\nbooktitle={International Conference on X},\nyear={2020}\n}",
    },
)


def test_a_v1_note() -> None:
    assert note_record(V1) == {
        "title": "Clipping",
        "abstract": "First.\n\n  Second $x$.",
        "authors": ["Ada Lovelace", "Alan Turing"],
        "tldr": "Short.",
        "keywords": ["a", "b c"],
        "venue": "International Conference on X",
        "published_at": "2019-12-20T00:00:00Z",
        "modified_at": "2020-03-11T07:33:43Z",
        "pdf_url": "https://openreview.net/pdf?id=BJgnXpVYwS",
        "bibtex": "@inproceedings{\nL2020,\nbooktitle={International Conference on X},\nyear={2020}\n}",
        "code_url": None,
        "code_urls": None,
        "forum_id": "BJgnXpVYwS",
        "original_id": "HJlr40xDDH",
        "withdrawn": False,
    }


def test_a_v2_note() -> None:
    made = note(
        id="b",
        forum="b",
        version=2,
        license="CC BY 4.0",
        invitations=["ICLR.cc/2025/Conference/-/Submission"],
        **v2(
            title="T",
            authors=[{"fullname": "Ada Lovelace", "username": "~Ada1"}, "Alan Turing"],
            abstract="A. Code: https://github.com/o/n.",
            TLDR="Short.",
            venue="ICLR 2025 Oral",
            venueid="ICLR.cc/2025/Conference",
        ),
    )
    made["content"]["keywords"] = {"value": ["secret"], "readers": ["ICLR.cc/2025/Program_Chairs"]}
    record = note_record(made)
    assert record["authors"] == ["Ada Lovelace", "Alan Turing"]
    assert (record["tldr"], record["venue"], record["license_spdx"]) == (
        "Short.",
        "ICLR 2025 Oral",
        "CC-BY-4.0",
    )
    assert (record["decision"], record["presentation"]) == ("Accept (Oral)", "oral")
    assert (record["code_url"], record["keywords"]) == ("https://github.com/o/n", None)


@pytest.mark.parametrize(
    ("made", "decision", "presentation", "withdrawn"),
    [
        (note(reply("C/Paper1/-/Decision", decision="Accept (Poster)")), "Accept (Poster)", "poster", False),
        (note(reply("C/Paper1/-/Decision", decision="Accept (Talk)")), "Accept (Talk)", "oral", False),
        (note(reply("C/Paper1/-/Decision", decision="Reject")), "Reject", None, False),
        (
            note(reply("ICLR.cc/2019/Conference/-/Paper1592/Meta_Review", recommendation="Accept (Oral)")),
            "Accept (Oral)",
            "oral",
            False,
        ),
        (
            note(reply("ICLR.cc/2018/Conference/-/Acceptance_Decision", decision="Invite to Workshop Track")),
            "Invite to Workshop Track",
            None,
            False,
        ),
        (
            note(reply("ICLR.cc/2017/conference/-/paper7/acceptance", decision="Accept (Oral)")),
            "Accept (Oral)",
            "oral",
            False,
        ),
        (
            note(reply("C/Paper1/-/Decision", decision="Accept: notable-top-25%")),
            "Accept: notable-top-25%",
            "spotlight",
            False,
        ),
        (
            note(
                {"invitations": ["C/Submission1/-/Decision", "C/-/Edit"], **v2(decision="Accept (spotlight)")}
            ),
            "Accept (spotlight)",
            "spotlight",
            False,
        ),
        (
            note(
                reply("C/-/Meta_Review", recommendation="Accept"),
                reply("C/Paper1/-/Decision", decision="Reject"),
            ),
            "Reject",
            None,
            False,
        ),
        (
            note(content=v2(venueid="X.cc/2025/Conference/Rejected_Submission")["content"]),
            "Reject",
            None,
            False,
        ),
        (
            note(
                reply("C/-/Meta_Review", recommendation="Accept (Poster)"),
                content={"venueid": "ICLR.cc/2022/Conference/Rejected_Submission"},
            ),
            "Reject",
            None,
            False,
        ),
        (note(content={"venueid": "X.cc/2025/Conference/Withdrawn_Submission"}), "Withdrawn", None, True),
        (
            note(content={"venueid": "X.cc/2025/Conference/Desk_Rejected_Submission"}),
            "Desk Reject",
            None,
            False,
        ),
        (note(invitation="ICLR.cc/2020/Conference/-/Withdrawn_Submission"), "Withdrawn", None, True),
        (note(invitation="ICLR.cc/2020/Conference/-/Desk_Rejected_Submission"), "Desk Reject", None, False),
        (note(reply("C/Paper1/-/Withdraw", title="Withdrawn")), "Withdrawn", None, True),
        (
            note(content={"venueid": "NeurIPS.cc/2023/Conference", "venue": "NeurIPS 2023 poster"}),
            "Accept (Poster)",
            "poster",
            False,
        ),
        (note(reply("C/Paper1/-/Public_Comment", decision="Accept me")), None, None, False),
    ],
)
def test_decisions_in_their_shapes(
    made: dict[str, Any], decision: str | None, presentation: str | None, withdrawn: bool
) -> None:
    record = note_record(made)
    assert (record["decision"], record["presentation"], record["withdrawn"]) == (
        decision,
        presentation,
        withdrawn,
    )


@pytest.mark.parametrize(
    "content",
    [
        {"venue": "Submitted to ICLR 2026", "venueid": "ICLR.cc/2026/Conference/Submission"},
        {"venue": "CoRR 2020", "venueid": "dblp.org/journals/CORR/2020"},
        {"venue": "TMLR under review", "venueid": "TMLR/Under_Review"},
        {},
    ],
)
def test_no_decision_is_made_up(content: dict[str, Any]) -> None:
    assert "decision" not in note_record(note(content=content))


def test_ratings_in_the_order_of_the_reviews() -> None:
    record = note_record(
        note(
            reply("C/Paper1/-/Official_Review", 3, rating="8: Accept"),
            reply("C/Paper1/-/Official_Review", 1, rating="6: Weak Accept"),
            {"number": 2, "invitations": ["C/Submission1/-/Official_Review"], **v2(rating=5)},
            reply("C/Paper1/-/Official_Review", 4, recommendation="3: reject, not good enough"),
            reply("C/Paper1/-/Official_Review", 5, rating="1: Reject", x=1) | {"ddate": 1600000000000},
            reply("C/Paper1/-/Official_Review", 6, rating="1: Reject") | {"readers": ["C/Program_Chairs"]},
            reply("C/Paper1/-/Official_Comment", 7, rating="10"),
        )
    )
    assert record["ratings"] == ["6", "5", "8", "3"]
    assert (record["rating_mean"], record["rating_count"]) == (5.5, 4)


def test_the_mean_has_two_decimals_and_words_do_not_count() -> None:
    record = note_record(
        note(
            *[reply("V/-/Review", n, rating=r) for n, r in enumerate(["6", "6: x", "8: y", "Strong accept"])]
        )
    )
    assert record["ratings"] == ["6", "6", "8", "Strong accept"]
    assert (record["rating_mean"], record["rating_count"]) == (6.67, 4)


def test_unknown_is_not_empty_and_not_zero() -> None:
    assert not note_record(note()).keys() & {"ratings", "rating_mean", "rating_count", "decision", "abstract"}
    seen = note_record(note(reply("C/Paper1/-/Official_Comment", comment="Hm.")))
    assert [seen[name] for name in ("ratings", "rating_mean", "rating_count", "decision")] == [None] * 4


@pytest.mark.parametrize("authors", [["Anonymous"], [], None, "Anonymous", [{"username": "~A1"}], 5])
def test_anonymous_is_not_an_author(authors: object) -> None:
    assert "authors" not in note_record(note(content={"authors": authors}))


def test_authors_and_keywords_as_one_text() -> None:
    record = note_record(note(content={"authors": "A B, C D and E F", "keywords": "x, y; z"}))
    assert (record["authors"], record["keywords"]) == (["A B", "C D", "E F"], ["x", "y", "z"])


@pytest.mark.parametrize("name", ["TL;DR", "one-sentence_summary", "TLDR"])
def test_the_summary_has_three_names(name: str) -> None:
    assert note_record(note(content={name: " Short. "}))["tldr"] == "Short."


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (0, None),
        (-1, None),
        (True, None),
        ("1", None),
        (1e309, None),
        (float("nan"), None),
        (10**30, None),
        (1569438812057.0, "2019-09-25T19:13:32Z"),
    ],
)
def test_times(when: object, expected: str | None) -> None:
    assert note_record(note(cdate=when)).get("published_at") == expected


def test_text_that_no_file_could_hold_is_mended() -> None:
    record = note_record(note(content={"title": "a\ud800b\0c", "abstract": "x"}))
    assert record["title"].encode() == "a\ufffdbc".encode()


def test_code_fields_badges_and_uploads() -> None:
    badge = (
        "[![github](/images/github_icon.svg) o/n](https://github.com/o/n) + [![Papers with Code]"
        "(/images/pwc_icon.svg) 2 community implementations](https://paperswithcode.com/paper/?openreview=a)"
    )
    record = note_record(note(content={"code": badge, "code_of_ethics": "https://iclr.cc/ethics"}))
    assert record["code_url"] == "https://github.com/o/n"
    assert record["code_urls"] == [
        "https://github.com/o/n",
        "https://paperswithcode.com/paper/?openreview=a",
    ]
    only = note_record(
        note(content={"community_implementations": badge.split(" + ")[1], "code": "/attachment/1.zip"})
    )
    assert only["code_url"] == "https://openreview.net/attachment/1.zip"
    assert note_record(note(content={"code": badge.split(" + ")[1]}))["code_url"] is None


def test_every_field_is_a_column_of_the_right_type() -> None:
    record = note_record(note(reply("C/-/Decision", decision="Reject"), content=V1["content"], cdate=1e12))
    assert record.keys() <= {column.name for column in LINKS.columns}
    assert normal(record) == record


def test_the_real_notes() -> None:
    path = DATA / "openreview_v1_notes_iclr2020_687.json"
    if not path.is_file():
        pytest.skip("the collection of real notes is not beside this checkout")
    notes = json.loads(path.read_text("utf-8"))["notes"]
    assert len(notes) == 687
    for made in notes:
        record, content = note_record(made), made["content"]
        assert record["title"] == content["title"].strip()
        assert record["abstract"] == content["abstract"].strip()
        assert (record["tldr"] or "") == content.get("TL;DR", "").strip()
        # One of them wrote both authors into one name: the ids know that they are two.
        assert len(record["authors"]) == len(" and ".join(content["authors"]).split(" and "))
        assert len(record["keywords"] or []) == len([word for word in content["keywords"] if word.strip()])
        assert (record["code_url"] or "") in content.get("code", "") or "github.com" in content["abstract"]
        assert bool(record["code_url"]) or not content.get("code")
        assert record["venue"] == "International Conference on Learning Representations"


def test_the_articles_sixteen_papers_with_their_decisions_and_ratings() -> None:
    path = DATA / "openreview_iclr2020_16.json"
    if not path.is_file():
        pytest.skip("the collection of real papers is not beside this checkout")
    for paper in json.loads(path.read_text("utf-8")):
        base = f"ICLR.cc/2020/Conference/Paper{paper['number']}/-/"
        replies = [reply(f"{base}Decision", decision=paper["decision"])] + [
            reply(f"{base}Official_Review", number, rating=f"{rating}: …")
            for number, rating in enumerate(paper["ratings_review_order"])
        ]
        content = {name: paper[name] for name in ("title", "abstract", "authors")}
        record = note_record(note(*replies, content=content, cdate=paper["cdate"], tmdate=paper["tmdate"]))
        assert record["decision"] == paper["decision"]
        assert [int(rating) for rating in record["ratings"]] == paper["ratings_review_order"]
        assert (record["published_at"], record["modified_at"]) == (paper["cdate_iso"], paper["tmdate_iso"])
