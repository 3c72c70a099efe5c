"""A step is done: one tap, then, for whoever wants, words or photos."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from bot.features import wins
from bot.features.people import Role
from bot.features.wins import Win
from bot.i18n import Translator
from handlers._kit import Event, Request, Screen, said
from handlers.wins._card import MORE, card, choices, expect_words, invitation, what_was_said
from handlers.wins._feature import Done, Keep, OnIt, feature, home_button, ladder_of, on_path, step_of, title_of
from handlers.wins._path import home


@feature.tap(Done, role=Role.TRAINEE)
def done(request: Request, tap: Done) -> Screen:
    """Note it; words or a photo may follow."""
    on_path(request)
    win = wins.mark(request.db, ladder_of(request), request.me, tap.step, now=request.now)
    if win.shared_at is not None:
        return card(request, win)
    expect_words(request, win)
    t = request.t
    text = t("🎉 <b>Done: {title}</b>", title=title_of(request, win.step, t))
    return Screen(text + Markup("\n\n") + invitation(t), buttons=choices(win, t), edit=True)


@feature.step("note", role=Role.TRAINEE)
def note(request: Request) -> Screen:
    """Words or a photo about a win; whatever else comes gets a sentence, and can be tried again."""
    win, t, content = wins.own(request.db, request.pending["win"], request.me), request.t, said(request.message)
    expect_words(request, win)
    if content.media not in (None, "photo") or content.unknown:
        return Screen(t("I can keep words and photos here. Please try again, or choose above. To stop: /cancel."))
    if content.text.strip():
        wins.note(win, content.text)
    if content.file_id is not None and not wins.add_photo(win, content.file_id, album=content.album):
        return Screen(_enough(t), buttons=choices(win, t))
    expect_words(request, win, MORE)
    return Screen(t("Noted.") + Markup("\n\n") + what_was_said(win, t), buttons=choices(win, t))


def _enough(t: Translator) -> Markup:
    return t("A small win has room for {n} photos. I keep the first ones.", n=t.number(wins.PHOTOS_AT_MOST))


@feature.event(Event.ALBUM)
def another_photo(request: Request) -> None:
    """The other photos of an album, and the words below any of them, belong to the win that its first one was for."""
    win = wins.in_album(request.db, request.me, request.heard.album or "")
    if win is not None and win.shared_at is None:
        _take(request, win)


def _take(request: Request, win: Win) -> None:
    content = said(request.message)
    if content.text.strip():
        wins.note(win, content.text)
    if content.media != "photo" or content.file_id is None:
        return
    if not wins.add_photo(win, content.file_id, album=content.album):
        screen = Screen(_enough(request.t), buttons=choices(win, request.t))
        request.post(screen, chat_id=request.chat_id, key=f"{win.key}:enough:{content.album}")


@feature.tap(Keep, role=Role.TRAINEE)
def keep(request: Request, tap: Keep) -> Screen:
    """It stays with the member; on to the next step."""
    on_path(request)
    wins.own(request.db, tap.win, request.me)
    return replace(home(request), edit=True)


@feature.tap(OnIt, role=Role.TRAINEE)
def on_it(request: Request, tap: OnIt) -> Screen:
    """They are at work on it: whatever was in the way is so no more."""
    mine, t, step = on_path(request), request.t, step_of(request, tap.step)
    wins.freed(request.db, request.me, step.id, now=request.now)
    parts = [t("💪 Good! Step by step: {title}", title=step.title.for_reader(t.language))]
    if mine.asked_next_at is not None:
        parts.append(t("I ask again on {when}. Until then, /wins has everything.", when=t.when(mine.asked_next_at)))
    return Screen(Markup("\n\n").join(parts), buttons=[[home_button(t)]], edit=True)
