"""Sharing a win with a group: what it will see is shown first, a name goes along only where its owner says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from bot import outbox, screening
from bot.errors import Outdated
from bot.features import arrivals, groups, wins
from bot.features.groups import Group
from bot.features.people import Member, Role
from bot.features.wins import Win
from bot.outbox import JOINED, Lane, OutboxRow, receipt_of
from handlers import _identifiers
from handlers._kit import Button, Deed, Request, Screen, Tap, keyboard, one_below_the_other
from handlers.wins._card import card
from handlers.wins._digest import unname
from handlers.wins._feature import Keep, Rewrite, Share, feature, home_button, on_path, title_of

DELETABLE = timedelta(hours=47)
"""Telegram lets a bot delete what it said for 48 hours."""

NOTE_SHOWN = 600
"""Characters of the words that a group sees: with title and name they fit below a photo."""


@dataclass(frozen=True)
class To(Tap, prefix="wins.to"):
    """Into this group."""

    win: int
    chat: int


@dataclass(frozen=True)
class Publish(Tap, prefix="wins.publish"):
    """Into this group, with the name or without."""

    win: int
    chat: int
    named: bool


@dataclass(frozen=True)
class Cheer(Tap, prefix="wins.cheer"):
    """Kudos for a win in the group."""

    win: int


@feature.tap(Share, role=Role.TRAINEE)
def share(request: Request, tap: Share) -> Screen:
    """Which group, where there are several; then how."""
    on_path(request)
    win, t = wins.own(request.db, tap.win, request.me), request.t
    if win.shared_at is not None:
        return card(request, win)
    there = _groups(request)
    if not there:
        return Screen(toast=t.label("You and I are in no group together. Your small win is kept for you."), alert=True)
    if len(there) == 1:
        return _how(request, win, there[0])
    buttons = [Button(group.title, To(tap.win, group.chat_id)) for group in there]
    return Screen(t("With which group?"), buttons=[*one_below_the_other(buttons), [home_button(t)]], edit=True)


@feature.tap(To, role=Role.TRAINEE)
def to(request: Request, tap: To) -> Screen:
    """How it will look there."""
    on_path(request)
    win = wins.own(request.db, tap.win, request.me)
    return _how(request, win, _group(request, tap.chat)) if win.shared_at is None else card(request, win)


def _groups(request: Request) -> list[Group]:
    """The community groups but for those that the member was seen to leave."""
    gone = arrivals.left(request.db, request.me)
    return [group for group in groups.community(request.db) if group.chat_id not in gone]


def _group(request: Request, chat_id: int) -> Group:
    """One of them; raises Outdated."""
    found = next((group for group in _groups(request) if group.chat_id == chat_id), None)
    if found is None:
        raise Outdated
    return found


def _how(request: Request, win: Win, group: Group) -> Screen:
    """What the group will see, and the question about the name."""
    t, me, number = request.t, request.me, win.id or 0
    parts = [t("The group “{title}” will see this:", title=group.title), _words(request, win, me, group)]
    if findings := screening.find(win.note or ""):
        kinds = _identifiers.kinds_in_words(findings, t)
        parts.append(t("I have masked what may show who a patient is: {kinds}.", kinds=kinds))
    if len(win.note or "") > NOTE_SHOWN:
        parts.append(t("Your words are long: the group sees the beginning. All of them stay here for you."))
    if win.photos:
        parts.append(t.n("{n} photo goes with it.", "{n} photos go with it.", len(win.photos)))
    parts.append(t("Shall your name be with it?"))
    return Screen(
        Markup("\n\n").join(parts),
        buttons=[
            [Button(t.label("Yes, as {name}", name=me.shown_name), Publish(number, group.chat_id, True))],
            [Button(t.label("Without my name"), Publish(number, group.chat_id, False))],
            [Button("✏️ " + t.label("Write it anew"), Rewrite(number))],
            [Button("🔒 " + t.label("Keep it to myself"), Keep(number))],
        ],
        edit=True,
    )


def _words(deed: Deed, win: Win, by: Member | None, group: Group) -> Markup:
    """The message in the group, in its language; without a name where `by` is None."""
    t = deed.words(language=group.language)
    title = title_of(deed, win.step, t)
    if by is not None:
        head = t("🎉 <b>{name}</b> has done it: <b>{title}</b>", name=by.shown_name, title=title)
    else:
        head = t("🎉 A colleague has done it: <b>{title}</b>", title=title)
    note = screening.masked(win.note or "")
    note = note if len(note) <= NOTE_SHOWN else note[: NOTE_SHOWN - 1] + "…"
    return head + (Markup("\n<blockquote>{}</blockquote>").format(note) if note else Markup())


@feature.tap(Publish, role=Role.TRAINEE)
def publish(request: Request, tap: Publish) -> Screen:
    """Into the group it goes, once."""
    on_path(request)
    win = wins.own(request.db, tap.win, request.me)
    t = request.t
    if win.shared_at is None:
        if tap.chat in arrivals.left(request.db, request.me):
            gone = t.label("You are not in this group any more. Your small win is kept for you.")
            return replace(card(request, win), toast=gone, alert=True)
        group = _group(request, tap.chat)
        wins.share(win, group.chat_id, named=tap.named, now=request.now)
        _post(request, win, request.me if tap.named else None, group)
    return replace(card(request, win), toast=t.label("Your colleagues see it now. Well done!"))


def _post(request: Request, win: Win, by: Member | None, group: Group) -> None:
    """The words with the first photo and the button for kudos; the other photos as a reply to it."""
    t, key = request.words(language=group.language), f"{win.key}:{request.update_id}"
    screen = Screen(
        _words(request, win, by, group), buttons=[[Button("👏 " + t.label("Well done"), Cheer(win.id or 0))]]
    )
    if not win.photos:
        request.post(screen, chat_id=group.chat_id, key=key, about=win.key, lane=Lane.ANSWER)
        return
    first, *others = win.photos
    payload = {"chat_id": group.chat_id, "photo": first, "caption": str(screen.text), "parse_mode": "HTML"}
    payload["reply_markup"] = keyboard(screen.buttons)
    request.owe("sendPhoto", payload, key=key, about=win.key, lane=Lane.ANSWER)
    if others:
        _post_others(request, win, others, group, key)


def _post_others(request: Request, win: Win, photos: Sequence[str], group: Group, key: str) -> None:
    below = {"message_id": receipt_of(key, "message_id"), "allow_sending_without_reply": True}
    place: dict[str, Any] = {"chat_id": group.chat_id, "reply_parameters": below}
    keys = [f"{key}:{number}" for number in range(len(photos))]
    call, content = "sendPhoto", place | {"photo": photos[0]}
    if len(photos) > 1:
        media = [{"type": "photo", "media": photo} for photo in photos]
        call, content = "sendMediaGroup", place | {"media": media, JOINED: keys[1:]}
    request.owe(call, content, key=keys[0], about=win.key, lane=Lane.ANSWER, needs=key)
    for further in keys[1:]:
        outbox.join(request.db, further, to=keys[0])


def take_down(deed: Deed, win: Win) -> None:
    """Nothing of it stays in the group, as far as Telegram lets a bot take back what it said."""
    if win.shared_at is None or win.chat_id is None:
        return
    outbox.void(deed.db, about=win.key, now=deed.now)
    for row in outbox.arrived(deed.db, win.chat_id, about=win.key, since=win.shared_at):
        _away(deed, win.chat_id, row)
    chat_id, shared_at, named = win.chat_id, win.shared_at, win.named
    wins.keep(deed.db, win)
    deed.db.flush()
    if named:
        unname(deed, win, chat_id=chat_id, shared_at=shared_at)


def _away(deed: Deed, chat_id: int, row: OutboxRow) -> None:
    """Delete it; what is too old for that loses its words, and with them the name."""
    payload: dict[str, Any] = {"chat_id": chat_id, "message_id": receipt_of(row.key or "", "message_id")}
    method = "deleteMessage"
    if deed.now - row.created_at > DELETABLE:
        group = groups.find(deed.db, chat_id)
        t = deed.words(language=group.language if group else None).of(feature.name)
        method, name = ("editMessageText", "text") if row.method == "sendMessage" else ("editMessageCaption", "caption")
        payload[name] = str(t("A small win; it was taken back."))
    deed.owe(method, payload, key=f"{row.key}:away", lane=Lane.ANSWER, needs=row.key)
