"""Wrong types everywhere in the answers of every service: no reader raises."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz import fuzz, listen
from memories import Memories

from scraper.model import Answer
from scraper.settings import Settings
from scraper.sites import KINDS, sites
from scraper.sites.identity import identify
from scraper.sites.openreview.notes import note_record

INPUTS = 12_000

BRACKET = "http://["


@pytest.mark.long
def test_no_answer_makes_a_reader_raise(tmp_path: Path) -> None:
    heard = listen(tmp_path)
    asked = {one.question.site for one in heard}
    assert asked >= {kind.name for kind in KINDS if kind.make and kind.make(Settings(), Memories())}
    assert [(fault.site, fault.step, fault.where) for fault in fuzz(heard, INPUTS)] == []


@pytest.mark.parametrize(
    ("link", "status"),
    [
        ("https://zenodo.org/records/990001", 302),
        ("https://huggingface.co/sandbox/tiny-model", 307),
        ("https://drive.google.com/file/d/1aBcDeFgHiJkLmNoPqRsTuVwXyZ012345/view", 200),
    ],
)
def test_an_address_that_is_none_does_not_make_a_reader_raise(link: str, status: int) -> None:
    target = identify(link)
    site = sites(Settings(), Memories())[target.site]
    [question] = site.ask([target])
    reading = site.read(question, Answer(link, BRACKET, status, {"location": BRACKET}, b"<title>x</title>"))
    assert reading.findings or reading.questions


def test_a_note_named_by_half_a_character_is_read() -> None:
    note = {"id": "\ud800", "content": {"title": "A title", "pdf": "/pdf/x.pdf"}}
    assert note_record(note)["pdf_url"] == "https://openreview.net/pdf?id=%EF%BF%BD"
