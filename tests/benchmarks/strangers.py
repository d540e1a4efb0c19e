"""Pages that nobody here wrote (../shared/data/pages), judged in three modes: a yardstick for `sites/pages`.

*Words alone*: no sibling can be asked. *Honest site*: unknown addresses get a 404. *Same page*: every unknown
address gets the page itself, and the front page is another. The pages are read from where they lie; nothing
of them is copied into the project.

    python -m tests.benchmarks strangers
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from memories import Memories

from benchmarks.report import machine, table
from scraper.model import Answer, Question, Target
from scraper.settings import Settings
from scraper.sites.pages.page import Page

if TYPE_CHECKING:
    from benchmarks.left_out import Loss

PLACE = Path(__file__).parents[3] / "shared" / "data" / "pages"
MODES = ("words", "honest", "same")
DEAD = ("broken", "failing")
FRONT = b"<title>Institute</title><h1>Welcome</h1><p>We build instruments for the deep sea.<a href=/a>a</a>"


class Stranger(NamedTuple):
    """One of the pages; `expect` is empty when it is a living one."""

    id: str
    kind: str
    expect: tuple[str, ...]
    source: str
    body: bytes

    @property
    def group(self) -> str:
        """The row of the issue's figures that it counts in."""
        if self.kind == "known-neg":
            return "guilty-looking"
        if self.kind.startswith("neg-"):
            return "living"
        if self.expect == ("blocked",):
            return "walls"
        if self.kind.startswith("l10n-"):
            return "translators"
        if self.kind.startswith("repo404"):
            return "saved"
        if self.kind == "repo-other-error":
            return "other errors"
        return "parked" if self._for_sale else "services"

    @property
    def _for_sale(self) -> bool:
        said = self.body.decode("utf-8", "replace").lower()
        words = ("domain", "домен", "ドメイン", "registered at", "for sale")
        return self.kind == "known-broken" and any(word in said for word in words)


@cache
def strangers() -> tuple[Stranger, ...]:
    """All of them; empty when they are not at hand."""
    if not PLACE.is_dir():
        return ()
    labels = json.loads((PLACE / "pages.json").read_text("utf-8"))
    with tarfile.open(PLACE / "pages.tar.xz") as archive:
        bodies = {Path(m.name).stem: _body(archive, m) for m in archive.getmembers() if m.isfile()}
    return tuple(
        Stranger(p["id"], p["kind"], tuple(p["expect"]), p["source"], bodies[p["id"]]) for p in labels
    )


def _body(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    assert file is not None
    return file.read()


URL = "https://site.test/papers/2019/kx7291"


def visit(page: Stranger, mode: str, url: str = URL) -> tuple[str, str]:
    """Health and reason of a page that is served with 200 at a deep address."""
    site = Page(Settings(probe=mode != "words", archive=False), Memories())
    target = Target(f"web:{url}", "web", "page", url, url)
    waiting = [(question, page.body) for question in site.ask([target])]
    for _ in range(8):
        question, given = waiting.pop(0)
        reading = site.read(question, _answer(question, given))
        if reading.findings:
            found = reading.findings[0]
            return str(found.health), found.reason
        waiting += [(further, _served(further, page, mode)) for further in reading.questions]
    raise AssertionError("it asks for ever")


def _served(question: Question, page: Stranger, mode: str) -> bytes:
    """What other addresses of the site get; a living page is not what unknown ones get."""
    if question.step == "sibling":
        return b"" if mode == "honest" else page.body if page.expect else FRONT
    return FRONT


def _answer(question: Question, body: bytes) -> Answer:
    request = question.request
    cut = body[: request.body_limit]
    if not body:
        return Answer(request.url, request.url, 404, {"content-type": "text/html"})
    return Answer(
        request.url,
        request.url,
        200,
        {"content-type": "text/html"},
        cut,
        truncated=len(body) > len(cut),
    )


class Tally(NamedTuple):
    """What became of the pages of one group in one mode."""

    right: list[Stranger]
    wrong: list[tuple[Stranger, str]]

    @property
    def share(self) -> float:
        return len(self.right) / max(1, len(self.right) + len(self.wrong))


def measure(mode: str, judge: Callable[[Stranger, str], tuple[str, str]] = visit) -> dict[str, Tally]:
    """Every page in one mode, by group. A living page is right unless it is called dead or blocked; one
    that looks guilty, unless it is called dead; a wall, when it is called blocked."""
    found: dict[str, Tally] = {}
    for page in strangers():
        health, reason = judge(page, mode)
        tally = found.setdefault(page.group, Tally([], []))
        if is_right(page, health):
            tally.right.append(page)
        else:
            tally.wrong.append((page, f"{health}/{reason}"))
    return found


def is_right(page: Stranger, health: str) -> bool:
    if page.expect:
        return health in page.expect
    return health not in (DEAD if page.group == "guilty-looking" else (*DEAD, "blocked"))


def main() -> str:
    """All groups in all modes, beside the peers, without each site's own words; misses by name."""
    from benchmarks.left_out import losses
    from benchmarks.stranger_peers import peers

    if not strangers():
        return "The shared pages are not at hand: nothing was measured.\n"
    measured = {mode: measure(mode) for mode in MODES}
    others, trouble = peers()
    groups = sorted(measured["words"])
    rows = [_row(group, [measured[mode][group] for mode in MODES], others) for group in groups]
    left, vouched = losses(), losses(vouched=True)
    sections = [
        "# Verdicts on pages that nobody here wrote",
        f"{len(strangers())} pages of `../shared/data/pages`, each served with status 200 at a deep address: "
        "how many are judged right. A living page is right unless it is called broken, failing or blocked; "
        "one that looks guilty, unless it is called dead; a wall, when it is called blocked. The peers only "
        "ask whether something answers, so the three modes are one to them.",
        table(("pages", "of", "words alone", "unknown paths 404", "unknown paths same page", *others), rows),
        "## Without a site's own words",
        f"For each of {len(left)} sites the entries that match its pages and no other site's are left out, "
        f"and its pages judged by words alone: {sum(one.before for one in left)} of "
        f"{sum(one.pages for one in left)} right with them, {sum(one.after for one in left)} without. "
        "Where a language has the pages of one site only, all of its words are that site's own; so once "
        "more with those entries kept that read, too, what programs say that are none of these sites "
        f"(`tests/sites/pages/sayings.tsv`): {sum(one.after for one in vouched)}.",
        f"Lost without all of its own: {_lost(left)}.",
        f"Lost without those that nobody vouches for: {_lost(vouched)}.",
        "## Misses by name",
        "\n".join(_misses(measured)),
        f"Peers: {trouble}" if trouble else "",
        machine(),
    ]
    return "\n\n".join(filter(None, sections)) + "\n"


def _lost(losses: Sequence[Loss]) -> str:
    lost = [one for one in losses if one.after < one.before]
    return ", ".join(f"{one.site} ({one.before} → {one.after} of {one.pages})" for one in lost) or "nothing"


def _row(group: str, tallies: Sequence[Tally], others: Mapping[str, Mapping[str, bool]]) -> list[str]:
    pages = [*tallies[0].right, *(page for page, _ in tallies[0].wrong)]
    said = [
        sum(is_right(page, "broken" if dead[page.id] else "alive") for page in pages if page.id in dead)
        for dead in others.values()
    ]
    return [group, str(len(pages)), *(str(len(tally.right)) for tally in tallies), *map(str, said)]


def _misses(measured: Mapping[str, Mapping[str, Tally]]) -> Iterator[str]:
    for mode, groups in measured.items():
        for group, tally in sorted(groups.items()):
            if tally.wrong:
                named = ", ".join(f"{page.id} {said}" for page, said in tally.wrong)
                yield f"- {mode}, {group}: {named}"


if __name__ == "__main__":
    print(main())
