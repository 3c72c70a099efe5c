"""The main job against `smallwins demo` itself, as people see it: in a browser, with a process of its own."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.playing import message, opens, shoot, write

QUESTION = "我們醫院工會的經費，能不能用來給糖友俱樂部的會員買去拉薩的機票？"
ANSWER = "不可以，工会经费只能用于本单位会员。"


def test_a_trainee_is_answered_and_another_ones_question_goes_to_the_experts_and_home(sits: Callable[..., Page]) -> None:
    trainee = sits("Li Wei")
    opens(trainee, "Peer support trainees")
    write(trainee, "/ask How do we find our first peer supporter? Why look for just one?")
    expect(message(trainee, "one")).to_contain_text("Helpful", timeout=60_000)
    shoot(trainee, "demo-desktop")

    other = sits("怡君")
    opens(other, "Peer support trainees")
    write(other, f"/ask {QUESTION}")
    expert = other.get_by_role("button", name=re.compile("請專家")).last
    expect(expert).to_be_visible(timeout=60_000)
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
