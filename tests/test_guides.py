"""The pinned guide: one message in the group that says what comes next, edited when that changes."""

from __future__ import annotations

from datetime import datetime

from bot import timetable
from bot.timetable import Kind
from tests.conftest import SetClock
from tests.test_moderation import RIGHTS
from tests.town import Seat, Town


def pinned_guide(town: Town) -> Seat:
    """The organizer in the group, where the guide was just switched on."""
    town.world.set_bot_rights(town.group, **RIGHTS)
    seat = town.seat(town.organizer, town.group)
    seat.says("/settings")
    seat.taps("Pinned guide")
    return seat


def test_the_guide_is_pinned_and_kept_current_by_editing_one_message(town: Town, clock: SetClock) -> None:
    seat = pinned_guide(town)
    guide = seat.message("What helps here")
    assert town.group.pinned == [guide.id]
    assert "Next webinar: not planned yet" in guide.text
    plan_webinar(town)
    clock.moves(minutes=6)
    town.settle()
    assert "The first peer supporter" in town.group.messages[guide.id].text
    assert len([text for text in seat.texts if "What helps here" in text]) == 1


def plan_webinar(town: Town) -> None:
    """A webinar a week from now."""
    with town.database.transaction() as db:
        timetable.add_session(
            db,
            kind=Kind.WEBINAR,
            title={"en": "The first peer supporter"},
            first=datetime.fromisoformat("2026-11-30T19:00"),
            minutes=60,
            zone="Asia/Shanghai",
            by=None,
            now=town.now(),
        )


def test_a_guide_that_somebody_deleted_is_written_anew(town: Town, clock: SetClock) -> None:
    seat = pinned_guide(town)
    town.world.delete(town.organizer, town.group, seat.message("What helps here"))
    plan_webinar(town)
    for _ in range(3):
        clock.moves(minutes=6)
        town.settle()
    guide = seat.message("What helps here")
    assert "The first peer supporter" in guide.text
    assert town.group.pinned == [guide.id]
