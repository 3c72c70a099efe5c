"""Certificates: the name is confirmed first, the file comes as a PDF, and anybody can check its number."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from markupsafe import Markup

from bot import certificates
from bot.errors import NotAttended, Unclear
from bot.features import people, webinars
from bot.features.webinars import Certificate
from bot.i18n import Translator
from bot.timetable import SessionRow
from handlers import _sessions
from handlers._kit import Button, Deed, Request, Screen, Tap
from handlers.webinars._feature import Card, Certify, feature, require_private, webinar_held
from handlers.webinars._words import title

LINK = "v_"
"""The beginning of the start parameter that checks a certificate."""

_LINKED = re.compile(rf"{LINK}([0-9A-Za-z]{{12}})")


@dataclass(frozen=True)
class Print(Tap, prefix="webinars.print"):
    """Make the certificate under the name that is shown."""

    session: int


@feature.tap(Certify)
def certify(request: Request, tap: Certify) -> Screen:
    """Ask which name shall be printed."""
    require_private(request)
    session = _certified(request, tap.session)
    made = webinars.certificate(request.db, tap.session, request.me)
    return _confirmation(request, session, made.name if made is not None else request.me.shown_name, made, edit=True)


def _certified(request: Request, session_id: int) -> SessionRow:
    """The webinar, for somebody who was there; raises NotAttended, also before its end."""
    session = webinar_held(request, session_id)
    webinars.require_attended(request.db, session, request.me)
    if session.ends_at > request.now:
        raise NotAttended
    return session


def _confirmation(request: Request, session: SessionRow, name: str, made: Certificate | None, *, edit: bool) -> Screen:
    t = request.t
    request.me.expects("webinars.named", session=session.id, name=name)
    parts = [
        t(
            "This name will be on the certificate:\n\n<b>{name}</b>\n\nTo print another one, write it as it should be.",
            name=name,
        )
    ]
    if made is not None and made.name != name:
        parts.append(
            t(
                "Your certificate {number} under another name is no longer valid then.",
                number=webinars.shown(made.number),
            )
        )
    rows = [
        [Button("📜 " + t.label("Print this name"), Print(session.id or 0))],
        [Button("‹ " + t.label("Back"), Card(session.id or 0))],
    ]
    return Screen(Markup("\n\n").join(parts), buttons=rows, edit=edit)


@feature.step("named")
def named(request: Request) -> Screen:
    """Show the name once more, as it will be printed."""
    session = _certified(request, request.pending["session"])
    name = webinars.checked_name(request.text)
    return _confirmation(
        request, session, name, webinars.certificate(request.db, session.id or 0, request.me), edit=False
    )


@feature.tap(Print)
def print_(request: Request, tap: Print) -> Screen:
    """Make it; the file follows in a moment."""
    require_private(request)
    session = _certified(request, tap.session)
    waiting = request.me.pending or {}
    if waiting.get("step") != "webinars.named" or waiting.get("session") != tap.session:
        if webinars.certificate(request.db, tap.session, request.me) is not None:
            return Screen(toast=request.t.label("Your certificate is on its way."))
        return certify(request, Certify(tap.session))
    made = webinars.issue(request.db, session, request.me, name=waiting["name"], now=request.now)
    people.agree(request.me, now=request.now)
    request.me.pending = None
    _send(request, session, made)
    t = request.t
    text = t("Your certificate comes as a file. Its number is {number}.", number=webinars.shown(made.number))
    return Screen(text, buttons=[[Button("‹ " + t.label("Back"), Card(tap.session))]], edit=True)


def _send(request: Request, session: SessionRow, made: Certificate) -> None:
    t = request.t
    caption = t("Anyone can check it: /verify {number}", number=webinars.shown(made.number))
    document = {"$certificate": certificates.as_json(sheet(request, session, made))}
    payload = {"chat_id": request.me.telegram_id, "document": document, "caption": str(caption), "parse_mode": "HTML"}
    key = f"webinar:{session.id}:certificate:{made.number}:{request.update_id}"
    request.owe("sendDocument", payload, key=key, about=f"webinar:{session.id}:certificate")


def sheet(request: Request, session: SessionRow, made: Certificate) -> certificates.Certificate:
    """What is printed, in English and in the Chinese that its holder reads."""
    home = request.services.settings.timezone
    english = Translator("en", feature.name, home)
    chinese = replace(english, language="zh_Hant" if request.me.language == "zh_Hant" else "zh_Hans")
    number = webinars.shown(made.number)
    how = {"number": number, "username": request.services.bot_username}
    return certificates.Certificate(
        heading=(english.label("Certificate of Attendance"), chinese.label("Certificate of Attendance")),
        says=(english.label("This certifies that"), chinese.label("This certifies that")),
        name=made.name,
        attended=(english.label("took part in the webinar"), chinese.label("took part in the webinar")),
        titles=_titles(request, session, english, chinese),
        facts=tuple(zip(_facts(request, session, english), _facts(request, session, chinese), strict=True)),
        number=number,
        verify=(
            english.label("To check it, send /verify {number} to @{username} on Telegram.", **how),
            chinese.label("To check it, send /verify {number} to @{username} on Telegram.", **how),
        ),
        address=f"{request.services.link}?start={LINK}{made.number}",
        traditional=chinese.language == "zh_Hant",
    )


def _titles(request: Request, session: SessionRow, english: Translator, chinese: Translator) -> tuple[str, ...]:
    """The title in English and in Chinese; once where there is only one."""
    return tuple(dict.fromkeys(title(request.db, session, t) for t in (english, chinese)))


def _facts(request: Request, session: SessionRow, t: Translator) -> list[str]:
    minutes = round((session.ends_at - session.starts_at).total_seconds() / 60)
    facts = [t.date(session.starts_at), t.n("{n} minute", "{n} minutes", minutes).unescape()]
    if who := _sessions.speakers(request.db, session):
        facts.append(t.label("Speaker: {speaker}", speaker=who))
    return facts


@feature.command("verify")
def verify(request: Request) -> Screen:
    """Check a number; without one, wait for it."""
    if request.text.strip():
        return verdict(request, request.text)
    request.me.expects("webinars.number")
    return Screen(request.t("Please write the number of the certificate, such as 7K3M-Q9XT-4HVD."))


@feature.step("number")
def number(request: Request) -> Screen:
    """The number that was written; raises Unclear for what is none."""
    if not request.text.strip():
        raise Unclear("certificate")
    return verdict(request, request.text)


def checked_link(parameter: str) -> str | None:
    """The number that a start parameter asks about; None for other parameters."""
    found = _LINKED.fullmatch(parameter)
    return found[1] if found is not None else None


def verdict(request: Request, text: str) -> Screen:
    """Whether a certificate is valid, and whose, for what and when; whoever has the number has seen all of that on it."""
    t, found = request.t.of(feature.name), webinars.verify(request.db, text)
    if found is None:
        return Screen(
            t(
                "❓ I do not know this number. Please compare it with the certificate letter by letter. A certificate that its "
                "holder has deleted is not known any more."
            )
        )
    lines = [_state(found, t), *_about(request, found, t)]
    return Screen(Markup("\n").join(lines))


def _state(found: Certificate, t: Translator) -> Markup:
    number = webinars.shown(found.number)
    if found.revoked_at is not None:
        return t(
            "❌ <b>No longer valid</b> since {day}: certificate {number}", day=t.date(found.revoked_at), number=number
        )
    return t("✅ <b>Valid</b>: certificate {number}", number=number)


def _about(deed: Deed, found: Certificate, t: Translator) -> list[Markup]:
    """Whose it is, for what, when; of one that is not valid nothing that would make it look so."""
    if found.revoked_at is not None:
        return [t("It was taken back or replaced by another one.")]
    session = webinars.webinar(deed.db, found.session_id)
    minutes = round((session.ends_at - session.starts_at).total_seconds() / 60)
    home = replace(t, zone=deed.services.settings.timezone)
    return [
        t("Name: <b>{name}</b>", name=found.name),
        t("Webinar: {title}", title=title(deed.db, session, t)),
        t("On {day}, {minutes}", day=home.date(session.starts_at), minutes=t.n("{n} minute", "{n} minutes", minutes)),
    ]
