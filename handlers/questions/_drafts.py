"""A question that has not been sent: what was said in one breath belongs to it, and what is shown of it is the newest."""

from __future__ import annotations

from markupsafe import Markup

from bot import outbox, screening
from bot.features import faq, questions
from bot.features.faq import Asked, Attachment
from bot.features.questions import Part, Question, Side, State
from handlers._kit import Request
from handlers.questions._attachments import withheld


def draft_about(question: Question) -> str:
    """What the message that shows a draft is about."""
    return f"draft:{question.id}"


def draft_in(about: str | None) -> int | None:
    """The draft that a message with this subject shows."""
    kind, _, number = (about or "").partition(":")
    return int(number) if kind == "draft" and number.isdigit() else None


def gather(request: Request, draft: Question, asked: Asked) -> None:
    """Add what the asker wrote in the same breath, in private, and what no other question has; the same words once."""
    if not request.heard.private:
        return
    words = {draft.text.strip().casefold()}
    for other in faq.burst(request.db, asked):
        text = (other.text or "").strip().casefold()
        if (text not in words or other.media is not None) and keep(request, draft, other):
            words.add(text)


def keep(request: Request, question: Question, asked: Asked) -> list[Part]:
    """Put words that were kept, and what came with them, into a question's story; nothing when they belong to one already.

    What can identify a patient is masked, as in everything that is added to a question.
    """
    if questions.of_message(request.db, request.me, asked.chat_id, asked.message_id) is not None:
        return []
    came = faq.attachments(request.db, asked.id)
    told = [_told(request, question, asked, one) for one in came] or [_told(request, question, asked, None)]
    return [part for part in told if part is not None]


def _told(request: Request, question: Question, asked: Asked, came: Attachment | None) -> Part | None:
    source = came or asked
    text, entities = screening.masked_message(source.text or "", source.entities)
    return questions.tell(
        request.db,
        question,
        side=Side.ASKER,
        author=request.me,
        chat_id=source.chat_id,
        message_id=source.message_id,
        now=request.now,
        text=text,
        entities=entities,
        media=source.media,
        album=came.album if came else None,
        file_id=came.file_id if came else None,
        file_name=came.file_name if came else None,
        file_size=came.file_size if came else None,
    )


def withheld_joined(request: Request, draft: Question) -> Markup | None:
    """Why something that joined a draft cannot go without a name; None when all of it can."""
    parts = questions.story(request.db, draft)
    reasons = (withheld(part.media, part.file_name, part.file_size, request.t) for part in parts)
    return next((reason for reason in reasons if reason is not None), None)


def throw_away(request: Request, question: Question) -> bool:
    """Give a draft up, with the confirmation that shows it; False when it was sent already."""
    if question.state is not State.DRAFT:
        return False
    hide_confirmation(request, question)
    return questions.discard(request.db, question)


def hide_confirmation(request: Request, draft: Question) -> None:
    """Nothing may be sent from what is no longer the newest."""
    about = draft_about(draft)
    outbox.void(request.db, about=about, now=request.now)
    for row in outbox.arrived(request.db, draft.chat_id, about=about, since=draft.created_at):
        request.owe(
            "deleteMessage",
            {"chat_id": row.chat_id, "message_id": outbox.receipt_of(row.key or "", "message_id")},
            key=f"{about}:{row.id}:hidden",
            needs=row.key,
        )
