"""Telegram's HTML, its entities and their UTF-16 offsets."""

from __future__ import annotations

import html
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Message, MessageEntity
from telegram._utils.datetime import from_timestamp

from bot.sandbox.text import TextError, Utf16, checked_link, detect, formatted, parse_html, utf16_length

NASTY = st.text(alphabet=st.sampled_from("ab <>&\"'/=;#x中😀👨‍👩‍👧\n é"), max_size=60)
VISIBLE = st.text(alphabet=st.sampled_from("abc中文😀é,"), min_size=1, max_size=8)
STYLES = {"b": "bold", "em": "italic", "ins": "underline", "del": "strikethrough", "tg-spoiler": "spoiler"}


def entities_of(source: str) -> list[tuple[Any, ...]]:
    return [(e["type"], e["offset"], e["length"]) for e in formatted(source, "HTML").entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>bold</b> and <i>slanted</i>", "bold and slanted", [("bold", 0, 4), ("italic", 9, 7)]),
        (
            "<strong>a</strong><em>b</em><ins>c</ins><strike>d</strike>",
            "abcd",
            [("bold", 0, 1), ("italic", 1, 1), ("underline", 2, 1), ("strikethrough", 3, 1)],
        ),
        ("<b>a<i>b</i></b>c", "abc", [("bold", 0, 1), ("bold", 1, 1), ("italic", 1, 1)]),
        ("<B>caps</B>", "caps", [("bold", 0, 4)]),
        ("<b>end</>", "end", [("bold", 0, 3)]),
        ("😀<b>😀</b>", "😀😀", [("bold", 2, 2)]),
        ("a &lt; b &amp;&amp; c &gt; d &quot;", 'a < b && c > d "', []),
        ("&nbsp;&hearts;&#39;&#x4e2d;&#128512;", "&nbsp;&hearts;'中😀", []),
        ("&#0;&#1114111;&", "&#0;&#1114111;&", []),
        ('<span class="tg-spoiler">s</span>', "s", [("spoiler", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("<blockquote>q <b>w</b></blockquote>", "q w", [("blockquote", 0, 3), ("bold", 2, 1)]),
        ("<code>a</code><pre>b</pre>", "ab", [("code", 0, 1), ("pre", 1, 1)]),
        ("<b>a <code>x</code> b</b>", "a x b", [("bold", 0, 2), ("code", 2, 1), ("bold", 3, 2)]),
        ("<b></b>x", "x", []),
        ("  <b>kept </b> \n", "kept", [("bold", 0, 4)]),
        ("  <b> kept</b>", " kept", [("bold", 0, 5)]),
        ("\n\n plain \n", "plain", []),
        ("tab\there\r\n\u202eleft", "tab here\nleft", []),
        ("<a href='nowhere'>x</a>", "x", []),
    ],
)
def test_html_becomes_text_and_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    assert formatted(source, "HTML").text == text
    assert entities_of(source) == entities


def test_code_keeps_its_language_and_links_their_address() -> None:
    source = (
        '<pre><code class="language-python">p</code></pre> <a href="https://Example.com?q=1&amp;r=2">l</a> '
        '<a>example.org/x</a> <a href="tg://user?id=42">m</a> <tg-emoji emoji-id="5368324170671202286">👍</tg-emoji> '
        '<tg-time unix="1700000000" format="wDT">then</tg-time>'
    )
    pre, link, bare, mention, emoji, time = formatted(source, "HTML").entities
    assert (pre["type"], pre["language"]) == ("pre", "python")
    assert link["url"] == "https://example.com/?q=1&r=2"
    assert bare["url"] == "http://example.org/x"
    assert mention["user"] == {"id": 42}
    assert emoji["custom_emoji_id"] == "5368324170671202286"
    assert (time["type"], time["unix_time"], time["date_time_format"]) == ("date_time", 1700000000, "wDT")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("中<br>", 'Unsupported start tag "br" at byte offset 3'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<a =x>z</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier specified"),
        ("<tg-time>x</tg-time>", "Invalid date specified"),
        ("<tg-time unix='5' format='q'>x</tg-time>", "Invalid date-time format specified"),
        ("&#xd83d;", "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched"),
    ],
)
def test_broken_html_is_refused_with_telegrams_sentence(source: str, sentence: str) -> None:
    with pytest.raises(TextError) as refused:
        parse_html(source)
    assert str(refused.value).startswith(sentence)


@settings(deadline=None)
@given(NASTY)
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse_html(html.escape(text, quote=True)) == (text, [])


@settings(deadline=None)
@given(NASTY)
def test_any_source_is_either_read_or_refused(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except TextError:
        return
    assert all(0 <= e["offset"] < e["offset"] + e["length"] <= utf16_length(text) for e in entities)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(STYLES)), VISIBLE), min_size=1, max_size=6))
def test_every_styled_part_is_found_where_it_stands(parts: list[tuple[str, str]]) -> None:
    source = "|".join(f"<{tag}>{part}</{tag}>" for tag, part in parts)
    made = formatted(source, "HTML")
    units = Utf16(made.text)
    styles = set(STYLES.values())
    found = [(e["type"], units.slice(e["offset"], e["length"])) for e in made.entities if e["type"] in styles]
    assert found == [(STYLES[tag], part) for tag, part in parts]


@settings(deadline=None)
@given(st.lists(VISIBLE, min_size=1, max_size=5))
def test_offsets_are_those_that_a_client_library_reads(parts: list[str]) -> None:
    made = formatted("".join(f"{part} <u>{part}</u> " for part in parts), "HTML")
    kinds = [e for e in made.entities if e["type"] == "underline"]
    entities = [MessageEntity(e["type"], e["offset"], e["length"]) for e in kinds]
    message = Message(1, from_timestamp(0), None, text=made.text, entities=entities)  # type: ignore[arg-type]
    assert list(message.parse_entities().values()) == parts


@settings(deadline=None)
@given(NASTY, st.integers(0, 60))
def test_positions_survive_the_way_to_utf16_and_back(text: str, at: int) -> None:
    at = min(at, len(text))
    units = Utf16(text)
    assert units.position(units.offset(at)) == at
    assert units.offset(at) == utf16_length(text[:at])


def test_half_a_character_is_no_position() -> None:
    assert Utf16("😀").position(1) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start@SmallWinsBot now", [("bot_command", "/start@SmallWinsBot")]),
        ("中/ask a/b /ask/ //x", []),
        ("hi @liwei and me@a.com", [("mention", "@liwei"), ("email", "me@a.com")]),
        (
            "see https://a.com/x(1). Or www.b.org, c.cn/?d=1!",
            [("url", "https://a.com/x(1)"), ("url", "www.b.org"), ("url", "c.cn/?d=1")],
        ),
        ("http://localhost 1.2.3 e.g. 3.14 and 10.0.0.1 999.1.1.1", [("url", "10.0.0.1")]),
        ("(t.me/x) 网址http://例子.中国/路", [("url", "t.me/x"), ("url", "http://例子.中国/路")]),
        ("#tag #1 #中文 ##x", [("hashtag", "#tag"), ("hashtag", "#中文")]),
        ("$USD $usd", [("cashtag", "$USD")]),
        ("tg://resolve?domain=x", [("url", "tg://resolve?domain=x")]),
    ],
)
def test_telegram_finds_these_by_itself(text: str, found: list[tuple[str, str]]) -> None:
    units = Utf16(text)
    assert [(e["type"], units.slice(e["offset"], e["length"])) for e in detect(text)] == found


def test_what_is_found_stays_out_of_code_and_links() -> None:
    assert entities_of("<code>/ask</code> <a href='https://a.cn'>@liwei</a>") == [("code", 0, 4), ("text_link", 5, 6)]


def test_given_entities_are_checked_against_the_text() -> None:
    assert formatted("😀ab", None, [{"type": "bold", "offset": 2, "length": 2}]).entities[0]["offset"] == 2
    for offset, length, words in (
        (9, 1, "begins after the end"),
        (1, 2, "begins in a middle"),
        (0, 1, "ends in a middle"),
        (0, 9, "ends after the end"),
        (-1, 1, "incorrect offset"),
        (0, -1, "incorrect length"),
    ):
        with pytest.raises(TextError, match=words):
            formatted("😀ab", None, [{"type": "bold", "offset": offset, "length": length}])


def test_given_entities_that_telegram_finds_itself_are_left_to_it() -> None:
    assert formatted("word", None, [{"type": "mention", "offset": 0, "length": 4}]).entities == []


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("example.com", "http://example.com/"),
        ("HTTPS://Example.com/A?b#c", "https://example.com/A?b#c"),
        ("https://example.com:8443?x=1", "https://example.com:8443/?x=1"),
        ("tg://resolve?domain=x", "tg://resolve?domain=x"),
        ("localhost", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_links_are_kept_in_telegrams_form(link: str, kept: str | None) -> None:
    assert checked_link(link) == kept
