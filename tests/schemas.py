"""The JSON Schemas in `scraper/schemas/`, made from the code: `python -m tests.documents` writes them.

`scraper.toml.json` is for editors; the others are what the commands print with `--json`, one a command.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

import scraper
from scraper.columns import LINKS, MENTIONS, PAPERS, Table
from scraper.commands.doctor import Check
from scraper.commands.dry_run import Turn
from scraper.model import Change, Health, Problem
from scraper.reports.text import JSON_VERSION
from scraper.settings import INTERNAL, SECRETS, Settings
from scraper.store.reading import Visit

FOLDER = Path(scraper.__file__).parent / "schemas"
HOME = "https://raw.githubusercontent.com/paperlinks/paperlinks/main/scraper/schemas"
_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
COUNT: Schema = {"type": "integer", "minimum": 0}
SECONDS: Schema = {"type": "number", "minimum": 0}
HEALTH: Schema = {"enum": [str(health) for health in Health]}
COUNTS: Schema = {"type": "object", "additionalProperties": COUNT}


def listed(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def closed(**properties: Schema) -> Schema:
    """An object with just these names, all of them."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def output(title: str, **properties: Schema) -> Schema:
    return {"title": title, **closed(version={"const": JSON_VERSION}, **properties)}


def row(table: Table, *, whole: bool) -> Schema:
    """A row as JSON has it: typed, null where unknown; all of it, and nothing else, where `whole`."""
    found: Schema = {
        "type": "object",
        "properties": {column.name: _cell(column.type, column.meaning) for column in table.columns},
        "required": list(table.key),
    }
    if whole:
        found |= {"required": [column.name for column in table.columns], "additionalProperties": False}
    return found


def _cell(kind: str, meaning: str) -> Schema:
    if kind == "list":
        return {"type": ["array", "null"], "items": TEXT, "description": meaning}
    return {"type": ["string" if kind == "datetime" else kind, "null"], "description": meaning}


def made_of(kind: type, **more: Schema) -> Schema:
    """An object with the fields of a class of ours, and more."""
    made = TypeAdapter(kind).json_schema(mode="serialization", ref_template="#/$defs/{model}")
    properties = {name: _resolved(each, made) for name, each in made["properties"].items()}
    return closed(**more, **properties)


def _resolved(each: Schema, whole: Schema) -> Schema:
    if "$ref" in each:
        return dict(whole["$defs"][each["$ref"].rpartition("/")[2]])
    return {name: value for name, value in each.items() if name not in ("title", "default")}


CHANGE = made_of(Change)
RESULT = closed(
    article=TEXT,
    made_at=TEXT,
    sandbox={"type": "boolean"},
    incomplete=TEXT,
    counts=COUNTS,
    links=listed(row(LINKS, whole=False)),
    papers=listed(row(PAPERS, whole=False)),
    changes=listed(CHANGE),
    notices=listed(TEXT),
    problems=listed(made_of(Problem)),
    characters_lost=COUNT,
)
CHECKED = closed(
    **dict.fromkeys(("url", "target", "site", "kind", "reason", "finding"), TEXT),
    health=HEALTH,
    http_status={"type": ["integer", "null"]},
    **dict.fromkeys(("final_url", "suggested_url", "archived_url", "file", "author"), MAYBE),
    notes=listed(TEXT),
    line={"type": ["integer", "null"]},
    record={"type": "object"},
)
KEY_COST = closed(key=TEXT, requests=COUNT, seconds=SECONDS, waited_seconds=SECONDS)

OUTPUTS: Mapping[str, Schema] = {
    "refresh": output("scraper refresh --json", articles=listed(RESULT)),
    "plan": output(
        "scraper refresh --dry-run --json",
        requests=COUNT,
        **dict.fromkeys(("lower_bound_seconds", "expected_seconds", "expected_with_dead_seconds"), SECONDS),
        **dict.fromkeys(("spared", "unknown", "failed"), COUNT),
        keys=listed(made_of(Turn, seconds=SECONDS)),
    ),
    "profile": output(
        "reports/profile.json, of scraper refresh --profile",
        elapsed_seconds=SECONDS,
        stages={"type": "object", "additionalProperties": SECONDS},
        requests=COUNT,
        keys=listed(KEY_COST),
    ),
    "check": output(
        "scraper check --format json",
        since=MAYBE,
        links=listed(CHECKED),
        others={"type": "object", "additionalProperties": HEALTH},
        messages=listed(TEXT),
    ),
    "links": output("scraper links --json", mentions=listed(row(MENTIONS, whole=True))),
    "changes": output(
        "scraper changes --format json",
        articles=listed(closed(article=TEXT, before=MAYBE, after=TEXT, incomplete=TEXT)),
        changes=listed(made_of(Change, article=TEXT)),
    ),
    "history": output("scraper history --json", visits=listed(made_of(Visit))),
    "doctor": output("scraper doctor --json", checks=listed(made_of(Check))),
    "error": output(
        "Any of them that fails: on stdout, beside the line on stderr",
        error=closed(message=TEXT, exit_code={"enum": [1, 2, 4, 5]}),
    ),
}
"""Every JSON that a command prints or leaves and that has no standard of its own (SARIF, rdjson, shields)."""


def settings() -> Schema:
    """The settings as `scraper.toml` may have them: durations as people write them, and no secrets."""
    made = Settings.model_json_schema()
    for name in (*SECRETS, *INTERNAL):
        del made["properties"][name]
    for each in made["properties"].values():
        each.pop("title", None)
        if "duration" in each.get("$comment", ""):
            each["default"] = _written(each["default"])
    return made | {"title": "scraper.toml", "description": "Settings of scraper, the checker of paper lists"}


def _written(seconds: float) -> str:
    whole = ((unit, size) for unit, size in _UNITS.items() if seconds and not seconds % size)
    unit, size = next(whole, ("s", 1))
    return f"{seconds / size:g}{unit}"


def files() -> Iterator[tuple[Path, str]]:
    """Every schema with its path."""
    for name, schema in {"scraper.toml": settings(), **OUTPUTS}.items():
        head = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"{HOME}/{name}.json",
        }
        yield FOLDER / f"{name}.json", json.dumps(head | schema, ensure_ascii=False, indent=1) + "\n"
