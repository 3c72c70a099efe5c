"""Who writes in the room without being a registered consultant: told, once, that it did not reach the asker, and why."""

from __future__ import annotations

from markupsafe import Markup

from bot.features import groups, questions
from bot.features.questions import Question
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Event, Request, Screen
from handlers.questions._feature import feature, id_in


def not_relayed(request: Request, question: Question, sender: int, why: Markup) -> None:
    """Say why a reply did not go to the asker; each sender hears it once in a topic."""
    request.post(
        Screen(why, quiet=True),
        chat_id=request.chat_id,
        key=question.key("stranger", question.topic, sender),
        lane=Lane.ANSWER,
        thread_id=request.heard.thread_id,
        reply_to=request.message.message_id,
        about=question.key("desk"),
    )


@feature.event(Event.UNKNOWN_SENDER)
def unknown_sender(request: Request) -> None:
    """An anonymous administrator, a channel or another bot replied to the asker: authority is the registered person."""
    question_id = id_in(request.about)
    if question_id is None or not (request.about or "").endswith(":asker"):
        return
    question = questions.get(request.db, question_id)
    room = groups.find(request.db, request.chat_id)
    name = request.message.sender_chat or request.message.from_user
    why = _why(request, request.words(language=room.language if room else None))
    not_relayed(request, question, name.id if name else 0, why)


def _why(request: Request, t: Translator) -> Markup:
    behind = request.message.sender_chat
    if behind is None:
        return t("This did <b>not</b> go to the asker: a bot wrote it, and only registered consultants answer.")
    if behind.id == request.chat_id:
        return t(
            "This did <b>not</b> go to the asker: an anonymous administrator wrote it, and I cannot see who you are. "
            "Switch off “Remain anonymous” in your administrator rights, then reply again."
        )
    return t("This did <b>not</b> go to the asker: it was written in the name of a channel. Reply again as yourself.")
