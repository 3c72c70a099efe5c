"""The chat page against the real sandbox server; the bot is played by hand, without its application."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.sandbox.demo import demo_world
from bot.sandbox.server import Running, serve_in_thread
from bot.sandbox.world import Chat, Person
from tests.browser.playing import PHONE, Hand, act, chat, message, person, write

Open = Callable[..., Page]

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def li_wei(sandbox: Running) -> Person:
    """A trainee who uses English."""
    return person(sandbox, "Li Wei")


@pytest.fixture
def chen(sandbox: Running) -> Person:
    """A trainee who reads Traditional Chinese."""
    return person(sandbox, "陳怡君")


@pytest.fixture
def zhao(sandbox: Running) -> Person:
    """The organizer, who owns the groups."""
    return person(sandbox, "赵磊")


@pytest.fixture
def group(sandbox: Running) -> Chat:
    """The trainees' group."""
    return chat(sandbox, "Peer support trainees")


@pytest.fixture
def room(sandbox: Running) -> Chat:
    """The consultants' room, a forum."""
    return chat(sandbox, "Consultants' room")


@pytest.fixture
def started(sandbox: Running, li_wei: Person, hand: Hand) -> Chat:
    """Li Wei's private chat with the bot, which she has started."""
    sandbox.do(sandbox.world.start, li_wei)
    hand.hears("message")
    private: Chat = sandbox.do(sandbox.world.private, li_wei)
    return private


def test_one_chooses_a_person_and_sees_their_chats(window: Open, sandbox: Running, li_wei: Person, group: Chat) -> None:
    page = window()
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    expect(page.get_by_test_id(f"person-{li_wei.id}")).to_contain_text(li_wei.note)
    page.get_by_test_id(f"person-{li_wei.id}").click()
    expect(page).to_have_url(re.compile(rf"/\?as={li_wei.id}$"))
    expect(page.get_by_test_id(f"chat-{group.id}")).to_contain_text("Peer support trainees 2026")
    expect(page.get_by_role("navigation", name="Chats").get_by_role("button").first).to_contain_text("Small Wins")


def test_an_unknown_person_in_the_address_leads_to_the_chooser(window: Open, sandbox: Running) -> None:
    page = window()
    page.goto(f"{sandbox.url}/?as=12345")
    expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()


def test_start_begins_the_private_chat_and_the_bot_answers(window: Open, hand: Hand, li_wei: Person) -> None:
    hand.call("setMyDescription", description="I know what is asked again and again.")
    page = window(li_wei)
    page.get_by_test_id(f"chat-{li_wei.id}").click()
    expect(page.get_by_test_id("introduction")).to_contain_text("I know what is asked again and again.")
    expect(page.get_by_test_id("composer")).to_be_hidden()
    page.get_by_role("button", name="START").click()
    assert hand.hears("message")["text"] == "/start"
    hand.call("sendChatAction", chat_id=li_wei.id, action="typing")
    expect(page.get_by_test_id("subtitle")).to_have_text("typing…")
    hand.call("sendMessage", chat_id=li_wei.id, text="Welcome, Li Wei")
    expect(message(page, "Welcome, Li Wei")).to_be_visible()
    expect(page.get_by_test_id("introduction")).to_be_hidden()
    expect(page.get_by_test_id("subtitle")).to_have_text("bot")
    expect(page.get_by_test_id("composer")).to_be_focused()


def test_what_one_window_sends_appears_in_the_other_with_its_unread_count(
    window: Open, li_wei: Person, chen: Person, group: Chat
) -> None:
    hers, his = window(li_wei, group), window(chen)
    expect(hers.get_by_role("log")).to_contain_text("很高興認識各位")
    unread = his.get_by_test_id(f"chat-{group.id}").locator(".badge")
    expect(unread).to_have_text("3")
    write(hers, "How do you begin in a small clinic?")
    expect(message(hers, "small clinic")).to_be_visible()
    expect(hers.get_by_test_id("composer")).to_have_value("")
    expect(unread).to_have_text("4")
    expect(his.get_by_test_id(f"chat-{group.id}")).to_contain_text("small clinic")
    his.get_by_test_id(f"chat-{group.id}").click()
    expect(message(his, "small clinic")).to_be_visible()
    expect(his.locator(".unread-line")).to_be_attached()
    his.get_by_test_id("log").evaluate("log => log.scrollTo(0, log.scrollHeight)")
    expect(unread).to_have_count(0)


def test_what_people_write_is_text_and_never_markup(window: Open, li_wei: Person, chen: Person, group: Chat) -> None:
    hers, his = window(li_wei, group), window(chen, group)
    write(hers, '<img src=x onerror="window.broken=1"><b>bold</b> 😀 &amp;')
    expect(message(his, '<img src=x onerror="window.broken=1"><b>bold</b> 😀 &amp;')).to_be_visible()
    assert his.evaluate("window.broken") is None
    expect(his.locator("[role=log] :is(img, b)")).to_have_count(0)


def test_shift_enter_makes_a_new_line_and_input_methods_keep_enter(window: Open, li_wei: Person, group: Chat) -> None:
    page = window(li_wei, group)
    composer = page.get_by_test_id("composer")
    composer.fill("one")
    composer.press("Shift+Enter")
    composer.press_sequentially("two")
    composer.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    expect(composer).to_have_value("one\ntwo")
    composer.press("Enter")
    expect(message(page, "one\ntwo")).to_be_visible()


def test_a_tap_turns_a_spinner_until_the_bot_answers(window: Open, hand: Hand, started: Chat, li_wei: Person) -> None:
    page = window(li_wei, started)
    buttons = [[{"text": "Helpful", "callback_data": "ok"}, {"text": "Ask an expert", "callback_data": "expert"}]]
    hand.call("sendMessage", chat_id=li_wei.id, text="An answer", reply_markup={"inline_keyboard": buttons})
    page.get_by_role("button", name="Helpful").click()
    expect(page.get_by_role("button", name="Helpful")).to_have_attribute("aria-busy", "true")
    hand.call("answerCallbackQuery", callback_query_id=hand.hears("callback_query")["id"], text="Thank you!")
    expect(page.get_by_role("status")).to_have_text("Thank you!")
    expect(page.get_by_role("button", name="Helpful")).not_to_have_attribute("aria-busy", "true")

    page.get_by_role("button", name="Ask an expert").click()
    asked = hand.hears("callback_query")
    assert asked["data"] == "expert"
    hand.call("answerCallbackQuery", callback_query_id=asked["id"], text="This goes to our experts", show_alert=True)
    expect(page.get_by_role("alertdialog")).to_contain_text("This goes to our experts")
    page.get_by_role("button", name="OK").click()
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    hand.call("editMessageText", chat_id=li_wei.id, message_id=asked["message"]["message_id"], text="Passed on as Q1")
    expect(message(page, "Passed on as Q1")).to_contain_text("edited")
    expect(page.get_by_role("button", name="Ask an expert")).to_have_count(0)


def test_formatting_is_shown_and_links_stay_inside(window: Open, hand: Hand, started: Chat, li_wei: Person) -> None:
    page = window(li_wei, started)
    html = (
        "<b>bold <i>both</i></b> <u>under</u> <s>gone</s> <code>x = 1</code> <tg-spoiler>secret</tg-spoiler>"
        '<pre><code class="language-python">print()</code></pre>\n<blockquote>quoted</blockquote>\n'
        "<blockquote expandable>one\ntwo\nthree\nfour\nfive</blockquote>\n"
        '<a href="https://example.org/guide">guide</a> <a href="https://t.me/SmallWinsBot?start=abc">join</a>'
    )
    hand.call("sendMessage", chat_id=li_wei.id, text=html, parse_mode="HTML")
    shown = message(page, "bold both")
    expect(shown.locator("strong em")).to_have_text("both")
    for tag, words in {"u": "under", "s": "gone", "pre code": "print()", "blockquote >> nth=0": "quoted"}.items():
        expect(shown.locator(tag)).to_have_text(words)
    expect(shown.get_by_text("secret")).to_be_hidden()
    shown.get_by_role("button", name="Hidden text").click()
    expect(shown.get_by_text("secret")).to_be_visible()
    more = shown.get_by_role("button", name="Show more")
    more.click()
    expect(shown.get_by_role("button", name="Show less")).to_have_attribute("aria-expanded", "true")

    shown.get_by_role("link", name="guide").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("https://example.org/guide")
    page.get_by_role("button", name="Cancel").click()
    shown.get_by_role("link", name="join").click()
    assert hand.hears("message")["text"] == "/start abc"


def test_commands_are_filtered_while_typing_and_sent_from_the_keyboard(
    window: Open, hand: Hand, started: Chat, li_wei: Person
) -> None:
    commands = [{"command": name, "description": f"about {name}"} for name in ("ask", "faq", "questions")]
    hand.call("setMyCommands", commands=commands)
    page = window(li_wei, started)
    page.get_by_test_id("commands-menu").click()
    expect(page.get_by_role("option")).to_have_count(3)
    page.get_by_test_id("composer").press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    page.get_by_test_id("composer").press_sequentially("/")
    page.get_by_test_id("composer").press("ArrowDown")
    expect(page.get_by_test_id("command-faq")).to_have_attribute("aria-selected", "true")
    page.get_by_test_id("composer").press_sequentially("q")
    expect(page.get_by_role("option")).to_have_count(1)
    page.get_by_test_id("composer").press("Enter")
    assert hand.hears("message")["text"] == "/questions"
    message(page, "/questions").get_by_role("button", name="/questions").click()
    assert hand.hears("message")["text"] == "/questions"


def _article(id: str, title: str, text: str) -> dict[str, object]:
    link = [[{"text": "Ask more in private", "url": f"https://t.me/SmallWinsBot?start=faq_{id}"}]]
    content = {"message_text": text, "parse_mode": "HTML"}
    return {"type": "article", "id": id, "title": title, "description": f"About {title}",
            "input_message_content": content, "reply_markup": {"inline_keyboard": link}}


def _offer(hand: Hand, *articles: dict[str, object]) -> str:
    """Answer the next inline query with these and a button on top; returns its words."""
    asked = hand.hears("inline_query")
    button = {"text": "Open the private chat", "start_parameter": "inline"}
    hand.call("answerInlineQuery", inline_query_id=asked["id"], results=articles, button=button, cache_time=0)
    query: str = asked["query"]
    return query


ONE = _article("one", "Start with one", "<b>Start</b> with one person")
TWO = _article("two", "Train for a day", "One day is enough")


def test_inline_results_are_walked_through_with_the_keys_and_enter_sends_one(
    window: Open, hand: Hand, li_wei: Person, zhao: Person, group: Chat
) -> None:
    page, other = window(li_wei, group), window(zhao, group)
    composer, results = page.get_by_test_id("composer"), page.get_by_test_id("inline-results")
    composer.press_sequentially("@SmallWinsBot first peer", delay=1)
    assert _offer(hand, ONE, TWO) == "first peer"
    expect(page.get_by_test_id("inline-0")).to_contain_text("Start with one")
    expect(page.get_by_test_id("inline-1")).to_contain_text("About Train for a day")
    expect(results.get_by_role("option", selected=True)).to_have_count(0)
    composer.press("ArrowDown")
    expect(page.get_by_test_id("inline-0")).to_have_attribute("aria-selected", "true")
    composer.press("ArrowDown")
    expect(page.get_by_test_id("inline-1")).to_have_attribute("aria-selected", "true")
    composer.press("ArrowUp")
    composer.press("Enter")
    expect(message(other, "Start with one person")).to_contain_text("通过 @SmallWinsBot")
    expect(message(page, "Start with one person")).to_contain_text("via @SmallWinsBot")
    expect(composer).to_have_value("")
    expect(results).to_be_hidden()
    message(page, "Start with one person").click(button="right", position={"x": 30, "y": 12})
    expect(page.get_by_role("menuitem", name="Delete")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Edit")).to_have_count(0)


def test_an_inline_result_is_sent_by_a_click_into_the_topic_as_the_reply_that_was_begun(
    window: Open, hand: Hand, zhao: Person, room: Chat
) -> None:
    topic = hand.call("createForumTopic", chat_id=room.id, name="Q1")["message_thread_id"]
    asked = hand.call("sendMessage", chat_id=room.id, message_thread_id=topic, text="How do we start?")
    page = window(zhao, room)
    page.get_by_test_id(f"topic-{topic}").click()
    act(page, "How do we start?", "回复")
    page.get_by_test_id("composer").fill("@smallwinsbot 第一位")
    assert _offer(hand, ONE) == "第一位"
    page.get_by_test_id("inline-0").click()
    expect(message(page, "Start with one person")).to_be_visible()
    sent = room.in_topic(topic)[-1].message
    assert sent["reply_to_message"]["message_id"] == asked["message_id"]


def test_the_button_above_inline_results_starts_the_private_chat(
    window: Open, hand: Hand, li_wei: Person, group: Chat
) -> None:
    page = window(li_wei, group)
    page.get_by_test_id("composer").fill("@SmallWinsBot ")
    assert _offer(hand) == ""
    expect(page.get_by_test_id("inline-0")).to_have_count(0)
    page.get_by_test_id("inline-button").click()
    assert hand.hears("message")["text"] == "/start inline"
    expect(page.get_by_role("heading", level=1)).to_contain_text("Small Wins")


def test_a_mention_can_still_be_sent_and_an_answer_that_comes_too_late_is_not_shown(
    window: Open, hand: Hand, li_wei: Person, group: Chat
) -> None:
    page = window(li_wei, group)
    composer, results = page.get_by_test_id("composer"), page.get_by_test_id("inline-results")
    composer.fill("@SmallWinsBot how do we start?")
    _offer(hand, ONE)
    expect(results).to_be_visible()
    composer.press("Escape")
    expect(results).to_be_hidden()
    composer.click()
    expect(results).to_be_visible()
    composer.press("Enter")
    assert hand.hears("message")["text"] == "@SmallWinsBot how do we start?"
    expect(results).to_be_hidden()
    composer.fill("@SmallWinsBot training")
    late = hand.hears("inline_query")
    composer.fill("never mind")
    hand.call("answerInlineQuery", inline_query_id=late["id"], results=[TWO])
    hand.call("sendMessage", chat_id=group.id, text="Said after the answer")
    expect(message(page, "Said after the answer")).to_be_visible()
    expect(composer).to_have_value("never mind")
    expect(results).to_be_hidden()


def test_letters_that_an_input_method_still_turns_into_words_are_not_searched_for(
    window: Open, hand: Hand, li_wei: Person, group: Chat
) -> None:
    page = window(li_wei, group)
    composer = page.get_by_test_id("composer")
    composer.focus()
    page.keyboard.insert_text("@SmallWinsBot ")
    assert _offer(hand) == ""
    page.clock.install()
    typing = page.context.new_cdp_session(page)
    typing.send("Input.imeSetComposition", {"text": "zhaomu", "selectionStart": 6, "selectionEnd": 6})
    expect(composer).to_have_value("@SmallWinsBot zhaomu")
    page.clock.run_for(1000)
    typing.send("Input.insertText", {"text": "招募"})
    assert _offer(hand, ONE) == "招募"
    expect(page.get_by_test_id("inline-0")).to_be_visible()


def test_reply_edit_react_pin_and_delete_from_the_message_menu(
    window: Open, sandbox: Running, li_wei: Person, zhao: Person, group: Chat
) -> None:
    page, other = window(li_wei, group), window(zhao, group)
    act(page, "很高興認識各位", "Reply")
    expect(page.get_by_test_id("reply-bar")).to_contain_text("陳怡君")
    write(page, "Nice to meat you")
    replied = message(other, "Nice to meat you")
    expect(replied.get_by_role("button", name="回复 陳怡君")).to_be_visible()

    act(page, "Nice to meat you", "Edit")
    expect(page.get_by_test_id("composer")).to_have_value("Nice to meat you")
    write(page, "Nice to meet you")
    expect(message(other, "Nice to meet you")).to_contain_text("已编辑")

    message(other, "Nice to meet you").click(button="right", position={"x": 30, "y": 12})
    other.get_by_role("menuitem", name="❤").click()
    mine = message(other, "Nice to meet you").get_by_role("button", name=re.compile("^❤.*1$"))
    expect(mine).to_have_attribute("aria-pressed", "true")
    chip = message(page, "Nice to meet you").get_by_role("button", name=re.compile("^❤"))
    chip.click()
    expect(chip).to_have_attribute("aria-label", re.compile("2$"))
    chip.click()
    expect(chip).to_have_attribute("aria-label", re.compile("1$"))

    act(other, "Nice to meet you", "置顶")
    expect(page.get_by_test_id("pinned")).to_contain_text("Nice to meet you")
    act(page, "Nice to meet you", "Delete")
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(message(other, "Nice to meet you")).to_have_count(0)
    assert not [post for post in group.messages.values() if post.text == "Nice to meet you"]


def test_votes_are_cast_seen_by_others_and_taken_back(
    window: Open, hand: Hand, li_wei: Person, chen: Person, group: Chat
) -> None:
    hand.call("sendPoll", chat_id=group.id, question="Which day?", options=[{"text": "Tuesday"}, {"text": "Saturday"}])
    hers, his = window(li_wei, group), window(chen, group)
    message(hers, "Which day?").get_by_role("button", name="Saturday").click()
    expect(message(hers, "Which day?").get_by_role("listitem").filter(has_text="Saturday")).to_contain_text("100%")
    expect(message(his, "Which day?")).to_contain_text("1 票")
    message(his, "Which day?").get_by_role("button", name="Tuesday").click()
    expect(message(hers, "Which day?")).to_contain_text("50%")
    message(hers, "Which day?").get_by_role("button", name="Retract vote").click()
    expect(message(hers, "Which day?").get_by_role("button", name="Tuesday")).to_be_visible()


def test_a_quiz_says_what_was_right_and_why(window: Open, hand: Hand, li_wei: Person, group: Chat) -> None:
    hand.call("sendPoll", chat_id=group.id, question="Who doses insulin?", type="quiz", correct_option_ids=[1],
              options=[{"text": "A peer supporter"}, {"text": "The care team"}], explanation="Peers never do.")
    page = window(li_wei, group)
    message(page, "Who doses").get_by_role("button", name="A peer supporter").click()
    expect(message(page, "Who doses").get_by_role("img", name="wrong answer")).to_be_visible()
    expect(message(page, "Who doses").get_by_role("img", name="right answer")).to_be_visible()
    expect(message(page, "Who doses")).to_contain_text("Peers never do.")


def _attach(page: Page, item: str, *files: Path) -> Locator:
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("attach").click()
        page.get_by_test_id(item).click()
    chooser.value.set_files(files)
    return page.get_by_role("dialog")


def test_a_photo_goes_up_with_its_caption_and_opens_large(
    window: Open, sandbox: Running, li_wei: Person, chen: Person, group: Chat, tmp_path: Path
) -> None:
    (tmp_path / "meeting.png").write_bytes(PIXEL)
    hers, his = window(li_wei, group), window(chen, group)
    dialog = _attach(hers, "attach-photo", tmp_path / "meeting.png")
    dialog.get_by_role("textbox", name="Caption").fill("Our first meeting")
    dialog.get_by_role("button", name="Send", exact=True).click()
    picture = message(his, "Our first meeting").get_by_role("img", name="Our first meeting")
    expect(picture).to_have_js_property("naturalWidth", 1)
    picture.click()
    expect(his.get_by_role("dialog").get_by_role("img")).to_have_js_property("naturalWidth", 1)
    his.keyboard.press("Escape")
    expect(his.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("gesture", ["paste", "drop"])
def test_files_can_be_pasted_and_dropped(window: Open, li_wei: Person, group: Chat, gesture: str) -> None:
    page = window(li_wei, group)
    target = page.get_by_test_id("composer")
    expect(target).to_be_visible()
    carried = page.evaluate_handle("""() => {
        const carried = new DataTransfer();
        carried.items.add(new File(["three to five people"], "plan.txt", { type: "text/plain" }));
        return carried;
    }""")
    if gesture == "paste":
        paste = "(node, clipboardData) => node.dispatchEvent(new ClipboardEvent('paste', { clipboardData }))"
        target.evaluate(paste, carried)
    else:
        target.dispatch_event("dragover", {"dataTransfer": carried})
        target.dispatch_event("drop", {"dataTransfer": carried})
    page.get_by_role("dialog").get_by_role("button", name="Send", exact=True).click()
    expect(message(page, "plan.txt").get_by_role("link", name="Download plan.txt")).to_be_visible()


def test_files_go_up_and_come_down_unchanged(
    window: Open, sandbox: Running, li_wei: Person, chen: Person, group: Chat, tmp_path: Path
) -> None:
    (tmp_path / "训练手册.txt").write_text("four key functions", encoding="utf-8")
    hers, his = window(li_wei, group), window(chen, group)
    _attach(hers, "attach-file", tmp_path / "训练手册.txt").get_by_role("button", name="Send", exact=True).click()
    with his.expect_download() as download:
        his.get_by_role("link", name="训练手册.txt").click()
    assert Path(download.value.path()).read_text(encoding="utf-8") == "four key functions"
    assert download.value.suggested_filename == "训练手册.txt"


def test_a_voice_message_is_recorded_and_arrives(window: Open, hand: Hand, started: Chat, li_wei: Person) -> None:
    page = window(li_wei, started)
    page.get_by_test_id("record").click()
    expect(page.locator(".record-time")).to_have_text("0:01")
    page.get_by_test_id("record-send").click()
    voice = hand.hears("message")["voice"]
    assert voice["file_size"] > 0
    expect(page.get_by_role("button", name="Play: Voice message")).to_be_visible()


def test_a_reply_keyboard_sends_its_text_and_a_forced_reply_is_offered(
    window: Open, hand: Hand, started: Chat, li_wei: Person
) -> None:
    page = window(li_wei, started)
    keyboard = {"keyboard": [[{"text": "Nurse"}, {"text": "Doctor"}], [{"text": "Skip"}]], "resize_keyboard": True,
                "one_time_keyboard": True, "input_field_placeholder": "Your role"}
    hand.call("sendMessage", chat_id=li_wei.id, text="What is your role?", reply_markup=keyboard)
    expect(page.get_by_test_id("composer")).to_have_attribute("placeholder", "Your role")
    page.get_by_test_id("reply-keyboard").get_by_role("button", name="Doctor").click()
    assert hand.hears("message")["text"] == "Doctor"
    expect(page.get_by_test_id("reply-keyboard")).to_be_hidden()
    asked = hand.call("sendMessage", chat_id=li_wei.id, text="Your city?", reply_markup={"force_reply": True})
    expect(page.get_by_test_id("reply-bar")).to_contain_text("Your city?")
    write(page, "Hefei")
    assert hand.hears("message")["reply_to_message"]["message_id"] == asked["message_id"]
    expect(page.get_by_test_id("reply-bar")).to_be_hidden()


def test_blocking_stops_the_bot_and_unblocking_brings_it_back(
    window: Open, sandbox: Running, started: Chat, li_wei: Person
) -> None:
    page = window(li_wei, started)
    page.get_by_test_id("chat-menu").click()
    page.get_by_role("menuitem", name="Block bot").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Block bot").click()
    page.get_by_test_id("unblock").click()
    expect(page.get_by_test_id("composer")).to_be_visible()
    assert not li_wei.blocked


def test_topics_open_with_their_own_messages_and_show_when_they_are_closed(
    window: Open, hand: Hand, zhao: Person, room: Chat
) -> None:
    topic = hand.call("createForumTopic", chat_id=room.id, name="Q1 · Recruitment · Li Wei")["message_thread_id"]
    hand.call("sendMessage", chat_id=room.id, message_thread_id=topic, text="Li Wei asks: how do we begin?")
    page = window(zhao, room)
    expect(page.get_by_test_id("topic-0")).to_contain_text("I'll cover the English questions")
    page.get_by_test_id(f"topic-{topic}").click()
    asked = message(page, "Li Wei asks")
    expect(asked).to_be_visible()
    expect(asked.get_by_role("button", name="回复")).to_have_count(0)
    expect(page.get_by_role("log")).not_to_contain_text("English questions")
    write(page, "先从五个人开始。")
    heard = hand.hears("message")
    assert (heard["message_thread_id"], heard["is_topic_message"]) == (topic, True)
    hand.call("closeForumTopic", chat_id=room.id, message_thread_id=topic)
    expect(page.get_by_test_id("subtitle")).to_contain_text("已关闭")
    expect(page.get_by_test_id(f"topic-{topic}")).to_have_accessible_name("Q1 · Recruitment · Li Wei、已关闭")


def test_a_link_to_a_message_in_a_topic_opens_it_there(window: Open, hand: Hand, zhao: Person, room: Chat) -> None:
    topic = hand.call("createForumTopic", chat_id=room.id, name="Q2")["message_thread_id"]
    asked = hand.call("sendMessage", chat_id=room.id, message_thread_id=topic, text="The question itself")
    address = f"https://t.me/c/{str(room.id).removeprefix('-100')}/{topic}/{asked['message_id']}"
    hand.call("sendMessage", chat_id=room.id, text=f"Please look at {address}")
    page = window(zhao, room)
    page.get_by_test_id("topic-0").click()
    page.get_by_role("log").get_by_role("link", name=address).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Q2")
    expect(message(page, "The question itself")).to_be_in_viewport()


def test_history_loads_upwards_and_a_reply_jumps_to_what_it_quotes(
    window: Open, sandbox: Running, li_wei: Person, zhao: Person, group: Chat
) -> None:
    first = next(iter(group.messages.values()))
    for number in range(100):
        sandbox.do(sandbox.world.say, zhao, group, f"Notice {number}")
    sandbox.do(sandbox.world.say, li_wei, group, "I read them all", reply_to=first)
    page = window(li_wei, group)
    page.get_by_test_id("log").evaluate("log => log.scrollTo(0, log.scrollHeight)")
    shown = page.get_by_role("log").get_by_role("article")
    expect(message(page, "I read them all")).to_be_in_viewport()
    assert shown.count() < 100
    message(page, "I read them all").get_by_role("button", name="In reply to 赵磊").click()
    expect(page.locator(f"[data-message-id='{first.id}']")).to_be_in_viewport()
    page.get_by_test_id("scroll-down").click()
    expect(message(page, "I read them all")).to_be_in_viewport()


def test_on_a_phone_one_goes_from_the_list_to_the_topics_to_a_topic_and_back(
    window: Open, zhao: Person, room: Chat, group: Chat
) -> None:
    page = window(zhao, viewport=PHONE, has_touch=True, is_mobile=True)
    page.get_by_test_id(f"chat-{room.id}").tap()
    page.get_by_test_id("topic-0").tap()
    expect(page.get_by_role("log")).to_be_visible()
    expect(page.get_by_test_id("topic-0")).to_be_hidden()
    page.get_by_test_id("back").tap()
    expect(page.get_by_test_id("topic-0")).to_be_visible()
    expect(page.get_by_role("log")).to_be_hidden()
    page.get_by_test_id("back-to-chats").tap()
    page.get_by_test_id(f"chat-{group.id}").tap()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_test_id("composer").fill("一\n二")
    page.get_by_test_id("composer").press("Enter")
    expect(page.get_by_test_id("composer")).to_have_value("一\n二\n")
    page.get_by_test_id("send").tap()
    expect(message(page, "一\n二")).to_be_visible()
    page.go_back()
    expect(page.get_by_test_id(f"chat-{group.id}")).to_be_visible()


def test_every_control_on_a_phone_is_large_enough_for_a_finger(
    window: Open, hand: Hand, li_wei: Person, group: Chat
) -> None:
    keys = [[{"text": "Helpful", "callback_data": "a"}, {"text": "Related", "callback_data": "b"}]]
    hand.call("sendMessage", chat_id=group.id, text="An answer", reply_markup={"inline_keyboard": keys})
    page = window(li_wei, group, viewport=PHONE, has_touch=True, is_mobile=True)
    expect(message(page, "An answer")).to_be_visible()
    small = page.evaluate("""() => [...document.querySelectorAll(
        '.icon-button:not(.message-more), .key, .item, .title-button, .composer-text')]
        .filter(node => node.checkVisibility()).filter(node => node.getBoundingClientRect().height < 43.9)
        .map(node => node.getAttribute('aria-label') ?? node.textContent)""")
    assert small == []


def test_a_lost_connection_is_said_keeps_the_text_and_comes_back(window: Open) -> None:
    world = demo_world()
    with serve_in_thread(world) as first:
        li_wei, zhao = person(first, "Li Wei"), person(first, "赵磊")
        group = chat(first, "Peer support trainees")
        page = window()
        page.goto(f"{first.url}/?as={li_wei.id}")
        page.get_by_test_id(f"chat-{group.id}").click()
        expect(page.get_by_test_id("connecting")).to_be_hidden()
    expect(page.get_by_test_id("connecting")).to_have_text("Connecting…")
    write(page, "Is anybody there?")
    expect(page.get_by_role("status")).to_contain_text("Not connected")
    expect(page.get_by_test_id("composer")).to_have_value("Is anybody there?")
    with serve_in_thread(world, port=first.port) as second:
        second.do(second.world.say, zhao, group, "Yes, I am back")
        expect(page.get_by_test_id("connecting")).to_be_hidden(timeout=60_000)
        expect(message(page, "Yes, I am back")).to_be_visible()
        page.get_by_test_id("composer").press("Enter")
        expect(message(page, "Is anybody there?")).to_be_visible()


def test_the_page_speaks_the_persons_language_and_can_be_switched(window: Open, chen: Person, group: Chat) -> None:
    page = window(chen, group)
    expect(page.get_by_test_id("composer")).to_have_attribute("placeholder", "訊息")
    assert page.locator("html").get_attribute("lang") == "zh-Hant"
    for tag, placeholder in {"zh-Hans": "消息", "en": "Message"}.items():
        page.get_by_test_id("language").click()
        page.get_by_test_id(f"language-{tag}").click()
        expect(page.get_by_test_id("composer")).to_have_attribute("placeholder", placeholder)
    page.reload()
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()


def test_the_three_languages_have_the_same_words(window: Open) -> None:
    words = window().evaluate("""async () => Object.fromEntries(await Promise.all(['en', 'zh-hans', 'zh-hant'].map(
        async name => [name, (await import(`/page/words/${name}.js`)).default])))""")
    holes = {name: {key: sorted(re.findall(r"\{\w+\}", str(text))) for key, text in table.items()}
             for name, table in words.items()}
    english = {key: sorted(set(found)) for key, found in holes["en"].items()}
    assert holes["zh-hans"] == english
    assert holes["zh-hant"] == english


def test_dark_and_light_follow_the_system_until_switched(window: Open, li_wei: Person) -> None:
    page = window(li_wei, color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    expect(page.get_by_test_id("theme")).to_be_visible()
    dark = page.evaluate(ground)
    page.get_by_test_id("theme").click()
    assert page.evaluate(ground) == "rgb(255, 255, 255)" != dark
    page.emulate_media(color_scheme="light")
    page.get_by_test_id("theme").click()
    assert page.evaluate(ground) == dark


def test_the_page_can_be_used_with_the_keyboard_alone(window: Open, li_wei: Person, group: Chat) -> None:
    page = window(li_wei)
    page.get_by_test_id(f"chat-{group.id}").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("composer")).to_be_focused()
    more = message(page, "很高興認識各位").get_by_role("button", name="Message actions")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(more).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Forward").press("ArrowUp")
    expect(page.get_by_role("menuitem", name="Copy text")).to_be_focused()
    page.get_by_role("menuitem", name="Reply").press("Enter")
    expect(page.get_by_test_id("composer")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("reply-bar")).to_be_hidden()


def test_forwarding_goes_to_the_chosen_chat(window: Open, li_wei: Person, group: Chat) -> None:
    page = window(li_wei, group)
    act(page, "很高興認識各位", "Forward")
    page.get_by_role("dialog").get_by_role("button", name="Hefei & Anhui").click()
    expect(message(page, "很高興認識各位")).to_contain_text("Forwarded from 陳怡君")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hefei & Anhui")


def test_another_person_opens_in_a_new_window(window: Open, li_wei: Person, chen: Person) -> None:
    page = window(li_wei)
    page.get_by_test_id("switch-person").click()
    with page.expect_popup() as popup:
        page.get_by_test_id(f"window-{chen.id}").click()
    expect(popup.value.get_by_test_id("switch-person")).to_contain_text("陳怡君")
    expect(page.get_by_test_id("switch-person")).to_contain_text("Li Wei")
