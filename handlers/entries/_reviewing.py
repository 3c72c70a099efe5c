"""Entries have an owner and a day by which somebody looks at them again; until then they are not shown as certain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.errors import NotAllowed, Outdated
from bot.features import entries, people
from bot.features.entries import State, Version, id_of
from bot.features.people import Member, Role
from bot.outbox import Lane
from handlers._kit import Button, Moment, Request, Screen, Tap
from handlers.entries._feature import (
    Card,
    Edit,
    feature,
    other,
)


@dataclass(frozen=True)
class StillRight(Tap, prefix="entries.right"):
    """Somebody looked: nothing has to change."""

    entry: str


@dataclass(frozen=True)
class Own(Tap, prefix="entries.own"):
    """I look after this entry from now on."""

    entry: str


@dataclass(frozen=True)
class Agrees(Tap, prefix="entries.agrees"):
    """The other language says the same."""

    version: int


@dataclass(frozen=True)
class Retract(Tap, prefix="entries.retract"):
    """Take it out of what people are shown."""

    version: int


@feature.tick(timedelta(hours=1))
def remind_owners(moment: Moment) -> None:
    """Bring each entry past its day to its owner, once a week at most; to the organizers where nobody owns it."""
    for version in entries.to_remind(moment.db, now=moment.now):
        for member in _who_looks(moment, version):
            t = moment.words(member)
            text = t(
                "📅 “{question}” was to be looked at by {date}. Is it still right? Until you say so, I only suggest it "
                "and do not answer with it at once.",
                question=version.question,
                date=t.date(version.review_by),
            )
            rows = [
                [
                    Button("👍 " + t.label("Still right"), StillRight(version.entry_id)),
                    Button("✏️ " + t.label("Edit"), Edit(version.entry_id, version.language)),
                ]
            ]
            moment.post(
                Screen(text, buttons=rows),
                chat_id=member.telegram_id,
                key=version.key("review", moment.now.date(), member.id),
                lane=Lane.REMINDER,
            )


def _who_looks(moment: Moment, version: Version) -> list[Member]:
    owner = moment.db.get(Member, version.owner_id) if version.owner_id else None
    if owner is not None and owner.is_reachable and owner.role.reaches(Role.CONSULTANT):
        return [owner]
    return people.reachable_organizers(moment.db)


def _shown(request: Request, entry_id: str) -> list[Version]:
    """What is published of an entry; raises Outdated where nothing is."""
    found = [entries.published(request.db, entry_id, language) for language in ("en", "zh")]
    shown = [version for version in found if version is not None]
    if not shown:
        raise Outdated
    return shown


def _require_owner(request: Request, versions: list[Version]) -> None:
    """Only its owner and organizers."""
    owners = {version.owner_id for version in versions}
    if request.me.id not in owners and not request.me.role.reaches(Role.ORGANIZER):
        raise NotAllowed(Role.ORGANIZER)


@feature.tap(StillRight, role=Role.CONSULTANT)
def still_right(request: Request, tap: StillRight) -> Screen:
    """A new date."""
    versions, t = _shown(request, tap.entry), request.t
    _require_owner(request, versions)
    until = entries.still_right(request.db, tap.entry, now=request.now)
    return Screen(
        t("👍 “{question}” is certain again, until {date}.", question=versions[0].question, date=t.date(until)), edit=True
    )


@feature.tap(Own, role=Role.CONSULTANT)
def own(request: Request, tap: Own) -> Screen:
    """Whoever taps it looks after the entry."""
    for version in _shown(request, tap.entry):
        version.owner_id = request.me.id
    return Screen(toast=request.t.label("Thank you! I bring it to you when it is to be looked at again."))


@feature.tap(Agrees, role=Role.CONSULTANT)
def agrees(request: Request, tap: Agrees) -> Screen:
    """Both languages were read side by side."""
    version, t = entries.get(request.db, tap.version), request.t
    entries.require(version, State.PUBLISHED)
    entries.agrees(version)
    return Screen(
        t("👍 Both languages of {id} agree.", id=version.entry_id),
        buttons=[[Button("‹ " + version.entry_id, Card(version.entry_id))]],
        edit=True,
    )


@feature.tap(Retract, role=Role.CONSULTANT)
def retract(request: Request, tap: Retract) -> Screen:
    """People are no longer shown it; a file's own wording comes back."""
    version, t = entries.get(request.db, tap.version), request.t
    _require_owner(request, [version])
    entries.retract(version, by=request.me, now=request.now)
    rows = []
    if (second := entries.published(request.db, version.entry_id, other(version.language))) is not None:
        rows.append([Button("‹ " + second.entry_id, Card(second.entry_id))])
    return Screen(t("“{question}” is no longer shown.", question=version.question), buttons=rows, edit=True)


def review_buttons(entry_id: str, versions: list[Version], request: Request) -> list[list[Button]]:
    """What can be done with the published versions of an entry."""
    t = request.t.of(feature.name)
    right = Button("👍 " + t.label("Still right"), StillRight(entry_id))
    rows = [[right, Button("🙋 " + t.label("I look after it"), Own(entry_id))]]
    for version in versions:
        if version.to_check:
            rows.append([Button("👀 " + t.label("Both languages agree"), Agrees(id_of(version)))])
        label = t.label("Withdraw the English") if version.language == "en" else t.label("Withdraw the Chinese")
        rows.append([Button("🗑 " + label, Retract(id_of(version)))])
    return rows
