"""A method of the API, compiled once, and Telegram's sentences for parameters that are missing or no JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.schema import Field, api_schema
from bot.sandbox.validation._text import SCALARS, Reader, Upload
from bot.sandbox.validation._values import value_reader

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the API, ready to read a call's parameters."""

    name: str
    readers: dict[str, Reader]
    required: tuple[str, ...]

    def read(self, raw: Mapping[str, Any], files: Mapping[str, Upload]) -> Json:
        """The parameters in their proper types; empty and null ones count as not given."""
        read: Json = {}
        for name, value in raw.items():
            reader = self.readers.get(name)
            if reader is None:
                raise bad_request(f'unexpected parameter "{name}" in {self.name}')
            if value is not None and value != "":
                read[name] = reader(value, name)
        for name, upload in files.items():
            if name in self.readers:
                read[name] = upload
        for name in self.required:
            if name not in read:
                raise _missing(name)
        return read


@cache
def find_method(name: str) -> Method | None:
    """The method of that name in any spelling of its case, as Telegram looks it up, or None."""
    official = _names_by_lower_case().get(name.lower())
    if official is None:
        return None
    fields = api_schema().methods[official]
    readers = {field.name: _parameter_reader(field) for field in fields}
    return Method(official, readers, tuple(field.name for field in fields if field.required))


@cache
def _names_by_lower_case() -> dict[str, str]:
    return {name.lower(): name for name in api_schema().methods}


_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "user_id": "invalid user_id specified",
    "action": "wrong parameter action in request",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "video": "there is no video in the request",
    "audio": "there is no audio in the request",
    "voice": "there is no voice in the request",
    "animation": "there is no animation in the request",
    "video_note": "there is no video note in the request",
    "sticker": "there is no sticker in the request",
    "latitude": "latitude is empty",
    "longitude": "longitude is empty",
}


def _missing(name: str) -> ApiError:
    return bad_request(_MISSING.get(name, f'parameter "{name}" is required'))


_CALLED = {
    "reply_markup": ("reply keyboard markup", "reply markup"),
    "reply_parameters": ("reply parameters", "reply parameters"),
    "link_preview_options": ("link preview options", "link preview options"),
    "reaction": ("reaction types", "reaction types"),
    "menu_button": ("menu button", "menu button"),
}
"""How Telegram calls some parameters in "can't parse … JSON object" and "object expected as …"."""


def _parameter_reader(field: Field) -> Reader:
    scalar = SCALARS.get(field.types)
    if scalar is not None:
        return scalar
    return partial(_read_structure, field, value_reader(field.types))


def _read_structure(field: Field, reader: Reader, value: Any, name: str) -> Any:
    noun, role = _CALLED.get(name, (name, name))
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {noun} JSON object") from None
    if field.types[0].startswith("["):
        if not isinstance(value, list):
            raise bad_request(f"expected an Array of {_element(field.types)} as {role}")
    elif not isinstance(value, dict):
        raise bad_request(f"object expected as {role}")
    return reader(value, name)


def _element(types: tuple[str, ...]) -> str:
    return " or ".join(name.strip("[]") for name in types)
