"""A report as a chart."""

from __future__ import annotations

from bot.features.faq.content import Library
from bot.features.reports import Desk
from bot.i18n import OWN_NAMES, Translator
from bot.pictures import Chart, Panel
from handlers._kit import as_language
from handlers.reports._wording import subject, waits

SUBJECTS = 8


def chart(counted: Desk, library: Library, t: Translator, heading: str) -> Chart:
    """What was asked and what became of it, by subject and by language."""
    became = (
        (t.label("asked"), counted.asked),
        (t.label("answered by the FAQ"), counted.by_faq),
        (t.label("passed on to experts"), counted.passed_on),
        (t.label("answered by experts"), counted.answered),
        (t.label("solved by experts"), counted.solved),
    )
    subjects = tuple((subject(category, library, t), count) for category, count in counted.by_category[:SUBJECTS])
    languages = tuple((_language(language, t), count) for language, count in counted.asked_by_language)
    return Chart(
        heading,
        "\n".join(waits(counted, t)),
        (
            Panel(t.label("Questions"), became),
            Panel(t.label("Passed on, by subject"), subjects),
            Panel(t.label("Asked, by language"), languages),
        ),
    )


def _language(code: str, t: Translator) -> str:
    """A language by its own name; in English by its English one, which needs no Chinese font."""
    names = {"en": "English", "zh_Hans": "Chinese (Simplified)", "zh_Hant": "Chinese (Traditional)"}
    return names[as_language(code)] if t.language == "en" else OWN_NAMES[as_language(code)]
