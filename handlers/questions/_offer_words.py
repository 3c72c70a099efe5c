"""An offer in words: why it is this person's, and what became of it."""

from __future__ import annotations

from markupsafe import Markup

from bot.features import duty, questions
from bot.features.duty import Reason
from bot.features.people import Member
from bot.features.questions import Offer, Outcome, Question
from bot.i18n import OWN_NAMES, Translator
from handlers._kit import Deed, as_language


def reasons(deed: Deed, question: Question, offer: Offer, t: Translator, *, subject: str) -> str:
    """Knows recruitment, reads English, free now."""
    words = {
        Reason.KNOWS: t.label("knows {subject}", subject=subject),
        Reason.ALL_SUBJECTS: t.label("takes all subjects"),
        Reason.READS: t.label("reads {language}", language=OWN_NAMES[as_language(question.language)]),
        Reason.FREE: t.label("free now"),
        Reason.LATER: t.label("free from {when}", when=_free_from(deed, offer, t)),
        Reason.FULL: t.label("has much to do already"),
    }
    return t.label(", ").join(words[Reason(fact)] for fact in offer.reasons)


def _free_from(deed: Deed, offer: Offer, t: Translator) -> str:
    member = deed.db.get(Member, offer.member_id)
    if member is None:
        return "…"
    try:
        return t.when(duty.calendar(duty.of(deed.db, member), member).next_open(offer.offered_at))
    except ValueError:
        return "…"


def offered_line(deed: Deed, question: Question, t: Translator, *, subject: str) -> Markup:
    """For the card: to whom it is offered and why; nothing when it is open to everybody."""
    offer = questions.open_offer(deed.db, question)
    member = deed.db.get(Member, offer.member_id) if offer is not None else None
    if offer is None or member is None:
        return Markup()
    why = reasons(deed, question, offer, t, subject=subject)
    if not why:
        return t("Offered to <b>{name}</b>.", name=member.shown_name)
    return t("Offered to <b>{name}</b>: {reasons}.", name=member.shown_name, reasons=why)


def ended_in_topic(deed: Deed, question: Question, offer: Offer, t: Translator) -> Markup:
    """What the message in the topic says once the offer has ended."""
    name = _name(deed, offer.member_id)
    if offer.outcome is Outcome.TAKEN:
        return t("🙋 {name} has taken it.", name=name)
    if offer.outcome is Outcome.PASSED:
        return t("{name} has passed it on.", name=name)
    if offer.outcome is Outcome.EXPIRED:
        return t("{name} has not answered in time; it has moved on.", name=name)
    if question.owner_id is not None:
        return t("🙋 {name} has taken it.", name=_name(deed, question.owner_id))
    return t("This offer has ended.")


def ended_in_private(deed: Deed, question: Question, offer: Offer, t: Translator, *, label: Markup) -> Markup:
    """What the private message says once the offer has ended; `label` leads into the topic."""
    if offer.outcome is Outcome.TAKEN:
        return t("🙋 {label} is yours, thank you! Please answer in its topic.", label=label)
    if offer.outcome is Outcome.PASSED:
        return t("You have passed {label} on. Thank you for saying so.", label=label)
    if offer.outcome is Outcome.EXPIRED:
        return t("{label} has moved on to a colleague, as I heard nothing from you.", label=label)
    if question.owner_id is not None and question.owner_id != offer.member_id:
        return t("{name} has taken {label}.", name=_name(deed, question.owner_id), label=label)
    return t("{label} no longer needs you. Thank you!", label=label)


def _name(deed: Deed, member_id: int) -> str:
    member = deed.db.get(Member, member_id)
    return member.shown_name if member is not None else "…"
