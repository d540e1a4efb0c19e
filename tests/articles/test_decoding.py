"""Encodings that nobody declares: told where they are plain to see; the file can be had back."""

from __future__ import annotations

import pytest

from scraper.articles.decoding import decode
from scraper.articles.reading import read_article

TEXTS = {
    "gb18030": "# 论文列表\n这是一篇关于深度学习的论文，我们提出了一种新的方法。https://e.org/1\n",
    "big5": "# 論文列表\n這是一篇關於深度學習的論文，我們提出了一種新的方法。https://e.org/1\n",
    "cp932": "# 論文一覧\nこれは深層学習に関する論文です。新しい手法を提案します。https://e.org/1\n",
    "euc_jp": "# 論文一覧\nこれは深層学習に関する論文です。新しい手法を提案します。https://e.org/1\n",
    "euc_kr": "# 논문 목록\n이것은 딥러닝에 관한 논문입니다. 새로운 방법을 제안합니다. https://e.org/1\n",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_an_undeclared_encoding_of_east_asia(encoding: str) -> None:
    data = TEXTS[encoding].encode(encoding)
    decoded = decode(data, "a.md")
    assert (decoded.text, decoded.encoding) == (TEXTS[encoding], encoding)
    assert decoded.encode(decoded.text) == data
    article = read_article(data, "a.md")
    assert article.notices == (f"declares no encoding; it was read as {encoding}",)
    assert [one.href for one in article.mentions] == ["https://e.org/1"]
    assert article.title == TEXTS[encoding].split("\n")[0][2:]


@pytest.mark.parametrize(
    "text",
    [
        "L'été dernier, à Besançon, où l'on a déjà vu des élèves très âgés, ça c'est sûr: naïveté, Noël",
        "Überraschung: Größe, Maß, Füße, für Ärzte, schöne Grüße aus Österreich, Äpfel, Öl, Übung",
        "El niño español mañana comió piñas; ¿qué? ¡Sí! también corazón, acción, año “sí” – «no»…",
    ],
)
def test_western_text_is_none_of_them(text: str) -> None:
    decoded = decode(text.encode("cp1252"), "a.md")
    assert (decoded.text, decoded.encoding, decoded.guessed) == (text, "cp1252", False)
