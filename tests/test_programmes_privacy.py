"""Every field of a card × who may see it × every reader × every way to read it, through the Bot API."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlmodel import col, select

from bot.features import people, programmes
from bot.features.people import Role
from bot.features.programmes import FIELDS, FILTERS, Level
from bot.outbox import OutboxRow
from bot.sandbox.world import Chat, Person, Tap
from tests.conftest import SetClock
from tests.test_programmes_week import MONDAY, plans
from tests.town import Town

CHOICES = {
    Level.ME: ("county", "phone", "2019"),
    Level.ORGANIZERS: ("university", "visits", "2021"),
    Level.COMMUNITY: ("community", "activities", "2023"),
}
"""Workplace, format and year of the card whose fields are for each."""

SHOWN = {
    Level.ME: ("County hospital", "Phone calls", "2019"),
    Level.ORGANIZERS: ("University", "Home visits", "2021"),
    Level.COMMUNITY: ("Community health centre", "Walking, cooking, outings", "2023"),
}
"""How they read."""

WRITTEN = tuple(field for field in FIELDS if field not in ("workplace", "format", "since", "poster"))


def secret(level: Level, field: str) -> str:
    """An unmistakable value."""
    return f"zq{level}{field}"


def hang_three(town: Town, co_owner: Person) -> dict[Level, tuple[int, str]]:
    """One card for each level, on which all is for that level; gives their numbers and posters."""
    hung: dict[Level, tuple[int, str]] = {}
    with town.database.transaction() as db:
        owner, other = people.find(db, town.trainee.id), people.find(db, co_owner.id)
        assert owner is not None
        assert other is not None
        for level, (workplace, format_, since) in CHOICES.items():
            card, poster = programmes.begin(db, owner, now=town.now()), town.world.files.add("photo", level.encode())
            for field in WRITTEN:
                text = f"{secret(level, field)} 48"
                programmes.write(db, card, field, text, now=town.now(), today=town.now().date())
            programmes.write(db, card, "since", since, now=town.now(), today=town.now().date())
            programmes.choose(db, card, "workplace", workplace, now=town.now())
            programmes.choose(db, card, "format", format_, now=town.now())
            programmes.hang(db, card, poster.file_id, "photo", now=town.now())
            for field in FIELDS:
                programmes.show(db, card, field, level, now=town.now())
            programmes.publish(db, card, now=town.now())
            card.co_owner_id = other.id
            hung[level] = (card.id or 0, poster.file_id)
    return hung


class Walk:
    """Somebody taps and writes whatever a client can send; read is every call to the Bot API that comes of it."""

    def __init__(self, town: Town, person: Person, chat: Chat) -> None:
        self.town, self.person, self.chat = town, person, chat
        self.under = town.world.say(person, chat, "/programmes").id
        self.taps: list[Tap] = []

    def reads(self, data: Sequence[str], words: Sequence[str] = ()) -> str:
        """All that they get to read of it."""
        for one in data:
            self.taps.append(self.town.world.tap(self.person, self.chat, self.under, one, stale=True))
        for said in words:
            self.town.world.say(self.person, self.chat, said)
        asked = self.town.world.inline(self.person, self.chat, secret(Level.ME, "lesson"))
        rows = self._answers()
        assert asked.answered
        assert "zq" not in str(asked.results), "what is offered in any chat is never a card"
        toasts = [tap.text or "" for tap in self.taps]
        return "\n".join([*(row.payload for row in rows), *toasts])

    def finds(self, words: Sequence[str]) -> list[set[int]]:
        """For each of these words, the cards that are found by it."""
        for one in words:
            self.town.world.say(self.person, self.chat, f"/programmes {one}")
        rows = self._answers()
        assert len(rows) == len(words), "each has its answer"
        return [{int(number) for number in re.findall(r"programmes\.show:(\d+)", row.payload)} for row in rows]

    def _answers(self) -> list[OutboxRow]:
        """What the bot owes by now, wherever it goes; nothing of it is sent, so that no picture has to be drawn."""
        newest = self._newest()
        self.town.runner.run(self._hear())
        with self.town.database.transaction() as db:
            rows = list(db.exec(select(OutboxRow).where(col(OutboxRow.id) > newest).order_by(col(OutboxRow.id))))
            for row in rows:
                row.state = "void"
            return rows

    def _newest(self) -> int:
        with self.town.database.reading() as db:
            return db.exec(select(OutboxRow.id).order_by(col(OutboxRow.id).desc()).limit(1)).first() or 0

    async def _hear(self) -> None:
        while await self.town.app.poller.once():
            await self.town.app.lanes.idle()


def ways(cards: Sequence[int]) -> list[str]:
    """Every button that shows something of a card, also those that somebody was never shown."""
    each = ("show", "poster", "edit", "asothers", "true", "report", "hide", "unhide", "again", "share")
    of_cards = [f"programmes.{way}:{card}" for way in each for card in cards]
    of_cards += [f"programmes.ask:{card}:{field}:0" for card in cards for field in FIELDS]
    return [
        "programmes.all", "programmes.list:0", "programmes.home", "programmes.filters", "programmes.map",
        "programmes.hidden", *of_cards,
        *(f"programmes.filter:{name}:0" for name in FILTERS),
    ]  # fmt: skip


def test_every_field_is_read_and_found_by_exactly_those_who_may(town: Town, clock: SetClock) -> None:
    co_owner = town.person("Chen Jing", "en", Role.TRAINEE)
    hung = hang_three(town, co_owner)
    admin, guest = town.person("Admin", "en", Role.OWNER), town.person("Guest", "en", Role.GUEST)
    member = town.person("Wang Fang", "en", Role.TRAINEE)
    readers: list[tuple[Person, Level | None]] = [
        (town.trainee, Level.ME), (co_owner, Level.ME), (member, Level.COMMUNITY), (town.second_consultant, Level.COMMUNITY),
        (town.organizer, Level.ORGANIZERS), (admin, Level.ORGANIZERS), (guest, None),
    ]  # fmt: skip
    words = [secret(level, field) for level in Level for field in WRITTEN]
    for person, reads in readers:
        walk = Walk(town, person, town.world.private(person))
        cards = [number for number, _poster in hung.values()]
        seen = walk.reads(ways(cards), ("/mydata", "/report", "/help", "/wins", "/digest")).casefold()
        for level, (_number, poster) in hung.items():
            sees = reads is not None and reads.sees(level)
            values = [*(secret(level, field) for field in WRITTEN), *SHOWN[level], poster]
            wrong = [value for value in values if (value.casefold() in seen) is not sees]
            assert not wrong, f"{person.name}, for {level}"
        for word, found in zip(words, walk.finds(words), strict=True):
            level = next(level for level in Level if word.startswith(f"zq{level}"))
            mine = {hung[level][0]} if reads is not None and reads.sees(level) else set()
            assert found == mine, f"{word} for {person.name}"
    in_group = Walk(town, town.organizer, town.group).reads((), ["/programmes", *(f"/programmes {word}" for word in words)])
    assert not re.search(r"programmes\.show|2019|2021", in_group), "a group reads nothing that an organizer may"
    reads_the_poster(town, clock, hung)


def reads_the_poster(town: Town, clock: SetClock, hung: dict[Level, tuple[int, str]]) -> None:
    """What the whole group gets to see in a poster week, and the author's colleagues afterwards."""
    plans(town)
    author = town.private(town.trainee)
    for post in [post for post in author.posts if "May I present yours?" in post.text]:
        town.world.tap(town.trainee, author.chat, post, "Yes, present it")
    town.settle()
    clock.moves(**MONDAY)
    for _day in range(3):
        town.settle()
        clock.moves(days=1)
    posts = [post for post in town.group.messages.values() if post.author == town.world.bot_id]
    said = "\n".join(str(post.message) for post in posts)
    for level in hung:
        shown = [field for field in WRITTEN if secret(level, field).casefold() in said.casefold()]
        assert shown == (list(WRITTEN) if level is Level.COMMUNITY else []), level
    assert "2019" not in said
    assert "2021" not in said
