"""Verdicts on the links of an article to files beside it: whether they are there, and have the place."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from scraper.articles.local.git import Git
from scraper.articles.local.ground import Home, home_of
from scraper.articles.local.near import nearest
from scraper.articles.local.project import Project, folded
from scraper.articles.local.resolving import by_tex, generator, is_a_source, is_kept, may_be_made, sources
from scraper.articles.local.tree import There, Tree
from scraper.model import Article, Outcome, Verdict
from scraper.sites.local import address
from scraper.sites.local.address import Local
from scraper.verdicts.reasons import REASONS

if TYPE_CHECKING:
    from scraper.articles.local.anchors import Anchors

_LINES = re.compile(r"L(\d+)(?:C\d+)?(?:-L?(\d+)(?:C\d+)?)?")
_BY_TEX = (".tex", ".latex", ".ltx", ".rnw", ".snw")
_WITH_PERMALINKS = frozenset(("Jekyll", "Hugo", "Docusaurus", "Astro", "Eleventy"))
"""Generators whose pages may say in their front matter where they are shown."""
_WITH_LABELS = frozenset(("Sphinx", "Jupyter Book", "MyST"))
_OF_SPHINX = frozenset(("genindex", "modindex", "py-modindex", "search"))
_ALWAYS = re.compile(r"top|readme(?:-ov-file)?|:~:text=.*|", re.IGNORECASE | re.DOTALL)
"""Places that every page has."""


def outcomes(articles: Iterable[Article], now: datetime) -> Iterator[Outcome]:
    """Of every target that is a file, in the order of the articles."""
    looks: dict[str, _Look] = {}
    for article in articles:
        hrefs = {one.target: one.href for one in reversed(article.mentions) if _is_local(one.target)}
        home = home_of(article.source, article.name) if hrefs else None
        if home is None:
            continue
        look = looks.setdefault(str(home.root), _Look(home))
        for key, href in sorted(hrefs.items()):
            verdict = look.at(home, address.local_of(key), href.strip())
            yield Outcome(address.target(key), verdict, now)


def _is_local(key: str) -> bool:
    return key.startswith(address.PREFIX)


def _said(reason: str, detail: str = "", suggested: str = "", note: str = "") -> Verdict:
    notes = (note,) if note else ()
    return Verdict(REASONS[reason].health, reason, detail, suggested_url=suggested, notes=notes)


class _Look:
    """One repository, looked at once for all its articles."""

    def __init__(self, home: Home) -> None:
        self._tree = Tree(home.root)
        self._git = Git(home.root)
        self._project = Project(home.root)
        self._places = cache(self._read_places)
        self._generator = cache(lambda folder: generator(self._exists, folder))

    def at(self, home: Home, local: Local, href: str) -> Verdict:
        """What is there. `href` is the link as it is written."""
        found = self._tree.find(local.path)
        path = local.path.rstrip("/")
        if found is There.OUTSIDE:
            return _said("policy", "a symbolic link leads out of the repository; it was not followed")
        if found is There.NOTHING:
            return self._elsewhere(home, local, href)
        if self._git.leaves_out(path):
            return _said("not_found", f"{path} is on this machine only: git ignores it")
        return self._place(home, Local(path, local.fragment), local, self._generator(home.ground.folder))

    def _elsewhere(self, home: Home, local: Local, href: str) -> Verdict:
        """A page that is made of another file; or where the file went, or what it is really called."""
        made_by = self._generator(home.ground.folder)
        if home.ground.path.endswith(_BY_TEX):
            return self._of_tex(home, local, href)
        for path in sources(local.path, home.ground.folder, address.spelled(href)):
            if self._exists(path) and not self._git.leaves_out(path):
                verdict = self._place(home, Local(path, local.fragment), local, made_by or "?")
                note = f"{path} is meant: a site generator makes the page of it, GitHub shows none here"
                return verdict if made_by or verdict.notes else _with_note(verdict, note)
        shown = self._project.page_at(local.path) if made_by in _WITH_PERMALINKS else ""
        if shown and not self._git.leaves_out(shown):
            return self._place(home, Local(shown, local.fragment), local, made_by)
        if self._git.in_submodule(local.path):
            return _said("no_answer", "it is in a submodule that is not here")
        return self._missing(home, local, href, made_by)

    def _of_tex(self, home: Home, local: Local, href: str) -> Verdict:
        beside = any(map(self._exists, by_tex(href, home.ground.folder)))
        if beside or self._project.has_anywhere(href):
            return _said("ok")
        if is_kept(href) or self._git.new_name(local.path):
            return self._missing(home, local, href, "")
        return _said("no_answer", "it is not in the repository: it may be TeX's own, or made of another file")

    def _missing(self, home: Home, local: Local, href: str, made_by: str) -> Verdict:
        path = local.path.rstrip("/")
        if there := self._git.new_name(path):
            suggested = address.written(home.ground, Local(there, local.fragment))
            return _said("file_moved", f"git knows it as {there} now", suggested)
        if there := self._alike(path):
            suggested = address.written(home.ground, Local(there, local.fragment))
            case = there.casefold() == path.casefold()
            why = "GitHub tells capital letters from small ones" if case else "the only name like it"
            return _said("not_found", f"there is no {path}, but {there}: {why}", suggested)
        if commit := self._git.removal(path):
            return _said("file_removed", f"commit {commit[:7]} removed {path}")
        strict = address.names_a_file(href) or is_a_source(path, made_by, home.ground.path)
        if made_by and not strict and may_be_made(path, address.spelled(href)):
            return _said("generated", f"no file is called so, but {made_by} may make a page of this address")
        return _said("not_found", f"there is no {path} in the repository")

    def _alike(self, path: str) -> str:
        if found := self._tree.other_case(path):
            return "" if self._git.leaves_out(found) else found
        path = posixpath.normpath(path.replace("\\", "/"))
        if self._exists(path):
            return path
        folder, name = posixpath.split(path)
        near = nearest(name, self._tree.names(folder))
        found = posixpath.join(folder, near) if near else ""
        return "" if found and self._git.leaves_out(found) else found

    def _exists(self, path: str) -> bool:
        return self._tree.find(path) in (There.FILE, There.FOLDER)

    # Places in a file

    def _place(self, home: Home, there: Local, asked: Local, made_by: str) -> Verdict:
        fragment = there.fragment
        if _ALWAYS.fullmatch(fragment):
            return _said("ok")
        path = self._document(there.path)
        if not path:
            return _said(
                "ok", note=f"{there.path} is a folder without a README: #{fragment} was not looked for"
            )
        if lines := _LINES.fullmatch(fragment):
            return self._lines(path, int(lines[2] or lines[1]))
        places = self._places(path, bool(made_by))
        if places is None:
            return _said("ok", note=f"#{fragment}: what places {path} has was not looked into")
        if places.has(fragment):
            return _said("ok")
        if path == home.ground.path and (made_by in _WITH_LABELS or path.endswith(".rst")):
            return self._label(fragment)
        near = nearest(fragment, places)
        suggested = address.written(home.ground, Local(asked.path, near)) if near else ""
        return _said("anchor_missing", f"{path} has no place #{fragment}", suggested)

    def _label(self, label: str) -> Verdict:
        """A label of Sphinx or MyST may stand in any file of the project, and in those of others."""
        if folded(label) in self._project.labels() or label in _OF_SPHINX:
            return _said("ok")
        if self._project.says_all:
            return _said("anchor_missing", f"no file of the project has a label {label}")
        return _said("generated", f"no file has a label {label}, but an extension of Sphinx may bring it")

    def _lines(self, path: str, last: int) -> Verdict:
        data = self._tree.text(path)
        number = data.count(b"\n") + (not data.endswith(b"\n")) if data is not None else last
        if last <= number:
            return _said("ok")
        return _said("anchor_missing", f"{path} has {number} lines, and line {last} is linked")

    def _document(self, path: str) -> str:
        """The file that is shown at a path: of a folder its README."""
        if self._tree.find(path) is not There.FOLDER:
            return path
        readme = sorted(name for name in self._tree.names(path) if name.lower().startswith("readme."))
        return posixpath.normpath(posixpath.join(path, readme[0])) if readme else ""

    def _read_places(self, path: str, generated: bool) -> Anchors | None:
        from scraper.articles.local.anchors import anchors  # and the readers of all forms with it

        data = self._tree.text(path)
        return None if data is None else anchors(data, path, generated)


def _with_note(verdict: Verdict, note: str) -> Verdict:
    return verdict if verdict.reason != "ok" else _said("ok", note=note)
