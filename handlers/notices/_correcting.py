"""What was sent is put right, or taken back: asked for here, done by the tick."""

from __future__ import annotations

from markupsafe import Markup

from bot.errors import NoticeGone, TextMissing
from bot.features import notices
from bot.features.notices import Notice, State
from bot.features.people import Role
from bot.i18n import OWN_NAMES, Language
from handlers._kit import Button, Request, Screen, as_html, as_language, said, units
from handlers.notices._afterwards import Correct, Report, Unsend, overview
from handlers.notices._feature import feature
from handlers.notices._words import title_of


@feature.tap(Correct, role=Role.ORGANIZER)
def correct(request: Request, tap: Correct) -> Screen:
    """Choose the language, then write the new text."""
    notice = _correctable(request, tap.notice)
    written = notices.texts(request.db, notice)
    fit = [language for language, text in written.items() if notices.has_words(text)]
    if not fit:
        text = request.t("A poll cannot be changed once it was sent. You can delete the notice and send a new one.")
        return Screen(text, buttons=[_back(request, notice)], edit=True)
    if tap.language or len(fit) == 1:
        return _ask(request, notice, as_language(tap.language or fit[0]))
    rows = [[Button(OWN_NAMES[language], Correct(tap.notice, language))] for language in fit]
    return Screen(request.t("Which text shall change?"), buttons=[*rows, _back(request, notice)], edit=True)


def _correctable(request: Request, notice_id: int) -> Notice:
    notice = notices.begun(request.db, notice_id)
    if notice.state is State.DELETED:
        raise NoticeGone
    return notice


def _back(request: Request, notice: Notice) -> list[Button]:
    return [Button("‹ " + request.t.label("Back"), Report(notice.id or 0))]


def _ask(request: Request, notice: Notice, language: Language) -> Screen:
    text = notices.texts(request.db, notice).get(language)
    if text is None:
        raise NoticeGone
    request.me.expects("notices.correction", notice=notice.id, language=language)
    lines = [
        request.t("Now it says ({language}):", language=OWN_NAMES[language]),
        Markup("<blockquote>{}</blockquote>").format(Markup(text.html)),
        request.t(
            "Send me the new text. It takes the place of this one in what was sent; pictures, files and buttons "
            "stay. To stop: /cancel."
        ),
    ]
    return Screen(Markup("\n").join(lines), buttons=[_back(request, notice)], edit=True)


@feature.step("correction", role=Role.ORGANIZER)
def hear_correction(request: Request) -> Screen:
    """Take the new text; what does not fit is asked for once more."""
    notice, language = _correctable(request, int(request.pending["notice"])), as_language(request.pending["language"])
    what = said(request.message)
    if what.media is not None or what.unknown:
        raise TextMissing
    html = str(as_html(what.text, what.entities))
    notices.correct(request.db, notice, language=language, html=html, length=units(what.text), now=request.now)
    request.hurry()
    return overview(request, notice)


@feature.tap(Unsend, role=Role.ORGANIZER)
def unsend(request: Request, tap: Unsend) -> Screen:
    """Ask once more, and say from how many it can be taken back; then do it."""
    notice = _correctable(request, tap.notice)
    if not tap.really:
        return _sure(request, notice)
    notices.take_away(request.db, notice, now=request.now)
    request.hurry()
    return overview(request, notice)


def _sure(request: Request, notice: Notice) -> Screen:
    t = request.t
    recent, old = notices.deletable(request.db, notice, now=request.now)
    lines = [t("Shall I take “{title}” back?", title=title_of(request, notice, t))]
    if recent:
        lines.append(t.n("It disappears from one chat.", "It disappears from {n} chats.", recent))
    if old:
        lines.append(
            t.n(
                "It stays with one: Telegram lets me delete only within 48 hours of sending.",
                "It stays with {n}: Telegram lets me delete only within 48 hours of sending.",
                old,
            )
        )
    if notice.state in (State.RUNNING, State.PAUSED):
        lines.append(t("Nobody else gets it."))
    choice = [Button("🗑 " + t.label("Take it back"), Unsend(notice.id or 0, True))]
    return Screen(Markup("\n").join(lines), buttons=[choice, _back(request, notice)], edit=True)
