"""When somebody's duties may reach them: not in their quiet hours, unless they are evidently up."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import inbox
from bot.features import attention
from bot.features.people import Member
from handlers._kit import Deed

UP = timedelta(minutes=15)
"""How long somebody is up after they wrote or tapped something."""


def when_up(deed: Deed, member: Member) -> datetime:
    """Now, while they are up; else the end of their quiet hours."""
    after = attention.after_quiet(attention.of(deed.db, member), member.timezone, deed.now)
    if after == deed.now:
        return after
    heard = inbox.last_heard(deed.db, member.telegram_id)
    return deed.now if heard is not None and deed.now - heard < UP else after


def is_up(deed: Deed, member: Member) -> bool:
    """Whether somebody can be told now what is not urgent."""
    return when_up(deed, member) == deed.now
