"""Looking around without a question: subjects, their entries, one entry; and links that lead straight to one."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.errors import Outdated
from bot.features.faq.content import Entry, Library
from handlers import _entries
from handlers._kit import Button, Request, Screen, one_below_the_other
from handlers.faq._feature import Browse, Read, Subject, feature


@feature.command("faq", in_groups=True)
def browse(request: Request) -> Screen:
    """All subjects; in a group, the way to them in private."""
    if not request.heard.private:
        t = request.t
        return Screen(
            t(
                'All answers by subject: <a href="{link}">open our private chat</a> and send /faq. Here: /ask and your question.',
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
    """One entry, in place of the list."""
    screen = entry_screen(request, tap.entry)
    return Screen(screen.text, screen.buttons, edit=True)


def entry_screen(request: Request, entry_id: str) -> Screen:
    """One entry in full, with its neighbours and the way back to its subject; raises Outdated for no such entry."""
    library = request.services.knowledge().library
    if entry_id not in library.entries:
        raise Outdated
    entry = library.entries[entry_id]
    _entries.note_given(request, request.me, entry_id, request.me.language)
    text = _entries.in_full(library, entry, request.me.language, request.t)
    return Screen(text, buttons=_reading_rows(request, library, entry))


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
