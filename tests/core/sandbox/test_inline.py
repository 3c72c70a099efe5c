"""Inline mode: `@bot words` in any chat, the bot's results, and what is sent of them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultPhoto,
    InlineQueryResultsButton,
    InputLocationMessageContent,
    InputTextMessageContent,
)
from telegram import InlineQueryResult as Result
from telegram.error import TelegramError

from bot.sandbox.errors import NotPossible
from bot.sandbox.validation import conform
from bot.sandbox.world import Chat, Person
from tests.core.sandbox.conftest import Stage

TOO_OLD = "Query is too old and response timeout expired or query id is invalid"


def article(id: str = "one", text: str = "<b>Start</b> with one", **more: Any) -> InlineQueryResultArticle:
    content = InputTextMessageContent(text, parse_mode="HTML")
    return InlineQueryResultArticle(id, "How do we start?", content, description="With one", **more)


@pytest.fixture
def group(stage: Stage) -> Chat:
    return stage.world.supergroup("Trainees", stage.li, bot=False)


def heard(stage: Stage) -> InlineQuery:
    """The one inline query that is new for the bot."""
    (update,) = stage.updates()
    assert update.inline_query is not None
    return update.inline_query


def answer(stage: Stage, *results: Result, **more: Any) -> None:
    stage.run(heard(stage).answer(results, **more))


def refused(stage: Stage, *results: Result, **more: Any) -> str:
    """The sentence with which an answer is refused, as the server says it; the query stays open."""
    asked = stage.world.inline(stage.li, stage.private, "words")
    query = heard(stage)
    try:
        stage.run(query.answer(results, **more))
    except TelegramError as refusal:
        assert not asked.answered
        return refusal.message
    raise AssertionError("it was taken")


# Asking


def test_words_after_the_bots_name_reach_it_from_a_chat_that_it_is_not_in(stage: Stage, group: Chat) -> None:
    stage.world.inline(stage.li, group, "first peer supporter")
    query = heard(stage)
    assert (query.query, query.offset, query.chat_type, query.from_user.id) == (
        "first peer supporter",
        "",
        "supergroup",
        stage.li.id,
    )


def test_the_bot_calls_its_own_private_chat_the_senders(stage: Stage) -> None:
    stage.world.inline(stage.li, stage.private, "")
    conform("[Update]", stage.world.updates.first(1))
    assert heard(stage).chat_type == "sender"


def test_a_bot_that_does_not_listen_hears_no_query(stage: Stage) -> None:
    stage.allow("message")
    asked = stage.world.inline(stage.li, stage.private, "words")
    assert stage.updates() == []
    assert not asked.answered


def test_the_bot_says_whether_it_has_an_inline_mode(stage: Stage) -> None:
    assert stage.call("getMe")["supports_inline_queries"] is True
    stage.world.inline_mode = False
    assert stage.call("getMe")["supports_inline_queries"] is False
    with pytest.raises(NotPossible, match="no inline mode"):
        stage.world.inline(stage.li, stage.private, "words")


def test_who_may_not_write_or_use_bots_somewhere_may_not_ask_there(stage: Stage, group: Chat) -> None:
    wang = stage.world.person("Wang")
    with pytest.raises(NotPossible, match="not in this group"):
        stage.world.inline(wang, group, "words")
    stage.world.join(wang, group)
    group.permissions = group.permissions | {"can_send_other_messages": False}
    with pytest.raises(NotPossible, match="inline bots"):
        stage.world.inline(wang, group, "words")
    assert stage.world.inline(stage.li, group, "the owner may").text == "the owner may"
    with pytest.raises(NotPossible, match="256 characters"):
        stage.world.inline(stage.li, group, "x" * 257)


# Answering


def test_the_results_and_the_button_are_shown_to_the_one_who_asked(stage: Stage, group: Chat) -> None:
    async def ask_and_wait() -> list[str]:
        asked = stage.world.inline(stage.li, group, "words")
        waiting = asyncio.create_task(asked.wait())
        (update,) = await stage.bot.get_updates()
        assert update.inline_query is not None
        button = InlineQueryResultsButton("Open the private chat", start_parameter="in-line_1")
        await update.inline_query.answer([article()], button=button)
        shown = await waiting
        assert shown.button == {"text": "Open the private chat", "start_parameter": "in-line_1"}
        return [result["title"] for result in shown.results]

    assert stage.run(ask_and_wait()) == ["How do we start?"]


def test_no_results_are_an_answer_too(stage: Stage) -> None:
    asked = stage.world.inline(stage.li, stage.private, "")
    answer(stage)
    assert asked.answered
    assert (asked.results, asked.button) == ([], None)


def test_an_answer_comes_too_late_twice_or_for_nothing(stage: Stage) -> None:
    asked = stage.world.inline(stage.li, stage.private, "words")
    query = heard(stage)
    stage.passes(seconds=31)
    assert stage.refusal(query.answer([])) == TOO_OLD
    assert not asked.answered
    stage.world.inline(stage.li, stage.private, "words")
    again = heard(stage)
    stage.passes(seconds=29)
    assert stage.run(again.answer([article()]))
    assert stage.refusal(again.answer([article()])) == TOO_OLD
    reply = stage.reply("answerInlineQuery", inline_query_id="1", results=[])
    assert reply.payload["description"] == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )


def test_at_most_fifty_results_each_with_an_id_of_its_own(stage: Stage) -> None:
    many = [article(str(number)) for number in range(51)]
    assert refused(stage, *many, auto_pagination=False) == "Too many inline query results specified"
    assert refused(stage, article("a"), article("b"), article("a")) == "Result_id_duplicate"
    reply = stage.reply("answerInlineQuery", inline_query_id="1", results=[article().to_dict() | {"id": ""}])
    assert reply.payload["description"] == "Bad Request: RESULT_ID_INVALID"
    long = [article().to_dict() | {"id": "针" * 22}]
    assert stage.reply("answerInlineQuery", inline_query_id="1", results=long).payload["description"] == (
        "Bad Request: RESULT_ID_INVALID"
    )
    asked = stage.world.inline(stage.li, stage.private, "words")
    answer(stage, *many[:49], article("针" * 21 + "x"))
    assert len(asked.results) == 50


def test_the_text_of_a_result_is_read_like_a_messages(stage: Stage) -> None:
    assert refused(stage, article(text="<b>open")) == (
        "Can't parse inline query result: can't parse entities: can't find end tag corresponding to start tag \"b\""
    )
    assert refused(stage, article(text="<b> </b>")) == "Text must be non-empty"
    assert refused(stage, article(text="x" * 4097)) == "Message_too_long"
    assert refused(stage, article(text="")) == (
        "Can't parse inline query result: input message content is not specified"
    )
    asked = stage.world.inline(stage.li, stage.private, "words")
    answer(stage, article(text=f"<b>{'x' * 4096}</b>"))
    assert asked.answered


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (InlineQueryResultPhoto("1", "https://a.com/1.jpg", "https://a.com/2.jpg"), "inline results of type photo"),
        (
            InlineQueryResultArticle("1", "Where?", InputLocationMessageContent(31.8, 117.2)),
            "input_message_content other than text",
        ),
    ],
)
def test_what_is_not_built_is_refused_by_name(stage: Stage, result: Result, sentence: str) -> None:
    assert refused(stage, result) == f"Not in this sandbox: {sentence}"


def test_a_result_has_a_title_and_proper_buttons(stage: Stage) -> None:
    nameless = article().to_dict() | {"title": " "}
    reply = stage.reply("answerInlineQuery", inline_query_id="1", results=[nameless])
    assert reply.payload["description"] == "Bad Request: ARTICLE_TITLE_EMPTY"
    long = InlineKeyboardMarkup([[InlineKeyboardButton("Long", callback_data="x" * 65)]])
    assert refused(stage, article(reply_markup=long)) == "Button_data_invalid"


@pytest.mark.parametrize(
    ("button", "sentence"),
    [
        ({"text": "Go", "start_parameter": ""}, "can't use empty start_parameter"),
        ({"text": "Go", "start_parameter": "x" * 65}, "too long start_parameter specified"),
        ({"text": "Go", "start_parameter": "a b"}, "unallowed characters in start_parameter are used"),
        ({"text": " ", "start_parameter": "a"}, "SWITCH_PM_TEXT_EMPTY"),
        ({"text": "Go", "web_app": {"url": "https://a.com"}}, "not in this sandbox: inline buttons with web_app"),
        (
            {"text": "Go"},
            "can't parse inline query results button: InlineQueryResultsButton must have exactly one optional field",
        ),
    ],
)
def test_the_button_leads_to_the_private_chat_and_nowhere_else(
    stage: Stage, button: dict[str, Any], sentence: str
) -> None:
    reply = stage.reply("answerInlineQuery", inline_query_id="1", results=[], button=button)
    assert reply.payload["description"] == f"Bad Request: {sentence}"


def test_the_next_offset_has_at_most_64_bytes(stage: Stage) -> None:
    assert refused(stage, next_offset="x" * 65) == "Next_offset_invalid"
    asked = stage.world.inline(stage.li, stage.private, "words")
    answer(stage, article(), next_offset="1")
    assert asked.offered is not None
    stage.world.inline(stage.li, stage.private, "words", offset=asked.offered.next_offset)
    assert heard(stage).offset == "1"


# What Telegram answers by itself


def test_the_same_words_are_answered_from_the_cache_while_it_lasts(stage: Stage, group: Chat) -> None:
    wang = stage.world.person("Wang")
    stage.world.join(wang, group)
    stage.world.inline(stage.li, group, "words")
    answer(stage, article(), cache_time=60)
    stage.passes(seconds=59)
    assert [result["id"] for result in stage.world.inline(wang, group, "words").results] == ["one"]
    assert stage.updates() == []
    stage.passes(seconds=1)
    assert not stage.world.inline(wang, group, "words").answered
    assert heard(stage).query == "words"


def test_a_personal_answer_is_kept_for_that_person_only(stage: Stage, group: Chat) -> None:
    wang = stage.world.person("Wang")
    stage.world.join(wang, group)
    stage.world.inline(stage.li, group, "words")
    answer(stage, article(), is_personal=True)
    assert stage.world.inline(stage.li, group, "words").answered
    assert not stage.world.inline(wang, group, "words").answered
    assert heard(stage).from_user.id == wang.id


def test_an_answer_without_cache_time_is_kept_for_five_minutes_and_with_none_not_at_all(stage: Stage) -> None:
    stage.world.inline(stage.li, stage.private, "kept")
    answer(stage, article())
    stage.passes(seconds=299)
    assert stage.world.inline(stage.li, stage.private, "kept").answered
    stage.world.inline(stage.li, stage.private, "fresh")
    answer(stage, article(), cache_time=0)
    assert not stage.world.inline(stage.li, stage.private, "fresh").answered


# Choosing


def offered(stage: Stage, chat: Chat, *results: Result) -> str:
    """The handle of an answered query of Li Wei in a chat."""
    asked = stage.world.inline(stage.li, chat, "words")
    answer(stage, *results, cache_time=0)
    return asked.id


def test_what_is_chosen_stands_in_the_chat_in_the_persons_name(stage: Stage, group: Chat) -> None:
    link = InlineKeyboardMarkup([[InlineKeyboardButton("Ask more", url="https://t.me/SmallWinsBot?start=faq_1")]])
    handle = offered(stage, group, article(reply_markup=link))
    before = stage.world.say(stage.li, group, "How?")
    post = stage.world.choose_inline(stage.li, group, handle, "one", reply_to=before)
    assert (post.author, post.text) == (stage.li.id, "Start with one")
    assert post.message["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    assert post.message["via_bot"] == stage.world.bot
    assert post.message["reply_to_message"]["message_id"] == before.id
    assert post.buttons == [[{"text": "Ask more", "url": "https://t.me/SmallWinsBot?start=faq_1"}]]
    conform("Message", post.message)
    assert stage.updates() == []  # the bot is not in this group, and its feedback is off


def test_privacy_mode_lets_the_bot_see_what_was_sent_through_it(stage: Stage) -> None:
    group = stage.world.supergroup("Trainees", stage.li)
    handle = offered(stage, group, article())
    stage.world.choose_inline(stage.li, group, handle, "one")
    (update,) = stage.updates()
    assert update.message is not None
    assert update.message.via_bot is not None
    assert update.message.via_bot.id == stage.world.bot_id


def test_the_bot_is_told_what_was_chosen_where_feedback_is_on_and_it_listens(stage: Stage, group: Chat) -> None:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Helpful", callback_data="yes")]])
    handle = offered(stage, group, article(), article("two", reply_markup=keys))
    stage.world.inline_feedback = True
    stage.world.choose_inline(stage.li, group, handle, "one")
    (update,) = stage.updates()
    chosen = update.chosen_inline_result
    assert chosen is not None
    assert (chosen.result_id, chosen.query, chosen.inline_message_id) == ("one", "words", None)
    post = stage.world.choose_inline(stage.li, group, handle, "two")
    (update,) = stage.updates()
    assert update.chosen_inline_result is not None
    name = update.chosen_inline_result.inline_message_id
    stage.world.tap(stage.li, group, post, "Helpful")
    (update,) = stage.updates()
    assert update.callback_query is not None
    assert update.callback_query.message is None
    assert update.callback_query.inline_message_id == name
    stage.allow("message")
    stage.world.choose_inline(stage.li, group, handle, "one")
    assert stage.updates() == []


def test_only_what_was_offered_to_this_person_in_this_chat_can_be_chosen(stage: Stage, group: Chat) -> None:
    handle = offered(stage, group, article())
    wang = stage.world.person("Wang")
    stage.world.join(wang, group)

    def choose(person: Person, chat: Chat, handle: str, result: str = "one") -> None:
        with pytest.raises(NotPossible, match=r"there (are|is) no such result"):
            stage.world.choose_inline(person, chat, handle, result)

    choose(stage.li, group, handle, "two")
    choose(stage.li, group, "none")
    choose(wang, group, handle)
    choose(stage.li, stage.private, handle)
    choose(stage.li, group, stage.world.inline(stage.li, group, "not answered yet").id)
    assert not [post for post in group.messages.values() if "via_bot" in post.message]


def test_what_was_sent_through_the_bot_can_be_edited_by_nobody(stage: Stage) -> None:
    handle = offered(stage, stage.private, article())
    post = stage.world.choose_inline(stage.li, stage.private, handle, "one")
    with pytest.raises(NotPossible, match="can't be edited"):
        stage.world.edit(stage.li, stage.private, post, "changed")
    assert stage.refusal(stage.bot.edit_message_text("changed", stage.li.id, post.id)) == "Message can't be edited"


def test_a_forward_still_names_the_bot_and_a_copy_does_not(stage: Stage) -> None:
    handle = offered(stage, stage.private, article())
    post = stage.world.choose_inline(stage.li, stage.private, handle, "one")
    forward = stage.run(stage.bot.forward_message(stage.li.id, stage.li.id, post.id))
    copy = stage.run(stage.bot.copy_message(stage.li.id, stage.li.id, post.id))
    assert forward.via_bot is not None
    assert "via_bot" not in stage.private.messages[copy.message_id].message
