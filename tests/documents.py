"""The tables of README and docs/ are made from the code: `python -m tests.documents` writes them, `--check`
compares.

`--screenshot` takes README's picture from the report that `scraper demo --days 7` left.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import click

from scraper.cli import main as command
from scraper.columns import TABLES
from scraper.settings import INTERNAL, Settings
from scraper.sites import KINDS
from scraper.snapshots import changes as differences
from scraper.verdicts.reasons import REASONS

README = Path(__file__).resolve().parents[1] / "README.md"


def verdicts() -> str:
    lines = ["| health | reason | means |", "|---|---|---|"]
    lines += [f"| {reason.health} | `{name}` | {reason.meaning} |" for name, reason in REASONS.items()]
    return "\n".join(lines)


def sites() -> str:
    lines = ["| site | name in the tables | what is linked there | counts as |", "|---|---|---|---|"]
    for kind in KINDS:
        home = f"[{kind.title}]({kind.home})" if kind.home else kind.title
        lines.append(f"| {home} | `{kind.name}` | {', '.join(kind.kinds)} | {kind.role} |")
    return "\n".join(lines)


def columns() -> str:
    parts = []
    for table in TABLES.values():
        parts += [
            f"**`{table.name}.csv`**: {table.title}.",
            "",
            "| column | type | meaning | source |",
            "|---|---|---|---|",
        ]
        for column in table.columns:
            kind = f"{column.type} ({column.unit})" if column.unit else column.type
            parts.append(f"| `{column.name}` | {kind} | {column.meaning} | {column.source} |")
        parts.append("")
    return "\n".join(parts).rstrip()


def settings() -> str:
    lines = ["| setting | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        if name not in INTERNAL:
            default = "" if field.default in (None, "", {}, []) else f"`{_shown(field.default)}`"
            lines.append(f"| `{name}` | {default} | {field.description} |")
    return "\n".join(lines)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def changes() -> str:
    return ", ".join(f"`{kind}`" for kind in differences.KINDS)


def commands() -> str:
    context = click.Context(command, info_name="scraper", **command.context_settings)
    lines = ["```text", command.get_help(context)]
    for name in ("refresh", "check", "fix"):
        sub = command.commands[name]
        inner = click.Context(sub, info_name=name, parent=context, **command.context_settings)
        lines += ["", sub.get_help(inner)]
    return "\n".join([*lines, "```"])


SECTIONS = {f.__name__: f for f in (sites, verdicts, columns, settings, changes, commands)}


PATTERN = re.compile(r"(<!-- begin (\w+) -->\n).*?(\n<!-- end \2 -->)", re.S)


def pages() -> list[Path]:
    return [README, *sorted(README.with_name("docs").glob("*.md"))]


def filled(text: str) -> str:
    """The text with every `<!-- begin NAME -->…<!-- end NAME -->` made anew."""
    return PATTERN.sub(lambda found: f"{found[1]}{SECTIONS[found[2]]()}{found[3]}", text)


def everything() -> str:
    """What README and the documents say together."""
    return "\n".join(page.read_text("utf-8") for page in pages())


def schemas() -> dict[Path, str]:
    """The JSON Schemas that are not what the code says."""
    sys.path.append(str(Path(__file__).parent))  # `python -m tests.documents` knows the folder above it only
    from schemas import files

    made = dict(files())
    return {
        path: text for path, text in made.items() if not path.is_file() or path.read_text("utf-8") != text
    }


def screenshot() -> int:
    from playwright.sync_api import sync_playwright

    report = README.parent / "demo" / "reports" / "a-changing-list" / "report.html"
    if not report.is_file():
        print(f"{report.relative_to(README.parent)} is not there: run `scraper demo --days 7` first.")
        return 1
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(report.as_uri())
        page.screenshot(path=README.parent / "reports" / "demo.png")
        browser.close()
    return 0


def run() -> int:
    if sys.argv[1:] == ["--screenshot"]:
        return screenshot()
    stale = [page for page in pages() if filled(page.read_text("utf-8")) != page.read_text("utf-8")]
    missing = SECTIONS.keys() - {name for _, name, _ in PATTERN.findall(everything())}
    if missing:
        print(f"No page has a section for {', '.join(sorted(missing))}.")
        return 1
    if sys.argv[1:] == ["--check"]:
        for page in (*stale, *schemas()):
            name = page.relative_to(README.parent)
            print(f"{name} is not in step with the code: run `python -m tests.documents`.")
        return 1 if stale or schemas() else 0
    for path, text in schemas().items():
        path.write_text(text, "utf-8")
    for page in stale:
        page.write_text(filled(page.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(run())
