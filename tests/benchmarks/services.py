"""10,000 repositories and 10,000 papers in one list: the plan, the requests and the time they take.

The services are the sandbox's, with the limits of the real ones; each is asked at its own pace.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from running import article_of

from benchmarks.report import machine, table
from benchmarks.requests import _note
from scraper.commands.dry_run import foresee
from scraper.run import refresh
from scraper.sandbox import Sandbox
from scraper.settings import Settings
from scraper.store.store import Store

EACH = 10_000


def main() -> str:
    papers = [f"paper{number:05}" for number in range(EACH)]
    names = [f"made-up/repository-{number}" for number in range(EACH)]
    lines = [f"- <https://openreview.net/forum?id={one}>" for one in papers]
    lines += [f"- <https://github.com/{name}>" for name in names]
    with (
        tempfile.TemporaryDirectory() as place,
        Sandbox(notes=map(_note, papers), repositories=[{"full_name": name} for name in names]) as sandbox,
    ):
        folder = Path(place)
        kept = {"data": folder / "data", "reports": folder / "reports", "archive": False}
        token = {"github_token": sandbox.credentials["github_token"]}
        settings = Settings(**kept, **token, **sandbox.settings)  # type: ignore[arg-type]  # checked as it is made
        settings.data.mkdir()
        article = article_of(folder, *lines)
        plan = foresee([article], settings, None, datetime.now(UTC))
        began, spent = time.perf_counter(), time.process_time()
        with Store.open(settings.store, sandbox=True) as store:
            result = refresh([article], settings, store)
            rows = list(store.rows(result.run, article.name))
        wall, cpu = time.perf_counter() - began, time.process_time() - spent
        asked = Counter(seen.host for seen in sandbox.world.requests)
        used = {name: budget.used for (name, _), budget in sandbox.world.budgets.items()}
    fresh = Counter(row["site"] for row in rows if row["metadata_stale"] is False)
    planned = {turn.key: turn.requests for turn in plan.turns}
    lines_of_plan = [(key, f"{requests:,}") for key, requests in planned.items()]
    told = [(host, f"{count:,}") for host, count in asked.most_common()]
    return f"""# Services at scale

{machine()}

`python -m tests.benchmarks services`: a list of {EACH:,} repositories and {EACH:,} papers, refreshed for the
first time in the sandbox, with a GitHub token and as a guest of OpenReview, at the services' own pace.
{wall:.0f} s in all ({cpu:.0f} s of processor time, the sandbox's included). Metadata was read of
{fresh["github"]:,} repositories and {fresh["openreview"]:,} papers. Of GitHub's hourly budgets were used:
{", ".join(f"{name} {number:,}" for name, number in used.items())}.

{table(("key", "requests planned"), lines_of_plan)}

{table(("host", "requests made"), told)}
"""
