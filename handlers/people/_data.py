"""What is kept about a person: said plainly, shown whole, deleted when they want it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from bot import outbox
from bot.features import people
from handlers._kit import Button, File, Request, Screen, Tap, all_but
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
    """Everything about the person, from every feature, as a file."""
    data: dict[str, Any] = {"profile": all_but(request.me, "id", "pending")}
    for keeping in request.triggers.keeping:
        data |= keeping.shown(replace(request, context=keeping.context))
    return Screen(
        request.t("This is everything that I keep about you. /forget deletes it."),
        file=File("small-wins-my-data.json", json.dumps(data, ensure_ascii=False, indent=2)),
    )


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
    """Delete the person wherever a feature keeps something of them; raises LastOwner."""
    t, me = request.t, request.me
    outbox.forget_person(request.db, me.telegram_id, now=request.now)
    for keeping in request.triggers.keeping:
        keeping.forgotten(replace(request, context=keeping.context))
    people.forget(request.db, me)
    return Screen(t("It is deleted. If you ever want to come back: /start. All the best!"), edit=True)


@feature.tap(KeepMe)
def keep(request: Request, _tap: KeepMe) -> Screen:
    """Nothing is deleted."""
    return Screen(request.t("Good, everything stays as it is."), edit=True)
