from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.columns import CHECKS, LINKS, TABLES, Column, Table
from scraper.errors import SnapshotError
from scraper.model import Mention
from scraper.records import clean
from scraper.snapshots.frames import exact, frame, read_table
from scraper.snapshots.mentions import mention_rows
from scraper.snapshots.reading import read_chunks
from scraper.snapshots.tables import chunks, safe_for_spreadsheets, write_csv

HARD = [
    "NA",
    "None",
    "null",
    "nan",
    "NaN",
    "1e5",
    "00123",
    "TRUE",
    "-",
    "=1+1",
    '"',
    "a,b",
    "a\nb",
    " x ",
    "é",
    "#",
]


def csv(table: Table, rows: list[dict[str, Any]], size: int = 50_000) -> bytes:
    buffer = io.BytesIO()
    write_csv(buffer, table, chunks(table, rows, size))
    return buffer.getvalue()


def by_pandas(table: Table, rows: list[dict[str, Any]]) -> bytes:
    """The same by another writer."""
    made = frame(table, rows)
    truths = [column.name for column in table.columns if column.type == "boolean"]
    words = {name: made[name].map({True: "TRUE", False: "FALSE"}, na_action="ignore") for name in truths}
    return made.assign(**words).to_csv(index=False, lineterminator="\n").encode()


def back(path: Path, table: Table, content: bytes) -> list[dict[str, Any]]:
    path.write_bytes(content)
    found = read_table(path, table)
    return [
        {str(name): None if value is pd.NA else value for name, value in row.items()}
        for row in found.to_dict("records")
    ]


def cells(column: Column) -> st.SearchStrategy[Any]:
    text = st.text(max_size=8) | st.sampled_from(HARD)
    return st.none() | {
        "integer": st.integers(-(2**63), 2**63 - 1),
        "number": st.floats(allow_nan=False, allow_infinity=False),
        "boolean": st.booleans(),
        "list": st.lists(st.sampled_from(["a", "b, c", "NA"]), min_size=1, max_size=3),
    }.get(column.type, text)


def expected(column: Column, value: Any) -> Any:
    if isinstance(value, str):
        return clean(value) or None
    return "; ".join(value) if isinstance(value, list) else value


SMALL = Table(
    "small",
    "",
    tuple(Column(kind, kind, "") for kind in ("string", "integer", "number", "boolean", "list")),
    (),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*(cells(column) for column in SMALL.columns)), max_size=5))
def test_what_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[Any, ...]]
) -> None:
    rows = [dict(zip((column.name for column in SMALL.columns), row, strict=True)) for row in values]
    path = tmp_path_factory.mktemp("round") / "small.csv"
    wanted = [{column.name: expected(column, row[column.name]) for column in SMALL.columns} for row in rows]
    assert back(path, SMALL, csv(SMALL, rows)) == wanted
    assert csv(SMALL, rows) == by_pandas(SMALL, rows)


@pytest.mark.parametrize("written", ["TRUE", "True", "true"])
def test_truths_are_written_for_everybody_and_read_as_all_write_them(tmp_path: Path, written: str) -> None:
    content = csv(LINKS, [{"target": "a", "archived": True}, {"target": "b", "archived": False}])
    assert content.count(b"TRUE") == content.count(b"FALSE") == 1
    content = content.replace(b"TRUE", written.encode())
    assert [row["archived"] for row in back(tmp_path / "links.csv", LINKS, content)] == [True, False]


@pytest.mark.parametrize("title", HARD)
def test_hard_titles_come_back_unchanged(tmp_path: Path, title: str) -> None:
    content = csv(LINKS, [{"target": "openreview:x", "title": title}])
    assert back(tmp_path / "links.csv", LINKS, content)[0]["title"] == title


def test_chunks_make_the_same_bytes_as_one_frame(tmp_path: Path) -> None:
    rows = [{"target": f"web:{number:03}", "http_status": 200, "requests": 0.5} for number in range(100)]
    assert csv(CHECKS, rows, size=7) == csv(CHECKS, rows) == csv(CHECKS, rows, size=100)
    assert len(back(tmp_path / "checks.csv", CHECKS, csv(CHECKS, rows))) == 100


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_table_without_rows_is_its_header(tmp_path: Path, table: Table) -> None:
    content = csv(table, [])
    assert content.decode() == ",".join(column.name for column in table.columns) + "\n"
    assert back(tmp_path / "x.csv", table, content) == []


def test_the_form_of_the_file() -> None:
    rows = [{"target": "web:https://a/", "confirmed_dead": True, "http_status": 404, "rating_mean": 6.67}]
    rows += [{"target": "web:https://b/", "authors": ["A", "B; C"], "title": "x\r\ny\0"}]
    header, *lines = csv(LINKS, rows).decode().split("\n", 2)
    assert header.startswith("target,url,site,kind,health,")
    assert lines[0].startswith("web:https://a/,,,,,,TRUE,404,")
    assert ',"x\ny",,A; B, C' in lines[1].replace('"A; B, C"', "A; B, C")


def test_types_are_nullable() -> None:
    found = frame(LINKS, [{"target": "a", "stars": None}, {"target": "b", "stars": 2**60}])
    assert str(found["stars"].dtype) == "Int64"
    assert found["stars"].sum() == 2**60
    assert [str(found[name].dtype) for name in ("rating_mean", "archived", "title", "first_seen")] == [
        "Float64",
        "boolean",
        "string",
        "string",
    ]


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("0001-01-01T00:00:00Z", 1),
        ("1665-03-06T00:00:00Z", 1665),  # the first volume of the Philosophical Transactions has DOIs
        ("2026-11-23T07:00:00", 2026),
        ("2026-11-23", 2026),
        ("9999-12-31T23:59:59Z", 9999),
    ],
)
def test_a_time_of_any_year_is_itself_in_a_frame(written: str, year: int) -> None:
    made = exact(LINKS, frame(LINKS, [{"target": "a", "published_at": written}, {"target": "b"}]))
    first, second = made["published_at"]
    assert (first.year, first.isoformat()[:10], str(first.tz)) == (year, written[:10], "UTC")
    assert pd.isna(second)
    assert {str(made[name].dtype) for name in ("published_at", "created_at")} == {"datetime64[us, UTC]"}


def test_a_time_before_all_time_is_told_in_one_line(tmp_path: Path) -> None:
    content = csv(LINKS, [{"target": "a", "created_at": "0001-01-01T00:00:00+09:00"}])
    with pytest.raises(SnapshotError, match="'created_at' holds something that is no datetime"):
        back(tmp_path / "links.csv", LINKS, content)


def test_crlf_and_a_byte_order_mark_are_accepted(tmp_path: Path) -> None:
    content = csv(CHECKS, [{"target": "web:a", "attempts": 3}]).replace(b"\n", b"\r\n")
    rows = back(tmp_path / "checks.csv", CHECKS, b"\xef\xbb\xbf" + content)
    assert (rows[0]["target"], rows[0]["attempts"], rows[0]["requests"]) == ("web:a", 3, None)


def test_newer_columns_may_lack_and_unknown_ones_are_left_out(tmp_path: Path) -> None:
    columns = [column.name for column in CHECKS.columns]
    lines = [",".join([*columns[:-1], "colour"]), ",".join(["web:a"] + [""] * (len(columns) - 2) + ["red"])]
    rows = back(tmp_path / "checks.csv", CHECKS, "\n".join(lines).encode())
    assert rows == [dict.fromkeys(columns) | {"target": "web:a"}]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a whole CSV file"),
        (b"target,reason\nweb:a,ok\n", "the column 'checked_at' is missing"),
        (b"colour\nred\n", "the column 'target' is missing"),
        (b"target,checked_at\nweb:a,b,c\n", "more fields than its header"),
        (b"target,checked_at\nweb:a,b\nweb:a\n", "not a whole CSV file .the row of 'web:a' has fewer fields"),
        (b"target,checked_at\n\xff\xfe,b\n", "not UTF-8"),
        (b'target,checked_at\n"web:a\n', "not a whole CSV file"),
        (
            csv(CHECKS, [{"target": "a", "attempts": 3}]).replace(b"3", b"three"),
            "'attempts' holds something that",
        ),
        (
            csv(LINKS, [{"target": "a", "archived": True}]).replace(b"TRUE", b"maybe"),
            "'archived' holds something that",
        ),
    ],
)
def test_other_shapes_are_refused_in_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    table = LINKS if b"archived" in content else CHECKS
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(SnapshotError, match=message) as caught:
        read_table(path, table)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_missing_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="cannot be read: No such file"):
        read_table(tmp_path / "links.csv", LINKS)


def test_some_columns_alone(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_bytes(csv(LINKS, [{"target": "a", "stars": 3}]))
    taken = list(read_chunks(path, LINKS, ("stars", "target")))
    assert [list(chunk) for chunk in taken] == [["target", "stars"]]


FORMULAS = ["=HYPERLINK(1)", "+1", "-1", "@SUM", "\tx", "\nx", "＝1", "＋1", "－1", "＠x"]


def test_formulas_are_text_to_a_spreadsheet_where_it_is_asked_for(tmp_path: Path) -> None:
    texts = [*FORMULAS, "a=b"]
    rows = [{"target": f"t{number:02}", "title": text, "stars": -1} for number, text in enumerate(texts)]
    buffer = io.BytesIO()
    write_csv(buffer, LINKS, chunks(LINKS, rows), guarded=True)
    safe = back(tmp_path / "links.csv", LINKS, buffer.getvalue())
    assert [row["title"] for row in safe] == [f"'{text}" for text in FORMULAS] + ["a=b"]
    assert all(row["abstract"] is None and row["stars"] == -1 for row in safe)
    assert [row["title"] for row in back(tmp_path / "links.csv", LINKS, csv(LINKS, rows))] == texts


@pytest.mark.parametrize(
    "text", [*FORMULAS, " =1", "a;=1", "a; -1", "\x07a", "a\u202eb", "=", "naïve", "a=b"]
)
def test_a_column_is_guarded_as_its_cells_are(tmp_path: Path, text: str) -> None:
    rows = [{"target": f"t{number}", "title": title} for number, title in enumerate(["a", text, None, "b"])]
    buffer = io.BytesIO()
    write_csv(buffer, LINKS, chunks(LINKS, rows), guarded=True)
    titles = [row["title"] for row in back(tmp_path / "links.csv", LINKS, buffer.getvalue())]
    assert titles == ["a", safe_for_spreadsheets(text), None, "b"]


def test_mentions_in_reading_order() -> None:
    wrapped = "https://web.archive.org/web/20220926095407/https://a/"
    mention = Mention(3, 2, "Title", "text", wrapped, "https://a/", "20220926095407", "web", "web:https://a/")
    assert list(mention_rows([mention])) == [
        {
            "line": 3,
            "section_number": 2,
            "section_title": "Title",
            "text": "text",
            "href": wrapped,
            "url": "https://a/",
            "archived_at": "2022-09-26T09:54:07Z",
            "site": "web",
            "target": "web:https://a/",
        }
    ]
