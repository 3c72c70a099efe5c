"""Whoever has no invitation is an organizer's to decide on: the first one's word counts, a later one sees who was."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from bot import outbox
from bot.features import arrivals, people
from bot.features.arrivals import JoinRequest, State
from bot.features.groups import Group
from bot.features.people import Member, Role
from bot.i18n import Translator
from bot.outbox import Lane
from handlers import _waking
from handlers._kit import Button, Deed, Request, Screen
from handlers.arrivals._feature import Decide, Look, Waiting, feature
from handlers.arrivals._words import card, group_title
from handlers.moderation import show_verdict


def let_in(deed: Deed, wish: JoinRequest, member: Member, *, by: Member | None) -> bool:
    """Admit somebody who asked, and tell them; False when somebody has decided before."""
    if not arrivals.decide(wish, State.ADMITTED, by=by, now=deed.now):
        return False
    arrivals.take_over_profile(wish, member)
    _settle(deed, wish, member, "approveChatJoinRequest")
    t = deed.words(member).of("arrivals")
    text = t(
        "You are in: welcome to “{title}”! I am here, too: just write your question to me.",
        title=group_title(deed, wish),
    )
    deed.post(
        Screen(text), chat_id=member.telegram_id, key=wish.key("in"), about=wish.key("told"), needs=wish.key("settled")
    )
    refresh(deed, wish)
    return True


def _settle(deed: Deed, wish: JoinRequest, member: Member, method: str) -> None:
    answer = {"chat_id": wish.chat_id, "user_id": member.telegram_id}
    deed.owe(method, answer, key=wish.key("settled"), about=f"rights:{wish.chat_id}:can_invite_users")


def ask_organizers(deed: Deed, wish: JoinRequest) -> None:
    """Bring what is known to every organizer who can be reached, after their night."""
    if not arrivals.hand_over(wish):
        return
    for organizer in people.reachable_organizers(deed.db):
        t = deed.words(organizer).of("arrivals")
        screen = Screen(card(deed, wish, t), buttons=_choice(wish, t))
        promised: dict[str, Any] = {"due_at": _waking.when_up(deed, organizer), "heeds": outbox.QUIET}
        deed.post(screen, chat_id=organizer.telegram_id, key=_card_key(wish, organizer), lane=Lane.ANSWER, **promised)


def _card_key(wish: JoinRequest, organizer: Member) -> str:
    return wish.key(f"card:{organizer.id}")


def _choice(wish: JoinRequest, t: Translator) -> list[list[Button]]:
    wish_id = wish.id or 0
    return [
        [
            Button("✅ " + t.label("Let in"), Decide(wish_id, admit=True)),
            Button(t.label("Decline"), Decide(wish_id, admit=False)),
        ]
    ]


@feature.tap(Decide, role=Role.ORGANIZER)
def decide(request: Request, tap: Decide) -> Screen:
    """The first organizer decides."""
    wish, t = arrivals.locked(request.db, tap.wish), request.t
    member = request.db.get(Member, wish.member_id)
    if member is None or not _decided(request, wish, member, admit=tap.admit):
        return Screen(verdict(request, wish, t), edit=True, toast=_outcome(request, wish, t).unescape(), alert=True)
    return Screen(verdict(request, wish, t), edit=True)


def _decided(request: Request, wish: JoinRequest, member: Member, *, admit: bool) -> bool:
    if admit:
        return let_in(request, wish, member, by=request.me)
    if not arrivals.decide(wish, State.DECLINED, by=request.me, now=request.now):
        return False
    _settle(request, wish, member, "declineChatJoinRequest")
    t = request.words(member)
    text = t(
        "The organizers could not let you into “{title}” this time. If you think that this is a mistake, please talk to the "
        "person who told you of the group: an invitation from an organizer opens it at once.",
        title=group_title(request, wish),
    )
    request.post(
        Screen(text),
        chat_id=member.telegram_id,
        key=wish.key("declined"),
        about=wish.key("told"),
        needs=wish.key("settled"),
    )
    refresh(request, wish)
    return True


def verdict(deed: Deed, wish: JoinRequest, t: Translator) -> Markup:
    """The card with what became of it."""
    return card(deed, wish, t) + Markup("\n\n") + _outcome(deed, wish, t.of("arrivals"))


def _outcome(deed: Deed, wish: JoinRequest, t: Translator) -> Markup:
    decider = deed.db.get(Member, wish.decided_by) if wish.decided_by else None
    if wish.state is State.ADMITTED and decider is None:
        return t("✅ Let in: they had an invitation after all.")
    name = decider.shown_name if decider else "…"
    if wish.state is State.ADMITTED:
        return t("✅ {name} has let them in.", name=name)
    if wish.state is State.DECLINED:
        return t("{name} has declined.", name=name)
    return t("This was settled in Telegram itself.")


def refresh(deed: Deed, wish: JoinRequest) -> None:
    """Show the verdict on the organizers' cards."""
    show_verdict(deed, wish.key, lambda t: verdict(deed, wish, t))


def settled_elsewhere(request: Request, member: Member, group: Group) -> None:
    """Somebody is in who still waited: another administrator was quicker, in Telegram itself."""
    for wish in arrivals.open_of(request.db, member, chat_id=group.chat_id):
        arrivals.decide(wish, State.GONE, by=None, now=request.now)
        arrivals.take_over_profile(wish, member)
        refresh(request, wish)


@feature.tap(Waiting, role=Role.ORGANIZER)
def waiting(request: Request, _tap: Waiting) -> Screen:
    """Who waits to be let in."""
    t = request.t
    rows = [[Button(_name(request, wish), Look(wish.id or 0))] for wish in arrivals.waiting(request.db)]
    return Screen(
        t("They would like to be let in:") if rows else t("Nobody waits to be let in."), buttons=rows, edit=True
    )


def _name(request: Request, wish: JoinRequest) -> str:
    member = request.db.get(Member, wish.member_id)
    return f"{member.shown_name if member else '…'} · {group_title(request, wish)}"[:60]


@feature.tap(Look, role=Role.ORGANIZER)
def look(request: Request, tap: Look) -> Screen:
    """One wish with the choice, or with what became of it."""
    wish, t = arrivals.locked(request.db, tap.wish), request.t
    if not wish.is_open:
        return Screen(verdict(request, wish, t), edit=True)
    return Screen(card(request, wish, t), buttons=_choice(wish, t), edit=True)


def waiting_button(request: Request) -> Button | None:
    """The way to those who wait, where somebody does."""
    t = request.t.of("arrivals")
    return Button(t.label("Waiting to be let in"), Waiting()) if arrivals.waiting(request.db, limit=1) else None
