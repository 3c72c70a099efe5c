"""The poster week: organizers plan it, authors agree to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import outbox
from bot.errors import Outdated
from bot.features import attention, programmes
from bot.features.attention import Kind
from bot.features.people import Member, Role
from bot.features.programmes import Answer, Level, Poster, PosterWeek, Programme
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Deed, Request, Screen, Tap
from handlers.programmes._feature import Edit, Shift, Week, feature, home_button
from handlers.programmes._words import card_text, title_of
from handlers.schedule import Home as Calendar

AT_ONCE = 10
"""How many authors are asked at a time: a week has room for seven."""


CHOICES = 6
"""Mondays to choose from."""


@dataclass(frozen=True)
class OpenWeek(Tap, prefix="programmes.openweek"):
    """Plan a week that begins on a Monday, in ISO form, and ask the first authors."""

    first: str


@dataclass(frozen=True)
class AskMore(Tap, prefix="programmes.askmore"):
    """Ask further authors."""

    week: int


@dataclass(frozen=True)
class CallOff(Tap, prefix="programmes.calloff"):
    """End the week before its time; asked once more until `sure`."""

    week: int
    sure: bool


@dataclass(frozen=True)
class Present(Tap, prefix="programmes.present"):
    """An author agrees, or not this time."""

    poster: int
    yes: bool


def today_of(deed: Deed) -> date:
    """The day on the community's clock."""
    return deed.now.astimezone(ZoneInfo(deed.services.settings.timezone)).date()


@feature.tap(Week, role=Role.ORGANIZER)
def show_week(request: Request, _tap: Week) -> Screen:
    """The week that is planned or under way, or the way to plan one."""
    return week_screen(request, edit=True)


def week_screen(request: Request, *, edit: bool) -> Screen:
    """Where the poster week stands."""
    week, t = programmes.current(request.db), request.t
    if week is not None:
        return _planned(request, week, edit=edit)
    latest = programmes.latest(request.db)
    lines = [
        t("<b>Poster week</b>"),
        t(
            "For a week I present a card a day in each community group, if its author agrees. Questions go to the author and "
            "come back as answers. Twice a year is a good rhythm."
        ),
        *([t("The last one began on {day}.", day=t.day(latest.first))] if latest else []),
    ]
    buttons = [
        [Button("📅 " + t.label("Begin on {day}", day=t.day(day)), OpenWeek(day.isoformat()))]
        for day in mondays(request)
    ]
    return Screen(Markup("\n\n").join(lines), buttons=[*buttons, back(t)], edit=edit)


def mondays(deed: Deed) -> list[date]:
    """The days on which a week can begin."""
    monday = today_of(deed) + timedelta(days=7 - today_of(deed).weekday())
    return [monday + timedelta(weeks=more) for more in range(CHOICES)]


def back(t: Translator) -> list[Button]:
    """The two places from which one comes here."""
    return [home_button(t), Button("‹ " + t.label("Calendar"), Calendar(0))]


def _planned(request: Request, week: PosterWeek, *, edit: bool) -> Screen:
    t, posters = request.t, programmes.posters_of(request.db, week)
    days = programmes.days_of(request.db, week, today=today_of(request))
    lines = [t("<b>Poster week</b> from {day}", day=t.day(week.first))]
    lines += [_line(request, one, days.get(one.id or 0), t) for one in posters if one.answer is Answer.YES]
    waiting = sum(one.answer is Answer.ASKED for one in posters)
    lines.append(t.n("{n} author has not answered yet.", "{n} authors have not answered yet.", waiting))
    id_ = week.id or 0
    shift = [Button("📅 " + t.label("Move it"), Shift(id_))] if today_of(request) < week.first else []
    buttons = [
        [Button("✉️ " + t.label("Ask more authors"), AskMore(id_))],
        [*shift, Button("⏹ " + t.label("Call it off"), CallOff(id_, False))],
        back(t),
    ]
    return Screen(Markup("\n").join(lines), buttons=buttons, edit=edit)


def _line(request: Request, one: Poster, day: date | None, t: Translator) -> Markup:
    card = programmes.get(request.db, one.programme_id)
    name = title_of(programmes.view(card, request.me), t)
    if one.presented_on is not None:
        return t("✅ {day}: {name}", day=t.day(one.presented_on), name=name)
    return t("• {day}: {name}", day=t.day(day), name=name) if day else t("• waits for a free day: {name}", name=name)


@feature.tap(OpenWeek, role=Role.ORGANIZER)
def open_week(request: Request, tap: OpenWeek) -> Screen:
    """Plan the week and ask the first authors; an organizer who comes second hears that there is one."""
    try:
        first = date.fromisoformat(tap.first)
    except ValueError:
        raise Outdated from None
    today = today_of(request)
    week = programmes.open_week(request.db, request.me, first=first, today=today, now=request.now)
    return _asked(request, week)


@feature.tap(AskMore, role=Role.ORGANIZER)
def ask_more(request: Request, tap: AskMore) -> Screen:
    """Ask authors who were not asked yet."""
    return _asked(request, programmes.open_one(request.db, tap.week))


def _asked(request: Request, week: PosterWeek) -> Screen:
    t = request.t
    cards = programmes.candidates(request.db, week, limit=AT_ONCE * 3)
    reached = [card for card in cards if _reachable(request, card)][:AT_ONCE]
    moments = {card.id: moment for card in reached if (moment := _moment(request, card)) is not None}
    posters = programmes.invite(request.db, week, [card for card in reached if card.id in moments])
    for one, card in zip(posters, [card for card in reached if card.id in moments], strict=True):
        _invite(request, week, one, card, moments[card.id])
    screen = week_screen(request, edit=True)
    said = t.n("I am asking {n} author.", "I am asking {n} authors.", len(posters))
    return Screen(said + Markup("\n\n") + (screen.text or Markup("")), buttons=screen.buttons, edit=True)


def author_of(deed: Deed, card: Programme) -> Member | None:
    """Whom to write to about a card: its owner, or the co-owner where only they can be reached; None for nobody."""
    both = (deed.db.get(Member, id_) for id_ in (card.owner_id, card.co_owner_id) if id_ is not None)
    return next((one for one in both if one and one.is_reachable), None)


def _reachable(deed: Deed, card: Programme) -> bool:
    return author_of(deed, card) is not None


def _moment(deed: Deed, card: Programme) -> datetime | None:
    author = author_of(deed, card)
    return attention.moment(deed.db, author, kind=Kind.COMMUNITY, now=deed.now) if author is not None else None


def _invite(deed: Deed, week: PosterWeek, one: Poster, card: Programme, due_at: datetime) -> None:
    author = author_of(deed, card)
    if author is None:
        return
    key = f"poster:{one.id}:invite"
    screen = question_to(deed.words(author), week, one, card)
    to, about = author.telegram_id, invitation(one)
    deed.post(screen, chat_id=to, key=key, lane=Lane.REMINDER, about=about, due_at=due_at, heeds=Kind.COMMUNITY)


def question_to(t: Translator, week: PosterWeek, one: Poster, card: Programme) -> Screen:
    """Whether the author wants the card to be presented, with what others will see."""
    lines = [
        t("From {day} on it is poster week: a card a day in the community's groups.", day=t.day(week.first)),
        t("May I present yours? Colleagues can ask you questions; they come to you here. This is what they see:"),
        card_text(programmes.view(card, Level.COMMUNITY), t),
    ]
    buttons = [
        [Button("✅ " + t.label("Yes, present it"), Present(one.id or 0, True))],
        [
            Button(t.label("Not this time"), Present(one.id or 0, False)),
            Button("✏️ " + t.label("Change"), Edit(card.id or 0)),
        ],
    ]
    return Screen(Markup("\n\n").join(lines), buttons=buttons)


def invitation(one: Poster) -> str:
    """What the question to an author is about."""
    return f"posterinvite:{one.id}"


@feature.tap(Present, role=Role.TRAINEE)
def present(request: Request, tap: Present) -> Screen:
    """The author decides, and may change their mind until the day."""
    one, week, card = programmes.own_poster(request.db, tap.poster, request.me)
    t, name = request.t, title_of(programmes.view(card, request.me), request.t)
    other = [
        [Button(t.label("Not this time") if tap.yes else t.label("Yes, present it"), Present(tap.poster, not tap.yes))]
    ]
    if not tap.yes:
        programmes.decline(request.db, one, now=request.now)
        return Screen(t("All right, “{name}” is not presented this time.", name=name), buttons=other, edit=True)
    programmes.agree(request.db, one, now=request.now)
    day = programmes.days_of(request.db, week, today=today_of(request)).get(one.id or 0)
    text = (
        t("Thank you! I present “{name}” on {day}. Questions come to you here.", name=name, day=t.day(day))
        if day
        else t("Thank you! The week is full; “{name}” is presented if a day becomes free.", name=name)
    )
    return Screen(text, buttons=other, edit=True)


@feature.tap(CallOff, role=Role.ORGANIZER)
def call_off(request: Request, tap: CallOff) -> Screen:
    """End the week; the authors who wait for their day hear of it."""
    week, t = programmes.open_one(request.db, tap.week), request.t
    if not tap.sure:
        text = t("Shall I call the poster week off? The authors who have agreed hear of it.")
        yes, no = Button(t.label("Call it off"), CallOff(tap.week, True)), Button(t.label("Keep it"), Week())
        return Screen(text, buttons=[[yes], [no]], edit=True)
    for one in programmes.posters_of(request.db, week):
        outbox.void(request.db, about=invitation(one), now=request.now)
        if one.answer is Answer.YES and one.presented_on is None:
            _tell_called_off(request, one)
    programmes.end(week, now=request.now)
    return week_screen(request, edit=True)


def _tell_called_off(request: Request, one: Poster) -> None:
    author = author_of(request, programmes.get(request.db, one.programme_id))
    if author is not None:
        t = request.words(author)
        text = t("The poster week was called off. Your card stays on the wall; perhaps next time!")
        request.post(Screen(text), chat_id=author.telegram_id, key=f"poster:{one.id}:off")
