"""The Wayback Machine's faces have the shapes that were seen of the real ones."""

from __future__ import annotations

import json
import re

import pytest
from sandbox_visitor import Visitor

WEB, STAMP = "https://web.archive.org/web", "20220926095407"
FORUM = "https://openreview.net/forum?id=BJgnXpVYwS"


def test_availability_tells_the_closest_copy(running: Visitor) -> None:
    body = running.json(f"https://archive.org/wayback/available?url={FORUM}&timestamp=2022")
    closest = body["archived_snapshots"]["closest"]
    assert closest["available"] is True and closest["status"] == "200" and closest["timestamp"] == STAMP
    assert closest["url"] == f"http://web.archive.org/web/{STAMP}/{FORUM}"
    newest = running.json(f"https://archive.org/wayback/available?url={FORUM}")
    assert newest["archived_snapshots"]["closest"]["timestamp"] == "20251015083000"
    none = running.json("https://archive.org/wayback/available?url=https://nobody.example/")
    assert none == {"url": "https://nobody.example/", "archived_snapshots": {}}


def test_the_index_is_a_table_with_its_names_first(running: Visitor) -> None:
    base = f"https://web.archive.org/cdx/search/cdx?output=json&url={FORUM}"
    names, *rows = running.json(base)
    assert names == ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
    assert [row[1] for row in rows] == [STAMP, "20240615120000", "20251015083000"]
    assert rows[0][0] == "net,openreview)/forum?id=bjgnxpvyws"
    assert [row[0] for row in running.json(f"{base}&fl=timestamp&limit=-1")[1:]] == ["20251015083000"]
    assert [row[0] for row in running.json(f"{base}&fl=timestamp&from=2023&to=2024")[1:]] == [
        "20240615120000"
    ]
    nearest = running.json(f"{base}&fl=timestamp&sort=closest&closest=20250101&limit=1")
    assert nearest[1:] == [["20240615120000"]]
    assert running.json("https://web.archive.org/cdx/search/cdx?output=json&url=nobody.example") == []


def test_a_memento_of_2022_has_its_record_in_next_data(running: Visitor) -> None:
    reply = running.ask(f"{WEB}/{STAMP}id_/{FORUM}")
    assert reply.status_code == 200
    assert reply.headers["memento-datetime"] == "Mon, 26 Sep 2022 09:54:07 GMT"
    assert f'<{FORUM}>; rel="original"' in reply.headers["link"]
    assert reply.headers["x-archive-orig-content-type"] == "text/html; charset=utf-8"
    script = re.search(r'<script id="__NEXT_DATA__" type="application/json">(.*?)</script>', reply.text)
    assert script
    note = json.loads(script[1])["props"]["pageProps"]["forumNote"]
    assert note["id"] == "BJgnXpVYwS" and note["content"]["abstract"].startswith("Sandbox abstract")
    assert "citation_abstract" not in reply.text


@pytest.mark.parametrize(("stamp", "next_data"), [("20240615120000", True), ("20251015083000", False)])
def test_later_mementos_have_citation_tags(running: Visitor, stamp: str, next_data: bool) -> None:
    page = running.ask(f"{WEB}/{stamp}id_/{FORUM}").text
    assert '<meta name="citation_abstract" content="Sandbox abstract' in page
    assert ("__NEXT_DATA__" in page) is next_data


def test_without_id_the_page_is_dressed(running: Visitor) -> None:
    page = running.ask(f"{WEB}/{STAMP}/{FORUM}").text
    assert "BEGIN WAYBACK TOOLBAR INSERT" in page
    assert f'href="/web/{STAMP}/https://openreview.net/pdf?id=BJgnXpVYwS"' in page


def test_another_time_redirects_to_the_closest_copy(running: Visitor) -> None:
    for asked, found in {
        f"{WEB}/2022/{FORUM}": f"{WEB}/{STAMP}/{FORUM}",
        f"{WEB}/20241231id_/{FORUM}": f"{WEB}/20240615120000id_/{FORUM}",
        f"{WEB}/{FORUM}": f"{WEB}/20251015083000/{FORUM}",
    }.items():
        reply = running.ask(asked)
        assert (reply.status_code, reply.headers["location"]) == (302, found)


def test_what_is_not_archived_is_404(running: Visitor) -> None:
    reply = running.ask(f"{WEB}/{STAMP}/https://nobody.example/")
    assert reply.status_code == 404 and "has not archived that URL" in reply.text


def test_scheme_and_www_do_not_matter_and_pages_can_be_archived(visitor: Visitor) -> None:
    visitor.sandbox.world.archive("https://www.a.example/page/1", "20200102030405")
    assert visitor.ask(f"{WEB}/20200102030405id_/http://a.example/page/1").status_code == 200
    visitor.sandbox.world.faults.add("archive_without")
    assert visitor.ask(f"{WEB}/20200102030405id_/http://a.example/page/1").status_code == 404


def test_the_newest_copy_may_be_a_challenge(visitor: Visitor) -> None:
    visitor.sandbox.world.faults.add("archive_captured_challenge")
    body = visitor.json(f"https://archive.org/wayback/available?url={FORUM}")
    closest = body["archived_snapshots"]["closest"]
    assert (closest["timestamp"], closest["status"]) == ("20260815040404", "307")
    base = f"https://web.archive.org/cdx/search/cdx?output=json&fl=timestamp&url={FORUM}"
    assert len(visitor.json(base)) == 5 and len(visitor.json(f"{base}&filter=statuscode:200")) == 4
    assert len(visitor.json(f"{base}&filter=!statuscode:200")) == 2
    reply = visitor.ask(f"{WEB}/20260815040404id_/{FORUM}")
    assert reply.status_code == 307
    assert "Verifying your browser | OpenReview" in visitor.ask(reply.headers["location"]).text


def test_the_archive_may_be_down_or_tired(visitor: Visitor) -> None:
    visitor.sandbox.world.faults.add("archive_limited")
    assert visitor.ask(f"{WEB}/{STAMP}id_/{FORUM}").headers["retry-after"] == "60"
    visitor.sandbox.world.faults.add("archive_down")
    assert visitor.ask(f"https://archive.org/wayback/available?url={FORUM}").status_code == 503
