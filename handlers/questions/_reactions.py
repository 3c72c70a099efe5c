"""The asker's reaction to an answer shows on the consultant's message in the topic.

The other way round nothing is passed on: what consultants think among themselves stays in their room.
"""

from __future__ import annotations

import json

from telegram import ReactionTypeEmoji

from bot import outbox
from bot.features import groups, questions
from bot.features.questions import Part, Question, Side
from bot.outbox import Lane, OutboxRow
from handlers._kit import Deed, Request, Screen
from handlers.questions._feature import feature, part_in
from handlers.questions._room import DELIVERED, to_room


@feature.reaction("question")
def reacted(request: Request) -> None:
    """Show the asker's newest reaction, or that it was taken back; other people's are left alone."""
    part_id = part_in(outbox.key_of(request.db, request.chat_id, request.heard.message_id or 0))
    part = request.db.get(Part, part_id) if part_id is not None else None
    if part is None or part.side is not Side.CONSULTANT:
        return
    question = questions.get(request.db, part.question_id)
    if question.asker_id != request.me.id or question.chat_id != request.chat_id or question.room_id is None:
        return
    changed = request.heard.update.message_reaction
    new = changed.new_reaction if changed is not None else ()
    emoji = next((one.emoji for one in reversed(new) if isinstance(one, ReactionTypeEmoji)), None)
    if new and emoji is None:
        say_reaction(request, question, None, key=question.key("reaction", request.update_id))
        return
    request.owe(
        "setMessageReaction",
        {
            "chat_id": part.chat_id,
            "message_id": part.message_id,
            "reaction": [{"type": "emoji", "emoji": emoji or DELIVERED}],
        },
        key=question.key("reaction", request.update_id),
        lane=Lane.ANSWER,
        about=question.key("reaction"),
    )


def say_reaction(deed: Deed, question: Question, emoji: str | None, *, key: str) -> None:
    """A reaction that the bot cannot set itself is said in a line."""
    room = groups.find(deed.db, question.room_id or 0)
    t = deed.words(language=room.language if room else None)
    text = t("The asker reacted: {emoji}", emoji=emoji) if emoji else t("The asker reacted with an emoji of their own.")
    to_room(deed, question, Screen(text, quiet=True), key=key)


def say_instead(deed: Deed, question: Question, row: OutboxRow) -> None:
    """Telegram did not take a reaction in the room: say it; that one was taken back needs no words."""
    emoji = json.loads(row.payload)["reaction"][0]["emoji"]
    if emoji != DELIVERED:
        say_reaction(deed, question, emoji, key=question.key("reacted", row.id))
