"""What organizers see of a notice that has begun to go out."""

from __future__ import annotations

from bot.features.notices import Notice
from handlers._kit import Request, Screen


def overview(request: Request, notice: Notice) -> Screen:
    """How far it is, or what came of it."""
    return Screen(request.t("This notice went out, or is on its way."), edit=request.heard.kind == "tap")
