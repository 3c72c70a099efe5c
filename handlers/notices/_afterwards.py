"""What organizers see of a notice that has begun to go out: how far it is, what came of it, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot import outbox
from bot.features import notices
from bot.features.notices import Notice, State, Tally
from bot.features.people import Role
from bot.i18n import Translator
from bot.outbox import Lane
from handlers import _waking
from handlers._kit import Button, Deed, Moment, Request, Screen, Tap
from handlers.notices._feature import Home, feature
from handlers.notices._progress import Resume, author, controls, progress, waiting_line
from handlers.notices._reasons import reason_in_words
from handlers.notices._table import Table
from handlers.notices._words import ICONS, title_of


@dataclass(frozen=True)
class Report(Tap, prefix="notices.report"):
    """What came of a notice."""

    notice: int


@dataclass(frozen=True)
class Retry(Tap, prefix="notices.retry"):
    """Try again where it can succeed."""

    notice: int


@dataclass(frozen=True)
class Correct(Tap, prefix="notices.correct"):
    """Other words for what was sent; without a language, choose one."""

    notice: int
    language: str


@dataclass(frozen=True)
class Unsend(Tap, prefix="notices.unsend"):
    """Take back what was sent; `really` when that was asked."""

    notice: int
    really: bool


def overview(request: Request, notice: Notice) -> Screen:
    """How far it is, or what came of it, in place of what was tapped."""
    edit = request.heard.kind == "tap"
    tally = notices.tally(request.db, notice, now=request.now)
    if notice.state in (State.RUNNING, State.PAUSED):
        screen = progress(request, notice, tally, request.t)
        more = _further(notice, tally, request.t, running=True)
        return Screen(screen.text, buttons=[*screen.buttons, *more], edit=edit)
    return report_screen(request, notice, tally, request.t, edit=edit)


@feature.tap(Report, role=Role.ORGANIZER)
def show_report(request: Request, tap: Report) -> Screen:
    """The notice as it is now, also one that was taken back."""
    request.me.pending = None
    return overview(request, notices.begun(request.db, tap.notice))


def report(moment: Moment, notice: Notice) -> None:
    """Tell the author what came of it, in the morning where nobody waits for it now; only the newest report waits."""
    member = author(moment, notice)
    if member is None:
        return
    t = moment.words(member)
    tally = notices.tally(moment.db, notice, now=moment.now)
    key = f"{notices.subject(notice)}:report:{notice.runs}:{notice.revision}:{notice.state}"
    about = f"{notices.subject(notice)}:report"
    screen = report_screen(moment, notice, tally, t)
    outbox.void(moment.db, about=about, now=moment.now)
    promised: dict[str, Any] = {"due_at": _waking.when_up(moment, member), "heeds": outbox.QUIET}
    moment.post(screen, chat_id=member.telegram_id, key=key, about=about, lane=Lane.REMINDER, **promised)


def report_screen(deed: Deed, notice: Notice, tally: Tally, t: Translator, *, edit: bool = False) -> Screen:
    """What came of it, in numbers and plain words, with the buttons for what can still be done."""
    lines = [
        _heading(deed, notice, t),
        *_numbers(deed, notice, tally, t),
        *_reasons(deed, notice, t),
        *_changes(notice, tally, t),
    ]
    retriable = len(notices.retriable(deed.db, notice)) if notice.state is not State.DELETED else 0
    buttons = [*controls(notice, t), *_further(notice, tally, t, retriable=retriable)]
    return Screen(Markup("\n").join(lines), buttons=buttons, edit=edit)


def _heading(deed: Deed, notice: Notice, t: Translator) -> Markup:
    title = title_of(deed, notice, t)
    if notice.state is State.DELETED:
        return t("🗑 <b>{title}</b>\nIt was taken back.", title=title)
    if notice.state is State.STOPPED:
        return t("{icon} <b>{title}</b>\nIt was stopped.", icon=ICONS[notice.state], title=title)
    return t("{icon} <b>{title}</b>\nIt has gone out.", icon=ICONS[notice.state], title=title)


def _numbers(deed: Deed, notice: Notice, tally: Tally, t: Translator) -> list[Markup]:
    """A line for everything that is not nothing; who got it always has one."""
    lines = [t("Delivered to {sent} of {all}", sent=t.number(tally.sent), all=t.number(tally.all))]
    if tally.uncertain:
        lines.append(
            t(
                "Uncertain: {n}. No receipt came; it may have arrived twice (marked ↻) or not at all.",
                n=t.number(tally.uncertain),
            )
        )
    if tally.queued:
        lines.append(t.n("One is being sent at this moment.", "{n} are being sent at this moment.", tally.queued))
    if tally.waiting - tally.later:
        lines.append(t.n("Not sent to one.", "Not sent to {n}.", tally.waiting - tally.later))
    if tally.later and tally.until is not None:
        lines.append(waiting_line(tally, t))
    return lines + _held_back(tally, t) + _not_reached(tally, t) + _signed_up(notice, tally, t)


def _held_back(tally: Tally, t: Translator) -> list[Markup]:
    lines = []
    if tally.muted:
        lines.append(t.n("Muted by one", "Muted by {n}", tally.muted))
    if tally.full:
        lines.append(
            t.n(
                "Held back for one, who has had this week's messages",
                "Held back for {n}, who have had this week's messages",
                tally.full,
            )
        )
    return lines


def _not_reached(tally: Tally, t: Translator) -> list[Markup]:
    lines = []
    if tally.unreachable:
        lines.append(t("Unreachable: {n}", n=t.number(tally.unreachable)))
    if tally.failed:
        lines.append(t("Failed: {n}", n=t.number(tally.failed)))
    return lines


def _signed_up(notice: Notice, tally: Tally, t: Translator) -> list[Markup]:
    if not any(button["kind"] == "signup" for button in notice.buttons):
        return []
    return [t.n("✋ One person signed up.", "✋ {n} people signed up.", tally.signed_up)]


def _reasons(deed: Deed, notice: Notice, t: Translator) -> list[Markup]:
    found = notices.reasons(deed.db, notice)
    return [t("  · {reason}: {n}", reason=reason_in_words(why, t), n=t.number(number)) for why, number in found]


def _changes(notice: Notice, tally: Tally, t: Translator) -> list[Markup]:
    """What came of correcting it and of taking it back."""
    lines = []
    if tally.changing:
        lines.append(
            t.n("One is being changed at this moment.", "{n} are being changed at this moment.", tally.changing)
        )
    if tally.edited or tally.unedited:
        lines.append(t.n("Corrected for one", "Corrected for {n}", tally.edited))
    if tally.unedited:
        lines.append(t.n("Could not be corrected for one", "Could not be corrected for {n}", tally.unedited))
    if notice.state is State.DELETED:
        lines.append(t.n("Taken back from one", "Taken back from {n}", tally.deleted))
    if tally.undeleted:
        lines.append(
            t.n(
                "It stays with one: Telegram lets me delete only within 48 hours of sending.",
                "It stays with {n}: Telegram lets me delete only within 48 hours of sending.",
                tally.undeleted,
            )
        )
    return lines


def _further(
    notice: Notice, tally: Tally, t: Translator, *, retriable: int = 0, running: bool = False
) -> list[list[Button]]:
    """What can be done about it now."""
    number = notice.id or 0
    rows = []
    if notice.state is State.STOPPED and tally.waiting:
        rows.append([Button("▶️ " + t.label("Resume"), Resume(number))])
    if retriable and not running:
        rows.append([Button("🔁 " + t.label("Retry the failed"), Retry(number))])
    if notice.state is not State.DELETED:
        correct = Button("✏️ " + t.label("Correct"), Correct(number, ""))
        rows.append([correct, Button("🗑 " + t.label("Delete"), Unsend(number, False))])
    rows.append([Button("📄 " + t.label("CSV"), Table(number))])
    rows.append([Button("🔄 " + t.label("Refresh"), Report(number)), Button("‹ " + t.label("Notices"), Home())])
    return rows


@feature.tap(Retry, role=Role.ORGANIZER)
def retry(request: Request, tap: Retry) -> Screen:
    """Those whom it failed to reach get another try, where that can help."""
    notice = notices.begun(request.db, tap.notice)
    tried = notices.retry(request.db, notice, now=request.now) if notice.state is not State.DELETED else 0
    if not tried:
        return Screen(toast=request.t.label("There is nobody to whom another try would help."), alert=True)
    if notice.state is not State.RUNNING:
        notices.run_again(notice)
    request.hurry()
    t = request.t
    return Screen(t.n("One gets another try.", "{n} get another try.", tried), edit=True)
