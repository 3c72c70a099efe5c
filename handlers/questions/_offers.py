"""Offers: a question is put before the consultant whom it fits best, then before the next, until somebody takes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from bot import outbox
from bot.errors import AlreadyClaimed
from bot.features import duty, groups, questions
from bot.features.duty import Candidate
from bot.features.groups import Group
from bot.features.people import Member, Role
from bot.features.questions import Offer, Outcome, Question, State, id_of
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Deed, Moment, Request, Screen, Tap, as_html
from handlers.questions._asker import tell_taken
from handlers.questions._feature import feature
from handlers.questions._links import address, linked
from handlers.questions._offer_words import ended_in_private, ended_in_topic, reasons
from handlers.questions._room import card, category_title, open_in_room, to_room, topic_name
from handlers.questions._timing import owner_changed

WORDS_SHOWN = 1500
PATIENCE = timedelta(minutes=2)
"""How long the private message waits for the topic that it links to."""


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
        t = _room_words(deed, question)
        text = t("Everybody was asked. {label} is open to all of you: please tap Claim.", label=question.label)
        to_room(deed, question, Screen(text), key=question.key("everybody", question.topic))
    show_card(deed, question, cause=f"offer:{offer.id if offer else 'all'}")


def announce(deed: Deed, question: Question, offer: Offer) -> None:
    """Tell the topic whose it might be; the person themself hears it in private once the topic is there."""
    member = deed.db.get(Member, offer.member_id)
    if member is None:
        return
    t = _room_words(deed, question)
    mention = Markup('<a href="tg://user?id={}">{}</a>').format(member.telegram_id, member.shown_name)
    why = reasons(deed, question, offer, t, subject=category_title(deed, question, t))
    parts = [
        t("{name}, this one is offered to you: {reasons}.", name=mention, reasons=why)
        if why
        else t("{name}, this one is offered to you.", name=mention),
        t("If I hear nothing by {when}, I ask the next one.", when=t.when(offer.until)),
    ]
    screen = Screen(Markup(" ").join(parts), buttons=_buttons(offer, t))
    to_room(deed, question, screen, key=_topic_key(question, offer), speaks="offer")


def _buttons(offer: Offer, t: Translator) -> list[list[Button]]:
    offer_id = offer.id or 0
    return [[Button("🙋 " + t.label("Take it"), Take(offer_id)), Button("➡️ " + t.label("Pass on"), PassOn(offer_id))]]


def _topic_key(question: Question, offer: Offer) -> str:
    return question.key("offered", offer.id)


def _private_key(question: Question, offer: Offer) -> str:
    return question.key("offer", offer.id)


def _room_words(deed: Deed, question: Question) -> Translator:
    room = groups.find(deed.db, question.room_id or 0)
    return deed.words(language=room.language if room else None)


@feature.tick(timedelta(0))
def write_to_the_offered(moment: Moment) -> None:
    """Whoever a question was just offered to gets it in private as well, with the way to its topic."""
    recent = questions.recent_offers(moment.db, since=moment.now - timedelta(days=1))
    known = outbox.known(moment.db, [f"question:{offer.question_id}:offer:{offer.id}" for offer in recent])
    for offer in recent:
        question = questions.get(moment.db, offer.question_id)
        if _private_key(question, offer) in known:
            continue
        waits = question.has_topic and address(moment, question) is None
        if not waits or moment.now - offer.offered_at >= PATIENCE:
            _write(moment, question, offer)


def _write(deed: Deed, question: Question, offer: Offer) -> None:
    member = deed.db.get(Member, offer.member_id)
    if member is None or not can_be_written_to(member):
        return
    t = deed.words(member)
    why = reasons(deed, question, offer, t, subject=category_title(deed, question, t))
    heading = Markup("<b>{}</b>").format(topic_name(deed, question, t))
    parts = [
        t("🙋 A question for you: {heading}", heading=heading),
        Markup("<blockquote>{}</blockquote>").format(as_html(question.text[:WORDS_SHOWN], None)),
        Markup("{}").format(why),
        t(
            "It waits in the topic {label}. If I hear nothing by {when}, I ask a colleague.",
            label=linked(deed, question),
            when=t.when(offer.until),
        ),
    ]
    deed.post(
        Screen(
            Markup("\n\n").join(part for part in parts if part),
            buttons=_buttons(offer, t),
            quiet=not duty.calendar(duty.of(deed.db, member), member).is_open(deed.now),
        ),
        chat_id=member.telegram_id,
        key=_private_key(question, offer),
        lane=Lane.REMINDER,
        about=f"offer:{offer.id}:question",
    )


def can_be_written_to(member: Member) -> bool:
    """Whether somebody has opened the private chat and still reads it."""
    return member.started_at is not None and member.unreachable_at is None


@feature.reply("offer")
def answered_in_private(request: Request) -> Screen:
    """Whoever replies to the private message is shown where the answer belongs."""
    offer_id = int((request.about or "").split(":")[1])
    question = questions.get(request.db, questions.get_offer(request.db, offer_id).question_id)
    return Screen(
        request.t("Please answer in the topic of {label}; from here it would reach nobody.", label=linked(request, question))
    )


def end(deed: Deed, question: Question, offer: Offer, outcome: Outcome) -> bool:
    """End an offer and say so wherever it was shown; False when it had ended."""
    if not questions.end_offer(deed.db, offer, outcome, now=deed.now):
        return False
    in_topic, in_private = _topic_key(question, offer), _private_key(question, offer)
    known = outbox.known(deed.db, [in_topic, in_private])
    member = deed.db.get(Member, offer.member_id)
    if in_topic in known and question.room_id is not None:
        text = ended_in_topic(deed, question, offer, _room_words(deed, question))
        _replace(deed, Screen(text), chat_id=question.room_id, key=in_topic)
    if in_private in known and member is not None:
        text = ended_in_private(deed, question, offer, deed.words(member), label=linked(deed, question))
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


@feature.tap(Take, role=Role.CONSULTANT)
def take(request: Request, tap: Take) -> Screen:
    """The offered one, or any other consultant, takes it; whoever is late sees who did."""
    offer = questions.get_offer(request.db, tap.offer)
    question = questions.get(request.db, offer.question_id)
    if questions.claim(request.db, question, request.me, now=request.now):
        taken(request, question)
    return Screen(toast=request.t.label("{label} is yours. Thank you!", label=question.label))


def taken(request: Request, question: Question) -> None:
    """Everything that follows when somebody has taken a question."""
    settle(request, question)
    owner_changed(request, question)
    tell_taken(request, question)
    show_card(request, question, cause=request.update_id)


@feature.tap(PassOn, role=Role.CONSULTANT)
def pass_on(request: Request, tap: PassOn) -> Screen:
    """The offered one, or an organizer, passes it on to the next."""
    t = request.t
    offer = questions.get_offer(request.db, tap.offer)
    question = questions.get(request.db, offer.question_id)
    if offer.member_id != request.me.id and not request.me.role.reaches(Role.ORGANIZER):
        member = request.db.get(Member, offer.member_id)
        name = member.shown_name if member else "…"
        return Screen(toast=t.label("This is offered to {name}, who alone can pass it on.", name=name), alert=True)
    if question.owner_id is not None and question.owner_id != request.me.id:
        owner = request.db.get(Member, question.owner_id)
        raise AlreadyClaimed(owner.shown_name if owner else "")
    if not end(request, question, offer, Outcome.PASSED):
        return Screen(toast=t.label("This offer has ended already."))
    next_one(request, question)
    return Screen(toast=t.label("Passed on. Thank you for saying so."))


@feature.tick(timedelta(0))
def move_on(moment: Moment) -> None:
    """Offers that nobody answered go to the next one; those that no longer matter end."""
    for offer in questions.idle_offers(moment.db):
        settle(moment, questions.get(moment.db, offer.question_id))
    for offer in questions.expired_offers(moment.db, now=moment.now):
        question = questions.get(moment.db, offer.question_id)
        end(moment, question, offer, Outcome.EXPIRED)
        next_one(moment, question)


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
