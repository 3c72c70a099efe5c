"""Checking in with the code word that the speaker shows."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from markupsafe import Markup

from bot.features import webinars
from bot.timetable import SessionRow
from handlers._kit import Request, Screen
from handlers.webinars._feature import feature, require_member
from handlers.webinars._words import title

_CODE = re.compile(r"[0-9]{4}")


def by_code(request: Request, text: str) -> Screen:
    """Check in with a code word; says so when it is none, or no webinar is going on."""
    require_member(request)
    t, code = request.t, _code(text)
    going_on = webinars.with_code(request.db, now=request.now)
    if code is None:
        return Screen(t("A code word has four digits. The speaker shows it at the webinar."))
    if not going_on:
        return Screen(t("No webinar with a code word is going on now. /webinars shows when the next one is."))
    session = webinars.try_code(request.db, going_on, request.me, code)
    if session is None:
        return Screen(t("This is not the code word. Please look again: it has four digits."))
    return _welcome(request, session)


def _welcome(request: Request, session: SessionRow) -> Screen:
    t = request.t
    webinars.check_in(request.db, session, request.me, how="code", now=request.now)
    text = t("✓ Welcome to <b>{title}</b>! You have checked in.", title=title(request.db, session, t))
    return Screen(text + Markup("\n\n") + t("After the webinar your certificate is in /webinars."))


def code_said(request: Request) -> Screen | None:
    """Four digits alone, while a webinar with a code word is going on; None for all else that is said."""
    if not request.heard.private or _code(request.text) is None:
        return None
    if not webinars.with_code(request.db, now=request.now):
        return None
    return by_code(replace(request, context=feature.name), request.text)  # another feature heard what was said


def _code(text: str) -> str | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    return plain if _CODE.fullmatch(plain) else None
