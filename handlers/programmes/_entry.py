"""The guided entry: field by field, each can be skipped, and whoever stops goes on where they were."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from markupsafe import Markup
from telegram import Message

from bot.errors import CardUnfit
from bot.features import people, programmes
from bot.features.people import WORKPLACES, Role
from bot.features.programmes import FIELDS, FORMATS, Level, Programme
from handlers._kit import Button, Request, Screen, Tap
from handlers.programmes._cards import edit_screen, review
from handlers.programmes._feature import Ask, Edit, feature, home_button, in_rows, own
from handlers.programmes._words import choice_name, city_name, field_name, level_name, prompt, value_in_words


@dataclass(frozen=True)
class Begin(Tap, prefix="programmes.begin"):
    """A new card, or on with the one that was begun."""


@dataclass(frozen=True)
class Skip(Tap, prefix="programmes.skip"):
    """Leave a field as it is."""

    card: int
    field: str


@dataclass(frozen=True)
class Later(Tap, prefix="programmes.later"):
    """Stop here; the card waits."""

    card: int


@dataclass(frozen=True)
class Enough(Tap, prefix="programmes.enough"):
    """Nothing more to say for now: on to what the card has become."""

    card: int


@dataclass(frozen=True)
class Choose(Tap, prefix="programmes.choose"):
    """Fill a field in from a button."""

    card: int
    field: str
    value: str
    onward: bool


@dataclass(frozen=True)
class MyCity(Tap, prefix="programmes.mycity"):
    """The city from the profile."""

    card: int
    onward: bool


@dataclass(frozen=True)
class See(Tap, prefix="programmes.see"):
    """Say who sees a field."""

    card: int
    field: str
    level: str
    onward: bool


@dataclass(frozen=True)
class Clear(Tap, prefix="programmes.clear"):
    """Empty a field."""

    card: int
    field: str


@feature.tap(Begin, role=Role.TRAINEE)
def begin(request: Request, _tap: Begin) -> Screen:
    """Begin, or go on at the field where one stopped."""
    people.agree(request.me, now=request.now)  # the button stands below the sentence that says so
    card = programmes.begin(request.db, request.me, now=request.now)
    return ask_for(request, card, card.at or FIELDS[0], onward=True, edit=False)


@feature.tap(Ask, role=Role.TRAINEE)
def ask(request: Request, tap: Ask) -> Screen:
    """Ask for one field."""
    return ask_for(request, own(request, tap.card), tap.field, onward=tap.onward, edit=True)


def ask_for(request: Request, card: Programme, field: str, *, onward: bool, edit: bool) -> Screen:
    """What is asked, what the card says now, who sees it; and the words that come next are for this field."""
    if field not in FIELDS:
        raise CardUnfit("empty")
    t = request.t
    request.me.expects("programmes.field", card=card.id, field=field, onward=onward)
    place = t("{n} of {all}", n=FIELDS.index(field) + 1, all=len(FIELDS)) + Markup(" · ") if onward else Markup("")
    lines = [place + Markup("<b>{}</b>").format(field_name(field, t)), prompt(field, t)]
    if (value := card.fields.get(field)) is not None:
        lines.append(t("Now: {value}", value=value_in_words(field, value, t)))
    lines.append(t("Who sees it: <b>{level}</b>", level=level_name(programmes.shown_to(card, field), t)))
    buttons = [*_choices(request, card, field, onward=onward), _levels(request, card, field, onward=onward)]
    ending = _onward(request, card, field) if onward else _single(request, card, field)
    return Screen(Markup("\n\n").join(lines), buttons=[*buttons, *ending], edit=edit)


def _choices(request: Request, card: Programme, field: str, *, onward: bool) -> list[list[Button]]:
    t, id_, value = request.t, card.id or 0, card.fields.get(field) or ()
    if field == "city" and request.me.city:
        return [[Button("📍 " + city_name(request.me.city, t), MyCity(id_, onward))]]
    chosen = {value} if isinstance(value, str) else set(value)
    options = {"workplace": WORKPLACES, "format": FORMATS}.get(field, ())
    return in_rows(
        [
            Button(("✅ " if one in chosen else "") + choice_name(field, one, t), Choose(id_, field, one, onward))
            for one in options
        ]
    )


def _levels(request: Request, card: Programme, field: str, *, onward: bool) -> list[Button]:
    """The two others: what holds now stands above them, and three do not fit side by side on a phone."""
    now = programmes.shown_to(card, field)
    return [
        Button(level_name(level, request.t), See(card.id or 0, field, level, onward))
        for level in Level
        if level is not now
    ]


def _onward(request: Request, card: Programme, field: str) -> list[list[Button]]:
    t, id_ = request.t, card.id or 0
    before = FIELDS[FIELDS.index(field) - 1] if field != FIELDS[0] else None
    on = t.label("Next") if card.fields.get(field) else t.label("Skip")
    back = [Button("‹ " + t.label("Back"), Ask(id_, before, True))] if before else []
    enough = [Button("🏁 " + t.label("That is all for now"), Enough(id_))] if card.fields else []
    return [[*back, Button(on + " ›", Skip(id_, field))], enough, [Button("⏸ " + t.label("Go on later"), Later(id_))]]


def _single(request: Request, card: Programme, field: str) -> list[list[Button]]:
    t, id_ = request.t, card.id or 0
    empty = [Button("✖️ " + t.label("Empty this field"), Clear(id_, field))] if card.fields.get(field) else []
    return [empty, [Button("‹ " + t.label("Back"), Edit(id_))]]


@feature.step("field", role=Role.TRAINEE)
def fill(request: Request) -> Screen:
    """Take words or the poster for the field that was asked for; whatever cannot be taken is asked for again."""
    card, field = own(request, request.pending["card"]), request.pending["field"]
    picture = poster_of(request.message)
    if picture is not None and field != "poster":
        return _kept_for_later(request, card, picture)
    if field == "poster" and picture is not None:
        programmes.hang(request.db, card, *picture, now=request.now)
    else:
        if not request.message.text:
            raise CardUnfit("photo" if field == "poster" else "words")
        today = request.now.astimezone(ZoneInfo(request.me.timezone)).date()
        programmes.write(request.db, card, field, request.text, now=request.now, today=today)
    screen = _next(request, card, field, onward=request.pending["onward"], edit=False)
    return Screen(Markup("\n\n").join([*_noted(request, field, card), screen.text or ""]), buttons=screen.buttons)


def poster_of(message: Message) -> tuple[str, str] | None:
    """The file's id and its kind, of a photo or of a picture or PDF that was sent as a file."""
    if message.photo:
        return message.photo[-1].file_id, "photo"
    document = message.document
    kind = (document.mime_type or "") if document is not None else ""
    if document is not None and message.animation is None and (kind.startswith("image/") or kind == "application/pdf"):
        return document.file_id, "document"
    return None


def _kept_for_later(request: Request, card: Programme, picture: tuple[str, str]) -> Screen:
    """A photo where words were asked for: it becomes the poster if there is none yet, and the field is asked for again."""
    t, field = request.t, request.pending["field"]
    kept = not card.fields.get("poster")
    if kept:
        programmes.hang(request.db, card, *picture, now=request.now)
    note = (
        t("I kept this as your poster. Here I need words, though:")
        if kept
        else t("Here I need words. The poster can be changed at its own place.")
    )
    screen = ask_for(request, card, field, onward=request.pending["onward"], edit=False)
    return Screen(note + Markup("\n\n") + (screen.text or Markup("")), buttons=screen.buttons)


def _noted(request: Request, field: str, card: Programme) -> list[Markup]:
    """What the person should know of what was just taken."""
    t, notes = request.t, []
    if request.message.media_group_id:
        notes.append(t("A card has one poster: I kept the first picture of your album."))
    if field == "city" and card.city and programmes.cities.place(card.city).city is None:
        notes.append(t("I kept “{city}”. I do not know where it lies, so it is listed beside the map.", city=card.city))
    return notes


def _next(request: Request, card: Programme, field: str, *, onward: bool, edit: bool) -> Screen:
    """The field after this one, or what the card has become."""
    request.me.pending = None
    if not onward:
        return edit_screen(request, card, edit=edit)
    following = programmes.go_on(card, field)
    if following is not None:
        return ask_for(request, card, following, onward=True, edit=edit)
    return review(request, card, edit=edit)


@feature.tap(Skip, role=Role.TRAINEE)
def skip(request: Request, tap: Skip) -> Screen:
    """Go on to the next field."""
    return _next(request, own(request, tap.card), tap.field, onward=True, edit=True)


@feature.tap(Later, role=Role.TRAINEE)
def later(request: Request, tap: Later) -> Screen:
    """Everything so far is kept."""
    own(request, tap.card)
    request.me.pending = None
    text = request.t("Good. Everything so far is kept; /programmes leads back to where you stopped, whenever you like.")
    return Screen(text, buttons=[[home_button(request.t)]], edit=True)


@feature.tap(Enough, role=Role.TRAINEE)
def enough(request: Request, tap: Enough) -> Screen:
    """The fields that are left stay empty; the card can be published as it is."""
    card = own(request, tap.card)
    request.me.pending = None
    return review(request, card, edit=True)


@feature.tap(Choose, role=Role.TRAINEE)
def choose(request: Request, tap: Choose) -> Screen:
    """Take a choice: one workplace leads on, of formats there may be several."""
    card = own(request, tap.card)
    programmes.choose(request.db, card, tap.field, tap.value, now=request.now)
    if tap.field == "format":
        return ask_for(request, card, tap.field, onward=tap.onward, edit=True)
    return _next(request, card, tap.field, onward=tap.onward, edit=True)


@feature.tap(MyCity, role=Role.TRAINEE)
def my_city(request: Request, tap: MyCity) -> Screen:
    """Take the city from the profile."""
    card = own(request, tap.card)
    today = request.now.date()
    programmes.write(request.db, card, "city", request.me.city or "", now=request.now, today=today)
    return _next(request, card, "city", onward=tap.onward, edit=True)


@feature.tap(See, role=Role.TRAINEE)
def see(request: Request, tap: See) -> Screen:
    """Change who sees a field, and stay there."""
    card = own(request, tap.card)
    programmes.show(request.db, card, tap.field, tap.level, now=request.now)
    return ask_for(request, card, tap.field, onward=tap.onward, edit=True)


@feature.tap(Clear, role=Role.TRAINEE)
def clear(request: Request, tap: Clear) -> Screen:
    """Empty a field of one's own card."""
    card = own(request, tap.card)
    programmes.clear(request.db, card, tap.field, now=request.now)
    request.me.pending = None
    return edit_screen(request, card, edit=True)
