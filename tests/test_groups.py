"""Groups: what they are, what the bot lacks there, and what happens when they change, played through the sandbox."""

from __future__ import annotations

from sqlmodel import select

from bot.features import groups
from bot.features.groups import Kind
from bot.outbox import OutboxRow
from bot.sandbox.world import Chat
from tests.town import Town


def kind_of(town: Town, chat: Chat) -> Kind | None:
    """What the bot takes a group for."""
    with town.database.reading() as db:
        group = groups.find(db, chat.id)
        return group.kind if group else None


def test_a_new_group_is_asked_about_and_an_organizer_answers(town: Town) -> None:
    chat = town.world.supergroup("Wuhu", town.organizer, town.trainee, bot=False)
    town.world.add_bot(chat, town.organizer)
    town.settle()
    trainee = town.seat(town.trainee, chat)
    assert trainee.taps("Community" if "Community" in str(trainee.buttons("")) else "学员社区").show_alert
    organizer = town.seat(town.organizer, chat)
    organizer.taps(organizer.last.buttons[0][0]["text"])
    organizer.taps("English")
    organizer.taps("Taipei")
    organizer.sees("Ask me here with /ask")
    assert kind_of(town, chat) is Kind.COMMUNITY
    with town.database.reading() as db:
        group = groups.find(db, chat.id)
        assert group is not None
        assert (group.language, group.timezone) == ("en", "Asia/Taipei")


def test_a_consultants_room_without_topics_says_what_it_lacks(town: Town) -> None:
    chat = town.world.supergroup("Experts", town.organizer, bot=False)
    town.world.add_bot(chat, town.organizer)
    town.settle()
    seat = town.seat(town.organizer, chat)
    seat.taps(seat.last.buttons[0][1]["text"])
    seat.taps("English")
    seat.taps("Beijing")
    seat.sees("Topics are switched off")
    assert kind_of(town, chat) is Kind.CONSULTANTS
    assert kind_of(town, town.room) is Kind.UNKNOWN, "there is one consultants' room"


def test_the_room_thanks_for_the_right_it_lacked(town: Town) -> None:
    town.world.set_bot_rights(town.room, town.organizer, can_manage_topics=False)
    town.settle()
    town.world.set_bot_rights(town.room, town.organizer, can_manage_topics=True)
    town.settle()
    town.seat(town.organizer, town.room).sees("each question gets a topic of its own")


def test_the_groups_own_talk_costs_no_row(town: Town) -> None:
    town.world.set_rights(town.group, town.world.bot_id)
    with town.database.reading() as db:
        before = db.connection().exec_driver_sql("SELECT count(*) FROM inbox").scalar_one()
    town.seat(town.trainee, town.group).says("Good morning, everybody!")
    with town.database.reading() as db:
        assert db.connection().exec_driver_sql("SELECT count(*) FROM inbox").scalar_one() == before


def test_strange_updates_stop_nothing_and_a_channel_is_not_asked_what_it_is_for(town: Town) -> None:
    town.world.say(town.trainee, town.world.private(town.trainee), "hello")
    [(_, said)] = list(town.world.updates._waiting)
    told = {"from": said["message"]["from"], "date": said["message"]["date"]}
    standing = {"user": town.world.bot, "status": "left"}
    added = {"chat": {"id": -1007, "type": "channel", "title": "News"}, "old_chat_member": standing, **told}
    for kind, payload in (
        ("message", {"message_id": 1}),
        ("callback_query", {"id": "1"}),
        ("my_chat_member", added | {"new_chat_member": standing | {"status": "member"}}),
        ("message", said["message"] | {"message_id": 9, "text": "/help", "entities": [{"type": "bold"}]}),
    ):
        town.world.updates.push(kind, payload)
    seat = town.private(town.trainee)
    seat.says("/help")
    seat.sees("Just write your question")
    with town.database.reading() as db:
        assert not db.exec(select(OutboxRow).where(OutboxRow.chat_id == -1007)).all()


def test_r9_a_group_that_becomes_a_supergroup_keeps_everything(town: Town) -> None:
    chat = town.world.group("Basic", town.organizer, town.trainee)
    with town.database.transaction() as db:
        group = groups.seen(
            db, chat.id, title="Basic", is_forum=False, language="en", timezone="Asia/Shanghai", now=town.now()
        )
        groups.settle(db, group, Kind.COMMUNITY)
    asker = town.seat(town.trainee, chat)
    asker.says("/ask Can the union pay a flight to Lhasa?")
    asker.taps("Ask an expert")
    asker.taps("Send")
    new = town.world.migrate_to_supergroup(chat, town.organizer)
    town.settle()
    assert kind_of(town, new) is Kind.COMMUNITY
    topic = town.topic(town.consultant, "Q1")
    topic.replies("Lhasa", "No, sorry.")
    town.seat(town.trainee, new).sees("No, sorry.")


def test_r24_an_anonymous_admin_in_the_room_is_not_relayed(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says("Can the union pay a flight to Lhasa?")
    asker.taps("Ask an expert")
    asker.taps("Send")
    topic = town.topic(town.consultant, "Q1")
    town.world.set_anonymous(town.room, town.organizer)
    town.world.say(
        town.organizer, town.room, "psst", topic=topic.topic, reply_to=topic.message("Lhasa"), anonymously=True
    )
    town.settle()
    asker.sees_nothing_of("psst")
