"""Certificates of attendance as PDF files, made by a process of their own.

reportlab and its fonts take some 40 MB and never give them back; a certificate is wanted a few hours a month. So a child
process makes it and ends.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PATIENCE = 60.0
"""Seconds that making one may take."""

_DRAWING = Path(__file__).with_name("_drawing.py")


class Unmakeable(Exception):
    """The certificate cannot be made; the text says why."""


@dataclass(frozen=True)
class Certificate:
    """What is printed, in the words of two languages: each of `facts` is a pair of them. `address` becomes a QR code.

    `traditional` says that the Chinese is in traditional characters.
    """

    heading: tuple[str, str]
    says: tuple[str, str]
    name: str
    attended: tuple[str, str]
    titles: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    number: str
    verify: tuple[str, str]
    address: str
    traditional: bool


def as_json(certificate: Certificate) -> dict[str, Any]:
    """The certificate as it is kept in a promised message."""
    return asdict(certificate)


def draw(wanted: dict[str, Any]) -> bytes:
    """The PDF of what `as_json` made; raises Unmakeable. Takes about a second: not for an open transaction."""
    try:
        done = subprocess.run(
            [sys.executable, str(_DRAWING)],
            input=json.dumps(wanted).encode(),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unmakeable(type(error).__name__) from error
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF"):
        said = done.stderr.decode("utf-8", "replace").strip()
        raise Unmakeable(said.splitlines()[-1] if said else f"exit status {done.returncode}")
    return done.stdout
