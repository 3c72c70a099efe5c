"""/report in a group, as a reply: the organizers hear of a message, quietly, and decide what to do."""

from __future__ import annotations

from markupsafe import Markup
from telegram import Message

from bot.errors import CannotModerate, Outdated
from bot.features import groups, moderation, people
from bot.features.groups import Kind as GroupKind
from bot.features.moderation import Kind, Report
from bot.features.people import Member, Role
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Request, Screen
from handlers.moderation._calls import delete
from handlers.moderation._feature import Act, Because, Fine, Take, feature
from handlers.moderation._measures import author_of, read_measure, take
from handlers.moderation._words import (
    REASONS,
    name_of,
    reason_words,
    show_verdict,
    title_of,
)

_PRIVATE_LINK = "https://t.me/c/{}/{}"
_SUPERGROUP_PREFIX = "-100"
_SHOWN = 700


@feature.group_command("report")
def report(request: Request) -> Screen | None:
    """Tell the organizers about the message that this is a reply to; the command itself does not stay."""
    t, replied = request.t, request.message.reply_to_message
    group = groups.find(request.db, request.chat_id)
    if group is None or group.kind is not GroupKind.COMMUNITY or replied is None:
        return Screen(t("Is a message not all right? Reply to it with /report, and I tell the organizers."), quiet=True)
    author = author_of(request, replied.from_user if replied.sender_chat is None else None)
    made, first = moderation.report(
        request.db,
        chat_id=request.chat_id,
        message_id=replied.message_id,
        author=author,
        by=request.me,
        text=_words(replied, t),
        now=request.now,
    )
    if first:
        for organizer in people.reachable_organizers(request.db):
            _show_to(request, made, organizer)
    delete(request, request.chat_id, request.message.message_id, key=f"command:{request.update_id}")
    return _thanks(request)


def _words(message: Message, t: Translator) -> str:
    return message.text or message.caption or t.label("(no words)")


def _thanks(request: Request) -> Screen | None:
    """Quietly: in private where that is possible."""
    thanks = Screen(request.t("Thank you. The organizers look at it."), quiet=True)
    if not request.me.is_reachable:
        return thanks
    request.post(thanks, chat_id=request.me.telegram_id, key=f"update:{request.update_id}:thanks")
    return None


def _show_to(request: Request, made: Report, organizer: Member) -> None:
    t = request.words(organizer)
    screen = Screen(card(request, made, t), buttons=_choice(made, t))
    request.post(screen, chat_id=organizer.telegram_id, key=made.key(f"card:{organizer.id}"), lane=Lane.ANSWER)


def card(request: Request, made: Report, t: Translator) -> Markup:
    """A reported message, for organizers, with who has seen to it."""
    t = t.of("moderation")
    parts = [
        t(
            "🚩 <b>{reporter}</b> reports a message of <b>{author}</b> in “{title}”:",
            reporter=name_of(request, made.reported_by),
            author=name_of(request, made.author_id),
            title=title_of(request, made.chat_id),
        ),
        Markup("<blockquote>{}</blockquote>").format(made.text[:_SHOWN]),
    ]
    if (link := _link(made)) is not None:
        parts.append(t('<a href="{link}">Open it in the group</a>', link=link))
    if made.decided_at is not None:
        parts.append(t("✅ {name} has seen to it.", name=name_of(request, made.decided_by)))
    return Markup("\n").join(parts)


def _link(made: Report) -> str | None:
    """The way to the message; basic groups have none."""
    digits = str(made.chat_id)
    if not digits.startswith(_SUPERGROUP_PREFIX):
        return None
    return _PRIVATE_LINK.format(digits.removeprefix(_SUPERGROUP_PREFIX), made.message_id)


def _choice(made: Report, t: Translator) -> list[list[Button]]:
    t, id_ = t.of("moderation"), made.id or 0
    rows = [[Button("🗑 " + t.label("Delete message"), Take(id_)), Button(t.label("It is fine"), Fine(id_))]]
    if made.author_id is not None:
        labels = {Kind.WARN: t.label("Warn"), Kind.MUTE: t.label("Mute"), Kind.REMOVE: t.label("Remove")}
        rows.append([Button(label, Act(id_, kind)) for kind, label in labels.items()])
    return rows


@feature.tap(Take, role=Role.ORGANIZER)
def take_out(request: Request, tap: Take) -> Screen:
    """The message goes; its author can still be talked to."""
    made = moderation.reported(request.db, tap.report)
    delete(request, made.chat_id, made.message_id, key=made.key("gone"))
    return _settled(request, made, keep=True)


@feature.tap(Fine, role=Role.ORGANIZER)
def fine(request: Request, tap: Fine) -> Screen:
    """Nothing has to be done."""
    return _settled(request, moderation.reported(request.db, tap.report))


def _settled(request: Request, made: Report, *, keep: bool = False) -> Screen:
    """The first organizer's word stands on every card; a later one sees who was first."""
    t = request.t
    if not moderation.settle(made, by=request.me, now=request.now) and made.decided_by != request.me.id:
        toast = t.label("{name} has seen to it already.", name=name_of(request, made.decided_by))
        return Screen(card(request, made, t), edit=True, toast=toast, alert=True)
    show_verdict(request, made.key, lambda t: card(request, made, t), but=request.me)
    return Screen(card(request, made, t), buttons=_choice(made, t)[1:] if keep else [], edit=True)


@feature.tap(Act, role=Role.ORGANIZER)
def ask_why(request: Request, tap: Act) -> Screen:
    """Every measure has a reason: a usual one, or in the organizer's own words."""
    made, t = moderation.reported(request.db, tap.report), request.t
    if tap.kind not in list(Kind) or made.author_id is None:
        raise Outdated
    request.me.expects("moderation.reason", report=made.id, kind=tap.kind)
    rows = [[Button(reason_words(reason, t), Because(tap.report, tap.kind, reason))] for reason in REASONS]
    text = t("What is the reason? {name} reads it. Choose one, or write it.", name=name_of(request, made.author_id))
    if tap.kind == Kind.MUTE:
        text = t.sentences(text, t("It lasts an hour, unless you write a time before it: 2h too loud"))
    return Screen(text, buttons=rows)


@feature.tap(Because, role=Role.ORGANIZER)
def because(request: Request, tap: Because) -> Screen:
    """Do it, for a usual reason."""
    if tap.reason not in REASONS:
        raise Outdated
    request.me.pending = None
    return _do(request, tap.report, tap.kind, tap.reason)


@feature.step("reason", role=Role.ORGANIZER)
def own_reason(request: Request) -> Screen:
    """Do it, for the reason that was written; raises CannotModerate without one."""
    if not request.text.strip():
        raise CannotModerate("reason")
    return _do(request, request.pending["report"], request.pending["kind"], request.text)


def _do(request: Request, report_id: int, kind: str, words: str) -> Screen:
    made = moderation.reported(request.db, report_id)
    author = request.db.get(Member, made.author_id) if made.author_id else None
    if author is None or kind not in (Kind.WARN, Kind.MUTE, Kind.REMOVE):
        raise Outdated
    lasts, reason = read_measure(words, Kind(kind))
    if not reason:
        raise CannotModerate("reason")
    if made.decided_at is not None and made.decided_by != request.me.id:
        return _settled(request, made)
    take(request, author, chat_id=made.chat_id, kind=Kind(kind), reason=reason, lasts=lasts)
    return _settled(request, made)
