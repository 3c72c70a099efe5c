"""Moving and cancelling: said in words, checked back with its consequences, and only then done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from markupsafe import Markup

from bot import timetable
from bot.errors import Outdated
from bot.features.people import Role
from bot.timetable import Days, SessionRow, Standing, wall_of
from handlers._kit import Button, Request, Screen
from handlers.schedule._draft import read, written
from handlers.schedule._feature import Confirm, NoReason, ShowSession, feature
from handlers.schedule._fields import clashes_named
from handlers.schedule._session import card, change_in_words
from handlers.schedule._words import doubt_of, lines, moment_in_words, recurrence_in_words


def ask_moving(request: Request, row: SessionRow, *, following: bool) -> Screen:
    """Ask for the new time; what is not said stays."""
    t = request.t
    _expect(request, "schedule.move", row, following=following)
    now = t("Now: {value}", value=moment_in_words(row.starts_at, row.ends_at, row.zone, t))
    words = (
        t("When shall this and all following be? For example: 19:30–21:00, or every second Wednesday 19:00.")
        if following
        else t("When shall it be? For example: Thu 10 Dec 20:00, or only 20:00–21:30.")
    )
    return Screen(lines(words, now), buttons=[_back(request, row)], edit=True)


def ask_cancelling(request: Request, row: SessionRow, *, following: bool) -> Screen:
    """Ask for the reason, which everybody reads who is told."""
    t = request.t
    _expect(request, "schedule.reason", row, following=following)
    words = (
        t("Why are this and all following cancelled? Everybody who signed up reads the reason.")
        if following
        else t("Why is it cancelled? Everybody who signed up reads the reason.")
    )
    without = [Button(t.label("Without a reason"), NoReason(row.id or 0))]
    return Screen(words, buttons=[without, _back(request, row)], edit=True)


def _expect(request: Request, step: str, row: SessionRow, *, following: bool) -> None:
    request.me.expects(step, session=row.id, following=following, seen=timetable.version(request.db, row))


def _back(request: Request, row: SessionRow) -> list[Button]:
    return [Button("‹ " + request.t.label("Back"), ShowSession(row.id or 0))]


def _open(request: Request, pending: dict[str, Any]) -> SessionRow:
    row = timetable.locked(request.db, int(pending["session"]))
    timetable.refuse_over(row, request.now)
    return row


@feature.step("move", role=Role.ORGANIZER)
def said_when(request: Request) -> Screen:
    """Read the new time and check it back; raises CannotPlan, and it is asked for once more."""
    row = _open(request, request.pending)
    proposed = _series_time(request, row) if request.pending["following"] else _one_time(request, row)
    request.me.expects(**request.pending | {"proposed": proposed})
    return _checked_back(request, row, _new_time(request, row, proposed))


def _one_time(request: Request, row: SessionRow) -> dict[str, Any]:
    minutes = round((row.ends_at - row.starts_at).total_seconds() / 60)
    first, minutes, zone = timetable.read_moment(
        request.text, now=request.now, zone=row.zone, old=(wall_of(row.starts_at, row.zone), minutes)
    )
    timetable.checked_time(first, minutes, zone, now=request.now)
    return {"first": first.isoformat(), "minutes": minutes, "zone": zone}


def _series_time(request: Request, row: SessionRow) -> dict[str, Any]:
    old = timetable.recurrence_from(request.db, row)
    return written(timetable.read_recurrence(request.text, now=request.now, zone=row.zone, old=old))


def _new_time(request: Request, row: SessionRow, proposed: dict[str, Any]) -> Markup:
    t, days = request.t, Days.of(request.db)
    if "rule" in proposed:
        return recurrence_in_words(read(proposed), t, now=request.now, days=days)
    one = timetable.occurrence(datetime.fromisoformat(proposed["first"]), proposed["minutes"], proposed["zone"])
    return lines(
        Markup("{} → {}").format(
            moment_in_words(row.starts_at, row.ends_at, row.zone, t),
            moment_in_words(one.starts_at, one.ends_at, proposed["zone"], t),
        ),
        doubt_of(one, days, t),
    )


def _checked_back(request: Request, row: SessionRow, what: Markup) -> Screen:
    """What is about to be done and whom it concerns."""
    t = request.t
    told = timetable.attendees(request.db, row.id or 0, (Standing.COMING, Standing.WAITING, Standing.MAYBE))
    who = t.n("{n} person who signed up is told.", "{n} people who signed up are told.", len(told)) if told else ""
    buttons = [[Button("✅ " + t.label("That's right"), Confirm(row.id or 0))], _back(request, row)]
    return Screen(lines(what, who, "", t("Is that right? Otherwise write it once more.")), buttons=buttons)


@feature.step("reason", role=Role.ORGANIZER)
def said_why(request: Request) -> Screen:
    """Take the reason, and check the cancelling back."""
    row = _open(request, request.pending)
    return _check_cancelling(request, row, request.pending, " ".join(request.text.split())[:300] or None)


@feature.tap(NoReason, role=Role.ORGANIZER)
def without_reason(request: Request, tap: NoReason) -> Screen:
    """Nobody says why; it is checked back as well."""
    pending = _pending_of(request, tap.session, "schedule.reason")
    return _check_cancelling(request, _open(request, pending), pending, None)


def _check_cancelling(request: Request, row: SessionRow, pending: dict[str, Any], reason: str | None) -> Screen:
    t = request.t
    request.me.expects(**pending | {"proposed": {"reason": reason}})
    when = moment_in_words(row.starts_at, row.ends_at, row.zone, t)
    words = (
        t("Cancelled from here on, and the series ends: {when}", when=when)
        if pending["following"]
        else t("Cancelled: {when}", when=when)
    )
    return _checked_back(request, row, lines(words, t("Reason: {reason}", reason=reason) if reason else ""))


def _pending_of(request: Request, session_id: int, *steps: str) -> dict[str, Any]:
    """What this organizer is about to do to this session; raises Outdated when it is something else by now."""
    pending = request.me.pending or {}
    if pending.get("step") not in steps or pending.get("session") != session_id:
        raise Outdated
    return pending


@feature.tap(Confirm, role=Role.ORGANIZER)
def confirm(request: Request, tap: Confirm) -> Screen:
    """Do what was checked back, unless the session has changed since; raises CannotPlan or SessionOver."""
    pending = _pending_of(request, tap.session, "schedule.move", "schedule.reason")
    if "proposed" not in pending:
        raise Outdated
    row = _open(request, pending)
    if timetable.version(request.db, row) != pending["seen"]:
        return _overtaken(request, row, pending)
    with clashes_named(request.db):
        _carry_out(request, row, pending["proposed"], following=bool(pending["following"]))
    request.me.pending = None
    request.hurry()
    return card(request, row, edit=True, note=_done(request, pending["proposed"]))


def _overtaken(request: Request, row: SessionRow, pending: dict[str, Any]) -> Screen:
    """Somebody was quicker: what they changed is shown, and a second confirmation counts."""
    t = request.t
    newer = timetable.changes(request.db, row, since=int(pending["seen"]))
    request.me.expects(**pending | {"seen": timetable.version(request.db, row)})
    text = lines(
        t("This session has changed since:"),
        *(change_in_words(request, row, one) for one in newer),
        t("Nothing of yours was done yet. Shall it be done all the same?"),
    )
    buttons = [[Button("✅ " + t.label("That's right"), Confirm(row.id or 0))], _back(request, row)]
    return Screen(text, buttons=buttons, edit=True)


def _carry_out(request: Request, row: SessionRow, proposed: dict[str, Any], *, following: bool) -> None:
    db, by, now = request.db, request.me.id, request.now
    if "rule" in proposed:
        timetable.move_following(db, row, read(proposed), by=by, now=now)
    elif "first" in proposed:
        first = datetime.fromisoformat(proposed["first"])
        timetable.move(db, row, first=first, minutes=proposed["minutes"], zone=proposed["zone"], by=by, now=now)
        timetable.mean(db, row, by=by, now=now)
    elif following:
        timetable.cancel_following(db, row, reason=proposed["reason"], by=by, now=now)
    else:
        timetable.cancel(db, row, reason=proposed["reason"], by=by, now=now)


def _done(request: Request, proposed: dict[str, Any]) -> Markup:
    t = request.t
    if "reason" in proposed:
        return t("Cancelled. Whoever signed up is told.")
    return t("Moved. Whoever signed up is told once, in a few minutes; until then you can still correct it.")
