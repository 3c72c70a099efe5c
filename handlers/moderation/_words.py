"""What several siblings say: names, groups, reasons, and to whom."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from bot import outbox
from bot.features import groups, people
from bot.features.moderation import Kind, Measure
from bot.features.people import Member
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Deed, Screen

REASONS = ("ads", "rude", "topic", "patients")


def mention(member: Member) -> Markup:
    """A name that leads to the person."""
    return Markup('<a href="tg://user?id={}">{}</a>').format(member.telegram_id, member.shown_name)


def name_of(deed: Deed, member_id: int | None) -> str:
    """Somebody's name; "…" for somebody who is not known any more."""
    member = deed.db.get(Member, member_id) if member_id else None
    return member.shown_name if member is not None else "…"


def title_of(deed: Deed, chat_id: int) -> str:
    """A group's title."""
    group = groups.find(deed.db, chat_id)
    return group.title if group is not None else "…"


def group_words(deed: Deed, chat_id: int) -> Translator:
    """This feature's words in a group's language, on its clock."""
    group = groups.find(deed.db, chat_id)
    if group is None:
        return deed.words().of("moderation")
    return deed.words(language=group.language).of("moderation").on(group.timezone)


def reason_words(reason: str, t: Translator) -> str:
    """A usual reason in words, or the reason as it was written."""
    t = t.of("moderation")
    return {
        "ads": t.label("advertising"),
        "rude": t.label("rude to others"),
        "topic": t.label("has nothing to do with the group"),
        "patients": t.label("shows a patient"),
        "flood": t.label("many messages at once"),
    }.get(reason, reason)


def deed_words(measure: Measure, t: Translator) -> str:
    """What was done, in a word or two."""
    t = t.of("moderation")
    return {
        Kind.WARN: t.label("warned"),
        Kind.MUTE: t.label("muted"),
        Kind.REMOVE: t.label("removed"),
        Kind.FLOOD: t.label("slowed down"),
    }[measure.kind]


def show_verdict(
    deed: Deed, key: Callable[[str], str], words: Callable[[Translator], Markup], *, but: Member | None = None
) -> None:
    """Replace the organizers' cards of something that was decided, by its outbox keys; `but` sees it already."""
    for organizer in people.reachable_organizers(deed.db):
        card = key(f"card:{organizer.id}")
        if (but is not None and organizer.id == but.id) or not outbox.is_promised(deed.db, card):
            continue
        deed.replace(
            Screen(words(deed.words(organizer))),
            chat_id=organizer.telegram_id,
            message_id=outbox.receipt_of(card, "message_id"),
            key=key(f"verdict:{organizer.id}"),
            lane=Lane.ANSWER,
            needs=card,
        )


def tell(
    deed: Deed, member: Member, chat_id: int, private: Screen, public: Screen, *, key: str, needs: str | None = None
) -> None:
    """Tell somebody in private; where that is not possible, in one quiet line in the group. Not before what it `needs`."""
    if member.is_reachable:
        deed.post(private, chat_id=member.telegram_id, key=key, needs=needs)
    else:
        deed.post(public, chat_id=chat_id, key=key, needs=needs)
