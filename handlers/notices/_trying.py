"""Seeing a notice before others do: as each language sees it, and as a test that proves that Telegram takes it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from markupsafe import Markup

from bot import outbox
from bot.errors import NoticeUnfit
from bot.features import groups, notices, people
from bot.features.notices import Notice, NoticeText, State
from bot.features.people import Member, Role
from bot.i18n import OWN_NAMES, Language, Translator
from bot.outbox import OutboxRow
from handlers._kit import Button, Deed, Moment, Request, Screen, as_language
from handlers.notices._editor import shown
from handlers.notices._feature import Open, Preview, Schedule, SendNow, Test, Texts, feature
from handlers.notices._rendering import calls
from handlers.notices._words import languages_in_words, number_in_words, title_of

PREVIEW = "notice-preview:"
"""What the rows of a preview are about, before the notice and the language; a test's are `notices.test_subject`."""


@feature.tap(Preview, role=Role.ORGANIZER)
def preview(request: Request, tap: Preview) -> Screen:
    """Every version as it will look, each under a line that says whose it is; then the notice's own screen again."""
    notice = notices.get(request.db, tap.notice)
    if not notices.texts(request.db, notice):
        raise NoticeUnfit("empty")
    show_versions(request, notice, request.me, key=f"notice-preview:{notice.id}:{request.update_id}")
    return shown(request, notice, edit=False)


def show_versions(deed: Deed, notice: Notice, reader: Member, *, key: str) -> None:
    """The real calls, into the reader's own chat."""
    t = deed.words(reader).of(feature.name)
    written = notices.texts(deed.db, notice)
    for text in notices.versions(written).values():
        about = f"{PREVIEW}{notice.id}:{text.language}"
        heading = Screen(_whose(deed, notice, text, t), quiet=True)
        deed.post(heading, chat_id=reader.telegram_id, key=f"{key}:{reader.id}:{text.language}", about=about)
        for place, (method, payload) in enumerate(calls(notice, text, chat_id=reader.telegram_id)):
            deed.owe(method, payload, key=f"{key}:{reader.id}:{text.language}:{place}", about=about)


def _whose(deed: Deed, notice: Notice, text: NoticeText, t: Translator) -> Markup:
    written, name = notices.texts(deed.db, notice), OWN_NAMES[text.language]
    many = t.n("{n} person gets it", "{n} people get it", readers_of(deed, notice, text.language))
    line = t("👁 <b>{language}</b>: {people}", language=name, people=many)
    there = [group.title for group in _groups_of(deed, notice, text.language)]
    if there:
        line = t("{people}, and {groups}", people=line, groups=t.series(there))
    if text.language in written:
        return line
    return t("{line} (the Simplified text in Traditional characters)", line=line)


def readers_of(deed: Deed, notice: Notice, language: Language) -> int:
    """How many people get the text of this language, their own or in place of it."""
    written = notices.texts(deed.db, notice)
    return sum(
        number
        for reads, number in notices.readers(deed.db, notice.audience).items()
        if notices.source_of(written, notice.fallback, reads) == language
    )


def _groups_of(deed: Deed, notice: Notice, language: Language) -> Iterator[groups.Group]:
    written = notices.texts(deed.db, notice)
    for chat_id in notices.chats(notice.audience):
        group = groups.find(deed.db, chat_id)
        if group is not None and notices.source_of(written, notice.fallback, group.language) == language:
            yield group


@feature.tap(Test, role=Role.ORGANIZER)
def send_test(request: Request, tap: Test) -> Screen:
    """The real calls to the person who tapped, each behind the one before: the word that all arrived comes last."""
    t, notice = request.t, notices.open_draft(request.db, tap.notice)
    versions = notices.versions(notices.texts(request.db, notice))
    if not versions:
        raise NoticeUnfit("empty")
    owed = [
        (text.language, call)
        for text in versions.values()
        for call in calls(notice, text, chat_id=request.me.telegram_id)
    ]
    subject = notices.begin_test(request.db, notice, number=request.update_id, calls=len(owed))
    needs = None
    for place, (language, (method, payload)) in enumerate(owed):
        key = f"{subject}:{place}"
        request.owe(method, payload, key=key, about=f"{subject}:{language}", needs=needs)
        needs = key
    request.post(_passed(request, notice), chat_id=request.me.telegram_id, key=f"{subject}:passed", needs=needs)
    return Screen(toast=t.label("The test is on its way to you."))


def _passed(request: Request, notice: Notice) -> Screen:
    t, number = request.t, notices.count(request.db, notice.audience)
    said = list(notices.versions(notices.texts(request.db, notice)))
    lines = [t("✅ The test arrived: {languages}.", languages=languages_in_words(said, t))]
    if number.chats:
        lines.append(t("It goes to {number}.", number=number_in_words(number, t)))
    return Screen(Markup("\n").join(lines), buttons=ready_buttons(notice, t))


def ready_buttons(notice: Notice, t: Translator) -> list[list[Button]]:
    """What can be done with a notice that passed its test."""
    number = notice.id or 0
    return [
        [Button("📣 " + t.label("Send now"), SendNow(number)), Button("🕘 " + t.label("Schedule…"), Schedule(number))],
        [Button("‹ " + t.label("Back to the notice"), Open(number))],
    ]


@feature.tick(timedelta(0))
def look_at_tests(moment: Moment) -> None:
    """Say what Telegram refused of a test or a preview; what only waited for it is passed over."""
    for row in outbox.setbacks(moment.db, "notice-"):
        row.reported_at = moment.now
        reader = people.find(moment.db, row.chat_id)
        if reader is not None and not (row.error or "").startswith("needs "):
            _tell_refused(moment, row, reader)


def _tell_refused(moment: Moment, row: OutboxRow, reader: Member) -> None:
    parts = (row.about or "").split(":")
    notice = moment.db.get(Notice, int(parts[1]))
    if notice is None or notice.state is State.DISCARDED:
        return
    t, number, language = moment.words(reader), notice.id or 0, as_language(parts[-1])
    title = title_of(moment, notice, t)
    lines = [
        t("❌ Telegram refused the {language} text of “{title}”.", language=OWN_NAMES[language], title=title),
        _reason(row.error or "", t),
        t("It cannot be sent like this. Please change it, then test it again."),
    ]
    buttons = [
        [Button("✏️ " + t.label("Text"), Texts(number))],
        [Button("‹ " + t.label("Back to the notice"), Open(number))],
    ]
    moment.post(Screen(Markup("\n").join(lines), buttons), chat_id=reader.telegram_id, key=f"{row.key}:refused")


def _reason(error: str, t: Translator) -> Markup:
    """What Telegram's words mean for whoever wrote it."""
    lowered = error.casefold()
    if "parse" in lowered or "entit" in lowered:
        return t("Its formatting cannot be read. Please write it again, or send it without formatting.")
    if "too long" in lowered:
        return t("It is too long: a text can have 4,096 characters, words under a photo or file 1,024.")
    if "url" in lowered or "button" in lowered:
        return t("The address of a button or link is not accepted. Please check it.")
    if "file" in lowered or "photo" in lowered or "media" in lowered:
        return t("The photo or file cannot be sent again. Please send it to me once more.")
    return t("Its answer was: {error}", error=error)
