"""Words, plurals, dates and numbers in the member's language and time zone.

The msgid is the English sentence, its context the feature that says it. Catalogues are plain `.po` files, compiled in
memory at start. What nobody has written in Traditional Chinese is derived from the Simplified wording
(`bot.traditional`); a written translation always wins.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import date as Day
from datetime import datetime as Moment
from functools import cache
from pathlib import Path
from typing import IO, Any, Literal, get_args
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_timezone_location
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from bot import traditional
from bot.errors import CatalogueInvalid
from bot.settings import shipped
from bot.traditional import to_traditional as to_traditional  # offered here as well

Language = Literal["en", "zh_Hans", "zh_Hant"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
OWN_NAMES: dict[Language, str] = {"en": "English", "zh_Hans": "简体中文", "zh_Hant": "繁體中文"}

_TRADITIONAL = {"zh-tw", "zh-hk", "zh-mo", "zh-hant"}


def language_for(code: str | None, default: Language) -> Language:
    """Our language for Telegram's `language_code` (IETF tag, perhaps with a suffix such as `-raw`)."""
    tag = (code or "").lower().replace("_", "-")
    if tag.startswith("zh"):
        return "zh_Hant" if any(tag == t or tag.startswith(t + "-") for t in _TRADITIONAL) else "zh_Hans"
    return "en" if tag.startswith("en") else default


@dataclass(frozen=True)
class Words:
    """One language's catalogue: (context, msgid) → one form, or a form for each plural."""

    language: Language
    messages: dict[tuple[str, str], str | tuple[str, ...]]

    def one(self, context: str, msgid: str) -> str:
        """The wording of `msgid`, or `msgid` itself where there is none."""
        found = self.messages.get((context, msgid))
        return found if isinstance(found, str) else msgid

    def many(self, context: str, singular: str, plural: str, n: int) -> str:
        """The wording that fits the number `n`."""
        found = self.messages.get((context, singular))
        if isinstance(found, tuple) and found:
            return found[0] if len(found) == 1 or n == 1 else found[-1]
        return singular if n == 1 else plural


def catalogue_file(language: Language, folder: Path | None = None) -> Path:
    """Where a language's catalogue is."""
    return (folder or shipped("locales")) / language / "LC_MESSAGES" / "smallwins.po"


def read_catalogue(language: Language) -> Catalog:
    """The catalogue as Babel reads it; raises CatalogueInvalid for a missing or broken one."""
    path = catalogue_file(language)
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, abort_invalid=True)
    except (OSError, PoFileError, ValueError) as error:
        raise CatalogueInvalid(f"The catalogue {path} cannot be read: {error}.") from error


def load() -> None:
    """Read every catalogue and the glossary now, at start; raises CatalogueInvalid or ContentInvalid."""
    traditional.load()
    for language in LANGUAGES:
        words(language)


def _usable(catalogue: Catalog) -> dict[tuple[str, str], str | tuple[str, ...]]:
    messages: dict[tuple[str, str], str | tuple[str, ...]] = {}
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        msgid = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
        written = message.string or ""
        forms = (written,) if isinstance(written, str) else tuple(written)
        if all(forms):
            messages[message.context or "", msgid] = forms[0] if isinstance(written, str) else forms
    return messages


def _derived(message: str | tuple[str, ...]) -> str | tuple[str, ...]:
    return to_traditional(message) if isinstance(message, str) else tuple(to_traditional(form) for form in message)


@cache
def words(language: Language) -> Words:
    """The words of a language, compiled once; English needs none."""
    if language == "en":
        return Words("en", {})
    own = _usable(read_catalogue(language))
    if language == "zh_Hant":
        simplified = words("zh_Hans").messages
        own = {key: _derived(message) for key, message in simplified.items()} | own
    return Words(language, own)


@dataclass(frozen=True)
class Translator:
    """Says things in one language, for one feature (`context`), on one clock (`zone`).

    Calling it gives HTML that is safe to send: what is filled in is escaped, what comes as Markup is kept.
    """

    language: Language
    context: str = ""
    zone: str = "Asia/Shanghai"

    def __call__(self, msgid: str, **values: object) -> Markup:
        return Markup(words(self.language).one(self.context, msgid)).format(**values)

    def n(self, singular: str, plural: str, n: int, **values: object) -> Markup:
        """The sentence for `n` things; `{n}` is filled in."""
        wording = words(self.language).many(self.context, singular, plural, n)
        return Markup(wording).format(n=self.number(n), **values)

    def label(self, msgid: str, **values: object) -> str:
        """Plain text for a button or a topic's name, where no markup is read."""
        return words(self.language).one(self.context, msgid).format(**values)

    def of(self, context: str) -> Translator:
        """The same language and clock for another feature's words."""
        return Translator(self.language, context, self.zone)

    def on(self, zone: str) -> Translator:
        """The same language for another clock."""
        return Translator(self.language, self.context, zone)

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self.language)

    def series(self, things: Sequence[str]) -> str:
        """Several things in a row, as the language joins them: one, two and three."""
        return format_list(things, locale=self._locale)

    def sentences(self, *sentences: Markup) -> Markup:
        """Sentences one after the other, as the language sets them: Chinese ones without a space between."""
        return Markup(" " if self.language == "en" else "").join(sentences)

    def number(self, value: float) -> str:
        """A number with the language's separators."""
        return format_decimal(value, locale=self._locale)

    def datetime(self, moment: Moment) -> str:
        """Date and time of a moment on the member's clock, to the minute."""
        return f"{self.date(moment)}{', ' if self.language == 'en' else ' '}{self.time(moment)}"

    def date(self, moment: Moment) -> str:
        """The date of a moment on the member's calendar."""
        return format_date(moment.astimezone(ZoneInfo(self.zone)), "medium", locale=self._locale)

    def month(self, moment: Moment) -> str:
        """The month of a moment on the member's calendar, with its year."""
        return format_skeleton("yMMMM", moment, tzinfo=ZoneInfo(self.zone), locale=self._locale)

    def time(self, moment: Moment) -> str:
        """The time of day of a moment on the member's clock."""
        shape = "HH:mm" if self.language == "zh_Hant" else "short"  # 晚上7:00–晚上8:30 is too much on a button
        return format_time(moment, shape, tzinfo=ZoneInfo(self.zone), locale=self._locale)

    def when(self, moment: Moment) -> str:
        """Weekday, day and time of a moment on the member's clock, short enough for a sentence."""
        return f"{self.day(moment.astimezone(ZoneInfo(self.zone)).date())} {self.time(moment)}"

    def day(self, day: Day) -> str:
        """A day near enough that its weekday says more than its year."""
        said = format_skeleton("MMMEd", day, locale=self._locale)
        return said.replace("日週", "日 週")  # the calendar data that Babel carries writes the space in some years only

    def weekday(self, number: int, *, wide: bool = False) -> str:
        """The short or the whole name of a weekday; Monday is 0."""
        names: dict[int, str] = self._locale.days["stand-alone"]["wide" if wide else "abbreviated"]
        return names[number]

    def city(self, zone: str) -> str:
        """The city that a time zone is named after."""
        return str(get_timezone_location(zone, locale=self._locale, return_city=True))


def html(text: object) -> Markup:
    """The one way for what people wrote into HTML: escaped."""
    return escape(text)


def extract(
    fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Generator[tuple[int, str, tuple[str, ...], Any], None, None]:
    """Babel's extraction for handlers: the context is the file's name, or its package's, which is the feature's."""
    path = Path(fileobj.name)
    context = path.stem if path.parent.name == "handlers" else path.parent.name
    for line, name, messages, comments in extract_python(fileobj, keywords, comment_tags, options):
        texts = messages if isinstance(messages, (tuple, list)) else (messages,)
        if name == "n":
            yield line, "npgettext", (context, *[str(text) for text in texts[:2]]), comments
        elif texts and isinstance(texts[0], str):
            yield line, "pgettext", (context, texts[0]), comments
