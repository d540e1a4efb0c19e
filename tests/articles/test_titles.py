"""A title before its target is read alike in every form that has one."""

from __future__ import annotations

import pytest
from growth import Input, steep

from scraper.articles.reading import read_article
from scraper.articles.titles import titled
from scraper.sites.local.address import Ground

FORMS = {
    "list.rst": (":doc:`{}`", ":ref:`{}`", ".. toctree::\n\n   {}"),
    "list.md": ("{{doc}}`{}`", "{{ref}}`{}`"),
}
WRITTEN = [(file, form) for file, forms in FORMS.items() for form in forms]


def read(file: str, form: str, text: str) -> list[tuple[str, str]]:
    """Where each link leads, and what it is called."""
    data = f"Title\n=====\n\n{form.format(text)}\n".encode()
    return [
        (mention.href, mention.text)
        for mention in read_article(data, file, ground=Ground("list", file)).mentions
    ]


@pytest.mark.parametrize(("file", "form"), WRITTEN)
@pytest.mark.parametrize(
    ("text", "title"), [("The guide <guide>", "The guide"), ("A < B <guide>", "A < B"), ("<guide>", "guide")]
)
def test_the_last_angle_begins_the_target(file: str, form: str, text: str, title: str) -> None:
    ((href, said),) = read(file, form, text)
    assert href.removeprefix("#") == "guide"
    assert said == title or (said, title, form) == ("", "guide", FORMS["list.rst"][2])


@pytest.mark.parametrize(("file", "form"), WRITTEN)
@pytest.mark.parametrize("text", ["Title <>", "a > b", "x <a> y", "Title <a>b>"])
def test_what_is_no_target_is_no_link(file: str, form: str, text: str) -> None:
    assert read(file, form, text) == []


def test_pages_that_sphinx_makes_are_not_looked_for_behind_a_title_either() -> None:
    assert read("list.rst", FORMS["list.rst"][2], "Home <self>") == []


def test_blanks_in_a_title_are_read_in_linear_time() -> None:
    given = [Input("a word and blanks", " ", "x", "x"), Input("angles", "a <", "x"), Input("letters", "a")]
    assert list(steep(titled, given, 8_000, 64_000)) == []


def test_a_line_of_blanks_in_a_table_of_contents_is_read_in_linear_time() -> None:
    lines = Input("entries of blanks", " ", "T\n=\n\n.. toctree::\n\n   x", "x\n")

    def reading(text: str) -> object:
        return read_article(text.encode(), "list.rst", ground=Ground("list", "list.rst"))

    reading(lines.of(1))  # what is loaded late counts for neither size
    # docutils refuses lines of more than 10,000 characters.
    assert list(steep(reading, [lines], 2_000, 9_000)) == []
