"""What is kept no longer than needed: the clock clears it away."""

from __future__ import annotations

from datetime import timedelta

from bot import inbox, outbox
from bot.features import entries, faq, resources
from handlers._kit import Feature, Moment

feature = Feature("housekeeping")

DELIVERED_KEPT = timedelta(days=30)


@feature.tick(timedelta(hours=6))
def tidy(moment: Moment) -> None:
    """Forget handled updates, delivered messages that nothing refers to, old questions' words, who was given what."""
    inbox.prune(moment.db, now=moment.now)
    outbox.prune(moment.db, before=moment.now - DELIVERED_KEPT)
    faq.prune(moment.db, now=moment.now)
    entries.prune(moment.db, now=moment.now)
    resources.prune(moment.db, now=moment.now)
