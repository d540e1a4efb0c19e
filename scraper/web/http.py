"""The one place that imports the HTTP library.

`httpx2` continues `httpx` under the same interface, with fixes and at less cost; it is taken when it is
installed (extra `fast`). `SCRAPER_HTTPX=httpx` keeps to `httpx` all the same: so the tests run on both.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING or os.environ.get("SCRAPER_HTTPX") == "httpx":
    import httpx
else:
    try:
        import httpx2 as httpx
    except ImportError:
        import httpx

__all__ = ["httpx"]
