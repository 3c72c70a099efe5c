"""The main job against `smallwins demo` itself, as people see it: in a browser, with a process of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.playing import DESKTOP, message, write

QUESTION = "我們醫院工會的經費，能不能用來給糖友俱樂部的會員買去拉薩的機票？"
ANSWER = "不可以，工会经费只能用于本单位会员。"
SHOTS = os.environ.get("SMALLWINS_SHOTS")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[str]:
    """The address that `smallwins demo` prints."""
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--no-open"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"}
    with (tmp_path / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    url = next(found[0] for line in process.stdout if (found := re.search(r"http://[\d.]+:\d+", line)))
    yield url
    process.terminate()
    assert process.wait(timeout=8) == 0, (tmp_path / "log.txt").read_text()
    process.stdout.close()
    assert "Traceback" not in (tmp_path / "log.txt").read_text()


@pytest.fixture
def sits(chromium: Browser, demo: str) -> Iterator[Callable[..., Page]]:
    """Opens a window as somebody: `sits("Li Wei")`."""
    with urllib.request.urlopen(f"{demo}/sandbox/people", timeout=10) as answer:
        people = json.load(answer)["people"]
    contexts: list[BrowserContext] = []

    def window(name: str, **settings: Any) -> Page:
        user = next(entry["user"] for entry in people if name in entry["user"]["first_name"])
        usual: dict[str, Any] = {"viewport": DESKTOP, "locale": "en-GB", "reduced_motion": "reduce"}
        context = chromium.new_context(**usual | settings)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{demo}/?as={user['id']}")
        return page

    yield window
    for context in contexts:
        context.close()


def opens(page: Page, title: str) -> None:
    """Open a chat from the list."""
    page.get_by_role("button", name=re.compile(title)).first.click()


def shoot(page: Page, name: str) -> None:
    """Keep a picture where somebody wants to look (SMALLWINS_SHOTS names the folder)."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def test_a_trainee_is_answered_and_another_ones_question_goes_to_the_experts_and_home(sits: Callable[..., Page]) -> None:
    trainee = sits("Li Wei")
    opens(trainee, "Peer support trainees")
    write(trainee, "/ask How do we find our first peer supporter? Why look for just one?")
    expect(message(trainee, "one")).to_contain_text("Helpful", timeout=20_000)
    shoot(trainee, "demo-desktop")

    other = sits("怡君")
    opens(other, "Peer support trainees")
    write(other, f"/ask {QUESTION}")
    expert = other.get_by_role("button", name=re.compile("請專家")).last
    expect(expert).to_be_visible(timeout=20_000)
    expert.click()
    other.get_by_role("button", name=re.compile("^(發送|送出|傳送)$")).last.click()
    expect(message(other, "Q1")).to_contain_text("Q1")
    shoot(other, "asker-zh-hant")

    consultant = sits("张敏")
    opens(consultant, "Consultants' room")
    consultant.get_by_role("button", name=re.compile("Q1")).first.click()
    consultant.get_by_role("button", name=re.compile("我来回答")).last.click()
    expect(message(consultant, QUESTION)).to_contain_text("张敏")
    message(consultant, QUESTION).click(button="right", position={"x": 30, "y": 12})
    consultant.get_by_role("menuitem", name="回复", exact=True).click()
    write(consultant, ANSWER)
    shoot(consultant, "consultant-zh-hans")

    expect(message(other, ANSWER)).to_be_visible()
    other.get_by_role("button", name=re.compile("已解決")).last.click()
    expect(consultant.get_by_role("log")).to_contain_text(re.compile("已解决|解决"))
    shoot(other, "answered-zh-hant")
    expect(consultant.get_by_test_id("reopen").or_(consultant.get_by_role("log").get_by_text(re.compile("关闭|closed"))).first
           ).to_be_visible()


def test_somebody_new_arrives_on_a_phone(sits: Callable[..., Page]) -> None:
    page = sits("王芳", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    opens(page, "Small ?Wins")
    page.get_by_test_id("start").click()
    page.get_by_role("button", name=re.compile("我同意")).click()
    for prompt in ("希望|名字|称呼", "岗位|角色|职务|身份", "城市", "单位|工作单位", "时区"):
        expect(page.get_by_role("log")).to_contain_text(re.compile(prompt))
        page.get_by_role("button", name="跳过").last.click()
    expect(page.get_by_role("log")).to_contain_text("/help")
    shoot(page, "phone-arriving")
