"""Somebody asks to be let into a group: a button and three simple questions in private, with a person as the way out."""

from __future__ import annotations

import re
from datetime import timedelta

from markupsafe import Markup

from bot import outbox
from bot.errors import Outdated, Unclear
from bot.features import arrivals, groups, people
from bot.features.arrivals import JoinRequest, State
from bot.features.groups import Kind
from bot.features.people import WORKPLACES, Member, Role
from bot.i18n import Translator
from handlers import moderation
from handlers._kit import Button, Event, Moment, Request, Screen
from handlers.arrivals._deciding import ask_organizers, let_in
from handlers.arrivals._feature import LINK, Agree, AskPerson, NoCity, Work, feature
from handlers.arrivals._words import group_title, workplace_name

_CODE = re.compile(r"(?:\bstart=)?([A-Za-z0-9_-]+)\s*$")


@feature.event(Event.JOIN_REQUEST)
def asks_to_join(request: Request) -> None:
    """Members of the community are let in; everybody else is asked who they are."""
    asked = request.heard.update.chat_join_request
    group = groups.find(request.db, asked.chat.id) if asked is not None else None
    if group is None or group.kind is not Kind.COMMUNITY:
        return
    wish = arrivals.ask(request.db, request.me, chat_id=group.chat_id, now=request.now)
    if request.me.role.reaches(Role.TRAINEE):
        let_in(request, wish, request.me, by=None)
    elif wish.state is State.ASKING:
        key = f"{wish.key('ask')}:{request.update_id}"
        request.post(_rules(request, wish), chat_id=request.chat_id, key=key, about=wish.key("ask"))


def _rules(request: Request, wish: JoinRequest) -> Screen:
    """The first step: what holds in the group."""
    t = request.t
    hello = t(
        "Hello {name}! You would like to join “{title}”. I have three short questions, so that the organizers know who "
        "comes; only they see your answers. First, the rules of the group:",
        name=request.me.shown_name,
        title=group_title(request, wish),
    )
    rules = moderation.rules_text(request, request.me.language)
    agree = [Button("✓ " + t.label("I agree to the rules"), Agree(wish.id or 0))]
    return Screen(hello + Markup("\n\n") + rules, buttons=[agree, _way_out(wish, t)])


def _way_out(wish: JoinRequest, t: Translator) -> list[Button]:
    return [Button(t.label("Ask a person"), AskPerson(wish.id or 0))]


@feature.tap(Agree)
def agree(request: Request, tap: Agree) -> Screen:
    """The second step: at what kind of place they work."""
    wish, t = arrivals.mine(request.db, request.me, tap.wish), request.t
    wish.agreed_at = request.now
    choices = [Button(workplace_name(kind, t), Work(tap.wish, kind)) for kind in WORKPLACES]
    rows = [choices[i : i + 2] for i in range(0, len(choices), 2)]
    return Screen(t("Thank you. What kind of place do you work at?"), buttons=[*rows, _way_out(wish, t)], edit=True)


@feature.tap(Work)
def work(request: Request, tap: Work) -> Screen:
    """The third step: in which city."""
    if tap.workplace not in WORKPLACES:
        raise Outdated
    wish, t = arrivals.mine(request.db, request.me, tap.wish), request.t
    wish.workplace = tap.workplace
    request.me.expects("arrivals.city", wish=wish.id)
    skip = [Button(t.label("Skip"), NoCity(tap.wish))]
    return Screen(t("In which city? Please write it."), buttons=[skip, _way_out(wish, t)], edit=True)


@feature.step("city")
def city(request: Request) -> Screen:
    """Take the city."""
    wish = arrivals.mine(request.db, request.me, request.pending["wish"])
    arrivals.say_city(wish, request.text)
    return _ask_invitation(request, wish, edit=False)


@feature.tap(NoCity)
def no_city(request: Request, tap: NoCity) -> Screen:
    """Go on without a city."""
    return _ask_invitation(request, arrivals.mine(request.db, request.me, tap.wish), edit=True)


def _ask_invitation(request: Request, wish: JoinRequest, *, edit: bool) -> Screen:
    t = request.t
    request.me.expects("arrivals.invitation", wish=wish.id)
    text = t(
        "The last one: did an organizer give you an invitation? Please send me the link or the code. If you have none, an "
        "organizer decides."
    )
    return Screen(text, buttons=[[Button(t.label("I have none"), AskPerson(wish.id or 0))]], edit=edit)


@feature.step("invitation")
def invitation(request: Request) -> None:
    """With a valid invitation they are in; raises InvitationUnusable or Unclear, and they can try again or ask a person."""
    wish = arrivals.mine(request.db, request.me, request.pending["wish"])
    if not request.text.strip():
        raise Unclear("invitation")
    found = _CODE.search(request.text.strip())
    people.accept(request.db, request.me, found[1] if found else "", now=request.now)
    let_in(request, wish, request.me, by=None)


@feature.tap(AskPerson)
def ask_person(request: Request, tap: AskPerson) -> Screen:
    """An organizer decides, with what is known so far."""
    wish = arrivals.mine(request.db, request.me, tap.wish)
    if (request.me.pending or {}).get("wish") == wish.id:
        request.me.pending = None
    ask_organizers(request, wish)
    return _handed_over(request)


def _handed_over(request: Request) -> Screen:
    """What happens next; a bot may write for minutes only to somebody who has never opened its chat."""
    t = request.t
    text = t(
        "Thank you. I have asked the organizers. Tap below and press START, so that I may tell you what they decide."
    )
    start = Button("💬 " + t.label("Tell me here"), f"{request.services.link}?start={LINK}")
    return Screen(text, buttons=[[start]], edit=True)


def invited(request: Request) -> None:
    """Somebody has just used an invitation: they are let in wherever they wait."""
    for wish in arrivals.open_of(request.db, request.me):
        let_in(request, wish, request.me, by=None)


@feature.tick(timedelta(minutes=1))
def hand_over(moment: Moment) -> None:
    """Whoever cannot be asked, or has not answered for an hour, is an organizer's to decide on."""
    unreached = {row.about: row for row in outbox.setbacks(moment.db, "join:")}
    for row in unreached.values():
        row.reported_at = moment.now
    for wish in arrivals.asking(moment.db):
        if wish.key("ask") in unreached or wish.asked_at + arrivals.PATIENCE <= moment.now:
            _drop_question(moment, wish)
            ask_organizers(moment, wish)


def _drop_question(moment: Moment, wish: JoinRequest) -> None:
    """The bot waits for their answer no longer."""
    member = moment.db.get(Member, wish.member_id)
    if member is not None and (member.pending or {}).get("wish") == wish.id:
        member.pending = None
