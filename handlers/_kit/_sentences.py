"""Every DomainError as a sentence in the person's language: the one place that maps facts to words."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from bot import errors
from bot.i18n import Translator
from handlers._kit._notice_sentences import moment_unfit, notice_busy, notice_gone, notice_unfit
from handlers._kit._plan_sentences import cannot_plan, session_over
from handlers._kit._programme_sentences import card_unfit
from handlers._kit._webinar_sentences import not_attended, too_early, too_many_asked, too_many_attempts, unreadable


def _not_allowed(error: errors.NotAllowed, t: Translator) -> Markup:
    if error.needed == "consultant":
        return t("Only consultants can do this. An organizer can give you the role.")
    if error.needed == "owner":
        return t("Only the community's owner can do this.")
    if error.needed == "organizer":
        return t("Only organizers can do this.")
    return t("This is for members of the community. Ask an organizer for an invitation link.")


def _not_yours(error: errors.NotYours, t: Translator) -> Markup:
    if error.owner:
        return t("This is {name}'s question. To ask your own, use /ask.", name=error.owner)
    return t("This belongs to someone else. To ask your own question, use /ask.")


def _outdated(error: errors.Outdated, t: Translator) -> Markup:
    return t("This button is old and no longer works. Please ask again, or see /help.")


def _not_here(error: errors.NotHere, t: Translator) -> Markup:
    return t("This works in our private chat and in the consultants' room only.")


def _invitation(error: errors.InvitationUnusable, t: Translator) -> Markup:
    if error.why == "expired":
        return t("This invitation has expired. Please ask the person who sent it for a new one.")
    if error.why == "used":
        return t("This invitation has been used up. Please ask the person who sent it for a new one.")
    return t("I do not know this invitation. Please check the link, or ask for a new one.")


def _last_owner(error: errors.LastOwner, t: Translator) -> Markup:
    return t("You are the only owner. Please make someone else an owner first.")


def _unclear(error: errors.Unclear, t: Translator) -> Markup:
    if error.what == "timezone":
        return t("I do not know this time zone. Write a name such as Asia/Shanghai or Asia/Taipei.")
    if error.what == "hours":
        return t("I cannot read these hours. Write them like this: Mon-Fri 9-12, 14-17. To stop: /cancel.")
    if error.what == "days off":
        return t("I cannot read these days. Write them like this: 2026-10-01 to 2026-10-07. To stop: /cancel.")
    if error.what == "date":
        return t("Please write a day within the next five years, for example {example}.", example="2027-11-30")
    if error.what == "name on certificate":
        return t("Please write the name as it should be printed, in letters or characters.")
    if error.what == "invitation":
        return t("I cannot read pictures. Please send me the link or the code as text, or tap “I have none”.")
    if error.what == "rules":
        return t("Please write the rules as text. To stop: /cancel.")
    if error.what == "masked":
        return t("Something is still masked (▇▇▇). Please write these places anew, without what was there.")
    if error.what in ("question", "answer"):
        return t("Question and answer have to be written first.")
    return t("Please write it in a few words, as text.")


def _missing(error: errors.TextMissing, t: Translator) -> Markup:
    return t("Please write your question after the command, for example: /ask How do we find our first peer supporter?")


def _too_long(error: errors.TextTooLong, t: Translator) -> Markup:
    return t(
        "Your text has {length} characters; the limit is {limit}. Please make it shorter.",
        length=t.number(error.length),
        limit=t.number(error.limit),
    )


def _too_many(error: errors.TooManyOpen, t: Translator) -> Markup:
    return t.n(
        "You have one open question already. See /questions; when it is solved you can send the next one.",
        "You have {n} open questions already. See /questions; when one is solved you can send the next one.",
        error.limit,
    )


def _claimed(error: errors.AlreadyClaimed, t: Translator) -> Markup:
    return t("{name} has taken this question already.", name=error.by)


def _closed(error: errors.QuestionClosed, t: Translator) -> Markup:
    return t("Q{number} is closed.", number=error.number)


def _merged(error: errors.QuestionMerged, t: Translator) -> Markup:
    return t("Q{number} was merged into Q{into}. Please go on there.", number=error.number, into=error.into)


def _not_owner(error: errors.NotOwner, t: Translator) -> Markup:
    if error.by:
        return t("{name} has this question. Only they or an organizer can do this.", name=error.by)
    return t("Only an organizer can do this.")


def _no_question(error: errors.NoQuestionHere, t: Translator) -> Markup:
    return t("Please write this in a question's topic of the consultants' room, or as a reply to its card.")


def _cannot_merge(error: errors.CannotMerge, t: Translator) -> Markup:
    if error.why == "leading":
        return t(
            "Others were merged into Q{number}. Please merge the other question into this one.", number=error.number
        )
    return t("A question cannot be merged into itself.")


def _own_words(error: errors.OwnWords, t: Translator) -> Markup:
    return t("You wrote at this yourself, so a second consultant has to approve it.")


def _safety(error: errors.SafetyFixed, t: Translator) -> Markup:
    return t("Safety texts and anything with a dose cannot be written here. A doctor has to review them first.")


def _slot_taken(error: errors.SlotTaken, t: Translator) -> Markup:
    return t("Somebody was quicker. /consult shows what is free.")


def _cannot_book(error: errors.CannotBook, t: Translator) -> Markup:
    if error.why == "open":
        return t("You have a consultation ahead already. /consult shows it; you can move it or give it back there.")
    return t("Few slots are left, and others come first this time. /consult has the waiting list.")


def _past_cut_off(error: errors.PastCutOff, t: Translator) -> Markup:
    return t(
        "This was possible until {when}; the consultant prepares for you now. If you cannot come, please tell an organizer.",
        when=t.when(error.until),
    )


def _cannot_moderate(error: errors.CannotModerate, t: Translator) -> Markup:
    if error.why == "oneself":
        return t("This would hit yourself.")
    if error.why == "colleague":
        return t("This is a consultant or an organizer. Please talk to them, or change their role first (/people).")
    if error.why == "reason":
        return t("Please add the reason, for example: /warn advertising")
    if error.why == "time":
        return t("Please write a time from one minute to 30 days, for example: /mute 2h too loud")
    return t("Please send this in the group, as a reply to a message of the person you mean.")


_SENTENCES: dict[type[errors.DomainError], Callable[..., Markup]] = {
    errors.NotAllowed: _not_allowed,
    errors.NotYours: _not_yours,
    errors.Outdated: _outdated,
    errors.NotHere: _not_here,
    errors.InvitationUnusable: _invitation,
    errors.LastOwner: _last_owner,
    errors.Unclear: _unclear,
    errors.TextMissing: _missing,
    errors.TextTooLong: _too_long,
    errors.TooManyOpen: _too_many,
    errors.AlreadyClaimed: _claimed,
    errors.QuestionClosed: _closed,
    errors.QuestionMerged: _merged,
    errors.NotOwner: _not_owner,
    errors.NoQuestionHere: _no_question,
    errors.CannotMerge: _cannot_merge,
    errors.OwnWords: _own_words,
    errors.SafetyFixed: _safety,
    errors.NoticeGone: notice_gone,
    errors.NoticeBusy: notice_busy,
    errors.NoticeUnfit: notice_unfit,
    errors.MomentUnfit: moment_unfit,
    errors.SlotTaken: _slot_taken,
    errors.CannotBook: _cannot_book,
    errors.PastCutOff: _past_cut_off,
    errors.CannotPlan: cannot_plan,
    errors.SessionOver: session_over,
    errors.TooManyAsked: too_many_asked,
    errors.TooEarly: too_early,
    errors.TooManyAttempts: too_many_attempts,
    errors.NotAttended: not_attended,
    errors.AttendanceUnreadable: unreadable,
    errors.CannotModerate: _cannot_moderate,
    errors.CardUnfit: card_unfit,
}


def sentence(error: errors.DomainError, t: Translator) -> Markup:
    """What the person hears instead of the error."""
    return _SENTENCES[type(error)](error, t.of("_kit"))


def apology(t: Translator) -> Markup:
    """What the person hears when the fault is ours."""
    t = t.of("_kit")
    return t("Something went wrong on my side, and I have noted it. Please try again in a moment.")
