"""An answer of very many values is not read: while it is parsed, nobody else is heard."""

from __future__ import annotations

import json

import pytest

from scraper.sites.arxiv.preprints import read_feed
from scraper.sites.citation import read_head
from scraper.sites.values import parse_json

MANY = 4_000_000


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"1," * MANY + b"1]",
        b"[" + b"{}," * MANY + b"{}]",
        b"{" + b",".join(b'"k%d":1' % number for number in range(MANY // 4)) + b"}",
    ],
    ids=["numbers", "objects", "names"],
)
def test_no_answer_holds_the_loop_for_long(body: bytes) -> None:
    assert parse_json(body) is None


def test_a_large_answer_with_few_values_is_read() -> None:
    assert parse_json(b'{"text": "' + b"x" * 8_000_000 + b'"}') == {"text": "x" * 8_000_000}


def test_the_largest_tree_that_github_gives_is_read() -> None:
    sha = "f" * 40
    url = f"https://api.github.com/repos/owner/name/git/blobs/{sha}"
    blob = {"path": "a, b: c.py", "mode": "100644", "type": "blob", "sha": sha, "size": 1, "url": url}
    tree = json.dumps({"sha": sha, "url": url, "tree": [blob] * 100_000, "truncated": True}).encode()
    assert len(parse_json(tree)["tree"]) == 100_000


def test_no_more_entries_are_read_than_a_batch_can_have() -> None:
    entry = b"<entry><id>http://arxiv.org/abs/2001.%05dv1</id><title>x</title></entry>"
    feed = b"".join(entry % number for number in range(5_000))
    found = read_feed(b"<feed xmlns='http://www.w3.org/2005/Atom'>" + feed + b"</feed>")
    assert found is not None
    assert "2001.00001" in found.entries
    assert "2001.04999" not in found.entries


def test_a_head_that_is_nested_without_end_is_read_as_far_as_it_is_a_page() -> None:
    head = read_head(b"<head><title>A</title><meta name='Citation_Title' content='B'>" + b"<a>" * 40_000)
    assert (head.title, head.first("citation_title")) == ("A", "B")
