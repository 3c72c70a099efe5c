"""/peers: whether I may be asked, how often, and whom I look for myself."""

from __future__ import annotations

from markupsafe import Markup

from bot.features import peers, people, wins
from bot.features.people import Role
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen
from handlers.peers._asking import take_card_back
from handlers.peers._feature import Limit, Seek, Show, Stop, Withdraw, feature, require_private
from handlers.peers._words import title_of


@feature.command("peers", role=Role.TRAINEE)
def show(request: Request) -> Screen:
    """Where one stands."""
    return overview(request, edit=False)


@feature.tap(Show, role=Role.TRAINEE)
def show_again(request: Request, _tap: Show) -> Screen:
    """The same, from a button elsewhere."""
    require_private(request)
    return overview(request, edit=False)


def overview(request: Request, *, edit: bool) -> Screen:
    """Giving and getting on one screen."""
    t, mine = request.t, peers.willing_of(request.db, request.me)
    parts = [t("🤝 <b>Somebody who has done it</b>"), _willingness(mine.per_month if mine else 0, t)]
    rows = [
        [
            Button(_label(limit, t, chosen=mine is not None and mine.per_month == limit), Limit(limit))
            for limit in peers.LIMITS
        ]
    ]
    if mine is not None:
        rows.append([Button(t.label("Do not ask me any more"), Withdraw())])
    if (search := peers.open_of(request.db, request.me)) is not None:
        parts.append(
            t("🔎 I am looking for somebody who has got past “{step}”.", step=title_of(request, search.what, t))
        )
        rows.append([Button(t.label("Stop looking"), Stop(search.id or 0))])
    elif (step := wins.next_step(request.db, request.services.knowledge().ladder, request.me)) is not None:
        parts.append(t("Stuck yourself? Your next step is “{step}”.", step=title_of(request, step.id, t)))
        rows.append([Button("🔎 " + t.label("Ask a colleague"), Seek(step.id))])
    return Screen(Markup("\n\n").join(parts), buttons=rows, edit=edit)


def _willingness(per_month: int, t: Translator) -> Markup:
    if not per_month:
        return t(
            "When a colleague is stuck at a step that you have marked done (/wins), may I ask you to tell them how? You "
            "can say no each time. How often a month?"
        )
    return t.n(
        "💚 I may ask you at most {n} time in thirty days to help a colleague with a step that you have done. You can "
        "say no each time.",
        "💚 I may ask you at most {n} times in thirty days to help a colleague with a step that you have done. You can "
        "say no each time.",
        per_month,
    )


def _label(limit: int, t: Translator, *, chosen: bool) -> str:
    return ("✓ " if chosen else "") + t.label("{n} × a month", n=limit)


@feature.tap(Limit, role=Role.TRAINEE)
def limit(request: Request, tap: Limit) -> Screen:
    """May be asked so often."""
    require_private(request)
    people.agree(request.me, now=request.now)
    peers.set_limit(request.db, request.me, tap.per_month, now=request.now)
    return overview(request, edit=True)


@feature.tap(Withdraw, role=Role.TRAINEE)
def withdraw(request: Request, _tap: Withdraw) -> Screen:
    """May not be asked any more; what was just asked is taken back."""
    require_private(request)
    for ask in [one for one in peers.asks_of(request.db, request.me) if one.answer is peers.Ask.OPEN]:
        take_card_back(request, peers.get(request.db, ask.search_id), ask)
    peers.withdraw(request.db, request.me, now=request.now)
    request.hurry()
    return overview(request, edit=True)
