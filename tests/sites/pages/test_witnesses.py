"""How many witnesses a short page needs: one sentence is a doubt, two witnesses are a proof."""

from __future__ import annotations

import pytest
from short_pages import judged

from scraper.model import Health


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Erreur 404", "<p>Cet élément n'existe plus."),
        ("Archive", "<h1>410</h1><p>The dataset has been withdrawn."),
        ("Archive", "<h1>Gone</h1><p>The dataset has been withdrawn."),
        ("Archive", "<p>404 Projekt nicht gefunden oder entfernt."),
        ("Archive", "<p>WORKSPACE_NOT_FOUND"),
        ("Archive", "<h1>Not Found (#404)</h1><p>The item is no longer available."),
        (
            "Archive",
            "<h1>Page not found</h1><p>Sorry, the page you are looking for does not exist. "
            + "Home, holdings, people and visits are in the menu. " * 6,
        ),
    ],
)
def test_two_witnesses_need_no_sibling(title: str, body: str) -> None:
    found = judged(title, body)
    assert (found.claim.reason, found.doubtful) == ("soft_404", False), found


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Archive", "<p>This dataset has been deleted by its owner."),
        (
            "Readings",
            "<h1>Week 3</h1><p>The document for this week does not exist yet; read the one of week 2 "
            "once more until then, and bring your notes on its third part along.",
        ),
    ],
)
def test_a_sentence_alone_is_a_doubt(title: str, body: str) -> None:
    found = judged(title, body)
    assert (found.claim.reason, found.doubtful) == ("soft_404", True), found


@pytest.mark.parametrize(
    ("title", "health"),
    [
        ("Zugriff verweigert", Health.BLOCKED),
        ("Доступ запрещён", Health.BLOCKED),
        ("Service indisponible", Health.FAILING),
        ("服务不可用", Health.FAILING),
    ],
)
def test_a_status_by_its_name_in_other_languages(title: str, health: Health) -> None:
    found = judged(title, f"<h1>{title}</h1>")
    assert found.claim.health is health, found
    numbered = judged(f"{503 if health is Health.FAILING else 403} {title}", f"<h1>{title}</h1><p>nginx")
    assert (numbered.claim.health, numbered.doubtful) == (health, False)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Accès interdit", "<h1>Accès interdit</h1><h2>Un poème</h2><p>La porte, la nuit."),
        ("Conflict", "<h1>Conflict</h1><p>" + "Two parties who share a border and a river. " * 9),
        ("Gone", "<h1>Gone</h1><p>A song of ours; the chords are below."),
        ("Room 404", "<h1>Room 404</h1><p>Ring twice."),
    ],
)
def test_living_pages_of_such_names(title: str, body: str) -> None:
    assert judged(title, body).claim.health is Health.ALIVE
