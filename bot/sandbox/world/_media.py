"""Media as they stand in a message: a stored file with the measures that Telegram adds."""

from __future__ import annotations

import struct

from bot.sandbox.world._files import Files, StoredFile
from bot.sandbox.world._model import Json

_SIDES = (90, 320, 800, 1280)  # the longer side of the sizes that Telegram makes of a photo
_PNG = b"\x89PNG\r\n\x1a\n"

KINDS = ("photo", "document", "video", "animation", "audio", "voice", "video_note", "sticker")
"""The fields of a message that hold a file."""


def media_content(files: Files, kind: str, stored: StoredFile, **measures: int | str | None) -> Json:
    """The field of a message that shows a stored file (and `document` beside an animation, as Telegram does)."""
    if kind == "photo":
        return {"photo": photo_sizes(files, stored)}
    shown = stored.as_json() | _MEASURES[kind] | {key: value for key, value in measures.items() if value is not None}
    if kind not in {"voice", "video_note", "sticker"}:
        shown |= {"mime_type": stored.mime_type} | ({"file_name": stored.name} if stored.name else {})
    if kind == "voice":
        shown["mime_type"] = "audio/ogg" if stored.mime_type == "application/octet-stream" else stored.mime_type
    return {kind: shown} | ({"document": stored.as_json()} if kind == "animation" else {})


_MEASURES: dict[str, Json] = {
    "document": {},
    "audio": {"duration": 0},
    "voice": {"duration": 0},
    "video": {"width": 0, "height": 0, "duration": 0},
    "animation": {"width": 0, "height": 0, "duration": 0},
    "video_note": {"length": 240, "duration": 0},
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
}


def photo_sizes(files: Files, stored: StoredFile) -> list[Json]:
    """The sizes of a photo, smallest first, the last as it was sent; all share the same bytes here."""
    width, height = image_size(stored.content) or (1280, 960)
    longer = max(width, height)
    sizes = []
    for side in _SIDES:
        if side < longer:
            smaller = files.add("photo", stored.content, mime_type=stored.mime_type, size=stored.size)
            measures = {"width": max(1, width * side // longer), "height": max(1, height * side // longer)}
            sizes.append(smaller.as_json() | measures)
    return [*sizes[:2], stored.as_json() | {"width": width, "height": height}]


def image_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, JPEG or WebP picture, or None for anything else."""
    if content.startswith(_PNG) and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:6] in {b"GIF87a", b"GIF89a"} and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp_size(content)
    return None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header, which holds height and width."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    if content[12:16] == b"VP8X" and len(content) >= 30:
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if content[12:16] == b"VP8 " and len(content) >= 30:
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if content[12:16] == b"VP8L" and len(content) >= 25:
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None
