"""Every form in which OpenReview's venues wrote what became of a paper, 2013 to 2026.

The venue ids, venue texts, invitations and decisions are real ones: of the venues' public notes, and of the
templates in OpenReview's own client (`decision_to_venue`, `journal/invitation.py`).
"""

from __future__ import annotations

from typing import Any

import pytest

from scraper.sites.openreview.notes import note_record
from scraper.sites.openreview.presentations import of_decision, of_venue


def v1(invitation: str = "", replies: object = (), **content: Any) -> dict[str, Any]:
    made = {"id": "a", "forum": "a", "invitation": invitation, "content": {"title": "T", **content}}
    return made | ({"details": {"replies": replies}} if replies else {})


def v2(*replies: dict[str, Any], invitations: list[str] | None = None, **content: str) -> dict[str, Any]:
    fields = {name: {"value": value} for name, value in content.items()}
    made: dict[str, Any] = {"id": "a", "forum": "a", "version": 2, "content": fields}
    made["invitations"] = invitations or ["V/-/Submission", "V/-/Edit"]
    return made | ({"details": {"replies": list(replies)}} if replies else {})


def reply(invitation: str, **content: str) -> dict[str, Any]:
    return {"id": "r", "invitations": [invitation], "content": {n: {"value": v} for n, v in content.items()}}


@pytest.mark.parametrize(
    ("venue", "tier", "written"),
    [
        ("ICLR 2017 Oral", "oral", "Oral"),
        ("ICLR 2017 Poster", "poster", "Poster"),
        ("ICLR 2017 Invite to Workshop", None, None),
        ("ICLR 2021 Spotlight", "spotlight", "Spotlight"),
        ("ICLR 2022 Submitted", None, None),
        ("ICLR 2023 notable top 5%", "oral", "notable top 5%"),
        ("ICLR 2023 notable top 25%", "spotlight", "notable top 25%"),
        ("ICLR 2023 poster", "poster", "poster"),
        ("ICLR 2026 ConditionalOral", "oral", "ConditionalOral"),
        ("ICLR 2026 ConditionalPoster", "poster", "ConditionalPoster"),
        ("ICML 2023 OralPoster", "oral", "OralPoster"),
        ("ICML 2025 spotlightposter", "spotlight", "spotlightposter"),
        ("ICML 2025 Position Paper Track spotlightposter", "spotlight", "spotlightposter"),
        ("ICML 2025 Position Paper Track oral", "oral", "oral"),
        ("ICML 2026 regular", None, "regular"),
        ("ICML 2026 spotlight", "spotlight", "spotlight"),
        ("NeurIPS 2022 Accept", None, None),
        ("NeurIPS 2021 Datasets and Benchmarks Track (Round 1)", None, None),
        ("NeurIPS 2022 Datasets and Benchmarks ", None, None),
        ("NeurIPS 2023 Datasets and Benchmarks Spotlight", "spotlight", "Spotlight"),
        ("NeurIPS 2024 Track Datasets and Benchmarks Oral", "oral", "Oral"),
        ("NeurIPS 2024 Competition Track", None, None),
        ("NeurIPS 2025 Position Paper Track", None, None),
        ("KSMI 2026 ShortOralPoster", "oral", "ShortOralPoster"),
        ("EMNLP 2023 Main", None, "Main"),
        ("EMNLP 2023 Findings", None, "Findings"),
        ("WWW 2025 Oral", "oral", "Oral"),
        ("COLM 2024", None, None),
        ("GenBio@NeurIPS2023 Oral", "oral", "Oral"),
        ("Tiny Papers @ ICLR 2024 Notable", None, "Notable"),
        ("BT@ICLR2024", None, None),
        ("Accepted by TMLR", None, None),
        # Words that only contain one of ours.
        ("Temporal Reasoning 2024", None, None),
        ("Workshop on Behavioral Machine Learning 2024 Poster", "poster", "Poster"),
        ("NeurIPS 2024 Workshop on Moral Learning", None, None),
        ("Oral Health 2024 Poster", "poster", "Poster"),
    ],
)
def test_presentations_by_the_venues_text(venue: str, tier: str | None, written: str | None) -> None:
    assert of_venue(venue) == (tier, written)


@pytest.mark.parametrize(
    ("decision", "tier", "written"),
    [
        ("conferenceOral-iclr2013-conference", "oral", "conferenceOral-iclr2013-conference"),
        ("conferencePoster-iclr2013-workshop", "poster", "conferencePoster-iclr2013-workshop"),
        ("Accept (Oral)", "oral", "Oral"),
        ("Accept (Talk)", "oral", "Talk"),
        ("Accept (Spotlight)", "spotlight", "Spotlight"),
        ("Accept (spotlight poster)", "spotlight", "spotlight poster"),
        ("Accept (Contributed Talk)", "oral", "Contributed Talk"),
        ("Accept (Lightning Talk)", "spotlight", "Lightning Talk"),
        ("Accept as Oral Presentation", "oral", "Oral Presentation"),
        ("Accepted as a poster", "poster", "poster"),
        ("Accept: notable-top-5%", "oral", "notable-top-5%"),
        ("Accept: notable-top-25%", "spotlight", "notable-top-25%"),
        ("Accept: poster", "poster", "poster"),
        ("Accept (regular)", None, "regular"),
        ("Accept-Findings", None, "Findings"),
        ("Accept as is", None, None),
        ("Accept with minor revision", None, None),
        ("Accept", None, None),
        ("accept", None, None),
    ],
)
def test_presentations_by_the_decision(decision: str, tier: str | None, written: str | None) -> None:
    assert of_decision(decision) == (tier, written)


BLIND = "ICLR.cc/2022/Conference/-/Blind_Submission"


@pytest.mark.parametrize(
    ("made", "decision", "presentation", "withdrawn"),
    [
        # 2013: the submission says it itself; 2014 says that it does not.
        (
            v1(decision="conferencePoster-iclr2013-workshop"),
            "conferencePoster-iclr2013-workshop",
            "poster",
            0,
        ),
        (v1(decision="reject"), "reject", None, 0),
        (v1(decision="submitted, no decision"), None, None, 0),
        # v1: the venue id proves nothing, the venue's text does when it is not `Submitted`.
        (v1(venueid="ICLR.cc/2017/conference", venue="ICLR 2017 Poster"), "Accept (Poster)", "poster", 0),
        (v1(venueid="ICLR.cc/2017/conference", venue="Submitted to ICLR 2017"), None, None, 0),
        (
            v1(venueid="ICLR.cc/2017/conference", venue="ICLR 2017 Invite to Workshop"),
            "Invite to Workshop",
            None,
            0,
        ),
        (v1(BLIND, venueid="ICLR.cc/2022/Conference", venue="ICLR 2022 Submitted"), None, None, 0),
        (
            v1(BLIND, venueid="ICLR.cc/2023/TinyPapers", venue="Submitted to Tiny Papers @ ICLR 2023"),
            None,
            None,
            0,
        ),
        (v1(venueid="NeurIPS.cc/2022/Conference", venue="NeurIPS 2022 Accept"), "Accept", None, 0),
        (
            v1(
                venueid="NeurIPS.cc/2021/Track/Datasets_and_Benchmarks/Round1",
                venue="NeurIPS 2021 Datasets and Benchmarks Track (Round 1)",
            ),
            "Accept",
            None,
            0,
        ),
        # v1: what the note is now is its invitation, whatever its venue was.
        (
            v1(
                "ICLR.cc/2021/Conference/-/Withdrawn_Submission",
                venueid="ICLR.cc/2021/Conference",
                venue="ICLR 2021 Poster",
            ),
            "Withdrawn",
            None,
            1,
        ),
        (v1("ICLR.cc/2022/Conference/-/Withdrawn_Submission", venueid="", venue=""), "Withdrawn", None, 1),
        (
            v1("ICLR.cc/2022/Conference/-/Desk_Rejected_Submission", venueid="", venue=""),
            "Desk Reject",
            None,
            0,
        ),
        # v2: the last part of the venue id.
        (v2(venueid="ICLR.cc/2025/Conference", venue="ICLR 2025 Oral"), "Accept (Oral)", "oral", 0),
        (
            v2(venueid="ICML.cc/2025/Conference", venue="ICML 2025 spotlightposter"),
            "Accept (Spotlight)",
            "spotlight",
            0,
        ),
        (v2(venueid="ICML.cc/2023/Conference", venue="ICML 2023 OralPoster"), "Accept (Oral)", "oral", 0),
        (
            v2(venueid="ICLR.cc/2026/Conference", venue="ICLR 2026 ConditionalOral"),
            "Accept (Oral)",
            "oral",
            0,
        ),
        (v2(venueid="ICML.cc/2026/Conference", venue="ICML 2026 regular"), "Accept (Regular)", None, 0),
        (v2(venueid="EMNLP/2023/Conference", venue="EMNLP 2023 Findings"), "Accept (Findings)", None, 0),
        (v2(venueid="ICLR.cc/2024/BlogPosts", venue="BT@ICLR2024"), "Accept", None, 0),
        (
            v2(venueid="NeurIPS.cc/2025/Workshop_Mexico_City/ResponsibleFM", venue="ResponsibleFM"),
            "Accept",
            None,
            0,
        ),
        (
            v2(venueid="ICLR.cc/2025/Conference/Submission", venue="ICLR 2025 Conference Submission"),
            None,
            None,
            0,
        ),
        (
            v2(venueid="ICLR.cc/2025/Conference/Rejected_Submission", venue="Submitted to ICLR 2025"),
            "Reject",
            None,
            0,
        ),
        (v2(venueid="X.cc/2025/Workshop/Y/Rejected_Paper", venue="Submitted to Y 2025"), "Reject", None, 0),
        (
            v2(
                venueid="ICLR.cc/2025/Conference/Withdrawn_Submission",
                venue="ICLR 2025 Conference Withdrawn Submission",
            ),
            "Withdrawn",
            None,
            1,
        ),
        (v2(venueid="ICLR.cc/2025/Conference/Desk_Rejected_Submission"), "Desk Reject", None, 0),
        (v2(venueid="aclweb.org/ACL/ARR/2024/June", venue="ACL ARR 2024 June"), None, None, 0),
        (
            v2(venueid="aclweb.org/ACL/ARR/2024/June/Submission", venue="ACL ARR 2024 June Submission"),
            None,
            None,
            0,
        ),
        (v2(venueid="dblp.org/conf/ICLR/2020", venue="ICLR 2020"), None, None, 0),
        (v2(venueid="OpenReview.net/Archive", venue="ICML 2019"), None, None, 0),
        (v2(venueid="OpenReview.net/Anonymous_Preprint/2025", venue="Anonymous preprint"), None, None, 0),
        # Journals, by the states of their submissions.
        (v2(venueid="TMLR", venue="Accepted by TMLR"), "Accept", None, 0),
        (v2(venueid="DMLR", venue="Accepted by DMLR"), "Accept", None, 0),
        (
            v2(venueid="X.org/JXYZ", invitations=["X.org/JXYZ/-/Submission", "X.org/JXYZ/-/Accepted"]),
            "Accept",
            None,
            0,
        ),
        (v2(venueid="TMLR/Rejected", venue="Rejected by TMLR"), "Reject", None, 0),
        (v2(venueid="TMLR/Desk_Rejected", venue="Desk rejected by TMLR"), "Desk Reject", None, 0),
        (v2(venueid="TMLR/Withdrawn_Submission", venue="Withdrawn by Authors"), "Withdrawn", None, 1),
        (v2(venueid="TMLR/Retracted_Acceptance", venue="Retracted by Authors"), "Retracted", None, 1),
        (v2(venueid="TMLR/Under_Review", venue="Under review for TMLR"), None, None, 0),
        (v2(venueid="TMLR/Decision_Pending", venue="Decision pending for TMLR"), None, None, 0),
        (v2(venueid="TMLR/Submitted", venue="Submitted to TMLR"), None, None, 0),
        (v2(venueid="TMLR/Assigning_AE", venue="TMLR Assigning AE"), None, None, 0),
        (v2(venueid="TMLR/Assigned_AE", venue="TMLR Assigned AE"), None, None, 0),
        (
            v2(
                reply("TMLR/Paper7/-/Decision", recommendation="Accept as is", claims_and_evidence="Yes."),
                venueid="TMLR",
                venue="Accepted by TMLR",
            ),
            "Accept as is",
            None,
            0,
        ),
        (
            v2(
                reply("TMLR/Paper7/-/Decision", recommendation="Accept with minor revision"),
                venueid="TMLR/Decision_Pending",
            ),
            "Accept with minor revision",
            None,
            0,
        ),
        # A withdrawal that was reverted: the venue id is the state, the list of invitations the history.
        (
            v2(
                reply("ICLR.cc/2025/Conference/Submission7/-/Withdrawal", withdrawal_confirmation="I"),
                invitations=[
                    "ICLR.cc/2025/Conference/-/Submission",
                    "ICLR.cc/2025/Conference/-/Withdrawn_Submission",
                ],
                venueid="ICLR.cc/2025/Conference",
                venue="ICLR 2025 Poster",
            ),
            "Accept (Poster)",
            "poster",
            0,
        ),
        # The decision and the venue say each a part.
        (
            v2(
                reply("ICML.cc/2023/Conference/Submission7/-/Decision", decision="Accept"),
                venueid="ICML.cc/2023/Conference",
                venue="ICML 2023 OralPoster",
            ),
            "Accept",
            "oral",
            0,
        ),
        (
            v2(
                reply("X.cc/2024/Workshop/Y/Submission7/-/Decision", **{"Acceptance Decision": "Poster"}),
                venueid="X.cc/2024/Workshop/Y",
            ),
            "Poster",
            "poster",
            0,
        ),
        # An area chair's number is no decision.
        (
            v2(
                reply("X/Submission7/-/Meta_Review", recommendation="4"),
                venueid="X/2024/Conference/Submission",
            ),
            None,
            None,
            0,
        ),
    ],
)
def test_what_became_of_a_paper(
    made: dict[str, Any], decision: str | None, presentation: str | None, withdrawn: int
) -> None:
    record = note_record(made)
    assert (record.get("decision"), record.get("presentation")) == (decision, presentation)
    assert record["withdrawn"] is bool(withdrawn)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"rating": "6: Weak Accept"}, "6"),
        ({"rating": 8}, "8"),
        ({"recommendation": "6: marginally above the acceptance threshold"}, "6"),
        ({"overall_recommendation": 4}, "4"),
        ({"overall_assessment": "3.5"}, "3.5"),
        ({"overall_assessment": 4.5}, "4.5"),
        ({"overall": 4}, "4"),
        ({"Overall Score": "7"}, "7"),
        ({"overall_rating": "3 - accept"}, "3"),
        ({"overall_evaluation": "2: accept"}, "2"),
        ({"overall_quality": "4"}, "4"),
        ({"Q6_Overall_Score": "7: Accept"}, "7"),
        ({"evaluation": "3: Good"}, "3"),
        ({"score": "-1"}, "-1"),
        ({"preliminary_rating": "2", "final_rating": "4"}, "4"),
        ({"preliminary_rating": "2: weak reject"}, "2"),
        ({"overall_rating_of_the_paper": "5"}, "5"),
        ({"recommendation": "Strong Accept"}, "Strong Accept"),
        (
            {"soundness": "3 good", "presentation": "3 good", "contribution": "2 fair", "confidence": "4"},
            None,
        ),
        ({"excitement": 4, "reproducibility": 3, "overall_confidence": 5}, None),
        ({"overall_comments": "9 of 10 claims hold"}, None),
        ({"rating": "", "overall": None, "score": True}, None),
        ({"evaluation": "The authors " + "very " * 30}, None),
    ],
)
def test_ratings_under_every_name(fields: dict[str, Any], expected: str | None) -> None:
    review = {"id": "r", "invitation": "V/Submission1/-/Official_Review", "content": fields}
    record = note_record(v1(replies=[review]))
    assert record["ratings"] == ([expected] if expected else None)


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        ("Agents4Science/2025/Conference/Submission1/-/Official_Review", True),
        ("ICLR.cc/2017/conference/-/paper1/official/review", True),
        ("V/Paper1/-/Peer_Review", True),
        ("V/Paper1/-/Meta_Review", False),
        ("V/Paper1/-/Ethics_Review", False),
        ("V/Paper1/-/Reproducibility_Official_Review", False),
        ("V/Paper1/-/Public_Comment", False),
        ("TMLR/Paper1/-/Official_Recommendation", False),
    ],
)
def test_whose_rating_counts(kind: str, counts: bool) -> None:
    said = {"id": "r", "invitation": kind, "content": {"rating": "5"}}
    assert note_record(v1(replies=[said]))["ratings"] == (["5"] if counts else None)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (["A B", "C D", "and E F"], ["A B", "C D", "E F"]),
        (["A B and C D"], ["A B", "C D"]),
        (["A B, C D, and E F"], ["A B", "C D", "E F"]),
        (["A B & C D"], ["A B", "C D"]),
        ("A B, C D and E F", ["A B", "C D", "E F"]),
        ("A B; C D", ["A B", "C D"]),
        (["Doe, Jane"], ["Doe, Jane"]),
        (["Andrea Sand", "Alexander Anderson"], ["Andrea Sand", "Alexander Anderson"]),
        ([{"fullname": "Simon and Schuster"}], ["Simon and Schuster"]),
    ],
)
def test_authors_however_they_were_typed(written: object, names: list[str]) -> None:
    assert note_record(v1(authors=written))["authors"] == names
