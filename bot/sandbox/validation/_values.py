"""Values inside JSON, read as official types.

TDLib's JSON reader takes a number for a string and a numeric string for an integer, and so does this one.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.schema import api_schema
from bot.sandbox.validation._text import Reader, read_chat_text

Json = dict[str, Any]


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
    return value if isinstance(value, int) and not isinstance(value, bool) else read_chat_text(value, name)


_VALUES: dict[str, Reader] = {
    "Integer": _read_integer,
    "String": _read_string,
    "Boolean": _read_boolean,
    "True": _read_boolean,
    "Float": _read_float,
}


@cache
def value_reader(types: tuple[str, ...]) -> Reader:
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
    reader = value_reader((element,))
    return [reader(item, name) for item in value]


def _read_object(type_name: str, value: Any, name: str) -> Json:
    if type_name == "KeyboardButton" and isinstance(value, str):
        return {"text": value}  # "for simple text buttons, String can be used instead"
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
    readers = {field.name: (value_reader(field.types), field.fixed) for field in fields}
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
            return value_reader((type_name,))(value, name)
        except ApiError:
            continue
    raise bad_request(f'field "{name}" must be of type {" or ".join(types)}')


def conform(type_name: str, value: Any) -> Any:
    """A JSON value read as an official type ("Message", "[Update]"); raises ApiError where it is none."""
    return value_reader((type_name,))(value, type_name)
