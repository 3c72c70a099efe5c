"""One table, ratios within one run: `python -m tests.bench.delivery [limits|speed|burst|lanes|growth …] [--million]`.

limits: a notice to 1,000 people against the time that Telegram's limits allow, and how often it had to say 429.
speed:  messages a second without limits, durable and with receipts, against python-telegram-bot's bare loop (and that
        with many at a time), and against what the sandbox can take at all.
burst:  durable replies to 1,000 times /help from 100 people against python-telegram-bot's bare echo bot.
lanes:  how long people wait for a reply while a notice to 10,000 goes out.
growth: what claims and receipts cost for each message with few, many and very many rows in the outbox.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from tests.bench.delivery._growth import growth
from tests.bench.delivery._running import Sandbox, bare, ours, sandbox, seconds_of

RECIPIENTS, OVERALL, SHARE = 1000, 30, 1.03
MESSAGES, SPEED = 2000, 1.0
QUESTIONS, ASKERS, REPLIES = 1000, 100, 0.6
CROWD, SECONDS, WAIT = 10_000, 45, 1.0
UNLIMITED = 10_000.0

Row = tuple[str, str, bool | None]


def limits() -> list[Row]:
    """As Telegram counts, from the first message to the last."""
    allowed = RECIPIENTS / OVERALL  # seconds
    with sandbox(RECIPIENTS, limits=True) as world, ours(world, rate=OVERALL) as bot:
        bot.owes(world.chats)
        world("burst", count=1, people=1, words="/help")  # something happens: the courier looks at the outbox
        seen = world.until(lambda seen: seen["notices"] >= RECIPIENTS)
        bot.until_all_is_written()
    took = seen["notices_span"]
    return [
        (f"{RECIPIENTS:,} people at Telegram's limits", f"{took:.2f} s of {allowed:.2f} s", None),
        (f"  ratio (at most {SHARE})", f"{took / allowed:.3f}", took / allowed <= SHARE),
        ("  answers with 429 (none)", str(seen["refused"]), seen["refused"] == 0),
    ]


def speed() -> list[Row]:
    """No limits: each sends the same messages to the same people."""
    measured = {}
    with sandbox(500, limits=False) as world:
        for how in ("loop", "gathered", "wire"):
            with bare(how, world, MESSAGES) as popen:
                assert popen.stdin is not None
                world("forget")
                begun = seconds_of(popen.pid)
                print(file=popen.stdin, flush=True)
                seen = world.until(lambda seen: seen["notices"] >= MESSAGES)
                measured[how] = _rate(seen, "notices", seconds_of(popen.pid) - begun)
        with ours(world, rate=UNLIMITED) as bot:
            bot.owes([world.chats[number % len(world.chats)] for number in range(MESSAGES)])
            begun = seconds_of(bot.popen.pid)
            world("burst", count=1, people=1, words="/help")
            seen = world.until(lambda seen: seen["notices"] >= MESSAGES)
            bot.until_all_is_written()
            measured["ours"] = _rate(seen, "notices", seconds_of(bot.popen.pid) - begun)
    ratio = measured["ours"][0] / measured["loop"][0]
    return [
        ("messages a second, no limits: ours", _said(measured["ours"]), None),
        ("  python-telegram-bot, bare loop", _said(measured["loop"]), None),
        ("  the same, 30 at a time", _said(measured["gathered"]), None),
        ("  the bare wire, 16 connections", _said(measured["wire"]), None),
        (f"  ours to the bare loop (at least {SPEED})", f"{ratio:.2f}", ratio >= SPEED),
    ]


def burst() -> list[Row]:
    """A thousand questions at once; from the first reply's arrival to the last one's, and from the questions on."""
    with sandbox(ASKERS, limits=False) as world, bare("echo", world) as popen:
        world("burst", count=1, people=1, words="hello")
        world.until(lambda seen: seen["replies"] >= 1)
        echo = _burst(world, popen.pid)
    with sandbox(ASKERS, limits=False) as world, ours(world, rate=UNLIMITED) as bot:
        mine = _burst(world, bot.popen.pid, bot.until_all_is_written)
    ratio = mine[0] / echo[0]
    return [
        (f"replies a second to {QUESTIONS:,} × /help: ours, durable", _said(mine), None),
        ("  python-telegram-bot, bare echo", _said(echo), None),
        (f"  ours to the bare echo (at least {REPLIES})", f"{ratio:.2f}", ratio >= REPLIES),
    ]


def _burst(world: Sandbox, pid: int, settled: Callable[[], None] = lambda: None) -> tuple[float, float]:
    world("forget")
    computed, begun = seconds_of(pid), time.monotonic()
    world("burst", count=QUESTIONS, people=ASKERS, words="/help")
    world.until(lambda seen: seen["replies"] >= QUESTIONS)
    took = time.monotonic() - begun
    settled()
    return QUESTIONS / took, (seconds_of(pid) - computed) * 1000 / QUESTIONS


def lanes() -> list[Row]:
    """Five people a second ask while the notice runs."""
    with sandbox(CROWD, limits=True) as world, ours(world, rate=OVERALL) as bot:
        bot.owes(world.chats)
        world("burst", count=1, people=1, words="/help")
        world.until(lambda seen: seen["notices"] >= 2 * OVERALL)
        world("forget")
        world("trickle", count=5 * SECONDS, every=0.2, words="/help")
        seen = world.until(lambda seen: seen["replies"] >= 5 * SECONDS)
    waits = sorted(seen["waits"])
    middle, late = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
    total = (seen["notices"] + seen["replies"]) / seen["notices_span"]
    return [
        (f"replies while a notice to {CROWD:,} runs: median", f"{middle * 1000:.0f} ms", None),
        (f"  95th percentile (at most {WAIT} s)", f"{late * 1000:.0f} ms", late <= WAIT),
        ("  messages a second in all, 429s", f"{total:.1f}, {seen['refused']}", seen["refused"] == 0),
    ]


def _rate(seen: dict[str, float], what: str, computed: float) -> tuple[float, float]:
    return (seen[what] - 1) / seen[f"{what}_span"], computed * 1000 / seen[what]


def _said(measured: tuple[float, float]) -> str:
    return f"{measured[0]:6.0f}/s {measured[1]:5.2f} ms of computing each"


PARTS: dict[str, Callable[[], list[Row]]] = {"limits": limits, "speed": speed, "burst": burst, "lanes": lanes}


def main() -> None:
    """Measure what is asked for, all by default; exit status 1 when a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, "growth", []])
    parser.add_argument("--million", action="store_true", help="growth up to 1,000,000 rows (minutes, 2 GB of disk)")
    wanted = parser.parse_args()
    well = True
    for part in wanted.parts or [*PARTS, "growth"]:
        for words, value, kept in growth(million=wanted.million) if part == "growth" else PARTS[part]():
            print(f"{words:58} {value}{'' if kept is None else '   ok' if kept else '   NOT KEPT'}", flush=True)
            well = well and kept is not False
    raise SystemExit(0 if well else 1)


if __name__ == "__main__":
    main()
