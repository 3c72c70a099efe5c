"""What a person sees of their own in /mydata, and what becomes of it when they leave."""

from __future__ import annotations

from typing import Any

from bot.features import programmes
from bot.features.people import Member
from bot.features.programmes import Level, Programme
from handlers._kit import Button, Request, Screen, chosen
from handlers.programmes._feature import Edit, feature
from handlers.programmes._silencing import take_down, withdraw_question
from handlers.programmes._words import title_of


def of_person(request: Request) -> dict[str, Any]:
    """Their cards, what they asked authors and applauded, and what they look for."""
    db, me = request.db, request.me
    search = programmes.search_of(db, me)
    return {
        "programmes": {
            "cards": [_card(card, me) for card in programmes.of(db, me)],
            "asked_authors": chosen(programmes.questions_by(db, me), "text", "asked_at", "answered_at"),
            "applauded": chosen(programmes.kudos_by(db, me), "poster_id", "at"),
            "reported_cards": chosen(programmes.reports_by(db, me), "programme_id", "why", "said_at"),
            "looks_for": search.model_dump(mode="json", include={"words", "filters"}) if search is not None else None,
        }
    }


def _card(card: Programme, me: Member) -> dict[str, Any]:
    return card.model_dump(mode="json", exclude={"owner_id", "co_owner_id", "code"}) | {"owner": card.owner_id == me.id}


def forget(request: Request) -> None:
    """The person's cards pass to their co-owners, who hear of it, or go."""
    for card in programmes.of(request.db, request.me):
        if card.owner_id == request.me.id and card.co_owner_id is None:
            take_down(request, card)
    for question in programmes.questions_by(request.db, request.me):
        withdraw_question(request, question)
    for card in programmes.forget(request.db, request.me, now=request.now):
        owner = request.db.get(Member, card.owner_id)
        if owner is None:
            continue
        t = request.words(owner).of(feature.name)
        name = title_of(programmes.view(card, Level.ME), t)
        text = t(
            "The card “{name}” is yours alone now: its owner has left. Please look whether it is still true.", name=name
        )
        button = Button("✏️ " + t.label("Change"), Edit(card.id or 0))
        request.post(
            Screen(text, buttons=[[button]]), chat_id=owner.telegram_id, key=f"programme:{card.id}:yours:{owner.id}"
        )


feature.keeps(of_person, forgotten=forget)
