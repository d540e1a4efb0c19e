"""Each file is read by its own format's parser, of ordinary editions and of one that means harm."""

from __future__ import annotations

import csv
import io
import json
import re
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from lxml import etree
from markdown_it import MarkdownIt
from report_editions import empty, first_run, hostile, large, small, summary
from report_facts import NASTY

from scraper import columns
from scraper.errors import NotPublished
from scraper.reports.badge import badge_json
from scraper.reports.charts import charts, trend
from scraper.reports.feed import ENTRIES, changes_atom
from scraper.reports.html import index_html, report_html, sparkline
from scraper.reports.junit import junit_xml
from scraper.reports.markdown import ISSUE_LIMIT, summary_markdown
from scraper.reports.model import Edition
from scraper.reports.text import slug
from scraper.reports.write import write_index, write_reports

EDITIONS = {"small": small(), "first": first_run(), "empty": empty(), "hostile": hostile()}
NAMES = ["report.html", "summary.md", "links.csv", "papers.csv", "junit.xml", "badge.json", "changes.atom"]
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(params=EDITIONS)
def edition(request: pytest.FixtureRequest) -> Edition:
    return EDITIONS[request.param]


def found(node: Any, path: str) -> Any:
    """What XPath finds: elements, attributes or text, as the path asks."""
    return node.xpath(path)


def page_of(edition: Edition) -> Any:
    return lxml.html.document_fromstring(report_html(edition))


def test_seven_files_are_written_and_the_same_edition_gives_the_same_bytes(
    edition: Edition, tmp_path: Path
) -> None:
    paths = write_reports(edition, tmp_path / "reports" / "one")
    assert [path.name for path in paths] == NAMES
    before = [path.read_bytes() for path in paths]
    write_reports(edition, tmp_path / "reports" / "one")
    assert [path.read_bytes() for path in paths] == before
    assert sorted(path.name for path in paths[0].parent.iterdir()) == sorted(NAMES)


def test_a_disk_that_refuses_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file where the folder should be")
    with pytest.raises(NotPublished, match="reports"):
        write_reports(small(), tmp_path / "reports" / "one")


def test_nothing_steers_a_reader_in_any_file(tmp_path: Path) -> None:
    for path in write_reports(hostile(), tmp_path):
        if path.suffix != ".csv":
            assert not CONTROLS.search(path.read_text(encoding="utf-8")), path.name


def test_the_page_holds_only_its_own_elements_and_links(edition: Edition) -> None:
    page = page_of(edition)
    assert not found(page, "//img | //iframe | //object | //embed | //base | //link")
    assert len(found(page, "//script")) == 1
    assert not found(page, "//@*[starts-with(name(), 'on')] | //@style | //@src")
    for address in found(page, "//a/@href"):
        assert re.match(r"https?://[^\s\"'<>]+$|#|[a-z]+\.[a-z]+$", address), address
    for anchor in found(page, "//a[starts-with(@href, 'http')]"):
        assert set(anchor.get("rel").split()) == {"noreferrer", "nofollow"}


def test_the_policy_names_the_style_and_the_script_by_their_hashes(edition: Edition) -> None:
    page = page_of(edition)
    (policy,) = found(page, "//meta[@http-equiv='Content-Security-Policy']/@content")
    for tag in ("style", "script"):
        (text,) = found(page, f"//{tag}/text()")
        assert f"{tag}-src 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_ids_are_unique_and_every_link_inside_the_page_arrives(edition: Edition) -> None:
    page = page_of(edition)
    ids = found(page, "//@id")
    assert len(ids) == len(set(ids))
    inside = {address[1:] for address in found(page, "//a/@href | //use/@href") if address.startswith("#")}
    gone = {slug(change.target) for change in edition.changes if change.kind == "removed"}
    assert {address for address in inside if "=" not in address} - gone <= set(ids)


def test_hostile_text_is_shown_as_it_was_written() -> None:
    shown = found(page_of(hostile()), "string(//table[contains(@class, 'links')])")
    assert "<script>alert(1)</script>" in shown
    assert "{{7*7}}{% raw %}${7*7}" in shown


def test_every_link_is_in_the_table_with_its_reason_and_history() -> None:
    page = page_of(small())
    rows = found(page, "//table[contains(@class, 'links')]/tbody/tr")
    assert len(rows) == 36
    row = page.get_element_by_id("github:lottery-ticket/rewinding-iclr20-public")
    assert "Not found (404)" in row.text_content()
    assert found(row, ".//a[@class='self']/@href") == ["#github:lottery-ticket/rewinding-iclr20-public"]
    assert found(row, ".//svg/@aria-label") == ["11 alive, then 1 broken"]
    assert "stale" in row.text_content()
    assert not found(page, "//script[@type]")


def test_a_sandbox_is_said_loudly_everywhere() -> None:
    edition = replace(small(), sandbox=True)
    assert found(page_of(edition), "//aside[@class='sandbox']")
    assert not found(page_of(small()), "//aside[@class='sandbox']")
    assert "SANDBOX" in summary_markdown(edition)
    assert "sandbox" in json.loads(badge_json(edition))["label"]
    assert b"(sandbox)" in changes_atom(edition)
    assert "Sandbox" in index_html([summary(edition)])


def test_a_thousand_links_stay_under_a_megabyte() -> None:
    page = report_html(large(1_000))
    assert len(page.encode()) < 1_000_000
    assert len(found(lxml.html.document_fromstring(page), "//table[@class='links']/tbody/tr")) == 1_000


def test_an_abstract_of_five_megabytes_is_cut() -> None:
    assert len(report_html(hostile())) < 400_000


def test_charts_are_drawn_in_the_colours_of_the_page_and_said_in_words() -> None:
    page = page_of(small())
    names = found(page, "//figure/@id")
    assert names == ["chart-runs", "chart-sites", "chart-licences", "chart-commits"]
    assert found(page, "//figure//rect[not(@class)]") == []
    (runs,) = found(page, "//figure[@id='chart-runs']//svg")
    assert "23 Nov 2026: 3 broken, 1 failing, 2 moved, 2 blocked, 1 unverified" in runs.get("aria-label")
    assert len(found(runs, "./g/title")) == 12
    assert found(page, "string(//figure[@id='chart-licences']//tr[1])").split() == ["Apache-2.03"]


def test_a_chart_without_something_to_show_is_left_out() -> None:
    assert trend(first_run()) is None
    assert [chart.name for chart in charts(first_run())] == ["sites", "licences", "commits"]
    assert charts(empty()) == []


def test_the_parts_of_a_bar_add_up() -> None:
    drawn = trend(small())
    assert drawn is not None
    assert drawn.title == "9 links not alive, up from 2 on 7 Sep 2026"
    fullest = max(drawn.columns, key=lambda column: sum(part.length for part in column.parts))
    assert sum(part.length for part in fullest.parts) == pytest.approx(100, abs=0.1)
    for chart in charts(large(3_000)):
        assert all(part.start + part.length <= 100.1 for bar in chart.bars for part in bar.parts)


def test_markdown_holds_no_html_no_image_and_only_web_links(edition: Edition) -> None:
    text = summary_markdown(edition)
    tokens = MarkdownIt("gfm-like").parse(text)
    inline = [child for token in tokens if token.children for child in token.children]
    assert not [
        token for token in (*tokens, *inline) if token.type.startswith("html") or token.type == "image"
    ]
    links = [str(token.attrs["href"]) for token in inline if token.type == "link_open"]
    assert all(re.match(r"https?://", link) for link in links)
    assert not [token for token in inline if token.type == "link_open" and token.info == "auto"]
    prose = re.sub(r"\(https?:[^)]*\)|`[^`]*`", "", text.replace("&#8203;", "\u200b"))
    assert not re.search(r"(?<![\w/])[@#]\w", prose), "mentions and references"


def test_every_row_of_a_markdown_table_has_the_cells_of_its_head(edition: Edition) -> None:
    html = MarkdownIt("gfm-like").render(summary_markdown(edition))
    for table in found(lxml.html.fragments_fromstring(f"<div>{html}</div>")[0], "//table"):
        assert {len(row) for row in found(table, ".//tr")} == {len(found(table, "./thead/tr/th"))}


@pytest.mark.parametrize("limit", [2_000, 10_000, ISSUE_LIMIT])
def test_a_long_summary_is_cut_and_counts_what_it_leaves_out(limit: int) -> None:
    edition = large(3_000)
    text = summary_markdown(edition, limit)
    rows = text.count("\n| ")
    assert len(text.encode()) <= limit
    (left,) = re.findall(r"\*\*([\d,]+) more rows were left out", text)
    whole = summary_markdown(edition, 10_000_000)
    assert rows + int(left.replace(",", "")) >= whole.count("\n| ") - whole.count("\n## ")
    assert "left out" not in whole


def test_a_reference_to_an_issue_is_not_a_link() -> None:
    edition = small()
    links = [
        {**row, "url": "https://github.com/a/b/issues/1", "title": None, "full_name": None}
        for row in edition.links
    ]
    text = summary_markdown(replace(edition, links=links))
    assert "`https://github.com/a/b/issues/1`" in text
    assert "(https://github.com/a/b/issues/1)" not in text


def test_spreadsheets_get_the_columns_of_the_tables_and_no_formula(edition: Edition, tmp_path: Path) -> None:
    write_reports(edition, tmp_path)
    csv.field_size_limit(10_000_000)
    for table, rows in ((columns.LINKS, edition.links), (columns.PAPERS, edition.papers)):
        with (tmp_path / f"{table.name}.csv").open(encoding="utf-8", newline="") as handle:
            head, *body = csv.reader(handle)
        assert head == [column.name for column in table.columns]
        assert len(body) == len(rows)
        assert not [cell for row in body for cell in row if cell.startswith(tuple("=+@\t\r＝＋"))]


def test_junit_counts_its_cases_and_holds_only_what_xml_allows(edition: Edition) -> None:
    root = etree.fromstring(junit_xml(edition))
    cases = root.findall("testsuite/testcase")
    assert len(cases) == len(edition.links) == int(root.get("tests") or "")
    outcomes = {
        "failure": ("failures", {"broken", "failing"}),
        "skipped": ("skipped", {"blocked", "unverified"}),
    }
    for outcome, (total, healths) in outcomes.items():
        number = len(root.findall(f"testsuite/testcase/{outcome}"))
        assert number == sum(row["health"] in healths for row in edition.links)
        assert number == int(root.get(total, "")) == sum(int(suite.get(total, "")) for suite in root)


def test_a_failure_says_why_and_what_to_write_instead() -> None:
    root = etree.fromstring(junit_xml(small()))
    (case,) = found(root, "//testcase[@name='github:lottery-ticket/rewinding-iclr20-public']")
    (failure,) = case
    assert (case.get("line"), failure.get("type")) == ("73", "not_found")
    assert "archived copy: https://web.archive.org/" in (failure.text or "")


@pytest.mark.parametrize(
    ("healths", "message", "color"),
    [
        ([], "no links", "lightgrey"),
        (["unverified"], "not checked", "lightgrey"),
        (["alive", "moved", "blocked"], "100 % reachable", "brightgreen"),
        (["alive"] * 339 + ["failing"], "99 % reachable", "yellow"),
        (["alive"] * 9 + ["broken", "unverified"], "90 % reachable", "orange"),
        (["broken", "alive"], "50 % reachable", "red"),
    ],
)
def test_the_badge_tells_the_share_that_is_there(healths: list[str], message: str, color: str) -> None:
    row = small().links[0]
    edition = replace(small(), links=[{**row, "health": health} for health in healths], changes=())
    badge = json.loads(badge_json(replace(edition, checks=())))
    assert badge == {"schemaVersion": 1, "label": "links", "message": message, "color": color}


def test_the_feed_is_valid_atom_with_an_entry_for_each_change(edition: Edition) -> None:
    feed = etree.fromstring(changes_atom(edition))
    entries = feed.findall("a:entry", ATOM)
    assert len(entries) == len(edition.changes)
    for element in (feed, *entries):  # RFC 4287, sections 4.1.1 and 4.1.2
        for required in ("id", "title", "updated"):
            (one,) = element.findall(f"a:{required}", ATOM)
            assert one.text
    ids = [entry.findtext("a:id", None, ATOM) for entry in entries]
    assert len(ids) == len(set(ids))
    assert all(link.startswith("http") for link in found(feed, "//*[local-name()='link']/@href"))


def test_a_feed_with_an_address_links_to_itself_its_page_and_each_row() -> None:
    edition = replace(small(), report_url="https://x.example/reports/a/report.html")
    feed = etree.fromstring(changes_atom(edition))
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)}
    assert links == {
        "self": "https://x.example/reports/a/changes.atom",
        "alternate": "https://x.example/reports/a/report.html",
    }
    entry = feed.findall("a:entry", ATOM)[0]
    assert (entry.findtext("a:title", "", ATOM)).startswith("ICLR 2020: best deep learning papers: ")
    row, thing = entry.findall("a:link", ATOM)
    assert (row.get("rel"), thing.get("rel")) == ("alternate", "related")
    assert (row.get("href") or "").startswith("https://x.example/reports/a/report.html#")
    without = etree.fromstring(changes_atom(small())).findall("a:entry", ATOM)[0]
    assert [link.get("rel") for link in without.findall("a:link", ATOM)] == ["alternate"]


def test_an_incomplete_run_is_said_everywhere() -> None:
    checks = [{**check, "reason": "deadline"} for check in small().checks[:3]]
    edition = replace(small(), checks=[*checks, *small().checks[3:]])
    told = "3 of 36 links were not checked, for the run's time was up."
    assert told in found(page_of(edition), "string(//aside[@class='incomplete'])")
    assert told in summary_markdown(edition)
    assert told in changes_atom(edition).decode()
    badge = json.loads(badge_json(edition))
    assert (badge["message"], badge["color"]) == ("88 % reachable (incomplete)", "lightgrey")
    index = index_html([summary(edition)])
    assert "incomplete" in index
    assert "were not checked when the article was last looked at, for the run's time was up." in index
    assert not found(page_of(small()), "//aside")


def test_a_trend_says_now_only_of_the_run_that_is_shown() -> None:
    complete, later = small(), replace(small(), made_at=small().made_at + timedelta(days=7))
    drawn, stale = trend(complete), trend(later)
    assert drawn
    assert stale
    assert (drawn.title, stale.title) == (
        "9 links not alive, up from 2 on 7 Sep 2026",
        "9 links not alive on 23 Nov 2026, up from 2 on 7 Sep 2026",
    )
    calm = trend(replace(later, trend=[(at, {"alive": 36}) for at, _ in later.trend]))
    assert calm
    assert calm.title == "All links alive from 7 Sep 2026 to 23 Nov 2026"
    _, told = sparkline(replace(summary(later), unasked=3))
    assert told == "94 % alive on 7 Sep 2026, 75 % on 23 Nov 2026"


def test_a_share_of_the_trend_is_rounded_as_that_beside_it() -> None:
    runs = [(at, {"alive": 299, "broken": 1}) for at, _ in small().trend]
    assert sparkline(replace(summary(small()), trend=runs))[1] == "99 % alive on 7 Sep 2026, 99 % now"
    assert "first run" not in index_html([replace(summary(small()), trend=runs[:1], unasked=3)])


def test_what_to_do_is_said_in_the_right_words() -> None:
    text = summary_markdown(small())
    assert "Use the [archived copy, 26 Sep 2022](https://web.archive.org/web/20220926095407/" in text
    assert (
        "Replace with [github.com/gengchenmai/Space2Vec-ICLR](https://github.com/gengchenmai/Space2Vec-ICLR)"
        in text
    )
    assert "&#8203;" not in text
    assert "Not found (404)" in text


def test_the_feed_keeps_the_entries_of_earlier_runs_and_never_repeats_one() -> None:
    first = changes_atom(small())
    later = replace(small(), made_at=small().made_at + timedelta(days=7))
    both = changes_atom(later, first)
    assert len(etree.fromstring(both).findall("a:entry", ATOM)) == 2 * len(small().changes)
    assert changes_atom(later, both) == both
    feed = both
    for week in range(2, 40):
        feed = changes_atom(replace(small(), made_at=small().made_at + timedelta(weeks=week)), feed)
    assert len(etree.fromstring(feed).findall("a:entry", ATOM)) == ENTRIES


@pytest.mark.parametrize(
    "earlier", [b"", b"<feed", b"<a/>", b"\xff\xfe", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>']
)
def test_a_feed_that_cannot_be_read_is_replaced(earlier: bytes) -> None:
    assert changes_atom(small(), earlier) == changes_atom(small())


def test_the_index_leads_to_every_report_and_tells_its_trend(tmp_path: Path) -> None:
    summaries = [summary(each) for each in (small(), empty(), replace(hostile(), name="x y#?"))]
    write_index(summaries, tmp_path / "reports" / "index.html")
    page = lxml.html.document_fromstring((tmp_path / "reports" / "index.html").read_text(encoding="utf-8"))
    assert found(page, "//tbody//a/@href") == [
        "empty/report.html",
        "iclr-2020-deep-learning/report.html",
        "x%20y%23%3F/report.html",
    ]
    assert found(page, "//tbody//svg/@aria-label")[0] == "94 % alive on 7 Sep 2026, 75 % now"
    assert len(found(page, "//script")) == 1
    assert "No article has been checked yet" in index_html([])


def test_hostile_editions_cover_what_they_should() -> None:
    assert any("\ud800" in text for text in NASTY)
    assert len(max((paper["abstract"] for paper in hostile().papers), key=len)) > 5_000_000
    assert io.StringIO(NASTY[0]).read() in report_html(hostile()).replace("&lt;", "<").replace("&gt;", ">")
