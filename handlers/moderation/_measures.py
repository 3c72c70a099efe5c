"""Warn, mute, remove: with a reason, noted in the log, and each can be undone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from markupsafe import Markup
from telegram import User

from bot.errors import CannotModerate
from bot.features import groups, moderation
from bot.features.groups import Kind as GroupKind
from bot.features.moderation import Kind, Measure
from bot.features.people import Member, Role
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen
from handlers.moderation._calls import ban, delete, let_speak, overtake, silence, unban
from handlers.moderation._feature import Undo, feature
from handlers.moderation._words import deed_words, group_words, mention, name_of, reason_words, tell, title_of

USUAL_MUTE = timedelta(hours=1)
_TIME = re.compile(
    r"(\d{1,5})\s*(minutes?|mins?|m|hours?|h|days?|d|分钟|分鐘|分|小时|小時|天)(?=\s|$)\s*", re.IGNORECASE
)
_UNITS = {"m": "minutes", "分": "minutes", "h": "hours", "小": "hours", "d": "days", "天": "days"}


@feature.command("warn", role=Role.ORGANIZER, in_groups=True, open_to_groups=True)
def warn(request: Request) -> None:
    """Tell somebody what is not all right."""
    _by_reply(request, Kind.WARN)


@feature.command("mute", role=Role.ORGANIZER, in_groups=True, open_to_groups=True)
def mute(request: Request) -> None:
    """Let somebody only read for a while: /mute 2h too loud."""
    _by_reply(request, Kind.MUTE)


@feature.command("remove", role=Role.ORGANIZER, in_groups=True, open_to_groups=True)
def remove(request: Request) -> None:
    """Take somebody out of the group."""
    _by_reply(request, Kind.REMOVE)


def _by_reply(request: Request, kind: Kind) -> None:
    """The measure against whoever wrote what this is a reply to; the command itself does not stay in the group."""
    target = _author(request)
    lasts, reason = read_measure(_arguments(request), kind)
    if not reason:
        raise CannotModerate("reason")
    take(request, target, chat_id=request.chat_id, kind=kind, reason=reason, lasts=lasts)
    delete(request, request.chat_id, request.message.message_id, key=f"command:{request.update_id}")


def _author(request: Request) -> Member:
    replied = request.message.reply_to_message
    group = groups.find(request.db, request.chat_id)
    if request.heard.private or replied is None or group is None or group.kind is not GroupKind.COMMUNITY:
        raise CannotModerate("whom")
    author = author_of(request, replied.from_user if replied.sender_chat is None else None)
    if author is None:
        raise CannotModerate("whom")
    return author


def author_of(request: Request, user: User | None) -> Member | None:
    """The person who wrote something; None for bots, channels and anonymous administrators."""
    if user is None or user.is_bot:
        return None
    return request.met(user)


def _arguments(request: Request) -> str:
    """What stands behind the command itself, never the words that it replies to."""
    return (request.message.text or "").partition(" ")[2].strip()


def read_measure(words: str, kind: Kind) -> tuple[timedelta | None, str]:
    """How long, for a mute, and why; raises CannotModerate for a time that cannot be."""
    if kind is not Kind.MUTE:
        return None, words
    found = _TIME.match(words)
    if found is None:
        return USUAL_MUTE, words
    lasts = timedelta(**{_UNITS[found[2][0].lower()]: int(found[1])})
    if not moderation.MUTES[0] <= lasts <= moderation.MUTES[1]:
        raise CannotModerate("time")
    return lasts, words[found.end() :]


def take(
    request: Request, target: Member, *, chat_id: int, kind: Kind, reason: str, lasts: timedelta | None = None
) -> Measure:
    """Do it, note it, tell the person why and the organizer how to undo it."""
    moderation.check(target, by=request.me)
    taken = moderation.just_taken(request.db, target, chat_id=chat_id, kind=kind, by=request.me, now=request.now)
    if taken is not None:
        return taken
    until = request.now + (lasts or USUAL_MUTE) if kind is Kind.MUTE else None
    measure = note(request, target, chat_id=chat_id, kind=kind, reason=reason, until=until, by=request.me)
    if kind is Kind.REMOVE:
        ban(request, measure, target)
    _tell_target(request, measure, target)
    t = request.t.of("moderation")
    undo_row = [[_undo_button(measure, t, listed=False)]]
    request.post(
        Screen(entry(request, measure, t), buttons=undo_row), chat_id=request.me.telegram_id, key=measure.key("made")
    )
    return measure


def note(
    request: Request,
    target: Member,
    *,
    chat_id: int,
    kind: Kind,
    reason: str,
    by: Member | None,
    until: datetime | None = None,
) -> Measure:
    """Enter it in the log; a silence begins at once, and ends an earlier one's say."""
    earlier = moderation.silences(request.db, target, chat_id=chat_id, now=request.now)
    measure = moderation.note(
        request.db, target, chat_id=chat_id, kind=kind, reason=reason, by=by, now=request.now, until=until
    )
    if until is not None:
        for silent in earlier:
            overtake(request, silent)
        silence(request, measure, target)
    return measure


def _tell_target(request: Request, measure: Measure, target: Member) -> None:
    private = Screen(_told(request, measure, request.words(target).of("moderation")))
    t = group_words(request, measure.chat_id)
    if measure.kind is Kind.REMOVE:  # nobody is named in front of the others for what they cannot answer to
        if target.started_at is not None:
            request.post(private, chat_id=target.telegram_id, key=measure.key("told"), needs=measure.key("ban"))
        return
    public = Screen(t("{name}: {text}", name=mention(target), text=_told(request, measure, t)), quiet=True)
    needs = measure.key("silence") if measure.kind is Kind.MUTE else None
    tell(request, target, measure.chat_id, private, public, key=measure.key("told"), needs=needs)


def _told(request: Request, measure: Measure, t: Translator) -> Markup:
    """What the person hears: what was done, why, and that there is a human to talk to."""
    title, reason = title_of(request, measure.chat_id), reason_words(measure.reason, t)
    if measure.kind is Kind.WARN:
        return t("An organizer asks you to mind the rules of “{title}”: {reason}. /rules", title=title, reason=reason)
    if measure.kind is Kind.MUTE and measure.until is not None:
        return t(
            "In “{title}” you can read, and write again from {when}. The reason: {reason}. If this is a mistake, please tell "
            "an organizer.",
            title=title,
            reason=reason,
            when=t.when(measure.until),
        )
    return t(
        "An organizer has taken you out of “{title}”. The reason: {reason}. If this is a mistake, please tell an organizer: "
        "it can be undone.",
        title=title,
        reason=reason,
    )


def entry(request: Request, measure: Measure, t: Translator) -> Markup:
    """One entry of the log: who, what, why, when, by whom, and whether it was undone."""
    t = t.of("moderation")
    by = name_of(request, measure.made_by) if measure.made_by else t.label("the bot")
    text = t(
        "<b>{name}</b> {deed} in “{title}”: {reason} ({by}, {when})",
        name=name_of(request, measure.member_id),
        deed=deed_words(measure, t),
        title=title_of(request, measure.chat_id),
        reason=reason_words(measure.reason, t),
        by=by,
        when=t.when(measure.made_at),
    )
    if measure.until is not None:
        text += Markup("\n") + t("Until {when}.", when=t.when(measure.until))
    if measure.undone_at is not None:
        text += Markup("\n") + t("↩️ Undone by {name}.", name=name_of(request, measure.undone_by))
    return text


def _undo_button(measure: Measure, t: Translator, *, listed: bool) -> Button:
    label = t.label("Undo")
    if listed:
        label = f"{label} #{measure.id}"
    return Button("↩️ " + label, Undo(measure.id or 0, listed))


def undo_button(measure: Measure, t: Translator) -> Button:
    """The button of an entry in the log."""
    return _undo_button(measure, t, listed=True)


def take_back(request: Request, measure_id: int) -> Measure:
    """Undo a measure and tell the person; raises Outdated. One that was undone stays as it is."""
    measure = moderation.locked(request.db, measure_id)
    target = request.db.get(Member, measure.member_id)
    if target is None or not moderation.undo(measure, by=request.me, now=request.now):
        return measure
    if measure.kind is Kind.REMOVE:
        unban(request, measure, target)
    elif measure.kind is not Kind.WARN:
        let_speak(request, measure, target)
    t = request.words(target).of("moderation")
    text = t(
        "“{title}”: what an organizer did about you is undone. Sorry for that.",
        title=title_of(request, measure.chat_id),
    )
    if measure.kind is Kind.REMOVE:
        text = t.sentences(text, t("You can join again."))
    if target.is_reachable:
        request.post(Screen(text), chat_id=target.telegram_id, key=measure.key("sorry"))
    return measure
