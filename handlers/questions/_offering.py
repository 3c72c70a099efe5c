"""What the offered ones hear and say: the private message, Take it, Pass on, and the time that runs out."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from bot import outbox
from bot.errors import AlreadyClaimed
from bot.features import duty, questions
from bot.features.people import Member, Role
from bot.features.questions import Offer, Outcome, Question
from bot.outbox import Lane
from handlers._kit import Deed, Moment, Request, Screen, as_html
from handlers.questions._asker import tell_taken
from handlers.questions._feature import feature
from handlers.questions._links import address, topic_link
from handlers.questions._live import TakeLive
from handlers.questions._offer_words import reasons
from handlers.questions._offers import (
    PassOn,
    Take,
    end,
    next_one,
    offer_buttons,
    private_key,
    settle,
    show_card,
)
from handlers.questions._room import category_title, topic_name
from handlers.questions._timing import owner_changed

WORDS_SHOWN = 1500
PATIENCE = timedelta(minutes=2)
"""How long the private message waits for the topic that it links to."""


@feature.tick(timedelta(0))
def write_to_the_offered(moment: Moment) -> None:
    """Whoever a question was just offered to gets it in private as well, with the way to its topic."""
    recent = questions.recent_offers(moment.db, since=moment.now - timedelta(days=1))
    known = outbox.known(moment.db, [f"question:{offer.question_id}:offer:{offer.id}" for offer in recent])
    for offer in recent:
        if f"question:{offer.question_id}:offer:{offer.id}" in known:
            continue
        if outbox.is_promised(moment.db, f"question:{offer.question_id}:live:{offer.member_id}"):
            continue  # they have it before them: an open consultation is going on
        question = questions.get(moment.db, offer.question_id)
        waits = question.has_topic and address(moment, question) is None
        if not waits or moment.now - offer.offered_at >= PATIENCE:
            _write(moment, question, offer)


def _write(deed: Deed, question: Question, offer: Offer) -> None:
    member = deed.db.get(Member, offer.member_id)
    if member is None or not member.is_reachable:
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
            label=topic_link(deed, question),
            when=t.when(offer.until),
        ),
    ]
    deed.post(
        Screen(
            Markup("\n\n").join(part for part in parts if part),
            buttons=offer_buttons(offer, t),
            quiet=not duty.calendar(duty.of(deed.db, member), member).is_open(deed.now),
        ),
        chat_id=member.telegram_id,
        key=private_key(question, offer),
        lane=Lane.REMINDER,
        about=f"offer:{offer.id}:question",
    )


@feature.reply("offer")
def answered_in_private(request: Request) -> Screen:
    """Whoever replies to the private message is shown where the answer belongs."""
    offer_id = int((request.about or "").split(":")[1])
    question = questions.get(request.db, questions.get_offer(request.db, offer_id).question_id)
    return Screen(
        request.t(
            "Please answer in the topic of {label}; from here it would reach nobody.", label=topic_link(request, question)
        )
    )


@feature.tap(Take, role=Role.CONSULTANT)
def take(request: Request, tap: Take) -> Screen:
    """The offered one, or any other consultant, takes it; whoever is late sees who did."""
    offer = questions.get_offer(request.db, tap.offer)
    question = questions.get(request.db, offer.question_id)
    if questions.claim(request.db, question, request.me, now=request.now):
        taken(request, question)
    return Screen(toast=request.t.label("{label} is yours. Thank you!", label=question.label))


@feature.tap(TakeLive, role=Role.CONSULTANT)
def take_live(request: Request, tap: TakeLive) -> Screen:
    """Whoever on duty is first has it; the others see who."""
    t, question = request.t, questions.get(request.db, tap.question)
    if questions.claim(request.db, question, request.me, now=request.now):
        taken(request, question)
    text = t(
        "{label} is yours. Please answer in its topic: reply to the question there.", label=topic_link(request, question)
    )
    return Screen(text, edit=request.heard.private)


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
