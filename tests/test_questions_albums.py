"""Albums between askers and the consultants' room: kept together, in order, whatever comes late or fails."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.world import Post
from tests.conftest import SetClock
from tests.test_questions import UNKNOWN, passed_on
from tests.town import Seat, Town


def sends_album(
    town: Town, seat: Seat, count: int = 3, *, kind: str = "photo", caption: str = "", reply_to: Post | None = None
) -> list[Post]:
    """An album, as a client sends it: its messages reach the bot one by one."""
    contents = [f"{kind} {number}".encode() for number in range(count)]
    posts = town.world.send_album(
        seat.person, seat.chat, contents, kind=kind, caption=caption, topic=seat.topic, reply_to=reply_to
    )
    town.settle()
    return posts


def a_moment_passes(town: Town, clock: SetClock) -> None:
    """The album's patience is over."""
    clock.moves(seconds=2)
    town.settle()


def files_of(posts: list[Post]) -> list[str]:
    """Telegram's ids of the files in these messages."""
    found: list[str] = []
    for post in posts:
        held: Any = next(post.message[kind] for kind in ("photo", "document", "video", "audio") if kind in post.message)
        found.append((held[-1] if isinstance(held, list) else held)["file_id"])
    return found


def album_in(seat: Seat) -> list[Post]:
    """The messages of the newest album that the bot sent here."""
    mine = [post for post in seat.posts if "media_group_id" in post.message and post.author == seat.town.world.bot_id]
    assert mine, "no album arrived"
    return [post for post in mine if post.message["media_group_id"] == mine[-1].message["media_group_id"]]


def test_r13_an_album_of_the_asker_arrives_as_one_in_order(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me the form, please.")
    sent = sends_album(town, asker, caption="Here it is")
    assert not [post for post in topic.posts if "photo" in post.message], "it waits for the rest"
    a_moment_passes(town, clock)
    arrived = album_in(topic)
    assert files_of(arrived) == files_of(sent)
    assert arrived[0].text == "Li Wei:\nHere it is"
    assert [post.text for post in asker.posts if "Added to Q1" in post.text] == ["Added to Q1; the experts see it."]


def test_r13_a_reply_to_any_photo_of_an_album_goes_home(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me the form, please.")
    sends_album(town, asker)
    a_moment_passes(town, clock)
    topic.says("The second page is not signed.", reply_to=album_in(topic)[1])
    asker.sees("The second page is not signed.")


@pytest.mark.parametrize("kind", ["photo", "video", "document", "audio"])
def test_r13_an_album_of_a_consultant_comes_home_as_one_with_its_buttons(
    town: Town, clock: SetClock, kind: str
) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    sent = sends_album(town, topic, kind=kind, caption="Three pages", reply_to=topic.message(UNKNOWN))
    a_moment_passes(town, clock)
    arrived = album_in(asker)
    assert files_of(arrived) == files_of(sent)
    assert arrived[0].text == "Q1 · answer from 张敏\n\nThree pages"
    assert asker.last.text == "Does this answer your question?"
    assert sent[0].reactions, "the bot marks what it delivered"
    asker.taps("Solved")
    assert town.room.topics[topic.topic].closed


def test_r13_what_the_asker_says_next_does_not_overtake_their_album(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me, please.")
    town.world.send_album(asker.person, asker.chat, [b"1", b"2"])
    asker.replies("answer from", "These are the two pages.")
    album, words = album_in(topic), topic.message("These are the two pages.")
    assert len(album) == 2
    assert album[-1].id < words.id


def test_r13_a_late_part_follows_and_says_where_it_belongs(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me, please.")
    sent = sends_album(town, asker, 2)
    a_moment_passes(town, clock)
    late = {key: value for key, value in sent[0].message.items() if key in ("photo", "media_group_id")}
    town.world.send_content(asker.person, asker.chat, late)
    town.settle()
    a_moment_passes(town, clock)
    followed = topic.last
    assert "belongs to the album above" in followed.text
    assert followed.message["reply_to_message"]["message_id"] == album_in(topic)[0].id
    assert len([text for text in asker.texts if "Added to Q1" in text]) == 1


def test_r13_a_question_asked_with_an_album_gets_one_answer_and_arrives_whole(town: Town, clock: SetClock) -> None:
    asker = town.private(town.trainee)
    sent = sends_album(town, asker, caption=UNKNOWN)
    assert len([post for post in asker.posts if post.author == town.world.bot_id]) == 1
    asker.taps("Ask an expert")
    asker.taps("Send")
    topic = town.topic(town.consultant, "Q1")
    topic.sees(UNKNOWN)
    assert files_of(album_in(topic)) == files_of(sent)


def test_r13_an_album_without_words_is_offered_to_the_experts_once(town: Town) -> None:
    asker = town.private(town.trainee)
    sends_album(town, asker, 4)
    assert len([post for post in asker.posts if "I cannot read pictures" in post.text]) == 1
    asker.taps("Ask an expert")
    asker.taps("Send")
    assert len(album_in(town.topic(town.consultant, "Q1"))) == 4


def test_r13_a_part_that_comes_after_the_question_was_sent_follows_it(town: Town, clock: SetClock) -> None:
    asker = town.private(town.trainee)
    sent = sends_album(town, asker, 2, caption=UNKNOWN)
    asker.taps("Ask an expert")
    asker.taps("Send")
    late = {key: value for key, value in sent[1].message.items() if key in ("photo", "media_group_id")}
    town.world.send_content(asker.person, asker.chat, late)
    a_moment_passes(town, clock)
    topic = town.topic(town.consultant, "Q1")
    assert "belongs to the album above" in topic.last.text


def test_r13_an_album_asked_in_a_group_comes_whole(town: Town) -> None:
    town.world.set_rights(town.group, town.world.bot_id)
    asker = town.seat(town.trainee, town.group)
    sent = sends_album(town, asker, caption=f"/ask {UNKNOWN}")
    assert len([post for post in asker.posts if post.author == town.world.bot_id]) == 1
    asker.taps("Ask an expert")
    asker.taps("Send")
    assert files_of(album_in(town.topic(town.consultant, "Q1"))) == files_of(sent)


def test_r13_an_album_that_waits_survives_a_restart(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me, please.")
    sends_album(town, asker)
    town.restarts()
    a_moment_passes(town, clock)
    assert len(album_in(topic)) == 3


def test_r13_r05_a_topic_deleted_while_an_album_goes_out_comes_again_with_the_album(
    town: Town, clock: SetClock
) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me, please.")
    sent = sends_album(town, asker)
    town.world.promote(town.room, town.consultant, can_manage_topics=True)
    town.world.erase_topic(town.consultant, town.room, topic.topic)
    a_moment_passes(town, clock)
    again = town.topic(town.consultant, "Q1")
    assert again.topic != topic.topic
    assert files_of(album_in(again)) == files_of(sent)


def test_r14_what_an_album_loses_is_named_in_the_topic_and_can_be_tried_again(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me, please.")
    sent = sends_album(town, asker)
    town.world.delete(town.trainee, asker.chat, sent[1])
    refused = "Bad Request: wrong file identifier/HTTP URL specified"
    town.world.faults.ask(method="sendMediaGroup", error_code=400, description=refused)
    a_moment_passes(town, clock)
    assert len([post for post in topic.posts if "photo" in post.message]) == 2
    notice = topic.sees("Missing here, from the asker: a photo")
    assert "deleted before I could pass it on" in notice.text
    assert [button["text"] for row in notice.buttons for button in row] == ["🔁 Try again"]


def test_r14_an_answer_of_three_pictures_that_telegram_refuses_as_one_comes_one_by_one(
    town: Town, clock: SetClock
) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    sends_album(town, topic, reply_to=topic.message(UNKNOWN))
    town.world.faults.ask(method="sendMediaGroup", error_code=400, description="Bad Request: wrong file identifier")
    a_moment_passes(town, clock)
    assert len([post for post in asker.posts if "photo" in post.message]) == 3
    topic.sees_nothing_of("Not delivered")


def test_r13_only_the_first_message_of_a_consultants_album_has_to_be_a_reply(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    [first] = sends_album(town, topic, 1, reply_to=topic.message(UNKNOWN))
    second = {key: value for key, value in first.message.items() if key in ("photo", "media_group_id")}
    town.world.send_content(topic.person, topic.chat, second, topic=topic.topic)
    a_moment_passes(town, clock)
    assert len(album_in(asker)) == 2


def test_r13_an_album_of_one_goes_alone(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    sends_album(town, topic, 1, caption="One page", reply_to=topic.message(UNKNOWN))
    a_moment_passes(town, clock)
    home = asker.sees("One page")
    assert "media_group_id" not in home.message
    assert home.buttons


@pytest.mark.parametrize("words", ["/profile", "/ask", "Hello!"])
def test_r13_an_album_is_never_answered_message_by_message(town: Town, words: str) -> None:
    seat = town.private(town.trainee)
    seat.says(words)
    before = len([post for post in seat.posts if post.author == town.world.bot_id])
    sends_album(town, seat, 5)
    assert len([post for post in seat.posts if post.author == town.world.bot_id]) <= before + 1


def test_r13_an_anonymous_album_says_which_part_it_leaves_out(town: Town, clock: SetClock) -> None:
    asker = passed_on(town, how="Send anonymously")
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me, please.")
    [first] = sends_album(town, asker, 1, kind="document")
    big = town.world.files.add("document", b"a part", name="Li Wei.pdf", size=30 * 1024 * 1024)
    more = {"media_group_id": first.message["media_group_id"], "document": big.as_json() | {"file_name": "Li Wei.pdf"}}
    town.world.send_content(asker.person, asker.chat, more)
    a_moment_passes(town, clock)
    asker.sees("Not passed on: the file. It is over 20 MB")
    assert len([post for post in topic.posts if "document" in post.message]) == 1


def test_r19_an_album_counts_as_many_messages_as_it_has() -> None:
    from bot.courier._pace import GROUP_MESSAGES, Pace

    pace = Pace(30, lambda: 0.0)
    pace.took(-1, "sendMediaGroup", GROUP_MESSAGES)
    assert -1 in pace.waiting()
