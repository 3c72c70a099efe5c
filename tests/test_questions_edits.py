"""Edits and reactions: what was passed on follows, the earlier words are kept, and whoever has to know hears it."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.features.questions import Version
from tests.conftest import SetClock
from tests.test_questions import UNKNOWN, passed_on
from tests.test_questions_albums import a_moment_passes, album_in, sends_album
from tests.test_questions_relay import attaches, everything_in_the_room
from tests.town import Seat, Town

NEWER = "Can the money of our hospital's union pay the train of patient club members to Lhasa?"


def edits(town: Town, seat: Seat, words: str, new: str) -> None:
    """Edit one's newest message that contains `words`."""
    own = [post for post in seat.posts if post.author == seat.person.id and words in post.text]
    town.world.edit(seat.person, seat.chat, own[-1], new)
    town.settle()


def earlier(town: Town) -> list[str]:
    """The wordings that are kept."""
    with town.database.reading() as db:
        return [version.text or "" for version in db.exec(select(Version).order_by(Version.id))]  # type: ignore[arg-type]


# R15: before it was passed on


def test_r15_an_edit_before_the_experts_are_asked_counts(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(UNKNOWN)
    edits(town, asker, UNKNOWN, NEWER)
    asker.taps("Ask an expert")
    asker.sees("pay the train")
    asker.taps("Send")
    topic = town.topic(town.consultant, "Q1")
    topic.sees(NEWER)
    topic.sees_nothing_of("edited")


@pytest.mark.parametrize("where", ["private", "group"])
def test_r15_an_edited_draft_shows_the_newest_words_and_keeps_the_earlier_ones(town: Town, where: str) -> None:
    asker = town.private(town.trainee) if where == "private" else town.seat(town.trainee, town.group)
    ask = "" if where == "private" else "/ask "
    asker.says(ask + UNKNOWN)
    asker.taps("Ask an expert")
    edits(town, asker, UNKNOWN, ask + NEWER)
    assert NEWER in asker.message("This goes to our experts").text
    assert earlier(town) == [UNKNOWN]
    asker.taps("Send")
    town.topic(town.consultant, "Q1").sees(NEWER)


def test_r15_an_edit_while_there_is_no_room_goes_there_later(town: Town) -> None:
    town.world.remove_member(town.room, town.world.bot_id, town.organizer)
    asker = passed_on(town)
    edits(town, asker, UNKNOWN, NEWER)
    town.world.add_bot(town.room, town.organizer)
    town.world.set_bot_rights(town.room, town.organizer, can_manage_topics=True)
    town.settle()
    town.topic(town.consultant, "Q1").sees(NEWER)
    assert earlier(town) == [UNKNOWN]


def test_r15_an_addition_that_is_edited_while_it_waits_goes_with_the_newest_words(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Tell me more.")
    town.world.faults.ask(method="sendMessage", chat_id=town.room.id, error_code=429, retry_after=30)
    asker.says("It is about the plane.")
    edits(town, asker, "It is about the plane.", "It is about the train.")
    clock.moves(seconds=31)
    town.settle()
    topic.sees("It is about the train.")
    topic.sees_nothing_of("Li Wei:\nIt is about the plane.")
    assert earlier(town) == ["It is about the plane."]


def test_r15_an_album_that_is_edited_while_it_waits_goes_with_the_newest_caption(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me.")
    sends_album(town, asker, caption="The plan")
    edits(town, asker, "The plan", "The newer plan")
    a_moment_passes(town, clock)
    assert "The newer plan" in album_in(topic)[0].text
    assert len(album_in(topic)) == 3


# R16: afterwards


def test_r16_an_edited_question_changes_on_its_card_and_the_room_sees_what_changed(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    edits(town, asker, UNKNOWN, NEWER)
    card = topic.message("pay the train")
    assert "✏️ edited" in topic.posts[1].text
    assert NEWER in topic.posts[1].text
    assert f"The asker edited: {UNKNOWN} → {NEWER}" in card.text
    topic.sees_nothing_of("the answer so far")
    assert earlier(town) == [UNKNOWN]
    topic.says("Trains are the same: no.", reply_to=topic.posts[1])
    asker.sees("Trains are the same: no.")


def test_r16_the_owner_of_an_answer_is_called_when_the_question_changes(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No.")
    edits(town, asker, UNKNOWN, NEWER)
    told = topic.sees("the answer so far speaks to the earlier words")
    [mention] = [entity for entity in told.message["entities"] if entity["type"] == "text_mention"]
    assert mention["user"]["id"] == town.consultant.id


def test_r16_an_edited_addition_changes_in_the_topic(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Tell me more.")
    asker.says("It is about the plane.")
    edits(town, asker, "It is about the plane.", "It is about the train.")
    assert topic.sees("Li Wei · ✏️ edited:\nIt is about the train.")
    topic.sees("The asker edited: It is about the plane. → It is about the train.")
    topic.replies("✏️ edited:", "A train, then.")
    asker.sees("A train, then.")


def test_r16_a_longer_or_shorter_edit_loses_nothing(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Tell me more.")
    long = " ".join(f"This is sentence number {n} of a long story." for n in range(88))
    asker.says("In short: it is long.")
    edits(town, asker, "In short", long)
    arrived = " ".join(post.text for post in topic.posts if "sentence number" in post.text)
    assert not [n for n in range(88) if f"number {n} of" not in arrived]
    edits(town, asker, "sentence number", "Short again.")
    topic.sees("Li Wei · ✏️ edited:\nShort again.")
    assert [post.text for post in topic.posts if post.text == "✏️ …"]
    assert not [post for post in topic.posts if "number 80 of" in post.text]


def test_r16_the_caption_of_one_photo_of_an_album_changes_in_place(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me.")
    sent = sends_album(town, asker, caption="The plan")
    a_moment_passes(town, clock)
    town.world.edit(town.trainee, asker.chat, sent[1], "page two")
    edits(town, asker, "The plan", "The newer plan")
    first, second, _third = album_in(topic)
    assert first.text == "Li Wei · ✏️ edited:\nThe newer plan"
    assert second.text == "✏️ edited:\npage two"


def test_r16_a_consultants_edit_changes_the_answer_at_home_and_keeps_the_earlier_one(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No, never.")
    edits(town, topic, "No, never.", "Only with the members' consent.")
    home = asker.sees("Only with the members' consent.")
    assert home.text.startswith("Q1 · answer from 张敏 · ✏️ edited")
    asker.sees_nothing_of("No, never.")
    assert earlier(town) == ["No, never."]
    asker.taps("Solved")
    edits(town, topic, "Only with", "Only with everybody's consent.")
    assert not asker.message("everybody's consent").buttons


def test_r16_the_caption_of_an_answer_changes_at_home(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    attaches(town, topic, "photo", caption="See page 3", reply_to=topic.message(UNKNOWN))
    edits(town, topic, "See page 3", "See page 4")
    home = asker.sees("See page 4")
    assert "photo" in home.message
    assert home.buttons


def test_r16_an_edited_note_stays_a_note(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.says("Odd question.")
    edits(town, topic, "Odd question.", "A very odd question.")
    asker.sees_nothing_of("odd question")
    assert earlier(town) == ["Odd question."]


def test_r16_an_edited_anonymous_question_still_names_nobody(town: Town) -> None:
    asker = passed_on(town, how="Send anonymously")
    edits(town, asker, UNKNOWN, NEWER)
    town.topic(town.consultant, "Q1").sees(NEWER)
    assert "Li Wei" not in everything_in_the_room(town)


def test_r16_nobody_else_can_edit_a_question(town: Town) -> None:
    passed_on(town, town.seat(town.trainee, town.group))
    topic = town.topic(town.consultant, "Q1")
    other = town.seat(town.other_trainee, town.group)
    other.says("/ask How do we find our first peer supporter?")
    edits(town, other, "/ask", f"/ask {NEWER}")
    topic.sees_nothing_of("pay the train")


def test_r16_an_edit_that_cannot_reach_the_asker_is_told_to_the_topic(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No, never.")
    town.world.delete(town.trainee, asker.chat, asker.message("No, never."))
    edits(town, topic, "No, never.", "Only with consent.")
    topic.sees("Not delivered: the message was deleted there.")


def test_r17_what_is_as_it_should_be_already_is_no_trouble(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No, never.")
    town.world.faults.ask(
        method="editMessageText",
        chat_id=asker.chat.id,
        error_code=400,
        description="Bad Request: message is not modified: specified new message content and reply markup are the same",
    )
    edits(town, topic, "No, never.", "Only with consent.")
    topic.sees_nothing_of("Not delivered")
    with town.database.reading() as db:
        failed = db.connection().exec_driver_sql("SELECT count(*) FROM outbox WHERE state = 'failed'").scalar_one()
    assert failed == 0


@pytest.mark.parametrize("how", ["Send", "Send anonymously"])
def test_r16_a_file_that_is_replaced_is_replaced_where_it_went(town: Town, how: str) -> None:
    asker = passed_on(town, how=how)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Show me.")
    first = attaches(town, asker, "document", name="Li Wei.pdf", caption="The form")
    other = town.world.files.add("document", b"the newer form", name="Li Wei again.pdf")
    town.world.replace(asker.chat, first, {"document": other.as_json() | {"file_name": "Li Wei again.pdf"}})
    town.settle()
    there = topic.sees("✏️ edited:\nThe form").message["document"]
    topic.sees("The asker replaced what was attached.")
    stored = town.world.files.find(there["file_id"])
    assert stored is not None
    assert stored.content == b"the newer form"
    assert there["file_name"] == ("file.pdf" if "anonymous" in how else "Li Wei again.pdf")


# Reactions


def reaction_of_bot(town: Town, seat: Seat, words: str) -> list[str]:
    """The bot's reaction to a message."""
    return [one["emoji"] for one in seat.message(words).reactions.get(town.world.bot_id, [])]


def test_the_askers_reaction_shows_on_the_answer_in_the_topic_and_goes_with_theirs(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No, never.")
    assert reaction_of_bot(town, topic, "No, never.") == ["👌"]
    for given, shown in (("❤", "❤"), ("🔥", "🔥"), (None, "👌")):
        town.world.set_reaction(town.trainee, asker.chat, asker.message("No, never."), given)
        town.settle()
        assert reaction_of_bot(town, topic, "No, never.") == [shown]
    topic.sees_nothing_of("The asker reacted")


def test_a_reaction_that_the_bot_cannot_set_is_said_in_a_line(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No, never.")
    answer = asker.message("No, never.")
    own = [{"type": "custom_emoji", "custom_emoji_id": "5368324170671202286"}]
    town.world.react(asker.chat, answer, town.trainee.id, own)
    town.settle()
    topic.sees("The asker reacted with an emoji of their own.")
    refused = "Bad Request: REACTION_INVALID"
    town.world.faults.ask(method="setMessageReaction", error_code=400, description=refused)
    town.world.set_reaction(town.trainee, asker.chat, answer, "🤔")
    town.settle()
    topic.sees("The asker reacted: 🤔")


def test_others_reactions_and_those_of_consultants_stay_where_they_are(town: Town) -> None:
    town.world.set_rights(town.group, town.world.bot_id)
    asker = passed_on(town, town.seat(town.trainee, town.group))
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "No, never.")
    town.world.set_reaction(town.other_trainee, town.group, asker.message("No, never."), "👎")
    town.world.set_reaction(town.consultant, town.room, topic.message(UNKNOWN), "🤡")
    town.settle()
    assert reaction_of_bot(town, topic, "No, never.") == ["👌"]
    assert not reaction_of_bot(town, asker, UNKNOWN)


# Patients stay unnamed, also in what is edited or comes later

PHONE = "13812345678"


def test_an_edit_is_screened_like_the_first_words(town: Town) -> None:
    asker = passed_on(town)
    topic = town.topic(town.consultant, "Q1")
    edits(town, asker, UNKNOWN, f"{NEWER} Call her at {PHONE}.")
    topic.sees("pay the train")
    asker.sees("I masked a phone number before passing it on.")
    topic.replies("pay the train", "Tell me more.")
    asker.says("It is about the plane.")
    edits(town, asker, "It is about the plane.", f"Ask {PHONE}.")
    topic.sees("✏️ edited:\nAsk ")
    assert PHONE not in everything_in_the_room(town)


def test_an_edited_draft_is_screened_when_it_is_shown_and_when_it_is_sent(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(UNKNOWN)
    asker.taps("Ask an expert")
    edits(town, asker, UNKNOWN, f"{NEWER} Call her at {PHONE}.")
    asker.sees("Underlined is what may identify a patient: a phone number.")
    edits(town, asker, NEWER, f"{NEWER} Or call her at {PHONE} tomorrow.")
    assert not [text for text in earlier(town) if PHONE in text]
    asker.taps("Mask and send")
    town.topic(town.consultant, "Q1").sees("pay the train")
    assert PHONE not in everything_in_the_room(town)


def test_the_captions_of_an_album_are_screened_one_by_one(town: Town, clock: SetClock) -> None:
    asker = town.private(town.trainee)
    first, second = sends_album(town, asker, 2, caption=UNKNOWN)
    third = {key: first.message[key] for key in ("photo", "media_group_id")} | {"caption": f"Call {PHONE}"}
    town.world.send_content(asker.person, asker.chat, third)
    town.settle()
    asker.taps("Ask an expert")
    asker.taps("Send")
    late = {key: second.message[key] for key in ("photo", "media_group_id")} | {"caption": f"Or {PHONE}"}
    town.world.send_content(asker.person, asker.chat, late)
    a_moment_passes(town, clock)
    asker.sees("I masked a phone number before passing it on.")
    assert len([post for post in town.topic(town.consultant, "Q1").posts if "photo" in post.message]) == 4
    assert PHONE not in everything_in_the_room(town)


@pytest.mark.parametrize("end", ["Do not send", "/forget"])
def test_an_edited_draft_can_be_thrown_away_with_its_earlier_words(town: Town, end: str) -> None:
    asker = town.private(town.trainee)
    asker.says(UNKNOWN)
    asker.taps("Ask an expert")
    edits(town, asker, UNKNOWN, NEWER)
    assert earlier(town) == [UNKNOWN]
    if end == "/forget":
        asker.says("/forget")
        asker.taps("Delete everything")
        asker.sees("It is deleted.")
    else:
        asker.taps(end)
        asker.sees("Not sent.")
    assert earlier(town) == []
