"""One browser window: what it asks for, and what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bot.sandbox.errors import NotPossible
from bot.sandbox.page_door._views import Views
from bot.sandbox.validation import Upload
from bot.sandbox.world import GENERAL, Chat, Event, Person, Post

Json = dict[str, Any]

_PAGE = 40  # messages of history at a time
_KINDS = {"photo", "document", "voice", "video"}


class Session:
    """A person's window; frames for it wait in `frames`."""

    def __init__(self, views: Views, person: Person, uploads: dict[str, Upload]) -> None:
        self.views = views
        self.world = views.world
        self.person = person
        self.uploads = uploads
        self.frames: asyncio.Queue[Json] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._chats = {chat.id for chat in self.world.chats_of(person)}

    def tell(self, frame: Json) -> None:
        """Queue a frame, from any thread."""
        self._loop.call_soon_threadsafe(self.frames.put_nowait, frame)

    # What happens in the world

    def watch(self, event: Event) -> None:
        """Pass an event on if this person sees it."""
        if event.kind == "gone":
            if event.user_id == self.person.id:
                self._forget(event.chat)
        elif event.kind in {"answer", "inline"}:
            if event.user_id == self.person.id:
                self.tell({"type": event.kind, "chat_id": event.chat.id} | event.detail)
        elif self._sees(event.chat):
            self._pass_on(event)

    def _sees(self, chat: Chat) -> bool:
        if chat.is_private:
            return chat.id == self.person.id
        return chat.member(self.person.id) is not None and chat.migrated_to is None

    def _forget(self, chat: Chat) -> None:
        if chat.id in self._chats:
            self._chats.discard(chat.id)
            self.tell({"type": "gone", "chat_id": chat.id})

    def _pass_on(self, event: Event) -> None:
        if event.chat.id not in self._chats:
            self._chats.add(event.chat.id)
            self.tell_chat(event.chat)
        place: Json = {"type": event.kind, "chat_id": event.chat.id}
        if event.message is not None:
            self.tell(place | {"message": self.views.message(self.person, event.chat, event.message)})
        elif event.kind != "chat":
            self.tell(place | event.detail)
        if event.kind in {"message", "deleted", "chat"}:
            self.tell_chat(event.chat)

    def tell_chat(self, chat: Chat) -> None:
        """Send a chat's view anew."""
        self.tell({"type": "chat", "chat": self.views.chat(self.person, chat)})

    # What the page asks for

    def take(self, frame: Json) -> None:
        """Carry out one request and answer it with done or error."""
        ref = frame.get("ref")
        try:
            self._carry_out(frame)
        except NotPossible as refused:
            self.tell({"type": "error", "ref": ref, "text": str(refused)})
        except (KeyError, TypeError, ValueError, AttributeError) as wrong:
            self.tell({"type": "error", "ref": ref, "text": f"not understood: {wrong!r}"})
        else:
            self.tell({"type": "done", "ref": ref})

    def _carry_out(self, frame: Json) -> None:
        verb = _VERBS.get(frame["type"])
        if verb is None:
            raise NotPossible(f"no such request: {frame['type']}")
        verb(self, frame)

    def _chat(self, frame: Json, key: str = "chat_id") -> Chat:
        chat = self.world.find_chat(int(frame[key]))
        if not self._sees(chat):
            raise NotPossible("this chat is not in your list")
        return chat

    def open(self, frame: Json) -> None:
        """Send a piece of history, newest first asked for, oldest first listed."""
        chat = self._chat(frame)
        thread, before = frame.get("thread_id"), frame.get("before")
        posts = list(chat.messages.values()) if thread is None or not chat.is_forum else chat.in_topic(int(thread))
        if before is not None:
            posts = [post for post in posts if post.id < int(before)]
        messages = [self.views.message(self.person, chat, post.message) for post in posts[-_PAGE:]]
        place = {"type": "history", "chat_id": chat.id, "thread_id": thread}
        self.tell(place | {"messages": messages, "more": len(posts) > _PAGE})

    def read(self, frame: Json) -> None:
        """Note that the person has read a chat or topic."""
        chat = self._chat(frame)
        self.views.reading.mark(self.person, chat, int(frame.get("thread_id") or GENERAL))
        self.tell_chat(chat)

    def send(self, frame: Json) -> None:
        """Write a text, or send a file that was uploaded before."""
        chat, file = self._chat(frame), frame.get("file")
        place: Json = {"topic": int(frame.get("thread_id") or GENERAL), "reply_to": frame.get("reply_to")}
        if file is None:
            self.world.say(self.person, chat, frame["text"], **place)
            return
        if file["kind"] not in _KINDS or file["token"] not in self.uploads:
            raise NotPossible("this file is not there any more")
        upload = self.uploads.pop(file["token"])
        more: dict[str, Any] = {"name": upload.name, "mime_type": upload.mime_type, "caption": frame.get("text") or ""}
        self.world.send_file(self.person, chat, file["kind"], upload.content, **more, **place)

    def _post(self, frame: Json) -> tuple[Chat, Post]:
        chat = self._chat(frame)
        return chat, self.world.find_post(chat, int(frame["message_id"]))

    def tap(self, frame: Json) -> None:
        """Tap an inline button; the bot's answer comes as a frame of its own."""
        chat = self._chat(frame)
        self.world.tap(self.person, chat, int(frame["message_id"]), frame["data"], stale=True)

    def choose_inline(self, frame: Json) -> None:
        """Send one of the results that the bot offered here."""
        place: Json = {"topic": int(frame.get("thread_id") or GENERAL), "reply_to": frame.get("reply_to")}
        chat, handle = self._chat(frame), str(frame["handle"])
        self.world.choose_inline(self.person, chat, handle, str(frame["result_id"]), **place)

    def delete(self, frame: Json) -> None:
        """Delete messages."""
        self.world.delete(self.person, self._chat(frame), *map(int, frame["message_ids"]))

    def forward(self, frame: Json) -> None:
        """Forward a message to another of the person's chats."""
        chat, post = self._post(frame)
        self.world.forward(self.person, post, chat, self._chat(frame, "to_chat_id"))

    def join(self, frame: Json) -> None:
        """Join a group, or ask to."""
        self.world.join(self.person, self.world.find_chat(int(frame["chat_id"])))


_VERBS: dict[str, Callable[[Session, Json], object]] = {
    "open": Session.open,
    "read": Session.read,
    "send": Session.send,
    "tap": Session.tap,
    "inline": lambda s, f: s.world.inline(s.person, s._chat(f), f["query"]),
    "choose_inline": Session.choose_inline,
    "delete": Session.delete,
    "forward": Session.forward,
    "join": Session.join,
    "edit": lambda s, f: s.world.edit(s.person, *s._post(f), f["text"]),
    "react": lambda s, f: s.world.set_reaction(s.person, *s._post(f), f["emoji"]),
    "vote": lambda s, f: s.world.vote(s.person, *s._post(f), list(map(int, f["options"]))),
    "pin": lambda s, f: s.world.pin_message(s.person, *s._post(f)),
    "unpin": lambda s, f: s.world.pin_message(s.person, *s._post(f), pinned=False),
    "start": lambda s, f: s.world.start(s.person, f.get("payload") or None),
    "block": lambda s, f: s.world.block(s.person),
    "unblock": lambda s, f: s.world.unblock(s.person),
    "leave": lambda s, f: s.world.leave(s.person, s._chat(f)),
    "create_topic": lambda s, f: s.world.create_topic(s.person, s._chat(f), f["name"]),
    "close_topic": lambda s, f: s.world.shut_topic(s.person, s._chat(f), int(f["thread_id"])),
    "reopen_topic": lambda s, f: s.world.shut_topic(s.person, s._chat(f), int(f["thread_id"]), closed=False),
    "delete_topic": lambda s, f: s.world.erase_topic(s.person, s._chat(f), int(f["thread_id"])),
}
