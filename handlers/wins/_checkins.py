"""Check-ins: every second week one question with three answers, at a day and hour of their choice, or none at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from bot.features import attention, wins
from bot.features.people import Member, Role
from bot.features.wins import Step, WinPath
from bot.outbox import Lane
from handlers._kit import Button, Moment, Request, Screen, Tap
from handlers.wins._feature import (
    OnIt,
    ShowCheckIns,
    done_button,
    feature,
    home_button,
    ladder_of,
    on_path,
    stuck_button,
)

PORTION = 100
"""Members who are asked in one transaction."""

HOURS = range(7, 22)


@dataclass(frozen=True)
class Settle(Tap, prefix="wins.settle"):
    """Ask at this weekday and minute of the day."""

    weekday: int
    minute: int


@dataclass(frozen=True)
class Pause(Tap, prefix="wins.pause"):
    """Ask no more, or again."""

    paused: bool


@feature.tick(timedelta(minutes=1))
def ask(moment: Moment) -> timedelta | None:
    """Ask those whose day and hour has come, if they want to hear of the community."""
    found = wins.due(moment.db, now=moment.now, limit=PORTION)
    due = [(mine, member) for mine, member in found if wins.is_time(mine, member.timezone, now=moment.now)]
    steps = {member.id: step for mine, member in due if (step := _step(moment, mine, member)) is not None}
    for mine, member in due:
        if member.id not in steps:
            wins.rest(mine)
    asking = [(mine, member) for mine, member in due if member.id in steps]
    members = [member for _mine, member in asking]
    when = attention.moments(moment.db, members, kind=attention.Kind.COMMUNITY, now=moment.now)
    for mine, member in asking:
        _ask(moment, mine, member, steps[member.id], when[member.id or 0])
    return timedelta(0) if len(found) == PORTION else None


def _step(moment: Moment, mine: WinPath, member: Member) -> Step | None:
    """What to ask somebody about; None for whoever has nothing left to do or cannot be written to."""
    if not member.is_reachable or not member.role.reaches(Role.TRAINEE):
        return None
    ladder = ladder_of(moment)
    return ladder.by_id.get(mine.step or "") or wins.next_step(moment.db, ladder, member)


def _ask(moment: Moment, mine: WinPath, member: Member, step: Step, at: datetime | None) -> None:
    if at is None:
        wins.put_off(mine, member.timezone, now=moment.now)
        return
    wins.asked(mine, member.timezone, at=at)
    key = f"wins:check:{member.id}:{moment.now:%Y%m%d%H%M}"
    about = f"wincheck:{member.id}"
    screen = question(moment, member, step, last=mine.asked_next_at is None)
    kind, to = attention.Kind.COMMUNITY, member.telegram_id
    moment.post(screen, chat_id=to, key=key, lane=Lane.REMINDER, about=about, due_at=at, heeds=kind)


def question(moment: Moment, member: Member, step: Step, *, last: bool) -> Screen:
    """How is it going? With the way to fewer of these."""
    t = moment.words(member)
    parts = [
        t("🪜 How is it going with your next step?"),
        Markup("<b>{}</b>\n{}").format(step.title.for_reader(t.language), step.help.for_reader(t.language)),
    ]
    if last:
        parts.append(t("If you leave this open, I ask no more until you open /wins again."))
    answers = [done_button(step, t), Button("💪 " + t.label("On it"), OnIt(step.id)), stuck_button(step, t)]
    return Screen(Markup("\n\n").join(parts), buttons=[answers, [Button("🔔 " + t.label("Check-ins"), ShowCheckIns())]])


@feature.tap(ShowCheckIns, role=Role.TRAINEE)
def show(request: Request, _tap: ShowCheckIns) -> Screen:
    """When somebody is asked, and everything that they can change about it."""
    return _settings(request, on_path(request))


@feature.tap(Settle, role=Role.TRAINEE)
def settle(request: Request, tap: Settle) -> Screen:
    """At another day or hour."""
    mine = on_path(request)
    wins.settle(mine, request.me.timezone, weekday=tap.weekday, minute=tap.minute, now=request.now)
    return _settings(request, mine)


@feature.tap(Pause, role=Role.TRAINEE)
def pause(request: Request, tap: Pause) -> Screen:
    """No more of it, or again."""
    mine = on_path(request)
    if tap.paused:
        wins.pause(mine)
    else:
        wins.resume(mine, request.me.timezone, now=request.now)
    return _settings(request, mine)


def _settings(request: Request, mine: WinPath) -> Screen:
    t = request.t
    if mine.asked_next_at is None:
        text = t("🔕 I do not ask how it goes. /wins is there for you at any time.")
    else:
        text = t(
            "🔔 Every second week I ask how your step goes, with three buttons to answer. Next on {when}, on your own "
            "clock. Which day and hour suit you?",
            when=t.when(mine.asked_next_at),
        )
    switch = t.label("Ask me again") if mine.paused else t.label("Pause")
    return Screen(
        text,
        buttons=[
            *_in_rows([_choice(t.weekday(day), day, mine.minute, mine) for day in range(7)], 4),
            *_in_rows([_choice(f"{hour:02}:00", mine.weekday, hour * 60, mine) for hour in HOURS], 5),
            [Button(("🔔 " if mine.paused else "⏸ ") + switch, Pause(not mine.paused))],
            [home_button(t)],
        ],
        edit=True,
    )


def _choice(label: str, weekday: int, minute: int, mine: WinPath) -> Button:
    chosen = (mine.weekday, mine.minute) == (weekday, minute)
    return Button(("✓ " if chosen else "") + label, Settle(weekday, minute))


def _in_rows(buttons: list[Button], width: int) -> list[list[Button]]:
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]
