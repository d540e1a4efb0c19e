"""The sandbox's own records (`records.json`) in the shapes that the faces serve. Pure; says what is invented.

Titles, authors, decisions and identifiers of the sixteen papers and the licences and dates of the nine
repositories are facts. Abstracts, stars, file trees and the like are invented; so is every record whose name
has `sbx` or `sandbox` in it.
"""

from __future__ import annotations

import copy
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from scraper.sandbox import replies

Json = dict[str, Any]

# Of the sandbox, worth nothing elsewhere: nothing that S105 (a password in the source) is about
GITHUB_TOKEN = "ghp_sandbox0000000000000000000000000000"  # noqa: S105
OPENREVIEW_TOKEN = "sandbox-openreview-token"  # noqa: S105
OPENREVIEW_USERS = {"reader@sandbox.test": "sandbox-password", "mfa@sandbox.test": "sandbox-password"}
"""Accounts of the sandbox's OpenReview. The second asks for a second factor."""

FORUM_STAMPS = ("20220926095407", "20240615120000", "20251015083000")
"""When the archive visited every forum: once in each style of the page (see `forum.py`)."""
CHALLENGE_STAMP = "20260815040404"


@cache
def _raw() -> Json:
    loaded: Json = json.loads(files("scraper.sandbox").joinpath("records.json").read_text("utf-8"))
    return loaded


def table(name: str) -> list[Json]:
    """One table of `records.json`, as a copy that may be changed."""
    rows: list[Json] = copy.deepcopy(_raw()[name])
    return rows


# OpenReview


def notes(
    given: Iterable[Mapping[str, Any]], decisions: Mapping[str, tuple[str, Sequence[int | str]]]
) -> dict[str, Json]:
    """All notes by id: the sandbox's own, then the given ones (v1 or v2 shape), which win over those.

    A given note may bring its replies in `details.replies`; else they are made from `decisions[id]`, a pair
    of decision (empty: none) and ratings in the order of the reviews.
    """
    own = [_note(one) for one in table("papers")]
    own += [_note(one) for one in table("notes")] + [_note_v2(one) for one in table("notes_v2")]
    result = {note["id"]: note for note in own}
    for one in given:
        note = copy.deepcopy(dict(one))
        note.setdefault("details", {}).setdefault("replies", [])
        result[note["id"]] = note
    for identifier, (decision, ratings) in decisions.items():
        note = result[identifier]
        make = replies.for_note_v2 if note.get("version") == 2 else replies.for_note
        note["details"]["replies"] = make(note, decision, ratings)
    return result


def _note(paper: Json) -> Json:
    identifier, authors = paper["id"], paper.get("authors", ["Ada Sandbox", "Ben Sandbox"])
    invitation = paper.get("invitation", "ICLR.cc/2020/Conference/-/Blind_Submission")
    group, created = invitation.partition("/-/")[0], paper.get("cdate", 1569438812057)
    note: Json = {
        "id": identifier,
        "original": paper.get("original"),
        "number": paper.get("number", 9000),
        "cdate": created,
        "pdate": 1576800000000,
        "tcdate": created,
        "tmdate": paper.get("tmdate", 1583912045523),
        "mdate": None,
        "ddate": 1590000000000 if paper.get("kind") == "deleted" else None,
        "tddate": None,
        "forum": identifier,
        "referent": None,
        "replyto": None,
        "invitation": invitation,
        "content": _content(paper, authors, group.split("/")[1]),
        "signatures": [group],
        "nonreaders": [],
        "writers": [group],
        "readers": [f"{group}/Program_Chairs"] if paper.get("kind") == "private" else ["everyone"],
    }
    made = replies.for_note(note, paper.get("decision"), paper.get("ratings", []), paper.get("shape", ""))
    return note | {"details": {"replies": made}}


def _content(paper: Json, authors: list[str], year: str) -> Json:
    title, first = paper["title"], paper["title"].split()[0]
    content: Json = {
        "title": title,
        "authors": authors,
        "authorids": [f"author{index}@sandbox.test" for index in range(1, len(authors) + 1)],
        "abstract": paper["abstract"],
        "keywords": paper.get("keywords", []),
        "pdf": paper.get("pdf", f"/pdf/{zlib.crc32(paper['id'].encode()):040x}.pdf"),
        "original_pdf": "/attachment/" + "0" * 40 + ".pdf",
        "paperhash": f"{authors[0].split()[-1].lower()}|{'_'.join(title.lower().split())}",
        "_bibtex": f"@inproceedings{{\n{authors[0].split()[-1]}{year}{first},\ntitle={{{title}}},\n"
        f"author={{{' and '.join(authors)}}},\n"
        "booktitle={International Conference on Learning Representations},\n"
        f"year={{{year}}},\nurl={{https://openreview.net/forum?id={paper['id']}}}\n}}",
        # Present and empty, as most optional fields are in the records of 2020
        "full_presentation_video": "",
        "slides": "",
    }
    optional = {paper.get("tldr_key", "TL;DR"): paper.get("tldr"), "code": paper.get("code")}
    return content | {name: value for name, value in optional.items() if value}


def _note_v2(paper: Json) -> Json:
    group, created = "/".join(paper["venueid"].split("/")[:3]), 1726000000000
    content = {
        "title": paper["title"],
        "authors": paper["authors"],
        "abstract": paper["abstract"],
        "TLDR": paper.get("tldr"),
        "keywords": ["sandbox"],
        "venue": paper["venue"],
        "venueid": paper["venueid"],
        "pdf": f"/pdf/{zlib.crc32(paper['id'].encode()):040x}.pdf",
        "_bibtex": f"@inproceedings{{\nsandbox,\ntitle={{{paper['title']}}},\n"
        f"booktitle={{{paper['venue']}}}\n}}",
    }
    note: Json = {
        "id": paper["id"],
        "forum": paper["id"],
        "number": paper["number"],
        "version": 2,
        "domain": group,
        "invitations": [f"{group}/-/Submission", f"{group}/-/Edit"],
        "license": "CC BY 4.0",
        "externalIds": paper.get("externalIds", []),
        "cdate": created,
        "mdate": created + 9,
        "pdate": created + 5,
        "odate": created + 6,
        "tcdate": created,
        "tmdate": created + 9,
        "content": {key: {"value": value} for key, value in content.items() if value},
        "signatures": [f"{group}/Submission{paper['number']}/Authors"],
        "readers": ["everyone"],
        "writers": [group],
    }
    return note | {"details": {"replies": replies.for_note_v2(note, paper["decision"], paper["ratings"])}}


# GitHub

_DEFAULTS: Json = {
    "description": "Sandbox: a made-up repository",
    "homepage": None,
    "language": "Python",
    "stars": 12,
    "forks": 3,
    "watchers": 2,
    "open_issues": 1,
    "open_pulls": 0,
    "license": "MIT",
    "archived": False,
    "archived_at": None,
    "disabled": False,
    "private": False,
    "fork_of": None,
    "topics": [],
    "created_at": "2019-01-01T00:00:00Z",
    "pushed_at": "2020-06-01T12:00:00Z",
    "last_commit_at": "2020-06-01T12:00:00Z",
    "default_branch": "master",
    "size": 100,
    "release": None,
    "tags": [],
    "tree": ["LICENSE", "README.md", "main.py"],
    "pretrained": False,
    "results_table": False,
    "blocked": None,
    "previous": [],
    "history": [],
    "branches": {},
    "files": {},
    "releases": [],
    "issues": [],
    "pulls": [],
    "discussions": [],
    "converted": {},
    "transferred": {},
    "deleted_issues": [],
    "wiki": [],
    "milestones": [],
}
"""Every field of a repository's record, with the value for one that says nothing.

`history.py` tells of `history` and `branches`. `issues`, `pulls`, `discussions` and `milestones` are numbers,
`converted` is an issue's number and the discussion it became, `transferred` an issue's number and its new
place (`owner/name#7`), `wiki` names of pages, `files` texts by path.
"""


def repositories(given: Iterable[Mapping[str, Any]]) -> dict[str, Json]:
    """All repositories by lower-case full name: the sandbox's own, then the given (maybe partial) ones."""
    own = table("repositories") + table("made_up_repositories")
    return {one["full_name"].lower(): repository(one) for one in (*own, *given)}


def repository(partial: Mapping[str, Any]) -> Json:
    """A whole record from a partial one that has at least `full_name`."""
    unknown = set(partial) - set(_DEFAULTS) - {"full_name", "id", "readme", "readme_title"}
    if unknown:
        raise ValueError(f"unknown fields of a repository: {', '.join(sorted(unknown))}")
    name = partial["full_name"]
    whole = copy.deepcopy(_DEFAULTS) | {"id": zlib.crc32(name.lower().encode())} | dict(partial)
    return {"readme": _readme(whole)} | whole


def _readme(repository: Json) -> str:
    title = repository.get("readme_title", repository["full_name"])
    lines = [f"# {title}", "", "This README was made up for the sandbox; it is not the authors'.", ""]
    if repository["pretrained"]:
        lines += ["A [pretrained model](https://models.sandbox.test/page/1) is available.", ""]
    if repository["results_table"]:
        lines += ["## Results", "", "| Model | Accuracy |", "| --- | --- |", "| invented | 12.3 % |", ""]
    return "\n".join(lines)


def renamed(repositories: Mapping[str, Json]) -> dict[str, int]:
    """Former lower-case names, each with the id of the repository that had it."""
    return {old.lower(): one["id"] for one in repositories.values() for old in one["previous"]}


# The rest


def drive() -> dict[str, str]:
    """Files of the sandbox's Google Drive: id to `open` or `login`; others do not exist."""
    return {one["id"]: one["state"] for one in table("drive") if one["state"] != "gone"}


def archived() -> list[str]:
    """Addresses of the article, other than forums, of which the archive holds a copy."""
    web = [one["url"] for one in table("web") if one.get("label") and one.get("archived", True)]
    github = [f"https://github.com/{one['full_name']}" for one in table("repositories")]
    return web + github
