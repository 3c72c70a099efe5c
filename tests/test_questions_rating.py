"""The end of a question: one tap that says how much it helped, an optional sentence, and what the experts see of it."""

from __future__ import annotations

import pytest

from bot.features.questions import Question, State
from tests.conftest import SetClock
from tests.test_questions import UNKNOWN, passed_on
from tests.test_questions_asker import KNOWN, OTHER, URGENT, labels, question
from tests.test_questions_relay import everything_in_the_room
from tests.town import Seat, Town

FACES = ["😞", "🙁", "😐", "🙂", "😀"]


def solved(town: Town, seat: Seat | None = None, *, how: str = "Send") -> Seat:
    """Somebody whose question was answered and is solved."""
    asker = passed_on(town, seat, how=how)
    town.topic(town.consultant, "Q1").replies(UNKNOWN, "No.")
    asker.taps("Solved")
    return asker


def test_one_tap_rates_and_the_experts_see_it(town: Town) -> None:
    asker = solved(town)
    assert labels(asker.sees("How much did it help?")) == [*FACES, "↩️ Reopen"]
    asker.taps("🙂")
    assert question(town, "Q1").rating == 4
    asker.sees("Q1: 🙂 Thank you!")
    town.topic(town.consultant, "Q1").sees("⭐ Q1, the asker's rating: 🙂 4 of 5")


def test_a_sentence_may_follow_and_goes_to_the_experts_with_the_rating(town: Town) -> None:
    asker = solved(town)
    asker.taps("😀")
    asker.says("Short and clear, thank you <3")
    asker.sees("Thank you, the experts see it.")
    topic = town.topic(town.consultant, "Q1")
    rated = topic.sees("Short and clear, thank you <3")
    assert "😀 5 of 5" in rated.text
    assert len([text for text in topic.texts if "rating" in text]) == 1
    assert question(town, "Q1").rating_note == "Short and clear, thank you <3"
    assert question(town, "Q1").state is State.CLOSED


def test_a_reply_to_the_thanks_is_the_sentence_too(town: Town) -> None:
    asker = solved(town)
    asker.taps("😀")
    asker.replies("Q1: 😀 Thank you!", "Short and clear.")
    town.topic(town.consultant, "Q1").sees("Short and clear.")
    assert question(town, "Q1").state is State.CLOSED


def test_skip_leaves_the_next_words_to_the_faq(town: Town) -> None:
    asker = solved(town)
    asker.taps("😀")
    asker.taps("Skip")
    asker.says(KNOWN)
    assert "👍 Helpful" in labels(asker.last)
    assert question(town, "Q1").rating_note is None


def test_words_a_quarter_of_an_hour_later_are_no_sentence_about_it(town: Town, clock: SetClock) -> None:
    asker = solved(town)
    asker.taps("😀")
    clock.moves(minutes=16)
    asker.says(KNOWN)
    assert "👍 Helpful" in labels(asker.last)
    assert question(town, "Q1").rating_note is None


def test_a_picture_is_no_sentence_and_one_that_is_too_long_is_refused(town: Town) -> None:
    asker = solved(town)
    asker.taps("😀")
    town.world.send_photo(town.trainee, asker.chat, b"jpeg")
    town.settle()
    asker.sees("Please write it in words, or tap Skip.")
    asker.says("x" * 1001)
    asker.sees("the limit is 1,000")
    asker.says("Thank you all.")
    assert question(town, "Q1").rating_note == "Thank you all."


def test_the_rating_can_be_changed_for_a_day(town: Town, clock: SetClock) -> None:
    asker = solved(town)
    asker.taps("😞")
    clock.moves(hours=23)
    asker.taps("🙂")
    assert question(town, "Q1").rating == 4
    topic = town.topic(town.consultant, "Q1")
    topic.sees("🙂 4 of 5")
    topic.sees_nothing_of("😞")
    assert asker.taps("✓ 🙂").text == "Noted already. Thank you!"
    clock.moves(hours=2)
    assert asker.taps("😀").text == "A rating can be changed for one day only."
    assert question(town, "Q1").rating == 4


def test_no_rating_is_asked_twice(town: Town) -> None:
    asker = solved(town)
    asker.taps("Reopen")
    asker.says("And who decides it?")
    topic = town.topic(town.consultant, "Q1")
    topic.replies("And who decides it?", "The union.")
    asker.taps("Solved", under="The union.")
    assert "😀" not in labels(asker.last)
    assert len([text for text in asker.texts if "How much did it help?" in text]) == 1


def test_a_question_that_a_consultant_closed_asks_as_well(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.taps("Close")
    asker.sees("Q1 was closed by 张敏")
    asker.taps("😐")
    assert question(town, "Q1").rating == 3
    topic.sees("😐 3 of 5")


def test_in_a_group_only_the_asker_rates_and_no_sentence_is_awaited(town: Town) -> None:
    asker = solved(town, town.seat(town.trainee, town.group))
    other = town.seat(town.other_trainee, town.group)
    assert other.taps("😞").show_alert
    assert question(town, "Q1").rating is None
    asker.taps("😀")
    assert "Skip" not in labels(asker.message("Thank you!"))
    asker.says("What a nice day")
    assert question(town, "Q1").rating_note is None


def test_an_anonymous_asker_stays_without_a_name_to_the_end(town: Town) -> None:
    asker = solved(town, how="Send anonymously")
    asker.taps("😀")
    asker.says("Call me on 13800138000 if you need me")
    asker.replies("answer from", "One more thing")
    asker.says("/questions")
    asker.taps(labels(asker.last)[0])
    asker.taps("Solved")
    room = everything_in_the_room(town)
    assert "if you need me" in room
    for trace in ("Li Wei", "liwei", str(town.trainee.id), "13800138000"):
        assert trace not in room


def test_r27_emergency_words_instead_of_the_sentence_are_heard(town: Town) -> None:
    asker = solved(town)
    asker.taps("😞")
    asker.says(URGENT)
    asker.sees("120")
    town.seat(town.second_consultant, town.room).sees("Urgent words from Li Wei")


def test_rating_data_that_nobody_was_offered_changes_nothing(town: Town) -> None:
    asker = passed_on(town)
    for data in ("questions.rate:1:5", "questions.rate:1:0", "questions.rate:1:6"):
        tap = town.world.tap(town.trainee, asker.chat, asker.last.id, data, stale=True)
        town.settle()
        assert tap.show_alert, data
    asker.says("/retract")
    tap = town.world.tap(town.trainee, asker.chat, asker.last.id, "questions.rate:1:5", stale=True)
    town.settle()
    assert tap.show_alert
    assert question(town, "Q1").rating is None


def test_merged_askers_rate_each_their_own(town: Town) -> None:
    asker = passed_on(town)
    other = passed_on(town, town.private(town.organizer), text=OTHER)
    topic = town.topic(town.consultant, "Q2")
    topic.says("/merge")
    topic.taps(next(label for label in labels(topic.last) if label.startswith("Q1")))
    topic.taps("Merge")
    leader = town.topic(town.consultant, "Q1")
    leader.replies(UNKNOWN, "No.")
    other.taps("Solved")
    other.taps("😀")
    leader.sees("⭐ Q2, the asker's rating: 😀 5 of 5")
    asker.taps("Solved")
    asker.taps("🙁")
    leader.sees("⭐ Q1, the asker's rating: 🙁 2 of 5")


@pytest.mark.parametrize("command", ["/mydata", "/forget"])
def test_what_is_kept_of_a_rating_is_shown_and_forgotten(town: Town, command: str) -> None:
    asker = solved(town)
    asker.taps("😀")
    asker.says("Short and clear.")
    asker.says(command)
    if command == "/mydata":
        document = asker.last.message["document"]
        stored = town.world.files.find(document["file_id"])
        assert stored is not None
        assert "Short and clear." in stored.content.decode()
        return
    asker.taps("Delete everything")
    with town.database.reading() as db:
        kept = db.get(Question, 1)
    assert kept is not None
    assert kept.rating_note is None
