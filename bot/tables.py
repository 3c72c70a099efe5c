"""Every table of the project, imported in one place so that the schema is whole wherever it is needed."""

from bot.features import duty, entries, faq, groups, people, questions, resources
from bot.inbox import InboxRow, Pulse
from bot.outbox import OutboxRow

__all__ = ["InboxRow", "OutboxRow", "Pulse", "duty", "entries", "faq", "groups", "people", "questions", "resources"]
