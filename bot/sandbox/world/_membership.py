"""Who is in a group and as what: joining, leaving, rights, requests to join, and a group's growing up."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.errors import NotPossible
from bot.sandbox.world._model import ANONYMOUS_ADMIN, Chat, Json, Member, Person
from bot.sandbox.world._posting import Posting, Sender
from bot.sandbox.world._rights import MEMBER_PERMISSIONS, admin_rights


def member_json(member: Member, asked_by_bot: bool = True) -> Json:
    """A standing as a Bot API `ChatMember`."""
    seen: Json = {"status": member.status, "user": member.user}
    if member.status == "creator":
        seen["is_anonymous"] = member.anonymous
    elif member.status == "administrator":
        seen |= {"can_be_edited": member.promoted_by_bot and asked_by_bot, "is_anonymous": member.anonymous}
        seen |= member.rights
    elif member.status == "restricted":
        seen |= {"is_member": member.inside, "until_date": member.until}
        seen |= {name: member.permissions.get(name, False) for name in MEMBER_PERMISSIONS}
    elif member.status == "kicked":
        seen["until_date"] = member.until
    return seen | ({"custom_title": member.title} if member.title and member.is_admin else {})


class Membership(Posting):
    """Everything that changes somebody's standing in a group."""

    def standing(self, chat: Chat, user_id: int) -> Member:
        """Somebody's standing; who was never there has left."""
        user = self.find_user(user_id)
        if user is None:
            raise NotPossible(f"there is no user {user_id}")
        member = chat.members.get(user_id) or Member(user, "left")
        if 0 < member.until <= self.seconds() and member.status in ("restricted", "kicked"):
            here = member.status == "restricted" and member.inside
            member = chat.members[user_id] = Member(user, "member" if here else "left")
        return member

    def change_standing(self, chat: Chat, new: Member, by: int, **facts: object) -> None:
        """Put a new standing in place of the old one and tell the bot and the watchers."""
        user_id = int(new.user["id"])
        old = self.standing(chat, user_id)
        chat.members[user_id] = new
        self.publish("chat", chat)
        if old.present and not new.present:
            self.publish("gone", chat, user_id=user_id)
        self._tell_standing(chat, old, new, by, facts)

    def _tell_standing(self, chat: Chat, old: Member, new: Member, by: int, facts: dict[str, object]) -> None:
        own = new.user["id"] == self.bot_id
        if not own and not self._bot_watches(chat):
            return
        told: Json = {"chat": chat.as_json(), "from": self.find_user(by), "date": int(self.seconds())}
        told |= {"old_chat_member": member_json(old), "new_chat_member": member_json(new)} | facts
        self.updates.push("my_chat_member" if own else "chat_member", told)

    # Coming and going

    def add_member(
        self, chat: Chat, person: Person | Json, by: Person | None = None, *, invite: Json | None = None
    ) -> None:
        """Add a person, or the bot as `world.bot`, to a group; without `by` they join by themselves."""
        user = person.user if isinstance(person, Person) else person
        if chat.is_private or self.standing(chat, int(user["id"])).present:
            raise NotPossible("they are there already")
        adder = by.id if by else int(user["id"])
        self.change_standing(chat, Member(user), adder, **({"invite_link": invite} if invite else {}))
        self.service(chat, self.as_user(adder), {"new_chat_members": [user]})

    def add_bot(self, chat: Chat, by: Person) -> None:
        """Add the bot to a group."""
        self.add_member(chat, self.bot, by)

    def join(self, person: Person, chat: Chat, link: str | None = None) -> None:
        """Let a person join by themselves, perhaps by a link, or ask to where members are admitted one by one."""
        if self.standing(chat, person.id).status == "kicked":
            raise NotPossible("they are banned")
        invite = self._valid_link(chat, link) if link is not None else None
        if chat.join_by_request or (invite is not None and invite["creates_join_request"]):
            self.request_to_join(person, chat, invite)
        else:
            self.add_member(chat, person, invite=invite)
            if link is not None:
                chat.invite_uses[link] = chat.invite_uses.get(link, 0) + 1

    def _valid_link(self, chat: Chat, link: str) -> Json:
        """The invitation behind a link, unless it was revoked, has expired or is used up."""
        invite = chat.invite_links.get(link)
        if invite is None or invite["is_revoked"] or invite.get("expire_date", self.seconds() + 1) <= self.seconds():
            raise NotPossible("this link does not lead in any more")
        if chat.invite_uses.get(link, 0) >= invite.get("member_limit", 99_999):
            raise NotPossible("as many as may have joined by this link")
        return invite

    def leave(self, person: Person, chat: Chat) -> None:
        """Let a person leave a group."""
        self._part(chat, person.user, "left", person.id)

    def remove_member(self, chat: Chat, user_id: int, by: Person, *, ban: bool = False) -> None:
        """Remove a member, or the bot by its id."""
        status = "kicked" if ban or user_id == self.bot_id else "left"
        self._part(chat, self.standing(chat, user_id).user, status, by.id)

    def _part(self, chat: Chat, user: Json, status: str, by: int) -> None:
        if not self.standing(chat, int(user["id"])).present:
            raise NotPossible("they are not in this group")
        self.change_standing(chat, Member(user, status), by)
        self.service(chat, self.as_user(by), {"left_chat_member": user})

    def request_to_join(self, person: Person, chat: Chat, invite: Json | None = None) -> None:
        """Let a person ask to be admitted; a bot that may invite users is told, and may write to them for a while."""
        if chat.member(person.id):
            raise NotPossible("they are there already")
        request: Json = {"chat": chat.as_json(), "from": person.user, "user_chat_id": person.id}
        request |= {"date": int(self.seconds())} | ({"invite_link": invite} if invite else {})
        chat.join_requests[person.id] = request
        member = chat.member(self.bot_id)
        if member is not None and member.may("can_invite_users"):
            self.updates.push("chat_join_request", request)

    def settle_request(self, chat: Chat, user_id: int, *, admit: bool, by: int) -> bool:
        """Admit or decline somebody who asked to join; False when they did not ask."""
        if chat.join_requests.pop(user_id, None) is None:
            return False
        if admit:
            user = self.people[user_id].user
            self.change_standing(chat, Member(user), by, via_join_request=True)
            self.service(chat, self.as_user(user_id), {"new_chat_members": [user]})
        return True

    # Standing

    def promote(self, chat: Chat, person: Person, by: Person | None = None, **granted: bool) -> None:
        """Make a member an administrator with exactly these rights."""
        self._set_admin(chat, self.standing(chat, person.id), by, granted)

    def demote(self, chat: Chat, person: Person, by: Person | None = None) -> None:
        """Make an administrator a plain member again."""
        self.change_standing(chat, Member(person.user), self._owner(chat, by))

    def set_bot_rights(self, chat: Chat, by: Person | None = None, **granted: bool) -> None:
        """Make the bot an administrator with exactly these rights; with none at all a plain member."""
        standing = self.standing(chat, self.bot_id)
        if granted:
            self._set_admin(chat, standing, by, granted)
        else:
            self.change_standing(chat, Member(self.bot), self._owner(chat, by))

    def _set_admin(self, chat: Chat, old: Member, by: Person | None, granted: dict[str, bool]) -> None:
        if not old.present:
            raise NotPossible("only members become administrators")
        new = replace(old, status="administrator", rights=admin_rights(granted), promoted_by_bot=False)
        self.change_standing(chat, new, self._owner(chat, by))

    def _owner(self, chat: Chat, by: Person | None) -> int:
        if by is not None:
            return by.id
        return next((id for id, member in chat.members.items() if member.status == "creator"), self.bot_id)

    def set_anonymous(self, chat: Chat, person: Person, anonymous: bool = True) -> None:
        """Let an administrator hide behind the group's name, or not any more."""
        chat.members[person.id] = replace(self.standing(chat, person.id), anonymous=anonymous)

    # The group itself

    def rename(self, chat: Chat, title: str, by: Sender) -> None:
        """Give a group a new title."""
        chat.title = title
        self.service(chat, by, {"new_chat_title": title})
        self.publish("chat", chat)

    def migrate_to_supergroup(self, chat: Chat, by: Person | None = None, *, forum: bool = False) -> Chat:
        """Turn a basic group into a supergroup with a new id; the old one answers with that id from then on."""
        if chat.type != "group" or chat.migrated_to is not None:
            raise NotPossible("only a basic group becomes a supergroup")
        new = Chat(self._supergroup_id(), "supergroup", chat.title, is_forum=forum)
        new.members = {user_id: replace(member) for user_id, member in chat.members.items()}
        self.chats[new.id] = new
        self.service(chat, self.as_user(self._owner(chat, by)), {"migrate_to_chat_id": new.id})
        chat.migrated_to = new.id
        in_its_name = Sender(0, {"from": ANONYMOUS_ADMIN, "sender_chat": new.as_json()})
        self.service(new, in_its_name, {"migrate_from_chat_id": chat.id})
        for user_id in list(chat.members):
            self.publish("gone", chat, user_id=user_id)
        self.publish("chat", new)
        return new

    def set_forum(self, chat: Chat, on: bool) -> None:
        """Switch a supergroup's topics on or off."""
        if not chat.is_supergroup:
            raise NotPossible("only a supergroup has topics")
        chat.is_forum = on
        self.publish("chat", chat)
