"""Every table of the project, imported in one place so that the schema is whole wherever it is needed."""

from bot import timetable
from bot.features import (
    arrivals,
    attention,
    consultations,
    digests,
    duty,
    entries,
    faq,
    groups,
    guides,
    moderation,
    notices,
    peers,
    people,
    programmes,
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
    "arrivals",
    "attention",
    "consultations",
    "digests",
    "duty",
    "entries",
    "faq",
    "groups",
    "guides",
    "moderation",
    "notices",
    "peers",
    "people",
    "programmes",
    "questions",
    "resources",
    "timetable",
    "webinars",
    "wins",
]
