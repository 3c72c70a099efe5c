"""The feature that the siblings register on, what its buttons mean, and what several of them need."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.errors import SafetyFixed
from bot.features import entries
from bot.features.entries import Version
from bot.features.people import Member
from bot.i18n import Language, Translator
from handlers._kit import Deed, Feature, Request, Screen, Tap

feature = Feature("entries")


@dataclass(frozen=True)
class Make(Tap, prefix="entries.make"):
    """Make an entry of a question that was answered."""

    question: int


@dataclass(frozen=True)
class Home(Tap, prefix="entries.home"):
    """What is to be done with entries."""


@dataclass(frozen=True)
class Open(Tap, prefix="entries.open"):
    """A version, where it stands: the editor, or the card with the decision."""

    version: int


@dataclass(frozen=True)
class Card(Tap, prefix="entries.entry"):
    """An entry with both of its languages."""

    entry: str


@dataclass(frozen=True)
class Edit(Tap, prefix="entries.edit"):
    """Write an entry in a language: anew, or from what is there."""

    entry: str
    language: str


def in_private(request: Request, screen: Screen, *, key: str) -> Screen:
    """Show it in the private chat, wherever the button was tapped."""
    t = request.t.of(feature.name)
    if request.heard.private:
        return screen
    if not request.me.is_reachable:
        return Screen(toast=t.label("Please open our private chat and press START first; then tap again."), alert=True)
    request.post(screen, chat_id=request.me.telegram_id, key=key)
    return Screen(toast=t.label("I have sent it to our private chat."))


def language_name(language: str, t: Translator) -> str:
    """English or Chinese, in the reader's language."""
    return t.label("English") if language == "en" else t.label("Chinese")


def reader_of(language: str, member_language: Language) -> Language:
    """The language in which somebody reads a wording that is written in `en` or `zh`."""
    if language == "en":
        return "en"
    return "zh_Hans" if member_language == "en" else member_language


def other(language: str) -> str:
    """The second language of an entry."""
    return "zh" if language == "en" else "en"


def languages_in_files(deed: Deed, entry_id: str) -> Collection[str]:
    """In which languages the content files have the entry."""
    entry = deed.services.knowledge().files.entries.get(entry_id)
    return [language for language in ("en", "zh") if entry and entry.written(language)]


def require_harmless(deed: Deed, entry_id: str, *texts: str) -> None:
    """Raise SafetyFixed for a fixed safety text, and for words that name a dose or an emergency."""
    knowledge = deed.services.knowledge()
    entry = knowledge.library.entries.get(entry_id)
    if entry is not None and entry.safety is not None:
        raise SafetyFixed
    if any(knowledge.dangerous(line) for text in texts for line in text.splitlines()):
        raise SafetyFixed


def texts_of(version: Version) -> list[str]:
    """Everything that is written in a version."""
    return [version.question, *version.substance, version.next_step or "", *version.variants]


def name_of(deed: Deed, member_id: int | None) -> str:
    """What colleagues call a member; … for somebody who has left."""
    member = deed.db.get(Member, member_id) if member_id is not None else None
    return member.shown_name if member else "…"


def shortened(text: str, limit: int = 60) -> str:
    """One line of a text."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def present(deed: Deed, entry_id: str, language: str) -> tuple[str, list[str]] | None:
    """The question and the answer's lines that people are shown now, in this language; None where there are none."""
    version = entries.published(deed.db, entry_id, language)
    if version is not None:
        return version.question, version.substance
    entry = deed.services.knowledge().files.entries.get(entry_id)
    written = entry.written(language) if entry else None
    return (written.question, written.substance) if written else None
