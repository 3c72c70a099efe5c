"""Live through it, print the table, and say whether every promise was kept; the exit status is 1 where one was not."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from bot import knowledge
from bot.db import Database
from bot.settings import Settings
from tests.bench.halfyear import broken, simulated, table


def main() -> int:
    """The whole of it."""
    size, days, seed = (int(given) for given in [*sys.argv[1:], *("450", "182", "7")[len(sys.argv) - 1 :]])
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="smallwins-halfyear-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'halfyear.db'}")
        database.migrate()
        made = simulated(database, knowledge.load(Settings()), size=size, days=days, seed=seed)
        faults = broken(made)
        print(f"{size} members, {days} days, seed {seed}; lived through in {time.perf_counter() - begun:.0f} s\n")
        table(made, days)
        database.close()
    for promise, found in sorted(faults.items()):
        print(f"FAIL {promise}: {len(found)}, such as {found[:3]}")
    print("every promise was kept" if not faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
