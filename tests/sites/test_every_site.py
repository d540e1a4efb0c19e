"""What holds for every kind of site, whatever it asks and reads."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
from documents import everything
from memories import Memories
from running import READING_LIST, article_of, run_in

import scraper
from scraper.model import Answer, Article, Question, Reading
from scraper.sandbox import Sandbox
from scraper.sandbox.faces import HOSTS
from scraper.settings import Settings
from scraper.sites import KINDS, sites
from scraper.sites.kinds import Kind
from scraper.visits.pacing import pacing

LINKS = (
    "https://zenodo.org/records/990001",
    "https://huggingface.co/sandbox/tiny-model",
    "https://arxiv.org/abs/1909.12475",
    "https://doi.org/10.1038/s41586-019-1666-5",
    "https://gitlab.com/guild/code",
    "https://codeberg.org/guild/code",
    "https://plain.test/x",
)
"""Of the kinds that the reading list has not."""


def some_of_each(folder: Path, name: str) -> Article:
    """All links of this kind of site, and one of each other kind."""
    known: set[str] = set()
    lines = []
    for mention in article_of(
        folder, READING_LIST.read_text("utf-8"), *(f"<{link}>" for link in LINKS)
    ).mentions:
        if mention.site == name or mention.site not in known:
            known.add(mention.site)
            lines.append(f"<{mention.href}>")
    return article_of(folder, *lines)


NAMES = sorted(sites(Settings(), Memories()))


@pytest.mark.parametrize(("name", "mode"), list(itertools.product(NAMES, ("open", "gated"))))
def test_a_reader_that_raises_ends_its_targets_and_never_the_run(
    name: str, mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours at every step that the site takes, one by one; all other links are as they were."""
    kind: Any = type(sites(Settings(), Memories())[name])
    read = kind.read
    steps: set[str] = set()
    article = some_of_each(tmp_path, name)

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


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_house_knows_all_of_a_kind_that_it_must(kind: Kind) -> None:
    assert kind.title
    assert kind.kinds
    assert kind.make is None or kind.make(Settings(), Memories()).name == kind.name
    assert kind.role in ("paper", "code", "")
    assert set(kind.hosts) <= HOSTS.keys(), "a host without a face in the sandbox"
    assert {key.partition("/")[0] for key in (*kind.pace, *kind.together)} <= HOSTS.keys()
    assert {key for key in kind.batches if not key.startswith("/")} <= set(kind.hosts)
    assert set(kind.secrets) <= Settings.model_fields.keys()
    for host in kind.hosts:
        assert pacing(Settings())(host).concurrency >= 1
    assert f"| `{kind.name}` |" in everything()


def test_pages_are_the_last_kind_and_no_name_is_taken_twice() -> None:
    assert [kind.name for kind in KINDS if not kind.home] == ["local", KINDS[-1].name]
    assert KINDS[-1].name == "web"
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_outside_its_folder_and_its_face_no_site_is_named_but_where_it_must_be() -> None:
    """GitHub and OpenReview have credentials, which settings and doctor speak of; the others stay at home."""
    root = Path(scraper.__file__).parent
    inside = (root / "sites", root / "sandbox", root / "articles")  # articles write `arXiv:…`, `doi:…`
    for kind in KINDS:
        if kind.secrets or not kind.home:
            continue
        for path in root.rglob("*.py"):
            if not any(folder in path.parents for folder in inside):
                text = path.read_text("utf-8")
                assert f'"{kind.name}:' not in text, path
                assert f'site == "{kind.name}"' not in text, path
