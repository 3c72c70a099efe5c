"""What passes between asker and room: of every kind and length, with its formatting, and without a trace of who asks."""

from __future__ import annotations

import json
import mimetypes
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.world import Post
from handlers.questions._relay import neutral_name
from tests.conftest import SetClock
from tests.test_questions import UNKNOWN, passed_on
from tests.test_questions_albums import a_moment_passes, album_in, sends_album
from tests.town import Seat, Town

BIG = 30 * 1024 * 1024


def sends(town: Town, seat: Seat, content: dict[str, Any], *, reply_to: Post | None = None) -> Post:
    """Something that has no file."""
    post = town.world.send_content(seat.person, seat.chat, content, topic=seat.topic, reply_to=reply_to)
    town.settle()
    return post


def attaches(town: Town, seat: Seat, kind: str, *, reply_to: Post | None = None, **more: Any) -> Post:
    """Something that has a file."""
    post = town.world.send_file(
        seat.person, seat.chat, kind, b"bytes of it", topic=seat.topic, reply_to=reply_to, **more
    )
    town.settle()
    return post


def everything_in_the_room(town: Town) -> str:
    """All that the room can see, as Telegram hands it out."""
    bots = [post.message for post in town.room.messages.values() if post.author == town.world.bot_id]
    names = [topic.name for topic in town.room.topics.values()]
    return json.dumps([bots, names], ensure_ascii=False)


# R1, R3: once, and not lost


def test_r01_an_update_that_comes_twice_has_one_effect(town: Town) -> None:
    asker = passed_on(town)
    town.topic(town.consultant, "Q1").replies(UNKNOWN, "No.")
    town.world.say(asker.person, asker.chat, "And half of it?")
    [update] = town.world.updates.first(10)
    for _ in range(2):
        town.runner.run(town.app.take(update))
    town.settle()
    topic = town.topic(town.consultant, "Q1")
    assert len([text for text in topic.texts if "And half of it?" in text]) == 1


def test_r03_an_update_that_was_stored_before_a_crash_is_handled_after_it(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    town.world.say(asker.person, asker.chat, "And half of it?")
    town.app.poller.store(town.world.updates.first(10))  # and nobody came to handle it
    topic.sees_nothing_of("And half of it?")
    town.restarts()
    assert len([text for text in topic.texts if "And half of it?" in text]) == 1


# R19: told to wait


def test_r19_a_chat_that_has_to_wait_keeps_its_order_and_nobody_else_waits(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    town.world.faults.ask(method="sendMessage", chat_id=town.room.id, error_code=429, retry_after=30)
    said = [f"This comes {place}." for place in ("first", "second", "third")]
    for words in said:
        asker.replies("answer from", words)
    topic.sees_nothing_of("This comes")
    asker.sees("Added to Q1")
    clock.moves(seconds=31)
    town.settle()
    assert [text for text in topic.texts if text.startswith("Li Wei:")] == [f"Li Wei:\n{words}" for words in said]


# R20: lengths and formatting


def test_r20_a_long_addition_of_the_asker_arrives_whole(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Tell me more.")
    asker.says(" ".join(f"This is sentence number {n} of a long story." for n in range(90))[:4090])
    arrived = " ".join(text for text in topic.texts if "sentence number" in text)
    assert not [n for n in range(85) if f"number {n} of" not in arrived]


def test_r20_a_caption_that_leaves_no_room_for_a_heading_gets_it_above(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    caption = ("It says here: nothing. " * 50)[:1020]
    attaches(town, topic, "photo", caption=caption, reply_to=topic.message(UNKNOWN))
    *_, heading, picture = asker.posts
    assert heading.text == "Q1 · answer from 张敏"
    assert picture.text == caption.strip()
    assert picture.buttons
    attaches(town, asker, "photo", caption=caption, reply_to=picture)
    *_, heading, picture = topic.posts
    assert (heading.text, picture.text) == ("Li Wei", caption.strip())


def test_r20_a_caption_of_a_length_that_bots_may_not_send_becomes_messages(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    file = attaches(town, topic, "photo").message["photo"]
    caption = " ".join(f"This is sentence number {n} of it." for n in range(60))
    sends(town, topic, {"photo": file, "caption": caption}, reply_to=topic.message(UNKNOWN))
    assert any("photo" in post.message for post in asker.posts)
    arrived = " ".join(asker.texts)
    assert not [n for n in range(60) if f"number {n} of" not in arrived]


def test_r20_formatting_is_carried_both_ways(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    bold = [{"type": "bold", "offset": 0, "length": 2}]
    town.world.say(
        town.consultant,
        town.room,
        "No, never.",
        topic=topic.topic,
        reply_to=topic.message(UNKNOWN),
        entities=bold,
    )
    town.settle()
    home = asker.sees("No, never.")
    assert {"type": "bold", "offset": home.text.index("No"), "length": 2} in home.message["entities"]
    link = [{"type": "text_link", "offset": 0, "length": 4, "url": "https://example.org/?a=1&b=2"}]
    town.world.say(asker.person, asker.chat, "This is what I found.", entities=link)
    town.settle()
    there = topic.sees("This is what I found.")
    assert link[0] | {"offset": there.text.index("This")} in there.message["entities"]


# R21: what cannot be passed on

LEFT_OUT = [
    ({"dice": {"emoji": "🎲", "value": 3}}, "the dice"),
    ({"story": {"chat": {"id": 5, "type": "private"}, "id": 1}}, "the story"),
    ({"location": {"latitude": 1.0, "longitude": 2.0, "live_period": 900}}, "the live location"),
    ({"game": {"title": "Chess", "description": "…", "photo": []}}, "the game"),
    ({"paid_media": {"star_count": 5, "paid_media": []}, "caption": "look"}, "the paid media"),
    ({"checklist": {"title": "To do", "tasks": [{"id": 1, "text": "it"}]}}, "the checklist"),
]


@pytest.mark.parametrize(("content", "named"), LEFT_OUT, ids=[named for _, named in LEFT_OUT])
def test_r21_the_sender_is_told_exactly_what_was_not_passed_on(town: Town, content: dict[str, Any], named: str) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    card = topic.message(UNKNOWN)
    before = len(asker.posts)
    sends(town, topic, content, reply_to=card)
    topic.sees(f"Not passed on: {named}. The asker has not received it.")
    assert len(asker.posts) == before
    topic.replies(UNKNOWN, "In words then: no.")
    sends(town, asker, content)
    asker.sees(f"Not passed on: {named}. The experts have not received it.")
    assert len([text for text in topic.texts if "Not passed on" in text]) == 1


def test_r21_a_poll_is_named_in_both_directions_and_before_a_question(town: Town) -> None:
    asker = town.private(town.trainee)
    town.world.send_poll(town.trainee, asker.chat, "Tea?", ["yes", "no"])
    town.settle()
    asker.sees("Not passed on: the poll.")
    passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    town.world.send_poll(town.trainee, asker.chat, "Coffee?", ["yes", "no"])
    town.settle()
    asker.sees("Not passed on: the poll. The experts have not received it.")


@pytest.mark.parametrize(
    "content",
    [
        {"location": {"latitude": 31.2, "longitude": 121.5}},
        {"venue": {"location": {"latitude": 1.0, "longitude": 2.0}, "title": "Club", "address": "Here"}},
        {"contact": {"phone_number": "+861", "first_name": "Office"}},
    ],
    ids=["location", "venue", "contact"],
)
def test_places_and_contacts_go_both_ways(town: Town, content: dict[str, Any]) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    [kind] = content
    sends(town, topic, content, reply_to=topic.message(UNKNOWN))
    assert any(post.message.get(kind) == content[kind] for post in asker.posts if post.author == town.world.bot_id)
    sends(town, asker, content)
    assert any(post.message.get(kind) == content[kind] for post in topic.posts if post.author == town.world.bot_id)


def test_r22_a_file_over_20_mb_goes_by_its_id_in_both_directions(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    town.world.faults.ask(method="getFile", error_code=500, times=None)
    sent = attaches(town, topic, "document", name="book.pdf", size=BIG, reply_to=topic.message(UNKNOWN))
    assert asker.last.message["document"]["file_id"] == sent.message["document"]["file_id"]
    back = attaches(town, asker, "video", size=BIG)
    arrived = next(post for post in topic.posts if "video" in post.message)
    assert arrived.message["video"]["file_id"] == back.message["video"]["file_id"]
    sends_album(town, asker, 2, kind="document")
    assert not town.world.faults.as_json()[0]["struck"]


# Anonymous

NAMED = "Li Wei, ward 7.pdf"


def test_anonymous_files_lose_their_names(town: Town, clock: SetClock) -> None:
    asker = passed_on(town, how="Send anonymously")
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me, please.")
    attaches(town, asker, "document", name=NAMED, caption="This one")
    added = asker.message("Added to Q1")
    attaches(town, asker, "audio", name="Li Wei sings.mp3", performer="Li Wei", title="Me", reply_to=added)
    attaches(town, asker, "video", name="liwei.mp4", reply_to=added)
    arrived = [post.message for post in topic.posts if "document" in post.message]
    assert [message["document"]["file_name"] for message in arrived] == ["file.pdf", "file.mp3"]
    assert arrived[0]["caption"] == "anonymous:\nThis one"
    assert next(post for post in topic.posts if "video" in post.message).message["video"]["file_name"] == "file.mp4"
    seen = everything_in_the_room(town)
    assert "Li Wei" not in seen
    assert "liwei" not in seen
    assert str(town.trainee.id) not in seen


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["document", "audio", "video", "animation"]))
def test_a_neutral_name_says_nothing_but_the_type(name: str, media: str) -> None:
    neutral = neutral_name(media, name)
    assert neutral == media or mimetypes.guess_type(neutral)[0]
    assert neutral.partition(".")[0] in ("file", media)


def test_an_anonymous_file_keeps_its_content_and_a_name_with_an_odd_ending_is_dropped(town: Town) -> None:
    asker = passed_on(town, how="Send anonymously")
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me, please.")
    attaches(town, asker, "document", name="report.liwei")
    document = next(post.message["document"] for post in topic.posts if "document" in post.message)
    assert document["file_name"] == "document"
    stored = town.world.files.find(document["file_id"])
    assert stored is not None
    assert stored.content == b"bytes of it"


def test_an_anonymous_album_of_documents_loses_its_names(town: Town, clock: SetClock) -> None:
    asker = passed_on(town, how="Send anonymously")
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me, please.")
    sends_album(town, asker, 3, kind="document")
    a_moment_passes(town, clock)
    assert [post.message["document"]["file_name"] for post in album_in(topic)] == ["file.bin"] * 3


def test_the_document_that_an_anonymous_question_was_asked_with_loses_its_name(town: Town) -> None:
    asker = town.private(town.trainee)
    attaches(town, asker, "document", name=NAMED, caption=UNKNOWN)
    asker.taps("Ask an expert")
    asker.taps("Send anonymously")
    topic = town.topic(town.consultant, "Q1")
    assert [post.message["document"]["file_name"] for post in topic.posts if "document" in post.message] == ["file.pdf"]
    assert "Li Wei" not in everything_in_the_room(town)


def test_r22_an_anonymous_file_that_is_too_large_to_rename_is_not_passed_on_and_its_sender_told(town: Town) -> None:
    asker = passed_on(town, how="Send anonymously")
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me, please.")
    attaches(town, asker, "document", name=NAMED, size=BIG)
    asker.sees("Not passed on: the file. It is over 20 MB")
    assert not [post for post in topic.posts if "document" in post.message]
    attaches(town, asker, "photo", size=BIG, reply_to=asker.message("Show me, please."))
    assert [post for post in topic.posts if "photo" in post.message]


def test_an_anonymous_contact_is_not_passed_on(town: Town) -> None:
    asker = passed_on(town, how="Send anonymously")
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Whom may we call?")
    sends(town, asker, {"contact": {"phone_number": "+861", "first_name": "Li Wei"}})
    asker.sees("Not passed on: the contact.")
    assert "Li Wei" not in everything_in_the_room(town)


def test_a_question_that_is_a_contact_cannot_be_sent_anonymously(town: Town) -> None:
    asker = town.private(town.trainee)
    sends(town, asker, {"contact": {"phone_number": "+861", "first_name": "Li Wei"}})
    asker.taps("Ask an expert")
    tap = asker.taps("Send anonymously")
    assert tap.show_alert
    assert "Not passed on: the contact" in (tap.text or "")
    assert not [topic for topic in town.room.topics.values() if "Q1" in topic.name]


def test_an_anonymous_forward_shows_no_origin_and_a_mention_no_id(town: Town) -> None:
    asker = passed_on(town, how="Send anonymously")
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Tell me more.")
    own = town.world.say(town.trainee, town.group, "what we wrote to each other")
    town.world.forward(town.trainee, own, town.group, asker.chat)
    mention = [{"type": "text_mention", "offset": 0, "length": 2, "user": town.trainee.user}]
    there = asker.message("Tell me more.")
    town.world.say(town.trainee, asker.chat, "me again", entities=mention, reply_to=there)
    town.settle()
    topic.sees("what we wrote to each other")
    topic.sees("me again")
    seen = everything_in_the_room(town)
    assert "forward_origin" not in seen
    assert str(town.trainee.id) not in seen


# What is kept about a person


def test_mydata_shows_what_was_attached_and_edited_and_forget_deletes_it(town: Town) -> None:
    asker = town.private(town.trainee)
    asked = attaches(town, asker, "document", name="the plan.pdf", caption=UNKNOWN)
    asker.taps("Ask an expert")
    asker.taps("Send")
    town.world.edit(town.trainee, asker.chat, asked, "Never mind the plane: what about the train to Lhasa?")
    town.settle()
    asker.says("/mydata")
    file = town.world.files.find(asker.last.message["document"]["file_id"])
    assert file is not None
    shown = json.loads(file.content)
    assert shown["questions"][0]["earlier"] == [UNKNOWN]
    assert shown["asked"][0]["attached"][0]["file_name"] == "the plan.pdf"
    asker.says("/forget")
    asker.taps("Delete everything")
    with town.database.reading() as db:
        run = db.connection().exec_driver_sql
        assert run("SELECT count(*) FROM asked_attachments").scalar_one() == 0
        assert run("SELECT count(*) FROM question_versions").scalar_one() == 0
        assert run("SELECT count(*) FROM question_parts WHERE file_id IS NOT NULL").scalar_one() == 0


# R24: who may answer


def test_r24_an_anonymous_administrator_is_told_once_that_it_was_not_relayed(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    card = topic.message(UNKNOWN)
    town.world.promote(town.room, town.consultant, can_manage_topics=True)
    for words in ("Behind the group's name", "And once more"):
        town.world.say(town.consultant, town.room, words, topic=topic.topic, reply_to=card, anonymously=True)
        town.settle()
    asker.sees_nothing_of("Behind the group's name")
    assert len([text for text in topic.texts if "an anonymous administrator wrote it" in text]) == 1


def test_r24_a_channel_is_told_that_it_was_not_relayed(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    channel = town.world.channel("Hospital news")
    town.world.say(
        town.consultant,
        town.room,
        "News for you",
        topic=topic.topic,
        reply_to=topic.message(UNKNOWN),
        as_channel=channel,
    )
    town.settle()
    asker.sees_nothing_of("News for you")
    topic.sees("in the name of a channel")


def test_r24_another_bot_and_a_stranger_are_told_that_it_was_not_relayed(town: Town) -> None:
    asker = passed_on(town)
    stranger = town.person("Somebody", "en")
    helper = town.world.person("Helper Bot")
    helper.user = helper.user | {"is_bot": True}
    for person in (stranger, helper):
        town.world.add_member(town.room, person)
        town.topic(person, "Q1").replies(UNKNOWN, "Of course you can!")
        town.topic(person, "Q1").replies(UNKNOWN, "Really!")
    asker.sees_nothing_of("Of course you can!")
    topic = town.topic(town.consultant, "Q1")
    assert len([text for text in topic.texts if "only registered consultants answer. An organizer" in text]) == 1
    assert len([text for text in topic.texts if "a bot wrote it" in text]) == 1


def test_r24_an_administrator_behind_the_groups_name_who_does_not_reply_to_us_is_left_alone(town: Town) -> None:
    passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    town.world.promote(town.room, town.consultant, can_manage_topics=True)
    before = len(topic.posts)
    town.world.say(town.consultant, town.room, "Just a note", topic=topic.topic, anonymously=True)
    town.settle()
    assert len(topic.posts) == before + 1
