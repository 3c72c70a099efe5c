"""What people write and send, in their own name or in another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.sandbox.errors import NotPossible
from bot.sandbox.text import formatted
from bot.sandbox.world._carried import forwarded
from bot.sandbox.world._media import media_content
from bot.sandbox.world._model import GENERAL, Chat, Json, Member, Person, Post
from bot.sandbox.world._polls import Polls
from bot.sandbox.world._posting import Sender

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

_FILE_NAMES = {"video": "video.mp4", "document": "file.bin"}


class Writing(Polls):
    """Sending by people; each verb raises NotPossible where their client would not offer it."""

    def say(
        self,
        person: Person,
        chat: Chat | int,
        text: str,
        *,
        topic: int = GENERAL,
        reply_to: Post | int | None = None,
        entities: list[Json] | None = None,
        anonymously: bool = False,
        as_channel: Chat | None = None,
    ) -> Post:
        """Write a text; commands, mentions and links in it are found as Telegram finds them."""
        place = self.find_chat(chat)
        if not text.strip() or len(text) > TEXT_LIMIT:
            raise NotPossible(f"a message has 1 to {TEXT_LIMIT} characters")
        written = formatted(text, entities=entities)
        content: Json = {"text": written.text} | ({"entities": written.entities} if written.entities else {})
        sender = self._in_whose_name(person, place, anonymously, as_channel)
        return self._write(person, place, sender, content, topic, reply_to)

    def send_file(
        self,
        person: Person,
        chat: Chat | int,
        kind: str,
        content: bytes,
        *,
        name: str | None = None,
        mime_type: str | None = None,
        size: int | None = None,
        caption: str = "",
        topic: int = GENERAL,
        reply_to: Post | int | None = None,
        **measures: int | str,
    ) -> Post:
        """Send a photo, document, voice, video, audio, animation, video_note or sticker."""
        place = self.find_chat(chat)
        stored = self.files.add(kind, content, name=name or _FILE_NAMES.get(kind), mime_type=mime_type, size=size)
        shown = media_content(self.files, kind, stored, **measures) | _caption(caption)
        return self._write(person, place, self.as_person(person), shown, topic, reply_to)

    def send_photo(self, person: Person, chat: Chat | int, content: bytes, **more: Any) -> Post:
        """Send a photo; more as in `send_file`."""
        return self.send_file(person, chat, "photo", content, **more)

    def send_document(self, person: Person, chat: Chat | int, content: bytes, name: str, **more: Any) -> Post:
        """Send a document; more as in `send_file`."""
        return self.send_file(person, chat, "document", content, name=name, **more)

    def send_voice(self, person: Person, chat: Chat | int, content: bytes, duration: int = 1, **more: Any) -> Post:
        """Send a voice message; duration in seconds, more as in `send_file`."""
        return self.send_file(person, chat, "voice", content, duration=duration, **more)

    def send_album(
        self,
        person: Person,
        chat: Chat | int,
        contents: Iterable[bytes],
        *,
        kind: str = "photo",
        caption: str = "",
        topic: int = GENERAL,
        reply_to: Post | int | None = None,
    ) -> list[Post]:
        """Send several photos, videos or documents as one album; the caption stands on the first."""
        place = self.find_chat(chat)
        group = {"media_group_id": str(13_000_000_000_000_000 + self.number("albums"))}
        posts: list[Post] = []
        for content in contents:
            stored = self.files.add(kind, content, name=_FILE_NAMES.get(kind))
            shown = group | media_content(self.files, kind, stored) | (_caption(caption) if not posts else {})
            posts.append(self._write(person, place, self.as_person(person), shown, topic, reply_to))
        return posts

    def send_content(
        self,
        person: Person,
        chat: Chat | int,
        content: Json,
        *,
        topic: int = GENERAL,
        reply_to: Post | int | None = None,
    ) -> Post:
        """Send what has no file: `{"location": {…}}`, `{"contact": {…}}`, `{"dice": {…}}`, `{"venue": {…}}`."""
        place = self.find_chat(chat)
        return self._write(person, place, self.as_person(person), content, topic, reply_to)

    def send_poll(
        self, person: Person, chat: Chat | int, question: str, options: list[str], *, topic: int = GENERAL, **more: Any
    ) -> Post:
        """Ask in a poll; more are the settings of `sendPoll` (type, is_anonymous …)."""
        place = self.find_chat(chat)
        poll = self.make_poll({"question": question}, [{"text": option} for option in options], **more)
        post = self._write(person, place, self.as_person(person), {"poll": poll}, topic, None)
        return self.place_poll(place, post)

    def forward(
        self, person: Person, post: Post, from_chat: Chat, to_chat: Chat | int, *, topic: int = GENERAL
    ) -> Post:
        """Forward a message to another chat."""
        if post.message.get("has_protected_content"):
            raise NotPossible("this message can't be forwarded")
        place = self.find_chat(to_chat)
        content = forwarded(post, from_chat)
        shared = self._write(person, place, self.as_person(person), content, topic, None)
        return self.place_poll(place, shared) if "poll" in content else shared

    def _write(
        self, person: Person, chat: Chat, sender: Sender, content: Json, topic: int, reply_to: Post | int | None
    ) -> Post:
        self.check_may_write(person, chat)
        person.started = person.started or chat.is_private  # who answers the bot's first words opens the chat, too
        reply = self.find_post(chat, reply_to) if reply_to is not None else None
        if reply is not None and topic == GENERAL:
            topic = reply.topic
        if topic != GENERAL or chat.is_forum:
            self._check_topic_open(person, chat, topic)
        return self.put(chat, sender, content, topic=topic, reply=reply)

    def check_may_write(self, person: Person, chat: Chat) -> None:
        """Raise NotPossible, with the reason, unless a person may write in a chat."""
        if chat.is_private:
            if chat.id != person.id:
                raise NotPossible("this is somebody else's chat")
            if person.blocked or not (person.started or chat.messages):
                raise NotPossible("unblock the bot first" if person.blocked else "press START first")
            return
        self._end_what_is_over(chat, person)
        member = chat.member(person.id)
        if chat.migrated_to is not None or member is None:
            raise NotPossible("they are not in this group")
        if not member.is_admin and not (member.permissions or chat.permissions).get("can_send_messages", True):
            raise NotPossible("they may not write here")

    def _end_what_is_over(self, chat: Chat, person: Person) -> None:
        """A restriction ends by itself when its time has come."""
        member = chat.members.get(person.id)
        if member is not None and member.status == "restricted" and 0 < member.until <= self.seconds():
            chat.members[person.id] = Member(member.user, "member" if member.inside else "left")

    def _check_topic_open(self, person: Person, chat: Chat, topic_id: int) -> None:
        topic = self.find_topic(chat, topic_id) if chat.is_forum else None
        if topic is None:
            raise NotPossible("there is no such topic")
        member = chat.member(person.id)
        if topic.closed and topic.creator != person.id and not (member and member.may("can_manage_topics")):
            raise NotPossible("this topic is closed")

    def _in_whose_name(self, person: Person, chat: Chat, anonymously: bool, channel: Chat | None) -> Sender:
        member = chat.member(person.id)
        if channel is not None:
            return self.as_channel(person, channel)
        if anonymously or (member is not None and member.anonymous):
            if member is None or not member.is_admin:
                raise NotPossible("only administrators are anonymous")
            return self.as_anonymous_admin(person, chat)
        return self.as_person(person)

    def find_post(self, chat: Chat, post: Post | int) -> Post:
        """A message that is still there; raises NotPossible."""
        found = chat.messages.get(post.id if isinstance(post, Post) else post)
        if found is None:
            raise NotPossible("this message was deleted")
        return found


def _caption(caption: str) -> Json:
    if not caption:
        return {}
    if len(caption) > CAPTION_LIMIT:
        raise NotPossible(f"a caption has at most {CAPTION_LIMIT} characters")
    written = formatted(caption)
    return {"caption": written.text} | ({"caption_entities": written.entities} if written.entities else {})
