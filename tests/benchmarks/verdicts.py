"""Who is right about the hostile web: this program beside lychee, linkinator and markdown-link-check.

    python -m tests.benchmarks.verdicts

Every checker gets the same list of plain addresses (`http://127.0.x.y:port/…`), with its own defaults, on a
freshly started web; the requests are counted by the servers. Links whose label is a matter of definition for
a tool that only asks whether something answers, and links that are about names, are left out.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from hostile.certificates import Certificates
from hostile.checking import LIVING
from hostile.everything import BEHAVIOURS
from hostile.labels import Link
from hostile.server import HostileWeb

from benchmarks import checkers
from benchmarks.checkers import Checker, Place, Said
from benchmarks.report import machine, table
from scraper.model import Health
from scraper.verdicts.reasons import DEAD

ENDLESS = ("Endless and huge bodies", "Drips its body")
"""What is left out for a tool that reads every body to its end."""


class Result(NamedTuple):
    """What one checker said of the links, and how often the servers were asked."""

    name: str
    said: Said
    links: list[Link]
    requests: int

    def called_dead(self, links: Sequence[Link]) -> list[Link]:
        return [link for link in links if self.said.dead.get(link.url)]

    def of(self, *healths: Health) -> list[Link]:
        return [link for link in self.links if link.health in healths]

    @property
    def false_dead(self) -> list[Link]:
        return self.called_dead(self.of(*LIVING))

    @property
    def closed_dead(self) -> list[Link]:
        return self.called_dead(self.of(Health.BLOCKED, Health.UNVERIFIED))

    @property
    def missed_dead(self) -> list[Link]:
        return [link for link in self.of(*DEAD) if self.said.dead.get(link.url) is False]

    @property
    def wrong_behaviours(self) -> Counter[str]:
        """The behaviours it is wrong about, and at how many links: 59 languages of one page are one."""
        wrong = (*self.false_dead, *self.closed_dead, *self.missed_dead)
        return Counter(link.behaviour for link in wrong)

    @property
    def silent(self) -> list[Link]:
        return [link for link in self.links if link.url not in self.said.dead]

    @property
    def exact(self) -> list[Link]:
        return [link for link in self.links if self.said.verdicts.get(link.url) == (link.health, link.reason)]


def main() -> str:
    """Run all checkers; the report as Markdown."""
    given = os.environ.get("BENCHMARK_PEERS", "")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(given or temporary)
        trouble = "" if given else checkers.install(folder)
        return report(asyncio.run(_all(folder)), trouble)


async def _all(folder: Path) -> list[Result]:
    competitors: dict[str, Checker] = {
        "scraper": checkers.scraper,
        "lychee": checkers.lychee(folder),
        "linkinator": checkers.linkinator(folder),
        "markdown-link-check": checkers.markdown_link_check(folder),
    }
    only = os.environ.get("BENCHMARK_ONLY", "").split(",")
    certificates = Certificates()
    results = []
    for name, checker in competitors.items():
        if only == [""] or name in only:
            result = await _one(name, checker, certificates)
            if result.said.stopped and not result.said.dead:
                result = await _one(name, checker, certificates, without=ENDLESS)
                result.said.trouble = f"without {', '.join(ENDLESS)}: with them it was stopped after 300 s"
            results.append(result)
    return results


async def _one(
    name: str, checker: Checker, certificates: Certificates, without: Sequence[str] = ()
) -> Result:
    """One checker on a web of its own: nobody inherits what another one's requests left behind."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        ca_file = folder / "ca.pem"
        certificates.authority.cert_pem.write_to_path(str(ca_file))
        async with HostileWeb(BEHAVIOURS, certificates) as web:
            compared = [link for link in web.links(by_address=True) if link.compared]
            links = [link for link in compared if link.behaviour not in without]
            listed = folder / "hostile.md"
            listed.write_text("# Hostile\n\n" + "".join(f"- <{link.url}>\n" for link in links), "utf-8")
            place = Place(
                listed, [link.url for link in links], folder, str(ca_file), (web.port, web.tls_port)
            )
            said = await checker(place)
            print(
                f"{name}: {said.seconds:.0f} s, {len(said.dead)} of {len(links)} {said.trouble}",
                file=sys.stderr,
            )
            return Result(name, said, links, web.requests)


def report(results: Sequence[Result], trouble: str) -> str:
    first = results[0]
    counts = Counter(link.health for link in first.links)
    living, dead = sum(counts[h] for h in LIVING), sum(counts[h] for h in DEAD)
    closed = len(first.links) - living - dead
    rows = [_row(result) for result in results]
    head = (
        "tool",
        "behaviours wrong",
        "living called dead",
        "closed called dead",
        "dead called alive",
        "no answer",
        "exact",
    )
    behaviours = len({link.behaviour for link in first.links})
    soft = sum(link.behaviour.startswith("Soft 404") for link in first.links)
    lines = [
        "# Verdicts on a hostile web",
        f"{len(first.links)} links, {behaviours} behaviours: {living} living, {closed} closed (blocked, or "
        f"not to be asked now), {dead} dead, {soft} of these by their words alone (one for each language).",
        table((*head, "wall time", "requests"), rows),
        "Each tool ran with its defaults (linkinator with a timeout of 20 s, for by default it has none), "
        "one after the other, on a freshly started web. *Exact* is the right health of six and the right "
        "reason; the others do not tell them apart. The time of `scraper` includes its store, snapshot and "
        "reports.",
        *(_mistakes(result) for result in results),
        f"Peers could not be installed: {trouble}" if trouble else "",
        machine(),
    ]
    return "\n\n".join(filter(None, lines)) + "\n"


def _row(result: Result) -> list[str]:
    closed = result.of(Health.BLOCKED, Health.UNVERIFIED)
    name = f"{result.name} {result.said.version}".strip()
    if not result.said.dead:
        return [name, result.said.trouble or "no answer", *[""] * 7]
    told = bool(result.said.verdicts)
    return [
        name,
        _share(len(result.wrong_behaviours), len({link.behaviour for link in result.links})),
        _share(len(result.false_dead), len(result.of(*LIVING))),
        _share(len(result.closed_dead), len(closed)),
        _share(len(result.missed_dead), len(result.of(*DEAD))),
        str(len(result.silent)),
        _share(len(result.exact), len(result.links)) if told else "–",
        f"{result.said.seconds:.0f} s" + (f" ({result.said.trouble})" if result.said.trouble else ""),
        str(result.requests),
    ]


def _share(count: int, of: int) -> str:
    return f"{count} ({100 * count / max(1, of):.1f} %)"


def _mistakes(result: Result) -> str:
    """The behaviours a tool is wrong about; of the program every single link."""
    if not result.said.dead:
        return ""
    names = ", ".join(f"{name} ({count})" for name, count in sorted(result.wrong_behaviours.items()))
    lines = [f"**{result.name}** is wrong about: {names or 'nothing'}."]
    if result.said.verdicts:
        inexact = [link for link in result.links if link not in result.exact]
        lines += [
            f"- {link.behaviour}: `{link.url[:80]}` is {link.health}/{link.reason}, "
            f"called {'/'.join(result.said.verdicts.get(link.url, ('nothing',)))}"
            for link in inexact
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    path = Path(__file__).parents[2] / "reports" / "benchmarks" / "verdicts.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = main()
    path.write_text(text, "utf-8")
    print(text)
