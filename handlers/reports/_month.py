"""What a stretch of time was like: /report for the last thirty days, and by itself on the first of each month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import outbox, pictures
from bot.features import duty, people, reports
from bot.features.people import Member, Role
from bot.features.reports import Desk
from bot.i18n import Translator
from bot.outbox import Lane
from handlers import faq
from handlers._kit import Button, Deed, Moment, Request, Screen
from handlers.reports._chart import chart
from handlers.reports._feature import WINDOW, ShowGaps, feature
from handlers.reports._wording import desk_lines, post_lines

NINE = 9
LATEST = 3
"""The day of the month until which a report that was missed is still sent."""


@feature.command("report", role=Role.ORGANIZER)
def report(request: Request) -> Screen:
    """The last thirty days in a few lines, and a picture."""
    t = request.t
    until = request.now + timedelta(seconds=1)
    counted = _desk(request, since=request.now - WINDOW, until=until)
    if not counted.asked and not counted.passed_on:
        return Screen(t("Nobody has asked anything in the last 30 days."))
    _owe_picture(request, request.me, counted, _last_days, key=f"update:{request.update_id}:picture")
    return _screen(request, counted, _last_days(t), t, since=request.now - WINDOW, until=until)


def _last_days(t: Translator) -> str:
    return t.label("The last 30 days")


@feature.tick(timedelta(minutes=10))
def on_the_first(moment: Moment) -> None:
    """On the first of a month at nine, on each organizer's clock: the month before, if anything was asked in it."""
    if 1 + LATEST < moment.now.day < 28:  # nowhere on earth is it the first now, nor shortly after
        return
    for organizer in people.with_role(moment.db, Role.ORGANIZER):
        local = moment.now.astimezone(ZoneInfo(organizer.timezone))
        key = f"report:{local:%Y-%m}:{organizer.id}"
        if _is_time(organizer, local) and not outbox.is_promised(moment.db, key):
            _send(moment, organizer, local, key=key)


def _is_time(organizer: Member, local: datetime) -> bool:
    due = local.hour >= NINE if local.day == 1 else local.day <= LATEST
    return due and organizer.is_reachable


def _send(moment: Moment, organizer: Member, local: datetime, *, key: str) -> None:
    until = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    since = (until - timedelta(days=1)).replace(day=1)
    t = moment.words(organizer)
    counted = _desk(moment, since=since, until=until)
    if not counted.asked and not counted.passed_on:
        return
    screen = _screen(moment, counted, t.month(since), t, since=since, until=until)
    moment.post(screen, chat_id=organizer.telegram_id, key=key, lane=Lane.REMINDER)
    _owe_picture(moment, organizer, counted, lambda t: t.month(since), key=f"{key}:picture")


def _desk(deed: Deed, *, since: datetime, until: datetime) -> Desk:
    calendar = duty.community_calendar(deed.services.settings.timezone)
    return reports.desk(deed.db, since=since, until=until, elapsed=calendar.between)


def _screen(
    deed: Deed, counted: Desk, heading: str, t: Translator, *, since: datetime, until: datetime
) -> Screen:
    lines = [
        Markup("<b>{}</b>").format(heading),
        *faq.report_lines(deed, t, since=since, until=until),
        *desk_lines(deed, counted, t),
        *post_lines(outbox.tallied(deed.db, since=since, until=until), t),
    ]
    return Screen(Markup("\n").join(lines), buttons=[[Button("🔎 " + t.label("Gaps"), ShowGaps())]])


def _owe_picture(
    deed: Deed, organizer: Member, counted: Desk, heading: Callable[[Translator], str], *, key: str
) -> None:
    """The same in a picture; it is drawn when it is sent, in Chinese where this machine has a font for it."""
    library = deed.services.knowledge().library
    theirs, english = deed.words(organizer), deed.words(organizer, language="en")
    wanted, plain = (chart(counted, library, t, heading(t)) for t in (theirs, english))
    photo = {"$chart": pictures.as_json(wanted, plain)}
    payload = {"chat_id": organizer.telegram_id, "photo": photo}
    deed.owe("sendPhoto", payload, key=key, lane=Lane.REMINDER)
