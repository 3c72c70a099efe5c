"""How much arrived of what, and what people did."""

from __future__ import annotations

from collections import Counter

from tests.bench.halfyear._kinds import UNASKED
from tests.bench.halfyear._life import HalfYear
from tests.bench.halfyear._setting import BEGIN


def table(made: HalfYear, days: int) -> None:
    """Print what arrived in private chats, per member and week, and what people did."""
    weeks = max(1, days // 7)
    print(f"{'arrived in private chats':44}{'all':>8}{'mean':>8}{'95th':>6}{'max':>5}   per member and week")
    chosen = {kind: [one for one in made.arrivals if one.kind == kind] for kind in sorted({a.kind for a in made.arrivals})}
    unasked = [one for one in made.arrivals if UNASKED.match(one.key)]
    for name, found in ({"everything": made.arrivals, "nobody asked for it": unasked} | chosen).items():
        per = Counter((one.member, (one.at - BEGIN).days // 7) for one in found if one.member not in made.staff)
        all_weeks = sorted([*per.values(), *[0] * (made.size * weeks - len(per))])
        mean, high = sum(all_weeks) / len(all_weeks), all_weeks[int(len(all_weeks) * 0.95) - 1]
        print(f"{name:44}{len(found):>8,}{mean:>8.2f}{high:>6}{max(all_weeks):>5}")
    print(f"\nread along: {len(made.said):,} messages and edits everywhere, {len(made.in_groups):,} messages in groups")
    print("what people did: " + ", ".join(f"{what} {n:,}" for what, n in sorted(made.done.items())))
