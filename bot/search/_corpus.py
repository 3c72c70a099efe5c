"""What the matcher is built from and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Decision = Literal["answer", "suggest", "expert", "urgent"]
"""Shown at once; "did you mean"; nothing fits, offer the experts; safety first."""
Safety = Literal["emergency-low-glucose", "emergency-high-glucose", "emergency-suicide", "dose", "patient-data"]
Kind = Literal["expert", "chitchat", "urgent", "dose", "patient_data", "near_miss", "topic"]


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry and how sure the matcher is of it, from 0 to 1."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """What to do with a question: hits are best first, at most five; `lang` is the language of the question."""

    decision: Decision
    hits: tuple[Hit, ...]
    lang: str


@dataclass(frozen=True)
class Document:
    """One entry in one language (en or zh_Hans), as it is searched."""

    id: str
    lang: str
    question: str
    variants: tuple[str, ...]
    answer: str
    safety: Safety | None = None


@dataclass(frozen=True, slots=True)
class BankLine:
    """A message to learn from: of the kind `topic` it asks for that entry; of the others it must not simply get an answer."""

    text: str
    lang: str
    kind: Kind
    topic: str | None = None


@dataclass(frozen=True)
class Corpus:
    """Everything the matcher learns from."""

    documents: tuple[Document, ...]
    bank: tuple[BankLine, ...] = ()
