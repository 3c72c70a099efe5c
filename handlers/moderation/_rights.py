"""The bot copes without rights: what it may not do in a group it says to the organizers, once."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from bot import outbox
from bot.features import groups, moderation, people
from bot.i18n import Translator
from bot.outbox import OutboxRow
from handlers._kit import Moment, Screen
from handlers.moderation._feature import feature

_ADMINISTRATOR = ("administrator of the chat", "chat owner", "user_admin_invalid")
_BASIC_GROUP = ("only for supergroups", "for supergroup")
_LACKING = ("not enough rights", "can't be deleted", "admin_required", "need administrator", "administrator rights")


@feature.tick(timedelta(minutes=1))
def say_what_is_missing(moment: Moment) -> None:
    """Look at what Telegram refused, and tell the organizers what it takes."""
    for row in outbox.setbacks(moment.db, "rights:"):
        row.reported_at = moment.now
        if (what := _what(row)) is not None and moderation.lacks(moment.db, row.chat_id, what, now=moment.now):
            _tell(moment, row, what)


def _what(row: OutboxRow) -> str | None:
    """The right that is missing, or what else is in the way; None where nothing can be done, or need be."""
    said = (row.error or "").casefold()
    if any(words in said for words in _ADMINISTRATOR):
        return f"administrator:{row.id}"
    if any(words in said for words in _BASIC_GROUP):
        return "supergroup"
    if any(words in said for words in _LACKING):
        return (row.about or "").rpartition(":")[2]
    return None


def _tell(moment: Moment, row: OutboxRow, what: str) -> None:
    group = groups.find(moment.db, row.chat_id)
    for organizer in people.reachable_organizers(moment.db):
        t = moment.words(organizer)
        text = _sentence(what, group.title if group else "…", t)
        key = f"lacking:{row.id}:{organizer.id}"
        moment.post(Screen(text), chat_id=organizer.telegram_id, key=key)


def _sentence(what: str, title: str, t: Translator) -> Markup:
    if what.startswith("administrator:"):
        return t(
            "I could not do this in “{title}”: the person is an administrator there, and Telegram does not let me. The "
            "group's owner can.",
            title=title,
        )
    if what == "supergroup":
        return t(
            "In “{title}” I cannot slow, mute or unban anybody: Telegram lets bots do so in supergroups only. Switching on the "
            "history for new members (group settings) makes it one.",
            title=title,
        )
    needed = {
        "can_delete_messages": t.label("Delete messages"),
        "can_restrict_members": t.label("Ban users"),
        "can_invite_users": t.label("Invite users"),
        "can_pin_messages": t.label("Pin messages"),
    }.get(what, what)
    return t(
        "I lack a right in “{title}”: <b>{right}</b>. Please make me an administrator with it (group settings → "
        "Administrators). Until then everything else works, and this is up to you.",
        title=title,
        right=needed,
    )
