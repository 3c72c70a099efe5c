"""A card kept by two: a colleague takes up a code, becomes co-owner, and either can end it."""

from __future__ import annotations

from bot.features import programmes
from bot.features.people import Member, Role
from bot.features.programmes import Level, Programme
from handlers._kit import Button, Request, Screen
from handlers.programmes._cards import Alone, Share, edit_screen
from handlers.programmes._feature import Edit, Home, Show, feature, home_button, own
from handlers.programmes._words import title_of


@feature.tap(Share, role=Role.TRAINEE)
def share(request: Request, tap: Share) -> Screen:
    """A line to send to the colleague, who takes it up in their own chat."""
    card, t = own(request, tap.card), request.t
    code = programmes.code_of(request.db, card)
    text = t(
        "Send this line to your colleague, who writes it to me in private:\n\n<code>/programmes join {code}</code>\n\n"
        "Then you both can change the card, and it stays if you leave.",
        code=code,
    )
    return Screen(text, buttons=[[Button("‹ " + t.label("Back"), Edit(tap.card))]], edit=True)


@feature.tap(Alone, role=Role.TRAINEE)
def alone(request: Request, tap: Alone) -> Screen:
    """One owner again: the first one; a co-owner can only leave."""
    card = own(request, tap.card)
    leaving = card.co_owner_id == request.me.id
    programmes.leave_alone(request.db, card, now=request.now)
    if not leaving:
        return edit_screen(request, card, edit=True)
    return Screen(request.t("You are not a co-owner any more."), buttons=[[home_button(request.t)]], edit=True)


def joined(request: Request, code: str) -> Screen:
    """The colleague has become co-owner; the owner hears of it. Raises CardUnfit."""
    card = programmes.join(request.db, request.me, code, now=request.now)
    _tell_owner(request, card)
    t = request.t
    name = title_of(programmes.view(card, request.me), t)
    text = t("You now keep the card “{name}” together with its owner.", name=name)
    return Screen(
        text, buttons=[[Button(t.label("See the card"), Show(card.id or 0))], [Button(t.label("All"), Home())]]
    )


def _tell_owner(request: Request, card: Programme) -> None:
    owner = request.db.get(Member, card.owner_id)
    if owner is None:
        return
    t = request.words(owner)
    name = title_of(programmes.view(card, Level.ME), t)
    text = t("{who} now keeps the card “{name}” together with you.", who=request.me.shown_name, name=name)
    key = f"programme:{card.id}:joined:{request.me.id}:{request.update_id}"
    request.post(Screen(text), chat_id=owner.telegram_id, key=key)
