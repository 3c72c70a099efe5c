"""A second organizer's word for a notice to many: asked for with a preview, given with one tap, or sent back with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.errors import NoticeBusy, NoticeGone, NoticeUnfit
from bot.features import notices, people
from bot.features.notices import Notice, State
from bot.features.people import Member, Role
from bot.i18n import Translator
from bot.outbox import Lane
from handlers._kit import Button, Deed, Request, Screen, Tap
from handlers.notices._editor import ended
from handlers.notices._feature import Home, Judge, Open, feature
from handlers.notices._trying import show_versions
from handlers.notices._words import audience_in_words, name_of, reach_in_words, title_of

REASON_AT_MOST = 500


@dataclass(frozen=True)
class Approve(Tap, prefix="notices.approve"):
    """Yes, to what the seal stands for; `late` when it was shown that its time had passed."""

    notice: int
    seal: str
    late: bool


@dataclass(frozen=True)
class SendBack(Tap, prefix="notices.back"):
    """It needs a change."""

    notice: int


def others_who_approve(deed: Deed, notice: Notice, *, but: int | None = None) -> list[Member]:
    """The organizers who may approve it and can be written to."""
    return [
        member
        for member in people.reachable_organizers(deed.db)
        if member.id not in (notice.author_id, notice.confirmed_by, but)
    ]


def ask_others(request: Request, notice: Notice) -> None:
    """Show it to them as it will look, with what they agree to."""
    round_ = f"notice-ask:{notice.id}:{request.update_id}"
    for member in others_who_approve(request, notice):
        show_versions(request, notice, member, key=round_)
        card = proposal(request, notice, request.words(member))
        request.post(card, chat_id=member.telegram_id, key=f"{round_}:{member.id}", lane=Lane.REPLY)


def proposal(deed: Deed, notice: Notice, t: Translator, *, changed: bool = False, edit: bool = False) -> Screen:
    """To whom and when, with the choice."""
    late = _is_late(deed, notice)
    lines = [
        *([t("⚠️ This has changed since it was shown to you. This is how it is now:")] if changed else []),
        t(
            "📨 {name} asks you to approve “{title}”.",
            name=name_of(deed, notice.confirmed_by, t),
            title=title_of(deed, notice, t),
        ),
        t("For: {audience}", audience=audience_in_words(deed, notice.audience, t)),
        *reach_in_words(deed, notice, t),
    ]
    if late:
        lines.append(t("The time that was chosen has passed: it would go out at once."))
    elif notice.due_at is not None:
        lines.append(t("It goes out <b>{when}</b>.", when=t.when(notice.due_at)))
    else:
        lines.append(t("It goes out as soon as you approve it."))
    number = notice.id or 0
    agreed = Approve(number, notices.seal(deed.db, notice, at=notice.due_at), late)
    choice = [Button("✅ " + t.label("Approve"), agreed), Button("↩️ " + t.label("Send back"), SendBack(number))]
    return Screen(Markup("\n").join(lines), buttons=[choice], edit=edit)


def _is_late(deed: Deed, notice: Notice) -> bool:
    return notice.due_at is not None and notice.due_at <= deed.now


@feature.tap(Judge, role=Role.ORGANIZER)
def judge(request: Request, tap: Judge) -> Screen:
    """The choice, also for whoever opened it from the list; raises NoticeBusy or NoticeUnfit."""
    notice = notices.get(request.db, tap.notice)
    _require_theirs(request, notice)
    return proposal(request, notice, request.t, edit=True)


@feature.tap(Approve, role=Role.ORGANIZER)
def approve(request: Request, tap: Approve) -> Screen:
    """It goes out; where content, count or time are not as they were shown, they are shown again."""
    t, notice = request.t, notices.get(request.db, tap.notice)
    if notice.state is State.ASKED and tap.late != _is_late(request, notice):
        return proposal(request, notice, t, changed=True, edit=True)
    if not notices.approve(request.db, notice, agreed=tap.seal, by=request.me, now=request.now):
        return proposal(request, notice, t, changed=True, edit=True)
    request.hurry()
    _tell_author(request, notice, approved=True)
    done = t("✅ You approved “{title}”.", title=title_of(request, notice, t))
    when = t("It goes out <b>{when}</b>.", when=t.when(notice.due_at or request.now))
    now = t("It goes out <b>now</b>.")
    is_now = notice.due_at is None or notice.due_at <= request.now
    return Screen(done + Markup("\n") + (now if is_now else when), buttons=[[_home(t)]], edit=True)


@feature.tap(SendBack, role=Role.ORGANIZER)
def ask_why(request: Request, tap: SendBack) -> Screen:
    """Wait for the reason."""
    t, notice = request.t, notices.get(request.db, tap.notice)
    _require_theirs(request, notice)
    request.me.expects("notices.why", notice=notice.id)
    return Screen(
        t(
            "What should be changed in “{title}”? Write it in a few words. To stop: /cancel.",
            title=title_of(request, notice, t),
        )
    )


@feature.step("why", role=Role.ORGANIZER)
def send_back(request: Request) -> Screen:
    """It is a draft again, and its author hears why."""
    t = request.t
    try:
        notice = notices.get(request.db, int(request.pending["notice"]))
        _require_theirs(request, notice)
    except (NoticeGone, NoticeBusy) as error:
        return ended(request, error)
    note = " ".join(request.text.split())[:REASON_AT_MOST]
    if not note:
        raise NoticeUnfit("why")
    _tell_author(request, notice, approved=False, note=note)
    notices.send_back(request.db, notice, note=note, now=request.now)
    return Screen(t("Thank you. I pass it on; the notice is a draft again."), buttons=[[_home(t)]])


def _require_theirs(request: Request, notice: Notice) -> None:
    if notice.state is not State.ASKED:
        raise NoticeBusy(notice.state)
    if request.me.id in (notice.author_id, notice.confirmed_by):
        raise NoticeUnfit("own")


def _tell_author(request: Request, notice: Notice, *, approved: bool, note: str = "") -> None:
    """Whoever confirmed it hears what became of it."""
    author = request.db.get(Member, notice.confirmed_by) if notice.confirmed_by is not None else None
    if author is None:
        return
    t = request.words(author)
    title, name = title_of(request, notice, t), request.me.shown_name
    words = (
        t("✅ {name} approved “{title}”.", name=name, title=title)
        if approved
        else t("↩️ {name} sent “{title}” back: {note}", name=name, title=title, note=note)
    )
    card = Screen(words, buttons=[[Button(t.label("Open the notice"), Open(notice.id or 0))]])
    key = f"notice-verdict:{notice.id}:{request.update_id}"
    request.post(card, chat_id=author.telegram_id, key=key, lane=Lane.ANSWER)


def _home(t: Translator) -> Button:
    return Button("‹ " + t.label("Notices"), Home())
