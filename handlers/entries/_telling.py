"""Whoever was given an answer hears once that it changed in substance; of changed files an organizer decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from bot.errors import Outdated
from bot.features import entries, people
from bot.features.entries import Change, Reader, Verdict, id_of
from bot.features.people import Member, Role
from bot.i18n import Translator
from bot.outbox import Lane
from handlers import _entries
from handlers._kit import Button, Deed, Moment, Request, Screen, Tap
from handlers.entries._feature import (
    feature,
    language_name,
    name_of,
    reader_of,
)
from handlers.entries._showing import difference

OPEN_AT_MOST = 5
"""Changed files of which organizers are asked at a time."""


@dataclass(frozen=True)
class Decide(Tap, prefix="entries.tell"):
    """Whether those who were given the old answer of a changed file are told."""

    change: int
    tell: bool


def tell_readers(
    deed: Deed,
    entry_id: str,
    language: str,
    question: str,
    lines: Sequence[str],
    *,
    cause: str,
    told: bool,
    only: str | None = None,
) -> None:
    """Count everybody as having the new lines; where they are `told`, each reader gets one message with the change."""
    for reader in entries.overtake(deed.db, entry_id, language=language, lines=lines, now=deed.now, only=only):
        if told and reader.member is not None and reader.member.is_reachable:
            _tell(deed, reader, entry_id, language, question, lines, cause)


def _tell(
    deed: Deed, reader: Reader, entry_id: str, language: str, question: str, lines: Sequence[str], cause: str
) -> None:
    t = deed.words(reader.member).of(feature.name)
    text = t("🔄 The answer to “{question}”, which I gave you some time ago, has changed:", question=question)
    if reader.lines is not None:
        text += Markup("\n\n") + difference(reader.lines, lines, reader_of(language, t.language))
    link = f"{deed.services.link}?start={_entries.deep_link(entry_id)}"
    deed.post(
        Screen(text, buttons=[[Button(t.label("Read it"), link)]]),
        chat_id=reader.member.telegram_id,
        key=f"{cause}:member:{reader.member.id}",
        lane=Lane.NOTICE,
    )


@feature.tick(timedelta(minutes=1))
def look_for_changed_files(moment: Moment) -> None:
    """An answer in a file is not the one that people were given: ask the organizers once, and do what they said."""
    waiting, unseen = 0, []
    for entry_id, language, old, readers in entries.in_hands(moment.db, now=moment.now):
        found = _in_file(moment, entry_id, language, given=old)
        if found is None:
            continue
        change = entries.change_between(moment.db, entry_id, language, old=old, new=entries.digest(found[1]))
        if change is None:
            unseen.append((entry_id, language, old, found, readers))
        elif change.verdict is Verdict.OPEN:
            waiting += 1
        else:
            _carry_out(moment, change, found)
    if unseen and (organizers := people.reachable_organizers(moment.db)):
        for entry_id, language, old, found, readers in unseen[: max(0, OPEN_AT_MOST - waiting)]:
            new = entries.digest(found[1])
            change = entries.see_change(moment.db, entry_id, language, old=old, new=new, now=moment.now)
            _ask(moment, organizers, change, found, readers)


def _in_file(deed: Deed, entry_id: str, language: str, *, given: str) -> tuple[str, list[str]] | None:
    """Question and lines of a file's entry; None where they are what was given, or the desk's wording is shown."""
    entry = deed.services.knowledge().files.entries.get(entry_id)
    written = entry.written(language) if entry else None
    if written is None or entries.digest(written.substance) == given:
        return None
    if entries.published(deed.db, entry_id, language) is not None:
        return None
    return written.question, written.substance


def _ask(
    moment: Moment, organizers: Sequence[Member], change: Change, found: tuple[str, list[str]], people: int
) -> None:
    for organizer in organizers:
        t = moment.words(organizer)
        moment.post(
            Screen(_asking(moment, change, found, people, t), buttons=_choice(change, t)),
            chat_id=organizer.telegram_id,
            key=change.key("ask", organizer.id),
            lane=Lane.REMINDER,
        )


def _asking(deed: Deed, change: Change, found: tuple[str, list[str]], people: int, t: Translator) -> Markup:
    question, lines = found
    old = entries.text_of(deed.db, change.old) or []
    return Markup("\n\n").join(
        [
            t("🔄 “{question}” ({language}) was changed in its file:", question=question,
              language=language_name(change.language, t)),
            difference(old, lines, reader_of(change.language, t.language)),
            t.n("{n} person was given the old answer in the last 90 days. Shall I tell them?",
                "{n} people were given the old answer in the last 90 days. Shall I tell them?", people),
        ]
    )


def _choice(change: Change, t: Translator) -> list[list[Button]]:
    change_id = id_of(change)
    return [
        [
            Button("📣 " + t.label("Tell them"), Decide(change_id, tell=True)),
            Button(t.label("Only wording"), Decide(change_id, tell=False)),
        ]
    ]


@feature.tap(Decide, role=Role.ORGANIZER)
def decide(request: Request, tap: Decide) -> Screen:
    """The first organizer's word counts."""
    change, t = entries.change(request.db, tap.change), request.t
    if not entries.decide(change, Verdict.TELL if tap.tell else Verdict.WORDING, by=request.me):
        return Screen(toast=t.label("{name} has already decided.", name=name_of(request, change.decided_by)), alert=True)
    found = _in_file(request, change.entry_id, change.language, given=change.old)
    if found is None or entries.digest(found[1]) != change.new:
        raise Outdated
    _carry_out(request, change, found)
    text = (
        t("📣 Those who were given the old answer to “{question}” hear what changed.", question=found[0])
        if tap.tell
        else t("Good: only wording. Nobody is told about “{question}”.", question=found[0])
    )
    return Screen(text, edit=True)


def _carry_out(deed: Deed, change: Change, found: tuple[str, list[str]]) -> None:
    tell_readers(
        deed, change.entry_id, change.language, *found,
        cause=change.key("told"), told=change.verdict is Verdict.TELL, only=change.old,
    )
