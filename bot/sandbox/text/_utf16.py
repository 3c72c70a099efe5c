"""Positions in text, between Python's code points and Telegram's UTF-16 code units."""

from __future__ import annotations

from bisect import bisect_left


def utf16_length(text: str) -> int:
    """The number of UTF-16 code units in the text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


class Utf16:
    """Turns positions of one text into UTF-16 positions and back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._wide = [] if text.isascii() else [at for at, char in enumerate(text) if char > "\uffff"]
        self._wide_units = [at + before for before, at in enumerate(self._wide)]

    def offset(self, position: int) -> int:
        """The UTF-16 offset of a code point's position."""
        return position + bisect_left(self._wide, position)

    def position(self, offset: int) -> int | None:
        """The code point's position at a UTF-16 offset; None in the middle of a surrogate pair."""
        position = offset - bisect_left(self._wide_units, offset)
        return position if self.offset(position) == offset else None

    def slice(self, offset: int, length: int) -> str:
        """The part of the text that an entity covers."""
        start, end = self.position(offset), self.position(offset + length)
        if start is None or end is None:
            raise ValueError("the range cuts a character in two")
        return self.text[start:end]
