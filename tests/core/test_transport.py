"""The transport over real connections: what may have arrived is told from what cannot have."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.courier._verdicts import Kind, judge
from bot.errors import SettingsInvalid
from bot.sandbox._connections import _OPEN
from bot.sandbox.server import serve
from bot.sandbox.transport import TOKEN
from bot.sandbox.world import World
from bot.telegram_api import TelegramApi
from bot.transport import AiohttpRequest

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the call, and answer nothing."""
    await reader.readuntil(b"\r\n\r\n")


async def keep_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the call, and let the caller wait."""
    await reader.read(-1)


async def half_an_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Break off in the middle."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"ok":')


def answering(body: str) -> Serve:
    """Answer that all is well, with this."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n{body}".encode())

    return answer


async def asked(root: str, **more: Any) -> TelegramError:
    """The error of a call."""
    api = TelegramApi(root, TOKEN, AiohttpRequest(connections=1))
    await api.open()
    try:
        with pytest.raises(TelegramError) as refused:
            await api.call("sendMessage", {"chat_id": 1, "text": "Hello"}, **more)
        return refused.value
    finally:
        await api.close()


@pytest.mark.parametrize(
    ("server", "error"),
    [
        (hang_up, NetworkError),
        (keep_silent, TimedOut),
        (half_an_answer, NetworkError),
        (answering('{"ok": true, "result": {"text": "My patient'), TelegramError),
        (answering('["My patient"]'), TelegramError),
        (answering('{"ok": true}'), TelegramError),
    ],
)
def test_s02_a_call_that_was_taken_without_an_answer_is_in_doubt(
    server: Serve, error: type[Exception], runner: asyncio.Runner, caplog: pytest.LogCaptureFixture
) -> None:
    async def call() -> TelegramError:
        ended = asyncio.Event()

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await server(reader, writer)
            writer.close()
            await writer.wait_closed()
            ended.set()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as listening:
            port = listening.sockets[0].getsockname()[1]
            refused = await asked(f"http://127.0.0.1:{port}", patience=0.05)
            await ended.wait()
            return refused

    refused = runner.run(call())
    assert isinstance(refused, error)
    assert "My patient" not in caplog.text
    assert judge(refused).kind is Kind.UNCERTAIN


def test_s03_a_call_that_found_nobody_was_not_sent(runner: asyncio.Runner) -> None:
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        refused = runner.run(asked(f"http://127.0.0.1:{taken.getsockname()[1]}"))
    assert judge(refused).kind is Kind.AWAY


def test_s03_a_call_through_a_proxy_that_is_away_was_not_sent(
    runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{taken.getsockname()[1]}")
        refused = runner.run(asked("http://telegram.invalid"))
    assert judge(refused).kind is Kind.AWAY


def test_a_proxy_that_cannot_be_used_is_said_at_once(runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1080")
    with pytest.raises(SettingsInvalid, match="http:// proxies"):
        runner.run(AiohttpRequest().initialize())


def test_a_connection_is_kept_for_the_next_call(runner: asyncio.Runner) -> None:
    async def call() -> set[int]:
        world = World()
        async with serve(world) as running:
            others = set(_OPEN)
            api = TelegramApi(running.url, TOKEN, AiohttpRequest(connections=1))
            await api.open()
            for _ in range(3):
                await api.call("getMe")
            ports = {port for _, port in _OPEN.keys() - others}
            await api.close()
            return ports

    assert len(runner.run(call())) == 1
