"""Groups: the bot asks an organizer what a new group is, and notices when its own place or rights change."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from telegram import Chat, ChatMember, ChatMemberAdministrator, ChatMemberOwner

from bot import outbox
from bot.errors import Outdated
from bot.features import arrivals, groups, moderation, people, questions, wins
from bot.features import guides as kept_guides
from bot.features.groups import Group, Kind
from bot.features.people import Role
from bot.i18n import LANGUAGES, OWN_NAMES, Translator
from handlers import arrivals as arriving
from handlers import guides
from handlers import moderation as conduct
from handlers._kit import Button, Event, Feature, Request, Screen, Tap, as_language

feature = Feature("groups")

_ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei")
_GONE = (ChatMember.LEFT, ChatMember.BANNED)


@dataclass(frozen=True)
class Settle(Tap, prefix="groups.settle"):
    """What the group is."""

    kind: str


@dataclass(frozen=True)
class SetLanguage(Tap, prefix="groups.language"):
    """The group's language."""

    language: str


@dataclass(frozen=True)
class SetZone(Tap, prefix="groups.zone"):
    """The group's time zone."""

    zone: str


@dataclass(frozen=True)
class Offer(Tap, prefix="groups.offer"):
    """Whether the bot may offer an answer to what the group asks itself."""

    wanted: bool


@feature.event(Event.MEMBERSHIP)
def membership(request: Request) -> Screen | None:
    """The bot was added, removed, given or denied rights; or a person blocked or unblocked it."""
    changed = request.heard.update.my_chat_member
    if changed is None or changed.chat.type == Chat.CHANNEL:  # what it asks there, every reader would see
        return None
    status = changed.new_chat_member.status
    if request.heard.private:
        if status in _GONE:
            people.unreachable(request.db, request.heard.chat_id, now=request.now)
        return None
    if status in _GONE:
        _removed(request)
        return None
    return _arrived(request, changed.chat, changed.new_chat_member)


def _removed(request: Request) -> None:
    group = groups.find(request.db, request.heard.chat_id)
    if group is not None:
        group.present = False
        if group.kind is Kind.CONSULTANTS:
            _alert(request, group)


def _alert(request: Request, group: Group) -> None:
    for organizer in people.with_role(request.db, Role.ORGANIZER):
        t = request.words(organizer)
        request.post(
            Screen(
                t(
                    "I was removed from the consultants' room “{title}”. New questions are kept until I am back, "
                    "or until you name another room.",
                    title=group.title,
                )
            ),
            chat_id=organizer.telegram_id,
            key=f"removed:{request.update_id}:{organizer.id}",
        )


def _arrived(request: Request, chat: Chat, place: ChatMember) -> Screen | None:
    settings = request.services.settings
    known = groups.find(request.db, chat.id)
    group = groups.seen(
        request.db,
        chat.id,
        title=chat.title or "",
        is_forum=bool(chat.is_forum),
        language=settings.language,
        timezone=settings.timezone,
        now=request.now,
    )
    could = group.opens_topics
    moderation.rights_changed(request.db, chat.id)
    group.present = True
    group.can_manage_topics = isinstance(place, ChatMemberOwner) or (
        isinstance(place, ChatMemberAdministrator) and bool(place.can_manage_topics)
    )
    if known is None or group.kind is Kind.UNKNOWN:
        return _what_is_this(request.words(language=group.language))
    if group.kind is Kind.CONSULTANTS and not could and group.opens_topics:
        t = request.words(language=group.language)
        return Screen(t("Thank you. From now on each question gets a topic of its own here."))
    return None


def _what_is_this(t: Translator) -> Screen:
    return Screen(
        t("Hello! What is this group for? Organizers, please tap one button, so that I know how to help."),
        buttons=[
            [
                Button(t.label("Community"), Settle(Kind.COMMUNITY)),
                Button(t.label("Consultants' room"), Settle(Kind.CONSULTANTS)),
            ]
        ],
    )


@feature.tap(Settle, role=Role.ORGANIZER, open_to_groups=True)
def settle(request: Request, tap: Settle) -> Screen:
    """An organizer says what the group is; the language comes next."""
    if tap.kind not in list(Kind):
        raise Outdated
    groups.settle(request.db, _group(request), Kind(tap.kind))
    t = request.t
    return Screen(
        t("Which language should I use here?"),
        edit=True,
        buttons=[[Button(OWN_NAMES[language], SetLanguage(language)) for language in LANGUAGES]],
    )


@feature.tap(SetLanguage, role=Role.ORGANIZER, open_to_groups=True)
def set_language(request: Request, tap: SetLanguage) -> Screen:
    """The group's language; the time zone comes next."""
    group = _group(request)
    group.language = as_language(tap.language)
    t = request.words(language=group.language)
    names = {
        "Asia/Shanghai": t.label("Beijing"),
        "Asia/Hong_Kong": t.label("Hong Kong"),
        "Asia/Taipei": t.label("Taipei"),
    }
    return Screen(
        t("Which time zone should I use here?"),
        edit=True,
        buttons=[[Button(names[zone], SetZone(zone)) for zone in _ZONES]],
    )


@feature.tap(SetZone, role=Role.ORGANIZER, open_to_groups=True)
def set_zone(request: Request, tap: SetZone) -> Screen:
    """The group's time zone; then it is ready."""
    if tap.zone not in _ZONES:
        raise Outdated
    group = _group(request)
    group.timezone = tap.zone
    if group.kind is Kind.COMMUNITY:
        guides.begin(request, group)
    return Screen(ready(group, request.words(language=group.language), request.services.bot_username), edit=True)


def ready(group: Group, t: Translator, username: str) -> Markup:
    """What the bot does in a group from now on; in the room, also what it still lacks."""
    if group.kind is Kind.COMMUNITY:
        return t(
            "Ready. Ask me here with /ask and your question, or mention @{username}. If I do not know, I can ask our "
            "experts, and their answer comes back here.",
            username=username,
        )
    text = t(
        "Ready. This is the consultants' room: trainees' questions arrive here. <b>Reply</b> to a trainee's message, "
        "and I send your answer to them. Everything else stays in this room. /queue shows the open questions."
    )
    return text + Markup("\n\n") + lacking(group, t) if not group.opens_topics else text


def lacking(group: Group, t: Translator) -> Markup:
    """What the room lacks for topics, and how it works until then."""
    if not group.is_forum:
        return t(
            "Topics are switched off in this group. Please switch them on (group settings → Topics), and make me an "
            "administrator with the right to manage topics. Until then, each question comes here as a message. To "
            "answer it, reply to it."
        )
    return t(
        "I am not allowed to manage topics here. Please make me an administrator with that right. Until then, each "
        "question comes here as a message. To answer it, reply to it."
    )


def _group(request: Request) -> Group:
    group = groups.find(request.db, request.heard.chat_id)
    if group is None:
        raise Outdated
    return group


@feature.command("settings", role=Role.ORGANIZER, in_groups=True, open_to_groups=True)
def settings(request: Request) -> Screen:
    """What organizers can set: here for this group."""
    t = request.t
    if request.heard.private:
        waiting = arriving.waiting_button(request)
        rows = [*conduct.settings_rows(request), [waiting] if waiting else []]
        return Screen(t("Please send /settings in the group that you want to set up. For all groups:"), buttons=rows)
    return _settings(request, _group(request), edit=False)


def _settings(request: Request, group: Group, *, edit: bool) -> Screen:
    t = request.t
    text = t(
        "Sometimes a member asks the group a question, and I am sure of the answer. Shall I offer it with a small "
        "button? I never send more than that unasked. (For this I must be an administrator here, or my privacy mode "
        "must be off.)"
    )
    label = ("✓ " if group.offers else "") + t.label("Offer answers")
    silent = ("" if group.offers else "✓ ") + t.label("Stay silent")
    rows = [[Button(label, Offer(True)), Button(silent, Offer(False))], [guides.button(request, group, t)]]
    if group.kind is not Kind.COMMUNITY:
        return Screen(t("These settings are for community groups only."), edit=edit)
    return Screen(text, buttons=rows, edit=edit)


@feature.tap(Offer, role=Role.ORGANIZER, open_to_groups=True)
def offer(request: Request, tap: Offer) -> Screen:
    """Change it at once."""
    group = _group(request)
    group.offers = tap.wanted
    return _settings(request, group, edit=True)


@feature.event(Event.MIGRATION)
def migrated(request: Request) -> None:
    """A group became a supergroup: everything that we know of it moves, in this one transaction."""
    old, new = request.heard.chat_id, request.message.migrate_to_chat_id
    if new is None:  # the other half of the same event, said in the new chat
        old, new = request.message.migrate_from_chat_id or 0, request.heard.chat_id
    if groups.move(request.db, old, new):
        questions.move_chat(request.db, old, new)
        arrivals.move_chat(request.db, old, new)
        moderation.move_chat(request.db, old, new)
        kept_guides.move_chat(request.db, old, new)
        wins.move_chat(request.db, old, new)
        outbox.move_chat(request.db.connection(), old, new)
