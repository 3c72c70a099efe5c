"""Notices from the moment when they are due: who gets them and when, what can be done about it, what came of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import col, select

from bot import outbox
from bot.features import attention, notices, people
from bot.features.notices import EVERYONE, Notice, NoticeRecipient, NoticeText, Outcome, State
from bot.features.people import Member
from tests.conftest import SetClock
from tests.town import Seat, Town

ENGLISH, CHINESE = "The webinar is on <b>Friday</b>.", "网络讲座在<b>周五</b>。"


def due(
    town: Town,
    texts: dict[str, str] | None = None,
    *,
    signup: bool = False,
    groups: tuple[int, ...] = (),
    people_too: bool = True,
    media: list[dict[str, Any]] | None = None,
    poll: dict[str, Any] | None = None,
    **fields: Any,
) -> int:
    """A notice of the organizer that is due now, ready for the next tick."""
    texts = texts if texts is not None else {"en": ENGLISH, "zh_Hans": CHINESE}
    with town.database.transaction() as db:
        author = people.find(db, town.organizer.id)
        assert author is not None
        notice = Notice(
            author_id=author.id,
            state=State.SCHEDULED,
            due_at=town.now(),
            audience=EVERYONE | {"people": people_too, "groups": list(groups)},
            buttons=[{"kind": "signup", "labels": {"en": "Sign me up", "zh_Hans": "我要参加"}}] if signup else [],
            fallback="en" if "en" in texts else "zh_Hans",
            created_at=town.now(),
            changed_at=town.now(),
            **fields,
        )
        db.add(notice)
        db.flush()
        for language, html in texts.items():
            db.add(NoticeText(notice_id=notice.id, language=language, html=html, media=media or [], poll=poll))
        return notice.id or 0


def goes_out(town: Town, notice_id: int, clock: SetClock) -> None:
    """The clock wakes, and everything comes to rest."""
    clock.moves(seconds=31)
    town.settle()
    clock.moves(seconds=2)
    town.settle()


def outcomes(town: Town, notice_id: int) -> dict[str, str | None]:
    """By name (a group has none), what became of it."""
    with town.database.reading() as db:
        rows = db.exec(select(NoticeRecipient).where(NoticeRecipient.notice_id == notice_id)).all()
        names = {member.id: member.telegram_name for member in db.exec(select(Member))}
        return {names.get(row.member_id, ""): row.outcome for row in rows}


def test_everybody_gets_it_in_their_own_language_and_the_author_a_report(town: Town, clock: SetClock) -> None:
    number = due(town)
    goes_out(town, number, clock)
    town.private(town.trainee).sees("The webinar is on Friday.")
    town.private(town.consultant).sees("网络讲座在周五。")
    town.private(town.other_trainee).sees("網路講座在週五。")
    report = town.private(town.organizer).sees("has gone out")
    assert "Delivered to 5 of 5" in report.text
