"""What is kept about a person: said plainly, shown whole, deleted when they want it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlmodel import SQLModel, select

from bot import outbox, timetable
from bot.features import (
    arrivals,
    attention,
    consultations,
    digests,
    duty,
    entries,
    faq,
    moderation,
    notices,
    people,
    questions,
    resources,
    webinars,
    wins,
)
from bot.features.faq import Asked
from bot.features.notices import Notice
from bot.features.questions import Part, Question
from handlers import arrivals as arrival_handlers
from handlers import moderation as moderation_handlers
from handlers import peers as peer_handlers
from handlers import programmes as programme_handlers
from handlers import webinars as webinar_handlers
from handlers import wins as win_handlers
from handlers._kit import Button, File, Request, Screen, Tap
from handlers.people._feature import feature
from handlers.people._start import what_is_kept


@dataclass(frozen=True)
class Forget(Tap, prefix="people.forget"):
    """Really delete everything."""


@dataclass(frozen=True)
class KeepMe(Tap, prefix="people.keep"):
    """Rather not."""


@feature.command("privacy")
def privacy(request: Request) -> Screen:
    """What is kept, for how long, who sees it."""
    t = request.t
    return Screen(
        what_is_kept(t)
        + Markup("\n\n")
        + t(
            "What you ask me is deleted after 30 days, and which answers I gave you after 90. Questions to "
            "the experts stay until you delete them. /mydata shows everything, /forget deletes it."
        )
    )


@feature.command("mydata")
def mydata(request: Request) -> Screen:
    """Everything about the person, as a file."""
    data = {
        "profile": request.me.model_dump(mode="json", exclude={"id", "pending"}),
        "told": attention.of(request.db, request.me).model_dump(mode="json", exclude={"member_id"}),
        "asked": _asked(request),
        "questions": _questions(request),
        "resources": _about_resources(request),
        "consultations": _consultations(request),
        "sessions": _sessions(request),
        **_as_consultant(request),
        **_as_reader_and_writer(request),
        **_of_notices(request),
        "webinars": webinar_handlers.of_person(request),
        "programmes": programme_handlers.of_person(request),
        "peers": peer_handlers.of_person(request),
        "digest": _chosen(filter(None, [digests.of(request.db, request.me)]), "parts", "weekday", "minute", "next_at"),
        "small_wins": win_handlers.of_person(request),
        "calendar": _in_the_calendar(request),
        "groups": _in_groups(request),
    }
    return Screen(
        request.t("This is everything that I keep about you. /forget deletes it."),
        file=File("small-wins-my-data.json", json.dumps(data, ensure_ascii=False, indent=2)),
    )


def _chosen(rows: Iterable[SQLModel], *fields: str) -> list[dict[str, Any]]:
    """These fields of each row, as JSON has them."""
    return [row.model_dump(mode="json", include=set(fields)) for row in rows]


def _asked(request: Request) -> list[dict[str, Any]]:
    """What the FAQ was asked, with what came along."""
    rows = request.db.exec(select(Asked).where(Asked.member_id == request.me.id)).all()
    known = _chosen(rows, "text", "language", "shown", "helpful", "asked_at")
    return [
        fields | {"attached": _chosen(faq.attachments(request.db, row.id), "media", "text", "file_name")}
        for fields, row in zip(known, rows, strict=True)
    ]


_OF_A_QUESTION = (
    "number",
    "text",
    "anonymous",
    "state",
    "sent_at",
    "answered_at",
    "closed_at",
    "taken_back_at",
    "solved",
    "rating",
    "rating_note",
)


def _questions(request: Request) -> list[dict[str, Any]]:
    """The person's questions to the experts with all that was said, but for the experts' own notes."""
    mine = request.db.exec(select(Question).where(Question.asker_id == request.me.id)).all()
    known = _chosen(mine, *_OF_A_QUESTION)
    return [
        fields | {"story": _story(request, row), "earlier": _earlier(request, row)}
        for fields, row in zip(known, mine, strict=True)
    ]


def _story(request: Request, question: Question) -> list[dict[str, Any]]:
    parts = [part for part in questions.story(request.db, question) if part.side != questions.Side.NOTE]
    known = _chosen(parts, "side", "text", "media", "file_name", "said_at")
    return [fields | {"earlier": _earlier(request, question, part)} for fields, part in zip(known, parts, strict=True)]


def _earlier(request: Request, question: Question, part: Part | None = None) -> list[str | None]:
    return [version.text for version in questions.versions(request.db, question, part)]


_OF_A_BOOKING = (
    "state",
    "starts_at",
    "ends_at",
    "subject",
    "case",
    "created_at",
    "confirmed_at",
    "ended_at",
    "came",
    "notes",
    "next_steps",
    "notes_at",
    "went",
)


def _consultations(request: Request) -> dict[str, Any]:
    """What they booked and what came of it, where they wait, and the notes that they wrote themselves."""
    db, me = request.db, request.me
    return {
        "booked": _chosen(consultations.bookings_of(db, me), *_OF_A_BOOKING),
        "waiting": _chosen(consultations.waiting_of(db, me), "session_id", "since", "subject"),
        "notes_written": _chosen(consultations.notes_by(db, me), "starts_at", "notes", "next_steps", "notes_at"),
    }


def _as_consultant(request: Request) -> dict[str, Any]:
    """When they work, what was offered to them, what they looked for, and the replies they saved."""
    db, me = request.db, request.me
    return {
        "duty": duty.of(db, me).model_dump(mode="json", exclude={"member_id"}),
        "offered": _chosen(questions.offers_to(db, me), "offered_at", "outcome", "ended_at"),
        "looked_for": _chosen(questions.finds_of(db, me), "words", "looked_at"),
        "saved_replies": _chosen(questions.saved_by(db, me), "title", "language", "text", "created_at"),
    }


def _as_reader_and_writer(request: Request) -> dict[str, Any]:
    """Which wordings of the FAQ they were given, and which they wrote."""
    db, me = request.db, request.me
    written = ("entry_id", "language", "question", "answer", "state", "created_at")
    return {
        "answers_given": _chosen(entries.given_to(db, me), "entry_id", "language", "given_at"),
        "entries_written": _chosen(entries.written_by(db, me), *written),
        "notices_written": [_written_notice(request, notice) for notice in notices.written_by(db, me)],
    }


def _of_notices(request: Request) -> dict[str, Any]:
    """Which notices they got, and for what they signed up below them."""
    db, me = request.db, request.me
    got = ("notice_id", "language", "outcome", "sent_at", "due_at", "change")
    return {
        "notices": _chosen(notices.received_by(db, me), *got),
        "signed_up": _chosen(notices.signups_of(db, me), "notice_id", "button", "at"),
    }


def _written_notice(request: Request, notice: Notice) -> dict[str, Any]:
    said = {language: text.html for language, text in notices.texts(request.db, notice).items()}
    return notice.model_dump(mode="json", include={"state", "created_at", "due_at"}) | {"texts": said}


_OF_A_SUGGESTION = (
    "kind",
    "title",
    "url",
    "media",
    "text",
    "purpose",
    "language",
    "good_for",
    "licence",
    "consented_at",
    "named",
    "helped",
    "state",
    "suggested_at",
)


def _about_resources(request: Request) -> dict[str, object]:
    """The person's own list, what they searched for lately, and what they suggested."""
    return {
        "saved": resources.saved_by(request.db, request.me),
        "searches": [
            row.model_dump(mode="json", include={"words", "searched_at"})
            for row in resources.searches_of(request.db, request.me)
        ],
        "suggested": [
            row.model_dump(
                mode="json", include=set(_OF_A_SUGGESTION)
            )
            for row in resources.suggested_by(request.db, request.me)
        ],
        "helped": _chosen(resources.helped_by(request.db, request.me), "resource_id", "at"),
        "reported": _chosen(resources.reports_by(request.db, request.me), "shared_id", "why", "at"),
    }


def _in_the_calendar(request: Request) -> dict[str, Any]:
    """What the person planned and changed, what they do at which sessions, and what is theirs to see to."""
    db, id_ = request.db, request.me.id or 0
    return {
        "planned": _chosen(timetable.planned_by(db, id_), "kind", "title", "rrule", "first", "zone", "created_at"),
        "changed": _chosen(timetable.changes_by(db, id_), "what", "old", "new", "at"),
        "parts": [
            {"part": person.part, "session": row.starts_at.isoformat(), "confirmed": person.confirmed_at is not None}
            for person, row in timetable.parts_of(db, id_)
        ],
        "to_do": [
            {"task": task.task, "session": row.starts_at.isoformat(), "due": task.due_at.isoformat()}
            for task, row in timetable.tasks_of(db, id_, now=request.now)
        ],
        "draft": timetable.draft_of(db, id_),
    }


def _sessions(request: Request) -> dict[str, object]:
    """What the person said to sessions, whether they were there, and their calendar addresses."""
    said = ("session_id", "standing", "since", "starts_at", "ends_at", "attended_at", "attended_how")
    member_id = request.me.id or 0
    return {
        "said": _chosen(timetable.attended_by(request.db, member_id), *said),
        "calendar_addresses": _chosen(timetable.feeds_by(request.db, member_id), "token", "made_at", "revoked_at"),
    }


def _in_groups(request: Request) -> dict[str, Any]:
    """When they came to which group, what they said when they asked to be let in, and how it went there."""
    db, me = request.db, request.me
    asked = ("chat_id", "asked_at", "state", "workplace", "city", "agreed_at", "decided_at")
    return {
        "came": _chosen(arrivals.arrivals_of(db, me), "chat_id", "joined_at", "left_at"),
        "asked_to_join": _chosen(arrivals.requests_of(db, me), *asked),
        **moderation_handlers.of_person(request),
    }


@feature.command("forget")
def forget(request: Request) -> Screen:
    """Ask once more before anything is deleted."""
    t = request.t
    return Screen(
        t(
            "Shall I delete what I keep about you: profile, role, and the words of your questions? Answers that "
            "experts are still writing will not reach you. This cannot be undone."
        ),
        buttons=[[Button(t.label("Delete everything"), Forget())], [Button(t.label("Keep it"), KeepMe())]],
    )


@feature.tap(Forget)
def really_forget(request: Request, _tap: Forget) -> Screen:
    """Delete the person; raises LastOwner."""
    t, me = request.t, request.me
    outbox.forget_person(request.db, me.telegram_id, now=request.now)
    questions.forget(request.db, me)
    duty.forget(request.db, me)
    consultations.forget(request.db, me)
    faq.forget(request.db, me)
    resources.forget(request.db, me)
    entries.forget(request.db, me)
    notices.forget_writer(request.db, me)
    attention.forget(request.db, me)
    peer_handlers.leave(request)
    digests.forget(request.db, me)
    notices.forget_recipient(request.db, me)
    webinars.forget(request.db, me)
    programme_handlers.forget(request)
    win_handlers.take_all_down(request)
    wins.forget(request.db, me)
    timetable.forget_planning(request.db, me.id or 0, now=request.now)
    timetable.forget_attendee(request.db, me.id or 0)
    timetable.forget_feeds(request.db, me.id or 0)
    arrival_handlers.unname(request)
    arrivals.forget(request.db, me)
    moderation.forget(request.db, me)
    people.forget(request.db, me)
    return Screen(t("It is deleted. If you ever want to come back: /start. All the best!"), edit=True)


@feature.tap(KeepMe)
def keep(request: Request, _tap: KeepMe) -> Screen:
    """Nothing is deleted."""
    return Screen(request.t("Good, everything stays as it is."), edit=True)
