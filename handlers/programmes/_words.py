"""A card in words: names of fields, of their values, and of who sees them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from bot import traditional
from bot.features.programmes import FUNCTIONS, Level, View, Why, cities
from bot.i18n import Translator, html

_ICONS = {
    "city": "📍",
    "workplace": "🏥",
    "serves": "🎯",
    "supporters": "🤝",
    "format": "💬",
    "since": "🗓",
    "contact": "✉️",
}
_LABEL = 56


def field_name(field: str, t: Translator) -> str:
    """A field's name."""
    return {
        "name": t.label("Name"),
        "city": t.label("City"),
        "workplace": t.label("Workplace"),
        "serves": t.label("Whom it serves"),
        "supporters": t.label("Peer supporters"),
        "daily": t.label("Help in daily management"),
        "emotional": t.label("Social and emotional support"),
        "linkage": t.label("Linkage to care"),
        "ongoing": t.label("Ongoing support"),
        "format": t.label("Format"),
        "since": t.label("Since"),
        "results": t.label("Results in three numbers"),
        "lesson": t.label("One lesson learned"),
        "contact": t.label("Contact"),
        "poster": t.label("Poster"),
    }[field]


def prompt(field: str, t: Translator) -> Markup:
    """What to write or to tap."""
    return {
        "name": t("What is your programme called?"),
        "city": t("In which city is it?"),
        "workplace": t("Where does it have its home?"),
        "serves": t(
            "Whom does it serve? One sentence, for example: people over 60 with type 2 diabetes in our district."
        ),
        "supporters": t("How many peer supporters are there, and who are they?"),
        "daily": t("How do your peer supporters help with everyday life with diabetes: food, movement, medicines?"),
        "emotional": t("How do they give social and emotional support?"),
        "linkage": t("How do they help people find the way to clinic, doctor and what the community offers?"),
        "ongoing": t("How does the support go on after the first weeks?"),
        "format": t("How do they meet? Tap all that fit, then “Next”."),
        "since": t("Since when? Write a year, or year and month, for example 2025-03."),
        "results": t("What has come of it? Write up to three lines, each with a number, for example: 48 participants."),
        "lesson": t("What is the one lesson that others should know?"),
        "contact": t("How can colleagues reach you? Only what you want to share; you choose below who sees it."),
        "poster": t("Last: a photo of your poster, if you have one. A picture or PDF sent as a file is fine too."),
    }[field]


def choice_name(field: str, value: str, t: Translator) -> str:
    """A value that is chosen from buttons."""
    if field == "workplace":
        return {
            "hospital": t.label("City hospital"),
            "community": t.label("Community health centre"),
            "county": t.label("County hospital"),
            "university": t.label("University or institute"),
        }.get(value, t.label("Other"))
    return {
        "group": t.label("Groups"),
        "one-to-one": t.label("One to one"),
        "phone": t.label("Phone calls"),
        "chat": t.label("WeChat or messages"),
        "visits": t.label("Home visits"),
        "activities": t.label("Walking, cooking, outings"),
    }.get(value, value)


def reason_words(reason: str, t: Translator) -> str:
    """What is wrong with a card: a usual reason in words, or the reason as it was written."""
    t = t.of("programmes")
    usual: dict[str, str] = {
        Why.WRONG: t.label("It is not true, or not any more"),
        Why.PATIENT: t.label("It shows who a patient is"),
        Why.ADS: t.label("It is advertising"),
        Why.RUDE: t.label("It is rude to others"),
    }
    return usual.get(reason, reason)


def level_name(level: Level, t: Translator) -> str:
    """Who sees a field."""
    return {
        Level.COMMUNITY: "👥 " + t.label("Community"),
        Level.ORGANIZERS: "🛡 " + t.label("Organizers"),
        Level.ME: "🔒 " + t.label("Only me"),
    }[level]


def city_name(written: str, t: Translator) -> str:
    """A city in the reader's language where it is known; otherwise as it was written, or as names are where only its key is."""
    city = cities.place(written).city
    if city is None:
        return written.title() if written == cities.place(written).key else written
    named = city.named(t.language)
    return traditional.to_traditional(named) if t.language == "zh_Hant" else named


def value_in_words(field: str, value: Any, t: Translator) -> Markup:
    """What a field says, as the reader reads it."""
    if field == "workplace":
        return html(choice_name(field, value, t))
    if field == "format":
        return html(t.series([choice_name(field, one, t) for one in value]))
    if field == "city":
        return html(city_name(value, t))
    if field == "since":
        return html(_since(value, t))
    if field == "results":
        return Markup("").join(Markup("\n• {}").format(line) for line in value)
    return t("on the card") if field == "poster" else html(value)


def _since(value: str, t: Translator) -> str:
    year, _, month = value.partition("-")
    return t.on("UTC").month(datetime(int(year), int(month), 15, tzinfo=UTC)) if month else year


def title_of(view: View, t: Translator) -> str:
    """The programme's name, or what can be said instead of one that is hidden."""
    name, city = view.fields.get("name"), view.fields.get("city")
    if name:
        return str(name)
    return t.label("A programme in {city}", city=city_name(city, t)) if city else t.label("A programme")


def label_of(view: View, t: Translator) -> str:
    """A programme on a button."""
    city = view.fields.get("city")
    text = title_of(view, t) + (f" · {city_name(city, t)}" if city and view.fields.get("name") else "")
    return text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"


def card_text(view: View, t: Translator) -> Markup:
    """The card as its reader sees it: everything in `view`, nothing else."""
    said = view.fields
    lines = [Markup("<b>{}</b>").format(title_of(view, t))]
    lines += [_line(field, said, t) for field in _ICONS if field in said and field != "contact"]
    functions = [_paragraph(field, said, t) for field in FUNCTIONS if field in said]
    ending = [_paragraph(field, said, t) for field in ("results", "lesson") if field in said]
    contact = [_line("contact", said, t)] if "contact" in said else []
    return Markup("\n\n").join([Markup("\n").join(lines), *functions, *ending, *contact])


def _line(field: str, said: Mapping[str, Any], t: Translator) -> Markup:
    value = value_in_words(field, said[field], t)
    return t("{icon} {field}: {value}", icon=_ICONS[field], field=field_name(field, t), value=value)


def _paragraph(field: str, said: Mapping[str, Any], t: Translator) -> Markup:
    value = value_in_words(field, said[field], t)
    between = Markup("") if field == "results" else Markup("\n")
    return Markup("<b>{}</b>{}{}").format(field_name(field, t), between, value)
