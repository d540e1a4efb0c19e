"""How a service says how often it bears to be asked."""

from __future__ import annotations

import pytest

from scraper.visits.pacing import stated_interval


@pytest.mark.parametrize(
    ("limit", "window", "seconds"),
    [
        ("5", "1s", 0.2),
        ("1", "1s", 1.0),
        ("50", "1s", 0.02),
        ("3000", "60s", 0.02),
        ("1", "10", 10.0),
        ("500", "3600s", 0.0),
        ("61", "61s", 0.0),
        ("30", "60s", 2.0),
        ("0", "1s", 0.0),
        ("five", "1s", 0.0),
        ("5", "soon", 0.0),
        ("5", "", 0.0),
        ("", "1s", 0.0),
        ("9" * 5000, "1s", 0.0),
    ],
)
def test_the_pace_of_the_headers(limit: str, window: str, seconds: float) -> None:
    headers = {"x-rate-limit-limit": limit, "x-rate-limit-interval": window}
    assert stated_interval(headers) == pytest.approx(seconds)
    assert stated_interval({}) == 0.0
