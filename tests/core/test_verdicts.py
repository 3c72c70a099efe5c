"""What an error of Telegram means for the message that met it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.courier._verdicts import Kind, judge
from bot.sandbox.transport import TOKEN, SandboxRequest
from bot.sandbox.world import World
from bot.telegram_api import TelegramApi


def _broken_by(cause: Exception, error: TelegramError | None = None) -> TelegramError:
    error = error or NetworkError(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RetryAfter(7), Kind.WAIT),
        (ChatMigrated(-100500), Kind.MOVED),
        (Forbidden("Forbidden: bot was blocked by the user"), Kind.UNREACHABLE),
        (Forbidden("Forbidden: user is deactivated"), Kind.UNREACHABLE),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Kind.UNREACHABLE),
        (BadRequest("Bad Request: chat not found"), Kind.UNREACHABLE),
        (BadRequest("Bad Request: PEER_ID_INVALID"), Kind.UNREACHABLE),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), Kind.FAILED),
        (BadRequest("Bad Request: message thread not found"), Kind.FAILED),
        (BadRequest("Bad Request: can't parse entities: unclosed tag"), Kind.FAILED),
        (BadRequest("Bad Request: message is not modified: specified new message content …"), Kind.DONE),
        (BadRequest("Bad Request: TOPIC_NOT_MODIFIED"), Kind.DONE),
        (NetworkError("Bad Gateway"), Kind.RETRY),
        (NetworkError("Internal Server Error (500)"), Kind.RETRY),
        (Conflict("Conflict"), Kind.RETRY),
        (InvalidToken("Unauthorized"), Kind.RETRY),
        (TelegramError("Something new"), Kind.RETRY),
        (_broken_by(httpx.ConnectError("refused")), Kind.AWAY),
        (_broken_by(httpx.ConnectTimeout("slow"), TimedOut()), Kind.AWAY),
        (_broken_by(httpx.PoolTimeout("busy"), TimedOut()), Kind.AWAY),
        (_broken_by(httpx.ReadTimeout("slow"), TimedOut()), Kind.UNCERTAIN),
        (_broken_by(httpx.ReadError("cut")), Kind.UNCERTAIN),
        (_broken_by(httpx.WriteTimeout("slow"), TimedOut()), Kind.UNCERTAIN),
        (_broken_by(httpx.RemoteProtocolError("cut")), Kind.UNCERTAIN),
        (_broken_by(ValueError("no JSON"), TelegramError("Invalid server response")), Kind.UNCERTAIN),
    ],
)
def test_each_answer_has_its_meaning(error: TelegramError, kind: Kind) -> None:
    assert judge(error).kind is kind


@pytest.mark.parametrize("after", [7, timedelta(seconds=7)])
def test_r19_the_wait_is_the_one_that_telegram_names(after: int | timedelta) -> None:
    assert judge(RetryAfter(after)).seconds == 7.0


def test_r09_the_new_id_of_a_group_is_told() -> None:
    assert judge(ChatMigrated(-100500)).new_chat_id == -100500


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"drop": "before"}, Kind.AWAY),
        ({"drop": "unreachable"}, Kind.AWAY),
        ({"drop": "after"}, Kind.UNCERTAIN),
        ({"delay": 1000.0}, Kind.UNCERTAIN),
        ({"error_code": 500}, Kind.RETRY),
        ({"error_code": 502}, Kind.RETRY),
        ({"error_code": 429, "retry_after": 3}, Kind.WAIT),
        ({"error_code": 403}, Kind.UNREACHABLE),
        ({"error_code": 400}, Kind.FAILED),
        ({"error_code": 401}, Kind.RETRY),
    ],
)
def test_a_fault_on_the_way_is_judged_by_whether_the_message_may_have_arrived(
    fault: dict[str, object], kind: Kind
) -> None:
    world = World()
    li = world.person("Li Wei")
    li.started = True
    world.faults.ask(**fault)
    api = TelegramApi("http://sandbox", TOKEN, SandboxRequest(world))
    with pytest.raises(TelegramError) as refused:
        asyncio.run(api.call("sendMessage", {"chat_id": li.id, "text": "Hello"}))
    assert judge(refused.value).kind is kind
    may_have_arrived = bool(world.private(li).messages)
    assert may_have_arrived == (kind is Kind.UNCERTAIN)
