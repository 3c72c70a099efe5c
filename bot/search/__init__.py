"""The matcher behind the FAQ: which entry answers a question, and when to be silent.

A question is made comparable (one script, one case, a bounded length). Fixed rules look for emergencies, doses and
patients' details first. Then two views are blended: the letters it shares with each entry, and a softmax regression over
the vectors of two small multilingual models, with a class for questions that no entry answers. What is shown at once is
decided by limits that were computed from labelled questions.
"""

from __future__ import annotations

import ctypes
import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from bot.search._corpus import BankLine, Corpus, Decision, Document, Hit, Kind, Match, Safety
from bot.search._embedding import Encoder, Store, load_models, read_store
from bot.search._judgement import read_judgement
from bot.search._knowledge import LANGUAGES, examples, fingerprint, learn, let_go, lexical_side, semantic_side
from bot.search._likeness import Candidate, Scored, similar
from bot.search._matcher import Matcher
from bot.search._rules import read_rules
from bot.search._text import findable, language_of, readable, to_simplified
from bot.settings import shipped

__all__ = ["LIMITS", "RULES", "VECTORS", "BankLine", "Candidate", "Corpus", "Decision", "Document", "Hit", "Kind", "Match",
           "Matcher", "Safety", "Scored", "build", "findable", "language_of", "readable", "similar", "to_simplified"]

VECTORS, LIMITS, RULES = "matching/vectors.npz", "matching/limits.json", "matching/rules.yaml"
"""Files of a content folder: vectors and trained heads, computed limits, rules."""

log = logging.getLogger(__name__)
_models: list[Encoder | None] = []


def build(corpus: Corpus, *, cache: Path | None = None, semantic: bool = True,
          folders: Sequence[Path] | None = None) -> Matcher:
    """A matcher for this corpus; quick when the vectors are in `cache` or in the content `folders` (default: shipped).

    New vectors are written to the file `cache`. Without the models, or with `semantic` off, it works by letters alone.
    """
    where = list(folders) if folders else [shipped("data")]
    rules, judgement = read_rules(_last(where, RULES)), read_judgement(_last(where, LIMITS))
    encoder = _encoder() if semantic and corpus.documents else None
    if encoder is None:
        sides = {lang: lexical_side(corpus, lang) for lang in LANGUAGES}
        let_go()
        return Matcher(corpus, sides, rules, judgement, None, None)
    store = _store(where, cache, fingerprint(corpus))
    learn(corpus, store, encoder)
    if cache is not None and store.changed:
        _keep(store, cache, corpus)
    sides = {lang: semantic_side(corpus, lang, store) for lang in LANGUAGES}
    store.rows.clear()
    let_go()
    _give_back()
    return Matcher(corpus, sides, rules, judgement, encoder, store.space)


def _encoder() -> Encoder | None:
    """The models, loaded once in a process, so that the reason why they are missing is said once."""
    if not _models:
        _models.append(load_models())
    return _models[0]


def _last(folders: Sequence[Path], name: str) -> Path:
    """The file in the last folder that has it."""
    return next((folder / name for folder in reversed(folders) if (folder / name).exists()), folders[0] / name)


def _store(folders: Sequence[Path], cache: Path | None, current: str) -> Store:
    """What was made before: the shipped vectors, and the cache's where they were made in the same space."""
    made = read_store(_last(folders, VECTORS), current)
    own = read_store(cache) if cache is not None and made.fingerprint != current else Store()
    return own if made.space is None else made.joined(own) if made.fits(own) else made


def _give_back() -> None:
    """Return to the system what building took: glibc would keep some 50 MB of it in its heap."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library has no such function
            ctypes.CDLL(None).malloc_trim(0)


def _keep(store: Store, cache: Path, corpus: Corpus) -> None:
    try:
        store.save(cache, [(example.text, example.lang) for example in examples(corpus)])
    except OSError as error:
        log.warning("The vectors cannot be kept in %s (%s); the next start takes longer.", cache, error.strerror)
