"""For organizers: what the FAQ was asked, what helps, what is missing."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from bot.features import faq
from bot.i18n import Translator
from handlers import _entries
from handlers._kit import Deed


def report_lines(deed: Deed, t: Translator, *, since: datetime, until: datetime) -> list[Markup]:
    """What was asked in a stretch of time, in a few lines; none when nothing was."""
    t = t.of("faq")
    counted = faq.summary(deed.db, since=since, until=until)
    if not counted.asked:
        return []
    library = deed.services.knowledge().library
    lines = [
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
    return lines
