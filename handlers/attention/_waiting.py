"""What waits for the end of somebody's quiet hours keeps to what they wish until it leaves.

Their wishes may change while it waits, and the bot or Telegram may be away when its time comes.
"""

from __future__ import annotations

from datetime import timedelta

from bot import outbox, timetable
from bot.features import attention, notices, people
from bot.features.attention import Kind, Preferences
from bot.outbox import Heeding
from handlers._kit import Moment, Request
from handlers.attention._feature import feature

LATE = timedelta(minutes=2)
"""What is no later than this is on its way."""


@feature.at_start
def keep_quiet(moment: Moment) -> None:
    """What should have gone out while the bot was away waits, where it is night by now."""
    _wait_for_morning(moment, outbox.heeding_late(moment.db, before=moment.now))


@feature.tick(timedelta(minutes=5))
def keep_quiet_meanwhile(moment: Moment) -> None:
    """The same for what Telegram could not take for a while."""
    _wait_for_morning(moment, outbox.heeding_late(moment.db, before=moment.now - LATE))


def _wait_for_morning(moment: Moment, late: list[Heeding]) -> None:
    members = people.by_chats(moment.db, {row.chat_id for row in late})
    ends = attention.wakings(moment.db, members, now=moment.now)
    mornings = {member.telegram_id: end for member in members if (end := ends[member.id or 0]) > moment.now}
    outbox.put_off(moment.db, {row.id: mornings[row.chat_id] for row in late if row.chat_id in mornings})


def look_again(request: Request) -> None:
    """Somebody changed their clock, their quiet hours or what they mute: what waits for them follows."""
    notices.look_again(request.db, request.me, now=request.now)
    chosen = attention.of(request.db, request.me)
    for row in outbox.heeding_in(request.db, request.me.telegram_id):
        if row.heeds in chosen.muted:
            _drop(request, row)
        elif (row.about or "").endswith(":remind"):  # it says how long it is until then
            _drop(request, row)
            _remind_anew(request, row.about or "")
        else:
            _move(request, row, chosen)


def _drop(request: Request, row: Heeding) -> None:
    outbox.drop(request.db, [row.id], now=request.now)
    if row.heeds in list(Kind):
        attention.unspend(request.db, {request.me.id or 0: row.due_at}, kind=Kind(row.heeds))


def _remind_anew(request: Request, about: str) -> None:
    session = timetable.session(request.db, timetable.reminded_of(about))
    if session is not None:
        timetable.remind_anew(request.db, session, now=request.now)


def _move(request: Request, row: Heeding, chosen: Preferences) -> None:
    at = attention.after_quiet(chosen, request.me.timezone, request.now)
    outbox.put_off(request.db, {row.id: at})
    if row.heeds in list(Kind):
        attention.put_off(request.db, request.me, Kind(row.heeds), at=row.due_at, until=at)
