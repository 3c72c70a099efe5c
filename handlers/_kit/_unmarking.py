"""HTML of ours back into words with their formatting, as Telegram would give them to us."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from markupsafe import Markup

_KINDS = {
    "b": "bold",
    "i": "italic",
    "u": "underline",
    "s": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
Entity = dict[str, Any]


def from_html(markup: Markup) -> tuple[str, list[Entity]]:
    """The text and its entities; the inverse of `as_html`."""
    reader = _Reader()
    reader.feed(str(markup))
    reader.close()
    return "".join(reader.words), [entity for entity in reader.entities if entity.get("type") and entity.get("length")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.entities: list[Entity] = []
        self._length = 0
        self._open: list[tuple[str, Entity]] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        self._length += len(data.encode("utf-16-le")) // 2

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        entity = self._entity(tag, dict(attrs)) | {"offset": self._length}
        self._open.append((tag, entity))
        self.entities.append(entity)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, entity = self._open.pop()
            entity["length"] = self._length - entity["offset"]
            if name == tag:
                return

    def _entity(self, tag: str, given: dict[str, str | None]) -> Entity:
        """What a tag means; nothing for a tag that only completes the one around it."""
        if tag == "a":
            return {"type": "text_link", "url": given.get("href") or ""}
        if tag == "tg-emoji":
            return {"type": "custom_emoji", "custom_emoji_id": given.get("emoji-id") or ""}
        if tag == "span" and given.get("class") == "tg-spoiler":
            return {"type": "spoiler"}
        if tag == "blockquote" and "expandable" in given:
            return {"type": "expandable_blockquote"}
        if tag == "code" and self._open and self._open[-1][0] == "pre":
            self._open[-1][1].update(_language(given))
            return {}
        return {"type": _KINDS[tag]} if tag in _KINDS else {}


def _language(given: dict[str, str | None]) -> Entity:
    name = (given.get("class") or "").removeprefix("language-")
    return {"language": name} if name else {}
