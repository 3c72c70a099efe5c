"""Content files: YAML read into frozen models, with mistakes named by file and line.

The folders are layers: a file in a later folder replaces the file of the same relative path in an earlier one, so that
a community can change one shipped file without touching the rest.
"""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import ContentInvalid, ContentProblem

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml reads ten times faster
Place = tuple[int | str, ...]
"""Where something stands inside a file: keys and positions, outermost first."""


class Content(BaseModel):
    """Base of everything that is read from a content file: frozen, and unknown fields are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Loaded(Generic[T]):
    """What one file says, and which file it was."""

    file: Path
    content: T

    def problem(self, place: Place, sentence: str) -> ContentProblem:
        """A mistake at `place` in this file; the line is looked up only now, since most files have none."""
        return ContentProblem(self.file, _line_of(self.file, place), sentence)


class _Strict(_Loader):  # type: ignore[valid-type, misc]
    """Refuses the same key twice, which YAML would settle silently in favour of the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"'{key.value}' stands here twice; keep one of them", key.start_mark)
            seen.add(key.value)
        return cast("dict[Hashable, Any]", super().construct_mapping(node, deep))


def files(folders: Sequence[Path], pattern: str) -> list[Path]:
    """The files that match `pattern` (relative, such as `faq/*.yaml`), later folders winning, by relative path."""
    found = {path.relative_to(folder): path for folder in folders for path in sorted(folder.glob(pattern))}
    return [found[name] for name in sorted(found)]


def load(model: type[T], path: Path) -> Loaded[T]:
    """Read one file as `model`; raises ContentInvalid with every mistake in it."""
    data = _parsed(path)
    try:
        return Loaded(path, model.model_validate(data))
    except ValidationError as error:
        raise ContentInvalid([_problem(path, model, dict(one)) for one in error.errors()]) from None


def load_all(model: type[T], folders: Sequence[Path], pattern: str) -> list[Loaded[T]]:
    """Read every file that matches; raises ContentInvalid with the mistakes of all of them together."""
    loaded: list[Loaded[T]] = []
    problems: list[ContentProblem] = []
    for path in files(folders, pattern):
        try:
            loaded.append(load(model, path))
        except ContentInvalid as error:
            problems += error.problems
    if problems:
        raise ContentInvalid(problems)
    return loaded


def _parsed(path: Path) -> object:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _Strict)  # a subclass of SafeLoader
    except UnicodeDecodeError as error:
        line = path.read_bytes()[:error.start].count(b"\n") + 1
        raise ContentInvalid([ContentProblem(path, line, "This is not UTF-8 text; save the file as UTF-8.")]) from None
    except OSError as error:
        raise ContentInvalid([ContentProblem(path, 1, f"The file cannot be read: {error.strerror}.")]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ContentInvalid([ContentProblem(path, mark.line + 1 if mark else 1, _syntax(error.problem or ""))]) from None
    except yaml.YAMLError as error:
        raise ContentInvalid([ContentProblem(path, 1, f"This is not readable as YAML: {str(error).splitlines()[0]}.")]
                             ) from None


def _syntax(problem: str) -> str:
    """What the YAML parser met, with the mistake that usually lies behind it."""
    if "twice" in problem:
        return problem + "."
    if "mapping values are not allowed" in problem:
        hint = "Put a text that contains a colon followed by a space into \"quotes\""
    elif "cannot start any token" in problem:
        hint = "Use spaces, not tabs, and put a text that begins with a special sign into \"quotes\""
    else:
        hint = "Compare the spaces at the start of this line and the one before it with the entry above"
    return f"This cannot be read ({problem}). {hint}."


def _line_of(path: Path, place: Place) -> int:
    """The line of `place`, or of the nearest thing around it that exists."""
    node = yaml.compose(path.read_text(encoding="utf-8"), _Loader)
    line = node.start_mark.line if node else 0
    for step in place:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return int(line) + 1


def _problem(path: Path, model: type[BaseModel], error: dict[str, Any]) -> ContentProblem:
    place: Place = error["loc"]
    return ContentProblem(path, _line_of(path, place), _sentence(model, place, error))


def _sentence(model: type[BaseModel], place: Place, error: dict[str, Any]) -> str:
    """One mistake found by pydantic, said for somebody who does not program."""
    name = next((step for step in reversed(place) if isinstance(step, str)), "")
    context: dict[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f"'{name}' is missing; add it."
        case "extra_forbidden":
            near = difflib.get_close_matches(name, _field_names(model), 1)
            return f"'{name}' is not a known field; " + (f"did you mean '{near[0]}'?" if near else "remove it.")
        case "string_type":
            return f"'{name}' has to be text; put it into \"quotes\"."
        case "too_short" | "string_too_short":
            return f"'{name}' has too few: at least {context.get('min_length', 1)} needed."
        case "too_long" | "string_too_long":
            return f"'{name}' is too long: at most {context.get('max_length')} allowed."
        case "tuple_type" | "list_type":
            return f"'{name}' has to be a list; begin each line of it with a dash and a space."
        case "model_type" | "dict_type":
            return f"'{name}' has to be a block of fields, one 'name: text' a line." if name else \
                "The file has to be a block of fields, one 'name: text' a line."
        case "literal_error" | "enum":
            return f"'{name}' has to be one of {context.get('expected')}."
        case "value_error":
            return f"'{name}': {context.get('error')}"
        case _:
            return f"'{name}': {error['msg']}."


def _field_names(model: type[BaseModel]) -> list[str]:
    """Names of the fields of `model` and of the models inside it."""
    names: list[str] = []
    waiting: list[Any] = [model]
    seen: set[Any] = set()
    while waiting:
        kind = waiting.pop()
        if kind in seen:
            continue
        seen.add(kind)
        waiting += getattr(kind, "__args__", ())
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += kind.model_fields
            waiting += [field.annotation for field in kind.model_fields.values()]
    return names
