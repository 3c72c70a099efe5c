"""Pictures and certificates in promised messages: kept as what they show, drawn right before they are sent."""

from __future__ import annotations

import asyncio
from typing import Any

from bot import certificates, pictures

NAME = "chart.png"


async def drawn(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload with every `{"$chart": …}` and `{"$certificate": …}` as an upload; raises Undrawable."""
    made = dict(payload)
    for name, value in payload.items():
        if isinstance(value, dict) and "$chart" in value:
            made[name] = {"$file": [NAME, await asyncio.to_thread(pictures.draw, value["$chart"])]}
        elif isinstance(value, dict) and "$certificate" in value:
            wanted = value["$certificate"]
            file = await asyncio.to_thread(certificates.draw, wanted)
            made[name] = {"$file": [f"certificate-{wanted['number']}.pdf", file]}
    return made
