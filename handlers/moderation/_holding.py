"""On somebody's first day, messages with links and forwarded ones wait until an organizer has seen them."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from bot import outbox
from bot.features import groups, moderation, people
from bot.features.groups import Kind as GroupKind
from bot.features.moderation import HeldPost, State, Why
from bot.features.people import Member, Role
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Event, Request, Screen, as_html, pieces, said, takes_caption
from handlers.moderation._calls import delete
from handlers.moderation._feature import Held, Judge, LookAt, feature
from handlers.moderation._words import group_words, mention, name_of, show_verdict, tell, title_of

SHOWN = 1500
"""Characters of a message that its card shows to organizers; published, it is whole."""


@feature.event(Event.HELD)
def hold(request: Request) -> None:
    """Take it out of the group, keep it, ask the organizers, and tell the author that nothing is lost."""
    group = groups.find(request.db, request.chat_id)
    content = said(request.message)
    known = request.me.role.reaches(Role.CONSULTANT)
    if group is None or group.kind is not GroupKind.COMMUNITY or known or content.unknown:
        return
    held, fresh = moderation.hold(
        request.db,
        request.me,
        chat_id=group.chat_id,
        message_id=request.message.message_id,
        thread_id=request.heard.thread_id,
        why=Why.FORWARD if request.message.forward_origin is not None else Why.LINK,
        text=content.text,
        entities=content.entities,
        media=content.media,
        file_id=content.file_id,
        album=content.album,
        now=request.now,
    )
    message_id = request.message.message_id
    delete(request, group.chat_id, message_id, key=_deletion(held, message_id))
    if fresh:
        _tell_author(request, held)
        for organizer in people.reachable_organizers(request.db):
            _show_to(request, held, organizer)


def _deletion(held: HeldPost, message_id: int) -> str:
    return held.key(f"gone:{message_id}")


def _tell_author(request: Request, held: HeldPost) -> None:
    t = request.t
    private = t(
        "Your message in “{title}” waits for an organizer: on the first day they look at links and forwarded messages first, "
        "because of advertising. Nothing is lost, and you need not do anything.",
        title=title_of(request, held.chat_id),
    )
    t = group_words(request, held.chat_id)
    public = t(
        "{name}, your message waits for an organizer: on the first day they look at links and forwarded messages first. "
        "Nothing is lost.",
        name=mention(request.me),
    )
    tell(request, request.me, held.chat_id, Screen(private), Screen(public, quiet=True), key=held.key("told"))


def _show_to(request: Request, held: HeldPost, organizer: Member) -> None:
    t = request.words(organizer)
    for number, (media, file_id, _message_id) in enumerate(held.files):
        method, payload = file_call(organizer.telegram_id, media, file_id)
        request.owe(method, payload, key=held.key(f"file{number}:{organizer.id}"), lane=Lane.ANSWER)
    screen = Screen(card(request, held, t), buttons=_choice(held, t))
    request.post(screen, chat_id=organizer.telegram_id, key=held.key(f"card:{organizer.id}"), lane=Lane.ANSWER)


def file_call(chat_id: int, media: str, file_id: str) -> tuple[str, dict[str, Any]]:
    """The method and payload that send a file again by its id at Telegram."""
    method = "".join(word.capitalize() for word in media.split("_"))
    return f"send{method}", {"chat_id": chat_id, media: file_id}


def card(request: Request, held: HeldPost, t: Translator) -> Markup:
    """A message that waits, for organizers, with what became of it."""
    t = t.of("moderation")
    names = {"name": name_of(request, held.member_id), "title": title_of(request, held.chat_id)}
    if held.why is Why.LINK:
        parts = [t("🔗 <b>{name}</b>, new in “{title}”, sent a link:", **names)]
    else:
        parts = [t("↪️ <b>{name}</b>, new in “{title}”, forwarded this:", **names)]
    if held.files:
        parts.append(t("📎 What belongs to it is above."))
    if held.text:
        words = next(pieces(held.text, held.entities, SHOWN))
        parts.append(Markup("<blockquote>{}</blockquote>").format(words))
    if held.state is not State.HELD:
        parts.append(_verdict(request, held, t))
    return Markup("\n").join(parts)


def _verdict(request: Request, held: HeldPost, t: Translator) -> Markup:
    name = name_of(request, held.decided_by)
    if held.state is State.PUBLISHED:
        return t("✅ Published by {name}.", name=name)
    return t("Dropped by {name}.", name=name)


def _choice(held: HeldPost, t: Translator) -> list[list[Button]]:
    held_id = held.id or 0
    return [
        [
            Button("✅ " + t.of("moderation").label("Publish"), Judge(held_id, publish=True)),
            Button(t.of("moderation").label("Drop"), Judge(held_id, publish=False)),
        ]
    ]


@feature.tap(Judge, role=Role.ORGANIZER)
def judge(request: Request, tap: Judge) -> Screen:
    """The first organizer decides; a later one sees who did."""
    held, t = moderation.held(request.db, tap.held), request.t
    state = State.PUBLISHED if tap.publish else State.DROPPED
    if not moderation.decide(held, state, by=request.me, now=request.now):
        toast = t.label("{name} has already decided.", name=name_of(request, held.decided_by))
        return Screen(card(request, held, t), edit=True, toast=toast, alert=True)
    author = request.db.get(Member, held.member_id)
    if author is not None:
        _carry_out(request, held, author)
    show_verdict(request, held.key, lambda t: card(request, held, t), but=request.me)
    return Screen(card(request, held, t), edit=True)


def _carry_out(request: Request, held: HeldPost, author: Member) -> None:
    t = request.words(author)
    if held.state is State.PUBLISHED:
        _publish(request, held, author)
        text = t(
            "Your message in “{title}” is there now. Thank you for your patience.",
            title=title_of(request, held.chat_id),
        )
    else:
        text = t(
            "The organizers did not put your message into “{title}”. What fits there: /rules. Questions are always welcome.",
            title=title_of(request, held.chat_id),
        )
    if author.is_reachable:
        request.post(Screen(text), chat_id=author.telegram_id, key=held.key("decided"))


def _publish(request: Request, held: HeldPost, author: Member) -> None:
    """Put it back in the author's name, whole; where it could not be taken out it is there already."""
    first = _deletion(held, held.message_id)
    if outbox.endings(request.db, [first])[first].state == "failed":
        return
    t = group_words(request, held.chat_id)
    heading = t("{name} shares:", name=mention(author))
    captioned = bool(held.files) and takes_caption(held.files[0][0]) and len(held.text) <= SHOWN // 2
    if not captioned:
        for number, piece in enumerate(pieces(held.text, held.entities)):
            text = heading + Markup("\n") + piece if number == 0 else piece
            request.post(
                Screen(text), chat_id=held.chat_id, thread_id=held.thread_id, key=held.key(f"published:{number}")
            )
    for number, (media, file_id, _message_id) in enumerate(held.files):
        method, payload = file_call(held.chat_id, media, file_id)
        if held.thread_id is not None:
            payload["message_thread_id"] = held.thread_id
        if captioned and number == 0:
            words = heading + Markup("\n") + as_html(held.text, held.entities)
            payload |= {"caption": str(words), "parse_mode": "HTML"}
        request.owe(method, payload, key=held.key(f"publishedfile:{number}"))


@feature.tap(Held, role=Role.ORGANIZER)
def waiting(request: Request, _tap: Held) -> Screen:
    """What nobody has decided on."""
    t = request.t
    rows = []
    for held in moderation.waiting(request.db):
        label = f"{name_of(request, held.member_id)} · {title_of(request, held.chat_id)}"[:60]
        rows.append([Button(label, LookAt(held.id or 0))])
    return Screen(t("These messages wait:") if rows else t("No message waits."), buttons=rows, edit=True)


@feature.tap(LookAt, role=Role.ORGANIZER)
def look_at(request: Request, tap: LookAt) -> Screen:
    """One message with the choice."""
    held, t = moderation.held(request.db, tap.held), request.t
    for number, (media, file_id, _message_id) in enumerate(held.files):
        method, payload = file_call(request.chat_id, media, file_id)
        request.owe(method, payload, key=held.key(f"looked:{request.update_id}:{number}"))
    rows = _choice(held, t) if held.state is State.HELD else []
    return Screen(card(request, held, t), buttons=rows, edit=not held.files)
