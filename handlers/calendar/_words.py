"""What people read of a session: that it comes, that it comes soon, what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from markupsafe import Markup
from sqlmodel import Session

from bot import timetable
from bot.i18n import Translator
from bot.timetable import Attendee, Audience, Difference, Kind, SessionRow, Step, What
from handlers import _sessions

PRIVY = (Audience.COMING, Audience.LEADING)
"""Who may see how one joins."""
_ABSTRACT = 600
"""So many characters of a description at most in a message that many people get."""


def reminder(
    db: Session, session: SessionRow, step: Step, t: Translator, *, at: datetime, mine: Attendee | None, home: str
) -> Markup:
    """What a step says in somebody's words when it reaches them at `at`."""
    starts_at, ends_at = _own_time(session, mine)
    parts = [
        _head(db, session, step, t, at, starts_at),
        _for_whom(step, mine, t),
        _sessions.when(starts_at, ends_at, t, home=home),
        _speaker(db, session, t),
        _about(db, session, step, t),
        _sessions.how_to_join(session, t, at=at) if step.audience in PRIVY else Markup(""),
        _ending(session, step, t),
    ]
    return Markup("\n").join(part for part in parts if part)


def _own_time(session: SessionRow, mine: Attendee | None) -> tuple[datetime, datetime]:
    if mine is None or mine.starts_at is None:
        return session.starts_at, session.ends_at
    return mine.starts_at, mine.ends_at or session.ends_at


def _head(db: Session, session: SessionRow, step: Step, t: Translator, at: datetime, starts_at: datetime) -> Markup:
    title = _sessions.name(db, session, t)
    if step.announces:
        return t("📣 <b>{title}</b>", title=title)
    return t("⏰ <b>{title}</b>: {remaining}", title=title, remaining=_sessions.remaining(starts_at - at, starts_at, t))


def _for_whom(step: Step, mine: Attendee | None, t: Translator) -> Markup:
    if step.audience is Audience.LEADING:
        return t("You lead this session.")
    if mine is not None and mine.starts_at is not None:
        return t("Your slot:")
    return Markup("")


def _speaker(db: Session, session: SessionRow, t: Translator) -> Markup:
    speaker = _sessions.speakers(db, session)
    return t("🎤 {speaker}", speaker=speaker) if speaker else Markup("")


def _about(db: Session, session: SessionRow, step: Step, t: Translator) -> Markup:
    text = timetable.description(db, session, t.language)
    if not text or step.audience not in (Audience.UNANSWERED, Audience.GROUPS) or not step.announces:
        return Markup("")
    return t("{description}", description=text if len(text) <= _ABSTRACT else text[: _ABSTRACT - 1] + "…")


def _ending(session: SessionRow, step: Step, t: Translator) -> Markup:
    if step.audience in (Audience.UNANSWERED, Audience.UNDECIDED):
        return t("Will you be there?")
    if step.audience is not Audience.GROUPS:
        return Markup("")
    if session.kind is Kind.WEBINAR:
        return t("More, and to sign up: /webinars")
    return t("More, and to book a time: /consult")


def change(
    db: Session,
    session: SessionRow,
    differences: Sequence[Difference],
    t: Translator,
    *,
    mine: Attendee | None,
    privy: bool,
    home: str,
) -> Markup | None:
    """What has changed, old → new; None when nothing of it is for this reader."""
    title = _sessions.name(db, session, t)
    if differences and differences[0].what == What.CANCELLED:
        return _cancelled(session, differences[0], t, title)
    lines = [line for each in differences if (line := _difference(each, t, privy=privy)) is not None]
    if not lines:
        return None
    starts_at, ends_at = _own_time(session, mine)
    own = [t("Your slot:")] if mine is not None and mine.starts_at is not None else []
    head = t("✏️ <b>{title}</b> has changed.", title=title)
    return Markup("\n").join([head, *lines, *own, _sessions.when(starts_at, ends_at, t, home=home)])


def _cancelled(session: SessionRow, difference: Difference, t: Translator, title: str) -> Markup:
    words = t("❌ <b>{title}</b> on {when} is cancelled.", title=title, when=t.when(session.starts_at))
    return words + Markup("\n") + t("Reason: {reason}", reason=difference.new) if difference.new else words


def _difference(difference: Difference, t: Translator, *, privy: bool) -> Markup | None:
    what, old, new = difference.what, difference.old, difference.new
    if what in ("starts_at", "ends_at"):
        times = {"old": _moment(old, t), "new": _moment(new, t)}
        return (
            t("Begins: <s>{old}</s> → {new}", **times)
            if what == "starts_at"
            else t("Ends: <s>{old}</s> → {new}", **times)
        )
    texts = {"old": old or "–", "new": new or "–"}
    if what in ("speaker", "people"):
        return t("With: <s>{old}</s> → {new}", **texts)
    if not privy:
        return None
    if what == "link":
        return t("Link: <s>{old}</s> → {new}", **texts)
    return t("How to join: <s>{old}</s> → {new}", **texts)


def _moment(text: str | None, t: Translator) -> str:
    return t.when(datetime.fromisoformat(text)) if text else "–"


SOON = timedelta(hours=12)
"""A change of what begins so soon does not wait for the morning."""
