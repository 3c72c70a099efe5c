"""The desk's figures in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from markupsafe import Markup

from bot.features.faq.content import Library
from bot.features.reports import Desk
from bot.i18n import OWN_NAMES, Translator
from bot.outbox import Tallied
from handlers._kit import Deed, as_language


def desk_lines(deed: Deed, counted: Desk, t: Translator) -> list[Markup]:
    """What the experts did; none when nothing was passed on."""
    if not counted.passed_on:
        return []
    library = deed.services.knowledge().library
    subjects = _listed((subject(category, library, t), count) for category, count in counted.by_category)
    languages = _listed((OWN_NAMES[as_language(code)], count) for code, count in counted.asked_by_language)
    return [
        t("<b>The experts' desk</b>"),
        t(
            "passed on: {sent} · answered: {answered} · solved: {solved}",
            sent=counted.passed_on,
            answered=counted.answered,
            solved=counted.solved,
        ),
        *(Markup("{}").format(line) for line in waits(counted, t)),
        t("by subject: {list}", list=subjects),
        t("by language: {list}", list=languages),
    ]


def post_lines(sent: Tallied, t: Translator) -> list[Markup]:
    """How the bot's own messages fared; none when none was sent."""
    if not sent.sent and not sent.failed:
        return []
    line = t(
        "my messages: delivered {sent} · failed {failed} · uncertain {uncertain}",
        sent=t.number(sent.sent),
        failed=t.number(sent.failed),
        uncertain=t.number(sent.uncertain),
    )
    if sent.typical is None:
        return [line]
    seconds = int(sent.typical.total_seconds())
    within = t.n("{n} second", "{n} seconds", seconds) if seconds < 60 else span(sent.typical, t)
    return [line, t("half of them on their way within {time}", time=within)]


def waits(counted: Desk, t: Translator) -> list[str]:
    """How long the first answers took, and how content the askers were; a line each, where it is known."""
    lines = []
    if counted.half_within is not None and counted.most_within is not None:
        lines.append(
            t.label(
                "first answer, in working time: half within {half}, nine in ten within {most}",
                half=span(counted.half_within, t),
                most=span(counted.most_within, t),
            )
        )
    if counted.rating is not None:
        lines.append(
            t.label("rating: {rating} of 5, from {n} askers", rating=t.number(round(counted.rating, 1)), n=counted.ratings)
        )
    return lines


def span(time: timedelta, t: Translator) -> str:
    """A wait in whole minutes or hours, rounded up."""
    minutes = -(-int(time.total_seconds()) // 60)
    if minutes < 60:
        return str(t.n("{n} minute", "{n} minutes", max(1, minutes)))
    return str(t.n("{n} hour", "{n} hours", -(-minutes // 60)))


def subject(category: str | None, library: Library, t: Translator) -> str:
    """A category's title."""
    found = next((each for each in library.categories if each.category == category), None)
    return found.title.in_(t.language) if found else t.label("other subjects")


def _listed(counts: Iterable[tuple[str, int]]) -> str:
    return " · ".join(f"{name} {n}" for name, n in counts)
