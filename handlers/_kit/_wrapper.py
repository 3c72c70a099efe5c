"""The one wrapper around every trigger.

Load the member → prepare what is slow → open the transaction → check the role → run the handler → put its screen into the
outbox → COMMIT. The update's "done" is in the same transaction. What somebody may hear of it happens afterwards.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from bot import inbox, outbox
from bot.db import Database
from bot.errors import DomainError
from bot.features import arrivals, groups, people
from bot.features.people import Member, Role
from bot.i18n import language_for
from bot.inbox import Arrived
from handlers._kit._acknowledging import Acknowledgement, Shown, acknowledgement
from handlers._kit._cutting import noted, without_note
from handlers._kit._features import Event, Feature, Triggers
from handlers._kit._reading import STRANGE, read, sender_of
from handlers._kit._request import Deed, Heard, Moment, Preparing, Request, Services
from handlers._kit._route import Route, checked_run, said_about, waiting
from handlers._kit._routing import Ears, find_trigger
from handlers._kit._screens import Screen, editing, sending
from handlers._kit._sentences import apology, sentence

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


class Handlers:
    """All features, wrapped: `handle` takes one stored update to its end; `tick` does what is due."""

    def __init__(self, database: Database, services: Services, features: list[Feature], now: Clock) -> None:
        self.database = database
        self.services = services
        self.triggers = Triggers.of(features)
        self.ears = Ears(services.bot_id, services.bot_username)
        self.now = now
        self.wake: Callable[[], None] = lambda: None
        self._ticked: dict[Callable[[Moment], timedelta | None], datetime] = {}
        self._wishes: dict[Callable[[Moment], timedelta | None], timedelta] = {}
        self.rooms: frozenset[int] = frozenset()
        self.listening: frozenset[int] = frozenset()
        self.reload()

    def reload(self) -> None:
        """Learn again what each chat is, which groups want to be offered answers, and who is new in which."""
        with self.database.reading() as db:
            self.rooms, self.listening = groups.room_ids(db), groups.listening_ids(db)
            self.ears.watch.learn(groups.community_ids(db), arrivals.newcomers(db, now=self.now()))

    def wants(self, payload: dict[str, Any]) -> bool:
        """Whether an update is worth a row in the inbox; one of a shape that nobody knows must not stop those behind it."""
        try:
            inbox.lane_of(payload)
            return self._wants(payload)
        except STRANGE as error:
            log.warning("update %s is left out: its shape is not known (%s)", payload["update_id"], type(error).__name__)
            return False

    def _wants(self, payload: dict[str, Any]) -> bool:
        """The same for a shape that is known; of a group's reactions those to messages that listen for them."""
        wanted = self.ears.want(payload, self.rooms, self.listening)
        reaction = payload.get("message_reaction")
        if not wanted or reaction is None or reaction["chat"]["type"] == "private":
            return wanted
        with self.database.reading() as db:
            about = outbox.about(db, reaction["chat"]["id"], reaction["message_id"])
        return about is not None and about.split(":", 1)[0] in self.triggers.reactions

    def handle(self, arrived: Arrived) -> Acknowledgement | None:
        """Handle one update, whatever happens; the answer to a tap comes back."""
        update = read(arrived.payload)
        if update is None:
            self._put_aside(arrived)
            return None
        heard = None
        try:
            heard = self.ears.hear(update)
            screen = self._run(arrived, heard) if heard else self._drop(arrived)
        except OperationalError:
            raise  # the database is away: the update stays in the inbox and is tried again
        except Exception:  # the last to hear of a handler's fault: it is noted, and told to the person
            log.exception("update %s (%s) failed", arrived.update_id, heard.kind if heard else "?")
            screen = self._excuse(arrived, heard)
        return acknowledgement(update, screen)

    def begin(self) -> None:
        """Do what has to be done once at start, before anything is heard."""
        for start in self.triggers.starts:
            with self.database.transaction() as db:
                start.run(Moment(db, self.now(), self.services, start.context))

    def tick(self, *, every_due: bool = False) -> timedelta | None:
        """Run the ticks whose time has come, each in a transaction of its own; says how soon one of them wants more."""
        with self.database.reading() as db:
            held = outbox.standing(db).held_at is not None
        for tick in self.triggers.ticks:
            now = self.now()
            if held and not tick.while_held:
                continue
            last = self._ticked.get(tick.run)
            every = self._wishes.get(tick.run, tick.every)
            if every_due or last is None or not last <= now < last + every:  # a clock may be set back
                self._ticked[tick.run] = now
                with self.database.transaction() as db:
                    wish = tick.run(Moment(db, now, self.services, tick.context))
                self._wishes.pop(tick.run, None)
                if wish is not None and (wish < tick.every or not wish):
                    self._wishes[tick.run] = wish
        return min(self._wishes.values(), default=None)

    def _hasten(self, context: str) -> None:
        """A feature's ticks have something to do now."""
        for tick in self.triggers.ticks:
            if tick.context == context:
                self._ticked.pop(tick.run, None)
        self.wake()

    def _run(self, arrived: Arrived, heard: Heard) -> Shown:
        """Route and act in one transaction, unless something slow has to be prepared between the two."""
        route: Route | None = None
        try:
            with self.database.transaction() as db:
                route = self._route(db, heard)
                if route.trigger is None and heard.kind != "tap":
                    inbox.finish(db, arrived.update_id, now=self.now())
                    return None
                prepares = self._prepares(route)
                screen = None if prepares else self._act(db, arrived, route, None)
            if prepares:
                screen = self._prepare_and_act(arrived, replace(route, member=None))
        except DomainError as error:
            if route is None:
                raise
            return self._refuse(arrived, route, error)
        if route.trigger is not None and route.trigger.context == "groups":
            self.reload()
        return screen

    def _route(self, db: Session, heard: Heard) -> Route:
        member = people.find(db, heard.sender_id) if heard.sender_id else None
        about = said_about(db, heard)
        pending = waiting(member, self.now())
        trigger = find_trigger(
            self.triggers,
            heard,
            rooms=self.rooms,
            step=pending.get("step"),
            about=about,
            album=member.album if member else None,
        )
        language = member.language if member else ""
        awaited = trigger is not None and trigger in self.triggers.steps.values()
        role = member.role if member else Role.GUEST
        further = trigger is not None and trigger is self.triggers.events.get(Event.ALBUM)
        return Route(heard, trigger, about, language, pending if awaited else {}, role, further, member)

    def _prepares(self, route: Route) -> bool:
        trigger = route.trigger
        return trigger is not None and trigger.prepare is not None and route.role.reaches(trigger.role)

    def _prepare_and_act(self, arrived: Arrived, route: Route) -> Shown:
        prepared = self._prepare(route)
        with self.database.transaction() as db:
            return self._act(db, arrived, route, prepared)

    def _prepare(self, route: Route) -> Any:
        if route.trigger is None or route.trigger.prepare is None:
            return None
        user = sender_of(route.heard.update)
        language = language_for(
            route.language or (user.language_code if user else None), self.services.settings.language
        )
        return route.trigger.prepare(
            Preparing(
                route.heard.text,
                language,
                self.services,
                route.pending,
                route.heard,
                route.about,
                self.database.reading,
                self.now(),
            )
        )

    def _act(self, db: Session, arrived: Arrived, route: Route, prepared: Any) -> Shown:
        now = self.now()
        if not inbox.finish(db, arrived.update_id, now=now):
            return None
        request = self._request(db, route, now, prepared)
        if request is None:
            return None
        screen = checked_run(request, route, self.rooms)
        self._show(request, arrived, screen)
        self._greet(request)
        if request.hurried:
            event.listen(db, "after_commit", lambda _session: self._hasten(request.context), once=True)
        return screen

    def _request(self, db: Session, route: Route, now: datetime, prepared: Any) -> Request | None:
        user = sender_of(route.heard.update)
        event_without_person = route.heard.kind in ("migration", "topic", "stranger")
        if user is None or (route.heard.sender_id is None and not event_without_person):
            return None  # an anonymous administrator or a channel changed something: nobody whom we could know
        context = route.trigger.context if route.trigger else "_kit"
        me = Deed(db, now, self.services, context).met(user, route.member)
        request = Request(
            db,
            now,
            self.services,
            context,
            me=me,
            heard=route.heard,
            triggers=self.triggers,
            prepared=prepared,
            about=route.about,
            returned=_starts_again(me, route.heard, now),
        )
        if route.heard.kind == "message" and route.heard.album is not None and route.heard.chat_id not in self.rooms:
            me.album = route.heard.album
        _take_pending(request, route)
        return request

    def _show(self, request: Request, arrived: Arrived, screen: Shown) -> None:
        if not isinstance(screen, Screen) or (screen.text is None and screen.file is None):
            return
        heard = request.heard
        if screen.edit and heard.kind == "tap" and heard.message is not None:
            method, payload = editing(screen, chat_id=heard.chat_id, message_id=heard.message.message_id)
        else:
            said = heard.message.message_id if heard.message and not heard.private else None
            method, payload = sending(screen, chat_id=heard.chat_id, thread_id=heard.thread_id, reply_to=said)
        request.owe(method, payload, key=f"update:{arrived.update_id}", about=screen.about)

    def _greet(self, request: Request) -> None:
        """Somebody is back whom the bot could not write to: whoever waits for that hears it."""
        trigger = self.triggers.events.get(Event.RETURNED)
        if request.returned and trigger is not None:
            trigger.run(replace(request, context=trigger.context))

    def _refuse(self, arrived: Arrived, route: Route, error: DomainError) -> Shown:
        """The handler's work is undone; the person hears why: in the tap's own answer, or as a message."""
        with self.database.transaction() as db:
            now = self.now()
            if not inbox.finish(db, arrived.update_id, now=now):
                return None
            request = self._request(db, replace(route, trigger=None, member=None), now, None)
            if request is None:
                return None
            self._greet(request)
            if (pending := noted(route.pending, route.heard, error)) is not None:
                request.me.pending = pending
            words = sentence(error, request.t)
            if route.heard.kind == "tap":
                return Screen(toast=words.unescape(), alert=True)
            screen = Screen(words)
            self._show(request, arrived, screen)
            return screen

    def _excuse(self, arrived: Arrived, heard: Heard | None) -> Shown:
        """The fault is ours: keep the update aside and say so."""
        with self.database.transaction() as db:
            inbox.put_aside(db, arrived.update_id, "a handler failed, see the log", now=self.now())
            user = sender_of(heard.update) if heard else None
            if heard is None or user is None or (not heard.private and heard.kind != "tap" and not heard.addressed):
                return None
            request = self._request(db, Route(heard, None, None, "", {}), self.now(), None)
            if request is None:
                return None
            words = apology(request.t)
            if heard.kind == "tap":
                return Screen(toast=words.unescape(), alert=True)
            self._show(request, arrived, Screen(words))
            return None

    def _put_aside(self, arrived: Arrived) -> None:
        with self.database.transaction() as db:
            inbox.put_aside(db, arrived.update_id, "its shape is not known", now=self.now())

    def _drop(self, arrived: Arrived) -> Shown:
        with self.database.transaction() as db:
            inbox.finish(db, arrived.update_id, now=self.now())
        return None


def _starts_again(me: Member, heard: Heard, now: datetime) -> bool:
    """Whoever writes in private can be written to; whether that is news."""
    if not heard.private or heard.kind not in ("message", "tap"):
        return False
    returned = me.unreachable_at is not None
    people.start(me, now=now)
    return returned


def _take_pending(request: Request, route: Route) -> None:
    """Hand the pending step over; a command, or the step itself, ends the waiting."""
    heard = route.heard
    if heard.kind != "message" or not heard.private or route.trigger is None or route.further:
        return
    request.pending = without_note(waiting(request.me, request.now))
    if request.me.pending is not None:
        request.me.pending = None


__all__ = ["Acknowledgement", "Event", "Handlers"]
