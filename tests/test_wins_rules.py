"""Small wins, the rules: one next step, check-ins on one's own clock, being stuck and past it, kudos; and the content."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import count, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot.db import Database
from bot.errors import ContentInvalid, TextTooLong
from bot.features import people, wins
from bot.features.people import Member, Role
from bot.features.wins import EVERY, PATIENCE, Ladder, Win, WinPath, content
from bot.i18n import LANGUAGES, Translator
from bot.knowledge import Knowledge
from bot.settings import Settings, shipped
from handlers._kit import units
from handlers.wins._path import _what_counts
from handlers.wins._ways import Read
from tests.conftest import NOON

FIRST, PEER, TALK = "sw-01-write-why", "sw-05-first-peer-supporter", "sw-06-short-interview"
LADDER = content.load(Settings().content_folders)
NUMBERS = count(1000)
STEPS = [step.id for step in LADDER.steps]


def member(db: Session, number: int = 1, zone: str = "Asia/Shanghai") -> Member:
    """Somebody of the community."""
    made = people.meet(
        db, telegram_id=number, name=f"M{number}", language_code="en", default="en", timezone=zone, now=NOON
    )
    people.start(made, now=NOON)
    made.role = Role.TRAINEE
    db.flush()
    return made


def did(db: Session, who: Member, step: str, *, days: float = 0) -> Win:
    """Somebody has done a step."""
    return wins.mark(db, LADDER, who, step, now=NOON + timedelta(days=days))


# What the file says


def test_the_ladder_is_whole_and_every_text_is_short_and_in_both_languages() -> None:
    assert (len(LADDER.stages), len(LADDER.barriers), len(LADDER.steps)) == (7, 4, 26)
    for step in LADDER.steps:
        for words in (step.title, step.done, step.help, step.smaller):
            assert 5 <= len(words.en) <= 180, step.id
            assert 4 <= len(words.zh) <= 80, step.id
            assert any("\u4e00" <= letter <= "\u9fff" for letter in words.zh), step.id
            assert not any("\u4e00" <= letter <= "\u9fff" for letter in words.en), step.id


def test_topics_of_the_ladder_are_answers_of_the_faq(knowledge: Knowledge) -> None:
    named = {topic for step in LADDER.steps for topic in step.topics}
    named |= {topic for barrier in LADDER.barriers for topic in barrier.topics}
    assert named <= set(knowledge.library.entries)
    assert all(Read(topic).pack() for topic in named), "their buttons hold their ids"
    assert knowledge.ladder == LADDER


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_fits_a_message_in_every_language(language: str) -> None:
    for step in LADDER.steps:
        assert units(str(_what_counts(step, Translator(language, "wins")))) < 1500  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("id: sw-02-find-ally", "id: sw-01-write-why", "The id 'sw-01-write-why' is used twice; choose another."),
        ("stage: 3-prepare", "stage: 3-prepar", "There is no stage '3-prepar'."),
        ("barrier: time", "barrier: tim", "There is no barrier 'tim'."),
        ("first_peer_supporter: sw-05-first-peer-supporter", "first_peer_supporter: sw-5", "There is no step 'sw-5'."),
        ("topics: [retention.agreement,", "topics: [retention.agreements,", "There is no answer 'retention.agreements'."),
    ],
)
def test_a_slip_in_the_file_is_named_with_its_line(
    tmp_path: Path, knowledge: Knowledge, old: str, new: str, sentence: str
) -> None:
    text = (shipped("data") / "wins" / "ladder.yaml").read_text("utf-8")
    assert old in text
    (tmp_path / "wins").mkdir()
    (tmp_path / "wins" / "ladder.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentInvalid) as found:
        content.load([shipped("data"), tmp_path], knowledge.library.entries)
    assert sentence in [problem.sentence for problem in found.value.problems]
    assert all(problem.line > 1 for problem in found.value.problems if problem.sentence == sentence)


# The path


def test_the_next_step_is_the_first_above_what_is_done_and_preparation_may_be_left_out() -> None:
    assert LADDER.after([]) == LADDER.steps[0]
    assert LADDER.after([PEER]) == LADDER.by_id[TALK]
    needed = [step.id for step in LADDER.steps if not step.optional]
    assert LADDER.after([needed[-1]]) == LADDER.by_id[needed[0]], "what was passed over is not lost"
    assert LADDER.after(needed) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(deeds=st.lists(st.tuples(st.sampled_from(["do", "undo", "choose"]), st.sampled_from(STEPS)), max_size=40))
def test_in_whatever_order_steps_are_done_and_undone_there_is_one_next_step(
    sqlite: Database, deeds: list[tuple[str, str]]
) -> None:
    with sqlite.transaction() as db:
        who, done = member(db, next(NUMBERS)), set[str]()
        for deed, step in deeds:
            if deed == "do":
                did(db, who, step)
                done.add(step)
            elif deed == "choose":
                wins.choose(db, LADDER, who, step, now=NOON)
            elif step in done:
                found = next(win for win in wins.wins_of(db, who) if win.step == step)
                wins.unmark(db, LADDER, who, found, now=NOON)
                done.discard(step)
            following = wins.next_step(db, LADDER, who)
            mine = wins.path(db, LADDER, who, now=NOON)
            left = {each.id for each in LADDER.steps if not each.optional} - done
            assert mine.step == (following.id if following else None), "what is counted is what is shown"
            assert following is None or following.id not in done
            assert mine.chosen or (following is None) == (not left)
            if deed == "choose" and step not in done:
                assert mine.step == step


def test_a_step_is_done_once_and_being_stuck_at_it_is_over_then(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        who = member(db)
        hitch = wins.stuck(db, who, PEER, now=NOON)
        assert wins.stuck(db, who, PEER, now=NOON).id == hitch.id
        wins.offered(hitch, "candidates", now=NOON)
        assert wins.barrier_of(db, who) == wins.barrier_of(db, who, PEER) == "candidates"
        assert did(db, who, PEER, days=1).id == did(db, who, PEER, days=5).id
        assert wins.barrier_of(db, who) is None


def test_the_number_of_a_win_that_was_undone_is_never_anothers(database: Database) -> None:
    with database.transaction() as db:
        who, other = member(db), member(db, 2)
        undone, hitch = did(db, who, PEER), wins.stuck(db, who, TALK, now=NOON)
        numbers = undone.id, hitch.id
        wins.unmark(db, LADDER, who, undone, now=NOON)
        wins.forget(db, who)
        assert did(db, other, PEER).id != numbers[0], "a message in a group may still speak of it"
        assert wins.stuck(db, other, TALK, now=NOON).id != numbers[1], "an offer was promised under it"


def test_who_got_past_it_are_those_who_did_the_step_or_left_the_barrier_behind(database: Database) -> None:
    with database.transaction() as db:
        early, late, stuck, around = (member(db, number) for number in range(1, 5))
        did(db, early, PEER, days=1)
        did(db, late, PEER, days=2)
        for who in (late, stuck, around):
            wins.offered(wins.stuck(db, who, TALK, now=NOON), "candidates", now=NOON)
        did(db, late, TALK, days=3)
        wins.freed(db, around, TALK, now=NOON)  # at work on it, and not past it
        assert wins.passed(db, PEER) == [late.id, early.id]
        assert wins.passed(db, "candidates") == [late.id]
        assert wins.passed(db, "candidates", limit=0) == []


def test_who_is_stuck_without_an_offer_is_found_but_nobody_who_cannot_be_written_to(database: Database) -> None:
    with database.transaction() as db:
        waits, offered, gone, over = (member(db, number) for number in range(1, 5))
        for who in (waits, offered, gone, over):
            wins.stuck(db, who, PEER, now=NOON)
        wins.offered(wins.stuck(db, offered, PEER, now=NOON), "time", now=NOON)
        wins.freed(db, over, PEER, now=NOON)
        gone.unreachable_at = NOON
        found = wins.without_offer(db, before=NOON, limit=10)
        assert [who.id for _hitch, who in found] == [waits.id]
        assert wins.without_offer(db, before=NOON - timedelta(seconds=1), limit=10) == []


# Check-ins


class Weeks:
    """Somebody's path over months, asked by a clock that looks once an hour."""

    def __init__(self, zone: str, began: datetime) -> None:
        self.zone, self.now = zone, began
        self.mine = WinPath(member_id=1, began_at=began)
        self.mine.asked_next_at = wins.next_check(self.mine, zone, after=began)
        self.asked: list[datetime] = []

    def passes(self, hours: int) -> None:
        """Time goes by, and they are asked when it is due."""
        until = self.now + timedelta(hours=hours)
        while self.mine.asked_next_at is not None and self.mine.asked_next_at <= until:
            self.now = max(self.now, self.mine.asked_next_at)
            self.asked.append(self.now)
            wins.asked(self.mine, self.zone, at=self.now)
        self.now = until


def local(moment: datetime, zone: str) -> date:
    """The day of a moment on somebody's calendar."""
    return moment.astimezone(ZoneInfo(zone)).date()


@given(
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/London", "Pacific/Auckland"]),
    began=st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    deeds=st.lists(
        st.tuples(
            st.sampled_from(["wait", "answer", "settle", "pause", "resume"]), st.integers(0, 900), st.integers(0, 10079)
        ),
        max_size=25,
    ),
)
def test_check_ins_come_at_the_chosen_hour_at_most_once_in_two_weeks_and_never_in_a_pause(
    zone: str, began: datetime, deeds: list[tuple[str, int, int]]
) -> None:
    weeks = Weeks(zone, began)
    for deed, hours, number in deeds:
        known = len(weeks.asked)
        weeks.passes(hours)
        if weeks.mine.paused:
            assert len(weeks.asked) == known
        match deed:
            case "answer":
                wins.answered(weeks.mine, zone, now=weeks.now)
            case "pause":
                wins.pause(weeks.mine)
            case "resume":
                wins.resume(weeks.mine, zone, now=weeks.now)
            case "settle":
                wins.settle(weeks.mine, zone, weekday=number % 7, minute=number // 7, now=weeks.now)
        coming = weeks.mine.asked_next_at
        if coming is not None:
            assert coming > weeks.now
            assert local(coming, zone).weekday() == weeks.mine.weekday
            wall = datetime.combine(local(coming, zone), time(*divmod(weeks.mine.minute, 60)), ZoneInfo(zone))
            skipped = wall.astimezone(UTC).astimezone(ZoneInfo(zone)).time() != wall.time()
            assert skipped or wall.astimezone(UTC) == coming
    days = [local(moment, zone) for moment in weeks.asked]
    assert all((after - before).days >= EVERY for before, after in pairwise(days))
    assert not days or (days[0] - local(began, zone)).days >= 7


def test_the_hour_stays_when_the_clocks_change(sqlite: Database) -> None:
    zone, before = "Europe/London", datetime(2026, 10, 14, 11, 0, tzinfo=UTC)  # noon in summer time
    mine = WinPath(member_id=1, began_at=before, weekday=2, minute=12 * 60)
    wins.asked(mine, zone, at=before)
    assert mine.asked_next_at == datetime(2026, 10, 28, 12, 0, tzinfo=UTC), "two weeks later, noon in winter time"
    spring = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
    mine.unanswered = 0
    wins.asked(mine, zone, at=spring)
    assert mine.asked_next_at == datetime(2026, 4, 1, 11, 0, tzinfo=UTC), "and not a week late"


def test_who_lets_check_ins_pass_is_left_in_peace_until_they_come_back_but_a_pause_stays_one() -> None:
    weeks = Weeks("Asia/Shanghai", NOON)
    weeks.passes(24 * 200)
    assert len(weeks.asked) == PATIENCE
    wins.answered(weeks.mine, weeks.zone, now=weeks.now)
    assert weeks.mine.asked_next_at is not None
    wins.pause(weeks.mine)
    wins.answered(weeks.mine, weeks.zone, now=weeks.now)
    assert weeks.mine.asked_next_at is None


# What goes with a win, and kudos


def test_words_come_in_several_messages_up_to_a_limit_and_photos_up_to_ten() -> None:
    win = Win(member_id=1, step=PEER, done_at=NOON)
    wins.note(win, "a" * 4096)
    wins.note(win, " b ")
    assert win.note == "a" * 4096 + "\nb"
    with pytest.raises(TextTooLong):
        wins.note(win, "c" * 8000)
    assert [wins.add_photo(win, f"photo {n}", album=None) for n in range(12)] == [True] * 10 + [False] * 2


def test_kudos_count_once_for_each_colleague_however_they_are_given(database: Database) -> None:
    with database.transaction() as db:
        win = did(db, member(db), PEER)
        assert wins.tap(db, win, 77, now=NOON)
        wins.react(db, win, 77, glad=True, now=NOON)
        wins.react(db, win, 78, glad=True, now=NOON)
        assert wins.kudos_for(db, win) == 2
        assert not wins.tap(db, win, 77, now=NOON)
        assert wins.kudos_for(db, win) == 2, "the reaction is still there"
        wins.react(db, win, 77, glad=False, now=NOON)
        wins.react(db, win, 79, glad=False, now=NOON)
        assert wins.kudos_for(db, win) == 1


def test_kudos_are_told_once_a_day_and_gathered(database: Database) -> None:
    with database.transaction() as db:
        who = member(db)
        win = did(db, who, PEER)
        wins.react(db, win, 77, glad=True, now=NOON)
        assert wins.applauded(db, now=NOON, limit=9) == [], "others may follow"
        later = NOON + timedelta(hours=2)
        wins.react(db, win, 78, glad=True, now=later)
        assert wins.applauded(db, now=later, limit=9) == [who]
        assert wins.untold(db, who) == [(PEER, 2)]
        wins.told(db, [who], done_with=[who], now=later)
        wins.react(db, win, 79, glad=True, now=later)
        assert wins.applauded(db, now=later + timedelta(hours=23), limit=9) == []
        assert wins.applauded(db, now=later + timedelta(hours=25), limit=9) == [who]
        assert wins.untold(db, who) == [(PEER, 1)]


# A month


def test_a_month_in_numbers(database: Database) -> None:
    with database.transaction() as db:
        everybody = [member(db, number) for number in range(1, 7)]
        for who in everybody:
            wins.path(db, LADDER, who, now=NOON)
        did(db, everybody[0], PEER)  # had one before
        for who, days in zip(everybody[1:4], (3, 9, 30), strict=True):
            did(db, who, PEER, days=days)
        shared = did(db, everybody[1], TALK, days=10)
        wins.share(shared, -5, named=True, now=NOON + timedelta(days=10))
        wins.share(did(db, everybody[2], TALK, days=11), -5, named=False, now=NOON + timedelta(days=11))
        wins.share(did(db, everybody[3], TALK, days=31), -6, named=True, now=NOON + timedelta(days=31))
        standing = wins.standing(db, LADDER)
        assert standing.median == 9
        assert dict(standing.stages) == {stage.id: 0 for stage in LADDER.stages} | {
            "1-get-ready": 2, "2-first-peer-supporter": 4
        }  # fmt: skip
        first, second, *_others, last = (who.id or 0 for who in everybody)
        done = db.get_one(WinPath, last)
        done.step = None
        teams = [{first, second}, {second}, {last, first}, {first + 900}]  # behind the last nobody has a path
        assert wins.standing(db, LADDER, teams).teams == (("2-first-peer-supporter", 2), (None, 1))
        month = wins.month(db, LADDER, -5, since=NOON, until=NOON + timedelta(days=30))
        assert (month.total, month.named, month.unnamed) == (5, (("M2", TALK),), 1)


def test_what_is_shared_moves_with_the_group_and_all_of_it_can_be_forgotten(database: Database) -> None:
    with database.transaction() as db:
        who, other = member(db), member(db, 2)
        win = did(db, who, PEER)
        wins.share(win, -5, named=True, now=NOON)
        wins.note_digest(db, -5, "2026-11", now=NOON)
        wins.stuck(db, who, TALK, now=NOON)
        wins.tap(db, win, 2, now=NOON)
        wins.tap(db, did(db, other, PEER), 1, now=NOON)
        wins.move_chat(db, -5, -500)
        db.expire_all()
        assert wins.shared(db, win.id or 0, -500) is win
        assert wins.digest_sent(db, -500, "2026-11")
        wins.forget(db, who)
        assert (wins.wins_of(db, who), wins.hitches_of(db, who), wins.path_of(db, who)) == ([], [], None)
        assert wins.kudos_by(db, who) == wins.kudos_by(db, other) == []
        assert len(wins.wins_of(db, other)) == 1


def test_a_ladder_that_lost_steps_still_counts(sqlite: Database) -> None:
    shorter = Ladder(**(LADDER.model_dump() | {"steps": [step.model_dump() for step in LADDER.steps[:8]]}))
    with sqlite.transaction() as db:
        who = member(db)
        did(db, who, STEPS[12])
        following = wins.next_step(db, shorter, who)
        assert following is not None
        assert following.id == STEPS[0]
        assert sum(count for _stage, count in wins.standing(db, shorter).stages) == 0
