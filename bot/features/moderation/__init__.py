"""Keeping a group good to be in: rules, a newcomer's links, floods, reports, and what is done about somebody."""

from bot.features.moderation._keeping import (
    forget,
    held_of,
    measures_by,
    measures_of,
    move_chat,
    prune,
    reports_by,
    reports_on,
)
from bot.features.moderation._measures import FLOOD_PAUSE, MUTES, check, just_taken, locked, log, note, silences, undo
from bot.features.moderation._posts import decide, held, hold, report, reported, settle, waiting
from bot.features.moderation._rules import lacks, reset_rules, rights_changed, rules, write_rules
from bot.features.moderation._tables import HeldPost, Kind, LackingRight, Measure, Report, Rules, State, Why

__all__ = [
    "FLOOD_PAUSE",
    "MUTES",
    "HeldPost",
    "Kind",
    "LackingRight",
    "Measure",
    "Report",
    "Rules",
    "State",
    "Why",
    "check",
    "decide",
    "forget",
    "held",
    "held_of",
    "hold",
    "just_taken",
    "lacks",
    "locked",
    "log",
    "measures_by",
    "measures_of",
    "move_chat",
    "note",
    "prune",
    "report",
    "reported",
    "reports_by",
    "reports_on",
    "reset_rules",
    "rights_changed",
    "rules",
    "settle",
    "silences",
    "undo",
    "waiting",
    "write_rules",
]
