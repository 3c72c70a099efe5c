"""Two questions in one message, told by marks and by the words that join questions."""

from __future__ import annotations

import re

_SPLIT = re.compile(
    r"[?？!！。;；\n]+|[,，、\s]*(?:还有就?是?|另外|顺便问?|以及|再就是|再问)[,，\s]*"
    r"|[,，、\s]*(?:第[一二]个?是|[一二]个?是)[,，\s]*"
    r"|,?\s+(?:and|plus|also)(?: also)?(?=\s(?:how|what|where|when|who|which|why|do|does|can|should|is|are|must)\b)",
    re.IGNORECASE)
_BESIDE = re.compile(r"(?<=[\u3400-\u9fff])[\s,，]+(?=[\u3400-\u9fff])")
"""In Chinese a space or a comma may part two questions."""
_ASKS = re.compile(
    r"[吗呢么]|怎|如何|什么|啥|多少|多久|几|哪|谁|要不要|能不能|可不可以|可以|是否|为何|咋|有没有"
    r"|\b(?:how|what|where|when|who|which|why|can|could|should|do|does|is|are|may|must)\b", re.IGNORECASE)
_LEAST = 4
"""Letters of Chinese, or twice as many others, below which a part says too little."""
_MOST = 3


def questions_in(text: str) -> list[str]:
    """The questions of a message that has two or three; none where it has one, or where parts are not questions."""
    parts = [part.strip() for piece in _SPLIT.split(text) for part in _beside(piece)]
    asked = [part for part in parts if _ASKS.search(part) and _says_enough(part)]
    return asked if 2 <= len(asked) <= _MOST else []


def _beside(piece: str) -> list[str]:
    """The piece in two where both sides of a space ask something, else as it is."""
    sides = _BESIDE.split(piece)
    return sides if len(sides) > 1 and all(_ASKS.search(side) for side in sides) else [piece]


def _says_enough(part: str) -> bool:
    return len(part) >= (_LEAST if not part.isascii() else 2 * _LEAST)
