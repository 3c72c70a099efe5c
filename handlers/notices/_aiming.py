"""Who gets a notice: built from buttons, and always said in words with the exact number."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from markupsafe import Markup

from bot.errors import Outdated
from bot.features import groups, notices
from bot.features.notices import EVERYONE, NOBODY, Audience, Notice
from bot.features.people import Role
from handlers._kit import Button, Request, Screen, Tap
from handlers.notices._feature import Aim, Open, feature
from handlers.notices._words import audience_in_words, field_name, reach_in_words, value_in_words

PAGE = 12
"""Values on one screen of a phone."""


@dataclass(frozen=True)
class Everyone(Tap, prefix="notices.everyone"):
    """Everyone, or nobody but the groups."""

    notice: int
    on: bool


@dataclass(frozen=True)
class Field(Tap, prefix="notices.field"):
    """Choose values of one field."""

    notice: int
    field: str
    page: int


@dataclass(frozen=True)
class Value(Tap, prefix="notices.value"):
    """One value: wanted (`in`), excluded (`not`) or neither (`off`); `value` is a digest, since cities are long."""

    notice: int
    field: str
    value: str
    way: str
    page: int


@dataclass(frozen=True)
class Opposite(Tap, prefix="notices.not"):
    """Turn a field's condition round, into `wanted` or its opposite; a second tap changes nothing."""

    notice: int
    field: str
    excluded: bool


@dataclass(frozen=True)
class Without(Tap, prefix="notices.without"):
    """Take a field's condition away."""

    notice: int
    field: str


@dataclass(frozen=True)
class Groups(Tap, prefix="notices.groups"):
    """Choose groups."""

    notice: int


@dataclass(frozen=True)
class InGroup(Tap, prefix="notices.group"):
    """One group, with or without."""

    notice: int
    chat: int
    on: bool


@feature.tap(Aim, role=Role.ORGANIZER)
def show_audience(request: Request, tap: Aim) -> Screen:
    """Who gets it now, and everything that can be asked of people."""
    return audience_screen(request, notices.open_draft(request.db, tap.notice))


def audience_screen(request: Request, notice: Notice) -> Screen:
    """In words and numbers, with the buttons to change it."""
    t, number, audience = request.t, notice.id or 0, notice.audience
    lines = [t("<b>Who gets it:</b> {audience}", audience=audience_in_words(request, audience, t))]
    if audience:
        lines += reach_in_words(request, notice, t)
    lines.append(t("Conditions are joined by “and”; several values of one are joined by “or”."))
    fields = [
        Button(_marked(audience, field, field_name(field, t)), Field(number, field, 0)) for field in notices.FIELDS
    ]
    rows = [
        [Button(("✅ " if _is_everyone(audience) else "") + t.label("Everyone"), Everyone(number, True))],
        *(fields[place : place + 2] for place in range(0, len(fields), 2)),
        [Button("👥 " + t.label("Groups"), Groups(number))],
        *(
            [[Button("🚫 " + t.label("No people in private"), Everyone(number, False))]]
            if audience.get("people")
            else []
        ),
        [Button("‹ " + t.label("Back"), Open(number))],
    ]
    return Screen(Markup("\n").join(lines), buttons=rows, edit=True)


def _is_everyone(audience: Audience) -> bool:
    return bool(audience.get("people")) and not audience.get("where")


def _marked(audience: Audience, field: str, name: str) -> str:
    return ("✅ " if field in (audience.get("where") or {}) else "") + name


@feature.tap(Everyone, role=Role.ORGANIZER)
def everyone(request: Request, tap: Everyone) -> Screen:
    """Everyone without conditions, or nobody in private; chosen groups stay."""
    notice = notices.open_draft(request.db, tap.notice)
    kept = {"groups": notices.chats(notice.audience)}
    nobody = EVERYONE | {"people": False} | kept if kept["groups"] else NOBODY
    notices.aim(request.db, notice, EVERYONE | kept if tap.on else nobody, now=request.now)
    return audience_screen(request, notice)


@feature.tap(Field, role=Role.ORGANIZER)
def show_field(request: Request, tap: Field) -> Screen:
    """The values that people have."""
    return field_screen(request, notices.open_draft(request.db, tap.notice), tap.field, tap.page)


def field_screen(request: Request, notice: Notice, field: str, page: int) -> Screen:
    """A button for each value, tapped once for "is", twice for "is not", three times for neither."""
    t, number = request.t, notice.id or 0
    values = _values(request, notice, field)
    lines = [
        t(
            "<b>{field}</b>: tap once for “is” ✅, twice for “is not” 🚫, once more for neither.",
            field=field_name(field, t),
        ),
        t("Now: {audience}", audience=audience_in_words(request, notice.audience, t)),
        *(reach_in_words(request, notice, t) if notice.audience else ()),
    ]
    if not values:
        lines.append(t("Nobody has anything here yet."))
    some = list(values.items())[page * PAGE : (page + 1) * PAGE]
    rows = [[_value_button(request, notice, field, value, many, page)] for value, many in some]
    around = [
        *([Button("‹", Field(number, field, page - 1))] if page > 0 else []),
        *([Button("›", Field(number, field, page + 1))] if len(values) > (page + 1) * PAGE else []),
    ]
    ending = [Button("‹ " + t.label("Back"), Aim(number))]
    return Screen(
        Markup("\n").join(lines),
        buttons=[*rows, around, *_condition_buttons(request, notice, field), ending],
        edit=True,
    )


def _condition_buttons(request: Request, notice: Notice, field: str) -> list[list[Button]]:
    chosen = (notice.audience.get("where") or {}).get(field)
    if not chosen:
        return []
    t, number = request.t, notice.id or 0
    turn = t.label("Everyone but these") if "in" in chosen else t.label("Only these")
    return [
        [
            Button("🔄 " + turn, Opposite(number, field, "in" in chosen)),
            Button("✖️ " + t.label("Clear"), Without(number, field)),
        ]
    ]


def _value_button(request: Request, notice: Notice, field: str, value: str, many: int, page: int) -> Button:
    now = _way(notice.audience, field, value)
    following = {"off": "in", "in": "not", "not": "off"}[now]
    icon = {"off": "", "in": "✅ ", "not": "🚫 "}[now]
    label = f"{icon}{value_in_words(request, field, value, request.t)} · {request.t.number(many)}"
    return Button(label, Value(notice.id or 0, field, _digest(value), following, page))


def _way(audience: Audience, field: str, value: str) -> str:
    chosen = (audience.get("where") or {}).get(field, {})
    return next((side for side in ("in", "not") if value in chosen.get(side, ())), "off")


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:8]


def _values(request: Request, notice: Notice, field: str) -> dict[str, int]:
    """The values of a field with how many have each; those chosen already are among them, even where nobody has them now."""
    if field not in notices.FIELDS:
        raise Outdated
    found = notices.sign_ups(request.db) if field == "answered" else notices.values(request.db, field)
    chosen = (notice.audience.get("where") or {}).get(field, {})
    return found | {value: 0 for side in chosen.values() for value in side if value not in found}


@feature.tap(Value, role=Role.ORGANIZER)
def choose_value(request: Request, tap: Value) -> Screen:
    """Want it, exclude it, or neither."""
    notice = notices.open_draft(request.db, tap.notice)
    value = next((each for each in _values(request, notice, tap.field) if _digest(each) == tap.value), None)
    if value is None or tap.way not in ("in", "not", "off"):
        raise Outdated
    audience = notices.turned(notice.audience, tap.field, value, tap.way)
    notices.aim(request.db, notice, audience, now=request.now)
    return field_screen(request, notice, tap.field, tap.page)


@feature.tap(Opposite, role=Role.ORGANIZER)
def turn_round(request: Request, tap: Opposite) -> Screen:
    """From "is" to "is not" and back."""
    notice = notices.open_draft(request.db, tap.notice)
    chosen = (notice.audience.get("where") or {}).get(tap.field, {})
    if chosen and tap.excluded == ("in" in chosen):
        notices.aim(request.db, notice, notices.opposite(notice.audience, tap.field), now=request.now)
    return field_screen(request, notice, tap.field, 0)


@feature.tap(Without, role=Role.ORGANIZER)
def without(request: Request, tap: Without) -> Screen:
    """One condition less."""
    notice = notices.open_draft(request.db, tap.notice)
    notices.aim(request.db, notice, notices.without(notice.audience, tap.field), now=request.now)
    return field_screen(request, notice, tap.field, 0)


@feature.tap(Groups, role=Role.ORGANIZER)
def show_groups(request: Request, tap: Groups) -> Screen:
    """The community's groups."""
    return groups_screen(request, notices.open_draft(request.db, tap.notice))


def groups_screen(request: Request, notice: Notice) -> Screen:
    """A button for each group."""
    t, number, chosen = request.t, notice.id or 0, notices.chats(notice.audience)
    rows = [
        [
            Button(
                ("✅ " if group.chat_id in chosen else "") + group.title,
                InGroup(number, group.chat_id, group.chat_id not in chosen),
            )
        ]
        for group in groups.community(request.db)
    ]
    lines = [
        t("Each group gets one message."),
        t("Now: {audience}", audience=audience_in_words(request, notice.audience, t)),
        *([] if rows else [t("I am in no community group yet: add me to one, then use /settings there.")]),
    ]
    return Screen(Markup("\n").join(lines), buttons=[*rows, [Button("‹ " + t.label("Back"), Aim(number))]], edit=True)


@feature.tap(InGroup, role=Role.ORGANIZER)
def choose_group(request: Request, tap: InGroup) -> Screen:
    """With or without this group."""
    notice = notices.open_draft(request.db, tap.notice)
    if tap.on and tap.chat not in {group.chat_id for group in groups.community(request.db)}:
        raise Outdated
    audience = notices.with_group(notice.audience, tap.chat, on=tap.on)
    kept = audience if audience["people"] or audience["groups"] else NOBODY
    notices.aim(request.db, notice, kept, now=request.now)
    return groups_screen(request, notice)
