"""On the first working day of a month each community group hears of the small wins of the month before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import outbox, pictures
from bot.features import duty, groups, programmes, wins
from bot.features.groups import Group
from bot.features.wins import Month, Standing, Win
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Deed, Moment, Screen
from handlers.wins._chart import chart, half_within
from handlers.wins._feature import LINK, feature, ladder_of, title_of

TEN = 10
LATEST = 15
"""The day of the month until which a digest that was missed is still sent."""

NAMES = 15
"""Wins that are told by name; a month's others are counted."""


@feature.tick(timedelta(minutes=10))
def monthly(moment: Moment) -> None:
    """At ten on a group's clock, on the first day that is no weekend and no holiday."""
    if LATEST + 1 < moment.now.day < 28:  # nowhere on earth is it time for a digest
        return
    standing: Standing | None = None
    for group in groups.community(moment.db):
        local = moment.now.astimezone(ZoneInfo(group.timezone))
        if _is_time(group, local) and not wins.digest_sent(moment.db, group.chat_id, f"{local:%Y-%m}"):
            standing = standing or wins.standing(moment.db, ladder_of(moment), programmes.teams(moment.db))
            _send(moment, group, local, standing)


def _is_time(group: Group, local: datetime) -> bool:
    """Whether it is; a group that is new this month has no month to look back on."""
    fresh = f"{group.added_at.astimezone(local.tzinfo):%Y-%m}" == f"{local:%Y-%m}"
    calendar = duty.community_calendar(group.timezone)
    return local.hour >= TEN and local.day <= LATEST and not fresh and calendar.is_working_day(local.date())


def _send(moment: Moment, group: Group, local: datetime, standing: Standing) -> None:
    until = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    since = (until - timedelta(days=1)).replace(day=1)
    month = wins.month(moment.db, ladder_of(moment), group.chat_id, since=since, until=until)
    wins.note_digest(moment.db, group.chat_id, f"{local:%Y-%m}", now=moment.now)
    if not month.total and not any(count for _stage, count in standing.stages):
        return
    t = moment.words(language=group.language).on(group.timezone)
    key = _key(group.chat_id, local)
    screen = Screen(words(moment, month, standing, since, t), buttons=_way_in(moment, t))
    moment.post(screen, chat_id=group.chat_id, key=key, about=f"windigest:{group.chat_id}", lane=Lane.REMINDER)
    english = moment.words(language="en").on(group.timezone)
    shown, plain = (chart(ladder_of(moment), month, standing, since, spoken) for spoken in (t, english))
    payload = {"chat_id": group.chat_id, "photo": {"$chart": pictures.as_json(shown, plain)}}
    moment.owe("sendPhoto", payload, key=f"{key}:picture", lane=Lane.REMINDER)


def _key(chat_id: int, day: datetime) -> str:
    """The outbox key of the digest that a group gets in the month of this day."""
    return f"wins:digest:{chat_id}:{day:%Y-%m}"


def _way_in(deed: Deed, t: Translator) -> list[list[Button]]:
    return [[Button("🪜 " + t.label("My small wins"), f"{deed.services.link}?start={LINK}")]]


def unname(deed: Deed, win: Win, *, chat_id: int, shared_at: datetime) -> None:
    """A named win was taken back: the digest that told of it tells of the others, and what was done in all."""
    group = groups.find(deed.db, chat_id)
    if group is None:
        return
    since = shared_at.astimezone(ZoneInfo(group.timezone)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    until = (since + timedelta(days=32)).replace(day=1)
    key = _key(chat_id, until)
    if outbox.receipt(deed.db, key) is None:
        return
    month = wins.month(deed.db, ladder_of(deed), chat_id, since=since, until=until)
    t = deed.words(language=group.language).of(feature.name).on(group.timezone)
    heading, told = t("🪜 <b>Small wins in {month}</b>", month=t.month(since)), _told(deed, month, t)
    total = t.n("{n} step was done in all.", "{n} steps were done in all.", month.total)
    screen = Screen(Markup("\n\n").join([heading, Markup("\n").join([*told, total])]), buttons=_way_in(deed, t))
    message_id = outbox.receipt_of(key, "message_id")
    deed.replace(screen, chat_id=chat_id, message_id=message_id, key=f"{key}:without:{win.id}", needs=key)


def words(moment: Deed, month: Month, standing: Standing, since: datetime, t: Translator) -> Markup:
    """Who agreed to be named, with what; then the numbers."""
    parts = [t("🪜 <b>Small wins in {month}</b>", month=t.month(since))]
    if told := _told(moment, month, t):
        parts.append(Markup("\n").join(told))
    parts.append(Markup("\n").join(_numbers(moment, month, standing, t)))
    return Markup("\n\n").join(parts)


def _told(moment: Deed, month: Month, t: Translator) -> Sequence[Markup]:
    lines = [t("• {name}: {title}", name=name, title=title_of(moment, step, t)) for name, step in month.named[:NAMES]]
    more = len(month.named) - len(lines) + month.unnamed
    if more and lines:
        lines.append(t.n("… and {n} more that was shared here.", "… and {n} more that were shared here.", more))
    elif more:
        lines.append(t.n("{n} was shared here, without a name.", "{n} were shared here, without names.", more))
    return lines


def _numbers(moment: Deed, month: Month, standing: Standing, t: Translator) -> list[Markup]:
    lines = [t.n("{n} step was done in all.", "{n} steps were done in all.", month.total)] if month.total else []
    if (half := half_within(standing, t)) is not None:
        lines.append(half)
    ladder = ladder_of(moment)
    titles = {stage.id: stage.title.for_reader(t.language) for stage in ladder.stages}
    if where := " · ".join(f"{titles[stage]} {t.number(count)}" for stage, count in standing.stages if count):
        lines.append(t("Who is where: {stages}", stages=where))
    top = t.label("Every step done")
    if where := " · ".join(f"{titles[stage] if stage else top} {t.number(count)}" for stage, count in standing.teams):
        lines.append(t("Programmes with a card: {stages}", stages=where))
    return lines
