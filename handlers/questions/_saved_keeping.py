"""Saved replies in private: written, changed and deleted, each in one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from bot.errors import Outdated, Unclear
from bot.features import questions
from bot.features.people import Role
from bot.features.questions import SavedReply
from bot.i18n import LANGUAGES, OWN_NAMES
from handlers._kit import Button, Request, Said, Screen, Tap, as_language, said
from handlers.questions._answering import shown
from handlers.questions._feature import feature

PAGE = 8


@dataclass(frozen=True)
class AllSaved(Tap, prefix="questions.allsaved"):
    """Show a page of all saved replies."""

    page: int


@dataclass(frozen=True)
class Write(Tap, prefix="questions.write"):
    """Write a new one, in a language that is chosen next."""


@dataclass(frozen=True)
class WriteIn(Tap, prefix="questions.writein"):
    """Write a new one in this language."""

    language: str


@dataclass(frozen=True)
class Look(Tap, prefix="questions.look"):
    """Show one saved reply."""

    reply: int


@dataclass(frozen=True)
class Retitle(Tap, prefix="questions.retitle"):
    """Change its title."""

    reply: int


@dataclass(frozen=True)
class Reword(Tap, prefix="questions.reword"):
    """Change its words."""

    reply: int


@dataclass(frozen=True)
class Drop(Tap, prefix="questions.drop"):
    """Delete it, after being asked once more."""

    reply: int
    sure: bool


def all_saved(request: Request, page: int = 0, *, edit: bool = False) -> Screen:
    """Every saved reply with its language, and the way to a new one."""
    t, replies = request.t, questions.saved(request.db)
    last = max(0, (len(replies) - 1) // PAGE)
    page = min(max(page, 0), last)
    rows = [
        [Button(f"{OWN_NAMES[as_language(reply.language)]} · {reply.title}", Look(reply.id or 0))]
        for reply in replies[page * PAGE : (page + 1) * PAGE]
    ]
    turns = [Button(arrow, AllSaved(to)) for arrow, to in (("‹", page - 1), ("›", page + 1)) if 0 <= to <= last]
    text = t(
        "<b>Saved replies</b>\nIn a question's topic, /saved offers those in the asker's language. "
        "{name} becomes the asker's name, {number} the question's number.",
        name="{name}",
        number="{number}",
    )
    return Screen(text, [*rows, turns, [Button("➕ " + t.label("Write a new one"), Write())]], edit=edit)


@feature.tap(AllSaved, role=Role.CONSULTANT)
def turn(request: Request, tap: AllSaved) -> Screen:
    """A page of them."""
    _in_private(request)
    return all_saved(request, tap.page, edit=True)


def _in_private(request: Request) -> None:
    """Steps of a dialogue are heard in private only; nobody puts these buttons anywhere else."""
    if not request.heard.private:
        raise Outdated


@feature.tap(Write, role=Role.CONSULTANT)
def write(request: Request, _tap: Write) -> Screen:
    """In which language?"""
    _in_private(request)
    rows = [[Button(OWN_NAMES[language], WriteIn(language))] for language in LANGUAGES]
    rows.append([Button("« " + request.t.label("Back"), AllSaved(0))])
    return Screen(request.t("For askers of which language?"), rows, edit=True)


@feature.tap(WriteIn, role=Role.CONSULTANT)
def write_in(request: Request, tap: WriteIn) -> Screen:
    """Wait for the title."""
    _in_private(request)
    if tap.language not in LANGUAGES:
        raise Outdated
    request.me.expects("questions.savedtitle", language=tap.language)
    return Screen(request.t("What is its title? Only consultants see it. To stop: /cancel."), edit=True)


@feature.step("savedtitle", role=Role.CONSULTANT)
def title(request: Request) -> Screen:
    """Take the title, wait for the words."""
    chosen = questions.checked_title(request.text)
    request.me.expects("questions.savedtext", language=request.pending["language"], title=chosen)
    return Screen(
        request.t(
            "Now the reply itself, formatted as the asker shall see it. You can use {name} and {number}.",
            name="{name}",
            number="{number}",
        )
    )


@feature.step("savedtext", role=Role.CONSULTANT)
def text(request: Request) -> Screen:
    """Take the words: the reply is saved."""
    content = _words(request)
    made = questions.save_reply(
        request.db,
        by=request.me,
        title=request.pending["title"],
        language=request.pending["language"],
        text=content.text,
        entities=content.entities,
        now=request.now,
    )
    return _one(request, made, request.t("Saved."))


def _words(request: Request) -> Said:
    """The words that were written; raises Unclear for anything else, and they are waited for again."""
    content = said(request.message)
    if content.media is not None or content.unknown:
        raise Unclear("reply")
    return content


@feature.tap(Look, role=Role.CONSULTANT)
def look(request: Request, tap: Look) -> Screen:
    """One of them, with what can be done."""
    _in_private(request)
    return replace(_one(request, questions.reply(request.db, tap.reply)), edit=True)


def _one(request: Request, reply: SavedReply, heading: Markup = Markup()) -> Screen:
    t, reply_id = request.t, reply.id or 0
    title = Markup("<b>{}</b> · {}").format(reply.title, OWN_NAMES[as_language(reply.language)])
    parts: Sequence[Markup] = [heading, title, shown(reply.text, reply.entities)]
    return Screen(
        Markup("\n\n").join(part for part in parts if part),
        [
            [Button(t.label("Change the words"), Reword(reply_id)), Button(t.label("Change the title"), Retitle(reply_id))],
            [Button("🗑 " + t.label("Delete"), Drop(reply_id, sure=False)), Button("« " + t.label("Back"), AllSaved(0))],
        ],
    )


@feature.tap(Reword, role=Role.CONSULTANT)
def reword(request: Request, tap: Reword) -> Screen:
    """Wait for new words."""
    _in_private(request)
    reply = questions.reply(request.db, tap.reply)
    request.me.expects("questions.savedwords", reply=reply.id)
    return Screen(request.t("Please write the new words. To stop: /cancel."))


@feature.step("savedwords", role=Role.CONSULTANT)
def new_words(request: Request) -> Screen:
    """Take the new words."""
    reply, content = request.db.get(SavedReply, request.pending["reply"]), _words(request)
    if reply is None:
        return _gone(request)
    questions.reword_reply(reply, text=content.text, entities=content.entities)
    return _one(request, reply, request.t("Saved."))


@feature.tap(Retitle, role=Role.CONSULTANT)
def retitle(request: Request, tap: Retitle) -> Screen:
    """Wait for a new title."""
    _in_private(request)
    reply = questions.reply(request.db, tap.reply)
    request.me.expects("questions.savedname", reply=reply.id)
    return Screen(request.t("Please write the new title. To stop: /cancel."))


@feature.step("savedname", role=Role.CONSULTANT)
def new_title(request: Request) -> Screen:
    """Take the new title."""
    reply = request.db.get(SavedReply, request.pending["reply"])
    if reply is None:
        return _gone(request)
    reply.title = questions.checked_title(request.text)
    return _one(request, reply, request.t("Saved."))


def _gone(request: Request) -> Screen:
    return Screen(request.t("Somebody has deleted this reply in the meantime."))


@feature.tap(Drop, role=Role.CONSULTANT)
def drop(request: Request, tap: Drop) -> Screen:
    """Delete it, after one more tap."""
    _in_private(request)
    t, reply = request.t, questions.reply(request.db, tap.reply)
    if tap.sure:
        request.db.delete(reply)
        request.db.flush()
        return replace(all_saved(request, edit=True), toast=t.label("Deleted."))
    return Screen(
        t("Delete “{title}” for everybody?", title=reply.title),
        [
            [Button("🗑 " + t.label("Delete"), Drop(tap.reply, sure=True))],
            [Button("« " + t.label("Back"), Look(tap.reply))],
        ],
        edit=True,
    )
