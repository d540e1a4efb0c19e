"""Mojibake: damaged text is repaired, clean text is never touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.articles.mojibake import repair

DROPPED = b"\x81\x8d\x8f\x90\x9d\xad"
CLEAN = (
    "Überraschung: 论文与代码 — « déjà vu » ελληνικά, русский текст, 日本語の論文, “quotes”, naïve façade…"
)


def damage(text: str, drop: bytes = b"") -> str:
    """The text as UTF-8, with some bytes dropped, read as cp1252 (undefined bytes as C1 controls)."""
    kept = bytes(byte for byte in text.encode() if byte not in drop)
    return "".join(bytes([byte]).decode("cp1252") if byte not in DROPPED[:5] else chr(byte) for byte in kept)


@pytest.fixture
def raw(shared: Path) -> str:
    return (shared / "iclr-2020-deep-learning.md").read_bytes().decode()


def test_the_first_article(raw: str) -> None:
    text, repaired, lost = repair(raw)
    assert (repaired, lost) == (1632, 306)
    assert text.count("\ufffd") == lost
    # Measured over the whole text: 13,896 of 14,202 characters are as they were meant.
    assert 1 - lost / len(text) >= 0.978
    assert text.count("\n") == raw.count("\n")


def test_the_first_article_against_its_clean_headings(raw: str, shared: Path) -> None:
    lines = repair(raw).text.split("\n")
    headings = json.loads((shared / "seed_truth.json").read_text())["headings"]
    pairs = [pair for one in headings for pair in zip(lines[one["line"] - 1], one["raw_clean"], strict=True)]
    assert len(pairs) == 482
    assert sum(got == meant for got, meant in pairs) == 427
    assert all(got in {meant, "\ufffd"} for got, meant in pairs), "no character is ever guessed wrongly"


def test_real_clean_text_comes_back_as_the_same_object(shared: Path) -> None:
    truth = json.loads((shared / "seed_truth.json").read_text())
    chinese = [one["raw_clean"] for one in truth["headings"]] + [one["text_clean"] for one in truth["links"]]
    records = json.loads((shared / "openreview_v1_notes_iclr2020_687.json").read_text())
    for clean in ("\n".join(chinese), json.dumps(records, ensure_ascii=False)):
        assert repair(clean).text is clean


LETTERS = (
    "àâæçéèêëîïôœùûüÿ",
    "ãâáàçéêíõôóú",
    "ăâđêôơưạảấầậẩẫắằặẻẽếềểịọ",
    "çğıöşüâîû",
    "äöüßåæø",
    "áéíóúñ",
    "ąćęłńśźż",
    "čďěňřšťůžý",
    "абвгдёїє",
    "αβγδεάέή",
    "论文代码",
    "日本語のカナ",
)
ENDINGS = (
    "{}",
    "“{}”",
    "«{}»",
    "«\u00a0{}\u00a0»",
    "„{}“",
    "{}…",
    "{}–",
    "{}™",
    "{}²",
    "‘{}’",
    "{}\u00a0:",
    "{} …",
)


@given(
    st.sampled_from(LETTERS).flatmap(
        lambda letters: st.lists(st.text(f"{letters}abcxyz", min_size=2, max_size=9), min_size=1)
    ),
    st.sampled_from((str.lower, str.upper, str.capitalize)),
    st.sampled_from(ENDINGS),
)
def test_words_of_any_language_are_never_altered(
    words: list[str], cased: Callable[[str], str], ending: str
) -> None:
    text = " ".join(ending.format(cased(word)) for word in words)
    assert repair(text) == (text, 0, 0)


@pytest.mark.parametrize(
    "text",
    [
        CLEAN,
        CLEAN * 30,
        "“Ä” – „Ö“ … ‚ü‘ " * 40,
        "Èœa ÆŸÆŸ “ÆŸÆ” “ææ” «éé» ‘íí’…",
        "“Zitat” – çà et là, où l'été s'achève… " * 40,
        "Il compare la 3e à\u00a0«\u00a0la 4e\u00a0» – «\u00a0âpre\u00a0».",
        "“NÃO”, “AMANHÔ, «IRMû, MAÇÃ… ROMÃ – SÃO PAULO™",
        "ÚŽASNÝ ŠABLONOVÉ–ŠABLONOVÉ, Žádné–Žádné",
        "The string `Ã©` is what became of é.",
        "é appears as Ã© in the output",
        "<code>â€™</code> and <kbd>Ã¼</kbd>",
        "\x80\x9f\xa0\xff" * 50,
    ],
)
def test_sound_text_is_never_altered(text: str) -> None:
    assert repair(text) == (text, 0, 0)


@pytest.mark.parametrize(
    "meant",
    [
        "a café",
        "Schrödinger’s naïve “quoted” — and …",
        "论文",
        "深度学习的论文与代码 (code)",
        "日本語の論文",
        "한국어 논문",
        "Привет, мир",
        "Zürich, São Paulo, Łódź, Đà Nẵng",
        "Ĝis revido, Şənbə, Opțiuni",
        "🎉 released 😀",
        "20 °C, 5\u00a0€, © 2020",
        "https://de.wikipedia.org/wiki/Künstliche_Intelligenz",
        "e\u00a0mail",
    ],
)
def test_a_damaged_line_of_a_sound_text(meant: str) -> None:
    sound = "# Überblick\n\nÀ côté, là-bas, in Köln: «\u00a0été\u00a0».\n"
    got, repaired, lost = repair(sound + damage(meant))
    assert (got, lost) == (sound + meant, 0)
    assert repaired == sum(1 for one in meant if one > "\x7f")


def test_a_line_may_be_damaged_in_part_and_twice() -> None:
    assert (
        repair("Ein früher Überblick und das spÃ¤tere Ende").text
        == "Ein früher Überblick und das spätere Ende"
    )
    assert repair(f"in {damage(damage('Köln'))} don{damage(damage('’'))}t").text == "in Köln don’t"
    assert repair("Ã©" * 19) == ("é" * 19, 19, 0)


def test_what_was_lost_between_two_characters_is_one_replacement_character() -> None:
    assert repair(damage("深度学习", DROPPED)) == ("深度\ufffd习", 3, 1)


@given(st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]), max_size=200))
def test_what_is_whole_comes_back_whole(text: str) -> None:
    meant = CLEAN + text
    assert repair(damage(meant)).text == meant


@given(st.text(st.sampled_from("论文代码 abc\n神经网络学习理解Ωжé"), min_size=40, max_size=200))
def test_a_lost_character_is_one_replacement_character(text: str) -> None:
    meant = CLEAN * 3 + text
    got, repaired, lost = repair(damage(meant, DROPPED))
    assert len(got) == len(meant)
    assert all(one in {other, "\ufffd"} for one, other in zip(got, meant, strict=True))
    assert lost == got.count("\ufffd")
    assert repaired + lost == sum(1 for one in meant if one > "\x7f")


def test_non_breaking_blanks_and_next_line_are_parts_of_characters() -> None:
    # U+00A0 is the last byte of "à", U+0085 that of "Å": stripping or splitting first would lose both.
    meant = "à Å " * 30
    assert "\u00a0" in damage(meant)
    assert repair(damage(meant)).text == meant


def test_text_that_was_typed_after_the_damage_stays() -> None:
    meant = CLEAN * 3
    assert repair(f"{damage(meant)} → 新") == (f"{meant} → 新", *repair(damage(meant))[1:])


def test_latin1_instead_of_cp1252() -> None:
    assert repair((CLEAN * 2).encode().decode("latin-1")).text == CLEAN * 2


JAPANESE = (
    "これは日本語で書かれた論文の一覧です。新しい手法を提案し、実験により有効性を示した。リンク切れを調べる。"
)


def test_japanese_that_lost_bytes_is_repaired_where_it_can_be() -> None:
    meant = JAPANESE * 4
    got, repaired, lost = repair(damage(meant, DROPPED))
    assert len(got) == len(meant)
    assert all(one in {other, "\ufffd"} for one, other in zip(got, meant, strict=True))
    assert repaired + lost == sum(1 for one in meant if one > "\x7f")
    assert repaired > 40
