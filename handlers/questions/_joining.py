"""What the asker writes while a question waits to be sent joins it."""

from __future__ import annotations

from datetime import timedelta

from bot.errors import TextMissing
from bot.features import questions
from bot.features.questions import Question, Side
from handlers._kit import Request, Screen, said
from handlers.questions._asking import confirm
from handlers.questions._drafts import DRAFT, hide_confirmation
from handlers.questions._feature import id_in
from handlers.questions._room import note_down

JOINS_FOR = timedelta(minutes=10)
"""How long after a confirmation was shown further words join the question, unless the FAQ surely answers them."""


def open_draft(request: Request, about: str, age: timedelta) -> Question | None:
    """The draft whose confirmation is the last that was said, if these words belong to it."""
    question_id = id_in(about)
    if question_id is None or not about.endswith(f":{DRAFT}") or age > JOINS_FOR:
        return None
    if request.prepared is not None and request.prepared.decision == "answer":
        return None
    return questions.draft_of(request.db, request.me, question_id)


def join(request: Request, draft: Question) -> Screen | None:
    """Add what was just said, and show anew what will be passed on."""
    content = said(request.message)
    if content.unknown:
        return Screen(
            request.t(
                "I cannot send this kind of message to the experts. Please write it in words, or send a photo, a "
                "document or a voice message."
            )
        )
    if not content.text.strip() and content.media is None:
        raise TextMissing
    if note_down(request, draft, Side.ASKER, content) is None:
        return None
    hide_confirmation(request, draft)
    return confirm(request, draft)
