"""What the bot says to a greeting, to thanks and the like: short, and nobody's time is taken for it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.features import faq
from bot.features.faq import Asked
from bot.i18n import Translator
from bot.search import Match
from handlers import questions, resources
from handlers._kit import Button, Request, Screen, as_language
from handlers.faq._answers import related_rows
from handlers.faq._feature import Browse


def answered(request: Request, text: str, found: Match) -> Screen | None:
    """The screen for small talk; None for everything that the matcher knows, and for what may be a question."""
    if found.decision in ("answer", "urgent"):
        return None
    sort = request.services.knowledge().small_talk(text)
    if sort is None:
        return None
    t = request.words(language=as_language(found.lang))
    if sort == "more" and (asked := faq.last_shown(request.db, request.me, chat_id=request.chat_id)) is not None:
        return _more(request, asked, t)
    onward = sort not in ("thanks", "farewell") and request.heard.private
    return Screen(in_return(sort, t), buttons=_look_around(t) if onward else ())


def _more(request: Request, asked: Asked, t: Translator) -> Screen:
    """What belongs to the last answer, and the experts: an answer tells all that is written down."""
    library = request.services.knowledge().library
    rows = [*related_rows(library, asked, t), [questions.way_on(library, asked, t)]]
    return Screen(
        t("That is all I have on this. Perhaps one of these helps, or our experts:"),
        buttons=rows,
        about=f"asked:{asked.id}",
    )


def in_return(sort: str, t: Translator) -> Markup:
    """The sentence for a sort of small talk."""
    match sort:
        case "greeting":
            return t("Hello! What would you like to know about peer support? Just write it, in any words.")
        case "about":
            return t(
                "I answer questions about peer support: how to find, train and keep peer supporters, evaluate, win "
                "over your leaders. Just write yours, in any words. What I do not know, our experts can answer. /help "
                "shows everything."
            )
        case "thanks":
            return t("You are welcome! I am here whenever the next question comes.")
        case "bot":
            return t(
                "I am a programme, not a person. I look for the reviewed answer that fits your question. What I do not "
                "know, I can send to our experts: they are people."
            )
        case "farewell":
            return t("All right. Write to me whenever you have a question.")
        case "unhappy":
            return t(
                "I am sorry. Please tell me in a sentence or two what you need: I look again, and if I find nothing, "
                "our experts can answer."
            )
    return t("I am here for questions about peer support. If you have one, just write it in a sentence.")


def _look_around(t: Translator) -> Sequence[Sequence[Button]]:
    return [[Button("📖 " + t.label("Browse the answers"), Browse()), resources.way_in(t)]]
