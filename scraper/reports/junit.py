"""`junit.xml`: a suite for each site, a case for each link, as CI services show them.

broken and failing are failures; blocked and unverified are skipped, since nothing can be said of them;
alive and moved pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from lxml import etree

from scraper.model import Health
from scraper.reports.items import Teller, replacement
from scraper.reports.model import Edition, Row
from scraper.reports.text import iso, plain, shorten
from scraper.verdicts.reasons import DEAD

SKIPPED = frozenset({Health.BLOCKED, Health.UNVERIFIED})


def junit_xml(edition: Edition) -> bytes:
    """The cases of an edition, in the order of sites and targets."""
    teller = Teller(edition)
    root = etree.Element("testsuites", _totals(edition.links), name=plain(f"links of {edition.name}"))
    if edition.elapsed:  # reports that are rendered again do not know it
        root.set("time", f"{edition.elapsed:.3f}")
    rows = sorted(edition.links, key=lambda row: (row["site"], row["target"]))
    for site, group in groupby(rows, key=lambda row: str(row["site"])):
        cases = list(group)
        suite = etree.SubElement(root, "testsuite", _totals(cases), name=plain(site))
        suite.set("timestamp", iso(edition.made_at).removesuffix("Z"))
        for row in cases:
            suite.append(_case(edition, row, teller))
    etree.indent(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _totals(rows: Sequence[Row]) -> dict[str, str]:
    return {
        "tests": str(len(rows)),
        "failures": str(sum(row["health"] in DEAD for row in rows)),
        "errors": "0",
        "skipped": str(sum(row["health"] in SKIPPED for row in rows)),
    }


def _case(edition: Edition, row: Row, teller: Teller) -> etree._Element:
    elapsed = (teller.checked.get(row["target"], {}).get("elapsed_ms") or 0) / 1000
    place = plain(f"{edition.name}.{row['site']}")
    case = etree.Element("testcase", name=_cut(row["target"]), classname=place)
    case.set("time", f"{elapsed:.3f}")
    case.set("file", plain(edition.source))
    if row.get("first_line") is not None:
        case.set("line", str(row["first_line"]))
    if row["health"] in DEAD:
        failure = etree.SubElement(case, "failure", type=row["reason"])
        failure.set("message", _cut(f"{row['health']}: {teller.why(row)}"))
        instead, kind = replacement(row)
        told = [
            teller.name(row),
            row["url"],
            row.get("redirects") or "",
            f"{kind}: {instead}" if instead else "",
        ]
        failure.text = "\n".join(_cut(line) for line in told if line)
    elif row["health"] in SKIPPED:
        etree.SubElement(case, "skipped", message=_cut(f"{row['health']}: {teller.why(row)}"))
    return case


def _cut(text: str) -> str:
    return shorten(plain(text), 1_000)
