"""Certificates of attendance as PDF files, made by a process of their own.

reportlab and its fonts take some 40 MB and never give them back; a certificate is wanted a few hours a month. So a child
process makes it and ends.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.apart import drawn_apart

PATIENCE = 60.0
"""Seconds that making one may take."""

_DRAWING = Path(__file__).with_name("_drawing.py")


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
    """The PDF of what `as_json` made; raises Undrawable. Takes about a second: not for an open transaction."""
    return drawn_apart(_DRAWING, wanted, begins=b"%PDF", patience=PATIENCE)[0]
