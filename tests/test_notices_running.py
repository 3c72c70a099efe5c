"""Notices from the moment when they are due: who gets them and when, what can be done about it, what came of it."""

from __future__ import annotations

import asyncio
import csv
import io
import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import col, select

from bot import outbox
from bot.db import Database
from bot.features import attention, notices, people
from bot.features.groups import Kind, seen, settle
from bot.features.notices import EVERYONE, Notice, NoticeRecipient, NoticeText, Outcome, State, _sending
from bot.features.people import Member, Role
from bot.knowledge import Knowledge
from bot.settings import Settings
from handlers._kit import as_language
from handlers.notices import _running
from tests.conftest import SetClock
from tests.town import Seat, Town

ENGLISH, CHINESE = "The webinar is on <b>Friday</b>.", "网络讲座在<b>周五</b>。"


def due(
    town: Town,
    texts: dict[str, str] | None = None,
    *,
    signup: bool = False,
    groups: tuple[int, ...] = (),
    people_too: bool = True,
    media: list[dict[str, Any]] | None = None,
    poll: dict[str, Any] | None = None,
    **fields: Any,
) -> int:
    """A notice of the organizer that is due now, ready for the next tick."""
    texts = texts if texts is not None else {"en": ENGLISH, "zh_Hans": CHINESE}
    with town.database.transaction() as db:
        author = people.find(db, town.organizer.id)
        assert author is not None
        notice = Notice(
            author_id=author.id,
            state=State.SCHEDULED,
            due_at=town.now(),
            audience=EVERYONE | {"people": people_too, "groups": list(groups)},
            buttons=[{"kind": "signup", "labels": {"en": "Sign me up", "zh_Hans": "我要参加"}}] if signup else [],
            fallback="en" if "en" in texts else "zh_Hans",
            created_at=town.now(),
            changed_at=town.now(),
            **fields,
        )
        db.add(notice)
        db.flush()
        for language, html in texts.items():
            db.add(
                NoticeText(
                    notice_id=notice.id or 0, language=as_language(language), html=html, media=media or [], poll=poll
                )
            )
        return notice.id or 0


def goes_out(town: Town, notice_id: int, clock: SetClock) -> None:
    """The clock wakes, and everything comes to rest."""
    clock.moves(seconds=31)
    town.settle()
    clock.moves(seconds=2)
    town.settle()


def outcomes(town: Town, notice_id: int) -> dict[str, str | None]:
    """By name (a group has none), what became of it."""
    with town.database.reading() as db:
        rows = db.exec(select(NoticeRecipient).where(NoticeRecipient.notice_id == notice_id)).all()
        names = {member.id: member.telegram_name for member in db.exec(select(Member))}
        return {names.get(row.member_id, ""): row.outcome for row in rows}


def test_everybody_gets_it_in_their_own_language_and_the_author_a_report(town: Town, clock: SetClock) -> None:
    number = due(town)
    goes_out(town, number, clock)
    town.private(town.trainee).sees("The webinar is on Friday.")
    town.private(town.consultant).sees("网络讲座在周五。")
    town.private(town.other_trainee).sees("網路講座在週五。")
    report = town.private(town.organizer).sees("has gone out")
    assert "Delivered to 5 of 5" in report.text


@pytest.fixture
def slow(
    sqlite: Database,
    clock: SetClock,
    knowledge: Knowledge,
    runner: asyncio.Runner,
    without_wording: set[tuple[str, str]],
) -> Iterator[Town]:
    """A town where two messages a second go out, so that a notice takes its time; ten more trainees live there."""
    made = Town(sqlite, clock, knowledge, runner, Settings(rate=2))
    for number in range(10):
        made.person(f"Trainee {number}", "en", Role.TRAINEE)
    yield made
    made.close()
    assert not without_wording


def readers(town: Town) -> list[Seat]:
    """Everybody in their private chat."""
    return [town.private(person) for person in town.world.people.values() if person.id != town.world.bot_id]


def copies(town: Town, words: str = "The webinar|网络讲座|網路講座") -> list[int]:
    """How many copies each person has, from the fewest to the most."""
    bot = town.world.bot_id
    return sorted(
        sum(post.author == bot and bool(re.match(words, post.text)) for post in seat.posts) for seat in readers(town)
    )


def a_second_passes(town: Town, clock: SetClock) -> None:
    clock.moves(seconds=1.1)
    town.settle()


def begins(town: Town, clock: SetClock, seconds: int = 3) -> None:
    """It has begun to go out, and is not finished."""
    clock.moves(seconds=31)
    town.settle()
    for _second in range(seconds):
        a_second_passes(town, clock)
    assert 0 < sum(copies(town)) < 15


def ends(town: Town, clock: SetClock) -> None:
    """Time passes until everything has come to rest, and a little longer."""
    for _second in range(30):
        a_second_passes(town, clock)
        if is_at_rest(town):
            break
    for _second in range(4):
        a_second_passes(town, clock)


def is_at_rest(town: Town) -> bool:
    """Whether every notice has been reported."""
    with town.database.reading() as db:
        return not db.exec(select(Notice).where(col(Notice.reported_at).is_(None))).first()


def test_s25_a_stopped_notice_reaches_nobody_else_and_can_be_resumed_without_doubles(
    slow: Town, clock: SetClock
) -> None:
    due(slow, {"en": "The webinar is on Friday."})
    begins(slow, clock)
    author = slow.private(slow.organizer)
    author.taps("Stop")
    author.sees("is stopped")
    got = copies(slow)
    ends(slow, clock)
    assert copies(slow) == got
    report = author.sees("was stopped")
    assert f"Delivered to {sum(got)} of 15" in report.text
    assert f"Not sent to {15 - sum(got)}." in report.text
    author.taps("Resume")
    ends(slow, clock)
    assert copies(slow) == [1] * 15
    assert "Delivered to 15 of 15" in author.sees("has gone out").text


def test_a_pause_holds_everything_at_once_and_resuming_goes_on_where_it_was(slow: Town, clock: SetClock) -> None:
    due(slow, {"en": "The webinar is on Friday."})
    begins(slow, clock)
    author = slow.private(slow.organizer)
    author.taps("Pause")
    author.sees("is paused")
    got = copies(slow)
    ends(slow, clock)
    assert copies(slow) == got
    author.taps("Resume")
    author.sees("is going out")
    ends(slow, clock)
    assert copies(slow) == [1] * 15


def test_s24_who_changes_the_language_before_it_is_their_turn_gets_it_in_the_new_one(
    slow: Town, clock: SetClock
) -> None:
    due(slow)
    begins(slow, clock)
    slow.private(slow.organizer).taps("Pause")
    late = next(seat for seat in reversed(readers(slow)) if not any("webinar" in text for text in seat.texts))
    with slow.database.transaction() as db:
        member = people.find(db, late.person.id)
        assert member is not None
        people.choose_language(member, "zh_Hant")
    slow.private(slow.organizer).taps("Resume")
    ends(slow, clock)
    late.sees("網路講座在週五")


def test_the_message_to_the_author_edits_itself_and_not_more_often_than_every_few_seconds(
    slow: Town, clock: SetClock
) -> None:
    edits: list[str] = []
    author = slow.private(slow.organizer)
    slow.world.subscribe(
        lambda event: (
            edits.append(event.message["text"])
            if event.kind == "edited" and event.chat is author.chat and event.message is not None
            else None
        )
    )
    due(slow, {"en": "The webinar is on Friday."})
    begins(slow, clock)
    first = author.sees("is going out")
    assert author.buttons("is going out") == ["Pause", "Stop"]
    ends(slow, clock)
    assert first.id in [post.id for post in author.posts]
    assert 1 <= len(edits) <= 5
    assert any("left" in text for text in edits)
    assert author.buttons("Sent 15 of 15") == []


def test_s05_who_blocked_the_bot_is_noted_without_their_bookings_and_gets_it_after_coming_back(
    town: Town, clock: SetClock
) -> None:
    town.trainee.blocked = True  # and Telegram has not told the bot
    number = due(town)
    goes_out(town, number, clock)
    author = town.private(town.organizer)
    assert "Unreachable: 1" in author.sees("has gone out").text
    assert "blocked me: 1" in author.sees("has gone out").text
    assert "🔁 Retry the failed" not in author.buttons("has gone out")
    assert outcomes(town, number)["Li Wei"] == Outcome.UNREACHABLE
    town.world.start(town.trainee)
    town.settle()
    author.taps("Refresh")
    author.taps("Retry the failed")
    goes_out(town, number, clock)
    assert sum("webinar" in text for text in town.private(town.trainee).texts) == 1
    assert "Delivered to 5 of 5" in author.sees("has gone out").text


def test_what_failed_in_passing_is_retried_and_what_was_refused_is_not(town: Town, clock: SetClock) -> None:
    refused = "Bad Request: chat not allowed"
    town.world.faults.ask(
        method="sendMessage", chat_id=town.trainee.id, error_code=400, description=refused, times=None
    )
    number = due(town)
    goes_out(town, number, clock)
    author = town.private(town.organizer)
    assert "Telegram refused it: 1" in author.sees("Failed: 1").text
    assert "🔁 Retry the failed" not in author.buttons("has gone out")
    with town.database.transaction() as db:
        row = db.exec(select(NoticeRecipient).where(col(NoticeRecipient.outcome) == Outcome.FAILED)).one()
        row.error = "Gateway Timeout"
    town.world.faults.clear()
    author.taps("Refresh")
    author.taps("Retry the failed")
    goes_out(town, number, clock)
    town.private(town.trainee).sees("The webinar is on Friday.")
    assert copies(town) == [1] * 5


def test_quiet_hours_hold_it_until_they_end_and_an_urgent_one_goes_through(town: Town, clock: SetClock) -> None:
    clock.moves(hours=11)  # 23:00 in Beijing
    town.private(town.organizer).says("/help")
    due(town)
    due(town, {"en": "The webinar is cancelled.", "zh_Hans": "讲座取消。"}, urgent=True)
    goes_out(town, 0, clock)
    clock.moves(seconds=5)
    town.settle()
    trainee, author = town.private(town.trainee), town.private(town.organizer)
    trainee.sees("The webinar is cancelled.")
    trainee.sees_nothing_of("Friday")
    assert "🌙 Waiting for the end of their quiet hours: 5" in author.sees("is going out").text
    author.sees("has gone out")
    clock.moves(hours=9)
    town.settle()
    trainee.sees("The webinar is on Friday.")


def test_an_author_who_sleeps_reads_in_the_morning_what_came_of_it(town: Town, clock: SetClock) -> None:
    clock.moves(hours=11)
    due(town, urgent=True)
    goes_out(town, 0, clock)
    author = town.private(town.organizer)
    assert author.texts == ["The webinar is on Friday."]
    clock.moves(hours=9)
    town.settle()
    assert "Delivered to 5 of 5" in author.last.text
    assert len(author.texts) == 2


def test_s24_who_moves_to_where_it_is_day_does_not_wait_for_the_old_morning(town: Town, clock: SetClock) -> None:
    clock.moves(hours=11)
    due(town)
    clock.moves(seconds=31)
    town.settle()
    trainee = town.private(town.trainee)
    trainee.says("/profile")
    trainee.taps("Time zone")
    trainee.says("Europe/London")
    clock.moves(seconds=31)
    town.settle()
    trainee.sees("The webinar is on Friday.")
    town.private(town.other_trainee).sees_nothing_of("講座")


def test_who_muted_it_or_has_had_a_full_week_is_held_back_and_counted(town: Town, clock: SetClock) -> None:
    trainee, other = town.private(town.trainee), town.private(town.other_trainee)
    trainee.says("/quiet")
    trainee.taps("Announcements")
    with town.database.transaction() as db:
        member = people.find(db, other.person.id)
        assert member is not None
        attention.keep(db, attention.Preferences(member_id=member.id or 0, budget=0))
    number = due(town)
    goes_out(town, number, clock)
    report = town.private(town.organizer).sees("has gone out")
    assert "Delivered to 3 of 5" in report.text
    assert "Muted by one" in report.text
    assert "Held back for one" in report.text
    trainee.sees_nothing_of("webinar is on")
    other.sees_nothing_of("講座")


def test_a_message_that_was_taken_back_counts_against_nobodys_week(slow: Town, clock: SetClock) -> None:
    due(slow, {"en": "The webinar is on Friday."})
    begins(slow, clock)
    slow.private(slow.organizer).taps("Stop")
    with slow.database.reading() as db:
        counted = len(db.exec(select(attention.Unasked)).all())
    assert counted == sum(copies(slow))


def test_a_group_gets_one_message_in_its_language_and_pins_it(town: Town, clock: SetClock) -> None:
    town.world.set_rights(town.group, town.world.bot_id, can_pin_messages=True)
    number = due(town, groups=(town.group.id,), people_too=False, pin=True)
    goes_out(town, number, clock)
    post = town.seat(town.trainee, town.group).sees("The webinar is on Friday.")
    assert town.group.pinned == [post.id]
    assert "Delivered to 1 of 1" in town.private(town.organizer).sees("has gone out").text


def test_a_group_where_the_bot_may_not_pin_gets_it_all_the_same_and_the_report_says_so(
    town: Town, clock: SetClock
) -> None:
    number = due(town, groups=(town.group.id,), people_too=False, pin=True)
    goes_out(town, number, clock)
    town.seat(town.trainee, town.group).sees("The webinar is on Friday.")
    report = town.private(town.organizer).sees("has gone out")
    assert "not pinned: I have no right to pin there: 1" in report.text
    assert "🔁 Retry the failed" not in town.private(town.organizer).buttons("has gone out")


def test_correcting_changes_what_was_sent_and_goes_to_those_who_wait(slow: Town, clock: SetClock) -> None:
    due(slow, {"en": "The webinar is on Friday."})
    begins(slow, clock)
    author = slow.private(slow.organizer)
    author.says("/notice")
    a_second_passes(slow, clock)
    author.taps("The webinar is on Friday.")
    a_second_passes(slow, clock)
    author.taps("Correct")
    author.says("The webinar is on Saturday.")
    ends(slow, clock)
    ends(slow, clock)
    assert copies(slow, "The webinar is on Saturday") == [1] * 15
    assert copies(slow) == [1] * 15
    assert "Corrected for" in author.sees("has gone out").text


def test_correcting_one_language_leaves_the_others_and_a_text_that_is_too_long_is_asked_for_again(
    town: Town, clock: SetClock
) -> None:
    file_id = town.world.files.add("document", b"the programme", name="programme.pdf").file_id
    number = due(town, media=[{"kind": "document", "file_id": file_id}])
    goes_out(town, number, clock)
    author = town.private(town.organizer)
    author.taps("Correct")
    author.taps("简体中文")
    author.says("讲" * 1025)
    author.sees("the limit is 1,024")
    author.says("网络讲座改在周六。")
    goes_out(town, number, clock)
    town.private(town.consultant).sees("网络讲座改在周六。")
    town.private(town.other_trainee).sees("網路講座改在週六。")
    town.private(town.trainee).sees("The webinar is on Friday.")
    assert "Corrected for 2" in author.sees("has gone out").text


def test_a_poll_cannot_be_corrected_and_its_author_is_told(town: Town, clock: SetClock) -> None:
    options = [{"text": "Yes"}, {"text": "No"}]
    poll = {"question": "Will you come?", "options": options, "is_anonymous": True}
    number = due(town, {"en": ""}, poll=poll)
    goes_out(town, number, clock)
    author = town.private(town.organizer)
    author.taps("Correct")
    author.sees("A poll cannot be changed")


def test_taking_back_deletes_every_copy_of_the_last_48_hours_with_all_its_parts(town: Town, clock: SetClock) -> None:
    photos = [town.world.files.add("document", f"photo {n}".encode(), name=f"{n}.pdf").file_id for n in range(3)]
    media = [{"kind": "document", "file_id": file_id, "html": ""} for file_id in photos]
    number = due(town, {"en": "The webinar is on Friday."}, media=media, signup=True)
    goes_out(town, number, clock)
    trainee, author = town.private(town.trainee), town.private(town.organizer)
    assert len([post for post in trainee.posts if "document" in post.message]) == 3
    trainee.sees("The webinar is on Friday.")
    author.taps("Delete")
    author.sees("It disappears from 5 chats.")
    author.taps("Take it back")
    goes_out(town, number, clock)
    assert not [post for post in trainee.posts if "document" in post.message]
    trainee.sees_nothing_of("webinar")
    assert "Taken back from 5" in author.sees("was taken back").text


def test_what_went_out_too_long_ago_stays_and_is_counted(town: Town, clock: SetClock) -> None:
    number = due(town)
    goes_out(town, number, clock)
    clock.moves(hours=49)
    author = town.private(town.organizer)
    author.taps("Delete")
    author.sees("It stays with 5: Telegram lets me delete only within 48 hours")
    author.taps("Take it back")
    goes_out(town, number, clock)
    town.private(town.trainee).sees("The webinar is on Friday.")
    assert "It stays with 5" in author.sees("was taken back").text


def table_of(town: Town) -> list[list[str]]:
    """The newest table that the organizer got, by line."""
    author = town.private(town.organizer)
    file = next(post for post in reversed(author.posts) if "document" in post.message)
    stored = town.world.files.find(file.message["document"]["file_id"])
    assert stored is not None
    assert stored.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(stored.content.decode("utf-8-sig"))))


def test_the_table_names_everybody_and_what_people_wrote_is_never_a_formula(town: Town, clock: SetClock) -> None:
    trainee = town.private(town.trainee)
    with town.database.transaction() as db:
        member = people.find(db, trainee.person.id)
        assert member is not None
        people.rename(member, '=HYPERLINK("http://evil")')
    town.other_trainee.blocked = True
    number = due(town, signup=True)
    goes_out(town, number, clock)
    trainee.taps("Sign me up")
    town.private(town.organizer).taps("CSV")
    heading, *lines = table_of(town)
    assert heading == ["Name", "Cohort", "City", "Language", "Outcome", "Time", "Reason", "Signed up at"]
    by_name = {line[0]: line for line in lines}
    mine = by_name['\'=HYPERLINK("http://evil")']
    assert (mine[4], mine[7]) == ("delivered", "2026-11-23 12:00")
    assert by_name["陳怡君"][4] == "unreachable"
    assert by_name["陳怡君"][6].startswith("blocked me")
    assert by_name["张敏"][3] == "简体中文"


def test_s18_signing_up_counts_once_however_often_it_is_tapped_and_can_be_taken_back(
    town: Town, clock: SetClock
) -> None:
    number = due(town, signup=True)
    goes_out(town, number, clock)
    trainee, author = town.private(town.trainee), town.private(town.organizer)
    before = len(trainee.posts)
    assert trainee.taps("Sign me up").text == "You are on the list."
    assert trainee.taps("Sign me up").text == "You are on the list."
    assert len(trainee.posts) == before
    author.taps("Refresh")
    assert "✋ One person signed up." in author.sees("has gone out").text
    clock.moves(minutes=5)
    trainee.taps("Sign me up")
    trainee.taps("Take me off the list")
    trainee.sees("You are off the list")
    author.taps("Refresh")
    assert "✋ 0 people signed up." in author.sees("has gone out").text
    assert town.private(town.consultant).taps("我要参加").text == "您已报名。"


def test_signing_up_in_a_group_is_a_toast_and_the_way_back_is_in_private(town: Town, clock: SetClock) -> None:
    number = due(town, signup=True, groups=(town.group.id,), people_too=False)
    goes_out(town, number, clock)
    in_group = town.seat(town.trainee, town.group)
    said = len(in_group.posts)
    assert in_group.taps("Sign me up").text == "You are on the list."
    clock.moves(minutes=5)
    assert "see our private chat" in (in_group.taps("Sign me up").text or "")
    assert len(in_group.posts) == said
    town.private(town.trainee).taps("Take me off the list")
    town.private(town.trainee).sees("You are off the list")
    with town.database.reading() as db:
        assert not db.exec(select(notices.NoticeSignup)).all()


def test_nobody_signs_up_below_a_notice_that_was_stopped_or_that_never_reached_them(
    slow: Town, clock: SetClock
) -> None:
    number = due(slow, {"en": "The webinar is on Friday."}, signup=True)
    begins(slow, clock)
    slow.private(slow.organizer).taps("Stop")
    reader = next(seat for seat in readers(slow) if any("webinar" in text for text in seat.texts[-1:]))
    assert reader.taps("Sign me up").text == "This notice was stopped; signing up is closed."
    stranger = slow.world.person("Stranger", language="en")
    stranger.started = True
    slow.private(stranger).says("/help")
    clock.moves(seconds=2)
    slow.settle()
    under = slow.private(stranger).last
    tap = slow.world.tap(stranger, slow.world.private(stranger), under, f"notices.signup:{number}:0", stale=True)
    slow.settle()
    assert tap.show_alert
    with slow.database.reading() as db:
        assert not db.exec(select(notices.NoticeSignup)).all()


def test_whoever_leaves_is_passed_over_and_what_they_got_stays_counted(town: Town, clock: SetClock) -> None:
    number = due(town, signup=True)
    goes_out(town, number, clock)
    trainee, author = town.private(town.trainee), town.private(town.organizer)
    trainee.taps("Sign me up")
    trainee.says("/mydata")
    trainee.says("/forget")
    trainee.taps("Delete everything")
    author.taps("Refresh")
    assert "Delivered to 5 of 5" in author.sees("has gone out").text
    author.taps("CSV")
    assert "Li Wei" not in str(table_of(town))


def test_an_author_may_leave_while_it_goes_out(slow: Town, clock: SetClock) -> None:
    slow.person("Owner Wu", "en", Role.OWNER)
    due(slow, {"en": "The webinar is on Friday."})
    begins(slow, clock)
    author = slow.private(slow.organizer)
    author.says("/forget")
    a_second_passes(slow, clock)
    author.taps("Delete everything")
    ends(slow, clock)
    assert copies(slow)[-15:] == [1] * 15


def test_after_a_year_only_numbers_stay(town: Town, clock: SetClock) -> None:
    number = due(town, signup=True)
    goes_out(town, number, clock)
    town.private(town.trainee).taps("Sign me up")
    clock.moves(days=366)
    town.settle()
    with town.database.reading() as db:
        assert not db.exec(select(NoticeRecipient)).all()
        assert not db.exec(select(notices.NoticeSignup)).all()
        notice = db.get_one(Notice, number)
        numbers = notices.tally(db, notice, now=town.now())
        assert (numbers.sent, numbers.signed_up) == (5, 1)


class Killed(Exception):
    """The process ended here."""


@pytest.mark.parametrize("where", ["enqueue_many", "join_many", "endings", "note"])
def test_a_kill_in_any_portion_loses_nothing_and_doubles_nothing(
    slow: Town, clock: SetClock, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(_running, "PORTION", 2)
    monkeypatch.setattr(_running, "WINDOW", (4, 4))
    monkeypatch.setattr(_sending, "LISTED_AT_ONCE", 4)
    due(slow, {"en": "The webinar is on Friday."})
    real, calls = getattr(outbox, where), itertools.count()

    def dying(*args: Any, **kwargs: Any) -> Any:
        made = real(*args, **kwargs)
        if next(calls) % 2 == 0:
            raise Killed
        return made

    monkeypatch.setattr(outbox, where, dying)
    clock.moves(seconds=31)
    for _second in range(80):
        if is_at_rest(slow):
            break
        try:
            a_second_passes(slow, clock)
        except Killed:
            slow.app.close()
            slow.app = slow._application()
    monkeypatch.undo()
    ends(slow, clock)
    assert copies(slow) == [1] * 15
    assert "Delivered to 15 of 15" in slow.private(slow.organizer).sees("has gone out").text


def test_a_group_that_becomes_a_supergroup_on_the_way_gets_it_once(town: Town, clock: SetClock) -> None:
    chat = town.world.group("Basic", town.organizer, town.trainee)
    with town.database.transaction() as db:
        group = seen(
            db, chat.id, title="Basic", is_forum=False, language="en", timezone="Asia/Shanghai", now=town.now()
        )
        settle(db, group, Kind.COMMUNITY)
    number = due(town, groups=(chat.id,), people_too=False)
    new = town.world.migrate_to_supergroup(chat, town.organizer)
    town.world.updates.clear()  # Telegram's word of it comes later than its refusal
    goes_out(town, number, clock)
    assert sum("webinar" in text for text in town.seat(town.trainee, new).texts) == 1
    assert "Delivered to 1 of 1" in town.private(town.organizer).sees("has gone out").text
