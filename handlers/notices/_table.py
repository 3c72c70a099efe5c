"""A notice's recipients as a table: a line for each, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.features import groups, notices, people
from bot.features.notices import Change, Line, Notice, Outcome
from bot.features.people import Role
from bot.i18n import OWN_NAMES, Translator
from handlers._kit import File, Preparing, Request, Screen, Tap, as_language
from handlers.notices._feature import feature
from handlers.notices._reasons import reason_in_words

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes Chinese for something else."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


@dataclass(frozen=True)
class Table(Tap, prefix="notices.csv"):
    """Every recipient with what came of it, as a file."""

    notice: int


def prepare_table(preparing: Preparing) -> str:
    """The table, written before anything is locked: there may be ten thousand lines."""
    tap = Table.unpack(preparing.heard.data or "")
    with preparing.reading() as db:
        notice = db.get(Notice, tap.notice)
        me = people.find(db, preparing.heard.sender_id or 0)
        zone = me.timezone if me is not None else preparing.services.settings.timezone
        return "" if notice is None else table(db, notice, Translator(preparing.language, "notices", zone))


@feature.tap(Table, role=Role.ORGANIZER, prepare=prepare_table)
def send_table(request: Request, tap: Table) -> Screen:
    """Send the table."""
    notice = notices.begun(request.db, tap.notice)
    text = request.t("Who got it, and who did not, with the reason. It names people: please keep it to yourselves.")
    return Screen(text, file=File(f"notice-{notice.id}.csv", request.prepared))


def table(db: Session, notice: Notice, t: Translator) -> str:
    """The table as text; what people wrote is never a formula."""
    file = io.StringIO()
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file)
    writer.writerow(_headings(t))
    for line in notices.lines(db, notice):
        writer.writerow([_harmless(cell) for cell in _cells(db, line, t)])
    return file.getvalue()


def _headings(t: Translator) -> list[str]:
    return [
        t.label("Name"),
        t.label("Cohort"),
        t.label("City"),
        t.label("Language"),
        t.label("Outcome"),
        t.label("Time"),
        t.label("Reason"),
        t.label("Signed up at"),
    ]


def _cells(db: Session, line: Line, t: Translator) -> Iterator[str]:
    recipient, member = line.recipient, line.member
    group = groups.find(db, recipient.chat_id) if member is None else None
    yield member.shown_name if member is not None else group.title if group is not None else str(recipient.chat_id)
    yield (member.cohort or "") if member is not None else ""
    yield (member.city or "") if member is not None else ""
    yield OWN_NAMES[as_language(recipient.language)]
    yield _outcome(line, t)
    yield _time(recipient.sent_at or recipient.due_at, t)
    yield _reason(line, t)
    yield _time(line.signed_up_at, t)


def _time(moment: datetime | None, t: Translator) -> str:
    return f"{moment.astimezone(ZoneInfo(t.zone)):%Y-%m-%d %H:%M}" if moment is not None else ""


def _outcome(line: Line, t: Translator) -> str:
    recipient = line.recipient
    if recipient.chat_id == 0:
        return t.label("signed up in a group")
    if recipient.change is Change.DELETED:
        return t.label("taken back")
    if recipient.outcome is None:
        return t.label("not sent")
    return {
        Outcome.QUEUED: t.label("being sent"),
        Outcome.SENT: t.label("delivered"),
        Outcome.UNCERTAIN: t.label("uncertain"),
        Outcome.UNREACHABLE: t.label("unreachable"),
        Outcome.FAILED: t.label("failed"),
        Outcome.MUTED: t.label("muted"),
        Outcome.FULL: t.label("week full"),
    }[recipient.outcome]


def _reason(line: Line, t: Translator) -> str:
    error = line.recipient.error
    return "" if error is None else f"{reason_in_words(notices.reason(error), t)} ({error})"


def _harmless(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell
