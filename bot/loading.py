"""What is loaded at the start and stays until the end: the garbage collector need not look through it."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """What comes into being meanwhile stays: it is looked through neither now nor later, for nothing of it is garbage."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
