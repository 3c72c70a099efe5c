"""Rules of merging, transferring, taking back and saved replies, on both kinds of database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot import outbox
from bot.db import Database
from bot.errors import CannotMerge, NotOwner, Outdated, QuestionClosed, QuestionMerged, TextTooLong, Unclear
from bot.features import people, questions
from bot.features.people import Member, Role
from bot.features.questions import Part, Question, Side, State
from tests.conftest import NOON


def somebody(db: Session, number: int, role: Role = Role.CONSULTANT) -> Member:
    """A member with this role."""
    member = people.meet(
        db, telegram_id=number, name=f"M{number}", language_code="en", default="en", timezone="Asia/Shanghai", now=NOON
    )
    member.role = role
    return member


def asked(db: Session, asker: Member, number: int) -> Question:
    """A question in the room."""
    made = Question(
        number=number, asker_id=asker.id, text=f"How {number}?", language="en", chat_id=asker.telegram_id, room_id=-100,
        message_id=number, state=State.OPEN, created_at=NOON, sent_at=NOON,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def said(db: Session, question: Question, author: Member, number: int, side: Side = Side.CONSULTANT) -> Part:
    """A part of its story."""
    part = questions.tell(
        db, question, side=side, author=author, chat_id=-100, message_id=number, now=NOON, text=f"words {number}"
    )
    assert part is not None
    return part


def test_a_follower_stands_where_its_leader_stands(database: Database) -> None:
    with database.transaction() as db:
        me, first, second = somebody(db, 1), somebody(db, 2, Role.TRAINEE), somebody(db, 3, Role.TRAINEE)
        leader, follower = asked(db, first, 1), asked(db, second, 2)
        assert questions.merge(db, follower, leader)
        assert not questions.merge(db, follower, leader)
        assert questions.homes(db, leader) == [leader, follower]
        questions.claim(db, leader, me, now=NOON)
        assert follower.owner_id == me.id
        questions.answered(db, leader, me, now=NOON)
        assert follower.state is State.ANSWERED
        questions.release(db, leader, me)
        assert follower.owner_id is None
        with pytest.raises(QuestionMerged):
            questions.claim(db, follower, me, now=NOON)


def test_there_are_no_chains_and_no_circles(database: Database) -> None:
    with database.transaction() as db:
        asker = somebody(db, 2, Role.TRAINEE)
        one, two, three = asked(db, asker, 1), asked(db, asker, 2), asked(db, asker, 3)
        questions.merge(db, two, one)
        with pytest.raises(QuestionMerged):
            questions.merge(db, three, two)
        with pytest.raises(QuestionMerged):
            questions.merge(db, one, two)
        with pytest.raises(CannotMerge):
            questions.merge(db, one, three)
        with pytest.raises(CannotMerge):
            questions.merge(db, three, three)
        questions.close(three, solved=False, now=NOON)
        with pytest.raises(QuestionClosed):
            questions.merge(db, one, three)
        assert questions.split(two)
        assert not questions.split(two)


def test_a_transfer_is_for_the_owner_and_to_consultants(database: Database) -> None:
    with database.transaction() as db:
        owner, other, boss = somebody(db, 1), somebody(db, 2), somebody(db, 3, Role.ORGANIZER)
        trainee = somebody(db, 4, Role.TRAINEE)
        question = asked(db, trainee, 1)
        questions.claim(db, question, owner, now=NOON)
        with pytest.raises(NotOwner):
            questions.transfer(db, question, boss, by=other, now=NOON)
        with pytest.raises(Outdated):
            questions.transfer(db, question, trainee, by=owner, now=NOON)
        assert questions.transfer(db, question, other, by=boss, now=NOON)
        assert not questions.transfer(db, question, other, by=boss, now=NOON)
        assert question.owner_id == other.id


def test_r18_taking_back_the_only_answer_makes_the_question_wait_again(database: Database) -> None:
    with database.transaction() as db:
        me, asker = somebody(db, 1), somebody(db, 2, Role.TRAINEE)
        question = asked(db, asker, 1)
        first, second = said(db, question, me, 10), said(db, question, me, 11)
        questions.answered(db, question, me, now=NOON)
        assert questions.undo(db, question, first, now=NOON)
        assert not questions.undo(db, question, first, now=NOON)
        assert question.state is State.ANSWERED
        assert questions.undo(db, question, second, now=NOON)
        assert (question.state, question.answered_at) == (State.CLAIMED, None)
        assert questions.deletable(first, now=NOON + timedelta(hours=47))
        assert not questions.deletable(first, now=NOON + timedelta(hours=48))


def test_what_a_consultant_noted_is_not_theirs_to_take_from_an_asker(database: Database) -> None:
    with database.transaction() as db:
        me, other, asker = somebody(db, 1), somebody(db, 3), somebody(db, 2, Role.TRAINEE)
        question = asked(db, asker, 1)
        with pytest.raises(Outdated):
            questions.require_author(db, said(db, question, me, 10, Side.NOTE), me)
        with pytest.raises(NotOwner):
            questions.require_author(db, said(db, question, me, 11), other)


def test_solved_questions_with_an_answer_in_words_are_found_newest_first(database: Database) -> None:
    with database.transaction() as db:
        me, asker = somebody(db, 1), somebody(db, 2, Role.TRAINEE)
        now = asked(db, asker, 9)
        for number in (1, 2, 3, 4):
            old = asked(db, asker, number)
            answer = said(db, old, me, number * 10)
            questions.close(old, solved=number != 3, now=NOON)
            if number == 4:
                questions.undo(db, old, answer, now=NOON)
        assert [text for _id, text, _language in questions.solved_before(db, now)] == ["How 2?", "How 1?"]


def test_withdrawing_holds_back_what_waits_and_names_what_has_gone(database: Database) -> None:
    with database.transaction() as db:
        for key, state in (("a:1", "sent"), ("a:1:1", "due"), ("a:1:2", "claimed"), ("a:12", "due"), ("a:1:3", "failed")):
            outbox.enqueue(db, chat_id=5, method="sendMessage", payload={"chat_id": 5}, key=key, about="x", now=NOON)
            row = outbox.OutboxRow.__table__  # type: ignore[attr-defined]
            db.execute(row.update().where(row.c.key == key).values(state=state))
        gone = outbox.withdraw(db, "a:1", about="x", now=NOON)
        assert [(one.key, one.chat_id) for one in gone] == [("a:1", 5), ("a:1:2", 5)]
        states = {one.key: one.state for one in db.execute(row.select())}
        assert (states["a:1:1"], states["a:12"]) == ("void", "due")


def test_saved_replies_have_words_a_title_and_a_language(database: Database) -> None:
    with database.transaction() as db:
        me = somebody(db, 1)
        made = questions.save_reply(
            db, by=me, title=" Call  us ", language="en", text="Dear {name}", entities=None, now=NOON
        )
        assert made.title == "Call us"
        assert questions.saved(db, "en") == [made]
        assert questions.saved(db, "zh_Hans") == []
        assert questions.saved_by(db, me) == [made]
        with pytest.raises(Unclear):
            questions.checked_title("  ")
        with pytest.raises(TextTooLong):
            questions.reword_reply(made, text="x" * 3001, entities=None)
