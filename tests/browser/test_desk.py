"""The experts' desk against `smallwins demo`: from an offer to an entry of the FAQ that answers the next one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from bot.i18n import Translator
from tests.browser.playing import message, opens, shoot, write
from tests.browser.test_page import PIXEL

WAIT = 60_000
QUESTION = "Can the money of our hospital's union pay the flight of patient club members to Lhasa?"
OTHER_WORDS = "May our hospital's union money pay for flights of patient club members to Lhasa?"
ROOM = Translator("zh_Hans", "questions")
"""The words of the demo's consultants' room."""


def _tap(page: Page, label: str) -> None:
    page.get_by_role("log").get_by_role("button", name=re.compile(re.escape(label))).last.click(timeout=WAIT)


def _reply_to(page: Page, words: str, menu: str) -> None:
    expect(message(page, words)).to_be_visible(timeout=WAIT)
    message(page, words).click(button="right", position={"x": 30, "y": 12})
    page.get_by_role("menuitem", name=menu, exact=True).click()


def _send_photo(page: Page, file: Path, caption: str) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("attach").click()
        page.get_by_test_id("attach-photo").click()
    chooser.value.set_files([file])
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill(caption)
    dialog.get_by_role("button", name="Send", exact=True).click()


def test_from_an_offer_to_an_entry_that_answers_the_next_question(sits: Callable[..., Page], tmp_path: Path) -> None:
    asker = sits("Li Wei")
    opens(asker, "Small ?Wins")
    write(asker, QUESTION)
    _tap(asker, "Ask an expert")
    asker.get_by_role("log").get_by_role("button", name="Send", exact=True).last.click(timeout=WAIT)
    expect(message(asker, "Q1")).to_contain_text("Passed to our experts", timeout=WAIT)

    sarah = sits("Sarah")
    opens(sarah, "Small ?Wins")
    expect(message(sarah, "A question for you")).to_contain_text(QUESTION, timeout=WAIT)
    shoot(sarah, "desk-offer")
    _tap(sarah, "Take it")
    expect(message(asker, "Q1")).to_contain_text("Sarah Lin", timeout=WAIT)

    opens(sarah, "Consultants' room")
    sarah.get_by_role("button", name=re.compile("Q1")).first.click()
    expect(message(sarah, QUESTION)).to_contain_text("Sarah Lin", timeout=WAIT)
    _tap(sarah, ROOM.label("More…"))
    shoot(sarah, "desk-tools")
    _tap(sarah, ROOM.label("Ask back"))
    asked = ROOM("What would you like to know from the asker of {label}? Reply to this message.", label="Q1")
    _reply_to(sarah, asked, "Reply")
    write(sarah, "How many members is it for?")
    expect(message(asker, "How many members")).to_be_visible(timeout=WAIT)
    write(asker, "Twelve, and two nurses.")
    expect(message(sarah, "Twelve, and two nurses.")).to_be_visible(timeout=WAIT)

    (tmp_path / "rule.png").write_bytes(PIXEL)
    _reply_to(sarah, "Twelve, and two nurses.", "Reply")
    _send_photo(sarah, tmp_path / "rule.png", "No, a union's money is for its own members only. The picture shows the rule.")
    answer = message(asker, "for its own members only")
    expect(answer.get_by_role("img").first).to_be_visible(timeout=WAIT)
    shoot(asker, "desk-answer")
    answer.get_by_role("button", name=re.compile("Solved")).click()
    expect(message(asker, "Glad that Q1 is solved")).to_be_visible(timeout=WAIT)

    _tap(sarah, Translator("zh_Hans", "entries").label("Make an FAQ entry"))
    sarah.get_by_test_id("back-to-chats").click()
    sarah.locator("[data-testid^=chat-]").filter(has_text="Small Wins").first.click()
    expect(message(sarah, "Draft of")).to_contain_text("for its own members only", timeout=WAIT)
    shoot(sarah, "desk-draft")
    _tap(sarah, "Submit for approval")

    zhang = sits("张敏")
    opens(zhang, "Consultants' room")
    zhang.get_by_role("button", name=re.compile("General|综合|闲聊|常规")).first.click()
    shoot(zhang, "desk-approval")
    _tap(zhang, Translator("zh_Hans", "entries").label("Approve"))
    expect(message(sarah, "published")).to_be_visible(timeout=WAIT)

    write(asker, OTHER_WORDS)
    expect(message(asker, "for its own members only")).to_contain_text("Helpful", timeout=WAIT)
    shoot(asker, "desk-faq")
