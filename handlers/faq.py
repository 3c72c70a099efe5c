"""FAQ: a question in any words, the answer that fits, or a way on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.errors import Outdated, TextMissing
from bot.features import faq, groups, people
from bot.features.faq import Asked
from bot.features.faq.content import Entry, Library
from bot.features.groups import Kind
from bot.i18n import Translator
from bot.search import Match
from handlers import _entries, questions
from handlers._kit import (
    Button,
    Event,
    Feature,
    Preparing,
    Request,
    Said,
    Screen,
    Tap,
    as_language,
    one_below_the_other,
    said,
)

feature = Feature("faq")

SUGGESTIONS = 3


@dataclass(frozen=True)
class Helpful(Tap, prefix="faq.helpful"):
    """The answer helped."""

    asked: int


@dataclass(frozen=True)
class Related(Tap, prefix="faq.related"):
    """Show what is near the answer."""

    asked: int


@dataclass(frozen=True)
class Suggested(Tap, prefix="faq.suggested"):
    """That is what I meant: the entry at this place among those that came near."""

    asked: int
    place: int


@dataclass(frozen=True)
class Near(Tap, prefix="faq.near"):
    """The related entry at this place of the entry that is shown."""

    asked: int
    place: int


@dataclass(frozen=True)
class Browse(Tap, prefix="faq.browse"):
    """All subjects."""


@dataclass(frozen=True)
class Subject(Tap, prefix="faq.subject"):
    """The entries of one category."""

    category: str


@dataclass(frozen=True)
class Read(Tap, prefix="faq.read"):
    """One entry, reached by browsing."""

    entry: str


def match(preparing: Preparing) -> Match | None:
    """The slow part, before any transaction is open."""
    if not preparing.text.strip():
        return None
    return preparing.services.knowledge().match(preparing.text, None)


@feature.command("ask", in_groups=True, prepare=match)
def ask(request: Request) -> Screen | None:
    """Answer a question asked by command."""
    return _answered(request, said(request.message, text=request.text))


@feature.event(Event.WORDS, prepare=match)
def words(request: Request) -> Screen | None:
    """Free words: in private, a mention of the bot, or a reply to it."""
    if request.heard.command is not None:
        return _unknown_command(request)
    if not request.heard.private and not request.heard.addressed:
        return None
    if (screen := questions.continue_answered(request)) is not None:
        return screen
    content = said(request.message, text=request.text)
    if content.unknown:
        return _not_passed_on(request) if request.heard.private else None
    return _answered(request, content)


def _unknown_command(request: Request) -> Screen | None:
    if not request.heard.private:
        return None
    return Screen(
        request.t(
            "I do not know /{command}. /help shows what I can do; a question needs no command at all.",
            command=request.heard.command or "",
        )
    )


def _not_passed_on(request: Request) -> Screen:
    return Screen(
        request.t(
            "I cannot read this kind of message, and nothing of it was passed on. Please write your question "
            "in words; a photo, a document or a voice message can go along to the experts."
        )
    )


def _answered(request: Request, content: Said) -> Screen:
    _welcome_to_the_community(request)
    if content.media is not None and not content.text.strip():
        found = Match("expert", (), request.me.language)
    else:
        text = faq.checked(content.text)
        found = request.prepared
        if found is None:
            raise TextMissing
        content = Said(text, content.entities if text == content.text else [], content.media)
    asked = faq.record(
        request.db,
        asker=request.me,
        text=content.text,
        match=found,
        chat_id=request.chat_id,
        message_id=request.message.message_id,
        thread_id=request.heard.thread_id,
        entities=content.entities,
        media=content.media,
        now=request.now,
    )
    return shown(request, asked)


def _welcome_to_the_community(request: Request) -> None:
    """Whoever asks in a community group belongs to it."""
    if not request.heard.private:
        group = groups.find(request.db, request.chat_id)
        if group is not None and group.kind is Kind.COMMUNITY:
            people.admit(request.me)


def shown(request: Request, asked: Asked, *, edit: bool = False) -> Screen:
    """What the matcher's decision looks like."""
    language = as_language(asked.language)
    t = request.words(language=language)
    library = request.services.knowledge().library
    if asked.shown is not None:
        return answer(
            library, asked, asked.shown, t, link=None if request.heard.private else request.services.link, edit=edit
        )
    if asked.decision == "suggest":
        return suggestions(library, asked, t, edit=edit)
    return nothing_known(library, asked, t, edit=edit)


def answer(library: Library, asked: Asked, entry_id: str, t: Translator, *, link: str | None, edit: bool) -> Screen:
    """An entry as the answer to a question; in a group (`link`) the short form, with the way to the rest in private."""
    entry = library.entries[entry_id]
    text = _entries.in_short(library, entry, t.language) if link else _entries.in_full(library, entry, t.language, t)
    asked_id = asked.id or 0
    rows = [
        [Button("👍 " + t.label("Helpful"), Helpful(asked_id)), questions.ask_button(asked_id, t)],
        [Button(t.label("Related"), Related(asked_id))],
    ]
    if link:
        rows[1].append(Button(t.label("Read on in private"), f"{link}?start={_entries.deep_link(entry_id)}"))
    return Screen(text, buttons=rows, edit=edit, about=f"asked:{asked_id}")


def suggestions(library: Library, asked: Asked, t: Translator, *, edit: bool = False) -> Screen:
    """Up to three entries that may be meant."""
    buttons = [
        Button(_entries.question(library, entry, t.language), Suggested(asked.id or 0, place))
        for place, entry in enumerate(asked.entries[:SUGGESTIONS])
    ]
    return Screen(
        t("I am not quite sure. Did you mean one of these?"),
        edit=edit,
        about=f"asked:{asked.id}",
        buttons=[*one_below_the_other(buttons), [questions.ask_button(asked.id or 0, t)]],
    )


def nothing_known(library: Library, asked: Asked, t: Translator, *, edit: bool = False) -> Screen:
    """The honest way out: the experts."""
    text = (
        t("I cannot read pictures or voice messages, but our experts can. Shall I pass it on?")
        if asked.media
        else t("I have no reliable answer to this. Our experts can help: shall I pass your question on?")
    )
    return Screen(text, buttons=[[questions.ask_button(asked.id or 0, t)]], edit=edit, about=f"asked:{asked.id}")


@feature.tap(Helpful)
def helpful(request: Request, tap: Helpful) -> Screen:
    """Note that it helped; only the asker's word counts."""
    asked = faq.recall(request.db, tap.asked)
    if asked.member_id == request.me.id:
        asked.helpful = True
    return Screen(toast=request.t.label("Thank you! Good to know that it helps."))


@feature.tap(Suggested)
def suggested(request: Request, tap: Suggested) -> Screen:
    """Show what was meant, in place of the suggestions."""
    asked = faq.recall(request.db, tap.asked)
    if not 0 <= tap.place < len(asked.entries):
        raise Outdated
    faq.choose(asked, asked.entries[tap.place])
    return shown(request, asked, edit=True)


@feature.tap(Related)
def related(request: Request, tap: Related) -> Screen:
    """Buttons of the entries near the one that is shown."""
    asked = faq.recall(request.db, tap.asked)
    library = request.services.knowledge().library
    t = request.words(language=as_language(asked.language))
    near = _near(library, asked)
    if not near:
        return Screen(toast=t.label("There is nothing near this yet."))
    buttons = [
        Button(_entries.question(library, entry, t.language), Near(tap.asked, place))
        for place, entry in enumerate(near)
    ]
    return Screen(t("Related:"), buttons=one_below_the_other(buttons), about=f"asked:{asked.id}")


def _near(library: Library, asked: Asked) -> list[str]:
    """Related entries of the one shown that the library has."""
    if asked.shown is None or asked.shown not in library.entries:
        return []
    return [entry for entry in library.entries[asked.shown].related if entry in library.entries][:5]


@feature.tap(Near)
def near(request: Request, tap: Near) -> Screen:
    """Show a related entry."""
    asked = faq.recall(request.db, tap.asked)
    entries = _near(request.services.knowledge().library, asked)
    if not 0 <= tap.place < len(entries):
        raise Outdated
    faq.choose(asked, entries[tap.place])
    return shown(request, asked, edit=True)


@feature.command("faq", in_groups=True)
def browse(request: Request) -> Screen:
    """All subjects; in a group, the way to them in private."""
    if not request.heard.private:
        return Screen(
            request.t(
                'All answers by subject: <a href="{link}">open our private chat</a> and send /faq. Here: '
                "/ask and your question.",
                link=request.services.link,
            )
        )
    return _subjects(request, edit=False)


@feature.tap(Browse)
def all_subjects(request: Request, _tap: Browse) -> Screen:
    """Back to all subjects."""
    return _subjects(request, edit=True)


def _subjects(request: Request, *, edit: bool) -> Screen:
    library, language = request.services.knowledge().library, request.me.language
    buttons = [
        Button(f"{category.title.in_(language)} · {len(category.entries)}", Subject(category.category))
        for category in library.categories
    ]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    return Screen(
        request.t("What is it about? Choose a subject, or just write your question."), buttons=rows, edit=edit
    )


@feature.tap(Subject)
def subject(request: Request, tap: Subject) -> Screen:
    """The questions of one subject."""
    library, language, t = request.services.knowledge().library, request.me.language, request.t
    category = next((c for c in library.categories if c.category == tap.category), None)
    if category is None:
        raise Outdated
    buttons = [Button(_entries.question(library, entry.id, language), Read(entry.id)) for entry in category.entries]
    return Screen(
        Markup("<b>{}</b>").format(category.title.in_(language)),
        edit=True,
        buttons=[*one_below_the_other(buttons), [Button("‹ " + t.label("All subjects"), Browse())]],
    )


@feature.tap(Read)
def read(request: Request, tap: Read) -> Screen:
    """One entry, with the way back and on to the experts."""
    library = request.services.knowledge().library
    if tap.entry not in library.entries:
        raise Outdated
    entry = library.entries[tap.entry]
    return Screen(
        _entries.in_full(library, entry, request.me.language, request.t),
        edit=True,
        buttons=_reading_rows(request, library, entry),
    )


def _reading_rows(request: Request, library: Library, entry: Entry) -> list[Sequence[Button]]:
    language = request.me.language
    near = [
        Button(_entries.question(library, other, language), Read(other))
        for other in entry.related
        if other in library.entries
    ][:2]
    category = library.category_of[entry.id]
    back = Button("‹ " + category.title.in_(language), Subject(category.category))
    return [*one_below_the_other(near), [back]]
