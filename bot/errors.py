"""What can go wrong, as one tree.

SmallWinsError
├── DomainError              a rule said no: the transaction rolls back, the person hears a sentence in their language
│   ├── NotAllowed           the role is not enough
│   ├── NotYours             the button belongs to somebody else
│   ├── Outdated             the button is from an old message and leads nowhere now
│   ├── NotHere              it shows what this chat must not see
│   ├── InvitationUnusable   unknown, used up or expired
│   ├── LastOwner            the community would be left without an owner
│   ├── Unclear              what was typed does not fit what was asked for
│   ├── TextMissing          an empty question
│   ├── TextTooLong          a question beyond the limit
│   ├── TooManyOpen          the asker has as many open questions as one may have
│   ├── AlreadyClaimed       another consultant was first
│   ├── QuestionClosed       the question takes nothing more
│   ├── QuestionMerged       the experts work on the question that it was merged into
│   ├── NotOwner             another consultant has it
│   ├── NoQuestionHere       a command of the desk that was written where no question is meant
│   ├── CannotMerge          these two questions cannot become one
│   ├── OwnWords             nobody approves what they wrote themselves
│   ├── SafetyFixed          safety texts and doses are not written from the desk
│   ├── NoticeGone           the notice, or what it said, was deleted
│   ├── NoticeBusy           the notice is more than a draft: it waits, is sent, or was sent
│   ├── NoticeUnfit          the notice cannot be sent, or take this, as it is
│   ├── MomentUnfit          the time that was written cannot be used
│   ├── CannotPlan           a session or a series that cannot be as it was wished
│   ├── SessionOver          the session is cancelled or over: nothing of it changes any more
│   ├── SlotTaken            somebody was quicker
│   ├── CannotBook           it is others' turn, or they have a slot already
│   ├── PastCutOff           too late to move or give back what is booked
│   ├── TooManyAsked         somebody has as many questions for one webinar as one may have
│   ├── TooEarly             one cannot check in yet
│   ├── TooManyAttempts      too many wrong code words
│   ├── NotAttended          it is for those who were there
│   ├── AttendanceUnreadable the file is no attendance list
│   ├── CannotModerate       a measure in a group that is not meant for this person, or lacks something
│   └── CardUnfit            a programme's card, or a poster week, cannot be as it was wished
└── OperatorError            for whoever runs the bot: one sentence on the terminal, exit status 2
    ├── SettingsInvalid
    ├── ContentInvalid       a content file is broken: named, with its line
    ├── CatalogueInvalid     a catalogue of words is missing or broken
    ├── DatabaseTooNew
    ├── DatabaseUnreachable
    ├── DatabaseBusy         another process owns this database
    ├── LeaseLost            another process has taken over, or may have
    └── BackupUnusable       a backup cannot be made, or cannot be restored
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


class SmallWinsError(Exception):
    """The root: everything that this project raises on purpose."""


class DomainError(SmallWinsError):
    """A rule said no; carries facts, never words for people."""


class NotAllowed(DomainError):
    """The person's role does not reach this; `needed` names the role that does."""

    def __init__(self, needed: str) -> None:
        super().__init__(needed)
        self.needed = needed


class NotYours(DomainError):
    """The button or the question belongs to another person, named by `owner`."""

    def __init__(self, owner: str) -> None:
        super().__init__(owner)
        self.owner = owner


class Outdated(DomainError):
    """What the button once led to is gone or has moved on."""


class NotHere(DomainError):
    """What it would show is for a private chat or the consultants' room only."""


class InvitationUnusable(DomainError):
    """The invitation code is unknown, used up or expired: `why` is `unknown`, `used` or `expired`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class LastOwner(DomainError):
    """The only owner cannot leave or step down."""


class Unclear(DomainError):
    """What was typed is not of the kind asked for; `what` names the field."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class TextMissing(DomainError):
    """A question without words."""


class TextTooLong(DomainError):
    """More characters than are taken; `limit` and `length` in characters."""

    def __init__(self, limit: int, length: int) -> None:
        super().__init__(limit, length)
        self.limit = limit
        self.length = length


class TooManyOpen(DomainError):
    """The asker already has `limit` open questions."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class AlreadyClaimed(DomainError):
    """The consultant named by `by` took the question first."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


class QuestionClosed(DomainError):
    """The question `number` is closed and takes nothing more."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class QuestionMerged(DomainError):
    """The question `number` was merged into the question `into`, where the experts work on it."""

    def __init__(self, number: int, into: int) -> None:
        super().__init__(number, into)
        self.number = number
        self.into = into


class NotOwner(DomainError):
    """It is for the consultant named by `by`, or for an organizer."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


class NoQuestionHere(DomainError):
    """A command for one question, written neither in its topic nor as a reply to its card."""


class CannotMerge(DomainError):
    """`why` is `itself`, or `leading` when others were merged into the question `number`."""

    def __init__(self, why: str, number: int) -> None:
        super().__init__(why, number)
        self.why = why
        self.number = number


class OwnWords(DomainError):
    """A second person has to approve: this one wrote at the text."""


class SafetyFixed(DomainError):
    """The entry is a fixed safety text, or the words name a dose: neither is made or changed from the desk."""


class NoticeGone(DomainError):
    """The notice, or the part of it that is meant, was deleted."""


class NoticeBusy(DomainError):
    """The notice is no draft any more; `state` says what it is."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class NoticeUnfit(DomainError):
    """The notice cannot be sent, or take this; `why` is one of the reasons in `handlers/_kit/_sentences.py`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class MomentUnfit(DomainError):
    """A time that cannot be used: `why` is `unclear`, `clock` (none of day), `past`, `skipped` (by a clock change) or `far`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class CannotPlan(DomainError):
    """A session or series that cannot be as wished: `why` says what is in the way, `facts` the values that show it.

    `why` is one of: words, rhythm, when, half, which, apart, parity, holidays, whichday, once (what was written), day, fifth,
    date, weekday, notthen, past, pastday, end, hours, clock, gap, zone (what cannot be), link, length, number, text, overlap
    (what does not fit).
    """

    def __init__(self, why: str, **facts: Any) -> None:
        super().__init__(why, facts)
        self.why = why
        self.facts = facts


class SessionOver(DomainError):
    """The session is cancelled or over; `cancelled` says which."""

    def __init__(self, *, cancelled: bool) -> None:
        super().__init__(cancelled)
        self.cancelled = cancelled


class SlotTaken(DomainError):
    """Somebody else has booked the slot, or it is too late for it."""


class CannotBook(DomainError):
    """`why` is `open` (they have a slot ahead), `lately`, `often` or `programme`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TooManyAsked(DomainError):
    """The asker already has `limit` questions for this webinar."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class TooEarly(DomainError):
    """Checking in is possible from `opens_at` on."""

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(opens_at)
        self.opens_at = opens_at


class TooManyAttempts(DomainError):
    """Too many code words that were wrong."""


class NotAttended(DomainError):
    """It is for those who are known to have been at the webinar, after its end."""


class AttendanceUnreadable(DomainError):
    """The file is no attendance list: `why` is `large`, `excel`, `empty`, `letters`, `columns`, `nobody` or `away`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class CardUnfit(DomainError):
    """A programme's card cannot take this, or a poster week cannot be; `why` is one of the reasons in the sentences."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class PastCutOff(DomainError):
    """Until `until` it could have been moved or given back."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class CannotModerate(DomainError):
    """A measure in a group: `why` is `oneself`, `colleague`, `whom` (nobody is meant), `reason` (none given) or `time`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class OperatorError(SmallWinsError):
    """Something that whoever runs the bot has to mend; its text is one clear sentence."""


class SettingsInvalid(OperatorError):
    """A setting is missing or wrong; the sentence names the variable and what to do."""


class TokenUnknown(SettingsInvalid):
    """Telegram knows no bot with this token."""

    def __init__(self) -> None:
        super().__init__("Telegram does not know SMALLWINS_TOKEN. Copy it again from @BotFather.")


@dataclass(frozen=True)
class ContentProblem:
    """One mistake in one content file: where, and what to do about it."""

    file: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


class ContentInvalid(OperatorError):
    """One or more content files are broken; every problem is listed with file and line."""

    def __init__(self, problems: list[ContentProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class CatalogueInvalid(OperatorError):
    """A catalogue of words cannot be read; named, with the reason."""


class DatabaseTooNew(OperatorError):
    """The database was made by a newer version of Small Wins."""


class DatabaseUnreachable(OperatorError):
    """The database cannot be opened."""


class DatabaseBusy(OperatorError):
    """Another running process owns this database."""


class LeaseLost(OperatorError):
    """This process does not own the database any more, or cannot be certain that it does."""


class BackupUnusable(OperatorError):
    """A backup that cannot be made or restored; the sentence says why and what to do."""
