"""What is kept no longer than needed is cleared away by the clock; and whether the bot slept too long."""

from __future__ import annotations

from datetime import timedelta

from bot import inbox, outbox
from bot.features import (
    arrivals,
    attention,
    entries,
    faq,
    moderation,
    people,
    programmes,
    questions,
    resources,
    webinars,
)
from bot.features.people import Role
from handlers import _waking
from handlers._kit import Feature, Moment, Screen

feature = Feature("housekeeping")

DELIVERED_KEPT = timedelta(days=30)
AT_ONCE = 200
"""Questions from before there was an index that are read again at a time."""


@feature.tick(timedelta(hours=6))
def tidy(moment: Moment) -> None:
    """Forget old questions' words, who was given what, what was offered."""
    arrivals.prune(moment.db, now=moment.now)
    attention.prune(moment.db, now=moment.now)
    faq.prune(moment.db, now=moment.now)
    moderation.prune(moment.db, now=moment.now)
    questions.prune_finds(moment.db, now=moment.now)
    entries.prune(moment.db, now=moment.now)
    resources.prune(moment.db, now=moment.now)
    outbox.prune_tallies(moment.db, now=moment.now)
    webinars.prune(moment.db, now=moment.now)
    programmes.prune(moment.db, now=moment.now)


@feature.tick(timedelta(minutes=1))
def tidy_post(moment: Moment) -> None:
    """Forget a portion of what came in and went out long ago: often and little, so that nobody waits for it."""
    inbox.prune(moment.db, now=moment.now)
    outbox.prune(moment.db, before=moment.now - DELIVERED_KEPT)


@feature.tick(timedelta(hours=1))
def index_old_questions(moment: Moment) -> None:
    """Questions that were sent before they could be looked up."""
    questions.reindex(moment.db, questions.unindexed(moment.db, AT_ONCE))


@feature.tick(timedelta(seconds=20), while_held=True)
def note_tick(moment: Moment) -> None:
    """Whoever looks from outside sees that the clock runs."""
    outbox.note_tick(moment.db, now=moment.now)


@feature.tick(timedelta(minutes=5), while_held=True)
def beat(moment: Moment) -> None:
    """Remember that the bot is awake."""
    inbox.beat(moment.db, now=moment.now)


@feature.at_start
def away_too_long(moment: Moment) -> None:
    """Telegram kept what people wrote for a day: after a longer absence the organizers hear what may be lost, once."""
    last = inbox.last_beat(moment.db)
    inbox.beat(moment.db, now=moment.now)
    if last is not None:
        attention.make_up(moment.db, since=last, now=moment.now)
    if last is None or moment.now - last <= inbox.ELSEWHERE_KEPT:
        return
    for organizer in people.with_role(moment.db, Role.ORGANIZER):
        if not organizer.is_reachable:
            continue
        t = moment.words(organizer)
        text = t(
            "I was away from {since} until {until}. Telegram keeps messages for me for 24 hours only, so what people "
            "wrote to me before {kept} may be lost. Please tell the groups to send it again.",
            since=t.datetime(last),
            until=t.datetime(moment.now),
            kept=t.datetime(moment.now - inbox.ELSEWHERE_KEPT),
        )
        key, at = f"away:{last.isoformat()}:{organizer.id}", _waking.when_up(moment, organizer)
        moment.post(Screen(text), chat_id=organizer.telegram_id, key=key, due_at=at, heeds=outbox.QUIET)
