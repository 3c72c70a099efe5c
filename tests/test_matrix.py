"""The matrix of roles × actions × whose question, tried as a hostile client would: any callback data on any message.

RIGHTS is the one place that says who may do what. A button or command that is not in it fails here: whoever adds one says
here whose it is. Every forbidden cell is tried through the Bot API; nothing may change, and nothing of anybody's question
may be shown.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from bot.app import FEATURES
from bot.features import people
from bot.features.people import Role
from bot.sandbox.world import Chat, Event, Person, Tap
from handlers._kit._features import Triggers
from tests.town import Seat, Town


class Right(Enum):
    """Whose an action is."""

    ANYBODY = "everybody's, and it touches nothing of others"
    CHAT = "everybody's in the chat where it was asked: a group chooses together"
    TRAINEE = "the community's members'"
    ASKER = "the asker's own"
    CONSULTANT = "every consultant's"
    HOLDER = "the consultant's who has the question, and the organizers'"
    ORGANIZER = "the organizers'"
    ENDING = "everybody's, and not tried here: it deletes whoever taps it"


TAPS = {
    "arrivals.agree": Right.ASKER,
    "arrivals.work": Right.ASKER,
    "arrivals.nocity": Right.ASKER,
    "arrivals.person": Right.ASKER,
    "arrivals.decide": Right.ORGANIZER,
    "arrivals.waiting": Right.ORGANIZER,
    "arrivals.look": Right.ORGANIZER,
    "guides.keep": Right.ORGANIZER,
    "moderation.judge": Right.ORGANIZER,
    "moderation.take": Right.ORGANIZER,
    "moderation.act": Right.ORGANIZER,
    "moderation.because": Right.ORGANIZER,
    "moderation.fine": Right.ORGANIZER,
    "moderation.undo": Right.ORGANIZER,
    "moderation.log": Right.ORGANIZER,
    "moderation.held": Right.ORGANIZER,
    "moderation.lookat": Right.ORGANIZER,
    "moderation.rules": Right.ORGANIZER,
    "moderation.usual": Right.ORGANIZER,
    "attention.askbudget": Right.ANYBODY,
    "attention.askhours": Right.ANYBODY,
    "attention.budget": Right.ANYBODY,
    "attention.hours": Right.ANYBODY,
    "attention.show": Right.ANYBODY,
    "attention.switch": Right.ANYBODY,
    "calendar.add": Right.TRAINEE,
    "calendar.renew": Right.TRAINEE,
    "calendar.renewpublic": Right.ORGANIZER,
    "consultations.accept": Right.TRAINEE,
    "consultations.asis": Right.TRAINEE,
    "consultations.book": Right.TRAINEE,
    "consultations.came": Right.CONSULTANT,
    "consultations.coming": Right.TRAINEE,
    "consultations.desk": Right.CONSULTANT,
    "consultations.entry": Right.CONSULTANT,
    "consultations.giveback": Right.TRAINEE,
    "consultations.leave": Right.TRAINEE,
    "consultations.look": Right.ANYBODY,
    "consultations.mask": Right.TRAINEE,
    "consultations.mine": Right.TRAINEE,
    "consultations.move": Right.TRAINEE,
    "consultations.moveto": Right.TRAINEE,
    "consultations.nosteps": Right.CONSULTANT,
    "consultations.note": Right.CONSULTANT,
    "consultations.refuse": Right.TRAINEE,
    "consultations.slot": Right.TRAINEE,
    "consultations.take": Right.TRAINEE,
    "consultations.wait": Right.TRAINEE,
    "consultations.went": Right.TRAINEE,
    "consultations.with": Right.TRAINEE,
    "consultations.write": Right.TRAINEE,
    "duty.capacity": Right.CONSULTANT,
    "duty.hours": Right.CONSULTANT,
    "duty.language": Right.CONSULTANT,
    "duty.pause": Right.CONSULTANT,
    "duty.region": Right.CONSULTANT,
    "duty.show": Right.CONSULTANT,
    "duty.subject": Right.CONSULTANT,
    "duty.work": Right.CONSULTANT,
    "entries.agrees": Right.CONSULTANT,
    "entries.approve": Right.CONSULTANT,
    "entries.back": Right.CONSULTANT,
    "entries.categories": Right.CONSULTANT,
    "entries.category": Right.CONSULTANT,
    "entries.discard": Right.CONSULTANT,
    "entries.edit": Right.CONSULTANT,
    "entries.entry": Right.CONSULTANT,
    "entries.field": Right.CONSULTANT,
    "entries.home": Right.CONSULTANT,
    "entries.make": Right.CONSULTANT,
    "entries.open": Right.CONSULTANT,
    "entries.own": Right.CONSULTANT,
    "entries.preview": Right.CONSULTANT,
    "entries.retract": Right.CONSULTANT,
    "entries.right": Right.CONSULTANT,
    "entries.submit": Right.CONSULTANT,
    "entries.tell": Right.ORGANIZER,
    "faq.browse": Right.ANYBODY,
    "faq.helpful": Right.ASKER,
    "faq.near": Right.CHAT,
    "faq.new": Right.ASKER,
    "faq.notquite": Right.ASKER,
    "faq.offer": Right.CHAT,
    "faq.read": Right.ANYBODY,
    "faq.related": Right.CHAT,
    "faq.subject": Right.ANYBODY,
    "faq.suggested": Right.CHAT,
    "groups.language": Right.ORGANIZER,
    "groups.offer": Right.ORGANIZER,
    "groups.settle": Right.ORGANIZER,
    "groups.zone": Right.ORGANIZER,
    "overdue.answers": Right.ORGANIZER,
    "overdue.release": Right.ORGANIZER,
    "overdue.void": Right.ORGANIZER,
    "overview.ask": Right.ANYBODY,
    "overview.open": Right.ANYBODY,
    "peers.begin": Right.TRAINEE,
    "peers.limit": Right.TRAINEE,
    "peers.no": Right.TRAINEE,
    "peers.seek": Right.TRAINEE,
    "peers.show": Right.TRAINEE,
    "peers.stop": Right.TRAINEE,
    "peers.went": Right.TRAINEE,
    "peers.withdraw": Right.TRAINEE,
    "peers.write": Right.TRAINEE,
    "peers.yes": Right.TRAINEE,
    "digests.preview": Right.ANYBODY,
    "digests.settle": Right.ANYBODY,
    "digests.show": Right.ANYBODY,
    "digests.stop": Right.ANYBODY,
    "digests.switch": Right.ANYBODY,
    "notices.correct": Right.ORGANIZER,
    "notices.csv": Right.ORGANIZER,
    "notices.pause": Right.ORGANIZER,
    "notices.report": Right.ORGANIZER,
    "notices.resume": Right.ORGANIZER,
    "notices.retry": Right.ORGANIZER,
    "notices.signoff": Right.ANYBODY,
    "notices.signup": Right.ANYBODY,
    "notices.stop": Right.ORGANIZER,
    "notices.unsend": Right.ORGANIZER,
    "notices.aim": Right.ORGANIZER,
    "notices.approve": Right.ORGANIZER,
    "notices.at": Right.ORGANIZER,
    "notices.back": Right.ORGANIZER,
    "notices.buttons": Right.ORGANIZER,
    "notices.confirm": Right.ORGANIZER,
    "notices.delete": Right.ORGANIZER,
    "notices.drop": Right.ORGANIZER,
    "notices.everyone": Right.ORGANIZER,
    "notices.fallback": Right.ORGANIZER,
    "notices.field": Right.ORGANIZER,
    "notices.group": Right.ORGANIZER,
    "notices.groups": Right.ORGANIZER,
    "notices.home": Right.ORGANIZER,
    "notices.judge": Right.ORGANIZER,
    "notices.kind": Right.ORGANIZER,
    "notices.link": Right.ORGANIZER,
    "notices.new": Right.ORGANIZER,
    "notices.not": Right.ORGANIZER,
    "notices.now": Right.ORGANIZER,
    "notices.offer": Right.ORGANIZER,
    "notices.open": Right.ORGANIZER,
    "notices.options": Right.ORGANIZER,
    "notices.pin": Right.ORGANIZER,
    "notices.preview": Right.ORGANIZER,
    "notices.putback": Right.ORGANIZER,
    "notices.schedule": Right.ORGANIZER,
    "notices.speak": Right.ORGANIZER,
    "notices.takeback": Right.ORGANIZER,
    "notices.test": Right.ORGANIZER,
    "notices.texts": Right.ORGANIZER,
    "notices.unwrite": Right.ORGANIZER,
    "notices.urgent": Right.ORGANIZER,
    "notices.value": Right.ORGANIZER,
    "notices.without": Right.ORGANIZER,
    "notices.write": Right.ORGANIZER,
    "people.agree": Right.ANYBODY,
    "people.choose": Right.ANYBODY,
    "people.cohortless": Right.ORGANIZER,
    "people.days": Right.ORGANIZER,
    "people.edit": Right.ANYBODY,
    "people.forget": Right.ENDING,
    "people.grant": Right.ORGANIZER,
    "people.invite": Right.ORGANIZER,
    "people.keep": Right.ANYBODY,
    "people.language": Right.ANYBODY,
    "people.list": Right.ORGANIZER,
    "people.person": Right.ORGANIZER,
    "people.skip": Right.ANYBODY,
    "people.uses": Right.ORGANIZER,
    "programmes.again": Right.TRAINEE,
    "programmes.all": Right.TRAINEE,
    "programmes.alone": Right.TRAINEE,
    "programmes.applaud": Right.ANYBODY,
    "programmes.ask": Right.TRAINEE,
    "programmes.askmore": Right.ORGANIZER,
    "programmes.asothers": Right.TRAINEE,
    "programmes.begin": Right.TRAINEE,
    "programmes.calloff": Right.ORGANIZER,
    "programmes.choose": Right.TRAINEE,
    "programmes.clear": Right.TRAINEE,
    "programmes.delete": Right.TRAINEE,
    "programmes.edit": Right.TRAINEE,
    "programmes.enough": Right.TRAINEE,
    "programmes.filter": Right.TRAINEE,
    "programmes.filters": Right.TRAINEE,
    "programmes.find": Right.TRAINEE,
    "programmes.hidden": Right.ORGANIZER,
    "programmes.hide": Right.ORGANIZER,
    "programmes.hideas": Right.ORGANIZER,
    "programmes.home": Right.TRAINEE,
    "programmes.later": Right.TRAINEE,
    "programmes.list": Right.TRAINEE,
    "programmes.map": Right.TRAINEE,
    "programmes.mycity": Right.TRAINEE,
    "programmes.openweek": Right.ORGANIZER,
    "programmes.poster": Right.TRAINEE,
    "programmes.present": Right.TRAINEE,
    "programmes.publish": Right.TRAINEE,
    "programmes.report": Right.TRAINEE,
    "programmes.reportas": Right.TRAINEE,
    "programmes.see": Right.TRAINEE,
    "programmes.share": Right.TRAINEE,
    "programmes.shift": Right.ORGANIZER,
    "programmes.shiftto": Right.ORGANIZER,
    "programmes.show": Right.TRAINEE,
    "programmes.skip": Right.TRAINEE,
    "programmes.takeoff": Right.TRAINEE,
    "programmes.true": Right.TRAINEE,
    "programmes.turn": Right.TRAINEE,
    "programmes.unhide": Right.ORGANIZER,
    "programmes.week": Right.ORGANIZER,
    "questions.again": Right.CONSULTANT,
    "questions.allsaved": Right.CONSULTANT,
    "questions.answers": Right.CONSULTANT,
    "questions.asis": Right.ASKER,
    "questions.ask": Right.ASKER,
    "questions.askback": Right.HOLDER,
    "questions.attach": Right.ASKER,
    "questions.back": Right.CONSULTANT,
    "questions.before": Right.CONSULTANT,
    "questions.beforeagain": Right.CONSULTANT,
    "questions.claim": Right.CONSULTANT,
    "questions.close": Right.CONSULTANT,
    "questions.colleagues": Right.HOLDER,
    "questions.correct": Right.HOLDER,
    "questions.discard": Right.ASKER,
    "questions.drop": Right.CONSULTANT,
    "questions.earlier": Right.CONSULTANT,
    "questions.edit": Right.ASKER,
    "questions.entry": Right.CONSULTANT,
    "questions.fill": Right.CONSULTANT,
    "questions.find": Right.CONSULTANT,
    "questions.findby": Right.CONSULTANT,
    "questions.give": Right.HOLDER,
    "questions.harmless": Right.ASKER,
    "questions.insert": Right.CONSULTANT,
    "questions.insertagain": Right.CONSULTANT,
    "questions.instead": Right.ANYBODY,
    "questions.into": Right.CONSULTANT,
    "questions.live": Right.CONSULTANT,
    "questions.look": Right.CONSULTANT,
    "questions.menu": Right.CONSULTANT,
    "questions.merge": Right.CONSULTANT,
    "questions.mergeagain": Right.CONSULTANT,
    "questions.merged": Right.CONSULTANT,
    "questions.mergeinto": Right.CONSULTANT,
    "questions.mine": Right.ANYBODY,
    "questions.mineagain": Right.ASKER,
    "questions.more": Right.ASKER,
    "questions.move": Right.ORGANIZER,
    "questions.moveto": Right.ORGANIZER,
    "questions.mytranscript": Right.ASKER,
    "questions.nevermind": Right.CONSULTANT,
    "questions.nonote": Right.HOLDER,
    "questions.one": Right.ASKER,
    "questions.pass": Right.CONSULTANT,
    "questions.queue": Right.CONSULTANT,
    "questions.rate": Right.ASKER,
    "questions.release": Right.HOLDER,
    "questions.reopen": Right.CONSULTANT,
    "questions.retitle": Right.CONSULTANT,
    "questions.reword": Right.CONSULTANT,
    "questions.saved": Right.CONSULTANT,
    "questions.savedagain": Right.CONSULTANT,
    "questions.send": Right.ASKER,
    "questions.sendentry": Right.CONSULTANT,
    "questions.sendsaved": Right.CONSULTANT,
    "questions.skipnote": Right.ASKER,
    "questions.solved": Right.ASKER,
    "questions.split": Right.CONSULTANT,
    "questions.take": Right.CONSULTANT,
    "questions.takeback": Right.ASKER,
    "questions.takeover": Right.CONSULTANT,
    "questions.toall": Right.ORGANIZER,
    "questions.transcript": Right.CONSULTANT,
    "questions.transfer": Right.HOLDER,
    "questions.undo": Right.HOLDER,
    "questions.use": Right.CONSULTANT,
    "questions.which": Right.ASKER,
    "questions.write": Right.CONSULTANT,
    "questions.writein": Right.CONSULTANT,
    "reports.gaps": Right.ORGANIZER,
    "resources.audiences": Right.ANYBODY,
    "resources.card": Right.ANYBODY,
    "resources.decide": Right.ORGANIZER,
    "resources.fetch": Right.ANYBODY,
    "resources.find": Right.ANYBODY,
    "resources.goodfor": Right.ANYBODY,
    "resources.helped": Right.ANYBODY,
    "resources.in": Right.ANYBODY,
    "resources.named": Right.ANYBODY,
    "resources.putback": Right.ORGANIZER,
    "resources.report": Right.TRAINEE,
    "resources.reportas": Right.TRAINEE,
    "resources.right": Right.TRAINEE,
    "resources.takeoff": Right.ORGANIZER,
    "resources.home": Right.ANYBODY,
    "resources.languages": Right.ANYBODY,
    "resources.list": Right.ANYBODY,
    "resources.look": Right.ORGANIZER,
    "resources.purpose": Right.ANYBODY,
    "resources.save": Right.ANYBODY,
    "resources.suggest": Right.TRAINEE,
    "resources.waiting": Right.ORGANIZER,
    "webinars.add": Right.ORGANIZER,
    "webinars.addthing": Right.ORGANIZER,
    "webinars.answer": Right.ANYBODY,
    "webinars.answered": Right.ANYBODY,
    "webinars.ask": Right.ANYBODY,
    "webinars.attendance": Right.ORGANIZER,
    "webinars.card": Right.ANYBODY,
    "webinars.certify": Right.ANYBODY,
    "webinars.code": Right.ORGANIZER,
    "webinars.decide": Right.ORGANIZER,
    "webinars.drop": Right.ORGANIZER,
    "webinars.feel": Right.ANYBODY,
    "webinars.fetch": Right.ANYBODY,
    "webinars.here": Right.ANYBODY,
    "webinars.home": Right.ANYBODY,
    "webinars.list": Right.ANYBODY,
    "webinars.manage": Right.ORGANIZER,
    "webinars.metoo": Right.ANYBODY,
    "webinars.name": Right.ANYBODY,
    "webinars.newcode": Right.ORGANIZER,
    "webinars.noline": Right.ANYBODY,
    "webinars.opinions": Right.ORGANIZER,
    "webinars.passon": Right.ORGANIZER,
    "webinars.print": Right.ANYBODY,
    "webinars.questions": Right.ANYBODY,
    "webinars.rate": Right.ANYBODY,
    "webinars.rather": Right.ANYBODY,
    "webinars.removething": Right.ORGANIZER,
    "webinars.sendall": Right.ORGANIZER,
    "webinars.sendnow": Right.ORGANIZER,
    "webinars.signups": Right.ORGANIZER,
    "webinars.store": Right.ORGANIZER,
    "webinars.takeback": Right.ANYBODY,
    "webinars.things": Right.ANYBODY,
    "webinars.toggle": Right.ORGANIZER,
    "webinars.upload": Right.ORGANIZER,
    "webinars.was": Right.ORGANIZER,
    "wins.add": Right.TRAINEE,
    "wins.all": Right.TRAINEE,
    "wins.barrier": Right.TRAINEE,
    "wins.card": Right.TRAINEE,
    "wins.checkins": Right.TRAINEE,
    "wins.choose": Right.TRAINEE,
    "wins.consult": Right.TRAINEE,
    "wins.done": Right.TRAINEE,
    "wins.home": Right.TRAINEE,
    "wins.keep": Right.TRAINEE,
    "wins.ladder": Right.TRAINEE,
    "wins.mine": Right.TRAINEE,
    "wins.onit": Right.TRAINEE,
    "wins.pause": Right.TRAINEE,
    "wins.publish": Right.TRAINEE,
    "wins.read": Right.TRAINEE,
    "wins.rewrite": Right.TRAINEE,
    "wins.settle": Right.TRAINEE,
    "wins.share": Right.TRAINEE,
    "wins.stage": Right.TRAINEE,
    "wins.stuck": Right.TRAINEE,
    "wins.takeback": Right.TRAINEE,
    "wins.to": Right.TRAINEE,
    "wins.undo": Right.TRAINEE,
    "wins.cheer": Right.ANYBODY,
    "schedule.card": Right.ORGANIZER,
    "schedule.change": Right.ORGANIZER,
    "schedule.choose": Right.ORGANIZER,
    "schedule.clear": Right.ORGANIZER,
    "schedule.confirm": Right.ORGANIZER,
    "schedule.date": Right.ORGANIZER,
    "schedule.days": Right.ORGANIZER,
    "schedule.decide": Right.ORGANIZER,
    "schedule.discard": Right.ORGANIZER,
    "schedule.done": Right.HOLDER,
    "schedule.edit": Right.ORGANIZER,
    "schedule.empty": Right.ORGANIZER,
    "schedule.fill": Right.ORGANIZER,
    "schedule.give": Right.ORGANIZER,
    "schedule.guide": Right.ORGANIZER,
    "schedule.holidays": Right.ORGANIZER,
    "schedule.home": Right.ORGANIZER,
    "schedule.kind": Right.ORGANIZER,
    "schedule.later": Right.ORGANIZER,
    "schedule.log": Right.ORGANIZER,
    "schedule.new": Right.ORGANIZER,
    "schedule.noreason": Right.ORGANIZER,
    "schedule.person": Right.ORGANIZER,
    "schedule.putoff": Right.ORGANIZER,
    "schedule.rung": Right.ORGANIZER,
    "schedule.save": Right.ORGANIZER,
    "schedule.series": Right.ORGANIZER,
    "schedule.session": Right.ORGANIZER,
    "schedule.task": Right.ORGANIZER,
    "schedule.leading": Right.HOLDER,
    "schedule.reminders": Right.ORGANIZER,
    "schedule.seriesrung": Right.ORGANIZER,
    "schedule.tasks": Right.ORGANIZER,
    "schedule.undone": Right.ORGANIZER,
    "schedule.write": Right.ORGANIZER,
    "schedule.year": Right.ORGANIZER,
}

COMMANDS = {
    "mute": Right.ORGANIZER,
    "remove": Right.ORGANIZER,
    "rules": Right.ANYBODY,
    "warn": Right.ORGANIZER,
    "calendar": Right.TRAINEE,
    "ask": Right.ANYBODY,
    "askback": Right.HOLDER,
    "before": Right.CONSULTANT,
    "cancel": Right.ANYBODY,
    "claim": Right.CONSULTANT,
    "close": Right.CONSULTANT,
    "consult": Right.ANYBODY,
    "digest": Right.ANYBODY,
    "duty": Right.CONSULTANT,
    "entries": Right.CONSULTANT,
    "faq": Right.ANYBODY,
    "find": Right.CONSULTANT,
    "forget": Right.ANYBODY,
    "help": Right.ANYBODY,
    "insert": Right.CONSULTANT,
    "invite": Right.ORGANIZER,
    "language": Right.ANYBODY,
    "merge": Right.CONSULTANT,
    "mydata": Right.ANYBODY,
    "notice": Right.ORGANIZER,
    "peers": Right.TRAINEE,
    "people": Right.ORGANIZER,
    "privacy": Right.ANYBODY,
    "profile": Right.ANYBODY,
    "programmes": Right.TRAINEE,
    "questions": Right.ANYBODY,
    "queue": Right.CONSULTANT,
    "quiet": Right.ANYBODY,
    "release": Right.HOLDER,
    "reopen": Right.CONSULTANT,
    "report": Right.ORGANIZER,
    "resources": Right.ANYBODY,
    "retract": Right.ANYBODY,
    "saved": Right.CONSULTANT,
    "schedule": Right.ORGANIZER,
    "settings": Right.ORGANIZER,
    "split": Right.CONSULTANT,
    "start": Right.ANYBODY,
    "transfer": Right.HOLDER,
    "undo": Right.HOLDER,
    "verify": Right.ANYBODY,
    "webinars": Right.ANYBODY,
    "wins": Right.TRAINEE,
}

NEEDED = {Right.TRAINEE: Role.TRAINEE, Right.CONSULTANT: Role.CONSULTANT, Right.ORGANIZER: Role.ORGANIZER}
FREE = (Right.ANYBODY, Right.CHAT, Right.ENDING)
KEPT_APART = {"inbox", "outbox", "pulse", "entry_texts", "delivery", "delivery_tallies"}
"""Tables of the machinery: updates leave rows there, whatever comes of them, and so do answers that are shown."""
WHOSE = ("member_id", "asker_id", "suggested_by", "made_by")
WORDS = ("", "1", "2", "owner", "organizer", "consultant", "consultants", "en", "role", "language", "city", "waiting")
SECRETS = (
    "Qiu Baishi", "qiubaishi", "okapi", "narwhal", "axolotl", "quokka", "pangolin", "t.me/c/",
)  # fmt: skip
"""The asker's name, a word of each message that was said in confidence, and the beginning of links into the room."""


@dataclass
class Actor:
    """Somebody who tries what is not theirs, and where they can tap."""

    name: str
    person: Person
    role: Role
    chats: list[Chat]
    holds: bool = False
    asks: bool = False
    heard: list[str] = field(default_factory=list)

    def watch(self, event: Event) -> None:
        """Note what the bot writes where this person reads it, edits included: an edited message was read as well."""
        message = {name: said for name, said in (event.message or {}).items() if name != "reply_to_message"}
        from_bot = bool((message.get("from") or {}).get("is_bot"))
        if from_bot and event.chat in self.chats and not event.chat.is_forum:
            self.heard.append(str(message))

    def may(self, right: Right) -> bool:
        """Whether the action is theirs."""
        if right in FREE:
            return True
        if right is Right.ASKER:
            return self.asks
        if right is Right.HOLDER:
            return self.holds or self.role.reaches(Role.ORGANIZER)
        return self.role.reaches(NEEDED[right])


ACTORS = ["guest", "asker", "other trainee", "holder", "other consultant", "organizer", "owner", "stranger in a group"]


@cache
def triggers() -> Triggers:
    """Everything that the bot listens to."""
    return Triggers.of(FEATURES)


def said_in_confidence(town: Town) -> Person:
    """Questions in every state, with answer, note, draft, transcript and links; gives their asker."""
    asker = town.person("Qiu Baishi", "en", Role.TRAINEE)
    seat = town.private(asker)
    pass_on(seat, "Can the money of our hospital's union pay the flight of an okapi to Lhasa?")
    topic = town.topic(town.consultant, "Q1")
    topic.taps("Claim")
    topic.replies("okapi", "The narwhal says no.")
    topic.says("A note about the axolotl.")
    pass_on(seat, "Can the money of our hospital's union pay the flight of a quokka to Lhasa?", "Send anonymously")
    pass_on(seat, "Can the money of our hospital's union pay the flight of a pangolin to Lhasa?")
    town.topic(town.consultant, "Q3").taps("Close")
    seat.says("/ask Can the money of our hospital's union pay the flight of two okapi to Lhasa?")
    seat.taps("Ask an expert")
    return asker


def pass_on(seat: Seat, words: str, how: str = "Send") -> None:
    """Ask, and send it to the experts."""
    seat.says(f"/ask {words}")
    seat.taps("Ask an expert")
    seat.taps(how)


def actors(town: Town, asker: Person) -> dict[str, Actor]:
    """Everybody of the matrix, each with a private chat in which the bot has said something, and in the group."""
    owner = town.person("Owner Wu", "en", Role.OWNER)
    guest = town.person("Guest", "en", Role.GUEST)
    stranger = town.world.person("Stranger", language="en")
    people_of = {
        "guest": (guest, Role.GUEST), "asker": (asker, Role.TRAINEE), "other trainee": (town.trainee, Role.TRAINEE),
        "holder": (town.consultant, Role.CONSULTANT), "other consultant": (town.second_consultant, Role.CONSULTANT),
        "organizer": (town.organizer, Role.ORGANIZER), "owner": (owner, Role.OWNER),
        "stranger in a group": (stranger, Role.GUEST),
    }  # fmt: skip
    somebody = town.person("Somebody", "en", Role.TRAINEE)
    town.world.add_member(town.group, somebody)
    town.seat(somebody, town.group).says("/ask How do we begin?")  # so that there is a message with buttons
    made = {}
    for name, (person, role) in people_of.items():
        chats = [town.group]
        if name != "stranger in a group":
            town.private(person).says("/help")
            chats.append(town.world.private(person))
        if not town.group.member(person.id):
            town.world.add_member(town.group, person)
        if town.room.member(person.id):
            chats.append(town.room)
        made[name] = Actor(name, person, role, chats, holds=name == "holder", asks=name == "asker")
    town.world.add_member(town.room, town.trainee)  # by mistake: who sees the room is not yet a consultant
    made["other trainee"].chats.append(town.room)
    town.settle()
    with town.database.transaction() as db:  # whoever comes to the group belongs to it; here two of them do not
        for name in ("guest", "stranger in a group"):
            if (member := people.find(db, made[name].person.id)) is not None:
                member.role = Role.GUEST
    for actor in made.values():
        town.world.subscribe(actor.watch)
    return made


def dump(town: Town) -> dict[str, list[dict[str, Any]]]:
    """The whole database, but for what every update leaves behind."""
    with town.database.reading() as db:
        return {
            table.name: [
                {name: value for name, value in row._mapping.items() if name != "pending"}
                for row in db.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in SQLModel.metadata.sorted_tables
            if table.name not in KEPT_APART
        }


def others(rows: dict[str, list[dict[str, Any]]], member_id: int) -> dict[str, list[dict[str, Any]]]:
    """The part of a dump that is neither the member's own nor a whole group's; their role is not theirs to change."""
    left = {table: [row for row in found if member_id not in map(row.get, WHOSE)] for table, found in rows.items()}
    left["asked"] = [row for row in left["asked"] if row["chat_id"] > 0]
    left["members"] = [row if row["id"] != member_id else {"role": row["role"]} for row in left["members"]]
    return left


@cache
def attempts(prefix: str, ids: tuple[int, ...]) -> list[str]:
    """Callback data of a button with values that somebody could think of, at most nine."""
    kind: Any = triggers().taps[prefix].tap
    values: list[list[Any]] = []
    known: dict[str, list[Any]] = {"int": list(ids), "bool": [False, True]}
    for each in kind.__dataclass_fields__.values():
        values.append(known.get(str(each.type), list(WORDS)))
    every = [kind(*chosen) for chosen in itertools.islice(itertools.product(*values), 5000)]
    random.Random(prefix).shuffle(every)
    return [tap.pack() for tap in every[:9]]


def tried(town: Town, actor: Actor, prefix: str, ids: list[int]) -> list[Tap]:
    """Tap it on every kind of message that the actor can reach.

    Where a role is demanded that the actor lacks, nothing reads the values: few of them suffice.
    """
    read = actor.role.reaches(NEEDED.get(TAPS[prefix], Role.GUEST))
    made = []
    for chat in actor.chats:
        own = [post for post in chat.messages.values() if post.author == town.world.bot_id and "text" in post.message]
        under = own[-1]
        made += [
            town.world.tap(actor.person, chat, under.id, data, stale=True)
            for data in attempts(prefix, tuple(ids))[: (9 if chat.is_private else 4) if read else 2]
        ]
    return made


def assert_nothing_leaks(actor: Actor, taps: list[Tap]) -> None:
    """Nothing said in confidence is shown; consultants may read it in private, and askers what is theirs."""
    if actor.asks or actor.role.reaches(Role.CONSULTANT):
        return
    assert leaked(actor, taps) == []


def leaked(actor: Actor, taps: list[Tap]) -> list[str]:
    """What was said in confidence and could be read outside of the room."""
    seen = "\n".join([*actor.heard, *(tap.text or "" for tap in taps)])
    return [secret for secret in SECRETS if secret in seen]


@pytest.fixture
def confided(town: Town) -> dict[str, Actor]:
    """The people of the matrix, after questions were asked and answered in confidence."""
    return actors(town, said_in_confidence(town))


def test_every_button_and_command_is_in_the_matrix() -> None:
    assert set(TAPS) == set(triggers().taps), "say in TAPS whose a new button is"
    assert set(COMMANDS) == set(triggers().commands), "say in COMMANDS whose a new command is"


def test_what_the_matrix_says_is_what_the_handlers_demand() -> None:
    for table, found in ((TAPS, triggers().taps), (COMMANDS, triggers().commands)):
        for name, right in table.items():
            demanded = Role.CONSULTANT if right is Right.HOLDER else NEEDED.get(right, Role.GUEST)
            assert found[name].role is demanded, name


@pytest.mark.parametrize("name", ACTORS)
def test_forbidden_buttons_and_commands_change_nothing_and_show_nothing(
    town: Town, confided: dict[str, Actor], name: str
) -> None:
    actor = confided[name]
    member_of(town, actor.person)
    before = dump(town)
    told = len(confided["asker"].chats[1].messages)
    forbidden = [prefix for prefix, right in TAPS.items() if not actor.may(right)]
    taps = [tap for prefix in forbidden for tap in tried(town, actor, prefix, [1, 2, 3, 4, 5])]
    town.settle()
    assert [tap.data for tap in taps if not tap.answered] == []
    assert_the_same(before, dump(town), f"one of {forbidden} let {name} in")
    say(town, actor, [command for command, right in COMMANDS.items() if not actor.may(right)])
    assert_the_same(before, dump(town), f"a command let {name} in")
    assert name == "asker" or len(confided["asker"].chats[1].messages) == told, "the asker hears nothing of it"
    assert_nothing_leaks(actor, taps)


@pytest.mark.parametrize("name", ["other trainee", "asker"])
def test_what_is_the_askers_is_not_another_askers(town: Town, confided: dict[str, Actor], name: str) -> None:
    pass_on(town.private(town.trainee), "Can the money of our hospital's union pay the flight of a lynx to Lhasa?")
    actor, theirs = confided[name], [1, 2, 3, 4] if name == "other trainee" else [5]
    before = others(dump(town), member_of(town, actor.person))
    taps = [tap for prefix, right in TAPS.items() if right is Right.ASKER and prefix.startswith("questions.")
            for tap in tried(town, actor, prefix, theirs) if prefix != "questions.ask"]  # fmt: skip
    town.settle()
    assert [tap.data for tap in taps if not tap.show_alert] == []
    assert_the_same(before, others(dump(town), member_of(town, actor.person)), name)
    assert_nothing_leaks(actor, taps)


def test_what_is_everybodys_touches_only_what_is_theirs(town: Town, confided: dict[str, Actor]) -> None:
    free = [prefix for prefix, right in TAPS.items() if right in (Right.ANYBODY, Right.CHAT)]
    for name, actor in confided.items():
        member_id = member_of(town, actor.person)
        before = others(dump(town), member_id)
        actor.heard.clear()  # what others have just shown to the group of themselves
        taps = [tap for prefix in free for tap in tried(town, actor, prefix, [0, 1, 2, 3, 4, 5])]
        town.settle()
        assert_the_same(before, others(dump(town), member_id), name)
        assert_nothing_leaks(actor, taps)


def test_what_consultants_may_see_is_not_shown_to_a_community_group(
    town: Town, confided: dict[str, Actor]
) -> None:
    for name in ("holder", "owner"):  # what the other consultant and the organizer may do is theirs as well
        actor = confided[name]
        actor.chats = [town.group]
        for prefix in (prefix for prefix, right in TAPS.items() if right is not Right.ENDING):
            tried(town, actor, prefix, [1, 2, 3, 4, 5])
        say(town, actor, list(COMMANDS))
        assert leaked(actor, []) == []


def say(town: Town, actor: Actor, commands: list[str]) -> None:
    """Every command in every chat, alone and with words that might lead somewhere."""
    for command in commands:
        for chat in actor.chats:
            for words in ("", " Lhasa", " Q1", " 1"):
                town.world.say(actor.person, chat, f"/{command}{words}")
    town.settle()


def assert_the_same(
    before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]], why: str
) -> None:
    """Every table holds what it held."""
    for table in before:
        assert after[table] == before[table], f"{table} changed: {why}"


def member_of(town: Town, person: Person) -> int:
    """The id that the bot knows the person by; whoever it has not met is met now."""
    with town.database.transaction() as db:
        member = people.find(db, person.id) or people.meet(
            db, telegram_id=person.id, name=person.name, language_code="en", default="en", timezone="Asia/Shanghai",
            now=town.now(),
        )  # fmt: skip
        db.flush()
        return member.id or 0
