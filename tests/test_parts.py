"""Deep links from the article to the tables, and back into the article."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from running import article_of, run_in

from scraper.articles import fixing
from scraper.articles.decoding import decode
from scraper.articles.reading import read_article
from scraper.sandbox import Sandbox

HOME = "https://github.com/guild/code"
CODE = {
    "full_name": "guild/code",
    "default_branch": "main",
    "tree": ["README.md", "train.py"],
    "history": [
        {"date": "2022-03-01T00:00:00Z", "files": [{"filename": "old.py", "status": "removed"}]},
    ],
    "issues": [1],
    "files": {"train.py": "one\ntwo\n"},
}
DEAD = ("blob/main/never.py", "tree/gone", "commit/fedcba9", "issues/99", "releases/tag/v9")


def test_five_dead_deep_links_and_one_living_repository(tmp_path: Path) -> None:
    article = article_of(tmp_path, *(f"[a link]({HOME}/{part})" for part in DEAD))
    with Sandbox(repositories=[CODE]) as sandbox:
        token = {"github_token": sandbox.credentials["github_token"]}
        _, rows = run_in(sandbox, tmp_path / "data", [article], **token)
        asked = sandbox.world.count("api.github.com", "/graphql")
    assert asked == 1
    assert set(rows) == {"github:guild/code", *(f"github:guild/code/{part}" for part in DEAD)}
    home = rows.pop("github:guild/code")
    assert (home["health"], home["kind"], home["repository"], home["mentions"]) == (
        "alive",
        "repository",
        None,
        0,
    )
    assert home["stars"] == 12
    assert {row["health"] for row in rows.values()} == {"broken"}
    assert {row["repository"] for row in rows.values()} == {"github:guild/code"}
    assert all(row["reason"] and row["detail"] for row in rows.values())


def test_the_kinds_and_lines_that_are_linked(tmp_path: Path) -> None:
    lines = [
        f"[a]({HOME}/blob/main/train.py#L1)",
        f"[b]({HOME}/blob/main/train.py#L90)",
        f"[c]({HOME}/issues/1)",
    ]
    with Sandbox(repositories=[CODE]) as sandbox:
        token = {"github_token": sandbox.credentials["github_token"]}
        _, rows = run_in(sandbox, tmp_path / "data", [article_of(tmp_path, *lines)], **token)
    file = rows["github:guild/code/blob/main/train.py"]
    assert (file["kind"], file["health"], file["mentions"]) == ("file", "alive", 2)
    assert file["notes"] == ["line 90 is linked, and the file has 2 lines"]
    assert rows["github:guild/code/issues/1"]["kind"] == "issue"


def test_a_paper_whose_code_is_a_folder_has_the_record_of_its_repository(tmp_path: Path) -> None:
    paper = "https://openreview.net/forum?id=B1e9Y2NYvS"
    article = article_of(tmp_path, f"[paper]({paper}), [code]({HOME}/tree/main/gone)")
    with Sandbox(repositories=[CODE]) as sandbox:
        token = {"github_token": sandbox.credentials["github_token"]}
        result, _ = run_in(sandbox, tmp_path / "data", [article], **token)
    (published,) = result.published.values()
    (row,) = pd.read_csv(published.path / "papers.csv").to_dict("records")
    assert row["code_url"] == f"{HOME}/tree/main/gone"
    assert (row["code_target"], row["code_health"], row["stars"]) == ("github:guild/code", "broken", 12)


def test_fix_writes_the_permalink_of_a_removed_file(tmp_path: Path) -> None:
    article = article_of(tmp_path, f"[old]({HOME}/blob/main/old.py#L3)")
    with Sandbox(repositories=[CODE]) as sandbox:
        _, rows = run_in(sandbox, tmp_path / "data", [article])
    row = rows["github:guild/code/blob/main/old.py"]
    assert (row["health"], row["reason"]) == ("broken", "file_removed")
    text = f"[old]({HOME}/blob/main/old.py#L3)\n"
    proposal = fixing.propose(decode(text.encode(), "a.md").text, read_article(text.encode(), "a.md"), rows)
    assert fixing.apply(text, proposal.edits) == f"[old]({row['suggested_url']}#L3)\n"
