"""`smallwins run` from outside: webhook, health, a second process, an unreachable server, the end."""

from __future__ import annotations

import socket

from bot.sandbox.world import Chat, Person, Post
from tests.processes import PATIENCE, Process, free_port, get

FIRST = "How do we find our first peer supporter? Why look for just one?"


def _li_wei(process: Process) -> Person:
    return next(person for person in process.running.world.people.values() if person.name == "Li Wei")


def _asks(process: Process, text: str = FIRST) -> Chat:
    world, person = process.running.world, _li_wei(process)
    chat = world.private(person)
    process.running.do(setattr, person, "started", True)
    process.running.do(world.say, person, chat, text)
    return chat


def _answered(chat: Chat) -> list[Post]:
    return [post for post in list(chat.messages.values()) if post.buttons]


def test_updates_come_by_webhook_and_health_is_told_also_where_the_first_calls_fail(process: Process) -> None:
    port = free_port()
    process.running.world.faults.ask(method="setWebhook", error_code=429, retry_after=1)
    process.settings = {
        "SMALLWINS_LISTEN": f"127.0.0.1:{port}",
        "SMALLWINS_WEBHOOK_URL": f"http://127.0.0.1:{port}",
        "SMALLWINS_WEBHOOK_SECRET": "a-secret-of-ours",
    }
    process.begin()
    process.until(lambda: process.running.api.webhook is not None)
    chat = _asks(process)
    process.until(lambda: bool(_answered(chat)))
    assert get(f"http://127.0.0.1:{port}/healthz") == (200, "ok")
    assert get(f"http://127.0.0.1:{port}/readyz") == (200, "ready")
    figures = get(f"http://127.0.0.1:{port}/metrics")[1]
    assert 'smallwins_messages_total{lane="reply",state="sent"}' in figures
    assert "smallwins_owner 1.0" in figures
    assert "a-secret-of-ours" not in process.log
    assert process.end() == 0


def test_s06_a_second_process_on_the_same_database_is_refused_with_a_sentence(process: Process) -> None:
    process.begin()
    chat = _asks(process)
    process.until(lambda: bool(_answered(chat)))
    second = Process(process.running, process.url, process.folder)
    second.begin()
    assert second.popen is not None
    assert second.popen.wait(timeout=PATIENCE) == 2
    assert "already running on this database" in process.log
    assert "Traceback" not in process.log


def test_an_unreachable_server_is_said_once_and_the_end_still_comes_in_time(process: Process) -> None:
    process.settings = {"SMALLWINS_API_URL": f"http://127.0.0.1:{free_port()}"}
    process.begin()
    process.until(lambda: "cannot be reached" in process.log)
    assert process.end() == 0
    assert process.log.count("cannot be reached") == 1


def test_a_start_among_faults_succeeds_and_logs_tell_neither_the_token_nor_what_is_asked(process: Process) -> None:
    process.running.world.faults.ask(method="deleteWebhook", error_code=502)
    process.running.world.faults.ask(method="getMe", drop="after")
    process.begin()
    chat = _asks(process)
    process.until(lambda: bool(_answered(chat)))
    process.until(lambda: "同伴支持" in process.running.api.texts.get(("short_description", "zh"), ""))
    assert process.end() == 0
    assert process.running.token not in process.log
    assert "first peer supporter" not in process.log


def test_an_address_in_use_is_named(process: Process) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        process.settings = {"SMALLWINS_LISTEN": f"127.0.0.1:{listener.getsockname()[1]}"}
        process.begin()
        assert process.popen is not None
        assert process.popen.wait(timeout=PATIENCE) == 2
    assert "SMALLWINS_LISTEN" in process.log
    assert "Traceback" not in process.log
