"""Webinars as members live them: signing up, waiting, asking the speaker, checking in, feedback, the certificate."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot import timetable
from bot.features import people
from bot.features.people import Role
from bot.sandbox.world import Person, Post
from bot.timetable import Kind, Part, Standing, State
from tests.conftest import SetClock
from tests.test_matrix import TAPS, Right, assert_the_same, dump, triggers
from tests.town import Seat, Town

BEIJING = ZoneInfo("Asia/Shanghai")
STARTS = datetime(2026, 12, 8, 19, 0)  # noqa: DTZ001  (wall time, as organizers plan)
MINUTES = 90
LINK = "https://meeting.example.org/j/123"


def plan(town: Town, *, capacity: int | None = None, speaker: Person | None = None, **more: Any) -> int:
    """A webinar on 8 December at seven in the evening, Beijing time; gives its id."""
    with town.database.transaction() as db:
        who = people.find(db, speaker.id) if speaker is not None else None
        made_by = people.find(db, town.organizer.id)
        row = timetable.add_session(
            db,
            kind=Kind.WEBINAR,
            title={"en": "Talking about feet", "zh_Hans": "足部护理怎么谈"},
            description={"en": "How to bring up foot care without frightening anybody."},
            first=more.pop("first", STARTS),
            minutes=MINUTES,
            zone="Asia/Shanghai",
            by=made_by.id if made_by is not None else None,
            now=town.now(),
            link=LINK,
            join_hint="dial 400 000 000, room 123",
            capacity=capacity,
            people=[(who.id or 0, Part.SPEAKER)] if who is not None else [],
            **more,
        )
        return row.id or 0


def goes_to(clock: SetClock, wall: datetime) -> None:
    """It is this time in Beijing."""
    clock.now = wall.replace(tzinfo=BEIJING)


def opens(seat: Seat, label: str = "Talking about feet") -> None:
    """Open the webinar's card from the list, after whatever the clock has brought."""
    seat.town.settle()
    seat.says("/webinars")
    button = next(b["text"] for row in seat.last.buttons for b in row if label in b["text"])
    seat.taps(button)


def standing(town: Town, session_id: int, person: Person) -> Standing | None:
    """What somebody is to it."""
    with town.database.reading() as db:
        member = people.find(db, person.id)
        mine = timetable.attendee(db, session_id, member.id or 0) if member is not None else None
        return mine.standing if mine is not None else None


def attend(town: Town, session_id: int, *persons: Person) -> None:
    """They were there."""
    with town.database.transaction() as db:
        row = timetable.session(db, session_id)
        assert row is not None
        for person in persons:
            member = people.find(db, person.id)
            assert member is not None
            timetable.attended(db, row, member_id=member.id or 0, how="button", now=town.now())


def file_in(town: Town, post: Post) -> bytes:
    """What is in the file of a message."""
    found = town.world.files.find(post.message["document"]["file_id"])
    assert found is not None
    return found.content


def labels(seat: Seat) -> list[str]:
    """What the newest message's buttons say."""
    return [button["text"] for row in seat.last.buttons for button in row]


def test_the_card_says_all_that_one_needs_and_the_link_only_to_those_who_come_and_in_time(
    town: Town, clock: SetClock
) -> None:
    plan(town, speaker=town.second_consultant)
    seat = town.private(town.trainee)
    opens(seat)
    seat.sees("How to bring up foot care")
    assert "Beijing time" in seat.last.text
    assert LINK not in seat.last.text
    seat.taps("I'm coming")
    assert "✓ You are coming." in seat.last.text
    assert LINK not in seat.last.text
    assert "400 000 000" in seat.last.text
    goes_to(clock, STARTS - timedelta(hours=1))
    seat.says("/cancel")
    opens(seat)
    assert LINK in seat.last.text
    other = town.private(town.consultant)
    opens(other, "足部护理怎么谈")
    assert LINK not in other.last.text
    speaker = town.private(town.second_consultant)
    opens(speaker)
    assert LINK in speaker.last.text


def test_somebody_abroad_reads_both_clocks(town: Town) -> None:
    plan(town)
    seat = town.private(town.second_consultant)
    with town.database.transaction() as db:
        member = people.find(db, town.second_consultant.id)
        assert member is not None
        member.timezone = "America/New_York"
    opens(seat)
    assert "6:00" in seat.last.text
    assert "7:00" in seat.last.text
    assert "New York" in seat.last.text


def test_one_changes_ones_mind_as_often_as_one_likes(town: Town) -> None:
    session_id, seat = plan(town), town.private(town.trainee)
    opens(seat)
    for label, expected in (
        ("I'm coming", Standing.COMING),
        ("Maybe", Standing.MAYBE),
        ("Can't", Standing.DECLINED),
        ("I'm coming", Standing.COMING),
    ):
        seat.taps(label)
        assert standing(town, session_id, town.trainee) is expected
        assert f"✓ {label}" in labels(seat)


def test_in_a_group_the_tap_itself_answers_and_the_card_stays_everybodys(town: Town) -> None:
    session_id = plan(town)
    group = town.seat(town.trainee, town.group)
    group.says("/webinars")
    card = group.last.text
    assert "Talking about feet" in card
    assert LINK not in card
    tap = group.taps("I'm coming")
    assert "You are signed up" in (tap.text or "")
    assert standing(town, session_id, town.trainee) is Standing.COMING
    assert group.last.text == card
    assert any(f"start=w_{session_id}" in b.get("url", "") for row in group.last.buttons for b in row)


def test_who_is_in_a_community_group_belongs_to_the_community_and_a_stranger_hears_how_to(town: Town) -> None:
    session_id = plan(town)
    newcomer = town.world.person("Newcomer", language="en")
    town.world.add_member(town.group, newcomer)
    town.seat(newcomer, town.group).says("/webinars")
    town.seat(newcomer, town.group).taps("Maybe")
    assert standing(town, session_id, newcomer) is Standing.MAYBE
    stranger = town.person("Stranger", "en", Role.GUEST)
    seat = town.private(stranger)
    opens(seat)
    tap = seat.taps("I'm coming")
    assert tap.show_alert
    assert "invitation" in (tap.text or "")
    assert standing(town, session_id, stranger) is None


def test_the_address_of_a_webinar_opens_its_card(town: Town) -> None:
    session_id = plan(town)
    seat = town.private(town.trainee)
    seat.starts(f"w_{session_id}")
    assert "Talking about feet" in seat.last.text
    seat.taps("Maybe")
    assert standing(town, session_id, town.trainee) is Standing.MAYBE


def test_s18_a_double_tap_or_one_in_two_places_has_one_effect(town: Town) -> None:
    session_id = plan(town, capacity=2)
    seat, group = town.private(town.trainee), town.seat(town.trainee, town.group)
    opens(seat)
    group.says("/webinars")
    post = seat.last
    for _ in range(2):
        town.world.tap(town.trainee, seat.chat, post, "I'm coming")
    town.settle()
    group.taps("I'm coming")
    with town.database.reading() as db:
        row = timetable.session(db, session_id)
        assert row is not None
        assert timetable.taken(db, row) == 1


def test_a_full_webinar_has_a_waiting_list_and_a_freed_place_passes_to_the_first_with_a_message(town: Town) -> None:
    session_id = plan(town, capacity=1)
    first, second, third = (town.private(p) for p in (town.trainee, town.other_trainee, town.second_consultant))
    opens(first)
    first.taps("I'm coming")
    opens(second, "足部")
    second.taps("我參加")
    assert "候補第1位" in second.last.text
    opens(third)
    third.taps("I'm coming")
    assert "number 2 on the waiting list" in third.last.text
    first.taps("Can't")
    second.sees("有空位")
    assert standing(town, session_id, town.other_trainee) is Standing.COMING
    third.sees_nothing_of("A place has come free")
    opens(third)
    assert "number 1 on the waiting list" in third.last.text
    second.taps("來不了")
    third.sees("A place has come free")
    assert standing(town, session_id, town.second_consultant) is Standing.COMING


def test_more_places_go_to_those_who_wait_without_anybodys_tap(town: Town, clock: SetClock) -> None:
    session_id = plan(town, capacity=1)
    for person in (town.trainee, town.second_consultant):
        opens(town.private(person))
        town.private(person).taps("I'm coming")
    with town.database.transaction() as db:
        row = timetable.session(db, session_id)
        assert row is not None
        row.capacity = 2
    clock.moves(minutes=2)
    town.settle()
    town.private(town.second_consultant).sees("A place has come free")


def test_s20_from_the_beginning_on_no_place_passes_on_by_itself(town: Town, clock: SetClock) -> None:
    session_id = plan(town, capacity=1)
    first, second = town.private(town.trainee), town.private(town.second_consultant)
    for seat in (first, second):
        opens(seat)
        seat.taps("I'm coming")
    goes_to(clock, STARTS + timedelta(minutes=5))
    opens(first)
    first.taps("Can't")
    second.sees_nothing_of("A place has come free")
    opens(second)
    second.taps("I'm coming")
    assert standing(town, session_id, town.second_consultant) is Standing.COMING


def test_s15_the_buttons_of_a_cancelled_webinar_answer_that_it_was_cancelled(town: Town) -> None:
    session_id = plan(town)
    seat = town.private(town.trainee)
    opens(seat)
    with town.database.transaction() as db:
        row = timetable.session(db, session_id)
        assert row is not None
        row.state, row.reason = State.CANCELLED, "the speaker is ill"
    for label in ("I'm coming", "Maybe", "Can't"):
        assert "cancelled" in (seat.taps(label).text or "")
    assert standing(town, session_id, town.trainee) is None
    seat.starts(f"w_{session_id}")
    assert "the speaker is ill" in seat.last.text
    assert "I'm coming" not in labels(seat)


def ask(seat: Seat, words: str, how: str = "Send") -> None:
    """Ask the speaker."""
    opens(seat)
    seat.taps(next(label for label in labels(seat) if "Questions for the speaker" in label))
    seat.taps("Ask the speaker")
    seat.says(words)
    seat.taps(how)


def test_questions_are_asked_with_or_without_a_name_supported_once_and_sorted_for_the_speaker(
    town: Town, clock: SetClock
) -> None:
    plan(town, speaker=town.consultant)
    asker, other = town.private(town.trainee), town.private(town.second_consultant)
    ask(asker, "Who checks the shoes?")
    ask(asker, "What about barefoot patients?", "Send anonymously")
    ask(other, "How often do we look?")
    assert "Who checks the shoes? — Li Wei" in other.last.text
    assert "barefoot patients? — " not in other.last.text
    other.taps("👍 2 Me too")
    assert "1 more wants to know this" in other.last.text
    assert "✓ 👍 1 Me too" in labels(other)
    speaker = town.private(town.consultant)
    goes_to(clock, STARTS - timedelta(hours=23))
    town.settle()
    lines = speaker.sees("barefoot patients").text.splitlines()
    numbered = [line for line in lines if line[:2] in ("1.", "2.", "3.")]
    assert "barefoot" in numbered[0]
    assert "Li Wei" not in numbered[0]
    assert "👍 1" in numbered[0]
    before = len([text for text in speaker.texts if "barefoot" in text])
    goes_to(clock, STARTS - timedelta(hours=3))
    ask(other, "Which cream is best?")
    goes_to(clock, STARTS - timedelta(minutes=59))
    town.settle()
    clock.moves(minutes=5)
    town.settle()
    assert len([text for text in speaker.texts if "barefoot" in text]) == before + 1
    assert "cream" in speaker.texts[-1]


def test_a_speaker_gets_the_questions_in_the_morning_and_no_second_time_where_none_is_new(
    town: Town, clock: SetClock
) -> None:
    starts = STARTS.replace(hour=7)
    plan(town, speaker=town.consultant, first=starts)
    ask(town.private(town.trainee), "Who checks the shoes?")
    speaker = town.private(town.consultant)
    for hours, lists in ((23.9, 0), (23, 1), (0.9, 1)):  # 7:06 and 8:00 the day before, 6:06
        goes_to(clock, starts - timedelta(hours=hours))
        town.settle()
        assert len([text for text in speaker.texts if "checks the shoes" in text]) == lists, f"{hours} hours before"


def test_a_question_is_masked_before_anybody_reads_it_and_can_be_reworded_or_taken_back(town: Town) -> None:
    plan(town)
    seat = town.private(town.trainee)
    opens(seat)
    seat.taps("Questions for the speaker")
    seat.taps("Ask the speaker")
    seat.says("My patient, phone 13812345678, walks barefoot. What now?")
    assert "▇▇▇" in seat.last.text
    assert "13812345678" not in seat.last.text
    seat.says("x" * 501)
    seat.sees("the limit is 500")
    seat.says("A patient walks barefoot. What now?")
    seat.taps("Send")
    assert "A patient walks barefoot" in seat.last.text
    seat.taps("🗑 1 Take back")
    assert "Nobody has asked anything yet" in seat.last.text


def test_another_members_question_is_not_ones_own_to_take_back_or_tick_off(town: Town) -> None:
    plan(town)
    ask(town.private(town.trainee), "Who checks the shoes?")
    other = town.private(town.second_consultant)
    other.says("/help")
    for data in ("webinars.takeback:1:0", "webinars.answered:1:0", "webinars.list:1"):
        tap = town.world.tap(town.second_consultant, other.chat, other.last.id, data, stale=True)
        town.settle()
        assert tap.show_alert, data
    opens(other)
    other.taps("Questions for the speaker (1)")
    assert "Who checks the shoes?" in other.last.text
    assert "answered" not in other.last.text


def test_what_was_left_unanswered_goes_to_the_desk_with_one_tap_and_the_asker_keeps_the_thread(
    town: Town, clock: SetClock
) -> None:
    session_id = plan(town)
    asker = town.private(town.trainee)
    ask(asker, "Can the money of our union pay a foot bath for an okapi?")
    ask(asker, "Who checks the shoes?")
    organizer = town.private(town.organizer)
    goes_to(clock, STARTS + timedelta(minutes=30))
    organizer.starts(f"w_{session_id}")
    organizer.taps("Questions for the speaker (2)")
    organizer.taps("☑️ 2 Answered")
    goes_to(clock, STARTS + timedelta(minutes=MINUTES + 1))
    organizer.starts(f"w_{session_id}")
    organizer.taps("Questions for the speaker")
    tap = organizer.taps("Pass unanswered ones to the experts")
    assert "1 question is with the experts now" in (tap.text or "")
    asker.sees("Passed to our experts as Q1")
    asker.sees("There was no time for your question")
    town.topic(town.consultant, "Q1").sees("okapi")
    assert "with our experts as Q1" in organizer.last.text
    topic = town.topic(town.consultant, "Q1")
    topic.taps("Claim")
    topic.replies("okapi", "The union says no.")
    asker.sees("The union says no.")


def test_one_checks_in_from_a_quarter_of_an_hour_before_until_the_end(town: Town, clock: SetClock) -> None:
    session_id = plan(town)
    seat = town.private(town.trainee)
    opens(seat)
    seat.taps("I'm coming")
    assert not any("I'm here" in label for label in labels(seat))
    early = town.world.tap(town.trainee, seat.chat, seat.last.id, f"webinars.here:{session_id}", stale=True)
    town.settle()
    assert "a little early" in (early.text or "")
    goes_to(clock, STARTS - timedelta(minutes=15))
    opens(seat)
    assert "Welcome" in (seat.taps("I'm here").text or "")
    opens(seat)
    assert "You have checked in" in seat.last.text
    late = town.private(town.second_consultant)
    goes_to(clock, STARTS + timedelta(minutes=MINUTES, seconds=1))
    late.says("/help")
    over = town.world.tap(town.second_consultant, late.chat, late.last.id, f"webinars.here:{session_id}", stale=True)
    town.settle()
    assert "over" in (over.text or "")


def test_the_last_reminder_carries_the_button_to_check_in(town: Town, clock: SetClock) -> None:
    plan(town)
    seat = town.private(town.trainee)
    opens(seat)
    seat.taps("I'm coming")
    goes_to(clock, STARTS - timedelta(minutes=10))
    town.settle()
    assert any("I'm here" in label for label in labels(seat))


def test_the_code_word_checks_in_by_itself_in_private_and_guessing_comes_to_an_end(town: Town, clock: SetClock) -> None:
    session_id = plan(town)
    organizer = town.private(town.organizer)
    organizer.starts(f"w_{session_id}")
    organizer.taps("For organizers")
    organizer.taps("Code word")
    organizer.says("12")
    organizer.sees("four digits, such as")
    organizer.says("4821")
    organizer.sees("4821")
    seat, other = town.private(town.trainee), town.private(town.second_consultant)
    seat.says("/webinars 4821")
    seat.sees("No webinar with a code word is going on now")
    goes_to(clock, STARTS + timedelta(minutes=3))
    seat.says("４８２１")
    seat.sees("Welcome to")
    for wrong in range(8):
        other.says(f"000{wrong}")
    other.sees("This is not the code word")
    other.says("4821")
    other.sees("too many wrong codes")
    with town.database.reading() as db:
        here = [mine for mine in timetable.attendees(db, session_id) if mine.attended_at is not None]
        assert [mine.attended_how for mine in here] == ["code"]


def test_feedback_is_three_taps_and_a_line_once_each_and_the_organizer_reads_it_without_names(
    town: Town, clock: SetClock
) -> None:
    session_id = plan(town)
    goes_to(clock, STARTS + timedelta(minutes=5))
    attend(town, session_id, town.trainee, town.second_consultant)
    clock.moves(minutes=MINUTES)
    town.settle()
    seat, other = town.private(town.trainee), town.private(town.second_consultant)
    seat.taps("4", under="How useful")
    seat.taps("About right")
    seat.taps("Yes")
    seat.says("More pictures, please. Call 13812345678")
    other.taps("2", under="How useful")
    other.taps("Too hard")
    other.taps("No")
    other.taps("Nothing more")
    seat.starts(f"w_{session_id}")
    seat.taps("Feedback")
    assert "✓ 4" in labels(seat)
    seat.taps("5")
    organizer = town.private(town.organizer)
    organizer.starts(f"w_{session_id}")
    organizer.taps("For organizers")
    organizer.taps("Feedback")
    text = organizer.last.text
    assert "2 people have answered" in text
    assert "3.5 of 5" in text
    assert "More pictures" in text
    assert "13812345678" not in text
    assert "Li Wei" not in text
    town.settle()
    assert len([text for text in seat.texts if "Three taps help us" in text]) <= 1
    assert town.private(town.other_trainee).texts == []


def test_recording_and_materials_reach_those_who_signed_up_in_other_words_those_who_missed_it(
    town: Town, clock: SetClock
) -> None:
    session_id = plan(town)
    for person in (town.trainee, town.second_consultant):
        opens(town.private(person))
        town.private(person).taps("I'm coming")
    goes_to(clock, STARTS + timedelta(minutes=5))
    attend(town, session_id, town.trainee)
    clock.now = datetime(2026, 12, 9, 10, 0, tzinfo=BEIJING)
    organizer = town.private(town.organizer)
    organizer.starts(f"w_{session_id}")
    organizer.taps("For organizers")
    organizer.taps("Recording and materials")
    organizer.taps("Add the recording")
    organizer.says("http://video.example.org/1")
    organizer.sees("begins with https://")
    organizer.says("https://video.example.org/1")
    organizer.taps("Add material")
    town.world.send_document(town.organizer, organizer.chat, b"content", "slides.pdf", mime_type="application/pdf")
    town.settle()
    organizer.taps("Send to everybody who signed up")
    assert "2 people" in organizer.last.text
    organizer.taps("Send now")
    there, missed = town.private(town.trainee), town.private(town.second_consultant)
    assert "https://video.example.org/1" in str(there.sees("Thank you for being at").buttons)
    assert "https://video.example.org/1" in str(missed.sees("You could not be at").buttons)
    missed.taps("slides.pdf")
    assert missed.last.message["document"]["file_name"] == "slides.pdf"
    town.private(town.consultant).sees_nothing_of("slides")
    opens(missed)
    missed.says("/webinars")
    assert any(label.startswith("▶️") for label in labels(missed))


def certificate_of(seat: Seat, session_id: int) -> str:
    """Get one's certificate; gives its number."""
    seat.starts(f"w_{session_id}")
    seat.taps("Certificate")
    seat.taps("Print this name")
    text: str = seat.sees("Its number is").text
    return text.split("Its number is ")[1].strip(" .")


def test_a_certificate_has_the_name_as_its_holder_wants_it_and_anybody_can_check_its_number(
    town: Town, clock: SetClock
) -> None:
    session_id = plan(town)
    goes_to(clock, STARTS + timedelta(minutes=5))
    attend(town, session_id, town.trainee)
    seat = town.private(town.trainee)
    seat.says("/help")
    early = town.world.tap(town.trainee, seat.chat, seat.last.id, f"webinars.certify:{session_id}", stale=True)
    town.settle()
    assert early.show_alert
    clock.moves(minutes=MINUTES)
    town.settle()
    seat.starts(f"w_{session_id}")
    seat.taps("Certificate")
    assert "Li Wei" in seat.last.text
    seat.says("🎉🎉")
    seat.sees("in letters or characters")
    seat.says("李伟 Li Wei, RN")
    seat.taps("Print this name")
    assert file_in(town, next(post for post in seat.posts if "document" in post.message)).startswith(b"%PDF")
    number = seat.sees("Its number is").text.split("Its number is ")[1].strip(" .")
    stranger = town.private(town.person("HR", "en", Role.GUEST))
    stranger.says(f"/verify {number.lower()}")
    text = stranger.last.text
    assert "Valid" in text
    assert "李伟 Li Wei, RN" in text
    assert "Talking about feet" in text
    assert "Dec 8, 2026" in text
    stranger.starts("v_" + number.replace("-", ""))
    assert "Valid" in stranger.last.text
    stranger.says("/verify")
    stranger.says("0000-0000-0000")
    assert "do not know this number" in stranger.last.text
    again = certificate_of(seat, session_id)
    assert again == number
    absent = town.private(town.second_consultant)
    absent.says("/help")
    tap = town.world.tap(
        town.second_consultant, absent.chat, absent.last.id, f"webinars.certify:{session_id}", stale=True
    )
    town.settle()
    assert "for those who were at the webinar" in (tap.text or "")


def test_a_corrected_attendance_ends_the_certificate_and_its_holder_hears_so(town: Town, clock: SetClock) -> None:
    session_id = plan(town)
    goes_to(clock, STARTS + timedelta(minutes=5))
    attend(town, session_id, town.trainee)
    clock.moves(minutes=MINUTES)
    seat, organizer = town.private(town.trainee), town.private(town.organizer)
    number = certificate_of(seat, session_id)
    organizer.starts(f"w_{session_id}")
    organizer.taps("For organizers")
    organizer.taps("Attendance")
    organizer.taps("✅ Li Wei 📜")
    seat.sees("no longer valid")
    organizer.says(f"/verify {number}")
    assert "No longer valid" in organizer.last.text
    assert "Li Wei" not in organizer.last.text
    organizer.starts(f"w_{session_id}")
    organizer.taps("For organizers")
    organizer.taps("Attendance")
    organizer.taps("Add somebody")
    organizer.says("Sarah")
    organizer.taps("Sarah Lin")
    assert "✅ Sarah Lin" in labels(organizer)


def test_the_meetings_list_is_reviewed_before_anything_is_stored(town: Town, clock: SetClock) -> None:
    session_id = plan(town)
    twin = town.person("Sarah Lin", "en", Role.TRAINEE)
    opens(town.private(town.trainee))
    town.private(town.trainee).taps("I'm coming")
    goes_to(clock, STARTS + timedelta(hours=3))
    organizer = town.private(town.organizer)
    organizer.starts(f"w_{session_id}")
    organizer.taps("For organizers")
    organizer.taps("Attendance")
    organizer.taps("Import CSV")
    organizer.says("here it is")
    organizer.sees("as a file")
    send(town, organizer, b"PK\x03\x04rest", "list.xlsx")
    organizer.sees("This is an Excel file")
    sheet = "会议主题:,足部\n会议号:,123\n\n用户昵称（入会昵称）,首次入会时间,累计参会时长\n"
    sheet += "Li Wei（县医院）,2026-12-08 19:00:00,01:05:00\nSarah Lin,2026-12-08 19:02:00,00:40:10\n"
    sheet += "访客,2026-12-08 19:30:00,00:01:00\n"
    sheet += "Li Wei,2026-12-08 20:00:00,00:05:00\n"
    send(town, organizer, sheet.encode("gb18030"), "list.csv")
    assert "4 names in the file" in organizer.last.text
    assert "访客" in organizer.last.text
    with town.database.reading() as db:
        assert not [mine for mine in timetable.attendees(db, session_id) if mine.attended_at is not None]
    while "unclear" in organizer.last.text:
        organizer.taps(next(label for label in labels(organizer) if label.startswith(("Li Wei", "Sarah Lin"))))
    organizer.taps("Store 2 people")
    assert "✅ Li Wei · 70′" in labels(organizer) or "✅ Li Wei · 65′" in labels(organizer)
    assert twin is not None


def send(town: Town, seat: Seat, content: bytes, name: str) -> None:
    """Send a file."""
    town.world.send_document(seat.person, seat.chat, content, name, mime_type="text/csv")
    town.settle()


def test_what_webinars_keep_is_shown_and_forgotten_and_the_number_then_means_nothing(
    town: Town, clock: SetClock
) -> None:
    session_id = plan(town)
    seat = town.private(town.trainee)
    ask(seat, "Who checks the shoes?")
    goes_to(clock, STARTS + timedelta(minutes=5))
    attend(town, session_id, town.trainee)
    clock.moves(minutes=MINUTES)
    town.settle()
    seat.taps("4", under="How useful")
    number = certificate_of(seat, session_id)
    seat.says("/mydata")
    content = file_in(town, seat.last).decode()
    assert "Who checks the shoes?" in content
    assert number.replace("-", "") in content
    assert '"useful": 4' in content
    seat.says("/forget")
    seat.taps("Delete everything")
    organizer = town.private(town.organizer)
    organizer.says(f"/verify {number}")
    assert "do not know this number" in organizer.last.text


def test_only_organizers_reach_the_organizers_side(town: Town) -> None:
    session_id = plan(town)
    seat = town.private(town.consultant)
    seat.says("/help")
    opens(town.private(town.trainee))
    town.private(town.trainee).taps("I'm coming")
    before = dump(town)
    for prefix in (
        prefix for prefix, right in TAPS.items() if prefix.startswith("webinars.") and right is Right.ORGANIZER
    ):
        kind = triggers().taps[prefix].tap
        assert kind is not None
        data = kind(*[session_id for _ in kind.__dataclass_fields__]).pack()  # type: ignore[attr-defined]
        tap = town.world.tap(town.consultant, seat.chat, seat.last.id, data, stale=True)
        town.settle()
        assert tap.show_alert, data
    assert_the_same(before, dump(town), "a consultant reached the organizers' side")


def test_the_list_of_sign_ups_opens_in_a_spreadsheet_and_starts_no_formula(town: Town) -> None:
    session_id = plan(town)
    formula = town.person("=HYPERLINK(1)", "en", Role.TRAINEE)
    opens(town.private(formula))
    town.private(formula).taps("I'm coming")
    organizer = town.private(town.organizer)
    organizer.starts(f"w_{session_id}")
    organizer.taps("For organizers")
    organizer.taps("Sign-ups (CSV)")
    content = file_in(town, organizer.last).decode("utf-8")
    assert content.startswith("\ufeff")
    assert "'=HYPERLINK(1),coming" in content
