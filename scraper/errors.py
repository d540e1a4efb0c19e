"""What can go wrong for the user, and with which exit code the command ends.

    ScraperError                1  something of ours failed
    ├── UsageError              2  the command, the settings or the article: change what was typed
    │   ├── SettingsError       2  a setting is unknown or malformed
    │   ├── ArticleError        2  the article cannot be read
    │   └── SnapshotError       2  a published snapshot is missing, edited, or of another version
    └── NotPublished            5  nothing was published; the last snapshot stays as it was
        ├── Offline             5  no network, or one that answers everything alike: try again later
        ├── Locked              4  another run works on the same data: wait for it
        └── StoreError          5  the store is damaged, foreign, newer or out of reach

Every message is one line that says what, where, and what to do; the CLI prints it without a traceback.
What a *server* does wrong is never an exception here: it is a `Reason` (see `health.py`).
"""

from __future__ import annotations


class ScraperError(Exception):
    """Base of all errors that are told to the user in one line."""

    exit_code = 1


class UsageError(ScraperError):
    """The command line, the settings or the input must be changed before another try makes sense."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting is unknown or malformed; the message names it, its place, and the nearest known one."""


class ArticleError(UsageError):
    """The article cannot be read: missing, a folder, empty, binary, too large."""


class SnapshotError(UsageError):
    """A published snapshot cannot be read as it is; the message names the file and what to do."""


class NotPublished(ScraperError):
    """The run ended without publishing; the last snapshot and reports are untouched."""

    exit_code = 5


class Offline(NotPublished):
    """The machine has no network, or one that answers for everybody (a captive portal)."""


class Locked(NotPublished):
    """Another run holds the lock on this data folder."""

    exit_code = 4


class StoreError(NotPublished):
    """The store cannot be used as it is; it is never silently replaced by an empty one."""
