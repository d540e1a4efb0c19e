"""How the values of settings are written: durations, lists, networks, ports and secrets."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr, WithJsonSchema

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def duration(value: object) -> object:
    """Seconds of `90`, `90s`, `15m`, `2h`, `7d` or `1w`."""
    if isinstance(value, str):
        match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhdw]?)\s*", value)
        if not match:
            raise ValueError("a duration is a number with s, m, h, d or w behind it: 90s, 15m, 7d")
        return float(match[1]) * _UNITS[match[2]]
    return value


def _listed(value: object) -> object:
    """An environment variable gives a list with commas."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _network(value: str) -> str:
    return str(ip_network(value, strict=False))


def _one_line(value: object) -> object:
    """A secret read from a file often ends with a newline; one in the middle is a mistake worth a word."""
    if isinstance(value, str):
        value = value.strip()
        if re.search(r"[\x00-\x20\x7f-\U0010ffff]", value):
            raise ValueError("it has a blank, a line break or a character that no credential has")
        return value or None
    return value


_WRITTEN = WithJsonSchema(
    {
        "anyOf": [
            {"type": "number", "minimum": 0},
            {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*[smhdw]?\s*$"},
        ],
        "$comment": "a duration: seconds, or a number with s, m, h, d or w behind it",
    }
)
Duration = Annotated[float, BeforeValidator(duration), Field(ge=0), _WRITTEN]
Listed = Annotated[list[str], BeforeValidator(_listed)]
Networks = Annotated[list[Annotated[str, BeforeValidator(_network)]], BeforeValidator(_listed)]
Ports = Annotated[list[Annotated[int, Field(ge=1, le=65535)]], BeforeValidator(_listed)]
Secret = Annotated[SecretStr | None, BeforeValidator(_one_line)]
