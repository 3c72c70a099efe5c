"""Arriving in a group: wishes to be let in, who is new, and how they are greeted."""

from bot.features.arrivals._asking import (
    PATIENCE,
    ask,
    asking,
    decide,
    hand_over,
    locked,
    mine,
    open_of,
    say_city,
    take_over_profile,
    waiting,
)
from bot.features.arrivals._coming import (
    FIRST_DAY,
    TOGETHER,
    arrive,
    greet,
    greeted,
    greetings_of,
    leave,
    newcomers,
)
from bot.features.arrivals._keeping import arrivals_of, forget, move_chat, prune, requests_of
from bot.features.arrivals._tables import Arrival, Greeting, JoinRequest, State

__all__ = [
    "FIRST_DAY",
    "PATIENCE",
    "TOGETHER",
    "Arrival",
    "Greeting",
    "JoinRequest",
    "State",
    "arrivals_of",
    "arrive",
    "ask",
    "asking",
    "decide",
    "forget",
    "greet",
    "greeted",
    "greetings_of",
    "hand_over",
    "leave",
    "locked",
    "mine",
    "move_chat",
    "newcomers",
    "open_of",
    "prune",
    "requests_of",
    "say_city",
    "take_over_profile",
    "waiting",
]
