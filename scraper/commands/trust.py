"""`scraper trust`: agree to what a settings file says of where requests, credentials and files go."""

from __future__ import annotations

from pathlib import Path

from scraper.errors import UsageError
from scraper.reports.text import json_text, plain
from scraper.settings.loading import load
from scraper.trust import agreement, found, steering


def trust(file: Path | None, *, forget: bool) -> str:
    """Remember, or forget, the settings in the file; what it says of them in lines.

    Raises:
        SettingsError: it cannot be used, whoever wrote it.
        UsageError: there is no settings file.
    """
    written = found.read(file)
    if not written.place:
        raise UsageError(f"There is no settings file here ({' or '.join(found.NAMES)}): name one.")
    load(config=Path(written.place))
    if forget:
        kept = agreement.forget(written.table)
        return f"{written.place} is not trusted any more ({kept})."
    kept = agreement.agree(written.table, str(Path(written.place).resolve()))
    told = steering.steering(written.table)
    lines = [f"  {plain(name)} = {json_text(value, indent=None)}" for name, value in told.items()]
    said = ":" if lines else ", though it says nothing that one would have to agree to."
    return "\n".join([f"{written.place} is trusted as it is now ({kept}){said}", *lines])
