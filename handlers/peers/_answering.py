"""The colleague's side: yes, or not now; on yes both learn who the other one is."""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import Markup

from bot.features import peers
from bot.features.peers import PeerSearch, State
from bot.features.people import Member, Role
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Deed, Request, Screen
from handlers.peers._asking import release
from handlers.peers._feature import NotNow, Write, Yes, feature, require_private
from handlers.peers._words import named, title_of


@feature.tap(Yes, role=Role.TRAINEE)
def yes(request: Request, tap: Yes) -> Screen:
    """The first yes counts: both get each other's names, and a first message to begin with."""
    require_private(request)
    ask, search = peers.get_ask(request.db, tap.ask, request.me)
    t, seeker = request.t, request.db.get(Member, search.seeker_id)
    if seeker is None or seeker.unreachable_at is not None or not seeker.role.reaches(Role.TRAINEE):
        peers.end(search, State.CANCELLED, now=request.now)
        return Screen(t("Your colleague cannot be reached here any more. Thank you for being willing!"), edit=True)
    if not peers.answer_yes(ask, search, now=request.now):
        return _settled(t)
    release(request, search)
    user = request.heard.update.effective_user
    request.post(
        introduction(request, search, request.me, to=seeker, username=user.username if user else None),
        chat_id=seeker.telegram_id,
        key=search.key("met", seeker.id),
        lane=Lane.ANSWER,
    )
    shown = introduction(request, search, seeker, to=request.me, username=search.username)
    return Screen(shown.text, buttons=shown.buttons, edit=True)


@feature.tap(NotNow, role=Role.TRAINEE)
def not_now(request: Request, tap: NotNow) -> Screen:
    """The next one is asked; nobody hears who said no."""
    require_private(request)
    ask, search = peers.get_ask(request.db, tap.ask, request.me)
    t = request.t
    if not peers.answer_no(ask, search, now=request.now):
        return _settled(t)
    request.hurry()
    text = t("OK, I ask somebody else; nobody hears that you were asked. How often I may ask you: /peers")
    return Screen(text, edit=True)


def _settled(t: Translator) -> Screen:
    return Screen(toast=t.label("This has been settled in the meantime. Thank you!"), alert=True)


def introduction(deed: Deed, search: PeerSearch, other: Member, *, to: Member, username: str | None) -> Screen:
    """Who the other one is, how to reach them, and a first message."""
    t = deed.words(to).of(feature.name)
    step, seeking = title_of(deed, search.what, t), to.id == search.seeker_id
    if seeking:
        head = t("🤝 {name} has got past “{step}” and is glad to tell you how.", name=named(other, t), step=step)
        first = t.label(
            "Hello {other}, I am {me}. I am stuck here: {step}. How did you begin, and what would you do differently today?",
            other=other.shown_name,
            me=to.shown_name,
            step=step,
        )
    else:
        head = t("🤝 Thank you! {name} is stuck here: <b>{step}</b>.", name=named(other, t), step=step)
        first = t.label(
            "Hello {other}, I am {me}. I have got past this step: {step}. What have you tried so far, and what is in the way?",
            other=other.shown_name,
            me=to.shown_name,
            step=step,
        )
    parts = [head, t("A first message, if you like (tap it to copy):"), Markup("<code>{}</code>").format(first)]
    parts.append(t("Please leave out patients' names and data. In two weeks I ask you both how it went."))
    return Screen(Markup("\n\n").join(parts), buttons=_ways(search, other, username, first, t))


def _ways(search: PeerSearch, other: Member, username: str | None, first: str, t: Translator) -> list[list[Button]]:
    """Straight to them where they have a public name at Telegram, and in any case through the bot."""
    straight = Button(
        "💬 " + t.label("Write to {name}", name=other.shown_name), f"https://t.me/{username}?text={quote(first)}"
    )
    through = Button("✉️ " + t.label("Write through me"), Write(search.id or 0))
    return [*([[straight]] if username else []), [through]]
