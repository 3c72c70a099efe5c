"""Answers that stay, played through the sandbox: from a solved question to an entry that answers the next one."""

from __future__ import annotations

import json

import pytest
from sqlmodel import select

from bot.features import entries, faq, groups
from bot.features.entries import State, Version
from bot.features.people import Member
from bot.sandbox.world import Person, Tap
from handlers.entries._feature import Make
from tests.town import Seat, Town

QUESTION = "Can the money of our hospital's union pay the flight of patient club members to Lhasa?"
ANSWER = "No, a union's money is for its members only.\n- Ask the foundation of your city.\n- Or share the costs among all."
OTHER_WORDS = "Can our hospital's union pay for the flights of patients to Lhasa?"


def solved(town: Town, text: str = QUESTION, answer: str = ANSWER, how: str = "Send") -> Seat:
    """A question that was answered and solved; gives its topic as Sarah sees it."""
    asker = town.private(town.trainee)
    asker.says(text)
    asker.taps("Ask an expert")
    asker.taps(how)
    town.topic(town.consultant, "Q1").replies(text[-20:], answer)
    asker.taps("Solved")
    return town.topic(town.second_consultant, "Q1")


def taps_data(town: Town, seat: Seat, data: str, words: str = "") -> Tap:
    """Tap any callback data under a message with these words, as a hostile client could."""
    post = seat.message(words) if words else seat.last
    tap = town.world.tap(seat.person, seat.chat, post, data, stale=True)
    town.settle()
    return tap


def makes(town: Town, topic: Seat) -> Seat:
    """Sarah makes an entry of it; gives her private chat with the draft."""
    taps_data(town, topic, Make(1).pack())
    return town.private(town.second_consultant)


def drafted(town: Town) -> Seat:
    """A draft in Sarah's private chat, ready to be submitted."""
    seat = makes(town, solved(town))
    seat.sees("Draft of ")
    return seat


def submitted(town: Town) -> Seat:
    """A draft that waits for approval; gives the room as 张敏 sees it."""
    drafted(town).taps("Submit for approval")
    return Seat(town, town.consultant, town.room)


def published(town: Town) -> Seat:
    """An entry that 张敏 approved; gives Sarah's private chat."""
    submitted(town).taps("Approve")
    return town.private(town.second_consultant)


def looks_again(town: Town) -> None:
    """The keeper of the knowledge looks for changes, as it does once a second."""
    town.app.keeper._looked = -10.0
    town.app.keeper.refresh()


def newest(town: Town) -> Version:
    """The version that was made last."""
    with town.database.reading() as db:
        return db.exec(select(Version).order_by(Version.id.desc())).first() or pytest.fail("no version")  # type: ignore[union-attr]


def test_a_solved_question_becomes_an_entry_that_answers_it_in_other_words(town: Town) -> None:
    seat = drafted(town)
    draft = seat.sees("Draft of ")
    assert "Ask the foundation of your city." in draft.text
    assert "Other wordings" in draft.text
    seat.taps("Next step")
    seat.says("Write to the foundation this week.")
    seat.taps("Preview")
    seat.sees("A small step this week: Write to the foundation")
    seat.taps("Back to the draft")
    seat.taps("Submit for approval")
    seat.sees("waits for approval by a second consultant")

    room = Seat(town, town.consultant, town.room)
    room.sees("Sarah Lin proposes an FAQ entry")
    room.taps("Approve")
    room.sees("Approved by 张敏")
    seat.sees("approved “Can the money")
    town.topic(town.consultant, "Q1").sees("This is an FAQ entry now")

    looks_again(town)
    reader = town.private(town.person("Wang Fang", "en"))
    reader.starts()
    reader.says(OTHER_WORDS)
    reader.sees("a union's money is for its members only")
    reader.sees("Write to the foundation this week.")


def test_nobody_approves_what_they_wrote(town: Town) -> None:
    submitted(town)
    author = Seat(town, town.second_consultant, town.room)
    tap = author.taps("Approve")
    assert "a second consultant has to approve it" in (tap.text or "")
    assert newest(town).state is State.WAITING


def test_whoever_edits_the_draft_of_another_cannot_approve_it_either(town: Town) -> None:
    seat = drafted(town)
    other = town.private(town.consultant)
    other.says("/entries")
    other.taps("Can the money of our hospital's union pay the flight of pat…")
    other.taps("问题")
    other.says("May a union pay for flights?")
    seat.says("/entries")
    seat.taps("May a union pay for flights?")
    seat.taps("Submit for approval")
    tap = Seat(town, town.consultant, town.room).taps("Approve")
    assert "另一位专家" in (tap.text or "")


def test_it_is_sent_back_with_a_note_and_the_old_card_no_longer_decides(town: Town) -> None:
    room = submitted(town)
    card = room.message("proposes an FAQ entry")
    data = next(b["callback_data"] for row in card.buttons for b in row if "Approve" in b["text"])
    room.taps("Send back")
    town.private(town.consultant).says("Please name the law.")
    room.sees("sent it back: Please name the law.")
    author = town.private(town.second_consultant)
    author.sees("back: Please name the law.")
    author.taps("Open the draft")
    author.sees("Please name the law.")
    author.taps("Submit for approval")
    town.world.tap(town.consultant, town.room, card.id, data, stale=True)
    town.settle()
    assert newest(town).state is State.WAITING
    room.taps("Approve")
    assert newest(town).state is State.PUBLISHED


def test_a_draft_holds_nothing_that_identifies(town: Town) -> None:
    text = "May patient Zhang San, phone 13812345678, fly to Lhasa with our club?"
    seat = makes(town, solved(town, text, "Ask a@b.cn or 13912345678 about it.", how="Mask and send"))
    draft = seat.sees("Draft of ").text
    assert not [word for word in ("13812345678", "13912345678", "a@b.cn", "Zhang San") if word in draft]
    seat.taps("Question")
    seat.says("May a patient fly to Lhasa with our club?")
    tap = seat.taps("Submit for approval")
    assert "still masked" in (tap.text or "")
    seat.taps("Answer")
    seat.says("Ask the head nurse.")
    seat.taps("Submit for approval")
    assert newest(town).state is State.WAITING


@pytest.mark.parametrize("answer", ["Take 500 mg of metformin in the morning.", "Give 4 units of insulin before dinner."])
def test_an_answer_with_a_dose_becomes_no_entry(town: Town, answer: str) -> None:
    tap = taps_data(town, solved(town, answer=answer), Make(1).pack())
    assert "anything with a dose cannot be written here" in (tap.text or "")


def test_a_dose_that_is_written_into_the_draft_is_not_submitted(town: Town) -> None:
    seat = drafted(town)
    seat.taps("Answer")
    seat.says("Yes, and give 10 mg of it.")
    tap = seat.taps("Submit for approval")
    assert "A doctor has to review" in (tap.text or "")
    assert newest(town).state is State.DRAFT


def test_safety_texts_are_not_changed_from_the_desk(town: Town) -> None:
    seat = town.private(town.second_consultant)
    seat.says("/entries using-this-bot.medication-dose-questions")
    tap = seat.taps("English")
    assert "Safety texts" in (tap.text or "")


def test_whoever_never_started_the_bot_hears_how(town: Town) -> None:
    topic = solved(town)
    with town.database.transaction() as db:
        member = db.exec(select(Member).where(Member.telegram_id == town.second_consultant.id)).one()
        member.started_at = None
    tap = taps_data(town, topic, Make(1).pack())
    assert "press START first" in (tap.text or "")
    assert tap.show_alert


def test_tapping_twice_opens_the_same_draft(town: Town) -> None:
    topic = solved(town)
    makes(town, topic)
    makes(town, topic)
    with town.database.reading() as db:
        assert len(db.exec(select(Version)).all()) == 1


def test_a_question_without_an_answer_in_words_becomes_nothing(town: Town) -> None:
    asker = town.private(town.trainee)
    asker.says(QUESTION)
    asker.taps("Ask an expert")
    asker.taps("Send")
    tap = taps_data(town, town.topic(town.second_consultant, "Q1"), Make(1).pack())
    assert "no answer in words" in (tap.text or "")


def test_without_a_room_the_organizers_decide_in_private(town: Town) -> None:
    seat = drafted(town)
    with town.database.transaction() as db:
        room = groups.room(db)
        assert room is not None
        room.present = False
    seat.taps("Submit for approval")
    organizer = town.private(town.organizer)
    organizer.sees("Sarah Lin proposes an FAQ entry")
    organizer.taps("Approve")
    organizer.sees("Approved by Zhao Lei")
    assert newest(town).state is State.PUBLISHED


def test_fields_refuse_what_does_not_fit(town: Town) -> None:
    seat = drafted(town)
    seat.taps("Review by")
    seat.says("next year")
    seat.sees("a day within the next five years")
    seat.says("2027-06-30")
    seat.sees("Jun 30, 2027")
    seat.taps("Sources")
    seat.says("pfp-small-win")
    seat.sees("Did you mean pfp-small-wins")
    seat.says("pfp-small-wins")
    seat.sees("• pfp-small-wins")
    seat.taps("Question")
    seat.says("why " * 80)
    seat.sees("the limit is 200")
    seat.says("May a union pay?")
    seat.taps("Points")
    seat.says("-")
    assert newest(town).points == []
    assert newest(town).question == "May a union pay?"


def test_a_new_entry_moves_to_another_category_with_its_id(town: Town) -> None:
    seat = drafted(town)
    seat.taps("Category")
    seat.taps("Sustainability")
    seat.sees("Draft of sustainability.q1")
    assert newest(town).entry_id == "sustainability.q1"


def test_it_waits_for_translation_and_is_found_from_the_other_language_meanwhile(town: Town) -> None:
    seat = published(town)
    looks_again(town)
    entry_id = newest(town).entry_id
    chinese = town.private(town.other_trainee)
    chinese.starts("faq_" + entry_id.replace(".", "__"))
    chinese.sees("目前只有英文版")
    seat.says("/entries")
    seat.sees("Waiting for translation: 1")
    translator = town.private(town.consultant)
    translator.says("/entries")
    translator.taps("中文: Can the money of our hospital's union pay th…")
    translator.taps("问题")
    translator.sees("Can the money of our hospital's union")
    translator.says("医院工会的钱能付病友去拉萨的机票吗？")
    translator.taps("回答")
    translator.says("不能，工会经费只能用于会员。")
    translator.taps("提交审核")
    Seat(town, town.second_consultant, town.room).taps("Approve")
    looks_again(town)
    chinese.says("医院工会的钱能付病友去拉萨的机票吗？")
    chinese.sees("工会经费只能用于会员")
    seat.says("/entries")
    assert "Waiting for translation" not in seat.last.text


def hostile(town: Town, person: Person) -> list[str]:
    """Everything of entries that a client could send, tapped by somebody in their private chat; gives the answers."""
    seat = town.private(person)
    seat.says("/help")
    taps = ["make:1", "home", "open:1", "entry:concepts.small-wins", "edit:concepts.small-wins:en", "field:1:answer",
            "categories:1", "category:1:selection", "preview:1", "submit:1:0", "discard:1", "approve:1:1", "back:1:1",
            "agrees:1", "retract:1", "right:concepts.small-wins", "own:concepts.small-wins", "tell:1:1"]
    return [taps_data(town, seat, f"entries.{data}").text or "" for data in taps]


def test_a_trainee_can_do_nothing_of_all_this(town: Town) -> None:
    submitted(town)
    before = newest(town).model_dump()
    answers = hostile(town, town.trainee)
    assert all("Only consultants" in answer or "Only organizers" in answer for answer in answers)
    assert newest(town).model_dump() == before
    seat = town.private(town.trainee)
    seat.says("/entries")
    seat.sees("Only consultants can do this")
    with town.database.transaction() as db:
        member = db.exec(select(Member).where(Member.telegram_id == town.trainee.id)).one()
        member.expects("entries.edit", version=1, field="answer")
    seat.says("Nonsense.")
    assert newest(town).model_dump() == before


def test_my_data_shows_what_i_wrote_and_was_given_and_forget_takes_my_name_away(town: Town) -> None:
    seat = published(town)
    looks_again(town)
    reader = town.private(town.trainee)
    reader.says(OTHER_WORDS)
    seat.says("/mydata")
    written = json.loads(_file(town, seat))
    assert written["entries_written"][0]["answer"].startswith("No, a union's money")
    reader.says("/mydata")
    assert json.loads(_file(town, reader))["answers_given"][0]["entry_id"] == newest(town).entry_id
    for one in (seat, reader):
        one.says("/forget")
        one.taps("Delete everything")
        one.sees("It is deleted")
    version = newest(town)
    assert (version.state, version.author_id, version.owner_id) == (State.PUBLISHED, None, None)
    with town.database.reading() as db:
        assert db.exec(select(entries.Given)).all() == []


def _file(town: Town, seat: Seat) -> str:
    """The text of the newest file in a chat."""
    document = next(post.message["document"] for post in reversed(seat.posts) if "document" in post.message)
    stored = town.world.files.find(document["file_id"])
    assert stored is not None
    return stored.content.decode()


def test_the_question_no_longer_teaches_silence(town: Town) -> None:
    submitted(town)
    with town.database.reading() as db:
        assert [line.text for line in faq.bank(db)] == [QUESTION]
    Seat(town, town.consultant, town.room).taps("Approve")
    with town.database.reading() as db:
        assert faq.bank(db) == []
