"""Log lines: readable text or JSON; never a token, whatever a library writes."""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import Literal

_TOKEN = re.compile(r"\d{3,}(?::|%3A)[A-Za-z0-9_-]{8,}", re.IGNORECASE)  # in an address it stands right behind "/bot"
_QUIET = ("httpx", "httpcore", "apscheduler", "alembic", "uvicorn.access", "telegram")


def _masked(text: str) -> str:
    return _TOKEN.sub("***", text)


class _Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """One readable line, tokens masked."""
        return _masked(super().format(record))


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One JSON object a line, tokens masked."""
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return _masked(json.dumps(line, ensure_ascii=False))


def begin(style: Literal["text", "json"]) -> None:
    """Write log lines to standard error from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if style == "json" else _Text())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
