"""What the clock mends: questions without a room, topics that were deleted by hand, answers that did not arrive."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from markupsafe import Markup

from bot import outbox
from bot.features import groups, people, questions
from bot.features.groups import Group
from bot.features.people import Member, Role
from bot.features.questions import Part, Question, Side, State
from bot.outbox import OutboxRow
from handlers._kit import Moment, Screen
from handlers.groups import lacking
from handlers.questions._albums import pass_all, retell, travels_with
from handlers.questions._asker import way_home
from handlers.questions._feature import feature, id_in, part_in
from handlers.questions._offers import bring
from handlers.questions._reactions import say_instead
from handlers.questions._relay import Way, calls
from handlers.questions._room import open_in_room, opening, room_words, to_room, voice_of, way_to_room
from handlers.questions._troubles import Trouble, trouble
from handlers.questions._undelivered import tell_missing, tell_undelivered

TOPICS_AT_MOST = 5
"""A topic that keeps vanishing is made anew this often; then the question goes on without one."""


@feature.tick(timedelta(0))
def bring_to_the_room(moment: Moment) -> None:
    """Questions that were sent while there was no room go there once there is one; those that were there go on there."""
    room = groups.room(moment.db)
    if room is None:
        return
    for question in questions.waiting_for_a_room(moment.db):
        known = outbox.find(moment.db, question.key("card", question.topic))
        if known is not None and known.chat_id == room.chat_id:
            _go_on_in_the_room(moment, question, room)
        else:
            bring(moment, question, room)
            tell_story(moment, question)


def _go_on_in_the_room(moment: Moment, question: Question, room: Group) -> None:
    """The bot can write in the room again: what failed meanwhile, and what was not even tried."""
    question.room_id = room.chat_id
    subjects = [question.key(subject) for subject in ("topic", "asker", "desk")]
    for row in outbox.given_up(moment.db, about=subjects, chat_id=room.chat_id):
        outbox.again(moment.db, row, now=moment.now)
    came_with_it = opening(moment, question)
    added = [part for part in questions.story(moment.db, question) if part.side is Side.ASKER]
    pass_all(moment, way_to_room(moment, question), [part for part in added if part not in came_with_it])


@feature.tick(timedelta(0))
def look_at_setbacks(moment: Moment) -> None:
    """Every message about a question that could not be sent is mended, or told to the room; none twice."""
    told: dict[tuple[int, Trouble], list[OutboxRow]] = {}
    for row in outbox.setbacks(moment.db, "question:"):
        row.reported_at = moment.now
        question_id = id_in(row.about)
        if question_id is not None:
            question = questions.get(moment.db, question_id)
            told.setdefault((question_id, trouble(moment, question, row)), []).append(row)
    for (question_id, kind), rows in told.items():
        _mend(moment, questions.get(moment.db, question_id), kind, rows)


def _mend(moment: Moment, question: Question, kind: Trouble, rows: list[OutboxRow]) -> None:
    if kind is Trouble.HOME:
        tell_undelivered(moment, question, rows)
    elif kind is Trouble.MISSING:
        tell_missing(moment, question, rows)
    elif kind is Trouble.ALBUM:
        for row in rows:
            _one_by_one(moment, question, row)
    elif kind is Trouble.REACTION:
        for row in rows:
            say_instead(moment, question, row)
    elif kind is Trouble.NO_ROOM:
        _room_is_lost(moment, question)
    elif kind in (Trouble.NO_TOPICS, Trouble.TOPIC_GONE):
        for row in rows:
            row.state = "void"  # its words come again with the story
        _heal(moment, question, topics_work=kind is Trouble.TOPIC_GONE)


def _one_by_one(moment: Moment, question: Question, row: OutboxRow) -> None:
    """Telegram refused an album as a whole: what can arrive arrives, and what cannot is named."""
    carrier = moment.db.get(Part, part_in(row.key) or 0)
    if carrier is None:
        return
    author = moment.db.get(Member, carrier.author_id) if carrier.author_id else None
    to_room_side = carrier.side is Side.ASKER
    way = way_to_room(moment, question) if to_room_side else replace(way_home(moment, question, author), buttons=())
    for part in travels_with(moment, way, carrier):
        call = calls(way, part)[-1]
        outbox.revive(moment.db, call.key, method=call.method, payload=call.payload, needs=way.needs, now=moment.now)


def _room_is_lost(moment: Moment, question: Question) -> None:
    """The bot may not write in the room any more: questions wait for it, and an organizer hears of it once."""
    room = groups.find(moment.db, question.room_id or 0)
    question.room_id = None
    if room is not None and room.present:
        room.present = False
        _alert(moment, room.title, key=f"roomlost:{room.chat_id}:{moment.now.date()}")


def _heal(moment: Moment, question: Question, *, topics_work: bool) -> None:
    """Give a question a new topic and tell its story again; the room is told that this happened."""
    room = groups.room(moment.db)
    if room is None:
        question.room_id = None
        return
    if (question.state is State.CLOSED or question.merged_into_id is not None) and topics_work:
        return
    if not topics_work:
        _without_topics(moment, room)
    if question.topic >= TOPICS_AT_MOST:
        room = Group(**room.model_dump() | {"can_manage_topics": False})
    outbox.void(moment.db, about=question.key("asker"), now=moment.now)  # it comes again with the story
    open_in_room(moment, question, room)
    t = moment.words(language=room.language)
    if topics_work:
        text = t(
            "The topic of {label} was deleted. I have opened a new one with all its messages.", label=question.label
        )
        to_room(moment, question, Screen(text), key=question.key("healed", question.topic))
    tell_story(moment, question)


def tell_story(moment: Moment, question: Question) -> None:
    """All that was said about a question, in order, with what was merged into it; albums stay together."""
    came_with_it = opening(moment, question)
    said = [part for part in questions.story_in_room(moment.db, question) if part not in came_with_it]
    for (asker, author), parts in groupby(said, key=_speaker):
        if asker is not None:
            voice = voice_of(moment, question, asker)
            pass_all(moment, way_to_room(moment, question, voice=voice), parts)
            continue
        for part in parts:
            retell(moment, _retelling(moment, question, author, part), part)


def _speaker(part: Part) -> tuple[int | None, int]:
    """Whose words follow each other: those of the asker of one question, or of one colleague."""
    return (part.question_id, 0) if part.side is Side.ASKER else (None, part.author_id or 0)


def _retelling(moment: Moment, question: Question, author_id: int, part: Part) -> Way:
    """How colleagues' own words look when they are told again."""
    author = moment.db.get(Member, author_id)
    way = way_to_room(moment, question)
    return replace(
        way,
        place=way.place | {"disable_notification": True},
        about=question.key("desk"),
        heading=Markup("<i>{}</i>").format(author.shown_name if author else "…") + _kind(moment, question, part),
        key=lambda part: question.key("retold", question.topic, part.id),
        heads_bare=True,
        nameless=False,
    )


def _kind(moment: Moment, question: Question, part: Part) -> Markup:
    """What becomes of a consultant's words when it is no plain answer."""
    t = room_words(moment, question)
    if part.undone_at is not None:
        return Markup(" · ") + t("taken back")
    return Markup(" · ") + t("asked the asker") if part.side is Side.BACK else Markup()


def _without_topics(moment: Moment, room: Group) -> None:
    """The room turns out to have no topics for us: say once what is lacking, and work with replies."""
    if room.can_manage_topics:
        room.can_manage_topics = False
        t = moment.words(language=room.language).of("groups")
        moment.post(
            Screen(lacking(room, t)), chat_id=room.chat_id, key=f"room:{room.chat_id}:lacking:{moment.now.date()}"
        )
        _alert(moment, room.title, key=f"topicless:{room.chat_id}:{moment.now.date()}", topics=True)


def _alert(moment: Moment, title: str, *, key: str, topics: bool = False) -> None:
    """Organizers who can be reached hear what the room lacks, once a day."""
    for organizer in people.with_role(moment.db, Role.ORGANIZER):
        if not organizer.is_reachable:
            continue
        t = moment.words(organizer)
        text = (
            t(
                "I cannot open topics in the consultants' room “{title}”. Questions go there as single messages until "
                "topics are on and I may manage them.",
                title=title,
            )
            if topics
            else t(
                "I cannot write in the consultants' room “{title}” any more. Questions are kept and go there as soon as "
                "I can. Please check that I am in it and may send messages.",
                title=title,
            )
        )
        moment.post(Screen(text), chat_id=organizer.telegram_id, key=f"{key}:{organizer.id}")


@feature.tick(timedelta(0))
def alert_organizers(moment: Moment) -> None:
    """Questions wait and there is no room: the organizers hear it, once a day; of a room that was lost they know already."""
    waiting = questions.waiting_for_a_room(moment.db) if groups.room(moment.db) is None else []
    known = moment.now - timedelta(days=1) if groups.room_ids(moment.db) else moment.now
    if not any(question.sent_at is not None and question.sent_at <= known for question in waiting):
        return
    for organizer in people.with_role(moment.db, Role.ORGANIZER):
        if organizer.is_reachable:
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
