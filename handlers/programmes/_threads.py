"""Questions under a card go to its author in private and come back as answers; applause by button and by reaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from telegram import ReactionTypeEmoji

from bot import outbox
from bot.errors import CardUnfit, NotYours, Outdated
from bot.features import groups, programmes
from bot.features.people import Member
from bot.features.programmes import Level, Poster, PosterQuestion, Programme
from bot.outbox import Lane
from handlers._kit import Request, Screen, Tap, pieces, said
from handlers.programmes._feature import feature
from handlers.programmes._week import author_of
from handlers.programmes._words import title_of

_UNKIND = frozenset("👎🤮💩🖕🤬😡🥱🤡🤨😐💔😢😭")
"""Reactions that are no applause."""


@dataclass(frozen=True)
class Applaud(Tap, prefix="programmes.applaud"):
    """Applause for a card."""

    poster: int


@feature.tap(Applaud)
def applaud(request: Request, tap: Applaud) -> Screen:
    """One applause for each person."""
    one = programmes.poster(request.db, tap.poster)
    if one.presented_on is None:
        raise Outdated
    programmes.applaud(request.db, one, request.me, on=True, now=request.now)
    many = programmes.echo(request.db, one).kudos
    return Screen(toast=request.t.n("👏 Thank you! {n} so far.", "👏 Thank you! {n} so far.", many).unescape())


@feature.reaction("poster")
def reacted(request: Request) -> None:
    """A kind reaction to a card in a group counts as applause; taken back, it counts no more."""
    about = request.about or ""
    one = _poster_about(request, about) if _followed(about) is None else None
    changed = request.heard.update.message_reaction
    if one is None or changed is None:
        return
    kind = any(not (isinstance(each, ReactionTypeEmoji) and each.emoji in _UNKIND) for each in changed.new_reaction)
    programmes.applaud(request.db, one, request.me, on=kind, now=request.now)


def _poster_about(request: Request, about: str) -> Poster | None:
    """The card that a message of the bot in a group speaks of."""
    prefix, _, rest = about.partition(":")
    number = rest.split(":")[0]
    if prefix != "poster" or not number.isdigit():
        return None
    return request.db.get(Poster, int(number))


@feature.reply("poster")
def asked(request: Request) -> Screen | None:
    """A reply to a card, or to an author's answer: a question that goes to the author."""
    about = request.about or ""
    one = _poster_about(request, about)
    card = request.db.get(Programme, one.programme_id) if one is not None else None
    if one is None or card is None:
        return Screen(request.t("This card is not there any more."))
    if request.me.id in (card.owner_id, card.co_owner_id):
        return None  # the author speaks for themselves, to the whole group
    author = author_of(request, card)
    if author is None:
        return Screen(
            request.t("The author cannot be reached at the moment. /ask passes your question to the experts.")
        )
    _pass_on(request, one, card, author, follows=_followed(about))
    return None


def _followed(about: str) -> int | None:
    parts = about.split(":")
    return int(parts[2]) if len(parts) == 3 and parts[2].isdigit() else None


def _pass_on(request: Request, one: Poster, card: Programme, author: Member, *, follows: int | None) -> None:
    content = said(request.message)
    question = programmes.ask(
        request.db, one, request.me, text=content.text, chat_id=request.chat_id,
        message_id=request.message.message_id, follows=follows, now=request.now,
    )  # fmt: skip
    t = request.words(author)
    name = title_of(programmes.view(card, author), t)
    heading = t("❓ {who} asks about “{name}”:", who=request.me.shown_name, name=name)
    hint = t("<i>Reply to this message to answer in the group.</i>")
    before = outbox.receipt(request.db, _key(question.follows)) if question.follows is not None else None
    _carry(
        request, _key(question.id), author.telegram_id, heading, hint,
        about=f"posterthread:{question.id}", reply_to=before.message_id if before else None,
    )  # fmt: skip


def _key(question_id: int | None) -> str:
    return f"posterquestion:{question_id}"


def _carry(
    request: Request, key: str, chat_id: int, heading: Markup, hint: Markup, *, about: str, reply_to: int | None
) -> None:
    """The message that was said, under a heading, in as many pieces as it needs; what it shows comes behind it."""
    content = said(request.message)
    texts = list(pieces(content.text, content.entities)) if content.text else [Markup("")]
    for number, piece in enumerate(texts):
        last = number == len(texts) - 1
        parts = [heading if number == 0 else Markup(""), piece, hint if last else Markup("")]
        screen = Screen(Markup("\n").join(part for part in parts if part))
        own_key = key if last else f"{key}:{number}"
        request.post(screen, chat_id=chat_id, key=own_key, lane=Lane.ANSWER, about=about, reply_to=reply_to)
    if content.media is not None:
        payload: dict[str, Any] = {
            "chat_id": chat_id, "from_chat_id": request.chat_id, "message_id": request.message.message_id,
        }  # fmt: skip
        if content.takes_caption:
            payload["caption"] = ""
        request.owe("copyMessage", payload, key=f"{key}:media", lane=Lane.ANSWER, about=about)


@feature.reply("posterthread")
def answered(request: Request) -> Screen:
    """The author replies in private: the answer goes to the group, as a reply to the question."""
    request.me.pending = request.pending or None  # whatever else they are in the middle of goes on
    number = (request.about or "").partition(":")[2]
    try:
        question = programmes.question(request.db, int(number))
    except Outdated:
        raise CardUnfit("gone") from None
    one = programmes.poster(request.db, question.poster_id)
    card = programmes.get(request.db, one.programme_id)
    if request.me.id not in (card.owner_id, card.co_owner_id):
        raise NotYours("")
    content = said(request.message)
    if content.unknown:
        raise CardUnfit("answer")
    group = groups.find(request.db, question.chat_id)
    if group is None or not group.present:
        raise CardUnfit("nogroup")
    _answer(request, group, question, card)
    programmes.answered(question, now=request.now)
    return Screen(request.t("Your answer is in the group “{group}”.", group=group.title), quiet=True)


def _answer(request: Request, group: groups.Group, question: PosterQuestion, card: Programme) -> None:
    """In the name of the programme as far as the community sees it: the author's own name is not given away."""
    t = request.words(language=group.language).on(group.timezone)
    heading = t("💬 The author of “{name}” answers:", name=title_of(programmes.view(card, Level.COMMUNITY), t))
    about = f"poster:{question.poster_id}:{question.id}"
    key = f"posteranswer:{question.id}:{request.update_id}"
    _carry(request, key, group.chat_id, heading, Markup(""), about=about, reply_to=question.message_id)
