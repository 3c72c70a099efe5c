"""What a message about a question that could not be sent means for the question."""

from __future__ import annotations

import json
from enum import Enum

from bot import outbox
from bot.features.questions import Question
from bot.outbox import OutboxRow
from handlers._kit import Moment

_SILENT = ("setMessageReaction", "editMessageReplyMarkup")
_ROOM_IS_LOST = (
    "forbidden",
    "not enough rights to send",
    "no rights to send",
    "chat_write_forbidden",
    "chat not found",
)
_TOPIC_IS_GONE = ("thread not found", "topic_deleted", "topic_id_invalid", "topic_closed")


class Trouble(Enum):
    """What is to be done about it."""

    HOME = "the asker was not reached"
    MISSING = "something of the asker's is not in the topic"
    ALBUM = "an album was refused as a whole"
    REACTION = "a reaction cannot be set"
    NO_ROOM = "the bot cannot write in the room"
    NO_TOPICS = "the room has no topics for the bot"
    TOPIC_GONE = "the topic is not there any more"
    NOTHING = "it does not matter, or was mended already"


def trouble(moment: Moment, question: Question, row: OutboxRow) -> Trouble:
    """The kind of trouble that a failed row means."""
    error = (row.error or "").casefold()
    if row.chat_id == question.room_id:
        return _in_the_room(moment, question, row, error)
    if row.chat_id != question.chat_id or row.method in _SILENT or not (row.about or "").endswith(":answer"):
        return Trouble.NOTHING
    if row.method == "sendMediaGroup" and error.startswith("badrequest") and "not enough rights" not in error:
        return Trouble.ALBUM
    return Trouble.NOTHING if error.startswith("needs ") else Trouble.HOME


def _in_the_room(moment: Moment, question: Question, row: OutboxRow, error: str) -> Trouble:
    if any(sign in error for sign in _ROOM_IS_LOST):
        return Trouble.NO_ROOM
    if _is_of_an_earlier_topic(moment, question, row):
        return Trouble.NOTHING
    if row.method == "createForumTopic":
        return Trouble.NO_TOPICS
    if any(sign in error for sign in _TOPIC_IS_GONE):
        return Trouble.TOPIC_GONE
    if row.method in _SILENT:
        return Trouble.REACTION if (row.about or "").endswith(":reaction") else Trouble.NOTHING
    if not (row.about or "").endswith(":asker") or row.method.startswith("edit") or error.startswith("needs "):
        return Trouble.NOTHING
    return Trouble.ALBUM if row.method == "sendMediaGroup" else Trouble.MISSING


def _is_of_an_earlier_topic(moment: Moment, question: Question, row: OutboxRow) -> bool:
    """Whether the row was meant for a topic that has another in its place by now."""
    if row.method == "createForumTopic":
        return row.key != question.topic_key
    thread = json.loads(row.payload).get("message_thread_id")
    if thread is None:
        return False
    if isinstance(thread, dict):
        return question.topic_key is None or thread["$receipt"][0] != question.topic_key
    made = outbox.receipt(moment.db, question.topic_key) if question.topic_key else None
    return made is None or made.thread_id != thread
