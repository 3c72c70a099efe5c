"""What the asker writes while a question waits to be sent joins it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from markupsafe import Markup

from bot.errors import TextMissing
from bot.features import questions
from bot.features.questions import Question, Side
from handlers._kit import Request, Screen, said
from handlers.questions._alarm import surely_answered
from handlers.questions._asking import confirm
from handlers.questions._attachments import not_passed_on
from handlers.questions._drafts import draft_in, hide_confirmation
from handlers.questions._found import what_was_masked, without_identifiers
from handlers.questions._room import note_down

JOINS_FOR = timedelta(minutes=10)
"""How long after a confirmation was shown further words join the question, unless the FAQ surely answers them."""


def shown_draft(request: Request, about: str | None) -> Question | None:
    """The asker's own draft that a message with this subject shows."""
    question_id = draft_in(about)
    return questions.draft_of(request.db, request.me, question_id) if question_id is not None else None


def open_draft(request: Request, about: str, age: timedelta) -> Question | None:
    """The draft whose confirmation is the last that was said, if these words belong to it."""
    return None if surely_answered(request) or age > JOINS_FOR else shown_draft(request, about)


def join(request: Request, draft: Question) -> Screen | None:
    """Add what was just said, and show anew what will be passed on."""
    content, findings = without_identifiers(said(request.message))
    if content.unknown:
        return Screen(
            not_passed_on(content.left_out, request.t)
            + Markup(" ")
            + request.t(
                "The experts have not received it. Please write it in words, or send a photo, a document or a voice message."
            )
        )
    if not content.text.strip() and content.media is None:
        raise TextMissing
    if note_down(request, draft, Side.ASKER, content) is None:
        return None
    hide_confirmation(request, draft)
    screen = confirm(request, draft)
    masked = what_was_masked(findings, request.t)
    return replace(screen, text=Markup("\n\n").join([*masked, screen.text or ""])) if masked else screen
