"""The feature that the siblings register on, and its buttons."""

from __future__ import annotations

from dataclasses import dataclass

from handlers._kit import Feature, Tap

feature = Feature("schedule")


@dataclass(frozen=True)
class Home(Tap, prefix="schedule.home"):
    """The calendar from its beginning, or a later page of it."""

    page: int


@dataclass(frozen=True)
class New(Tap, prefix="schedule.new"):
    """Plan a `series` or one `session`; of which kind comes next."""

    what: str


@dataclass(frozen=True)
class OfKind(Tap, prefix="schedule.kind"):
    """Begin a draft of a series or a session of this kind."""

    what: str
    kind: str


@dataclass(frozen=True)
class Guide(Tap, prefix="schedule.guide"):
    """When it is, one button after the other; `path` is what was chosen so far."""

    path: str


@dataclass(frozen=True)
class Write(Tap, prefix="schedule.write"):
    """When it is, in words."""


@dataclass(frozen=True)
class Later(Tap, prefix="schedule.later"):
    """The draft begins one week, or one month, later."""


@dataclass(frozen=True)
class Card(Tap, prefix="schedule.card"):
    """What the draft holds."""


@dataclass(frozen=True)
class Fill(Tap, prefix="schedule.fill"):
    """Write one of the draft's fields; texts in a language."""

    field: str
    language: str


@dataclass(frozen=True)
class Clear(Tap, prefix="schedule.clear"):
    """The draft goes without this field."""

    field: str


@dataclass(frozen=True)
class Choose(Tap, prefix="schedule.choose"):
    """Put somebody on the draft, or take them off."""

    member: int


@dataclass(frozen=True)
class Rung(Tap, prefix="schedule.rung"):
    """Remind at this rung, or not."""

    name: str


@dataclass(frozen=True)
class Save(Tap, prefix="schedule.save"):
    """Make what was drafted."""


@dataclass(frozen=True)
class Discard(Tap, prefix="schedule.discard"):
    """Throw the draft away."""


@dataclass(frozen=True)
class ShowSession(Tap, prefix="schedule.session"):
    """One session with all that is known of it."""

    session: int


@dataclass(frozen=True)
class ShowSeries(Tap, prefix="schedule.series"):
    """One series and its next sessions."""

    series: int


@dataclass(frozen=True)
class Log(Tap, prefix="schedule.log"):
    """Who changed what of a session."""

    session: int


@dataclass(frozen=True)
class Change(Tap, prefix="schedule.change"):
    """Change a field of a session: of this one only, or of all that follow as well."""

    session: int
    field: str
    language: str


@dataclass(frozen=True)
class Edit(Tap, prefix="schedule.edit"):
    """Write the new value; `following` means this session and all that follow."""

    session: int
    field: str
    language: str
    following: bool


@dataclass(frozen=True)
class Empty(Tap, prefix="schedule.empty"):
    """The session goes without this field."""

    session: int
    field: str
    language: str
    following: bool


@dataclass(frozen=True)
class Person(Tap, prefix="schedule.person"):
    """Put somebody on the session, or take them off."""

    session: int
    member: int
    following: bool
    seen: int


@dataclass(frozen=True)
class Confirm(Tap, prefix="schedule.confirm"):
    """Carry out what was proposed for this session."""

    session: int


@dataclass(frozen=True)
class NoReason(Tap, prefix="schedule.noreason"):
    """Cancel without saying why."""

    session: int


@dataclass(frozen=True)
class Date(Tap, prefix="schedule.date"):
    """One more date of a series, or one to leave out."""

    series: int
    skip: bool


@dataclass(frozen=True)
class Reminders(Tap, prefix="schedule.reminders"):
    """When people are told of a series' sessions."""

    series: int


@dataclass(frozen=True)
class SeriesRung(Tap, prefix="schedule.seriesrung"):
    """Remind of the series' sessions at this rung, or not."""

    series: int
    name: str


@dataclass(frozen=True)
class Leading(Tap, prefix="schedule.leading"):
    """Whoever leads a session can come to it at this time, or cannot; `starts` is in seconds."""

    session: int
    starts: int
    can: bool


@dataclass(frozen=True)
class Decide(Tap, prefix="schedule.decide"):
    """What is done about a session on a doubtful day: `week`, `work` or `keep`."""

    session: int
    day: str
    how: str


@dataclass(frozen=True)
class Holidays(Tap, prefix="schedule.holidays"):
    """Which years' calendars are known, and what organizers said of days."""


@dataclass(frozen=True)
class YearIsRight(Tap, prefix="schedule.year"):
    """A year's calendar is published, and right as it is here."""

    year: int


@dataclass(frozen=True)
class SayDays(Tap, prefix="schedule.days"):
    """Write days that are free, or worked."""

    free: bool


@dataclass(frozen=True)
class Checklist(Tap, prefix="schedule.tasks"):
    """What has to be done for a session."""

    session: int


@dataclass(frozen=True)
class ShowTask(Tap, prefix="schedule.task"):
    """One thing to do: whose it is and until when."""

    task: int


@dataclass(frozen=True)
class Done(Tap, prefix="schedule.done"):
    """It is done; `listed` under the reminder of all that is open, not under the task."""

    task: int
    listed: bool


@dataclass(frozen=True)
class NotDone(Tap, prefix="schedule.undone"):
    """It is not done after all."""

    task: int


@dataclass(frozen=True)
class Give(Tap, prefix="schedule.give"):
    """It is somebody else's from now on."""

    task: int
    member: int


@dataclass(frozen=True)
class PutOff(Tap, prefix="schedule.putoff"):
    """It may be done some days later."""

    task: int
    days: int
