"""The meeting software's attendance list: every shape that it comes in, and none that ends in a traceback."""

from __future__ import annotations

import codecs
import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import AttendanceUnreadable
from bot.features import people, webinars
from bot.features.people import Member
from bot.features.webinars import Line, Presence
from tests.conftest import NOON

TENCENT = """会议主题:,足部护理
会议号:,"123 456 789"
会议创建者:,赵磊
预定开始时间:,2026-12-08 19:00:00
累计会议时长:,01:35:00
参会用户总数:,3

用户昵称（入会昵称）,首次入会时间,最后退会时间,入会次数,累计参会时长,身份
张敏（张敏-县医院）,2026-12-08 18:55:02,2026-12-08 20:31:40,2,01:28:30,普通参会者
"李伟",2026-12-08 19:10:00,2026-12-08 20:00:00,1,00:50:00,普通参会者
"""
ZOOM = """Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
"812 3456 7890",Foot care,12/08/2026 07:00:00 PM,12/08/2026 08:30:00 PM,host@example.org,90,2

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
Li Wei,,12/08/2026 07:00:00 PM,12/08/2026 07:30:00 PM,30,Yes
Li Wei,,12/08/2026 07:20:00 PM,12/08/2026 08:00:00 PM,40,Yes
"Lin, Sarah",sarah@example.org,12/08/2026 07:05:00 PM,12/08/2026 08:30:00 PM,85,No
"""
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_tencent_meetings_list_is_read_in_every_encoding(encoding: str) -> None:
    assert webinars.read(TENCENT.encode(encoding)) == [Presence("张敏(张敏-县医院)", 88), Presence("李伟", 50)]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_zooms_list_counts_two_devices_at_once_only_once(encoding: str) -> None:
    assert webinars.read(ZOOM.encode(encoding)) == [Presence("Li Wei", 60), Presence("Lin, Sarah", 85)]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("Name,Total Duration (Minutes)", "Li Wei,45", 45),
        ("Nickname\tJoin time\tDuration", "Li Wei\t2026-12-08\t1h 5m", 65),
        ("姓名;参会时长", "Li Wei;1小时5分20秒", 65),
        ("暱稱,參會時長（分鐘）", "Li Wei,45分鐘", 45),
        ("Participant,Duration", "Li Wei,00:45:40", 46),
        ("Name", "Li Wei", None),
        ("Name,Duration", 'Li Wei,"="', None),
    ],
)
def test_columns_and_durations_have_many_names(header: str, row: str, expected: int | None) -> None:
    assert webinars.read(f"{header}\r\n{row}\r\n".encode()) == [Presence("Li Wei", expected)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (codecs.BOM_UTF8 + b" \n", "empty"),
        (b"PK\x03\x04abc", "excel"),
        (b"Topic,Meeting ID\nFeet,1\n", "columns"),
        (b"Name,Duration\n,,\n", "nobody"),
        (b"just some words", "columns"),
        (codecs.BOM_UTF16_LE + b"\x41", "letters"),
        (b"Name\n" + b"x" * 2_000_001, "large"),
        (b'Name\n"' + b"x" * 200_000, "columns"),
    ],
)
def test_what_is_no_list_is_refused_with_a_reason(content: bytes, why: str) -> None:
    with pytest.raises(AttendanceUnreadable) as refused:
        webinars.read(content)
    assert refused.value.why == why


@given(st.binary(max_size=400))
def test_whatever_bytes_come_they_are_read_or_refused(content: bytes) -> None:
    try:
        found = webinars.read(content)
    except AttendanceUnreadable:
        return
    assert all(one.name.strip() for one in found)


names = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=20)


@given(
    st.lists(st.tuples(names, st.integers(0, 300)), min_size=1, max_size=20, unique_by=lambda pair: pair[0]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    st.sampled_from([",", "\t", ";"]),
)
def test_every_name_comes_once_with_all_its_minutes(
    people_: list[tuple[str, int]], encoding: str, delimiter: str
) -> None:
    file = StringIO()
    table = csv.writer(file, delimiter=delimiter)
    table.writerow(["Name", "Duration (Minutes)"])
    for name, minutes in people_:
        table.writerows([[name, minutes], [name, 1]])
    found = webinars.read(file.getvalue().encode(encoding))
    # what Unicode holds for compatible (ﬁ and fi) is one name
    assert sum(one.minutes or 0 for one in found) == sum(min(minutes + 1, 1440) for _name, minutes in people_)
    assert len({one.name for one in found}) == len(found) <= len(people_)


def someone(number: int, name: str, telegram_name: str = "x") -> Member:
    """A member with a name."""
    return Member(id=number, telegram_id=number, telegram_name=telegram_name, name=name, created_at=NOON)


def matched(names_: list[str], members: list[Member], signed_up: set[int]) -> list[Line]:
    """The list's names with their members."""
    return webinars.match([Presence(name, 10) for name in names_], members, signed_up=signed_up)


def test_a_name_is_clear_when_exactly_one_of_those_who_signed_up_has_it() -> None:
    members = [someone(1, "Li Wei"), someone(2, "Li Wei"), someone(3, "张敏")]
    [one] = matched(["li  WEI"], members, {1})
    assert (one.member, one.unclear) == (1, False)
    [two] = matched(["Li Wei"], members, {1, 2})
    assert two.choices == [1, 2]
    [stranger] = matched(["Li Wei"], members, set())
    assert stranger.unclear


def test_either_script_and_what_people_add_to_their_names_are_understood_but_reviewed() -> None:
    members = [someone(1, "陳怡君"), someone(2, "李伟"), someone(3, "Sarah Lin")]
    signed_up = {1, 2, 3}
    assert matched(["陈怡君"], members, signed_up)[0].member == 1
    for name, member in (("李伟（北京协和）", 2), ("Sarah Lin - nurse", 3), ("李伟的iPhone", 2), ("RN Sarah Lin", 3)):
        [line] = matched([name], members, signed_up)
        assert (line.member, line.choices) == (None, [member]), name
    assert not matched(["访客"], members, signed_up)[0].unclear


def test_two_names_for_one_member_are_looked_at_by_somebody() -> None:
    lines = matched(["Li Wei", "LiWei"], [someone(1, "Li Wei")], {1})
    assert [line.choices for line in lines] == [[1], [1]]


def test_the_names_that_members_have_are_the_ones_they_are_known_by() -> None:
    assert people.Member(id=1, telegram_id=1, telegram_name="T", created_at=NOON).shown_name == "T"
    assert matched(["Wei at Telegram"], [someone(1, "Li Wei", "Wei at Telegram")], {1})[0].member == 1
