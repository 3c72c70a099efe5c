"""The buttons under a notice: links, and "sign me up"."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from bot.errors import NoticeBusy, NoticeGone, NoticeUnfit
from bot.features import notices
from bot.features.notices import LABEL_AT_MOST, Notice
from bot.features.people import Role
from bot.i18n import LANGUAGES, OWN_NAMES, Language, html
from handlers._kit import Button, Request, Screen, Tap, units
from handlers.notices._editor import ended, shown
from handlers.notices._feature import Buttons, Open, feature
from handlers.notices._words import languages_said

ADDRESS_AT_MOST = 2048


@dataclass(frozen=True)
class AddLink(Tap, prefix="notices.link"):
    """Write a button that opens an address."""

    notice: int


@dataclass(frozen=True)
class AddSignUp(Tap, prefix="notices.offer"):
    """A button with which people sign up."""

    notice: int


@dataclass(frozen=True)
class Drop(Tap, prefix="notices.drop"):
    """Take a button away; `of` is how many there were, so that a second tap does not take the next one."""

    notice: int
    button: int
    of: int


@feature.tap(Buttons, role=Role.ORGANIZER)
def show_buttons(request: Request, tap: Buttons) -> Screen:
    """The buttons that there are, and further ones."""
    request.me.pending = None
    return buttons_screen(request, notices.open_draft(request.db, tap.notice))


def buttons_screen(request: Request, notice: Notice) -> Screen:
    """Each button with where it leads."""
    t, number = request.t, notice.id or 0
    lines = [t("<b>Buttons under the notice</b>")]
    rows = []
    for place, button in enumerate(notice.buttons):
        labels = " / ".join(dict.fromkeys(button["labels"].values()))
        lines.append(html(f"{place + 1}. {labels} → {button.get('url') or '🙋'}"))
        rows.append([Button(f"🗑 {place + 1}. {labels}", Drop(number, place, len(notice.buttons)))])
    if not notice.buttons:
        lines.append(t("There is none yet."))
    signs_up = any(button["kind"] == "signup" for button in notice.buttons)
    return Screen(
        Markup("\n").join(lines),
        buttons=[
            *rows,
            [Button("🔗 " + t.label("Add a link button"), AddLink(number))],
            *([] if signs_up else [[Button("🙋 " + t.label("Sign me up"), AddSignUp(number))]]),
            [Button("‹ " + t.label("Back"), Open(number))],
        ],
        edit=True,
    )


@feature.tap(AddLink, role=Role.ORGANIZER)
def add_link(request: Request, tap: AddLink) -> Screen:
    """Wait for label and address."""
    t, notice = request.t, notices.open_draft(request.db, tap.notice)
    said = languages_said(notices.texts(request.db, notice))
    request.me.expects("notices.link", notice=notice.id)
    return Screen(
        t(
            "Write the label and the address in one line, with | between them:\n<code>{example}</code>\n"
            "With a label for each language, in this order: {languages}. One label alone is used for all.",
            example=_example(said),
            languages=" | ".join(OWN_NAMES[language] for language in said) or "–",
        ),
        buttons=[[Button("‹ " + t.label("Back"), Buttons(tap.notice))]],
        edit=True,
    )


def _example(said: list[Language]) -> str:
    labels = {"en": "Register", "zh_Hans": "报名", "zh_Hant": "報名"}
    return " | ".join([*(labels[language] for language in said or ["en"]), "https://example.org/form"])


@feature.step("link", role=Role.ORGANIZER)
def hear_link(request: Request) -> Screen:
    """Add the button, or say what is wrong with it."""
    try:
        notice = notices.open_draft(request.db, int(request.pending["notice"]))
    except (NoticeGone, NoticeBusy) as error:
        return ended(request, error)
    *labels, url = (part.strip() for part in request.text.replace("｜", "|").split("|"))
    said = languages_said(notices.texts(request.db, notice)) or [notice.fallback]
    _require_address(url)
    if not labels or not all(labels) or len(labels) not in (1, len(said)):
        raise NoticeUnfit("labels")
    if any(units(label) > LABEL_AT_MOST for label in labels):
        raise NoticeUnfit("label")
    meant = dict(zip(said, labels, strict=True)) if len(labels) > 1 else {notice.fallback: labels[0]}
    notices.add_button(request.db, notice, labels=meant, url=url, now=request.now)
    return shown(request, notice, news=request.t("The button is added."), edit=False)


def _require_address(url: str) -> None:
    """Raises NoticeUnfit unless it is a whole https address."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme == "https" and "." in (parts.hostname or "") and parts.port != 0
    except ValueError:  # a port that is no number, or half an IPv6 address
        fits = False
    if not fits or any(character.isspace() for character in url) or len(url) > ADDRESS_AT_MOST:
        raise NoticeUnfit("link")


@feature.tap(AddSignUp, role=Role.ORGANIZER)
def add_sign_up(request: Request, tap: AddSignUp) -> Screen:
    """One "sign me up", labelled in every language; a second tap adds no second one."""
    notice = notices.open_draft(request.db, tap.notice)
    if not any(button["kind"] == "signup" for button in notice.buttons):
        labels = {language: request.words(language=language).label("Sign me up") for language in LANGUAGES}
        notices.add_button(request.db, notice, labels=labels, now=request.now)
    return buttons_screen(request, notice)


@feature.tap(Drop, role=Role.ORGANIZER)
def drop(request: Request, tap: Drop) -> Screen:
    """One button less; nothing, where there are not as many any more as when it was shown."""
    notice = notices.open_draft(request.db, tap.notice)
    if len(notice.buttons) == tap.of:
        notices.drop_button(request.db, notice, tap.button, now=request.now)
    return buttons_screen(request, notice)
