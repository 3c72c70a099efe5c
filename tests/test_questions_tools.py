"""The consultants' tools on a question, played through the sandbox: in a topic, by command, and in a room without topics."""

from __future__ import annotations

import pytest
from sqlmodel import select

from bot.features import groups, questions
from bot.features.people import Role
from bot.features.questions import Question, State
from tests.conftest import SetClock
from tests.test_questions import UNKNOWN, passed_on
from tests.town import Seat, Town


def at_desk(town: Town, label: str = "Q1") -> Seat:
    """张敏 in the topic of a question."""
    return town.topic(town.consultant, label)


def tool(seat: Seat, label: str) -> None:
    """Open the tools under the card and tap one."""
    seat.taps("More…")
    seat.taps(label)


def question(town: Town, number: int = 1) -> Question:
    """The question as it is stored."""
    with town.database.reading() as db:
        return db.exec(select(Question).where(Question.number == number)).one()


def data_of(seat: Seat, label: str, under: str) -> tuple[int, str]:
    """Message and callback data of a button, as a hostile or hasty client keeps them."""
    post = seat.message(under)
    return post.id, next(b["callback_data"] for row in post.buttons for b in row if label in b["text"])


def test_more_opens_the_tools_on_the_same_message_and_back_closes_them(town: Town) -> None:
    passed_on(town)
    desk = at_desk(town)
    before = len(desk.posts)
    desk.taps("More…")
    assert [label.split(" ", 1)[-1] for label in desk.buttons(UNKNOWN)] == [
        "Transfer", "Ask back", "Insert FAQ", "Saved replies", "Answered before", "Merge", "Undo", "Transcript Q1", "HTML",
        "Back",
    ]  # fmt: skip
    desk.taps("Back")
    assert desk.buttons(UNKNOWN) == ["🙋 Claim", "☑️ Close", "🧰 More…"]
    assert len(desk.posts) == before


def test_a_trainee_finds_no_tool_that_works(town: Town) -> None:
    passed_on(town)
    town.world.add_member(town.room, town.trainee)
    stranger = town.topic(town.trainee, "Q1")
    assert stranger.taps("More…").show_alert
    for command in ("claim", "release", "transfer", "close", "reopen", "askback x", "insert x", "saved", "merge", "undo"):
        stranger.says(f"/{command}")
    assert question(town).state is State.OPEN
    stranger.sees_nothing_of("Who shall have")


def test_a_tool_of_the_room_does_nothing_in_another_chat(town: Town) -> None:
    passed_on(town)
    private = town.private(town.consultant)
    private.says("/help")
    for verb in ("menu", "transfer", "askback", "insert", "saved", "merge", "before", "answers", "back"):
        tap = town.world.tap(town.consultant, private.chat, private.last.id, f"questions.{verb}:1", stale=True)
        town.settle()
        assert tap.show_alert, verb
    private.sees_nothing_of(UNKNOWN)


def test_commands_do_in_the_topic_what_the_buttons_do(town: Town) -> None:
    asker = passed_on(town)
    town.world.promote(town.room, town.consultant, can_manage_topics=True)
    desk = at_desk(town)
    desk.says("/claim")
    desk.sees("Q1 is with 张敏.")
    asker.sees("张敏 has taken it")
    desk.says("/release")
    desk.sees("Q1 is with nobody now.")
    desk.says("/close")
    asker.sees("Q1 was closed by 张敏")
    assert town.room.topics[desk.topic].closed
    desk.says("/reopen")
    asker.sees("张敏 has opened Q1 again")
    assert not town.room.topics[desk.topic].closed
    assert question(town).state is State.OPEN


def test_a_command_that_means_no_question_says_where_to_write_it(town: Town) -> None:
    passed_on(town)
    general = town.seat(town.consultant, town.room)
    general.says("/claim")
    general.sees("请在专家组里那个问题的话题下写")
    assert question(town).owner_id is None


def test_reopen_is_on_the_card_of_a_closed_question(town: Town) -> None:
    asker = passed_on(town)
    desk = at_desk(town)
    desk.taps("Close")
    desk.taps("Reopen")
    asker.sees("张敏 has opened Q1 again")
    assert not town.room.topics[desk.topic].closed


def test_r23_what_belongs_to_the_owner_tells_others_who_has_it(town: Town) -> None:
    passed_on(town)
    at_desk(town).taps("Claim")
    other = town.topic(town.second_consultant, "Q1")
    assert "张敏 has this question" in (other.taps("Release").text or "")
    other.taps("More…")
    for label in ("Transfer", "Ask back"):
        assert "张敏 has this question" in (other.taps(label).text or "")
    assert question(town).owner_id is not None


def test_an_organizer_may_do_what_belongs_to_the_owner(town: Town) -> None:
    passed_on(town)
    at_desk(town).taps("Claim")
    town.topic(town.organizer, "Q1").taps("Release")
    assert question(town).owner_id is None


def test_transfer_tells_the_new_owner_with_note_and_link_and_the_asker(town: Town) -> None:
    asker = passed_on(town)
    desk = at_desk(town)
    desk.taps("Claim")
    tool(desk, "Transfer")
    desk.taps("Sarah Lin")
    desk.replies("Is there something to say", "She has done this in Chengdu.")
    desk.sees("张敏 gave Q1 to Sarah Lin.")
    sarah = town.private(town.second_consultant)
    told = sarah.sees("张敏 gave you Q1:")
    assert "She has done this in Chengdu." in told.text
    assert any(entity["type"] == "text_link" for entity in told.message["entities"])
    asker.sees("Sarah Lin has taken it")
    desk.sees("Sarah Lin has taken it.")


def test_transfer_without_a_note_and_a_double_tap_do_one_thing(town: Town) -> None:
    passed_on(town)
    desk = at_desk(town)
    desk.taps("Claim")
    tool(desk, "Transfer")
    desk.taps("Sarah Lin")
    post, data = data_of(desk, "No note", "Is there something to say")
    for _ in range(2):
        town.world.tap(town.consultant, town.room, post, data, stale=True)
    town.settle()
    sarah = town.private(town.second_consultant)
    assert len([text for text in sarah.texts if "gave you Q1" in text]) == 1


def test_transfer_by_command_carries_the_note_at_once(town: Town) -> None:
    passed_on(town)
    desk = at_desk(town)
    desk.says("/transfer Please look at the costs & <fees>")
    desk.taps("Sarah Lin")
    town.private(town.second_consultant).sees("Please look at the costs & <fees>")
    assert question(town).owner_id is not None


def test_r23_of_two_transfers_the_second_sees_who_has_it_now(town: Town) -> None:
    third = town.person("Wang Fang", "en", Role.CONSULTANT)
    passed_on(town)
    desk = at_desk(town)
    desk.taps("Claim")
    tool(desk, "Transfer")
    post, data = data_of(desk, "Wang Fang", "Who shall have")
    desk.taps("Sarah Lin")
    desk.taps("No note")
    tap = town.world.tap(town.consultant, town.room, post, data, stale=True)
    town.settle()
    assert tap.show_alert
    assert "Sarah Lin" in (tap.text or "")
    town.private(third).sees_nothing_of("gave you")


def test_many_colleagues_come_in_pages(town: Town) -> None:
    for number in range(8):
        town.person(f"Expert {number}", "en", Role.CONSULTANT)
    passed_on(town)
    desk = at_desk(town)
    tool(desk, "Transfer")
    first = desk.buttons("Who shall have")
    desk.taps("›")
    second = desk.buttons("Who shall have")
    names = [label for label in first + second if label not in ("‹", "›", "Never mind")]
    assert len(names) == len(set(names)) == 10
    assert "张敏" not in names


def test_never_mind_takes_the_tool_away(town: Town) -> None:
    passed_on(town)
    desk = at_desk(town)
    tool(desk, "Transfer")
    desk.taps("Never mind")
    desk.sees_nothing_of("Who shall have")


def test_never_mind_takes_nothing_else_away(town: Town) -> None:
    passed_on(town)
    desk = at_desk(town)
    card = desk.message(UNKNOWN)
    tap = town.world.tap(town.consultant, town.room, card.id, f"questions.nevermind:{question(town).id}", stale=True)
    town.settle()
    assert tap.show_alert
    desk.sees(UNKNOWN)


def test_asking_back_stops_the_clock_until_the_asker_answers(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    desk = at_desk(town)
    tool(desk, "Ask back")
    asked = desk.replies("What would you like to know", "How large is your hospital?")
    home = asker.sees("How large is your hospital?")
    assert "would like to know" in home.text
    assert not home.buttons
    assert asked.reactions
    desk.sees("Waiting for the asker since")
    assert question(town).paused_at is not None
    clock.moves(hours=30)
    asker.says("Four hundred beds.")
    desk.sees("Four hundred beds.")
    desk.sees_nothing_of("Waiting for the asker")
    assert question(town).paused_at is None
    town.private(town.consultant).sees("Q1：提问者答复您了")


def test_asking_back_by_command_claims_what_nobody_had(town: Town) -> None:
    asker = passed_on(town)
    at_desk(town).says("/askback Is it for outpatients?")
    assert "Is it for outpatients?" in asker.sees("would like to know").text
    asker.sees_nothing_of("/askback")
    asker.sees("张敏 has taken it")
    asker.replies("Is it for outpatients?", "Yes.")
    at_desk(town).sees("Yes.")


def test_an_answer_ends_the_waiting_too(town: Town) -> None:
    asker = passed_on(town)
    desk = at_desk(town)
    desk.says("/askback Is it for outpatients?")
    desk.replies(UNKNOWN, "Never mind, it works for both.")
    asker.sees("it works for both")
    assert question(town).paused_at is None
    desk.sees_nothing_of("Waiting for the asker")


def test_an_faq_entry_is_searched_seen_and_sent_as_an_answer_in_the_askers_language(town: Town) -> None:
    asker = town.private(town.other_trainee)
    asker.says("工會的錢能不能給俱樂部會員買去拉薩的機票？")
    asker.taps("請專家回答")
    asker.taps("傳送")
    desk = at_desk(town)
    tool(desk, "Insert FAQ")
    desk.replies("Which FAQ entry", "What is peer support?")
    desk.sees("The FAQ has this:")
    entry = desk.buttons("The FAQ has this:")[0]
    desk.taps(entry)
    desk.sees("This would go to the asker:")
    asker.sees_nothing_of("摘自常見問題")
    desk.taps("Send")
    home = asker.sees("摘自常見問題")
    assert "张敏的回答" in home.text
    assert [b["text"] for row in home.buttons for b in row]
    assert question(town).state is State.ANSWERED
    with town.database.reading() as db:
        story = questions.story(db, question(town))
    assert [part.side for part in story] == ["consultant"]


def test_sending_an_entry_twice_sends_it_once(town: Town) -> None:
    asker = passed_on(town)
    desk = at_desk(town)
    desk.says("/insert What is peer support?")
    desk.taps(desk.buttons("The FAQ has this:")[0])
    post, data = data_of(desk, "Send", "This would go to the asker:")
    for _ in range(3):
        town.world.tap(town.consultant, town.room, post, data, stale=True)
    town.settle()
    assert len([text for text in asker.texts if "From our FAQ" in text]) == 1


def test_words_that_the_faq_does_not_know_say_so(town: Town) -> None:
    passed_on(town)
    desk = at_desk(town)
    desk.says("/insert")
    assert "Which FAQ entry" in desk.last.text


def save_reply(town: Town, title: str, text: str, language: str = "English") -> Seat:
    """张敏 writes a saved reply in private."""
    private = town.private(town.consultant)
    private.says("/saved")
    private.taps("新写一条")
    private.taps(language)
    private.says(title)
    private.says(text)
    private.sees("已保存。")
    return private


def test_a_saved_reply_is_filled_in_and_sent_with_its_formatting(town: Town) -> None:
    private = town.private(town.consultant)
    private.says("/saved")
    private.taps("新写一条")
    private.taps("English")
    private.says("Contact")
    bold = [{"type": "bold", "offset": 0, "length": len("Dear {name}")}]
    town.world.say(town.consultant, private.chat, "Dear {name}, about {number}: call us.", entities=bold)
    town.settle()
    asker = passed_on(town)
    desk = at_desk(town)
    tool(desk, "Saved replies")
    desk.taps("Contact")
    desk.sees("Dear Li Wei, about Q1: call us.")
    desk.taps("Send")
    home = asker.sees("Dear Li Wei, about Q1: call us.")
    start = home.text.index("Dear")
    assert {"type": "bold", "offset": start, "length": len("Dear Li Wei")} in home.message["entities"]


def test_a_saved_reply_names_no_anonymous_asker(town: Town) -> None:
    save_reply(town, "Contact", "Dear {name}, call us.")
    asker = passed_on(town, how="Send anonymously")
    desk = town.topic(town.consultant, "anonymous")
    tool(desk, "Saved replies")
    desk.taps("Contact")
    desk.taps("Send")
    asker.sees("Dear dear colleague, call us.")
    assert not [text for text in desk.texts if "Li Wei" in text]


def test_saved_replies_are_offered_in_the_askers_language_only(town: Town) -> None:
    save_reply(town, "联系", "请联系我们。", "简体中文")
    passed_on(town)
    desk = at_desk(town)
    desk.says("/saved")
    desk.sees("No reply is saved in the asker's language yet.")


def test_saved_replies_are_changed_and_deleted_in_private(town: Town) -> None:
    private = save_reply(town, "Contact", "Old words.")
    private.taps("改内容")
    private.says("New words.")
    private.sees("New words.")
    private.taps("改标题")
    private.says("Call")
    private.taps("返回")
    private.taps("English · Call")
    private.taps("删除")
    private.sees("删除“Call”吗？")
    private.taps("删除")
    assert "English · Call" not in private.buttons("常用回复")


def test_what_is_no_text_is_asked_for_again(town: Town) -> None:
    private = town.private(town.consultant)
    private.says("/saved")
    private.taps("新写一条")
    private.taps("English")
    private.says("x" * 100)
    private.says("Contact")
    town.world.send_file(town.consultant, private.chat, "photo", b"x", caption="no")
    town.settle()
    private.says("Call us.")
    private.sees("已保存。")


def solved_before(town: Town, text: str, answer: str) -> None:
    """A question that Chen Yijun asked and that was solved."""
    asker = passed_on(town, town.private(town.person("Chen Yijun", "en", Role.TRAINEE)), text=text)
    desk = town.topic(town.consultant, "Q1")
    desk.replies(text, answer)
    asker.taps("Solved")


def test_answered_before_finds_a_solved_question_and_reuses_its_answer(town: Town) -> None:
    earlier = "Can our union's money pay flights of patient club members to Lhasa?"
    answer = "Dear Chen Yijun, no: a union's money is for its members only (see Q1). The patient's number is 13812345678."
    solved_before(town, earlier, answer)
    asker = passed_on(town)
    desk = at_desk(town, "Q2")
    tool(desk, "Answered before")
    found = desk.sees("Similar questions that were solved:")
    assert "Chen" not in found.text
    desk.taps(next(label for label in desk.buttons("Similar questions") if label.startswith("Q1")))
    desk.taps("Use this answer")
    home = asker.sees("a union's money is for its members only")
    assert "Chen" not in home.text
    assert "Q1" not in home.text
    assert "13812345678" not in home.text
    assert question(town, 2).state is State.ANSWERED


def test_answered_before_says_when_there_is_nothing(town: Town) -> None:
    passed_on(town)
    desk = at_desk(town)
    desk.says("/before")
    desk.sees("No similar question has been solved yet.")


def test_r18_an_answer_is_taken_back_within_48_hours(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    desk = at_desk(town)
    answer = desk.replies(UNKNOWN, "Yes, it can. Ask Mr Wu.")
    clock.moves(hours=47)
    desk.says("/undo", reply_to=answer)
    asker.sees_nothing_of("Ask Mr Wu")
    asker.sees("took back an answer to Q1")
    desk.sees("张敏 took this answer back: Yes, it can.")
    assert not answer.reactions
    assert question(town).state is State.CLAIMED
    assert question(town).answered_at is None


def test_r18_after_48_hours_a_correction_goes_instead(town: Town, clock: SetClock) -> None:
    asker = passed_on(town)
    desk = at_desk(town)
    answer = desk.replies(UNKNOWN, "Yes, it can.")
    clock.moves(hours=49)
    desk.says("/undo", reply_to=answer)
    asker.sees("Yes, it can.")
    desk.taps("Send a correction")
    desk.replies("with the correction", "No, it cannot.")
    assert "corrects the earlier answer" in asker.sees("No, it cannot.").text


def test_r18_undo_of_a_long_answer_takes_every_piece(town: Town) -> None:
    asker = passed_on(town)
    desk = at_desk(town)
    desk.replies(UNKNOWN, " ".join(f"This is sentence number {n} of a long answer." for n in range(90))[:4090])
    assert len([text for text in asker.texts if "sentence number" in text]) == 2
    tool(desk, "Undo")
    desk.taps(next(label for label in desk.buttons("Which answer") if "sentence" in label).split(" ", 1)[1])
    asker.sees_nothing_of("sentence number")


def test_r18_undo_takes_a_photo_and_tapping_twice_is_one_undo(town: Town) -> None:
    asker = passed_on(town)
    desk = at_desk(town)
    card = desk.message(UNKNOWN)
    town.world.send_file(town.consultant, town.room, "photo", b"x", caption="see", topic=desk.topic, reply_to=card)
    town.settle()
    asker.sees("see")
    tool(desk, "Undo")
    post, data = data_of(desk, "see", "Which answer")
    for _ in range(2):
        town.world.tap(town.consultant, town.room, post, data, stale=True)
    town.settle()
    assert not [post for post in asker.posts if "photo" in post.message]
    assert len([text for text in asker.texts if "took back an answer" in text]) == 1


def test_r18_only_the_author_or_an_organizer_takes_an_answer_back(town: Town) -> None:
    asker = passed_on(town)
    desk = at_desk(town)
    answer = desk.replies(UNKNOWN, "Yes, it can.")
    town.topic(town.second_consultant, "Q1").says("/undo", reply_to=answer)
    asker.sees("Yes, it can.")
    desk.sees("张敏 has this question")
    town.topic(town.organizer, "Q1").says("/undo", reply_to=answer)
    asker.sees_nothing_of("Yes, it can.")


def test_r18_what_has_not_gone_out_is_not_sent_at_all(town: Town) -> None:
    asker = passed_on(town)
    desk = at_desk(town)
    answer = town.world.say(town.consultant, town.room, "Yes, it can.", topic=desk.topic, reply_to=desk.message(UNKNOWN))
    town.world.say(town.consultant, town.room, "/undo", topic=desk.topic, reply_to=answer)
    town.settle()
    asker.sees_nothing_of("Yes, it can.")


def test_what_a_tool_has_sent_can_be_taken_back_under_it(town: Town) -> None:
    asker = passed_on(town)
    desk = at_desk(town)
    desk.says("/insert What is peer support?")
    desk.taps(desk.buttons("The FAQ has this:")[0])
    desk.taps("Send")
    asker.sees("From our FAQ")
    desk.taps("Undo", under="sent this to the asker")
    asker.sees_nothing_of("From our FAQ")


@pytest.mark.parametrize("command", ["transfer", "askback x", "insert", "saved", "merge", "before"])
def test_a_closed_question_refuses_every_tool_with_a_sentence(town: Town, command: str) -> None:
    passed_on(town)
    town.world.promote(town.room, town.second_consultant, can_manage_topics=True)  # others cannot write in a closed topic
    desk = town.topic(town.second_consultant, "Q1")
    desk.taps("Close")
    desk.says(f"/{command}")
    assert "Q1 is closed." in desk.last.text


def without_topics(town: Town) -> Seat:
    """张敏 in a room where the bot cannot make topics."""
    town.world.set_bot_rights(town.room, town.organizer, can_manage_topics=False)
    town.settle()
    return town.seat(town.consultant, town.room)


def test_without_topics_the_tools_work_by_buttons_and_by_replies_to_the_card(town: Town) -> None:
    general = without_topics(town)
    asker = passed_on(town)
    general.replies(UNKNOWN, "/claim")
    asker.sees("张敏 has taken it")
    general.replies(UNKNOWN, "/askback Where?")
    asker.sees("Where?")
    asker.says("In Lhasa.")
    general.replies("In Lhasa.", "Then yes.")
    asker.sees("Then yes.")
    answer = general.message("Then yes.")
    general.says("/undo", reply_to=answer)
    asker.sees_nothing_of("Then yes.")
    general.taps("More…")
    general.taps("Transfer")
    general.taps("Sarah Lin")
    general.replies("Is there something to say", "Your turn.")
    town.private(town.second_consultant).sees("Your turn.")


def test_a_healed_topic_tells_transfers_askbacks_and_what_was_taken_back(town: Town) -> None:
    asker = passed_on(town)
    desk = at_desk(town)
    desk.says("/askback Where?")
    desk.says("/undo", reply_to=desk.replies(UNKNOWN, "A wrong answer."))
    desk.says("/transfer Your turn.")
    desk.taps("Sarah Lin")
    town.world.promote(town.room, town.consultant, can_manage_topics=True)
    town.world.erase_topic(town.consultant, town.room, desk.topic)
    asker.says("In Lhasa.")
    again = at_desk(town)
    assert again.topic != desk.topic
    assert "asked the asker" in again.sees("Where?").text
    assert "taken back" in again.sees("A wrong answer.").text
    assert "张敏 → Sarah Lin" in again.sees("Your turn.").text
    again.sees("In Lhasa.")


def test_a_chinese_room_sees_chinese_tools_throughout(town: Town) -> None:
    with town.database.transaction() as db:
        room = groups.room(db)
        assert room is not None
        room.language = "zh_Hans"
    passed_on(town)
    desk = at_desk(town)
    desk.taps("更多…")
    for label in ("转交", "追问", "插入常见问题", "常用回复", "以前答过的", "合并", "撤回"):
        desk.taps(label)
        assert not [text for text in desk.texts if "Who shall" in text or "Which" in text], label
    desk.taps("返回")
