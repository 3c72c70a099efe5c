"""The sandbox over real HTTP on this machine: calls, webhooks, dropped connections, the doors for tests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from telegram import Bot, InputMediaPhoto
from telegram.error import Conflict, InvalidToken, NetworkError
from telegram.request import HTTPXRequest

from bot.sandbox.bot_api import BotApi
from bot.sandbox.server import Running, serve, serve_in_thread
from bot.sandbox.webhook import SECRET_HEADER, WebhookDelivery
from bot.sandbox.world import Person, World
from tests.core.sandbox.conftest import PNG, Stage


@asynccontextmanager
async def served() -> AsyncIterator[tuple[Running, Person, httpx.AsyncClient]]:
    world = World()
    li = world.person("Li Wei")
    world.start(li)
    async with serve(world) as running, httpx.AsyncClient(base_url=running.url, trust_env=False, timeout=60) as client:
        yield running, li, client


def test_a_call_may_come_as_address_form_json_or_multipart(runner: asyncio.Runner) -> None:
    async def story() -> None:
        async with served() as (running, li, client):
            url, call = f"/bot{running.token}/sendMessage", {"chat_id": str(li.id), "text": "你好"}
            answers = [
                await client.get(url, params=call),
                await client.post(url, data=call),
                await client.post(url, json=call | {"reply_markup": {"remove_keyboard": True}}),
                await client.post(url, files={name: (None, value) for name, value in call.items()}),
                await client.post(url + "?chat_id=" + call["chat_id"], data={"text": "你好"}),
            ]
            assert [answer.json()["result"]["text"] for answer in answers] == ["你好"] * 5

    runner.run(story())


def test_refusals_have_their_http_status(runner: asyncio.Runner) -> None:
    async def story() -> None:
        async with served() as (running, li, client):
            wrong_token = await client.post("/bot123:wrong/getMe")
            assert (wrong_token.status_code, wrong_token.json()["description"]) == (401, "Unauthorized")
            unknown = await client.post(f"/bot{running.token}/sendMassage")
            assert (unknown.status_code, unknown.json()["error_code"]) == (404, 404)
            broken = await client.post(
                f"/bot{running.token}/getMe", content=b"{", headers={"content-type": "application/json"}
            )
            assert broken.status_code == 400
            empty = await client.post(f"/bot{running.token}/sendMessage", data={"chat_id": li.id})
            assert empty.json() == {"ok": False, "error_code": 400, "description": "Bad Request: message text is empty"}
            assert (await client.get("/file/bot123:wrong/documents/file_0")).status_code == 401
            assert (await client.get(f"/file/bot{running.token}/documents/gone")).status_code == 404

    runner.run(story())


@asynccontextmanager
async def client_library(running: Running, token: str | None = None) -> AsyncIterator[Bot]:
    bot = Bot(
        token or running.token,
        base_url=running.url + "/bot",
        base_file_url=running.url + "/file/bot",
        request=HTTPXRequest(httpx_kwargs={"trust_env": False}),
        get_updates_request=HTTPXRequest(httpx_kwargs={"trust_env": False}),
    )
    async with bot:
        yield bot


def test_a_client_library_polls_sends_and_moves_files(runner: asyncio.Runner) -> None:
    async def story() -> None:
        async with served() as (running, li, _), client_library(running) as bot:
            (update,) = await bot.get_updates(timeout=5)
            assert update.message is not None
            assert update.message.text == "/start"
            sent = await bot.send_document(li.id, b"plan", filename="plan.txt")
            assert sent.document is not None
            file = await sent.document.get_file()
            assert bytes(await file.download_as_bytearray()) == b"plan"
            album = await bot.send_media_group(li.id, [InputMediaPhoto(PNG), InputMediaPhoto(PNG)])
            assert len({message.media_group_id for message in album}) == 1

    runner.run(story())


def test_a_wrong_token_is_refused_at_once(runner: asyncio.Runner) -> None:
    async def story() -> None:
        async with served() as (running, _, _):
            with pytest.raises(InvalidToken):
                async with client_library(running, "123:wrong"):
                    pass

    runner.run(story())


def test_two_pollers_over_http_meet_409(runner: asyncio.Runner) -> None:
    async def story() -> None:
        async with served() as (running, li, _), client_library(running) as bot:
            await bot.get_updates(offset=-1)
            await bot.get_updates(offset=running.world.updates.first(1)[0]["update_id"] + 1)
            first = asyncio.create_task(bot.get_updates(timeout=30))
            await asyncio.wait_for(running.world.updates.polled.wait(), 60)
            async with client_library(running) as other:
                second = asyncio.create_task(other.get_updates(timeout=30))
                with pytest.raises(Conflict):
                    await first
                running.world.say(li, running.world.private(li), "hello")
                assert len(await second) == 1

    runner.run(story())


@pytest.mark.parametrize(("drop", "arrived"), [("before", 0), ("after", 1)])
def test_a_dropped_connection_ends_without_a_response(runner: asyncio.Runner, drop: str, arrived: int) -> None:
    async def story() -> None:
        async with served() as (running, li, client), client_library(running) as bot:
            asked = await client.post("/sandbox/faults", json={"method": "sendMessage", "drop": drop})
            assert asked.json()["faults"][0]["drop"] == drop
            before = len(running.world.private(li).messages)
            with pytest.raises(NetworkError) as lost:
                await bot.send_message(li.id, "hello")
            assert isinstance(lost.value.__cause__, httpx.RemoteProtocolError | httpx.ReadError)
            assert len(running.world.private(li).messages) == before + arrived
            assert (await bot.send_message(li.id, "hello again")).message_id

    runner.run(story())


def test_faults_are_listed_refused_and_cleared_over_http(runner: asyncio.Runner) -> None:
    async def story() -> None:
        async with served() as (running, _, client):
            refused = await client.post("/sandbox/faults", json={"drop": "sideways"})
            assert (refused.status_code, "drop is" in refused.json()["error"]) == (400, True)
            assert (await client.post("/sandbox/faults", content=b"no json")).status_code == 400
            await client.post("/sandbox/faults", json={"error_code": 502, "times": None})
            assert (await client.post(f"/bot{running.token}/getMe")).status_code == 502
            assert len((await client.get("/sandbox/faults")).json()["faults"]) == 1
            await client.delete("/sandbox/faults")
            assert (await client.post(f"/bot{running.token}/getMe")).status_code == 200

    runner.run(story())


def test_the_state_shows_chats_and_messages(runner: asyncio.Runner) -> None:
    async def story() -> None:
        async with served() as (_, li, client):
            state = (await client.get("/sandbox/state")).json()
            assert [person["started"] for person in state["people"]] == [True]
            private = next(chat for chat in state["chats"] if chat["chat"]["id"] == li.id)
            assert [message["text"] for message in private["messages"]] == ["/start"]
            assert state["pending_updates"] == 1

    runner.run(story())


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "example.org", "::"])
def test_only_this_machine_is_served(runner: asyncio.Runner, host: str) -> None:
    async def story() -> None:
        with pytest.raises(ValueError, match="on this machine only"):
            async with serve(World(), host=host):
                pass

    runner.run(story())


def test_a_port_that_is_taken_is_an_os_error(runner: asyncio.Runner) -> None:
    async def story() -> None:
        async with served() as (running, _, _):
            with pytest.raises(OSError, match="in use"):
                async with serve(World(), port=running.port):
                    pass

    runner.run(story())


def test_a_test_that_is_not_asynchronous_serves_in_a_thread() -> None:
    world = World()
    li = world.person("Li Wei")
    with serve_in_thread(world) as running, httpx.Client(trust_env=False, timeout=60) as client:
        running.do(world.start, li)
        updates = client.post(f"{running.url}/bot{running.token}/getUpdates", data={"timeout": 5}).json()["result"]
        assert [update["message"]["text"] for update in updates] == ["/start"]
    with pytest.raises(ValueError, match="on this machine only"), serve_in_thread(world, host="0.0.0.0"):
        pass


# Webhooks


class Receiver:
    """What stands behind a webhook's address: answers as told, 200 from then on."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.came = asyncio.Event()

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.came.set()
        answer = self.answers.pop(0) if self.answers else httpx.Response(200)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def has(self, count: int) -> list[Any]:
        while len(self.requests) < count:
            self.came.clear()
            await asyncio.wait_for(self.came.wait(), 60)
        return [json.loads(request.content) for request in self.requests]


def delivering(stage: Stage, story: Callable[[Receiver], Coroutine[Any, Any, None]], *answers: Any) -> Receiver:
    """Run a story while updates are delivered to a receiver."""

    async def run() -> Receiver:
        receiver = Receiver(*answers)
        client = httpx.AsyncClient(transport=httpx.MockTransport(receiver))
        delivery = WebhookDelivery(stage.api, client)
        try:
            await story(receiver)
        finally:
            await delivery.close()
        return receiver

    return stage.run(run())


def test_a_webhook_gets_updates_in_order_with_its_secret(stage: Stage) -> None:
    async def story(receiver: Receiver) -> None:
        stage.world.say(stage.li, stage.private, "before")
        await stage.bot.set_webhook("https://example.org/hook", secret_token="s3cret")
        stage.world.say(stage.li, stage.private, "after")
        assert [update["message"]["text"] for update in await receiver.has(2)] == ["before", "after"]

    receiver = delivering(stage, story)
    assert {request.headers[SECRET_HEADER] for request in receiver.requests} == {"s3cret"}


def test_a_webhook_that_fails_gets_the_same_update_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sandbox.webhook._PAUSES", (0.0,))

    async def story(receiver: Receiver) -> None:
        await stage.bot.set_webhook("https://example.org/hook")
        stage.world.say(stage.li, stage.private, "one")
        stage.world.say(stage.li, stage.private, "two")
        delivered = await receiver.has(4)
        assert [update["message"]["text"] for update in delivered] == ["one", "one", "one", "two"]
        info = await stage.bot.get_webhook_info()
        assert info.last_error_message == "Connection failed: no route"

    delivering(stage, story, httpx.Response(500), httpx.ConnectError("no route"))


def test_a_webhook_may_answer_with_a_call(stage: Stage) -> None:
    async def story(receiver: Receiver) -> None:
        await stage.bot.set_webhook("https://example.org/hook")
        stage.world.say(stage.li, stage.private, "one")
        stage.world.say(stage.li, stage.private, "two")
        await receiver.has(2)

    answer = httpx.Response(200, json={"method": "sendMessage", "chat_id": stage.li.id, "text": "heard"})
    delivering(stage, story, answer)
    assert [post.text for post in stage.private.messages.values()] == ["one", "two", "heard"]


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"url": "ftp://x"}, "invalid webhook URL specified"),
        ({"url": "nowhere"}, "invalid webhook URL specified"),
        ({"url": "https://example.org", "secret_token": "not allowed!"}, "secret token contains unallowed characters"),
        ({"url": "https://example.org", "secret_token": "x" * 257}, "secret token is too long"),
    ],
)
def test_webhooks_that_are_refused(stage: Stage, parameters: dict[str, str], sentence: str) -> None:
    assert stage.reply("setWebhook", **parameters).payload["description"] == f"Bad Request: {sentence}"


def test_pending_updates_can_be_dropped(stage: Stage) -> None:
    stage.world.say(stage.li, stage.private, "one")
    assert stage.call("getWebhookInfo")["pending_update_count"] == 1
    stage.call("deleteWebhook", drop_pending_updates=True)
    assert stage.call("getWebhookInfo") == {"url": "", "has_custom_certificate": False, "pending_update_count": 0}


def test_a_webhook_over_http_reaches_another_program(runner: asyncio.Runner) -> None:
    async def story() -> None:
        got = asyncio.Event()

        async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            assert b"x-telegram-bot-api-secret-token: s" in head.lower()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            writer.close()
            got.set()

        listener = await asyncio.start_server(listen, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        async with listener, served() as (running, _, client):
            hook = {"url": f"http://127.0.0.1:{port}/hook", "secret_token": "s"}
            await client.post(f"/bot{running.token}/setWebhook", data=hook)
            await asyncio.wait_for(got.wait(), 60)

    runner.run(story())


def test_the_same_bot_api_stands_behind_both_doors(runner: asyncio.Runner) -> None:
    async def story() -> None:
        world = World()
        api = BotApi(world)
        async with serve(world, api=api) as running, httpx.AsyncClient(trust_env=False, timeout=60) as client:
            commands = [{"command": "ask", "description": "Ask"}]
            await client.post(f"{running.url}/bot{running.token}/setMyCommands", json={"commands": commands})
            assert await api.call("getMyCommands", {}) == commands

    runner.run(story())
