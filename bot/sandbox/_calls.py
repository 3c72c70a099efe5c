"""The Bot API's own address over HTTP: /bot<token>/<method> and /file/bot<token>/<path>."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.sandbox._connections import cut
from bot.sandbox.bot_api import BotApi, Dropped, Reply
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.validation import Upload

Json = dict[str, Any]
Call = tuple[Json, dict[str, Upload]]

_UNAUTHORIZED = ApiError(401, "Unauthorized")
_NOT_FOUND = ApiError(404, "Not Found")


class Calls:
    """An ASGI endpoint that reads a call in any of Telegram's forms and answers it."""

    def __init__(self, api: BotApi, token: str) -> None:
        self.api = api
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call; a connection that a fault drops is closed without an answer."""
        request = Request(scope, receive, send)
        try:
            reply = await self._answer(request)
        except Dropped:
            await cut(scope, receive)
            return
        except ClientDisconnect:
            return  # whoever called is gone before the call was whole: nothing happened
        await _respond(reply)(scope, receive, send)

    async def _answer(self, request: Request) -> Reply:
        if request.path_params["token"] != self.token:
            return _refused(_UNAUTHORIZED)
        if request.method not in {"GET", "POST"}:
            return _refused(_NOT_FOUND)
        try:
            parameters, files = await _read(request)
        except ApiError as refusal:
            return _refused(refusal)
        return await self.api.handle(request.path_params["method"], parameters, files)


class Downloads:
    """An ASGI endpoint for the files that `getFile` names."""

    def __init__(self, api: BotApi, token: str) -> None:
        self.api = api
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file's bytes, or Telegram's refusal."""
        await self._response(Request(scope))(scope, receive, send)

    def _response(self, request: Request) -> Response:
        if request.path_params["token"] != self.token:
            return _respond(_refused(_UNAUTHORIZED))
        stored = self.api.world.files.at(request.path_params["path"])
        if stored is None:
            return _respond(_refused(_NOT_FOUND))
        return Response(stored.content, media_type="application/octet-stream")


def _refused(refusal: ApiError) -> Reply:
    return Reply(refusal.error_code, refusal.payload())


def _respond(reply: Reply) -> Response:
    body = json.dumps(reply.payload, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(body, reply.status, media_type="application/json")


async def _read(request: Request) -> Call:
    """Parameters from the address and from the body: form, JSON or multipart."""
    query = dict(parse_qsl(request.scope["query_string"].decode(), keep_blank_values=True))
    if request.method == "GET":
        return query, {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        parameters, files = await _read_multipart(request)
        return query | parameters, files
    body = await request.body()
    if kind == "application/json":
        return query | _read_json(body), {}
    return query | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)), {}


def _read_json(body: bytes) -> Json:
    try:
        parameters = json.loads(body) if body else {}
    except ValueError:
        raise bad_request("can't parse request body as JSON object") from None
    if not isinstance(parameters, dict):
        raise bad_request("request body must be a JSON object")
    return parameters


async def _read_multipart(request: Request) -> Call:
    parameters: Json = {}
    files: dict[str, Upload] = {}
    async with request.form(max_part_size=50 * 1024 * 1024) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = Upload(value.filename or "file", await value.read(), value.content_type)
            else:
                parameters[name] = value
    return parameters, files
