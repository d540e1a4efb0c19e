"""Processor time of a living page: parsed, judged, recognised; beside what it took before the rules of today.

The living pages of `benchmarks.strangers` at a site that answers unknown addresses with 404, by this code and
by that of a commit which knew little of strangers' pages, in turn, each in processes of its own.

    python -m tests.benchmarks living
"""

from __future__ import annotations

import importlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.report import in_own_process, machine, table

BEFORE = "87b2000"
"""The last commit that judged pages by one hand's words."""
ROUNDS, TURNS = 4, 3
TREE = Path(__file__).parents[2]
URL = "https://site.test/papers/2019/kx7291"


def main() -> str:
    from benchmarks.strangers import strangers

    bodies = [page.body.decode("latin-1") for page in strangers() if not page.expect]
    if not bodies:
        return "The shared pages are not at hand: nothing was measured.\n"
    with tempfile.TemporaryDirectory() as place:
        packed = subprocess.run(
            ["git", "archive", BEFORE, "scraper"], cwd=TREE, capture_output=True, check=True
        )
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            archive.extractall(place, filter="data")
        turns = [
            (in_own_process("living", place, given=bodies), in_own_process("living", str(TREE), given=bodies))
            for _ in range(TURNS)
        ]
    names = ("the first time, word lists being read", "from then on")
    rows = [
        (name, f"{before:.2f}", f"{now:.2f}", f"{now / before:.2f}")
        for kind, name in enumerate(names)
        for before, now in [[min(turn[side][kind] for turn in turns) for side in (0, 1)]]
    ]
    return f"""# Processor time of living pages

{machine()}

`python -m tests.benchmarks living`: {len(bodies)} living pages of `../shared/data/pages`, {TURNS} times
in turn by the code of `{BEFORE}` and by this; the least of each, in ms a page.

{table(("pages looked at", f"`{BEFORE}`", "now", "times"), rows)}
"""


def milliseconds(tree: str, bodies: list[str]) -> tuple[float, float]:
    """Of a page: in the first round, and in the quickest of those after it."""
    sys.path.insert(0, tree)
    pages = [body.encode("latin-1") for body in bodies]
    visit = _visitor(today=(Path(tree) / "scraper" / "sites" / "pages").is_dir())
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for page in pages:
            visit(page)
        took.append(1000 * (time.process_time() - began) / len(pages))
    return took[0], min(took[1:])


def _visitor(*, today: bool) -> Any:
    """Visits one page with what the tree at the head of the path has; the two differ in their places only."""
    model = importlib.import_module("scraper.model")
    settings = importlib.import_module("scraper.settings").Settings(**({"archive": False} if today else {}))
    site_of = importlib.import_module("scraper.sites.pages.page" if today else "scraper.sites.page").Page
    memory = importlib.import_module("memories").Memories() if today else None
    target = model.Target(f"web:{URL}", "web", "page", URL, URL)

    def visit(body: bytes) -> None:
        site = site_of(settings, memory)
        waiting = [(question, body) for question in site.ask([target])]
        while waiting:
            question, given = waiting.pop()
            url, shown = question.request.url, given[: question.request.body_limit]
            status, cut = 200 if given else 404, len(given) > len(shown)
            answer = model.Answer(url, url, status, {"content-type": "text/html"}, shown, truncated=cut)
            reading = site.read(question, answer)
            waiting += [(further, b"") for further in reading.questions]

    return visit


if __name__ == "__main__":
    print(json.dumps(milliseconds(sys.argv[1], json.load(sys.stdin))))
