"""What people hear when a webinar cannot do what they want."""

from __future__ import annotations

from markupsafe import Markup

from bot import errors
from bot.i18n import Translator


def too_many_asked(error: errors.TooManyAsked, t: Translator) -> Markup:
    """Nobody floods the speaker."""
    return t.n(
        "You have asked one question for this webinar already. Take it back to ask another.",
        "You have asked {n} questions for this webinar already. Take one back to ask another.",
        error.limit,
    )


def too_early(error: errors.TooEarly, t: Translator) -> Markup:
    """From when on one can check in."""
    return t("It is a little early: you can check in from {when} on.", when=t.when(error.opens_at))


def too_many_attempts(error: errors.TooManyAttempts, t: Translator) -> Markup:
    """Code words are not guessed."""
    return t("Those were too many wrong codes. An organizer can note that you were there.")


def not_attended(error: errors.NotAttended, t: Translator) -> Markup:
    """For those who were there."""
    return t("This is for those who were at the webinar, after its end. Are you missing on the list? Please tell an organizer.")


def unreadable(error: errors.AttendanceUnreadable, t: Translator) -> Markup:
    """What is wrong with an attendance list, and what to do."""
    if error.why == "large":
        return t("This file is too large for an attendance list. Nothing was stored.")
    if error.why == "excel":
        return t("This is an Excel file. Please save it as “CSV UTF-8” and send that. Nothing was stored.")
    if error.why == "empty":
        return t("This file is empty. Nothing was stored.")
    if error.why == "nobody":
        return t("There is nobody in this list. Nothing was stored.")
    if error.why == "letters":
        return t("I cannot read the letters in this file. Please save it as “CSV UTF-8” and send it again. Nothing was stored.")
    if error.why == "away":
        return t("I could not fetch this file from Telegram. Please send it again. Nothing was stored.")
    return t(
        "I find no column with names (Name, 姓名). Please send the list as the meeting software exports it. Nothing was "
        "stored."
    )
