"""The fields of a series or a session: how each is asked for, read and shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from markupsafe import Markup
from sqlmodel import Session

from bot import timetable
from bot.errors import CannotPlan, Outdated, Unclear
from bot.features import people
from bot.features.people import Member, Role
from bot.i18n import LANGUAGES, Translator, html
from bot.timetable import TEXT_LIMIT, TITLE_LIMIT, Kind, What

TEXTS = ("title", "description")
RUNGS = ("announced", "7d", "1d", "1h", "10m")
VALUES = ("link", "join_hint", "speaker", "capacity")


def rungs_of(ladder: list[str] | None) -> list[str]:
    """The rungs of a ladder; all the usual ones where nobody chose."""
    return list(RUNGS) if ladder is None else ladder


def toggled(ladder: list[str], rung: str) -> list[str]:
    """The ladder with this rung, or without it; raises Outdated for one that is none of ours."""
    if rung not in RUNGS:
        raise Outdated
    chosen = {*ladder} ^ {rung}
    return [one for one in RUNGS if one in chosen]


def fields_of(kind: Kind) -> tuple[str, ...]:
    """What can be filled in, in the order of the card."""
    if kind is Kind.CONSULTATION:
        return ("title", "description", "people", "link", "join_hint", "capacity", "slots")
    return ("title", "description", "people", "speaker", "link", "join_hint", "capacity")


def prompt(field: str, language: str, t: Translator) -> Markup:
    """What to write for a field; raises Outdated for a field that is not written."""
    asked: dict[str, Callable[[], Markup]] = {
        "title": lambda: t(
            "What is it called, in {language}? Please write the title.", language=_language(language, t)
        ),
        "description": lambda: t("What is it about, in {language}? A few sentences.", language=_language(language, t)),
        "speaker": lambda: t("Who speaks? Please write the name as members shall see it."),
        "link": lambda: t("Please send the link of the meeting. It begins with https://."),
        "join_hint": lambda: t(
            "How can people join when the link does not open: a number to dial, a mirror, a meeting id?"
        ),
        "capacity": lambda: t("How many people can take part? Please write a number."),
        "slots": lambda: t("How many minutes has each trainee, and how many lie between? For example: 20, or 20+5."),
    }
    if field not in asked:
        raise Outdated
    return asked[field]()


def _language(code: str, t: Translator) -> str:
    if code not in LANGUAGES:
        raise Outdated
    names = {
        "en": t.label("English"),
        "zh_Hans": t.label("Simplified Chinese"),
        "zh_Hant": t.label("Traditional Chinese"),
    }
    return names[code]


def read_text(field: str, text: str) -> str:
    """A title or a description as it was written; raises Unclear or CannotPlan."""
    if not text.strip():
        raise Unclear(field)
    limit = TITLE_LIMIT if field == "title" else TEXT_LIMIT
    return timetable.checked_texts({"en": text}, limit)["en"]


def read_value(field: str, text: str) -> str | int | None:
    """A link, a way to join, a name or a number as it was written; raises Unclear or CannotPlan."""
    if not text.strip():
        raise Unclear(field)
    if field == "capacity":
        if (number := re.search(r"\d{1,6}", text)) is None:
            raise CannotPlan("number")
        return timetable.checked_value(What.CAPACITY, int(number.group()))
    return timetable.checked_value(What(field), text)


def read_slots(text: str) -> tuple[int | None, int]:
    """The minutes of a slot and of the pause after it; raises CannotPlan."""
    numbers = [int(found) for found in re.findall(r"\d{1,4}", text)]
    if not 1 <= len(numbers) <= 2:
        raise CannotPlan("number")
    return timetable.checked_slots(numbers[0], numbers[1] if len(numbers) > 1 else 0)


def texts_in_words(texts: dict[str, str]) -> Markup | str:
    """A text in all the languages it has."""
    return Markup(" / ").join(html(text) for text in texts.values()) if texts else "–"


def name_of(db: Session, member_id: int) -> str:
    """What colleagues call somebody; … for one who is no longer known."""
    member = db.get(Member, member_id)
    return member.shown_name if member is not None else "…"


def names_of(db: Session, ids: Iterable[int], t: Translator) -> str:
    """Several of them in a row."""
    return t.series([name_of(db, id_) for id_ in ids])


def consultants(db: Session) -> list[Member]:
    """Who can be put on a session."""
    return people.with_role(db, Role.CONSULTANT)


@contextmanager
def clashes_named(db: Session) -> Iterator[None]:
    """Whoever is in two sessions at once is named to the organizer."""
    try:
        yield
    except CannotPlan as error:
        if error.why != "overlap" or not isinstance(error.facts["who"], int):
            raise
        raise CannotPlan("overlap", when=error.facts["when"], who=name_of(db, error.facts["who"])) from None
