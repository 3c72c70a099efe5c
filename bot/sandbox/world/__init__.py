"""The sandbox's world: people, chats and all that happens between them and the bot.

`World()` is the whole of it; a test or a page lets people act (`world.say`, `world.tap`, `world.start` …), the
Bot API acts for the bot. A world belongs to the thread of one event loop.
"""

from bot.sandbox.world._faults import Fault, Faults
from bot.sandbox.world._files import DOWNLOAD_LIMIT, Files, StoredFile
from bot.sandbox.world._inline import InlineAnswer, InlineQuery
from bot.sandbox.world._membership import member_json
from bot.sandbox.world._model import GENERAL, Chat, Event, Json, Member, Person, Post, Topic
from bot.sandbox.world._posting import SERVICE, Sender
from bot.sandbox.world._taps import Tap
from bot.sandbox.world._waiting import Waiting
from bot.sandbox.world._world import World
from bot.sandbox.world._writing import CAPTION_LIMIT, TEXT_LIMIT

__all__ = [
    "CAPTION_LIMIT",
    "DOWNLOAD_LIMIT",
    "GENERAL",
    "SERVICE",
    "TEXT_LIMIT",
    "Chat",
    "Event",
    "Fault",
    "Faults",
    "Files",
    "InlineAnswer",
    "InlineQuery",
    "Json",
    "Member",
    "Person",
    "Post",
    "Sender",
    "StoredFile",
    "Tap",
    "Topic",
    "Waiting",
    "World",
    "member_json",
]
