"""Traditional Chinese out of Simplified Chinese, in the words of this field.

OpenCC converts the characters, `data/traditional.yaml` the words. OpenCC has words of Taiwan too (s2twp), but they are
those of computing: peer support would turn into technical assistance, a community health centre into a social network.
"""

from __future__ import annotations

import ctypes
import json
import re
import sys
import tempfile
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import opencc
from opencc import OpenCC
from pydantic import field_validator

from bot import content
from bot.content import Content
from bot.settings import shipped

_DICTIONARIES = ("STPhrases", "STCharacters", "TWVariantsPhrases", "TWVariants")
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_MARKUP = re.compile(r"[<>{}&]")
_UNTOUCHED = r"<[^<>]*>|\{[^{}]*\}|https?://[!-~]*(?:(?<=[/=?#])[\u3400-\u9fff]+[!-~]*)*|\x00"
"""Tags, placeholders and links, with whatever Chinese is inside them; and NUL, where OpenCC would stop reading."""

_QUOTES = str.maketrans("“”", "「」")
_INNER_QUOTES = re.compile(r"(?<![A-Za-z])‘([^‘’]*)’(?![A-Za-z])")  # an apostrophe is none


class Glossary(Content):
    """The file data/traditional.yaml: Simplified words or phrases and how they are said in Traditional Chinese."""

    words: dict[str, str]

    @field_validator("words")
    @classmethod
    def _are_words(cls, words: dict[str, str]) -> dict[str, str]:
        for simplified, traditional in words.items():
            if not _CHINESE.search(simplified) or not traditional:
                raise ValueError(f"'{simplified}: {traditional}' needs Chinese on the left and something on the right.")
            if _MARKUP.search(simplified + traditional):
                raise ValueError(f"'{simplified}: {traditional}' must not contain any of < > {{ }} &.")
        return words


@dataclass(frozen=True)
class _Wording:
    """The glossary ready for use; `pattern` finds its phrases, the longest first, and what must stay as it is."""

    words: dict[str, str]
    pattern: re.Pattern[str]


def load() -> Glossary:
    """The glossary as it was shipped; raises ContentInvalid with file and line of every mistake."""
    return content.load(Glossary, shipped("data") / "traditional.yaml").content


@cache
def _wording() -> _Wording:
    words = load().words
    phrases = sorted(words, key=len, reverse=True)
    return _Wording(words, re.compile("(" + "|".join([_UNTOUCHED, *map(re.escape, phrases)]) + ")"))


@cache
def _converter() -> OpenCC:
    """OpenCC's s2tw without its unions of dictionaries, which it would unpack in memory: 16 MB less for the same words."""
    share = Path(opencc.__file__).parent / "clib" / "share" / "opencc"
    phrases, *rest = ({"type": "ocd2", "file": str(share / f"{name}.ocd2")} for name in _DICTIONARIES)
    characters, taiwan_phrases, taiwan = rest
    chain = [[phrases, characters], [taiwan_phrases, taiwan]]
    groups = [{"dict": {"type": "group", "match_policy": "short_circuit", "dicts": dicts}} for dicts in chain]
    settings = {"name": "s2tw", "segmentation": {"type": "mmseg", "dict": phrases}, "conversion_chain": groups}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "s2tw.json"
        file.write_text(json.dumps(settings), encoding="utf-8")
        return OpenCC(str(file))


@cache
def _own_characters() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that only Traditional texts have, and those that only Simplified ones have.

    The character sets of Taiwan (Big5) and of mainland China (GB 2312) tell them apart; 里 or 后 belong to both. Four
    are in GB 2312 only for names, and would pass for Simplified.
    """
    every = "".join(map(chr, range(0x4E00, 0xA000)))
    taiwan, mainland = (frozenset(every.encode(codec, "ignore").decode(codec)) for codec in ("big5", "gb2312"))
    return taiwan - mainland | set("夥後徵於"), mainland - taiwan


def _is_traditional(text: str) -> bool:
    traditional, simplified = _own_characters()
    return simplified.isdisjoint(text) and not traditional.isdisjoint(text)


def _quoted(text: str) -> str:
    return _INNER_QUOTES.sub(r"『\1』", text.translate(_QUOTES))


def release() -> None:
    """Give the memory of OpenCC's dictionaries (25 MB) back; they are read again, in 0.1 s, when next needed."""
    _converter.cache_clear()
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        trim(0)  # glibc keeps what was freed for itself otherwise


@lru_cache(maxsize=2048)
def to_traditional(text: str) -> str:
    """Simplified Chinese in Traditional characters and words; what is Traditional or not Chinese comes back as it is.

    HTML tags, {placeholders} and links stay untouched. Raises ContentInvalid for a broken glossary file.
    """
    if not _CHINESE.search(text) or _is_traditional(text):
        return text
    wording = _wording()
    pieces = wording.pattern.split(text)  # between phrases, phrase, between phrases, …
    pieces[::2] = [str(_converter().convert(piece)) if piece else "" for piece in pieces[::2]]
    pieces[1::2] = [wording.words.get(piece, piece) for piece in pieces[1::2]]
    return _quoted("".join(pieces))
