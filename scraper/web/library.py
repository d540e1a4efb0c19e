"""httpx without its command line.

`import httpx` imports a command line as well where click, rich and Pygments are at hand, which they are here:
two fifths of its time. It goes without where that cannot be imported.
"""

from __future__ import annotations

import sys

_COMMAND_LINE = "httpx._main"

if "httpx" in sys.modules:
    import httpx
else:
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment]  # "None: raise ModuleNotFoundError" (import)
    try:
        import httpx
    finally:
        del sys.modules[_COMMAND_LINE]

__all__ = ["httpx"]
