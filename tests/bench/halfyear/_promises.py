"""What was promised, and everything that went against it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.features import attention
from bot.features.attention import Preferences
from bot.features.peers import PeerAsk
from bot.features.people import Member
from bot.features.programmes import Level
from bot.features.wins import Kudos, Win, WinHitch
from bot.outbox import OutboxRow
from bot.timetable import SessionRow
from tests.bench.halfyear._kinds import (
    ANSWERS,
    ASKED,
    DAY,
    DUTIES,
    KEPT,
    NAME,
    SECRET,
    SESSION,
    TO_GROUPS,
    UNASKED,
    URGENT,
    WEEK,
    Arrival,
    Said,
    fullest_week,
    readable,
)
from tests.bench.halfyear._life import HalfYear
from tests.bench.halfyear._setting import ZONE

PACE = timedelta(minutes=3)
"""How long the courier may take, at Telegram's pace, for what was due at one moment."""

NIGHT = Preferences(member_id=0)

Faults = dict[str, list[str]]


def broken(made: HalfYear) -> Faults:
    """By promise, everything that went against it."""
    faults: Faults = defaultdict(list)
    for promise, found in made.faults.items():
        faults[promise] += found
    with made.database.reading() as db:
        for check in (_budget, _quiet, _twice, _late, _times, _offers, _names, _secrets, _sentences, _gone, _kudos, _in):
            for promise, fault in check(made, db):
                faults[promise].append(fault)
    return dict(faults)


Found = Iterable[tuple[str, str]]


def _by_reader(made: HalfYear) -> dict[int, list[Arrival]]:
    mine: dict[int, list[Arrival]] = defaultdict(list)
    for one in made.arrivals:
        mine[one.member].append(one)
    return mine


def _budget(made: HalfYear, _db: Session) -> Found:
    """In any seven days nobody gets more that they did not ask for than they want; what is urgent comes on top."""
    for member, came in _by_reader(made).items():
        unasked = [one for one in came if UNASKED.match(one.key)]
        budget = made.budgets.get(member, attention.BUDGET)
        if (most := fullest_week([one.at for one in unasked if not one.urgent])) > budget:
            yield "over the budget", f"{member}: {most} > {budget}"


def _quiet(made: HalfYear, _db: Session) -> Found:
    """Quiet hours and mutes hold, of each message as they were when it arrived."""
    for one in made.arrivals:
        kinds = [kind for kind in (UNASKED, ASKED, ANSWERS, DUTIES, URGENT) if kind.match(one.key)]
        if not kinds:
            yield "of no known kind", f"{one.key}: {one.text[:60]}"
        at_any_hour = one.urgent or ANSWERS in kinds or URGENT in kinds or (DUTIES in kinds and one.up)
        if one.quiet and not at_any_hour:
            yield "in quiet hours", f"{one.key} at {one.at} for {one.member}"
        if one.muted and not one.urgent:
            yield "though muted", f"{one.key} at {one.at} for {one.member}"
    for one in made.in_groups:
        if TO_GROUPS.match(one.key) and not URGENT.match(one.key) and attention.after_quiet(NIGHT, ZONE, one.at) != one.at:
            yield "in a group's night", f"{one.key} at {one.at}"


def _twice(made: HalfYear, _db: Session) -> Found:
    """No key arrives twice, and no words within a day but as the answer to what somebody does."""
    for member, came in [*_by_reader(made).items(), *((chat.id, _of(made.in_groups, chat.id)) for chat in made.groups)]:
        keys = Counter(one.key for one in came)
        last: dict[str, datetime] = {}
        for one in came:
            if ANSWERS.match(one.key) or not one.text:
                continue
            if keys[one.key] > 1 or one.at - last.get(one.text, one.at - WEEK) < DAY:
                yield "twice", f"{member} {one.key}: {one.text[:60]}"
            last[one.text] = one.at


def _of(arrivals: Sequence[Arrival], chat_id: int) -> list[Arrival]:
    return [one for one in arrivals if one.member == chat_id]


def _late(made: HalfYear, db: Session) -> Found:
    """Of a session's reminders each comes before its beginning, and after an absence only the newest."""
    starts = {row.id: row.starts_at for row in db.exec(select(SessionRow))}
    at_once: Counter[tuple[int, str, datetime]] = Counter()
    for one in [*made.arrivals, *made.in_groups]:
        if (found := SESSION.match(one.key)) is None:
            continue
        at_once[one.member, found[1], made.stood[bisect_right(made.stood, one.at) - 1]] += 1
        if one.at >= starts[int(found[1])]:
            yield "late", f"{one.key} at {one.at}"
    for (member, session, at), number in at_once.items():
        if number > 1:
            yield "several steps at once", f"{number} of session {session} for {member} at {at}"


def _times(made: HalfYear, db: Session) -> Found:
    """Check-ins and digests come at the day and hour that people chose, on their own clock, summer and winter."""
    chosen = {row.member_id: row for row in db.exec(select(Preferences))}
    members = {member.telegram_id: member for member in db.exec(select(Member))}
    for one in made.arrivals:
        wanted = made.chosen_times.get((one.kind, one.member))
        member = members.get(one.member)
        if wanted is None or member is None or one.member in made.moved:
            continue
        ideal = _last_time(one.at, wanted, ZoneInfo(member.timezone))
        proper = made.stood[bisect_left(made.stood, ideal)]
        while (awake_at := attention.after_quiet(chosen.get(member.id or 0, NIGHT), member.timezone, proper)) != proper:
            proper = made.stood[bisect_left(made.stood, awake_at)]
        if not proper <= one.at <= proper + PACE:
            yield "not at the chosen time", f"{one.key} at {one.at}, not {proper}"


def _last_time(at: datetime, wanted: tuple[int, int], zone: ZoneInfo) -> datetime:
    """The last moment before this one with such a weekday and minute on somebody's own clock."""
    weekday, minute = wanted
    local = at.astimezone(zone)
    day = local.date() - timedelta(days=(local.weekday() - weekday) % 7)
    ideal = datetime.combine(day, time(*divmod(minute, 60)), zone)
    if ideal > local:
        ideal = datetime.combine(day - WEEK, time(*divmod(minute, 60)), zone)
    return ideal.astimezone(at.tzinfo)


def _offers(made: HalfYear, db: Session) -> Found:
    """Whoever is stuck is offered something within a day of the bot's being there."""
    mine = _by_reader(made)
    members = {member.id: member.telegram_id for member in db.exec(select(Member))}
    for hitch in db.exec(select(WinHitch)):
        made.done["stuck"] += 1
        reader = members[hitch.member_id]
        until = hitch.said_at + DAY
        until = max([until, *(back + DAY for left, back in made.away if hitch.said_at < back and until > left)])
        key = f"wins:stuck:{hitch.id}:{hitch.said_at:%Y%m%d%H%M%S}"
        came = [one.at for one in mine[reader] if one.key == key]
        promised = db.exec(select(OutboxRow.id).where(OutboxRow.key == key)).first() is not None
        answered = None if promised else hitch.offered_at or hitch.over_at  # else by a tap, and that at once
        if min([*came, answered or made.blocked.get(reader) or made.clock.now]) > until:
            yield "no offer within a day", str(hitch)


def _names(made: HalfYear, db: Session) -> Found:
    """A name is read by whoever it was given to: the two who both said yes, the group that its owner chose, organizers."""
    names = {name: number for number, name in made.names.items()}
    for said in made.said:
        for name in set(NAME.findall(said.text)):
            if not _may_read(made, said, name, names.get(name, 0)):
                yield "named without a yes", f"{name} to {said.chat} at {said.at}: {said.text[:80]}"
    for ask in db.exec(select(PeerAsk)):
        made.done[f"ask {ask.answer}"] += 1


def _may_read(made: HalfYear, said: Said, name: str, owner: int) -> bool:
    if said.chat > 0:
        pair = made.met.get(frozenset((said.chat, owner)))
        return said.chat == owner or said.chat in made.staff or (pair is not None and pair <= said.at)
    welcome = made.let_in.get(name)
    is_new = welcome is not None and abs(said.at - welcome) < PACE
    shown = made.named.get((name, said.chat))
    return is_new or (shown is not None and shown <= said.at)


def _secrets(made: HalfYear, _db: Session) -> Found:
    """A card's field is read by whoever its owner wants to read it."""
    for said in made.said:
        fields = {(int(number), field.lower()) for number, field in SECRET.findall(said.text)}
        fields |= {where for unique_id, where in made.pictures.items() if unique_id in said.text}
        made.done["fields of cards read"] += len(fields)
        for number, field in fields:
            reads = Level.ORGANIZERS if said.chat in made.staff else Level.COMMUNITY
            if said.chat != made.card_owners[number] and not reads.sees(made.levels[number, field]):
                yield "a field that is not theirs to read", f"{field} of {number} to {said.chat} at {said.at}"


def _sentences(made: HalfYear, _db: Session) -> Found:
    """A sentence about a small win is read by its author, and by the group that they chose, from then on."""
    shared = {(note.split()[0], chat): at for (note, chat), at in made.shared.items()}
    for said in made.said:
        for found in KEPT.finditer(said.text):
            at = shared.get((found[0], said.chat))
            if said.chat != int(found[1]) and (at is None or at > said.at):
                yield "a kept sentence shown", f"{found[0]} to {said.chat} at {said.at}"


def _gone(made: HalfYear, db: Session) -> Found:
    """Nothing is promised to whoever blocked the bot; of whoever wanted to be forgotten nothing is left and nothing comes."""
    for number, since in made.blocked.items():
        promised = select(OutboxRow.key).where(OutboxRow.chat_id == number, OutboxRow.created_at > since + PACE)
        for key in db.exec(promised.where(col(OutboxRow.key).not_like("update:%"))):
            yield "promised to who blocked the bot", f"{key} for {number} since {since}"
    for one in made.arrivals:
        if one.at > made.forgotten.get(one.member, one.at) + PACE:
            yield "to somebody forgotten", f"{one.key} for {one.member} at {one.at}"
    for said in made.said:
        for name in NAME.findall(said.text):
            if said.at > made.gone.get(name, said.at) + PACE:
                yield "of somebody forgotten", f"{name} to {said.chat} at {said.at}"
    left = [post for chat in made.groups for post in chat.messages.values() if post.author == made.world.bot_id]
    for post in left:
        text = readable(post.message)
        found = [name for name in made.gone if name in text]
        found += [one[0] for one in KEPT.finditer(text) if int(one[1]) in made.forgotten]
        if found:
            yield "left of somebody forgotten", f"{found} in {text[:80]}"


def _kudos(made: HalfYear, db: Session) -> Found:
    """Every kind reaction to a win that is still shared counts once, no other one does."""
    authors = {win.id: win for win in db.exec(select(Win).where(col(Win.shared_at).is_not(None)))}
    members = {member.id: member.telegram_id for member in db.exec(select(Member))}
    counted: dict[int, set[int]] = defaultdict(set)
    for row in db.exec(select(Kudos).where(col(Kudos.reacted))):
        counted[row.win_id].add(row.telegram_id)
    for win_id, win in authors.items():
        meant = made.glad.get(win_id or 0, set()) - {members[win.member_id], *made.forgotten}
        if counted[win_id or 0] != meant:
            yield "kudos that do not count", f"win {win_id}: {counted[win_id or 0]} for {meant}"


def _in(made: HalfYear, _db: Session) -> Found:
    """Whoever was let in is greeted in their group."""
    greeted = {name for said in made.said if said.chat < 0 for name in NAME.findall(said.text)}
    yield from (("not greeted", name) for name in made.let_in if name not in greeted)
