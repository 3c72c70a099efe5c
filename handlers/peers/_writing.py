"""A word to the colleague through the bot, for those whom nobody can write to otherwise."""

from __future__ import annotations

from markupsafe import Markup

from bot.errors import TextTooLong, Unclear
from bot.features import peers
from bot.features.peers import PeerSearch
from bot.features.people import Member, Role
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Request, Screen, as_html, said
from handlers.peers._feature import Write, feature, require_private

LONGEST = 2000
"""Longest message that is passed on, in characters."""


@feature.tap(Write, role=Role.TRAINEE)
def write(request: Request, tap: Write) -> Screen:
    """Wait for the words."""
    require_private(request)
    _search, other = peers.other_of(request.db, tap.search, request.me)
    t = request.t
    if other is None or not other.is_reachable:
        return _gone(t)
    request.me.expects("peers.words", search=tap.search)
    return Screen(t("What shall I tell {name}? Write it here as text. To stop: /cancel", name=_name(other)))


@feature.step("words", role=Role.TRAINEE)
def pass_on(request: Request) -> Screen:
    """Pass them on."""
    search, other = peers.other_of(request.db, request.pending["search"], request.me)
    t, heard = request.t, said(request.message)
    if other is None or not other.is_reachable:
        return _gone(t)
    if not heard.text.strip() or heard.media is not None:
        raise Unclear("text")
    if len(heard.text) > LONGEST:
        raise TextTooLong(LONGEST, len(heard.text))
    request.post(
        _passed_on(search, request.me, as_html(heard.text, heard.entities), request.words(other)),
        chat_id=other.telegram_id,
        key=search.key("said", request.update_id),
        lane=Lane.ANSWER,
    )
    more = Button("✉️ " + t.label("Write more"), Write(search.id or 0))
    return Screen(t("I have passed it on to {name}.", name=other.shown_name), buttons=[[more]])


def _passed_on(search: PeerSearch, writer: Member, words: Markup, t: Translator) -> Screen:
    head = t("✉️ <b>{name}</b> writes:", name=writer.shown_name)
    reply = Button("↩️ " + t.label("Reply"), Write(search.id or 0))
    return Screen(head + Markup("\n<blockquote>{}</blockquote>").format(words), buttons=[[reply]])


def _name(other: Member | None) -> str:
    return other.shown_name if other is not None else "…"


def _gone(t: Translator) -> Screen:
    return Screen(t("Your colleague cannot be reached here any more. To look for somebody else: /peers"))
