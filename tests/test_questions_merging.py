"""Merging: two people asked the same; one answer goes to both, and each goes on with their own question."""

from __future__ import annotations

from bot.features import questions
from bot.features.people import Role
from bot.features.questions import State
from tests.conftest import SetClock
from tests.test_questions import UNKNOWN, passed_on
from tests.test_questions_tools import data_of, question, tool
from tests.town import Seat, Town

SAME = "May the union of our hospital buy air tickets to Lhasa for members of the patient club?"


def asked_twice(town: Town, *, how: str = "Send") -> tuple[Seat, Seat]:
    """Li Wei asks, then Chen Yijun asks the same."""
    first = passed_on(town)
    second = passed_on(town, town.private(town.person("Chen Yijun", "en", Role.TRAINEE)), how=how, text=SAME)
    return first, second


def merged(town: Town, *, how: str = "Send") -> tuple[Seat, Seat]:
    """The second question is merged into the first."""
    first, second = asked_twice(town, how=how)
    desk = town.topic(town.consultant, "Q2")
    tool(desk, "Merge")
    desk.taps(f"Q1 · {UNKNOWN[:59]}…")
    desk.taps("Merge", under="Merge Q2 into Q1?")
    return first, second


def test_every_asker_gets_the_answer_of_the_question_that_theirs_was_merged_into(town: Town) -> None:
    first, second = merged(town)
    desk = town.topic(town.consultant, "Q1")
    assert "Chen Yijun (Q2)" in desk.message("Also asked by").text
    desk.sees(SAME)
    closed = town.topic(town.consultant, "Q2")
    closed.sees("Merged into Q1")
    assert town.room.topics[closed.topic].closed
    answer = desk.replies(UNKNOWN, "No, it may not.")
    assert first.sees("No, it may not.").text.startswith("Q1")
    assert second.sees("No, it may not.").text.startswith("Q2")
    assert answer.reactions


def test_photos_and_long_answers_reach_every_asker(town: Town) -> None:
    first, second = merged(town)
    desk = town.topic(town.consultant, "Q1")
    card = desk.message(UNKNOWN)
    town.world.send_file(town.consultant, town.room, "photo", b"x", caption="the rule", topic=desk.topic, reply_to=card)
    town.settle()
    desk.replies(UNKNOWN, " ".join(f"Sentence {n} of a long answer." for n in range(140))[:4090])
    for seat in (first, second):
        assert "photo" in seat.sees("the rule").message
        arrived = "".join(seat.texts)
        assert all(f"Sentence {n} " in arrived for n in range(130))


def test_each_asker_closes_and_goes_on_with_their_own(town: Town) -> None:
    first, second = merged(town)
    desk = town.topic(town.consultant, "Q1")
    desk.replies(UNKNOWN, "No, it may not.")
    second.taps("Solved")
    desk.sees("The asker of Q2 says: solved.")
    assert not town.room.topics[desk.topic].closed
    assert question(town, 1).state is State.ANSWERED
    assert question(town, 2).state is State.CLOSED
    first.says("And half of it?")
    assert "Li Wei" in desk.sees("And half of it?").text
    second.replies("No, it may not.", "And by train?")
    heard = desk.sees("And by train?")
    assert "Chen Yijun (Q2)" in heard.text
    assert question(town, 2).state is not State.CLOSED
    desk.replies("And by train?", "Neither.")
    first.sees("Neither.")
    second.sees("Neither.")


def test_an_anonymous_asker_stays_anonymous_when_merged(town: Town) -> None:
    first, second = merged(town, how="Send anonymously")
    desk = town.topic(town.consultant, "Q1")
    assert "anonymous (Q2)" in desk.sees("Also asked by").text
    desk.replies(UNKNOWN, "No, it may not.")
    second.says("And by train?")
    assert "anonymous (Q2)" in desk.sees("And by train?").text
    assert not [text for text in desk.texts if "Chen" in text]
    assert not [text for text in first.texts if "Chen" in text]


def test_an_answer_that_was_there_before_comes_after(town: Town) -> None:
    _first, second = asked_twice(town)
    town.topic(town.second_consultant, "Q1").replies(UNKNOWN, "No, it may not.")
    second.sees_nothing_of("No, it may not.")
    desk = town.topic(town.consultant, "Q2")
    desk.says("/merge")
    desk.taps(f"Q1 · {UNKNOWN[:59]}…")
    desk.taps("Merge", under="Merge Q2 into Q1?")
    assert "Sarah Lin" in second.sees("No, it may not.").text


def test_the_most_similar_open_question_comes_first(town: Town) -> None:
    passed_on(town)
    passed_on(town, town.private(town.person("Wu", "en", Role.TRAINEE)), text="Does the moon club of Xiamen sell blue tea?")
    passed_on(town, town.private(town.person("Chen Yijun", "en", Role.TRAINEE)), text=SAME)
    desk = town.topic(town.consultant, "Q3")
    tool(desk, "Merge")
    labels = desk.buttons("Into which question")
    assert [label[:2] for label in labels[:2]] == ["Q1", "Q2"]


def test_merging_twice_by_a_double_tap_is_one_merge(town: Town) -> None:
    asked_twice(town)
    desk = town.topic(town.consultant, "Q2")
    tool(desk, "Merge")
    desk.taps(f"Q1 · {UNKNOWN[:59]}…")
    post, data = data_of(desk, "Merge", "Merge Q2 into Q1?")
    for _ in range(2):
        town.world.tap(town.consultant, town.room, post, data, stale=True)
    town.settle()
    assert len([text for text in town.topic(town.consultant, "Q1").texts if "asks this too" in text]) == 1


def refused(town: Town, number: int, other: int) -> str:
    """What a consultant hears who merges one into another with a kept button."""
    desk = town.topic(town.second_consultant, f"Q{number}")
    data = f"questions.mergeinto:{question(town, number).id}:{question(town, other).id}"
    tap = town.world.tap(town.second_consultant, town.room, desk.posts[-1].id, data, stale=True)
    town.settle()
    return tap.text or ""


def test_what_is_merged_leading_closed_or_the_same_is_refused_with_a_sentence(town: Town) -> None:
    merged(town)
    passed_on(town, town.private(town.person("Wu", "en", Role.TRAINEE)), text="Does the moon club of Xiamen sell blue tea?")
    assert "Q2 was merged into Q1" in refused(town, 3, 2)
    assert "Others were merged into Q1" in refused(town, 1, 3)
    assert "cannot be merged into itself" in refused(town, 3, 3)
    town.topic(town.consultant, "Q3").taps("Close")
    assert "Q3 is closed" in refused(town, 1, 3)
    assert question(town, 3).merged_into_id is None


def test_the_tools_of_a_merged_question_point_to_the_other(town: Town) -> None:
    merged(town)
    desk = town.topic(town.second_consultant, "Q2")
    card = desk.message(SAME)
    for verb in ("claim", "release", "close", "menu", "transfer", "askback"):
        data = f"questions.{verb}:{question(town, 2).id}"
        tap = town.world.tap(town.second_consultant, town.room, card.id, data, stale=True)
        town.settle()
        assert "Q2 was merged into Q1" in (tap.text or ""), verb


def test_a_split_question_stands_by_itself_again(town: Town, clock: SetClock) -> None:
    first, second = merged(town)
    desk = town.topic(town.consultant, "Q2")
    clock.moves(hours=2)
    desk.taps("Split", under=SAME)
    assert not town.room.topics[desk.topic].closed
    town.topic(town.consultant, "Q1").sees("split Q2 from Q1")
    town.topic(town.consultant, "Q1").sees_nothing_of("Also asked by")
    town.topic(town.consultant, "Q1").replies(UNKNOWN, "No, it may not.")
    second.sees_nothing_of("No, it may not.")
    desk.replies(SAME, "Only for you: yes.")
    second.sees("Only for you: yes.")
    first.sees_nothing_of("Only for you")
    assert question(town, 2).paused_at is None


def test_split_is_among_the_tools_of_the_leading_question(town: Town) -> None:
    merged(town)
    desk = town.topic(town.consultant, "Q1")
    tool(desk, "Split")
    desk.taps(next(label for label in desk.buttons("stand by itself")).split(" ", 1)[1])
    assert question(town, 2).merged_into_id is None


def test_closing_and_reopening_the_leading_question_is_told_to_all(town: Town) -> None:
    first, second = merged(town)
    desk = town.topic(town.consultant, "Q1")
    desk.taps("Close")
    first.sees("Q1 was closed by")
    second.sees("Q2 was closed by")
    desk.taps("Reopen")
    first.sees("has opened Q1 again")
    second.sees("has opened Q2 again")


def test_claim_and_ask_back_reach_all_askers(town: Town) -> None:
    first, second = merged(town)
    desk = town.topic(town.consultant, "Q1")
    desk.taps("Claim")
    first.sees("张敏 has taken it")
    second.sees("张敏 has taken it")
    desk.says("/askback Public or private?")
    first.sees("Public or private?")
    second.says("Public.")
    desk.sees("Public.")
    assert question(town, 1).paused_at is None


def test_r18_an_answer_to_merged_questions_is_taken_back_from_all(town: Town) -> None:
    first, second = merged(town)
    desk = town.topic(town.consultant, "Q1")
    answer = desk.replies(UNKNOWN, "Yes, it may.")
    desk.says("/undo", reply_to=answer)
    for seat in (first, second):
        seat.sees_nothing_of("Yes, it may.")
        seat.sees("took back an answer")
    assert question(town, 2).answered_at is None


def test_a_healed_topic_tells_what_the_merged_askers_said(town: Town) -> None:
    first, second = merged(town)
    desk = town.topic(town.consultant, "Q1")
    desk.replies(UNKNOWN, "No, it may not.")
    second.says("And by train?")
    town.world.promote(town.room, town.consultant, can_manage_topics=True)
    town.world.erase_topic(town.consultant, town.room, desk.topic)
    first.replies("No, it may not.", "Not even half?")
    again = town.topic(town.consultant, "Q1")
    assert again.topic != desk.topic
    assert "Chen Yijun (Q2)" in again.sees("And by train?").text
    again.sees("Not even half?")


def test_a_merged_question_is_not_in_the_queue(town: Town) -> None:
    merged(town)
    with town.database.reading() as db:
        assert [one.number for one in questions.queue(db, now=town.now())] == [1]


def test_when_the_first_asker_has_left_the_other_still_gets_the_answer(town: Town) -> None:
    first, second = merged(town)
    first.says("/forget")
    first.taps("Delete everything")
    town.topic(town.consultant, "Q1").replies("Q1", "No, it may not.")
    second.sees("No, it may not.")


def test_without_topics_merged_questions_are_answered_by_a_reply(town: Town) -> None:
    town.world.set_bot_rights(town.room, town.organizer, can_manage_topics=False)
    town.settle()
    first, second = asked_twice(town)
    general = town.seat(town.consultant, town.room)
    general.replies(SAME, "/merge")
    general.taps(f"Q1 · {UNKNOWN[:59]}…")
    general.taps("Merge", under="Merge Q2 into Q1?")
    general.replies("asks this too", "No, it may not.")
    first.sees("No, it may not.")
    second.sees("No, it may not.")


def test_somebody_who_asked_twice_gets_one_answer_and_is_content_once(town: Town) -> None:
    asker = passed_on(town)
    passed_on(town, asker, text=SAME)
    desk = town.topic(town.second_consultant, "Q2")
    desk.says("/merge")
    desk.taps(f"Q1 · {UNKNOWN[:59]}…")
    desk.taps("Merge", under="Merge Q2 into Q1?")
    town.topic(town.consultant, "Q1").replies(UNKNOWN, "No, it may not.")
    assert len([text for text in asker.texts if "No, it may not." in text]) == 1
    asker.taps("Solved")
    assert [question(town, number).state for number in (1, 2)] == [State.CLOSED, State.CLOSED]


def test_a_merged_question_is_neither_closed_nor_reopened_from_its_own_topic(town: Town) -> None:
    merged(town)
    town.world.promote(town.room, town.second_consultant, can_manage_topics=True)
    desk = town.topic(town.second_consultant, "Q2")
    for command in ("close", "reopen"):
        desk.says(f"/{command}")
        desk.sees("Q2 was merged into Q1. Please go on there.")
    assert town.room.topics[desk.topic].closed
    desk.says("/split")
    desk.sees("split Q2 from Q1")
    assert not town.room.topics[desk.topic].closed
