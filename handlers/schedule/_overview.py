"""/schedule: what comes, which series there are, and what waits for a decision."""

from __future__ import annotations

from markupsafe import Markup

from bot import timetable
from bot.errors import Outdated
from bot.features.people import Role
from bot.timetable import Days, Series, SessionRow, State, recurrence_of
from handlers._kit import Button, Request, Screen
from handlers.schedule._draft import SERIES, SESSION
from handlers.schedule._feature import (
    Card,
    Date,
    Holidays,
    Home,
    New,
    Reminders,
    SeriesRung,
    ShowSeries,
    ShowSession,
    feature,
)
from handlers.schedule._fields import RUNGS, clashes_named, names_of, rungs_of, texts_in_words, toggled
from handlers.schedule._others import Dated, also_planned, ways_to_plan
from handlers.schedule._words import icon, kind_name, lines, marks, recurrence_in_words, rung_name

PAGE = 8
_LABEL = 56


@feature.command("schedule", role=Role.ORGANIZER)
def schedule(request: Request) -> Screen:
    """The calendar, from its beginning."""
    return overview(request, 0, edit=False)


@feature.tap(Home, role=Role.ORGANIZER)
def home(request: Request, tap: Home) -> Screen:
    """The calendar, or a later page of it."""
    request.me.pending = None
    return overview(request, max(tap.page, 0), edit=True)


def overview(request: Request, page: int, *, edit: bool) -> Screen:
    """The next sessions, the series, and the ways to more."""
    t = request.t
    rows = timetable.coming(request.db, now=request.now, limit=PAGE + 1, offset=page * PAGE)
    others = also_planned(request)
    head = t("<b>The calendar: consultations, webinars and poster weeks</b>")
    empty = t("Nothing is planned yet. Begin with a series, such as every second Tuesday.")
    waiting = len(timetable.doubtful(request.db, now=request.now))
    text = lines(
        head,
        empty if not rows and not others and page == 0 else t("Tap a date to see or to change it."),
        t.n("⚠️ {n} session is on a doubtful day.", "⚠️ {n} sessions are on doubtful days.", waiting) if waiting else "",
    )
    return Screen(text, buttons=_buttons(request, rows, others, page), edit=edit)


def _dates(request: Request, rows: list[SessionRow], others: list[Dated], page: int) -> list[Dated]:
    """The sessions of a page, and what else begins between its first and the next page's first."""
    days = Days.of(request.db)
    sessions = [
        Dated(row.starts_at, Button(label(request, row, days), ShowSession(row.id or 0))) for row in rows[:PAGE]
    ]
    begins = rows[0].starts_at if page and rows else None
    ends = rows[PAGE].starts_at if len(rows) > PAGE else None
    between = [
        one for one in others if (begins is None or begins <= one.starts_at) and (ends is None or one.starts_at < ends)
    ]
    return sorted([*sessions, *between], key=lambda one: one.starts_at)


def _buttons(request: Request, rows: list[SessionRow], others: list[Dated], page: int) -> list[list[Button]]:
    t = request.t
    shown = [[one.button] for one in _dates(request, rows, others, page)]
    turning = [
        *([Button("‹ " + t.label("Earlier"), Home(page - 1))] if page else []),
        *([Button(t.label("Later") + " ›", Home(page + 1))] if len(rows) > PAGE else []),
    ]
    series = [[Button(_series_label(one, request), ShowSeries(one.id or 0))] for one in timetable.running(request.db)]
    return [
        *shown,
        turning,
        *(series if page == 0 else []),
        [Button("🔁 " + t.label("New series"), New(SERIES)), Button("➕ " + t.label("One session"), New(SESSION))],
        *ways_to_plan(request),
        *(
            [[Button("📝 " + t.label("Go on with the draft"), Card())]]
            if timetable.draft_of(request.db, request.me.id or 0)
            else []
        ),
        [Button(t.label("Public holidays"), Holidays())],
    ]


def label(request: Request, row: SessionRow, days: Days) -> str:
    """A session on a button: a sign, when, what."""
    cancelled = row.state is State.CANCELLED
    sign = "✕" if cancelled else "⚠️" if not row.provisional and days.doubt(timetable.day_of(row)) else icon(row.kind)
    title = timetable.title(request.db, row, request.me.language) or kind_name(row.kind, request.t)
    text = f"{sign} {request.t.when(row.starts_at)} · {title}{' · 📅?' if row.provisional and not cancelled else ''}"
    return text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"


def _series_label(series: Series, request: Request) -> str:
    title = next(iter(series.title.values()), kind_name(series.kind, request.t))
    text = f"🔁 {series.title.get(request.me.language, title)}"
    return text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"


@feature.tap(ShowSeries, role=Role.ORGANIZER)
def show_series(request: Request, tap: ShowSeries) -> Screen:
    """One series and its next sessions."""
    request.me.pending = None
    return series_screen(request, series_by(request, tap.series), edit=True)


def series_by(request: Request, series_id: int) -> Series:
    """The series with this id; raises Outdated when there is none."""
    series = request.db.get(Series, series_id)
    if series is None:
        raise Outdated
    return series


def series_screen(request: Request, series: Series, *, edit: bool) -> Screen:
    """A series in words, with its sessions to change it from."""
    t, days = request.t, Days.of(request.db)
    rows = timetable.sessions_of(request.db, series, now=request.now)
    planner = names_of(request.db, [series.made_by], t) if series.made_by is not None else ""
    text = lines(
        Markup("<b>🔁 {}</b>").format(texts_in_words(series.title)),
        t("This series has ended.")
        if series.ended_at is not None
        else recurrence_in_words(recurrence_of(series), t, now=request.now, days=days),
        *dict.fromkeys(
            line for row in rows[:PAGE] if row.state is State.PLANNED for line in _marks(row, days, request)
        ),
        t("Planned by {name}.", name=planner) if planner else "",
        "",
        t("To change the series, tap the first session that is to be different, and then “This and all following”."),
    )
    buttons = [[Button(label(request, row, days), ShowSession(row.id or 0))] for row in rows[:PAGE]]
    more = [
        [
            Button("➕ " + t.label("Add a date"), Date(series.id or 0, skip=False)),
            Button("➖ " + t.label("Leave out a date"), Date(series.id or 0, skip=True)),
        ],
        [Button("⏰ " + t.label("Reminders"), Reminders(series.id or 0))],
    ]
    return Screen(
        text,
        buttons=[*buttons, *(more if series.ended_at is None else []), [Button("‹ " + t.label("Back"), Home(0))]],
        edit=edit,
    )


def _marks(row: SessionRow, days: Days, request: Request) -> list[Markup]:
    return marks(row, days, request.t, shifted=timetable.shifted(row)) if row.provisional else []


@feature.tap(Reminders, role=Role.ORGANIZER)
def reminders(request: Request, tap: Reminders) -> Screen:
    """The rungs of a series' reminders, with a tick at those that are climbed."""
    return _reminders(request, series_by(request, tap.series))


def _reminders(request: Request, series: Series) -> Screen:
    t, chosen, id_ = request.t, rungs_of(series.ladder), series.id or 0
    rows = [[Button(("✓ " if rung in chosen else "") + rung_name(rung, t), SeriesRung(id_, rung))] for rung in RUNGS]
    words = t("When are people told? The announcement, and how long before the beginning.")
    return Screen(words, buttons=[*rows, [Button("‹ " + t.label("Back"), ShowSeries(id_))]], edit=True)


@feature.tap(SeriesRung, role=Role.ORGANIZER)
def toggle_series_rung(request: Request, tap: SeriesRung) -> Screen:
    """Remind at it from now on, or not."""
    series = series_by(request, tap.series)
    chosen = toggled(rungs_of(series.ladder), tap.name)
    timetable.set_ladder(request.db, series, chosen, now=request.now)
    return _reminders(request, series)


@feature.tap(Date, role=Role.ORGANIZER)
def ask_date(request: Request, tap: Date) -> Screen:
    """Ask for one more date of a series, or for one to leave out."""
    t, series = request.t, series_by(request, tap.series)
    request.me.expects("schedule.date", series=series.id, skip=tap.skip)
    words = (
        t("Which day is left out? For example: 29 Dec. A session that stands there already is cancelled.")
        if tap.skip
        else t("Which day is added, at the usual time or another one? For example: 10 Dec, or 10 Dec 20:00.")
    )
    return Screen(words, buttons=[[Button("‹ " + t.label("Back"), ShowSeries(series.id or 0))]], edit=True)


@feature.step("date", role=Role.ORGANIZER)
def take_date(request: Request) -> Screen:
    """Add the date, or leave it out; raises CannotPlan, and it is asked for once more."""
    series = series_by(request, int(request.pending["series"]))
    if request.pending["skip"]:
        _leave_out(request, series)
    else:
        usual = recurrence_of(series)
        first, _minutes, _zone = timetable.read_moment(
            request.text, now=request.now, zone=series.zone, old=(usual.first, series.minutes)
        )
        with clashes_named(request.db):
            timetable.add_date(request.db, series, first, by=request.me.id, now=request.now)
    request.hurry()
    return series_screen(request, series, edit=False)


def _leave_out(request: Request, series: Series) -> None:
    for day in timetable.read_days(request.text, now=request.now, zone=series.zone):
        timetable.skip_date(request.db, series, day, reason=None, by=request.me.id, now=request.now)
