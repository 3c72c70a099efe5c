"""What the bot says, and what kind of message it is by the key under which it was promised."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from bot.features.attention import Kind

WEEK, DAY = timedelta(days=7), timedelta(days=1)

UNASKED = re.compile(
    r"wins:(check|kudos):|peers:\d+:(ask:|thanks)|programme:\d+:true:|poster:\d+:invite|notice:\d+:\d+|session:.*:unanswered:"
)
"""Keys of what nobody asked for."""

ASKED = re.compile(
    r"wins:stuck:|digest:|peers:\d+:(how|nobody)|webinar:\d+:(feedback|follow-up)|session:.*:(coming|leading|undecided):|poster:\d+:(today|thanks)"
)
"""Keys of what somebody signed up for, asked for or agreed to: it counts in no week, and yet keeps to quiet hours."""

DUTIES = re.compile(
    r"webinar:\d+:questions:1d|notice:\d+:(report|watch)|schedule:|consultation:|away:|report:|join:\d+:card"
)
"""Keys of an organizer's and a consultant's duties: they wait for the morning, unless somebody is evidently up."""

ANSWERS = re.compile(r"update:|peers:\d+:(met|settled|said)|join:\d+:(ask|in|declined)|programme:\d+:poster:")
"""Keys of what answers somebody who waits: their own words or taps, their search, their wish to be let in."""

URGENT = re.compile(r"session:.*:(1h|10m):|webinar:\d+:questions:1h")
"""Keys of the last two steps before a session, which may come at any hour."""

TO_GROUPS = re.compile(r"session:|wins:digest|poster:")
"""Keys of what comes into a group by the clock, in its day."""

SESSION = re.compile(r"session:(\d+):(remind|announce)")
NAME = re.compile(r"(?:Member|Newcomer) \d{3}")
SECRET = re.compile(r"zq(\d+)([a-z]+)", re.IGNORECASE)
"""An unmistakable value of a card's field: the card's number, and the field."""

KEPT = re.compile(r"wz(\d+)x(\d+)")
"""An unmistakable sentence about a small win: whose it is, and its number."""


@dataclass(frozen=True)
class Arrival:
    """A message of the bot's in a private chat, `quiet` in its reader's quiet hours, `up` where they had just done something."""

    member: int
    at: datetime
    key: str
    text: str
    quiet: bool = False
    muted: bool = False
    urgent: bool = False
    up: bool = False

    @property
    def kind(self) -> str:
        """What it is, for the table."""
        return re.sub(r"(:-?\d[\w-]*)+", "", self.key).removesuffix(":")


@dataclass(frozen=True)
class Said:
    """All that can be read of a message of the bot's when it appears or changes, anywhere."""

    chat: int
    at: datetime
    text: str


def readable(message: dict[str, Any]) -> str:
    """Everything in a message that people can see: words, buttons and where they lead, who is mentioned, which picture."""
    parts = [message.get(part, "") for part in ("text", "caption")]
    hidden = [message.get(part) for part in ("reply_markup", "entities", "caption_entities", "photo", "poll")]
    return unquote(" ".join([*parts, *(json.dumps(part, ensure_ascii=False) for part in hidden if part)]))


def subject(key: str, session_kinds: dict[int, str]) -> Kind | None:
    """The kind under which somebody can mute an unasked message."""
    if not UNASKED.match(key):
        return None
    if key.startswith("notice:"):
        return Kind.NOTICES
    if (found := SESSION.match(key)) is not None:
        return {"consultation": Kind.CONSULTATIONS, "webinar": Kind.WEBINARS}[session_kinds[int(found[1])]]
    return Kind.COMMUNITY


def fullest_week(moments: Sequence[datetime]) -> int:
    """The most moments within any seven days."""
    return max((sum(one - WEEK < other <= one for other in moments) for one in moments), default=0)
