"""The page in a headless Chromium, as people use it: with a mouse, a keyboard, a screen reader, a printer."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from report_editions import empty, first_run, hostile, large, small, summary

from scraper.reports.html import DRAWN, index_html, report_html
from scraper.reports.model import Edition

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = Path(__file__).resolve().parents[2] / "build" / "screenshots"
Open = Callable[..., Page]


# One browser for this module only: while it runs, no other event loop can run in this thread.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed (Debian's package `chromium`)")
    switches = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        bars = ["--hide-scrollbars"]  # which people have, and which take room
        browser = playwright.chromium.launch(executable_path=path, args=switches, ignore_default_args=bars)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture
def opened(browser: Browser, folder: Path) -> Iterator[Open]:
    """Opens pages; at the end, none has asked for anything or complained."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(edition: Edition | str, fragment: str = "", **options: Any) -> Page:
        text = edition if isinstance(edition, str) else report_html(edition)
        file = folder / f"page-{len(text)}.html"
        file.write_text(text, encoding="utf-8")
        contexts.append(browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options}))
        page = contexts[-1].new_page()
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith(("data:", file.as_uri())) else wrong.append(asked.url),
        )
        page.goto(file.as_uri() + fragment)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def rows(page: Page) -> list[str]:
    """The ids of the rows that are in the page."""
    ids: list[str] = page.locator("table.links tbody tr").evaluate_all("rows => rows.map(row => row.id)")
    return ids


def test_a_click_sorts_and_another_turns_the_order_round(opened: Open) -> None:
    page = opened(small())
    table = page.locator("table.links")
    head = table.locator("th", has=page.get_by_role("button", name="Line"))
    table.get_by_role("button", name="Line").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert rows(page)[0] == "web:https://neptune.ai/blog/iclr-2020-deep-learning"
    table.get_by_role("button", name="Line").press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert rows(page)[-1] == "web:https://neptune.ai/blog/iclr-2020-deep-learning"
    assert len(rows(page)) == 36


@pytest.mark.parametrize(
    "column", ["Health and finding", "Link", "Since", "Site", "Line", "Last 12 runs", "Record as of"]
)
def test_every_column_sorts_and_loses_no_row(opened: Open, column: str) -> None:
    page = opened(small())
    before = rows(page)
    head = page.locator("table.links").get_by_role("button", name=column)
    head.click()
    up = rows(page)
    head.click()
    assert sorted(up) == sorted(before) == sorted(rows(page))
    assert up != rows(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_short_page_has_one_background(opened: Open, scheme: str) -> None:
    """Below its last line the dark index had the browser's own black."""
    page = opened(
        index_html([summary(small())]), viewport={"width": 1280, "height": 900}, color_scheme=scheme
    )
    assert page.evaluate("document.body.getBoundingClientRect().bottom") < 880
    corners = [{"x": 2, "y": y, "width": 4, "height": 4} for y in (120, 890)]
    above, below = (page.screenshot(clip=corner) for corner in corners)  # type: ignore[arg-type]
    assert above == below


def test_the_sum_of_the_index_is_printed_in_the_size_of_its_rows(opened: Open) -> None:
    page = opened(index_html([summary(small()), summary(first_run())]))
    page.emulate_media(media="print")
    sizes = page.eval_on_selector_all(
        ".index tbody th, .index tfoot th, .index tfoot td",
        "all => all.map(cell => getComputedStyle(cell).fontSize)",
    )
    assert len(set(sizes)) == 1, sizes


def test_a_paper_without_code_says_of_what_there_is_none_on_a_phone(opened: Open) -> None:
    page = opened(small(), viewport={"width": 390, "height": 844})
    page.locator("#papers").scroll_into_view_if_needed()
    cell = page.locator(".papers td:has(> .none)").first
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"code "'


def overflowing(page: Page, cells: str) -> list[str]:
    """The cells whose text is wider than they are, or is broken within a word or a date."""
    return page.eval_on_selector_all(  # type: ignore[no-any-return]
        cells,
        """all => all.filter(cell => {
            const text = document.createRange();
            text.selectNodeContents(cell);
            const box = cell.getBoundingClientRect();
            const wide = [...text.getClientRects()].some(one => one.right > box.right + 1);
            const words = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
            let broken = false;
            while (words.nextNode())
                for (const word of words.currentNode.data.matchAll(/\\S+/g)) {
                    text.setStart(words.currentNode, word.index);
                    text.setEnd(words.currentNode, word.index + word[0].length);
                    broken ||= new Set([...text.getClientRects()].map(one => one.top)).size > 1;
                }
            return wide || broken;
        }).map(cell => cell.innerText)""",
    )


@pytest.mark.parametrize("width", [1440, 1024])
def test_no_date_or_site_runs_out_of_its_column(opened: Open, width: int) -> None:
    """`alive until 2026-11-29` was written over the site; on paper dates were broken in their middle."""
    known = {"failing_since": None, "last_alive": "2026-11-16T05:17:03Z"}
    blocked = [{**row, **known, "health": "blocked", "reason": "forbidden"} for row in small().links]
    page = opened(replace(small(), links=blocked), viewport={"width": width, "height": 900})
    page.locator("#links").scroll_into_view_if_needed()
    expect(page.locator("#links td:nth-child(3) small").first).to_have_text("alive until")
    assert overflowing(page, "#links td:nth-child(n+3)") == []
    page.set_viewport_size({"width": 703, "height": 1000})  # A4 without its margins
    page.emulate_media(media="print")
    assert overflowing(page, "#links td:nth-child(n+3), .papers td:nth-child(9)") == []


@pytest.mark.parametrize("number", [12, 36])
def test_the_share_is_of_what_was_checked(opened: Open, number: int) -> None:
    checks = [{**check, "reason": "deadline"} for check in small().checks[:number]]
    left = {check["target"] for check in checks}
    links = [
        {**row, "health": "unverified", "reason": "deadline"} if row["target"] in left else row
        for row in small().links
    ]
    page = opened(replace(small(), checks=checks, links=links))
    alive = sum(row["health"] == "alive" for row in links)
    told = f"{100 * alive // 24} % alive of 24 checked; 12 not checked" if number < 36 else "36 not checked"
    expect(page.locator(".big")).to_have_text(told)


def test_an_index_of_incomplete_runs_says_so_and_shares_what_was_checked(opened: Open) -> None:
    whole, counts = summary(small()), {"alive": 20, "broken": 4, "unverified": 12}
    part = replace(whole, name="part", unasked=12, counts=counts)
    none = replace(part, name="none", unasked=36, counts={"unverified": 36})
    page = opened(index_html([whole, part, none]))
    expect(page.locator("aside.incomplete")).to_contain_text("48 links were not checked")
    expect(page.locator(".big").first).to_have_text("78 % alive of 60 checked; 48 not checked")
    shares = page.locator(".index tbody td:nth-child(3)").all_text_contents()
    assert [share.strip() for share in shares] == ["75 %", "", "83 %"]
    assert not opened(index_html([whole])).locator("aside.incomplete").count()


def test_filters_are_kept_in_the_address(opened: Open) -> None:
    page = opened(small())
    form = page.locator("form[data-table=links]")
    form.get_by_label("Health").select_option("broken")
    form.get_by_label("Site").select_option("web")
    assert set(rows(page)) == {
        "web:https://neptune.ai/blog/iclr-2020-nlp-nlu",
        "web:https://sites.google.com/view/jingzhao/home",
    }
    expect(form.locator("output")).to_have_text("2 of 36 links")
    form.get_by_label("Search").fill("Front NLP")
    assert rows(page) == ["web:https://neptune.ai/blog/iclr-2020-nlp-nlu"]
    assert page.url.endswith("#health=broken&site=web&text=Front+NLP")
    page.reload()
    assert rows(page) == ["web:https://neptune.ai/blog/iclr-2020-nlp-nlu"]
    assert form.get_by_label("Search").input_value() == "Front NLP"
    form.get_by_role("button", name="Clear filters").click()
    expect(form.locator("output")).to_have_text("36 links")
    assert "#" not in page.url


@pytest.mark.parametrize(
    ("count", "left"),
    [
        ("2 blocked", "2 of 36 links"),
        ("2 newly broken", "2 of 36 links"),
        ("1 recovered", "1 of 36 links"),
        ("Replace 2 moved addresses", "2 of 36 links"),
        ("Use the archived copies of 3 dead links", "3 of 36 links"),
        ("Find a replacement for 1 dead link", "1 of 36 links"),
    ],
)
def test_a_count_leads_to_what_it_counts(opened: Open, count: str, left: str) -> None:
    page = opened(small())
    page.locator(".status").get_by_role("link", name=count).click()
    expect(page.locator("form[data-table=links] output")).to_have_text(left)
    expect(page.locator("form[data-table=links]")).to_be_in_viewport()


def test_the_first_screen_answers_the_three_questions(opened: Open) -> None:
    for width, height in ((1440, 900), (390, 844)):
        page = opened(small(), viewport={"width": width, "height": height})
        for text in ("27 of 36 links alive", "newly broken", "Replace 2 moved addresses"):
            expect(page.locator(".status").get_by_text(text)).to_be_in_viewport()
        expect(page.locator("#now-title")).to_be_in_viewport()


def test_the_other_changes_open_where_a_link_leads_to_them(opened: Open) -> None:
    page = opened(small())
    page.get_by_role("link", name="2 other changes").click()
    expect(page.locator("#other tr").first).to_be_visible()


@pytest.mark.parametrize(
    ("label", "choice", "left"),
    [
        ("Decision", "Accept (Talk)", "5 of 16 papers"),
        ("Presentation", "oral", "5 of 16 papers"),
        ("Code", "none", "5 of 16 papers"),
        ("Code", "dead", "1 of 16 papers"),
        ("Code", "archived", "1 of 16 papers"),
        ("Licence", "none", "2 of 16 papers"),
        ("Notice", "retracted", "1 of 16 papers"),
    ],
)
def test_papers_are_filtered_by_what_a_researcher_asks(
    opened: Open, label: str, choice: str, left: str
) -> None:
    edition = small()
    papers = [
        {**paper, "presentation": "oral" if "Talk" in paper["decision"] else "poster"}
        for paper in edition.papers
    ]
    papers[2]["notice_type"] = "Retracted"
    page = opened(replace(edition, papers=papers))
    form = page.locator("form[data-table=papers]")
    form.get_by_label(label).select_option(choice)
    expect(form.locator("output")).to_have_text(left)
    assert page.locator("table.papers tbody tr").count() == int(left.split()[0])
    assert f"papers-{label.lower()}=" in page.url
    page.reload()
    expect(form.locator("output")).to_have_text(left)


def test_papers_are_sorted_by_their_stars_and_what_has_none_comes_last(opened: Open) -> None:
    page = opened(small())
    stars = page.locator("table.papers").get_by_role("button", name="Stars")

    def column() -> list[str]:
        cells = page.locator("table.papers tbody tr td:nth-child(7)").all_text_contents()
        return [cell.strip() for cell in cells]

    stars.click()
    assert [cell for cell in column() if cell][:3] == ["46", "74", "119"]
    stars.click()
    assert column()[:3] == ["382", "349", "221"]
    assert column()[-1] == ""


def test_a_row_has_an_address_of_its_own(opened: Open) -> None:
    page = opened(small())
    row = page.locator("table.links tbody tr").nth(4)
    row.get_by_role("link", name="Link to this row").click()
    assert page.url.endswith(f"#{row.get_attribute('id')}")
    expect(page.locator("tr.here")).to_have_id(row.get_attribute("id") or "")


def test_first_run_empty_and_incomplete_say_what_they_are(opened: Open) -> None:
    page = opened(first_run())
    expect(page.get_by_text("First run: nothing to compare yet.")).to_be_visible()
    expect(page.get_by_text("The trend begins with the second complete run.")).to_be_visible()
    page = opened(empty())
    expect(page.locator(".status").get_by_text("The article has no links.")).to_be_visible()
    checks = [{**check, "reason": "deadline"} for check in small().checks[:3]]
    page = opened(replace(small(), checks=[*checks, *small().checks[3:]]))
    expect(page.locator("aside.incomplete")).to_contain_text("3 of 36 links were not checked")
    expect(page.locator("aside.incomplete")).to_be_in_viewport()


def test_the_index_sorts_and_searches_and_adds_up(opened: Open) -> None:
    lines = [
        replace(summary(small()), name=f"area{number:02d}", title=f"Area {number}") for number in range(50)
    ]
    lines[7] = replace(lines[7], counts={"alive": 100, "broken": 0}, news=())
    page = opened(index_html(lines), viewport={"width": 1600, "height": 900})  # room for any machine's font
    expect(page.locator("output")).to_have_text("50 articles")
    expect(page.locator("tfoot")).to_contain_text("1,864")
    page.get_by_role("button", name="Links").click()
    page.get_by_role("button", name="Links").click()
    expect(page.locator("tbody tr").first).to_contain_text("Area 7")
    page.get_by_label("Search").fill("area 12")
    expect(page.locator("output")).to_have_text("1 of 50 articles")
    page.get_by_role("button", name="Clear filters").click()
    page.locator(".status").get_by_role("link", name="98 newly broken").click()
    expect(page.locator("output")).to_have_text("49 of 50 articles")
    heights = page.locator("tbody tr").evaluate_all("rows => rows.map(row => row.offsetHeight)")
    assert max(heights) < 45


def test_an_abstract_opens_by_the_keyboard(opened: Open) -> None:
    page = opened(small())
    abstract = page.locator("table.papers details").first
    expect(abstract.locator("p")).not_to_be_visible()
    abstract.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(abstract.locator("p")).to_contain_text("stands in for the one of the paper")


@pytest.mark.parametrize("target", ["openreview:rkeu30EtvS", "web:http://openreview.net/"])
def test_a_deep_link_shows_its_row(opened: Open, target: str) -> None:
    page = opened(small(), f"#{target}")
    row = page.locator("tr.here")
    assert row.get_attribute("id") == target
    expect(row).to_be_in_viewport()
    expect(row).to_be_focused()
    assert row.locator("details:not([open])").count() == 0


def test_a_link_of_the_story_leads_to_its_row_through_any_filter(opened: Open) -> None:
    page = opened(small(), "#health=alive")
    page.locator("#now a.name").first.click()
    expect(page.locator("tr.here")).to_have_id("github:lottery-ticket/rewinding-iclr20-public")
    assert len(rows(page)) == 36


def test_one_click_copies_the_address_to_write(opened: Open) -> None:
    page = opened(small(), permissions=["clipboard-read", "clipboard-write"])
    page.locator("#now").get_by_role(
        "button", name="Copy https://github.com/gengchenmai/Space2Vec-ICLR"
    ).click()
    expect(page.locator("#said")).to_have_text("Copied https://github.com/gengchenmai/Space2Vec-ICLR")
    assert page.evaluate("navigator.clipboard.readText()") == "https://github.com/gengchenmai/Space2Vec-ICLR"


def test_without_scripts_everything_is_there_to_read(opened: Open) -> None:
    page = opened(small(), java_script_enabled=False)
    assert page.locator("table.links tbody tr").count() == 36
    for form in page.locator(".filters").all():
        expect(form).not_to_be_visible()
    expect(page.locator("table.links th", has_text="Line")).to_be_visible()
    page.locator("table.papers summary").first.click()
    expect(page.locator("table.papers details p").first).to_be_visible()


def test_hostile_text_does_nothing(opened: Open) -> None:
    page = opened(hostile())
    page.locator("form[data-table=links]").get_by_label("Search").fill("<script>alert(1)")
    for button in page.get_by_role("button", name="Copy").all():
        button.click()
    assert rows(page)
    assert page.evaluate("document.images.length + document.scripts.length") == 1


def test_of_ten_thousand_links_only_those_in_view_are_drawn(opened: Open) -> None:
    edition = large(10_000)
    page = opened(edition)
    form = page.locator("form[data-table=links]")
    assert len(rows(page)) == 200
    expect(form.locator("output")).to_have_text("10,000 links")
    line = page.locator("table.links").get_by_role("button", name="Line")
    line.click()
    line.click()
    assert rows(page)[0] == edition.links[-1]["target"]
    page.get_by_role("button", name="Show more rows").last.click()
    assert len(rows(page)) == 400
    form.get_by_label("Search").fill(edition.links[7_777]["target"].split(":", 1)[1].split("/")[-1])
    assert edition.links[7_777]["target"] in rows(page)
    page.evaluate("hash => { location.hash = hash; }", edition.links[9_000]["target"])
    expect(page.locator("tr.here")).to_have_id(edition.links[9_000]["target"])
    expect(page.locator("tr.here")).to_be_in_viewport()
    assert len(rows(page)) < 1_000


def test_rows_that_wait_are_filtered_sorted_and_drawn_like_the_others(opened: Open) -> None:
    edition = large(1_500)
    page = opened(edition)
    form, table = page.locator("form[data-table=links]"), page.locator("table.links")
    for label, name in (("Health", "health"), ("Site", "site")):
        for choice, number in Counter(row[name] for row in edition.links).items():
            form.get_by_label(label).select_option(choice)
            expect(form.locator("output")).to_have_text(f"{number:,} of 1,500 links")
        form.get_by_role("button", name="Clear filters").click()
    form.get_by_label("Replacement").select_option("archived copy")
    assert int((form.locator("output").text_content() or "").split()[0]) == len(rows(page)) > 50
    form.get_by_role("button", name="Clear filters").click()
    for column in ("Link", "Line"):
        table.get_by_role("button", name=column, exact=True).click()
        up = rows(page)
        table.get_by_role("button", name=column, exact=True).click()
        assert len(up) == len(rows(page)) == 200
        assert set(up) != set(rows(page))
    last = table.locator("tbody tr").last
    expect(last.locator("a.self")).to_have_count(1)


def test_hostile_text_in_rows_that_wait_does_nothing(opened: Open) -> None:
    edition = hostile()
    page = opened(replace(edition, links=[*large(1_500).links, *edition.links]))
    table, form = page.locator("table.links"), page.locator("form[data-table=links]")
    waiting = page.locator("script[type='text/html']").all_text_contents()
    assert any("alert" in text for text in waiting)
    form.get_by_label("Search").fill("alert")
    assert 0 < len(rows(page)) <= len(edition.links)
    for button in table.get_by_role("button", name="Copy").all():
        button.click()
    assert page.evaluate("document.images.length") == 0
    assert page.evaluate("document.querySelectorAll('table.links script').length") == 0


def test_without_scripts_a_long_table_says_where_the_rest_is(opened: Open) -> None:
    page = opened(large(1_500), java_script_enabled=False)
    assert page.locator("table.links tbody tr").count() == DRAWN
    expect(page.locator(".unscripted", has_text="1,200 links")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(opened: Open, scheme: str, width: int) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci in tests/reports)")
    sandbox = replace(small(), sandbox=True)
    for each in (sandbox, first_run(), index_html([summary(sandbox), summary(first_run())])):
        page = opened(each, color_scheme=scheme, viewport={"width": width, "height": 900})
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run().then(found => found.violations)")
        assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == []


def test_nothing_is_wider_than_a_phone(opened: Open) -> None:
    for each in (small(), hostile(), index_html([summary(small()), summary(hostile())])):
        page = opened(each, viewport={"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("width", [500, 1440])
def test_nothing_is_wider_than_what_a_scroll_bar_leaves(opened: Open, width: int) -> None:
    sandbox = replace(small(), sandbox=True)
    for each in (sandbox, index_html([summary(sandbox)] * 40)):
        page = opened(each, viewport={"width": width, "height": 400})
        wide, room = page.evaluate("(root => [root.scrollWidth, root.clientWidth])(document.documentElement)")
        assert wide <= room < width


def test_it_prints(opened: Open) -> None:
    printed = opened(small()).pdf(format="A4", prefer_css_page_size=True)
    assert printed.startswith(b"%PDF-")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    (SCREENSHOTS / "report.pdf").write_bytes(printed)


@pytest.mark.parametrize(
    ("name", "width", "height", "scheme", "media", "whole"),
    [
        ("top", 1280, 1500, "light", "screen", False),
        ("light", 1280, 900, "light", "screen", True),
        ("dark", 1280, 900, "dark", "screen", True),
        ("phone", 390, 844, "light", "screen", True),
        ("print", 794, 1123, "light", "print", True),
    ],
)
def test_screenshots_are_kept(
    opened: Open, name: str, width: int, height: int, scheme: str, media: Any, whole: bool
) -> None:
    page = opened(small(), color_scheme=scheme, viewport={"width": width, "height": height})
    page.emulate_media(media=media)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"report-{name}.png", full_page=whole)
    assert (SCREENSHOTS / f"report-{name}.png").stat().st_size > 10_000


def test_a_screenshot_of_the_index_is_kept(opened: Open) -> None:
    page = opened(index_html([summary(small()), summary(replace(first_run(), name="second"))]))
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "index.png")
    assert page.locator("svg.spark").count() == 1
