"""The clock of targets, played through the sandbox: promises, reminders, lateness, the digest, and the asker's honest word."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot.db import Database
from bot.features import duty, people, questions
from bot.features.questions import Question, State
from bot.i18n import Translator
from bot.settings import Settings
from handlers._kit import Moment, Services
from handlers.questions import _timing
from tests.conftest import SetClock
from tests.test_questions import UNKNOWN, passed_on
from tests.town import Town

BEIJING = ZoneInfo("Asia/Shanghai")


def beijing(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BEIJING).astimezone(UTC)


def the_question(town: Town) -> Question:
    with town.database.reading() as db:
        return questions.queue(db, now=town.now())[0]


def at(clock: SetClock, town: Town, moment: datetime) -> None:
    clock.now = moment
    town.settle()


@pytest.mark.parametrize(
    ("sent", "ack", "answer"),
    [
        (beijing(11, 23, 12), beijing(11, 23, 16), beijing(11, 25, 12)),
        (beijing(11, 20, 15), beijing(11, 23, 11), beijing(11, 24, 15)),
        (beijing(11, 21, 15), beijing(11, 23, 13), beijing(11, 25, 9)),
        (beijing(9, 30, 16), beijing(10, 8, 12), beijing(10, 9, 16)),
        (beijing(10, 3, 10), beijing(10, 8, 13), beijing(10, 10, 9)),
        (beijing(10, 9, 15), beijing(10, 10, 11), beijing(10, 12, 15)),
    ],
    ids=["a Monday", "over a weekend", "on a Saturday", "before the holidays", "in the holidays", "a worked Saturday"],
)
def test_targets_are_counted_in_working_time(
    town: Town, clock: SetClock, sent: datetime, ack: datetime, answer: datetime
) -> None:
    clock.now = sent
    passed_on(town)
    question = the_question(town)
    assert (question.ack_due_at, question.answer_due_at) == (ack, answer)


def test_r25_the_receipt_says_by_when_an_answer_usually_comes_on_the_askers_clock(town: Town) -> None:
    with town.database.transaction() as db:
        asker = people.find(db, town.trainee.id)
        assert asker is not None
        people.set_timezone(asker, "Europe/Berlin")
    asker_seat = passed_on(town)
    asker_seat.sees("The answer comes here, usually by Wed, Nov 25 5:00")


def test_r25_whoever_takes_it_is_named_with_an_honest_time(town: Town) -> None:
    with town.database.transaction() as db:
        sarah = people.find(db, town.second_consultant.id)
        assert sarah is not None
        duty.set_hours(db, sarah, duty.read_hours("Thu-Fri 9-12"))
    asker = passed_on(town)
    town.topic(town.second_consultant, "Q1").taps("Claim")
    asker.sees("Sarah Lin has taken it and will answer here.")
    asker.sees("Usually that is by Thu, Dec 3")
    question = the_question(town)
    assert question.ack_due_at is None
    assert question.answer_due_at == beijing(12, 3, 9)


def test_the_owner_is_reminded_once_before_the_answer_is_due(town: Town, clock: SetClock) -> None:
    passed_on(town)
    town.topic(town.second_consultant, "Q1").taps("Claim")
    desk = town.private(town.second_consultant)
    at(clock, town, beijing(11, 24, 15, 59))
    desk.sees_nothing_of("is to be answered by")
    for minute in (0, 1, 30):
        at(clock, town, beijing(11, 24, 16, minute))
    assert len([text for text in desk.texts if "Q1 is to be answered by Wed, Nov 25" in text]) == 1


def test_the_offered_one_is_reminded_before_nobody_has_taken_it(town: Town, clock: SetClock) -> None:
    passed_on(town)
    at(clock, town, beijing(11, 23, 14))
    at(clock, town, beijing(11, 23, 15, 1))
    town.private(town.consultant).sees("Q1请的是您")
    assert offers_open(town)


def offers_open(town: Town) -> bool:
    with town.database.reading() as db:
        return questions.open_offer(db, questions.queue(db, now=town.now())[0]) is not None


def test_what_nobody_took_in_time_is_told_in_the_topic_and_then_to_the_organizers_once(
    town: Town, clock: SetClock
) -> None:
    passed_on(town)
    topic = town.topic(town.second_consultant, "Q1")
    for hour in (14, 16):
        at(clock, town, beijing(11, 23, hour))
    at(clock, town, beijing(11, 23, 16, 1))
    topic.sees("Q1 should have been taken by Mon, Nov 23")
    boss = town.private(town.organizer)
    boss.sees_nothing_of("is late")
    for hour in (9, 10, 11):
        at(clock, town, beijing(11, 24, hour, 5))
    assert len([text for text in boss.texts if "Q1 is late" in text]) == 1
    assert len([text for text in topic.texts if "should have been taken" in text]) == 1


def test_an_offer_that_is_open_when_the_target_passes_goes_to_the_next(town: Town, clock: SetClock) -> None:
    town.settings.__dict__["offer"] = 40.0
    passed_on(town)
    at(clock, town, beijing(11, 23, 16, 1))
    topic = town.topic(town.consultant, "Q1")
    topic.sees("Sarah Lin has not answered in time")
    topic.sees("张敏, this one is offered to you")


def test_a_late_question_can_be_taken_over_and_its_owner_hears_it(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    owner = town.topic(town.second_consultant, "Q1")
    owner.taps("Claim")
    at(clock, town, beijing(11, 25, 12, 1))
    colleague = town.topic(town.consultant, "Q1")
    colleague.sees("Sarah Lin has it; whoever can help")
    colleague.taps("Take over")
    town.private(town.second_consultant).sees("张敏 has taken Q1 over from you.")
    asker.sees("张敏 has taken it and will answer here.")
    question = the_question(town)
    assert question.answer_due_at is not None
    assert question.answer_due_at > clock.now
    assert owner.taps("Take over").show_alert, "it is not late any more"


def test_what_is_not_late_cannot_be_taken_from_its_owner(town: Town) -> None:
    passed_on(town)
    owner = town.topic(town.second_consultant, "Q1")
    owner.taps("Claim")
    card = owner.message(UNKNOWN)
    tap = town.world.tap(town.consultant, town.room, card.id, "questions.takeover:1", stale=True)
    town.settle()
    assert tap.show_alert
    owner.sees("Sarah Lin has taken it")


def test_the_asker_is_told_once_and_honestly_when_it_takes_longer(town: Town, clock: SetClock) -> None:
    asker = passed_on(town, town.seat(town.trainee, town.group))
    for hour in (12, 13, 15):
        at(clock, town, beijing(11, 25, hour, 1))
    told = [post for post in asker.posts if "Q1 takes longer than we promised" in post.text]
    assert len(told) == 1
    assert told[0].message["reply_to_message"]["text"] == f"/ask {UNKNOWN}"


def test_the_asker_is_not_woken_at_night(town: Town, clock: SetClock) -> None:
    with town.database.transaction() as db:
        member = people.find(db, town.trainee.id)
        assert member is not None
        people.set_timezone(member, "America/New_York")
    asker = passed_on(town)
    at(clock, town, beijing(11, 25, 12, 1))  # eleven at night in New York
    asker.sees_nothing_of("takes longer")
    at(clock, town, beijing(11, 25, 21, 1))  # eight in the morning
    asker.sees("Q1 takes longer than we promised")


def test_nothing_is_late_once_it_is_answered(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.second_consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    at(clock, town, beijing(12, 2, 10))
    for seat in (asker, topic, town.private(town.organizer), town.private(town.second_consultant)):
        seat.sees_nothing_of("⏰")
        seat.sees_nothing_of("takes longer")


def test_what_the_asker_adds_after_an_answer_is_to_be_answered_anew(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    town.topic(town.second_consultant, "Q1").replies(UNKNOWN, "No.")
    clock.now = beijing(12, 2, 10)
    asker.replies("answer from", "And if they pay the half themselves?")
    question = the_question(town)
    assert question.state is State.CLAIMED
    assert question.answer_due_at == beijing(12, 4, 10)


def test_a_released_question_is_to_be_taken_anew_and_keeps_its_promise(town: Town, clock: SetClock) -> None:
    passed_on(town)
    topic = town.topic(town.second_consultant, "Q1")
    topic.taps("Claim")
    clock.now = beijing(11, 24, 10)
    topic.taps("Release")
    question = the_question(town)
    assert (question.ack_due_at, question.answer_due_at) == (beijing(11, 24, 14), beijing(11, 25, 12))


def moment(db: Session, now: datetime) -> Moment:
    def none() -> Any:
        raise AssertionError("nothing else is needed")

    return Moment(db, now, Services(Settings(), none, none, 1, "bot"), "questions")


def test_the_clock_stands_still_while_the_asker_is_asked(database: Database) -> None:
    with database.transaction() as db:
        sent = beijing(11, 20, 15)
        question = Question(
            number=1, asker_id=None, text="?", language="en", chat_id=1, message_id=1, state=State.OPEN,
            created_at=sent, sent_at=sent,
        )  # fmt: skip
        db.add(question)
        _timing.promise(moment(db, sent), question)
        assert (question.ack_due_at, question.answer_due_at) == (beijing(11, 23, 11), beijing(11, 24, 15))
        assert _timing.clock_stops(moment(db, beijing(11, 20, 16)), question)
        assert not _timing.clock_stops(moment(db, beijing(11, 21, 16)), question)
        assert questions.due_to_tell(db, now=beijing(12, 1, 10)) == []
        assert _timing.clock_goes_on(moment(db, beijing(11, 26, 10)), question)
        assert not _timing.clock_goes_on(moment(db, beijing(11, 26, 11)), question)
        assert (question.ack_due_at, question.answer_due_at) == (beijing(11, 26, 13), beijing(11, 27, 17))
        assert [q.id for q in questions.due_to_tell(db, now=beijing(12, 1, 10))] == [question.id]


def test_targets_by_subject(database: Database) -> None:
    with database.transaction() as db:
        sent = beijing(11, 23, 10)
        deed = moment(db, sent)
        deed.services = Services(
            Settings(targets="default=4h/2d,training=1h/1d"), deed.services.knowledge, deed.services.refresh, 1, "bot"
        )
        question = Question(
            number=1, asker_id=None, text="?", language="en", chat_id=1, message_id=1, state=State.OPEN,
            created_at=sent, sent_at=sent, category="training",
        )  # fmt: skip
        _timing.promise(deed, question)
        assert (question.ack_due_at, question.answer_due_at) == (beijing(11, 23, 11), beijing(11, 24, 10))


def test_the_digest_comes_in_the_morning_of_working_days_only_and_once(town: Town, clock: SetClock) -> None:
    general = town.seat(town.consultant, town.room)
    clock.now = beijing(11, 20, 15)
    passed_on(town)
    at(clock, town, beijing(11, 21, 9, 10))
    at(clock, town, beijing(11, 22, 9, 10))
    general.sees_nothing_of("Good morning")
    at(clock, town, beijing(11, 23, 8, 59))
    general.sees_nothing_of("Good morning")
    for minute in (0, 20, 50):
        at(clock, town, beijing(11, 23, 9, minute))
    digests = [post for post in general.posts if "Good morning" in post.text]
    assert len(digests) == 1
    assert "Q1 – nobody has it, since Fri, Nov 20" in digests[0].text
    assert any("/t.me/c/" in str(entity.get("url", "")) for entity in digests[0].message["entities"])


def test_there_is_no_digest_when_nothing_waits_nor_on_a_holiday(town: Town, clock: SetClock) -> None:
    general = town.seat(town.consultant, town.room)
    at(clock, town, beijing(11, 24, 9, 10))
    clock.now = beijing(9, 30, 16)
    passed_on(town)
    for day in (1, 5, 7):
        at(clock, town, beijing(10, day, 9, 10))
    general.sees_nothing_of("Good morning")
    at(clock, town, beijing(10, 8, 9, 10))
    general.sees("Good morning")


def test_late_questions_lead_the_queue(town: Town, clock: SetClock) -> None:
    first = passed_on(town)
    town.topic(town.second_consultant, "Q1").taps("Claim")
    passed_on(town, first, text="May a club of patients rent a boat on the river for its meeting?")
    at(clock, town, beijing(11, 23, 16, 30))
    queue = town.private(town.organizer)
    queue.says("/queue")
    text = queue.last.text
    assert text.index("Q2") < text.index("Q1")
    assert "late since Mon, Nov 23" in text
    assert "due Wed, Nov 25" in text


def test_ten_thousand_stored_questions_do_not_slow_the_queue(database: Database) -> None:
    def fill(count: int, state: State, start: int) -> None:
        with database.transaction() as db:
            now = beijing(11, 20, 15)
            rows = [
                {"number": start + n, "text": "?", "language": "en", "chat_id": 1, "message_id": 1, "state": state,
                 "created_at": now, "sent_at": now, "ack_due_at": now, "answer_due_at": now + timedelta(days=n % 9),
                 "nearly": [], "anonymous": False, "topic": 0, "has_topic": False}
                for n in range(count)
            ]  # fmt: skip
            db.connection().execute(Question.__table__.insert(), rows)  # type: ignore[attr-defined]

    def fastest() -> float:
        taken = []
        for _ in range(7):
            begun = time.thread_time()
            with database.reading() as db:
                now = beijing(11, 24, 10)
                assert len(questions.queue(db, now=now)) == 8
                questions.count_open(db), questions.loads(db)
                questions.due_for_warning(db, before=now), questions.due_to_tell(db, now=now)
            taken.append(time.thread_time() - begun)
        return min(taken)

    fill(100, State.OPEN, 1)
    few = fastest()
    fill(10_000, State.CLOSED, 1000)
    assert fastest() < few * 3 + 0.02


def test_a_moment_reads_shortly_in_each_language() -> None:
    moment_ = beijing(11, 25, 17)
    assert Translator("zh_Hans").when(moment_) == "11月25日周三 17:00"
    assert Translator("zh_Hant").when(moment_).startswith("11月25日 週三")
    assert Translator("en").when(moment_).startswith("Wed, Nov 25 5:00")


def test_a_transferred_question_is_due_in_its_new_owners_time(town: Town) -> None:
    with town.database.transaction() as db:
        zhang = people.find(db, town.consultant.id)
        assert zhang is not None
        duty.set_hours(db, zhang, duty.read_hours("Thu-Fri 9-12"))
        question = questions.Question(
            number=1, asker_id=None, text="?", language="en", chat_id=1, message_id=1, state=State.OPEN,
            created_at=town.now(), sent_at=town.now(),
        )  # fmt: skip
        db.add(question)
        db.flush()
        deed = Moment(db, town.now(), town.app.handlers.services, "questions")
        _timing.promise(deed, question)
        assert questions.hand_over(db, question, zhang, now=town.now()) is None
        _timing.owner_changed(deed, question)
        assert question.answer_due_at == beijing(12, 3, 9)
