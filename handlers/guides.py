"""A pinned guide in each group that wants one: what comes next and how to ask, kept current by editing one message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from markupsafe import Markup

from bot import outbox, timetable
from bot.errors import Outdated
from bot.features import groups, guides
from bot.features.groups import Group, Kind
from bot.features.guides import Guide
from bot.features.people import Role
from bot.i18n import Translator
from bot.outbox import Lane, receipt_of
from bot.timetable import Kind as SessionKind
from handlers import _sessions
from handlers._kit import Button, Deed, Feature, Moment, Request, Screen, Tap

feature = Feature("guides")


@dataclass(frozen=True)
class Keep(Tap, prefix="guides.keep"):
    """Whether the bot keeps a pinned guide in this group."""

    wanted: bool


def button(deed: Deed, group: Group, t: Translator) -> Button:
    """The switch under /settings in a group."""
    t = t.of("guides")
    guide = guides.find(deed.db, group.chat_id)
    on = guide is not None and guide.wanted
    return Button(("✓ " if on else "") + t.label("Pinned guide"), Keep(not on))


@feature.tap(Keep, role=Role.ORGANIZER, open_to_groups=True)
def keep(request: Request, tap: Keep) -> Screen:
    """Begin at once, or stop: the message then stays as it is."""
    group = groups.find(request.db, request.chat_id)
    if group is None or group.kind is not Kind.COMMUNITY:
        raise Outdated
    begin(request, group, wanted=tap.wanted)
    t = request.t
    if tap.wanted:
        return Screen(t("I pin a guide here and keep it current: what comes next, and how to ask."), edit=True)
    return Screen(t("I do not change the guide any more. You can unpin or delete it."), edit=True)


def begin(deed: Deed, group: Group, *, wanted: bool = True) -> None:
    """Keep a guide in a group from now on, or no more."""
    guide = guides.want(deed.db, group.chat_id, wanted=wanted)
    if wanted:
        _bring_up_to_date(deed, group, guide)


@feature.tick(timedelta(minutes=5))
def keep_current(moment: Moment) -> None:
    """Whatever has changed in the calendar stands in the guides within minutes."""
    for guide in guides.wanted(moment.db):
        group = groups.find(moment.db, guide.chat_id)
        if group is not None and group.present and group.kind is Kind.COMMUNITY:
            _bring_up_to_date(moment, group, guide)


def _bring_up_to_date(deed: Deed, group: Group, guide: Guide) -> None:
    t = deed.words(language=group.language).of("guides").on(group.timezone)
    screen = Screen(text(deed, t), buttons=[[Button("💬 " + t.label("Write to me"), deed.services.link)]], quiet=True)
    digest = sha256(str(screen.text).encode()).hexdigest()
    fate = outbox.endings(deed.db, [guide.newest]).get(guide.newest)
    if not guide.digest or (guide.changes and _is_lost(fate)):
        _write(deed, guide, screen, digest)
    elif digest != guide.digest:
        guides.change(guide, digest)
        message_id = receipt_of(guide.key, "message_id")
        deed.replace(
            screen, chat_id=guide.chat_id, message_id=message_id, key=guide.newest, needs=guide.key, lane=Lane.REMINDER
        )


def _is_lost(fate: outbox.Ending | None) -> bool:
    """Whether the message cannot be edited: somebody deleted it, or it never came to stand."""
    error = (fate.error or "") if fate is not None and fate.state == "failed" else ""
    return "not found" in error or error.startswith("needs ")


def _write(deed: Deed, guide: Guide, screen: Screen, digest: str) -> None:
    """A new message, pinned without a sound."""
    guides.anew(guide, digest)
    deed.post(screen, chat_id=guide.chat_id, key=guide.key, lane=Lane.REMINDER)
    pin = {
        "chat_id": guide.chat_id,
        "message_id": receipt_of(guide.key, "message_id"),
        "disable_notification": True,
    }
    about = f"rights:{guide.chat_id}:can_pin_messages"
    deed.owe("pinChatMessage", pin, key=f"{guide.key}:pin", needs=guide.key, about=about, lane=Lane.REMINDER)


def text(deed: Deed, t: Translator) -> Markup:
    """What comes next, and how to ask."""
    lines = [t("📌 <b>What helps here</b>")]
    lines.append(_next(deed, SessionKind.CONSULTATION, t) or t("🩺 Next consultation: not planned yet."))
    lines.append(_next(deed, SessionKind.WEBINAR, t) or t("🎓 Next webinar: not planned yet."))
    lines.append(
        t(
            "❓ Ask with /ask and your question. If I do not know, our experts answer, and I bring their answer.\n"
            "📋 The rules: /rules · is a message not all right? Reply to it with /report."
        )
    )
    return Markup("\n").join(lines)


def _next(deed: Deed, kind: SessionKind, t: Translator) -> Markup | None:
    coming = timetable.upcoming(deed.db, kind, now=deed.now, limit=1)
    if not coming:
        return None
    facts = {"title": _sessions.name(deed.db, coming[0], t), "when": t.when(coming[0].starts_at)}
    if kind is SessionKind.WEBINAR:
        return t("🎓 Next webinar: <b>{title}</b>, {when}. Sign up: /webinars", **facts)
    return t("🩺 Next consultation: <b>{title}</b>, {when}. Book a slot: /consult", **facts)
