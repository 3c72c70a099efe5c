"""The log: what was done in the groups, by whom and why, and the way to undo it."""

from __future__ import annotations

from markupsafe import Markup

from bot.features import moderation
from bot.features.people import Role
from handlers._kit import Button, Request, Screen
from handlers.moderation._feature import Log, Undo, feature
from handlers.moderation._measures import entry, take_back, undo_button

PAGE = 6


@feature.tap(Log, role=Role.ORGANIZER)
def show_log(request: Request, tap: Log) -> Screen:
    """The newest entries, or older ones."""
    return _page(request, tap.before or None)


def _page(request: Request, before: int | None) -> Screen:
    t = request.t
    found = moderation.log(request.db, limit=PAGE + 1, before=before)
    if not found:
        return Screen(t("Nothing was done about anybody. A good sign."), edit=True)
    shown = found[:PAGE]
    text = Markup("\n\n").join(Markup("#{} ").format(one.id) + entry(request, one, t) for one in shown)
    undoing = [undo_button(one, t) for one in shown if one.undone_at is None]
    rows = [undoing[i : i + 3] for i in range(0, len(undoing), 3)]
    if len(found) > PAGE:
        rows.append([Button(t.label("Older ›"), Log(shown[-1].id or 0))])
    return Screen(text, buttons=rows, edit=True)


@feature.tap(Undo, role=Role.ORGANIZER)
def undo(request: Request, tap: Undo) -> Screen:
    """Take it back; who comes second sees who did."""
    measure, t = take_back(request, tap.measure), request.t
    if tap.listed:
        return _page(request, None)
    return Screen(entry(request, measure, t), edit=True)
