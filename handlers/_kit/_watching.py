"""What the bot watches for in the community's groups, in memory alone, so that their own talk costs no database row.

Three things are worth one: somebody comes or goes, a newcomer sends a link or something forwarded, somebody floods.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

BURST = 8
WITHIN = 10
"""So many messages of one person in so many seconds are a flood; an album counts once."""

FIRST_DAY = 24 * 60 * 60
FLOOD = "flood"
"""The mark that an update bears which ends a burst: it is stored with it, for the burst itself is not."""

_LINKS = ("url", "text_link")
_KNOWN = 10_000
"""From so many newcomers on, those whose first day is over are dropped."""

_WATCHED = 2048
"""How many people are watched at a time; who has been silent longest is dropped."""

Somebody = tuple[int, int]


@dataclass
class Watch:
    """Which groups are the community's, who is new in them (until when, Unix time), and who has just written how often."""

    communities: frozenset[int] = frozenset()
    newcomers: dict[Somebody, float] = field(default_factory=dict)
    _albums: deque[str] = field(default_factory=lambda: deque(maxlen=64))
    _counted: deque[str] = field(default_factory=lambda: deque(maxlen=64))
    _bursts: OrderedDict[Somebody, deque[int]] = field(default_factory=OrderedDict)

    def learn(self, communities: frozenset[int], newcomers: Mapping[Somebody, datetime]) -> None:
        """What the database knows."""
        self.communities = communities
        self.newcomers = {somebody: until.timestamp() for somebody, until in newcomers.items()}

    def notices(self, payload: dict[str, Any], is_addressed: Callable[[dict[str, Any]], bool]) -> bool:
        """Whether an update is one of the three; one that ends a burst gets its mark. What is said to the bot floods nobody."""
        if (request := payload.get("chat_join_request")) is not None:
            return request["chat"]["id"] in self.communities
        if (changed := payload.get("chat_member")) is not None:
            return changed["chat"]["id"] in self.communities and self._came_or_went(changed)
        message = payload.get("message") or payload.get("edited_message")
        if message is None or message["chat"]["id"] not in self.communities:
            return False
        if (message.get("from") or {}).get("is_bot", True) or "sender_chat" in message:
            return False
        if coming_or_going(message):
            self.note(message)
            return True
        if "message" in payload and not is_addressed(message) and self._floods(message):
            payload[FLOOD] = True
            return True
        return self.holds(message)

    def holds(self, message: Mapping[str, Any]) -> bool:
        """Whether a newcomer sends a link or something forwarded."""
        somebody = (message["chat"]["id"], (message.get("from") or {}).get("id", 0))
        if self.newcomers.get(somebody, 0) <= message["date"]:
            return False
        album = message.get("media_group_id")
        if has_link(message) or is_forwarded(message):
            self._albums.extend([album] if album and album not in self._albums else [])
            return True
        return album in self._albums

    def _came_or_went(self, changed: Mapping[str, Any]) -> bool:
        new = changed["new_chat_member"]
        if new["user"]["is_bot"] or is_inside(new) == is_inside(changed["old_chat_member"]):
            return False
        self.note(changed)
        return True

    def note(self, told: Mapping[str, Any]) -> None:
        """Who came, as a message or a change of standing tells it: they may write before that was handled."""
        users = list(told.get("new_chat_members") or ())
        if "new_chat_member" in told and is_inside(told["new_chat_member"]):
            users.append(told["new_chat_member"]["user"])
        chat_id, date = told["chat"]["id"], told["date"]
        if len(self.newcomers) > _KNOWN:
            self.newcomers = {somebody: until for somebody, until in self.newcomers.items() if until > date}
        for user in users:
            self.newcomers[chat_id, user["id"]] = date + FIRST_DAY

    def _floods(self, message: Mapping[str, Any]) -> bool:
        somebody = (message["chat"]["id"], message["from"]["id"])
        burst = self._bursts.setdefault(somebody, deque(maxlen=BURST))
        self._bursts.move_to_end(somebody)
        if len(self._bursts) > _WATCHED:
            self._bursts.popitem(last=False)
        album = message.get("media_group_id")
        if album in self._counted:
            return False
        self._counted.extend(filter(None, [album]))
        burst.append(message["date"])
        if len(burst) < BURST or burst[-1] - burst[0] > WITHIN:
            return False
        burst.clear()
        return True


def coming_or_going(message: Mapping[str, Any]) -> bool:
    """Whether a service message says that people (not bots alone) came or went."""
    moved = [*(message.get("new_chat_members") or ()), *filter(None, [message.get("left_chat_member")])]
    return any(not user["is_bot"] for user in moved)


def is_inside(standing: Mapping[str, Any]) -> bool:
    """Whether a ChatMember is in the group."""
    if standing["status"] == "restricted":
        return bool(standing.get("is_member"))
    return standing["status"] in ("creator", "administrator", "member")


def has_link(message: Mapping[str, Any]) -> bool:
    """Whether the words of a message lead somewhere."""
    entities = message.get("entities") or message.get("caption_entities") or ()
    return any(entity["type"] in _LINKS for entity in entities)


def is_forwarded(message: Mapping[str, Any]) -> bool:
    """Whether it is somebody else's message, passed on."""
    origin = message.get("forward_origin")
    if origin is None:
        return False
    sender = (message.get("from") or {}).get("id")
    return (origin.get("sender_user") or {}).get("id") != sender
