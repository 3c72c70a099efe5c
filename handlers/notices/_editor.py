"""One notice while it is written: what it says, to whom it goes, and the buttons for all of it."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from bot.errors import NoticeBusy, NoticeGone
from bot.features import notices
from bot.features.notices import Notice, NoticeText, State
from bot.features.people import Role
from bot.i18n import OWN_NAMES, Translator
from handlers._kit import Button, Request, Screen, sentence
from handlers.attention import kind_name
from handlers.notices import _afterwards
from handlers.notices._feature import (
    Aim,
    Buttons,
    Delete,
    Home,
    Judge,
    Open,
    Options,
    Preview,
    Schedule,
    SendNow,
    TakeBack,
    Test,
    Texts,
    feature,
)
from handlers.notices._words import (
    ICONS,
    audience_in_words,
    media_name,
    name_of,
    reach_in_words,
    readers_in_words,
    title_of,
)

WAITING = (State.ASKED, State.SCHEDULED)


@feature.tap(Open, role=Role.ORGANIZER)
def open_notice(request: Request, tap: Open) -> Screen:
    """The notice as it is now."""
    request.me.pending = None
    notice = notices.get(request.db, tap.notice)
    return shown(request, notice)


def shown(request: Request, notice: Notice, *, news: Markup | None = None, edit: bool = True) -> Screen:
    """The screen of a notice in its state; `news` stands above it."""
    if notice.state is not State.DRAFT and notice.state not in WAITING:
        return _afterwards.overview(request, notice)
    lines = [*([news, Markup()] if news else []), *_lines(request, notice)]
    buttons = _draft_buttons if notice.state is State.DRAFT else _waiting_buttons
    return Screen(Markup("\n").join(lines), buttons=buttons(notice, request.t), edit=edit)


def _lines(request: Request, notice: Notice) -> Iterator[Markup]:
    t, written = request.t, notices.texts(request.db, notice)
    yield Markup("{} <b>{}</b>").format(ICONS[notice.state], title_of(request, notice, t))
    yield _state_in_words(request, notice)
    if notice.note:
        yield t("↩️ Sent back: {note}", note=notice.note)
    yield Markup()
    for text in written.values():
        yield t("{language}: {what}", language=OWN_NAMES[text.language], what=_what(text, t))
    yield from readers_in_words(request, notice, t)
    labels = [notices.label_of(button, t.language, notice.fallback) for button in notice.buttons]
    if labels:
        yield t("Buttons: {labels}", labels=t.series(labels))
    yield t("For: {audience}", audience=audience_in_words(request, notice.audience, t))
    if notice.audience:
        yield from reach_in_words(request, notice, t)
    yield t("Kind: {kind}", kind=kind_name(notice.kind, t))
    if notice.urgent:
        yield t("Urgent: it also goes to those who muted it, and at night.")
    if notice.pin and notice.audience.get("groups"):
        yield t("Pinned in groups.")
    if notice.state is State.DRAFT and written:
        passed = notices.is_tested(request.db, notice)
        yield t("✅ Tested as it is now.") if passed else t("Not tested yet as it is now.")


def _state_in_words(request: Request, notice: Notice) -> Markup:
    t, name = request.t, name_of(request, notice.confirmed_by or notice.author_id, request.t)
    if notice.state is State.ASKED:
        return t("Waits for another organizer's approval, from {name}", name=name)
    if notice.state is State.SCHEDULED and notice.due_at is not None:
        return t("Goes out {when}, from {name}", when=t.when(notice.due_at), name=name)
    return t("Draft by {name}", name=name_of(request, notice.author_id, t))


def _what(text: NoticeText, t: Translator) -> str:
    if text.poll is not None:
        return media_name("poll", t)
    words = [t.label("text")] if text.html else []
    if len(text.media) > 1:
        return t.series([f"{media_name('album', t)} ({len(text.media)})", *words])
    return t.series([*(media_name(item["kind"], t) for item in text.media), *words])


def _draft_buttons(notice: Notice, t: Translator) -> list[list[Button]]:
    number = notice.id or 0
    return [
        [Button("✏️ " + t.label("Text"), Texts(number)), Button("🔗 " + t.label("Buttons"), Buttons(number))],
        [Button("👥 " + t.label("Who gets it"), Aim(number)), Button("⚙️ " + t.label("Kind, urgency"), Options(number))],
        [Button("👁 " + t.label("Preview"), Preview(number)), Button("🧪 " + t.label("Test send to me"), Test(number))],
        [Button("📣 " + t.label("Send now"), SendNow(number)), Button("🕘 " + t.label("Schedule…"), Schedule(number))],
        [Button("💾 " + t.label("Save draft"), Home()), Button("🗑 " + t.label("Delete"), Delete(number, False))],
    ]


def _waiting_buttons(notice: Notice, t: Translator) -> list[list[Button]]:
    number = notice.id or 0
    return [
        [Button("👁 " + t.label("Preview"), Preview(number))],
        *([[Button("✅ " + t.label("Approve or send back"), Judge(number))]] if notice.state is State.ASKED else []),
        [Button("↩️ " + t.label("Take it back and change it"), TakeBack(number))],
        [Button("‹ " + t.label("Notices"), Home())],
    ]


def ended(request: Request, error: NoticeGone | NoticeBusy) -> Screen:
    """The notice is no draft any more, so nothing more is waited for: what is written next is heard as anything else."""
    home = [[Button("‹ " + request.t.label("Notices"), Home())]]
    return Screen(sentence(error, request.t), buttons=home)


@feature.tap(TakeBack, role=Role.ORGANIZER)
def take_back(request: Request, tap: TakeBack) -> Screen:
    """It does not go out; it can be changed again."""
    notice = notices.get(request.db, tap.notice)
    notices.take_back(request.db, notice, now=request.now)
    return shown(request, notice, news=request.t("It is a draft again, and does not go out until somebody sends it."))


@feature.tap(Delete, role=Role.ORGANIZER)
def delete(request: Request, tap: Delete) -> Screen:
    """Ask once more, then throw the draft away."""
    t, notice = request.t, notices.open_draft(request.db, tap.notice)
    title = title_of(request, notice, t)
    if not tap.really:
        choice = [
            [Button("🗑 " + t.label("Delete it"), Delete(tap.notice, True))],
            [Button("‹ " + t.label("Keep it"), Open(tap.notice))],
        ]
        return Screen(t("Shall I delete the draft “{title}”?", title=title), buttons=choice, edit=True)
    notices.delete_draft(request.db, notice, now=request.now)
    back = [[Button("‹ " + t.label("Notices"), Home())]]
    return Screen(t("The draft “{title}” is deleted.", title=title), buttons=back, edit=True)
