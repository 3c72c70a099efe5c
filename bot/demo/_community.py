"""The demo's community: a colleague some steps up the ladder who is willing to help, and two programmes on the wall."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.db import Database
from bot.features import peers, people, programmes, wins
from bot.features.people import Member
from bot.features.wins import content
from bot.sandbox.world import World
from bot.settings import Settings

COLLEAGUE, ORGANIZER = "陳怡君", "赵磊"

PACE = timedelta(days=9)
"""Days between two steps of the colleague's."""

STEPS = 7

CARDS: Mapping[str, Mapping[str, str | tuple[str, ...]]] = {
    COLLEAGUE: {
        "name": "甜蜜散步隊",
        "city": "臺北",
        "workplace": ("hospital",),
        "serves": "門診的第二型糖尿病朋友，多數六十歲以上。",
        "supporters": "三位，都是病情穩定、樂於分享的糖友。",
        "daily": "每週一起散步，順便聊聊晚餐怎麼吃。",
        "emotional": "先聽對方說完，再分享自己的經驗。",
        "format": ("group", "activities"),
        "since": "2026-05",
        "lesson": "先找到一位合適的人，比一次找齊十位更容易開始。",
    },
    ORGANIZER: {
        "name": "糖友同行",
        "city": "合肥",
        "workplace": ("community",),
        "serves": "社区里刚确诊和胰岛素起始的糖友。",
        "supporters": "四位，两位是退休教师。",
        "daily": "小组里交流饮食记录，互相出主意。",
        "linkage": "陪新糖友第一次来社区门诊建档。",
        "ongoing": "每个月一次电话，问问近况。",
        "format": ("group", "phone"),
        "since": "2025-11",
        "lesson": "把分工写在一张纸上，大家都省心。",
    },
}


def settle(world: World, settings: Settings, *, now: datetime) -> None:
    """Let all of this have happened in the weeks before; whoever tries the demo finds somebody to learn from."""
    database = Database(settings.database_url)
    with database.transaction() as db:
        known = {one.name: member for one in world.people.values() if (member := people.find(db, one.id)) is not None}
        _climb(db, known[COLLEAGUE], settings, now)
        for name, fields in CARDS.items():
            _hang(db, known[name], fields, now)
    database.close()


def _climb(db: Session, member: Member, settings: Settings, now: datetime) -> None:
    """Step by step; asked for the first time after now, and willing to tell others how."""
    member.profession, member.city, member.workplace = "nurse", "臺北", "hospital"
    ladder = content.load(settings.content_folders)
    for place, step in enumerate(ladder.steps[:STEPS]):
        wins.mark(db, ladder, member, step.id, now=now - PACE * (STEPS - place))
    wins.resume(wins.path(db, ladder, member, now=now), member.timezone, now=now)
    peers.set_limit(db, member, peers.LIMITS[-1], now=now)


def _hang(db: Session, member: Member, fields: Mapping[str, str | tuple[str, ...]], now: datetime) -> None:
    then = now - PACE
    card = programmes.begin(db, member, now=then)
    for field, said in fields.items():
        if isinstance(said, str):
            programmes.write(db, card, field, said, now=then, today=then.date())
        else:
            for choice in said:
                programmes.choose(db, card, field, choice, now=then)
    programmes.publish(db, card, now=then)
