"""Calendar feeds over HTTP: whoever knows the address may read, and asks again without being sent the same once more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.timetable import CalendarFile

FRESH = 300
"""Seconds for which a calendar program need not ask again."""


def calendar_endpoint(feed: Callable[[str], CalendarFile | None]) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint; `feed` gives the calendar behind an address's secret part, or None."""

    async def calendar(request: Request) -> Response:
        try:
            found = await run_in_threadpool(feed, request.path_params["token"])
        except SQLAlchemyError:
            return PlainTextResponse("try again later", status_code=503, headers={"Retry-After": "60"})
        if found is None:
            return PlainTextResponse("not found", status_code=404)
        return _answer(request, found)

    return calendar


def _answer(request: Request, found: CalendarFile) -> Response:
    changed_at = found.changed_at.astimezone(UTC).replace(microsecond=0)
    tag = f'"{sha256(found.content).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(changed_at, usegmt=True),
        "Cache-Control": f"private, max-age={FRESH}",
    }
    if _is_known(request, tag, changed_at):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="small-wins.ics"'
    return Response(found.content, media_type="text/calendar; charset=utf-8", headers=headers)


def _is_known(request: Request, tag: str, changed_at: datetime) -> bool:
    """Whether the program has this already; what it says of the tag counts before what it says of the time."""
    if (tags := request.headers.get("If-None-Match")) is not None:
        known = [each.strip().removeprefix("W/") for each in tags.split(",")]
        return tag in known or "*" in known
    if (since := request.headers.get("If-Modified-Since")) is None:
        return False
    try:
        return changed_at <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
