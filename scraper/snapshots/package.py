"""`datapackage.json`: what a snapshot holds, in the words of Data Package v2. Pure.

https://datapackage.org/standard/data-package/ and https://datapackage.org/standard/table-schema/
The version of the package is that of the columns: `columns.VERSION` is its first number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from scraper.columns import CHECKS, LINKS, MENTIONS, VERSION, Column, Table
from scraper.model import Health
from scraper.records import clean, stamp
from scraper.sites import KINDS

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_RESOURCE = "https://datapackage.org/profiles/2.0/dataresource.json"
_SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"

_DESCRIPTION = "Health of the links of a list of papers, and metadata of what they lead to."
MADE_UP = "SANDBOX: every answer was made up, nothing here is about the real web. "


@dataclass(frozen=True, slots=True)
class Package:
    """What the publisher says of the dataset."""

    name: str
    """The article's name."""
    title: str
    source: str
    """Where the article was read: only a URL is published, the path of a file is nobody's business."""
    created: datetime
    """Start of the run."""
    sites: Sequence[str] = ()
    """Sites of the links, for `sources`."""
    licenses: Sequence[Mapping[str, str]] = ()
    """Licences of the dataset (`name`, `path`, `title`) that the publisher grants; none is made up."""
    contributors: Sequence[Mapping[str, str]] = ()
    sandbox: bool = False
    """Every value was made up by the sandbox, and the description says so."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of the snapshot."""

    table: Table
    path: str
    size: int = field(default=0)
    """Bytes."""
    sha256: str = ""


def descriptor(package: Package, resources: Sequence[Resource]) -> dict[str, Any]:
    """The content of datapackage.json."""
    optional = {"licenses": package.licenses, "contributors": package.contributors}
    return {
        "$schema": PROFILE,
        "name": re.sub(r"[^a-z0-9._-]+", "-", package.name.lower()),
        "title": clean(package.title) or package.name,
        "description": MADE_UP + _DESCRIPTION if package.sandbox else _DESCRIPTION,
        "version": f"{VERSION}.0.0",
        "created": stamp(package.created),
        "sources": _sources(package),
        **{name: [dict(item) for item in items] for name, items in optional.items() if items},
        "resources": [_resource(resource) for resource in resources],
    }


def text(content: Mapping[str, Any]) -> str:
    """JSON for people and for git: indented, one final line end, keys in the order given."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _sources(package: Package) -> list[dict[str, str]]:
    article = {"title": clean(package.title) or package.name}
    if urlsplit(package.source).scheme in ("http", "https"):
        article["path"] = clean(package.source)
    homes = [kind for kind in KINDS if kind.name in package.sites and kind.home]
    return [article, *({"title": kind.title, "path": kind.home} for kind in homes)]


def _resource(resource: Resource) -> dict[str, Any]:
    """The checks change at every run: without their size and hash, an unchanged web gives the same text."""
    size = {} if resource.table is CHECKS else {"bytes": resource.size, "hash": f"sha256:{resource.sha256}"}
    common = {"title": resource.table.title, "path": resource.path, **size}
    if resource.path.endswith(".parquet"):
        # A second form of a table that is described already; as `format: parquet` frictionless 5.21 would
        # read it through pandas, and stops at the first empty time ("NaTType does not support time").
        name = f"{resource.table.name}-parquet"
        return {"name": name, **common, "format": "binary", "mediatype": "application/vnd.apache.parquet"}
    return {
        "$schema": _RESOURCE,
        "name": resource.table.name,
        "type": "table",
        **common,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": _schema(resource.table),
    }


def _schema(table: Table) -> dict[str, Any]:
    keys = [] if table is LINKS else [_link_key(column.name) for column in table.columns if _is_link(column)]
    return {
        "$schema": _SCHEMA,
        "fieldsMatch": "equal",
        "missingValues": [""],
        "fields": [_field(table, column) for column in table.columns],
        **({"primaryKey": list(table.key)} if table.key else {}),
        **({"foreignKeys": keys} if keys else {}),
    }


def _is_link(column: Column) -> bool:
    return column.name in ("target", "paper_target", "code_target")


def _link_key(name: str) -> dict[str, Any]:
    return {"fields": [name], "reference": {"resource": LINKS.name, "fields": [LINKS.key[0]]}}


def _field(table: Table, column: Column) -> dict[str, Any]:
    lists = " (a list: its items are joined by `; `)" if column.type == "list" else ""
    unit = f" [{column.unit}]" if column.unit else ""
    constraints = _constraints(table, column)
    return {
        "name": column.name,
        "type": "string" if column.type == "list" else column.type,
        "description": f"{column.meaning}{unit}{lists}",
        **({"constraints": constraints} if constraints else {}),
    }


def _constraints(table: Table, column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if column.name in table.key and column.type == "string":
        found["required"] = True
    if table.key == (column.name,):
        found["unique"] = True
    if column.name == "health":
        found |= {"required": True, "enum": [str(health) for health in Health]}
    if table is MENTIONS and column.name == "line":
        found |= {"required": True, "minimum": 1}
    return found
