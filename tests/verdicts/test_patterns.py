"""A pattern that is compiled late is the pattern."""

import re
import subprocess
import sys

import pytest

from scraper.verdicts.patterns import lazily


def test_it_finds_what_the_pattern_finds() -> None:
    text = "One fish, two fish, RED fish"
    late, early = lazily(r"(\w+) fish", re.I), re.compile(r"(\w+) fish", re.I)
    assert late.findall(text) == early.findall(text)
    assert late.sub("x", text) == early.sub("x", text)
    assert [found.span() for found in late.finditer(text)] == [found.span() for found in early.finditer(text)]
    assert (late.pattern, late.flags, late.groups) == (early.pattern, early.flags, early.groups)
    assert late.search(text, 5).group(1) == "two"  # type: ignore[union-attr]
    assert late.fullmatch("red fish") and not late.match("fish")


def test_what_is_no_pattern_says_so_at_its_first_use() -> None:
    late = lazily("(")
    with pytest.raises(re.error):
        late.search("x")
    with pytest.raises(AttributeError):
        _ = lazily("x").nonsense  # type: ignore[attr-defined]


def test_httpx_comes_without_its_command_line_and_leaves_no_trace() -> None:
    program = (
        "import sys, scraper.web; assert 'pygments' not in sys.modules and 'httpx._main' not in sys.modules;"
        "import httpx; assert httpx.main and httpx.Request"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
