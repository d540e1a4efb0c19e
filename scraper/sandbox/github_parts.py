"""What REST tells of the parts of a repository, the bytes of its files, and the pages below its own.

Shapes: an issue that was transferred answers 301 with the number it has now, a deleted one 410; a commit that
does not exist 422, or 404 where it is a branch; GitHub's pages say 404 to those whom it throttles.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from scraper.sandbox import history, repository
from scraper.sandbox.github_limits import DOCS, message
from scraper.sandbox.messages import Ask, Reply, as_json, as_text, page, redirect
from scraper.sandbox.world import World

Json = dict[str, Any]


def rest(world: World, found: Json, steps: list[str], ask: Ask) -> Reply | None:
    """Commits, contents, tags, releases and issues; None for what does not exist."""
    match steps:
        case ["commits"] if found["default_branch"]:
            return _commits(found, ask)
        case ["commits", *revision]:
            return _commit(found, "/".join(revision))
        case ["contents", *path]:
            return _contents(found, "/".join(path), ask.value("ref", "HEAD"))
        case ["git", "ref", "tags", *tag]:
            name = "/".join(tag)
            return as_json({"ref": f"refs/tags/{name}"}) if name in found["tags"] else None
        case ["releases", "tags", *tag]:
            known = repository.release_of(found, "/".join(tag))
            return as_json(release(known)) if known else None
        case ["milestones", number]:
            return as_json({"number": int(number)}) if int(number) in found["milestones"] else None
        case ["compare", *both]:
            return as_json({"status": "ahead"}) if _compared(found, "/".join(both)) else None
        case ["issues", number]:
            return _issue(world, found, number)
    return None


def _commits(found: Json, ask: Ask) -> Reply | None:
    start = history.resolve(found, ask.value("sha", "HEAD"))
    if start is None:
        return message("Not Found", 404, f"{DOCS}/commits/commits#list-commits")
    every = history.commits(found)
    names = [one.sha for one in every]
    since = every[names.index(start.sha) :] if start.sha in names else [start]
    path = ask.value("path").strip("/")
    touching = [one for one in since if not path or one.touches(path)]
    return as_json([_listed(found, one) for one in touching[: int(ask.value("per_page", "30"))]])


def _listed(found: Json, one: history.Commit) -> Json:
    body = repository.commit(found, one.sha, one.date)
    return body | {"parents": [{"sha": one.parent}] if one.parent else []}


def _commit(found: Json, revision: str) -> Reply:
    one = history.resolve(found, revision)
    if one is None:
        return message(f"No commit found for SHA: {revision}", 422, f"{DOCS}/commits/commits#get-a-commit")
    files = [
        {"sha": repository.sha(file["filename"]), "additions": 1, "deletions": 1, **file}
        for file in one.files
    ]
    return as_json(_listed(found, one) | {"files": files[:300]})


def _contents(found: Json, path: str, revision: str) -> Reply | None:
    one = history.resolve(found, revision)
    if one is None:
        return message(f"No commit found for the ref {revision}", 404, f"{DOCS}/repos/contents")
    kind = dict(history.paths(one.tree)).get(path)
    if kind == "tree":
        inside = [name for name in one.tree if name.startswith(f"{path}/")]
        return as_json(
            [{"name": name.rpartition("/")[2], "path": name, "type": "file"} for name in sorted(inside)]
        )
    return as_json({"type": "file", "path": path, "name": path.rpartition("/")[2]}) if kind else None


def release(found: Json) -> Json:
    body = {"tag_name": found["tag"], "name": found["name"], "draft": False}
    body |= {"prerelease": found["prerelease"], "published_at": found["published_at"]}
    return body | {"assets": [{"name": name} for name in found.get("assets", ())]}


def _issue(world: World, found: Json, number: str) -> Reply | None:
    name = found["full_name"]
    if moved := found["transferred"].get(number):
        place, _, there = moved.partition("#")
        home = world.repository(place)
        if home is None:
            return None
        url = f"{repository.API}/repositories/{home['id']}/issues/{there}"
        return as_json({"message": "Moved Permanently", "url": url}, 301, {"location": url})
    if number in found["deleted_issues"]:
        return message("This issue was deleted", 410, f"{DOCS}/issues/issues#get-an-issue")
    for kind, path in (("issues", "issues"), ("pulls", "pull")):
        if int(number) in found[kind]:
            return as_json({"number": int(number), "html_url": f"https://github.com/{name}/{path}/{number}"})
    return None


def gist(world: World, number: str) -> Reply:
    found = world.gists.get(number)
    if found is None:
        return message("Not Found", 404, f"{DOCS}/gists/gists#get-a-gist")
    body = {"id": number, "public": True, "description": found, "files": {"made_up.py": {"size": 40}}}
    stamps = {"created_at": "2020-01-01T00:00:00Z", "updated_at": "2020-01-02T00:00:00Z"}
    return as_json(body | stamps | {"html_url": f"https://gist.github.com/{number}"})


def raw(world: World, ask: Ask) -> Reply:
    """raw.githubusercontent.com: the bytes of files, with an honest 404 and no budget."""
    steps = [unquote(step) for step in ask.path.strip("/").split("/")]
    missing = as_text("404: Not Found", 404)
    if steps[0] == "wiki":
        found = world.repository("/".join(steps[1:3]))
        return (
            as_text("# A page\n")
            if found and "/".join(steps[3:]).removesuffix(".md") in found["wiki"]
            else missing
        )
    found = world.repository("/".join(steps[:2]))
    if found is None or found["private"] or found["blocked"]:
        return missing
    for cut in range(3, len(steps)):
        one, path = history.resolve(found, "/".join(steps[2:cut])), "/".join(steps[cut:])
        if one is not None and path in one.tree:
            return as_text(repository.text_of(found, path))
    return missing


def shown(world: World, found: Json, below: str, ask: Ask) -> Reply | None:
    """The page of a part; None for what does not exist, which GitHub's own page says as well."""
    if world.faults.on("github_pages_throttled"):
        return None
    steps = [unquote(step) for step in below.strip("/").split("/")]
    shown_to_all = page(f"{below} · GitHub", f"<h1>{found['full_name']}</h1>")
    match steps:
        case ["issues" | "pull" | "discussions", number, *_] if number.isdecimal():
            return _thread(found, steps[0], int(number))
        case ["wiki", *rest] if not found["wiki"] or (rest and "/".join(rest) not in found["wiki"]):
            home = f"https://github.com/{found['full_name']}"
            return redirect(f"{home}/wiki" if found["wiki"] else home)
        case ["blob" | "tree", *rest] if rest:
            return shown_to_all if _names_something(found, rest) else None
        case ["actions", "workflows", name]:
            return shown_to_all if f".github/workflows/{name}" in found["tree"] else None
        case ["milestone", number]:
            return shown_to_all if int(number) in found["milestones"] else None
        case ["compare", *both]:
            return shown_to_all if _compared(found, "/".join(both)) else None
        case ["commit", revision]:
            return shown_to_all if history.resolve(found, revision) else None
        case ["archive", *rest]:
            revision = re.sub(r"\.(?:zip|tar\.gz)$", "", "/".join(rest))
            return shown_to_all if history.resolve(found, revision) else None
        case ["releases", "tag", *tag]:
            return shown_to_all if _tagged(found, "/".join(tag)) else None
        case ["releases", "download", *tag, name]:
            known = repository.release_of(found, "/".join(tag))
            return shown_to_all if known and name in known.get("assets", ()) else None
    return shown_to_all


def _compared(found: Json, written: str) -> bool:
    both = written.split("...") if "..." in written else ["HEAD", written]
    return all(history.resolve(found, revision) for revision in both)


def _tagged(found: Json, tag: str) -> bool:
    return tag in found["tags"] or repository.release_of(found, tag) is not None


def _thread(found: Json, place: str, number: int) -> Reply | None:
    name = found["full_name"]
    if became := found["converted"].get(str(number)):
        return redirect(f"https://github.com/{name}/discussions/{became}", 301)
    home = {"issues": "issues", "pulls": "pull", "discussions": "discussions"}
    kind = next((kind for kind in home if number in found[kind]), None)
    if kind is None:
        return None
    if home[kind] != place:
        return redirect(f"https://github.com/{name}/{home[kind]}/{number}", 302)
    return page(f"#{number} · {name}", f"<h1>{number}</h1>")


def _names_something(found: Json, steps: list[str]) -> bool:
    for cut in range(1, len(steps) + 1):
        one, path = history.resolve(found, "/".join(steps[:cut])), "/".join(steps[cut:])
        if one is not None and (not path or path in dict(history.paths(one.tree))):
            return True
    return False
