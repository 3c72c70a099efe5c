"""One session: all that is known of it, what can be done about it, and who changed what."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup
from sqlmodel import Session

from bot import timetable
from bot.errors import Outdated
from bot.features.people import Role
from bot.i18n import Translator, html
from bot.timetable import Days, Doubtful, SessionChange, SessionRow, Standing, State, What
from handlers._kit import Button, Request, Screen
from handlers.schedule._feature import Change, Checklist, Decide, Home, Log, ShowSeries, ShowSession, feature
from handlers.schedule._fields import fields_of, name_of, names_of, texts_in_words
from handlers.schedule._words import (
    changed_name,
    field_name,
    icon,
    kind_name,
    lines,
    marks,
    moment_in_words,
    slots_in_words,
)

LOGGED = 15


def session_by(request: Request, session_id: int) -> SessionRow:
    """The session with this id; raises Outdated when there is none."""
    row = timetable.session(request.db, session_id)
    if row is None:
        raise Outdated
    return row


@feature.tap(ShowSession, role=Role.ORGANIZER)
def show(request: Request, tap: ShowSession) -> Screen:
    """One session, whatever was being changed of it before."""
    request.me.pending = None
    return card(request, session_by(request, tap.session), edit=True)


def card(request: Request, row: SessionRow, *, edit: bool, note: Markup | None = None) -> Screen:
    """A session with a button for each thing that can be done about it; `note` says what has just happened."""
    t, days = request.t, Days.of(request.db)
    title = timetable.title(request.db, row, request.me.language) or kind_name(row.kind, t)
    planned = row.state is State.PLANNED
    text = lines(
        *([note, ""] if note is not None else []),
        Markup("<b>{} {}</b>").format(icon(row.kind), title),
        moment_in_words(row.starts_at, row.ends_at, row.zone, t),
        *(marks(row, days, t, shifted=timetable.shifted(row)) if planned else []),
        *_state(row, t),
        "",
        *_values(request, row),
        _coming(request, row),
    )
    return Screen(text, buttons=_buttons(request, row, days), edit=edit)


def _state(row: SessionRow, t: Translator) -> list[Markup]:
    if row.state is not State.CANCELLED:
        return []
    return [t("✕ Cancelled: {reason}", reason=row.reason)] if row.reason else [t("✕ Cancelled")]


def _values(request: Request, row: SessionRow) -> list[Markup]:
    t = request.t
    about = timetable.description(request.db, row, request.me.language)
    ids = dict.fromkeys(person.member_id for person in timetable.people(request.db, row.id or 0))
    said: dict[str, str | Markup | None] = {
        "description": about,
        "people": names_of(request.db, ids, t),
        "speaker": row.speaker,
        "link": row.link,
        "join_hint": row.join_hint,
        "capacity": None if row.capacity is None else t.number(row.capacity),
        "slots": slots_in_words(row.slot_minutes, row.buffer_minutes, t) if "slots" in fields_of(row.kind) else None,
    }
    return [
        Markup("<b>{}:</b> {}").format(field_name(field, row.kind, t), html(value))
        for field, value in said.items()
        if value
    ]


def _coming(request: Request, row: SessionRow) -> Markup:
    found = timetable.attendees(request.db, row.id or 0, (Standing.COMING, Standing.WAITING))
    coming = sum(one.standing is Standing.COMING for one in found)
    waiting = len(found) - coming
    t = request.t
    if waiting:
        return t("{coming} coming, {waiting} waiting", coming=t.number(coming), waiting=t.number(waiting))
    return t.n("{n} coming", "{n} coming", coming)


def _buttons(request: Request, row: SessionRow, days: Days) -> list[list[Button]]:
    t, id_ = request.t, row.id or 0
    open_ = len(timetable.open_tasks(request.db, row))
    tasks = Button("☑️ " + t.label("Checklist ({n} open)", n=open_), Checklist(id_))
    log = Button("🕓 " + t.label("What changed"), Log(id_))
    back = [Button("‹ " + t.label("Back"), Home(0))]
    if row.series_id is not None:
        back.append(Button("🔁 " + t.label("The series"), ShowSeries(row.series_id)))
    if row.state is State.CANCELLED or row.ends_at <= request.now:
        return [[tasks, log], back]
    fields = [Button(field_name(field, row.kind, t), Change(id_, field, "")) for field in fields_of(row.kind)]
    return [
        *decisions(request, row, days),
        [
            Button("🕘 " + t.label("Move"), Change(id_, "when", "")),
            Button("✕ " + t.label("Cancel it"), Change(id_, "cancel", "")),
        ],
        *[fields[at : at + 2] for at in range(0, len(fields), 2)],
        [tasks, log],
        back,
    ]


def decisions(request: Request, row: SessionRow, days: Days) -> list[list[Button]]:
    """The ways out of a doubtful day that nobody has decided on; nothing for every other day."""
    day = timetable.day_of(row)
    doubt = days.doubt(day)
    if row.provisional or doubt is None:
        return []
    decided = timetable.decision(request.db, row, day)
    if decided is not None and decided.decision is not None:
        return []
    return ways_out(request.t, Doubtful(row, day, doubt, asked=True), request.db)


def ways_out(t: Translator, one: Doubtful, db: Session) -> list[list[Button]]:
    """A week later, the next working day, or keep it: a button each, with where it leads."""
    row, day = one.row, f"{one.day:%Y%m%d}"
    week, work = timetable.a_week_later(db, row), timetable.next_working_day(db, row)
    ways = [Button("➡️ " + t.label("A week later: {when}", when=t.when(week)), Decide(row.id or 0, day, "week"))]
    if work != week:
        ways.append(
            Button("➡️ " + t.label("Next working day: {when}", when=t.when(work)), Decide(row.id or 0, day, "work"))
        )
    ways.append(Button("👌 " + t.label("Keep it"), Decide(row.id or 0, day, "keep")))
    return [[way] for way in ways]


@feature.tap(Log, role=Role.ORGANIZER)
def log(request: Request, tap: Log) -> Screen:
    """Who changed what of a session, the newest first."""
    row, t = session_by(request, tap.session), request.t
    request.me.pending = None
    found = timetable.changes(request.db, row)
    head = t("<b>What changed</b>") if found else t("Nothing was changed since it was planned.")
    text = lines(head, "", *(change_in_words(request, row, one) for one in found[:LOGGED]))
    return Screen(text, buttons=[[Button("‹ " + t.label("Back"), ShowSession(row.id or 0))]], edit=True)


def change_in_words(request: Request, row: SessionRow, change: SessionChange) -> Markup:
    """One change in a line: when, who, what, old and new."""
    t = request.t
    who = name_of(request.db, change.by) if change.by is not None else "…"
    what = changed_name(change.what, row.kind, t)
    old, new = _shown(request, change.what, change.old), _shown(request, change.what, change.new)
    if change.what == What.CANCELLED:
        return t(
            "{when} · {who}: {what} {new}", when=t.when(change.at), who=who, what=what, new=new if change.new else ""
        )
    return t("{when} · {who}: {what}: {old} → {new}", when=t.when(change.at), who=who, what=what, old=old, new=new)


def _shown(request: Request, what: str, value: str | None) -> str:
    if not value:
        return "–"
    if what in (What.STARTS, What.ENDS):
        return request.t.when(datetime.fromisoformat(value))
    if what == What.PEOPLE:
        return names_of(request.db, map(int, value.split(",")), request.t)
    if what == What.SLOTS:
        minutes, _plus, buffer = value.partition("+")
        return slots_in_words(int(minutes), int(buffer), request.t)
    return value if len(value) <= 80 else value[:79] + "…"


def texts_of(request: Request, row: SessionRow, field: str) -> Markup | str:
    """A session's title or description as it is now, in all its languages."""
    own: dict[str, str] | None = getattr(row, field)
    if own:
        return texts_in_words(own)
    series: dict[str, str] = getattr(timetable.series_of(request.db, row), field) if row.series_id is not None else {}
    return texts_in_words(series)
