"""Telegram's HTML: its short list of tags, four named references and numeric ones, nothing more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.sandbox.text._links import checked_link, linked_user
from bot.sandbox.text._order import in_order

Entity = dict[str, Any]

_PLAIN = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = {*_PLAIN, "a", "tg-emoji", "tg-time", "pre", "code", "blockquote"}
_SPACE = " \t\r\n\0\v"
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]*)|#(?P<decimal>[0-9]*)|(?P<name>[a-zA-Z]*));?")
_LONGEST_NUMBER = 10  # characters of a numeric reference, without its semicolon
_TIME_FORMAT = re.compile(r"[rR]|[tTdDwW]*")


class TextError(Exception):
    """Text that Telegram refuses; the message is its sentence."""


@dataclass(slots=True)
class _Open:
    """A start tag that waits for its end."""

    tag: str
    argument: str
    unix: str
    offset: int
    chars: int


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The text without its markup, and the entities in Telegram's order; raises TextError."""
    return _Parser(source).run()


class _Parser:
    """One pass over the source; a NUL behind the end stands for "nothing more", as in Telegram's own parser."""

    def __init__(self, source: str) -> None:
        self.source = source + "\0"
        self.end = len(source)
        self.at = 0
        self.begin = 0  # where the tag at hand starts
        self.out: list[str] = []
        self.chars = 0
        self.offset = 0  # in UTF-16 units of the text so far
        self.open: list[_Open] = []
        self.entities: list[Entity] = []
        self.language: dict[int, str] = {}  # of code entities, by their identity

    def run(self) -> tuple[str, list[Entity]]:
        """Read the source to its end; raises TextError."""
        while self.at < self.end:
            self._step()
        if self.open:
            raise TextError(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        text = "".join(self.out)
        try:
            text = text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            raise TextError(
                "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
                "surrogate code units"
            ) from None
        return text, in_order(self.entities)

    def _step(self) -> None:
        char = self.source[self.at]
        if char == "<":
            self.begin = self.at
            self.at += 1
            if self.source[self.at] == "/":
                self._end_tag()
            else:
                self._start_tag()
        elif char == "&":
            self._emit(self._reference())
        else:
            stop = re.compile("[<&]").search(self.source, self.at)
            upto = stop.start() if stop else self.end
            self._emit(self.source[self.at : upto])
            self.at = upto

    def _emit(self, text: str) -> None:
        self.out.append(text)
        self.chars += len(text)
        self.offset += len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2

    def _reference(self) -> str:
        """The character of a reference at the cursor, or the "&" itself when it is none."""
        match = _REFERENCE.match(self.source, self.at)
        assert match is not None  # every part of the pattern behind "&" may be empty
        char = _NAMED.get(match["name"] or "") or _numbered(match)
        self.at = match.end() if char else self.at + 1
        return char or "&"

    def _fail(self, sentence: str, at: int | None = None) -> TextError:
        offset = len(self.source[: self.begin if at is None else at].encode("utf-8", "surrogatepass"))
        return TextError(sentence.replace("{offset}", f"at byte offset {offset}"))

    def _name(self) -> str:
        start = self.at
        while self.source[self.at] not in _SPACE and self.source[self.at] != ">":
            self.at += 1
        return self.source[start : self.at].lower()

    def _skip_space(self) -> None:
        while self.at < self.end and self.source[self.at] in _SPACE:
            self.at += 1

    def _start_tag(self) -> None:
        tag = self._name()
        if self.at >= self.end:
            raise self._fail("Unclosed start tag {offset}")
        if tag not in _TAGS:
            raise self._fail(f'Unsupported start tag "{tag}" {{offset}}')
        opened = _Open(tag, "", "", self.offset, self.chars)
        while self.source[self.at] != ">":
            self._skip_space()
            if self.source[self.at] == ">":
                break
            name, value = self._attribute(tag)
            _apply(opened, name, value)
        if tag == "span" and opened.argument != "spoiler":
            raise self._fail('Tag "span" must have class "tg-spoiler" {offset}')
        self.at += 1
        self.open.append(opened)

    def _attribute(self, tag: str) -> tuple[str, str | None]:
        start = self.at
        while self.source[self.at] not in _SPACE and self.source[self.at] not in "=>/\"'":
            self.at += 1
        name = self.source[start : self.at]
        if not name:
            raise self._fail(f'Empty attribute name in the tag "{tag}" {{offset}}')
        self._skip_space()
        if self.at >= self.end:
            raise self._fail(f'Unclosed start tag "{tag}" {{offset}}')
        if self.source[self.at] != "=":
            return name, None
        self.at += 1
        self._skip_space()
        if self.at >= self.end:
            raise self._fail(f'Unclosed start tag "{tag}" {{offset}}')
        value = self._quoted() if self.source[self.at] in "\"'" else self._token()
        if self.at >= self.end:
            raise self._fail("Unclosed start tag {offset}")
        return name, value

    def _token(self) -> str:
        start = self.at
        while (char := self.source[self.at]).isascii() and (char.isalnum() or char in ".-"):
            self.at += 1
        if self.source[self.at] not in _SPACE and self.source[self.at] != ">":
            raise self._fail("Unexpected end of name token {offset}", start)
        return self.source[start : self.at].lower()

    def _quoted(self) -> str:
        quote = self.source[self.at]
        self.at += 1
        value: list[str] = []
        while self.at < self.end and self.source[self.at] != quote:
            if self.source[self.at] == "&":
                value.append(self._reference())
            else:
                value.append(self.source[self.at])
                self.at += 1
        if self.at < self.end:
            self.at += 1
        return "".join(value)

    def _end_tag(self) -> None:
        if not self.open:
            raise self._fail("Unexpected end tag {offset}")
        self.at += 1
        name = self._name()
        self._skip_space()
        if self.at >= self.end:
            raise self._fail("Unclosed end tag {offset}")
        if self.source[self.at] != ">":
            raise self._fail("Unclosed end tag {offset}")
        self.at += 1
        opened = self.open[-1]
        if name and name != opened.tag:
            raise self._fail(f'Unmatched end tag {{offset}}, expected "</{opened.tag}>", found "</{name}>"')
        if self.offset > opened.offset:
            self._close(opened)
        self.open.pop()

    def _close(self, opened: _Open) -> None:
        place = {"offset": opened.offset, "length": self.offset - opened.offset}
        if opened.tag in _PLAIN:
            self.entities.append({"type": _PLAIN[opened.tag], **place})
        elif opened.tag == "blockquote":
            self.entities.append({"type": "expandable_blockquote" if opened.argument else "blockquote", **place})
        elif opened.tag == "a":
            self._close_link(opened, place)
        elif opened.tag == "tg-emoji":
            self._close_emoji(opened, place)
        elif opened.tag == "tg-time":
            self._close_time(opened, place)
        else:
            self._close_code(opened, place)

    def _close_link(self, opened: _Open, place: Entity) -> None:
        url = opened.argument or "".join(self.out)[opened.chars :]
        user = linked_user(url)
        link = checked_link(url)
        if user is not None:
            self.entities.append({"type": "text_mention", **place, "user": {"id": user}})
        elif link is not None:
            self.entities.append({"type": "text_link", **place, "url": link})

    def _close_emoji(self, opened: _Open, place: Entity) -> None:
        if not opened.argument.lstrip("-").isdecimal() or int(opened.argument) == 0:
            raise TextError("Invalid custom emoji identifier specified")
        self.entities.append({"type": "custom_emoji", **place, "custom_emoji_id": opened.argument})

    def _close_time(self, opened: _Open, place: Entity) -> None:
        if not opened.unix.isdecimal() or int(opened.unix) == 0:
            raise TextError("Invalid date specified")
        if not _TIME_FORMAT.fullmatch(opened.argument):
            raise TextError("Invalid date-time format specified")
        entity = {"type": "date_time", **place, "unix_time": int(opened.unix)}
        self.entities.append(entity | ({"date_time_format": opened.argument} if opened.argument else {}))

    def _close_code(self, opened: _Open, place: Entity) -> None:
        """`<pre><code class="language-x">` and its reverse make one block with a language."""
        inner = self.entities[-1] if self.entities else None
        same = inner is not None and {**inner, **place} == inner
        if inner is not None and same and opened.tag == "pre" and id(inner) in self.language:
            inner.update(type="pre", language=self.language[id(inner)])
        elif inner is not None and same and opened.tag == "code" and inner["type"] == "pre" and opened.argument:
            inner["language"] = opened.argument
        else:
            entity = {"type": opened.tag, **place}
            self.entities.append(entity)
            if opened.tag == "code" and opened.argument:
                self.language[id(entity)] = opened.argument


def _numbered(match: re.Match[str]) -> str | None:
    digits = match["hex"] if match["hex"] is not None else match["decimal"]
    if not digits or len(match[0].rstrip(";")) >= _LONGEST_NUMBER:
        return None
    code = int(digits, 16 if match["hex"] is not None else 10)
    return chr(code) if 0 < code < 0x10FFFF else None


def _apply(opened: _Open, name: str, value: str | None) -> None:
    """Keep the attributes that mean something for their tag; Telegram ignores all others."""
    match (opened.tag, name, value):
        case ("blockquote", "expandable", _):
            opened.argument = "1"
        case ("a", "href", str() as text) | ("tg-emoji", "emoji-id", str() as text):
            opened.argument = text
        case ("tg-time", "format", str() as text):
            opened.argument = text
        case ("tg-time", "unix", str() as text):
            opened.unix = text
        case ("code", "class", str() as text) if text.startswith("language-"):
            opened.argument = text.removeprefix("language-")
        case ("span", "class", str() as text) if text.startswith("tg-"):
            opened.argument = text.removeprefix("tg-")
