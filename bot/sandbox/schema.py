"""The official Bot API in a compact, machine-readable form, and the maker of that form.

`schema.json` keeps, for every method and type, its fields in one line each: `chat_id*:Integer|String` is a
required field, `[X]` an array of X, `=value` the only value that the field may have.
Made anew from a full description of the API with `python -m bot.sandbox.schema SOURCE`.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).with_name("schema.json")
_FIXED_VALUE = re.compile(r', (?:must be|always) "?([a-z_0-9]+)"?$')
_LINE = re.compile(r"(?P<name>\w+)(?P<required>\*?):(?P<types>[^=]+)(?:=(?P<fixed>.+))?")


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a method or a field of a type; `fixed` is the only value it may have."""

    name: str
    types: tuple[str, ...]
    required: bool
    fixed: str | None


@dataclass(frozen=True, slots=True)
class Schema:
    """All methods and types of one version of the Bot API."""

    version: str
    methods: dict[str, tuple[Field, ...]]
    types: dict[str, tuple[Field, ...]]
    subtypes: dict[str, tuple[str, ...]]


@cache
def api_schema() -> Schema:
    """The schema that travels with the sandbox, read once."""
    source = json.loads(_HERE.read_text("utf-8"))
    return Schema(
        version=source["version"],
        methods={name: _read_fields(lines) for name, lines in source["methods"].items()},
        types={name: _read_fields(lines) for name, lines in source["types"].items()},
        subtypes={name: tuple(names.split("|")) for name, names in source["subtypes"].items()},
    )


def _read_fields(lines: list[str]) -> tuple[Field, ...]:
    return tuple(_read_field(line) for line in lines)


def _read_field(line: str) -> Field:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"not a line of the schema: {line!r}")
    types = tuple(match["types"].split("|"))
    return Field(sys.intern(match["name"]), types, bool(match["required"]), match["fixed"])


def compact(api: dict[str, Any]) -> dict[str, Any]:
    """Shorten a full description (methods and types with prose) to the form of `schema.json`."""
    types = api["types"]
    return {
        "version": api["version"].removeprefix("Bot API "),
        "methods": {name: _write_fields(method) for name, method in api["methods"].items()},
        "types": {name: _write_fields(kind) for name, kind in types.items() if "subtypes" not in kind},
        "subtypes": {
            name: "|".join(map(_short_type, kind["subtypes"])) for name, kind in types.items() if "subtypes" in kind
        },
    }


def _write_fields(described: dict[str, Any]) -> list[str]:
    return [_write_field(field) for field in described.get("fields") or []]


def _write_field(field: dict[str, Any]) -> str:
    types = "|".join(_short_type(name) for name in field["types"])
    fixed = _FIXED_VALUE.search(field["description"])
    return f"{field['name']}{'*' if field['required'] else ''}:{types}{'=' + fixed[1] if fixed else ''}"


def _short_type(name: str) -> str:
    element = name.removeprefix("Array of ")
    return name if element == name else f"[{_short_type(element)}]"


def main(source: str) -> None:
    """Write `schema.json` anew from the full description in the file `source`."""
    api = json.loads(Path(source).read_text("utf-8"))
    _HERE.write_text(json.dumps(compact(api), ensure_ascii=False, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m bot.sandbox.schema SOURCE")
    main(sys.argv[1])
