"""Offers: a question is put before the consultant whom it fits best, then before the next, until somebody takes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from bot import outbox
from bot.features import duty, groups, questions
from bot.features.duty import Candidate
from bot.features.groups import Group
from bot.features.people import Member
from bot.features.questions import Offer, Outcome, Question, State, id_of
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Deed, Screen, Tap
from handlers.questions._links import topic_link
from handlers.questions._offer_words import ended_in_private, ended_in_topic, reasons
from handlers.questions._room import card, category_title, open_in_room, room_words, to_room


@dataclass(frozen=True)
class Take(Tap, prefix="questions.take"):
    """Take the question that was offered."""

    offer: int


@dataclass(frozen=True)
class PassOn(Tap, prefix="questions.pass"):
    """Rather somebody else."""

    offer: int


def bring(deed: Deed, question: Question, room: Group) -> None:
    """Bring a question to the room and offer it to whom it fits best."""
    offer = questions.open_offer(deed.db, question)
    if offer is None and question.state is State.OPEN and question.owner_id is None:
        offer = choose(deed, question)
    open_in_room(deed, question, room)
    if offer is not None:
        announce(deed, question, offer)


def best(deed: Deed, question: Question, *, again: bool = False) -> list[Candidate]:
    """Who can be asked, the best first; with `again` also those who were asked already."""
    asked = set() if again else questions.offered_to(deed.db, question)
    return duty.candidates(
        deed.db,
        category=question.category,
        language=question.language,
        load=questions.loads(deed.db),
        now=deed.now,
        excluding=asked | ({question.asker_id} if question.asker_id is not None else set()),
        last_offered=questions.last_offered(deed.db),
    )


def choose(deed: Deed, question: Question) -> Offer | None:
    """Offer it to the best of those who were not asked yet; None when there is nobody left."""
    found = best(deed, question)
    return offer_to(deed, question, found[0]) if found else None


def offer_to(deed: Deed, question: Question, candidate: Candidate) -> Offer:
    """Offer it to this person, until some of their own working hours have passed."""
    member = candidate.member
    calendar = duty.calendar(duty.of(deed.db, member), member)
    until = calendar.add(deed.now, timedelta(hours=deed.services.settings.offer))
    return questions.offer(
        deed.db, question, member, reasons=[str(fact) for fact in candidate.reasons], until=until, now=deed.now
    )


def next_one(deed: Deed, question: Question) -> None:
    """Offer it to the next one; when all were asked it is open to everybody, and the topic hears so once."""
    if question.state is not State.OPEN or question.owner_id is not None or question.room_id is None:
        return
    offer = choose(deed, question)
    if offer is not None:
        announce(deed, question, offer)
    elif questions.offered_to(deed.db, question):
        t = room_words(deed, question)
        text = t("Everybody was asked. {label} is open to all of you: please tap “Claim”.", label=question.label)
        to_room(deed, question, Screen(text), key=question.key("everybody", question.topic))
    show_card(deed, question, cause=f"offer:{offer.id if offer else 'all'}")


def announce(deed: Deed, question: Question, offer: Offer) -> None:
    """Tell the topic whose it might be; the person themself hears it in private once the topic is there."""
    member = deed.db.get(Member, offer.member_id)
    if member is None:
        return
    t = room_words(deed, question)
    mention = Markup('<a href="tg://user?id={}">{}</a>').format(member.telegram_id, member.shown_name)
    why = reasons(deed, question, offer, t, subject=category_title(deed, question, t))
    parts = [
        t("{name}, this one is offered to you: {reasons}.", name=mention, reasons=why)
        if why
        else t("{name}, this one is offered to you.", name=mention),
        t("If I hear nothing by {when}, I ask the next one.", when=t.when(offer.until)),
    ]
    screen = Screen(Markup(" ").join(parts), buttons=offer_buttons(offer, t))
    to_room(deed, question, screen, key=_topic_key(question, offer), speaks="offer")


def offer_buttons(offer: Offer, t: Translator) -> list[list[Button]]:
    """What the offered one can say."""
    offer_id = offer.id or 0
    return [[Button("🙋 " + t.label("Take it"), Take(offer_id)), Button("➡️ " + t.label("Pass on"), PassOn(offer_id))]]


def _topic_key(question: Question, offer: Offer) -> str:
    return question.key("offered", offer.id)


def private_key(question: Question, offer: Offer) -> str:
    """The key of the private message that brings an offer."""
    return question.key("offer", offer.id)


def end(deed: Deed, question: Question, offer: Offer, outcome: Outcome) -> bool:
    """End an offer and say so wherever it was shown; False when it had ended."""
    if not questions.end_offer(deed.db, offer, outcome, now=deed.now):
        return False
    in_topic, in_private = _topic_key(question, offer), private_key(question, offer)
    known = outbox.known(deed.db, [in_topic, in_private])
    member = deed.db.get(Member, offer.member_id)
    if in_topic in known and question.room_id is not None:
        text = ended_in_topic(deed, question, offer, room_words(deed, question))
        _replace(deed, Screen(text), chat_id=question.room_id, key=in_topic)
    if in_private in known and member is not None:
        text = ended_in_private(deed, question, offer, deed.words(member), label=topic_link(deed, question))
        _replace(deed, Screen(text), chat_id=member.telegram_id, key=in_private)
    return True


def _replace(deed: Deed, screen: Screen, *, chat_id: int, key: str) -> None:
    deed.replace(
        screen, chat_id=chat_id, message_id=outbox.receipt_of(key, "message_id"), key=f"{key}:ended", needs=key
    )


def settle(deed: Deed, question: Question) -> None:
    """Somebody has taken it, or it has ended: no offer of it stays open."""
    offer = questions.open_offer(deed.db, question)
    if offer is not None:
        end(deed, question, offer, Outcome.TAKEN if question.owner_id == offer.member_id else Outcome.WITHDRAWN)


def show_card(deed: Deed, question: Question, *, cause: object) -> None:
    """Show the card's new state wherever it is."""
    room = groups.find(deed.db, question.room_id or 0)
    if room is None:
        return
    card_key = question.key("card", question.topic)
    deed.replace(
        card(deed, question, deed.words(language=room.language)),
        chat_id=room.chat_id,
        message_id=outbox.receipt_of(card_key, "message_id"),
        needs=card_key,
        lane=Lane.ANSWER,
        key=f"question:{id_of(question)}:shown:{question.topic}:{cause}",
    )
