"""Links within the list's own repository or folder: files, folders, images, and places in them.

Nobody is asked about them: `articles/local` looks at the files before the visits begin.
"""

from __future__ import annotations

from scraper.sites.kinds import Kind

LOCAL = Kind(
    name="local",
    title="The article's own repository or folder",
    home="",
    kinds=("file", "folder", "anchor"),
    make=None,
)
