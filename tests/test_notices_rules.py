"""Rules of notices before they are sent: to whom, what is agreed to, and who may agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from sqlalchemy import insert
from sqlmodel import Session
from telegram import Chat, Message, PhotoSize

from bot import outbox
from bot.db import Database
from bot.errors import MomentUnfit, NoticeBusy, NoticeGone, NoticeUnfit
from bot.features import attention, groups, notices, people
from bot.features.attention import Kind, Preferences, Unasked
from bot.features.notices import EVERYONE, NOBODY, Content, Notice, NoticeSignup, State
from bot.features.people import Member, Role
from bot.i18n import Language
from handlers._kit import from_html
from handlers.notices._content import content_of
from handlers.notices._rendering import calls
from tests.conftest import NOON

CITIES = ["北京", "上海", "Guangzhou", None]
LATER = NOON + timedelta(days=1)


def somebody(db: Session, number: int, role: Role = Role.TRAINEE, **more: Any) -> Member:
    """A member who went through /start and agreed, unless `more` says otherwise."""
    known: dict[str, Any] = {"language": "en", "started_at": NOON, "consented_at": NOON} | more
    member = Member(telegram_id=1000 + number, telegram_name=f"M{number}", role=role, created_at=NOON, **known)
    db.add(member)
    db.flush()
    return member


def written(db: Session, author: Member, html: str = "Hello", **where: Any) -> Notice:
    """A draft in English for everyone."""
    notice = notices.draft(db, author=author, now=NOON)
    notices.write(db, notice, Content(html), language="en", by=author, now=NOON, since=NOON)
    notices.aim(db, notice, EVERYONE | where, now=NOON)
    return notice


def proven(db: Session, notice: Notice) -> None:
    """Its test arrived."""
    subject = notices.begin_test(db, notice, number=1, calls=1)
    outbox.enqueue(db, chat_id=1, method="sendMessage", payload={}, key=f"{subject}:0", now=NOON)
    row = outbox.find(db, f"{subject}:0")
    assert row is not None
    row.state = "sent"
    db.flush()


# --- to whom


def values_of(member: Member, signed_up: dict[int, set[str]], field: str) -> set[str]:
    """The values that a member has in a field."""
    if field == "answered":
        return signed_up.get(member.id or 0, set())
    return {getattr(member, field) or notices.UNSAID}


def is_meant(member: Member, signed_up: dict[int, set[str]], audience: dict[str, Any]) -> bool:
    """What an audience means, said once more in plain Python."""
    where = audience.get("where", {})
    if not audience.get("people"):
        return False
    if member.role is Role.GUEST and Role.GUEST not in where.get("role", {}).get("in", []):
        return False
    for field, chosen in where.items():
        mine = values_of(member, signed_up, field)
        if chosen.get("in") and not mine & set(chosen["in"]):
            return False
        if chosen.get("not") and mine & set(chosen["not"]):
            return False
    return True


def conditions() -> st.SearchStrategy[dict[str, Any]]:
    """Any combination of conditions on some fields."""
    known: dict[str, list[str]] = {
        "city": ["北京", "上海", "Guangzhou", "nowhere", ""], "role": list(Role), "cohort": ["2025", "2026", ""],
        "language": ["en", "zh_Hans", "zh_Hant"], "answered": ["1", "2", "99"],
    }  # fmt: skip
    some = {
        field: st.fixed_dictionaries(
            {}, optional={"in": st.lists(st.sampled_from(values)), "not": st.lists(st.sampled_from(values))}
        )
        for field, values in known.items()
    }
    where = st.fixed_dictionaries({}, optional=some)
    return st.fixed_dictionaries({"people": st.sampled_from([True, True, True, False]), "where": where})


def populate(db: Session) -> dict[int, set[str]]:
    """Members of every sort; what each signed up for."""
    signed_up: dict[int, set[str]] = {}
    languages: list[Language] = ["en", "zh_Hans", "zh_Hant"]
    for number in range(48):
        member = somebody(
            db, number, list(Role)[number % 4], city=CITIES[number % 4 - number // 16], cohort=[None, "2025", "2026"][number % 3],
            language=languages[number % 3 - 1],
            started_at=None if number % 11 == 0 else NOON, consented_at=None if number % 7 == 0 else NOON,
            unreachable_at=NOON if number % 13 == 0 else None,
        )  # fmt: skip
        for notice_id in (1, 2):
            if number % (notice_id + 2) == 0:
                signed_up.setdefault(member.id or 0, set()).add(str(notice_id))
    author = somebody(db, 99, Role.ORGANIZER)
    for _ in range(2):
        notices.draft(db, author=author, now=NOON)
    for member_id, which in signed_up.items():
        db.add_all(NoticeSignup(notice_id=int(one), member_id=member_id, at=NOON) for one in which)
    db.flush()
    return signed_up


def test_an_audience_is_exactly_those_for_whom_all_conditions_hold(database: Database) -> None:
    with database.transaction() as db:
        signed_up = populate(db)
        everybody = people.with_role(db, Role.GUEST)

        @given(conditions())
        def check(audience: dict[str, Any]) -> None:
            meant = {m.id for m in everybody if is_meant(m, signed_up, audience)}
            reached = {m.id for m in everybody if m.id in meant and m.started_at and m.consented_at and not m.unreachable_at}
            number = notices.count(db, audience)
            assert {m.id for m in notices.members(db, audience)} == reached
            assert (number.people, number.people + number.unreachable) == (len(reached), len(meant))
            assert sum(notices.readers(db, audience).values()) == len(reached)

        check()


@given(st.lists(st.tuples(st.sampled_from(["city", "role"]), st.sampled_from(["a", "b"]), st.sampled_from(["in", "not", "off"]))))
def test_a_value_is_wanted_or_excluded_or_neither_and_never_both(taps: list[tuple[str, str, str]]) -> None:
    audience, last = EVERYONE, {}
    for field, value, way in taps:
        audience = notices.turned(audience, field, value, way)
        last[field, value] = way
    for (field, value), way in last.items():
        chosen = audience["where"].get(field, {})
        assert [side for side in ("in", "not") if value in chosen.get(side, [])] == ([way] if way != "off" else [])
        turned = notices.opposite(audience, field)["where"].get(field, {})
        assert (turned.get("in"), turned.get("not")) == (chosen.get("not"), chosen.get("in"))


def test_thousands_are_counted_and_held_back_without_loading_them(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        member = {"telegram_name": "M", "role": Role.TRAINEE, "created_at": NOON, "started_at": NOON, "consented_at": NOON}
        db.execute(insert(Member), [member | {"telegram_id": number} for number in range(1, 10_001)])
        db.flush()
        db.add(Preferences(member_id=5, muted=[Kind.NOTICES]))
        db.add(Preferences(member_id=6, budget=0))
        db.add(Preferences(member_id=7, muted=[Kind.WEBINARS], budget=9))
        db.add_all(Unasked(member_id=8, kind=Kind.NOTICES, at=NOON) for _ in range(attention.BUDGET))
        db.add_all(Unasked(member_id=7, kind=Kind.NOTICES, at=NOON) for _ in range(attention.BUDGET))
        notice = written(db, somebody(db, 20_000, Role.ORGANIZER))
        db.expunge_all()
        assert notices.count(db, notice.audience).people == 10_001
        assert notices.held_back(db, notice, now=NOON) == (1, 2)
        assert sum(notices.readers(db, notice.audience).values()) == 10_001
        assert not [each for each in db.identity_map.values() if isinstance(each, Member)]
        portion = notices.members(db, notice.audience, after=9_990, limit=100)
        assert [member.id for member in portion] == list(range(9_991, 10_002))


def test_numbers_of_held_back_are_the_same_in_both_ways(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        members = [somebody(db, number) for number in range(12)]
        for member in members[:4]:
            db.add(Preferences(member_id=member.id or 0, muted=[Kind.NOTICES] if member.telegram_id % 2 else [], budget=1))
        for member in members[2:6]:
            db.add_all(Unasked(member_id=member.id or 0, kind=Kind.NOTICES, at=NOON) for _ in range(member.telegram_id % 7))
        muted, full = attention.held_back(db, members, kind=Kind.NOTICES, now=NOON)
        assert attention.held_back_among(db, notices.ids(EVERYONE), kind=Kind.NOTICES, now=NOON) == (len(muted), len(full))


def test_a_group_that_became_a_supergroup_still_gets_what_waits(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        notice = written(db, somebody(db, 1, Role.ORGANIZER), groups=[-5, -7])
        notices.move_audiences(db, -5, -1005)
        assert notices.chats(notice.audience) == [-1005, -7]


# --- what it says


def test_who_lacks_a_translation_gets_the_derived_one_or_the_fallback(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        notice = written(db, author := somebody(db, 1, Role.ORGANIZER))
        assert notices.source_of(notices.texts(db, notice), "en", "zh_Hant") == "en"
        chinese = Content('<a href="https://a.cn/软件">软件</a>讲座 https://b.cn/网络')
        notices.write(db, notice, chinese, language="zh_Hans", by=author, now=NOON, since=NOON)
        said = notices.texts(db, notice)
        derived = notices.text_for(said, "en", "zh_Hant")
        assert derived is not None
        assert derived.language == "zh_Hant"
        assert derived.html == '<a href="https://a.cn/软件">軟體</a>講座 https://b.cn/网络', "addresses stay as they are"
        notices.unwrite(db, notice, "en", now=NOON)
        assert notice.fallback == "zh_Hans"


def test_a_notice_becomes_the_calls_that_telegram_knows(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        notice = written(db, author := somebody(db, 1, Role.ORGANIZER))

        def methods(content: Content) -> list[tuple[str, bool]]:
            notices.write(db, notice, content, language="en", by=author, now=NOON, since=NOON)
            made = calls(notice, notices.texts(db, notice)["en"], chat_id=9)
            return [(method, "reply_markup" in payload) for method, payload in made]

        photo, video = {"kind": "photo", "file_id": "p"}, {"kind": "video", "file_id": "v"}
        poll = {"question": "Yes?", "options": [{"text": "Yes"}, {"text": "No"}]}
        assert methods(Content("Hi", [photo, video])) == [("sendMediaGroup", False)]
        notices.add_button(db, notice, labels={"en": "Go"}, url="https://example.org", now=NOON)
        assert methods(Content("Hi", [photo, video])) == [("sendMediaGroup", False), ("sendMessage", True)]
        assert methods(Content("Hi", [photo])) == [("sendPhoto", True)]
        assert methods(Content("Hi")) == [("sendMessage", True)]
        assert methods(Content(poll=poll)) == [("sendPoll", True)]


def test_more_words_than_telegram_takes_are_refused_when_they_are_written() -> None:
    def message(**said: Any) -> Message:
        return Message(1, NOON, Chat(1, Chat.PRIVATE), **said)

    with pytest.raises(NoticeUnfit) as refused:
        content_of(message(text="字" * 5000))
    assert refused.value.why == "text"
    with pytest.raises(NoticeUnfit) as refused:
        content_of(message(photo=[PhotoSize("id", "unique", 1, 1)], caption="字" * 1025))
    assert refused.value.why == "caption"
    assert from_html(Markup(content_of(message(text="<b>&" * 1024)).html))[0] == "<b>&" * 1024


# --- what is agreed to


Change = Callable[[Session, Notice, Member], object]
CHANGES: dict[str, Change] = {
    "a word": lambda db, n, by: notices.write(db, n, Content("Hello!"), language="en", by=by, now=NOON, since=NOON),
    "a language": lambda db, n, by: notices.write(db, n, Content("你好"), language="zh_Hans", by=by, now=NOON, since=NOON),
    "a button": lambda db, n, by: notices.add_button(db, n, labels={"en": "Go"}, url="https://example.org", now=NOON),
    "urgency": lambda db, n, by: notices.arrange(db, n, urgent=True, now=NOON),
    "the kind": lambda db, n, by: notices.arrange(db, n, kind=Kind.WEBINARS, now=NOON),
    "the pin": lambda db, n, by: notices.arrange(db, n, pin=True, now=NOON),
    "a condition": lambda db, n, by: notices.aim(db, n, notices.turned(n.audience, "city", "北京", "not"), now=NOON),
    "one person more": lambda db, n, by: somebody(db, 77),
    "one person less": lambda db, n, by: people.unreachable(db, by.telegram_id, now=NOON),
}


@pytest.mark.parametrize("what", CHANGES)
def test_s22_whatever_changes_after_it_was_shown_is_not_agreed_to(sqlite: Database, what: str) -> None:
    with sqlite.transaction() as db:
        author = somebody(db, 1, Role.ORGANIZER)
        somebody(db, 2)
        notice = written(db, author)
        proven(db, notice)
        agreed = notices.seal(db, notice, at=None)
        CHANGES[what](db, notice, author)
        assert notices.seal(db, notice, at=None) != agreed
        if what in ("a word", "a language", "a button"):
            with pytest.raises(NoticeUnfit):
                notices.confirm(db, notice, agreed=agreed, at=None, by=author, most=None, now=NOON)
        else:
            assert not notices.confirm(db, notice, agreed=agreed, at=None, by=author, most=None, now=NOON)
        assert notice.state is State.DRAFT


def test_what_was_agreed_to_is_scheduled_once(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        notice = written(db, author := somebody(db, 1, Role.ORGANIZER))
        proven(db, notice)
        assert notices.confirm(
            db, notice, agreed=notices.seal(db, notice, at=LATER), at=LATER, by=author, most=None, now=NOON
        )
        assert (notice.state, notice.due_at, notice.recipients) == (State.SCHEDULED, LATER, 1)
        with pytest.raises(NoticeBusy):
            notices.confirm(db, notice, agreed="", at=LATER, by=author, most=None, now=NOON)


@pytest.mark.parametrize(
    ("lacks", "at", "refused"),
    [("text", None, NoticeUnfit), ("audience", None, NoticeUnfit), ("test", None, NoticeUnfit), ("", NOON, MomentUnfit)],
)
def test_nothing_is_sent_that_is_not_ready(
    sqlite: Database, lacks: str, at: datetime | None, refused: type[Exception]
) -> None:
    with sqlite.transaction() as db:
        author = somebody(db, 1, Role.ORGANIZER)
        notice = notices.draft(db, author=author, now=NOON) if lacks == "text" else written(db, author)
        if lacks == "audience":
            notices.aim(db, notice, NOBODY, now=NOON)
        if lacks != "test" and lacks != "text":
            proven(db, notice)
        with pytest.raises(refused):
            notices.confirm(db, notice, agreed=notices.seal(db, notice, at=at), at=at, by=author, most=None, now=NOON)


def test_a_second_organizer_agrees_to_exactly_what_is_sent(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        author, other, third = (somebody(db, number, Role.ORGANIZER) for number in range(3))
        notice = written(db, author)
        proven(db, notice)
        agreed = notices.seal(db, notice, at=LATER)
        assert notices.confirm(db, notice, agreed=agreed, at=LATER, by=other, most=2, now=NOON)
        assert notice.state is State.ASKED
        for own in (author, other):
            with pytest.raises(NoticeUnfit):
                notices.approve(db, notice, agreed=agreed, by=own, now=NOON)
        somebody(db, 9)
        assert not notices.approve(db, notice, agreed=agreed, by=third, now=NOON), "the number has changed"
        assert notices.approve(db, notice, agreed=notices.seal(db, notice, at=LATER), by=third, now=LATER + timedelta(hours=1))
        assert (notice.state, notice.due_at) == (State.SCHEDULED, LATER + timedelta(hours=1)), "its time had passed"


def test_what_waits_can_be_taken_back_and_a_draft_alone_be_deleted(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        notice = written(db, author := somebody(db, 1, Role.ORGANIZER))
        proven(db, notice)
        notices.confirm(db, notice, agreed=notices.seal(db, notice, at=None), at=None, by=author, most=None, now=NOON)
        with pytest.raises(NoticeBusy):
            notices.open_draft(db, notice.id or 0)
        with pytest.raises(NoticeBusy):
            notices.delete_draft(db, notice, now=NOON)
        notices.take_back(db, notice, now=NOON)
        assert notices.is_tested(db, notice), "the content is the same"
        notices.delete_draft(db, notice, now=NOON)
        db.flush()
        with pytest.raises(NoticeGone):
            notices.get(db, notice.id or 0)


def test_groups_that_can_get_a_notice_are_those_of_the_community(sqlite: Database) -> None:
    with sqlite.transaction() as db:
        for chat_id, kind in ((-1, groups.Kind.COMMUNITY), (-2, groups.Kind.CONSULTANTS), (-3, groups.Kind.COMMUNITY)):
            group = groups.seen(
                db, chat_id, title=f"G{chat_id}", is_forum=False, language="en", timezone="UTC", now=NOON
            )
            group.kind, group.present = kind, chat_id != -3
        db.flush()
        assert [group.chat_id for group in groups.community(db)] == [-1]
