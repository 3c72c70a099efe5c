"""Somebody edits what they said: what was passed on changes with it, and the earlier words are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from bot import outbox
from bot.features import faq, groups, questions
from bot.features.people import Member
from bot.features.questions import Part, Question, Side, State, id_of
from bot.outbox import Lane, receipt_of
from bot.screening import Finding
from handlers._kit import Event, Request, Said, Screen, said
from handlers._matching import match
from handlers.questions._alarm import edited_into_alarm
from handlers.questions._albums import travels_with
from handlers.questions._asker import way_home
from handlers.questions._asking import confirm
from handlers.questions._feature import feature
from handlers.questions._found import what_was_masked, without_identifiers
from handlers.questions._relay import Call, Way, album, calls, edited
from handlers.questions._room import refresh_card, to_room, way_to_room

_SHORT = 120
"""Characters of the old and of the new words that the room is shown."""


@feature.event(Event.EDITED, prepare=match)
def edited_message(request: Request) -> Screen | None:
    """Find what was said in the message, keep its earlier words, and let the other side see the new ones."""
    asked = said(request.message, text=request.text)  # without a command, and without the bot's name
    place = (request.chat_id, request.message.message_id)
    if (question := questions.question_at(request.db, *place)) is not None:
        screen = _question_edited(request, questions.get(request.db, id_of(question)), asked)
        return _alarmed(request, screen, question)
    if (part := questions.part_at(request.db, *place)) is not None and part.author_id == request.me.id:
        question = questions.get(request.db, part.question_id)
        return _alarmed(request, _part_edited(request, question, part, said(request.message)), question)
    return edited_into_alarm(request, None, question=None) if _asked_edited(request, asked) else None


def _alarmed(request: Request, screen: Screen | None, question: Question) -> Screen | None:
    """The asker may have put in words that cannot wait."""
    return edited_into_alarm(request, screen, question=question) if question.asker_id == request.me.id else screen


def _asked_edited(request: Request, content: Said) -> bool:
    """Not passed on yet: the newest words count from here on; False when nothing was asked in this message."""
    if not content.text.strip():
        return False
    asked = faq.reword_at(
        request.db,
        chat_id=request.chat_id,
        message_id=request.message.message_id,
        member=request.me,
        text=content.text,
        entities=content.entities,
    )
    return asked is not None


def _question_edited(request: Request, question: Question, content: Said) -> Screen | None:
    if question.asker_id != request.me.id or question.taken_back_at is not None:
        return None
    if not (content.text.strip() or question.media):
        return None
    if question.state is State.DRAFT:
        _draft_edited(request, question, content)
        return None
    content, findings = without_identifiers(content)
    old = question.text
    opening = questions.part_at(request.db, question.chat_id, question.message_id)
    file_changed = opening is not None and content.file_id is not None and content.file_id != opening.file_id
    words_changed = questions.revise(
        request.db, question, None, text=content.text, entities=content.entities, now=request.now
    )
    masked = _masked(request, findings)
    if question.room_id is None:
        return masked
    if words_changed:
        refresh_card(request, question)
    if opening is not None and file_changed:
        _take_file(opening, content)
        renew(request, way_to_room(request, question, edited=True), opening, file_changed=True)
    if words_changed or file_changed:
        tell_room_what_changed(request, question, old, content.text)
    return masked


def _draft_edited(request: Request, question: Question, content: Said) -> None:
    """Its words are looked at for identifiers when they are shown, and once more when they are sent."""
    if questions.revise(request.db, question, None, text=content.text, entities=content.entities, now=request.now):
        _asked_edited(request, content)
        _confirm_again(request, question)


def _masked(request: Request, findings: Sequence[Finding]) -> Screen | None:
    return Screen(Markup("\n").join(what_was_masked(findings, request.t)), quiet=True) if findings else None


def _confirm_again(request: Request, question: Question) -> None:
    """The message that shows what will be passed on shows the newest words."""
    shown = outbox.newest_about(request.db, request.chat_id, f"draft:{question.id}")
    if shown is not None:
        request.replace(
            confirm(request, question),
            chat_id=request.chat_id,
            message_id=shown,
            key=question.key("confirmed", request.update_id),
        )


def _part_edited(request: Request, question: Question, part: Part, content: Said) -> Screen | None:
    if question.taken_back_at is not None or (part.side is Side.ASKER and part.undone_at is not None):
        return None
    findings: Sequence[Finding] = ()
    if part.side is Side.ASKER:
        content, findings = without_identifiers(content)
    old = part.text or ""
    file_changed = content.file_id is not None and content.file_id != part.file_id
    words_changed = questions.revise(
        request.db, question, part, text=content.text, entities=content.entities, now=request.now
    )
    if not (words_changed or file_changed) or (part.media is None and not content.text.strip()):
        return None
    _take_file(part, content)
    if question.state is State.DRAFT:
        _confirm_again(request, question)
        return _masked(request, findings)
    desk = questions.leading(request.db, question)
    if part.side is Side.ASKER and desk.room_id is not None:
        way = way_to_room(request, desk, edited=True, voice=question)
        renew(request, way, part, file_changed=file_changed)
        tell_room_what_changed(request, desk, old, content.text)
    elif part.side in (Side.CONSULTANT, Side.BACK) and part.undone_at is None:
        _renew_at_home(request, question, part, file_changed=file_changed)
    return _masked(request, findings)


def _renew_at_home(request: Request, question: Question, part: Part, *, file_changed: bool) -> None:
    """What a consultant edited changes with everybody who got it."""
    for home in questions.doors(request.db, question):
        if questions.asker_of(request.db, home) is not None:
            end = home.state is not State.CLOSED
            way = way_home(request, home, request.me, side=part.side, edited=True, end=end)
            renew(request, way, part, file_changed=file_changed)


def _take_file(part: Part, content: Said) -> None:
    if content.file_id is not None:
        part.media, part.file_id = content.media, content.file_id
        part.file_name, part.file_size = content.file_name, content.file_size


def tell_room_what_changed(request: Request, question: Question, old: str, new: str) -> None:
    """Say in the topic what changed; whoever owns an answer to the earlier words is called."""
    room = groups.find(request.db, question.room_id or 0)
    t = request.words(language=room.language if room else None)
    lines = [
        t("✏️ The asker edited: <s>{old}</s> → {new}", old=_shortened(old), new=_shortened(new))
        if old != new
        else t("✏️ The asker replaced what was attached.")
    ]
    owner = request.db.get(Member, question.owner_id) if question.owner_id else None
    if owner is not None and question.answered_at is not None:
        mention = Markup('<a href="tg://user?id={}">{}</a>').format(owner.telegram_id, owner.shown_name)
        lines.append(t("{name}, the answer so far speaks to the earlier words.", name=mention))
    text = Markup("\n").join(lines)
    to_room(request, question, Screen(text), key=question.key("edited", request.update_id), speaks="asker")


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return (line if len(line) <= _SHORT else line[: _SHORT - 1] + "…") or "–"


def renew(request: Request, way: Way, part: Part, *, file_changed: bool = False) -> None:
    """Bring a part that was edited up to date where it went: before it leaves, or in place once it is there."""
    together = travels_with(request, way, part)
    main = outbox.find(request.db, way.key(together[0]))
    if len(together) > 1:
        if main is not None and main.state in ("due", "failed"):
            *_above, call = album(way, together)
            outbox.rewrite(request.db, call.key, call.payload)
            return
        mark = way.heading if part is together[0] else request.t("✏️ edited")
        way = replace(way, buttons=(), heading=mark)
    current = calls(way, part)
    for call in current:
        _renew_one(request, way, part, call, carrier=way.key(together[0]), file_changed=file_changed)
    _empty_the_rest(request, way, part, len(current))


def _renew_one(request: Request, way: Way, part: Part, call: Call, *, carrier: str, file_changed: bool) -> None:
    row = outbox.find(request.db, call.key)
    if row is None:
        _owe(request, way, call.method, call.payload, key=call.key, needs=way.needs)
    elif not outbox.rewrite(request.db, call.key, call.payload, method=call.method):
        place = receipt_of(call.key, "message_id")
        change = edited(way, part, call, message_id=place, file_changed=file_changed)
        if change is not None:
            needs = carrier if call.key == way.key(part) else call.key
            _owe(request, way, *change, key=f"{call.key}:edit:{request.update_id}", needs=needs)


def _empty_the_rest(request: Request, way: Way, part: Part, pieces: int) -> None:
    """The earlier words were longer: their last messages say that they are gone."""
    if part.media is not None:
        return
    place = pieces
    while outbox.find(request.db, key := f"{way.key(part)}:{place}") is not None:
        gone = {"text": "✏️ …"}
        if not outbox.rewrite(request.db, key, way.place | gone, method="sendMessage"):
            there = {"chat_id": way.place["chat_id"], "message_id": receipt_of(key, "message_id")}
            _owe(request, way, "editMessageText", there | gone, key=f"{key}:edit:{request.update_id}", needs=key)
        place += 1


def _owe(request: Request, way: Way, method: str, payload: dict[str, Any], *, key: str, needs: str | None) -> None:
    request.owe(method, payload, key=key, chat_id=way.place["chat_id"], lane=Lane.ANSWER, about=way.about, needs=needs)
