"""After a restore: what is overdue is held until an organizer has seen how much it is and decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from bot import inbox, outbox
from bot.features import people
from bot.features.people import Member, Role
from bot.i18n import Translator
from bot.outbox import Delivery, Lane, Overdue
from handlers._kit import Button, Deed, Feature, Moment, Request, Screen, Tap

feature = Feature("overdue")


@dataclass(frozen=True)
class Release(Tap, prefix="overdue.release"):
    """All of it goes out; `total` is what the organizer saw."""

    total: int


@dataclass(frozen=True)
class Void(Tap, prefix="overdue.void"):
    """None of it goes out."""

    total: int


@dataclass(frozen=True)
class ReleaseAnswers(Tap, prefix="overdue.answers"):
    """Answers go out, reminders and notices do not."""

    total: int


@feature.tick(timedelta(minutes=1), while_held=True)
def ask(moment: Moment) -> None:
    """Tell every organizer once what is held: the only message that goes out by itself meanwhile."""
    standing = outbox.standing(moment.db)
    if standing.held_at is None:
        return
    late, unheard = _held(moment, standing.held_at)
    for organizer in people.reachable_organizers(moment.db):
        screen = _question(standing, late, unheard, moment.words(organizer))
        moment.post(screen, chat_id=organizer.telegram_id, key=_key(standing.held_at, organizer))


@feature.tap(Release, role=Role.ORGANIZER)
def release(request: Request, tap: Release) -> Screen:
    """Let everything go out."""
    return _decide(request, tap.total, void_from=None)


@feature.tap(Void, role=Role.ORGANIZER)
def void(request: Request, tap: Void) -> Screen:
    """Drop everything that is overdue."""
    return _decide(request, tap.total, void_from=Lane.REPLY)


@feature.tap(ReleaseAnswers, role=Role.ORGANIZER)
def release_answers(request: Request, tap: ReleaseAnswers) -> Screen:
    """Let answers go out, and drop reminders and notices."""
    return _decide(request, tap.total, void_from=Lane.REMINDER)


def _decide(request: Request, seen: int, *, void_from: Lane | None) -> Screen:
    """Decide about what the organizer saw; if it is more by now, show it anew instead."""
    t, standing = request.t, outbox.standing(request.db)
    held_at = standing.held_at
    if held_at is None:
        return Screen(toast=t.label("This has been decided already."), alert=True)
    late, unheard = _held(request, held_at)
    if late.total + unheard != seen:
        screen = _question(standing, late, unheard, t)
        toast = t.label("More has become due meanwhile. Please look again.")
        return Screen(screen.text, buttons=screen.buttons, edit=True, toast=toast, alert=True)
    voided = 0
    if void_from is not None:
        voided = outbox.void_overdue(request.db, beginning_with=void_from, now=request.now)
    if void_from is Lane.REPLY:
        inbox.put_aside_before(request.db, held_at, now=request.now)
    outbox.release(request.db)
    _tell_the_others(request, held_at, late.total - voided, voided)
    return Screen(_decided(t, request.me, late.total - voided, voided), edit=True)


def _tell_the_others(request: Request, held_at: datetime, released: int, voided: int) -> None:
    """Their copies of the question say what was decided, and by whom."""
    for organizer in people.reachable_organizers(request.db):
        key = _key(held_at, organizer)
        if organizer.id != request.me.id and outbox.is_promised(request.db, key):
            screen = Screen(_decided(request.words(organizer), request.me, released, voided))
            place = outbox.receipt_of(key, "message_id")
            request.replace(
                screen, chat_id=organizer.telegram_id, message_id=place, key=f"{key}:decided", needs=key
            )


def _decided(t: Translator, by: Member, released: int, voided: int) -> Markup:
    return t(
        "Decided by {name}. Overdue messages that go out now: {released}; dropped: {voided}. "
        "From here on everything runs as usual.",
        name=by.shown_name,
        released=t.number(released),
        voided=t.number(voided),
    )


def _question(standing: Delivery, late: Overdue, unheard: int, t: Translator) -> Screen:
    made = standing.backed_up_at or standing.held_at
    lines = [
        t("<b>I was restored from a backup</b> made on {when}. What happened after that is not in it.",
          when=t.datetime(made) if made is not None else "?"),
        t("Nothing that was due before goes out until one of you decides, and I send no reminders or reports. "
          "Whoever writes to me now is answered as always."),
        t("Overdue: answers {answers}, reminders {reminders}, notices {notices}, messages not yet read {unheard}.",
          answers=t.number(late.answers), reminders=t.number(late.reminders), notices=t.number(late.notices),
          unheard=t.number(unheard)),
    ]  # fmt: skip
    total = late.total + unheard
    rows = [[Button(t.label("Release"), Release(total)), Button(t.label("Void"), Void(total))]]
    if late.answers and late.total > late.answers:
        rows.append([Button(t.label("Release answers, void the rest"), ReleaseAnswers(total))])
    return Screen(Markup("\n\n").join(lines), buttons=rows)


def _held(deed: Deed, held_at: datetime) -> tuple[Overdue, int]:
    return outbox.overdue(deed.db, now=deed.now), inbox.from_before(deed.db, held_at)


def _key(held_at: datetime, organizer: Member) -> str:
    return f"overdue:{held_at.isoformat()}:{organizer.id}"
