"""From an update to the one trigger that hears it; and what costs the bot nothing because it is not meant for it."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update

from bot.sandbox.world import Chat, Person, World
from handlers._kit import Event, Feature, Heard, Request, Screen, Tap
from handlers._kit._features import Triggers
from handlers._kit._reading import read
from handlers._kit._routing import Ears, event_of, find_trigger


class Scene:
    """A world whose updates are read by the bot's ears."""

    def __init__(self) -> None:
        self.world = World(bot_username="SmallWinsBot")
        self.world.updates.allow(["message", "callback_query", "my_chat_member"])
        self.world.privacy_mode = False
        self.li = self.person("Li Wei")
        self.wang = self.person("Wang Fang")
        self.group = self.world.supergroup("Trainees", self.wang, self.li)
        self.room = self.world.forum("Consultants' room", self.wang, self.li)
        self.ears = Ears(self.world.bot_id, "SmallWinsBot")
        self.rooms = {self.room.id}

    def person(self, name: str) -> Person:
        person = self.world.person(name)
        person.started = True
        return person

    def newest(self, kind: str = "") -> dict[str, Any]:
        """The newest update, or the newest of a kind, as the bot would get it."""
        return [update for update in self.world.updates.first(100) if not kind or kind in update][-1]

    def says(self, chat: Chat, text: str, **more: Any) -> dict[str, Any]:
        self.world.say(self.li, chat, text, **more)
        return self.newest()

    def wants(self, update: dict[str, Any]) -> bool:
        return self.ears.want(update, self.rooms)

    def hears(self, update: dict[str, Any]) -> Heard:
        heard = self.ears.hear(Update.de_json(update, None))
        assert heard is not None
        return heard


@pytest.fixture
def scene() -> Scene:
    return Scene()


# What is worth a row


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("What shall we eat tonight?", False),
        ("/ask how?", True),
        ("/ask@SmallWinsBot how?", True),
        ("/ASK@smallwinsbot how?", True),
        ("/ask@SmallWinsBot，怎么开始？", True),
        ("/ask@OtherBot how?", False),
        ("/ or not", False),
        ("//comment", False),
        ("/或者明天", False),
        ("@SmallWinsBot how?", True),
        ("how, @smallwinsbot?", True),
        ("how, @SmallWinsBots?", False),
        ("how, @SmallWinsBot_2?", False),
        ("SmallWinsBot is a name", False),
    ],
)
def test_a_groups_own_talk_is_dropped_and_what_is_meant_for_the_bot_is_not(
    scene: Scene, text: str, wanted: bool
) -> None:
    update = scene.says(scene.group, text)
    assert scene.wants(update) is wanted


def test_in_private_and_in_the_room_every_word_counts(scene: Scene) -> None:
    assert scene.wants(scene.says(scene.world.private(scene.li), "hello"))
    assert scene.wants(scene.says(scene.room, "hello"))


def test_a_reply_to_the_bot_is_meant_for_it_and_a_reply_to_another_is_not(scene: Scene) -> None:
    other = scene.world.say(scene.wang, scene.group, "My view")
    assert not scene.wants(scene.says(scene.group, "I see", reply_to=other))
    update = scene.newest()
    answered = update["message"]["reply_to_message"] | {"from": scene.world.bot}
    reply = {**update, "message": update["message"] | {"reply_to_message": answered}}
    assert scene.wants(reply)
    begun = answered | {"forum_topic_created": {"name": "Q1", "icon_color": 1}}
    assert not scene.wants({**update, "message": update["message"] | {"reply_to_message": begun}})


def test_other_bots_and_channels_are_not_listened_to(scene: Scene) -> None:
    said = scene.says(scene.room, "/ask how?")
    by_a_bot = said["message"] | {"from": {"id": 5, "is_bot": True, "first_name": "Other"}}
    assert not scene.wants({**said, "message": by_a_bot})
    in_a_channel = said["message"] | {"chat": {"id": -9, "type": "channel", "title": "News"}}
    assert not scene.wants({**said, "message": in_a_channel})


def test_r09_a_group_that_becomes_a_supergroup_is_heard(scene: Scene) -> None:
    group = scene.world.group("Ward 3", scene.wang)
    scene.world.migrate_to_supergroup(group)
    wanted = [update for update in scene.world.updates.first(100) if scene.wants(update)]
    assert [scene.hears(update).kind for update in wanted] == ["migration"]


@pytest.mark.parametrize("kind", ["channel_post", "edited_channel_post", "poll", "message_reaction_count"])
def test_kinds_that_nobody_handles_cost_nothing(scene: Scene, kind: str) -> None:
    assert not scene.wants({"update_id": 1, kind: {}})


# What is heard


@pytest.mark.parametrize(
    ("said", "command", "text"),
    [
        ("/ask how do we begin?", "ask", "how do we begin?"),
        ("/ASK how?", "ask", "how?"),
        ("/ask@SmallWinsBot  how? ", "ask", "how?"),
        ("/ask\nhow\n\nand why?", "ask", "how\n\nand why?"),
        ("/ask，怎么开始？", "ask", "，怎么开始？"),
        ("/ask\thow?", "ask", "how?"),
        ("/ask", "ask", ""),
        ("how do we /ask?", None, "how do we /ask?"),
        ("@SmallWinsBot how?", None, "how?"),
        ("how, @smallwinsbot?", None, "how,  ?"),
        ("/或者明天", None, "/或者明天"),
    ],
)
def test_a_command_is_told_from_its_words(scene: Scene, said: str, command: str | None, text: str) -> None:
    heard = scene.hears(scene.says(scene.world.private(scene.li), said))
    assert (heard.kind, heard.command, heard.text) == ("message", command, text)
    assert (heard.private, heard.sender_id, heard.chat_id) == (True, scene.li.id, scene.li.id)


def test_a_command_for_another_bot_is_no_command(scene: Scene) -> None:
    heard = scene.hears(scene.says(scene.room, "/ask@OtherBot how?"))
    assert (heard.command, heard.addressed) == (None, False)


def test_a_command_can_stand_in_a_caption(scene: Scene) -> None:
    scene.world.send_photo(scene.li, scene.world.private(scene.li), b"\x89PNG", caption="/ask is this right?")
    heard = scene.hears(scene.newest())
    assert (heard.command, heard.text) == ("ask", "is this right?")


def test_r24_who_writes_in_the_name_of_the_group_is_nobody_whom_we_know(scene: Scene) -> None:
    said = scene.says(scene.room, "an answer")
    anonymous = said["message"] | {"sender_chat": said["message"]["chat"]}
    assert scene.hears({**said, "message": anonymous}).sender_id is None


def test_r08_the_general_topic_has_no_thread_id_and_a_plain_reply_neither(scene: Scene) -> None:
    first = scene.world.say(scene.li, scene.group, "/ask first")
    assert scene.hears(scene.says(scene.group, "/ask second", reply_to=first)).thread_id is None
    assert scene.hears(scene.says(scene.room, "in General")).thread_id is None
    topic = scene.world.open_topic(scene.room, "Q1", scene.world.as_person(scene.wang))
    assert scene.hears(scene.says(scene.room, "in the topic", topic=topic.id)).thread_id == topic.id


def test_a_tap_is_heard_with_its_data_also_when_its_message_is_too_old(scene: Scene) -> None:
    post = scene.world.say(scene.li, scene.group, "stands for a message of ours")
    scene.world.tap(scene.li, scene.group, post, "faq.helpful:1", stale=True)
    update = scene.newest()
    heard = scene.hears(update)
    assert (heard.kind, heard.data, heard.chat_id, heard.private) == ("tap", "faq.helpful:1", scene.group.id, False)
    assert heard.message is not None
    query = update["callback_query"]
    old = {"chat": query["message"]["chat"], "message_id": 1, "date": 0}
    heard = scene.hears({**update, "callback_query": query | {"message": old}})
    assert (heard.chat_id, heard.data) == (scene.group.id, "faq.helpful:1")
    without = {name: value for name, value in query.items() if name != "message"} | {"inline_message_id": "x"}
    assert scene.hears({**update, "callback_query": without}).chat_id == scene.li.id


def test_the_bots_own_place_and_topics_are_heard_as_what_they_are(scene: Scene) -> None:
    scene.world.remove_member(scene.group, scene.world.bot_id, scene.wang)
    assert scene.hears(scene.newest("my_chat_member")).kind == "membership"
    topic = scene.world.open_topic(scene.room, "Q1", scene.world.as_person(scene.wang))
    scene.world.shut_topic(scene.wang, scene.room, topic.id)
    heard = scene.hears(scene.newest())
    assert (heard.kind, heard.thread_id) == ("topic", topic.id)


def test_a_kind_without_ears_is_nothing(scene: Scene) -> None:
    said = scene.says(scene.group, "hello")
    assert scene.ears.hear(Update.de_json({"update_id": 1, "channel_post": said["message"]}, None)) is None


def test_a_message_with_something_new_in_it_is_still_heard_by_its_words(scene: Scene) -> None:
    said = scene.says(scene.group, "/ask how?")
    newer = {**said, "message": said["message"] | {"live_photo": {"hologram": 1}}}
    update = read(newer)
    assert update is not None
    heard = scene.ears.hear(update)
    assert heard is not None
    assert (heard.command, heard.text) == ("ask", "how?")
    assert read({"update_id": 1, "message": {"message_id": 1}}) is None


def test_an_edited_message_is_heard_as_such_and_never_as_a_command(scene: Scene) -> None:
    said = scene.says(scene.group, "/ask how?")
    heard = scene.ears.hear(Update.de_json({"update_id": 1, "edited_message": said["message"]}, None))
    assert heard is not None
    assert (heard.kind, heard.command, heard.message_id) == ("edited", None, said["message"]["message_id"])


def test_a_reaction_is_wanted_unless_nobody_we_could_know_gave_it(scene: Scene) -> None:
    said = scene.says(scene.group, "hello")["message"]
    reaction = {
        "chat": said["chat"],
        "message_id": said["message_id"],
        "user": said["from"],
        "date": said["date"],
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": "👍"}],
    }
    assert scene.wants({"update_id": 1, "message_reaction": reaction})
    nobody = {name: value for name, value in reaction.items() if name != "user"}
    assert not scene.wants({"update_id": 1, "message_reaction": nobody})
    heard = scene.ears.hear(Update.de_json({"update_id": 1, "message_reaction": reaction}, None))
    assert heard is not None
    assert (heard.kind, heard.message_id) == ("reaction", said["message_id"])


# Who hears it


faq = Feature("faq")
questions = Feature("questions")


class Helpful(Tap, prefix="faq.helpful"):
    """A button of the FAQ."""


@faq.command("ask")
def ask(request: Request) -> Screen | None: ...


@faq.tap(Helpful)
def helpful(request: Request, tap: Helpful) -> Screen | None: ...


@faq.event(Event.WORDS)
def words(request: Request) -> Screen | None: ...


@questions.event(Event.ROOM)
def in_the_room(request: Request) -> Screen | None: ...


@questions.event(Event.MIGRATION)
def migrated(request: Request) -> Screen | None: ...


@questions.step("follow_up")
def follow_up(request: Request) -> Screen | None: ...


@questions.reply("question")
def replied(request: Request) -> Screen | None: ...


def heard_by(scene: Scene, update: dict[str, Any], step: str | None = None, about: str | None = None) -> str | None:
    triggers = Triggers.of([faq, questions])
    trigger = find_trigger(triggers, scene.hears(update), rooms=scene.rooms, step=step, about=about)
    return trigger.run.__name__ if trigger else None


def test_each_kind_of_update_reaches_its_one_trigger(scene: Scene) -> None:
    private = scene.world.private(scene.li)
    step, about = "questions.follow_up", "question:12:answer"
    assert heard_by(scene, scene.says(private, "/ask how?"), step, about) == "ask"
    assert heard_by(scene, scene.says(private, "how?"), step, "asked:1") == "follow_up"
    assert heard_by(scene, scene.says(private, "how?"), step, about) == "replied"
    assert heard_by(scene, scene.says(private, "how?"), None, about) == "replied"
    assert heard_by(scene, scene.says(private, "how?"), "gone.step", "asked:1") == "words"
    assert heard_by(scene, scene.says(private, "/unknown how?"), step) == "words"
    assert heard_by(scene, scene.says(scene.group, "how?"), step, about) == "replied"
    assert heard_by(scene, scene.says(scene.group, "how?"), step) == "words"
    assert heard_by(scene, scene.says(scene.room, "how?"), step, about) == "in_the_room"
    assert heard_by(scene, scene.says(scene.room, "/unknown")) == "in_the_room"
    assert heard_by(scene, scene.says(scene.room, "/ask how?")) == "ask"


def test_a_tap_reaches_the_trigger_of_its_prefix_and_one_of_an_older_version_reaches_none(scene: Scene) -> None:
    post = scene.world.say(scene.li, scene.group, "stands for a message of ours")
    scene.world.tap(scene.li, scene.group, post, "faq.helpful:1", stale=True)
    assert heard_by(scene, scene.newest()) == "helpful"
    scene.world.tap(scene.li, scene.group, post, "faq.gone:1", stale=True)
    assert heard_by(scene, scene.newest()) is None


def test_an_event_that_no_feature_wants_reaches_nobody(scene: Scene) -> None:
    scene.world.remove_member(scene.group, scene.world.bot_id, scene.wang)
    update = scene.newest("my_chat_member")
    assert event_of(scene.hears(update), scene.rooms) is Event.MEMBERSHIP
    assert heard_by(scene, update) is None


def test_two_features_cannot_listen_to_the_same_thing() -> None:
    other = Feature("other")
    other.command("ask")(ask)
    with pytest.raises(ValueError, match=r"registered by two features: \{'ask'\}"):
        Triggers.of([faq, other])
    with pytest.raises(ValueError, match="ask is registered twice"):
        faq.command("ask")(ask)
    with pytest.raises(ValueError, match=r"faq\.helpful does not belong to other"):
        other.tap(Helpful)


# Albums, and senders whom nobody can know


def test_r13_the_messages_behind_an_addressed_one_of_an_album_are_wanted_in_a_group(scene: Scene) -> None:
    posts = scene.world.send_album(scene.li, scene.group, [b"1", b"2"], caption="/ask What is this?")
    others = scene.world.send_album(scene.li, scene.group, [b"3", b"4"])
    updates = [update for update in scene.world.updates.first(100) if "message" in update]
    assert [scene.wants(update) for update in updates[-4:]] == [True, True, False, False]
    assert posts
    assert others


def test_r13_a_further_message_of_an_album_goes_to_whoever_minds_albums(scene: Scene) -> None:
    scene.world.send_album(scene.li, scene.world.private(scene.li), [b"1"])
    heard = scene.hears(scene.newest())
    feature = Feature("faq")
    feature.event(Event.WORDS)(_nothing)
    feature.event(Event.ALBUM)(_nothing)
    triggers = Triggers.of([feature])

    def found(album: str | None) -> bool:
        trigger = find_trigger(triggers, heard, rooms=(), step=None, about=None, album=album)
        return trigger is triggers.events[Event.ALBUM]

    assert found(heard.album)
    assert not found("another")
    assert not found(None)


def _nothing(_request: Request) -> Screen | None:
    return None


def test_r24_whoever_hides_behind_the_group_is_heard_in_the_room_only_when_they_reply_to_us(scene: Scene) -> None:
    scene.world.promote(scene.room, scene.wang)
    ours = scene.world.put(scene.room, scene.world.as_bot(), {"text": "a question"})
    for reply_to in (None, ours):
        scene.world.say(scene.wang, scene.room, "an answer", reply_to=reply_to, anonymously=True)
        update = scene.newest("message")
        assert scene.wants(update) is (reply_to is not None)
    heard = scene.hears(update)
    assert (heard.kind, heard.sender_id) == ("stranger", None)
    assert event_of(heard, scene.rooms) is Event.UNKNOWN_SENDER
