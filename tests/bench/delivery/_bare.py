"""What others do: a bare loop of python-telegram-bot, the same with many at a time, its echo bot, and the bare wire."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from telegram import Bot, Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters
from telegram.request import HTTPXRequest

AT_A_TIME = 30
WIRES = 16


async def loop(bot: Bot, chats: list[int]) -> None:
    """One after the other."""
    for chat in chats:
        await bot.send_message(chat, "Notice: the next webinar is on Thursday.")


async def gathered(bot: Bot, chats: list[int]) -> None:
    """Many at a time."""
    some = asyncio.Semaphore(AT_A_TIME)

    async def one(chat: int) -> None:
        async with some:
            await bot.send_message(chat, "Notice: the next webinar is on Thursday.")

    await asyncio.gather(*(one(chat) for chat in chats))


async def wire(url: str, token: str, chats: list[int]) -> None:
    """No library at all: what the sandbox can take."""
    todo, where = iter(chats), urlsplit(url)

    async def connection(chats: Iterator[int]) -> None:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        for chat in chats:
            body = json.dumps({"chat_id": chat, "text": "Notice: the next webinar is on Thursday."}).encode()
            head = f"POST /bot{token}/sendMessage HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
            writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
            answer = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(answer.split(b"content-length: ")[1].split(b"\r\n")[0]))
        writer.close()

    await asyncio.gather(*(connection(todo) for _ in range(WIRES)))


async def send(how: str, url: str, token: str, chats: list[int]) -> None:
    """Send to all, once a line on standard input says so."""
    bot = Bot(token, base_url=f"{url}/bot", request=HTTPXRequest(connection_pool_size=2 * AT_A_TIME))
    async with bot:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        if how == "wire":
            await wire(url, token, chats)
        else:
            await {"loop": loop, "gathered": gathered}[how](bot, chats)
        print("done", flush=True)
        await asyncio.to_thread(sys.stdin.readline)


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say what was said."""
    if update.message is not None:
        await update.message.reply_text(update.message.text or "")


async def _ready(application: Any) -> None:
    print("ready", flush=True)


def main() -> None:
    """`loop|gathered|wire|echo`, with address, token and chats as JSON on the first line of standard input."""
    how, given = sys.argv[1], json.loads(sys.stdin.readline())
    if how != "echo":
        asyncio.run(send(how, given["url"], given["token"], given["chats"]))
        return
    application = Application.builder().token(given["token"]).base_url(f"{given['url']}/bot").post_init(_ready).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main()
