"""Changing a session's fields: this one only, or this and all that follow; whoever changed it meanwhile is named."""

from __future__ import annotations

from markupsafe import Markup

from bot import timetable
from bot.errors import Outdated
from bot.features.people import Role
from bot.i18n import LANGUAGES, Translator
from bot.timetable import SessionRow, What
from handlers._kit import Button, Request, Screen
from handlers.schedule._draft import part_of
from handlers.schedule._feature import Change, Edit, Empty, Person, ShowSession, feature
from handlers.schedule._fields import (
    TEXTS,
    VALUES,
    clashes_named,
    consultants,
    fields_of,
    prompt,
    read_slots,
    read_text,
    read_value,
)
from handlers.schedule._moving import ask_cancelling, ask_moving
from handlers.schedule._session import card, change_in_words, texts_of
from handlers.schedule._words import field_name, lines


def open_session(request: Request, session_id: int) -> SessionRow:
    """A session that can still be changed, kept from others meanwhile; raises Outdated or SessionOver."""
    row = timetable.locked(request.db, session_id)
    timetable.refuse_over(row, request.now)
    return row


@feature.tap(Change, role=Role.ORGANIZER)
def change(request: Request, tap: Change) -> Screen:
    """In which language, and for how many sessions: what is not known yet is asked; then the value."""
    row, t = open_session(request, tap.session), request.t
    if tap.field not in (*fields_of(row.kind), "when", "cancel"):
        raise Outdated
    if tap.field in TEXTS and tap.language not in LANGUAGES:
        return _languages(row, tap.field, t)
    if row.series_id is None:
        return edit(request, Edit(tap.session, tap.field, tap.language, following=False))
    scopes = [
        [Button(t.label("Only this one"), Edit(tap.session, tap.field, tap.language, following=False))],
        [Button(t.label("This and all following"), Edit(tap.session, tap.field, tap.language, following=True))],
        [Button("‹ " + t.label("Back"), ShowSession(tap.session))],
    ]
    return Screen(t("It belongs to a series. What shall change?"), buttons=scopes, edit=True)


def _languages(row: SessionRow, field: str, t: Translator) -> Screen:
    named = {
        "en": t.label("English"),
        "zh_Hans": t.label("Simplified Chinese"),
        "zh_Hant": t.label("Traditional Chinese"),
    }
    rows = [[Button(named[code], Change(row.id or 0, field, code))] for code in LANGUAGES]
    words = t("{field}: in which language?", field=field_name(field, row.kind, t))
    return Screen(words, buttons=[*rows, [Button("‹ " + t.label("Back"), ShowSession(row.id or 0))]], edit=True)


@feature.tap(Edit, role=Role.ORGANIZER)
def edit(request: Request, tap: Edit) -> Screen:
    """Ask for the new value; what it was when it was asked for is remembered."""
    row = open_session(request, tap.session)
    if tap.following and row.series_id is None:
        raise Outdated
    if tap.field == "when":
        return ask_moving(request, row, following=tap.following)
    if tap.field == "cancel":
        return ask_cancelling(request, row, following=tap.following)
    if tap.field == "people":
        return people(request, row, following=tap.following)
    if tap.field not in fields_of(row.kind):
        raise Outdated
    return _asked(request, row, tap)


def _asked(request: Request, row: SessionRow, tap: Edit) -> Screen:
    t, field = request.t, tap.field
    words = prompt(field, tap.language, t)
    request.me.expects(
        "schedule.edit",
        session=row.id,
        field=field,
        language=tap.language,
        following=tap.following,
        seen=timetable.version(request.db, row),
    )
    now = texts_of(request, row, field) if field in TEXTS else _value(row, field)
    empty = Empty(row.id or 0, field, tap.language, tap.following)
    rows = [] if field == "title" or now in ("", "–") else [[Button(t.label("Leave it empty"), empty)]]
    text = lines(words, t("Now: {value}", value=now) if now else "")
    return Screen(text, buttons=[*rows, [Button("‹ " + t.label("Back"), ShowSession(row.id or 0))]], edit=True)


def _value(row: SessionRow, field: str) -> str:
    value = f"{row.slot_minutes or 0}+{row.buffer_minutes}" if field == "slots" else getattr(row, field)
    return "" if value is None else str(value)


@feature.step("edit", role=Role.ORGANIZER)
def take(request: Request) -> Screen:
    """Take the new value, unless somebody changed the session meanwhile; raises CannotPlan, Unclear or SessionOver."""
    pending = request.pending
    row = open_session(request, int(pending["session"]))
    if (overtaken := meanwhile(request, row)) is not None:
        return overtaken
    _apply(request, row, str(pending["field"]), str(pending["language"]), following=bool(pending["following"]))
    return card(request, row, edit=False, note=request.t("Changed."))


def meanwhile(request: Request, row: SessionRow) -> Screen | None:
    """Who changed the session since its old value was shown; the same words sent once more count after that."""
    seen = int(request.pending["seen"])
    newer = timetable.changes(request.db, row, since=seen)
    if not newer:
        return None
    t = request.t
    request.me.expects(**request.pending | {"seen": timetable.version(request.db, row)})
    text = lines(
        t("Somebody changed this session while you were writing. Nothing of yours was taken yet:"),
        *(change_in_words(request, row, one) for one in newer),
        t("If yours shall count, send it once more."),
    )
    return Screen(text, buttons=[[Button("‹ " + t.label("Back"), ShowSession(row.id or 0))]])


def _apply(request: Request, row: SessionRow, field: str, language: str, *, following: bool) -> None:
    if field in TEXTS:
        _set_text(request, row, field, language, read_text(field, request.text), following=following)
    elif field == "slots":
        minutes, buffer = read_slots(request.text)
        _set_slots(request, row, minutes, buffer, following=following)
    else:
        _set_value(request, row, field, read_value(field, request.text), following=following)


def _set_text(request: Request, row: SessionRow, field: str, language: str, text: str, *, following: bool) -> None:
    verb = timetable.set_text_following if following else timetable.set_text
    verb(request.db, row, What(field), language, text, by=request.me.id, now=request.now)


def _set_slots(request: Request, row: SessionRow, minutes: int | None, buffer: int, *, following: bool) -> None:
    verb = timetable.set_slots_following if following else timetable.set_slots
    request.hurry()
    verb(request.db, row, minutes, buffer, by=request.me.id, now=request.now)


def _set_value(request: Request, row: SessionRow, field: str, value: str | int | None, *, following: bool) -> None:
    verb = timetable.set_value_following if following else timetable.set_value
    verb(request.db, row, What(field), value, by=request.me.id, now=request.now)


@feature.tap(Empty, role=Role.ORGANIZER)
def empty(request: Request, tap: Empty) -> Screen:
    """The session goes without it."""
    row = open_session(request, tap.session)
    request.me.pending = None
    if tap.field == "description" and tap.language in LANGUAGES:
        _set_text(request, row, tap.field, tap.language, "", following=tap.following)
    elif tap.field == "slots":
        _set_slots(request, row, None, 0, following=tap.following)
    elif tap.field in VALUES:
        _set_value(request, row, tap.field, None, following=tap.following)
    else:
        raise Outdated
    return card(request, row, edit=True, note=request.t("Changed."))


def people(request: Request, row: SessionRow, *, following: bool, note: Markup | None = None) -> Screen:
    """Everybody who can be put on the session, with a tick at who is."""
    t, seen = request.t, timetable.version(request.db, row)
    on = {person.member_id for person in timetable.people(request.db, row.id or 0)}
    rows = [
        [Button(("✓ " if one.id in on else "") + one.shown_name, Person(row.id or 0, one.id or 0, following, seen))]
        for one in consultants(request.db)
    ]
    words = lines(*([note, ""] if note else []), t("Who is it with? Tap a name to add or to remove it."))
    return Screen(words, buttons=[*rows, [Button("‹ " + t.label("Back"), ShowSession(row.id or 0))]], edit=True)


@feature.tap(Person, role=Role.ORGANIZER)
def toggle_person(request: Request, tap: Person) -> Screen:
    """Put somebody on the session, or take them off; on an old sight of it nothing happens."""
    row = open_session(request, tap.session)
    if tap.member not in {one.id for one in consultants(request.db)} or (tap.following and row.series_id is None):
        raise Outdated
    newer = timetable.changes(request.db, row, since=tap.seen)
    if newer:
        said = lines(
            request.t("This session has changed since:"), *(change_in_words(request, row, one) for one in newer)
        )
        return people(request, row, following=tap.following, note=said)
    there = {(person.member_id, person.part) for person in timetable.people(request.db, row.id or 0)}
    ours = {pair for pair in there if pair[0] == tap.member}
    wanted = there - ours if ours else there | {(tap.member, part_of(row.kind))}
    verb = timetable.set_people_following if tap.following else timetable.set_people
    with clashes_named(request.db):
        verb(request.db, row, sorted(wanted), by=request.me.id, now=request.now)
    request.hurry()
    return people(request, row, following=tap.following)
