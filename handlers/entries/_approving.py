"""A second consultant decides: the proposal comes to the room, or to the organizers in private where there is no room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from bot import outbox, screening
from bot.errors import Outdated, Unclear
from bot.features import entries, faq, groups, people, questions
from bot.features.entries import State, Version, id_of
from bot.features.people import Member, Role
from bot.i18n import Translator
from bot.outbox import Lane
from handlers import _entries
from handlers._kit import Button, Deed, Request, Screen, Tap
from handlers.entries._editing import Submit
from handlers.entries._feature import (
    Home,
    Open,
    feature,
    in_private,
    language_name,
    languages_in_files,
    name_of,
    present,
    reader_of,
    require_harmless,
    shortened,
    texts_of,
)
from handlers.entries._fields import shown_field
from handlers.entries._showing import difference, preview
from handlers.entries._telling import tell_readers

_ROOM_FOR_CHANGES = 3600


@dataclass(frozen=True)
class Approve(Tap, prefix="entries.approve"):
    """Publish it; `round` names the submission, so that the button of an earlier one is old."""

    version: int
    round: int


@dataclass(frozen=True)
class SendBack(Tap, prefix="entries.back"):
    """It needs another hand."""

    version: int
    round: int


@feature.tap(Submit, role=Role.CONSULTANT)
def submit(request: Request, tap: Submit) -> Screen:
    """Bring it to those who may approve it."""
    version, t = entries.get(request.db, tap.version), request.t
    require_harmless(request, version.entry_id, *texts_of(version))
    if any(screening.MARK in text for text in texts_of(version)):
        raise Unclear("masked")
    entries.submit(version, by=request.me, substantial=tap.substantial, now=request.now)
    for chat_id, key, words in _cards(request, version):
        screen = proposal(request, version, words)
        request.post(screen, chat_id=chat_id, key=key, lane=Lane.ANSWER)
    return Screen(
        t("📨 {id} waits for approval by a second consultant. I tell you what they decide.", id=version.entry_id),
        buttons=[[Button(t.label("FAQ entries"), Home())]],
        edit=True,
    )


def _cards(deed: Deed, version: Version) -> Iterator[tuple[int, str, Translator]]:
    """Where the proposal is shown: the chat, the key of its message, and the words spoken there."""
    room = groups.room(deed.db)
    if room is not None:
        yield room.chat_id, version.key("card", version.round), deed.words(language=room.language).of(feature.name)
        return
    for organizer in people.reachable_organizers(deed.db):
        key = version.key("card", version.round, organizer.id)
        yield organizer.telegram_id, key, deed.words(organizer).of(feature.name)


def proposal(deed: Deed, version: Version, t: Translator) -> Screen:
    """The proposal with the answer as members would see it, what changes, and the choice."""
    name, language = name_of(deed, version.author_id), language_name(version.language, t)
    before = present(deed, version.entry_id, version.language)
    heading = (
        t("📝 <b>{name}</b> proposes an FAQ entry, {id} ({language}):", name=name, id=version.entry_id, language=language)
        if before is None
        else t("📝 <b>{name}</b> proposes a change of {id} ({language}):", name=name, id=version.entry_id, language=language)
    )
    parts = [heading, preview(deed, version, t)]
    if before is not None:
        changed = difference(before[1], version.substance, reader_of(version.language, t.language))
        kind = t("Changed in substance:") if version.substantial else t("Only wording:")
        if changed and sum(map(len, parts)) + len(changed) < _ROOM_FOR_CHANGES:
            parts.append(kind + Markup("\n") + changed)
    if version.variants and sum(map(len, parts)) < _ROOM_FOR_CHANGES - 500:
        parts.append(shown_field(version, "variants", t))
    if version.state is not State.WAITING:
        return Screen(Markup("\n\n").join([*parts, _verdict(deed, version, t)]))
    version_id = id_of(version)
    choice = [
        Button("✅ " + t.label("Approve"), Approve(version_id, version.round)),
        Button("↩️ " + t.label("Send back"), SendBack(version_id, version.round)),
    ]
    return Screen(Markup("\n\n").join(parts), buttons=[choice])


def _verdict(deed: Deed, version: Version, t: Translator) -> Markup:
    name = name_of(deed, version.decided_by)
    if version.state is State.DRAFT:
        return t("↩️ <b>{name}</b> sent it back: {note}", name=name, note=shortened(version.note or "–", 200))
    return t("✅ Approved by <b>{name}</b>. It is published.", name=name)


def _refresh_cards(request: Request, version: Version) -> None:
    """Show what was decided wherever the proposal stands."""
    for chat_id, key, words in _cards(request, version):
        if outbox.receipt(request.db, key) is not None:
            request.replace(
                proposal(request, version, words),
                chat_id=chat_id,
                message_id=outbox.receipt_of(key, "message_id"),
                needs=key,
                lane=Lane.ANSWER,
                key=f"{key}:decided",
            )


@feature.tap(Approve, role=Role.CONSULTANT)
def approve(request: Request, tap: Approve) -> Screen:
    """Publish it at once, and tell everybody whom it concerns."""
    version, t = _waiting(request, tap.version, tap.round), request.t
    require_harmless(request, version.entry_id, *texts_of(version))
    before = present(request, version.entry_id, version.language)
    in_file = languages_in_files(request, version.entry_id)
    entries.approve(request.db, version, by=request.me, in_file=in_file, now=request.now)
    tell_readers(
        request, version.entry_id, version.language, version.question, version.substance,
        cause=version.key("changed"), told=before is not None and version.substantial,
    )
    _tell_author(request, version)
    _tell_topic(request, version)
    _refresh_cards(request, version)
    toast = t.label("Published. Thank you!")
    if not request.heard.private:
        return Screen(toast=toast)
    return Screen(proposal(request, version, t).text, edit=True, toast=toast)


def _tell_author(request: Request, version: Version) -> None:
    author = request.db.get(Member, version.author_id) if version.author_id else None
    if author is None or not author.is_reachable:
        return
    t = request.words(author)
    text = t("🎉 <b>{name}</b> approved “{question}”. It is published.", name=request.me.shown_name, question=version.question)
    request.post(
        Screen(text, buttons=[[_read(request, version, t)]]), chat_id=author.telegram_id, key=version.key("approved"),
        lane=Lane.ANSWER,
    )


def _tell_topic(request: Request, version: Version) -> None:
    """The topic of the question that it came from hears that there is an entry now, and the bank lets go of it."""
    if version.question_id is None:
        return
    question = questions.get(request.db, version.question_id)
    faq.forget_for_experts(request.db, question.text)
    room = groups.find(request.db, question.room_id or 0)
    if room is None:
        return
    topic, t = question.topic_key, request.words(language=room.language)
    request.post(
        Screen(t("📚 This is an FAQ entry now: “{question}”", question=version.question), [[_read(request, version, t)]]),
        chat_id=room.chat_id,
        key=version.key("topic"),
        lane=Lane.ANSWER,
        needs=topic,
        thread_id=outbox.receipt_of(topic, "thread_id") if topic else None,
    )


def _read(request: Request, version: Version, t: Translator) -> Button:
    return Button(t.label("Read it"), f"{request.services.link}?start={_entries.deep_link(version.entry_id)}")


@feature.tap(SendBack, role=Role.CONSULTANT)
def send_back(request: Request, tap: SendBack) -> Screen:
    """Ask what is to be changed, in private."""
    version, t = _waiting(request, tap.version, tap.round), request.t
    text = t("What should be changed in {id}? Write it in a few words. To stop: /cancel", id=version.entry_id)
    shown = in_private(request, Screen(text), key=f"entries:back:{request.update_id}")
    if request.me.is_reachable:
        request.me.expects("entries.note", version=tap.version, round=tap.round)
    return shown


@feature.step("note", role=Role.CONSULTANT)
def note(request: Request) -> Screen:
    """Give it back to its author with the note."""
    version = _waiting(request, request.pending["version"], request.pending["round"])
    entries.send_back(version, by=request.me, note=request.text.strip())
    _tell_sent_back(request, version)
    _refresh_cards(request, version)
    return Screen(request.t("Thank you. Its author has your note, and the draft is open again in /entries."))


def _tell_sent_back(request: Request, version: Version) -> None:
    author = request.db.get(Member, version.author_id) if version.author_id else None
    if author is None or not author.is_reachable:
        return
    t, name = request.words(author), request.me.shown_name
    text = t("↩️ <b>{name}</b> sent {id} back: {note}", name=name, id=version.entry_id, note=version.note or "–")
    request.post(
        Screen(text, buttons=[[Button("✏️ " + t.label("Open the draft"), Open(id_of(version)))]]),
        chat_id=author.telegram_id,
        key=version.key("back", version.round),
        lane=Lane.ANSWER,
    )


def _waiting(request: Request, version_id: int, round_: int) -> Version:
    version = entries.get(request.db, version_id)
    entries.require(version, State.WAITING)
    if version.round != round_:
        raise Outdated
    return version
