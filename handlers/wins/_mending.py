"""A group may refuse a message: the win is its owner's alone again, and they hear of it."""

from __future__ import annotations

from datetime import timedelta

from bot import outbox
from bot.features import attention, wins
from bot.features.people import Member
from bot.features.wins import Win
from bot.outbox import Lane, OutboxRow
from handlers._kit import Button, Moment, Screen
from handlers.wins._feature import Share, feature, title_of


@feature.tick(timedelta(0))
def look_at_setbacks(moment: Moment) -> None:
    """Hand back what did not arrive; photos that should have followed are only noted."""
    for row in outbox.setbacks(moment.db, "win:"):
        if row.key is not None:
            outbox.note(moment.db, [row.key], now=moment.now)
            _hand_back(moment, row, row.key)


def _hand_back(moment: Moment, row: OutboxRow, key: str) -> None:
    win = moment.db.get(Win, int(key.split(":")[1]))
    member = moment.db.get(Member, win.member_id) if win is not None else None
    if win is None or member is None or win.chat_id != row.chat_id or key.count(":") != 2:
        return
    wins.keep(moment.db, win)
    t = moment.words(member)
    text = t("The group did not take your small win: {title}. It is kept for you.", title=title_of(moment, win.step, t))
    screen = Screen(text, buttons=[[Button("📣 " + t.label("Share with the group"), Share(win.id or 0))]])
    at = attention.moment(moment.db, member, kind=attention.Kind.COMMUNITY, now=moment.now, asked_for=True)
    key, to = f"wins:back:{row.id}", member.telegram_id
    moment.post(screen, chat_id=to, key=key, lane=Lane.ANSWER, due_at=at, heeds=outbox.QUIET)
