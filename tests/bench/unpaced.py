"""The bot as it runs, without Telegram's pace for each chat: for storms, which would take an hour otherwise."""

from __future__ import annotations

from functools import partialmethod

from bot import app
from bot.cli import main

if __name__ == "__main__":
    app.App.__init__ = partialmethod(app.App.__init__, per_chat_pace=False)  # type: ignore[method-assign,assignment]
    main()
