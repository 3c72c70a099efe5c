"""The server of the web endpoints: it leaves signals to the process it is part of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette


class WebServer(uvicorn.Server):
    """A uvicorn server without log lines and signal handlers of its own."""

    def __init__(self, application: Starlette) -> None:
        super().__init__(uvicorn.Config(application, log_config=None, access_log=False, timeout_graceful_shutdown=1))

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave SIGTERM and SIGINT to whoever runs the event loop."""
        yield
