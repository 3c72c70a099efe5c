"""Every three months the owner of a card is asked: still true?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from bot.features import attention, programmes
from bot.features.attention import Kind
from bot.features.people import Role
from bot.features.programmes import Programme
from bot.outbox import Lane
from handlers._kit import Button, Moment, Request, Screen, Tap
from handlers.programmes._feature import Edit, feature, home_button, own
from handlers.programmes._week import author_of
from handlers.programmes._words import card_text, title_of

PORTION = 50


@dataclass(frozen=True)
class StillTrue(Tap, prefix="programmes.true"):
    """The card is as it was."""

    card: int


@feature.tick(timedelta(hours=1))
def remind(moment: Moment) -> timedelta | None:
    """Ask the owners whose time has come, as far as they want to hear of it; those who do not are tried again in a week."""
    due = programmes.due(moment.db, now=moment.now, limit=PORTION)
    for card in due:
        programmes.asked(card, now=moment.now, reached=_ask(moment, card))
    return timedelta(0) if len(due) == PORTION else None


def _ask(moment: Moment, card: Programme) -> bool:
    author = author_of(moment, card)
    when = attention.moment(moment.db, author, kind=Kind.COMMUNITY, now=moment.now) if author is not None else None
    if author is None or when is None:
        return False
    t, seen = moment.words(author), programmes.view(card, author)
    lines = [t("Your programme's card: is this still true?"), card_text(seen, t)]
    buttons = [
        [
            Button("✅ " + t.label("Still true"), StillTrue(card.id or 0)),
            Button("✏️ " + t.label("Change"), Edit(card.id or 0)),
        ]
    ]
    key = f"programme:{card.id}:true:{moment.now:%Y-%m-%d}"
    screen = Screen(Markup("\n\n").join(lines), buttons=buttons)
    kind, to = Kind.COMMUNITY, author.telegram_id
    return moment.post(screen, chat_id=to, key=key, lane=Lane.REMINDER, due_at=when, heeds=kind)


@feature.tap(StillTrue, role=Role.TRAINEE)
def still_true(request: Request, tap: StillTrue) -> Screen:
    """Good for another three months."""
    card = own(request, tap.card)
    if card.published_at is not None:
        programmes.confirm(card, now=request.now)
    name = title_of(programmes.view(card, request.me), request.t)
    text = request.t("Thank you! “{name}” is confirmed; I ask again in three months.", name=name)
    return Screen(text, buttons=[[home_button(request.t)]], edit=True)
