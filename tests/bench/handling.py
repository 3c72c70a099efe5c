"""What a benchmark times of a town: one deed with its handling, and nothing besides."""

from __future__ import annotations

from collections.abc import Callable

from tests.town import Town


def handled(town: Town, deed: Callable[[], object]) -> Callable[[], None]:
    """What somebody does, with the bot's handling of it, but without the ticks."""

    async def handle() -> None:
        await town.app.poller.once()
        await town.app.lanes.idle()

    def run() -> None:
        deed()
        town.runner.run(handle())

    return run
