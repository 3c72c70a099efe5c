"""The entities that Telegram finds by itself: commands, mentions, hashtags, cashtags, links, e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.text._utf16 import Utf16

Entity = dict[str, Any]

_HINT = re.compile(r"[@/#$.]")
_COMMAND = re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>@])")
_MENTION = re.compile(r"(?<!\w)@[a-zA-Z0-9_]{2,32}(?!\w)")
_HASHTAG = re.compile(r"(?<![\w#])#(?=\d*[^\W\d])\w{1,256}(?![\w#])")
_CASHTAG = re.compile(r"(?<![\w$])\$[A-Z]{1,8}(?![\w$])")
_EMAIL = re.compile(r"(?<![\w.+-])[a-zA-Z0-9_][\w.+-]*@(?:[a-zA-Z0-9-]+\.)+[a-zA-Z]{2,}(?![\w-])", re.ASCII)
_URL = re.compile(
    r"(?:(?P<scheme>(?:https?|ftp)://)|(?<![\w@.-]))"
    r"(?P<host>(?:[\w~-]+\.)+(?P<tld>[^\W\d_]{2,}|xn--[a-zA-Z0-9]+)|(?:\d{1,3}\.){3}\d{1,3})(?![\w@-])"
    r"(?P<port>:\d{1,5})?(?P<path>[/?#][^\s<>\"«»\u2000-\u200b\u2016-\u206f]*)?",
    re.IGNORECASE,
)
_TG_URL = re.compile(r"(?<!\w)(?:tg|ton)://[a-zA-Z0-9_-]{1,253}(?:[/?#][^\s<>\"«»]*)?")
_PATH_END = ".:;,('?!`"
_DOMAINS = """
    academy agency app asia biz blog care cat center chat city clinic cloud club com community company coop data
    dental design dev digital doctor edu education email events expert family finance fit foundation fund global gov
    group guide health healthcare help hospital info ink institute int international jobs law life link live ltd media
    medical mil mobi museum name net network news ngo one ong online org organic page pharmacy plus press pro pub
    report review rocks school science services shop site social software solutions space store study support systems
    team tech technology tel tips today tools top training travel university video vip wiki win work world xyz zone
    中国 中國 公司 网络 网址 在线 中文网 网站 公益 政务 我爱你 健康 医院 學校
"""
_LONG_DOMAINS = frozenset(_DOMAINS.split())
_FILE_ENDINGS = frozenset({"js", "ts", "md5", "xl"})  # two letters, but no country's domain


def detect(text: str) -> list[Entity]:
    """Entities of the text in order, none of them overlapping another."""
    if not _HINT.search(text):
        return []
    units = Utf16(text)
    found: list[Entity] = []
    free_from = 0
    for start, end, kind in sorted(_spans(text), key=lambda span: (span[0], -span[1])):
        if start >= free_from:
            offset = units.offset(start)
            found.append({"type": kind, "offset": offset, "length": units.offset(end) - offset})
            free_from = end
    return found


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    if "@" in text:
        yield from ((*match.span(), "mention") for match in _MENTION.finditer(text))
        yield from ((*match.span(), "email") for match in _EMAIL.finditer(text))
    if "/" in text:
        yield from ((*match.span(), "bot_command") for match in _COMMAND.finditer(text))
        yield from ((*match.span(), "url") for match in _TG_URL.finditer(text))
    if "#" in text:
        yield from ((*match.span(), "hashtag") for match in _HASHTAG.finditer(text))
    if "$" in text:
        yield from ((*match.span(), "cashtag") for match in _CASHTAG.finditer(text))
    if "." in text:
        yield from _urls(text)


def _urls(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _URL.finditer(text):
        if _is_address(match):
            yield match.start(), match.end() - _surplus(match["path"] or ""), "url"


def _is_address(match: re.Match[str]) -> bool:
    tld = (match["tld"] or "").lower()
    if not tld:  # four numbers
        return all(int(part) <= 255 for part in match["host"].split("."))
    country = len(tld) == 2 and tld.isascii() and tld not in _FILE_ENDINGS
    return bool(match["scheme"]) or country or tld in _LONG_DOMAINS or tld.startswith("xn--")


def _surplus(path: str) -> int:
    """How many characters at the path's end belong to the sentence around it: closing brackets, full stops."""
    depth = {"(": 0, "[": 0, "{": 0}
    closes = {")": "(", "]": "[", "}": "{"}
    end = len(path)
    for at, char in enumerate(path):
        if char in depth:
            depth[char] += 1
        elif char in closes:
            depth[closes[char]] -= 1
            if depth[closes[char]] < 0:
                end = at
                break
    kept = path[:end].rstrip(_PATH_END)
    if kept == "" and path[:1] == "/":
        kept = "/"
    return len(path) - len(kept)
