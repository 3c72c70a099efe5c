"""Consultations, the rules: slots from a session, one holder for each, who comes first, offers, and what follows a change."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from bot import timetable
from bot.db import Database
from bot.errors import CannotBook, NotAllowed, Outdated, PastCutOff, SessionOver, SlotTaken
from bot.features import consultations, people
from bot.features.consultations import Booking, Slot, State, Waiting, What
from bot.features.consultations._slots import times
from bot.features.people import Member, Role
from bot.timetable import Kind, Part, SessionPerson, SessionRow

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
EVENING = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)


def somebody(db: Session, number: int, role: Role = Role.TRAINEE, **about: str) -> Member:
    made = people.meet(
        db, telegram_id=7000 + number, name=f"P{number}", language_code="en", default="en", timezone="Asia/Shanghai",
        now=NOON,
    )  # fmt: skip
    made.role = role
    for name, value in about.items():
        setattr(made, name, value)
    db.flush()
    return made


def planned(
    db: Session, *consultants: Member, at: datetime = EVENING, minutes: int = 90, slot: int | None = 20, buffer: int = 5
) -> SessionRow:
    session = SessionRow(
        kind=Kind.CONSULTATION,
        occurrence=at.isoformat(),
        starts_at=at,
        ends_at=at + timedelta(minutes=minutes),
        zone="Asia/Shanghai",
        slot_minutes=slot,
        buffer_minutes=buffer,
        uid=f"{at.timestamp()}@test",
        created_at=NOON,
    )
    db.add(session)
    db.flush()
    for consultant in consultants:
        join(db, session, consultant)
    consultations.arrange(db, session, now=NOON)
    return session


def join(db: Session, session: SessionRow, consultant: Member) -> None:
    db.add(SessionPerson(session_id=session.id or 0, member_id=consultant.id or 0, part=Part.CONSULTANT))
    db.flush()


def drop(db: Session, session: SessionRow, consultant: Member) -> None:
    db.delete(db.get_one(SessionPerson, (session.id, consultant.id, Part.CONSULTANT)))
    db.flush()


def slots(db: Session, session: SessionRow) -> list[Slot]:
    return consultations.of_session(db, session.id or 0)


def hold_all_but(db: Session, session: SessionRow, left: int, *, first: int = 100) -> list[Booking]:
    free = consultations.free(db, session, now=NOON)
    return [
        consultations.book(db, somebody(db, first + n), session, starts_at=slot.starts_at,
                           consultant_id=slot.consultant_id, now=NOON)
        for n, slot in enumerate(free[left:])
    ]  # fmt: skip


def had_one(db: Session, member: Member, *, before: datetime, weeks: int, came: bool | None = True) -> None:
    past = planned(db, at=before - timedelta(weeks=weeks))
    starts_at = past.starts_at
    db.add(
        Booking(
            session_id=past.id or 0, member_id=member.id or 0, state=State.BOOKED, starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=20), created_at=starts_at, came=came,
        )
    )  # fmt: skip
    db.flush()


@pytest.fixture
def db(sqlite: Database) -> Iterator[Session]:
    """A transaction that a test goes on in."""
    with sqlite.transaction() as session:
        yield session


@given(st.integers(1, 600), st.integers(1, 120), st.integers(0, 60))
def test_slots_lie_within_the_session_with_the_buffer_between_them_and_no_room_left(
    minutes: int, slot: int, buffer: int
) -> None:
    session = SessionRow(
        kind=Kind.CONSULTATION, occurrence="", starts_at=EVENING, ends_at=EVENING + timedelta(minutes=minutes), zone="UTC",
        slot_minutes=slot, buffer_minutes=buffer, uid="", created_at=NOON,
    )  # fmt: skip
    made = list(times(session))
    assert all(session.starts_at <= start and end <= session.ends_at for start, end in made)
    assert all(end - start == timedelta(minutes=slot) for start, end in made)
    assert all(
        later[0] - earlier[1] == timedelta(minutes=buffer) for earlier, later in itertools.pairwise(made)
    )
    last = made[-1][1] + timedelta(minutes=buffer) if made else EVENING
    assert last + timedelta(minutes=slot) > session.ends_at


def test_each_consultant_has_slots_side_by_side_and_making_them_twice_changes_nothing(db: Session) -> None:
    session = planned(db, somebody(db, 1), somebody(db, 2))
    before = [(slot.id, slot.starts_at, slot.consultant_id) for slot in slots(db, session)]
    assert len(before) == 6, "90 minutes hold three slots of 20 with 5 between them, for two"
    assert consultations.unarranged(db, now=NOON) == []
    assert consultations.arrange(db, session, now=NOON) == []
    assert [(slot.id, slot.starts_at, slot.consultant_id) for slot in slots(db, session)] == before


def test_a_moved_session_takes_its_bookings_along_and_calendars_follow(db: Session) -> None:
    session = planned(db, somebody(db, 1))
    member = somebody(db, 9)
    booking = consultations.book(db, member, session, starts_at=slots(db, session)[1].starts_at, now=NOON)
    session.starts_at, session.ends_at = EVENING + timedelta(days=1), EVENING + timedelta(days=1, minutes=90)
    db.flush()
    assert consultations.unarranged(db, now=NOON) == [session]
    assert consultations.arrange(db, session, now=NOON) == [], "the notice of the move says it"
    assert booking.starts_at == EVENING + timedelta(days=1, minutes=25)
    attendee = timetable.attendee(db, session.id or 0, member.id or 0)
    assert attendee is not None
    assert attendee.starts_at == booking.starts_at


def test_slots_of_another_length_shift_the_bookings_which_is_told(db: Session) -> None:
    session = planned(db, somebody(db, 1))
    second = consultations.book(db, somebody(db, 9), session, starts_at=slots(db, session)[1].starts_at, now=NOON)
    third = consultations.book(db, somebody(db, 8), session, starts_at=slots(db, session)[2].starts_at, now=NOON)
    session.slot_minutes = 40
    db.flush()
    changes = consultations.arrange(db, session, now=NOON)
    assert {(change.booking.id, change.what) for change in changes} == {
        (second.id, What.SHIFTED), (third.id, What.WAITS)
    }  # fmt: skip
    assert second.starts_at == EVENING + timedelta(minutes=45)
    assert [row.first for row in db.exec(select(Waiting))] == [True]


def test_a_consultant_who_drops_out_leaves_their_bookings_to_whoever_is_free_or_to_the_waiting_list(
    db: Session,
) -> None:
    leaving, staying = somebody(db, 1), somebody(db, 2)
    session = planned(db, leaving, staying)
    first, second = slots(db, session)[0].starts_at, slots(db, session)[2].starts_at
    passes = consultations.book(db, somebody(db, 9), session, starts_at=first, consultant_id=leaving.id, now=NOON)
    waits = consultations.book(db, somebody(db, 8), session, starts_at=second, consultant_id=leaving.id, now=NOON)
    consultations.book(db, somebody(db, 7), session, starts_at=second, consultant_id=staying.id, now=NOON)
    drop(db, session, leaving)
    changes = {change.booking.id: change.what for change in consultations.arrange(db, session, now=NOON)}
    assert changes == {passes.id: What.PASSED, waits.id: What.WAITS}
    assert (passes.state, passes.consultant_id) == (State.BOOKED, staying.id)
    assert waits.state is State.VOID
    assert consultations.arrange(db, session, now=NOON) == [], "told once"
    offered = consultations.offer(db, session, now=NOON)
    assert [offer.member_id for offer in offered] == [waits.member_id], "and comes first for what is free"


def test_nobodys_slots_become_somebodys_when_a_consultant_is_found(db: Session) -> None:
    session = planned(db)
    booking = consultations.book(db, somebody(db, 9), session, starts_at=EVENING, now=NOON)
    assert booking.consultant_id is None
    found = somebody(db, 1)
    join(db, session, found)
    assert [change.what for change in consultations.arrange(db, session, now=NOON)] == [What.PASSED]
    assert booking.consultant_id == found.id
    assert {slot.consultant_id for slot in slots(db, session)} == {found.id}


def test_whoever_is_free_is_who_has_the_least_to_do(db: Session) -> None:
    one, other = somebody(db, 1), somebody(db, 2)
    session = planned(db, one, other)
    first, second = slots(db, session)[0].starts_at, slots(db, session)[2].starts_at
    consultations.book(db, somebody(db, 9), session, starts_at=first, consultant_id=one.id, now=NOON)
    assert consultations.book(db, somebody(db, 8), session, starts_at=second, now=NOON).consultant_id == other.id


def test_s17_fifty_people_tap_the_last_slot_at_once_and_one_has_it(database: Database) -> None:
    with database.transaction() as db:
        session = planned(db, somebody(db, 1), minutes=20)
        members = [somebody(db, 100 + number) for number in range(50)]
    outcomes: list[str] = []
    together = threading.Barrier(50)

    def tap(member: Member) -> None:
        together.wait()
        try:
            with database.transaction() as db:
                mine, row = db.get_one(Member, member.id), db.get_one(SessionRow, session.id)
                consultations.book(db, mine, row, starts_at=EVENING, now=NOON)
            outcomes.append("booked")
        except SlotTaken:
            with database.transaction() as db:
                mine, row = db.get_one(Member, member.id), db.get_one(SessionRow, session.id)
                consultations.wait(db, mine, row, now=NOON)
            outcomes.append("waits")

    threads = [threading.Thread(target=tap, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["booked", *["waits"] * 49]
    with database.reading() as db:
        assert len(db.exec(select(Booking)).all()) == 1
        line = consultations.line(db, db.get_one(SessionRow, session.id), now=NOON)
        assert len({row.member_id for row in line}) == 49


def test_s18_the_same_tap_twice_and_at_once_is_one_booking(database: Database) -> None:
    with database.transaction() as db:
        session, member = planned(db, somebody(db, 1), somebody(db, 2)), somebody(db, 9)
    together = threading.Barrier(2)
    booked: list[int | None] = []

    def tap() -> None:
        together.wait()
        with database.transaction() as db:
            mine, row = db.get_one(Member, member.id), db.get_one(SessionRow, session.id)
            booked.append(consultations.book(db, mine, row, starts_at=EVENING, now=NOON).id)

    threads = [threading.Thread(target=tap) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert booked == [1, 1]
    with database.reading() as db:
        assert len(db.exec(select(Booking)).all()) == 1


def test_one_booking_ahead_each_whatever_is_free(db: Session) -> None:
    member = somebody(db, 9)
    consultations.book(db, member, planned(db, somebody(db, 1)), starts_at=EVENING, now=NOON)
    later = planned(db, somebody(db, 1), at=EVENING + timedelta(weeks=2))
    with pytest.raises(CannotBook) as refused:
        consultations.book(db, member, later, starts_at=later.starts_at, now=NOON)
    assert refused.value.why == "open"


@pytest.mark.parametrize(("weeks", "came", "why"), [(4, True, "lately"), (4, False, None), (10, True, None)])
def test_the_last_slots_are_kept_for_those_who_had_none_lately(
    db: Session, weeks: int, came: bool, why: str | None
) -> None:
    session, member = planned(db, somebody(db, 1)), somebody(db, 9)
    had_one(db, member, before=EVENING, weeks=weeks, came=came)
    assert consultations.hindrance(db, member, session, now=NOON) is None, "not while there is plenty"
    hold_all_but(db, session, 1)
    assert consultations.hindrance(db, member, session, now=NOON) == why
    assert consultations.hindrance(db, member, session, now=EVENING - timedelta(days=2)) is None, (
        "then they go to anybody"
    )


def test_when_slots_are_few_two_in_eight_weeks_are_enough_for_one_and_two_for_one_programme(db: Session) -> None:
    session = planned(db, somebody(db, 1))
    often = somebody(db, 9)
    had_one(db, often, before=EVENING, weeks=3)
    had_one(db, often, before=EVENING, weeks=5)
    for booking in hold_all_but(db, session, 1):
        member = db.get_one(Member, booking.member_id)
        member.workplace, member.city = "hospital", "Lanzhou"
    late = EVENING - timedelta(days=2)
    assert consultations.hindrance(db, often, session, now=late) == "often"
    assert consultations.hindrance(db, often, session, now=EVENING - consultations.CUT_OFF) is None
    neighbour = somebody(db, 8, workplace="hospital", city="lanzhou")
    assert consultations.hindrance(db, neighbour, session, now=late) == "programme"
    assert consultations.hindrance(db, somebody(db, 7, workplace="hospital", city="Tianjin"), session, now=late) is None


def test_the_line_puts_those_without_a_consultation_lately_first_and_offers_in_that_order(db: Session) -> None:
    session = planned(db, somebody(db, 1))
    holders = hold_all_but(db, session, 0)
    had, first, second = somebody(db, 9), somebody(db, 8), somebody(db, 7)
    had_one(db, had, before=EVENING, weeks=4)
    for minute, member in enumerate((had, first, second)):
        consultations.wait(db, member, session, now=NOON + timedelta(minutes=minute))
    assert [consultations.position(db, one, session, now=NOON) for one in (had, first, second)] == [3, 1, 2]
    assert consultations.offer(db, session, now=NOON) == []
    assert [row.member_id for row in timetable.waiting(db, session.id or 0)] == [had.id, first.id, second.id]
    consultations.give_back(db, holders[0], now=NOON)
    (offer,) = consultations.offer(db, session, now=NOON)
    assert (offer.member_id, offer.until) == (first.id, NOON + timedelta(hours=12))
    with pytest.raises(SlotTaken):
        consultations.book(db, somebody(db, 6), session, starts_at=offer.starts_at, now=NOON)
    assert consultations.lapsed(db, now=NOON + timedelta(hours=12)) == [offer]
    (offer,) = consultations.offer(db, session, now=NOON + timedelta(hours=12))
    assert offer.member_id == second.id
    consultations.accept(db, offer, now=NOON + timedelta(hours=13))
    consultations.accept(db, offer, now=NOON + timedelta(hours=13))
    assert offer.state is State.BOOKED
    assert timetable.attendee(db, session.id or 0, second.id or 0) is not None


@given(st.timedeltas(timedelta(0), timedelta(days=10)))
def test_s20_an_offer_near_the_start_is_shorter_and_stops_at_the_cut_off(left: timedelta) -> None:
    cut_off = EVENING - consultations.CUT_OFF
    until = consultations.offered_until(cut_off - left, cut_off)
    if left < timedelta(minutes=15):
        assert until is None
    else:
        assert until is not None
        assert cut_off - left + timedelta(minutes=15) <= until <= min(cut_off, cut_off - left + consultations.OFFER)


def test_s20_an_offer_that_was_not_taken_before_the_cut_off_is_over(db: Session) -> None:
    session = planned(db, somebody(db, 1), at=datetime(2026, 11, 24, 2, 0, tzinfo=UTC), minutes=20)
    (booking,) = hold_all_but(db, session, 0)
    waiting = somebody(db, 9)
    consultations.wait(db, waiting, session, now=NOON)
    consultations.give_back(db, booking, now=NOON)
    (offer,) = consultations.offer(db, session, now=NOON)
    assert offer.until == datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "ten hours to the cut-off, so five"
    with pytest.raises(Outdated):
        consultations.accept(db, offer, now=datetime(2026, 11, 23, 9, 1, tzinfo=UTC))
    consultations.lapsed(db, now=datetime(2026, 11, 23, 9, 1, tzinfo=UTC))
    consultations.wait(db, waiting, session, now=datetime(2026, 11, 23, 9, 2, tzinfo=UTC))
    assert consultations.offer(db, session, now=datetime(2026, 11, 23, 14, 0, tzinfo=UTC)) == []
    assert [member.id for member, _ in consultations.in_vain(db, now=datetime(2026, 11, 23, 15, 0, tzinfo=UTC))] == [
        waiting.id
    ]


def test_moving_takes_the_other_slot_and_frees_this_one_until_the_cut_off(db: Session) -> None:
    session = planned(db, somebody(db, 1))
    first, second, third = (slot.starts_at for slot in slots(db, session))
    member = somebody(db, 9)
    booking = consultations.book(db, member, session, starts_at=first, now=NOON)
    other = consultations.book(db, somebody(db, 8), session, starts_at=second, now=NOON)
    with pytest.raises(SlotTaken):
        consultations.move(db, member, booking, session, starts_at=second, now=NOON)
    consultations.move(db, member, booking, session, starts_at=third, now=NOON)
    assert booking.starts_at == third
    consultations.give_back(db, other, now=first - consultations.CUT_OFF)
    assert {slot.starts_at for slot in consultations.free(db, session, now=NOON)} == {first, second}
    with pytest.raises(PastCutOff):
        consultations.move(db, member, booking, session, starts_at=first, now=third - timedelta(hours=11))
    with pytest.raises(PastCutOff):
        consultations.give_back(db, booking, now=third - timedelta(hours=11))


def test_a_move_that_somebody_else_was_quicker_with_leaves_the_old_slot(database: Database) -> None:
    with database.transaction() as db:
        session = planned(db, somebody(db, 1))
        first, second, _third = (slot.starts_at for slot in slots(db, session))
        members = [somebody(db, 8), somebody(db, 9)]
        for member, starts_at in zip(members, (first, _third), strict=True):
            consultations.book(db, member, session, starts_at=starts_at, now=NOON)
    together, outcomes = threading.Barrier(2), []

    def tap(member: Member) -> None:
        together.wait()
        try:
            with database.transaction() as db:
                mine, row = db.get_one(Member, member.id), db.get_one(SessionRow, session.id)
                booking = consultations.in_session(db, row.id or 0, mine)
                assert booking is not None
                consultations.move(db, mine, booking, row, starts_at=second, now=NOON)
            outcomes.append("moved")
        except SlotTaken:
            outcomes.append("taken")

    threads = [threading.Thread(target=tap, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["moved", "taken"]
    with database.reading() as db:
        held = sorted(booking.starts_at for booking in db.exec(select(Booking)))
        assert second in held
        assert len(held) == 2


def test_a_cancelled_session_voids_what_is_booked_and_nobody_waits(db: Session) -> None:
    session = planned(db, somebody(db, 1))
    (booking, *_rest) = hold_all_but(db, session, 0)
    consultations.wait(db, somebody(db, 9), session, now=NOON)
    session.state = timetable.State.CANCELLED
    db.flush()
    assert len(consultations.void(db, now=NOON)) == 3
    assert consultations.void(db, now=NOON) == []
    assert not db.exec(select(Waiting)).all()
    assert booking.state is State.VOID
    with pytest.raises(SessionOver):
        consultations.held(db, booking.id or 0, db.get_one(Member, booking.member_id))


def test_the_desk_of_a_booking_is_its_sessions(db: Session) -> None:
    consultant, stranger = somebody(db, 1, Role.CONSULTANT), somebody(db, 2, Role.CONSULTANT)
    session = planned(db, consultant)
    booking = consultations.book(db, somebody(db, 9), session, starts_at=EVENING, now=NOON)
    assert consultations.at_desk(db, booking.id or 0, consultant) is booking
    assert consultations.at_desk(db, booking.id or 0, somebody(db, 3, Role.ORGANIZER)) is booking
    with pytest.raises(NotAllowed):
        consultations.at_desk(db, booking.id or 0, stranger)
    with pytest.raises(Outdated):
        consultations.note_attendance(db, booking, came=True, now=NOON)


def test_what_a_person_booked_goes_with_them_and_a_consultants_bookings_pass_on(db: Session) -> None:
    consultant, member = somebody(db, 1), somebody(db, 9)
    session = planned(db, consultant)
    mine = consultations.book(db, member, session, starts_at=EVENING, subject="words", now=NOON)
    kept = consultations.book(db, somebody(db, 8), session, starts_at=slots(db, session)[1].starts_at, now=NOON)
    consultations.write_notes(db, kept, notes="n", next_steps="s", by=consultant, now=NOON)
    assert consultations.bookings_of(db, member) == [mine]
    consultations.forget(db, member)
    consultations.forget(db, consultant)
    db.expire_all()
    assert [row.id for row in db.exec(select(Booking).order_by(col(Booking.id)))] == [kept.id]
    assert (kept.consultant_id, kept.notes_by, kept.notes) == (None, None, "n")
    assert {slot.consultant_id for slot in slots(db, session)} == {None}
