"""/programmes: looking around by words, filters and on the map."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from bot import pictures
from bot.errors import CardUnfit, Outdated
from bot.features import programmes
from bot.features.people import Role
from bot.features.programmes import FILTERS, Programme, ProgrammeSearch, View, cities
from bot.i18n import Translator
from bot.pictures import Chart, Panel, Place
from handlers._kit import Button, Request, Screen, Tap
from handlers.programmes._entry import Begin
from handlers.programmes._feature import (
    Edit,
    Hidden,
    Home,
    Listing,
    Show,
    Week,
    feature,
    home_button,
    in_rows,
    leave_dialogue,
)
from handlers.programmes._sharing import joined
from handlers.programmes._words import choice_name, city_name, field_name, label_of

PAGE = 8
VALUES = 20
"""Values of a filter on one screen."""

ON_THE_LIST = 15
"""Cities that are not on the map, listed beside it."""


@dataclass(frozen=True)
class All(Tap, prefix="programmes.all"):
    """Every card, without words and filters."""


@dataclass(frozen=True)
class Find(Tap, prefix="programmes.find"):
    """Look for words."""


@dataclass(frozen=True)
class Filters(Tap, prefix="programmes.filters"):
    """What one can filter by."""


@dataclass(frozen=True)
class Filter(Tap, prefix="programmes.filter"):
    """The values of one filter."""

    name: str
    page: int


@dataclass(frozen=True)
class Turn(Tap, prefix="programmes.turn"):
    """Only this value, or no more; `value` is a digest, since cities can be long."""

    name: str
    value: str


@dataclass(frozen=True)
class Map(Tap, prefix="programmes.map"):
    """The cities as a picture."""


@feature.command("programmes", role=Role.TRAINEE)
def command(request: Request) -> Screen:
    """The beginning; with words, what is found; with a colleague's code, a card to keep together."""
    first, _, rest = request.text.partition(" ")
    if first.casefold() == "join" and rest.strip():
        return joined(request, rest)
    if request.text.strip():
        return _found(request, request.text)
    return home_screen(request, edit=False)


@feature.tap(Home, role=Role.TRAINEE)
def home(request: Request, _tap: Home) -> Screen:
    """Back to the beginning."""
    leave_dialogue(request)
    return home_screen(request, edit=True)


def home_screen(request: Request, *, edit: bool) -> Screen:
    """What one can do, and one's own cards."""
    t, mine = request.t, programmes.of(request.db, request.me)
    lines = [
        t(
            "<b>Programmes of colleagues</b>: who does peer support where, and how. Look around, or put up your own card."
        ),
    ]
    if not mine:
        lines.append(t("A card takes five minutes. By filling it in you agree that I keep it (/privacy)."))
    own = [[Button(_own_label(request, programmes.view(card, request.me), card.at), _own_way(card))] for card in mine]
    new = [[Button("➕ " + t.label("Put up my card"), Begin())]] if len(mine) < programmes.CARDS else []
    draft = any(card.at is not None for card in mine)
    look = [
        [Button("🔎 " + t.label("Search"), Find()), Button("🎛 " + t.label("Filter"), Filters())],
        [Button("📋 " + t.label("All cards"), All()), Button("🗺 " + t.label("Map"), Map())],
    ]
    return Screen(
        Markup("\n\n").join(lines), buttons=[*look, *own, *([] if draft else new), _for_organizers(request)], edit=edit
    )


def _for_organizers(request: Request) -> list[Button]:
    """The poster week, and what was hidden, where something was."""
    if not request.me.role.reaches(Role.ORGANIZER):
        return []
    t = request.t
    log = [Button("🙈 " + t.label("Hidden cards"), Hidden())] if programmes.hidings(request.db, limit=1) else []
    return [Button("📌 " + t.label("Poster week"), Week()), *log]


def _own_label(request: Request, seen: View, at: str | None) -> str:
    label = label_of(seen, request.t)
    return "▶️ " + request.t.label("Go on with {card}", card=label) if at is not None else "📝 " + label


def _own_way(card: Programme) -> Tap:
    return Begin() if card.at is not None else Edit(card.id or 0)


@feature.tap(Find, role=Role.TRAINEE)
def ask_for_words(request: Request, _tap: Find) -> Screen:
    """The next words are looked for."""
    request.me.expects("programmes.words")
    text = request.t("What do you look for? Write a few words, for example: group community centre")
    return Screen(text, buttons=[[home_button(request.t)]], edit=True)


@feature.step("words", role=Role.TRAINEE)
def take_words(request: Request) -> Screen:
    """Look for these words; raises CardUnfit for a picture, and they are waited for again."""
    if not request.text.strip():
        raise CardUnfit("search")
    return _found(request, request.text)


def _found(request: Request, words: str) -> Screen:
    search = programmes.look(request.db, request.me, words=words, now=request.now)
    return _list(request, search, 0, edit=False)


@feature.tap(All, role=Role.TRAINEE)
def show_all(request: Request, _tap: All) -> Screen:
    """Without words and filters."""
    leave_dialogue(request)
    return _list(request, programmes.look(request.db, request.me, now=request.now), 0, edit=True)


@feature.tap(Listing, role=Role.TRAINEE)
def show_page(request: Request, tap: Listing) -> Screen:
    """A page of what the member looks for."""
    leave_dialogue(request)
    return _list(request, _search(request), tap.page, edit=True)


def _search(request: Request) -> ProgrammeSearch:
    return programmes.search_of(request.db, request.me) or programmes.look(request.db, request.me, now=request.now)


def _list(request: Request, search: ProgrammeSearch, page: int, *, edit: bool) -> Screen:
    """The cards that the reader may find, each on a button."""
    t, at = request.t, max(page, 0)
    found = programmes.find(request.db, request.me, words=search.words, filters=search.filters, page=at, size=PAGE)
    head = [t("<b>Programmes</b>"), *_wanted(search, t)]
    if not found.views:
        head.append(t("Nothing fits. Try fewer words or another filter."))
    turning = [
        *([Button("‹ " + t.label("Newer"), Listing(at - 1))] if at else []),
        *([Button(t.label("Older") + " ›", Listing(at + 1))] if found.more else []),
    ]
    narrowed = [Button("📋 " + t.label("All cards"), All())] if search.words or search.filters else []
    cards = [[Button(label_of(one, t), Show(one.id))] for one in found.views]
    ways = [[Button("🎛 " + t.label("Filter"), Filters()), *narrowed], [home_button(t)]]
    return Screen(Markup("\n").join(head), buttons=[*cards, turning, *ways], edit=edit)


def _wanted(search: ProgrammeSearch, t: Translator) -> list[Markup]:
    """What is looked for, in words."""
    words = [t("with the words “{words}”", words=search.words)] if search.words else []
    return words + [
        t("{filter}: <b>{value}</b>", filter=filter_name(name, t), value=filter_value(name, value, t))
        for name, value in search.filters.items()
    ]


def filter_name(name: str, t: Translator) -> str:
    """What one filters by."""
    return t.label("Key function") if name == "function" else field_name(name, t)


def filter_value(name: str, value: str, t: Translator) -> str:
    """A filter's value in words."""
    if name == "city":
        return city_name(value, t)
    return field_name(value, t) if name == "function" else choice_name(name, value, t)


@feature.tap(Filters, role=Role.TRAINEE)
def filters(request: Request, _tap: Filters) -> Screen:
    """City, workplace, key function, format; what is set is marked."""
    leave_dialogue(request)
    t, search = request.t, _search(request)
    buttons = [
        Button(("✅ " if one in search.filters else "") + filter_name(one, t), Filter(one, 0)) for one in FILTERS
    ]
    ending = [Button(t.label("Show the cards"), Listing(0)), home_button(t)]
    lines = [t("What shall the cards have in common?"), *_wanted(search, t)]
    return Screen(Markup("\n").join(lines), buttons=[*in_rows(buttons), ending], edit=True)


@feature.tap(Filter, role=Role.TRAINEE)
def filter_values(request: Request, tap: Filter) -> Screen:
    """The values that the reader may find cards by, with how many there are."""
    t, search, at = request.t, _search(request), max(tap.page, 0)
    found = programmes.values(request.db, request.me, tap.name)
    some = list(found.items())[at * VALUES : (at + 1) * VALUES]
    chosen = search.filters.get(tap.name)
    buttons = [Button(_value_label(tap.name, one, many, chosen, t), Turn(tap.name, _digest(one))) for one, many in some]
    turning = [
        *([Button("‹", Filter(tap.name, at - 1))] if at else []),
        *([Button("›", Filter(tap.name, at + 1))] if len(found) > (at + 1) * VALUES else []),
    ]
    text = Markup("<b>{}</b>").format(filter_name(tap.name, t))
    if not found:
        text += Markup("\n") + t("No card says anything here yet.")
    return Screen(text, buttons=[*in_rows(buttons), turning, [Button("‹ " + t.label("Back"), Filters())]], edit=True)


def _value_label(name: str, value: str, many: int, chosen: str | None, t: Translator) -> str:
    return ("✅ " if value == chosen else "") + f"{filter_value(name, value, t)} · {t.number(many)}"


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:10]


@feature.tap(Turn, role=Role.TRAINEE)
def turn(request: Request, tap: Turn) -> Screen:
    """Set the filter, or take it away when it is set; then show what is found."""
    search = _search(request)
    found = programmes.values(request.db, request.me, tap.name)
    value = next((one for one in found if _digest(one) == tap.value), None)
    if value is None:
        raise Outdated
    others = {name: said for name, said in search.filters.items() if name != tap.name}
    wanted = others if search.filters.get(tap.name) == value else others | {tap.name: value}
    changed = programmes.look(request.db, request.me, words=search.words, filters=wanted, now=request.now)
    return _list(request, changed, 0, edit=True)


@feature.tap(Map, role=Role.TRAINEE)
def show_map(request: Request, _tap: Map) -> Screen:
    """The cities of the cards that the reader may see, as a picture in their private chat."""
    t, found = request.t, programmes.values(request.db, request.me, "city")
    if not found:
        return Screen(toast=t.label("No card names its city yet."), alert=True)
    wanted, plain = map_of(found, t), map_of(found, request.words(request.me, language="en"))
    photo = {"$chart": pictures.as_json(wanted, plain)}
    payload = {"chat_id": request.me.telegram_id, "photo": photo}
    request.owe("sendPhoto", payload, key=f"programmes:map:{request.update_id}")
    return Screen(toast=t.label("The map is being drawn. It comes in our private chat."))


def map_of(found: Mapping[str, int], t: Translator) -> Chart:
    """Programmes by city at their coordinates; cities whose place is not known are bars beside the map."""
    known = {name: cities.place(name).city for name in found}
    places = tuple(
        Place(city_name(name, t), city.east, city.north, found[name])
        for name, city in known.items()
        if city is not None
    )
    others = tuple((name, float(found[name])) for name, city in known.items() if city is None)[:ON_THE_LIST]
    note = t.n("{n} programme names its city.", "{n} programmes name their city.", sum(found.values()))
    return Chart(
        t.label("Peer support programmes by city"),
        note.unescape(),
        (Panel(t.label("Not on this map"), others),),
        places,
    )
