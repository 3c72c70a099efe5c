"""/notice: drafts, what waits, what runs and what went out lately; and the beginning of a new one."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.features import notices
from bot.features.notices import Notice, State
from bot.features.people import Role
from bot.i18n import Translator
from handlers._kit import Button, Request, Screen, Tap
from handlers.notices._feature import Home, Open, feature
from handlers.notices._words import ICONS, title_of

_SECTIONS = (
    (State.DRAFT,),
    (State.ASKED, State.SCHEDULED),
    (State.RUNNING, State.PAUSED, State.STOPPED, State.DONE),
)
SHOWN = 6
"""Notices of one section; the others come up again when these are done."""


@dataclass(frozen=True)
class New(Tap, prefix="notices.new"):
    """Begin a new one."""


@feature.command("notice", role=Role.ORGANIZER)
def list_notices(request: Request) -> Screen:
    """All notices that matter now."""
    return home(request, edit=False)


@feature.tap(Home, role=Role.ORGANIZER)
def again(request: Request, _tap: Home) -> Screen:
    """Back to the list: drafts are kept as they are."""
    request.me.pending = None
    return home(request, edit=True)


def home(request: Request, *, edit: bool) -> Screen:
    """A button for each notice, and one for a new one."""
    t = request.t
    found = [notices.listed(request.db, *states)[:SHOWN] for states in _SECTIONS]
    drafts, waiting, past = map(len, found)
    lines = [t("<b>Notices</b>")]
    lines += (
        [t.n("✏️ {n} draft, kept until you delete it", "✏️ {n} drafts, kept until you delete them", drafts)]
        if drafts
        else []
    )
    lines += [t.n("🕘 {n} waits to go out", "🕘 {n} wait to go out", waiting)] if waiting else []
    lines += [t.n("📣 {n} went out or is on its way", "📣 {n} went out or are on their way", past)] if past else []
    if len(lines) == 1:
        lines.append(t("There is none yet. A notice reaches many people at once, in private and in groups."))
    rows = [[_button(request, notice, t)] for section in found for notice in section]
    return Screen(Markup("\n").join(lines), buttons=[[Button("➕ " + t.label("New notice"), New())], *rows], edit=edit)


def _button(request: Request, notice: Notice, t: Translator) -> Button:
    when = f" · {t.when(notice.due_at)}" if notice.state is State.SCHEDULED and notice.due_at else ""
    return Button(f"{ICONS[notice.state]} {title_of(request, notice, t)}{when}", Open(notice.id or 0))


@feature.tap(New, role=Role.ORGANIZER)
def new(request: Request, _tap: New) -> Screen:
    """Wait for what it says."""
    request.me.expects("notices.content", notice=0, language="", since=request.now.isoformat())
    return Screen(
        request.t(
            "Send me the notice as people shall see it: a text with its formatting, or a photo, file, video, "
            "album, GIF, music, voice message or poll. You can add other languages afterwards. To stop: /cancel."
        ),
        buttons=[[Button("‹ " + request.t.label("Notices"), Home())]],
        edit=True,
    )
