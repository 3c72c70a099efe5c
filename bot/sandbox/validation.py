"""Checks a call's parameters against the official API, with Telegram's sentences for what does not fit.

Parameters come as Telegram takes them: strings of a form, JSON values, or uploaded files. Every method is
compiled once into readers, so that a call costs one dictionary look-up for each parameter.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.schema import Field, api_schema

Json = dict[str, Any]
Reader = Callable[[Any, str], Any]
"""Takes a value and the name of its field; returns the value in its proper type or raises ApiError."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes
    mime_type: str | None = None


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
    scalar = _SCALARS.get(field.types)
    if scalar is not None:
        return scalar
    return partial(_read_structure, field, _value_reader(field.types))


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


def _read_chat_text(value: Any, name: str) -> int | str:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = _read_string_text(value, name).strip()
    return int(text) if text.lstrip("-").isdecimal() else text


def _read_file_text(value: Any, name: str) -> str | Upload:
    return value if isinstance(value, Upload) else _read_string_text(value, name)


_SCALARS: dict[tuple[str, ...], Reader] = {
    ("Integer",): _read_integer_text,
    ("String",): _read_string_text,
    ("Boolean",): _read_boolean_text,
    ("Float",): _read_float_text,
    ("Integer", "String"): _read_chat_text,
    ("InputFile", "String"): _read_file_text,
    ("InputFile",): _read_file_text,
}


# Values inside JSON: TDLib's JSON reader takes a number for a string and a numeric string for an integer.


def _read_integer(value: Any, name: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lstrip("-").isdecimal():
        return int(value)
    raise bad_request(f'field "{name}" must be a Number')


def _read_string(value: Any, name: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_request(f'field "{name}" must be of type String')
    return str(value)


def _read_boolean(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise bad_request(f'field "{name}" must be of type Boolean')
    return value


def _read_float(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_request(f'field "{name}" must be a Number')
    return float(value)


def _read_chat(value: Any, name: str) -> int | str:
    return value if isinstance(value, int) and not isinstance(value, bool) else _read_chat_text(value, name)


_VALUES: dict[str, Reader] = {
    "Integer": _read_integer,
    "String": _read_string,
    "Boolean": _read_boolean,
    "True": _read_boolean,
    "Float": _read_float,
}


@cache
def _value_reader(types: tuple[str, ...]) -> Reader:
    """The reader of a JSON value of any of these types."""
    if types == ("Integer", "String"):
        return _read_chat
    if len(types) > 1:
        return _any_of(types)
    name = types[0]
    if name in _VALUES:
        return _VALUES[name]
    if name.startswith("["):
        return partial(_read_array, name)
    if name in api_schema().subtypes:
        return _any_of(api_schema().subtypes[name])
    return partial(_read_object, name)


def _read_array(type_name: str, value: Any, name: str) -> list[Any]:
    element = type_name[1:-1]
    if not isinstance(value, list):
        raise bad_request(f'field "{name}" must be an Array of {element.strip("[]")}')
    reader = _value_reader((element,))
    return [reader(item, name) for item in value]


def _read_object(type_name: str, value: Any, name: str) -> Json:
    if not isinstance(value, dict):
        raise bad_request(f"can't parse {type_name}: expected an Object")
    fields, required = _object_fields(type_name)
    read: Json = {}
    for key, item in value.items():
        entry = fields.get(key)
        if entry is None:
            raise bad_request(f'can\'t parse {type_name}: unexpected field "{key}"')
        reader, fixed = entry
        if item is None:
            continue
        read[key] = reader(item, key)
        if fixed is not None and item != fixed:
            raise bad_request(f'can\'t parse {type_name}: field "{key}" must be "{fixed}"')
    for key in required:
        if key not in read:
            raise bad_request(f"can't parse {type_name}: can't find field \"{key}\"")
    return read


@cache
def _object_fields(type_name: str) -> tuple[dict[str, tuple[Reader, str | None]], tuple[str, ...]]:
    fields = api_schema().types[type_name]
    readers = {field.name: (_value_reader(field.types), field.fixed) for field in fields}
    return readers, tuple(field.name for field in fields if field.required)


def _any_of(types: tuple[str, ...]) -> Reader:
    if all(name.startswith("[") for name in types):
        return partial(_read_mixed_array, tuple(name[1:-1] for name in types))
    if all(name in api_schema().types for name in types):
        return partial(_read_fitting_object, types)
    return partial(_read_first_fitting, types)


def _read_mixed_array(elements: tuple[str, ...], value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise bad_request(f'field "{name}" must be an Array')
    return [_read_fitting_object(elements, item, name) for item in value]


def _read_fitting_object(types: tuple[str, ...], value: Any, name: str) -> Json:
    """Read an object as the first of several types whose fixed values and required fields it has."""
    if not isinstance(value, dict):
        raise bad_request(f"can't parse {name}: expected an Object")
    fixed_fit = [name for name in types if _fixed_values_fit(name, value)]
    if not fixed_fit:
        raise bad_request(f"can't parse {name}: unsupported type specified")
    for type_name in fixed_fit:
        if all(key in value for key in _object_fields(type_name)[1]):
            return _read_object(type_name, value, name)
    return _read_object(fixed_fit[0], value, name)


def _fixed_values_fit(type_name: str, value: Json) -> bool:
    fixed = [field for field in api_schema().types[type_name] if field.fixed is not None]
    return all(value.get(field.name) == field.fixed for field in fixed)


def _read_first_fitting(types: tuple[str, ...], value: Any, name: str) -> Any:
    for type_name in types:
        try:
            return _value_reader((type_name,))(value, name)
        except ApiError:
            continue
    raise bad_request(f'field "{name}" must be of type {" or ".join(types)}')


def conform(type_name: str, value: Any) -> Any:
    """A JSON value read as an official type ("Message", "[Update]"); raises ApiError where it is none."""
    return _value_reader((type_name,))(value, type_name)
