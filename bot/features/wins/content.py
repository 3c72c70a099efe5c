"""The ladder of small wins, as organizers can edit it: stages, barriers, steps."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from pydantic import Field

from bot import content
from bot.content import Content, Loaded
from bot.errors import ContentInvalid, ContentProblem
from bot.i18n import Language, to_traditional


class Words(Content):
    """The same in English and Chinese; `zh_hant` only where Taiwan or Hong Kong say it differently."""

    en: str = Field(min_length=1)
    zh: str = Field(min_length=1)
    zh_hant: str | None = None

    def for_reader(self, language: Language) -> str:
        """The wording for a reader of that language."""
        if language == "en":
            return self.en
        return self.zh if language == "zh_Hans" else self.zh_hant or to_traditional(self.zh)


ID = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)
"""Ids travel in buttons, which hold 64 bytes."""


class Stage(Content):
    """A stretch of the ladder."""

    id: str = ID
    title: Words


class Barrier(Content):
    """What stands in the way, and the answers that help against it."""

    id: str = ID
    title: Words
    topics: tuple[str, ...]


class Step(Content):
    """One small win: what it is, what counts as done, what helps, and what can be done first by somebody who is stuck."""

    id: str = ID
    stage: str
    optional: bool = False
    days: int = Field(gt=0)
    barrier: str
    topics: tuple[str, ...]
    title: Words
    done: Words
    help: Words
    smaller: Words


class Ladder(Content):
    """All steps in their order; `first_peer_supporter` is the one that says that there is one."""

    first_peer_supporter: str
    stages: tuple[Stage, ...]
    barriers: tuple[Barrier, ...]
    steps: tuple[Step, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Step]:
        """The steps by id."""
        return {step.id: step for step in self.steps}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Each step's place on the ladder."""
        return {step.id: place for place, step in enumerate(self.steps)}

    def barrier(self, barrier_id: str) -> Barrier | None:
        """The barrier with this id."""
        return next((barrier for barrier in self.barriers if barrier.id == barrier_id), None)

    def of_stage(self, stage_id: str) -> list[Step]:
        """The steps of a stage."""
        return [step for step in self.steps if step.stage == stage_id]

    def stage_of(self, step: Step) -> Stage:
        """The stage that a step belongs to."""
        return next(stage for stage in self.stages if stage.id == step.stage)

    def after(self, passed: Collection[str]) -> Step | None:
        """The one step that comes next: the first that is not passed above the highest done, or else the first left over.

        Optional steps below something that was done already are not asked for any more.
        """
        highest = max((self.order[step] for step in passed if step in self.order), default=-1)
        left = [step for step in self.steps if step.id not in passed]
        above = (step for step in left if self.order[step.id] > highest)
        return next(above, None) or next((step for step in left if not step.optional), None)


def load(folders: Sequence[Path], answers: Collection[str] | None = None) -> Ladder:
    """Read data/wins/ladder.yaml; raises ContentInvalid with every mistake. `answers`: the ids that topics may name."""
    loaded = content.load_all(Ladder, folders, "wins/ladder.yaml")
    if len(loaded) != 1:
        raise ContentInvalid([ContentProblem(folders[-1] / "wins/ladder.yaml", 1, "There is no ladder.")])
    if problems := list(_problems(loaded[0], answers)):
        raise ContentInvalid(problems)
    return loaded[0].content


def _problems(loaded: Loaded[Ladder], answers: Collection[str] | None) -> Iterator[ContentProblem]:
    ladder = loaded.content
    stages, barriers = {stage.id for stage in ladder.stages}, {barrier.id for barrier in ladder.barriers}
    for stage in ladder.stages:
        if not ladder.of_stage(stage.id):
            yield loaded.problem(("stages",), f"No step belongs to the stage '{stage.id}'.")
    seen: set[str] = set()
    for place, step in enumerate(ladder.steps):
        where = ("steps", place)
        if step.id in seen:
            yield loaded.problem((*where, "id"), f"The id '{step.id}' is used twice; choose another.")
        seen.add(step.id)
        if step.stage not in stages:
            yield loaded.problem((*where, "stage"), f"There is no stage '{step.stage}'.")
        if step.barrier not in barriers:
            yield loaded.problem((*where, "barrier"), f"There is no barrier '{step.barrier}'.")
        yield from _unknown(loaded, (*where, "topics"), step.topics, answers)
    if ladder.first_peer_supporter not in ladder.by_id:
        yield loaded.problem(("first_peer_supporter",), f"There is no step '{ladder.first_peer_supporter}'.")
    for place, barrier in enumerate(ladder.barriers):
        yield from _unknown(loaded, ("barriers", place, "topics"), barrier.topics, answers)


def _unknown(
    loaded: Loaded[Ladder], place: content.Place, topics: Sequence[str], answers: Collection[str] | None
) -> Iterator[ContentProblem]:
    for topic in topics:
        if answers is not None and topic not in answers:
            yield loaded.problem(place, f"There is no answer '{topic}'.")
