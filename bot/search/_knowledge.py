"""A corpus made ready for matching: lexical index, trained heads, and vectors from the store or newly made."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.search._corpus import BankLine, Corpus, Document
from bot.search._embedding import Encoder, Space, Store, fit_space
from bot.search._head import Head, train
from bot.search._intents import Intents, Known, learn_intents
from bot.search._lexical import ANSWER_WEIGHT, Lexical, Line
from bot.search._text import comparable as compared

Floats = NDArray[np.float32]
LANGUAGES = ("en", "zh_Hans")

NONE = ""
"""The class of questions that no entry answers, in a head and in the lexical index."""
ORDINARY = ""
_OTHER_LANGUAGE = 0.2
"""What an entry's other language counts when it is written in both."""
_URGENCY = 3.0
"""What an urgent message counts against an ordinary one when urgency is learnt: a missed one is worse."""
_FROM_ENTRIES = 0.7
"""What an entry's question counts against a message of the bank when urgency is learnt."""
_NEAR = 2.0
"""The same for near misses and chit-chat, which are most easily taken for cries for help."""
_REJECTED = ("expert", "chitchat")
_ABOUT_AN_ENTRY = ("near_miss", "topic")


@dataclass(frozen=True)
class Example:
    """A comparable text with its label and weight, for training."""

    text: str
    lang: str
    label: str
    weight: float


@dataclass(frozen=True)
class Side:
    """Everything for questions in one language: `entries` are numbered alike in scores and in the lexical index."""

    entries: tuple[str, ...]
    lexical: Lexical
    topics: Head | None
    foreign: tuple[str, ...]
    intents: Intents | None


@cache
def comparable(text: str) -> str:
    """The text as it is matched; kept while a matcher is built, which asks for every text several times."""
    return compared(text)


def let_go() -> None:
    """Give back what was kept for building."""
    comparable.cache_clear()


def fingerprint(corpus: Corpus) -> str:
    """A hash of everything that is learnt from."""
    return hashlib.blake2b(repr((corpus.documents, corpus.bank)).encode("utf-8", "replace"), digest_size=12).hexdigest()


def lexical_side(corpus: Corpus, lang: str) -> Side:
    """One language without models."""
    entries = tuple(dict.fromkeys(document.id for document in corpus.documents))
    number = {entry: index for index, entry in enumerate((*entries, NONE))}
    lines = [Line(example.text, number[example.label], example.weight) for example in _topics(corpus, lang)
             if example.lang == lang]
    return Side(entries, Lexical(lines, len(number), lang), None, _foreign(corpus.documents, lang), None)


def semantic_side(corpus: Corpus, lang: str, store: Store) -> Side:
    """One language with its trained heads; all vectors are in the store."""
    plain = lexical_side(corpus, lang)
    return Side(plain.entries, plain.lexical, store.heads.get(lang), plain.foreign,
                store.intents.get(lang))


def learn(corpus: Corpus, store: Store, encoder: Encoder) -> None:
    """Bring the store up to date with the corpus: vectors that are missing, then the heads, from where they were."""
    current = fingerprint(corpus)
    if store.fingerprint == current:
        return
    embed([(example.text, example.lang) for example in examples(corpus)], corpus, store, encoder)
    for lang in LANGUAGES:
        if topics := _topics(corpus, lang):
            store.heads[lang] = train(*_taught(topics, store), start=store.heads.get(lang))
        # an edited entry says nothing new about danger; `preparing` starts from nothing
        if lang not in store.intents and (intents := _intents(corpus, lang)):
            vectors = store.vectors([(example.text, example.lang) for example in intents])
            store.intents[lang] = learn_intents(
                vectors, [Known(one.text, one.label, one.weight, one.lang == lang) for one in intents]
            )
    store.fingerprint, store.changed = current, True


def _taught(wanted: Sequence[Example], store: Store) -> tuple[Floats, list[str], list[float]]:
    vectors = store.vectors([(example.text, example.lang) for example in wanted])
    return vectors, [example.label for example in wanted], [example.weight for example in wanted]


def embed(lines: Sequence[tuple[str, str]], corpus: Corpus, store: Store, encoder: Encoder) -> None:
    """Make the vectors that the store lacks; the first time, the space as well."""
    missing = store.missing(lines)
    by_language = {lang: [line for line in missing if line[1] == lang] for lang in LANGUAGES}
    raw = {lang: encoder.raw([text for text, _ in some]) for lang, some in by_language.items() if some}
    if store.space is None:
        store.space = _space(corpus, by_language, raw)
    for lang, rows in raw.items():
        store.add(by_language[lang], store.space.project(rows, lang))


def _space(corpus: Corpus, lines: dict[str, list[tuple[str, str]]], raw: dict[str, Floats]) -> Space:
    general = {comparable(line.text) for line in corpus.bank if line.kind in _REJECTED}
    ordinary: dict[str, Floats] = {}
    for lang in LANGUAGES:
        rows = raw.get(lang)
        chosen = [text in general for text, _ in lines[lang]]
        width = next(iter(raw.values())).shape[1]
        ordinary[lang] = np.zeros((1, width), np.float32) if rows is None or not any(chosen) else rows[chosen]
    return fit_space(ordinary, [(rows, lang) for lang, rows in raw.items()])


def examples(corpus: Corpus) -> list[Example]:
    """Everything that is learnt from, in either language."""
    return [example for lang in LANGUAGES for wanted in (_topics(corpus, lang), _intents(corpus, lang))
            for example in wanted]


def _topics(corpus: Corpus, lang: str) -> list[Example]:
    """What teaches a question's entry: variants, answers, and the bank's messages that belong to no entry."""
    own = {document.id for document in corpus.documents if document.lang == lang}
    found: list[Example] = []
    for document in corpus.documents:
        if document.lang == lang or document.id in own:
            weight = 1.0 if document.lang == lang else _OTHER_LANGUAGE
            found += [Example(text, document.lang, document.id, weight) for text in _questions(document)]
            found += [Example(comparable(line), document.lang, document.id, weight * ANSWER_WEIGHT)
                      for line in document.answer.splitlines()]
    for line in corpus.bank:
        weight = 1.0 if line.lang == lang else _OTHER_LANGUAGE
        if line.kind in _REJECTED or (line.kind == "near_miss" and line.topic is None):
            found.append(Example(comparable(line.text), line.lang, NONE, weight))
        elif line.kind in _ABOUT_AN_ENTRY and line.topic in own:
            found.append(Example(comparable(line.text), line.lang, str(line.topic), weight))
    return [example for example in found if example.text]


def _intents(corpus: Corpus, lang: str) -> list[Example]:
    """What teaches urgency: cries for help, doses and patients' details against everything ordinary."""
    safety = {document.id: document.safety for document in corpus.documents if document.safety}
    found: list[Example] = []
    for document in corpus.documents:
        if document.safety != "patient-data":  # "may I send a report?" is an ordinary question; sending one is not
            found += [_intent(text, document.lang, lang, document.safety or ORDINARY,
                              _FROM_ENTRIES) for text in _questions(document)]
    for line in corpus.bank:
        found.append(_intent(comparable(line.text), line.lang, lang, _label(line, safety),
                             _NEAR if line.kind in ("near_miss", "chitchat") else 1.0))
    return [example for example in found if example.text]


def _intent(text: str, lang: str, wanted: str, label: str, weight: float) -> Example:
    return Example(text, lang, label, weight * (1.0 if lang == wanted else 0.5) * (_URGENCY if label else 1.0))


def _label(line: BankLine, safety: Mapping[str, str]) -> str:
    if line.kind == "urgent":
        return safety.get(line.topic or "", ORDINARY)
    return {"dose": "dose", "patient_data": "patient-data"}.get(line.kind, ORDINARY)


def _questions(document: Document) -> list[str]:
    return [comparable(text) for text in (document.question, *document.variants)]


def _foreign(documents: Sequence[Document], lang: str) -> tuple[str, ...]:
    """Entries that are not written in this language."""
    own = {document.id for document in documents if document.lang == lang}
    return tuple(dict.fromkeys(document.id for document in documents if document.id not in own))
