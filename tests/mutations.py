"""Small changes to core modules, one at a time; each should make one of the module's own tests fail.

A comparison is turned or moved by one, a number moved, `and` becomes `or`, `not` goes or comes, and so on: a
sample of what cosmic-ray finds to change, the same for the same code. They are made in a copy of the project.
The modules that know the words of pages are not among them: `tests/benchmarks/verdicts.py` weighs those.

    python -m tests.mutations                        # writes reports/benchmarks/mutations.md
    python -m tests.mutations scraper/web/body.py    # some modules only, and writes nothing
"""

from __future__ import annotations

import compileall
import hashlib
import importlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_code, use_mutation
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import use_db

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "reports" / "benchmarks" / "mutations.md"
KNOWN = ROOT / "build" / "mutations.json"
"""What was noticed of code as it still is: another run tries only the rest. Without the file it tries all."""
SEED = 20200426
EACH = 12
"""Changes to a module."""
WANTED = 0.92
"""The share that must be noticed, of those that change anything."""

_SETTINGS: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
MODULES: Mapping[str, list[str]] = _SETTINGS["modules"]
EQUIVALENT: Mapping[tuple[str, str], str] = {
    (one["module"], one["line"]): one["why"] for one in _SETTINGS["same"]
}

OPTIONS = (
    "-q",
    "-x",
    "-p",
    "no:cacheprovider",
    "-m",
    "not long",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
)

LIBRARIES = (
    "docutils.core",
    "h11",
    "httpx",
    "hypothesis",
    "jinja2",
    "lxml.html",
    "pandas",
    "pydantic",
    "rich",
)
"""What the children need not read again."""

_COMPARISONS = (
    *("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is"),
    *("Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt"),
)
_OPERATORS = (
    *(f"core/ReplaceComparisonOperator_{name}" for name in _COMPARISONS),
    *(f"core/ReplaceBinaryOperator_{name}" for name in ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul")),
    *("core/NumberReplacer", "core/ReplaceAndWithOr", "core/ReplaceOrWithAnd", "core/AddNot"),
    *("core/ReplaceTrueWithFalse", "core/ReplaceFalseWithTrue", "core/ReplaceUnaryOperator_Delete_Not"),
    *("core/ReplaceBreakWithContinue", "core/ReplaceContinueWithBreak"),
)


class Tried(NamedTuple):
    """A change and what became of it."""

    module: str
    line: int
    before: str
    after: str
    noticed: bool

    @property
    def why(self) -> str:
        """Why it changes nothing; empty where it does."""
        return EQUIVALENT.get((self.module, self.after), "")


def changes(module: str) -> list[Any]:
    """What cosmic-ray could change in the module, in its own order."""
    with tempfile.TemporaryDirectory() as folder, use_db(str(Path(folder) / "work.sqlite")) as work:
        init([Path(_path(module))], work, {})
        found = [item.mutations[0] for item in work.work_items]
    return sorted(
        (one for one in found if one.operator_name in _OPERATORS),
        key=lambda one: (one.start_pos, one.operator_name, one.occurrence),
    )


def tried(module: str, known: dict[str, bool], each: int = EACH) -> Iterator[Tried]:
    """Make a sample of the changes, and run the module's tests after each that is not known to be noticed."""
    bearable = 0.0
    found = changes(module)
    source = Path(_path(module)).read_text("utf-8")
    for one in random.Random(f"{SEED} {module}").sample(found, min(each, len(found))):
        operator = get_operator(one.operator_name)(**one.operator_args)
        after = mutate_code(source, operator, one.occurrence)
        lines = _differing(source, after)
        mark = hashlib.sha256(f"{module}\0{after}".encode()).hexdigest()
        if not known.get(mark):
            bearable = bearable or _bearable(module)
            with use_mutation(one.module_path, operator, one.occurrence):
                known[mark] = not passes(MODULES[module], bearable)
        yield Tried(module, one.start_pos[0], *lines, known[mark])


def _bearable(module: str) -> float:
    """Seconds after which its tests count as failed."""
    began = time.monotonic()
    sys.dont_write_bytecode = False
    assert passes(MODULES[module], 600), f"the tests of {module} fail without any change"
    sys.dont_write_bytecode = True
    return 20 + 3 * (time.monotonic() - began)


def passes(tests: Sequence[str], seconds: float) -> bool:
    """Whether these tests pass, in that time, in a child of this process, which has read the libraries."""
    child = os.fork()
    if not child:
        os.setsid()
        with Path(os.devnull).open("w") as nowhere:
            for stream in (1, 2):
                os.dup2(nowhere.fileno(), stream)
        os._exit(pytest.main([*OPTIONS, *tests]))
    until = time.monotonic() + seconds
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
        if time.monotonic() > until:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return False
        time.sleep(0.05)
    return ended[1] == 0


def _differing(before: str, after: str) -> tuple[str, str]:
    """The first line that differs, before and after."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    one, other = next(pair for pair in pairs if pair[0] != pair[1])
    return one.strip(), other.strip()


def _path(module: str) -> str:
    return f"scraper/{module}.py"


def copy(place: Path) -> None:
    """What git knows of the project, as it stands in the folder."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place / name)


def report(found: list[Tried]) -> str:
    real = [one for one in found if one.noticed or not one.why]
    share = sum(one.noticed for one in real) / len(real)
    same = [one for one in found if not one.noticed and one.why]
    left = [one for one in real if not one.noticed]
    lines = [
        "# Changes that the tests notice",
        "",
        f"Of {len(found)} small changes at random to {len({one.module for one in found})} core modules,",
        f"{len(same)} change nothing that anybody could see. Of the other {len(real)} the module's own tests",
        f"notice {len(real) - len(left)}: {share:.1%}, {WANTED:.0%} wanted.",
        "",
        f"Made on {datetime.now(UTC):%Y-%m-%d} by `make mutations` (`tests/mutations.py`, seed {SEED}).",
        "",
        *_table("Not noticed", left),
        *_table("Changing nothing", same),
    ]
    return "\n".join(lines)


def _table(heading: str, found: Iterable[Tried]) -> list[str]:
    rows = [
        " | ".join(("", f"{_path(one.module)}:{one.line}", _code(one.before), _code(one.after), one.why, ""))
        for one in sorted(found)
    ]
    if not rows:
        return []
    return [
        f"## {heading}",
        "",
        "| where | before | after | why |",
        "|---|---|---|---|",
        *map(str.strip, rows),
        "",
    ]


def _code(text: str) -> str:
    return f"`{re.sub(r'[|]', chr(92) + '|', text)}`"


def settle(place: Path) -> None:
    """Read modules and tests from the copy from now on, and what takes long to read only once."""
    copy(place)
    os.chdir(place)
    os.environ["PYTHONPATH"] = str(place)
    sys.path[:] = [str(place), *(each for each in sys.path if Path(each or ".").resolve() != ROOT)]
    compileall.compile_dir(place, quiet=1)
    for name in LIBRARIES:
        importlib.import_module(name)


def all_tried(modules: Iterable[str]) -> Iterator[Tried]:
    """Every change of the sample; what was noticed is kept at once, for the next run."""
    known: dict[str, bool] = json.loads(KNOWN.read_text("utf-8")) if KNOWN.exists() else {}
    KNOWN.parent.mkdir(exist_ok=True)
    for module in modules:
        for one in tried(module, known):
            KNOWN.write_text(json.dumps(known), "utf-8")
            said = "noticed" if one.noticed else "same" if one.why else "NOT NOTICED"
            print(f"{said} {_path(module)}:{one.line}: {one.before}  ->  {one.after}", flush=True)
            yield one


def main(names: list[str]) -> int:
    modules = [name.removeprefix("scraper/").removesuffix(".py") for name in names] or list(MODULES)
    with tempfile.TemporaryDirectory() as folder:
        settle(Path(folder))
        found = list(all_tried(modules))
        os.chdir(ROOT)
    if names:
        print(report(found))
    else:
        REPORT.write_text(report(found), "utf-8")
    real = [one for one in found if one.noticed or not one.why]
    return int(sum(one.noticed for one in real) < WANTED * len(real))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
