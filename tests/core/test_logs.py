"""Log lines: readable or JSON, and never with a token."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import logs

TOKEN = "8100200300:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    quiet = {
        name: logging.getLogger(name).level for name in ("httpx", "httpcore", "apscheduler", "alembic", "telegram")
    }
    yield
    root.handlers[:], root.level = handlers, level
    for name, before in quiet.items():
        logging.getLogger(name).setLevel(before)


def test_a_line_is_readable_text(capsys: pytest.CaptureFixture[str]) -> None:
    logs.begin("text")
    logging.getLogger("bot.app").info("@%s is running.", "SmallWinsBot")
    logging.getLogger("bot.app").debug("too much detail")
    line = capsys.readouterr().err
    assert line.endswith("INFO    @SmallWinsBot is running.\n")
    assert "too much detail" not in line


def test_a_line_is_one_json_object_when_json_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    logs.begin("json")
    logging.getLogger("bot.app").warning("两行\n%s", "x")
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    read = json.loads(line)
    assert (read["level"], read["logger"], read["message"]) == ("WARNING", "bot.app", "两行\nx")
    assert read["at"][:2] == "20"


def test_a_fault_comes_with_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    logs.begin("json")
    try:
        _ = 1 // 0
    except ZeroDivisionError:
        logging.getLogger("bot").exception("it failed")
    assert "ZeroDivisionError" in json.loads(capsys.readouterr().err)["trace"]


@pytest.mark.parametrize("style", ["text", "json"])
@pytest.mark.parametrize(
    "message",
    [
        f"the token is {TOKEN}",
        f"HTTP Request: POST https://api.telegram.org/bot{TOKEN}/getMe",
        f"GET https://api.telegram.org/file/bot{TOKEN.replace(':', '%3A')}/photo.jpg",
        f"'{TOKEN}',",
    ],
)
def test_no_line_shows_a_token_wherever_it_stands(
    style: Literal["text", "json"], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.begin(style)
    logging.getLogger("bot").warning(message)
    logging.getLogger("bot").warning("%s", message)
    try:
        raise ValueError(message)
    except ValueError:
        logging.getLogger("bot").exception("failed")
    shown = capsys.readouterr().err
    assert TOKEN.split(":")[1] not in shown
    assert "***" in shown
    assert len(shown.splitlines()) >= 3


def test_libraries_are_quiet_about_every_single_request(capsys: pytest.CaptureFixture[str]) -> None:
    logs.begin("text")
    logging.getLogger("httpx").info("HTTP Request: POST …")
    logging.getLogger("telegram.ext").info("chatter")
    assert capsys.readouterr().err == ""


@settings(max_examples=40)
@given(
    before=st.text(max_size=20),
    number=st.integers(100, 10**12),
    secret=st.from_regex(r"[A-Za-z0-9_-]{8,40}", fullmatch=True),
    after=st.text(max_size=20),
)
def test_a_token_between_any_other_words_is_hidden(before: str, number: int, secret: str, after: str) -> None:
    record = logging.LogRecord("bot", logging.INFO, "", 0, "%s", (f"{before}{number}:{secret}{after}",), None)
    for formatter in (logs._Text(), logs._Json()):
        assert f"{number}:{secret}" not in formatter.format(record)


@pytest.mark.parametrize("harmless", ["2026-11-23T04:00:00", "127.0.0.1:8080 is open", "12:30–13:45", "localhost:8420"])
def test_times_and_addresses_stay_readable(harmless: str) -> None:
    record = logging.LogRecord("bot", logging.INFO, "", 0, harmless, (), None)
    assert harmless in logs._Text().format(record)
