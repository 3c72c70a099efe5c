"""Files that a child process draws: it takes its libraries' memory with it when it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


class Undrawable(Exception):
    """The file cannot be drawn; the text says why."""


def drawn_apart(script: Path, wanted: dict[str, Any], *, begins: bytes, patience: float) -> tuple[bytes, str]:
    """What the script makes of `wanted` (JSON on its standard input), and what it said meanwhile.

    Raises Undrawable when it fails, takes more than `patience` seconds, or gives something that `begins` differently.
    """
    try:
        done = subprocess.run(
            [sys.executable, str(script)],
            input=json.dumps(wanted).encode(),
            capture_output=True,
            timeout=patience,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Undrawable(type(error).__name__) from error
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode != 0 or not done.stdout.startswith(begins):
        raise Undrawable(said.splitlines()[-1] if said else f"exit status {done.returncode}")
    return done.stdout, said
