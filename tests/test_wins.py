"""Small wins in conversation: the path, sharing and kudos, check-ins, being stuck, the groups' digests."""

from __future__ import annotations

import json
import struct
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import select

from bot import pictures
from bot.features import attention, groups, people, programmes, wins
from bot.features.groups import Kind
from bot.features.people import Member, Role
from bot.features.wins import Win, WinPath
from bot.inbox import InboxRow
from bot.sandbox.world import Post
from tests.conftest import SetClock
from tests.test_consultations import planned
from tests.town import Seat, Town

PEER = "Find ONE good peer supporter"
DONE = "Done: Put your “why” into three sentences"
SHARED = "has done it:"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8 + struct.pack(">II", 640, 480)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would be drawn."""
    asked: list[dict[str, Any]] = []

    def draw(wanted: dict[str, Any]) -> bytes:
        asked.append(wanted)
        return PNG

    monkeypatch.setattr(pictures, "draw", draw)
    return asked


@pytest.fixture
def li(town: Town) -> Seat:
    """A trainee who has opened /wins."""
    seat = town.private(town.trainee)
    seat.says("/wins")
    return seat


@pytest.fixture
def group(town: Town) -> Seat:
    """A colleague in the group, where the bot may see reactions."""
    town.world.set_rights(town.group, town.world.bot_id)
    return town.seat(town.consultant, town.group)


def shares(seat: Seat, how: str = "Yes, as Li Wei") -> None:
    """Mark the next step as done and share it."""
    seat.taps("Done")
    seat.taps("Share with the group")
    seat.taps(how)


def passes(town: Town, clock: SetClock, **time: float) -> None:
    """Time goes by, and what is due happens."""
    clock.moves(**time)
    town.settle()


def mine(town: Town) -> WinPath:
    """Li Wei's path."""
    with town.database.reading() as db:
        member = people.find(db, town.trainee.id)
        assert member is not None
        found = wins.path_of(db, member)
        assert found is not None
        return found


def newest_win(town: Town) -> Win:
    """The win that was marked last."""
    with town.database.reading() as db:
        return db.exec(select(Win).order_by(Win.id.desc())).first() or pytest.fail("there is none")  # type: ignore[union-attr]


def pictures_in(seat: Seat) -> list[Post]:
    """Photos that the bot sent here."""
    return [post for post in seat.posts if "photo" in post.message and post.author == seat.town.world.bot_id]


# The path


def test_wins_says_where_one_is_and_the_one_next_step(li: Seat) -> None:
    told = li.sees("My small wins").text
    for words in (
        "Stage 1 of 7: Get ready · 0 steps done so far.",
        "Your next step: Put your “why” into three sentences",
        "Done means: Three sentences are on paper",
        "What helps: Write the way your head nurse talks",
        "Whom to ask: our experts (/ask).",
        "Every second week I ask how it goes, next on Wed, Dec 2",
    ):
        assert words in told
    assert told.count("Your next step") == 1


def test_the_groups_link_leads_to_ones_own_path(town: Town) -> None:
    seat = town.private(town.trainee)
    seat.starts("wins")
    seat.sees("My small wins")


def test_wins_is_for_members_and_in_private(town: Town) -> None:
    guest = town.private(town.person("Guest", "en", Role.GUEST))
    guest.says("/wins")
    guest.sees("This is for members of the community.")
    seat = town.seat(town.trainee, town.group)
    seat.says("/wins")
    seat.sees("This works in our private chat")


def test_one_tap_marks_a_step_done_and_the_next_one_comes(li: Seat) -> None:
    li.taps("Done")
    li.sees(DONE)
    li.taps("Keep it to myself")
    assert "1 step done so far." in li.last.text
    li.sees("Your next step: Win one colleague as your partner")


def test_a_step_further_up_is_marked_from_the_list_and_undone_again(li: Seat) -> None:
    li.taps("All steps")
    li.taps("2 First peer supporter · 0/4")
    li.taps(PEER)
    li.sees("Done means: One person with the four qualities")
    li.taps("Done")
    li.taps("Keep it to myself")
    li.sees("Your next step: Have a screening talk of 20 minutes")
    li.taps("What I have done")
    li.taps(PEER)
    li.taps("Not done after all")
    li.sees("Your next step: Put your “why” into three sentences")
    li.taps("All steps")
    li.taps("2 First peer supporter · 0/4")
    li.taps(PEER)
    li.taps("Go for this next")
    li.sees(f"Your next step: {PEER}")


def test_answers_that_go_with_a_step_come_below_it(li: Seat) -> None:
    answer = next(label for label in li.buttons("My small wins") if label.startswith("📖"))
    li.taps(answer)
    li.sees(answer.removeprefix("📖 "))
    assert li.posts[-2].text.startswith("🪜 My small wins"), "the step stays in view"


def test_whoever_has_not_agreed_yet_is_told_and_nothing_is_kept_until_they_go_on(town: Town) -> None:
    with town.database.transaction() as db:
        member = people.find(db, town.trainee.id)
        assert member is not None
        member.consented_at = None
    seat = town.private(town.trainee)
    seat.says("/wins")
    seat.sees("By going on, you agree that I keep your steps")
    with town.database.reading() as db:
        assert db.exec(select(WinPath)).all() == []
    seat.taps("Done")
    assert mine(town).step == "sw-02-find-ally"


# Words and photos


def test_words_go_with_it_and_a_question_later_is_a_question_again(town: Town, clock: SetClock, li: Seat) -> None:
    li.taps("Done")
    li.says("My reason is our ward's waiting list.")
    li.sees("Noted.\n\nMy reason is our ward's waiting list.")
    passes(town, clock, minutes=2)
    li.says("How do we find our first peer supporter?")
    assert newest_win(town).note == "My reason is our ward's waiting list."


def test_5000_characters_come_in_two_messages_and_none_is_lost(town: Town, li: Seat, group: Seat) -> None:
    li.taps("Done")
    li.says("a" * 4096)
    li.says("b" * 904)
    assert len(newest_win(town).note or "") == 5001, "with the end of a line between them"
    li.taps("Share with the group")
    li.sees("Your words are long: the group sees the beginning.")
    li.taps("Yes, as Li Wei")
    assert group.last.text.endswith("a…")
    assert len(group.last.text) < 800


def test_what_cannot_be_kept_gets_a_sentence_and_is_waited_for_again(town: Town, li: Seat) -> None:
    li.taps("Done")
    town.world.send_voice(town.trainee, li.chat, b"voice")
    town.settle()
    li.sees("I can keep words and photos here.")
    li.says("Then in words.")
    assert newest_win(town).note == "Then in words."
    li.says("/cancel")
    assert newest_win(town).note == "Then in words.", "who leaves in the middle loses nothing"


def test_a_photo_in_place_of_words_and_ten_of_them(town: Town, li: Seat, group: Seat) -> None:
    li.taps("Done")
    town.world.send_album(town.trainee, li.chat, [b"%d" % n for n in range(10)], caption="Our first meeting")
    town.settle()
    assert [post.text for post in li.posts].count("Noted.\n\nOur first meeting\n🖼 1 photo") == 1, "one answer, not ten"
    assert (len(newest_win(town).photos), newest_win(town).note) == (10, "Our first meeting")
    town.world.send_photo(town.trainee, li.chat, b"one more")
    town.settle()
    li.sees("A small win has room for 10 photos.")
    li.taps("Share with the group")
    li.sees("10 photos go with it.")
    li.taps("Without my name")
    first, *others = pictures_in(group)
    assert "A colleague has done it" in first.text
    assert "Li Wei" not in first.text
    assert len(others) == 9
    li.taps("Take it back from the group")
    assert pictures_in(group) == []


# Sharing


def test_sharing_shows_first_what_the_group_will_see_and_names_only_who_agrees(
    town: Town, clock: SetClock, li: Seat, group: Seat
) -> None:
    li.taps("Done")
    li.says("Head nurse Wang, phone 13812345678, agreed.")
    li.taps("Share with the group")
    preview = li.sees("The group “Trainees 2026” will see this:").text
    assert "13812345678" not in preview
    li.sees("I have masked what may show who a patient is")
    group.sees_nothing_of(SHARED)
    li.taps("Without my name")
    assert group.sees(SHARED).text.startswith("🎉 A colleague has done it: Put your “why” into three sentences")
    group.sees_nothing_of("Li Wei")
    group.sees_nothing_of("13812345678")
    li.taps("Take it back from the group")
    group.sees_nothing_of(SHARED)
    li.taps("Share with the group")
    li.taps("Yes, as Li Wei")
    group.sees("🎉 Li Wei has done it: Put your “why” into three sentences")
    passes(town, clock, days=3)
    li.says("/forget")
    li.taps("Delete everything")
    group.sees("A small win; it was taken back.")
    group.sees_nothing_of("Li Wei has done it")


def test_with_several_groups_one_is_chosen_and_without_any_it_is_kept(town: Town, li: Seat) -> None:
    li.taps("Done")
    with town.database.transaction() as db:
        groups.settle(db, groups.find(db, town.group.id) or pytest.fail("no group"), Kind.UNKNOWN)
    assert "You and I are in no group together" in (li.taps("Share with the group").text or "")
    second = town.world.supergroup("Nanjing", town.organizer, town.trainee)
    with town.database.transaction() as db:
        for chat in (town.group, second):
            group = groups.seen(
                db, chat.id, title=chat.title, is_forum=False, language="zh_Hans", timezone="Asia/Shanghai", now=town.now()
            )
            groups.settle(db, group, Kind.COMMUNITY)
            group.language = "zh_Hans"
    li.taps("Share with the group")
    li.taps("Trainees 2026")
    town.world.leave(town.trainee, town.group)
    town.settle()
    assert "You are not in this group any more. Your small win is kept" in (li.taps("Yes, as Li Wei").text or "")
    li.taps("Share with the group")
    li.taps("Yes, as Li Wei")
    town.seat(town.organizer, second).sees("🎉 Li Wei做到了：用三句话写下“我为什么想做”")
    town.seat(town.organizer, town.group).sees_nothing_of("做到了")


def test_what_the_group_refuses_is_handed_back_and_can_be_shared_later(town: Town, li: Seat, group: Seat) -> None:
    refused = "Bad Request: not enough rights to send text messages to the chat"
    town.world.faults.ask(method="sendMessage", chat_id=town.group.id, error_code=400, description=refused)
    shares(li)
    group.sees_nothing_of(SHARED)
    li.sees("The group did not take your small win: Put your “why” into three sentences. It is kept for you.")
    li.taps("Share with the group", under="did not take")
    li.taps("Yes, as Li Wei")
    group.sees(SHARED)


def test_whose_win_it_is_nobody_else_can_touch(town: Town, li: Seat, group: Seat) -> None:
    shares(li)
    number = newest_win(town).id
    other = town.private(town.other_trainee)
    other.says("/wins")
    for data in (f"wins.undo:{number}", f"wins.takeback:{number}", f"wins.share:{number}", f"wins.mine:{number}"):
        town.world.tap(town.other_trainee, other.chat, other.last.id, data, stale=True)
        town.settle()
    group.sees("Li Wei has done it")
    assert newest_win(town).id == number


# Kudos


def test_kudos_by_reaction_and_tap_are_told_gathered_once_a_day(
    town: Town, clock: SetClock, li: Seat, group: Seat
) -> None:
    shares(li)
    post = group.sees(SHARED)
    assert group.taps("Well done").text == "👏 会转告这位同行。"
    town.world.set_reaction(town.organizer, town.group, post, "🎉")
    town.world.set_reaction(town.other_trainee, town.group, post, "👎")
    town.world.set_reaction(town.trainee, town.group, post, "👍")
    town.settle()
    assert town.seat(town.trainee, town.group).taps("Well done").text == "This one is yours. Well done!"
    li.sees_nothing_of("happy for you")
    passes(town, clock, hours=2)
    li.sees("👏 2 colleagues are happy for you: Put your “why” into three sentences")
    town.world.set_reaction(town.other_trainee, town.group, post, "❤")
    passes(town, clock, hours=3)
    assert len([text for text in li.texts if "happy for you" in text]) == 1
    passes(town, clock, hours=24)
    li.sees("👏 1 colleague is happy for you")
    assert len([text for text in li.texts if "happy for you" in text]) == 2


def test_a_groups_other_reactions_cost_no_row(town: Town, li: Seat, group: Seat) -> None:
    shares(li)
    said = group.says("What shall we eat tonight?")
    with town.database.reading() as db:
        before = len(db.exec(select(InboxRow)).all())
    town.world.set_reaction(town.organizer, town.group, said, "👍")
    town.settle()
    with town.database.reading() as db:
        assert len(db.exec(select(InboxRow)).all()) == before
    town.world.set_reaction(town.organizer, town.group, group.sees(SHARED), "👍")
    town.settle()
    with town.database.reading() as db:
        assert len(db.exec(select(InboxRow)).all()) == before + 1


# Check-ins


def test_every_second_week_one_question_and_never_a_third_in_vain(town: Town, clock: SetClock, li: Seat) -> None:
    passes(town, clock, days=8, hours=23)
    li.sees_nothing_of("How is it going")
    passes(town, clock, hours=2)  # Wednesday of next week, noon
    li.sees("How is it going with your next step?")
    assert li.buttons("How is it going")[:3] == ["✅ Done", "💪 On it", "🧱 Stuck"]
    for _day in range(40):
        passes(town, clock, days=1)
    assert len([text for text in li.texts if "How is it going" in text]) == 2
    li.sees("If you leave this open, I ask no more until you open /wins again.")
    li.taps("On it")
    assert mine(town).asked_next_at is not None, "they are back"


def test_on_it_done_and_stuck_answer_the_check_in(town: Town, clock: SetClock, li: Seat) -> None:
    passes(town, clock, days=9)
    passes(town, clock, hours=1)
    li.taps("On it")
    li.sees("Good! Step by step: Put your “why” into three sentences")
    passes(town, clock, days=14)
    li.taps("Done", under="How is it going")
    li.sees(DONE)


def test_day_and_hour_are_chosen_and_a_pause_is_kept(town: Town, clock: SetClock, li: Seat) -> None:
    li.taps("Check-ins")
    li.taps("Fri")
    li.taps("19:00")
    li.sees("Next on Fri, Dec 4 7:00")
    li.taps("Pause")
    li.sees("I do not ask how it goes.")
    li.says("/wins")
    passes(town, clock, days=30)
    li.sees_nothing_of("How is it going")
    li.taps("Check-ins")
    li.taps("Ask me again")
    passes(town, clock, days=7)
    li.sees("How is it going")


def test_whoever_moves_is_asked_on_their_new_clock(town: Town, clock: SetClock, li: Seat) -> None:
    with town.database.transaction() as db:
        member = people.find(db, town.trainee.id)
        assert member is not None
        people.set_timezone(member, "Europe/London")
    clock.now = datetime(2026, 12, 2, 4, 1, tzinfo=UTC)  # noon in Beijing
    town.settle()
    li.sees_nothing_of("How is it going")
    passes(town, clock, hours=8)
    li.sees("How is it going")


def test_who_muted_the_community_is_not_asked(town: Town, clock: SetClock, li: Seat) -> None:
    with town.database.transaction() as db:
        member = people.find(db, town.trainee.id)
        assert member is not None
        attention.keep(db, attention.Preferences(member_id=member.id or 0, muted=["community"]))
    for _day in range(20):
        passes(town, clock, days=1)
    li.sees_nothing_of("How is it going")
    assert mine(town).asked_at is None
    assert (mine(town).asked_next_at or town.now()) > town.now(), "it is not looked at again before their next day"


# Stuck


def test_stuck_asks_what_is_in_the_way_and_offers_at_once_what_helps(town: Town, li: Seat) -> None:
    planned(town, town.consultant)
    li.taps("All steps")
    li.taps("2 First peer supporter · 0/4")
    li.taps(PEER)
    li.taps("Stuck")
    assert li.buttons("What is in the way?")[:4] == [
        "No suitable candidate", "No time", "No model that fits here", "No money or other means"
    ]  # fmt: skip
    li.sees("A smaller step: Write down three names today.")
    li.taps("No suitable candidate")
    li.sees("Here is what may help.")
    answers = [label for label in li.buttons("A smaller step") if label.startswith("📖")]
    assert len(answers) == 3
    li.taps(answers[0])
    li.sees(answers[0].removeprefix("📖 "))
    assert sum("Next consultation: Tue, Dec 1" in label for label in li.buttons("A smaller step")) == 1
    li.taps(next(label for label in li.buttons("A smaller step") if "Next consultation" in label))
    li.sees("Consultation evening")
    li.taps("I take the smaller step")
    li.sees("Good! Step by step")


def test_who_does_not_say_on_what_is_offered_something_within_the_day(town: Town, clock: SetClock, li: Seat) -> None:
    passes(town, clock, hours=9)  # nine in the evening
    li.taps("Stuck")
    passes(town, clock, hours=4)
    li.sees_nothing_of("You are stuck here")
    passes(town, clock, hours=8)  # after their quiet hours
    li.sees("You are stuck here: Put your “why” into three sentences\nMost often the reason is: No time.")
    li.taps("Something else is in the way")
    li.taps("No money or other means")
    li.sees("A smaller step")
    passes(town, clock, days=2)
    li.sees_nothing_of("You are stuck here")
    li.taps("My path")
    li.taps("Stuck")
    passes(town, clock, hours=4)
    li.sees("You are stuck here")


# Digests


def a_year_begins(town: Town, clock: SetClock, zone_hours: int = 2) -> None:
    """The fourth of January 2027, a Monday: the first working day after the holiday, at ten in Beijing."""
    clock.now = datetime(2027, 1, 4, zone_hours, 0, tzinfo=UTC)
    town.settle()


def test_each_group_hears_of_the_month_on_its_first_working_day_with_a_picture(
    town: Town, clock: SetClock, li: Seat, group: Seat, drawn: list[dict[str, Any]]
) -> None:
    with town.database.transaction() as db:
        card = programmes.begin(db, people.find(db, town.trainee.id) or pytest.fail("nobody"), now=town.now())
        programmes.write(db, card, "name", "Garden clinic", now=town.now(), today=town.now().date())
        programmes.publish(db, card, now=town.now())
    clock.moves(days=20)
    shares(li)
    li.taps("My path")
    shares(li, "Without my name")
    clock.now = datetime(2027, 1, 1, 4, 0, tzinfo=UTC)
    town.settle()
    a_year_begins(town, clock, 1)
    group.sees_nothing_of("Small wins in")
    a_year_begins(town, clock)
    told = group.sees("🪜 Small wins in December 2026").text
    assert "• Li Wei: Put your “why” into three sentences\n… and 1 more that was shared here." in told
    assert "2 steps were done in all.\nWho is where: Get ready 1\nProgrammes with a card: Get ready 1" in told
    chart = drawn[0]["chart"]
    assert [panel["title"] for panel in chart["panels"]] == ["How many people are at each stage", "Steps done in the month"]
    assert chart["panels"][0]["bars"][-1] == ["1 Get ready", 1.0]
    assert len(pictures_in(group)) == 1
    passes(town, clock, days=1)
    assert len([text for text in group.texts if "Small wins in December" in text]) == 1
    passes(town, clock, days=40)
    li.says("/forget")
    li.taps("Delete everything")
    assert "Li Wei" not in group.sees("Small wins in December").text
    group.sees("2 steps were done in all.")


def test_a_digest_follows_its_group_and_speaks_its_language(
    town: Town, clock: SetClock, li: Seat, drawn: list[dict[str, Any]]
) -> None:
    basic = town.world.group("Basic", town.organizer, town.trainee)
    with town.database.transaction() as db:
        groups.settle(db, groups.find(db, town.group.id) or pytest.fail("no group"), Kind.UNKNOWN)
        made = groups.seen(
            db, basic.id, title="Basic", is_forum=False, language="zh_Hans", timezone="Asia/Shanghai", now=town.now()
        )
        groups.settle(db, made, Kind.COMMUNITY)
    shares(li)
    clock.now = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
    town.settle()
    town.seat(town.organizer, basic).sees("2026年11月的小胜利")
    new = town.world.migrate_to_supergroup(basic, town.organizer)
    town.settle()
    assert newest_win(town).chat_id == new.id
    passes(town, clock, hours=2)
    assert len([text for text in town.seat(town.organizer, new).texts if "小胜利" in text]) <= 1
    assert len(drawn) == 1
    assert town.seat(town.organizer, new).chat.id == new.id


def test_mydata_shows_the_path_and_forgetting_ends_it(town: Town, clock: SetClock, li: Seat, group: Seat) -> None:
    shares(li)
    li.says("/mydata")
    stored = town.world.files.find(li.last.message["document"]["file_id"])
    assert stored is not None
    data = json.loads(stored.content)["small_wins"]
    assert (data["path"]["step"], data["done"][0]["step"]) == ("sw-02-find-ally", "sw-01-write-why")
    li.says("/forget")
    li.taps("Delete everything")
    group.sees_nothing_of(SHARED)
    with town.database.reading() as db:
        assert db.exec(select(Win)).all() == []
        assert db.exec(select(WinPath)).all() == []
        assert db.exec(select(Member).where(Member.telegram_id == town.trainee.id)).all() == []
