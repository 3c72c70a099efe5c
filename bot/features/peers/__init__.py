"""Peers: who is willing to help a colleague, who looks for one, whom to ask next, and how it went."""

from bot.features.peers._asking import (
    AGREES,
    AT_MOST,
    PATIENCE,
    answer_no,
    answer_yes,
    ask,
    asked_before,
    get_ask,
    lapse,
    standing,
    void_others,
)
from bot.features.peers._fitting import Candidate, Wish, fitting
from bot.features.peers._following import follow_ups, noted, other_of, say, told
from bot.features.peers._keeping import asks_of, forget, searches_of
from bot.features.peers._searching import FOLLOW_UP, begin, due, end, get, open_of, own, put_off, widen
from bot.features.peers._tables import Ask, Outcome, PeerAsk, PeerSearch, PeerWilling, State
from bot.features.peers._willing import LIMITS, MONTH, asked_lately, is_willing, set_limit, willing_of, withdraw

__all__ = [
    "AGREES",
    "AT_MOST",
    "FOLLOW_UP",
    "LIMITS",
    "MONTH",
    "PATIENCE",
    "Ask",
    "Candidate",
    "Outcome",
    "PeerAsk",
    "PeerSearch",
    "PeerWilling",
    "State",
    "Wish",
    "answer_no",
    "answer_yes",
    "ask",
    "asked_before",
    "asked_lately",
    "asks_of",
    "begin",
    "due",
    "end",
    "fitting",
    "follow_ups",
    "forget",
    "get",
    "get_ask",
    "is_willing",
    "lapse",
    "noted",
    "open_of",
    "other_of",
    "own",
    "put_off",
    "say",
    "searches_of",
    "set_limit",
    "standing",
    "told",
    "void_others",
    "widen",
    "willing_of",
    "withdraw",
]
