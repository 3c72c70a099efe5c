"""/entries: drafts, what waits for approval or translation, what is to be checked or reviewed; and one entry's card."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.errors import ContentInvalid, Outdated
from bot.features import entries
from bot.features.entries import State, Version, id_of
from bot.features.faq import pairing
from bot.features.people import Role
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen
from handlers.entries._approving import proposal
from handlers.entries._editing import editor
from handlers.entries._feature import (
    Card,
    Edit,
    Home,
    Open,
    feature,
    in_private,
    language_name,
    name_of,
    other,
    present,
    shortened,
)
from handlers.entries._reviewing import review_buttons

SHOWN = 8
"""Items of one kind; the rest comes when these are done."""


@feature.command("entries", role=Role.CONSULTANT)
def list_entries(request: Request) -> Screen:
    """What is to be done; with an id, that entry."""
    if request.text:
        return card(request, request.text.split()[0])
    return home(request)


@feature.tap(Home, role=Role.CONSULTANT)
def again(request: Request, _tap: Home) -> Screen:
    """Back to the list."""
    screen = home(request)
    return Screen(screen.text, screen.buttons, edit=True)


def home(request: Request) -> Screen:
    """Each kind of work with its items as buttons."""
    t = request.t
    drafts = _versions("✏️", entries.in_state(request.db, State.DRAFT, limit=None))
    waiting = _versions("⏳", entries.in_state(request.db, State.WAITING, limit=None))
    foreign, apart, past = untranslated(request, t), _apart(request), _past(request)
    sections = [
        (t("✏️ Drafts: {n}", n=len(drafts)), drafts),
        (t("⏳ Waiting for approval: {n}", n=len(waiting)), waiting),
        (t("🌐 Waiting for translation: {n}", n=len(foreign)), foreign),
        (t("👀 To be checked, since the other language changed: {n}", n=len(apart)), apart),
        (t("📅 Past their review day: {n}", n=len(past)), past),
    ]
    lines = [line for line, items in sections if items]
    rows = [[button] for _line, items in sections for button in items[:SHOWN]]
    if not lines:
        lines = [t("Nothing is to be done. Thank you!")]
    hint = t("To change an entry, write /entries and its id, such as {example}.", example="recruitment.start-with-one")
    return Screen(Markup("\n").join([t("<b>FAQ entries</b>"), *lines, Markup(), hint]), buttons=rows)


def _versions(icon: str, versions: Sequence[Version]) -> list[Button]:
    return [
        Button(f"{icon} {shortened(version.question or version.entry_id)}", Open(id_of(version))) for version in versions
    ]


def untranslated(request: Request, t: Translator) -> list[Button]:
    """Entries that members find in one language only, and that nobody is translating."""
    found = []
    for entry_id, language in _written(request).items():
        missing = other(language)
        if entries.open_version(request.db, entry_id, missing) is None:
            shown = present(request, entry_id, language)
            label = language_name(missing, t)
            found.append(Button(f"🌐 {label}: {shortened(shown[0] if shown else entry_id, 45)}", Edit(entry_id, missing)))
    return found


def _written(request: Request) -> dict[str, str]:
    """Entries in exactly one language, and that language."""
    languages: dict[str, set[str]] = {}
    for entry in request.services.knowledge().files.entries.values():
        if entry.en is None or entry.zh is None:
            languages[entry.id] = {"en"} if entry.en else {"zh"}
    both = request.services.knowledge().files.entries.keys() - languages.keys()
    for version in entries.all_published(request.db):
        if version.entry_id not in both:
            languages.setdefault(version.entry_id, set()).add(version.language)
    return {entry_id: next(iter(found)) for entry_id, found in languages.items() if len(found) == 1}


def _apart(request: Request) -> list[Button]:
    return [Button(f"👀 {shortened(entry_id)}", Card(entry_id)) for entry_id in _ids_apart(request)]


def _ids_apart(request: Request) -> list[str]:
    """Entries of which one language changed, at the desk or in their file."""
    ids = [version.entry_id for version in entries.to_check(request.db)]
    at_desk = {version.entry_id for version in entries.all_published(request.db)}
    try:
        pairs = pairing.read(request.services.settings.content_folders)
    except ContentInvalid:  # `smallwins check` tells the operator
        pairs = {}
    files = request.services.knowledge().files
    ids += [one.entry_id for one in pairing.apart(files.entries.values(), pairs) if one.entry_id not in at_desk]
    return list(dict.fromkeys(ids))


def _past(request: Request) -> list[Button]:
    past = {version.entry_id: version for version in entries.past_review(request.db, now=request.now)}
    return [Button(f"📅 {shortened(version.question)}", Card(entry_id)) for entry_id, version in past.items()]


@feature.tap(Open, role=Role.CONSULTANT)
def open_version(request: Request, tap: Open) -> Screen:
    """The editor of a draft, the proposal that waits, the card of what is published."""
    version = entries.get(request.db, tap.version)
    if version.state is State.DRAFT:
        return in_private(request, editor(request, version, edit=True), key=f"entries:open:{request.update_id}")
    if version.state is State.WAITING:
        screen = proposal(request, version, request.t)
        return Screen(screen.text, screen.buttons, edit=True)
    return _card_screen(request, version.entry_id, edit=True)


@feature.tap(Card, role=Role.CONSULTANT)
def open_card(request: Request, tap: Card) -> Screen:
    """One entry in place of the list."""
    return _card_screen(request, tap.entry, edit=True)


def card(request: Request, entry_id: str) -> Screen:
    """One entry by its id."""
    t = request.t
    if not any(present(request, entry_id, language) for language in ("en", "zh")):
        return Screen(t("I know no entry “{id}”. The ids stand in the content files.", id=entry_id[:60]))
    return _card_screen(request, entry_id, edit=False)


def _card_screen(request: Request, entry_id: str, *, edit: bool) -> Screen:
    """Both languages with their question, who looks after it and until when it is certain."""
    t = request.t
    shown = {language: found for language in ("en", "zh") if (found := present(request, entry_id, language))}
    if not shown:
        raise Outdated
    versions = [v for language in ("en", "zh") if (v := entries.published(request.db, entry_id, language)) is not None]
    lines = [Markup("<b>{}</b>").format(entry_id)]
    lines += [Markup("{}: {}").format(language_name(language, t), found[0]) for language, found in shown.items()]
    if versions:
        owner, day = name_of(request, versions[0].owner_id), t.date(min(version.review_by for version in versions))
        lines.append(t("Looked after by {name}; to be looked at again by {date}.", name=owner, date=day))
    if hint := _to_check(request, entry_id, versions, t):
        lines.append(hint)
    rows = [[Button("✏️ " + language_name(language, t), Edit(entry_id, language)) for language in ("en", "zh")]]
    if versions:
        rows += review_buttons(entry_id, versions, request)
    rows.append([Button("‹ " + t.label("FAQ entries"), Home())])
    return Screen(Markup("\n").join(lines), buttons=rows, edit=edit)


def _to_check(request: Request, entry_id: str, versions: list[Version], t: Translator) -> Markup | None:
    changed = next((version.language for version in versions if version.to_check), None)
    if changed is None and not versions and entry_id in _ids_apart(request):
        return t(
            "👀 One language was changed in its file; the other is to be checked. When they agree, whoever runs the bot "
            "records it: smallwins faq checked {id}",
            id=entry_id,
        )
    if changed is None:
        return None
    return t(
        "👀 {changed} was changed; {other} is to be checked.",
        changed=language_name(changed, t),
        other=language_name(other(changed), t),
    )
