"""A week of one member: what is open, what comes next, what is new; nothing where there is nothing."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from bot import outbox, timetable
from bot.features import attention, digests, entries, questions, wins
from bot.features.attention import Kind
from bot.features.digests import Part, PersonalDigest
from bot.features.people import Member
from bot.features.wins import Step
from bot.i18n import Translator
from bot.outbox import Lane
from bot.timetable import State
from handlers import _entries, _sessions
from handlers._kit import Button, Deed, Moment, Screen
from handlers.digests._feature import Show, feature

PORTION = 100
SHOWN = 5
"""Lines of one part at most."""

AHEAD = timedelta(days=14)
"""How far ahead sessions are told."""

NEWEST = 50
"""New answers that are looked at."""

LINE = 90
"""Longest line of a question, in characters."""


@feature.tick(timedelta(minutes=5))
def tell(moment: Moment) -> timedelta | None:
    """Whose day and hour has come; who cannot be written to is left for next week."""
    due = digests.due(moment.db, now=moment.now, limit=PORTION)
    for mine, member in due:
        screen = digest(moment, mine, member) if member.is_reachable else None
        digests.told(mine, member, now=moment.now)
        if screen is not None:
            at = attention.moment(moment.db, member, kind=Kind.COMMUNITY, now=moment.now, asked_for=True)
            key = f"digest:{member.id}:{moment.now:%Y%m%d}"
            to = member.telegram_id
            moment.post(screen, chat_id=to, key=key, lane=Lane.REMINDER, due_at=at, heeds=outbox.QUIET)
    return timedelta(0) if len(due) == PORTION else None


def digest(deed: Deed, mine: PersonalDigest, member: Member) -> Screen | None:
    """The chosen parts that have something to tell; None when none has."""
    t = deed.words(member).of(feature.name)
    makers = {Part.QUESTIONS: _questions, Part.STEP: _step, Part.SESSIONS: _sessions_ahead}
    told = [lines for part, make in makers.items() if part in mine.parts and (lines := make(deed, member, t))]
    if Part.ANSWERS in mine.parts and (lines := _answers(deed, mine, member, t)):
        told.append(lines)
    if not told:
        return None
    head = t("📰 <b>Your week, {name}</b>", name=member.shown_name)
    return Screen(Markup("\n\n").join([head, *told]), buttons=[[Button("⚙️ " + t.label("Change this digest"), Show())]])


def _questions(deed: Deed, member: Member, t: Translator) -> Markup | None:
    found = questions.unsolved_of(deed.db, member.id)
    lines = [Markup("• <b>{}</b> {}").format(one.label, _short(one.text)) for one in found[:SHOWN]]
    return _titled(t("🙋 <b>Your open questions</b> (/questions)"), lines)


def _short(text: str | None) -> str:
    line = " ".join((text or "").split())
    return line if len(line) <= LINE else line[: LINE - 1].rstrip() + "…"


def next_step(deed: Deed, member: Member) -> Step | None:
    """The one step that comes next; None for whoever has not begun the path, or is at its end."""
    if wins.path_of(deed.db, member) is None:
        return None
    return wins.next_step(deed.db, deed.services.knowledge().ladder, member)


def _step(deed: Deed, member: Member, t: Translator) -> Markup | None:
    step = next_step(deed, member)
    lines = [Markup("{}").format(step.title.for_reader(t.language))] if step is not None else []
    return _titled(t("🪜 <b>Your next step</b> (/wins)"), lines)


def _sessions_ahead(deed: Deed, member: Member, t: Translator) -> Markup | None:
    known = timetable.appointments(deed.db, member.id or 0, now=deed.now)
    coming = [
        each.session
        for each in known
        if each.session.state is State.PLANNED and deed.now < each.session.ends_at <= deed.now + AHEAD
    ]
    lines = [
        Markup("• {}: {}").format(t.when(session.starts_at), _sessions.name(deed.db, session, t))
        for session in coming[:SHOWN]
    ]
    return _titled(t("📅 <b>You signed up for</b> (/calendar)"), lines)


def _answers(deed: Deed, mine: PersonalDigest, member: Member, t: Translator) -> Markup | None:
    """What was published since the last digest in the categories that they asked about or are at work on."""
    fresh = entries.published_since(deed.db, mine.since, limit=NEWEST)
    subjects = _subjects(deed, member) if fresh else set()
    library = deed.services.knowledge().library
    known = {
        version.entry_id: None
        for version in fresh
        if version.entry_id in library.entries and library.category_of[version.entry_id].category in subjects
    }
    lines = [
        Markup('• <a href="{}">{}</a>').format(
            f"{deed.services.link}?start={_entries.deep_link(entry_id)}",
            _entries.question(library, entry_id, member.language),
        )
        for entry_id in list(known)[:SHOWN]
    ]
    return _titled(t("💡 <b>New answers on your subjects</b>"), lines)


def _subjects(deed: Deed, member: Member) -> set[str]:
    library, step = deed.services.knowledge().library, next_step(deed, member)
    at_work = {
        library.category_of[topic].category for topic in (step.topics if step else ()) if topic in library.entries
    }
    return questions.subjects_of(deed.db, member) | at_work


def _titled(title: Markup, lines: list[Markup]) -> Markup | None:
    return Markup("\n").join([title, *lines]) if lines else None
