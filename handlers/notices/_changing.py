"""Copies that were sent are corrected or taken back, a portion at a time."""

from __future__ import annotations

from typing import Any

from bot import outbox
from bot.features import notices
from bot.features.notices import Change, Notice, NoticeRecipient, NoticeText, State
from bot.outbox import Owed
from handlers._kit import Moment
from handlers.notices._rendering import Call, calls

PORTION = 300
WINDOW = 300
"""Corrections and deletions that are on their way at a time."""


def change_some(moment: Moment, notice: Notice) -> bool:
    """Settle what came of earlier changes, then promise the next ones; whether there was anything to do."""
    settled = notices.collect_changes(moment.db, notice, now=moment.now)
    room = min(PORTION, WINDOW - notices.being_changed(moment.db, notice))
    wanting = notices.to_change(moment.db, notice, limit=room) if room > 0 else ()
    deleting = notice.state is State.DELETED
    owed = [_deletion(moment, notice, one) if deleting else _correction(moment, notice, one) for one in wanting]
    outbox.enqueue_many(moment.db, [call for call in owed if call is not None], now=moment.now)
    moment.db.flush()
    return bool(settled or wanting)


def _deletion(moment: Moment, notice: Notice, recipient: NoticeRecipient) -> Owed | None:
    if not notices.may_be_taken_back(recipient, now=moment.now):
        recipient.change = Change.UNDELETED
        return None
    recipient.change = Change.DELETING
    ids = recipient.messages
    method, what = (
        ("deleteMessages", {"message_ids": ids}) if len(ids) > 1 else ("deleteMessage", {"message_id": ids[0]})
    )
    return _owed(notice, recipient, method, {"chat_id": recipient.chat_id} | what)


def _correction(moment: Moment, notice: Notice, recipient: NoticeRecipient) -> Owed | None:
    text = notices.new_words(moment.db, notice, recipient)
    if text is None:
        return None
    call = edit(notice, text, recipient)
    recipient.change = Change.EDITING if call is not None else Change.UNEDITED
    return _owed(notice, recipient, *call) if call is not None else None


def _owed(notice: Notice, recipient: NoticeRecipient, method: str, payload: dict[str, Any]) -> Owed:
    about, key = f"{notices.subject(notice)}:change", notices.change_key(recipient)
    return Owed(recipient.chat_id, method, payload, key=key, about=about)


def edit(notice: Notice, text: NoticeText, recipient: NoticeRecipient) -> Call | None:
    """The call that changes the words of a copy; None when they cannot be changed."""
    for (method, payload), message_id in zip(
        calls(notice, text, chat_id=recipient.chat_id), recipient.messages, strict=False
    ):
        place = {"chat_id": recipient.chat_id, "message_id": message_id}
        markup = {name: payload[name] for name in ("reply_markup",) if name in payload}
        words = payload["media"][0] if method == "sendMediaGroup" else payload
        if "text" in words:
            return "editMessageText", place | {"text": words["text"], "parse_mode": "HTML"} | markup
        if "caption" in words:
            return "editMessageCaption", place | {"caption": words["caption"], "parse_mode": "HTML"} | markup
    return None
