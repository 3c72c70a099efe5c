"""Topics of forums: opened, renamed, closed, reopened, deleted."""

from __future__ import annotations

from bot.sandbox.errors import NotPossible
from bot.sandbox.world._membership import Membership
from bot.sandbox.world._model import GENERAL, Chat, Json, Topic
from bot.sandbox.world._posting import Sender


class Topics(Membership):
    """What happens to topics, by whomever."""

    def find_topic(self, chat: Chat, thread_id: int) -> Topic | None:
        """The topic of that id; General (0) is there in every forum."""
        if thread_id == GENERAL and chat.is_forum:
            return chat.topics.setdefault(GENERAL, Topic(GENERAL, "General"))
        return chat.topics.get(thread_id)

    def open_topic(
        self,
        chat: Chat,
        name: str,
        sender: Sender,
        *,
        icon_color: int = 7322096,
        icon_custom_emoji_id: str | None = None,
    ) -> Topic:
        """Open a topic; its id is that of the service message it begins with."""
        if not chat.is_forum:
            raise NotPossible("this group has no topics")
        topic = Topic(chat.last_id + 1, name, icon_color, icon_custom_emoji_id, creator=sender.author)
        icon: Json = {"name": name, "icon_color": icon_color}
        if icon_custom_emoji_id:
            icon["icon_custom_emoji_id"] = icon_custom_emoji_id
        chat.topics[topic.id] = topic
        self.service(chat, sender, {"forum_topic_created": icon}, topic=topic.id)
        self.publish("chat", chat)
        return topic

    def change_topic(self, chat: Chat, topic: Topic, sender: Sender, name: str | None, icon: str | None) -> bool:
        """Give a topic another name or icon ("" takes the icon away); False when nothing is new."""
        changes: Json = {}
        if name is not None and name != topic.name:
            topic.name = changes["name"] = name
        if icon is not None and (icon or None) != topic.icon_custom_emoji_id:
            topic.icon_custom_emoji_id = icon or None
            changes["icon_custom_emoji_id"] = icon
        if changes:
            self.service(chat, sender, {"forum_topic_edited": changes}, topic=topic.id)
            self.publish("chat", chat)
        return bool(changes)

    def close_topic(self, chat: Chat, topic: Topic, sender: Sender, closed: bool = True) -> bool:
        """Close or reopen a topic; False when it is so already."""
        if topic.closed == closed:
            return False
        topic.closed = closed
        self.service(chat, sender, {"forum_topic_closed" if closed else "forum_topic_reopened": {}}, topic=topic.id)
        self.publish("chat", chat)
        return True

    def hide_general(self, chat: Chat, sender: Sender, hidden: bool) -> bool:
        """Hide the General topic or show it again; False when it is so already."""
        topic = self.find_topic(chat, GENERAL)
        if topic is None or topic.hidden == hidden:
            return False
        topic.hidden = hidden
        topic.closed = topic.closed or hidden
        field = "general_forum_topic_hidden" if hidden else "general_forum_topic_unhidden"
        self.service(chat, sender, {field: {}})
        self.publish("chat", chat)
        return True

    def delete_topic(self, chat: Chat, topic: Topic) -> None:
        """Delete a topic with all its messages; no bot is told."""
        del chat.topics[topic.id]
        self.remove(chat, [post.id for post in chat.in_topic(topic.id)])
        self.publish("chat", chat)
