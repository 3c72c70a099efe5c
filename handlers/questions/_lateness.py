"""What the clock says about targets: a reminder before one passes, help after it has, and an honest word to the asker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.errors import QuestionClosed
from bot.features import duty, groups, people, questions
from bot.features.people import Member, Role
from bot.features.questions import Outcome, Question, State, id_of
from bot.outbox import Lane
from handlers import consultations
from handlers._kit import Button, Moment, Request, Screen, Tap
from handlers.questions._feature import feature
from handlers.questions._links import topic_link
from handlers.questions._offering import taken
from handlers.questions._offers import end, next_one
from handlers.questions._room import to_room
from handlers.questions._timing import calendar_of, current_due, notice

AHEAD = timedelta(days=16)
"""A target further away than any holiday is long needs no look yet."""

AWAKE = range(8, 22)
DIGEST = range(9, 11)
LINES = 15


@dataclass(frozen=True)
class TakeOver(Tap, prefix="questions.takeover"):
    """Take a late question over from its owner."""

    question: int


@feature.tick(timedelta(minutes=1))
def remind(moment: Moment) -> None:
    """A target comes near: its owner, or whom it is offered to, hears it in private, once."""
    for question in questions.due_for_warning(moment.db, before=moment.now + AHEAD):
        due = current_due(question)
        if due is None or due <= moment.now:
            continue
        calendar = calendar_of(moment, question)
        if calendar.between(moment.now, due) <= notice(question, due, calendar):
            question.warned_at = moment.now
            _remind(moment, question, due)


def _remind(moment: Moment, question: Question, due: datetime) -> None:
    offer = questions.open_offer(moment.db, question)
    member_id = question.owner_id or (offer.member_id if offer else None)
    member = moment.db.get(Member, member_id) if member_id is not None else None
    if member is None or not member.is_reachable:
        return
    t = moment.words(member)
    text = (
        t("⏰ {label} is to be answered by {when}.", label=topic_link(moment, question), when=t.when(due))
        if question.owner_id is not None
        else t(
            "⏰ {label} is to be taken by {when}; it is offered to you.",
            label=topic_link(moment, question),
            when=t.when(due),
        )
    )
    moment.post(
        Screen(text),
        chat_id=member.telegram_id,
        key=_key(question, "warned", due),
        lane=Lane.REMINDER,
    )


def _key(question: Question, what: str, due: datetime, *more: object) -> str:
    return question.key(what, int(due.timestamp()), *more)


@feature.tick(timedelta(minutes=1))
def tell_late(moment: Moment) -> None:
    """A target has passed: colleagues hear it, some time later the organizers, and the asker honestly; each once."""
    for question in questions.due_to_tell(moment.db, now=moment.now):
        due = current_due(question)
        if due is not None and due < moment.now:
            _tell_colleagues(moment, question, due)
            _tell_organizers(moment, question, due)
        if question.answer_due_at is not None and question.answer_due_at < moment.now:
            _tell_asker(moment, question)


def _tell_colleagues(moment: Moment, question: Question, due: datetime) -> None:
    if question.overdue_at is not None or question.room_id is None:
        return
    question.overdue_at = moment.now
    offer = questions.open_offer(moment.db, question)
    if offer is not None and end(moment, question, offer, Outcome.EXPIRED):
        next_one(moment, question)
        if questions.open_offer(moment.db, question) is not None:
            return
    room = groups.find(moment.db, question.room_id)
    t = moment.words(language=room.language if room else None)
    owner = moment.db.get(Member, question.owner_id) if question.owner_id is not None else None
    text = (
        t(
            "⏰ {label} should have been answered by {when}. {name} has it; whoever can help, please take it over.",
            label=question.label,
            when=t.when(due),
            name=owner.shown_name,
        )
        if owner
        else t("⏰ {label} should have been taken by {when}. Who helps?", label=question.label, when=t.when(due))
    )
    buttons = [[Button("🙋 " + t.label("Take over"), TakeOver(id_of(question)))]]
    to_room(moment, question, Screen(text, buttons=buttons), key=_key(question, "overdue", due))


def _tell_organizers(moment: Moment, question: Question, due: datetime) -> None:
    calendar = calendar_of(moment, question)
    late_for = calendar.between(due, moment.now)
    if question.escalated_at is not None or late_for < notice(question, due, calendar):
        return
    question.escalated_at = moment.now
    for organizer in people.with_role(moment.db, Role.ORGANIZER):
        if organizer.is_reachable:
            t = moment.words(organizer)
            moment.post(
                Screen(
                    t(
                        "⏰ {label} is late: its target was {when}. /queue shows it and lets you move it.",
                        label=topic_link(moment, question),
                        when=t.when(due),
                    )
                ),
                chat_id=organizer.telegram_id,
                key=_key(question, "escalated", due, organizer.id),
                lane=Lane.REMINDER,
            )


def _tell_asker(moment: Moment, question: Question) -> None:
    asker = questions.asker_of(moment.db, question)
    if question.apologised_at is not None or asker is None:
        return
    if moment.now.astimezone(ZoneInfo(asker.timezone)).hour not in AWAKE:
        return
    question.apologised_at = moment.now
    t = moment.words(asker)
    moment.post(
        Screen(
            t(
                "{label} takes longer than we promised, and we are sorry. We have not forgotten it: the experts have "
                "been reminded, and the answer comes here.",
                label=question.label,
            ),
            buttons=[] if question.in_group else [consultations.take_button(moment, question)],
        ),
        chat_id=question.chat_id,
        key=question.key("sorry"),
        lane=Lane.REMINDER,
        thread_id=question.thread_id,
        reply_to=question.message_id,
        about=question.key("receipt"),
    )


@feature.tap(TakeOver, role=Role.CONSULTANT)
def take_over(request: Request, tap: TakeOver) -> Screen:
    """A colleague takes a late question; its owner hears who has it now."""
    t = request.t
    question = questions.get(request.db, tap.question)
    if question.state is State.CLOSED:
        raise QuestionClosed(question.number or 0)
    if question.owner_id == request.me.id:
        return Screen(toast=t.label("{label} is yours already.", label=question.label))
    if question.owner_id is None:
        questions.claim(request.db, question, request.me, now=request.now)
    elif question.overdue_at is None or question.state is State.ANSWERED:
        return Screen(toast=t.label("{label} is not late any more.", label=question.label), alert=True)
    else:
        _hand_over(request, question)
    taken(request, question)
    return Screen(toast=t.label("{label} is yours. Thank you!", label=question.label))


def _hand_over(request: Request, question: Question) -> None:
    before = questions.hand_over(request.db, question, request.me, now=request.now)
    if before is not None and before.is_reachable:
        t = request.words(before)
        request.post(
            Screen(
                t(
                    "{name} has taken {label} over from you.",
                    name=request.me.shown_name,
                    label=topic_link(request, question),
                )
            ),
            chat_id=before.telegram_id,
            key=question.key("handed", request.update_id),
        )


@feature.tick(timedelta(minutes=5))
def digest(moment: Moment) -> None:
    """On the morning of a working day the room sees what nobody has taken and what is late; one message, if any."""
    zone = moment.services.settings.timezone
    local = moment.now.astimezone(ZoneInfo(zone))
    if local.hour not in DIGEST or not duty.community_calendar(zone).is_working_day(local.date()):
        return
    room = groups.room(moment.db)
    waiting = questions.untaken(moment.db, now=moment.now, limit=LINES + 1) if room is not None else []
    if room is None or not waiting:
        return
    t = moment.words(language=room.language)
    lines = [t("<b>Good morning! These questions wait:</b>")]
    lines += [_line(moment, question, t.when(question.sent_at or question.created_at)) for question in waiting[:LINES]]
    if len(waiting) > LINES:
        lines.append(t("… and more: /queue"))
    moment.post(
        Screen(Markup("\n").join(lines)), chat_id=room.chat_id, key=f"digest:{local.date()}", lane=Lane.REMINDER
    )


def _line(moment: Moment, question: Question, since: str) -> Markup:
    room = groups.find(moment.db, question.room_id or 0)
    t = moment.words(language=room.language if room else None)
    owner = moment.db.get(Member, question.owner_id) if question.owner_id is not None else None
    due = current_due(question)
    late = due is not None and due < moment.now
    if owner is None:
        facts = t("nobody has it, since {when}", when=since)
    else:
        facts = t("with {name}, since {when}", name=owner.shown_name, when=since)
    return Markup("• {} – {}{}").format(topic_link(moment, question), facts, Markup(" ⏰") if late else "")
