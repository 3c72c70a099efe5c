"""Half a year of a community: `python -m tests.bench.halfyear [members] [days] [seed]`.

450 members in 12 cities with 30 programmes live with the real bot: its ticks, its handlers and its courier, on a clock that is
set forward several times a day. Everybody behaves as a seeded chance says: who answers check-ins and how, who is stuck, who
is willing to help, who shares what, who is glad with others, who sleeps when and where, who mutes what and changes their
mind, who comes, who leaves. Sessions are planned every second week and every month, notices go out, programmes are
presented in two poster weeks, and in the middle the bot is away for two days.

`_setting` makes the community, `_doings` is what its people do, `_life` lets the days pass, `_watching` notes everything
that the bot says, `_promises` holds it against what was promised, `_table` counts it.
"""

from tests.bench.halfyear._kinds import UNASKED, Arrival, Said, fullest_week
from tests.bench.halfyear._life import HalfYear, simulated
from tests.bench.halfyear._promises import broken
from tests.bench.halfyear._table import table

__all__ = ["UNASKED", "Arrival", "HalfYear", "Said", "broken", "fullest_week", "simulated", "table"]
