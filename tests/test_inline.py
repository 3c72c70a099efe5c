"""Inline mode, played through the sandbox: `@SmallWinsBot words` in any chat."""

from __future__ import annotations

import pytest

from bot.sandbox.world import InlineQuery
from tests.town import Town

UNKNOWN = "Can the money of our hospital's union pay the flight of patient club members to Lhasa?"
WORDS = "first peer supporter"


def _titles(asked: InlineQuery) -> list[str]:
    return [result["title"] for result in asked.results]


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def test_a_member_finds_an_entry_and_puts_it_before_the_group_with_its_link(town: Town) -> None:
    seat = town.seat(town.trainee, town.group)
    asked = seat.searches(WORDS)
    entries = [result["id"] for result in asked.results]
    assert "recruitment.start-with-one" in entries
    assert not any(map(_is_chinese, _titles(asked)))
    seat.chooses(asked, "recruitment.start-with-one")
    assert seat.last.author == town.trainee.id
    assert seat.last.message["via_bot"]["username"] == "SmallWinsBot"
    wording = town.knowledge.library.wording("recruitment.start-with-one", "en")
    seat.sees(wording.answer)
    ((button,),) = seat.last.buttons
    assert button["url"] == "https://t.me/SmallWinsBot?start=faq_recruitment__start-with-one"


def test_the_link_under_what_was_sent_opens_the_entry_for_whoever_follows_it(town: Town) -> None:
    seat = town.seat(town.trainee, town.group)
    seat.chooses(seat.searches(WORDS), "recruitment.start-with-one")
    reader = town.private(town.other_trainee)
    reader.starts(seat.last.buttons[0][0]["url"].partition("?start=")[2])
    reader.sees("下一小步")


@pytest.mark.parametrize(
    ("words", "reads", "not_written"),
    [("怎么找第一位同伴支持者", "支持", "們個來這"), ("怎麼找第一位同儕支持者", "支持", "们个来这")],
)
def test_chinese_words_find_entries_in_their_own_script(town: Town, words: str, reads: str, not_written: str) -> None:
    seat = town.seat(town.trainee, town.group)
    asked = seat.searches(words)
    assert all(map(_is_chinese, _titles(asked)))
    assert any(reads in title for title in _titles(asked))
    post = seat.chooses(asked, asked.results[0]["id"])
    assert not set(not_written) & set(post.text + post.buttons[0][0]["text"])


def test_without_words_there_is_only_the_button_and_it_leads_to_the_private_chat(town: Town) -> None:
    asked = town.seat(town.trainee, town.group).searches("")
    assert asked.results == []
    assert asked.button is not None
    assert asked.button["text"] == "Open the private chat"
    private = town.private(town.trainee)
    private.starts(asked.button["start_parameter"])
    assert private.last.author == town.world.bot_id
    private.sees_nothing_of("link")


def test_the_button_speaks_the_language_of_the_one_who_asks(town: Town) -> None:
    asked = town.seat(town.other_trainee, town.group).searches("")
    assert asked.button is not None
    assert _is_chinese(asked.button["text"])


def test_somebody_whom_the_bot_has_never_met_can_search_too(town: Town) -> None:
    guest = town.person("Guest", "en")
    town.world.join(guest, town.group)
    assert town.seat(guest, town.group).searches(WORDS).results


def test_the_bot_does_not_answer_what_was_sent_through_it(town: Town) -> None:
    for seat in (town.private(town.trainee), town.seat(town.trainee, town.group)):
        sent = seat.chooses(seat.searches(WORDS), "recruitment.start-with-one")
        assert seat.last is sent


def test_a_consultant_may_answer_with_what_inline_mode_finds(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(UNKNOWN)
    asker.taps("Ask an expert")
    asker.taps("Send")
    topic = town.topic(town.consultant, "Q1")
    found = topic.searches(WORDS)
    topic.chooses(found, "recruitment.start-with-one", reply_to=topic.message(UNKNOWN))
    asker.sees(town.knowledge.library.wording("recruitment.start-with-one", "en").answer)
