"""Inline mode: what people ask in any chat, what the bot offers for it, and what Telegram keeps of that."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.world._model import Chat, Json, Post
from bot.sandbox.world._waiting import Waiting

QUERY_LIMIT = 256


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """The results as the bot gave them, what each of them posts (by its id), and a button on top."""

    results: list[Json]
    contents: dict[str, Json]
    button: Json | None = None
    next_offset: str = ""


@dataclass(slots=True, eq=False)
class InlineQuery(Waiting):
    """`@bot text` in a chat; `offered` is there when the bot has answered."""

    text: str
    offset: str
    offered: InlineAnswer | None = field(default=None, init=False)

    @property
    def results(self) -> list[Json]:
        """The results, as Bot API objects; none before the answer."""
        return self.offered.results if self.offered else []

    @property
    def button(self) -> Json | None:
        """The button above the results."""
        return self.offered.button if self.offered else None

    def answer(self, offered: InlineAnswer) -> None:
        """Take the bot's answer and wake who waits for it."""
        self.offered = offered
        self.settle()

    def as_json(self) -> Json:
        """The query as a Bot API `InlineQuery`; a bot calls its own private chat the sender's."""
        chat_type = "sender" if self.chat.is_private else self.chat.type
        asked: Json = {"id": self.id, "from": self.person.user, "query": self.text, "offset": self.offset}
        return asked | {"chat_type": chat_type}


class InlineCache:
    """Answers that Telegram gives again by itself, to everyone or to the one person they were for."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, int | None], tuple[float, InlineAnswer]] = {}

    def keep(self, asked: InlineQuery, offered: InlineAnswer, *, until: float, personal: bool) -> None:
        """Give this answer to the same words until a Unix time."""
        owner = asked.person.id if personal else None
        self._kept[asked.text, asked.offset, owner] = (until, offered)

    def find(self, asked: InlineQuery) -> InlineAnswer | None:
        """What is kept for these words and this person, or None."""
        for owner in (asked.person.id, None):
            until, offered = self._kept.get((asked.text, asked.offset, owner), (0.0, None))
            if asked.at < until:
                return offered
        return None


def inline_message_id(chat: Chat, post: Post) -> str:
    """How a bot names a message that was sent through it, whose chat it is not told."""
    return f"BAAA{chat.id:x}_{post.id:x}"
