"""The routes of the page: its files, people, uploads, downloads and the WebSocket."""

from __future__ import annotations

import asyncio
import json
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import UploadFile
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.bot_api import BotApi
from bot.sandbox.page_door._session import Session
from bot.sandbox.page_door._views import Views
from bot.sandbox.validation import Upload
from bot.sandbox.world import Person

_PAGE = Path(__file__).parent.parent / "page"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_SHOWN_IN_PLACE = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/", "video/")
_LARGEST = 50 * 1024 * 1024
_NO_SUCH_PERSON = 4404
_ASK_AGAIN = "no-cache"  # browsers keep the files but ask for newer ones each time: a new version shows at once


class _Fresh(StaticFiles):
    """The page's files, never older in the browser than here."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or word that it has not changed."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = _ASK_AGAIN
        return response


class PageDoor:
    """Serves the page and keeps its windows in touch with the world."""

    def __init__(self, api: BotApi) -> None:
        self.world = api.world
        self.views = Views(api)
        self.uploads: dict[str, Upload] = {}

    def routes(self) -> list[BaseRoute]:
        """All that the page asks for."""
        return [
            Route("/", self._index),
            Mount("/page", _Fresh(directory=_PAGE, check_dir=False)),
            Route("/sandbox/people", self._people),
            Route("/sandbox/files", self._upload, methods=["POST"]),
            Route("/sandbox/files/{file_id}", self._download),
            WebSocketRoute("/sandbox/socket", self._socket),
        ]

    def _index(self, request: Request) -> Response:
        index = _PAGE / "index.html"
        if not index.is_file():
            return PlainTextResponse("The page is not here.", 404)
        return FileResponse(index, headers={"Content-Security-Policy": _POLICY, "Cache-Control": _ASK_AGAIN})

    def _people(self, request: Request) -> Response:
        return JSONResponse({"people": self.views.people(), "bot": self.world.bot})

    def _person(self, request: HTTPConnection) -> Person | None:
        wanted = request.query_params.get("as", "")
        return self.world.people.get(int(wanted)) if wanted.isdecimal() else None

    async def _upload(self, request: Request) -> Response:
        if self._person(request) is None or not _same_origin(request):
            return JSONResponse({"error": "nobody of that id"}, 403)
        async with request.form(max_part_size=_LARGEST) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                return JSONResponse({"error": "no file in the field 'file'"}, 400)
            upload = Upload(file.filename or "file", await file.read(), file.content_type)
        token = secrets.token_urlsafe(12)
        self.uploads[token] = upload
        return JSONResponse({"token": token})

    def _download(self, request: Request) -> Response:
        stored = self.world.files.find(request.path_params["file_id"])
        if stored is None:
            return PlainTextResponse("There is no such file.", 404)
        shown = stored.mime_type.startswith(_SHOWN_IN_PLACE)
        headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "inline" if shown else "attachment"}
        return Response(stored.content, media_type=stored.mime_type, headers=headers)

    async def _socket(self, socket: WebSocket) -> None:
        person = self._person(socket)
        await socket.accept()
        if person is None or not _same_origin(socket):
            await socket.close(_NO_SUCH_PERSON, "nobody of that id")
            return
        session = Session(self.views, person, self.uploads)
        session.tell(self.views.hello(person))
        end_watch = self.world.subscribe(session.watch)
        writer = asyncio.create_task(_write(socket, session))
        try:
            await _listen(socket, session)
        finally:
            end_watch()
            writer.cancel()


async def _listen(socket: WebSocket, session: Session) -> None:
    while True:
        try:
            frame = json.loads(await socket.receive_text())
        except WebSocketDisconnect:
            return
        except ValueError:
            frame = {}
        session.take(frame if isinstance(frame, dict) else {})


async def _write(socket: WebSocket, session: Session) -> None:
    while True:
        await socket.send_text(json.dumps(await session.frames.get(), ensure_ascii=False))


def _same_origin(request: HTTPConnection) -> bool:
    """Whether a browser asks from the sandbox's own page; other programs send no Origin."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
