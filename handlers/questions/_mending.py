"""What the clock mends: questions without a room, topics that were deleted by hand, answers that did not arrive."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from bot import outbox
from bot.features import groups, people, questions
from bot.features.groups import Group
from bot.features.people import Member, Role
from bot.features.questions import Question, Side, State
from bot.outbox import OutboxRow
from handlers._kit import Moment, Screen, as_html, pieces
from handlers.groups import lacking
from handlers.questions._feature import feature, id_in
from handlers.questions._offers import bring
from handlers.questions._room import open_in_room, relay_to_room, to_room

TOPICS_AT_MOST = 5
"""A topic that keeps vanishing is made anew this often; then the question goes on without one."""


@feature.tick(timedelta(0))
def bring_to_the_room(moment: Moment) -> None:
    """Questions that were sent while there was no room go there once there is one."""
    room = groups.room(moment.db)
    if room is None:
        return
    for question in questions.waiting_for_a_room(moment.db):
        bring(moment, question, room)
        for part in questions.story(moment.db, question):
            relay_to_room(moment, question, part)


@feature.tick(timedelta(0))
def look_at_setbacks(moment: Moment) -> None:
    """Every message about a question that could not be sent is mended, or told to the room; none twice."""
    broken: dict[int, str] = {}
    for row in outbox.setbacks(moment.db, "question:"):
        row.reported_at = moment.now
        question_id = id_in(row.about)
        if question_id is None:
            continue
        question = questions.get(moment.db, question_id)
        if row.chat_id != question.room_id:
            _tell_room(moment, question, row)
        elif row.method == "createForumTopic" or _topic_is_gone(row):
            broken.setdefault(question_id, row.method)
    for question_id, method in broken.items():
        _heal(moment, questions.get(moment.db, question_id), topics_work=method != "createForumTopic")


def _topic_is_gone(row: OutboxRow) -> bool:
    error = (row.error or "").casefold()
    return "thread not found" in error or "topic_deleted" in error or error.startswith("needs question:")


def _tell_room(moment: Moment, question: Question, row: OutboxRow) -> None:
    """The asker could not be reached: the room hears why."""
    if row.method in ("setMessageReaction", "editMessageReplyMarkup", "editMessageText") or question.room_id is None:
        return
    room = groups.find(moment.db, question.room_id)
    t = moment.words(language=room.language if room else None)
    reason = (
        t("the asker has blocked the bot or left")
        if "forbidden" in (row.error or "").casefold()
        else Markup("{}").format(row.error)
    )
    to_room(
        moment,
        question,
        Screen(t("⚠️ Not delivered: {reason}.", reason=reason)),
        key=question.key("undelivered", row.id),
    )


def _heal(moment: Moment, question: Question, *, topics_work: bool) -> None:
    """Give a question a new topic and tell its story again; the room is told that this happened."""
    room = groups.room(moment.db)
    if room is None:
        question.room_id = None
        return
    if question.state is State.CLOSED and topics_work:
        return
    if not topics_work:
        _without_topics(moment, room)
    if question.topic >= TOPICS_AT_MOST:
        room = Group(**room.model_dump() | {"can_manage_topics": False})
    open_in_room(moment, question, room)
    t = moment.words(language=room.language)
    if topics_work:
        to_room(
            moment,
            question,
            Screen(
                t(
                    "The topic of {label} was deleted. I have opened a new one with all its messages.",
                    label=question.label,
                )
            ),
            key=question.key("healed", question.topic),
        )
    _tell_again(moment, question)


def _tell_again(moment: Moment, question: Question) -> None:
    for part in questions.story(moment.db, question):
        if part.side is Side.ASKER:
            relay_to_room(moment, question, part, replay=question.topic)
        else:
            author = moment.db.get(Member, part.author_id) if part.author_id else None
            name = Markup("<i>{}</i>").format(author.shown_name if author else "…")
            text = (
                as_html(part.text or "📎", part.entities)
                if len(part.text or "") < 3000
                else next(pieces(part.text or "", part.entities))
            )
            to_room(
                moment,
                question,
                Screen(Markup("{}:\n{}").format(name, text), quiet=True),
                key=question.key("retold", question.topic, part.id),
            )


def _without_topics(moment: Moment, room: Group) -> None:
    """The room turns out to have no topics for us: say once what is lacking, and work with replies."""
    if room.can_manage_topics:
        room.can_manage_topics = False
        t = moment.words(language=room.language).of("groups")
        moment.post(
            Screen(lacking(room, t)), chat_id=room.chat_id, key=f"room:{room.chat_id}:lacking:{moment.now.date()}"
        )


@feature.tick(timedelta(0))
def alert_organizers(moment: Moment) -> None:
    """Questions wait and there is no room: the organizers hear it, once a day."""
    if groups.room(moment.db) is not None or not questions.waiting_for_a_room(moment.db):
        return
    for organizer in people.with_role(moment.db, Role.ORGANIZER):
        if organizer.started_at is not None and organizer.unreachable_at is None:
            t = moment.words(organizer)
            moment.post(
                Screen(
                    t(
                        "Questions for the experts are waiting, and there is no consultants' room. Add me to a forum "
                        "group and tap “Consultants' room” there."
                    )
                ),
                chat_id=organizer.telegram_id,
                key=f"roomless:{moment.now.date()}:{organizer.id}",
            )
