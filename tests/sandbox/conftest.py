from __future__ import annotations

from collections.abc import Iterator

import pytest
from sandbox_visitor import Visitor

from scraper.sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def visitor(sandbox: Sandbox) -> Iterator[Visitor]:
    made = Visitor(sandbox)
    with made.transport:
        yield made


@pytest.fixture(scope="module")
def running() -> Iterator[Visitor]:
    """One sandbox for tests that change nothing in it."""
    with Sandbox() as made:
        visitor = Visitor(made)
        with visitor.transport:
            yield visitor
