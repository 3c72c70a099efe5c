"""What a notice says: written by sending it, one language after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from bot import outbox
from bot.errors import NoticeBusy, NoticeGone
from bot.features import notices
from bot.features.notices import Content, Notice
from bot.features.people import Role
from bot.i18n import LANGUAGES, OWN_NAMES, Language
from bot.outbox import receipt_of
from handlers._kit import Button, Event, Request, Screen, Tap, as_language, units
from handlers.notices._content import content_of, likely_language
from handlers.notices._editor import shown
from handlers.notices._feature import Open, Texts, feature
from handlers.notices._words import name_of, readers_in_words


@dataclass(frozen=True)
class Write(Tap, prefix="notices.write"):
    """Write one language, for the first time or anew."""

    notice: int
    language: str


@dataclass(frozen=True)
class Speak(Tap, prefix="notices.speak"):
    """What was written as one language is in another."""

    notice: int
    was: str
    language: str


@dataclass(frozen=True)
class Unwrite(Tap, prefix="notices.unwrite"):
    """Take one language away."""

    notice: int
    language: str


@dataclass(frozen=True)
class PutBack(Tap, prefix="notices.putback"):
    """Exchange a text for what stood there before."""

    notice: int
    language: str


@dataclass(frozen=True)
class Fallback(Tap, prefix="notices.fallback"):
    """The language for everybody whose own was not written."""

    notice: int
    language: str


CUT_IN_TWO = timedelta(seconds=10)
"""How soon behind a text of the full length its other half comes: clients cut what is longer without asking."""


@feature.step("content", role=Role.ORGANIZER)
def hear_content(request: Request) -> Screen | None:
    """Take what was sent as the notice, or as one language of it."""
    content = content_of(request.message)
    pending = request.pending
    notice, saved_anew = _draft_for(request, int(pending.get("notice") or 0))
    chosen = pending.get("language")
    language = as_language(chosen) if chosen else likely_language(content, request.me.language)
    since = datetime.fromisoformat(pending.get("since") or request.now.isoformat())
    crossed = notices.write(request.db, notice, content, language=language, by=request.me, now=request.now, since=since)
    news = _news(request, notice, language, saved_anew=saved_anew, crossed=crossed)
    if units(request.message.text or "") >= notices.TEXT_AT_MOST:
        until = request.now + CUT_IN_TWO
        request.me.expects("notices.rest", until=until.isoformat())
    if not chosen:
        return which_language(request, notice, language)
    return _kept_up_to_date(request, shown(request, notice, news=news, edit=False), content)


@feature.step("rest", role=Role.ORGANIZER)
def hear_rest(request: Request) -> Screen:
    """The other half of a text that was longer than a message can be."""
    return Screen(
        request.t(
            "Telegram cut your text in two, since a message holds 4,096 characters. Only the first part is in the notice. "
            "Please write it shorter: open it with /notice, then “Text”."
        )
    )


def _draft_for(request: Request, notice_id: int) -> tuple[Notice, bool]:
    """The draft, or a new one where it is a draft no more: what was just written is not lost for that."""
    if not notice_id:
        return notices.draft(request.db, author=request.me, now=request.now), False
    try:
        return notices.open_draft(request.db, notice_id), False
    except (NoticeGone, NoticeBusy):
        return notices.draft(request.db, author=request.me, now=request.now), True


def _news(request: Request, notice: Notice, language: Language, *, saved_anew: bool, crossed: bool) -> Markup:
    t = request.t
    if saved_anew:
        return t("The notice was deleted or sent while you were writing. What you wrote is kept in a new draft:")
    if crossed:
        earlier = (notices.texts(request.db, notice)[language].earlier or {}).get("by")
        return t(
            "{name} changed this text while you were writing. Yours stands there now; theirs is kept: see “Text”.",
            name=name_of(request, earlier, t),
        )
    return t("The {language} text is saved.", language=OWN_NAMES[language])


def which_language(request: Request, notice: Notice, language: Language, *, edit: bool = False) -> Screen:
    """Ask in which language it was written; the likely one is taken until somebody says otherwise."""
    t, number = request.t, notice.id or 0
    others = [other for other in LANGUAGES if other != language]
    rows = [
        [Button(("✅ " if each == language else "") + OWN_NAMES[each], Speak(number, language, each))]
        for each in (language, *others)
    ]
    question = t(
        "It is saved as a draft. In which language is it? It looks like {language}.", language=OWN_NAMES[language]
    )
    return Screen(question, buttons=rows, edit=edit)


def _kept_up_to_date(request: Request, screen: Screen, content: Content) -> Screen | None:
    """The number of an album's parts changes as they come, so the screen that names it is sent under a key that they know."""
    if content.album is None:
        return screen
    request.post(screen, chat_id=request.chat_id, key=_album_key(content.album))
    return None


def _album_key(album: str) -> str:
    return f"notice-album:{album}"


@feature.event(Event.ALBUM)
def further(request: Request) -> Screen | None:
    """A further part of an album that a notice began with; what others sent is not heard here."""
    album = request.heard.album
    if (
        album is None
        or not request.me.role.reaches(Role.ORGANIZER)
        or not notices.begun_album(request.db, album, by=request.me)
    ):
        return None
    content = content_of(request.message)
    item = content.media[0] | {"html": content.html}
    notice = notices.join_album(request.db, album=album, item=item, by=request.me, now=request.now)
    if notice is not None and outbox.is_promised(request.db, _album_key(album)):
        request.replace(
            shown(request, notice, news=request.t("The album is saved.")),
            chat_id=request.chat_id,
            message_id=receipt_of(_album_key(album), "message_id"),
            key=f"{_album_key(album)}:{request.message.message_id}",
            needs=_album_key(album),
        )
    return None


@feature.tap(Speak, role=Role.ORGANIZER)
def speak(request: Request, tap: Speak) -> Screen:
    """Note the language, and show the whole notice."""
    notice, language = notices.open_draft(request.db, tap.notice), as_language(tap.language)
    if as_language(tap.was) in notices.texts(request.db, notice):
        notices.speak(request.db, notice, was=as_language(tap.was), language=language, now=request.now)
    return shown(request, notice, news=_news(request, notice, language, saved_anew=False, crossed=False))


@feature.tap(Texts, role=Role.ORGANIZER)
def show_texts(request: Request, tap: Texts) -> Screen:
    """Each language with what can be done to it."""
    request.me.pending = None
    return texts_screen(request, notices.open_draft(request.db, tap.notice))


def texts_screen(request: Request, notice: Notice) -> Screen:
    """The languages that are written and those that are not."""
    t, number, written = request.t, notice.id or 0, notices.texts(request.db, notice)
    lines = [t("<b>What it says</b>"), *readers_in_words(request, notice, t)]
    rows = []
    for language in LANGUAGES:
        text = written.get(language)
        if text is None:
            rows.append([Button("➕ " + OWN_NAMES[language], Write(number, language))])
            continue
        rows.append([Button("✏️ " + OWN_NAMES[language], Write(number, language))])
        if text.earlier is not None:
            rows[-1].append(Button("↩️ " + t.label("Earlier text"), PutBack(number, language)))
        if len(written) > 1:
            rows[-1].append(Button("🗑", Unwrite(number, language)))
    if len(written) > 1:
        lines.append(t("For everybody else: {language}", language=OWN_NAMES[notice.fallback]))
        others = [language for language in written if language != notice.fallback]
        rows += [
            [
                Button(
                    t.label("For everybody else: {language}", language=OWN_NAMES[language]), Fallback(number, language)
                )
            ]
            for language in others
        ]
    return Screen(Markup("\n").join(lines), buttons=[*rows, [Button("‹ " + t.label("Back"), Open(number))]], edit=True)


@feature.tap(Write, role=Role.ORGANIZER)
def write(request: Request, tap: Write) -> Screen:
    """Wait for the text in this language."""
    t, notice, language = request.t, notices.open_draft(request.db, tap.notice), as_language(tap.language)
    request.me.expects("notices.content", notice=notice.id, language=language, since=request.now.isoformat())
    return Screen(
        t(
            "Send me the notice in {language}: a text, or anything with photo, file, video, album or poll. "
            "It takes the place of what is there. To stop: /cancel.",
            language=OWN_NAMES[language],
        ),
        buttons=[[Button("‹ " + t.label("Back"), Texts(tap.notice))]],
        edit=True,
    )


@feature.tap(Unwrite, role=Role.ORGANIZER)
def unwrite(request: Request, tap: Unwrite) -> Screen:
    """One language less."""
    notice = notices.open_draft(request.db, tap.notice)
    notices.unwrite(request.db, notice, as_language(tap.language), now=request.now)
    return texts_screen(request, notice)


@feature.tap(PutBack, role=Role.ORGANIZER)
def put_back(request: Request, tap: PutBack) -> Screen:
    """The earlier text again."""
    notice, language = notices.open_draft(request.db, tap.notice), as_language(tap.language)
    notices.put_back(request.db, notice, language, by=request.me, now=request.now)
    return shown(request, notice, news=_news(request, notice, language, saved_anew=False, crossed=False))


@feature.tap(Fallback, role=Role.ORGANIZER)
def choose_fallback(request: Request, tap: Fallback) -> Screen:
    """What readers of other languages get."""
    notice = notices.open_draft(request.db, tap.notice)
    notices.arrange(request.db, notice, fallback=as_language(tap.language), now=request.now)
    return texts_screen(request, notice)
