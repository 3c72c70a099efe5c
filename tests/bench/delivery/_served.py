"""The sandbox in a process of its own, which also says what it saw and when: commands and answers are lines of JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import deque
from collections.abc import Mapping
from typing import Any

from bot.sandbox.bot_api import BotApi, Reply
from bot.sandbox.demo import demo_world
from bot.sandbox.server import serve
from bot.sandbox.validation import Upload
from bot.sandbox.world import Event, World

NOTICE = "Notice:"
"""So begins what goes to many; everything else that the bot says to a person counts as a reply."""


class CountingApi(BotApi):
    """A Bot API that counts how often it says 429."""

    refused = 0

    async def handle(
        self,
        method: str,
        raw: Mapping[str, Any],
        files: Mapping[str, Upload] | None = None,
        *,
        patience: float | None = None,
    ) -> Reply:
        """Answer a call."""
        reply = await super().handle(method, raw, files, patience=patience)
        self.refused += reply.status == 429
        return reply


class Watcher:
    """Asks as people, and notes when the bot's messages arrive."""

    def __init__(self, world: World, api: CountingApi, people: int) -> None:
        self.world, self.api = world, api
        self.people = [world.person(f"Member {number}", note="trainee") for number in range(people)]
        for person in world.people.values():
            person.started = True
        self.forget()
        world.subscribe(self.see)

    def forget(self) -> None:
        """Begin to count anew."""
        self.api.refused = 0
        self.notices: list[float] = []
        self.replies: list[float] = []
        self.waits: list[float] = []
        self.asked: dict[int, deque[float]] = {}

    def see(self, event: Event) -> None:
        """Called by the world for all that happens in it."""
        if event.kind != "message" or event.message is None or event.message["from"]["id"] != self.world.bot_id:
            return
        now = time.monotonic()
        if str(event.message.get("text", "")).startswith(NOTICE):
            self.notices.append(now)
            return
        self.replies.append(now)
        if event.chat is not None and (asked := self.asked.get(event.chat.id)):
            self.waits.append(now - asked.popleft())

    def ask(self, who: int, words: str) -> None:
        """Somebody writes to the bot."""
        person = self.people[who % len(self.people)]
        self.asked.setdefault(person.id, deque()).append(time.monotonic())
        self.world.say(person, self.world.private(person), words)

    async def carry_out(self, command: dict[str, Any]) -> dict[str, Any]:
        """One command."""
        match command["do"]:
            case "forget":
                self.forget()
            case "burst":
                for number in range(command["count"]):
                    self.ask(number % command["people"], command["words"])
            case "trickle":
                for number in range(command["count"]):
                    self.ask(number * 37, command["words"])
                    await asyncio.sleep(command["every"])
        seen = {"notices": self.notices, "replies": self.replies}
        spans = {f"{what}_span": times[-1] - times[0] if times else 0.0 for what, times in seen.items()}
        return {
            **{what: len(times) for what, times in seen.items()},
            **spans,
            "waits": self.waits,
            "refused": self.api.refused,
            "left": len(self.world.updates),
        }


async def main(people: int, limits: bool) -> None:
    """Serve until standard input ends."""
    world = demo_world(limits=limits)
    api = CountingApi(world)
    watcher = Watcher(world, api, people)
    world.updates.clear()
    async with serve(world, api=api) as running:
        chats = [person.id for person in watcher.people]
        print(json.dumps({"url": running.url, "token": running.token, "chats": chats}), flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps(await watcher.carry_out(json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), "limits" in sys.argv))
