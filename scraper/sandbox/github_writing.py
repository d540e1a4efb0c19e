"""What a token may write by GitHub's REST API: issues, comments, branches, files and pull requests.

Shapes and refusals as documented under https://docs.github.com/rest: a list of issues holds pull requests
too, a branch that is there is 422, a file is replaced only by whoever names its present `sha` (409, 422), and
there is one open pull request of a branch. Nobody writes without a token.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scraper.sandbox.github_limits import DOCS, message
from scraper.sandbox.messages import Ask, Reply, as_json
from scraper.sandbox.repository import API, sha
from scraper.sandbox.world import World

Json = dict[str, Any]

ACCOUNT = "sandbox"
"""Who the sandbox's token belongs to."""


@dataclass
class Desk:
    """What was written in one repository. Issues and pull requests share their numbers."""

    full_name: str
    default: str
    threads: list[Json] = field(default_factory=list)
    comments: dict[int, list[Json]] = field(default_factory=dict)
    branches: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """Branch to the files that somebody put there, by path."""
    heads: dict[str, str] = field(default_factory=dict)
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def commit(self, branch: str, files: dict[str, bytes]) -> str:
        name = sha(self.full_name, branch, len(self.commits))
        self.commits[name] = self.branches[branch] = dict(files)
        self.heads[branch] = name
        return name


def desk(world: World, full_name: str) -> Desk:
    """The desk of a repository; its default branch is there from the beginning."""
    found = world.repositories[full_name.lower()]
    if full_name.lower() not in world.written:
        made = Desk(found["full_name"], found["default_branch"])
        made.commit(made.default, {})
        world.written[full_name.lower()] = made
    known: Desk = world.written[full_name.lower()]
    return known


def answer(world: World, found: Json, steps: list[str], ask: Ask) -> Reply | None:
    """The reply to what concerns written things; None for everything else."""
    here = desk(world, found["full_name"]) if found["default_branch"] else None
    if here is None:
        return None
    if ask.method != "GET" and not ask.bearer:
        return message("Requires authentication", 401)
    match ask.method, steps:
        case "GET", ["issues"]:
            return _list(ask, [one for one in here.threads if _wanted(ask, one)])
        case "POST", ["issues"]:
            return as_json(_thread(here, ask.json()), 201)
        case "PATCH", ["issues" | "pulls", number]:
            return _known(here, number, lambda thread: _changed(thread, ask.json()))
        case "GET", ["issues", number, "comments"]:
            return _known(here, number, lambda thread: _list(ask, here.comments.get(thread["number"], [])))
        case "POST", ["issues", number, "comments"]:
            return _known(here, number, lambda thread: _comment(here, thread, ask.json()))
        case _, ["git", "ref" | "refs", *rest]:
            return _refs(here, ask, rest)
        case _, ["contents", *path]:
            return _contents(here, ask, "/".join(path))
        case _, ["pulls"]:
            return _pulls(here, ask)
    return None


def _list(ask: Ask, every: list[Json]) -> Reply:
    size, page = int(ask.value("per_page", "30")), int(ask.value("page", "1"))
    return as_json(every[size * (page - 1) : size * page])


def _wanted(ask: Ask, thread: Json) -> bool:
    state, creator = ask.value("state", "open"), ask.value("creator")
    return state in ("all", thread["state"]) and creator in ("", thread["user"]["login"])


def _thread(here: Desk, given: Json, **more: Any) -> Json:
    number = len(here.threads) + 1
    kind = "pull" if "head" in more else "issues"
    made = {
        "number": number,
        "state": "open",
        "user": {"login": ACCOUNT},
        "title": given["title"],
        "body": given.get("body"),
        "html_url": f"https://github.com/{here.full_name}/{kind}/{number}",
        **more,
    }
    here.threads.append(made)
    return made


def _known(here: Desk, number: str, use: Callable[[Json], Reply]) -> Reply | None:
    found = [one for one in here.threads if str(one["number"]) == number]
    return use(found[0]) if found else None


def _changed(thread: Json, given: Json) -> Reply:
    thread |= {name: given[name] for name in ("title", "body", "state") if name in given}
    return as_json(thread)


def _comment(here: Desk, thread: Json, given: Json) -> Reply:
    made = {"body": given["body"], "user": {"login": ACCOUNT}}
    here.comments.setdefault(thread["number"], []).append(made)
    return as_json(made, 201)


def _refs(here: Desk, ask: Ask, rest: list[str]) -> Reply | None:
    given = ask.json() or {}
    branch = "/".join(rest).removeprefix("heads/") or str(given.get("ref", "")).removeprefix("refs/heads/")
    if ask.method == "GET":
        return _ref(here, branch) if branch in here.heads else None
    if given.get("sha") not in here.commits:
        return message("Object does not exist", 422, f"{DOCS}/git/refs")
    if (ask.method == "POST") == (branch in here.heads):
        words = "Reference already exists" if ask.method == "POST" else "Reference does not exist"
        return message(words, 422, f"{DOCS}/git/refs")
    here.heads[branch], here.branches[branch] = given["sha"], dict(here.commits[given["sha"]])
    return _ref(here, branch, 201 if ask.method == "POST" else 200)


def _ref(here: Desk, branch: str, status: int = 200) -> Reply:
    return as_json(
        {"ref": f"refs/heads/{branch}", "object": {"type": "commit", "sha": here.heads[branch]}}, status
    )


def _contents(here: Desk, ask: Ask, path: str) -> Reply | None:
    given = ask.json() if ask.method == "PUT" else {}
    branch = given.get("branch") or ask.value("ref") or here.default
    files = here.branches.get(branch, {})
    if ask.method == "GET":
        return _file(path, files[path]) if path in files else None
    if branch not in here.branches:
        return message(f"Branch {branch} not found", 404, f"{DOCS}/repos/contents")
    if path in files and "sha" not in given:
        return message('Invalid request.\n\n"sha" wasn\'t supplied.', 422, f"{DOCS}/repos/contents")
    if path in files and given["sha"] != sha(files[path]):
        return message(f"{path} does not match {given['sha']}", 409, f"{DOCS}/repos/contents")
    name = here.commit(branch, {**files, path: base64.b64decode(given["content"])})
    return as_json({"content": {"path": path}, "commit": {"sha": name, "message": given["message"]}})


def _file(path: str, data: bytes) -> Reply:
    about = {"type": "file", "path": path, "sha": sha(data), "size": len(data)}
    if len(data) > 1_000_000:  # "1-100 MB: … the content field will be an empty string"
        return as_json(about | {"encoding": "none", "content": ""})
    return as_json(about | {"encoding": "base64", "content": base64.encodebytes(data).decode()})


def _pulls(here: Desk, ask: Ask) -> Reply:
    pulls = [one for one in here.threads if "head" in one]
    if ask.method == "GET":
        label = ask.value("head")
        state = ask.value("state", "open")
        found = [one for one in pulls if one["head"]["label"] == label and state in ("all", one["state"])]
        return _list(ask, found[::-1])
    given = ask.json()
    label = f"{here.full_name.partition('/')[0]}:{given['head']}"
    if given["head"] not in here.heads or given["base"] not in here.heads:
        return message("Validation Failed", 422, f"{DOCS}/pulls/pulls#create-a-pull-request")
    if any(one["head"]["label"] == label and one["state"] == "open" for one in pulls):
        return message(f"A pull request already exists for {label}.", 422, f"{DOCS}/pulls/pulls")
    if here.branches[given["head"]] == here.branches[given["base"]]:
        return message(f"No commits between {given['base']} and {given['head']}", 422, f"{DOCS}/pulls/pulls")
    head = {"label": label, "ref": given["head"], "repo": {"full_name": here.full_name}}
    api = f"{API}/repos/{here.full_name}/pulls/{len(here.threads) + 1}"
    more = {"head": head, "base": {"ref": given["base"]}, "merged_at": None, "pull_request": {"url": api}}
    return as_json(_thread(here, given, **more), 201)
