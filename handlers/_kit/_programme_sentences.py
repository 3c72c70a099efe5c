"""What people hear when a programme's card, or a poster week, cannot be as they wished."""

from __future__ import annotations

from markupsafe import Markup

from bot import errors
from bot.i18n import Translator


def card_unfit(error: errors.CardUnfit, t: Translator) -> Markup:
    """What is in the way, and what to do instead."""
    return {
        "empty": t("There is nothing on the card yet. Please fill in at least one field first."),
        "hidden": t("An organizer has hidden this card. Tap “Please look again” when it is as it should be."),
        "reason": t("Please write the reason in words, or choose one."),
        "search": t("Please write what you look for in a few words."),
        "many": t("You have five cards already. Please delete one first, or change one of them."),
        "words": t("Please write it in words. The poster has its own place at the end."),
        "photo": t("Please send a photo, or a picture or PDF as a file; or tap Skip."),
        "buttons": t("Please choose with the buttons above, or go on."),
        "since": t("Please write the year, or year and month, not later than today, for example 2025-03."),
        "results": t("Please write one to three lines, each with a number, for example: 48 participants."),
        "code": t("I do not know this code. Please ask your colleague for a new one: it works once."),
        "week": t("There is a poster week already: another organizer was quicker. /schedule shows it."),
        "gone": t("This question is not there any more: whoever asked it has taken it with them."),
        "answer": t("I cannot pass this on. Please write the answer, or send a photo, a file or a voice message."),
        "nogroup": t("I am not in that group any more, so the answer cannot go there."),
    }[error.why]
