"""Conversations of organizers who write a notice, up to the moment when it is sent or scheduled."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from bot.features import attention, people
from bot.features.attention import Kind, Preferences
from bot.features.notices import Notice, State
from bot.features.people import Role
from bot.settings import Settings
from tests.conftest import SetClock
from tests.town import Seat, Town

HELLO = "The room is open from nine on Friday."


@pytest.fixture
def author(town: Town) -> Seat:
    """The organizer in private."""
    return town.private(town.organizer)


@pytest.fixture
def colleague(town: Town) -> Seat:
    """A second organizer in private."""
    return town.private(town.person("Wang Fang", "en", Role.ORGANIZER))


@pytest.fixture
def ready(author: Seat) -> Seat:
    """The organizer in front of a notice to everyone that passed its test."""
    writes(author, HELLO)
    author.taps("Who gets it")
    author.taps("Everyone")
    author.taps("Back")
    author.taps("Test send to me")
    return author


def writes(author: Seat, words: str, language: str = "✅ English") -> None:
    """Begin a notice with a text."""
    author.says("/notice")
    author.taps("New notice")
    author.says(words)
    author.taps(language)


def stored(town: Town) -> list[Notice]:
    """All notices, as they are kept."""
    with town.database.reading() as db:
        return list(db.exec(select(Notice).order_by(col(Notice.id))))


def the_only(town: Town) -> Notice:
    """The one notice that there is."""
    (notice,) = stored(town)
    return notice


def label_of(seat: Seat, words: str) -> str:
    """The whole label of the newest button that contains `words`."""
    labels = (button["text"] for post in reversed(seat.posts) for row in post.buttons for button in row)
    return str(next(label for label in labels if words in label))


def taps_what(seat: Seat, words: str) -> str | None:
    """Tap the newest button whose label contains these words; the toast."""
    return seat.taps(label_of(seat, words)).text


def joins(town: Town, name: str) -> None:
    """One person more."""
    town.person(name, "en", Role.TRAINEE)


def test_a_notice_is_written_in_two_languages_with_buttons_tested_and_sent(town: Town, author: Seat) -> None:
    writes(author, HELLO)
    author.taps("Text")
    author.taps("➕ 简体中文")
    author.says("周五网络讲座，九点开门。")
    author.taps("Buttons")
    author.taps("Add a link button")
    author.says("Register | 报名 | https://example.org/form")
    author.taps("Buttons")
    author.taps("Sign me up")
    author.taps("Back")
    author.taps("Who gets it")
    author.taps("Everyone")
    author.taps("Groups")
    author.taps("Trainees 2026")
    author.taps("Back")
    author.taps("Back")
    card = author.sees("everyone in the community, and groups: Trainees 2026").text
    assert "It goes to 5 people and 1 group." in card
    assert "繁體中文 (1 person): they get the Simplified text in Traditional characters." in card
    author.taps("Preview")
    author.sees("👁 English: 3 people get it, and Trainees 2026")
    author.sees("👁 繁體中文: 1 person gets it (the Simplified text in Traditional characters)")
    shown = author.message("週五網路講座").buttons
    assert [(button["text"], button.get("url")) for row in shown for button in row] == [
        ("報名", "https://example.org/form"), ("我要報名", None)
    ]  # fmt: skip
    author.taps("Test send to me")
    author.sees("✅ The test arrived: English, 简体中文, and 繁體中文.")
    author.taps("Send now")
    assert the_only(town).state is State.DRAFT, "it is asked back first"
    author.taps("✅ Yes, send it now (6)")
    author.sees("goes out now to 5 people and 1 group")
    notice = the_only(town)
    assert (notice.due_at, notice.recipients) == (town.now(), 6)
    assert notice.state is not State.DRAFT


@pytest.mark.parametrize("kind", ["photo", "document", "video", "audio", "voice", "animation"])
def test_what_comes_along_comes_along_with_its_words(town: Town, author: Seat, kind: str) -> None:
    author.says("/notice")
    author.taps("New notice")
    town.world.send_file(town.organizer, author.chat, kind, b"content", caption="周五见")
    town.settle()
    author.taps("✅ 简体中文")
    author.taps("Preview")
    mine = [post for post in author.posts if kind in post.message and post.author == town.world.bot_id]
    assert [post.text for post in mine] == ["周五见", "週五見"]


def test_an_album_is_kept_together_and_its_buttons_stand_below_with_the_words(town: Town, author: Seat) -> None:
    writes(author, HELLO)
    author.taps("Text")
    author.taps("✏️ English")
    town.world.send_album(town.organizer, author.chat, [b"1", b"2", b"3"], caption="Three photos")
    town.settle()
    author.sees("English: album (3) and text")
    author.taps("Test send to me")
    sent = [post for post in author.posts if "media_group_id" in post.message and post.author == town.world.bot_id]
    assert [post.text for post in sent] == ["Three photos", "", ""]
    assert len({post.message["media_group_id"] for post in sent}) == 1
    author.taps("Buttons", under="English: album")
    author.taps("Sign me up")
    author.taps("Back")
    author.taps("Test send to me")
    assert author.buttons("Three photos") == ["Sign me up"]


def test_an_album_that_begins_a_notice_comes_whole(town: Town, author: Seat) -> None:
    author.says("/notice")
    author.taps("New notice")
    town.world.send_album(town.organizer, author.chat, [b"1", b"2"], caption="Two photos")
    town.settle()
    author.taps("✅ English")
    author.sees("English: album (2) and text")


def test_a_poll_is_asked_anew(town: Town, author: Seat) -> None:
    author.says("/notice")
    author.taps("New notice")
    town.world.send_poll(town.organizer, author.chat, "Which day?", ["Monday", "Friday"], is_anonymous=False)
    town.settle()
    author.taps("✅ English")
    author.taps("Preview")
    poll: dict[str, Any] = next(p.message["poll"] for p in author.posts if "poll" in p.message and p.author == town.world.bot_id)
    assert (poll["question"], [option["text"] for option in poll["options"]]) == ("Which day?", ["Monday", "Friday"])
    assert not poll["is_anonymous"]


def test_formatting_is_kept(town: Town, author: Seat) -> None:
    author.says("/notice")
    author.taps("New notice")
    bold = [{"type": "bold", "offset": 0, "length": 5}]
    town.world.say(town.organizer, author.chat, "Hello <all> & everybody", entities=bold)
    town.settle()
    author.taps("✅ English")
    author.taps("Preview")
    shown = [p for p in author.posts if p.text == "Hello <all> & everybody" and p.author == town.world.bot_id]
    assert [post.message["entities"] for post in shown] == [bold]


def test_the_language_that_was_guessed_wrong_is_put_right(town: Town, author: Seat) -> None:
    writes(author, "OK 2026", "繁體中文")
    author.sees("繁體中文: text")


def test_an_audience_is_built_from_buttons_and_said_in_words_and_numbers(town: Town, author: Seat) -> None:
    with town.database.transaction() as db:
        for person, city in ((town.trainee, "北京"), (town.other_trainee, "上海")):
            member = people.find(db, person.id)
            assert member is not None
            member.city = city
        blocked, silent = people.find(db, town.consultant.id), people.find(db, town.other_trainee.id)
        assert blocked is not None
        assert silent is not None
        people.unreachable(db, town.consultant.id, now=town.now())
        attention.keep(db, Preferences(member_id=silent.id or 0, muted=[Kind.NOTICES]))
    writes(author, HELLO)
    author.taps("Who gets it")
    author.sees("Who gets it: nobody so far")
    author.taps("Everyone")
    screen = author.sees("everyone in the community").text
    assert "It goes to 4 people." in screen
    assert "Not reached: 1 has blocked me." in screen
    assert "Of these, 1 person muted “Announcements” and will not get it." in screen
    author.taps("City")
    taps_what(author, "北京")
    taps_what(author, "上海")
    author.sees("those for whom all of this holds: City is 北京 or 上海")
    author.sees("It goes to 2 people.")
    author.taps("Back")
    author.taps("Role")
    taps_what(author, "trainee")
    taps_what(author, "✅ trainee")
    author.sees("Role is not trainee; City is 北京 or 上海")
    author.sees("It goes to 0 people.")
    author.taps("Only these")
    author.sees("Role is trainee; City is 北京 or 上海")
    author.taps("Clear")
    author.taps("Back")
    taps_what(author, "City")
    author.taps("Everyone but these")
    author.sees("City is not 北京 or 上海")
    author.taps("Back")
    author.taps("No people in private")
    author.sees("Who gets it: nobody so far")


def test_s21_what_telegram_refuses_in_the_test_cannot_be_sent(town: Town, author: Seat) -> None:
    writes(author, HELLO)
    author.taps("Who gets it")
    author.taps("Everyone")
    author.taps("Back")
    toast = author.taps("Send now").text or ""
    assert "Test send to me" in toast
    refused = "Bad Request: can't parse entities: unclosed tag"
    fault = town.world.faults.ask(method="sendMessage", error_code=400, description=refused)
    author.taps("Test send to me")
    assert fault.struck == 1
    author.sees("❌ Telegram refused the English text")
    author.sees("Its formatting cannot be read.")
    author.sees_nothing_of("The test arrived")
    author.taps("Back to the notice")
    assert "Test send to me" in (author.taps("Send now").text or "")
    assert "Test send to me" in (author.taps("Schedule…").text or "")
    author.taps("Test send to me")
    author.sees("✅ The test arrived: English.")
    author.taps("Send now")
    author.sees("It goes out now.")


def test_s21_a_change_after_the_test_needs_another_test(town: Town, ready: Seat) -> None:
    ready.taps("Back to the notice")
    ready.sees("✅ Tested as it is now.")
    ready.taps("Text")
    ready.taps("✏️ English")
    ready.says("Other words.")
    ready.sees("Not tested yet as it is now.")
    assert "Test send to me" in (ready.taps("Send now", under="Not tested").text or "")


def test_s22_a_count_that_changed_is_shown_again_before_anything_goes_out(town: Town, ready: Seat) -> None:
    ready.taps("Send now")
    joins(town, "Newcomer")
    taps_what(ready, "Yes, send it now (5)")
    ready.sees("⚠️ Content or audience changed since you looked.")
    ready.sees("It goes to 6 people.")
    assert the_only(town).state is State.DRAFT
    ready.taps("✅ Yes, send it now (6)")
    assert the_only(town).recipients == 6


def test_s18_a_second_tap_sends_nothing_more(town: Town, ready: Seat) -> None:
    ready.taps("Send now")
    post, label = ready.last, label_of(ready, "Yes, send it now")
    data = next(button["callback_data"] for row in post.buttons for button in row if button["text"] == label)
    taps = [town.world.tap(town.organizer, ready.chat, post.id, data, stale=True) for _ in range(2)]
    town.settle()
    assert [tap.text for tap in taps if tap.text] in (
        ["This notice is on its way already."],
        ["This notice is scheduled already. To change it, take it back first."],
    )
    assert len([text for text in ready.texts if "goes out now" in text]) == 1


def test_a_time_is_written_in_words_and_said_back_with_its_zone(town: Town, ready: Seat) -> None:
    ready.taps("Schedule…")
    ready.says("after lunch")
    ready.sees("I cannot read this time.")
    ready.says("today 9:00")
    ready.sees("This time has passed.")
    ready.says("下周二 19:30")
    said = ready.sees("It goes out Tue, Dec 1 7:30").text
    assert "(Beijing)" in said
    assert "🌙" not in said
    taps_what(ready, "Yes, schedule it")
    notice = the_only(town)
    assert (notice.state, notice.due_at) == (State.SCHEDULED, datetime(2026, 12, 1, 11, 30, tzinfo=UTC))
    ready.says("/notice")
    assert "Dec 1" in label_of(ready, "The room is open")
    taps_what(ready, "The room is open")
    ready.taps("Take it back and change it")
    ready.sees("It is a draft again")
    assert (the_only(town).state, the_only(town).due_at) == (State.DRAFT, None)


def test_night_and_holidays_are_warned_of_with_other_times_and_still_possible(town: Town, ready: Seat) -> None:
    ready.taps("Schedule…")
    ready.says("1 Jan 2027 23:00")
    question = ready.sees("🌙 That is at night").text
    assert "🎉 That is a public holiday." in question
    offered = [label for label in ready.buttons("🌙 That is at night") if re.search("Dec|Jan", label)]
    assert len(offered) == 2
    ready.taps(offered[0])
    better = ready.sees("It goes out Thu, Dec 31 7:00").text
    assert "🌙" not in better
    ready.taps("Another time")
    ready.says("1 Jan 2027 23:00")
    taps_what(ready, "Yes, schedule it")
    assert the_only(town).due_at == datetime(2027, 1, 1, 15, tzinfo=UTC)


def test_what_a_notice_cannot_take_is_said_and_nothing_is_lost(town: Town, author: Seat) -> None:
    author.says("/notice")
    author.taps("New notice")
    town.world.send_file(town.organizer, author.chat, "sticker", b"s")
    town.settle()
    author.sees("This cannot be sent as a notice.")
    author.says(HELLO)
    author.taps("✅ English")
    assert "nobody would get it" in (author.taps("Send now").text or "").casefold()
    author.taps("Buttons")
    author.taps("Add a link button")
    for wrong in ("Register | http://example.org", "Register | example.org", "Register | https://no spaces.org", "Register"):
        author.says(wrong)
        author.sees("A link has to be a whole address that begins with https://")
    author.says("R" * 65 + " | https://example.org")
    author.sees("A button's label can be up to 64 characters.")
    author.says("Register | https://example.org")
    author.sees("Buttons: Register")


def test_a_text_that_telegram_cut_in_two_is_noticed(town: Town, author: Seat, clock: SetClock) -> None:
    author.says("/notice")
    author.taps("New notice")
    for part in ("x" * 4096, "y" * 904):  # as a client sends 5,000 characters
        town.world.say(town.organizer, author.chat, part)
    town.settle()
    author.sees("Telegram cut your text in two")
    author.taps("✅ English")
    clock.moves(minutes=1)
    author.says("How do we find our first peer supporter?")
    assert len([text for text in author.texts if "cut your text in two" in text]) == 1


def test_nothing_is_waited_for_that_came_too_late(town: Town, ready: Seat, colleague: Seat) -> None:
    ready.taps("Schedule…")
    colleague.says("/notice")
    taps_what(colleague, "The room is open")
    colleague.taps("Delete")
    colleague.taps("Delete it")
    ready.says("tomorrow 9:00")
    ready.sees("has been deleted")
    ready.says("How do we find our first peer supporter?")
    assert len([text for text in ready.texts if "has been deleted" in text]) == 1


@pytest.fixture
def approving(town: Town) -> Town:
    """A town where more than three need a second organizer's word."""
    town.settings = Settings(rate=1000, approval=3)
    town.restarts()
    return town


def asks(town: Town, ready: Seat) -> None:
    """Confirm a notice that needs approval."""
    ready.taps("Send now")
    ready.sees("For more than 3, another organizer has to approve it first.")
    taps_what(ready, "Yes, send it now")


def test_a_notice_to_many_waits_for_a_second_organizer(approving: Town, colleague: Seat, ready: Seat) -> None:
    town = approving
    asks(town, ready)
    ready.sees("📨 The other organizers are asked.")
    assert the_only(town).state is State.ASKED
    colleague.sees("📨 Zhao Lei asks you to approve “The room is open")
    colleague.sees(HELLO)
    joins(town, "Newcomer")
    colleague.taps("Approve")
    colleague.sees("⚠️ This has changed since it was shown to you.")
    colleague.sees("It goes to 7 people.")
    assert the_only(town).state is State.ASKED
    colleague.taps("Approve")
    colleague.sees("✅ You approved")
    ready.sees("✅ Wang Fang approved “The room is open")
    assert (the_only(town).recipients, the_only(town).due_at) == (7, town.now())


def test_a_second_organizer_sends_it_back_with_a_reason(approving: Town, colleague: Seat, ready: Seat) -> None:
    town = approving
    asks(town, ready)
    colleague.taps("Send back")
    town.restarts()
    colleague.says("The day is wrong.")
    ready.sees("↩️ Wang Fang sent “The room is open from nine on Friday.” back: The day is wrong.")
    ready.taps("Open the notice")
    ready.sees("↩️ Sent back: The day is wrong.")
    assert the_only(town).state is State.DRAFT
    assert "draft again" in (colleague.taps("Approve").text or "")


def test_who_opens_it_from_the_list_can_decide_as_well(approving: Town, colleague: Seat, ready: Seat) -> None:
    asks(approving, ready)
    for seat in (ready, colleague):
        seat.says("/notice")
        taps_what(seat, "⏳ The room is open")
    assert "another organizer has to approve it" in (ready.taps("✅ Approve or send back").text or "")
    colleague.taps("✅ Approve or send back")
    colleague.taps("✅ Approve")
    colleague.sees("✅ You approved")


def test_nobody_approves_alone_or_their_own(approving: Town, ready: Seat) -> None:
    town = approving
    ready.taps("Send now")
    assert "no other whom I can reach" in (taps_what(ready, "Yes, send it now") or "")
    assert the_only(town).state is State.DRAFT


def test_a_time_that_passed_while_it_waited_is_said_before_it_goes_out(
    approving: Town, colleague: Seat, ready: Seat, clock: SetClock
) -> None:
    ready.taps("Schedule…")
    ready.says("tomorrow 9:00")
    taps_what(ready, "Yes, schedule it")
    clock.moves(days=2)
    colleague.taps("Approve")
    colleague.sees("The time that was chosen has passed: it would go out at once.")
    colleague.taps("Approve")
    assert the_only(approving).due_at == clock.now


def test_two_who_write_the_same_text_lose_nothing(town: Town, author: Seat, colleague: Seat, clock: SetClock) -> None:
    writes(author, HELLO)
    author.taps("Text")
    author.taps("✏️ English")
    colleague.says("/notice")
    taps_what(colleague, "The room is open")
    colleague.taps("Text")
    colleague.taps("✏️ English")
    clock.moves(minutes=1)
    colleague.says("From ten.")
    author.says("From eleven.")
    author.sees("Wang Fang changed this text while you were writing. Yours stands there now; theirs is kept")
    author.taps("Text")
    author.taps("↩️ Earlier text")
    author.taps("Preview")
    author.sees("From ten.")


def test_what_is_written_for_a_draft_that_was_deleted_is_kept_in_a_new_one(
    town: Town, author: Seat, colleague: Seat
) -> None:
    writes(author, HELLO)
    author.taps("Text")
    author.taps("✏️ English")
    colleague.says("/notice")
    taps_what(colleague, "The room is open")
    colleague.taps("Delete")
    colleague.taps("Delete it")
    author.says("Words that took an hour.")
    author.sees("What you wrote is kept in a new draft")
    assert "has been deleted" in (author.taps("‹ Back").text or "")
    author.says("/notice")
    taps_what(author, "Words that took an hour")


def test_who_lost_the_role_goes_no_further_and_the_draft_stays(town: Town, author: Seat, colleague: Seat) -> None:
    writes(author, HELLO)
    author.taps("Text")
    author.taps("✏️ English")
    with town.database.transaction() as db:
        member = people.find(db, town.organizer.id)
        assert member is not None
        member.role = Role.TRAINEE
    author.says("New words.")
    author.sees("Only organizers can do this.")
    assert author.taps("Back").text == "Only organizers can do this."
    colleague.says("/notice")
    taps_what(colleague, "The room is open")
    colleague.sees("Draft by Zhao Lei")


def test_a_restart_in_the_middle_costs_nothing(town: Town, author: Seat) -> None:
    author.says("/notice")
    author.taps("New notice")
    town.restarts()
    author.says(HELLO)
    town.restarts()
    author.taps("✅ English")
    author.taps("Save draft")
    author.sees("1 draft, kept until you delete it")
    taps_what(author, "The room is open")
    author.sees("English: text")


def test_mydata_shows_what_somebody_wrote_and_forget_takes_their_name_off(town: Town, author: Seat) -> None:
    town.person("Owner", "en", Role.OWNER)
    writes(author, HELLO)
    author.says("/mydata")
    file = next(post.message["document"] for post in author.posts if "document" in post.message)
    content = town.world.files.find(file["file_id"])
    assert content is not None
    assert HELLO in content.content.decode()
    author.says("/forget")
    author.taps("Delete everything")
    assert the_only(town).author_id is None


def test_a_chinese_organizer_reads_every_screen_in_chinese(town: Town) -> None:
    author = town.private(town.person("周敏", "zh-hans", Role.ORGANIZER))
    author.says("/notice")
    author.taps("写新通知")
    author.says("周五网络讲座")
    author.taps("✅ 简体中文")
    author.taps("发给谁")
    author.taps("所有人")
    author.sees("将发给6人。")
    author.taps("返回")
    author.taps("测试发给我")
    author.sees("✅ 测试已送达：简体中文和繁體中文。")
    author.taps("定时发送…")
    author.says("明天上午九点")
    author.sees("11月24日周二 09:00 发出")
    taps_what(author, "确认定时")
    assert the_only(town).state is State.SCHEDULED
