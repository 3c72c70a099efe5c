"""What comes and what there was, one webinar as a card, and the short card for groups."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from markupsafe import Markup

from bot import timetable
from bot.features import groups, webinars
from bot.features.people import Role
from bot.i18n import Translator
from bot.timetable import Attendee, Kind, SessionRow, Standing, State
from handlers import _sessions
from handlers._kit import Button, Request, Screen, as_html, one_below_the_other
from handlers.webinars import _checkin
from handlers.webinars._feature import (
    Answer,
    Card,
    Certify,
    Feel,
    Here,
    Home,
    Manage,
    Questions,
    Things,
    deep_link,
    feature,
    leads,
    leave_dialogue,
    require_private,
)
from handlers.webinars._words import places, standing_line, state_line, title, way_in, when

COMING, PAST = 8, 6
"""How many webinars a list shows."""

_MARKS = {Standing.COMING: "✓ ", Standing.MAYBE: "? ", Standing.WAITING: "⏳ "}


@feature.command("webinars", in_groups=True)
def webinars_(request: Request) -> Screen:
    """What comes and what there was; behind the command, in private, a code word checks in."""
    if not request.heard.private:
        return in_group(request)
    if request.text.strip():
        return _checkin.by_code(request, request.text)
    return home(request, page=0, edit=False)


@feature.tap(Home)
def turn(request: Request, tap: Home) -> Screen:
    """The list, or another page of what there was."""
    require_private(request)
    leave_dialogue(request)
    return home(request, page=max(0, tap.page), edit=True)


def home(request: Request, *, page: int, edit: bool) -> Screen:
    """Those to come, then those that are over with their recordings."""
    t, db = request.t, request.db
    coming = timetable.upcoming(db, Kind.WEBINAR, now=request.now, limit=COMING) if page == 0 else []
    over = webinars.past(db, now=request.now, limit=PAST + 1, offset=page * PAST)
    mine = webinars.standings(db, [row.id or 0 for row in (*coming, *over)], request.me)
    parts = [_coming_in_words(request, coming)] if page == 0 else []
    if over and coming:
        parts.append(t("Tap a webinar to see more. Past ones come last; ▶️ marks a recording."))
    elif over:
        parts.append(t("<b>Past webinars</b> (▶️ with a recording):"))
    ahead = [Button(_coming_label(request, row, mine.get(row.id or 0)), Card(row.id or 0)) for row in coming]
    behind = [Button(_past_label(request, row), Card(row.id or 0)) for row in over[:PAST]]
    rows = [*one_below_the_other([*ahead, *behind]), _pages(page, more=len(over) > PAST, t=t)]
    return Screen(Markup("\n\n").join(parts) or t("There are no earlier webinars."), buttons=rows, edit=edit)


def _coming_in_words(request: Request, coming: list[SessionRow]) -> Markup:
    t = request.t
    if not coming:
        return t("No webinar is planned yet. As soon as one is, you hear of it here.")
    following = coming[0]
    lines = [t("<b>The next webinar</b>"), Markup("<b>{}</b>").format(title(request.db, following, t))]
    return Markup("\n").join([*lines, when(request, following, t)])


def _coming_label(request: Request, row: SessionRow, standing: Standing | None) -> str:
    mark = _MARKS.get(standing, "") if standing is not None else ""
    return f"{mark}{request.t.when(row.starts_at)} · {title(request.db, row, request.t)}"


def _past_label(request: Request, row: SessionRow) -> str:
    mark = "▶️ " if row.recording else ""
    return f"{mark}{request.t.date(row.starts_at)} · {title(request.db, row, request.t)}"


def _pages(page: int, *, more: bool, t: Translator) -> list[Button]:
    back = [Button("‹ " + t.label("Later ones"), Home(page - 1))] if page > 0 else []
    return [*back, *([Button(t.label("Earlier ones") + " ›", Home(page + 1))] if more else [])]


@feature.tap(Card)
def show(request: Request, tap: Card) -> Screen:
    """One webinar."""
    require_private(request)
    leave_dialogue(request)
    return card(request, webinars.webinar(request.db, tap.session), edit=True)


def opened(request: Request, session_id: int) -> Screen:
    """One webinar, reached by its address."""
    ours = replace(request, context=feature.name)  # another feature heard the address
    return card(ours, webinars.webinar(request.db, session_id), edit=False)


def card(request: Request, session: SessionRow, *, edit: bool, first: Markup | None = None) -> Screen:
    """All that somebody may see of a webinar, and what they can do now; `first` stands above it."""
    t, db = request.t, request.db
    appointment = timetable.appointment(db, session, request.me.id or 0)
    mine = appointment.mine
    standing = mine.standing if mine is not None else None
    attended = mine is not None and mine.attended_at is not None
    parts = [first or Markup(), _heading(request, session, t), state_line(session, t, now=request.now)]
    if session.state is State.PLANNED and session.ends_at > request.now:
        number = timetable.position(db, session, member_id=request.me.id or 0)
        said = [
            standing_line(standing, number, t),
            _checked_in(t) if attended else Markup(),
            places(request, session, t) if standing is not Standing.WAITING else Markup(),
        ]
        way = way_in(request, session, t, privy=appointment.privy)
        parts += [Markup("\n").join(line for line in said if line), way]
        if request.me.consented_at is None:
            parts.append(t("By answering, you agree that I keep your answer (/privacy)."))
    elif attended and session.state is not State.CANCELLED:
        parts.append(t("✓ You were there."))
    buttons = _buttons(request, session, standing, attended=attended)
    return Screen(Markup("\n\n").join(part for part in parts if part), buttons=buttons, edit=edit)


def _checked_in(t: Translator) -> Markup:
    return t("✓ You have checked in.")


def _heading(request: Request, session: SessionRow, t: Translator) -> Markup:
    lines = [Markup("<b>{}</b>").format(title(request.db, session, t))]
    if who := _sessions.speakers(request.db, session):
        lines.append(t("with {speaker}", speaker=who))
    lines.append(when(request, session, t))
    about = timetable.description(request.db, session, t.language)
    head = Markup("\n").join(lines)
    if not about:
        return head
    return head + Markup("\n\n") + t("<b>What you will learn</b>") + Markup("\n") + as_html(about, None)


def _buttons(request: Request, session: SessionRow, standing: Standing | None, *, attended: bool) -> list[list[Button]]:
    t, session_id = request.t, session.id or 0
    rows: list[list[Button]] = []
    if session.state is not State.CANCELLED:
        ahead = session.state is State.PLANNED and session.ends_at > request.now
        rows += _ahead(request, session, standing, attended=attended) if ahead else _over(request, session, attended)
        if session.materials or session.recording:
            rows.append([Button("📎 " + t.label("Recording and materials"), Things(session_id))])
    if request.me.role.reaches(Role.ORGANIZER):
        rows.append([Button("🛠 " + t.label("For organizers"), Manage(session_id))])
    return [*rows, [Button("‹ " + t.label("All webinars"), Home(0))]]


def _ahead(request: Request, session: SessionRow, standing: Standing | None, *, attended: bool) -> list[list[Button]]:
    t, session_id = request.t, session.id or 0
    rows = [answers(session_id, t, standing)]
    if webinars.can_check_in(session, now=request.now) and not attended:
        rows.insert(0, [here_button(session_id, t)])
    count = webinars.count_questions(request.db, session_id)
    label = t.label("Questions for the speaker") + (f" ({t.number(count)})" if count else "")
    return [*rows, [Button("💬 " + label, Questions(session_id, 0))], [_sessions.add_button(session, t)]]


def _over(request: Request, session: SessionRow, attended: bool) -> list[list[Button]]:
    t, session_id = request.t, session.id or 0
    rows: list[list[Button]] = []
    if attended:
        rows.append([Button("📜 " + t.label("Certificate"), Certify(session_id))])
        rows.append([Button("⭐ " + t.label("Feedback"), Feel(session_id, "useful"))])
    if leads(request, session) and webinars.count_questions(request.db, session_id):
        rows.append([Button("💬 " + t.label("Questions for the speaker"), Questions(session_id, 0))])
    return rows


def answers(session_id: int, t: Translator, standing: Standing | None = None) -> list[Button]:
    """I'm coming, Maybe, Can't; a tick at what somebody said. `t` may be any feature's words."""
    t = t.of(feature.name)

    def ticked(label: str, *these: Standing) -> str:
        return f"✓ {label}" if standing in these else label

    return [
        Button(ticked(t.label("I'm coming"), Standing.COMING, Standing.WAITING), Answer(session_id, "coming")),
        Button(ticked(t.label("Maybe"), Standing.MAYBE), Answer(session_id, "maybe")),
        Button(ticked(t.label("Can't"), Standing.DECLINED, Standing.GIVEN_BACK), Answer(session_id, "declined")),
    ]


@_sessions.answering(Kind.WEBINAR)
def in_reminders(session: SessionRow, mine: Attendee | None, t: Translator, at: datetime) -> list[list[Button]]:
    """The same buttons under announcements and reminders; shortly before it begins, the one to check in."""
    standing = mine.standing if mine is not None else None
    rows = [answers(session.id or 0, t, standing)]
    if standing is Standing.COMING and webinars.can_check_in(session, now=at):
        rows.insert(0, [here_button(session.id or 0, t)])
    return rows


def here_button(session_id: int, t: Translator) -> Button:
    """The way to check in."""
    return Button("🙋 " + t.of(feature.name).label("I'm here"), Here(session_id))


def in_group(request: Request) -> Screen:
    """The next webinar in short, in the group's language, with the way into private."""
    group = groups.find(request.db, request.chat_id)
    t = request.words(language=group.language) if group is not None else request.t
    coming = timetable.upcoming(request.db, Kind.WEBINAR, now=request.now, limit=1)
    if not coming:
        open_ = Button(t.label("All webinars"), request.services.link)
        return Screen(t("No webinar is planned yet."), buttons=[[open_]])
    return short(request, coming[0], t)


def short(request: Request, session: SessionRow, t: Translator) -> Screen:
    """A webinar for everybody to see: nothing of who comes, and no link."""
    lines = [Markup("<b>{}</b>").format(title(request.db, session, t))]
    if who := _sessions.speakers(request.db, session):
        lines.append(t("with {speaker}", speaker=who))
    lines += [line for line in (when(request, session, t), state_line(session, t, now=request.now)) if line]
    private = Button("💬 " + t.label("More, in private"), deep_link(request.services.link, session.id or 0))
    return Screen(Markup("\n").join(lines), buttons=[answers(session.id or 0, t), [private]])
