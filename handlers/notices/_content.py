"""What somebody sent, as a notice says it; what a notice cannot say is refused with its reason."""

from __future__ import annotations

from typing import Any

from telegram import Message, Poll

from bot.errors import NoticeUnfit
from bot.features.notices import CAPTION_AT_MOST, TEXT_AT_MOST, Content
from bot.i18n import Language
from bot.search import language_of
from handlers._kit import as_html, as_language, said, units
from handlers.notices._rendering import SENT_BY


def content_of(message: Message) -> Content:
    """The message as a notice's content; raises NoticeUnfit."""
    if message.poll is not None:
        return Content(poll=_poll(message.poll))
    what = said(message)
    kind = "animation" if message.animation is not None else what.media
    if what.left_out is not None or (kind is not None and kind not in SENT_BY) or not (kind or what.text.strip()):
        raise NoticeUnfit("kind")
    if units(what.text) > (CAPTION_AT_MOST if kind else TEXT_AT_MOST):
        raise NoticeUnfit("caption" if kind else "text")
    html = str(as_html(what.text, what.entities))
    if kind is None:
        return Content(html)
    file_id = message.animation.file_id if message.animation is not None else what.file_id
    return Content(html, [{"kind": kind, "file_id": file_id}], album=what.album)


def _poll(poll: Poll) -> dict[str, Any]:
    """The fields of `sendPoll` that ask the same again."""
    asked: dict[str, Any] = {
        "question": str(as_html(poll.question, [entity.to_dict() for entity in poll.question_entities])),
        "options": [
            {"text": str(as_html(option.text, [entity.to_dict() for entity in option.text_entities]))}
            for option in poll.options
        ],
        "is_anonymous": poll.is_anonymous,
        "allows_multiple_answers": poll.allows_multiple_answers,
    }
    if poll.type != Poll.QUIZ:
        return asked
    return asked | _right_answer(poll)


def _right_answer(poll: Poll) -> dict[str, Any]:
    """A quiz's answer, which Telegram tells only of a quiz that was made in this chat; raises NoticeUnfit without it."""
    right: list[int] = list(poll.correct_option_ids or ())
    if not right:
        raise NoticeUnfit("quiz")
    explanation = [entity.to_dict() for entity in poll.explanation_entities]
    found = {"type": "quiz", "correct_option_ids": right}
    return found | ({"explanation": str(as_html(poll.explanation, explanation))} if poll.explanation else {})


def likely_language(content: Content, mine: Language) -> Language:
    """The language that it seems to be written in; the writer's own where it shows none."""
    words = content.html or (content.poll["question"] if content.poll else "")
    return as_language(language_of(words, mine))
