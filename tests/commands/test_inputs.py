"""What the user names: files, folders, patterns, addresses, repositories."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from click.testing import CliRunner

from scraper.cli import main
from scraper.commands.inputs import read_articles
from scraper.errors import ArticleError
from scraper.sandbox import Sandbox
from scraper.settings import Settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "posts/a/index.md": "https://e.org/1",
        "posts/b/index.md": "https://e.org/2",
        "posts/refs.bib": "@misc{k, doi={10.1000/182}}",
        "posts/logo.svg": "https://e.org/no",
        "posts/.git/config.yml": "https://e.org/no",
        "posts/node_modules/x/README.md": "https://e.org/no",
        "posts/package-lock.json": '{"a": "https://e.org/no"}',
        "empty/x.svg": "x",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_a_folder_is_all_documents_in_it() -> None:
    articles, failed = read_articles(["posts"], Settings())
    assert [(one.name, one.mentions[0].target) for one in articles] == [
        ("a-index", "web:https://e.org/1"),
        ("b-index", "web:https://e.org/2"),
        ("refs", "doi:10.1000/182"),
    ]
    assert failed == []


@pytest.mark.usefixtures("folder")
def test_a_folder_without_documents_is_refused() -> None:
    with pytest.raises(ArticleError, match="empty: there is no document in this folder"):
        read_articles(["empty"], Settings())


def test_no_document_outside_the_folder_is_read(folder: Path) -> None:
    (folder / "secret.md").write_text("https://e.org/secret")
    (folder / "posts" / "link.md").symlink_to(folder / "secret.md")
    with pytest.raises(ArticleError, match="is a link out of the folder"):
        read_articles(["posts"], Settings())


def test_the_address_of_a_file_is_its_path(folder: Path) -> None:
    (article,), _ = read_articles([f"file://{folder}/posts/a/index.md"], Settings())
    assert article.mentions[0].target == "web:https://e.org/1"


def test_no_links_and_a_guessed_form_are_said(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "notes.weird").write_text("nothing here")
    with caplog.at_level(logging.WARNING):
        read_articles(["notes.weird"], Settings())
    assert [record.message for record in caplog.records] == [
        "notes.weird: has no known form; it was read as plain text",
        "notes.weird: no link was found in it",
    ]


@pytest.mark.usefixtures("folder")
def test_links_of_a_pattern_and_a_folder() -> None:
    for named in ("posts", "posts/[ab]/*.md"):
        shown = CliRunner().invoke(main, ["links", "--json", named])
        assert shown.exit_code == 0
        hrefs = [row["href"] for row in json.loads(shown.stdout)["mentions"]]
        assert hrefs[:2] == ["https://e.org/1", "https://e.org/2"]


@pytest.mark.parametrize(
    "address", ["https://github.com/automl/RobustDARTS", "git@github.com:automl/RobustDARTS.git"]
)
def test_a_repository_is_its_readme(address: str) -> None:
    with Sandbox() as sandbox:
        (article,), _ = read_articles([address], Settings(**sandbox.settings))
    assert article.source.startswith("https://github.com/automl/RobustDARTS/blob/")
    assert article.title


def test_a_repository_that_is_not_there_is_told() -> None:
    with Sandbox() as sandbox, pytest.raises(ArticleError, match="the repository is not there"):
        read_articles(["https://github.com/automl/nothing-of-the-kind"], Settings(**sandbox.settings))
