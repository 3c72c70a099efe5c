"""What is kept about a person: said plainly, shown whole, deleted when they want it."""

from __future__ import annotations

import json
from dataclasses import dataclass

from markupsafe import Markup
from sqlmodel import select

from bot import outbox
from bot.features import duty, entries, faq, people, questions, resources
from bot.features.faq import Asked
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
    me = request.me
    asked = request.db.exec(select(Asked).where(Asked.member_id == me.id)).all()
    mine = request.db.exec(select(questions.Question).where(questions.Question.asker_id == me.id)).all()
    data = {
        "profile": me.model_dump(mode="json", exclude={"id", "pending"}),
        "asked": [
            row.model_dump(mode="json", include={"text", "language", "shown", "helpful", "asked_at"})
            | {
                "attached": [
                    came.model_dump(mode="json", include={"media", "text", "file_name"})
                    for came in faq.attachments(request.db, row.id)
                ]
            }
            for row in asked
        ],
        "questions": [
            row.model_dump(
                mode="json",
                include={
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
                },
            )
            | {
                "story": [
                    part.model_dump(mode="json", include={"side", "text", "media", "file_name", "said_at"})
                    | {"earlier": [version.text for version in questions.versions(request.db, row, part)]}
                    for part in questions.story(request.db, row)
                    if part.side != questions.Side.NOTE
                ],
                "earlier": [version.text for version in questions.versions(request.db, row)],
            }
            for row in mine
        ],
        "duty": duty.of(request.db, me).model_dump(mode="json", exclude={"member_id"}),
        "offered": [
            row.model_dump(mode="json", include={"offered_at", "outcome", "ended_at"})
            for row in questions.offers_to(request.db, me)
        ],
        "looked_for": [
            row.model_dump(mode="json", include={"words", "looked_at"}) for row in questions.finds_of(request.db, me)
        ],
        "saved_replies": [
            row.model_dump(mode="json", include={"title", "language", "text", "created_at"})
            for row in questions.saved_by(request.db, me)
        ],
        "resources": _about_resources(request),
        "answers_given": [
            row.model_dump(mode="json", include={"entry_id", "language", "given_at"})
            for row in entries.given_to(request.db, me)
        ],
        "entries_written": [
            row.model_dump(mode="json", include={"entry_id", "language", "question", "answer", "state", "created_at"})
            for row in entries.written_by(request.db, me)
        ],
    }
    return Screen(
        request.t("This is everything that I keep about you. /forget deletes it."),
        file=File("small-wins-my-data.json", json.dumps(data, ensure_ascii=False, indent=2)),
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
                mode="json", include={"kind", "title", "url", "media", "text", "purpose", "state", "suggested_at"}
            )
            for row in resources.suggested_by(request.db, request.me)
        ],
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
    outbox.forget_person(request.db, me.telegram_id)
    questions.forget(request.db, me)
    duty.forget(request.db, me)
    faq.forget(request.db, me)
    resources.forget(request.db, me)
    entries.forget(request.db, me)
    people.forget(request.db, me)
    return Screen(t("It is deleted. If you ever want to come back: /start. All the best!"), edit=True)


@feature.tap(KeepMe)
def keep(request: Request, _tap: KeepMe) -> Screen:
    """Nothing is deleted."""
    return Screen(request.t("Good, everything stays as it is."), edit=True)
