"""What a handler gets: who, where, what was said or tapped, and the means to answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlmodel import Session
from telegram import Message, Update, User
from telegram.error import TelegramError

from bot import outbox
from bot.features import people
from bot.features.people import Member
from bot.i18n import LANGUAGES, Language, Translator
from bot.knowledge import Knowledge
from bot.outbox import Lane
from bot.settings import Settings
from handlers._kit._screens import Screen, editing, sending

if TYPE_CHECKING:
    from handlers._kit._features import Triggers


def no_files(file_id: str) -> bytes:
    """Where there is no Telegram to fetch a file from."""
    raise TelegramError(f"{file_id} cannot be fetched")


@dataclass(frozen=True)
class Services:
    """What handlers may use besides the database; made once, in the composition root.

    `fetch` gets what is in a file by its id, for `prepare` steps only; it raises telegram.error.TelegramError.
    """

    settings: Settings
    knowledge: Callable[[], Knowledge]
    refresh: Callable[[], None]
    bot_id: int
    bot_username: str
    fetch: Callable[[str], bytes] = no_files

    @property
    def link(self) -> str:
        """The way into the private chat."""
        return f"https://t.me/{self.bot_username}"


@dataclass(frozen=True)
class Heard:
    """An update, as far as routing needs it: nothing here costs a look into the database.

    `message_id` is the message that it is about, also where (as with reactions) the message itself does not come along.
    """

    update: Update
    kind: str
    sender_id: int | None = None
    chat_id: int = 0
    private: bool = False
    message: Message | None = None
    command: str | None = None
    text: str = ""
    data: str | None = None
    addressed: bool = False
    message_id: int | None = None

    @property
    def album(self) -> str | None:
        """The album that the message is a part of."""
        return self.message.media_group_id if self.message is not None else None

    @property
    def thread_id(self) -> int | None:
        """The forum topic it was said in; None in General and elsewhere."""
        if self.message is None or not self.message.is_topic_message:
            return None
        return self.message.message_thread_id


@dataclass
class Deed:
    """What a tick and a request have in common: the open transaction, the time, and posting to others."""

    db: Session
    now: datetime
    services: Services
    context: str
    hurried: bool = field(default=False, kw_only=True)

    def hurry(self) -> None:
        """What was just noted is work for this feature's ticks: let them run as soon as it is committed."""
        self.hurried = True

    def words(self, member: Member | None = None, language: Language | None = None) -> Translator:
        """This feature's words in somebody's language, on their clock."""
        settings = self.services.settings
        chosen = language or (member.language if member else settings.language)
        return Translator(chosen, self.context, member.timezone if member else settings.timezone)

    def met(self, user: User, known: Member | None = None) -> Member:
        """The member behind one of Telegram's users, made on first sight; `known` spares looking for them."""
        settings = self.services.settings
        return people.meet(
            self.db,
            telegram_id=user.id,
            name=user.full_name or "",  # a deleted account has none
            language_code=user.language_code,
            default=settings.language,
            timezone=settings.timezone,
            now=self.now,
            known=known,
        )

    def post(
        self,
        screen: Screen,
        *,
        chat_id: int,
        key: str,
        lane: Lane = Lane.REPLY,
        thread_id: Any = None,
        reply_to: Any = None,
        about: str | None = None,
        needs: str | None = None,
        due_at: datetime | None = None,
        heeds: str | None = None,
    ) -> bool:
        """Promise a screen to a chat, at `due_at` at the earliest; `key` makes a retry harmless.

        What waits for the end of somebody's quiet hours says with `heeds` which of their wishes hold for it until it
        leaves: outbox.QUIET, or the attention.Kind that they may mute.
        """
        method, payload = sending(screen, chat_id=chat_id, thread_id=thread_id, reply_to=reply_to)
        more: dict[str, Any] = {"about": about or screen.about, "needs": needs, "due_at": due_at, "heeds": heeds}
        return self.owe(method, payload, key=key, lane=lane, **more)

    def replace(
        self,
        screen: Screen,
        *,
        chat_id: int,
        message_id: Any,
        key: str,
        lane: Lane = Lane.REPLY,
        about: str | None = None,
        needs: str | None = None,
    ) -> bool:
        """Promise to replace a message that is already there."""
        method, payload = editing(screen, chat_id=chat_id, message_id=message_id)
        return self.owe(method, payload, key=key, lane=lane, about=about or screen.about, needs=needs)

    def owe(
        self,
        method: str,
        payload: dict[str, Any],
        *,
        key: str,
        chat_id: int | None = None,
        lane: Lane = Lane.REPLY,
        about: str | None = None,
        needs: str | None = None,
        due_at: datetime | None = None,
        heeds: str | None = None,
    ) -> bool:
        """Promise any call to Telegram, at `due_at` at the earliest.

        Its place in the order is that of `chat_id`, or of the chat in the payload.
        """
        return outbox.enqueue(
            self.db,
            chat_id=payload["chat_id"] if chat_id is None else chat_id,
            method=method,
            payload=payload,
            key=key,
            lane=lane,
            about=about,
            needs=needs,
            due_at=due_at,
            heeds=heeds,
            now=self.now,
        )


@dataclass
class Moment(Deed):
    """What a tick of the clock gets."""


@dataclass
class Request(Deed):
    """What a handler of something said or tapped gets; `prepared` is what its `prepare` step made beforehand.

    `returned` says that the bot could not write to this person until now; `triggers` is all that every feature listens to.
    """

    me: Member
    heard: Heard
    triggers: Triggers
    prepared: Any = None
    pending: dict[str, Any] = field(default_factory=dict)
    about: str | None = None
    returned: bool = False

    @property
    def t(self) -> Translator:
        """The words for the person who said or tapped it."""
        return self.words(self.me)

    @property
    def text(self) -> str:
        """What was said: a command's arguments, or the words without the bot's own name."""
        return self.heard.text

    @property
    def update_id(self) -> int:
        """The update's number, for keys that make a retry harmless."""
        return self.heard.update.update_id

    @property
    def message(self) -> Message:
        """The message that was said, or the one under the tapped button."""
        if self.heard.message is None:
            raise LookupError(f"{self.heard.kind} has no message")
        return self.heard.message

    @property
    def chat_id(self) -> int:
        """Where it happened."""
        return self.heard.chat_id


@dataclass(frozen=True)
class Preparing:
    """What a `prepare` step gets, before any write transaction is open; `reading()` opens one that only looks."""

    text: str
    language: Language
    services: Services
    pending: dict[str, Any]
    heard: Heard
    about: str | None
    reading: Callable[[], AbstractContextManager[Session]]
    now: datetime


def as_language(code: str) -> Language:
    """One of our languages, from data that was checked to be one; English otherwise."""
    return next((language for language in LANGUAGES if language == code), "en")
