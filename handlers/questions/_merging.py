"""Merge: two people asked the same, so one answer goes to both; Split undoes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.features import questions
from bot.features.people import Role
from bot.features.questions import Question, Side, id_of
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen, Tap, as_html
from handlers.questions._asker import bring_home, tell_taken
from handlers.questions._feature import Split, feature
from handlers.questions._likely import Likely, finding, open_ones, shortened
from handlers.questions._links import topic_link
from handlers.questions._prompts import at_desk, at_hand, never_mind
from handlers.questions._room import (
    asker_name,
    close_topic,
    refresh_card,
    relay_to_room,
    room_words,
    to_room,
)
from handlers.questions._timing import clock_goes_on, clock_stops

AT_MOST = 6
prepare = finding(open_ones, at_most=AT_MOST)


@dataclass(frozen=True)
class Merge(Tap, prefix="questions.merge"):
    """Show into which open question it could be merged."""

    question: int


@dataclass(frozen=True)
class MergeAgain(Tap, prefix="questions.mergeagain"):
    """Back from one to all that fit."""

    question: int


@dataclass(frozen=True)
class Into(Tap, prefix="questions.into"):
    """Show the other question, and ask once more."""

    question: int
    other: int


@dataclass(frozen=True)
class MergeInto(Tap, prefix="questions.mergeinto"):
    """Merge them."""

    question: int
    other: int


@dataclass(frozen=True)
class Merged(Tap, prefix="questions.merged"):
    """Show what was merged into this question, to be split off."""

    question: int


@feature.tap(Merge, role=Role.CONSULTANT, prepare=prepare)
def merge(request: Request, tap: Merge) -> Screen:
    """Open questions, the most similar first."""
    return _choice(request, at_desk(request, tap.question), edit=False)


@feature.tap(MergeAgain, role=Role.CONSULTANT, prepare=prepare)
def merge_again(request: Request, tap: MergeAgain) -> Screen:
    """The same list, in place of the question that was looked at."""
    return _choice(request, at_desk(request, tap.question), edit=True)


@feature.command("merge", role=Role.CONSULTANT, in_groups=True, prepare=prepare)
def merge_here(request: Request) -> Screen:
    """The same by command."""
    return _choice(request, at_hand(request), edit=False)


def _choice(request: Request, question: Question, *, edit: bool) -> Screen:
    questions.require_open(request.db, question)
    t, question_id = room_words(request, question), id_of(question)
    likely: Likely = request.prepared
    others = _likely_first(questions.others_open(request.db, question), likely.ids)[:AT_MOST]
    if not others:
        return Screen(t("No other question is open."), edit=edit, about=question.key("tool"))
    rows = [[Button(f"{o.label} · {shortened(o.text)}", Into(question_id, id_of(o)))] for o in others]
    text = t("Into which question shall {label} be merged?", label=question.label)
    return Screen(text, [*rows, [never_mind(question, request)]], edit=edit, about=question.key("tool"))


def _likely_first(others: Sequence[Question], ids: Sequence[int]) -> list[Question]:
    rank = {number: place for place, number in enumerate(ids)}
    return sorted(others, key=lambda other: rank.get(other.id or 0, len(rank)))


@feature.tap(Into, role=Role.CONSULTANT)
def into(request: Request, tap: Into) -> Screen:
    """Look at the other question before the two become one."""
    question, other = at_desk(request, tap.question), at_desk(request, tap.other)
    questions.require_open(request.db, question)
    questions.require_open(request.db, other)
    t = room_words(request, question)
    text = t(
        "Merge {label} into {other}? Whoever asked {label} gets the answers that are given there.",
        label=question.label,
        other=topic_link(request, other),
    )
    return Screen(
        text + Markup("\n<blockquote>{}</blockquote>").format(shortened(other.text, 1000)),
        [
            [Button("🔗 " + t.label("Merge"), MergeInto(tap.question, tap.other))],
            [Button("« " + t.label("Back"), MergeAgain(tap.question)), never_mind(question, request)],
        ],
        edit=True,
        about=question.key("tool"),
    )


@feature.tap(MergeInto, role=Role.CONSULTANT)
def merge_into(request: Request, tap: MergeInto) -> Screen:
    """The two become one: here it closes, there everybody's answers are written."""
    question, other = at_desk(request, tap.question), at_desk(request, tap.other)
    t = room_words(request, question)
    if not questions.merge(request.db, question, other):
        return Screen(toast=t.label("They are merged already."))
    clock_stops(request, question)
    _note(request, question, f"🔗 {question.label} → {other.label}")
    _bring_in(request, question, other, t)
    _catch_up(request, question, other)
    tell_taken(request, question)
    refresh_card(request, question)
    refresh_card(request, other)
    close_topic(request, question, closed=True, cause=request.update_id)
    text = t("🔗 {name} merged this into {label}.", name=request.me.shown_name, label=topic_link(request, other))
    return Screen(text, [[Button("✂️ " + t.label("Split"), Split(tap.question))]], edit=True, about=question.key("tool"))


def _note(request: Request, question: Question, text: str) -> None:
    questions.tell(
        request.db,
        question,
        side=Side.NOTE,
        author=request.me,
        chat_id=request.chat_id,
        message_id=request.message.message_id,
        now=request.now,
        text=text,
    )


def _bring_in(request: Request, question: Question, other: Question, t: Translator) -> None:
    """The other topic hears who asks as well, and with which words."""
    name = asker_name(question, questions.asker_of(request.db, question), t)
    heading = t("👥 <b>{name}</b> asks this too ({label}):", name=name, label=topic_link(request, question))
    key = question.key("into", other.id, request.update_id)
    words = Markup("\n\n").join([heading, as_html(question.text, question.entities)])
    to_room(request, other, Screen(words), key=key, speaks="asker")
    for part in questions.story(request.db, question):
        if part.side is Side.ASKER and part.undone_at is None:
            relay_to_room(request, other, part)


def _catch_up(request: Request, question: Question, other: Question) -> None:
    """What the other's asker was answered already goes to this one's, too."""
    if questions.asker_of(request.db, question) is None or question not in questions.doors(request.db, other):
        return
    for part in reversed(questions.answers(request.db, other)):
        if part.side is Side.CONSULTANT:
            bring_home(request, other, part, homes=[question])


@feature.tap(Merged, role=Role.CONSULTANT)
def merged(request: Request, tap: Merged) -> Screen:
    """Which one shall stand by itself again?"""
    question = at_desk(request, tap.question)
    t, them = room_words(request, question), questions.followers(request.db, question)
    if not them:
        return Screen(toast=t.label("Nothing is merged into {label}.", label=question.label))
    rows = [[Button(f"✂️ {one.label} · {shortened(one.text)}", Split(id_of(one)))] for one in them]
    text = t("Which question shall stand by itself again?")
    return Screen(text, [*rows, [never_mind(question, request)]], about=question.key("tool"))


@feature.tap(Split, role=Role.CONSULTANT)
def split(request: Request, tap: Split) -> Screen:
    """A merged question stands by itself again."""
    return _split(request, at_desk(request, tap.question))


@feature.command("split", role=Role.CONSULTANT, in_groups=True)
def split_here(request: Request) -> Screen:
    """The same by command, in the merged question's topic."""
    return _split(request, at_hand(request))


def _split(request: Request, question: Question) -> Screen:
    t, other = room_words(request, question), questions.leading(request.db, question)
    if not questions.split(question):
        return Screen(t("{label} stands by itself.", label=question.label), edit=request.heard.kind == "tap")
    clock_goes_on(request, question)
    tell_taken(request, question)
    close_topic(request, question, closed=False, cause=request.update_id)
    refresh_card(request, question)
    refresh_card(request, other)
    text = t("✂️ {name} split {label} from {other}.", name=request.me.shown_name, label=question.label, other=other.label)
    to_room(request, other, Screen(text), key=question.key("split", request.update_id))
    return Screen(text, about=question.key("tool"))
