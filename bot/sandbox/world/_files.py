"""Files as Telegram keeps them: bytes under an id that can be sent again and a path to download from."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

DOWNLOAD_LIMIT = 20 * 1024 * 1024
"""Bots can download files of up to 20 MB."""

_FOLDERS = {
    "photo": ("photos", "AgACAgQ", ".jpg"),
    "document": ("documents", "BQACAgQ", ""),
    "video": ("videos", "BAACAgQ", ".mp4"),
    "animation": ("animations", "CgACAgQ", ".mp4"),
    "audio": ("music", "CQACAgQ", ".mp3"),
    "voice": ("voice", "AwACAgQ", ".oga"),
    "video_note": ("video_notes", "DQACAgQ", ".mp4"),
    "sticker": ("stickers", "CAACAgQ", ".webp"),
    "thumbnail": ("thumbnails", "AAMCAgQ", ".jpg"),
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file; `size` may be larger than the content that tests give for a big one."""

    kind: str
    file_id: str
    unique_id: str
    path: str
    content: bytes
    name: str | None
    mime_type: str
    size: int

    def as_json(self) -> Json:
        """The fields that every kind of file has."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}


class Files:
    """All files of the world, by id and by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(
        self,
        kind: str,
        content: bytes,
        *,
        name: str | None = None,
        mime_type: str | None = None,
        size: int | None = None,
    ) -> StoredFile:
        """Keep a file; its kind is the message field it will stand in (photo, document …)."""
        folder, prefix, ending = _FOLDERS[kind]
        number = len(self._by_id)
        guessed = mimetypes.guess_type(name or f"file{ending}")[0] or "application/octet-stream"
        ending = ending or ("." + name.rsplit(".", 1)[1] if name and "." in name else "")
        stored = StoredFile(
            kind=kind,
            file_id=prefix + _token(f"{kind}:{number}", 36),
            unique_id="AQAD" + _token(hashlib.sha256(content).hexdigest() + kind, 12),
            path=f"{folder}/file_{number}{ending}",
            content=content,
            name=name,
            mime_type=mime_type or guessed,
            size=len(content) if size is None else size,
        )
        self._by_id[stored.file_id] = self._by_path[stored.path] = stored
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        """The file of that id, or None."""
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """The file at a download path, or None."""
        return self._by_path.get(path)


def _token(seed: str, length: int) -> str:
    digest = hashlib.sha256(seed.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")[:length]
