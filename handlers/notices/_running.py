"""A notice that is due goes out: the tick takes one portion at a time, each in a transaction of its own.

Whatever happens in between, the next tick goes on where the last portion ended: who is listed, who is on the way and what
came of it stands in the database, and the outbox's keys let nothing be promised twice.
"""

from __future__ import annotations

from datetime import timedelta

from bot import outbox
from bot.features import groups, notices
from bot.features.notices import Going, Notice, NoticeRecipient, NoticeText, State
from bot.i18n import LANGUAGES, Language
from bot.outbox import JOINED, Lane, Owed, receipt_of
from handlers._kit import Moment, as_language
from handlers.notices._afterwards import report
from handlers.notices._changing import change_some
from handlers.notices._feature import feature
from handlers.notices._progress import begin_to_show, end_showing, is_behind, show
from handlers.notices._rendering import Call, calls

PORTION = 150
"""Recipients in one transaction."""

SECONDS_AHEAD = 10
WINDOW = (300, 2000)
"""How much is in the outbox at a time: what the present rate takes so long for, within these bounds. A pause takes it back."""

AT_ONCE, SOON = timedelta(0), timedelta(seconds=1)


@feature.tick(timedelta(seconds=30))
def run(moment: Moment) -> timedelta | None:
    """Take one portion of what is to be done; says when there is more."""
    busy = False
    for number in notices.active(moment.db, now=moment.now):
        notice = notices.hold(moment.db, number)
        if any(step(moment, notice) for step in STEPS):
            return AT_ONCE
        busy = busy or _is_busy(moment, notice)
    return SOON if busy else _until_next(moment)


@feature.tick(timedelta(hours=6))
def reduce(moment: Moment) -> None:
    """Of notices that ended a year ago only numbers stay."""
    notices.reduce(moment.db, now=moment.now)


def _is_busy(moment: Moment, notice: Notice) -> bool:
    """Whether something of it is on the way, or its author still sees earlier numbers."""
    return _is_moving(moment, notice) or is_behind(moment, notice)


def _is_moving(moment: Moment, notice: Notice) -> bool:
    return notices.on_the_way(moment.db, notice) + notices.being_changed(moment.db, notice) > 0


def _until_next(moment: Moment) -> timedelta | None:
    """How long until the next notice is due, or the next quiet hours end."""
    coming = [notices.next_start(moment.db, after=moment.now), notices.next_turn(moment.db, after=moment.now)]
    return min((at - moment.now for at in coming if at is not None), default=None)


def _begin(moment: Moment, notice: Notice) -> bool:
    if notice.state is not State.SCHEDULED:
        return False
    notices.begin(notice, now=moment.now)
    begin_to_show(moment, notice)
    return True


def _list(moment: Moment, notice: Notice) -> bool:
    if notice.listed_at is not None or notice.state is State.DELETED:
        return False
    notices.list_some(moment.db, notice, now=moment.now)
    return True


def _collect(moment: Moment, notice: Notice) -> bool:
    return notices.collect(moment.db, notice, now=moment.now) > 0


def window(rate: float) -> int:
    """How many messages of a notice are in the outbox at a time."""
    least, most = WINDOW
    return max(least, min(most, int(rate * SECONDS_AHEAD)))


def _send(moment: Moment, notice: Notice) -> bool:
    """Promise it to those whose turn it is, as far as there is room in the outbox."""
    if notice.state is not State.RUNNING:
        return False
    room = window(moment.services.settings.rate) - notices.on_the_way(moment.db, notice)
    their_turn = notices.turn(moment.db, notice, now=moment.now, limit=min(PORTION, room)) if room > 0 else ()
    if their_turn:
        _promise(moment, notice, notices.sort_out(moment.db, notice, their_turn, now=moment.now))
    return bool(their_turn)


def _promise(moment: Moment, notice: Notice, people: list[Going]) -> None:
    by_language = _rendered(moment, notice)
    owed: list[Owed] = []
    for going in people:
        language = _language(moment, going)
        if language is not None:
            key = notices.promise(notice, going.recipient, language=language, now=moment.now)
            owed += _copy(notice, going.recipient, key, by_language[language])
    outbox.enqueue_many(moment.db, owed, now=moment.now)
    outbox.join_many(moment.db, [one for copy in owed for one in _companions(copy)], now=moment.now)
    moment.db.flush()


def _rendered(moment: Moment, notice: Notice) -> dict[Language, list[Call]]:
    """The calls that bring it to a reader of each language, but for the chat."""
    written = notices.texts(moment.db, notice)
    found: dict[Language, NoticeText | None] = {
        language: notices.text_for(written, notice.fallback, language) for language in LANGUAGES
    }
    return {language: calls(notice, text, chat_id=0) if text else [] for language, text in found.items()}


def _language(moment: Moment, going: Going) -> Language | None:
    """The language that somebody reads now; None, which is noted, for a group that the bot was taken out of."""
    if going.member is not None:
        return going.member.language
    group = groups.find(moment.db, going.recipient.chat_id)
    if group is None or not group.present:
        going.recipient.outcome, going.recipient.error = notices.Outcome.FAILED, notices.LEFT
        return None
    return as_language(group.language)


def _copy(notice: Notice, recipient: NoticeRecipient, key: str, rendered: list[Call]) -> list[Owed]:
    """All calls for one recipient; each waits for the one before."""
    about, chat_id = notices.subject(notice), recipient.chat_id
    owed = [
        Owed(
            chat_id,
            method,
            payload | {"chat_id": chat_id} | _joined(payload, notices.part(key, number)),
            key=notices.part(key, number),
            about=about,
            needs=notices.part(key, number - 1) if number else None,
            heeds=outbox.QUIET if recipient.member_id is not None and not notice.urgent else None,
        )
        for number, (method, payload) in enumerate(rendered)
    ]
    if notice.pin and recipient.member_id is None:
        payload = {"chat_id": chat_id, "message_id": receipt_of(key, "message_id")}
        owed.append(Owed(chat_id, "pinChatMessage", payload, key=notices.pin(key), about=about, needs=key))
    return owed


def _joined(payload: dict[str, object], key: str) -> dict[str, object]:
    """An album names its further messages, so that their ids are known afterwards."""
    media = payload.get("media")
    return {JOINED: [notices.companion(key, n) for n in range(1, len(media))]} if isinstance(media, list) else {}


def _companions(album: Owed) -> list[Owed]:
    keys: list[str] = album.payload.get(JOINED, [])
    return [
        Owed(album.chat_id, album.method, {}, key=key, lane=Lane.NOTICE, about=album.about, needs=album.key)
        for key in keys
    ]


def _finish(moment: Moment, notice: Notice) -> bool:
    """Nobody is left."""
    if notice.state is not State.RUNNING or notices.tally(moment.db, notice, now=moment.now).left:
        return False
    notice.state, notice.ended_at = State.DONE, moment.now
    return True


def _report(moment: Moment, notice: Notice) -> bool:
    """Everything has come to rest: its author hears what came of it."""
    resting = notice.state in (State.DONE, State.STOPPED, State.DELETED)
    if not resting or _is_moving(moment, notice):
        return False
    notice.reported_at = moment.now
    end_showing(moment, notice)
    report(moment, notice)
    return True


STEPS = (_begin, _list, _collect, _send, change_some, _finish, _report, show)
