"""Answers of services with wrong values in them, read by every site: no reader may raise.

What is changed are true-shaped answers, taken down while the sandbox is visited. One seed, one sequence.

    python -m tests.fuzz 1000000    # writes reports/benchmarks/fuzz.md
"""

from __future__ import annotations

import copy
import json
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))  # as pytest has it: tests import each other's helpers by name

from memories import Memories
from pydantic import SecretStr
from running import READING_LIST, article_of, run_in

from scraper.model import Answer, Question, Reading
from scraper.records import normal
from scraper.sandbox import Sandbox
from scraper.settings import Settings
from scraper.sites import sites
from scraper.sites.ports import Site
from scraper.sites.wayback import Wayback
from scraper.verdicts.health import weigh

SEED = 20200426
MANY = 1_000_000
"""Inputs that are worth a report."""
REPORT = Path(__file__).resolve().parents[1] / "reports" / "benchmarks" / "fuzz.md"
LINKS = (
    "https://zenodo.org/records/990001",
    "https://huggingface.co/sandbox/tiny-model",
    "https://arxiv.org/abs/1909.12475",
    "https://doi.org/10.1038/s41586-019-1666-5",
    "https://doi.org/10.5281/zenodo.990001",
    "https://gitlab.com/guild/code",
    "https://codeberg.org/guild/code",
    "https://drive.google.com/file/d/1aBcDeFgHiJkLmNoPqRsTuVwXyZ012345/view",
    "https://plain.test/x",
)
HOME = "https://github.com/automl/robustdarts"
PARTS = (
    *(f"{HOME}/blob/master/{path}" for path in ("README.md", "nothing.py#L3")),
    *(f"{HOME}/{path}" for path in ("issues/1", "pull/2", "wiki/Home", "releases/tag/v1", "tree/master/src")),
    *(f"{HOME}#usage", f"{HOME}/commit/abcdef1234567", "https://github.com/automl/gone-for-good"),
    *("https://gitlab.com/guild/code/-/blob/main/README.md", "https://codeberg.org/guild/gone"),
    *("https://plain.test/404", "https://plain.test/moved", "https://arxiv.org/abs/1909.99999"),
    "https://huggingface.co/datasets/sandbox/tiny",
    "https://openreview.net/pdf?id=HklxbgBKvr",
)
"""What is within a repository or is not there; in a list of its own, for strangers may ask GitHub little."""
STRANGE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 10**19, -(10**19), 10**30, 1e308, -0.5, float("nan"), float("inf")),
    *("", " ", "\0", "\ud800", "\udfff x", "a" * 70_000, "\r\n\u2028", "0", "-1", "1e9", "²", "٣"),
    *("0000-00-00", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "2020-02-30", "2020-01"),
    *("http://[", "https://[::1", "//", "https://a.test:99999999/", "data:,", "10.1/x"),
    *("[a](", "<a", "&#x110000;"),
    *([], {}, [[]], [None], [{}], {"": None}, {"id": []}, [[[[[[1]]]]]], [True, "x", {"a": 1}]),
    [1, "a", None],
    *([2019, 13, 45], [0, 0, 0], [10**9], [-1], [[10**30]], {"value": {"value": {}}}),
)
BYTES = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"\xff\xfe",
    b"[" * 5_000,
    b"<?xml version='1.0'?>",
    b"1" * 5_000,
    b"NaN",
)
HEADERS = ("", "0", "-1", "9" * 30, "٣", "²", "http://[", "//[", "Thu, 99 Foo 99999", "\u00e9", "a" * 5_000)
READ = ("location", "location", "date", "x-ratelimit-reset", "link", "retry-after")
"""Headers that readers look into."""
STATUSES = (None, 0, 200, 204, 206, 301, 302, 400, 401, 403, 404, 410, 422, 429, 451, 500, 503, 599, 999)


class Heard(NamedTuple):
    """A question, and what a service that is well answers."""

    question: Question
    answer: Answer


class Fault(NamedTuple):
    """What a reader raised, and where."""

    where: str
    site: str
    step: str
    body: bytes


def listen(folder: Path) -> list[Heard]:
    """What all sites ask in the sandbox, with and without a token, and what they are told."""
    heard: list[Heard] = []
    kinds: list[Any] = [*{type(site) for site in _sites().values()}]
    readers = {kind: kind.read for kind in kinds}

    def listening(read: Any) -> Any:
        def reading(self: Any, question: Question, answer: Answer) -> Reading:
            heard.append(Heard(copy.deepcopy(question), answer))
            made: Reading = read(self, question, answer)
            return made

        return reading

    lists = ((READING_LIST.read_text("utf-8"), *_lines(LINKS)), _lines(PARTS))
    try:
        for kind, read in readers.items():
            kind.read = listening(read)
        for number, (mode, lines) in enumerate(product(("open", "gated"), lists)):
            (place := folder / str(number)).mkdir()
            with Sandbox(mode=mode) as sandbox:
                token = {"github_token": sandbox.credentials["github_token"]} if mode == "gated" else {}
                run_in(sandbox, place, [article_of(folder, *lines)], **token)
    finally:
        for kind, read in readers.items():
            kind.read = read
    return sorted(heard, key=lambda one: (one.question.site, one.question.step, one.question.request.url))


def _lines(links: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"<{link}>" for link in links)


def changed(answer: Answer, chance: random.Random) -> Answer:
    """The answer with one to four things wrong: in its document, its bytes, its headers, its status."""
    if chance.random() < 0.15:
        answer = replace(answer, status=chance.choice(STATUSES))
    if chance.random() < 0.2:
        name = chance.choice([*answer.headers, *READ])
        answer = replace(answer, headers={**answer.headers, name: chance.choice(HEADERS)})
    if chance.random() < 0.02:
        answer = replace(
            answer, final_url=chance.choice([value for value in STRANGE if isinstance(value, str)])
        )
    return replace(answer, body=_body(answer.body, chance))


def _body(body: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.03:
        return chance.choice(BYTES)
    try:
        document = json.loads(body)
    except ValueError:
        return _cut(body, chance)
    for _ in range(chance.randint(1, 4)):
        document = _wrong(document, chance)
    return json.dumps(document).encode()


def _cut(body: bytes, chance: random.Random) -> bytes:
    """Bytes of a page or a feed that are lost, come twice, or are strange."""
    first, last = sorted((chance.randrange(len(body) + 1), chance.randrange(len(body) + 1)))
    last = min(last, first + chance.choice((1, 10, 100, 10_000)))
    strange = chance.choice(
        (b"", body[first:last] * 2, b"\0", b"\xff", b"&#xD800;", b"<![CDATA[", b"99999999999")
    )
    return body[:first] + strange + body[last:]


def _wrong(document: Any, chance: random.Random) -> Any:
    """The document with a value replaced, dropped, doubled, swapped or wrapped at a place somewhere in it."""
    places = list(_places(document))
    if not places or chance.random() < 0.02:
        return copy.deepcopy(chance.choice(STRANGE))
    parent, key = chance.choice(places)
    match chance.randrange(8):
        case 0:
            del parent[key]
        case 1 if isinstance(parent, list):
            parent.insert(key, copy.deepcopy(parent[key]))
        case 2:
            other, at = chance.choice(places)
            parent[key] = copy.deepcopy(other[at])
        case 3:
            parent[key] = [parent[key]] if chance.random() < 0.5 else {"value": parent[key]}
        case _:
            parent[key] = copy.deepcopy(chance.choice(STRANGE))
    return document


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    left = [document]
    while left:
        parent = left.pop()
        keys = parent if isinstance(parent, dict) else range(len(parent)) if isinstance(parent, list) else ()
        for key in keys:
            yield parent, key
            if isinstance(parent[key], dict | list):
                left.append(parent[key])


def _sites() -> dict[str, Site]:
    settings = Settings(github_token=SecretStr("a-token-for-the-sandbox"))
    copies = Wayback(settings, Memories())
    return {**sites(settings, Memories()), copies.name: copies}


def fuzz(heard: Sequence[Heard], inputs: int, seed: int = SEED) -> Iterator[Fault]:
    """Read so many changed answers, of every step of every site alike; what was raised is told."""
    chance, known = random.Random(seed), _sites()
    steps: dict[tuple[str, str], list[Heard]] = {}
    for one in heard:
        steps.setdefault((one.question.site, one.question.step), []).append(one)
    names = sorted(steps)
    for number in range(inputs):
        if number % 500 == 0:
            known = _sites()  # they keep notes of a run
        site, step = names[number % len(names)]
        question, answer = chance.choice(steps[site, step])
        wrong = changed(answer, chance)
        try:
            reading = known[site].read(replace(question, context=copy.deepcopy(question.context)), wrong)
            _used(reading)
        except Exception as error:  # noqa: BLE001  any: that is what is looked for
            last = traceback.extract_tb(error.__traceback__)[-1]
            yield Fault(
                f"{type(error).__name__}: {error} ({last.filename}:{last.lineno})"[:300],
                site,
                step,
                wrong.body,
            )


def _used(reading: Reading) -> None:
    """What becomes of a reading before it is kept."""
    for found in reading.findings:
        weigh([found])
        json.dumps(normal(found.record), allow_nan=False).encode()
    for question in reading.questions:
        question.request.url.encode()


def main(inputs: int, seed: int) -> int:
    """Tell each fault once; of many inputs a report is written."""
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        heard = listen(Path(folder))
    seen: Counter[str] = Counter()
    for fault in fuzz(heard, inputs, seed):
        seen[fault.where] += 1
        if seen[fault.where] == 1:
            print(fault.site, fault.step, fault.where, fault.body[:300], flush=True)
    text = report(heard, inputs, seed, seen, time.process_time() - began)
    print(text)
    if inputs >= MANY:
        REPORT.write_text(text, "utf-8")
    return min(1, seen.total())


def report(heard: Sequence[Heard], inputs: int, seed: int, seen: Counter[str], seconds: float) -> str:
    """What was read, and what was raised."""
    steps = sorted({(one.question.site, one.question.step) for one in heard})
    sites: dict[str, list[str]] = {}
    for site, step in steps:
        sites.setdefault(site, []).append(step)
    rows = [
        f"| {site} | {inputs * len(own) // len(steps):,} | {', '.join(own)} |" for site, own in sites.items()
    ]
    faults = [f"- {number:,} times: {where}" for where, number in seen.most_common()] or ["None."]
    return "\n".join((_HEAD.format(inputs, len(steps), len(heard)), *rows, "", "## Faults", "", *faults, "", (
        f"Made on {datetime.now(UTC):%Y-%m-%d} by `python -m tests.fuzz {inputs}` with the seed {seed},"
        f" in {seconds:,.0f} s of CPU.\n"
    )))  # fmt: skip


_HEAD = """# Wrong answers of services

{:,} answers with something wrong in them (values of other types, fields dropped, doubled and swapped, bytes
cut, headers and statuses exchanged), read by every site, alike at {} steps; they are made of {} true-shaped
answers of the sandbox. A fault is anything that a reader raises.

| site | answers, about | steps |
|---|---:|---|"""


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else SEED))
