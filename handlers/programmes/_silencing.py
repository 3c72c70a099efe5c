"""What goes is taken back: a card from the groups where it was presented, a question from the words that are kept."""

from __future__ import annotations

from datetime import timedelta

from bot import outbox
from bot.features import groups, programmes
from bot.features.programmes import PosterQuestion, Programme
from handlers._kit import Deed

DELETABLE = timedelta(hours=47)
"""Telegram lets a bot delete its own messages for 48 hours."""


def take_down(deed: Deed, card: Programme) -> None:
    """A card leaves the wall: it is not posted any more, and goes from the groups where that is still possible."""
    for one in programmes.posters_about(deed.db, card):
        about = f"poster:{one.id}"
        outbox.void(deed.db, about=about, now=deed.now)
        for group in groups.community(deed.db):
            for row in outbox.arrived(deed.db, group.chat_id, about=about, since=deed.now - DELETABLE):
                _delete(deed, group.chat_id, row.message_id)
        outbox.blank(deed.db, about, about=about)


def _delete(deed: Deed, chat_id: int, message_id: int | None) -> None:
    if message_id is not None:
        payload = {"chat_id": chat_id, "message_id": message_id}
        deed.owe("deleteMessage", payload, key=f"poster:gone:{chat_id}:{message_id}")


def withdraw_question(deed: Deed, question: PosterQuestion) -> None:
    """What somebody asked is not passed on any more, and its words are forgotten."""
    about = f"posterthread:{question.id}"
    outbox.void(deed.db, about=about, now=deed.now)
    outbox.blank(deed.db, f"posterquestion:{question.id}", about=about)
