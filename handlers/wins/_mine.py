"""One's own wins: looked at, added to, taken back."""

from __future__ import annotations

from dataclasses import replace

from bot.features import wins
from bot.features.people import Role
from handlers._kit import Button, Request, Screen, one_below_the_other
from handlers.wins._card import Add, TakeBack, card, choices, expect_words, invitation
from handlers.wins._feature import (
    Mine,
    Rewrite,
    ShowMine,
    Undo,
    feature,
    home_button,
    ladder_of,
    on_path,
    require_private,
    title_of,
)
from handlers.wins._path import home
from handlers.wins._sharing import take_down

LATEST = 30


@feature.tap(ShowMine, role=Role.TRAINEE)
def show_mine(request: Request, _tap: ShowMine) -> Screen:
    """What somebody has done, the latest first."""
    require_private(request)
    t = request.t
    found = wins.wins_of(request.db, request.me)[::-1][:LATEST]
    if not found:
        return Screen(t("Nothing is marked yet. The first step is the smallest."), [[home_button(t)]], edit=True)
    buttons = [
        Button(("📣 " if win.shared_at else "✅ ") + title_of(request, win.step, t), Mine(win.id or 0)) for win in found
    ]
    rows = [*one_below_the_other(buttons), [home_button(t)]]
    return Screen(t("<b>What I have done</b>\n📣 is shared with the group."), rows, edit=True)


@feature.tap(Mine, role=Role.TRAINEE)
def one_of_mine(request: Request, tap: Mine) -> Screen:
    """A win, and what can be done with it."""
    require_private(request)
    return card(request, wins.own(request.db, tap.win, request.me))


@feature.tap(TakeBack, role=Role.TRAINEE)
def take_back(request: Request, tap: TakeBack) -> Screen:
    """It leaves the group; the win itself stays."""
    on_path(request)
    win = wins.own(request.db, tap.win, request.me)
    take_down(request, win)
    return card(request, win)


@feature.tap(Undo, role=Role.TRAINEE)
def undo(request: Request, tap: Undo) -> Screen:
    """It was not done after all: it goes, from the group too."""
    on_path(request)
    win = wins.own(request.db, tap.win, request.me)
    take_down(request, win)
    wins.unmark(request.db, ladder_of(request), request.me, win, now=request.now)
    return replace(home(request), edit=True)


@feature.tap(Add, role=Role.TRAINEE)
def add(request: Request, tap: Add) -> Screen:
    """Wait for words or photos."""
    on_path(request)
    expect_words(request, wins.own(request.db, tap.win, request.me))
    return Screen(invitation(request.t))


@feature.tap(Rewrite, role=Role.TRAINEE)
def rewrite(request: Request, tap: Rewrite) -> Screen:
    """What was said goes, and is waited for anew."""
    on_path(request)
    win = wins.own(request.db, tap.win, request.me)
    if win.shared_at is not None:
        return card(request, win)
    wins.empty(win)
    expect_words(request, win)
    return Screen(invitation(request.t), buttons=choices(win, request.t), edit=True)
