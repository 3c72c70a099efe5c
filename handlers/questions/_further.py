"""The further messages of an album from the asker: each goes where the first one went, without another word."""

from __future__ import annotations

from markupsafe import Markup

from bot.features import faq, questions
from bot.features.questions import Question, Side
from handlers._kit import Event, Request, Said, Screen, said
from handlers.questions._attachments import keep_attachment, withheld
from handlers.questions._feature import feature
from handlers.questions._found import what_was_masked, without_identifiers
from handlers.questions._room import note_down, relay_to_room


@feature.event(Event.ALBUM)
def further(request: Request) -> Screen | None:
    """It belongs to a question's story, or to what was asked and not passed on yet; else its first message said it all."""
    content = said(request.message)
    if content.album is None or content.unknown:
        return None
    parts = questions.album_in(request.db, request.chat_id, content.album)
    asked_id = faq.asked_with(request.db, request.chat_id, content.album)
    if asked_id is not None:
        keep_attachment(request, content, asked_id)
    question = questions.get(request.db, parts[0].question_id) if parts else None
    if question is not None and question.asker_id == request.me.id:
        return _add(request, question, content)
    return None


def _add(request: Request, question: Question, content: Said) -> Screen | None:
    reason = withheld(content.media, content.file_name, content.file_size, request.t) if question.anonymous else None
    if reason is not None:
        return Screen(reason)
    content, findings = without_identifiers(content)
    part = note_down(request, question, Side.ASKER, content)
    if part is not None and question.room_id is not None:
        relay_to_room(request, question, part)
    return Screen(Markup("\n").join(what_was_masked(findings, request.t)), quiet=True) if findings else None
