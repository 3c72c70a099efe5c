"""Callback data: typed, prefixed by its feature, and at most 64 bytes as Telegram allows."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, ClassVar, Self, get_type_hints

from bot.errors import Outdated

LIMIT = 64


class Tap:
    """What a button means. Subclasses are frozen dataclasses of int, str and bool; `prefix` is `<feature>.<verb>`."""

    prefix: ClassVar[str] = ""

    def __init_subclass__(cls, prefix: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.prefix = prefix

    def pack(self) -> str:
        """The button's callback data; raises ValueError beyond 64 bytes and for a value with a colon."""
        values = [getattr(self, field.name) for field in fields(self)]  # type: ignore[arg-type]
        parts = [str(int(v)) if isinstance(v, bool) else str(v) for v in values]
        data = ":".join([self.prefix, *parts])
        if any(":" in part for part in parts):
            raise ValueError(f"a colon inside a value cannot be read back: {data}")
        if len(data.encode()) > LIMIT:
            raise ValueError(f"callback data over {LIMIT} bytes: {data}")
        return data

    @classmethod
    def unpack(cls, data: str) -> Self:
        """The meaning of callback data; raises Outdated for what this version cannot read."""
        prefix, *raw = data.split(":")
        kinds = get_type_hints(cls)
        names = [field.name for field in fields(cls)]  # type: ignore[arg-type]
        if prefix != cls.prefix or len(raw) != len(names):
            raise Outdated
        try:
            return cls(**{name: _read(kinds[name], value) for name, value in zip(names, raw, strict=True)})
        except ValueError:
            raise Outdated from None


def _read(kind: type, value: str) -> object:
    if kind is bool:
        if value not in ("0", "1"):
            raise ValueError(value)
        return value == "1"
    return kind(value)
