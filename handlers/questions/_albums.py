"""Parts on their way: at once when they are alone, and in one call when they were sent as one album.

Telegram delivers the messages of an album one by one. The first waits a moment for the others; what comes later follows,
and says where it belongs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from markupsafe import Markup

from bot import outbox
from bot.features import questions
from bot.features.questions import Part
from bot.i18n import Translator
from bot.outbox import Lane, receipt_of
from handlers._kit import Deed
from handlers.questions._relay import IN_ALBUMS, Call, Way, album, below_album, calls, retold

HOLD = timedelta(seconds=1.5)
"""How long an album waits for its other messages, which Telegram sends within a second."""

ALBUM_AT_MOST = 10
"""Messages that Telegram takes in one album."""


def pass_on(deed: Deed, way: Way, part: Part, t: Translator) -> str:
    """Send what was just said; returns the key of the row that carries it."""
    if not in_album(part):
        outbox.hasten(deed.db, about=way.about, now=deed.now)
        return _owe_all(deed, way, calls(way, part))
    earlier = [other for other in album_of(deed, part) if (other.id or 0) < (part.id or 0)]
    if not earlier:
        return _owe_all(deed, way, calls(way, part), due_at=deed.now + HOLD)
    return _join(deed, way, [*earlier, part], t)


def pass_all(deed: Deed, way: Way, parts: Iterable[Part]) -> None:
    """Send what was said before, in order and at once, but for what was taken back; albums stay together."""
    standing = [part for part in parts if part.undone_at is None]
    for _number, group in groupby(standing, key=lambda part: part.album if in_album(part) else f"alone {part.id}"):
        _owe_album(deed, way, list(group))


def retell(deed: Deed, way: Way, part: Part) -> None:
    """Tell again what a colleague said: files by their id, since the message itself may be gone."""
    _owe_all(deed, way, retold(way, part))


def in_album(part: Part) -> bool:
    """Whether a part can travel with others in one call."""
    return part.album is not None and part.media in IN_ALBUMS and part.file_id is not None


def album_of(deed: Deed, part: Part) -> list[Part]:
    """The parts that were sent with this one and can travel with it, in order."""
    same = questions.album_in(deed.db, part.chat_id, part.album)
    return [other for other in same if in_album(other) and other.side is part.side]


def travels_with(deed: Deed, way: Way, part: Part) -> list[Part]:
    """The parts of the album that a part waits with, or went with; only itself where it went alone."""
    together = album_of(deed, part)
    main = next((other for other in together if _carries(deed, way, other, part)), part)
    return [other for other in together if other is main or _carries(deed, way, main, other)] or [part]


def _carries(deed: Deed, way: Way, main: Part, part: Part) -> bool:
    row = outbox.find(deed.db, way.key(part))
    return row is not None and row.needs == way.key(main) and row.payload == "{}"


def _join(deed: Deed, way: Way, parts: Sequence[Part], t: Translator) -> str:
    """One more message of an album: it travels with the others, or follows them where they have gone."""
    first, part = parts[0], parts[-1]
    main = outbox.find(deed.db, way.key(first))
    if main is None or main.state not in ("due", "claimed", "sent"):
        return _owe_all(deed, way, calls(way, part))
    together = [*travels_with(deed, way, first), part]
    waits = main.state == "due" and main.attempts == 0 and len(together) <= ALBUM_AT_MOST
    if waits and _make_album(deed, way, together, due_at=main.due_at):
        return way.key(first)
    follows = _following(way, first, t)
    return _owe_all(deed, follows, calls(follows, part))


def _make_album(deed: Deed, way: Way, parts: Sequence[Part], *, due_at: datetime) -> bool:
    """Let the row of an album's first message carry them all; False when it has left in this very moment."""
    *above, main = album(way, parts)
    if not outbox.rewrite(deed.db, main.key, main.payload, method=main.method):
        return False
    outbox.join(deed.db, way.key(parts[-1]), to=main.key)
    _owe_all(deed, way, above, due_at=due_at)
    if (below := below_album(way, parts[0])) is not None:
        _owe(deed, replace(way, needs=main.key), below, due_at=due_at)
    return True


def _following(way: Way, first: Part, t: Translator) -> Way:
    """How a message looks that comes when its album has gone: a reply to it, which says that it belongs there."""
    main = way.key(first)
    there = {"message_id": receipt_of(main, "message_id"), "allow_sending_without_reply": True}
    belongs = t("📎 belongs to the album above")
    heading = Markup(" · ").join(filter(None, [way.heading, belongs]))
    return replace(way, heading=heading, needs=main, place=way.place | {"reply_parameters": there})


def _owe_album(deed: Deed, way: Way, parts: Sequence[Part]) -> None:
    for start in range(0, len(parts), ALBUM_AT_MOST):
        some = parts[start : start + ALBUM_AT_MOST]
        _owe_all(deed, way, album(way, some) if len(some) > 1 else calls(way, some[0]))
        for part in some[1:]:
            outbox.join(deed.db, way.key(part), to=way.key(some[0]))


def _owe_all(deed: Deed, way: Way, owed: Sequence[Call], *, due_at: datetime | None = None) -> str:
    for call in owed:
        _owe(deed, way, call, due_at=due_at)
    return owed[-1].key if owed else ""


def _owe(deed: Deed, way: Way, call: Call, *, due_at: datetime | None = None) -> None:
    deed.owe(
        call.method,
        call.payload,
        key=call.key,
        chat_id=way.place["chat_id"],
        lane=Lane.ANSWER,
        about=way.about,
        needs=way.needs,
        due_at=due_at,
    )
