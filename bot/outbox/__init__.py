"""Messages promised to somebody: rows that are made in the same transaction as the reason for them.

due → claimed → sent, or failed, or void. A row that was claimed when the process died (or whose answer never came) is
*uncertain*: `uncertain_at` is set for good, and it is sent once more at most. Receipts (the ids that Telegram gave out)
stay on the row; a payload may point at an earlier row's receipt with `receipt_of(key, field)`.
"""

from bot.outbox._delivery import REPEATABLE, claim, deliver, doubt, fail, next_due, postpone, recover, repeatable
from bot.outbox._looking import (
    about,
    about_thread,
    arrived,
    counts,
    first_promised,
    last_about,
    last_said,
    newest_message,
    receipt,
    setbacks,
    unreported,
)
from bot.outbox._promises import blank, enqueue, forget_person, move_chat, prune, receipt_of, void
from bot.outbox._rows import Lane, OutboxRow, Parcel, Receipt

__all__ = [
    "REPEATABLE",
    "Lane",
    "OutboxRow",
    "Parcel",
    "Receipt",
    "about",
    "about_thread",
    "arrived",
    "blank",
    "claim",
    "counts",
    "deliver",
    "doubt",
    "enqueue",
    "fail",
    "first_promised",
    "forget_person",
    "last_about",
    "last_said",
    "move_chat",
    "newest_message",
    "next_due",
    "postpone",
    "prune",
    "receipt",
    "receipt_of",
    "recover",
    "repeatable",
    "setbacks",
    "unreported",
    "void",
]
