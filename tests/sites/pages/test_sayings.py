"""What programs say in their own languages: nearly all is read, of those too that no word was taken from."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import pytest

from scraper.sites.pages import phrases, sentences, vacancy, wordings
from scraper.sites.pages.lines import search_where


class Saying(NamedTuple):
    kind: str
    program: str
    language: str
    text: str


def sayings() -> Iterator[Saying]:
    for line in (Path(__file__).parent / "sayings.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield Saying(*line.split("\t"))


def is_read(saying: Saying) -> bool:
    if saying.kind == "absent":
        return bool(wordings.absence(saying.text) or wordings.removal(saying.text))
    if saying.kind == "let go":
        return bool(sentences.said("leases", saying.text))
    if saying.kind == "default":
        return search_where(vacancy._OF_DEFAULTS, phrases.DEFAULT_SENTENCE, saying.text) is not None
    grammars = {"wall": "walls", "refused": "refusals", "denied": "denials"}
    return bool(sentences.said(grammars[saying.kind], saying.text))


@pytest.mark.parametrize(
    ("kind", "least"),
    [("absent", 0.97), ("refused", 0.85), ("let go", 0.9), ("wall", 1.0), ("denied", 0.9), ("default", 0.9)],
)
def test_the_grammars_read_nearly_all_of_them(kind: str, least: float) -> None:
    said = [saying for saying in sayings() if saying.kind == kind]
    unread = [saying for saying in said if not is_read(saying)]
    assert len(unread) <= (1 - least) * len(said), unread


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_that_come_apart_change_nothing(form: Literal["NFC", "NFD"]) -> None:
    apart = [saying._replace(text=unicodedata.normalize(form, saying.text)) for saying in sayings()]
    assert [is_read(saying) for saying in apart if saying.kind != "default"] == [
        is_read(saying) for saying in sayings() if saying.kind != "default"
    ]


@pytest.mark.parametrize(
    "program",
    [
        "WordPress",
        "Redmine",
        "phpMyAdmin",
        "MediaWiki",
        "Apache",
        "SimpleSAMLphp",
        "Roundcube",
        "Postorius",
        "NodeBB",
        "Docusaurus",
        "Trac",
        "Kallithea",
        "Request Tracker",
        "Askbot",
        "GeoNode",
        "Invenio-Communities",
        "Invenio-RDM-Records",
        "BookStack",
        "DSpace",
        "PKP (OJS)",
        "ISPConfig",
    ],
)
def test_each_program_is_read(program: str) -> None:
    found = [is_read(saying) for saying in sayings() if saying.program == program]
    assert sum(found) >= 0.85 * len(found)


@pytest.mark.parametrize(
    "text",
    [
        "404 wird gezeigt, wenn die Seite nicht gefunden wurde",
        "Le serveur répond 404 si la page n'existe pas",
        "Devuelve 404 si el archivo no existe",
        "Se la pagina non esiste, il server risponde 404",
        "Vrátí 404, pokud stránka neexistuje",
        "Сервер отвечает 404, если страница не найдена",
        "404を返します。ページの一覧は次のとおりです",
        "Retorna 404 quando a página não existe",
        "Als de pagina niet bestaat, antwoordt de server met 404",
        "Palauttaa 404, jos sivua ei löydy",
    ],
)
def test_what_happens_if_so_is_no_statement(text: str) -> None:
    assert wordings.absence(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Stránka, kterou se snažíte zobrazit, neexistuje.",  # `se` is Italian and Portuguese for `if`
        "No se encontró la página solicitada",
        "A página não se encontra neste servidor",
        "Stranica kojoj se želite pridružiti ne postoji",
    ],
)
def test_another_language_s_if_is_none(text: str) -> None:
    assert wordings.absence(text)
