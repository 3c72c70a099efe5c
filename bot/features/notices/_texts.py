"""What a notice says in each language: written, derived, or the fallback."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from bot.features.notices._tables import Notice, NoticeText
from bot.i18n import LANGUAGES, Language, to_traditional

_KEPT = re.compile(r"(<[^>]*>|https?://[^\s<]+)")
"""Markup and addresses, which stay as they are when words are converted."""


def texts(db: Session, notice: Notice) -> dict[Language, NoticeText]:
    """What was written, by language, in the order in which we name languages."""
    rows = db.exec(select(NoticeText).where(col(NoticeText.notice_id) == notice.id)).all()
    written = {row.language: row for row in rows}
    return {language: written[language] for language in LANGUAGES if language in written}


def versions(written: Mapping[Language, NoticeText]) -> dict[Language, NoticeText]:
    """Everything that can be sent as it is: what was written, and the Traditional text that the Simplified one gives."""
    found = dict(written)
    if "zh_Hans" in written and "zh_Hant" not in written:
        found["zh_Hant"] = traditional(written["zh_Hans"])
    return found


def source_of(written: Mapping[Language, NoticeText], fallback: Language, language: Language) -> Language | None:
    """Which language's text a reader of `language` gets; None when nothing was written."""
    if language in written:
        return language
    if language == "zh_Hant" and "zh_Hans" in written:
        return "zh_Hant"
    return fallback if fallback in versions(written) else next(iter(written), None)


def text_for(written: Mapping[Language, NoticeText], fallback: Language, language: Language) -> NoticeText | None:
    """What a reader of `language` gets: their own text, the one derived for them, or the fallback."""
    source = source_of(written, fallback, language)
    return versions(written)[source] if source is not None else None


def traditional(text: NoticeText) -> NoticeText:
    """The Simplified text in Traditional characters; it is not stored."""
    return NoticeText(
        notice_id=text.notice_id,
        language="zh_Hant",
        html=_converted(text.html),
        media=[item | ({"html": _converted(item["html"])} if item.get("html") else {}) for item in text.media],
        poll=_converted_poll(text.poll),
    )


def _converted(html: str) -> str:
    return "".join(
        piece if place % 2 else to_traditional(piece) if piece else "" for place, piece in enumerate(_KEPT.split(html))
    )


def _converted_poll(poll: dict[str, Any] | None) -> dict[str, Any] | None:
    if poll is None:
        return None
    words = {name: _converted(poll[name]) for name in ("question", "explanation") if poll.get(name)}
    options = [option | {"text": _converted(option["text"])} for option in poll["options"]]
    return poll | words | {"options": options}


def label_of(button: Mapping[str, Any], language: Language, fallback: Language) -> str:
    """A button's label in a language, derived where only the Simplified one was written, or in the fallback language."""
    labels: Mapping[str, str] = button.get("labels") or {}
    if language == "zh_Hant" and language not in labels and "zh_Hans" in labels:
        return to_traditional(labels["zh_Hans"])
    order: Sequence[str] = (language, fallback, *LANGUAGES)
    return next((labels[name] for name in order if labels.get(name)), "")
