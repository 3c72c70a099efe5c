"""The seeker's side: what will be said about them, looking, and looking no further."""

from __future__ import annotations

from markupsafe import Markup

from bot.features import peers, people
from bot.features.peers import PeerSearch, State
from bot.features.people import Role
from handlers._kit import Button, Request, Screen
from handlers.peers._asking import advance, nobody, release
from handlers.peers._feature import Begin, Seek, Stop, feature, require_private
from handlers.peers._words import nameless, require_known, title_of


@feature.tap(Seek, role=Role.TRAINEE)
def seek(request: Request, tap: Seek) -> Screen:
    """Say what is going to happen, and in which words, before anything happens."""
    require_private(request)
    require_known(request, tap.step)
    if (search := peers.open_of(request.db, request.me)) is not None:
        return looking(request, search, edit=False)
    t = request.t
    text = t(
        "🤝 I ask a colleague who has got past “{step}” and is willing to help: one after the other, without your name. They "
        "read: <i>{who}</i>. Only when somebody says yes do you both learn each other's names.",
        step=title_of(request, tap.step, t),
        who=nameless(request.me, t),
    )
    return Screen(text, buttons=[[Button("🔎 " + t.label("Look for somebody"), Begin(tap.step))]])


@feature.tap(Begin, role=Role.TRAINEE)
def begin(request: Request, tap: Begin) -> Screen:
    """Ask the first one at once."""
    require_private(request)
    require_known(request, tap.step)
    user = request.heard.update.effective_user
    people.agree(request.me, now=request.now)
    search, new = peers.begin(
        request.db, request.me, tap.step, username=user.username if user else None, now=request.now
    )
    if new and not advance(request, search):
        return nobody(request, search, request.me, edit=True)
    return looking(request, search, edit=True)


def looking(request: Request, search: PeerSearch, *, edit: bool) -> Screen:
    """Where the search stands."""
    t = request.t
    text = t("🔎 I am looking for somebody who has got past “{step}”.", step=title_of(request, search.what, t))
    more = t(
        "Everybody whom I ask has a day to answer; then I ask the next one. I will tell you either way, in a few days at the "
        "latest."
    )
    stop = Button(t.label("Stop looking"), Stop(search.id or 0))
    return Screen(text + Markup("\n\n") + more, buttons=[[stop]], edit=edit)


@feature.tap(Stop, role=Role.TRAINEE)
def stop(request: Request, tap: Stop) -> Screen:
    """Look no further; whoever was asked is told."""
    require_private(request)
    search, t = peers.own(request.db, tap.search, request.me), request.t
    if not peers.end(search, State.CANCELLED, now=request.now):
        return Screen(toast=t.label("This search is over already."))
    release(request, search)
    return Screen(t("OK, I have stopped looking. You can ask for a colleague again at any time: /peers"), edit=True)
