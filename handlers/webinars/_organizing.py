"""The organizers' side of a webinar: how it stands, who signed up, the code word."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO

from markupsafe import Markup

from bot.features import webinars
from bot.features.people import Role
from bot.i18n import Translator
from bot.timetable import SessionRow, Standing, State, Task
from handlers._kit import Button, File, Request, Screen, Tap
from handlers.webinars._attendance import Attendance
from handlers.webinars._feature import (
    Card,
    Manage,
    Questions,
    Things,
    feature,
    leave_dialogue,
    require_private,
    tick_off,
)
from handlers.webinars._speaker import SendList
from handlers.webinars._words import title, when


@dataclass(frozen=True)
class SignUps(Tap, prefix="webinars.signups"):
    """Get the list of who signed up as a file."""

    session: int


@dataclass(frozen=True)
class Code(Tap, prefix="webinars.code"):
    """Show the code word."""

    session: int


@dataclass(frozen=True)
class NewCode(Tap, prefix="webinars.newcode"):
    """Make another code word."""

    session: int


@dataclass(frozen=True)
class Opinions(Tap, prefix="webinars.opinions"):
    """Read the feedback."""

    session: int


@feature.tap(Manage, role=Role.ORGANIZER)
def manage(request: Request, tap: Manage) -> Screen:
    """How it stands, and what can be done."""
    require_private(request)
    leave_dialogue(request)
    return board(request, webinars.webinar(request.db, tap.session), edit=True)


def board(request: Request, session: SessionRow, *, edit: bool, toast: str | None = None) -> Screen:
    """The numbers of a webinar with a button for each piece of work."""
    t, db, session_id = request.t, request.db, session.id or 0
    counts, roll = webinars.counts(db, session_id), webinars.roll(db, session_id)
    there = sum(mine.attended_at is not None for mine, _member in roll)
    given = webinars.summary(db, session_id)
    lines = [
        Markup("<b>{}</b>\n").format(title(db, session, t)) + when(request, session, t),
        t(
            "Coming: {coming} · maybe: {maybe} · waiting: {waiting} · cannot: {cannot}",
            coming=t.number(counts.get(Standing.COMING, 0)),
            maybe=t.number(counts.get(Standing.MAYBE, 0)),
            waiting=t.number(counts.get(Standing.WAITING, 0)),
            cannot=t.number(counts.get(Standing.DECLINED, 0) + counts.get(Standing.GIVEN_BACK, 0)),
        ),
        t(
            "Were there: {there} · questions: {asked} · feedback: {given} · certificates: {certificates}",
            there=t.number(there),
            asked=t.number(webinars.count_questions(db, session_id)),
            given=t.number(given.answered),
            certificates=t.number(len(webinars.certificates(db, session_id))),
        ),
    ]
    if session.state is State.CANCELLED:
        lines.append(t("🚫 It was cancelled."))
    return Screen(Markup("\n\n").join(lines), buttons=_work(session_id, t), edit=edit, toast=toast)


def _work(session_id: int, t: Translator) -> list[list[Button]]:
    return [
        [
            Button("👥 " + t.label("Sign-ups (CSV)"), SignUps(session_id)),
            Button("🙋 " + t.label("Attendance"), Attendance(session_id, 0)),
        ],
        [
            Button("🔢 " + t.label("Code word"), Code(session_id)),
            Button("💬 " + t.label("Questions"), Questions(session_id, 0)),
        ],
        [Button("📋 " + t.label("Questions as a list"), SendList(session_id))],
        [
            Button("📎 " + t.label("Recording and materials"), Things(session_id)),
            Button("⭐ " + t.label("Feedback"), Opinions(session_id)),
        ],
        [Button("‹ " + t.label("Back"), Card(session_id))],
    ]


def back(session_id: int, t: Translator) -> list[Button]:
    """The way back to the organizers' side."""
    return [Button("‹ " + t.label("Back"), Manage(session_id))]


@feature.tap(SignUps, role=Role.ORGANIZER)
def sign_ups(request: Request, tap: SignUps) -> Screen:
    """Everybody who said something, as a file that a spreadsheet opens."""
    require_private(request)
    session, t = webinars.webinar(request.db, tap.session), request.t
    name = f"webinar-{session.starts_at:%Y-%m-%d}.csv"
    return Screen(
        t("Who signed up for <b>{title}</b>.", title=title(request.db, session, t)),
        file=File(name, as_csv(request, session)),
    )


def as_csv(request: Request, session: SessionRow) -> str:
    """Name, answer, since when, whether they were there and how long, certificate; with a mark that Excel reads UTF-8 by."""
    t, session_id = request.t, session.id or 0
    minutes, certificates = webinars.minutes(request.db, session_id), webinars.certificates(request.db, session_id)
    file = StringIO()
    table = csv.writer(file)
    columns = (t.label("name"), t.label("answer"), t.label("since"), t.label("was there"), t.label("minutes"))
    table.writerow([*columns, t.label("certificate")])
    for mine, member in webinars.roll(request.db, session_id):
        certificate = certificates.get(member.id or 0)
        cells = [
            member.shown_name,
            standing_name(mine.standing, t),
            t.datetime(mine.since),
            t.datetime(mine.attended_at) if mine.attended_at is not None else "",
            str(minutes.get(member.id or 0, "")),
            webinars.shown(certificate.number) if certificate is not None else "",
        ]
        table.writerow([_harmless(cell) for cell in cells])
    return "\ufeff" + file.getvalue()


def _harmless(cell: str) -> str:
    """No spreadsheet takes a name for a formula."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t") else cell


def standing_name(standing: Standing, t: Translator) -> str:
    """What somebody answered, in a word."""
    return {
        Standing.COMING: t.label("coming"),
        Standing.MAYBE: t.label("maybe"),
        Standing.WAITING: t.label("waiting"),
        Standing.DECLINED: t.label("cannot come"),
        Standing.GIVEN_BACK: t.label("cannot come"),
    }[standing]


@feature.tap(Code, role=Role.ORGANIZER)
def code(request: Request, tap: Code) -> Screen:
    """The code word, made when it is first asked for."""
    require_private(request)
    session = webinars.webinar(request.db, tap.session)
    return _code_screen(request, session, webinars.code_of(request.db, session))


@feature.tap(NewCode, role=Role.ORGANIZER)
def new_code(request: Request, tap: NewCode) -> Screen:
    """Another one: the old one no longer checks anybody in."""
    require_private(request)
    session = webinars.webinar(request.db, tap.session)
    return _code_screen(request, session, webinars.new_code(request.db, session))


def _code_screen(request: Request, session: SessionRow, word: str) -> Screen:
    t = request.t
    request.me.expects("webinars.code", session=session.id)
    text = t(
        "The code word of <b>{title}</b> is\n\n<b>{code}</b>\n\nShow it at the webinar. Members send it to me in private "
        "and have checked in, from {opens} to {ends}. To choose your own, write four digits.",
        title=title(request.db, session, t),
        code=word,
        opens=t.when(webinars.opens_at(session)),
        ends=t.time(session.ends_at),
    )
    again = [Button("🎲 " + t.label("Another one"), NewCode(session.id or 0))]
    return Screen(text, buttons=[again, back(session.id or 0, t)], edit=request.heard.kind == "tap")


@feature.step("code", role=Role.ORGANIZER)
def own_code(request: Request) -> Screen:
    """Take the four digits that the organizer chose; anything else is asked for once more."""
    session, t = webinars.webinar(request.db, request.pending["session"]), request.t
    word = request.text.strip()
    if not (len(word) == 4 and word.isascii() and word.isdigit()):
        request.me.pending = request.pending
        return Screen(t("A code word has four digits, such as 4821. Please write it again, or /cancel."))
    return _code_screen(request, session, webinars.new_code(request.db, session, word))


@feature.tap(Opinions, role=Role.ORGANIZER)
def opinions(request: Request, tap: Opinions) -> Screen:
    """What people thought of it: numbers, and lines without names."""
    require_private(request)
    session, t = webinars.webinar(request.db, tap.session), request.t
    found = webinars.summary(request.db, tap.session)
    if not found.answered:
        return Screen(t("Nobody has given feedback yet."), buttons=[back(tap.session, t)], edit=True)
    tick_off(request, session, Task.FEEDBACK)
    parts = [
        t("<b>Feedback</b>: {title}", title=title(request.db, session, t)),
        t.n("{n} person has answered.", "{n} people have answered.", found.answered),
        *_numbers(found, t),
        *(Markup("“{}”").format(line) for line in found.lines[:12]),
    ]
    if len(found.lines) > 12:
        parts.append(t.n("… and one more line", "… and {n} more lines", len(found.lines) - 12))
    return Screen(Markup("\n\n").join(parts), buttons=[back(tap.session, t)], edit=True)


def _numbers(found: webinars.Summary, t: Translator) -> list[Markup]:
    levels = {1: t.label("too easy"), 2: t.label("about right"), 3: t.label("too hard")}
    trying = {1: t.label("yes"), 2: t.label("perhaps"), 3: t.label("no")}
    lines = []
    if found.mean is not None:
        spread = ", ".join(f"{value}: {t.number(found.useful[value])}" for value in sorted(found.useful, reverse=True))
        lines.append(
            t("Useful for my work: {mean} of 5 ({spread})", mean=t.number(round(found.mean, 1)), spread=spread)
        )
    for heading, names, counted in (
        (t("Level and pace"), levels, found.level),
        (t("Will try something"), trying, found.trying),
    ):
        if counted:
            spread = ", ".join(f"{name}: {t.number(counted.get(value, 0))}" for value, name in names.items())
            lines.append(Markup("{}: {}").format(heading, spread))
    return lines
