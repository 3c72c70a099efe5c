"""The community's calendar: series on wall time, their sessions, who takes part, and who is to be told of what."""

from bot.timetable._planning import WEEKS, add_session, materialise, plan
from bot.timetable._reading import attendee, attendees, description, people, session, title, upcoming
from bot.timetable._recurrence import Occurrence, Recurrence, Rhythm, recurrence_of
from bot.timetable._tables import (
    Attendee,
    CalendarToken,
    Kind,
    Part,
    Series,
    SeriesPerson,
    SessionChange,
    SessionPerson,
    SessionRow,
    SessionRung,
    SessionTask,
    Standing,
    State,
)

__all__ = [
    "WEEKS",
    "Attendee",
    "CalendarToken",
    "Kind",
    "Occurrence",
    "Part",
    "Recurrence",
    "Rhythm",
    "Series",
    "SeriesPerson",
    "SessionChange",
    "SessionPerson",
    "SessionRow",
    "SessionRung",
    "SessionTask",
    "Standing",
    "State",
    "add_session",
    "attendee",
    "attendees",
    "description",
    "materialise",
    "people",
    "plan",
    "recurrence_of",
    "session",
    "title",
    "upcoming",
]
