"""The fields of a draft: what they are called, how they look, and what may be written into them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.errors import Unclear
from bot.features import entries
from bot.features.entries import Version
from bot.i18n import Translator
from handlers._kit import Request, Screen
from handlers.entries._feature import other, shortened

FIELDS = ("question", "answer", "points", "next_step", "variants", "sources", "review_by")
_SHOWN = 1200


def field_name(name: str, t: Translator) -> str:
    """What a field is called."""
    return {
        "question": t.label("Question"),
        "answer": t.label("Answer"),
        "points": t.label("Points"),
        "next_step": t.label("Next step"),
        "variants": t.label("Other wordings"),
        "sources": t.label("Sources"),
        "review_by": t.label("Review by"),
    }[name]


def shown_field(version: Version, name: str, t: Translator) -> Markup:
    """A field with its name, cut to what fits."""
    value = getattr(version, name)
    shown: object = value
    if isinstance(value, datetime):
        shown = t.date(value)
    elif isinstance(value, list):
        shown = _listed(value, whole=name == "points")
    elif len(value or "") > _SHOWN:
        shown = value[:_SHOWN] + "…"
    return Markup("<b>{}:</b> {}").format(field_name(name, t), shown or "–")


def _listed(lines: Sequence[str], *, whole: bool) -> Markup:
    """The points one below the other; of other lists the beginning and how many more there are."""
    shown = lines[: 8 if whole else 3]
    text = Markup("").join(Markup("\n• {}").format(shortened(line, 150)) for line in shown)
    return text + Markup("\n… +{}").format(len(lines) - len(shown)) if len(lines) > len(shown) else text


def how_to_write(name: str, t: Translator) -> Markup:
    """What is expected."""
    if name == "review_by":
        return t("Write the day by which somebody should look at it again, such as {example}.", example="2027-11-30")
    if name == "sources":
        return t("Write the ids of sources.yaml, separated by spaces. A dash (-) empties it.")
    if name in ("points", "variants"):
        return t("Write one on each line; it replaces what is there. A dash (-) empties it.")
    if name == "next_step":
        return t("Write one small thing to do this week. A dash (-) empties it.")
    return t("Write it anew; it replaces what is there.")


def plain(version: Version, name: str) -> str:
    """What stands there, as it would be typed."""
    value = getattr(version, name)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "\n".join(value) if isinstance(value, list) else value or ""


def beside(request: Request, version: Version, name: str) -> str:
    """What stands in this field in the other language, for whoever translates."""
    if name in ("sources", "review_by"):
        return ""
    language = other(version.language)
    shown = entries.published(request.db, version.entry_id, language)
    entry = request.services.knowledge().library.entries.get(version.entry_id)
    written = shown or (entry.written(language) if entry else None)
    value = getattr(written, name, None) or ""
    return "\n".join(value[:8]) if isinstance(value, (list, tuple)) else str(value)


def known_sources(request: Request) -> Sequence[str]:
    """Ids of sources.yaml."""
    return list(request.services.knowledge().files.sources)


def unknown_source(request: Request, name: str) -> Screen:
    """There is no such source; which are spelt nearly so."""
    near = difflib.get_close_matches(name, known_sources(request), 3, cutoff=0.4)
    t = request.t
    if near:
        return Screen(t("I know no source “{name}”. Did you mean {near}?", name=name, near=", ".join(near)))
    return Screen(t("I know no source “{name}”. The ids are in sources.yaml. To stop: /cancel", name=name))


def day_of(text: str, zone: str) -> datetime:
    """The beginning of the day that somebody wrote; raises Unclear."""
    try:
        return datetime.combine(date.fromisoformat(text.strip()), time(), ZoneInfo(zone))
    except ValueError:
        raise Unclear("date") from None
