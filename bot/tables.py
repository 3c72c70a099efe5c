"""Every table of the project, imported in one place so that the schema is whole wherever it is needed."""

from bot import timetable
from bot.features import (
    attention,
    consultations,
    duty,
    entries,
    faq,
    groups,
    notices,
    people,
    questions,
    resources,
    webinars,
)
from bot.inbox import InboxRow, Pulse
from bot.outbox import OutboxRow

__all__ = [
    "InboxRow",
    "OutboxRow",
    "Pulse",
    "attention",
    "consultations",
    "duty",
    "entries",
    "faq",
    "groups",
    "notices",
    "people",
    "questions",
    "resources",
    "timetable",
    "webinars",
]
