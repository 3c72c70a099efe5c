"""/find and transcripts: consultants look back, in both scripts; nobody sees more than is theirs to see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from bot.db import Database
from bot.features import people, questions
from bot.features.questions import Question, Side, Standing, State, Term
from bot.features.questions._terms import terms_of
from bot.sandbox.world import Person, Post
from tests.test_questions import UNKNOWN, passed_on
from tests.test_questions_merging import SAME, merged
from tests.town import Seat, Town

CHINESE = "工会的钱能不能给俱乐部会员买去拉萨的机票？"
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def file_of(town: Town, seat: Seat) -> str:
    """The text of the newest document in a chat."""
    post: Post = next(post for post in reversed(seat.posts) if "document" in post.message)
    stored = town.bot_api.world.files.find(post.message["document"]["file_id"])
    assert stored is not None
    return stored.content.decode()


@pytest.fixture
def desk(town: Town) -> Seat:
    """The second consultant, who reads English, in private."""
    return town.private(town.second_consultant)


def answered(town: Town, how: str = "Send") -> Seat:
    """A question with an answer and a note; gives the asker's seat."""
    asker = passed_on(town, how=how)
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Please ask the foundation in Chengdu.")
    topic.says("Between us: they said no last year.")
    return asker


@pytest.mark.parametrize("words", ["Q1", "q1", "Lhasa", "lhasa union", "foundation", "Chengdu flight", "last year", "unio"])
def test_a_question_is_found_by_its_label_and_by_words_of_it_and_of_its_story(
    town: Town, desk: Seat, words: str
) -> None:
    answered(town)
    desk.says(f"/find {words}")
    found = desk.last
    assert "Q1" in found.text
    assert "Li Wei" in found.text
    link = next(entity for entity in found.message["entities"] if entity["type"] == "text_link")
    topic = town.topic(town.consultant, "Q1")
    assert link["url"] == f"https://t.me/c/{str(town.room.id).removeprefix('-100')}/{topic.topic}"
    assert "Transcript Q1" in desk.buttons("Q1")[0]


@pytest.mark.parametrize("words", ["Beijing", "Q7", "unions elsewhere", "hasa"])
def test_what_is_not_there_is_not_found(town: Town, desk: Seat, words: str) -> None:
    answered(town)
    desk.says(f"/find {words}")
    assert "Nothing was found" in desk.last.text


@pytest.mark.parametrize("words", ["机票", "機票", "工會", "俱乐部會員", "拉", "拉薩 工会"])
def test_either_script_finds_the_other(town: Town, desk: Seat, words: str) -> None:
    asker = town.private(town.other_trainee)
    asker.says(CHINESE)
    asker.taps("请专家回答")
    asker.taps("傳送")
    desk.says(f"/find {words}")
    assert "Q1" in desk.last.text
    desk.says("/find 机会")
    assert "Nothing was found" in desk.last.text


def test_a_find_is_narrowed_by_state_and_subject_and_turned_page_by_page(town: Town, desk: Seat) -> None:
    with town.database.transaction() as db:
        for number in range(1, 13):
            state = State.CLOSED if number % 2 else State.OPEN
            stored(db, town.trainee, number, f"How many volunteers for {number}?", state=state, category="recruitment")
        stored(db, town.trainee, 13, "How many volunteers at all?", category="retention")
    desk.says("/find volunteers")
    assert [f"Q{number}" in desk.last.text for number in (13, 12, 11, 10, 9)] == [True] * 5
    assert "Q8" not in desk.last.text
    desk.taps("Older ›")
    assert "Q8" in desk.last.text
    assert "Q9" not in desk.last.text
    desk.taps("‹ Newer")
    desk.taps("closed")
    assert [f"Q{number}" in desk.last.text for number in (13, 12, 11, 9, 7)] == [False, False, True, True, True]
    desk.taps("all")
    desk.taps("Subject")
    desk.taps("Keeping peer supporters")
    assert "Q13" in desk.last.text
    assert "Q12" not in desk.last.text
    assert len([post for post in desk.posts if "volunteers" in post.text and post.author == town.world.bot_id]) == 1


def test_without_words_the_newest_questions_are_shown(town: Town, desk: Seat) -> None:
    passed_on(town)
    desk.says("/find")
    assert "The newest questions" in desk.last.text
    assert "Q1" in desk.last.text


def test_find_works_in_the_room_and_nowhere_else_in_public(town: Town) -> None:
    passed_on(town)
    room = town.seat(town.consultant, town.room)
    room.says("/find Lhasa")
    room.sees("含“Lhasa”的问题")
    group = town.seat(town.consultant, town.group)
    for command in ("/find Lhasa", "/queue"):
        group.says(command)
        assert "Lhasa" not in group.last.text
        assert "Li Wei" not in group.last.text
    taken = town.world.tap(town.consultant, town.group, group.last.id, "questions.find:1:0::", stale=True)
    paper = town.world.tap(town.consultant, town.group, group.last.id, "questions.transcript:1:0", stale=True)
    town.settle()
    assert taken.show_alert
    assert paper.show_alert
    assert not [post for post in group.posts if "document" in post.message]


def test_find_is_for_consultants(town: Town) -> None:
    passed_on(town)
    other = town.private(town.other_trainee)
    other.says("/find Lhasa")
    assert "Lhasa" not in other.last.text.replace("/find Lhasa", "")


def test_what_is_edited_or_forgotten_is_found_no_more(town: Town, desk: Seat) -> None:
    asker = answered(town)
    with town.database.transaction() as db:
        question = db.exec(select(Question)).one()
        question.text = "Can the money of our foundation pay it?"
    desk.says("/find Lhasa")
    assert "Nothing was found" in desk.last.text
    asker.says("/forget")
    asker.taps("Delete everything")
    for words in ("pay it", "money"):
        desk.says(f"/find {words}")
        assert "Nothing was found" in desk.last.text
    desk.says("/find Chengdu")
    assert "somebody who has left" in desk.last.text or "anonymous" in desk.last.text
    with town.database.reading() as db:
        assert "money" not in set(db.exec(select(Term.term)))


def test_an_anonymous_asker_stays_so_in_lists_and_transcripts_also_for_organizers(town: Town) -> None:
    answered(town, how="Send anonymously")
    for reader in (town.second_consultant, town.organizer):
        seat = town.private(reader)
        seat.says("/find Lhasa")
        seat.taps("Transcript Q1")
        paper = file_of(town, seat)
        assert "anonymous" in seat.message("Lhasa").text
        assert "] anonymous" in paper
        assert UNKNOWN in paper
        for name in ("Li Wei", "liwei", str(town.trainee.id)):
            assert name not in paper
            assert name not in seat.last.text


def test_a_transcript_has_everything_that_consultants_may_see(town: Town, desk: Seat) -> None:
    asker = answered(town)
    asker.replies("Chengdu", "Which number?")
    topic = town.topic(town.consultant, "Q1")
    card = topic.message(UNKNOWN)
    town.world.send_file(
        town.consultant, town.room, "photo", b"picture", caption="their leaflet", topic=topic.topic, reply_to=card
    )
    town.settle()
    with town.database.transaction() as db:
        question = db.exec(select(Question)).one()
        answer = next(part for part in questions.story(db, question) if part.side is Side.CONSULTANT)
        db.add(
            questions.Version(
                question_id=question.id or 0, part_id=answer.id, text="Please ask in Beijing.", until=town.now()
            )
        )
        photo = next(part for part in questions.story(db, question) if part.media == "photo")
        photo.undone_at = town.now()
    desk.says("/find Q1")
    desk.taps("Transcript Q1")
    paper = file_of(town, desk)
    said = ["Q1 · ", "] Li Wei", UNKNOWN, "] 张敏", "Please ask the foundation in Chengdu.", "it said: Please ask in Beijing."]
    said += ["张敏 (note among consultants)", "they said no last year", "Which number?", "their leaflet", "📎 photo"]
    places = [paper.index(words) for words in said]
    assert places[:4] == sorted(places[:4])
    assert "This was taken back later." in paper


def test_the_asker_gets_their_own_transcript_without_notes_and_withdrawn_words(town: Town) -> None:
    asker = answered(town, how="Send anonymously")
    topic = town.topic(town.consultant, "Q1")
    topic.replies(UNKNOWN, "Forget the visa.")
    with town.database.transaction() as db:
        question = db.exec(select(Question)).one()
        answers = [part for part in questions.story(db, question) if part.side is Side.CONSULTANT]
        answers[-1].undone_at = town.now()
    town.world.tap(town.trainee, asker.chat, asker.last.id, "questions.mytranscript:1:0", stale=True)
    town.settle()
    paper = file_of(town, asker)
    assert "] You" in paper
    assert "Please ask the foundation in Chengdu." in paper
    assert "Between us" not in paper
    assert "visa" not in paper
    assert "(taken back)" in paper


def test_nobody_gets_the_transcript_of_another(town: Town) -> None:
    answered(town)
    other = town.private(town.other_trainee)
    other.says("/start")
    for data in ("questions.mytranscript:1:0", "questions.transcript:1:1"):
        tap = town.world.tap(town.other_trainee, other.chat, other.last.id, data, stale=True)
        town.settle()
        assert tap.show_alert
        assert "Li Wei" not in (tap.text or "")
    assert not [post for post in other.posts if "document" in post.message]


def test_the_page_escapes_what_people_wrote_and_loads_nothing(town: Town, desk: Seat) -> None:
    odd = "<script>alert(1)</script> & \"quotes\" for the union's Lhasa flight of patient club members?"
    asker = town.private(town.trainee)
    entities = [{"type": "bold", "offset": 0, "length": 8}]
    town.world.say(town.trainee, asker.chat, odd, entities=entities)
    town.settle()
    asker.taps("Ask an expert")
    asker.taps("Send")
    desk.says("/find Lhasa")
    desk.taps("HTML")
    page = file_of(town, desk)
    assert page.startswith("<!doctype html>")
    assert "<b>&lt;script&gt;</b>alert(1)" in page
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert "prefers-color-scheme: dark" in page
    assert "http://" not in page
    assert "https://" not in page


@given(st.text(max_size=60))
def test_any_text_is_found_by_each_word_that_it_has(text: str) -> None:
    terms = terms_of(text)
    assert all(term and len(term) <= 32 for term in terms)
    assert terms == terms_of(text + " ")
    assert terms_of(text) <= terms_of(f"{text} and more")


def stored(
    db: Session,
    person: Person,
    number: int,
    text: str,
    *,
    state: State = State.OPEN,
    category: str | None = None,
) -> Question:
    """A question as it is kept, without the way there."""
    asker = people.find(db, person.id)
    assert asker is not None
    question = Question(
        number=number, asker_id=asker.id, text=text, language="en", category=category, chat_id=person.id,
        message_id=number, state=state, created_at=NOON, sent_at=NOON,
    )
    db.add(question)
    db.flush()
    return question


def test_finding_works_on_either_database(database: Database) -> None:
    with database.transaction() as db:
        asker = people.meet(
            db, telegram_id=5, name="A", language_code="en", default="en", timezone="Asia/Shanghai", now=NOON
        )
        for number in range(1, 301):
            text = f"血糖仪{number}号怎么用 {'rarely' if number % 100 == 0 else 'often'}"
            db.add(Question(number=number, asker_id=asker.id, text=text, language="zh_Hans", chat_id=5,
                            message_id=number, state=State.OPEN, created_at=NOON))  # fmt: skip
        db.flush()
        look: Callable[..., list[int | None]] = lambda words, **more: [  # noqa: E731
            question.number for question, _ in questions.find(db, words, **more).hits
        ]
        assert look("血糖儀") == [300, 299, 298, 297, 296]
        assert look("血糖 rare") == [300, 200, 100]
        assert look("仪", page=1) == [295, 294, 293, 292, 291]
        assert look("often", standing=Standing.CLOSED) == []
        assert look("???") == []
        assert look("Ｑ２９９") == [299]


def test_a_merged_asker_finds_the_answer_in_their_transcript_and_nothing_of_the_other_asker(town: Town) -> None:
    _first, second = merged(town, how="Send anonymously")
    town.topic(town.consultant, "Q1").replies(UNKNOWN, "No, it may not.")
    town.world.tap(second.person, second.chat, second.last.id, "questions.mytranscript:2:0", stale=True)
    town.settle()
    paper = file_of(town, second)
    assert "Answered together with Q1" in paper
    assert SAME in paper
    assert "No, it may not." in paper
    assert UNKNOWN not in paper
    assert "Li Wei" not in paper
    reader = town.private(town.second_consultant)
    reader.says("/find Q1")
    reader.taps("Transcript Q1")
    whole = file_of(town, reader)
    assert "] Li Wei" in whole
    assert "Chen Yijun" not in whole
