"""What comes with a question: kept from the moment it is asked, and what cannot go without showing who sends it."""

from __future__ import annotations

from markupsafe import Markup

from bot import screening
from bot.features import faq, questions
from bot.features.faq import Asked, Attachment
from bot.features.questions import Question, Side
from bot.i18n import Translator
from bot.search import Match
from handlers._kit import Request, Said
from handlers.questions._relay import DOWNLOAD_LIMIT, shows_name


def keep_asked(request: Request, content: Said, found: Match) -> Asked:
    """Keep what was said, with what came with it and what the matcher made of it."""
    asked = faq.record(
        request.db,
        asker=request.me,
        text=content.text,
        match=found,
        chat_id=request.chat_id,
        message_id=request.message.message_id,
        thread_id=request.heard.thread_id,
        entities=content.entities,
        media=content.media,
        now=request.now,
    )
    keep_attachment(request, content, asked.id or 0)
    return asked


def keep_attachment(request: Request, content: Said, asked_id: int) -> None:
    """Keep what came with words that were asked, or instead of them."""
    if content.media is None:
        return
    came = Attachment(
        asked_id=asked_id,
        chat_id=request.chat_id,
        message_id=request.message.message_id,
        text=content.text,
        entities=content.entities,
        media=content.media,
        album=content.album,
        file_id=content.file_id,
        file_name=content.file_name,
        file_size=content.file_size,
    )
    faq.attach(request.db, came)


def keep_opening(request: Request, question: Question) -> None:
    """Take what was attached when the question was asked into its story; the words of the first are the question's own."""
    for came in came_with(request, question):
        own = came.message_id == question.message_id
        text, entities = screening.masked_message(came.text or "", came.entities)
        questions.tell(
            request.db,
            question,
            side=Side.ASKER,
            author=request.me,
            chat_id=came.chat_id,
            message_id=came.message_id,
            now=request.now,
            text=None if own else text,
            entities=None if own else entities,
            media=came.media,
            album=came.album,
            file_id=came.file_id,
            file_name=came.file_name,
            file_size=came.file_size,
        )


def came_with(request: Request, question: Question) -> list[Attachment]:
    """What the question's message holds, with the rest of its album; what a new wording replaced is not among it."""
    all_of_it = faq.attachments(request.db, question.asked_id)
    album = next((came.album for came in all_of_it if came.message_id == question.message_id), None)
    return [
        came
        for came in all_of_it
        if came.message_id == question.message_id or (album is not None and came.album == album)
    ]


def withheld_opening(request: Request, question: Question) -> Markup | None:
    """Why what was attached to a question cannot go without a name; None when it can."""
    reasons = (withheld(came.media, came.file_name, came.file_size, request.t) for came in came_with(request, question))
    return next((reason for reason in reasons if reason is not None), None)


def withheld(media: str | None, file_name: str | None, file_size: int | None, t: Translator) -> Markup | None:
    """Why something cannot be passed on without showing who sends it; None when it can."""
    if media == "contact":
        return t("Not passed on: the contact. It would show who somebody is, and this question is anonymous.")
    if shows_name(media, file_name) and (file_size or 0) > DOWNLOAD_LIMIT:
        return t(
            "Not passed on: the file. It is over 20 MB, so I cannot take its name off, and this question is anonymous. "
            "Please send a smaller file or a photo."
        )
    return None


def not_passed_on(kind: str | None, t: Translator) -> Markup:
    """Names exactly what does not reach the other side."""
    names = {
        "poll": t.label("the poll"),
        "paid_media": t.label("the paid media"),
        "dice": t.label("the dice"),
        "story": t.label("the story"),
        "game": t.label("the game"),
        "invoice": t.label("the invoice"),
        "giveaway": t.label("the giveaway"),
        "giveaway_winners": t.label("the giveaway"),
        "checklist": t.label("the checklist"),
        "live_location": t.label("the live location"),
    }
    other = t.label("this kind of message")
    return t("Not passed on: {what}.", what=names.get(kind or "", other))
