"""Insert FAQ: look for an entry, see it in the asker's language, send it as one's own answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.errors import Outdated, Unclear
from bot.features import questions
from bot.features.people import Role
from bot.features.questions import Question, id_of
from bot.search import Match
from handlers import _entries
from handlers._kit import Button, Preparing, Request, Screen, Tap, as_language, from_html
from handlers.questions._answering import send_words
from handlers.questions._feature import feature
from handlers.questions._prompts import asking, at_desk, at_hand, in_place, never_mind, prompt
from handlers.questions._room import room_words

AT_MOST = 5


@dataclass(frozen=True)
class Insert(Tap, prefix="questions.insert"):
    """Show what the FAQ came near to, and where to search."""

    question: int


@dataclass(frozen=True)
class Entry(Tap, prefix="questions.entry"):
    """Show an entry, named by its mark, before it is sent."""

    question: int
    entry: str


@dataclass(frozen=True)
class SendEntry(Tap, prefix="questions.sendentry"):
    """Send the entry to the asker."""

    question: int
    entry: str


@dataclass(frozen=True)
class InsertAgain(Tap, prefix="questions.insertagain"):
    """Back from an entry to what the FAQ came near to."""

    question: int


def search(preparing: Preparing) -> Match | None:
    """Look for entries before the transaction opens; None without words."""
    words = preparing.text.strip()
    return preparing.services.knowledge().match(words, None) if words else None


@feature.tap(Insert, role=Role.CONSULTANT)
def insert(request: Request, tap: Insert) -> Screen:
    """What the FAQ came near to."""
    return _nearest(request, at_desk(request, tap.question), edit=False)


@feature.tap(InsertAgain, role=Role.CONSULTANT)
def insert_again(request: Request, tap: InsertAgain) -> Screen:
    """The same list, in place of the preview."""
    return _nearest(request, at_desk(request, tap.question), edit=True)


@feature.command("insert", role=Role.CONSULTANT, in_groups=True, prepare=search)
def insert_here(request: Request) -> Screen | None:
    """The same by command; what stands behind it is searched for."""
    question = at_hand(request)
    if request.prepared is None:
        return _nearest(request, question, edit=False)
    return _found(request, question, request.prepared)


@prompt("insert", prepare=search)
def searched(request: Request, question: Question, _number: int) -> Screen | None:
    """The reply is what to look for."""
    if request.prepared is None:
        raise Unclear("words")
    return _found(request, question, request.prepared)


def _nearest(request: Request, question: Question, *, edit: bool) -> Screen:
    questions.require_open(request.db, question)
    t = room_words(request, question)
    text = t("Which FAQ entry answers {label}?", label=question.label)
    buttons = _choice(request, question, question.nearly)
    return Screen(text + _how(request, question), buttons, edit=edit, about=asking(question, "insert"))


def _how(request: Request, question: Question) -> Markup:
    t = room_words(request, question)
    return Markup("\n") + t("<i>To search, reply to this message with a few words.</i>")


def _found(request: Request, question: Question, match: Match) -> Screen | None:
    questions.require_open(request.db, question)
    t = room_words(request, question)
    buttons = _choice(request, question, [hit.id for hit in match.hits])
    text = t("The FAQ has nothing on this.") if len(buttons) == 1 else t("The FAQ has this:")
    return in_place(request, text + _how(request, question), buttons, about=asking(question, "insert"))


def _choice(request: Request, question: Question, entries: Sequence[str]) -> list[list[Button]]:
    library, question_id = request.services.knowledge().library, id_of(question)
    language = room_words(request, question).language
    known = [entry for entry in entries if entry in library.entries][:AT_MOST]
    rows = [[Button(_entries.question(library, entry, language), Entry(question_id, _entries.mark(entry)))] for entry in known]
    return [*rows, [never_mind(question, request)]]


@feature.tap(Entry, role=Role.CONSULTANT)
def preview(request: Request, tap: Entry) -> Screen:
    """The entry as the asker would get it."""
    question = at_desk(request, tap.question)
    questions.require_open(request.db, question)
    t = room_words(request, question)
    return Screen(
        Markup("\n\n").join([t("This would go to the asker:"), _words(request, question, tap.entry)]),
        [
            [Button("📤 " + t.label("Send"), SendEntry(tap.question, tap.entry))],
            [Button("« " + t.label("Back"), InsertAgain(tap.question)), never_mind(question, request)],
        ],
        edit=True,
        about=asking(question, "insert"),
    )


@feature.tap(SendEntry, role=Role.CONSULTANT)
def send_entry(request: Request, tap: SendEntry) -> Screen | None:
    """The entry is this consultant's answer."""
    question = at_desk(request, tap.question)
    sent = send_words(request, question, *from_html(_words(request, question, tap.entry)))
    _note_given(request, question, tap.entry)
    return sent


def _note_given(request: Request, question: Question, mark: str) -> None:
    """Everybody who got the entry hears of it when it changes in substance."""
    entry = _entries.marked(request.services.knowledge().library, mark)
    for home in questions.doors(request.db, question):
        asker = questions.asker_of(request.db, home)
        if asker is not None and entry is not None:
            _entries.note_given(request, asker, entry.id, as_language(question.language))


def _words(request: Request, question: Question, mark: str) -> Markup:
    """The entry in full in the asker's language, and that it is from the FAQ."""
    library, language = request.services.knowledge().library, as_language(question.language)
    entry = _entries.marked(library, mark)
    if entry is None:
        raise Outdated
    t = request.words(language=language)
    return t("<i>From our FAQ:</i>") + Markup("\n\n") + _entries.in_full(library, entry, language, t)
