"""Two weeks later: how did it go? Each of the two is asked once."""

from __future__ import annotations

from datetime import timedelta

from bot import outbox
from bot.errors import Outdated
from bot.features import attention, peers
from bot.features.attention import Kind
from bot.features.peers import Outcome, PeerSearch
from bot.features.people import Member, Role
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Deed, Moment, Request, Screen, one_below_the_other
from handlers.peers._feature import Seek, Went, Write, feature, require_private
from handlers.peers._words import title_of

PORTION = 50


@feature.tick(timedelta(minutes=30))
def ask_how_it_went(moment: Moment) -> timedelta | None:
    """Whoever was brought together two weeks ago."""
    due = peers.follow_ups(moment.db, now=moment.now, limit=PORTION)
    for search in due:
        peers.told(search)
        pair = (moment.db.get(Member, search.seeker_id), moment.db.get(Member, search.helper_id))
        if pair[0] is not None and pair[1] is not None:
            _ask(moment, search, pair[0], pair[1])
            _ask(moment, search, pair[1], pair[0])
    return timedelta(0) if len(due) == PORTION else None


def _ask(deed: Deed, search: PeerSearch, member: Member, other: Member) -> None:
    if member.unreachable_at is not None:
        return
    t = deed.words(member)
    at = attention.moment(deed.db, member, kind=Kind.COMMUNITY, now=deed.now, asked_for=True)
    text = t(
        "🤝 Two weeks ago I brought you together with {name} about “{step}”. How did it go?",
        name=other.shown_name,
        step=title_of(deed, search.what, t),
    )
    labels = {
        Outcome.HELPED: "👍 " + t.label("It helped"),
        Outcome.NOT_YET: t.label("We have not talked yet"),
        Outcome.DID_NOT_FIT: t.label("It did not fit"),
    }
    buttons = [Button(label, Went(search.id or 0, outcome)) for outcome, label in labels.items()]
    screen = Screen(text, buttons=one_below_the_other(buttons))
    key = search.key("how", member.id)
    to = member.telegram_id
    deed.post(screen, chat_id=to, key=key, lane=Lane.REMINDER, due_at=at, heeds=outbox.QUIET)


@feature.tap(Went, role=Role.TRAINEE)
def went(request: Request, tap: Went) -> Screen:
    """Note it; what helps next comes along."""
    require_private(request)
    if tap.outcome not in list(Outcome):
        raise Outdated
    outcome = Outcome(tap.outcome)
    search, other = peers.other_of(request.db, tap.search, request.me)
    if peers.say(search, request.me, outcome) and outcome is Outcome.HELPED and other is not None:
        _thank(request, search, other)
    return _noted(search, outcome, request.t, seeking=request.me.id == search.seeker_id)


def _noted(search: PeerSearch, outcome: Outcome, t: Translator, *, seeking: bool) -> Screen:
    if outcome is Outcome.HELPED:
        return Screen(t("Wonderful, thank you for telling me!"), edit=True)
    if outcome is Outcome.NOT_YET:
        through = Button("✉️ " + t.label("Write through me"), Write(search.id or 0))
        return Screen(t("It happens. A short word is a good beginning."), buttons=[[through]], edit=True)
    again = [[Button("🔎 " + t.label("Look for somebody else"), Seek(search.what))]] if seeking else []
    return Screen(t("Thank you for telling me. That can happen; it is nobody's fault."), buttons=again, edit=True)


def _thank(request: Request, search: PeerSearch, helper: Member) -> None:
    """The one who helped hears that it did, once, if they want to hear of such things."""
    if request.me.id != search.seeker_id or helper.unreachable_at is not None:
        return
    key = search.key("thanks")
    at = attention.moment(request.db, helper, kind=Kind.COMMUNITY, now=request.now)
    if at is not None:
        t = request.words(helper)
        text = t("💚 {name} says that talking with you has helped. Thank you!", name=request.me.shown_name)
        to = helper.telegram_id
        request.post(Screen(text), chat_id=to, key=key, lane=Lane.REMINDER, due_at=at, heeds=Kind.COMMUNITY)
