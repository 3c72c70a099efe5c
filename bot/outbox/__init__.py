"""Messages promised to somebody: rows that are made in the same transaction as the reason for them.

due → claimed → sent, or failed, or void. A row that was claimed when the process died (or whose answer never came) is
*uncertain*: `uncertain_at` is set for good, and it is sent once more at most. Receipts (the ids that Telegram gave out)
stay on the row; a payload may point at an earlier row's receipt with `receipt_of(key, field)`.
"""

from bot.outbox._delivery import REPEATABLE, claim, deliver, doubt, fail, next_due, postpone, recover, repeatable
from bot.outbox._joining import JOINED, again, find, given_up, hasten, join, revive, rewrite
from bot.outbox._looking import (
    about,
    about_thread,
    arrived,
    chats_of,
    counts,
    doubtful,
    first_promised,
    is_promised,
    key_of,
    known,
    last_about,
    last_said,
    newest_about,
    newest_message,
    overdue,
    promised_to,
    receipt,
    setbacks,
    unreported,
)
from bot.outbox._promises import blank, enqueue, forget_person, move_chat, prune, receipt_of, void, withdraw
from bot.outbox._rows import Lane, OutboxRow, Parcel, Promise, Receipt

__all__ = [
    "JOINED",
    "REPEATABLE",
    "Lane",
    "OutboxRow",
    "Parcel",
    "Promise",
    "Receipt",
    "about",
    "about_thread",
    "again",
    "arrived",
    "blank",
    "chats_of",
    "claim",
    "counts",
    "deliver",
    "doubt",
    "doubtful",
    "enqueue",
    "fail",
    "find",
    "first_promised",
    "forget_person",
    "given_up",
    "hasten",
    "is_promised",
    "join",
    "key_of",
    "known",
    "last_about",
    "last_said",
    "move_chat",
    "newest_about",
    "newest_message",
    "next_due",
    "overdue",
    "postpone",
    "promised_to",
    "prune",
    "receipt",
    "receipt_of",
    "recover",
    "repeatable",
    "revive",
    "rewrite",
    "setbacks",
    "unreported",
    "void",
    "withdraw",
]
