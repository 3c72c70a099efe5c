"""Questions made comparable: one script, one case, a bounded length; and the language they are in."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from opencc import OpenCC

from bot.search._spelling import mended

_RAW_LIMIT = 1200
"""Characters looked at, half from each end."""
_WEIGHT_LIMIT = 320
"""Length that is embedded, with a Latin letter as 1 and anything else as 4: about the tokens that fit the time limit."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+")
_SPACE = re.compile(r"\s+")
_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def to_simplified(text: str) -> str:
    """Traditional characters as Simplified ones, for comparing; other text as it is."""
    simplified = str(_converter().convert(text)).replace("著", "着")  # 活著: OpenCC leaves it, since 著作 keeps it
    return simplified.replace("同侪", "同伴")  # what Taiwan calls peers


def readable(text: str) -> str:
    """The text without lone surrogates and control characters, in NFKC, a long one by its two ends."""
    text = _ends(text).encode("utf-8", "ignore").decode("utf-8")
    text = _ends(unicodedata.normalize("NFKC", text))  # one character may have become eighteen
    return _SPACE.sub(" ", _CONTROL.sub(" ", text)).strip()


def _ends(text: str) -> str:
    half = _RAW_LIMIT // 2
    return text if len(text) <= _RAW_LIMIT else f"{text[:half]} {text[-half:]}"


def comparable(text: str) -> str:
    """What is matched: readable, Simplified, lower case, without punctuation at its ends, cut to what can be embedded."""
    return _shortened(_bare(mended(to_simplified(readable(text)).lower())))


def findable(text: str) -> str:
    """The whole text in one script, case and width, for looking words up in it."""
    clean = text.encode("utf-8", "ignore").decode("utf-8")
    return _SPACE.sub(" ", to_simplified(unicodedata.normalize("NFKC", clean)).casefold()).strip()


def _bare(text: str) -> str:
    """Without the punctuation, symbols and spaces at both ends: they must not change which entry is found."""
    start, end = 0, len(text)
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return text[start:end]


def _weight(character: str) -> int:
    return 1 if character.isascii() else 4


def _shortened(text: str) -> str:
    """The first two thirds and the last third of what fits: long messages ask their question at the end."""
    if len(text) * 4 <= _WEIGHT_LIMIT or sum(map(_weight, text)) <= _WEIGHT_LIMIT:
        return text
    return _filled(text, _WEIGHT_LIMIT * 2 // 3) + " " + _filled(text[::-1], _WEIGHT_LIMIT // 3)[::-1]


def _filled(text: str, room: int) -> str:
    for position, character in enumerate(text):
        room -= _weight(character)
        if room < 0:
            return text[:position]
    return text


def language_of(text: str, default: str = "en") -> str:
    """en, zh_Hans or zh_Hant, whichever the text is written in; `default` where it shows none (emoji, digits)."""
    text = mended(readable(text))
    chinese = _CJK.findall(text)
    words = len(_LATIN_WORD.findall(text))
    if not chinese:
        return "en" if words else default
    if len(chinese) < words:
        return "en"
    return _script("".join(chinese), default)


def _script(chinese: str, default: str) -> str:
    """Which characters only one of the two scripts has; where there are none, `default` if it is Chinese."""
    traditional = sum(_has(character, "big5") and not _has(character, "gb2312") for character in chinese)
    simplified = sum(_has(character, "gb2312") and not _has(character, "big5") for character in chinese)
    if traditional == simplified:
        return default if default.startswith("zh") else "zh_Hans"
    return "zh_Hant" if traditional > simplified else "zh_Hans"


def _has(character: str, encoding: str) -> bool:
    """Whether the old national standard has the character: Big5 is Traditional, GB 2312 Simplified."""
    try:
        return bool(character.encode(encoding))
    except UnicodeEncodeError:
        return False
