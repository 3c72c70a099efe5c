"""kill -9 at the worst instants: right after Telegram took a message and before anybody could write that down."""

from __future__ import annotations

from bot.db import Database
from bot.sandbox.world import Chat, Event, Person, Post, World
from tests.processes import Process

QUESTION = "Can the money of our hospital's union pay the flight of patient club members to Lhasa?"
ANSWER = "No, a union's money is for its members only."


def _person(world: World, name: str) -> Person:
    return next(person for person in world.people.values() if person.name == name)


def _posts(chat: Chat, words: str) -> list[Post]:
    return [post for post in list(chat.messages.values()) if words in post.text]


def _tap(process: Process, person: Person, chat: Chat, words: str, label: str) -> None:
    world = process.running.world
    post = next(p for p in reversed(_posts(chat, words)) if any(label in b["text"] for row in p.buttons for b in row))
    button = next(b["text"] for row in post.buttons for b in row if label in b["text"])
    process.running.do(world.tap, person, chat, post, button)


def _says(event: Event, chat: Chat, words: str) -> bool:
    return event.kind in ("message", "edited") and event.chat is chat and words in str(event.message)


def test_r02_r03_the_story_ends_the_same_after_six_kills(process: Process) -> None:
    running, world = process.running, process.running.world
    li_wei, zhang = _person(world, "Li Wei"), _person(world, "张敏")
    chat = world.private(li_wei)
    room = next(c for c in world.chats.values() if c.is_forum)
    running.do(setattr, li_wei, "started", True)
    process.begin()
    running.do(world.say, zhang, room, "/queue")
    process.until(lambda: any(post.author == world.bot_id for post in room.messages.values()))

    process.fatal = lambda event: _says(event, chat, "Ask an expert")  # the bot's offer was taken, its receipt lost
    running.do(world.say, li_wei, chat, QUESTION)
    process.until(lambda: process.kills == 1 and any(p.buttons for p in chat.messages.values()))
    _tap(process, li_wei, chat, "", "Ask an expert")
    process.until(lambda: bool(_posts(chat, "This goes to our experts")))

    process.fatal = lambda event: event.kind == "message" and "forum_topic_created" in (event.message or {})
    _tap(process, li_wei, chat, "This goes to our experts", "Send")
    process.until(lambda: process.kills == 2 and bool(_posts(room, QUESTION)))

    process.fatal = lambda event: event.kind == "edited" and event.chat is room  # the claimed card
    _tap(process, zhang, room, QUESTION, "我来回答" if _labelled(room, "我来回答") else "Claim")
    process.until(lambda: process.kills == 3 and "张敏" in _posts(room, QUESTION)[0].text)

    process.fatal = lambda event: _says(event, chat, ANSWER)
    card = _posts(room, QUESTION)[0]
    running.do(world.say, zhang, room, ANSWER, topic=card.topic, reply_to=card)
    process.until(lambda: process.kills == 4 and bool(_posts(chat, ANSWER)))

    process.kill()
    _tap(process, li_wei, chat, ANSWER, "Solved")  # while nobody is there to hear it
    process.fatal = lambda event: event.kind == "message" and "forum_topic_closed" in (event.message or {})
    process.until(lambda: process.kills == 6)
    process.until(lambda: room.topics[card.topic].closed)

    assert len([topic for topic in room.topics.values() if "Q1" in topic.name]) == 1
    for where, words in ((room, QUESTION), (chat, ANSWER), (chat, "Passed to our experts as Q1")):
        plain = [post for post in _posts(where, words) if not post.text.endswith("↻")]
        assert len(plain) == 1, f"{words!r} came {len(plain)} times without the mark of a repetition"
    with Database(process.url).reading() as db:
        assert (
            db.connection().exec_driver_sql("SELECT count(*) FROM questions WHERE state = 'closed'").scalar_one() == 1
        )


def _labelled(chat: Chat, label: str) -> bool:
    return any(label in b["text"] for post in chat.messages.values() for row in post.buttons for b in row)
