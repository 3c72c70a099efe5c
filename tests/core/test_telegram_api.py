"""One call to a Bot API server, in-process and over HTTP."""

from __future__ import annotations

import asyncio

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.sandbox.server import serve_in_thread
from bot.sandbox.transport import TOKEN, SandboxRequest
from bot.sandbox.world import Chat, World
from bot.telegram_api import TelegramApi
from bot.transport import AiohttpRequest


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def li(world: World) -> Chat:
    person = world.person("Li Wei")
    person.started = True
    return world.private(person)


@pytest.fixture
def api(world: World) -> TelegramApi:
    return TelegramApi("http://sandbox", TOKEN, SandboxRequest(world))


def test_a_payload_goes_as_it_is_and_the_result_comes_back_as_json(
    api: TelegramApi, li: Chat, runner: asyncio.Runner
) -> None:
    payload = {
        "chat_id": li.id,
        "text": "你好 <b>😀</b>",
        "parse_mode": "HTML",
        "disable_notification": True,
        "message_thread_id": None,
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": [[{"text": "好", "callback_data": "faq.helpful:1"}]]},
    }
    message = runner.run(api.call("sendMessage", payload))
    assert (message["text"], message["entities"]) == ("你好 😀", [{"type": "bold", "offset": 3, "length": 2}])
    assert message["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "faq.helpful:1"
    assert message["link_preview_options"] == {"is_disabled": True}
    assert payload["message_thread_id"] is None


def test_a_call_without_a_payload(api: TelegramApi, world: World, runner: asyncio.Runner) -> None:
    assert runner.run(api.call("getMe"))["id"] == world.bot_id


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"error_code": 400}, BadRequest),
        ({"error_code": 401}, InvalidToken),
        ({"error_code": 403}, Forbidden),
        ({"error_code": 429, "retry_after": 3}, RetryAfter),
        ({"error_code": 500}, NetworkError),
        ({"drop": "before"}, NetworkError),
        ({"drop": "after"}, NetworkError),
        ({"drop": "unreachable"}, TimedOut),
        ({"delay": 3.5}, TimedOut),
    ],
)
def test_a_no_is_the_error_that_python_telegram_bot_has_for_it(
    api: TelegramApi, world: World, runner: asyncio.Runner, fault: dict[str, object], error: type[Exception]
) -> None:
    world.faults.ask(**fault)
    with pytest.raises(error):
        runner.run(api.call("getMe", patience=3.0))


def test_r09_a_group_that_moved_is_an_error_with_its_new_id(
    api: TelegramApi, world: World, runner: asyncio.Runner
) -> None:
    group = world.group("Trainees", world.person("Zhao Lei"))
    new = world.migrate_to_supergroup(group)
    with pytest.raises(ChatMigrated) as moved:
        runner.run(api.call("sendMessage", {"chat_id": group.id, "text": "Hello"}))
    assert moved.value.new_chat_id == new.id


def test_a_file_made_by_the_bot_is_uploaded(api: TelegramApi, world: World, li: Chat, runner: asyncio.Runner) -> None:
    payload = {"chat_id": li.id, "caption": "your data", "document": {"$file": ["我的数据.json", '{"名": "李"}']}}
    message = runner.run(api.call("sendDocument", payload))
    assert (message["caption"], message["document"]["file_name"]) == ("your data", "我的数据.json")
    file = runner.run(api.call("getFile", {"file_id": message["document"]["file_id"]}))
    stored = world.files.at(file["file_path"])
    assert stored is not None
    assert stored.content == '{"名": "李"}'.encode()


def test_a_file_is_fetched_and_uploaded_again_under_another_name(
    api: TelegramApi, world: World, li: Chat, runner: asyncio.Runner
) -> None:
    stored = world.files.add("document", b"its content", name="Li Wei.pdf")
    again = {"$again": [stored.file_id, "file.pdf"]}
    payload = {"chat_id": li.id, "document": again, "caption": "attach://file0"}
    message = runner.run(api.call("sendDocument", runner.run(api.with_files(payload))))
    assert (message["document"]["file_name"], message["caption"]) == ("file.pdf", "attach://file0")
    media = [{"type": "document", "media": again}, {"type": "document", "media": again}]
    album = runner.run(api.call("sendMediaGroup", runner.run(api.with_files({"chat_id": li.id, "media": media}))))
    assert [message["document"]["file_name"] for message in album] == ["file.pdf", "file.pdf"]
    sent = world.files.find(album[1]["document"]["file_id"])
    assert sent is not None
    assert sent.content == b"its content"


def test_r22_a_file_that_is_too_big_to_fetch_is_an_error(
    api: TelegramApi, world: World, li: Chat, runner: asyncio.Runner
) -> None:
    stored = world.files.add("document", b"a part of it", name="film.mkv", size=30 * 1024 * 1024)
    with pytest.raises(BadRequest, match="too big"):
        runner.run(api.with_files({"chat_id": li.id, "document": {"$again": [stored.file_id, "file.mkv"]}}))


def test_the_same_over_http(world: World, li: Chat, runner: asyncio.Runner) -> None:
    async def talk(root: str) -> tuple[str, str]:
        api = TelegramApi(root, TOKEN, AiohttpRequest(connections=2))
        await api.open()
        try:
            said = await api.call(
                "sendMessage", {"chat_id": li.id, "text": "over <i>HTTP</i> 😀", "parse_mode": "HTML"}
            )
            file = {"chat_id": li.id, "document": {"$file": ["data.txt", "你好"]}}
            sent = await api.call("sendDocument", file)
            again = {"chat_id": li.id, "document": {"$again": [sent["document"]["file_id"], "again.txt"]}}
            sent = await api.call("sendDocument", await api.with_files(again))
            with pytest.raises(BadRequest, match="Chat not found"):
                await api.call("sendMessage", {"chat_id": 4, "text": "nobody"})
        finally:
            await api.close()
        return said["text"], sent["document"]["file_name"]

    with serve_in_thread(world) as running:
        assert runner.run(talk(running.url)) == ("over HTTP 😀", "again.txt")
