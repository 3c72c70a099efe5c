"""Offers, played through the sandbox: whom a question is put before, Take it, Pass on, and the time that runs out."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.features import duty, people, questions
from bot.features.people import Member, Role
from bot.features.questions import Offer, Outcome
from bot.outbox import OutboxRow
from bot.sandbox.world import Person
from tests.conftest import SetClock
from tests.test_questions import UNKNOWN, passed_on
from tests.town import Town

CHINESE = "工會的錢能不能給俱樂部會員買去拉薩的機票？"


def as_member(town: Town, person: Person) -> Member:
    with town.database.reading() as db:
        member = people.find(db, person.id)
    assert member is not None
    return member


def offers(town: Town) -> list[tuple[str, Outcome]]:
    with town.database.reading() as db:
        rows = db.exec(select(Offer, Member).where(Offer.member_id == Member.id).order_by(Offer.id))  # type: ignore[arg-type]
        return [(member.shown_name, offer.outcome) for offer, member in rows]


def test_a_question_is_offered_to_whoever_reads_its_language_with_the_reasons_in_the_topic(town: Town) -> None:
    passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    card = topic.message(UNKNOWN)
    assert "Offered to Sarah Lin: takes all subjects, reads English, free now." in card.text
    offered = topic.sees("Sarah Lin, this one is offered to you")
    assert any(
        e["type"] == "text_mention" and e["user"]["id"] == town.second_consultant.id
        for e in offered.message["entities"]
    )
    assert "Claim" in " ".join(topic.buttons(UNKNOWN))
    assert [label.split(" ", 1)[1] for label in topic.buttons("this one is offered")] == ["Take it", "Pass on"]


def test_the_offered_one_gets_it_in_private_with_the_way_to_the_topic_and_takes_it_there(town: Town) -> None:
    asker = passed_on(town)
    desk = town.private(town.second_consultant)
    private = desk.sees("A question for you: Q1")
    assert UNKNOWN in private.text
    topic = town.topic(town.consultant, "Q1")
    assert any(str(e.get("url", "")).endswith(f"/{topic.topic}") for e in private.message["entities"])
    desk.taps("Take it")
    desk.sees("Q1 is yours, thank you!")
    topic.sees("Sarah Lin has taken it.")
    asker.sees("Sarah Lin has taken it and will answer here.")
    assert "Release" in " ".join(topic.buttons(UNKNOWN))
    assert offers(town) == [("Sarah Lin", Outcome.TAKEN)]


def test_an_anonymous_question_names_nobody_in_the_private_offer(town: Town) -> None:
    passed_on(town, how="Send anonymously")
    private = town.private(town.second_consultant).sees("A question for you")
    assert "Li Wei" not in private.text


def test_pass_on_brings_it_to_the_next_and_then_to_everybody(town: Town) -> None:
    passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    town.private(town.second_consultant).taps("Pass on")
    town.private(town.second_consultant).sees("You have passed Q1 on.")
    topic.sees("Sarah Lin has passed it on.")
    topic.sees("张敏, this one is offered to you")
    assert topic.message(UNKNOWN).text.count("Offered to 张敏") == 1
    topic.taps("Pass on")
    topic.sees("Everybody was asked. Q1 is open to all of you")
    assert "Offered to" not in topic.message(UNKNOWN).text
    assert offers(town) == [("Sarah Lin", Outcome.PASSED), ("张敏", Outcome.PASSED)]
    topic.taps("Claim")
    topic.sees("张敏 has taken it")


def test_only_the_offered_one_or_an_organizer_passes_it_on(town: Town) -> None:
    passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    tap = topic.taps("Pass on")
    assert tap.show_alert
    assert "Sarah Lin" in (tap.text or "")
    assert offers(town) == [("Sarah Lin", Outcome.OPEN)]
    town.topic(town.organizer, "Q1").taps("Pass on")
    assert offers(town) == [("Sarah Lin", Outcome.PASSED), ("张敏", Outcome.OPEN)]


def test_a_trainee_can_neither_take_nor_pass_on(town: Town) -> None:
    passed_on(town)
    town.world.add_member(town.room, town.trainee)
    topic = town.topic(town.trainee, "Q1")
    assert topic.taps("Take it").show_alert
    assert topic.taps("Pass on").show_alert
    assert offers(town) == [("Sarah Lin", Outcome.OPEN)]


def test_any_consultant_may_take_it_and_the_offer_ends_everywhere(town: Town) -> None:
    passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.taps("Take it")
    assert offers(town) == [("Sarah Lin", Outcome.WITHDRAWN)]
    private = town.private(town.second_consultant).sees("张敏 has taken Q1.")
    assert not private.buttons


@pytest.mark.parametrize("how", ["Claim", "answer"])
def test_claiming_and_answering_withdraw_the_offer(town: Town, how: str) -> None:
    passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.taps("Claim") if how == "Claim" else topic.replies(UNKNOWN, "No.")
    assert offers(town) == [("Sarah Lin", Outcome.WITHDRAWN)]
    town.private(town.second_consultant).sees("张敏 has taken Q1.")


def test_closing_withdraws_the_offer(town: Town) -> None:
    passed_on(town)
    town.topic(town.consultant, "Q1").taps("Close")
    assert offers(town) == [("Sarah Lin", Outcome.WITHDRAWN)]
    town.private(town.second_consultant).sees("Q1 no longer needs you")


def test_r23_take_it_after_somebody_else_did_says_who(town: Town) -> None:
    passed_on(town)
    desk = town.private(town.second_consultant)
    private = desk.message("A question for you")
    data = private.buttons[0][0]["callback_data"]
    town.topic(town.consultant, "Q1").taps("Claim")
    tap = town.world.tap(town.second_consultant, desk.chat, private.id, data, stale=True)
    town.settle()
    assert "张敏" in (tap.text or "")
    town.topic(town.consultant, "Q1").sees("张敏 has taken it")


def test_an_unanswered_offer_moves_on_after_two_working_hours_and_says_so_to_both(town: Town, clock: SetClock) -> None:
    passed_on(town)
    clock.moves(hours=1, minutes=59)
    town.settle()
    assert offers(town) == [("Sarah Lin", Outcome.OPEN)]
    clock.moves(minutes=1)
    town.settle()
    assert offers(town) == [("Sarah Lin", Outcome.EXPIRED), ("张敏", Outcome.OPEN)]
    private = town.private(town.second_consultant).sees("Q1 has moved on to a colleague")
    assert not private.buttons
    town.private(town.consultant).sees("Q1")
    town.topic(town.consultant, "Q1").sees("张敏, this one is offered to you")


def test_an_offer_made_in_the_evening_counts_from_the_next_morning_and_comes_quietly(
    town: Town, clock: SetClock
) -> None:
    clock.moves(hours=9)  # nine in the evening
    passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    assert "free from Tue, Nov 24" in topic.message(UNKNOWN).text
    town.private(town.second_consultant).sees("A question for you")
    with town.database.reading() as db:
        row = db.exec(select(OutboxRow).where(OutboxRow.key == "question:1:offer:1")).one()
        assert '"disable_notification": true' in row.payload
    clock.moves(hours=13, minutes=59)
    town.settle()
    assert offers(town) == [("Sarah Lin", Outcome.OPEN)]
    clock.moves(minutes=1)
    town.settle()
    assert offers(town)[0] == ("Sarah Lin", Outcome.EXPIRED)


def test_nothing_is_offered_twice_to_the_same_person_nor_to_whoever_asked(town: Town, clock: SetClock) -> None:
    passed_on(town, town.private(town.second_consultant))
    assert offers(town) == [("张敏", Outcome.OPEN)]
    for _ in range(5):
        clock.moves(hours=3)
        town.settle()
    assert offers(town) == [("张敏", Outcome.EXPIRED)]
    topic = town.topic(town.consultant, "Q1")
    assert len([text for text in topic.texts if "Everybody was asked" in text]) == 1


def test_a_released_question_is_offered_to_others_only(town: Town) -> None:
    passed_on(town)
    topic = town.topic(town.second_consultant, "Q1")
    topic.taps("Take it")
    topic.taps("Release")
    assert offers(town) == [("Sarah Lin", Outcome.TAKEN), ("张敏", Outcome.OPEN)]


def test_what_somebody_registered_decides(town: Town) -> None:
    with town.database.transaction() as db:
        zhang = people.find(db, town.consultant.id)
        assert zhang is not None
        duty.set_languages(db, zhang, ["en", "zh_Hans"])
        sarah = people.find(db, town.second_consultant.id)
        assert sarah is not None
        duty.set_languages(db, sarah, ["zh_Hant"])
    passed_on(town)
    assert offers(town) == [("张敏", Outcome.OPEN)]


def test_with_nobody_on_duty_the_question_is_open_to_all_from_the_start(town: Town) -> None:
    for person in (town.consultant, town.second_consultant):
        desk = town.private(person)
        desk.says("/duty")
        desk.taps("Pause for a week" if person is town.second_consultant else "暂停一周")
    passed_on(town)
    assert offers(town) == []
    topic = town.topic(town.consultant, "Q1")
    assert "Claim" in " ".join(topic.buttons(UNKNOWN))
    topic.sees_nothing_of("offered")


def test_a_question_that_waited_for_a_room_is_offered_once_there_is_one(town: Town) -> None:
    town.world.remove_member(town.room, town.world.bot_id, town.organizer)
    town.settle()
    passed_on(town)
    assert offers(town) == []
    town.world.add_bot(town.room, town.organizer)
    town.world.set_bot_rights(town.room, town.organizer, can_manage_topics=True)
    town.settle()
    assert offers(town) == [("Sarah Lin", Outcome.OPEN)]


def test_in_a_room_without_topics_offers_work_as_well(town: Town) -> None:
    town.world.set_bot_rights(town.room, town.organizer, can_manage_topics=False)
    town.settle()
    passed_on(town)
    town.seat(town.second_consultant, town.room).taps("Take it")
    assert offers(town) == [("Sarah Lin", Outcome.TAKEN)]


def test_a_reply_to_the_private_offer_is_told_where_the_answer_belongs(town: Town) -> None:
    asker = passed_on(town)
    desk = town.private(town.second_consultant)
    desk.replies("A question for you", "No, it cannot.")
    desk.sees("Please answer in the topic of Q1")
    asker.sees_nothing_of("No, it cannot.")


def test_a_chinese_consultant_reads_the_offer_in_chinese(town: Town) -> None:
    asker = town.private(town.other_trainee)
    asker.says(CHINESE)
    asker.taps("請專家回答")
    asker.taps("傳送")
    desk = town.private(town.consultant)
    desk.sees("想请您回答：Q1")
    desk.taps("我接")
    desk.sees("Q1由您负责了")


def test_a_restart_in_the_middle_offers_nothing_twice(town: Town, clock: SetClock) -> None:
    passed_on(town)
    town.restarts()
    clock.moves(hours=2)
    town.restarts()
    assert offers(town) == [("Sarah Lin", Outcome.EXPIRED), ("张敏", Outcome.OPEN)]
    assert len([text for text in town.topic(town.consultant, "Q1").texts if "offered to you" in text]) == 1


def test_forget_takes_the_person_out_of_their_offers(town: Town) -> None:
    passed_on(town)
    desk = town.private(town.second_consultant)
    desk.says("/forget")
    desk.taps("Delete everything")
    assert offers(town) == []


def test_an_organizer_moves_a_question_from_the_queue(town: Town) -> None:
    passed_on(town)
    town.topic(town.second_consultant, "Q1").taps("Take it")
    queue = town.private(town.organizer)
    queue.says("/queue")
    queue.sees("with Sarah Lin")
    queue.taps("Move Q1")
    assert queue.buttons("To whom shall it go?")[0] == "张敏: 0 of 5"
    queue.taps("张敏: 0 of 5")
    queue.sees("offered to 张敏")
    town.private(town.second_consultant).sees("Zhao Lei has moved Q1 on")
    town.private(town.consultant).taps("我接")
    queue.taps("Move Q1")
    queue.taps("Open it to all")
    queue.sees("nobody yet")
    town.topic(town.consultant, "Q1").sees("Q1 is open to all of you")


def test_an_organizer_may_offer_it_to_somebody_again(town: Town) -> None:
    passed_on(town)
    town.private(town.second_consultant).taps("Pass on")
    queue = town.private(town.organizer)
    queue.says("/queue")
    queue.taps("Move Q1")
    queue.taps("Sarah Lin: 0 of 5")
    assert offers(town) == [("Sarah Lin", Outcome.PASSED), ("张敏", Outcome.WITHDRAWN), ("Sarah Lin", Outcome.OPEN)]


def test_a_consultant_sees_the_queue_without_moving(town: Town) -> None:
    passed_on(town)
    desk = town.private(town.second_consultant)
    desk.says("/queue")
    assert "offered to Sarah Lin" in desk.last.text
    assert not desk.last.buttons
    for data in ("questions.move:1:0", "questions.moveto:1:4:0", "questions.toall:1:0"):
        tap = town.world.tap(town.second_consultant, desk.chat, desk.last.id, data, stale=True)
        town.settle()
        assert tap.show_alert
    assert offers(town) == [("Sarah Lin", Outcome.OPEN)]


def test_the_queue_has_pages(town: Town) -> None:
    with town.database.transaction() as db:
        asker = people.find(db, town.trainee.id)
        assert asker is not None
        for number in range(1, 15):
            question = questions.Question(
                number=number, asker_id=asker.id, text=f"Question {number:02}", language="en", chat_id=town.trainee.id,
                message_id=1, state=questions.State.OPEN, created_at=town.now(), sent_at=town.now(), room_id=town.room.id,
            )  # fmt: skip
            db.add(question)
    queue = town.private(town.organizer)
    queue.says("/queue")
    queue.sees("14 open questions")
    queue.sees("Question 06")
    queue.sees_nothing_of("Question 07")
    queue.taps("›")
    queue.sees("Question 12")
    queue.taps("›")
    queue.sees("Question 14")
    queue.taps("‹")
    queue.sees("Question 07")
    town.world.tap(town.organizer, queue.chat, queue.last.id, "questions.queue:-3", stale=True)
    town.settle()
    queue.sees("Question 01")


def test_roles_that_change_end_nobodys_offer_but_nobody_new_is_asked(town: Town) -> None:
    with town.database.transaction() as db:
        zhang = people.find(db, town.consultant.id)
        assert zhang is not None
        zhang.role = Role.TRAINEE
    passed_on(town)
    town.private(town.second_consultant).taps("Pass on")
    assert offers(town) == [("Sarah Lin", Outcome.PASSED)]
