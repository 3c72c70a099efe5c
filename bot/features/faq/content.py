"""The FAQ as its editors wrote it: categories, entries, wordings, sources, and what the matcher learns from."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, TypeAdapter, field_validator, model_validator

from bot import content
from bot.content import Content, Loaded
from bot.errors import ContentInvalid, ContentProblem
from bot.i18n import Language, to_traditional
from bot.search import BankLine, Corpus, Document, Kind, Safety

_ORDER = ("concepts", "recruitment", "selection", "training", "role-play", "supervision", "retention", "evaluation",
          "sustainability", "management", "webinars-and-consultation", "using-this-bot")
"""Categories as a programme meets them; others follow by name."""

Text = Annotated[str, Field(min_length=1)]
Lines = tuple[Text, ...]
_HTTP = TypeAdapter(HttpUrl)


class Titles(Content):
    """A short name in the languages that people write; Traditional Chinese is derived where it is left out."""

    en: Text
    zh: Text
    zh_hant: Text | None = None

    def in_(self, lang: Language) -> str:
        """The name in a member's language."""
        if lang == "en":
            return self.en
        return self.zh if lang == "zh_Hans" else self.zh_hant or to_traditional(self.zh)


class WrittenWording(Content):
    """One entry in one language, as written in the file."""

    question: Annotated[str, Field(min_length=1, max_length=200)]
    answer: Text
    points: Lines = ()
    next_step: Text | None = None
    variants: Lines = ()

    @property
    def substance(self) -> list[str]:
        """The lines that the answer consists of."""
        return [self.answer, *self.points]


class Corrections(Content):
    """Traditional Chinese by hand, for what the derivation from Simplified gets wrong."""

    question: Text | None = None
    answer: Text | None = None
    points: Lines | None = None
    next_step: Text | None = None


class Entry(Content):
    """One question with its answer, in at least one language."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")]
    setting: Literal["general", "china"] = "general"
    safety: Safety | None = None
    sources: Lines = ()
    related: Lines = ()
    en: WrittenWording | None = None
    zh: WrittenWording | None = None
    zh_hant: Corrections | None = None

    def written(self, language: str) -> WrittenWording | None:
        """The entry as it was written in `en` or `zh`."""
        return self.en if language == "en" else self.zh

    @model_validator(mode="after")
    def _is_written(self) -> Entry:
        if self.en is None and self.zh is None:
            raise ValueError(f"{self.id} has neither 'en' nor 'zh'; write it in at least one language.")
        return self


class Category(Content):
    """One file of data/faq: its name, its title and its entries in their order."""

    category: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    title: Titles
    entries: tuple[Entry, ...]


class Source(Content):
    """Where a statement comes from; `url` only where it leads to the publisher or a page about it."""

    id: Text
    title: Text
    title_zh: Text | None = None
    organisation: Text | None = None
    year: int | None = None
    language: Text | None = None
    url: str | None = None
    official: bool = False

    @field_validator("url")
    @classmethod
    def _is_a_web_address(cls, url: str | None) -> str | None:
        if url is not None:
            try:
                _HTTP.validate_python(url)
            except ValueError:
                raise ValueError(f"'{url}' is not a web address; it begins with https:// or http://.") from None
        return url


class Sources(Content):
    """The file data/sources.yaml."""

    sources: tuple[Source, ...]


class About(Content):
    """A message of the bank and the entry it is about."""

    text: Text
    topic: Text | None = None


class Spoken(Content):
    """Messages of one kind, by language."""

    en: tuple[Text | About, ...] = ()
    zh: tuple[Text | About, ...] = ()


class Bank(Content):
    """A file data/matching/bank*.yaml: messages that the matcher learns from.

    Those under `topic` ask for an entry in still other words; the others must not simply get an answer.
    """

    expert: Spoken = Spoken()
    chitchat: Spoken = Spoken()
    urgent: Spoken = Spoken()
    dose: Spoken = Spoken()
    patient_data: Spoken = Spoken()
    near_miss: Spoken = Spoken()
    topic: Spoken = Spoken()

    def lines(self) -> Iterator[BankLine]:
        """Every message with its language and kind."""
        kinds: tuple[Kind, ...] = ("expert", "chitchat", "urgent", "dose", "patient_data", "near_miss", "topic")
        for kind in kinds:
            spoken: Spoken = getattr(self, kind)
            for lang, messages in (("en", spoken.en), ("zh_Hans", spoken.zh)):
                for message in messages:
                    about = message if isinstance(message, About) else About(text=message)
                    yield BankLine(about.text, lang, kind, about.topic)


@dataclass(frozen=True)
class Wording:
    """An entry as a member reads it; `lang` is the language it is in, which may not be the one asked for."""

    lang: Language
    question: str
    answer: str
    points: tuple[str, ...]
    next_step: str | None


@dataclass(frozen=True)
class Library:
    """Everything the FAQ knows, by id and in order."""

    categories: tuple[Category, ...]
    sources: Mapping[str, Source]
    bank: Bank

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """The entries by id, in the order of their categories."""
        return {entry.id: entry for category in self.categories for entry in category.entries}

    @cached_property
    def category_of(self) -> Mapping[str, Category]:
        """The category of each entry, by the entry's id."""
        return {entry.id: category for category in self.categories for entry in category.entries}

    def wording(self, entry_id: str, lang: Language) -> Wording:
        """The entry in that language, or in the other one where it is not written; raises KeyError for no such id."""
        return wording(self.entries[entry_id], lang)

    def corpus(self) -> Corpus:
        """What the matcher searches and learns from."""
        return Corpus(tuple(_documents(self.entries.values())), tuple(self.bank.lines()))


def wording(entry: Entry, lang: Language) -> Wording:
    """The entry in that language, or in the other one where it is not written."""
    chinese = lang != "en"
    written = (entry.zh or entry.en) if chinese else (entry.en or entry.zh)
    assert written is not None  # an Entry has at least one language
    if written is entry.en:
        return Wording("en", written.question, written.answer, written.points, written.next_step)
    if lang == "zh_Hant":
        return _traditional(written, entry.zh_hant or Corrections())
    return Wording("zh_Hans", written.question, written.answer, written.points, written.next_step)


def _traditional(written: WrittenWording, by_hand: Corrections) -> Wording:
    """Traditional Chinese: what was corrected by hand, the rest derived."""
    return Wording(
        "zh_Hant", by_hand.question or to_traditional(written.question), by_hand.answer or to_traditional(written.answer),
        by_hand.points or tuple(to_traditional(point) for point in written.points),
        by_hand.next_step or (to_traditional(written.next_step) if written.next_step else None))


def load(folders: Sequence[Path]) -> Library:
    """Read data/faq, data/sources.yaml and data/matching/bank*.yaml; raises ContentInvalid with every mistake."""
    loaded = content.load_all(Category, folders, "faq/*.yaml")
    sources = content.load_all(Sources, folders, "sources.yaml")
    banks = content.load_all(Bank, folders, "matching/bank*.yaml")
    by_id = {source.id: source for one in sources for source in one.content.sources}
    problems = [*_doubled(loaded), *_dangling(loaded, by_id), *_strays(loaded, banks)]
    if problems:
        raise ContentInvalid(problems)
    categories = sorted((one.content for one in loaded), key=_place)
    return Library(tuple(categories), by_id, _together([bank.content for bank in banks]))


def _together(banks: Sequence[Bank]) -> Bank:
    """The messages of several files as one bank."""
    return Bank(**{kind: Spoken(en=tuple(message for bank in banks for message in getattr(bank, kind).en),
                                zh=tuple(message for bank in banks for message in getattr(bank, kind).zh))
                   for kind in Bank.model_fields})


def _place(category: Category) -> tuple[int, str]:
    known = category.category in _ORDER
    return (_ORDER.index(category.category) if known else len(_ORDER), category.category)


def _documents(entries: Iterable[Entry]) -> Iterator[Document]:
    for entry in entries:
        for lang, written in (("en", entry.en), ("zh_Hans", entry.zh)):
            if written is not None:
                answer = "\n".join((written.answer, *written.points, written.next_step or ""))
                yield Document(entry.id, lang, written.question, written.variants, answer, entry.safety)


def _each(loaded: Iterable[Loaded[Category]]) -> Iterator[tuple[Loaded[Category], int, Entry]]:
    for one in loaded:
        for position, entry in enumerate(one.content.entries):
            yield one, position, entry


def _doubled(loaded: Sequence[Loaded[Category]]) -> Iterator[ContentProblem]:
    first: dict[str, Path] = {}
    for one, position, entry in _each(loaded):
        if entry.id in first:
            yield one.problem(("entries", position, "id"),
                              f"The id '{entry.id}' is already used in {first[entry.id].name}; choose another.")
        first.setdefault(entry.id, one.file)


def _dangling(loaded: Sequence[Loaded[Category]], sources: Mapping[str, Source]) -> Iterator[ContentProblem]:
    ids = {entry.id for _one, _position, entry in _each(loaded)}
    for one, position, entry in _each(loaded):
        for field, names, known in (("related", entry.related, ids), ("sources", entry.sources, set(sources))):
            for at, name in enumerate(names):
                if name not in known:
                    yield one.problem(("entries", position, field, at), _nothing_called(name, field, known))


def _strays(loaded: Sequence[Loaded[Category]], banks: Sequence[Loaded[Bank]]) -> Iterator[ContentProblem]:
    """Topics of the bank that are no entries."""
    ids = {entry.id for _one, _position, entry in _each(loaded)}
    for bank in banks:
        for kind in ("urgent", "near_miss", "topic"):
            for lang in ("en", "zh"):
                for at, message in enumerate(getattr(getattr(bank.content, kind), lang)):
                    topic = message.topic if isinstance(message, About) else None
                    if topic is not None and topic not in ids:
                        yield bank.problem((kind, lang, at, "topic"), _nothing_called(topic, "topic", ids))


def _nothing_called(name: str, field: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    where = "source in sources.yaml" if field == "sources" else "entry"
    return f"'{field}' names '{name}', but there is no such {where}; " + (
        f"did you mean '{near[0]}'?" if near else "correct it or remove it.")
