"""A win as its owner sees it, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from bot.features import wins
from bot.features.wins import Win
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen, Tap
from handlers.wins._feature import Keep, Share, Undo, home_button, title_of

WAIT = timedelta(minutes=30)
"""How long words that come after a step was marked are taken for words about it."""

MORE = timedelta(minutes=1)
"""How long, after the first ones: what is too long for one message arrives in several."""

SHOWN = 300


@dataclass(frozen=True)
class Add(Tap, prefix="wins.add"):
    """Say more about a win."""

    win: int


@dataclass(frozen=True)
class TakeBack(Tap, prefix="wins.takeback"):
    """The group shall not see it any more."""

    win: int


def expect_words(request: Request, win: Win, patience: timedelta = WAIT) -> None:
    """What the member sends next is about this win."""
    request.me.expects("wins.note", win=win.id, until=(request.now + patience).isoformat())


def invitation(t: Translator) -> Markup:
    """What may follow."""
    return t(
        "Would you like to add a sentence or a photo? Just send it to me. Please nothing that shows who a patient is."
    )


def choices(win: Win, t: Translator) -> list[list[Button]]:
    """What can be done with a win that is not shared."""
    number = win.id or 0
    return [
        [Button("📣 " + t.label("Share with the group"), Share(number))],
        [Button("🔒 " + t.label("Keep it to myself"), Keep(number))],
        [Button("↩️ " + t.label("Not done after all"), Undo(number))],
    ]


def what_was_said(win: Win, t: Translator) -> Markup:
    """Words and photos of a win, as its owner sees them."""
    parts = [Markup("<blockquote>{}</blockquote>").format(_shortened(win.note))] if win.note else []
    if win.photos:
        parts.append(t.n("🖼 {n} photo", "🖼 {n} photos", len(win.photos)))
    return Markup("\n").join(parts)


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def card(request: Request, win: Win, *, edit: bool = True) -> Screen:
    """What was done when, what was said about it, whether it is shared and how many are glad."""
    t, number = request.t, win.id or 0
    head = t("✅ <b>{title}</b>\n{date}", title=title_of(request, win.step, t), date=t.date(win.done_at))
    parts = [head, what_was_said(win, t)]
    if win.shared_at is None:
        rows = [[Button("✏️ " + t.label("Add words or a photo"), Add(number))], *choices(win, t)]
    else:
        glad = wins.kudos_for(request.db, win)
        parts.append(
            t("It is shared with the group.") + (Markup(" 👏 {}").format(t.number(glad)) if glad else Markup())
        )
        rows = [
            [Button("↩️ " + t.label("Take it back from the group"), TakeBack(number))],
            [Button("↩️ " + t.label("Not done after all"), Undo(number))],
        ]
    return Screen(Markup("\n\n").join(filter(None, parts)), buttons=[*rows, [home_button(t)]], edit=edit)
