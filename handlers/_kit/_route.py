"""Where an update goes, and what has to hold before it is there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot import outbox
from bot.errors import NotAllowed, NotHere, Outdated
from bot.features.people import Member, Role
from handlers._kit._acknowledging import Shown
from handlers._kit._cutting import refuse_rest
from handlers._kit._features import Trigger
from handlers._kit._request import Heard, Request
from handlers._kit._screens import Screen


@dataclass(frozen=True)
class Route:
    """Where an update goes, found before anything is written."""

    heard: Heard
    trigger: Trigger | None
    about: str | None
    language: str
    pending: dict[str, Any]
    role: Role = Role.GUEST
    further: bool = False
    """Whether it is a further message of an album, which leaves what its first message began as it is."""

    member: Member | None = None
    """Who said it, as long as the transaction lasts in which that was looked up."""


def waiting(member: Member | None, now: datetime) -> dict[str, Any]:
    """The member's pending step; one that was to wait `until` a moment that has passed waits no longer."""
    pending = (member.pending if member else None) or {}
    until = pending.get("until")
    return {} if until is not None and datetime.fromisoformat(until) < now else pending


def said_about(db: Session, heard: Heard) -> str | None:
    """What the bot's message is about that somebody replied or reacted to."""
    if heard.kind == "reaction":
        return outbox.about(db, heard.chat_id, heard.message_id or 0)
    if heard.kind not in ("message", "stranger") or heard.message is None or heard.message.reply_to_message is None:
        return None
    return outbox.about(db, heard.chat_id, heard.message.reply_to_message.message_id)


def checked_run(request: Request, route: Route, rooms: Collection[int]) -> Shown:
    """Run the handler, if this person may do that in this place; raises DomainError."""
    trigger = route.trigger
    if trigger is None:
        raise Outdated
    if not request.me.role.reaches(trigger.role):
        raise NotAllowed(trigger.role)
    if route.heard.command is not None and not route.heard.private and not trigger.in_groups:
        return _only_in_private(request)
    if trigger.confidential and not route.heard.private and route.heard.chat_id not in rooms:
        raise NotHere
    if trigger.tap is not None:
        return trigger.run(request, trigger.tap.unpack(route.heard.data or ""))
    refuse_rest(route.pending, route.heard)
    return trigger.run(request)


def _only_in_private(request: Request) -> Screen:
    t = request.t.of("_kit")
    return Screen(t('This works in our private chat: <a href="{link}">open it here</a>.', link=request.services.link))
