"""Features register what they listen to; nothing depends on the order in which they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum
from typing import Any, TypeVar

from bot.features.people import Role
from handlers._kit._request import Moment, Preparing, Request
from handlers._kit._screens import InlineAnswer, Screen
from handlers._kit._taps import Tap

Handler = Callable[[Request], Screen | InlineAnswer | None]
Prepare = Callable[[Preparing], Any]
TapType = TypeVar("TapType", bound=Tap)
H = TypeVar("H", bound=Callable[..., Any])
K = TypeVar("K")


class Event(Enum):
    """What can happen besides a command, a tap, a pending step and a reply."""

    INLINE = "words after the bot's name in any chat"
    WORDS = "words said to the bot that nothing else waits for"
    ROOM = "a message in the consultants' room"
    EDITED = "somebody changed a message that they had said to the bot or in the consultants' room"
    ALBUM = "a further message of the album that somebody has just begun to send; several features may listen"
    UNKNOWN_SENDER = "a reply to the bot in the consultants' room in the name of a group, a channel or another bot"
    RETURNED = "somebody whom the bot could not write to has written again; what they wrote was heard already"
    MEMBERSHIP = "the bot's own place in a chat changed"
    MIGRATION = "a group became a supergroup"
    ARRIVAL = "somebody came to a community group, or left it"
    JOIN_REQUEST = "somebody asks to be let into a community group; what is answered goes to them in private"
    HELD = "a newcomer of a community group sent a link or something forwarded"
    FLOOD = "somebody writes more into a community group than others can follow"
    TOPIC_CLOSED = "a topic of the consultants' room was closed or reopened by hand"


@dataclass(frozen=True)
class Trigger:
    """A handler with what has to hold before it runs; `context` is its feature, whose words it speaks.

    What needs a consultant's role shows what only they may see: it works in private and in their room, and in other
    groups only where it is `open_to_groups`, whatever message a button's data is sent from.
    """

    context: str
    run: Callable[..., Screen | InlineAnswer | None]
    role: Role = Role.GUEST
    prepare: Prepare | None = None
    tap: type[Tap] | None = None
    in_groups: bool = True
    open_to_groups: bool = False

    @property
    def confidential(self) -> bool:
        """Whether other groups than the consultants' room must not see it."""
        return self.role.reaches(Role.CONSULTANT) and not self.open_to_groups


@dataclass(frozen=True)
class Tick:
    """Work that the clock wakes: `run` asks the database what is due.

    What it gives back is how soon it wants to be woken again, if that is sooner than `every`; zero for at once, in a
    transaction of its own, so that long work is done in portions. While delivery is held after a restore, only what is to
    run `while_held` is woken.
    """

    context: str
    run: Callable[[Moment], timedelta | None]
    every: timedelta
    while_held: bool = False


@dataclass(frozen=True)
class Keeping:
    """What a feature keeps of a person: `shown` gives it by name, as JSON has it; `forgotten` leaves nothing of theirs."""

    context: str
    shown: Callable[[Request], dict[str, Any]]
    forgotten: Callable[[Request], None]


@dataclass
class Feature:
    """One feature's ears. The registration methods are decorators."""

    name: str
    commands: dict[str, Trigger] = field(default_factory=dict)
    group_commands: dict[str, Trigger] = field(default_factory=dict)
    taps: dict[str, Trigger] = field(default_factory=dict)
    steps: dict[str, Trigger] = field(default_factory=dict)
    replies: dict[str, Trigger] = field(default_factory=dict)
    reactions: dict[str, Trigger] = field(default_factory=dict)
    events: dict[Event, Trigger] = field(default_factory=dict)
    ticks: list[Tick] = field(default_factory=list)
    starts: list[Tick] = field(default_factory=list)
    keeping: list[Keeping] = field(default_factory=list)

    def command(
        self,
        name: str,
        *,
        role: Role = Role.GUEST,
        in_groups: bool = False,
        open_to_groups: bool = False,
        prepare: Prepare | None = None,
    ) -> Callable[[H], H]:
        """Listen to `/name`; outside private chats only where `in_groups` says so."""
        conditions = {"role": role, "prepare": prepare, "in_groups": in_groups, "open_to_groups": open_to_groups}
        return self._adding(self.commands, name, **conditions)

    def group_command(self, name: str) -> Callable[[H], H]:
        """Listen to `/name` in groups, where it means something else than in private and in the consultants' room."""
        return self._adding(self.group_commands, name)

    def tap(
        self,
        kind: type[Tap],
        *,
        role: Role = Role.GUEST,
        open_to_groups: bool = False,
        prepare: Prepare | None = None,
    ) -> Callable[[H], H]:
        """Listen to a button; the handler gets the request and the typed tap."""
        if not kind.prefix.startswith(self.name + "."):
            raise ValueError(f"{kind.prefix} does not belong to {self.name}")
        conditions = {"role": role, "tap": kind, "open_to_groups": open_to_groups, "prepare": prepare}
        return self._adding(self.taps, kind.prefix, **conditions)

    def step(self, name: str, *, role: Role = Role.GUEST, prepare: Prepare | None = None) -> Callable[[H], H]:
        """Listen to the next words of a member whose pending step is `name`."""
        return self._adding(self.steps, f"{self.name}.{name}", role=role, prepare=prepare)

    def reply(self, prefix: str, *, prepare: Prepare | None = None) -> Callable[[H], H]:
        """Listen to replies to the bot's messages that are about `prefix:…`."""
        return self._adding(self.replies, prefix, prepare=prepare)

    def reaction(self, prefix: str) -> Callable[[H], H]:
        """Listen to reactions to the bot's messages that are about `prefix:…`; other reactions in groups cost nothing."""
        return self._adding(self.reactions, prefix)

    def event(self, event: Event, *, prepare: Prepare | None = None) -> Callable[[H], H]:
        """Listen to an event."""
        return self._adding(self.events, event, prepare=prepare)

    def tick(self, every: timedelta, *, while_held: bool = False) -> Callable[[H], H]:
        """Be woken from time to time."""

        def register(run: H) -> H:
            self.ticks.append(Tick(self.name, run, every, while_held))
            return run

        return register

    def at_start(self, run: H) -> H:
        """Be woken once, when the bot has started and before it hears anything."""
        self.starts.append(Tick(self.name, run, timedelta(0)))
        return run

    def keeps(self, shown: Callable[[Request], dict[str, Any]], *, forgotten: Callable[[Request], None]) -> None:
        """Say what is kept of a person, for /mydata, and how it is deleted, for /forget."""
        self.keeping.append(Keeping(self.name, shown, forgotten))

    def _adding(self, where: dict[Any, Trigger], key: Any, **conditions: Any) -> Callable[[H], H]:
        def register(run: H) -> H:
            if key in where:
                raise ValueError(f"{key} is registered twice")
            where[key] = Trigger(self.name, run, **conditions)
            return run

        return register


@dataclass(frozen=True)
class Triggers:
    """All features' ears in one; two that listen to the same thing are refused."""

    commands: dict[str, Trigger]
    group_commands: dict[str, Trigger]
    taps: dict[str, Trigger]
    steps: dict[str, Trigger]
    replies: dict[str, Trigger]
    reactions: dict[str, Trigger]
    events: dict[Event, Trigger]
    ticks: list[Tick]
    starts: list[Tick]
    keeping: list[Keeping]

    @classmethod
    def of(cls, features: list[Feature]) -> Triggers:
        """Put the features together."""
        return cls(
            commands=_merged([f.commands for f in features]),
            group_commands=_merged([f.group_commands for f in features]),
            taps=_merged([f.taps for f in features]),
            steps=_merged([f.steps for f in features]),
            replies=_merged([f.replies for f in features]),
            reactions=_merged([f.reactions for f in features]),
            events=_merged([_without(f.events, Event.ALBUM) for f in features]) | _albums(features),
            ticks=[tick for f in features for tick in f.ticks],
            starts=[start for f in features for start in f.starts],
            keeping=[keeping for f in features for keeping in f.keeping],
        )


def _without(events: dict[Event, Trigger], event: Event) -> dict[Event, Trigger]:
    return {other: trigger for other, trigger in events.items() if other is not event}


def _albums(features: list[Feature]) -> dict[Event, Trigger]:
    """Further messages of albums are heard by every feature that albums are sent to: each knows its own by their number."""
    listening = [f.events[Event.ALBUM] for f in features if Event.ALBUM in f.events]

    def hear(request: Request) -> Screen | InlineAnswer | None:
        heard = (trigger.run(replace(request, context=trigger.context)) for trigger in listening)
        return next((shown for shown in list(heard) if shown is not None), None)

    return {Event.ALBUM: Trigger("_kit", hear)} if listening else {}


def _merged(tables: list[dict[K, Trigger]]) -> dict[K, Trigger]:
    merged: dict[K, Trigger] = {}
    for table in tables:
        if clash := merged.keys() & table.keys():
            raise ValueError(f"registered by two features: {clash}")
        merged.update(table)
    return merged
