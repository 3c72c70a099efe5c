"""The web endpoints: health, metrics, calendar feeds, and the webhook."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.timetable import CalendarFile
from bot.web._calendar import calendar_endpoint

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class NotReady(Exception):
    """Somebody else has to take it, or it has to come again."""


@dataclass(frozen=True)
class Endpoints:
    """What the endpoints ask and tell the rest of the program; `take` raises NotReady when an update cannot be stored now."""

    ready: Callable[[], bool]
    take: Callable[[dict[str, Any]], Awaitable[None]]
    registry: CollectorRegistry
    secret: str | None = None
    owner: Callable[[], bool] = lambda: True
    calendar: Callable[[str], CalendarFile | None] = lambda _token: None


def webhook_path(secret: str) -> str:
    """The address's last part, which nobody can guess who does not know the secret."""
    return "/telegram/" + sha256(secret.encode()).hexdigest()[:32]


def web_app(endpoints: Endpoints) -> Starlette:
    """The web application; the webhook is there only with a secret."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> Response:
        try:
            ready = await run_in_threadpool(endpoints.ready)
        except SQLAlchemyError:
            ready = False
        if not ready:
            return PlainTextResponse("not ready", status_code=503)
        return PlainTextResponse("ready" if endpoints.owner() else "ready, standing by")

    async def metrics(_request: Request) -> Response:
        return Response(await run_in_threadpool(generate_latest, endpoints.registry), media_type=CONTENT_TYPE_LATEST)

    routes = [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
        Route("/calendar/{token}.ics", calendar_endpoint(endpoints.calendar)),
    ]
    if endpoints.secret is not None:
        routes.append(Route(webhook_path(endpoints.secret), _webhook(endpoints, endpoints.secret), methods=["POST"]))
    return Starlette(routes=routes)


def _webhook(endpoints: Endpoints, secret: str) -> Callable[[Request], Awaitable[Response]]:
    """Updates are stored before Telegram is told that they arrived."""

    async def webhook(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), secret.encode()):
            return PlainTextResponse("wrong secret", status_code=403)
        try:
            update = await request.json()
        except ValueError:
            return PlainTextResponse("not JSON", status_code=400)
        if not isinstance(update, dict) or type(update.get("update_id")) is not int:  # true is no number
            return PlainTextResponse("not an update", status_code=400)
        try:
            await endpoints.take(update)
        except NotReady:
            return PlainTextResponse("not ready", status_code=503)
        return JSONResponse({})

    return webhook
