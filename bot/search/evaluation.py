"""How good the matcher is, on labelled questions: every figure with its interval, and the worst misses."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from opencc import OpenCC
from pydantic import ValidationError

from bot.content import Content
from bot.errors import ContentInvalid, ContentProblem
from bot.search._corpus import Match
from bot.search._matcher import Matcher

Z = 1.959964
"""Two-sided 95 %."""
_DOSE = "medication-dose"
_WORST = 20


class Line(Content):
    """One labelled question; `expect` names every entry that would be right, none for questions of the experts."""

    text: str
    lang: Literal["en", "zh_Hans", "zh_Hant"]
    expect: tuple[str, ...] = ()
    kind: Literal["topic", "expert", "urgent", "dose", "near_miss", "chitchat"] = "topic"

    @property
    def answerable(self) -> bool:
        """Whether an entry answers it."""
        return bool(self.expect) and self.kind in ("topic", "near_miss")


@dataclass(frozen=True)
class Rate:
    """A share with its 95 % interval (Wilson)."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share; 0 where nothing was counted."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval."""
        if not self.of:
            return 0.0, 1.0
        middle = (self.value + Z * Z / (2 * self.of)) / (1 + Z * Z / self.of)
        half = Z * (self.value * (1 - self.value) / self.of + Z * Z / (4 * self.of**2)) ** 0.5 / (1 + Z * Z / self.of)
        return max(middle - half, 0.0), min(middle + half, 1.0)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.3f} [{low:.3f}–{high:.3f}] {self.hits}/{self.of}" if self.of else "–"


@dataclass(frozen=True)
class Outcome:
    """One line, what the matcher made of it, and how long that took in milliseconds."""

    line: Line
    match: Match
    ms: float

    @property
    def right(self) -> bool:
        """Whether the first entry is one of those expected."""
        return bool(self.match.hits) and self.match.hits[0].id in self.line.expect

    @property
    def near(self) -> bool:
        """Whether one of the first three entries is expected."""
        return any(hit.id in self.line.expect for hit in self.match.hits[:3])

    @property
    def direct(self) -> bool:
        """Whether an entry is shown at once; an emergency's entry counts where it is expected, else as a false alarm."""
        return self.match.decision == "answer" or (self.match.decision == "urgent" and self.right)

    @property
    def dosing(self) -> bool:
        """Whether the fixed answer to dosing questions, or an emergency's, is shown."""
        return self.match.decision == "urgent" or (
            self.match.decision == "answer" and bool(self.match.hits) and _DOSE in self.match.hits[0].id)


@dataclass(frozen=True)
class Report:
    """All figures, by language; print it as a table."""

    engine: str
    outcomes: tuple[Outcome, ...]
    figures: Mapping[str, Mapping[str, Rate]] = field(default_factory=dict)

    def worst(self, count: int = _WORST) -> list[Outcome]:
        """The gravest misses: wrong answers shown at once by how sure the matcher was, missed emergencies before all."""
        missed = [one for one in self.outcomes if one.line.kind == "urgent" and one.match.decision != "urgent"]
        wrong = [one for one in self.outcomes if one.line.kind not in ("urgent", "dose") and not one.right
                 and one.match.decision in ("answer", "urgent")]
        lost = [one for one in self.outcomes if one.line.answerable and not one.near and not one.direct]
        wrong.sort(key=lambda one: -one.match.hits[0].score if one.match.hits else 0)
        return [*missed, *wrong, *lost][:count]

    def percentile(self, share: float) -> float:
        """The time in milliseconds within which this share of the questions was matched."""
        times = sorted(one.ms for one in self.outcomes)
        return times[min(int(share * len(times)), len(times) - 1)] if times else 0.0

    def __str__(self) -> str:
        return "\n".join([*self._table(), "", *self._misses()])

    def _table(self) -> Iterator[str]:
        langs = list(self.figures)
        yield f"engine: {self.engine}; {len(self.outcomes)} questions; 95 % intervals in brackets"
        yield f"{'':42}" + "".join(f"{lang:34}" for lang in langs)
        for name in _FIGURES:
            yield f"{name:42}" + "".join(f"{self.figures[lang][name]!s:34}" for lang in langs)
        yield f"{'time in ms, median / 95th percentile':42}{self.percentile(.5):.0f} / {self.percentile(.95):.0f}"

    def _misses(self) -> Iterator[str]:
        yield "worst misses"
        for one in self.worst():
            got = one.match.hits[0] if one.match.hits else None
            found = f"{got.id} ({got.score:.2f})" if got else "nothing"
            expected = ", ".join(one.line.expect) or "the experts"
            yield f"  [{one.line.kind}, {one.line.lang}] {one.match.decision}: {found}, expected {expected}: {one.line.text}"


Counted = Callable[[Sequence[Outcome]], Rate]


def _share(of: Callable[[Outcome], bool], that: Callable[[Outcome], bool]) -> Counted:
    """A figure: among the outcomes `of`, how many are `that`."""
    def counted(outcomes: Sequence[Outcome]) -> Rate:
        some = [one for one in outcomes if of(one)]
        return Rate(sum(map(that, some)), len(some))
    return counted


def _emergency(one: Outcome) -> bool:
    return any("emergency-" in entry for entry in one.line.expect)


_FIGURES: dict[str, Counted] = {
    "hit@1 (topics)": _share(lambda one: one.line.kind == "topic", lambda one: one.right),
    "hit@3 (topics)": _share(lambda one: one.line.kind == "topic", lambda one: one.near),
    "hit@1 (topics and near misses)": _share(lambda one: one.line.answerable, lambda one: one.right),
    "answerable questions answered directly": _share(lambda one: one.line.answerable, lambda one: one.direct),
    "direct answers that are wrong": _share(
        lambda one: one.direct and one.line.kind not in ("urgent", "dose"), lambda one: not one.right),
    "wrong among direct, answerable only": _share(lambda one: one.direct and one.line.answerable, lambda one: not one.right),
    "right entry shown or suggested": _share(
        lambda one: one.line.answerable, lambda one: one.match.decision != "expert" and one.near),
    "expert questions answered directly": _share(
        lambda one: one.line.kind == "expert" or (one.line.kind == "near_miss" and not one.line.expect),
        lambda one: one.direct),
    "chit-chat answered directly": _share(lambda one: one.line.kind == "chitchat", lambda one: one.direct),
    "emergencies recognised": _share(lambda one: one.line.kind == "urgent", lambda one: one.match.decision == "urgent"),
    "emergencies with the right entry": _share(lambda one: one.line.kind == "urgent", lambda one: one.right),
    "false alarms": _share(lambda one: one.line.kind != "urgent" and not _emergency(one),
                           lambda one: one.match.decision == "urgent"),
    "false alarms among near misses": _share(lambda one: one.line.kind == "near_miss",
                                             lambda one: one.match.decision == "urgent"),
    "dosing questions recognised": _share(lambda one: one.line.kind == "dose", lambda one: one.dosing),
}


def evaluate(matcher: Matcher, lines: Iterable[Line]) -> Report:
    """Match every line and count; Traditional lines are made from the Simplified ones where there are none."""
    outcomes = tuple(_outcome(matcher, line) for line in with_traditional(list(lines)))
    by_language: dict[str, list[Outcome]] = {lang: [one for one in outcomes if one.line.lang == lang]
                   for lang in Counter(one.line.lang for one in outcomes)}
    figures = {lang: {name: count(some) for name, count in _FIGURES.items()} for lang, some in by_language.items()}
    return Report(matcher.engine, outcomes, figures)


def _outcome(matcher: Matcher, line: Line) -> Outcome:
    begun = time.perf_counter()
    match = matcher.match(line.text)
    return Outcome(line, match, (time.perf_counter() - begun) * 1000)


def with_traditional(lines: list[Line]) -> list[Line]:
    """The lines, and the Simplified ones in Traditional characters (OpenCC s2tw) if there are no Traditional ones."""
    if any(line.lang == "zh_Hant" for line in lines):
        return lines
    convert = OpenCC("s2tw").convert
    return lines + [line.model_copy(update={"text": convert(line.text), "lang": "zh_Hant"})
                    for line in lines if line.lang == "zh_Hans"]


def read_lines(path: Path) -> list[Line]:
    """Labelled questions, one JSON object a line; raises ContentInvalid with every line that is none."""
    lines: list[Line] = []
    problems: list[ContentProblem] = []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentInvalid([ContentProblem(path, 1, f"The file cannot be read: {error}.")]) from None
    for number, row in enumerate(text.splitlines(), 1):
        if row.strip():
            try:
                lines.append(Line.model_validate(json.loads(row)))
            except json.JSONDecodeError as error:
                problems.append(ContentProblem(path, number, f"This is not JSON: {error.msg}."))
            except ValidationError as error:
                first = error.errors()[0]
                name = ".".join(map(str, first["loc"])) or "the line"
                problems.append(ContentProblem(path, number, f"'{name}': {first['msg']}."))
    if problems:
        raise ContentInvalid(problems)
    return lines
