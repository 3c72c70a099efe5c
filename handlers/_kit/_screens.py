"""What a person is shown: text, buttons, files; and how that becomes a call to Telegram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from handlers._kit._taps import Tap


@dataclass(frozen=True)
class Button:
    """A button under a message: either a tap that comes back to us, or a link."""

    label: str
    leads_to: Tap | str

    def as_json(self) -> dict[str, str]:
        """The button as Telegram wants it."""
        if isinstance(self.leads_to, Tap):
            return {"text": self.label, "callback_data": self.leads_to.pack()}
        return {"text": self.label, "url": self.leads_to}


Rows = Sequence[Sequence[Button]]


@dataclass(frozen=True)
class File:
    """A small text file made by the bot."""

    name: str
    content: str


@dataclass(frozen=True)
class Screen:
    """What to show. `text` is HTML; `edit` replaces the tapped message; `toast` answers the tap itself."""

    text: Markup | None = None
    buttons: Rows = field(default_factory=tuple)
    edit: bool = False
    toast: str | None = None
    alert: bool = False
    about: str | None = None
    file: File | None = None
    quiet: bool = False


@dataclass(frozen=True)
class InlineAnswer:
    """Results of inline mode, as Bot API objects; `button` leads into the private chat."""

    results: tuple[dict[str, Any], ...]
    button: str


def keyboard(buttons: Rows) -> dict[str, Any] | None:
    """An inline keyboard, or None without buttons."""
    rows = [[button.as_json() for button in row] for row in buttons if row]
    return {"inline_keyboard": rows} if rows else None


def one_below_the_other(buttons: Sequence[Button]) -> Rows:
    """A row for each button: the layout for long labels on a phone."""
    return [[button] for button in buttons]


def sending(screen: Screen, *, chat_id: int, thread_id: Any = None, reply_to: Any = None) -> tuple[str, dict[str, Any]]:
    """The method and payload that show a screen as a new message; ids may be `outbox.receipt_of(…)`."""
    payload: dict[str, Any] = {"chat_id": chat_id, "parse_mode": "HTML"}
    if thread_id is not None:
        payload["message_thread_id"] = thread_id
    if reply_to is not None:
        payload["reply_parameters"] = {"message_id": reply_to, "allow_sending_without_reply": True}
    if (markup := keyboard(screen.buttons)) is not None:
        payload["reply_markup"] = markup
    if screen.quiet:
        payload["disable_notification"] = True
    text = str(screen.text or "")
    if screen.file is not None:
        return "sendDocument", payload | {
            "caption": text,
            "document": {"$file": [screen.file.name, screen.file.content]},
        }
    return "sendMessage", payload | {"text": text, "link_preview_options": {"is_disabled": True}}


def editing(screen: Screen, *, chat_id: int, message_id: Any) -> tuple[str, dict[str, Any]]:
    """The method and payload that replace a message's text and buttons."""
    payload: dict[str, Any] = {
        "chat_id": chat_id,
        "message_id": message_id,
        "text": str(screen.text),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    if (markup := keyboard(screen.buttons)) is not None:
        payload["reply_markup"] = markup
    return "editMessageText", payload
