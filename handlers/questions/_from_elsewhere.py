"""Questions that were asked elsewhere and come to the desk without their asker's tap: they keep their thread in private."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import TooManyOpen
from bot.features import faq, groups, questions
from bot.features.people import Member
from bot.features.questions import Question
from bot.search import Match
from handlers._kit import Deed, Screen
from handlers.questions._asking import receipt
from handlers.questions._feature import feature
from handlers.questions._offers import bring
from handlers.questions._timing import promise


def bring_to_desk(
    deed: Deed, asker: Member, *, text: str, anonymous: bool, match: Match, chat_id: int, message_id: int
) -> Question | None:
    """Pass a question on for its asker, who agreed to that before, and tell them its number; None when they have too many open.

    `chat_id` and `message_id` are where they wrote it, so that what they change there follows.
    """
    deed = replace(deed, context=feature.name)  # another feature's deed, but the desk's words
    asked = faq.record(
        deed.db, asker=asker, text=text, match=match, chat_id=chat_id, message_id=message_id, now=deed.now
    )
    asked.decision, asked.shown = "expert", None
    nearly = asked.entries[:3]
    question = questions.draft(
        deed.db,
        asker=asker,
        asked_id=asked.id or 0,
        text=text,
        entities=None,
        language=match.lang,
        category=next((entry.partition(".")[0] for entry in nearly), None),
        nearly=nearly,
        chat_id=chat_id,
        message_id=message_id,
        thread_id=None,
        media=None,
        now=deed.now,
    )
    try:
        questions.send(deed.db, question, anonymous=anonymous, now=deed.now)
    except TooManyOpen:
        questions.discard(deed.db, question)
        faq.set_aside(asked)
        return None
    promise(deed, question)
    room = groups.room(deed.db)
    if room is not None:
        bring(deed, question, room)
    deed.post(
        Screen(receipt(question, deed.words(asker), placed=room is not None)),
        chat_id=asker.telegram_id,
        key=question.key("receipt"),
        about=question.key("receipt"),
    )
    return question
