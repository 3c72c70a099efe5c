"""Files of all kinds, albums, downloads; polls and quizzes."""

from __future__ import annotations

import pytest
from telegram import InputMediaDocument, InputMediaPhoto, InputMediaVideo, PollOption
from telegram.error import TelegramError

from bot.sandbox.errors import NotPossible
from bot.sandbox.world import DOWNLOAD_LIMIT
from bot.sandbox.world._media import image_size
from tests.core.sandbox.conftest import PNG, Stage

Part = InputMediaPhoto | InputMediaVideo | InputMediaDocument
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffc0001108025803200301220002110103110100") + b"\xff\xd9"
GIF = b"GIF89a" + (40).to_bytes(2, "little") + (30).to_bytes(2, "little")


def test_a_document_goes_up_and_comes_down_again(stage: Stage) -> None:
    sent = stage.run(
        stage.bot.send_document(stage.li.id, b"plan", filename="plan.txt", caption="<b>The</b> plan", parse_mode="HTML")
    )
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type, sent.document.file_size) == ("plan.txt", "text/plain", 4)
    assert sent.caption == "The plan"
    file = stage.run(sent.document.get_file())
    assert bytes(stage.run(file.download_as_bytearray())) == b"plan"


def test_a_file_is_sent_again_by_its_id(stage: Stage) -> None:
    theirs = stage.world.send_photo(stage.li, stage.private, PNG, caption="our team @SmallWinsBot")
    (update,) = stage.updates()
    assert update.message is not None
    photo = update.message.photo[-1]
    assert (photo.width, photo.height) == (1, 1)
    assert update.message.caption_entities[0].type == "mention"
    again = stage.run(stage.bot.send_photo(stage.li.id, photo.file_id))
    assert again.photo[-1].file_unique_id == theirs.message["photo"][-1]["file_unique_id"]
    assert stage.refusal(stage.bot.send_voice(stage.li.id, photo.file_id)) == "Can't use file of type photo as voice"
    assert stage.refusal(stage.bot.send_photo(stage.li.id, "nonsense")) == ("Wrong file identifier/http url specified")


def test_a_photo_comes_in_several_sizes(stage: Stage) -> None:
    sent = stage.run(stage.bot.send_photo(stage.li.id, JPEG))
    assert [(size.width, size.height) for size in sent.photo] == [(90, 67), (320, 240), (800, 600)]


@pytest.mark.parametrize(
    ("content", "size"), [(PNG, (1, 1)), (JPEG, (800, 600)), (GIF, (40, 30)), (b"text", None), (b"\xff\xd8", None)]
)
def test_the_size_of_a_picture_is_read_from_its_bytes(content: bytes, size: tuple[int, int] | None) -> None:
    assert image_size(content) == size


def test_what_is_no_picture_is_no_photo(stage: Stage) -> None:
    assert stage.refusal(stage.bot.send_photo(stage.li.id, b"just text")) == "Image_process_failed"
    assert stage.refusal(stage.bot.send_document(stage.li.id, b"")) == "File must be non-empty"


def test_a_caption_has_at_most_1024_characters(stage: Stage) -> None:
    stage.run(stage.bot.send_photo(stage.li.id, PNG, caption="<b>" + "x" * 1024 + "</b>", parse_mode="HTML"))
    refusal = stage.refusal(stage.bot.send_photo(stage.li.id, PNG, caption="x" * 1025))
    assert refusal == "Message caption is too long"
    with pytest.raises(NotPossible, match="at most 1024"):
        stage.world.send_photo(stage.li, stage.private, PNG, caption="x" * 1025)


def test_every_kind_of_file_finds_its_field(stage: Stage) -> None:
    bot, li = stage.bot, stage.li.id
    assert stage.run(bot.send_voice(li, b"ogg", duration=3)).voice is not None
    assert stage.run(bot.send_video(li, b"mp4")).video is not None
    assert stage.run(bot.send_audio(li, b"mp3", title="Song")).audio is not None
    assert stage.run(bot.send_sticker(li, b"webp")).sticker is not None
    assert stage.run(bot.send_video_note(li, b"mp4")).video_note is not None
    animation = stage.run(bot.send_animation(li, b"gif"))
    assert animation.animation is not None
    assert animation.document is not None


def test_files_over_20_mb_pass_by_id_and_are_not_downloaded(stage: Stage) -> None:
    big = stage.world.send_document(stage.li, stage.private, b"start of it", "film.zip", size=DOWNLOAD_LIMIT + 1)
    file_id = big.message["document"]["file_id"]
    assert stage.refusal(stage.bot.get_file(file_id)) == "File is too big"
    assert stage.run(stage.bot.send_document(stage.li.id, file_id)).document is not None
    assert stage.refusal(stage.bot.get_file("nonsense")) == "Invalid file_id"


def test_a_download_that_is_not_there_fails(stage: Stage) -> None:
    sent = stage.run(stage.bot.send_document(stage.li.id, b"x", filename="x.txt"))
    assert sent.document is not None
    file = stage.run(sent.document.get_file())
    assert file.file_path is not None
    with pytest.raises(TelegramError):
        stage.run(stage.bot.request.retrieve(file.file_path + "gone"))


# Albums


def test_an_album_is_one_group_of_messages(stage: Stage) -> None:
    media: list[Part] = [InputMediaPhoto(PNG, caption="first"), InputMediaVideo(b"mp4")]
    posts = stage.run(stage.bot.send_media_group(stage.li.id, media))
    assert len({post.media_group_id for post in posts}) == 1
    assert [bool(post.photo) for post in posts] == [True, False]
    copies = stage.run(stage.bot.copy_messages(stage.li.id, stage.li.id, [post.message_id for post in posts]))
    groups = {stage.private.messages[copy.message_id].message["media_group_id"] for copy in copies}
    assert len(groups) == 1
    assert groups != {posts[0].media_group_id}


def test_albums_have_2_to_10_parts_that_fit_together(stage: Stage) -> None:
    photo, document = InputMediaPhoto(PNG), InputMediaDocument(b"x")
    wrong: list[tuple[list[Part], str]] = [
        ([photo], "There are no messages to send"),
        ([photo] * 11, "Too many messages to send as an album"),
        ([photo, document], "Document can't be mixed with other media types"),
    ]
    for media, sentence in wrong:
        reply = stage.bot.send_media_group(stage.li.id, media)
        assert stage.refusal(reply) == sentence


def test_people_send_albums_too(stage: Stage) -> None:
    stage.world.send_album(stage.li, stage.private, [PNG, PNG], caption="both")
    first, second = [update.message for update in stage.updates()]
    assert first is not None
    assert second is not None
    assert first.media_group_id == second.media_group_id is not None
    assert (first.caption, second.caption) == ("both", None)


def test_an_attachment_that_is_missing_is_named(stage: Stage) -> None:
    media = '[{"type": "photo", "media": "attach://one"}, {"type": "photo", "media": "attach://two"}]'
    reply = stage.reply("sendMediaGroup", chat_id=stage.li.id, media=media)
    assert reply.payload["description"] == "Bad Request: there is no file one in the request"


def test_media_is_put_in_place_of_other_media(stage: Stage) -> None:
    sent = stage.run(stage.bot.send_photo(stage.li.id, PNG, caption="old"))
    stage.run(sent.edit_media(InputMediaDocument(b"new", filename="new.txt", caption="new")))
    message = stage.private.messages[sent.message_id].message
    assert "photo" not in message
    assert (message["document"]["file_name"], message["caption"]) == ("new.txt", "new")
    stage.run(stage.bot.edit_message_caption(stage.li.id, sent.message_id, caption="newer"))
    assert stage.private.messages[sent.message_id].text == "newer"


# Polls


def test_votes_are_counted_and_told(stage: Stage) -> None:
    sent = stage.run(stage.bot.send_poll(stage.li.id, "When?", ["Mon", "Tue"], is_anonymous=False))
    post = stage.private.messages[sent.message_id]
    stage.world.vote(stage.li, stage.private, post, [1])
    poll, answer = stage.updates()
    assert poll.poll is not None
    assert [option.voter_count for option in poll.poll.options] == [0, 1]
    assert answer.poll_answer is not None
    assert answer.poll_answer.option_ids == (1,)
    stage.world.vote(stage.li, stage.private, post, [])
    assert post.message["poll"]["total_voter_count"] == 0


def test_a_quiz_takes_one_final_answer(stage: Stage) -> None:
    with_answer = {"chat_id": stage.li.id, "question": "?", "options": [{"text": "a"}, {"text": "b"}], "type": "quiz"}
    refused = stage.reply("sendPoll", **with_answer)
    assert refused.payload["description"] == "Bad Request: correct quiz option list must be non-empty"
    message = stage.call(
        "sendPoll", **with_answer, correct_option_ids=[1], explanation="Because <b>b</b>", explanation_parse_mode="HTML"
    )
    post = stage.private.messages[message["message_id"]]
    stage.world.vote(stage.li, stage.private, post, [0])
    with pytest.raises(NotPossible, match="final"):
        stage.world.vote(stage.li, stage.private, post, [1])
    assert post.message["poll"]["explanation"] == "Because b"


def test_a_poll_is_stopped_once(stage: Stage) -> None:
    sent = stage.run(stage.bot.send_poll(stage.li.id, "?", ["a", "b"]))
    poll = stage.run(stage.bot.stop_poll(stage.li.id, sent.message_id))
    assert poll.is_closed
    assert stage.refusal(stage.bot.stop_poll(stage.li.id, sent.message_id)) == "Poll has already been closed"
    with pytest.raises(NotPossible, match="closed"):
        stage.world.vote(stage.li, stage.private, stage.private.messages[sent.message_id], [0])


@pytest.mark.parametrize(
    ("question", "options", "sentence"),
    [
        ("x" * 301, ["a"], "poll question length must not exceed 300"),
        ("?", ["a"] * 13, "poll can't have more than 12 options"),
        ("?", ["x" * 101], "poll options length must not exceed 100"),
        ("?", [""], "poll option must be non-empty"),
        ("?", [], "poll must have at least one answer option"),
    ],
)
def test_polls_have_their_measures(stage: Stage, question: str, options: list[str], sentence: str) -> None:
    given = [{"text": option} for option in options]
    reply = stage.reply("sendPoll", chat_id=stage.li.id, question=question, options=given)
    assert reply.payload["description"] == f"Bad Request: {sentence}"


def test_a_poll_of_people_can_be_forwarded_and_is_still_the_same(stage: Stage) -> None:
    asked = stage.world.send_poll(stage.li, stage.private, "?", ["a", "b"])
    forward = stage.run(stage.bot.forward_message(stage.li.id, stage.li.id, asked.id))
    stage.world.vote(stage.li, stage.private, stage.private.messages[forward.message_id], [0])
    assert asked.message["poll"]["total_voter_count"] == 1
    assert isinstance(forward.poll.options[0] if forward.poll else None, PollOption)
