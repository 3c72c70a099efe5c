"""Looking around, asking, saying what was missing, sending an answer on, and an emergency: in the demo, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.playing import DESKTOP, PHONE, message, opens, shoot_wide_and_narrow, write

WAIT = 60_000
"""Milliseconds for a machine that has much else to do."""


@dataclass(frozen=True)
class Reader:
    """Somebody with a language, at a desk or on a phone, and the words that they see and say."""

    name: str
    language: str
    screen: ViewportSize
    subject: str
    all_subjects: str
    question: str
    helpful: str
    not_quite: str
    missing: str
    expert: str
    hello: str
    greeted: str


READERS = [
    Reader("Li Wei", "en", PHONE, "^Training ·", "All subjects", "How do we find our first peer supporter?", "Helpful",
           "Not quite", "What was missing?", "Ask an expert", "hi", "What would you like to know"),
    Reader("赵磊", "zh-hans", DESKTOP, "^培训 ·", "全部主题", "怎么找第一位同伴支持者？", "有帮助", "不太对",
           "还缺什么|缺了什么|哪里", "请专家回答", "你好", "您想了解什么"),
    Reader("怡君", "zh-hant", PHONE, "^(培訓|訓練) ·", "全部主題", "怎麼找第一位同伴支持者？", "有幫助", "不太對",
           "還缺什麼|缺了什麼|哪裡", "請專家回答", "你好", "您想了解什麼"),
]


@pytest.fixture(params=READERS, ids=lambda reader: reader.language)
def reader(request: pytest.FixtureRequest) -> Reader:
    """Each of the readers in turn."""
    chosen: Reader = request.param
    return chosen


@pytest.fixture
def page(sits: Callable[..., Page], reader: Reader) -> Page:
    """The reader in the private chat with the bot."""
    opened = sits(reader.name, viewport=reader.screen)
    opens(opened, "Small ?Wins")
    return opened


def _tap(page: Page, label: str) -> None:
    page.get_by_role("log").get_by_role("button", name=re.compile(label)).last.click(timeout=WAIT)


def test_browsing_goes_from_subjects_to_an_answer_and_back_in_place(page: Page, reader: Reader) -> None:
    write(page, "/faq")
    subject = page.get_by_role("log").get_by_role("button", name=re.compile(reader.subject)).last
    expect(subject).to_be_visible(timeout=WAIT)
    shoot_wide_and_narrow(page, f"subjects-{reader.language}")
    count = page.get_by_role("log").get_by_role("article").count()
    subject.click()
    back = page.get_by_role("log").get_by_role("button", name=re.compile(reader.all_subjects)).last
    expect(back).to_be_visible(timeout=WAIT)
    shoot_wide_and_narrow(page, f"subject-{reader.language}")
    entry = page.get_by_role("log").locator("[role=article]").last.get_by_role("button").first
    question = (entry.text_content() or "").strip()
    entry.click()
    expect(message(page, question).get_by_text(question).first).to_be_visible(timeout=WAIT)
    expect(message(page, "👣")).to_contain_text(question)
    shoot_wide_and_narrow(page, f"entry-{reader.language}")
    _tap(page, "^‹")
    _tap(page, reader.all_subjects)
    expect(page.get_by_role("log").get_by_role("button", name=re.compile(reader.subject)).last).to_be_visible()
    assert page.get_by_role("log").get_by_role("article").count() == count


def test_not_quite_leads_to_a_suggestion_that_helps(page: Page, reader: Reader) -> None:
    write(page, reader.question)
    first = page.get_by_role("log").locator("[role=article]:not(.service)").last
    expect(first.get_by_role("button", name=re.compile(reader.expert))).to_be_visible(timeout=WAIT)
    if not first.get_by_role("button", name=re.compile(reader.helpful)).count():
        first.get_by_role("button").first.click()
    expect(first.get_by_role("button", name=re.compile(reader.helpful))).to_be_visible(timeout=WAIT)
    shoot_wide_and_narrow(page, f"answer-{reader.language}")
    _tap(page, reader.not_quite)
    asked = page.get_by_role("log").locator("[role=article]").filter(has_text=re.compile(reader.missing)).last
    expect(asked.get_by_role("button", name=re.compile(reader.expert))).to_be_visible(timeout=WAIT)
    shoot_wide_and_narrow(page, f"not-quite-{reader.language}")
    suggestion = asked.get_by_role("button").first
    wanted = (suggestion.text_content() or "").strip()
    suggestion.click()
    answer = message(page, wanted)
    expect(answer.get_by_role("button", name=re.compile(reader.helpful))).to_be_visible(timeout=WAIT)
    answer.get_by_role("button", name=re.compile(reader.helpful)).click()
    shoot_wide_and_narrow(page, f"helpful-{reader.language}")
    write(page, reader.hello)
    expect(message(page, reader.greeted)).to_be_visible(timeout=WAIT)
    shoot_wide_and_narrow(page, f"hello-{reader.language}")


def test_words_after_the_bots_name_find_an_answer_and_send_it(sits: Callable[..., Page]) -> None:
    trainee, other = sits("Li Wei", viewport=PHONE), sits("怡君")
    for each in (trainee, other):
        opens(each, "Peer support trainees")
    trainee.get_by_test_id("composer").press_sequentially("@SmallWinsBot first peer supporter")
    result = trainee.get_by_test_id("inline-0")
    expect(result).to_be_visible(timeout=WAIT)
    shoot_wide_and_narrow(trainee, "inline-en")
    result.click()
    expect(message(other, "👣")).to_contain_text("SmallWinsBot", timeout=WAIT)
    expect(message(other, "👣")).to_contain_text("Li Wei")
    other.get_by_test_id("composer").press_sequentially("@SmallWinsBot 怎麼留住同伴支持者")
    expect(other.get_by_test_id("inline-0")).to_contain_text(re.compile("[們個來樣這麼]"), timeout=WAIT)
    shoot_wide_and_narrow(other, "inline-zh-hant")


def test_an_emergency_gets_the_fixed_text_and_the_consultants_are_told(sits: Callable[..., Page]) -> None:
    trainee = sits("怡君", viewport=PHONE)
    opens(trainee, "Small ?Wins")
    write(trainee, "病友低血糖昏迷了，叫不醒，怎麼辦！")
    expect(message(trainee, "120")).to_be_visible(timeout=WAIT)
    shoot_wide_and_narrow(trainee, "urgent-zh-hant")
    consultant = sits("张敏")
    opens(consultant, "Consultants' room")
    consultant.get_by_role("button", name=re.compile("General|全部|综合|#")).first.click()
    expect(consultant.get_by_role("log")).to_contain_text("昏迷", timeout=WAIT)
    shoot_wide_and_narrow(consultant, "paged-zh-hans")
