"""Our HTML back into words with formatting: what Telegram would make of it."""

from __future__ import annotations

from hypothesis import given

from bot.sandbox.text import parse_html
from handlers._kit import as_html, from_html
from tests.core.test_said import Entity, formatted_texts, looks


@given(formatted_texts())
def test_it_reads_html_as_telegram_does(said: tuple[str, list[Entity]]) -> None:
    html = as_html(*said)
    text, entities = parse_html(str(html))
    own_text, own_entities = from_html(html)
    assert own_text == text
    assert looks(own_text, own_entities) == looks(text, entities)


def test_words_come_back_from_their_html_with_emoji_and_links() -> None:
    link = {"type": "text_link", "url": "https://example.org/?a=1&b=2", "offset": 7, "length": 1}
    entities = [{"type": "bold", "offset": 3, "length": 3}, link]
    assert from_html(as_html("😀 <b> &", entities)) == ("😀 <b> &", entities)
