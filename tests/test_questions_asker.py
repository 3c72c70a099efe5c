"""The asker's side of the desk: whose words go where, what is taken back, what opens again, what cannot wait."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.features.faq import Asked, BankRow
from bot.features.questions import Part, Question, State
from bot.outbox import OutboxRow
from bot.sandbox.world import Post
from tests.conftest import SetClock
from tests.test_questions import UNKNOWN, passed_on
from tests.test_questions_edits import edits
from tests.test_questions_relay import everything_in_the_room
from tests.town import Seat, Town

OTHER = "Which bank account may the club of our county's northern branch use for the foundation's prize?"
THIRD = "Does the county's archive want the attendance sheets of the club on yellow paper?"
KNOWN = "How do we find our first peer supporter?"
URGENT = "A woman in our club is unconscious and having a fit right now, she has diabetes"
DOSE = "how many units of insulin should she inject tonight"


def all_questions(town: Town) -> list[Question]:
    """What the database holds, in order."""
    with town.database.reading() as db:
        return list(db.exec(select(Question).order_by(Question.id)))  # type: ignore[arg-type]


def question(town: Town, label: str) -> Question:
    """The question with this label."""
    return next(one for one in all_questions(town) if one.label == label)


def topics(town: Town) -> list[str]:
    """The names of the room's topics about questions."""
    return [topic.name for topic in town.room.topics.values() if topic.name.startswith("Q")]


def own(seat: Seat, words: str) -> Post:
    """The person's own newest message with these words."""
    return [post for post in seat.posts if post.author == seat.person.id and words in post.text][-1]


def labels(post: Post) -> list[str]:
    """What is on its buttons."""
    return [button["text"] for row in post.buttons for button in row]


def in_general(town: Town) -> Seat:
    """A consultant in the room's General topic."""
    return town.seat(town.second_consultant, town.room)


# R4: what is said in one breath is one question


def test_r04_three_first_messages_within_a_second_are_one_question_in_one_topic(town: Town) -> None:
    asker = town.private(town.trainee)
    for words in ("About our club in Lhasa", UNKNOWN, "It is for twelve of them"):
        town.world.say(town.trainee, asker.chat, words)
    town.settle()
    for post in [post for post in asker.posts if "Ask an expert" in "".join(labels(post))]:
        data = next(b["callback_data"] for row in post.buttons for b in row if "Ask an expert" in b["text"])
        town.world.tap(town.trainee, asker.chat, post.id, data, stale=True)
    town.settle()
    asker.taps("Send")
    assert len(topics(town)) == 1
    topic = town.topic(town.consultant, "Q1")
    for words in ("About our club in Lhasa", UNKNOWN, "It is for twelve of them"):
        topic.sees(words)
    assert [one.state for one in all_questions(town)] == [State.OPEN]


def test_r04_words_after_the_confirmation_join_the_question(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(UNKNOWN)
    asker.taps("Ask an expert")
    first = asker.sees("This goes to our experts")
    asker.says("They are twelve people, two of them in wheelchairs")
    assert first.id not in asker.chat.messages
    assert UNKNOWN in asker.last.text
    assert "two of them in wheelchairs" in asker.last.text
    asker.taps("Send")
    topic = town.topic(town.consultant, "Q1")
    topic.sees("two of them in wheelchairs")
    answer = asker.last
    assert "Passed to our experts" in answer.text


def test_r04_the_same_words_from_two_answers_are_passed_on_once(town: Town) -> None:
    asker = passed_on(town)
    asker.says(UNKNOWN)
    tap = asker.taps("Ask an expert")
    assert "already as Q1" in (tap.text or "")
    assert len(topics(town)) == 1


def test_r04_what_the_faq_surely_answers_is_no_part_of_the_draft(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(UNKNOWN)
    asker.taps("Ask an expert")
    asker.says(KNOWN)
    assert "Helpful" in "".join(labels(asker.last))
    asker.taps("Send")
    town.topic(town.consultant, "Q1").sees_nothing_of(KNOWN)


def test_r04_a_photo_joins_the_draft_and_arrives_once(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(UNKNOWN)
    asker.taps("Ask an expert")
    town.world.send_photo(town.trainee, asker.chat, b"jpeg", caption="the price list")
    town.settle()
    asker.taps("Send")
    topic = town.topic(town.consultant, "Q1")
    assert len([post for post in topic.posts if "photo" in post.message]) == 1
    topic.sees("the price list")


def test_a_draft_with_further_words_can_be_thrown_away(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(UNKNOWN)
    asker.taps("Ask an expert")
    asker.says("They are twelve people, two of them in wheelchairs")
    asker.taps("Do not send")
    asker.sees("Not sent")
    assert all_questions(town) == []
    assert topics(town) == []


def test_what_joins_a_draft_is_masked_as_well(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(UNKNOWN)
    asker.taps("Ask an expert")
    asker.says("Her mobile is 13800138000, they are waiting")
    asker.taps("Send")
    assert "13800138000" not in everything_in_the_room(town)
    town.topic(town.consultant, "Q1").sees("they are waiting")


def test_an_edit_of_what_joined_a_draft_is_shown_and_sent(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(UNKNOWN)
    asker.taps("Ask an expert")
    asker.says("They are twelve people")
    edits(town, asker, "They are twelve people", "They are thirty people")
    asker.sees("This goes to our experts")
    assert "thirty" in asker.message("This goes to our experts").text
    asker.taps("Send")
    town.topic(town.consultant, "Q1").sees("thirty people")


# One thread for each question


def two_open(town: Town) -> Seat:
    """A trainee with two questions that wait."""
    asker = passed_on(town)
    return passed_on(town, asker, text=OTHER)


def test_a_reply_finds_its_question_by_the_askers_own_message_and_by_the_receipt(town: Town) -> None:
    asker = two_open(town)
    asker.says("First addition", reply_to=own(asker, UNKNOWN))
    asker.replies("Passed to our experts as Q2", "Second addition")
    town.topic(town.consultant, "Q1").sees("First addition")
    town.topic(town.consultant, "Q2").sees("Second addition")
    town.topic(town.consultant, "Q1").sees_nothing_of("Second addition")


def test_a_reply_to_an_added_message_or_its_confirmation_goes_the_same_way(town: Town) -> None:
    asker = two_open(town)
    asker.says("First addition", reply_to=own(asker, UNKNOWN))
    asker.replies("Added to Q1", "More of it")
    asker.says("And more", reply_to=own(asker, "First addition"))
    topic = town.topic(town.consultant, "Q1")
    topic.sees("More of it")
    topic.sees("And more")


def test_a_reply_to_any_piece_of_a_long_answer_finds_its_question(town: Town) -> None:
    asker = two_open(town)
    sentences = " ".join(f"This is sentence number {n} of a long answer." for n in range(90))[:4090]
    town.topic(town.consultant, "Q1").replies(UNKNOWN, sentences)
    town.topic(town.consultant, "Q2").replies(OTHER, "Any.")
    asker.replies("number 1 of", "Thank you, and who signs?")
    asker.replies("number 84 of", "And when?")
    topic = town.topic(town.consultant, "Q1")
    topic.sees("who signs?")
    topic.sees("And when?")


def test_with_several_open_free_words_ask_which_one_and_nothing_is_lost(town: Town) -> None:
    asker = two_open(town)
    asker.says("The price is two thousand yuan for each of them in that week")
    choice = asker.sees("Is this for one of your questions?")
    assert [label.partition(" · ")[0] for label in labels(choice)] == ["💬 Q2", "💬 Q1", "➕ A new question"]
    asker.taps(labels(choice)[1].removeprefix("💬 "))
    asker.sees("Added to Q1")
    town.topic(town.consultant, "Q1").sees("two thousand yuan")
    town.topic(town.consultant, "Q2").sees_nothing_of("two thousand yuan")


def test_choosing_twice_adds_it_once(town: Town) -> None:
    asker = two_open(town)
    asker.says("The price is two thousand yuan for each of them in that week")
    choice = asker.sees("Is this for one of your questions?")
    data = [button["callback_data"] for row in choice.buttons for button in row]
    town.world.tap(town.trainee, asker.chat, choice.id, data[0], stale=True)
    town.world.tap(town.trainee, asker.chat, choice.id, data[1], stale=True)
    town.settle()
    found = [label for label in ("Q1", "Q2") if "two thousand" in "".join(town.topic(town.consultant, label).texts)]
    assert found == ["Q2"]


def test_a_new_question_beside_open_ones_goes_its_own_way(town: Town) -> None:
    asker = two_open(town)
    asker.says(THIRD)
    asker.taps("A new question")
    asker.taps("Ask an expert")
    asker.taps("Send")
    town.topic(town.consultant, "Q3").sees(THIRD)


def test_what_the_faq_surely_answers_is_answered_with_a_way_to_the_open_questions(town: Town) -> None:
    asker = passed_on(town)
    asker.says(KNOWN)
    assert "💬 Add to Q1" in labels(asker.last)
    asker.taps("Add to Q1")
    town.topic(town.consultant, "Q1").sees(KNOWN)
    passed_on(town, asker, text=OTHER)
    asker.says(KNOWN)
    asker.taps("Add to one of my questions")
    asker.sees("Is this for one of your questions?")


def test_words_after_an_answer_belong_to_it_only_while_nothing_else_waits(town: Town) -> None:
    asker = two_open(town)
    town.topic(town.consultant, "Q1").replies(UNKNOWN, "No.")
    town.topic(town.consultant, "Q2").replies(OTHER, "Any.")
    asker.says("Whatever the county's office of the union has to say about it")
    asker.sees("Is this for one of your questions?")


def test_words_long_after_an_answer_are_not_taken_for_it(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    clock.moves(hours=49)
    asker.says(OTHER)
    assert "🙋 Ask an expert" in labels(asker.last)
    topic.sees_nothing_of(OTHER)


def test_a_second_addition_right_after_the_first_goes_the_same_way(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    asker.says("And if they pay the half themselves?")
    asker.says("Or a third of it, from the club's own box?")
    topic.sees("Or a third of it")


def test_a_reply_counts_more_than_what_was_awaited(town: Town) -> None:
    asker = two_open(town)
    town.topic(town.consultant, "Q1").replies(UNKNOWN, "No.")
    town.topic(town.consultant, "Q2").replies(OTHER, "Any.")
    asker.taps("I still have a question", under="Q2")
    asker.replies("answer from 张敏\n\nNo.", "Why not?")
    town.topic(town.consultant, "Q1").sees("Why not?")
    town.topic(town.consultant, "Q2").sees_nothing_of("Why not?")


def test_a_reply_to_an_answer_does_not_end_another_dialogue(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    asker.says("/profile")
    asker.taps("Name")
    asker.replies("answer from", "Why not?")
    topic.sees("Why not?")
    asker.says("Li Xiaowei")
    with town.database.reading() as db:
        assert "Li Xiaowei" in db.connection().exec_driver_sql("SELECT name FROM members").scalars().all()


# R25: the bot is silent where a person answers


@pytest.mark.parametrize("where", ["private", "group"])
def test_r25_words_in_reply_to_a_question_that_a_person_has_go_to_the_topic_without_a_guess(
    town: Town, where: str
) -> None:
    seat = town.private(town.trainee) if where == "private" else town.seat(town.trainee, town.group)
    asker = passed_on(town, seat)
    topic = town.topic(town.consultant, "Q1")
    topic.taps("Claim")
    asker.replies("has taken Q1", KNOWN)
    topic.sees(KNOWN)
    asker.sees_nothing_of("👣")
    assert "Helpful" not in "".join(labels(asker.last))


def test_r25_it_says_when_it_hands_over_and_who_has_taken_it(town: Town) -> None:
    asker = passed_on(town)
    asker.sees("The answer comes here")
    topic = town.topic(town.consultant, "Q1")
    topic.taps("Claim")
    asker.sees("张敏 has taken Q1")
    topic.taps("Release")
    asker.sees("Q1 is with all experts again")


def test_what_happens_to_a_question_is_told_once_and_quietly_in_groups(town: Town) -> None:
    asker = passed_on(town, town.seat(town.trainee, town.group))
    topic = town.topic(town.consultant, "Q1")
    card = topic.message(UNKNOWN)
    data = next(b["callback_data"] for row in card.buttons for b in row if "Claim" in b["text"])
    for _ in range(2):
        town.world.tap(town.consultant, town.room, card.id, data, stale=True)
    town.settle()
    told = [post for post in asker.posts if "has taken Q1" in post.text]
    assert len(told) == 1
    assert told[0].message["reply_to_message"]["text"] == f"/ask {UNKNOWN}"
    with town.database.reading() as db:
        row = db.exec(select(OutboxRow).where(OutboxRow.message_id == told[0].id)).first()
    assert row is not None
    assert '"disable_notification": true' in row.payload


# R7: a closed question opens again


def test_r07_words_into_a_closed_question_open_it_within_seven_days(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    asker.taps("Solved")
    clock.moves(days=6, hours=23)
    asker.replies("answer from", "One more thing: who decides?")
    topic.sees("One more thing")
    assert not town.room.topics[topic.topic].closed
    assert question(town, "Q1").state is State.CLAIMED


def test_r07_later_the_asker_chooses_a_follow_up(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    asker.taps("Solved")
    clock.moves(days=8)
    asker.replies("answer from", "The rules have changed, have they not?")
    asker.sees("Is this a follow-up, or a new question?")
    topic.sees_nothing_of("The rules have changed")
    assert question(town, "Q1").state is State.CLOSED
    asker.taps("Follow-up")
    topic.sees("The rules have changed")
    topic.sees("A follow-up, 8 days later")
    assert question(town, "Q1").state is State.CLAIMED


def test_r07_or_a_new_question_which_goes_to_the_faq_first(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    town.topic(town.consultant, "Q1").replies(UNKNOWN, "No.")
    asker.taps("Solved")
    clock.moves(days=8)
    asker.replies("answer from", OTHER)
    asker.taps("New question")
    asker.taps("Ask an expert")
    asker.taps("Send")
    town.topic(town.consultant, "Q2").sees(OTHER)
    assert question(town, "Q1").state is State.CLOSED


def test_r07_in_a_group_as_well(town: Town, clock: SetClock) -> None:
    asker = passed_on(town, town.seat(town.trainee, town.group))
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    asker.taps("Solved")
    clock.moves(days=8)
    asker.replies("answer from", "The rules have changed, have they not?")
    other = town.seat(town.other_trainee, town.group)
    assert other.taps("Follow-up").show_alert
    assert question(town, "Q1").state is State.CLOSED
    asker.taps("Follow-up")
    topic.sees("The rules have changed")


def test_r07_one_tap_opens_what_a_consultant_closed(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.taps("Close")
    assert town.room.topics[topic.topic].closed
    asker.taps("Reopen")
    assert not town.room.topics[topic.topic].closed
    topic.sees("has opened Q1 again")
    asker.says("It is still not clear who pays")
    topic.sees("still not clear who pays")
    assert asker.taps("Reopen").text == "Q1 is open already."


def test_r07_after_seven_days_there_is_no_reopen_in_the_list(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    town.topic(town.consultant, "Q1").taps("Close")
    clock.moves(days=7, minutes=1)
    asker.says("/questions")
    asker.taps(labels(asker.last)[0])
    assert "Reopen" not in "".join(labels(asker.last))


# R18, the asker's half


def test_r18_taking_a_question_back_removes_its_words_everywhere_and_keeps_its_number(town: Town) -> None:
    asker = passed_on(town)
    asker.says("They are twelve people", reply_to=own(asker, UNKNOWN))
    town.world.send_photo(town.trainee, asker.chat, b"jpeg", caption="the price list", reply_to=own(asker, UNKNOWN))
    town.settle()
    topic = town.topic(town.consultant, "Q1")
    topic.sees("the price list")
    asker.says("/retract", reply_to=own(asker, UNKNOWN))
    asker.sees("Q1 is taken back")
    for words in (UNKNOWN, "twelve people", "the price list"):
        assert words not in everything_in_the_room(town)
    assert not [post for post in topic.posts if "photo" in post.message]
    topic.sees("The asker took it back")
    assert town.room.topics[topic.topic].closed
    taken = question(town, "Q1")
    assert (taken.state, taken.text, taken.number) == (State.CLOSED, "", 1)
    with town.database.reading() as db:
        assert [part.text for part in db.exec(select(Part)) if part.side == "asker"] == [None, None]
        assert not [row for row in db.exec(select(OutboxRow)) if UNKNOWN in row.payload and row.chat_id < 0]
        assert not [row for row in db.exec(select(BankRow)) if "union" in row.text]
        assert [row.text for row in db.exec(select(Asked))] == [None]


def test_r18_the_one_it_was_offered_to_keeps_none_of_its_words(town: Town) -> None:
    asker = passed_on(town)
    offered = [seat for seat in map(town.private, (town.consultant, town.second_consultant)) if UNKNOWN in str(seat.texts)]
    assert offered, "it is offered to somebody"
    asker.says("/retract")
    assert UNKNOWN not in "".join(text for seat in offered for text in seat.texts)
    with town.database.reading() as db:
        held = [row for row in db.exec(select(OutboxRow)) if UNKNOWN in row.payload]
        assert {row.chat_id for row in held} <= {asker.chat.id}


def test_r18_without_a_reply_the_newest_open_question_is_taken_back(town: Town) -> None:
    asker = two_open(town)
    asker.says("/retract")
    asker.sees("Q2 is taken back")
    assert question(town, "Q1").state is State.OPEN
    asker.says("/retract")
    asker.sees("Q1 is taken back")
    asker.says("/retract")
    asker.sees("There is nothing to take back")


def test_r18_the_button_in_the_list_does_the_same_and_twice_does_nothing_more(town: Town) -> None:
    asker = passed_on(town)
    asker.says("/questions")
    asker.taps(labels(asker.last)[0])
    data = next(b["callback_data"] for row in asker.last.buttons for b in row if "Take back" in b["text"])
    post = asker.last.id
    for _ in range(2):
        town.world.tap(town.trainee, asker.chat, post, data, stale=True)
    town.settle()
    asker.sees("taken")
    assert question(town, "Q1").taken_back_at is not None
    topic = town.topic(town.consultant, "Q1")
    assert len([text for text in topic.texts if "took the question back" in text]) == 1


def test_r18_what_was_answered_is_closed_and_honestly_stays(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    asker.says("/retract", reply_to=own(asker, UNKNOWN))
    asker.sees("they have seen your words")
    assert question(town, "Q1").text == UNKNOWN
    assert town.room.topics[topic.topic].closed
    topic.sees("needs no further answer")


def test_r18_an_added_message_is_taken_back_alone(town: Town) -> None:
    asker = passed_on(town)
    asker.says("They are twelve people", reply_to=own(asker, UNKNOWN))
    asker.says("One of them is my aunt", reply_to=own(asker, UNKNOWN))
    asker.says("/retract", reply_to=own(asker, "my aunt"))
    asker.sees("Taken back from Q1")
    topic = town.topic(town.consultant, "Q1")
    topic.sees("They are twelve people")
    assert "my aunt" not in everything_in_the_room(town)
    assert question(town, "Q1").state is State.OPEN


def test_r18_a_reply_to_the_confirmation_takes_that_message_back(town: Town) -> None:
    asker = passed_on(town)
    asker.says("One of them is my aunt", reply_to=own(asker, UNKNOWN))
    asker.replies("Added to Q1", "/retract")
    assert "my aunt" not in everything_in_the_room(town)
    assert question(town, "Q1").text == UNKNOWN


def test_r18_an_addition_that_was_answered_since_stays(town: Town) -> None:
    asker = passed_on(town)
    asker.says("One of them is my aunt", reply_to=own(asker, UNKNOWN))
    town.topic(town.consultant, "Q1").replies("my aunt", "Then not at all.")
    asker.says("/retract", reply_to=own(asker, "my aunt"))
    asker.sees("The experts have answered since")
    assert "my aunt" in everything_in_the_room(town)


def test_r18_after_48_hours_words_are_written_over_and_pictures_are_named(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    asker.says("They are twelve people", reply_to=own(asker, UNKNOWN))
    town.world.send_photo(town.trainee, asker.chat, b"jpeg", caption="the price list", reply_to=own(asker, UNKNOWN))
    town.settle()
    clock.moves(hours=49)
    asker.says("/retract")
    asker.sees("older than 48 hours")
    topic = town.topic(town.consultant, "Q1")
    topic.sees("taken back by the asker")
    topic.sees("Please delete the older pictures and files by hand")
    assert "twelve people" not in everything_in_the_room(town)


def test_r18_only_the_asker_takes_it_back(town: Town) -> None:
    asker = passed_on(town, town.seat(town.trainee, town.group), how="Send anonymously")
    other = town.seat(town.other_trainee, town.group)
    other.says("/retract", reply_to=own(asker, UNKNOWN))
    other.replies("Passed to our experts", "/retract")
    assert question(town, "Q1").state is State.OPEN
    asker.says("/retract", reply_to=own(asker, UNKNOWN))
    assert question(town, "Q1").taken_back_at is not None


def test_r18_nothing_more_goes_to_what_was_taken_back(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    asker.says("/retract")
    town.world.promote(town.room, town.consultant, can_manage_topics=True)
    topic.replies("The asker took it back", "But I have an answer.")
    asker.sees_nothing_of("But I have an answer.")
    asker.says("The rules have changed, have they not?", reply_to=own(asker, UNKNOWN))
    asker.sees("You took Q1 back. Is this a new question?")
    topic.sees_nothing_of("The rules have changed")


def test_r18_a_question_that_waits_for_a_room_never_gets_there(town: Town) -> None:
    town.world.remove_member(town.room, town.world.bot_id, town.organizer)
    town.settle()
    asker = passed_on(town)
    asker.says("/retract")
    asker.sees("Q1 is taken back")
    town.world.add_bot(town.room, town.organizer)
    town.world.set_bot_rights(town.room, town.organizer, can_manage_topics=True)
    town.settle()
    assert UNKNOWN not in everything_in_the_room(town)


def test_r18_a_merged_question_leaves_the_other_ones_topic(town: Town) -> None:
    passed_on(town)
    other = passed_on(town, town.private(town.organizer), text=OTHER)
    topic = town.topic(town.consultant, "Q2")
    topic.says("/merge")
    topic.taps(next(label for label in labels(topic.last) if label.startswith("Q1")))
    topic.taps("Merge")
    leader = town.topic(town.consultant, "Q1")
    leader.sees(OTHER)
    other.says("/retract")
    other.sees("Q2 is taken back")
    assert OTHER not in everything_in_the_room(town)
    assert "Also asked by" not in leader.message(UNKNOWN).text
    leader.replies(UNKNOWN, "No.")
    other.sees_nothing_of("No.")


# /questions


def test_the_list_says_in_plain_words_where_each_question_stands(town: Town) -> None:
    asker = two_open(town)
    first, second = town.topic(town.consultant, "Q1"), town.topic(town.consultant, "Q2")
    asker.says("/questions")
    assert asker.last.text.index("Q2") < asker.last.text.index("Q1")
    asker.sees("waiting for an expert since Nov 23, 2026")
    first.taps("Claim")
    second.replies(OTHER, "Any.")
    asker.says("/questions")
    asker.sees("张敏 has taken it")
    asker.sees("answered on Nov 23, 2026; is it solved?")
    first.says("/askback Where?")
    second.taps("Close")
    asker.says("/questions")
    asker.sees("张敏 asked you something back")
    asker.sees("closed on Nov 23, 2026")


def test_one_question_shows_only_what_makes_sense(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    asker.says("/questions")
    asker.taps(labels(asker.last)[0])
    assert labels(asker.last) == ["💬 Add something", "✅ Solved", "🚫 Take back", "📄 Transcript", "HTML", "‹ All my questions"]
    asker.taps("Add something")
    asker.says("They are twelve people")
    topic.sees("They are twelve people")
    topic.replies(UNKNOWN, "No.")
    asker.says("/questions")
    asker.taps(labels(asker.last)[0])
    assert labels(asker.last) == ["💬 Add something", "✅ Solved", "📄 Transcript", "HTML", "‹ All my questions"]
    asker.taps("Solved")
    asker.says("/questions")
    asker.taps(labels(asker.last)[0])
    assert labels(asker.last) == ["↩️ Reopen", "📄 Transcript", "HTML", "‹ All my questions"]


def test_many_questions_come_in_pages(town: Town) -> None:
    asker = town.private(town.trainee)
    for number in range(1, 8):
        asker.says(f"/ask May the county's branch number {number} keep the prize of the foundation in yellow boxes?")
        asker.taps("Ask an expert")
        asker.taps("Send")
    asker.says("/questions")
    assert [label.partition(" ")[0] for label in labels(asker.last)] == ["Q7", "Q6", "Q5", "Q4", "Q3", "Older"]
    asker.taps("Older ›")
    assert [label.partition(" ")[0] for label in labels(asker.last)] == ["Q2", "Q1", "‹"]
    asker.taps("‹ Newer")
    assert labels(asker.last)[0].startswith("Q7")


def test_nobody_opens_somebody_elses_question(town: Town) -> None:
    passed_on(town, how="Send anonymously")
    stranger = town.private(town.other_trainee)
    stranger.says(OTHER)
    for data in (
        "questions.one:1:0",
        "questions.takeback:1",
        "questions.mineagain:1",
        "questions.rate:1:1",
        "questions.attach:1:2",
        "questions.skipnote:1",
        "faq.new:1",
    ):
        tap = town.world.tap(town.other_trainee, stranger.chat, stranger.last.id, data, stale=True)
        town.settle()
        assert tap.show_alert, data
        assert "Li Wei" not in (tap.text or "")
    assert UNKNOWN not in "".join(stranger.texts)
    assert question(town, "Q1").state is State.OPEN


# R27: what cannot wait


def test_r27_free_words_get_the_fixed_text_and_the_experts_hear_at_once(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(URGENT)
    asker.sees("120")
    asker.sees("I have told our experts, with your name")
    in_general(town).sees("Urgent words from Li Wei")


def test_r27_whoever_is_on_duty_is_called_by_name_and_at_night_everybody(town: Town, clock: SetClock) -> None:
    asker = town.private(town.trainee)
    asker.says(URGENT)
    general = in_general(town)
    called = general.sees("On duty now:")
    assert {"张敏", "Sarah Lin"} <= {
        called.text[entity["offset"] : entity["offset"] + entity["length"]]
        for entity in called.message["entities"]
        if entity["type"] == "text_mention"
    }
    clock.moves(hours=14)
    asker.says(URGENT)
    assert "张敏" in general.sees("Nobody is on duty now").text


@pytest.mark.parametrize("way", ["ask", "caption", "group", "missing"])
def test_r27_in_a_command_a_caption_a_group_and_after_not_quite(town: Town, way: str) -> None:
    seat = town.seat(town.trainee, town.group) if way == "group" else town.private(town.trainee)
    if way == "caption":
        town.world.send_photo(town.trainee, seat.chat, b"jpeg", caption=URGENT)
        town.settle()
    elif way == "missing":
        seat.says(KNOWN)
        seat.taps("Not quite")
        seat.says(URGENT)
    else:
        seat.says(f"/ask {URGENT}")
    seat.sees("120")
    in_general(town).sees("Urgent words from Li Wei")


@pytest.mark.parametrize("where", ["private", "group"])
def test_r27_in_an_addition_the_fixed_text_comes_first_and_the_addition_is_passed_on(town: Town, where: str) -> None:
    seat = town.private(town.trainee) if where == "private" else town.seat(town.trainee, town.group)
    asker = passed_on(town, seat)
    asker.replies("Passed to our experts", URGENT)
    asker.sees("120")
    assert asker.message("Added to Q1").text.index("120") < asker.message("Added to Q1").text.index("Added to Q1")
    in_general(town).sees("Urgent words from Li Wei")
    town.topic(town.consultant, "Q1").sees(URGENT)


def test_r27_an_anonymous_asker_stays_without_a_name_also_then(town: Town) -> None:
    asker = passed_on(town, how="Send anonymously")
    asker.replies("Passed to our experts", URGENT)
    asker.sees("without your name")
    in_general(town).sees("from the anonymous asker of Q1")
    assert "Li Wei" not in everything_in_the_room(town)


def test_r27_words_that_the_room_knows_with_a_name_cannot_be_sent_without_one(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(URGENT)
    asker.taps("Ask an expert")
    assert labels(asker.last) == ["Send", "Do not send"]
    asker.sees("have seen these words with your name")


def test_r27_an_edit_that_brings_emergency_words_in_is_heard_once(town: Town) -> None:
    asker = passed_on(town)
    edits(town, asker, UNKNOWN, URGENT)
    asker.sees("120")
    edits(town, asker, URGENT, URGENT + "!")
    general = in_general(town)
    assert len([text for text in general.texts if "Urgent words" in text]) == 1


def test_r27_emergency_words_go_before_everything_that_is_open(town: Town) -> None:
    asker = two_open(town)
    asker.says(URGENT)
    asker.sees("120")
    asker.sees_nothing_of("Is this for one of your questions?")
    draft = town.private(town.organizer)
    draft.says(UNKNOWN)
    draft.taps("Ask an expert")
    draft.says(URGENT)
    draft.sees("120")


def test_r27_emergency_words_after_an_answer_are_answered_at_once(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    asker.says(URGENT)
    asker.sees("120")
    in_general(town).sees("Urgent words")
    assert "💬 Add to Q1" in labels(asker.last)


def test_r27_nobody_here_answers_doses(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(DOSE)
    asker.sees("treating doctor")
    assert "Ask an expert" not in "".join(labels(asker.last))
    tap = town.world.tap(town.trainee, asker.chat, asker.last.id, "questions.ask:1", stale=True)
    town.settle()
    assert tap.show_alert
    assert "doses" in (tap.text or "")
    assert all_questions(town) == []
    asker.taps("Ask about the programme instead")
    asker.sees("what a peer supporter may say about medicines")
    asker.taps("Not quite")
    assert "Ask an expert" not in "".join(labels(asker.last))


def test_r27_a_dose_in_an_addition_gets_the_fixed_text_and_is_passed_on(town: Town) -> None:
    asker = passed_on(town)
    asker.replies("Passed to our experts", DOSE)
    asker.sees("does not answer questions about doses")
    town.topic(town.consultant, "Q1").sees(DOSE)
    in_general(town).sees_nothing_of("Urgent words")


# Odd messages


def test_a_very_long_addition_arrives_whole(town: Town) -> None:
    asker = passed_on(town)
    words = " ".join(f"This is sentence number {n} of a long story." for n in range(120))[:4096]
    asker.says(words, reply_to=own(asker, UNKNOWN))
    arrived = "".join(town.topic(town.consultant, "Q1").texts)
    for n in range(80):
        assert f"number {n} of" in arrived


def test_signs_and_html_join_a_question_as_they_are(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    asker.says("👍👍")
    asker.says("<b>not bold</b> & so on", reply_to=own(asker, "👍👍"))
    topic.sees("👍👍")
    topic.sees("<b>not bold</b> & so on")


def test_a_voice_message_with_several_open_asks_which_one(town: Town) -> None:
    asker = two_open(town)
    town.world.send_voice(town.trainee, asker.chat, b"ogg")
    town.settle()
    choice = asker.sees("Is this for one of your questions?")
    asker.taps(labels(choice)[0].removeprefix("💬 "))
    assert [post for post in town.topic(town.consultant, "Q2").posts if "voice" in post.message]


def test_a_reply_to_a_deleted_message_is_answered_like_any_words(town: Town) -> None:
    asker = passed_on(town)
    first = own(asker, UNKNOWN)
    town.world.delete(town.trainee, asker.chat, first)
    asker.says("They are twelve people, two of them in wheelchairs, and the hall is far")
    assert "💬 Add to Q1" in labels(asker.last)
    asker.taps("Add to Q1")
    town.topic(town.consultant, "Q1").sees("two of them in wheelchairs")
