"""The open consultation: the community's groups hear when it begins and ends, and the consultants are there."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from bot import outbox
from bot.features import consultations, groups
from bot.features.groups import Group
from bot.features.people import Member
from bot.outbox import Lane
from bot.timetable import SessionRow
from handlers._kit import Moment, Screen
from handlers.consultations._feature import feature
from handlers.consultations._telling import tell
from handlers.consultations._words import names, title_of

LONGEST = timedelta(hours=12)
LATE = timedelta(minutes=30)
"""An end that could not be said within this time is not said any more."""


@feature.tick(timedelta(0))
def open_and_close(moment: Moment) -> None:
    """Say it in each community group once, and to the consultants on duty."""
    for session in consultations.near(moment.db, since=moment.now - LONGEST, until=moment.now):
        if not consultations.is_open(session):
            continue
        if moment.now < session.ends_at:
            _open(moment, session)
        elif moment.now - session.ends_at < LATE:
            _close(moment, session)


def _key(session: SessionRow, what: str, whose: object) -> str:
    return f"consultation:{session.id}:{what}:{int(session.starts_at.timestamp())}:{whose}"


def _open(moment: Moment, session: SessionRow) -> None:
    consultants = consultations.consultants(moment.db, session.id or 0)
    for group in groups.community(moment.db):
        t = moment.words(language=group.language).on(group.timezone)
        parts = [
            Markup("<b>{}</b>").format(title_of(moment, session, t)),
            t("🟢 The open consultation begins, until {time}.", time=t.time(session.ends_at)),
            *([t("On duty: {names}", names=names(moment, consultants, t))] if consultants else []),
            t("Ask here with /ask, or me in private: what goes to the experts now reaches them at once."),
        ]
        _say(moment, group, Screen(Markup("\n").join(parts)), _key(session, "opens", group.chat_id))
    for member_id in consultants:
        _tell_on_duty(moment, session, moment.db.get(Member, member_id))


def _tell_on_duty(moment: Moment, session: SessionRow, member: Member | None) -> None:
    if member is None or outbox.is_promised(moment.db, _key(session, "duty", member.id)):
        return
    t = moment.words(member)
    text = t(
        "🟢 The open consultation begins, and you are on duty until {time}. What is asked comes to you here at once.",
        time=t.time(session.ends_at),
    )
    tell(moment, member, Screen(text), key=_key(session, "duty", member.id), starts_at=session.starts_at)


def _close(moment: Moment, session: SessionRow) -> None:
    for group in groups.community(moment.db):
        if not outbox.is_promised(moment.db, _key(session, "opens", group.chat_id)):
            continue
        t = moment.words(language=group.language).on(group.timezone)
        text = t(
            "⚪ The open consultation is over. Thank you for your questions! What is still open is answered by the experts "
            "as always; the next consultation is in /consult"
        )
        _say(moment, group, Screen(text), _key(session, "closes", group.chat_id))


def _say(moment: Moment, group: Group, screen: Screen, key: str) -> None:
    moment.post(screen, chat_id=group.chat_id, key=key, lane=Lane.REMINDER)
