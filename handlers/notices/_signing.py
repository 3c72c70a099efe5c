"""Signing up with the button below a notice, in private and in groups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.features import notices
from bot.features.notices import Notice, Signing
from bot.features.people import Role
from handlers._kit import Button, Request, Screen, Tap
from handlers.notices._feature import SignUp, feature
from handlers.notices._words import title_of

DOUBLE_TAP = timedelta(seconds=5)
"""A second tap so soon is the same tap once more, not somebody who changed their mind."""


@dataclass(frozen=True)
class SignOff(Tap, prefix="notices.signoff"):
    """Take me off the list after all; without `really`, leave me on it."""

    notice: int
    button: int
    really: bool


@feature.tap(SignUp)
def sign_up(request: Request, tap: SignUp) -> Screen:
    """One effect, however often it is tapped; later on, a second tap offers to take it back."""
    notice = notices.hold(request.db, tap.notice)
    if notice.state not in notices.BEGUN and not request.me.role.reaches(Role.ORGANIZER):
        return _closed(request)
    since = notices.signed_up(request.db, notice, member=request.me, button=tap.button)
    came = notices.sign_up(
        request.db, notice, member=request.me, chat_id=request.chat_id, button=tap.button, now=request.now
    )
    if came is Signing.ALREADY and since is not None and request.now - since >= DOUBLE_TAP:
        return _offer_to_take_back(request, notice, tap)
    t = request.t
    toasts = {
        Signing.DONE: t.label("You are on the list."),
        Signing.ALREADY: t.label("You are on the list."),
        Signing.STOPPED: t.label("This notice was stopped; signing up is closed."),
        Signing.DELETED: t.label("This notice was taken back; signing up is closed."),
        Signing.PREVIEW: t.label("This is how signing up works. It counts once the notice is sent."),
    }
    return Screen(toast=toasts[came], alert=came in (Signing.STOPPED, Signing.DELETED))


def _closed(request: Request) -> Screen:
    return Screen(toast=request.t.label("Signing up is not open."), alert=True)


def _offer_to_take_back(request: Request, notice: Notice, tap: SignUp) -> Screen:
    """The offer comes in private; in a group it is posted there, if the bot may write to them."""
    t = request.t
    offer = Screen(
        t("You are signed up: {title}. Would you rather not?", title=title_of(request, notice, t)),
        buttons=[
            [Button(t.label("Take me off the list"), SignOff(tap.notice, tap.button, True))],
            [Button(t.label("Stay on it"), SignOff(tap.notice, tap.button, False))],
        ],
    )
    if request.heard.private:
        return offer
    if not request.me.is_reachable:
        return Screen(toast=t.label("You are on the list. To be taken off it, ask an organizer."), alert=True)
    request.post(offer, chat_id=request.me.telegram_id, key=f"notice-signup:{request.update_id}")
    return Screen(toast=t.label("You are on the list. If you would rather not, see our private chat."), alert=True)


@feature.tap(SignOff)
def sign_off(request: Request, tap: SignOff) -> Screen:
    """Off the list, or still on it."""
    notice, t = notices.hold(request.db, tap.notice), request.t
    title = title_of(request, notice, t)
    if notices.signed_up(request.db, notice, member=request.me, button=tap.button) is None:
        return Screen(toast=t.label("You are not on the list."))
    if not tap.really:
        return Screen(t("Good, you stay on the list: {title}", title=title), edit=True)
    notices.sign_off(request.db, notice, member=request.me, button=tap.button)
    text = t("You are off the list: {title}. The button below the notice puts you on it again.", title=title)
    return Screen(text, edit=True)
