"""One question in, one decision out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.search._corpus import Corpus, Decision, Document, Hit, Match, Safety
from bot.search._embedding import Encoder, Space
from bot.search._grouping import NEAR, by_letters, grouped
from bot.search._judgement import Evidence, Judgement, Limits, weigh
from bot.search._knowledge import Side
from bot.search._likeness import Candidate, Scored, similar
from bot.search._parts import questions_in
from bot.search._rules import Rules, Verdict
from bot.search._text import comparable, language_of, readable, to_simplified

Floats = NDArray[np.float32]

_HITS = 5
_EMERGENCY = "emergency-"
_CALMED = 0.6
"""How much of an alarm a sure ordinary answer takes away."""
_VETO = 0.5
"""How sure urgency has to be when the message speaks of training, forms or plans."""
_UNNAMED = 0.7
"""How sure it has to be that a dose is asked about when no medicine, value or unit is named that the rules know."""
_APART = ("programme", "helper-role", "shopping", "about-medicines")
"""Lists that speak for another question than one for a dose."""
_SIGNS = ("out-cold", "low-sign", "high-sign", "heart-or-stroke", "suicide", "hypo", "ketones", "fruity")
"""Lists that speak for danger where a rule found a dose or a patient's details."""
_POINTS: Mapping[Safety, tuple[str, ...]] = {
    "emergency-low-glucose": ("low-reading", "hypo", "meter-lo", "by-mistake", "not-eaten", "out-cold"),
    "emergency-high-glucose": ("high-reading", "high-words", "meter-hi", "ketones", "fruity", "heart-or-stroke"),
    "emergency-suicide": ("suicide",)}
"""Lists that point to one emergency rather than another."""
_POINTED = 8.0
"""What such a list counts against likeness."""

_WEIGHT = re.compile(r"\d\s*(?:(?:mg|mcg|µg|μg)\b(?!\s*/\s*dl)|毫克|微克)", re.IGNORECASE)
_AMOUNT = re.compile(
    r"\d\s*(?:units?|iu|u|tablets?|pills?|capsules?)\b|[\d一二两三四五六八十半]\s*(?:个?单位|個?單位|片|粒)", re.IGNORECASE)
"""Numbers with a unit in which medicines are given: a weight always counts, an amount beside the name of a medicine."""


@dataclass(frozen=True)
class Reading:
    """A question as it is judged: its evidence, and how likely it is urgent, a dose or a patient's details."""

    evidence: Evidence
    intents: Mapping[str, float]
    features: Floats


class Matcher:
    """Finds the entry for a question, or knows that it does not. Safe to use from several threads."""

    def __init__(self, corpus: Corpus, sides: Mapping[str, Side], rules: Rules, judgement: Judgement,
                 encoder: Encoder | None, space: Space | None) -> None:
        self.engine = "lexical" if encoder is None else "hybrid"
        self._sides, self._rules, self._judgement = sides, rules, judgement
        self._encoder, self._space = encoder, space
        self._safety = {document.safety: document.id for document in corpus.documents if document.safety}
        self._emergencies = {entry for safety, entry in self._safety.items() if safety.startswith(_EMERGENCY)}
        self._exact = _exact(corpus.documents)
        self._columns = {lang: _Columns(side) for lang, side in sides.items()}

    def match(self, text: str, lang: str | None = None) -> Match:
        """What to do with this text; `lang` is the member's language, for texts that show none."""
        language = language_of(text, lang or "en")
        clean = comparable(text)
        if not clean:
            return Match("expert", (), language)
        exact = self._exact.get(clean)
        ruled = self._rules.verdict(text) if exact is None else None
        if ruled is not None and (ruled.decision == "urgent" or not self._sides["en"].entries):
            return self._safe(ruled, language)
        if not self._sides["en"].entries:
            return Match("expert", (), language)
        side = "en" if language == "en" else "zh_Hans"
        reading = self.read(clean, side)
        limits = self._judgement.of(self.engine, side)
        if exact is not None:
            return self._certain(exact, reading, side, language)
        verdict = self._danger(text, reading, side, limits, ruled) or ruled or self._care(text, reading, limits)
        if verdict is not None:
            return self._safe(verdict, language)
        return self._parted(text, self._topical(reading, side, limits, language), side)

    def _parted(self, text: str, whole: Match, side: str) -> Match:
        """Two questions in one message: what answers each of them surely comes first, what may be meant before the rest."""
        parts = questions_in(to_simplified(readable(text))) if whole.decision != "urgent" else []
        limits = self._judgement.of(self.engine, side)
        found = [hit for part in parts if (hit := self._best(comparable(part), side, limits)) is not None]
        sure = _once([hit for hit in found if hit.score >= limits.answer])
        if whole.decision == "answer" or len(sure) > 1:
            first = whole.hits[:1] if whole.decision == "answer" else ()
            return Match("answer", _once([*first, *sure, *whole.hits])[:_HITS], whole.lang)
        decision = "suggest" if found else whole.decision
        likeliest = sorted([*found, *whole.hits], key=lambda hit: -hit.score)
        return Match(decision, _once(likeliest)[:_HITS], whole.lang)

    def _best(self, clean: str, side: str, limits: Limits) -> Hit | None:
        """The entry that a part of a message asks for, if any may be meant; dangers are told from the whole."""
        reading = self.read(clean, side)
        sureness = limits.sureness(reading.features)
        best = self._sides[side].entries[int(np.argmax(reading.evidence.share))]
        return Hit(best, sureness) if sureness >= limits.suggest and best not in self._safety.values() else None

    def vectors(self, lines: Sequence[tuple[str, str]]) -> Floats:
        """A row for each (text, language), for comparing questions with each other; some 20 ms each with the models."""
        clean = [comparable(text) for text, _lang in lines]
        if self._encoder is None or self._space is None:
            return by_letters(clean)
        project, raw = self._space.project, self._encoder.raw
        rows = [project(raw([text]), "en" if lang == "en" else "zh_Hans")[0]
                for text, (_, lang) in zip(clean, lines, strict=True)]
        return np.stack(rows) if rows else np.zeros((0, 0), np.float32)

    def alike(self, lines: Sequence[tuple[str, str]]) -> list[list[int]]:
        """Numbers of the (text, language) lines in groups that ask much the same, largest first."""
        return grouped(self.vectors(lines), NEAR[self.engine])

    def similar(self, text: str, candidates: Sequence[Candidate], limit: int = 5) -> list[Scored]:
        """The candidates that are like the text, best first; candidates come newest first."""
        return similar(text, candidates, limit, self._encoder, self._space)

    def entries(self, side: str) -> tuple[str, ...]:
        """The entries in the order of the evidence for one language (en or zh_Hans)."""
        return self._sides[side].entries

    def ruled(self, text: str) -> Verdict | None:
        """What a fixed rule says of the text."""
        return self._rules.verdict(text)

    def dangerous(self, text: str) -> bool:
        """Whether the text names an amount of a medicine, or a rule takes it for a dose or an emergency."""
        if _WEIGHT.search(text) or (_AMOUNT.search(text) and self._rules.mentions("drug", text)):
            return True
        verdict = self._rules.verdict(text)
        return verdict is not None and verdict.safety != "patient-data"

    def medical(self, text: str) -> bool:
        """Whether the text names a medicine, a laboratory value or glucose: without one, nobody asks for a dose."""
        return any(self._rules.mentions(name, text) for name in ("drug", "lab-value", "glucose", "units"))

    def read(self, clean: str, side: str) -> Reading:
        """The evidence for a comparable text in one language (en or zh_Hans)."""
        knowledge = self._sides[side]
        letters = knowledge.lexical.scores(clean)
        if knowledge.foreign:
            letters = _lent(letters, knowledge)
        if self._encoder is None or self._space is None:
            evidence = weigh(letters, None)
            return Reading(evidence, {}, evidence.features(len(clean)))
        vector = self._space.project(self._encoder.raw([clean]), side)[0]
        evidence = weigh(letters, self._head(vector, side))
        intents = knowledge.intents.probabilities(vector, clean) if knowledge.intents else {}
        return Reading(evidence, intents, evidence.features(len(clean)))

    def _head(self, vector: Floats, side: str) -> Floats:
        """Probabilities in the order of the side's entries, none at the end.

        An entry that is not written in this language is judged by the other language's head: trained together, an
        entry without a single Chinese line would lose against every entry that has some.
        """
        knowledge = self._sides[side]
        found = self._columns[side].of(vector)
        if knowledge.foreign:
            lent = np.isin(knowledge.entries, knowledge.foreign)
            found[:-1][lent] = self._columns["zh_Hans" if side == "en" else "en"].of(vector)[:-1][lent]
        return np.asarray(found / max(float(found.sum()), 1e-9), np.float32)

    def alarm(self, reading: Reading, side: str, limits: Limits) -> float:
        """How likely somebody is in danger now, the less so the surer an ordinary entry answers the question."""
        danger = sum(likely for name, likely in reading.intents.items() if name.startswith(_EMERGENCY))
        best = self._sides[side].entries[int(np.argmax(reading.evidence.share))]
        calm = 0.0 if best in self._safety.values() else limits.sureness(reading.features)
        return danger * (1 - _CALMED * calm)

    def _danger(
        self, text: str, reading: Reading, side: str, limits: Limits, ruled: Verdict | None
    ) -> Verdict | None:
        """What the learnt intents say of danger; it goes before a rule about doses: pills on a table may mean either."""
        needed = max(limits.urgent, _VETO) if self._calm(text, ruled) else limits.urgent
        if self.alarm(reading, side, limits) < needed or self._rules.only_when(text):
            return None
        return Verdict("urgent", self._which(text, reading.intents))

    def _calm(self, text: str, ruled: Verdict | None) -> bool:
        """Whether the words speak of training and plans, in figures, or of a dose or a patient without a sign of danger."""
        if self._rules.mentions("programme", text) or self._rules.figurative(text):
            return True
        return ruled is not None and not any(self._rules.mentions(name, text) for name in _SIGNS)

    def _which(self, text: str, intents: Mapping[str, float]) -> Safety:
        """The likeliest emergency; values and words that point to one count more than likeness."""
        def likely(safety: Safety) -> float:
            pointed = any(self._rules.mentions(name, text) for name in _POINTS[safety])
            return intents.get(safety, 0.0) * (_POINTED if pointed else 1.0)
        return max(_POINTS, key=likely)

    def _care(self, text: str, reading: Reading, limits: Limits) -> Verdict | None:
        """What the learnt intents say of doses and patients' details, where no rule held."""
        apart = any(self._rules.mentions(name, text) for name in _APART)
        needed = max(limits.dose, _UNNAMED) if apart or not self.medical(text) else limits.dose
        if reading.intents.get("dose", 0) >= needed:
            return Verdict("answer", "dose")
        if reading.intents.get("patient-data", 0) >= limits.patient_data:
            return Verdict("answer", "patient-data")
        return None

    def _safe(self, verdict: Verdict, language: str) -> Match:
        entry = self._safety.get(verdict.safety)
        return Match(verdict.decision, (Hit(entry, 1.0),) if entry else (), language)

    def _certain(self, entry: str, reading: Reading, side: str, language: str) -> Match:
        """Somebody wrote, or tapped, exactly one of the entry's own questions."""
        others = [hit for hit in self._hits(reading.evidence.share, 0.5, side) if hit.id != entry]
        decision: Decision = "urgent" if entry in self._emergencies else "answer"
        return Match(decision, (Hit(entry, 1.0), *others[:_HITS - 1]), language)

    def _topical(self, reading: Reading, side: str, limits: Limits, language: str) -> Match:
        sureness = limits.sureness(reading.features)
        hits = self._hits(reading.evidence.share, sureness, side)
        if sureness >= limits.answer:
            return Match("urgent" if hits[0].id in self._emergencies else "answer", hits, language)
        return Match("suggest" if sureness >= limits.suggest else "expert", hits, language)

    def _hits(self, share: Floats, sureness: float, side: str) -> tuple[Hit, ...]:
        order = np.argsort(-share)[:_HITS]
        best = float(share[order[0]])
        return tuple(Hit(self._sides[side].entries[place], sureness * float(share[place]) / best) for place in order)


def _once(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Each entry where it comes first, none surer than what stands before it."""
    found: dict[str, Hit] = {}
    least = 1.0
    for hit in hits:
        if hit.id not in found:
            least = min(least, hit.score)
            found[hit.id] = Hit(hit.id, least)
    return tuple(found.values())


class _Columns:
    """A head whose probabilities come in the order of the entries, none at the end; 0 for what it never learnt."""

    def __init__(self, side: Side) -> None:
        self._head = side.topics
        number = {name: place for place, name in enumerate(side.topics.classes)} if side.topics else {}
        self._places = np.array([number.get(entry, -1) for entry in (*side.entries, "")])

    def of(self, vector: Floats) -> Floats:
        """The probabilities for a vector."""
        if self._head is None:
            return np.zeros(len(self._places), np.float32)
        likely = self._head.probabilities(vector)
        return np.where(self._places >= 0, likely[self._places], 0).astype(np.float32)


def _lent(letters: Floats, side: Side) -> Floats:
    """Entries without a line in this language get half of the best likeness: no letters speak for or against them."""
    lent = letters.copy()
    lent[:-1][np.isin(side.entries, side.foreign)] = letters[:-1].max() / 2
    return lent


def _exact(documents: tuple[Document, ...]) -> dict[str, str]:
    """Entries by their own questions and variants; what two entries share belongs to none."""
    owner: dict[str, set[str]] = {}
    for document in documents:
        for text in (document.question, *document.variants):
            owner.setdefault(comparable(text), set()).add(document.id)
    return {text: next(iter(ids)) for text, ids in owner.items() if len(ids) == 1 and text}
