"""The community's calendar: series on wall time, their sessions, who takes part, and who is to be told of what."""

from bot.timetable._reading import attendee, attendees, description, people, session, title, upcoming
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
    "Attendee",
    "CalendarToken",
    "Kind",
    "Part",
    "Series",
    "SeriesPerson",
    "SessionChange",
    "SessionPerson",
    "SessionRow",
    "SessionRung",
    "SessionTask",
    "Standing",
    "State",
    "attendee",
    "attendees",
    "description",
    "people",
    "session",
    "title",
    "upcoming",
]
