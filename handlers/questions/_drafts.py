"""A question that has not been sent: what was said in one breath belongs to it, and what is shown of it is the newest."""

from __future__ import annotations

from bot import outbox
from bot.features import faq, questions
from bot.features.faq import Asked
from bot.features.questions import Part, Question, Side
from handlers._kit import Request

DRAFT = "draft"
"""What the confirmation is about: `question:12:draft`."""


def gather(request: Request, draft: Question, asked: Asked) -> None:
    """Add what the asker wrote in the same breath, in private, and what no other question has; the same words once."""
    if not request.heard.private:
        return
    words = {draft.text.strip().casefold()}
    for other in faq.burst(request.db, asked):
        text = (other.text or "").strip().casefold()
        if text in words and other.media is None:
            continue
        if keep(request, draft, other) is not None:
            words.add(text)


def keep(request: Request, question: Question, asked: Asked) -> Part | None:
    """Put words that were kept into a question's story; None when they belong to a question already."""
    if questions.of_message(request.db, request.me, asked.chat_id, asked.message_id) is not None:
        return None
    return questions.tell(
        request.db,
        question,
        side=Side.ASKER,
        author=request.me,
        chat_id=asked.chat_id,
        message_id=asked.message_id,
        now=request.now,
        text=asked.text,
        entities=asked.entities,
        media=asked.media,
    )


def throw_away(request: Request, question: Question) -> bool:
    """Give a draft up, with the confirmation that shows it; False when it was sent already."""
    if question.state is not questions.State.DRAFT:
        return False
    hide_confirmation(request, question)
    return questions.discard(request.db, question)


def hide_confirmation(request: Request, draft: Question) -> None:
    """Nothing may be sent from what is no longer the newest."""
    about = draft.key(DRAFT)
    outbox.void(request.db, about=about, now=request.now)
    for row in outbox.arrived(request.db, draft.chat_id, about=about):
        request.owe(
            "deleteMessage",
            {"chat_id": row.chat_id, "message_id": outbox.receipt_of(row.key or "", "message_id")},
            key=f"{about}:{row.id}:hidden",
            needs=row.key,
        )
