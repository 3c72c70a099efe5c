"""The editor of a draft: every field has a button, the next words fill it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.errors import NotAllowed, Outdated, TextMissing
from bot.features import entries
from bot.features.entries import State, Version, id_of
from bot.features.people import Role
from bot.i18n import Translator
from bot.search import to_simplified
from handlers._kit import Button, Request, Screen, Tap
from handlers.entries._feature import (
    Edit,
    Home,
    Open,
    feature,
    in_private,
    language_name,
    languages_in_files,
    name_of,
    other,
    require_harmless,
    shortened,
)
from handlers.entries._fields import (
    FIELDS,
    beside,
    day_of,
    field_name,
    how_to_write,
    known_sources,
    plain,
    shown_field,
    unknown_source,
)
from handlers.entries._showing import preview


@dataclass(frozen=True)
class Field(Tap, prefix="entries.field"):
    """Write one field anew."""

    version: int
    name: str


@dataclass(frozen=True)
class Categories(Tap, prefix="entries.categories"):
    """Choose where a new entry belongs."""

    version: int


@dataclass(frozen=True)
class Category(Tap, prefix="entries.category"):
    """It belongs there."""

    version: int
    category: str


@dataclass(frozen=True)
class Preview(Tap, prefix="entries.preview"):
    """See it as a member would."""

    version: int


@dataclass(frozen=True)
class Submit(Tap, prefix="entries.submit"):
    """Ask a second consultant to approve it."""

    version: int
    substantial: bool


@dataclass(frozen=True)
class Discard(Tap, prefix="entries.discard"):
    """Throw the draft away."""

    version: int


def editor(request: Request, version: Version, *, edit: bool = False) -> Screen:
    """The draft, field by field, with what can be done with it."""
    t = request.t.of(feature.name)
    language = language_name(version.language, t)
    parts = [t("📝 <b>Draft of {id}</b> · {language}", id=version.entry_id, language=language)]
    if version.note:
        name, note = name_of(request, version.decided_by), shortened(version.note, 400)
        parts.append(t("↩️ <b>{name}</b> sent it back: {note}", name=name, note=note))
    parts += [shown_field(version, name, t) for name in FIELDS]
    return Screen(Markup("\n").join(parts), buttons=_buttons(request, version, t), edit=edit)


def _buttons(request: Request, version: Version, t: Translator) -> list[list[Button]]:
    version_id = id_of(version)
    fields = [Button("✏️ " + field_name(name, t), Field(version_id, name)) for name in FIELDS]
    if entries.is_new(request.db, version, taken=languages_and_ids(request)):
        fields.append(Button("🗂 " + t.label("Category"), Categories(version_id)))
    rows = [fields[i : i + 2] for i in range(0, len(fields), 2)]
    rows.append([Button("👁 " + t.label("Preview"), Preview(version_id))])
    if changes_something(request, version):
        rows.append([Button("📨 " + t.label("Submit: only wording"), Submit(version_id, substantial=False))])
        rows.append([Button("📨 " + t.label("Submit: changed in substance"), Submit(version_id, substantial=True))])
    else:
        rows.append([Button("📨 " + t.label("Submit for approval"), Submit(version_id, substantial=False))])
    return [*rows, [Button("🗑 " + t.label("Discard"), Discard(version_id))]]


def languages_and_ids(request: Request) -> Sequence[str]:
    """Ids that the content files use."""
    return list(request.services.knowledge().files.entries)


def changes_something(request: Request, version: Version) -> bool:
    """Whether people are shown another wording of it in this language now."""
    return (
        version.language in languages_in_files(request, version.entry_id)
        or entries.published(request.db, version.entry_id, version.language) is not None
    )


@feature.tap(Edit, role=Role.CONSULTANT)
def edit(request: Request, tap: Edit) -> Screen:
    """Write an entry in a language: from what is there, or with empty fields."""
    library = request.services.knowledge().library
    shown = entries.published(request.db, tap.entry, tap.language)
    entry = library.entries.get(tap.entry)
    second = entries.published(request.db, tap.entry, other(tap.language))
    if tap.language not in ("en", "zh") or (entry is None and shown is None and second is None):
        raise Outdated
    require_harmless(request, tap.entry)
    written = shown or (entry.written(tap.language) if entry else None)
    sources = (shown or second).sources if (shown or second) else (entry.sources if entry else ())  # type: ignore[union-attr]
    version = entries.draft(
        request.db,
        by=request.me,
        entry_id=tap.entry,
        language=tap.language,
        question=written.question if written else "",
        answer=written.answer if written else "",
        points=written.points if written else (),
        next_step=written.next_step if written else None,
        variants=written.variants if written else (),
        sources=sources,
        now=request.now,
    )
    if version.state is not State.DRAFT:
        return Screen(toast=request.t.label("This entry already waits for approval: see /entries."), alert=True)
    return in_private(request, editor(request, version), key=f"entries:edit:{request.update_id}")


@feature.tap(Field, role=Role.CONSULTANT)
def field(request: Request, tap: Field) -> Screen:
    """Show what stands there, and wait for what is to stand there."""
    version, t = _draft(request, tap.version), request.t
    if tap.name not in FIELDS:
        raise Outdated
    request.me.expects("entries.edit", version=tap.version, field=tap.name)
    parts = [Markup("<b>{}</b>").format(field_name(tap.name, t)), how_to_write(tap.name, t)]
    if now := plain(version, tap.name):
        parts.append(Markup("<pre>{}</pre>").format(now[:1500]))
    if second := beside(request, version, tap.name):
        parts.append(t("In {language}:", language=language_name(other(version.language), t)))
        parts.append(Markup("<blockquote>{}</blockquote>").format(second[:1500]))
    return Screen(Markup("\n").join(parts), buttons=[[Button("‹ " + t.label("Back to the draft"), Open(tap.version))]])


@feature.step("edit", role=Role.CONSULTANT)
def take(request: Request) -> Screen:
    """Fill the field."""
    version, name = _draft(request, request.pending["version"]), request.pending["field"]
    if not request.text.strip():
        raise TextMissing
    if name == "review_by":
        entries.review_on(version, day_of(request.text, request.me.timezone), by=request.me, now=request.now)
        return editor(request, version)
    words = request.text if request.text.strip() not in ("-", "–", "—") else ""
    if name == "sources":
        ids = re.split(r"[\s,;，；、]+", words.strip())
        if (stranger := next((one for one in ids if one and one not in known_sources(request)), None)) is not None:
            request.me.pending = request.pending
            return unknown_source(request, stranger)
        words = "\n".join(ids)
    entries.write(version, name, words if version.language == "en" else to_simplified(words), by=request.me)
    return editor(request, version)


@feature.tap(Categories, role=Role.CONSULTANT)
def categories(request: Request, tap: Categories) -> Screen:
    """Where a new entry may belong; questions about the bot itself are not answered from the desk."""
    version, t = _draft(request, tap.version), request.t
    buttons = [
        Button(category.title.in_(t.language), Category(tap.version, category.category))
        for category in request.services.knowledge().files.categories
    ]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    back = [Button("‹ " + t.label("Back to the draft"), Open(tap.version))]
    return Screen(t("Where does {id} belong?", id=version.entry_id), buttons=[*rows, back], edit=True)


@feature.tap(Category, role=Role.CONSULTANT)
def category(request: Request, tap: Category) -> Screen:
    """Put it there."""
    version, files = _draft(request, tap.version), request.services.knowledge().files
    if tap.category not in {category.category for category in files.categories}:
        raise Outdated
    entries.move(request.db, version, tap.category, taken=files.entries.keys(), by=request.me)
    return editor(request, version, edit=True)


@feature.tap(Preview, role=Role.CONSULTANT)
def show(request: Request, tap: Preview) -> Screen:
    """The answer as a member would see it."""
    version = _draft(request, tap.version)
    entries.complete(version)
    back = Button("‹ " + request.t.label("Back to the draft"), Open(tap.version))
    return Screen(preview(request, version, request.t), buttons=[[back]], edit=True)


@feature.tap(Discard, role=Role.CONSULTANT)
def discard(request: Request, tap: Discard) -> Screen:
    """Throw it away; what was published stays as it is."""
    version = _draft(request, tap.version)
    if request.me.id not in version.hands and not request.me.role.reaches(Role.ORGANIZER):
        raise NotAllowed(Role.ORGANIZER)
    entries.discard(request.db, version)
    t = request.t
    return Screen(
        t("The draft of {id} is gone.", id=version.entry_id), buttons=[[Button(t.label("FAQ entries"), Home())]], edit=True
    )


def _draft(request: Request, version_id: int) -> Version:
    version = entries.get(request.db, version_id)
    entries.require(version, State.DRAFT)
    return version
