"""Groups and who is in them, as the bot sees and changes it."""

from __future__ import annotations

import pytest
from telegram import ChatPermissions, Update

from bot.sandbox.errors import NotPossible
from bot.sandbox.world import Chat, Person
from tests.core.sandbox.conftest import Stage


@pytest.fixture
def wang(stage: Stage) -> Person:
    return stage.world.person("Wang")


@pytest.fixture
def group(stage: Stage, wang: Person) -> Chat:
    made = stage.world.supergroup("Trainees", stage.li, wang)
    stage.world.set_rights(
        made, stage.world.bot_id, can_restrict_members=True, can_promote_members=True, can_invite_users=True
    )
    stage.allow("message", "chat_member", "my_chat_member", "chat_join_request")
    return made


def changes(updates: list[Update]) -> list[tuple[str, str]]:
    told = [update.chat_member or update.my_chat_member for update in updates]
    return [(each.old_chat_member.status, each.new_chat_member.status) for each in told if each]


def test_what_the_bot_can_look_up(stage: Stage, group: Chat, wang: Person) -> None:
    bot = stage.bot
    assert stage.run(bot.get_chat(group.id)).title == "Trainees"
    assert stage.run(bot.get_chat(stage.li.id)).first_name == "Li Wei"
    assert stage.run(bot.get_chat_member_count(group.id)) == 3
    assert [m.status for m in stage.run(bot.get_chat_administrators(group.id))] == ["creator", "administrator"]
    assert stage.run(bot.get_chat_member(group.id, wang.id)).status == "member"
    stranger = stage.world.person("Stranger")
    assert stage.run(bot.get_chat_member(group.id, stranger.id)).status == "left"
    assert stage.refusal(bot.get_chat_member(group.id, 424242)) == "User not found"
    assert stage.refusal(bot.get_chat_administrators(stage.li.id)) == (
        "There are no administrators in the private chat"
    )


def test_joining_and_leaving_is_told_with_and_without_words(stage: Stage, group: Chat) -> None:
    newcomer = stage.world.person("New")
    stage.world.join(newcomer, group)
    stage.world.leave(newcomer, group)
    told = stage.updates()
    assert changes(told) == [("left", "member"), ("member", "left")]
    messages = [update.message for update in told if update.message]
    assert [bool(m.new_chat_members) for m in messages] == [True, False]
    assert messages[1].left_chat_member is not None


def test_the_bot_hears_that_it_was_added_promoted_and_removed(stage: Stage) -> None:
    group = stage.world.supergroup("New group", stage.li, bot=False)
    stage.world.add_bot(group, by=stage.li)
    stage.world.set_bot_rights(group, can_manage_topics=True)
    stage.world.remove_member(group, stage.world.bot_id, stage.li)
    told = stage.updates()
    assert changes(told) == [("left", "member"), ("member", "administrator"), ("administrator", "kicked")]
    with pytest.raises(NotPossible, match="not in this group"):
        stage.world.remove_member(group, stage.world.bot_id, stage.li)


def test_a_ban_keeps_somebody_out_until_it_is_lifted(stage: Stage, group: Chat, wang: Person) -> None:
    said = stage.world.say(wang, group, "spam")
    stage.run(stage.bot.ban_chat_member(group.id, wang.id))
    assert group.member(wang.id) is None
    assert said.id not in group.messages
    with pytest.raises(NotPossible, match="they are banned"):
        stage.world.join(wang, group)
    with pytest.raises(NotPossible, match="not in this group"):
        stage.world.say(wang, group, "hello")
    stage.run(stage.bot.unban_chat_member(group.id, wang.id))
    stage.world.join(wang, group)
    assert changes(stage.updates()) == [("member", "kicked"), ("kicked", "left"), ("left", "member")]


def test_a_restriction_silences_and_its_end_gives_the_voice_back(stage: Stage, group: Chat, wang: Person) -> None:
    stage.run(stage.bot.restrict_chat_member(group.id, wang.id, ChatPermissions.no_permissions()))
    with pytest.raises(NotPossible, match="may not write here"):
        stage.world.say(wang, group, "hello")
    assert stage.run(stage.bot.get_chat_member(group.id, wang.id)).status == "restricted"
    stage.run(stage.bot.restrict_chat_member(group.id, wang.id, ChatPermissions.all_permissions()))
    stage.world.say(wang, group, "hello")


def test_promotion_gives_exactly_the_rights_named(stage: Stage, group: Chat, wang: Person) -> None:
    stage.run(stage.bot.promote_chat_member(group.id, wang.id, can_pin_messages=True))
    member = stage.run(stage.bot.get_chat_member(group.id, wang.id)).to_dict()
    assert (member["status"], member["can_pin_messages"], member["can_delete_messages"]) == (
        "administrator",
        True,
        False,
    )
    stage.run(stage.bot.set_chat_administrator_custom_title(group.id, wang.id, "Helper"))
    assert stage.run(stage.bot.get_chat_member(group.id, wang.id)).to_dict()["custom_title"] == "Helper"
    stage.run(stage.bot.promote_chat_member(group.id, wang.id))
    assert stage.run(stage.bot.get_chat_member(group.id, wang.id)).status == "member"


def test_owners_administrators_and_the_bot_itself_are_safe_from_it(stage: Stage, group: Chat, wang: Person) -> None:
    stage.world.promote(group, wang, can_pin_messages=True)
    bot = stage.bot
    assert stage.refusal(bot.ban_chat_member(group.id, stage.li.id)) == "Can't remove chat owner"
    assert stage.refusal(bot.ban_chat_member(group.id, wang.id)) == "User is an administrator of the chat"
    assert stage.refusal(bot.ban_chat_member(group.id, stage.world.bot_id)) == "Can't restrict self"
    assert stage.refusal(bot.promote_chat_member(group.id, stage.li.id)) == "Can't edit chat owner"


def test_without_rights_the_bot_changes_nothing(stage: Stage, group: Chat, wang: Person) -> None:
    stage.world.set_bot_rights(group)
    bot = stage.bot
    for work, sentence in (
        (bot.ban_chat_member(group.id, wang.id), "Not enough rights to restrict/unrestrict chat member"),
        (bot.promote_chat_member(group.id, wang.id, can_pin_messages=True), "Not enough rights"),
        (bot.set_chat_title(group.id, "Ours"), "Not enough rights to change chat title"),
        (bot.set_chat_description(group.id, "Ours"), "Not enough rights to set chat description"),
        (bot.create_chat_invite_link(group.id), "Not enough rights to manage chat invite link"),
        (bot.approve_chat_join_request(group.id, wang.id), "Not enough rights to manage chat join requests"),
        (bot.set_chat_permissions(group.id, ChatPermissions()), "Not enough rights to change chat permissions"),
    ):
        assert stage.refusal(work) == sentence


def test_who_asks_to_join_is_admitted_or_declined(stage: Stage, group: Chat) -> None:
    group.join_by_request = True
    one, two = stage.world.person("One"), stage.world.person("Two")
    stage.world.join(one, group)
    stage.world.join(two, group)
    requests = [update.chat_join_request for update in stage.updates()]
    assert [request.from_user.id for request in requests if request] == [one.id, two.id]
    stage.run(stage.bot.approve_chat_join_request(group.id, one.id))
    stage.run(stage.bot.decline_chat_join_request(group.id, two.id))
    assert (group.member(one.id) is not None, group.member(two.id)) == (True, None)
    assert stage.refusal(stage.bot.approve_chat_join_request(group.id, one.id)) == "User_already_participant"
    assert stage.refusal(stage.bot.decline_chat_join_request(group.id, two.id)) == "Hide_requester_missing"


def test_invite_links_are_made_and_revoked(stage: Stage, group: Chat) -> None:
    primary = stage.run(stage.bot.export_chat_invite_link(group.id))
    assert stage.run(stage.bot.get_chat(group.id)).invite_link == primary
    assert stage.run(stage.bot.export_chat_invite_link(group.id)) != primary
    link = stage.run(stage.bot.create_chat_invite_link(group.id, name="Cohort 3", member_limit=20))
    assert (link.name, link.member_limit, link.is_primary) == ("Cohort 3", 20, False)
    assert stage.run(stage.bot.revoke_chat_invite_link(group.id, link.invite_link)).is_revoked


def test_title_and_description_change_once(stage: Stage, group: Chat) -> None:
    stage.world.set_bot_rights(group, can_change_info=True)
    stage.run(stage.bot.set_chat_title(group.id, "Cohort 3"))
    assert group.title == "Cohort 3"
    assert "new_chat_title" in next(reversed(group.messages.values())).message
    stage.run(stage.bot.set_chat_description(group.id, "For trainees"))
    assert stage.run(stage.bot.get_chat(group.id)).description == "For trainees"
    assert stage.refusal(stage.bot.set_chat_description(group.id, "For trainees")) == (
        "Chat description is not modified"
    )


def test_a_bot_that_left_is_outside(stage: Stage, group: Chat) -> None:
    stage.run(stage.bot.leave_chat(group.id))
    assert stage.refusal(stage.bot.send_message(group.id, "x")) == (
        "Forbidden: bot is not a member of the supergroup chat"
    )
    assert stage.refusal(stage.bot.leave_chat(stage.li.id)) == "Can't leave private chats"


def test_basic_groups_lack_what_supergroups_have(stage: Stage) -> None:
    small = stage.world.group("Small", stage.li)
    restrict = stage.bot.restrict_chat_member(small.id, stage.li.id, ChatPermissions.no_permissions())
    assert stage.refusal(restrict) == "Method is available only for supergroups"
    unban = stage.bot.unban_chat_member(small.id, stage.li.id)
    assert stage.refusal(unban) == "Method is available for supergroup and channel chats only"


def test_who_asks_to_join_can_be_written_to_for_five_minutes(stage: Stage, group: Chat) -> None:
    group.join_by_request = True
    new = stage.world.person("New")
    assert stage.refusal(stage.bot.send_message(new.id, "Hello")) == "Chat not found"
    stage.world.join(new, group)
    stage.run(stage.bot.send_message(new.id, "Hello"))
    stage.passes(minutes=6)
    assert stage.refusal(stage.bot.send_message(new.id, "Again")).endswith("initiate conversation with a user")
    stage.world.say(new, stage.world.private(new), "Here I am")
    stage.run(stage.bot.send_message(new.id, "Good"))


def test_a_link_leads_in_until_it_is_used_up_or_revoked_and_is_named(stage: Stage, group: Chat) -> None:
    one, two, three = (stage.world.person(name) for name in ("One", "Two", "Three"))
    link = stage.run(stage.bot.create_chat_invite_link(group.id, member_limit=1)).invite_link
    stage.world.join(one, group, link)
    named = [update.chat_member.invite_link for update in stage.updates() if update.chat_member]
    assert [each.invite_link for each in named if each] == [link]
    with pytest.raises(NotPossible, match="as many as may"):
        stage.world.join(two, group, link)
    asking = stage.run(stage.bot.create_chat_invite_link(group.id, creates_join_request=True)).invite_link
    stage.world.join(two, group, asking)
    assert two.id in group.join_requests
    stage.run(stage.bot.revoke_chat_invite_link(group.id, asking))
    with pytest.raises(NotPossible, match="does not lead in"):
        stage.world.join(three, group, asking)


def test_a_restriction_ends_by_itself(stage: Stage, group: Chat, wang: Person) -> None:
    until = int(stage.world.seconds()) + 60
    stage.run(stage.bot.restrict_chat_member(group.id, wang.id, ChatPermissions.no_permissions(), until_date=until))
    with pytest.raises(NotPossible, match="may not write here"):
        stage.world.say(wang, group, "hello")
    stage.passes(minutes=2)
    stage.world.say(wang, group, "hello")
    assert stage.run(stage.bot.get_chat_member(group.id, wang.id)).status == "member"
