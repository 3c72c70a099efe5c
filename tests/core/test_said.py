"""What people wrote: nothing of it is lost, neither words nor formatting, however long it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from telegram import Chat, Dice, Message, MessageEntity, PhotoSize

from bot.sandbox.text import parse_html
from bot.sandbox.text._order import settle
from handlers._kit import Said, as_html, pieces, said, units

Entity = dict[str, Any]

_LETTERS = st.sampled_from(
    [*"ab <>&\"'\n.!?", "。", "，", "学", "员", "😀", "👩‍⚕️", "𠮷", "e\u0301", "&lt;", "&amp", "</b>"]
)
texts = st.lists(_LETTERS, min_size=1, max_size=80).map("".join)
_KINDS: list[Entity] = [
    {"type": "bold"},
    {"type": "italic"},
    {"type": "underline"},
    {"type": "strikethrough"},
    {"type": "spoiler"},
    {"type": "code"},
    {"type": "pre"},
    {"type": "pre", "language": "python"},
    {"type": "blockquote"},
    {"type": "expandable_blockquote"},
    {"type": "text_link", "url": "https://example.org/?a=1&b=2&lt=3"},
]


@st.composite
def formatted_texts(draw: st.DrawFn) -> tuple[str, list[Entity]]:
    """A text with entities as Telegram lets them lie: none begins inside a character, none cross each other."""
    text = draw(texts)
    edges = [units(text[:place]) for place in range(len(text) + 1)]
    entities = []
    for kind in draw(st.lists(st.sampled_from(_KINDS), max_size=6)):
        begin, end = sorted(draw(st.lists(st.sampled_from(edges), min_size=2, max_size=2)))
        entities.append(kind | {"offset": begin, "length": end - begin})
    return text, settle(entities)


def looks(text: str, entities: list[Entity]) -> list[tuple[str, frozenset[str]]]:
    """Each character with the formatting that lies on it."""
    look: list[tuple[str, frozenset[str]]] = []
    place = 0
    for character in text:
        on_it = frozenset(
            f"{e['type']} {e.get('url', '')} {e.get('language', '')}"
            for e in entities
            if e["offset"] <= place < e["offset"] + e["length"]
        )
        look.append((character, on_it))
        place += units(character)
    return look


def shown(html: Markup) -> list[tuple[str, frozenset[str]]]:
    """What Telegram makes of the HTML, character by character."""
    return looks(*parse_html(str(html)))


@settings(max_examples=70, deadline=None)
@given(formatted_texts())
def test_words_and_formatting_come_back_as_they_were(written: tuple[str, list[Entity]]) -> None:
    assert shown(as_html(*written)) == looks(*written)


@settings(max_examples=70, deadline=None)
@given(formatted_texts(), st.integers(2, 60))
def test_r20_pieces_lose_nothing_and_none_is_too_long(written: tuple[str, list[Entity]], limit: int) -> None:
    text, entities = written
    cut = list(pieces(text, entities, limit))
    assert [look for piece in cut for look in shown(piece)] == looks(text, entities)
    for piece in cut:
        assert 0 < units(parse_html(str(piece))[0]) <= limit


@settings(max_examples=25, deadline=None)
@example(("abcdef", [{"type": "bold", "offset": 0, "length": 6}, {"type": "italic", "offset": 0, "length": 3}]))
@given(formatted_texts())
def test_the_order_in_which_entities_are_listed_does_not_matter(written: tuple[str, list[Entity]]) -> None:
    text, entities = written
    assert shown(as_html(text, entities[::-1])) == looks(text, entities)


def test_r20_a_long_text_is_cut_where_a_sentence_ends() -> None:
    sentences = [f"这是第{number}句话，说的是同伴支持。" for number in range(400)]
    cut = [parse_html(str(piece))[0] for piece in pieces("".join(sentences), None)]
    assert len(cut) == 2
    assert all(piece.endswith("。") for piece in cut)
    assert "".join(cut) == "".join(sentences)


def test_a_paragraph_is_a_better_end_than_a_sentence_and_a_word_better_than_none() -> None:
    first, second = "One. " * 10, "Two. " * 10
    assert next(pieces(f"{first}\n\n{second}", None, 70)) == f"{first}\n\n"
    assert next(pieces("word " * 30, None, 12)) == "word word "
    assert next(pieces("x" * 30, None, 12)) == "x" * 12


def test_an_emoji_at_the_cut_stays_whole() -> None:
    assert list(pieces("😀" * 5, None, 3)) == ["😀"] * 5
    assert list(pieces("a😀b", None, 2)) == ["a", "😀", "b"]


def test_a_text_that_fits_is_one_piece_and_nothing_is_one_empty_piece() -> None:
    assert list(pieces("short", [{"type": "bold", "offset": 0, "length": 5}])) == ["<b>short</b>"]
    assert list(pieces("", None)) == [""]


def test_what_people_write_cannot_become_markup() -> None:
    assert as_html("<b>&</b>", None) == "&lt;b&gt;&amp;&lt;/b&gt;"


@pytest.mark.parametrize(
    "entity",
    [
        {"type": "text_link", "url": 'https://example.org/?q="x"&lt=1'},
        {"type": "pre", "language": '"><b>'},
        {"type": "pre", "language": "c++"},
    ],
)
def test_an_address_or_a_language_cannot_break_the_markup(entity: Entity) -> None:
    text, [found] = parse_html(str(as_html("words", [entity | {"offset": 0, "length": 5}])))
    assert text == "words"
    assert found["type"] == entity["type"]
    assert found.get("language") == entity.get("language")


def test_length_is_counted_as_telegram_does() -> None:
    assert [units(text) for text in ("", "ab", "学员", "😀", "👩‍⚕️")] == [0, 2, 2, 2, 5]


# Messages


def message(text: str | None = None, *entities: MessageEntity, **more: Any) -> Message:
    return Message(1, datetime.now(UTC), Chat(1, "private"), text=text, entities=entities, **more)


def test_a_message_says_its_words_with_their_formatting() -> None:
    bold = MessageEntity("bold", 0, 5)
    assert said(message("Hello there", bold)) == Said("Hello there", [bold.to_dict()])


def _bold_after(prefix: str) -> Callable[[str], Message]:
    def made(words: str) -> Message:
        at = units(prefix)
        return message(prefix + words, MessageEntity("bot_command", 0, 4), MessageEntity("bold", at, units(words)))

    return made


@pytest.mark.parametrize("prefix", ["/ask ", "/ask\n  ", "/ask@SmallWinsBot "])
def test_r20_the_formatting_of_a_question_outlives_the_command_before_it(prefix: str) -> None:
    content = said(_bold_after(prefix)("😀 how"), text="😀 how")
    assert (content.text, content.entities) == ("😀 how", [{"type": "bold", "offset": 0, "length": 6}])


def test_formatting_is_left_out_where_the_words_were_put_together_anew() -> None:
    bold = MessageEntity("bold", 0, 5)
    content = said(message("Hello @SmallWinsBot, how?", bold), text="Hello , how?")
    assert (content.text, content.entities) == ("Hello , how?", [])


def test_a_photo_speaks_with_its_caption_and_a_kind_that_we_cannot_pass_on_is_unknown() -> None:
    photo = message(photo=[PhotoSize("f", "u", 1, 1)], caption="the form", caption_entities=())
    assert said(photo) == Said("the form", [], "photo", takes_caption=True, file_id="f")
    assert said(message()).unknown
    assert said(message("words", dice=Dice(3, "🎲"))).left_out == "dice"
    assert not said(message("words")).unknown
