"""Webinars: questions beforehand, places that come free, who was there, what they thought, and their certificates."""

from bot.features.webinars._certificates import (
    certificate,
    certificates,
    certificates_of,
    checked_name,
    issue,
    read_number,
    revoke,
    shown,
    verify,
)
from bot.features.webinars._checking import (
    begin_import,
    can_check_in,
    check_in,
    code_of,
    decide,
    finish_import,
    get_import,
    lines,
    minutes,
    new_code,
    opens_at,
    prune,
    toggle,
    try_code,
    with_code,
)
from bot.features.webinars._feedback import (
    Summary,
    feedback,
    feedback_of,
    note_asked,
    rate,
    require_attended,
    say,
    summary,
    to_ask,
)
from bot.features.webinars._keeping import forget
from bot.features.webinars._matching import Line, match
from bot.features.webinars._questions import (
    Ranked,
    answered,
    ask,
    checked,
    count_questions,
    left_over,
    passed_on,
    question,
    questions_of,
    ranked,
    require_open,
    support,
    supports_of,
    take_back,
    withdraw_support,
)
from bot.features.webinars._records import beginning, counts, past, record, roll, standings, webinar
from bot.features.webinars._sheet import Presence, read
from bot.features.webinars._tables import (
    Asked,
    Attempt,
    Certificate,
    Feedback,
    Import,
    Minutes,
    Record,
    Support,
)
from bot.features.webinars._waiting import pass_places_on, with_waiting

__all__ = [
    "Asked", "Attempt", "Certificate", "Feedback", "Import", "Line", "Minutes", "Presence", "Ranked", "Record",
    "Summary", "Support", "answered", "ask", "begin_import", "beginning", "can_check_in", "certificate",
    "certificates", "certificates_of", "check_in", "checked", "checked_name", "code_of", "count_questions", "counts",
    "decide", "feedback", "feedback_of", "finish_import", "forget", "get_import", "issue", "left_over", "lines",
    "match", "minutes", "new_code", "note_asked", "opens_at", "pass_places_on", "passed_on", "past", "prune",
    "question", "questions_of", "ranked", "rate", "read", "read_number", "record", "require_attended",
    "require_open", "revoke", "roll", "say", "shown", "standings", "summary", "support", "supports_of",
    "take_back", "to_ask", "toggle", "try_code", "verify", "webinar", "with_code", "with_waiting",
    "withdraw_support",
]  # fmt: skip
