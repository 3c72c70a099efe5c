"""The FAQ in the chat, played through the sandbox."""

from __future__ import annotations

import pytest

from bot.features.faq.content import Bank, Category, Entry, Library, Titles, WrittenWording
from bot.i18n import LANGUAGES, Language, Translator
from bot.knowledge import Knowledge
from handlers import _entries
from tests.town import Town

FIRST = "How do we find our first peer supporter? Why look for just one?"


def test_plain_words_in_private_are_answered(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says(FIRST)
    seat.sees("A small step this week")
    labels = seat.buttons("A small step this week")
    assert [label for label in labels if "Helpful" in label]
    assert [label for label in labels if "Ask an expert" in label]
    assert [label for label in labels if "Related" in label]


@pytest.mark.parametrize("how", ["/ask {}", "/ask@SmallWinsBot {}", "@SmallWinsBot {}", "{} @smallwinsbot"])
def test_in_a_group_the_bot_answers_when_it_is_addressed(town: Town, how: str) -> None:
    seat = town.seat(town.trainee, town.group)
    asked = seat.says(how.format(FIRST))
    assert seat.last.message["reply_to_message"]["message_id"] == asked.id


def test_ask_as_a_reply_takes_the_question_of_the_other(town: Town) -> None:
    question = town.seat(town.other_trainee, town.group).says(FIRST)
    seat = town.seat(town.trainee, town.group)
    seat.says("/ask", reply_to=question)
    assert seat.last.buttons


def test_the_bots_name_as_a_reply_takes_the_question_of_the_other(town: Town) -> None:
    question = town.seat(town.other_trainee, town.group).says(FIRST)
    seat = town.seat(town.trainee, town.group)
    seat.says("@SmallWinsBot", reply_to=question)
    assert [label for label in seat.buttons("one") if "Helpful" in label]


def test_the_bots_name_alone_gets_a_greeting(town: Town) -> None:
    for seat in (town.private(town.trainee), town.seat(town.trainee, town.group)):
        seat.says("@SmallWinsBot")
        assert "What would you like to know" in seat.last.text


def test_the_answer_comes_in_the_language_of_the_question(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("为什么先只找一位同伴支持者？这周怎么开始？")
    assert any("同伴支持者" in text for text in seat.texts[1:])
    seat.says("為什麼先只找一位同伴支持者？這週怎麼開始？")
    assert "個" in seat.last.text or "來" in seat.last.text or "這" in seat.last.text


def test_two_questions_in_one_message_both_get_their_answer(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("Should peer supporters be paid? And how often should we hold supervision meetings?")
    seat.sees("Your other question")
    assert "superv" in seat.last.text
    seat.taps("Should peer supporters be paid?")
    assert "paid" in seat.last.text
    assert any("supervise" in label for label in seat.buttons("Your other question"))


def test_an_empty_question_gets_a_sentence(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("/ask")
    seat.sees("Please write your question after the command")


def test_a_question_of_five_thousand_letters_gets_a_sentence(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("a word " * 580)
    seat.sees("the limit is 3,500")


def test_helpful_is_noted(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says(FIRST)
    tap = seat.taps("Helpful")
    assert "Thank you" in (tap.text or "")
    with town.database.reading() as db:
        assert db.connection().exec_driver_sql("SELECT helpful FROM asked").scalar_one()


def test_related_leads_on_in_place(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says(FIRST)
    seat.taps("Related")
    label = seat.buttons("Related:")[0]
    seat.taps(label)
    seat.sees(label)


def test_browsing_goes_down_and_back_on_one_message(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("/faq")
    count = len(seat.posts)
    seat.taps(next(label for label in seat.buttons("What is it about?") if label.startswith("Recruit")))
    seat.taps(seat.last.buttons[0][0]["text"])
    seat.sees("A small step this week")
    seat.taps(seat.last.buttons[-1][0]["text"])
    seat.taps("‹ All subjects")
    seat.sees("What is it about?")
    assert len(seat.posts) == count


def test_a_link_to_an_entry_opens_it_in_the_readers_language(town: Town) -> None:
    seat = town.private(town.other_trainee)
    seat.starts("faq_recruitment__start-with-one")
    seat.sees("下一小步")


def test_an_emergency_says_what_to_do_next_without_calling_it_a_small_step(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.starts("faq_using-this-bot__emergency-low-glucose")
    assert "Tell the doctor the same day." in seat.last.text.splitlines()
    seat.sees_nothing_of("small step")


def test_a_safety_text_is_never_shortened(knowledge: Knowledge) -> None:
    library = knowledge.library
    for entry in library.entries.values():
        wording = library.wording(entry.id, "en")
        said = _entries.in_short(library, entry, "en").unescape()
        whole = [wording.answer, *wording.points, wording.next_step or ""]
        assert not entry.safety or all(text in said for text in whole), entry.id


@pytest.mark.parametrize(
    ("written_in", "reader", "said"),
    [("en", "zh_Hans", "只有英文版"), ("en", "zh_Hant", "只有英文版"), ("zh", "en", "in Chinese only")],
)
def test_an_entry_that_is_not_written_in_the_readers_language_says_so(
    written_in: str, reader: Language, said: str
) -> None:
    words = WrittenWording(question="?", answer="…")
    entry = Entry(id="a.b", en=words if written_in == "en" else None, zh=words if written_in == "zh" else None)
    library = Library((Category(category="a", title=Titles(en="A", zh="甲"), entries=(entry,)),), {}, Bank())
    assert said in _entries.in_full(library, entry, reader, Translator(reader))


def test_traditional_that_is_derived_needs_no_excuse(knowledge: Knowledge) -> None:
    library = knowledge.library
    for language in LANGUAGES:
        for entry in library.entries.values():
            said = _entries.in_full(library, entry, language, Translator(language))
            assert "so far" not in said.casefold()
            assert "目前只有" not in said


def test_an_unknown_command_points_to_help(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.says("/dance")
    seat.sees("I do not know /dance")


def test_somebody_whom_nobody_invited_can_ask_too(town: Town) -> None:
    guest = town.private(town.person("Guest", "en"))
    guest.starts()
    guest.says(FIRST)
    guest.sees("A small step this week")


@pytest.mark.parametrize(
    "text", ["\u202eright to left\u202c", "<script>&amp;</script>", "😀" * 500, "?!…", "\x00\x07", "@SmallWinsBot"]
)
def test_whatever_is_written_gets_some_answer(town: Town, text: str) -> None:
    seat = town.private(town.trainee)
    seat.says(text)
    assert seat.last.author == town.world.bot_id


def test_r1_the_same_update_twice_has_one_effect(town: Town) -> None:
    seat = town.private(town.trainee)
    update = {
        "update_id": 900_000_001,
        "message": {
            "message_id": 4711,
            "date": int(town.now().timestamp()),
            "chat": seat.chat.as_json(),
            "from": town.trainee.user,
            "text": FIRST,
        },
    }
    for _ in range(2):
        town.runner.run(town.app.take(update))
        town.settle()
    assert len([text for text in seat.texts if "A small step" in text]) == 1
