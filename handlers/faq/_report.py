"""For organizers: what is asked, what helps, what is missing."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from bot.features import faq
from bot.features.people import Role
from handlers import _entries
from handlers._kit import Request, Screen
from handlers.faq._feature import feature

WINDOW = timedelta(days=30)


@feature.command("report", role=Role.ORGANIZER)
def report(request: Request) -> Screen:
    """The last thirty days in a few lines."""
    t = request.t
    counted = faq.summary(request.db, since=request.now - WINDOW)
    if not counted.asked:
        return Screen(t("Nobody has asked anything in the last 30 days."))
    library = request.services.knowledge().library
    lines = [
        t("<b>The last 30 days</b>"),
        t.n("{n} question asked", "{n} questions asked", counted.asked),
        t(
            "answered at once: {answered} · suggestions: {suggested} · no answer: {unknown} · urgent: {urgent}",
            answered=counted.by_decision.get("answer", 0),
            suggested=counted.by_decision.get("suggest", 0),
            unknown=counted.by_decision.get("expert", 0),
            urgent=counted.by_decision.get("urgent", 0),
        ),
        t("helpful: {yes} · not quite: {no}", yes=counted.helpful, no=counted.not_quite),
    ]
    if counted.most_shown:
        lines.append(t("<b>Most read</b>"))
        lines += [
            Markup("• {} ({})").format(_entries.question(library, entry, t.language), number)
            for entry, number in counted.most_shown
            if entry in library.entries
        ]
    if counted.unanswered:
        lines.append(t("<b>Recent questions without an answer</b>"))
        lines += [Markup("• {}").format(" ".join(text.split())[:120]) for text in counted.unanswered]
    return Screen(Markup("\n").join(lines))
