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
    wins,
)
from bot.inbox import InboxRow, Pulse
from bot.outbox import Delivery, OutboxRow, Tally

__all__ = [
    "Delivery",
    "InboxRow",
    "OutboxRow",
    "Pulse",
    "Tally",
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
    "wins",
]
