"""Documents as large as is allowed, 50 MB each: what reading one costs in processor time and in memory."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

SIZE = 49_900_000
"""Bytes; the limit is 50 MB."""
SECONDS, MEGABYTES = 12.0, 300.0

_WORDS = str.split(
    """
    a the of and for learning deep graph neural network model training data with on attention transformer
    official implementation library toolkit reinforcement language vision from large scale robust fast
    representation generative survey benchmark open source code pytorch tensorflow simple self supervised
    """
)
_CHINESE = "深度学习模型的训练与评估方法研究论文作者提出了一种新图神经网络结构在多个数据集上取得更好结果"
_MEASURE = """
import json, resource, sys
from scraper.articles.reading import load
article = load(sys.argv[1])
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss, len(article.mentions)]))
"""


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(_WORDS, k=count))


def _name(chance: random.Random) -> str:
    return f"{chance.choice(_WORDS)}-{chance.randrange(30_000)}"


def catalogue(chance: random.Random, sign: str = "⭐") -> Iterator[str]:
    """A list of links as there are thousands of: a heading, then a line for each project."""
    while True:
        yield f"\n## {_words(chance, 3).title()}\n\n"
        for _ in range(chance.randrange(10, 60)):
            url = f"https://github.com/{_name(chance)}/{_name(chance)}"
            what = _words(chance, chance.randrange(3, 13)).capitalize()
            yield f"- [{_words(chance, 3)}]({url}) - {what}. {sign} `{chance.randrange(9999)}`\n"


def decorated(chance: random.Random) -> Iterator[str]:
    """The same with an emoji, which makes each character of a text four bytes in memory."""
    return catalogue(chance, "🚀")


def survey(chance: random.Random) -> Iterator[str]:
    """Papers and their code, with an abstract for each, in English."""
    number = 0
    while True:
        number += 1
        yield f"\n### {number}. {_words(chance, 8).title()}\n\n*{_words(chance, 6).title()}*\n\n"
        yield "\n".join(_words(chance, 14) for _ in range(7)) + ".\n\n"
        forum = "".join(chance.choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMN23456789", k=10))
        yield f"**[paper](https://openreview.net/forum?id={forum}) | [code](https://github.com/{_name(chance)}/x)**\n"


def translation(chance: random.Random) -> Iterator[str]:
    """The same in Chinese, every address in the archive's wrapping."""
    archive = "https://web.archive.org/web/20220926095407/https://openreview.net/forum?id="
    for number, lines in enumerate(survey(chance)):
        if number % 3 == 1:
            yield "".join(chance.choices(_CHINESE, k=260)) + "。\n\n"
        else:
            yield lines.replace("https://openreview.net/forum?id=", archive)


KINDS = {
    "a list of links": catalogue,
    "the same with emoji": decorated,
    "a survey": survey,
    "a survey in Chinese": translation,
}


def write(path: Path, pieces: Callable[[random.Random], Iterator[str]], size: int) -> None:
    """A document of at most `size` bytes, the same one each time."""
    with path.open("w", encoding="utf-8") as file:
        written = 0
        for piece in pieces(random.Random(1)):
            written += len(piece.encode())
            if written > size:
                return
            file.write(piece)


def measure(path: Path) -> tuple[float, float, int]:
    """Seconds of processor time, megabytes at the most, mentions: all of a process that only reads it."""
    run = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(path)], capture_output=True, check=True, text=True
    )
    seconds, kilobytes, mentions = json.loads(run.stdout)
    return seconds, kilobytes * 1024 / 1e6, mentions


def main() -> str:
    lines = [
        "# Documents as large as is allowed",
        "",
        f"Markdown of {SIZE / 1e6:.1f} MB, each read by a process of its own: its processor time with",
        "everything that it imports, and the most memory that it ever had.",
        f"The aims are {SECONDS:.0f} s and {MEGABYTES:.0f} MB on a quiet machine; while this was measured",
        f"{os.getloadavg()[0]:.1f} programs shared its {os.cpu_count()} processors.",
        "",
        "| document | mentions | seconds of processor | MB of memory |",
        "|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for name, pieces in KINDS.items():
            path = Path(folder) / "large.md"
            write(path, pieces, SIZE)
            seconds, megabytes, mentions = measure(path)
            lines.append(f"| {name} | {mentions:,} | {seconds:.1f} | {megabytes:,.0f} |")
    return "\n".join(lines) + "\n"
