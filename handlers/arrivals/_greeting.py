"""Who comes to a community group is greeted there once, by name, together with those who came within the minute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from markupsafe import Markup
from telegram import ChatMember, User

from bot import outbox
from bot.features import arrivals, groups, people
from bot.features.arrivals import Greeting
from bot.features.groups import Group, Kind
from bot.features.people import Member
from bot.i18n import Language, Translator
from bot.outbox import receipt_of
from handlers._kit import Button, Event, Request, Screen
from handlers.arrivals._deciding import settled_elsewhere
from handlers.arrivals._feature import LINK, feature
from handlers.moderation import mention

DELETABLE = timedelta(hours=47)
"""Telegram lets a bot delete what it said for 48 hours."""

NAMED = 20
"""So many are greeted by name; a whole cohort that comes at once is too long a list."""

_INSIDE = (ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER)


@feature.event(Event.ARRIVAL)
def arrival(request: Request) -> None:
    """Somebody came or went: newcomers belong to the community from now on, and are greeted."""
    group = groups.find(request.db, request.chat_id)
    if group is None or group.kind is not Kind.COMMUNITY:
        return
    fresh = []
    for user, came in _moves(request):
        member = request.met(user)
        if not came:
            greeting = arrivals.leave(request.db, member, chat_id=group.chat_id, now=request.now)
            if greeting is not None:
                _name_no_more(request, group, greeting)
            continue
        people.admit(member)
        settled_elsewhere(request, member, group)
        if arrivals.arrive(request.db, member, chat_id=group.chat_id, now=request.now):
            fresh.append(member)
    if fresh:
        _greet(request, group, fresh)


def _moves(request: Request) -> Iterator[tuple[User, bool]]:
    """Who came (True) or went; Telegram says it in a message, and to administrators also without one."""
    changed = request.heard.update.chat_member
    if changed is not None:
        new = changed.new_chat_member
        inside = new.status in _INSIDE or (new.status == ChatMember.RESTRICTED and bool(new.to_dict()["is_member"]))
        yield new.user, inside
        return
    yield from ((user, True) for user in request.message.new_chat_members or () if not user.is_bot)
    if request.message.left_chat_member is not None:
        yield request.message.left_chat_member, False


def _greet(request: Request, group: Group, fresh: Sequence[Member]) -> None:
    """Say welcome, or put more names into the welcome of this minute; the one before goes."""
    greeting, replaced = arrivals.greet(request.db, fresh, chat_id=group.chat_id, now=request.now)
    named, count = arrivals.greeted(request.db, greeting, limit=NAMED)
    screen = welcome(named, count, _words(request, group, named), request.services.link)
    if not request.post(screen, chat_id=group.chat_id, key=greeting.key, about=greeting.key):
        _add_names(request, greeting, screen)
    if replaced is not None and request.now - replaced.begun_at < DELETABLE:
        _take_away(request, replaced)


def _take_away(request: Request, greeting: Greeting) -> None:
    gone = {"chat_id": greeting.chat_id, "message_id": receipt_of(greeting.key, "message_id")}
    request.owe("deleteMessage", gone, key=f"{greeting.key}:gone", needs=greeting.key)


def _name_no_more(request: Request, group: Group, greeting: Greeting) -> None:
    """Whoever has left is not welcomed any more; a greeting for nobody goes, or names nobody when it is too old for that."""
    named, count = arrivals.greeted(request.db, greeting, limit=NAMED)
    if not named and request.now - greeting.begun_at < DELETABLE:
        arrivals.close(greeting)
        _take_away(request, greeting)
        return
    _add_names(request, greeting, welcome(named, count, _words(request, group, named), request.services.link))


def _add_names(request: Request, greeting: Greeting, screen: Screen) -> None:
    """Whoever comes in a crowd costs the group no message: only the newest list of names is sent."""
    outbox.void(request.db, about=f"{greeting.key}:names", now=request.now)
    request.replace(
        screen,
        chat_id=greeting.chat_id,
        message_id=receipt_of(greeting.key, "message_id"),
        key=f"{greeting.key}:with:{request.update_id}",
        about=f"{greeting.key}:names",
        needs=greeting.key,
    )


def unname(request: Request, greetings: Sequence[Greeting]) -> None:
    """Somebody was forgotten: no greeting of them that still stands in a group has their name."""
    for greeting in greetings:
        group = groups.find(request.db, greeting.chat_id)
        stands = outbox.receipt(request.db, greeting.key) and not outbox.is_promised(request.db, f"{greeting.key}:gone")
        if group is not None and stands:
            _name_no_more(request, group, greeting)


def _words(request: Request, group: Group, named: Sequence[Member]) -> Translator:
    """Their language where they share one, else the group's."""
    languages: set[Language] = {member.language for member in named}
    language = languages.pop() if len(languages) == 1 else group.language
    return request.words(language=language)


def welcome(named: Sequence[Member], count: int, t: Translator, link: str) -> Screen:
    """The greeting itself, with the way into the private chat."""
    names = [mention(member) for member in named]
    if count > len(named):
        names.append(t.n("{n} more", "{n} more", count - len(named)))
    return Screen(_hello(names, t), buttons=[[Button("💬 " + t.label("Write to me"), f"{link}?start={LINK}")]], quiet=True)


def _hello(names: Sequence[Markup], t: Translator) -> Markup:
    if not names:  # whoever it was for has left
        return t(
            "Welcome to this group! Colleagues here start peer support for people living with diabetes. Ask me with /ask "
            "whatever you want to know, or write to me in private. The rules of this group: /rules"
        )
    return t(
        "Welcome, {names}! Colleagues here start peer support for people living with diabetes, just as you do. Ask me "
        "with /ask whatever you want to know, or write to me in private. The rules of this group: /rules",
        names=Markup(t.series(names)),
    )
