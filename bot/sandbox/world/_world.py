"""What people do beside writing: edit, delete, react, start and block the bot, tap, manage topics."""

from __future__ import annotations

from bot.sandbox.errors import NotPossible
from bot.sandbox.text import formatted
from bot.sandbox.world._inline import inline_message_id
from bot.sandbox.world._inline_mode import InlineMode
from bot.sandbox.world._model import Chat, Json, Member, Person, Post, Topic
from bot.sandbox.world._posting import SERVICE
from bot.sandbox.world._taps import Tap, find_button

_NEVER_EDITED = {"forward_origin", "via_bot"}


class World(InlineMode):
    """The sandbox's world; the verbs of people raise NotPossible where their client would not offer them."""

    # Changing what is written

    def edit(self, person: Person, chat: Chat, post: Post | int, text: str) -> None:
        """Change the text or the caption of one's own message."""
        found = self.find_post(chat, post)
        untouchable = not SERVICE.isdisjoint(found.message) or not _NEVER_EDITED.isdisjoint(found.message)
        if found.author != person.id or untouchable:
            raise NotPossible("this message can't be edited")
        self.check_may_write(person, chat)
        written = formatted(text)
        field = "text" if "text" in found.message else "caption"
        marks = "entities" if field == "text" else "caption_entities"
        self.replace(chat, found, {field: written.text, marks: written.entities or None})

    def delete(self, person: Person, chat: Chat, *posts: Post | int) -> None:
        """Delete messages: one's own, in private any, as an administrator with the right to anybody's."""
        found = [self.find_post(chat, post) for post in posts]
        member = chat.member(person.id)
        free = chat.is_private or (member is not None and member.may("can_delete_messages"))
        if not free and any(post.author != person.id for post in found):
            raise NotPossible("only one's own messages can be deleted")
        self.remove(chat, [post.id for post in found])

    def set_reaction(self, person: Person, chat: Chat, post: Post | int, emoji: str | None) -> None:
        """React to a message with an emoji, or take the reaction back."""
        if not chat.is_private and not chat.member(person.id):
            raise NotPossible("they are not in this group")
        reactions = [{"type": "emoji", "emoji": emoji}] if emoji else []
        self.react(chat, self.find_post(chat, post), person.id, reactions)

    def pin_message(self, person: Person, chat: Chat, post: Post | int, pinned: bool = True) -> None:
        """Pin a message or take its pin away."""
        member = chat.member(person.id)
        free = chat.is_private or chat.permissions["can_pin_messages"]
        if not free and not (member and member.may("can_pin_messages")):
            raise NotPossible("they may not pin messages here")
        found = self.find_post(chat, post)
        if pinned:
            self.pin(chat, found, self.as_person(person))
        else:
            self.unpin(chat, [found.id])

    # The bot and its buttons

    def start(self, person: Person, payload: str | None = None) -> Post:
        """Press START, perhaps through a link `https://t.me/<bot>?start=<payload>`; unblocks too."""
        self.unblock(person)
        person.started = True
        return self.say(person, self.private(person), f"/start {payload}" if payload else "/start")

    def block(self, person: Person) -> None:
        """Block the bot."""
        if not person.blocked:
            person.blocked = True
            self._tell_blocked(person, "member", "kicked")

    def unblock(self, person: Person) -> None:
        """Unblock the bot; nothing is written by that."""
        if person.blocked:
            person.blocked = False
            self._tell_blocked(person, "kicked", "member")

    def _tell_blocked(self, person: Person, old: str, new: str) -> None:
        chat = self.private(person)
        self._tell_standing(chat, Member(self.bot, old), Member(self.bot, new), person.id, {})
        self.publish("chat", chat)

    def deactivate(self, person: Person) -> None:
        """Let a person delete their account."""
        person.deactivated = True

    def tap(self, person: Person, chat: Chat, post: Post | int, button: str, *, stale: bool = False) -> Tap:
        """Tap an inline button, named by its callback data or its text; the answer shows in the Tap.

        With `stale`, `button` is callback data that an older version of the message had: people tap what
        their screen still shows, even on a message that was deleted meanwhile.
        """
        message_id = post.id if isinstance(post, Post) else post
        found = chat.messages.get(message_id)
        data = button if stale else find_button(self.find_post(chat, message_id), button)
        if not chat.is_private and not chat.member(person.id):
            raise NotPossible("they are not in this group")
        tap = Tap(str(40_000_000_000 + self.number("taps")), person, chat, self.seconds(), message_id, data)
        self.taps[tap.id] = tap
        query: Json = {"id": tap.id, "from": person.user} | _tapped(chat, message_id, found)
        self.updates.push("callback_query", query | {"chat_instance": str(chat.id), "data": data})
        return tap

    # Topics

    def create_topic(self, person: Person, chat: Chat, name: str) -> Topic:
        """Open a topic in a forum."""
        member = chat.member(person.id)
        if not (chat.permissions["can_manage_topics"] or (member and member.may("can_manage_topics"))):
            raise NotPossible("they may not open topics here")
        return self.open_topic(chat, name, self.as_person(person))

    def shut_topic(self, person: Person, chat: Chat, thread_id: int, closed: bool = True) -> None:
        """Close or reopen a topic."""
        self.close_topic(chat, self._own_topic(person, chat, thread_id), self.as_person(person), closed)

    def rename_topic(self, person: Person, chat: Chat, thread_id: int, name: str) -> None:
        """Give a topic another name."""
        self.change_topic(chat, self._own_topic(person, chat, thread_id), self.as_person(person), name, None)

    def erase_topic(self, person: Person, chat: Chat, thread_id: int) -> None:
        """Delete a topic with all that is in it."""
        self.delete_topic(chat, self._own_topic(person, chat, thread_id))

    def _own_topic(self, person: Person, chat: Chat, thread_id: int) -> Topic:
        topic = self.find_topic(chat, thread_id)
        member = chat.member(person.id)
        if topic is None:
            raise NotPossible("there is no such topic")
        if topic.creator != person.id and not (member and member.may("can_manage_topics")):
            raise NotPossible("they may not manage topics here")
        return topic


def _tapped(chat: Chat, message_id: int, post: Post | None) -> Json:
    """What a tap tells the bot of the message: of one that was sent through inline mode no more than its name."""
    if post is None:
        return {"message": {"chat": chat.as_json(), "message_id": message_id, "date": 0}}
    if "via_bot" in post.message:
        return {"inline_message_id": inline_message_id(chat, post)}
    return {"message": post.message}
