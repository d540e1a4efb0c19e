"""Hosts that show what is in a repository under addresses of their own. Pure.

A notebook is linked by its viewer more often than by its page (nbviewer, Colab, Binder), a file by what
serves its bytes. All of them live on a place in a repository, and lead to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, unquote

from scraper.addresses import Parts, parts
from scraper.verdicts.patterns import lazily

OWN = frozenset(("github.com", "www.github.com", "m.github.com"))

_PAGES = {
    **dict.fromkeys(OWN, ""),
    "github.dev": "",
    "www.github.dev": "",
    "github1s.com": "",
    "www.github1s.com": "",
    "api.github.com": "repos/",
    "vscode.dev": "github/",
    "colab.research.google.com": "(?:github/|(?=gist/))",
    "colab.sandbox.google.com": "(?:github/|(?=gist/))",
    "nbviewer.org": "(?:github/|(?=gist/))",
    "nbviewer.jupyter.org": "(?:github/|(?=gist/))",
    "nbviewer.ipython.org": "(?:github/|(?=gist/))",
    "studiolab.sagemaker.aws": "import/github/",
    "console.paperspace.com": "github/",
    "stackblitz.com": "github/",
    "codesandbox.io": "(?:s|p)/github/",
    "gitpod.io": "github.com/",
    "githubtocolab.com": "",
    "www.githubtocolab.com": "",
    "githubbox.com": "",
    "codespaces.new": "",
    "nbsanity.com": "",
    "replit.com": "github/",
    "repl.it": "github/",
    "kaggle.com": "kernels/welcome/github/",
}
"""Host, and what stands before a path as github.com has it."""

_BYTES = {
    "raw.githubusercontent.com": "",
    "raw.github.com": "",
    "media.githubusercontent.com": "media/",
    "raw.githack.com": "",
    "rawcdn.githack.com": "",
    "rawgit.com": "",
    "cdn.rawgit.com": "",
    "rawgithub.com": "",
    "gitcdn.xyz": "(?:repo|cdn)/",
    "gitcdn.link": "(?:repo|cdn)/",
}
"""Host, and what stands before `owner/name/revision/path`."""

_PACKAGED = {
    "cdn.jsdelivr.net": "gh/",
    "www.jsdelivr.com": "(?:package/)?gh/",
    "jsdelivr.com": "(?:package/)?gh/",
    "testingcf.jsdelivr.net": "gh/",
    "fastly.jsdelivr.net": "gh/",
    "gcore.jsdelivr.net": "gh/",
    "cdn.statically.io": "gh/",
    "esm.sh": "gh/",
}
"""Host, and what stands before `owner/name@revision/path`."""

_ABOUT = {
    "deepwiki.com": "",
    "gitingest.com": "",
    "uithub.com": "",
    "gitdiagram.com": "",
    "gitmcp.io": "",
    "mybinder.org": "repo/",
    "sourcegraph.com": "github.com/",
}
"""Host without `www.`, and what stands before `owner/name`; what follows is not a path of github.com."""
_NO_OWNERS = frozenset(
    ("docs", "embed", "og", "badge", "private-repo", "share", "faq", "privacy", "examples")
)
"""Steps that those keep for themselves and that GitHub does not."""

_ARCHIVES = {"zip": "zip", "legacy.zip": "zip", "tar.gz": "tar.gz", "legacy.tar.gz": "tar.gz"}
_BINDERS = lazily(r"(?:[a-z0-9-]+\.)?mybinder\.org|notebooks\.gesis\.org|binder\.[a-z0-9.-]+")


def path(address: Parts) -> list[str]:
    """The steps of the path that github.com has for what the address shows; none for anything else."""
    if address.host.removeprefix("www.") not in _HOSTS and "/v2/g" not in address.path:  # almost all
        return []
    for read in _READERS:
        if found := read(address):
            return [step for step in found.split("/") if step]
    return []


def _page(address: Parts) -> str:
    found = _after(_PAGES, address)
    if address.host == "api.github.com":
        return "/".join(found.split("/")[:2])
    return found


def _bytes(address: Parts) -> str:
    steps = [step for step in _after(_BYTES, address).split("/") if step]
    if steps[:1] == ["wiki"]:
        return "/".join([*steps[1:3], "wiki", *(re.sub(r"\.(md|markdown)$", "", step) for step in steps[3:])])
    if len(steps) < 4:
        return "/".join(steps[:2])
    return "/".join([*steps[:2], "blob", *steps[2:]])


def _about(address: Parts) -> str:
    before = _ABOUT.get(address.host.removeprefix("www."))
    match = re.match(rf"/+{before}([^/]+)/([^/@]+)", address.path) if before is not None else None
    return "/".join(match.groups()) if match and match[1].lower() not in _NO_OWNERS else ""


def _packaged(address: Parts) -> str:
    match = re.fullmatch(r"([^/@]+)/([^/@]+)(?:@([^/]+))?(/.*)?", _after(_PACKAGED, address), re.DOTALL)
    if match is None:
        return ""
    owner, name, revision, below = match.groups()
    loose = revision is not None and not re.fullmatch(
        r"[0-9a-f]{7,40}|v?\d+\.\d+\.\d+.*|[A-Za-z]\S*", revision
    )
    if loose or not below or not below.strip("/"):
        return f"{owner}/{name}"  # `@1` is any version that begins so: which file that is, nobody can say
    return f"{owner}/{name}/blob/{'HEAD' if revision in (None, 'latest') else revision}{below}"


def _archive(address: Parts) -> str:
    if address.host != "codeload.github.com":
        return ""
    steps = [step for step in address.path.split("/") if step]
    if len(steps) < 4 or steps[2] not in _ARCHIVES:
        return "/".join(steps[:2])
    return "/".join([*steps[:2], "archive", *steps[3:]]) + f".{_ARCHIVES[steps[2]]}"


def _binder(address: Parts) -> str:
    """`/v2/gh/owner/name/revision?labpath=path`; the revision is one step, its slashes are encoded."""
    if (gist := re.search(r"(?:^|/)v2/(gist/[^/]+/[^/]+)", address.path)) and _BINDERS.fullmatch(
        address.host
    ):
        return gist[1]
    match = re.search(r"(?:^|/)v2/gh/([^/]+)/([^/]+)(?:/([^/]*))?/?$", address.path)
    if match is None or not _BINDERS.fullmatch(address.host):
        return ""
    owner, name, revision = match.groups()
    query = {key: values[0] for key, values in parse_qs(address.query[1:]).items()}
    opened = next((query[key] for key in ("filepath", "labpath", "notebookpath") if query.get(key)), "")
    opened = opened or _opened(query.get("urlpath", ""))
    if not revision:
        return f"{owner}/{name}"
    return f"{owner}/{name}/{'blob' if '.' in opened else 'tree'}/{unquote(revision)}/{opened}"


def _opened(place: str) -> str:
    """The file in `lab/tree/path` or `notebooks/path`; other places (`rstudio`, `proxy/…`) are not files."""
    match = re.fullmatch(r"/?(?:lab/tree|tree|notebooks|voila/render|retro/notebooks)/([^?#]+)", place)
    return match[1] if match else ""


def _nested(address: Parts) -> str:
    """A viewer that is given the whole address, or the address without its scheme."""
    before = _NESTED.get(address.host.removeprefix("www."))
    match = re.fullmatch(before, f"{address.path}{address.query}", re.DOTALL) if before else None
    if match is None:
        return ""
    inner = parts(re.sub(r"^(?!https?://)(?:https?:/+)?", "https://", unquote(match[1])))
    return "/".join(path(inner)) if inner and inner.host not in _NESTED else ""


_NESTED = {
    "htmlpreview.github.io": r"/?\?(.+)",
    "htmlpreview.github.com": r"/?\?(.+)",
    "rawgithub.com": r"/?\?(.+)",
    "nbviewer.org": r"/urls?/(.+)",
    "nbviewer.jupyter.org": r"/urls?/(.+)",
    "nbviewer.ipython.org": r"/urls?/(.+)",
    "kaggle.com": r"/kernels/welcome\?src=([^&]+).*",
    "deepnote.com": r"/launch\?(?:.*&)?url=([^&]+).*",
    "gitpod.io": r"/(?:new/?)?\?(?:.*&)?(?:repo|url)=([^&]+).*",
    "html-preview.github.io": r"/?\?(?:.*&)?url=([^&]+).*",
}


def _after(table: dict[str, str], address: Parts) -> str:
    before = table.get(address.host)
    if before is None:
        return ""
    path = address.path.lstrip("/")
    if not before:
        return path
    match = re.match(before, path)
    return path[match.end() :] if match else ""


_READERS: tuple[Callable[[Parts], str], ...] = (_page, _bytes, _packaged, _archive, _binder, _nested, _about)

_HOSTS = frozenset(
    host.removeprefix("www.") for table in (_PAGES, _BYTES, _PACKAGED, _NESTED, _ABOUT) for host in table
) | {"codeload.github.com"}
