"""Kudos: a reaction or a tap in the group; who got them hears of it once a day at most, gathered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from markupsafe import Markup
from telegram import ReactionTypeEmoji

from bot.features import attention, wins
from bot.features.people import Member, Role
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Moment, Request, Screen
from handlers.wins._feature import ShowMine, feature, title_of
from handlers.wins._sharing import Cheer

UNKIND = frozenset("👎🤮💩🖕🤬😡🥱🤡🤨😐💔😢😭")
"""Reactions that are no kudos."""

PORTION = 100
"""Members who are told in one transaction."""


@feature.tap(Cheer, role=Role.GUEST)
def cheer(request: Request, tap: Cheer) -> Screen:
    """Kudos by a tap; a second tap takes them back."""
    win, t = wins.shared(request.db, tap.win, request.chat_id), request.t
    if win.member_id == request.me.id:
        return Screen(toast=t.label("This one is yours. Well done!"))
    if wins.tap(request.db, win, request.me.telegram_id, now=request.now):
        return Screen(toast=t.label("👏 Your colleague will hear of it."))
    return Screen(toast=t.label("Taken back."))


@feature.reaction("win")
def reacted(request: Request) -> None:
    """Kudos by a reaction to the message in the group, or taken back with it."""
    number = (request.about or "").partition(":")[2]
    win = wins.shared(request.db, int(number), request.chat_id)
    changed = request.heard.update.message_reaction
    if win.member_id != request.me.id and changed is not None:
        glad = any(not (isinstance(one, ReactionTypeEmoji) and one.emoji in UNKIND) for one in changed.new_reaction)
        wins.react(request.db, win, request.me.telegram_id, glad=glad, now=request.now)


@feature.tick(timedelta(minutes=10))
def tell(moment: Moment) -> timedelta | None:
    """Whoever got kudos hears of them, if they want to hear of the community."""
    members = wins.applauded(moment.db, now=moment.now, limit=PORTION)
    writable = [member for member in members if member.is_reachable]
    when = attention.moments(moment.db, writable, kind=attention.Kind.COMMUNITY, now=moment.now)
    muted, _full = attention.held_back(moment.db, writable, kind=attention.Kind.COMMUNITY, now=moment.now)
    for member in writable:
        if (at := when[member.id or 0]) is not None:
            _tell(moment, member, at)
    done_with = [member for member in writable if when[member.id or 0] is not None or member.id in muted]
    wins.told(moment.db, members, done_with=done_with, now=moment.now)
    return timedelta(0) if len(members) == PORTION else None


def _tell(moment: Moment, member: Member, at: datetime) -> None:
    t = moment.words(member)
    screen = Screen(
        _gathered(moment, wins.untold(moment.db, member), t),
        buttons=[[Button("✅ " + t.label("What I have done"), ShowMine())]],
    )
    key = f"wins:kudos:{member.id}:{moment.now:%Y%m%d%H%M}"
    kind, to = attention.Kind.COMMUNITY, member.telegram_id
    moment.post(screen, chat_id=to, key=key, lane=Lane.REMINDER, due_at=at, heeds=kind)


def _gathered(moment: Moment, got: Sequence[tuple[str, int]], t: Translator) -> Markup:
    return Markup("\n").join(_how_many(number, title_of(moment, step, t), t) for step, number in got)


def _how_many(number: int, title: str, t: Translator) -> Markup:
    return t.n(
        "👏 {n} colleague is happy for you: <b>{title}</b>",
        "👏 {n} colleagues are happy for you: <b>{title}</b>",
        number,
        title=title,
    )
