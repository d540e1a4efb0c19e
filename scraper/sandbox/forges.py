"""gitlab.com and codeberg.org: their public REST APIs over made-up repositories (`World.forges`).

Shapes: GitLab names a project by its whole path in one step, says `404 Project Not Found` or what else is not
there, and finds projects under former names; Gitea redirects from a former name to the present one.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from scraper.sandbox import history, repository
from scraper.sandbox.messages import Ask, Reply, as_json, page, redirect
from scraper.sandbox.world import World

Json = dict[str, Any]


def _found(world: World, host: str, path: str) -> Json | None:
    return world.forges.get(f"{host}/{path}".lower())


def _former(world: World, host: str, path: str) -> Json | None:
    every = ((key, one) for key, one in world.forges.items() if key.startswith(f"{host}/"))
    return next((one for _, one in every if path.lower() in map(str.lower, one["previous"])), None)


def _is_owner(world: World, host: str, path: str) -> bool:
    return any(key.startswith(f"{host}/{path}/".lower()) for key in world.forges)


# GitLab -------------------------------------------------------------------------------------------


def gitlab(world: World, ask: Ask) -> Reply:
    if not ask.path.startswith("/api/v4/"):
        return page("GitLab", "<h1>GitLab</h1>")
    kind, _, rest = ask.path.removeprefix("/api/v4/").partition("/")
    name, *steps = [unquote(step) for step in rest.split("/")]
    if kind == "groups":
        known = _is_owner(world, ask.host, name)
        return as_json({"full_path": name}) if known else _missing("Group")
    if kind == "users":
        return as_json([])
    found = _found(world, ask.host, name) or _former(world, ask.host, name)
    if kind != "projects" or found is None or found["private"]:
        return _missing("Project")
    return as_json(_project(found)) if not steps else _in_project(found, steps, ask)


def _missing(what: str) -> Reply:
    return as_json({"message": f"404 {what} Not Found"}, 404)


def _project(found: Json) -> Json:
    spdx = found["license"]
    parent = {"path_with_namespace": found["fork_of"]} if found["fork_of"] else None
    return {
        "id": found["id"],
        "path_with_namespace": found["full_name"],
        "description": found["description"],
        "default_branch": found["default_branch"],
        "visibility": "public",
        "archived": found["archived"],
        "star_count": found["stars"],
        "forks_count": found["forks"],
        "open_issues_count": found["open_issues"],
        "topics": found["topics"],
        "created_at": found["created_at"],
        "last_activity_at": found["pushed_at"],
        "web_url": f"https://gitlab.com/{found['full_name']}",
        "license": spdx and {"key": spdx.lower(), "name": spdx},
        "forked_from_project": parent,
    }


def _in_project(found: Json, steps: list[str], ask: Ask) -> Reply:
    match steps:
        case ["repository", "files", path]:
            one = history.resolve(found, ask.value("ref"))
            return as_json({"file_path": path}) if one and path in one.tree else _missing("File")
        case ["repository", "tree"]:
            one, path = history.resolve(found, ask.value("ref")), ask.value("path")
            known = one is not None and dict(history.paths(one.tree)).get(path) == "tree"
            return as_json([{"path": path}]) if known else _missing("Tree")
        case ["repository", "tags", name]:
            return as_json({"name": name}) if name in found["tags"] else _missing("Tag")
        case ["repository", "commits"]:
            return as_json(_gitlab_commits(found, ask))
        case ["repository", "commits", revision]:
            one = history.resolve(found, revision)
            return as_json(_gitlab_commit(one)) if one else _missing("Commit")
        case ["repository", "commits", revision, "diff"]:
            one = history.resolve(found, revision)
            return as_json([_gitlab_diff(file) for file in one.files]) if one else _missing("Commit")
        case ["issues" | "merge_requests", number]:
            known = int(number) in found["issues" if steps[0] == "issues" else "pulls"]
            return as_json({"iid": int(number)}) if known else _missing("Issue")
        case ["releases", tag]:
            return as_json({"tag_name": tag}) if repository.release_of(found, tag) else _missing("Release")
        case ["wikis", name]:
            return as_json({"slug": name}) if name in found["wiki"] else _missing("Wiki Page")
    return _missing("Page")


def _gitlab_commits(found: Json, ask: Ask) -> list[Json]:
    path = ask.value("path")
    touching = [one for one in history.commits(found) if not path or one.touches(path)]
    return [_gitlab_commit(one) for one in touching[: int(ask.value("per_page", "20"))]]


def _gitlab_commit(one: history.Commit) -> Json:
    return {"id": one.sha, "parent_ids": [one.parent] if one.parent else [], "committed_date": one.date}


def _gitlab_diff(file: Json) -> Json:
    status = file["status"]
    return {
        "old_path": file.get("previous_filename", file["filename"]),
        "new_path": file["filename"],
        "new_file": status == "added",
        "renamed_file": status == "renamed",
        "deleted_file": status == "removed",
    }


# Gitea and Forgejo --------------------------------------------------------------------------------


def gitea(world: World, ask: Ask) -> Reply:
    if not ask.path.startswith("/api/v1/"):
        return page("Codeberg", "<h1>Codeberg</h1>")
    kind, *steps = [unquote(step) for step in ask.path.removeprefix("/api/v1/").split("/")]
    nothing = as_json({"message": "The target couldn't be found."}, 404)
    if kind == "users":
        return as_json({"login": steps[0]}) if _is_owner(world, ask.host, steps[0]) else nothing
    path = "/".join(steps[:2])
    found, former = _found(world, ask.host, path), _former(world, ask.host, path)
    if found is None and former is not None:
        below = "/".join([former["full_name"], *steps[2:]])
        return redirect(f"https://{ask.host}/api/v1/repos/{below}", 307)
    if kind != "repos" or found is None or found["private"]:
        return nothing
    return as_json(_repository(found)) if not steps[2:] else _in_repository(found, steps[2:], ask) or nothing


def _repository(found: Json) -> Json:
    return {
        "id": found["id"],
        "full_name": found["full_name"],
        "description": found["description"],
        "default_branch": found["default_branch"],
        "private": False,
        "archived": found["archived"],
        "stars_count": found["stars"],
        "forks_count": found["forks"],
        "watchers_count": found["watchers"],
        "open_issues_count": found["open_issues"],
        "language": found["language"],
        "topics": found["topics"],
        "website": found["homepage"] or "",
        "created_at": found["created_at"],
        "updated_at": found["pushed_at"],
        "licenses": [found["license"]] if found["license"] else [],
        "parent": {"full_name": found["fork_of"]} if found["fork_of"] else None,
        "size": found["size"],
    }


def _in_repository(found: Json, steps: list[str], ask: Ask) -> Reply | None:
    match steps:
        case ["contents", *path]:
            one = history.resolve(found, ask.value("ref"))
            known = one is not None and "/".join(path) in dict(history.paths(one.tree))
            return as_json({"path": "/".join(path)}) if known else None
        case ["commits"]:
            start = history.resolve(found, ask.value("sha", "HEAD"))
            within = ask.value("path")
            every = [one for one in history.commits(found) if not within or one.touches(within)]
            return as_json([_gitea_commit(one) for one in every[:1]]) if start else None
        case ["git", "commits", revision]:
            one = history.resolve(found, revision)
            return as_json(_gitea_commit(one)) if one else None
        case ["issues" | "pulls", number]:
            return as_json({"number": int(number)}) if int(number) in found[steps[0]] else None
        case ["releases", "tags", *tag]:
            known_release = repository.release_of(found, "/".join(tag))
            names = known_release and [{"name": name} for name in known_release.get("assets", ())]
            return as_json({"tag_name": "/".join(tag), "assets": names}) if known_release else None
        case ["wiki", "page", *name]:
            return as_json({"title": "/".join(name)}) if "/".join(name) in found["wiki"] else None
    return None


def _gitea_commit(one: history.Commit) -> Json:
    files = [{"filename": file["filename"], "status": file["status"]} for file in one.files]
    parents = [{"sha": one.parent}] if one.parent else []
    return {"sha": one.sha, "parents": parents, "commit": {"committer": {"date": one.date}}, "files": files}
