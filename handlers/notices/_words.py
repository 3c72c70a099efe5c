"""A notice in a line: its title, its kind, its state, and in words to whom it goes and to whom not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import unescape

from markupsafe import Markup

from bot.features import groups, notices, people
from bot.features.notices import Count, Notice, State
from bot.features.people import Role
from bot.i18n import LANGUAGES, OWN_NAMES, Language, Translator
from handlers._kit import Deed, as_language
from handlers.attention import kind_name
from handlers.people import role_name, value_name

_TAGS = re.compile(r"<[^>]*>")
TITLE_AT_MOST = 40
"""Characters of a notice's first words that name it in a list."""

ICONS = {
    State.DRAFT: "✏️",
    State.ASKED: "⏳",
    State.SCHEDULED: "🕘",
    State.RUNNING: "📣",
    State.PAUSED: "⏸",
    State.STOPPED: "⏹",
    State.DONE: "✅",
}


def title_of(deed: Deed, notice: Notice, t: Translator) -> str:
    """The first words of a notice, in the reader's language where it has them, as plain text."""
    text = notices.text_for(notices.texts(deed.db, notice), notice.fallback, t.language)
    if text is None:
        return t.label("(nothing written yet)")
    words = " ".join(unescape(_TAGS.sub("", text.poll["question"] if text.poll else text.html)).split())
    if not words:
        return media_name(text.media[0]["kind"], t) if text.media else t.label("(nothing written yet)")
    return words if len(words) <= TITLE_AT_MOST else words[: TITLE_AT_MOST - 1].rstrip() + "…"


def media_name(kind: str, t: Translator) -> str:
    """What comes with a notice, in a word."""
    return {
        "photo": t.label("photo"),
        "document": t.label("document"),
        "video": t.label("video"),
        "audio": t.label("music"),
        "voice": t.label("voice message"),
        "animation": t.label("GIF"),
        "album": t.label("album"),
        "poll": t.label("poll"),
    }[kind]


def name_of(deed: Deed, member_id: int | None, t: Translator) -> str:
    """Who did something, by the name that colleagues see."""
    member = deed.db.get(people.Member, member_id) if member_id is not None else None
    return member.shown_name if member is not None else t.label("somebody who has left")


def languages_in_words(languages: Sequence[Language], t: Translator) -> str:
    """Languages by their own names."""
    return t.series([OWN_NAMES[language] for language in languages])


def field_name(field: str, t: Translator) -> str:
    """What can be asked of people, in words."""
    return {
        "role": t.label("Role"),
        "language": t.label("Language"),
        "cohort": t.label("Cohort"),
        "city": t.label("City"),
        "workplace": t.label("Workplace"),
        "profession": t.label("Role at work"),
        "answered": t.label("Signed up"),
        "programme": t.label("Programme"),
    }[field]


def value_in_words(deed: Deed, field: str, value: str, t: Translator) -> str:
    """One value of a field, as people read it."""
    if field == "programme":
        return t.label("runs a programme") if value != notices.UNSAID else t.label("runs none yet")
    if value == notices.UNSAID:
        return t.label("not said")
    if field == "role":
        return role_name(Role(value), t.of("people"))
    if field == "language":
        return OWN_NAMES[as_language(value)]
    if field == "answered":
        notice = deed.db.get(Notice, int(value))
        return f"“{title_of(deed, notice, t)}”" if notice is not None else t.label("a notice that was deleted")
    return value_name(value, t.of("people")) if field in ("workplace", "profession") else value


def audience_in_words(deed: Deed, audience: Mapping[str, object], t: Translator) -> Markup:
    """To whom a notice goes, in a sentence's part."""
    who = _people_in_words(deed, audience, t)
    where = [_group_title(deed, chat_id) for chat_id in notices.chats(audience)]
    if not where:
        return who or t("nobody so far")
    named = t("groups: {titles}", titles=t.series(where))
    return t("{people}, and {groups}", people=who, groups=named) if who else named


def _people_in_words(deed: Deed, audience: Mapping[str, object], t: Translator) -> Markup:
    where = audience.get("where")
    if not audience.get("people"):
        return Markup()
    if not isinstance(where, dict) or not where:
        return t("everyone in the community")
    conditions = [
        _condition(deed, field, where[field][side], t, wanted=side == "in")
        for field in notices.FIELDS
        for side in ("in", "not")
        if where.get(field, {}).get(side)
    ]
    joint = Markup(t.label("; "))
    return t("those for whom all of this holds: {conditions}", conditions=joint.join(conditions))


def _condition(deed: Deed, field: str, values: Sequence[str], t: Translator, *, wanted: bool) -> Markup:
    either = t.label(" or ").join(value_in_words(deed, field, value, t) for value in values)
    if field == "answered":
        return (
            t("signed up for {values}", values=either) if wanted else t("did not sign up for {values}", values=either)
        )
    name = field_name(field, t)
    if wanted:
        return t("{field} is {values}", field=name, values=either)
    return t("{field} is not {values}", field=name, values=either)


def _group_title(deed: Deed, chat_id: int) -> str:
    group = groups.find(deed.db, chat_id)
    return group.title if group is not None else str(chat_id)


def number_in_words(number: Count, t: Translator) -> Markup:
    """The exact number of people and groups."""
    who = t.n("<b>{n}</b> person", "<b>{n}</b> people", number.people)
    where = t.n("<b>{n}</b> group", "<b>{n}</b> groups", number.groups)
    if not number.groups:
        return who
    return t("{people} and {groups}", people=who, groups=where) if number.people else where


def reach_in_words(deed: Deed, notice: Notice, t: Translator) -> list[Markup]:
    """The exact number, who of them does not want it now, and who cannot be reached at all."""
    number = notices.count(deed.db, notice.audience)
    lines = [t("It goes to {number}.", number=number_in_words(number, t))]
    muted, full = notices.held_back(deed.db, notice, now=deed.now)
    if muted:
        who = t.n("{n} person", "{n} people", muted)
        kind = kind_name(notice.kind, t)
        lines.append(t("Of these, {people} muted “{kind}” and will not get it.", people=who, kind=kind))
    if full:
        who = t.n("{n} person", "{n} people", full)
        lines.append(
            t("Of these, {people} will not get it: their limit of messages for this week is reached.", people=who)
        )
    if reasons := _not_reached(number, t):
        lines.append(t("Not reached: {reasons}.", reasons=t.series(reasons)))
    return lines


def _not_reached(number: Count, t: Translator) -> list[str]:
    reasons = [
        (number.blocked, t.n("{n} has blocked me", "{n} have blocked me", number.blocked)),
        (number.never_started, t.n("{n} has never opened me", "{n} have never opened me", number.never_started)),
        (
            number.not_agreed,
            t.n("{n} has not agreed to what is kept", "{n} have not agreed to what is kept", number.not_agreed),
        ),
    ]
    return [str(words) for amount, words in reasons if amount]


def readers_in_words(deed: Deed, notice: Notice, t: Translator) -> list[Markup]:
    """Who reads a language that nobody wrote, and what they get instead."""
    written = notices.texts(deed.db, notice)
    lines = []
    for language, number in sorted(notices.readers(deed.db, notice.audience).items(), key=lambda pair: -pair[1]):
        source = notices.source_of(written, notice.fallback, language)
        if language in written or source is None:
            continue
        who, name = t.n("{n} person", "{n} people", number), OWN_NAMES[language]
        if source == language:
            derived = t(
                "{language} ({people}): they get the Simplified text in Traditional characters.",
                language=name,
                people=who,
            )
            lines.append(derived)
        else:
            other = OWN_NAMES[source]
            lines.append(t("{language} ({people}): they get the {other} text.", language=name, people=who, other=other))
    return lines


def languages_said(written: Mapping[Language, object]) -> list[Language]:
    """The languages that were written, in our order."""
    return [language for language in LANGUAGES if language in written]
