"""One willing colleague after the other is asked, without the seeker's name, until one says yes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from markupsafe import Markup

from bot import outbox
from bot.features import attention, peers, programmes, wins
from bot.features.attention import Kind
from bot.features.peers import Candidate, PeerAsk, PeerSearch, State, Wish
from bot.features.people import Member, Role
from bot.outbox import Lane
from handlers import consultations
from handlers._kit import Button, Deed, Moment, Screen
from handlers.peers._feature import NotNow, Seek, Yes, feature
from handlers.peers._words import about_ask, ask_key, nameless, title_of

EXPERIENCED = 1000
"""How many of those who got past a step most lately are looked at."""

AT_A_TIME = 50
"""How many of the willing among them are compared with each other."""

PORTION = 50
"""Searches that are moved on in one transaction."""


@feature.tick(timedelta(minutes=5))
def go_on(moment: Moment) -> timedelta | None:
    """The next one's turn, wherever a day has passed or somebody said no."""
    due = peers.due(moment.db, now=moment.now, limit=PORTION)
    for search in due:
        if not advance(moment, search):
            tell_nobody(moment, search)
    return timedelta(0) if len(due) == PORTION else None


def advance(deed: Deed, search: PeerSearch) -> bool:
    """Ask the next one, or wait for them: of those who have done the step, then of those who got past what is in the way.

    False when there is nobody left, which ends the search.
    """
    peers.lapse(deed.db, search, now=deed.now)
    seeker = deed.db.get(Member, search.seeker_id)
    if seeker is None or seeker.unreachable_at is not None or not seeker.role.reaches(Role.TRAINEE):
        peers.end(search, State.CANCELLED, now=deed.now)
        return False
    if _next(deed, search, seeker):
        return True
    if (barrier := wins.barrier_of(deed.db, seeker, search.what)) is not None:
        peers.widen(search, barrier)
        if _next(deed, search, seeker):
            return True
    peers.end(search, State.EMPTY, now=deed.now)
    return False


def _next(deed: Deed, search: PeerSearch, seeker: Member) -> bool:
    """Ask whoever fits best, or wait until the first of them has had a rest; False when there is neither."""
    if len(peers.standing(deed.db, search)) >= peers.AT_MOST:
        return False
    rested: list[datetime] = []
    for one in _could_be_asked(deed, search, seeker):
        if one.free_at <= deed.now:
            _ask(deed, search, seeker, one.member)
            return True
        rested.append(one.free_at)
    if not rested or min(rested) > search.begun_at + peers.WAIT:
        return False
    peers.put_off(search, until=min(rested))
    return True


def _ask(deed: Deed, search: PeerSearch, seeker: Member, helper: Member) -> None:
    at = attention.moment(deed.db, helper, kind=Kind.COMMUNITY, now=deed.now) or deed.now
    ask = peers.ask(deed.db, search, helper, until=at + peers.PATIENCE, now=deed.now)
    deed.post(
        _question(deed, search, seeker, helper, ask),
        chat_id=helper.telegram_id,
        key=ask_key(search, helper),
        lane=Lane.ANSWER,
        about=about_ask(ask.id),
        due_at=at,
        heeds=Kind.COMMUNITY,
    )


def _could_be_asked(deed: Deed, search: PeerSearch, seeker: Member) -> Iterator[Candidate]:
    """Who fits best of those who got past it most lately, and of earlier ones only where nobody of those can be asked."""
    wish = Wish(seeker.language, seeker.workplace, seeker.city, place=_place)
    before = {search.seeker_id, *peers.asked_before(deed.db, search, now=deed.now)}
    for place in range(0, EXPERIENCED, AT_A_TIME):
        experienced = wins.passed(
            deed.db, search.what, among=peers.willing(), latest=EXPERIENCED, limit=AT_A_TIME, offset=place
        )
        if not experienced:
            return
        fitting = peers.fitting(deed.db, experienced, wish, without=before, now=deed.now)
        muted, full = attention.held_back(deed.db, [one.member for one in fitting], kind=Kind.COMMUNITY, now=deed.now)
        yield from (one for one in fitting if one.member.id not in muted | full)


def _place(city: str) -> str:
    """The same for all spellings of one city, in whatever script."""
    return programmes.cities.place(city).key


def _question(deed: Deed, search: PeerSearch, seeker: Member, helper: Member, ask: PeerAsk) -> Screen:
    """May I bring you together? Nobody is named yet."""
    t = deed.words(helper).of(feature.name)
    text = t(
        "🤝 {who} is stuck here: <b>{step}</b>.\n\nYou have got past it. Would you tell how, in a few messages? Only if you say "
        "yes do you both learn each other's names.",
        who=_capital(nameless(seeker, t)),
        step=title_of(deed, search.what, t),
    )
    choice = [
        [Button("🤝 " + t.label("Yes, gladly"), Yes(ask.id or 0))],
        [Button(t.label("Not now"), NotNow(ask.id or 0))],
    ]
    return Screen(text, buttons=choice)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def release(deed: Deed, search: PeerSearch) -> None:
    """Whoever was asked and has not answered need not any more: the message goes unsent, or says so."""
    for ask in peers.void_others(deed.db, search, now=deed.now):
        take_card_back(deed, search, ask)


def take_card_back(deed: Deed, search: PeerSearch, ask: PeerAsk) -> None:
    """What somebody was asked is settled without them."""
    helper = deed.db.get(Member, ask.helper_id)
    if helper is None:
        return
    outbox.void(deed.db, about=about_ask(ask.id), now=deed.now)
    if (card := outbox.receipt(deed.db, ask_key(search, helper))) is not None:
        t = deed.words(helper).of(feature.name)
        deed.replace(
            Screen(t("🤝 A colleague was looking for help; it has been settled. Thank you for being willing!")),
            chat_id=helper.telegram_id,
            message_id=card.message_id,
            key=search.key("settled", helper.id),
        )


def nobody(deed: Deed, search: PeerSearch, member: Member, *, edit: bool) -> Screen:
    """Honestly: nobody could be found, and what else there is."""
    t = deed.words(member).of(feature.name)
    text = (
        t(
            "I found nobody who has got past “{step}” and has time for it now.",
            step=title_of(deed, search.what, t),
        )
        + Markup("\n\n")
        + t(
            "What else helps: book a slot in the next consultation, or just write me your question; our experts answer it."
        )
    )
    return Screen(text, buttons=[[consultations.look_button(t)]], edit=edit)


def tell_nobody(deed: Deed, search: PeerSearch) -> None:
    """The seeker hears that there is nobody; whoever left hears nothing."""
    seeker = deed.db.get(Member, search.seeker_id)
    if search.state is not State.EMPTY or seeker is None:
        return
    at = attention.moment(deed.db, seeker, kind=Kind.COMMUNITY, now=deed.now, asked_for=True)
    screen = nobody(deed, search, seeker, edit=False)
    again = [Button("↻ " + deed.words(seeker).of(feature.name).label("Look again"), Seek(search.what))]
    screen = Screen(screen.text, buttons=[*screen.buttons, again])
    key, to = search.key("nobody"), seeker.telegram_id
    deed.post(screen, chat_id=to, key=key, lane=Lane.ANSWER, due_at=at, heeds=outbox.QUIET)
