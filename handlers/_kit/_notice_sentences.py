"""What people hear when a notice, or the time for it, cannot be as they wished."""

from __future__ import annotations

from markupsafe import Markup

from bot import errors
from bot.i18n import Translator


def notice_gone(error: errors.NoticeGone, t: Translator) -> Markup:
    """What was meant is deleted."""
    return t("This notice, or this part of it, has been deleted. /notice shows what there is.")


def notice_busy(error: errors.NoticeBusy, t: Translator) -> Markup:
    """The notice is more than a draft."""
    if error.state == "discarded":
        return t("This notice, or this part of it, has been deleted. /notice shows what there is.")
    if error.state == "asked":
        return t("This notice waits for another organizer's approval. To change it, take it back first.")
    if error.state == "scheduled":
        return t("This notice is scheduled already. To change it, take it back first.")
    if error.state == "draft":
        return t("This notice is a draft again. Open it with /notice to see why.")
    return t("This notice is on its way already.")


def notice_unfit(error: errors.NoticeUnfit, t: Translator) -> Markup:
    """The notice cannot be sent, or take this."""
    sentences = {
        "empty": t("There is nothing to send yet. Please write the notice first."),
        "nobody": t("Nobody would get it. Please choose first who it is for."),
        "untested": t(
            "Please tap “Test send to me” first. It can be sent once the test has arrived with you as it is now."
        ),
        "own": t("You wrote or confirmed this notice yourself, so another organizer has to approve it."),
        "album": t("An album holds ten photos or files; the others were left out."),
        "buttons": t("A notice takes six buttons. Please remove one first."),
        "labels": t("Please write one label, or one for each language, then | and the address, as in the example."),
        "alone": t(
            "So many people need a second organizer's approval, and there is no other whom I can reach. See /invite."
        ),
        "label": t("A button's label can be up to 64 characters. Please write a shorter one."),
        "link": t(
            "A link has to be a whole address that begins with https://, for example {example}.",
            example="https://example.org/form",
        ),
        "caption": t(
            "Words under a photo or file can be up to 1,024 characters. Please send it again with fewer words."
        ),
        "text": t("A message on Telegram can be up to 4,096 characters. Please send it again, shorter."),
        "kind": t(
            "This cannot be sent as a notice. Please use text, photo, file, video, music, voice message, "
            "GIF, album or poll."
        ),
        "why": t("Please write in a few words what should be changed."),
        "quiz": t(
            "Telegram does not tell me the right answer of this quiz. Please make the quiz here in this chat, "
            "or use an ordinary poll."
        ),
    }
    return sentences[error.why]


def moment_unfit(error: errors.MomentUnfit, t: Translator) -> Markup:
    """A time that cannot be used."""
    if error.why == "clock":
        return t("Please add the time of day as well, for example “tomorrow 9:00”.")
    if error.why == "past":
        return t("This time has passed. Please write a later one.")
    if error.why == "skipped":
        return t("This time does not exist: the clocks go forward over it that night. Please write another one.")
    if error.why == "far":
        return t("This is more than a year away. Please write an earlier time.")
    return t("I cannot read this time. Write it like this: “tomorrow 9:00” or “27 Nov 19:30”.")
