"""Why a notice did not reach somebody, in plain words."""

from __future__ import annotations

from bot.features.notices import Reason
from bot.i18n import Translator


def reason_in_words(why: Reason, t: Translator) -> str:
    """Why it did not reach somebody."""
    return {
        Reason.BLOCKED: t.label("blocked me"),
        Reason.NEVER_STARTED: t.label("never opened me"),
        Reason.NOT_AGREED: t.label("has not agreed to what is kept"),
        Reason.DEACTIVATED: t.label("the account was deleted"),
        Reason.NOT_FOUND: t.label("Telegram does not find this chat"),
        Reason.REMOVED: t.label("I am not in the group"),
        Reason.NO_RIGHT: t.label("I may not write in the group"),
        Reason.NOT_PINNED: t.label("sent, but not pinned: I have no right to pin there"),
        Reason.UNREADABLE: t.label("Telegram could not read the formatting"),
        Reason.REFUSED: t.label("Telegram refused it"),
        Reason.PASSING: t.label("Telegram or the network was out of order"),
    }[why]
