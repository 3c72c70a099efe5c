"""Somebody writes more than others can follow: a short pause, with the reason, and a note in the log."""

from __future__ import annotations

from bot.features import groups, moderation
from bot.features.groups import Kind as GroupKind
from bot.features.moderation import Kind
from bot.features.people import Role
from handlers._kit import Event, Request, Screen
from handlers.moderation._feature import feature
from handlers.moderation._measures import note
from handlers.moderation._words import group_words, mention


@feature.event(Event.FLOOD)
def slow_down(request: Request) -> None:
    """A pause for the person, told in the group: the others have seen why."""
    group = groups.find(request.db, request.chat_id)
    if group is None or group.kind is not GroupKind.COMMUNITY or request.me.role.reaches(Role.CONSULTANT):
        return
    if moderation.silences(request.db, request.me, chat_id=group.chat_id, now=request.now):
        return
    until = request.now + moderation.FLOOD_PAUSE
    measure = note(request, request.me, chat_id=group.chat_id, kind=Kind.FLOOD, reason="flood", by=None, until=until)
    t = group_words(request, group.chat_id)
    text = t(
        "{name}, that was a lot at once. So that others can follow, you can write again from {time}. Nothing is held "
        "against you.",
        name=mention(request.me),
        time=t.time(until),
    )
    request.post(Screen(text, quiet=True), chat_id=group.chat_id, key=measure.key("told"), needs=measure.key("silence"))
