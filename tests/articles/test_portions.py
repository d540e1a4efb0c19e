"""Long Markdown is read in portions, and as if it were read at once."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest

from scraper.articles import commonmark
from scraper.articles.decoding import decode
from scraper.articles.fixing import apply, propose
from scraper.articles.reading import read_article
from scraper.model import Article

PIECES = """# 1. First

A [link](https://e.org/1), a [reference][late], https://e.org/2 and
[two
lines](https://e.org/3).

- item

  ```
  # not a heading

  https://e.org/no
  ```

- next <https://e.org/4>

```sh
# comment

https://e.org/no

echo
```

> quote [q](https://e.org/5)

<!-- comment

https://e.org/no

-->

<pre>

# https://e.org/no

</pre>

|a|b|
|-|-|
|[x](https://e.org/6)|[x](https://e.org/6)|

    https://e.org/no

Setext [s](https://e.org/7)
===

[late]: https://e.org/late
[late]: https://e.org/second
"""


@pytest.fixture(params=[1, 40, 200, 400])
def small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commonmark, "SIZE", request.param)


def at_once(text: str) -> Article:
    assert len(text) < 262_144
    return read_article(text.encode(), "a.md")


WHOLE = {
    ends: at_once(PIECES.replace("\n", ends) + f"{ends}## 2. Again{ends}{ends}" + PIECES.replace("\n", ends))
    for ends in ("\n", "\r\n", "\r")
}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("ends", WHOLE)
def test_portions_change_nothing(ends: str) -> None:
    text = PIECES.replace("\n", ends) + f"{ends}## 2. Again{ends}{ends}" + PIECES.replace("\n", ends)
    assert at_once(text) == WHOLE[ends]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "opening", ["```\n\nx https://e.org/no\n\ny", "<!--\n\nhttps://e.org/no\n\n# x", "~~~~\n\n~~~\n\nx"]
)
def test_what_never_ends_goes_on_to_the_end(opening: str) -> None:
    text = f"[a](https://e.org/1)\n\n{opening}\n\n" + "more https://e.org/no\n\n" * 20
    assert [one.href for one in at_once(text).mentions] == ["https://e.org/1"]


@pytest.mark.usefixtures("small")
def test_places_are_those_of_the_whole_text() -> None:
    rows = {
        "web:https://e.org/late": {
            "health": "moved",
            "reason": "redirected_permanently",
            "suggested_url": "https://e.org/n",
        },
        "web:https://e.org/7": {
            "health": "moved",
            "reason": "redirected_permanently",
            "suggested_url": "https://e.org/n7",
        },
    }
    data = PIECES.encode()
    text = decode(data, "a.md").text
    after = apply(text, propose(text, read_article(data, "a.md"), rows).edits)
    assert after == PIECES.replace("https://e.org/late", "https://e.org/n").replace(
        "https://e.org/7", "https://e.org/n7"
    )


def test_a_list_without_blank_lines_is_read_in_portions_too(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f"- [{one}](https://e.org/{one})\n  more <https://e.org/b{one}>\n" for one in range(2000))
    whole = at_once(text)
    monkeypatch.setattr(commonmark, "SIZE", 4000)
    longest = 0

    def portion(text: str, start: int, defined: Any, read: Any = commonmark._portion) -> Any:
        nonlocal longest
        end, found = read(text, start, defined)
        longest = max(longest, end - start)
        return end, found

    monkeypatch.setattr(commonmark, "_portion", portion)
    assert read_article(text.encode(), "a.md") == whole
    assert longest < 8000


def test_neither_the_text_nor_the_places_stay_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commonmark, "SIZE", 4000)
    line = "- [a name of {0}](https://github.com/owner-{0}/name-{0}) - What it is. ⭐ `{0}`\n"
    entries = (f"{line.format(number)}\n# A heading\n\n" for number in range(5000))
    data = "".join(entries).encode()
    read_article(data[:1000], "a.md")
    tracemalloc.start()
    try:
        read_article(data, "a.md")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 8 * len(data)  # With them it was 9.5, without 6.8: most of this text is links.
