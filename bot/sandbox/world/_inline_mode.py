"""People who ask the bot from any chat, and send what it offers."""

from __future__ import annotations

from bot.sandbox.errors import NotPossible
from bot.sandbox.world._inline import QUERY_LIMIT, InlineAnswer, InlineQuery, inline_message_id
from bot.sandbox.world._model import GENERAL, Chat, Json, Person, Post
from bot.sandbox.world._writing import Writing


class InlineMode(Writing):
    """Inline mode, whether the bot is in the chat or not."""

    def inline(self, person: Person, chat: Chat | int, query: str, *, offset: str = "") -> InlineQuery:
        """Type `@bot query` in a chat; what the bot offers shows in the InlineQuery, at once if it is still cached."""
        place = self.find_chat(chat)
        self._check_may_use_inline(person, place)
        if len(query) > QUERY_LIMIT:
            raise NotPossible(f"inline mode takes {QUERY_LIMIT} characters at most")
        number = str(50_000_000_000 + self.number("inline queries"))
        asked = InlineQuery(number, person, place, self.seconds(), query, offset)
        self.inline_queries[asked.id] = asked
        cached = self.inline_cache.find(asked)
        if cached is None:
            self.updates.push("inline_query", asked.as_json())
        else:
            self.offer(asked, cached)
        return asked

    def offer(self, asked: InlineQuery, offered: InlineAnswer) -> None:
        """Show results to the one who asked."""
        asked.answer(offered)
        shown = {"handle": asked.id, "query": asked.text, "results": offered.results, "button": offered.button}
        self.publish("inline", asked.chat, user_id=asked.person.id, detail=shown)

    def choose_inline(
        self,
        person: Person,
        chat: Chat | int,
        handle: InlineQuery | str,
        result_id: str,
        *,
        topic: int = GENERAL,
        reply_to: Post | int | None = None,
    ) -> Post:
        """Send one of the results that were offered in this chat; it stands there in the person's name."""
        place = self.find_chat(chat)
        self._check_may_use_inline(person, place)
        asked = self.inline_queries.get(handle) if isinstance(handle, str) else handle
        if asked is None or asked.offered is None or asked.person is not person or asked.chat is not place:
            raise NotPossible("there are no such results here")
        content = asked.offered.contents.get(result_id)
        if content is None:
            raise NotPossible("there is no such result")
        sender = self._in_whose_name(person, place, False, None)
        post = self._write(person, place, sender, content | {"via_bot": self.bot}, topic, reply_to)
        if self.inline_feedback:
            self._tell_chosen(asked, place, post, result_id)
        return post

    def _tell_chosen(self, asked: InlineQuery, chat: Chat, post: Post, result_id: str) -> None:
        chosen: Json = {"result_id": result_id, "from": asked.person.user, "query": asked.text}
        if post.buttons:
            chosen["inline_message_id"] = inline_message_id(chat, post)
        self.updates.push("chosen_inline_result", chosen)

    def _check_may_use_inline(self, person: Person, chat: Chat) -> None:
        self.check_may_write(person, chat)
        if not self.inline_mode:
            raise NotPossible("this bot has no inline mode")
        member = chat.member(person.id)
        if member is None or member.is_admin:
            return
        if not (member.permissions or chat.permissions).get("can_send_other_messages", True):
            raise NotPossible("they may not use inline bots here")
