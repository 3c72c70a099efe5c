"""Photos, documents and other files: sent alone, as an album, put in place of others, and downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.bot_api._access import check_may_send, find_person, writable_chat
from bot.sandbox.bot_api._content import caption_content, dressing, place, send
from bot.sandbox.errors import bad_request
from bot.sandbox.validation import Upload
from bot.sandbox.world import DOWNLOAD_LIMIT, StoredFile
from bot.sandbox.world._media import image_size, media_content

if TYPE_CHECKING:
    from bot.sandbox.bot_api import BotApi

Json = dict[str, Any]

_PERMISSIONS = {
    "photo": "can_send_photos",
    "document": "can_send_documents",
    "video": "can_send_videos",
    "animation": "can_send_other_messages",
    "audio": "can_send_audios",
    "voice": "can_send_voice_notes",
    "video_note": "can_send_video_notes",
    "sticker": "can_send_other_messages",
}
_MEASURES = ("duration", "width", "height", "length", "performer", "title", "emoji")
_UPLOAD_LIMIT = {"photo": 10 * 1024 * 1024}
_ANY_UPLOAD_LIMIT = 50 * 1024 * 1024
_ALBUM = range(2, 11)


def _sender_of(kind: str) -> Any:
    def send_media(api: BotApi, p: Json) -> Json:
        content = _shown(api, kind, p[kind], p) | caption_content(api, p)
        return send(api, p, content, _PERMISSIONS[kind]).message

    return send_media


def _shown(api: BotApi, kind: str, source: str | Upload, p: Json) -> Json:
    """The message fields for a file given as an upload or an id."""
    if isinstance(source, str) and source.startswith("attach://"):
        raise bad_request(f"there is no file {source.removeprefix('attach://')} in the request")
    stored = _uploaded(api, kind, source) if isinstance(source, Upload) else _known(api, kind, source)
    measures = {key: p[key] for key in _MEASURES if key in p}
    spoiler = {"has_media_spoiler": True} if p.get("has_spoiler") else {}
    return media_content(api.world.files, kind, stored, **measures) | spoiler


def _uploaded(api: BotApi, kind: str, upload: Upload) -> StoredFile:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > _UPLOAD_LIMIT.get(kind, _ANY_UPLOAD_LIMIT):
        raise bad_request(f"file of size {len(upload.content)} bytes is too big for a {kind}")
    if kind == "photo":
        _check_picture(upload)
    return api.world.files.add(kind, upload.content, name=upload.name, mime_type=upload.mime_type)


def _check_picture(upload: Upload) -> None:
    size = image_size(upload.content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > 10000 or max(size) > 20 * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def _known(api: BotApi, kind: str, file_id: str) -> StoredFile:
    if "://" in file_id:
        raise bad_request("failed to get HTTP URL content")
    stored = api.world.files.find(file_id)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind and not (kind == "document" and stored.kind != "photo"):
        raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    return stored


def input_media(api: BotApi, media: Json, p: Json) -> Json:
    """The message fields for an `InputMedia`, its file taken from the call's uploads or from those known."""
    kind = media["type"]
    if kind not in _PERMISSIONS:
        raise bad_request(f"not in this sandbox: media of type {kind}")
    source: str | Upload = media["media"]
    if isinstance(source, str) and source.startswith("attach://"):
        source = api.upload(source)
    return _shown(api, kind, source, media) | caption_content(api, media)


def _send_media_group(api: BotApi, p: Json) -> list[Json]:
    media = p["media"]
    if len(media) not in _ALBUM:
        few = len(media) < _ALBUM.start
        raise bad_request("there are no messages to send" if few else "too many messages to send as an album")
    _check_mixture([item["type"] for item in media])
    chat = writable_chat(api.world, p["chat_id"])
    contents = [input_media(api, item, p) for item in media]
    topic, reply, quoted = place(api, chat, p)
    for item in media:
        check_may_send(api.world, chat, _PERMISSIONS[item["type"]])
    api.take_allowance(chat, len(contents))
    common = {"media_group_id": api.new_album_id()} | quoted | dressing(p)
    sender = api.world.as_bot()
    posts = [api.world.put(chat, sender, common | content, topic=topic, reply=reply) for content in contents]
    return [post.message for post in posts]


def _check_mixture(kinds: list[str]) -> None:
    """Photos and videos mix; documents and audio stand among themselves only."""
    for alone in ("document", "audio"):
        if alone in kinds and set(kinds) != {alone}:
            raise bad_request(f"{alone} can't be mixed with other media types")
    if "animation" in kinds:
        raise bad_request("can't use the media of the specified type in the album")


# Downloads


def _get_file(api: BotApi, p: Json) -> Json:
    stored = api.world.files.find(p["file_id"])
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return stored.as_json() | {"file_path": stored.path}


def _get_user_profile_photos(api: BotApi, p: Json) -> Json:
    find_person(api.world, p["user_id"])
    person = api.world.people.get(p["user_id"])
    stored = api.world.files.find(person.photo) if person and person.photo else None
    photos = [media_content(api.world.files, "photo", stored)["photo"]] if stored else []
    return {"total_count": len(photos), "photos": photos[p.get("offset", 0) :]}


METHODS = {
    f"send{_name}": _sender_of(_kind)
    for _name, _kind in (
        ("Photo", "photo"),
        ("Document", "document"),
        ("Video", "video"),
        ("Animation", "animation"),
        ("Audio", "audio"),
        ("Voice", "voice"),
        ("VideoNote", "video_note"),
        ("Sticker", "sticker"),
    )
} | {
    "sendMediaGroup": _send_media_group,
    "getFile": _get_file,
    "getUserProfilePhotos": _get_user_profile_photos,
}
