"""The shelf: every resource in its order, and the ways to find one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from bot import content
from bot.content import Loaded
from bot.errors import ContentInvalid, ContentProblem
from bot.features.resources._tables import SharedResource
from bot.features.resources.content import Need, Wording, Written, WrittenResource
from bot.features.resources.links import same
from bot.i18n import Language, to_traditional
from bot.search import readable, to_simplified

_ORDER = (
    "programme-guide",
    "recruitment-and-selection",
    "training",
    "supervision-and-volunteers",
    "patient-education",
    "safety",
    "evaluation",
    "evidence",
    "community-and-funding",
    "policy-and-law",
)
"""Needs as a programme meets them; others follow by name."""

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_PART = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_PARTICLES = re.compile("[的和与及或]")


@dataclass(frozen=True)
class Resource:
    """One resource as members meet it, from a file of the library or, with `shared`, from a colleague."""

    id: str
    title: str
    language: Written
    need: str | None = None
    title_en: str | None = None
    title_zh: str | None = None
    title_zh_hant: str | None = None
    organisation: str | None = None
    year: int | None = None
    url: str | None = None
    official: bool = False
    audience: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    description: Wording | None = None
    shared: SharedResource | None = None

    def title_in(self, language: Language) -> str:
        """The title for a reader of that language, translated where somebody has done so."""
        if language == "en":
            return self.title_en or self.title
        chinese = self.title_zh or self.title
        return chinese if language == "zh_Hans" else self.title_zh_hant or to_traditional(chinese)

    @cached_property
    def _titles(self) -> str:
        return _comparable(self.title, self.title_en, self.title_zh)

    @cached_property
    def _everything(self) -> str:
        words = (self.description.en, self.description.zh) if self.description else ()
        own = (self.shared.text, self.shared.url) if self.shared else ()
        topics = [re.sub(r"[.-]", " ", topic) for topic in self.topics]
        return self._titles + _comparable(
            self.organisation, *words, *own, *topics, *map(str, filter(None, [self.year]))
        )

    def rank(self, parts: Sequence[str]) -> int | None:
        """0 when the title has all of these parts, 1 when the whole resource has, None when it has not."""
        for rank, text in enumerate((self._titles, self._everything)):
            if all(_has(text, part) for part in parts):
                return rank
        return None


@dataclass(frozen=True)
class Shelf:
    """All resources, in order, with the needs they serve."""

    needs: tuple[Need, ...]
    resources: tuple[Resource, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Resource]:
        """The resources by id."""
        return {resource.id: resource for resource in self.resources}

    @cached_property
    def titles(self) -> Mapping[str, Wording]:
        """The title of each need, by its id."""
        return {need.category: need.title for need in self.needs}

    def for_need(self, need: str) -> list[Resource]:
        """What helps with a need."""
        return [resource for resource in self.resources if resource.need == need]

    def in_language(self, language: str) -> list[Resource]:
        """What is written in a language: en or zh."""
        return [resource for resource in self.resources if resource.language == language]

    def for_audience(self, audience: str) -> list[Resource]:
        """What was made for a kind of reader."""
        return [resource for resource in self.resources if audience in resource.audience]

    def shared(self) -> list[Resource]:
        """What colleagues shared."""
        return [resource for resource in self.resources if resource.shared is not None]

    def search(self, words: str) -> list[Resource]:
        """What has all of the words, in any case and in either Chinese script; hits in titles first."""
        parts = [part for part in _parts(words) if part]
        ranked = [(resource.rank(parts), resource) for resource in self.resources] if parts else []
        return [resource for wanted in (0, 1) for rank, resource in ranked if rank == wanted]

    def at(self, url: str) -> Resource | None:
        """The resource that this address leads to."""
        wanted = same(url)
        return next((resource for resource in self.resources if resource.url and same(resource.url) == wanted), None)

    def joined(self, more: Iterable[Resource]) -> Shelf:
        """The same shelf with more on it."""
        return replace(self, resources=(*self.resources, *more))


def _parts(words: str) -> list[str]:
    """The words of a search: Latin ones, and runs of Chinese without the particles between them."""
    folded = to_simplified(readable(words)).casefold()
    return [piece for part in _PART.findall(folded) for piece in _PARTICLES.split(part)]


def _comparable(*texts: str | None) -> str:
    """Texts as a search looks at them; Chinese also the way it comes back from Traditional words."""
    both = [spelling for text in texts if text for spelling in dict.fromkeys((text, to_traditional(text)))]
    return "".join(f" {part}" for text in both for part in _PART.findall(to_simplified(readable(text)).casefold()))


def _has(text: str, part: str) -> bool:
    """Latin words count from their beginning, without the plural's s; Chinese ones anywhere, also put together anew."""
    if re.match(f"[{_HAN}]", part):
        return _put_together(text, part)
    return f" {part}" in text or (len(part) > 3 and part.endswith("s") and f" {part[:-1]}" in text)


def _put_together(text: str, run: str) -> bool:
    """Whether a run of Chinese, which knows no spaces, falls into pieces of two or more characters that the text has."""
    if len(run) == 1:
        return run in text
    reached = {0}
    for end in range(2, len(run) + 1):
        if any(run[start:end] in text for start in reached if end - start >= 2):
            reached.add(end)
    return len(run) in reached


def load(folders: Sequence[Path]) -> Shelf:
    """Read data/resources; raises ContentInvalid with every mistake."""
    loaded = content.load_all(Need, folders, "resources/*.yaml")
    problems = [*_doubled_needs(loaded), *_doubled_ids(loaded)]
    if problems:
        raise ContentInvalid(problems)
    needs = sorted((one.content for one in loaded), key=_place)
    return Shelf(tuple(needs), tuple(_on_the_shelf(need, written) for need in needs for written in need.resources))


def _place(need: Need) -> tuple[int, str]:
    known = need.category in _ORDER
    return (_ORDER.index(need.category) if known else len(_ORDER), need.category)


def _on_the_shelf(need: Need, written: WrittenResource) -> Resource:
    return Resource(need=need.category, **{name: getattr(written, name) for name in WrittenResource.model_fields})


def _doubled_needs(loaded: Sequence[Loaded[Need]]) -> Iterator[ContentProblem]:
    first: dict[str, Path] = {}
    for one in loaded:
        if (other := first.setdefault(one.content.category, one.file)) != one.file:
            yield one.problem(("category",), f"'{one.content.category}' is already the category of {other.name}.")


def _doubled_ids(loaded: Sequence[Loaded[Need]]) -> Iterator[ContentProblem]:
    first: dict[str, Path] = {}
    for one in loaded:
        for position, resource in enumerate(one.content.resources):
            if resource.id in first:
                yield one.problem(
                    ("resources", position, "id"),
                    f"The id '{resource.id}' is already used in {first[resource.id].name}; choose another.",
                )
            first.setdefault(resource.id, one.file)
