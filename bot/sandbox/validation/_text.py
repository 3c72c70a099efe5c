"""Scalar parameters as they come in a form or as JSON's own values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import bad_request

Reader = Callable[[Any, str], Any]
"""Takes a value and the name of its field; returns the value in its proper type or raises ApiError."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes
    mime_type: str | None = None


def _read_integer_text(value: Any, name: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return int(value) if isinstance(value, str) else int(str(value))
    except ValueError:
        raise bad_request(f'parameter "{name}" must be of type Integer') from None


def _read_string_text(value: Any, name: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_request(f'parameter "{name}" must be of type String')
    return str(value)


def _read_boolean_text(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word in {"true", "1", "yes"}:
        return True
    if word in {"false", "0", "no"}:
        return False
    raise bad_request(f'parameter "{name}" must be of type Boolean')


def _read_float_text(value: Any, name: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise bad_request(f'parameter "{name}" must be of type Float') from None


def read_chat_text(value: Any, name: str) -> int | str:
    """A chat's id as a number, or its @username."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = _read_string_text(value, name).strip()
    return int(text) if text.lstrip("-").isdecimal() else text


def _read_file_text(value: Any, name: str) -> str | Upload:
    return value if isinstance(value, Upload) else _read_string_text(value, name)


SCALARS: dict[tuple[str, ...], Reader] = {
    ("Integer",): _read_integer_text,
    ("String",): _read_string_text,
    ("Boolean",): _read_boolean_text,
    ("Float",): _read_float_text,
    ("Integer", "String"): read_chat_text,
    ("InputFile", "String"): _read_file_text,
    ("InputFile",): _read_file_text,
}
"""Readers of scalar parameters by their official types."""
