"""Consultations as people live them: from the slot to how it went, and what consultants see."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlmodel import select

from bot import timetable
from bot.features import people
from bot.features.consultations import Booking
from bot.features.people import Role
from bot.sandbox.world import Person
from bot.timetable import Kind, Part, SessionPerson, SessionRow
from tests.conftest import SetClock
from tests.town import Seat, Town

TUESDAY = datetime.fromisoformat("2026-12-01T19:00")
"""On Beijing's clock; the tests begin on 23 November."""


def member_id(town: Town, person: Person) -> int:
    with town.database.reading() as db:
        found = people.find(db, person.id)
        assert found is not None
        return found.id or 0


def planned(
    town: Town,
    *consultants: Person,
    at: datetime = TUESDAY,
    minutes: int = 90,
    slot: int | None = 20,
    title: str = "Consultation evening",
) -> int:
    """Plan a session, with slots of 20 minutes and 5 between them."""
    ids = [(member_id(town, person), Part.CONSULTANT) for person in consultants]
    with town.database.transaction() as db:
        row = timetable.add_session(
            db,
            kind=Kind.CONSULTATION,
            title={"en": title, "zh_Hans": "周二咨询会"},
            first=at,
            minutes=minutes,
            zone="Asia/Shanghai",
            by=None,
            now=town.now(),
            people=ids,
            slot_minutes=slot,
            buffer_minutes=5,
        )
    town.settle()
    return row.id or 0


def change(town: Town, session_id: int, **values: object) -> None:
    """The organizers change the session."""
    with town.database.transaction() as db:
        row = db.get_one(SessionRow, session_id)
        for name, value in values.items():
            setattr(row, name, value)
    town.settle()


def book(seat: Seat, time: str, subject: str = "Our group has shrunk to three people.") -> None:
    """Book the slot at this time, as the seat's own clock shows it, with whoever is free."""
    seat.says("/consult")
    seat.taps("Book")
    if any(label.endswith("Whoever is free") for label in seat.buttons("Consultation evening")):
        seat.taps("Whoever is free")
    seat.taps(time)
    seat.says(subject)


def test_s13_whoever_holds_a_slot_hears_once_that_the_session_was_moved(town: Town, clock: SetClock) -> None:
    session_id, seat = planned(town, town.second_consultant), town.private(town.trainee)
    book(seat, "7:25\u202fPM")
    with town.database.transaction() as db:
        row = db.get_one(SessionRow, session_id)
        later = TUESDAY + timedelta(days=1)
        timetable.move(db, row, first=later, minutes=90, zone="Asia/Shanghai", by=None, now=town.now())
    town.settle()
    clock.moves(minutes=11)
    town.settle()
    [told] = [text for text in seat.texts if "has changed" in text]
    assert "Your slot:\n🗓 Wed, Dec 2 7:25\u202fPM–7:45\u202fPM" in told


def test_from_the_slot_to_how_it_went(town: Town, clock: SetClock) -> None:
    session_id = planned(town, town.second_consultant)
    change(town, session_id, link="https://meeting.example.org/1")
    seat, desk = town.private(town.trainee), town.private(town.second_consultant)
    seat.says("/consult")
    seat.sees("Tue, Dec 1 7:00\u202fPM–8:30\u202fPM Beijing time")
    seat.sees("3 slots are free · 20 minutes each")
    seat.taps("Book")
    seat.taps("7:25\u202fPM")
    seat.sees("The slot is yours.")
    seat.says("Our group has shrunk to three people.")
    seat.taps("Describe the case (optional)")
    seat.says("A community clinic in the old town.")
    seat.says("Mr Wang Daming, phone 13912345678, does not come any more.")
    seat.sees("Underlined is what may identify a patient")
    seat.taps("Mask it")
    seat.taps("Skip")
    seat.says("A way to begin again.")
    shown = seat.last.text
    assert "7:25\u202fPM–7:45\u202fPM Beijing time" in shown
    assert "With Sarah Lin" in shown
    assert "Subject: Our group has shrunk to three people." in shown
    assert "13912345678" not in shown
    clock.moves(days=7, hours=8)
    town.settle()
    seat.sees("Consultation evening: tomorrow")
    seat.taps("I'll be there")
    clock.moves(hours=22, minutes=30)
    town.settle()
    agenda = desk.sees("In an hour. One slot is booked:").text
    assert "7:25\u202fPM–7:45\u202fPM Li Wei 👍" in agenda
    assert "Hoped for: A way to begin again." in agenda
    assert "13912345678" not in agenda
    clock.moves(minutes=40)
    town.settle()
    assert "Join here: https://meeting.example.org/1" in desk.sees("It begins. One slot is booked:").text
    clock.moves(minutes=45)
    desk.taps("7:25\u202fPM Li Wei")
    desk.taps("Was there")
    desk.taps("Write notes")
    desk.says("Start again with the three, and ask each to bring somebody.")
    desk.says("Call the three this week.")
    desk.sees("The notes are on their way to Li Wei.")
    notes = seat.sees("Notes of your consultation").text
    assert "ask each to bring somebody" in notes
    assert "Next steps\nCall the three this week." in notes
    clock.moves(days=14, minutes=5)
    town.settle()
    seat.taps("Still stuck")
    seat.sees("under my answer tap “Ask an expert”")
    seat.taps("Book")
    desk.sees("says how it went: still stuck")


def trainees(town: Town, number: int) -> list[Seat]:
    return [town.private(town.person(f"Trainee {n}", "en", Role.TRAINEE)) for n in range(number)]


def test_s17_whoever_is_too_late_is_shown_the_nearest_free_slot_and_then_the_waiting_list(
    town: Town, clock: SetClock
) -> None:
    planned(town, town.second_consultant, minutes=45)
    first, second, third, fourth = trainees(town, 4)
    for seat in (first, second, third):
        seat.says("/consult")
        seat.taps("Book")
    first.taps("7:00\u202fPM")
    second.taps("7:00\u202fPM")
    second.sees("Somebody was quicker. The nearest free slot is Tue, Dec 1 7:25\u202fPM.")
    second.taps("Book Tue, Dec 1 7:25\u202fPM")
    second.sees("The slot is yours.")
    third.taps("7:25\u202fPM")
    third.sees("Somebody was quicker: the last slot is taken.")
    third.taps("Join the waiting list")
    third.sees("You are number 1 on the waiting list.")
    fourth.says("/consult")
    fourth.sees("All slots are taken")
    fourth.taps("Join the waiting list")
    fourth.sees("You are number 2 on the waiting list.")
    second.says("/cancel")
    second.says("/consult")
    second.taps("My slot")
    second.taps("Give it back")
    third.sees("A slot has come free for you:")
    third.sees("It is kept for you until Tue, Nov 24 12:00\u202fAM")
    third.taps("No, thanks")
    fourth.sees("A slot has come free for you:")
    clock.moves(hours=12, minutes=1)
    town.settle()
    clock.moves(hours=9)
    town.settle()
    fourth.sees("I heard nothing, so the slot of Tue, Dec 1 7:25\u202fPM is no longer kept for you.")
    fourth.taps("Take it")
    fourth.sees("This offer has ended.")


def test_an_offered_slot_is_theirs_with_one_tap_and_a_second_tap_does_nothing(town: Town) -> None:
    planned(town, town.second_consultant, minutes=20)
    first, second = trainees(town, 2)
    book(first, "7:00\u202fPM")
    second.says("/consult")
    second.taps("Join the waiting list")
    first.taps("Give it back")
    offer = second.sees("A slot has come free for you:")
    for _ in range(2):
        town.world.tap(second.person, second.chat, offer, "✅ Take it")
    town.settle()
    second.sees("The slot is yours.")
    with town.database.reading() as db:
        assert [(row.member_id, row.state) for row in db.exec(select(Booking)) if row.holds] == [
            (member_id(town, second.person), "booked")
        ]


def test_a_slot_is_moved_in_one_tap_until_the_cut_off_and_then_a_sentence_says_what_to_do(
    town: Town, clock: SetClock
) -> None:
    planned(town, town.second_consultant)
    seat = town.private(town.trainee)
    book(seat, "7:00\u202fPM")
    seat.taps("Move")
    seat.taps("7:50\u202fPM")
    seat.sees("🔁 Moved.")
    assert "7:50\u202fPM–8:10\u202fPM Beijing time" in seat.last.text
    clock.moves(days=7, hours=20)
    town.settle()
    assert seat.taps("Give it back").text is not None
    with town.database.reading() as db:
        assert [row.state for row in db.exec(select(Booking))] == ["booked"]
    seat.says("/consult")
    seat.taps("My slot")
    assert "Give it back" not in " ".join(seat.buttons("Our group has shrunk"))


def test_who_had_a_consultation_lately_hears_why_others_come_first(town: Town, clock: SetClock) -> None:
    planned(town, town.second_consultant, minutes=20)
    planned(town, town.second_consultant, at=TUESDAY + timedelta(weeks=2), minutes=70)
    seat, (one, other) = town.private(town.trainee), trainees(town, 2)
    book(seat, "7:00\u202fPM")
    clock.moves(days=9)
    town.settle()
    book(one, "7:00\u202fPM")
    book(other, "7:25\u202fPM")
    seat.says("/consult")
    seat.taps("Book")
    seat.sees("so until Sat, Dec 12 7:00\u202fPM they are kept for those who had none in the last eight weeks")
    seat.taps("Join the waiting list")
    seat.sees("You are number 1 on the waiting list.")
    clock.moves(days=10, hours=8)
    town.settle()
    seat.sees("A slot has come free for you:")


def test_a_member_elsewhere_sees_both_clocks_and_chinese_is_spoken_to_chinese(town: Town) -> None:
    planned(town, town.consultant, town.second_consultant)
    with town.database.transaction() as db:
        member = people.find(db, town.other_trainee.id)
        assert member is not None
        member.timezone = "Europe/Berlin"
    seat = town.private(town.other_trainee)
    seat.says("/consult")
    seat.sees("北京時間 12月1日 週二 19:00–20:30（您當地時間 12月1日 週二 12:00–13:30）")
    seat.taps("預約")
    seat.taps("张敏")
    seat.taps("12:25")
    seat.sees("約好了")
    seat.says("小組只剩三個人了")
    assert "諮詢專家：张敏" in seat.last.text


def test_a_guest_sees_what_there_is_and_books_nothing(town: Town) -> None:
    planned(town, town.second_consultant)
    guest = town.private(town.person("Guest", "en", Role.GUEST))
    guest.says("/consult")
    assert guest.sees("3 slots are free").buttons == []
    tap = town.world.tap(guest.person, guest.chat, guest.last.id, "consultations.book:1:0", stale=True)
    town.settle()
    assert tap.show_alert


def test_in_a_group_the_card_is_short_and_leads_into_private(town: Town) -> None:
    planned(town, town.second_consultant)
    group, seat = town.seat(town.trainee, town.group), town.private(town.trainee)
    group.says("/consult")
    card = group.sees("Consultation evening")
    assert card.buttons[0][0]["url"].endswith("?start=consult")
    seat.starts("consult")
    seat.taps("Book")
    for data in ("consultations.slot:1:0:29769780:0", "consultations.mine:1"):
        tap = town.world.tap(town.trainee, group.chat, card.id, data, stale=True)
        town.settle()
        assert tap.show_alert, "nothing is booked or shown in a group"
    with town.database.reading() as db:
        assert not db.exec(select(Booking)).all()


def test_what_is_somebody_elses_stays_theirs(town: Town, clock: SetClock) -> None:
    planned(town, town.second_consultant, minutes=45)
    book(town.private(town.trainee), "7:00\u202fPM", "the okapi")
    other, stranger = town.private(town.other_trainee), town.private(town.consultant)
    clock.moves(days=8, hours=8)
    town.settle()
    for seat, verbs in (
        (other, ("mine:1", "move:1:1", "moveto:1:1:1", "giveback:1", "coming:1", "accept:1", "refuse:1", "went:1:well",
                 "write:1:subject", "desk:1", "came:1:0", "note:1", "entry:1", "nosteps:1")),
        (stranger, ("desk:1", "came:1:0", "note:1", "entry:1", "nosteps:1")),
    ):  # fmt: skip
        seat.says("/consult")
        for verb in verbs:
            tap = town.world.tap(seat.person, seat.chat, seat.last.id, f"consultations.{verb}", stale=True)
            town.settle()
            assert tap.show_alert, verb
        seat.sees_nothing_of("okapi")
    with town.database.reading() as db:
        (booking,) = db.exec(select(Booking)).all()
        assert (booking.state, booking.came, booking.notes, booking.confirmed_at) == ("booked", None, None, None)


def test_a_consultant_who_drops_out_is_said_once_and_the_rest_goes_on(town: Town) -> None:
    session_id = planned(town, town.consultant, town.second_consultant, minutes=20)
    first, second = trainees(town, 2)
    for seat in (first, second):
        book(seat, "7:00\u202fPM")
    with town.database.transaction() as db:
        leaving = member_id(town, town.consultant)
        db.delete(db.get_one(SessionPerson, (session_id, leaving, Part.CONSULTANT)))
    town.settle()
    town.settle()
    told = [text for seat in (first, second) for text in seat.texts if "Your slot is gone" in text]
    assert len(told) == 1, "one keeps their slot with the other consultant, one is told"
    loser = first if any("Your slot is gone" in text for text in first.texts) else second
    assert "first on the waiting list" in loser.last.text


def test_s15_a_cancelled_session_voids_the_slot_and_its_old_buttons_say_so(town: Town, clock: SetClock) -> None:
    session_id = planned(town, town.second_consultant)
    seat = town.private(town.trainee)
    book(seat, "7:00\u202fPM")
    change(town, session_id, state=timetable.State.CANCELLED)
    tap = seat.taps("Move")
    assert "cancelled" in (tap.text or "")
    seat.says("/consult")
    seat.sees("No consultation is planned at the moment.")
    clock.moves(days=8)
    town.settle()
    seat.sees_nothing_of("Your consultation is coming up")
    town.private(town.second_consultant).sees_nothing_of("In an hour")


def test_a_question_that_waits_is_taken_to_the_consultation(town: Town) -> None:
    planned(town, town.second_consultant)
    seat = town.private(town.trainee)
    seat.says("/ask Can the money of our hospital's union pay the bus of the peer supporters?")
    seat.taps("Ask an expert")
    seat.taps("Send")
    seat.says("/questions")
    seat.taps("Q1 · Can the money of our hospital's union p…")
    seat.taps("Take it to the consultation")
    seat.sees("Q1 can be talked about in the consultation:")
    seat.taps("Book")
    seat.taps("7:00\u202fPM")
    seat.sees("Subject: Can the money of our hospital's union pay the bus of the peer supporters?")


def test_during_an_open_consultation_questions_reach_the_consultants_on_duty_at_once(
    town: Town, clock: SetClock
) -> None:
    planned(town, town.second_consultant, at=TUESDAY - timedelta(days=8), slot=None, title="Open hour")
    group, desk, seat = town.seat(town.trainee, town.group), town.private(town.second_consultant), town.private(town.trainee)
    clock.moves(hours=7, minutes=1)
    town.settle()
    town.settle()
    assert len([text for text in group.texts if "The open consultation begins, until 8:30\u202fPM." in text]) == 1
    desk.sees("you are on duty until 8:30\u202fPM")
    group.says("/ask Can the money of our hospital's union pay the bus of the peer supporters?")
    group.sees("The consultants on duty have it as Q1.")
    desk.sees("asked now by Li Wei in “Trainees 2026”:")
    desk.taps("Take it", under="asked now")
    desk.sees("Q1 is yours. Please answer in its topic")
    town.topic(town.second_consultant, "Q1").replies("union pay", "Yes, it can.")
    group.sees("Yes, it can.")
    seat.says("/ask Can the money of our hospital's union pay the tea of the peer supporters?")
    seat.taps("Ask an expert")
    seat.taps("Send anonymously")
    assert "anonymous" in desk.sees("pay the tea").text
    clock.moves(hours=1, minutes=30)
    town.settle()
    group.sees("The open consultation is over.")
    group.says("/ask Can the money of our hospital's union pay the cake of the peer supporters?")
    desk.sees_nothing_of("pay the cake")


def test_who_did_not_come_hears_a_kind_word_and_notes_become_an_entry(town: Town, clock: SetClock) -> None:
    planned(town, town.second_consultant)
    seat, desk = town.private(town.trainee), town.private(town.second_consultant)
    book(seat, "7:00\u202fPM", "How do we keep a group together?")
    clock.moves(days=8, hours=9)
    town.settle()
    desk.sees("Who was there, and what was agreed?")
    desk.taps("7:00\u202fPM Li Wei")
    desk.taps("Did not come")
    clock.moves(minutes=5)
    desk.taps("Was there")  # a slip, put right
    clock.moves(minutes=10)
    town.settle()
    seat.sees_nothing_of("We missed you")
    for _ in range(2):
        desk.taps("Did not come")
    clock.moves(hours=12)
    town.settle()
    assert len([text for text in seat.texts if "We missed you in the consultation" in text]) == 1
    desk.taps("Write notes")
    desk.says("Meet at the same hour every week.")
    desk.taps("Nothing was agreed")
    for _ in range(2):
        desk.taps("Make an FAQ entry")
    desk.sees("Answer: Meet at the same hour every week.")
    with town.database.reading() as db:
        drafts = db.connection().exec_driver_sql("SELECT question FROM entry_versions").scalars().all()
    assert drafts == ["How do we keep a group together?"]
    seat.says("/consult")
    seat.sees("No consultation is planned at the moment.")


def test_my_data_shows_bookings_and_forget_frees_the_slot(town: Town, clock: SetClock) -> None:
    planned(town, town.second_consultant, minutes=20)
    seat, other = town.private(town.trainee), trainees(town, 1)[0]
    book(seat, "7:00\u202fPM", "the okapi")
    other.says("/consult")
    other.taps("Join the waiting list")
    seat.says("/mydata")
    file = next(post for post in reversed(seat.posts) if "document" in post.message)
    stored = town.world.files.find(file.message["document"]["file_id"])
    assert stored is not None
    assert [row["subject"] for row in json.loads(stored.content)["consultations"]["booked"]] == ["the okapi"]
    seat.says("/forget")
    seat.taps("Delete everything")
    clock.moves(minutes=1)
    town.settle()
    other.sees("A slot has come free for you:")
    with town.database.reading() as db:
        assert "okapi" not in str([row.model_dump() for row in db.exec(select(Booking))])


def test_the_agenda_says_what_came_before_but_not_what_was_asked_without_a_name(town: Town, clock: SetClock) -> None:
    seat, desk = town.private(town.trainee), town.private(town.second_consultant)
    for animal, how in (("okapi", "Send"), ("quokka", "Send anonymously")):
        seat.says(f"/ask Can the money of our hospital's union pay the flight of an {animal} to Lhasa?")
        seat.taps("Ask an expert")
        seat.taps(how)
    planned(town, town.second_consultant, at=TUESDAY - timedelta(weeks=1), minutes=20)
    planned(town, town.second_consultant)
    book(seat, "7:00\u202fPM")
    clock.moves(days=1, hours=8)
    town.settle()
    desk.taps("7:00\u202fPM Li Wei")
    desk.taps("Write notes")
    desk.says("Begin with the lynx.")
    desk.taps("Nothing was agreed")
    clock.moves(days=1)
    town.settle()
    book(seat, "7:00\u202fPM", "How it went on")
    clock.moves(days=5, hours=22, minutes=30)
    town.settle()
    agenda = desk.sees("In an hour. One slot is booked:").text
    assert "Last time (Nov 24, 2026): Begin with the lynx." in agenda
    assert "Q1 Can the money" in agenda
    assert "quokka" not in agenda


def test_the_word_that_an_answer_is_late_offers_the_consultation(town: Town, clock: SetClock) -> None:
    planned(town, town.second_consultant, at=TUESDAY + timedelta(weeks=2))
    seat = town.private(town.trainee)
    seat.says("/ask Can the money of our hospital's union pay the bus of the peer supporters?")
    seat.taps("Ask an expert")
    seat.taps("Send")
    clock.moves(days=8)
    town.settle()
    seat.taps("Take it to the consultation", under="takes longer than we promised")
    seat.taps("Book")
    seat.sees("When?")
