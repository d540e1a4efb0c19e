"""What holds for every kind of site, whatever it asks and reads."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from memories import Memories
from running import READING_LIST, article_of, run_in

from scraper.model import Answer, Question, Reading
from scraper.sandbox import Sandbox
from scraper.settings import Settings
from scraper.sites import sites

LINKS = (
    "https://arxiv.org/abs/1909.12475",
    "https://doi.org/10.1038/s41586-019-1666-5",
    "https://plain.test/x",
)
"""Of the kinds that the reading list has not."""

NAMES = sorted(sites(Settings(), Memories()))


@pytest.mark.parametrize(("name", "mode"), list(itertools.product(NAMES, ("open", "gated"))))
def test_a_reader_that_raises_ends_its_targets_and_never_the_run(
    name: str, mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours at every step that the site takes, one by one; all other links are as they were."""
    kind: Any = type(sites(Settings(), Memories())[name])
    read = kind.read
    steps: set[str] = set()
    article = article_of(tmp_path, READING_LIST.read_text("utf-8"), *(f"<{link}>" for link in LINKS))

    def faulty(step: str) -> dict[str, Any]:
        def raises(self: Any, question: Question, answer: Answer) -> Reading:
            steps.add(question.step)
            if question.step == step:
                raise ZeroDivisionError("a fault of ours")
            made: Reading = read(self, question, answer)
            return made

        monkeypatch.setattr(kind, "read", raises)
        with Sandbox(mode=mode) as sandbox:
            token = {"github_token": sandbox.credentials["github_token"]} if mode == "gated" else {}
            result, rows = run_in(sandbox, tmp_path / f"at {step}", [article], **token)
        faults = [key for key, row in rows.items() if row["reason"] == "internal_error"]
        # A repository that was found is alive, whatever came of its further parts: the run's exit code tells.
        assert result.tally.faults >= len(faults)
        assert bool(result.tally.faults) == bool(step)
        return {key: row["health"] for key, row in rows.items() if row["site"] != name} | {"": len(rows)}

    before = faulty("")
    assert steps
    for step in sorted(steps):
        assert faulty(step) == before


def test_those_that_wait_for_a_first_batch_are_not_forgotten_when_its_reader_raises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind: Any = type(sites(Settings(), Memories())["openreview"])
    monkeypatch.setattr(kind, "read", lambda *_: 1 / 0)
    lines = [f"<https://openreview.net/forum?id=made{number:06}>" for number in range(120)]
    with Sandbox() as sandbox:
        result, rows = run_in(sandbox, tmp_path, [article_of(tmp_path, *lines)])
    assert {row["reason"] for row in rows.values()} == {"internal_error"}
    assert len(rows) == result.tally.faults == 120
