"""What the files of a repository name for all of it: labels of Sphinx and MyST, addresses of Jekyll's pages.

A label is linked from any file, and a page says in its front matter at which address it is shown. So all
files are looked at, once, and only where a link is not otherwise explained.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path

from scraper.articles.local.resolving import with_endings

_ENDINGS = (".rst", ".rest", ".md", ".markdown", ".myst", ".txt", ".ipynb", ".py", ".html", ".inc")
_MOST_FILES, _MOST_BYTES = 20_000, 1_000_000
_SKIPPED = frozenset(("node_modules", "_build", "build", "dist", "_site", "vendor", "site-packages"))
_LABEL = re.compile(
    r"^[ \t]*\.\.[ \t]+_(?:`(?P<quoted>[^`\n]+)`|(?P<plain>(?:\\.|[^:\\\n`])+)):[ \t]*$"
    r"|^[ \t>]*\((?P<myst>[^()\s][^()\n]*)\)=[ \t]*$|^[ \t]*:(?:name|label):[ \t]+(?P<option>\S.*?)[ \t]*$"
    r"|\{[^{}\n#]*+#(?P<attribute>[\w:.-]++)[^{}\n]*+\}",
    re.MULTILINE,
)
_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(?P<data>.*?)\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_SHOWN_AT = re.compile(
    r"^(?:permalink|url|slug|aliases|redirect_from):[ \t]*(?P<value>.*(?:\n[ \t]*-[ \t].*)*)", re.MULTILINE
)
_ADDRESS = re.compile(r"[\"']?(/[^\s\"',\[\]]*)[\"']?")
_MAKES_LABELS = re.compile(
    r"intersphinx|autosectionlabel|gallery|breathe|autodoc|autosummary|autoapi|apidoc|exhale|myst_nb|bibtex"
)
"""Extensions that bring labels which stand in no file: of other projects, of headings, of code."""


class Project:
    def __init__(self, root: Path) -> None:
        self._root = root

    def labels(self) -> Mapping[str, str]:
        """Every label, in lower case, with the path of the file that has it."""
        return self._named[0]

    def page_at(self, address: str) -> str:
        """The path of the file that says of itself that it is shown at this address of the site; or empty."""
        return self._named[1].get(_plain(address), "")

    def has_anywhere(self, path: str) -> bool:
        """Whether a file has this path below any folder: a setting may say that it is looked for there."""
        names = tuple(f"/{one}" for one in with_endings(re.sub(r"^(?:\.{0,2}/)+", "", path)))
        return any(f"/{file}".endswith(names) for file in self._files)

    @cached_property
    def says_all(self) -> bool:
        """Whether a label that no file has does not exist: nothing else brings labels."""
        settings = [path for path in self._paths if Path(path).name in ("conf.py", "_config.yml")]
        texts = [text for _, text in self._texts(settings)]
        complete = len(self._paths) < _MOST_FILES
        return complete and bool(texts) and not any(map(_MAKES_LABELS.search, texts))

    @cached_property
    def _named(self) -> tuple[dict[str, str], dict[str, str]]:
        labels: dict[str, str] = {}
        pages: dict[str, str] = {}
        for path, text in self._texts(self._paths):
            for match in _LABEL.finditer(text):
                label = next(filter(None, match.groups()), "").replace("\\", "")
                labels.setdefault(folded(label), path)
            if front := _FRONT.match(text):
                for said in _SHOWN_AT.finditer(front["data"]):
                    for address in _ADDRESS.findall(said["value"]):
                        pages.setdefault(_plain(address), path)
        return labels, pages

    def _texts(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        for path in paths:
            file = self._root / path
            try:
                text = file.read_text("utf-8", "replace") if file.stat().st_size <= _MOST_BYTES else ""
            except OSError:  # gone by now, or not for us: it explains no link
                continue
            yield path, text

    @cached_property
    def _paths(self) -> list[str]:
        wanted = (path for path in self._files if path.endswith((*_ENDINGS, "_config.yml")))
        return list(islice(wanted, _MOST_FILES))

    @cached_property
    def _files(self) -> list[str]:
        found: list[str] = []
        for folder, folders, names in os.walk(self._root):
            folders[:] = sorted(one for one in folders if not one.startswith(".") and one not in _SKIPPED)
            files = (Path(folder, name) for name in sorted(names))
            found += [file.relative_to(self._root).as_posix() for file in files if not file.is_symlink()]
            if len(found) > 10 * _MOST_FILES:
                break
        return found


def folded(label: str) -> str:
    """As labels are compared: docutils' normalised names."""
    return " ".join(label.split()).lower()


def _plain(address: str) -> str:
    """`/about/`, `/about` and `/about.html` are one page."""
    return re.sub(r"(?:/index)?(?:\.html)?/?$", "", address.lstrip("/"))
