"""What has to be done for a session: whose it is, until when; whoever has it is reminded, and nobody else."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from markupsafe import Markup
from sqlmodel import Session

from bot import outbox, timetable
from bot.errors import NotAllowed, Outdated
from bot.features import attention
from bot.features.people import Member, Role
from bot.i18n import Translator
from bot.timetable import SessionRow, SessionTask
from handlers._kit import Button, Deed, Moment, Request, Screen
from handlers.schedule._feature import Checklist, Done, Give, NotDone, PutOff, ShowSession, ShowTask, feature
from handlers.schedule._fields import consultants, name_of
from handlers.schedule._holidays import deciders
from handlers.schedule._session import session_by
from handlers.schedule._words import kind_name, lines, task_name

AT_ONCE = 12
"""How many open items one reminder names."""

Item = tuple[SessionTask, SessionRow]


@feature.tap(Checklist, role=Role.ORGANIZER)
def checklist(request: Request, tap: Checklist) -> Screen:
    """What has to be done for a session, done or not."""
    row, t = session_by(request, tap.session), request.t
    timetable.settle(request.db, row, now=request.now)
    found = timetable.tasks(request.db, row)
    title = timetable.title(request.db, row, request.me.language) or kind_name(row.kind, t)
    text = lines(
        t("<b>To do for {title}</b>", title=title),
        t.when(row.starts_at),
        "",
        *(_line(request, row, one) for one in found),
    )
    rows = [[Button(_mark(one) + task_name(one.task, row.kind, t), ShowTask(one.id or 0))] for one in found]
    return Screen(text, buttons=[*rows, [Button("‹ " + t.label("Back"), ShowSession(row.id or 0))]], edit=True)


def _mark(task: SessionTask) -> str:
    return "✓ " if task.done_at is not None else "○ "


def _line(request: Request, row: SessionRow, task: SessionTask) -> Markup:
    t = request.t
    name = task_name(task.task, row.kind, t)
    if task.done_at is not None:
        return t("✓ {task}", task=name)
    return t("○ {task}: {name}, until {when}", task=name, name=_owner(request.db, task, t), when=t.when(task.due_at))


def _owner(db: Session, task: SessionTask, t: Translator) -> str:
    return name_of(db, task.owner_id) if task.owner_id is not None else t.label("nobody so far")


def item_by(request: Request, task_id: int) -> Item:
    """The task with this id, and its session; raises Outdated when there is none."""
    task = request.db.get(SessionTask, task_id)
    if task is None:
        raise Outdated
    return task, session_by(request, task.session_id)


def own_item(request: Request, task_id: int) -> Item:
    """The same, for whoever has it or is an organizer; raises NotAllowed for everybody else."""
    task, row = item_by(request, task_id)
    if task.owner_id != request.me.id and not request.me.role.reaches(Role.ORGANIZER):
        raise NotAllowed(Role.ORGANIZER)
    return task, row


@feature.tap(ShowTask, role=Role.ORGANIZER)
def show(request: Request, tap: ShowTask) -> Screen:
    """One thing to do: who could have it instead, and until when."""
    task, row = item_by(request, tap.task)
    return _task_screen(request, task, row)


def _task_screen(request: Request, task: SessionTask, row: SessionRow) -> Screen:
    t, id_ = request.t, task.id or 0
    state = Button("✅ " + t.label("Done"), Done(id_, listed=False))
    if task.done_at is not None:
        state = Button(t.label("Not done yet"), NotDone(id_))
    later = [Button(t.label("A day later"), PutOff(id_, 1)), Button(t.label("A week later"), PutOff(id_, 7))]
    others = [one for one in consultants(request.db) if one.id != task.owner_id]
    given = [[Button(t.label("Give to {name}", name=one.shown_name), Give(id_, one.id or 0))] for one in others]
    return Screen(
        _line(request, row, task),
        buttons=[
            [state],
            *([later, *given] if task.done_at is None else []),
            [Button("‹ " + t.label("Back"), Checklist(row.id or 0))],
        ],
        edit=True,
    )


@feature.tap(Done, role=Role.CONSULTANT)
def done(request: Request, tap: Done) -> Screen:
    """It is done; what else is open stays on the screen."""
    task, row = own_item(request, tap.task)
    timetable.finish(task, now=request.now)
    if not tap.listed:
        return _task_screen(request, task, row)
    request.db.flush()
    mine = assigned(request).get(request.me.id or 0, (request.me, []))[1]
    if not mine:
        return Screen(request.t("✓ All done. Thank you!"), edit=True)
    return reminder(request.db, request.t, mine, edit=True)


@feature.tap(NotDone, role=Role.ORGANIZER)
def not_done(request: Request, tap: NotDone) -> Screen:
    """It is open again."""
    task, row = item_by(request, tap.task)
    timetable.reopen(task)
    return _task_screen(request, task, row)


@feature.tap(Give, role=Role.ORGANIZER)
def give(request: Request, tap: Give) -> Screen:
    """It is somebody else's from now on, and they hear of it."""
    task, row = item_by(request, tap.task)
    member = next((one for one in consultants(request.db) if one.id == tap.member), None)
    if member is None:
        raise Outdated
    if task.owner_id != member.id:
        timetable.give(task, member.id or 0)
        if member.id != request.me.id:
            _tell(request, task, row, member)
    return _task_screen(request, task, row)


def _tell(request: Request, task: SessionTask, row: SessionRow, member: Member) -> None:
    t = request.words(member)
    title = timetable.title(request.db, row, member.language) or kind_name(row.kind, t)
    text = t(
        "{name} asks you to see to this for <b>{title}</b> ({when}): {task}, until {due}.",
        name=request.me.shown_name,
        title=title,
        when=t.when(row.starts_at),
        task=task_name(task.task, row.kind, t),
        due=t.when(task.due_at),
    )
    request.post(
        Screen(text, buttons=[[Button("✅ " + t.label("Done"), Done(task.id or 0, listed=True))]]),
        chat_id=member.telegram_id,
        key=f"schedule:given:{task.id}:{request.update_id}",
        due_at=attention.after_quiet(attention.of(request.db, member), member.timezone, request.now),
        heeds=outbox.QUIET,
    )


@feature.tap(PutOff, role=Role.ORGANIZER)
def put_off(request: Request, tap: PutOff) -> Screen:
    """It may be done later."""
    task, row = item_by(request, tap.task)
    if tap.days not in (1, 7):
        raise Outdated
    timetable.put_off(task, max(task.due_at, request.now) + timedelta(days=tap.days))
    return _task_screen(request, task, row)


@feature.tick(timedelta(hours=1))
def nag(moment: Moment) -> None:
    """Remind whoever has something open that is due, in one message, at most every two days and never at night."""
    for member, mine in assigned(moment).values():
        awake = attention.after_quiet(attention.of(moment.db, member), member.timezone, moment.now) == moment.now
        tasks = [task for task, _row in mine]
        if awake and timetable.may_be_nagged(tasks, now=moment.now):
            _remind(moment, member, mine)
            for task in tasks:
                task.nagged_at = moment.now


def _remind(moment: Moment, member: Member, mine: list[Item]) -> None:
    moment.post(
        reminder(moment.db, moment.words(member), mine, edit=False),
        chat_id=member.telegram_id,
        key=f"schedule:open:{member.id}:{moment.now:%Y%m%d%H%M}",
        heeds=outbox.QUIET,
    )


def assigned(deed: Deed) -> dict[int, tuple[Member, list[Item]]]:
    """Who has to see to what is due; what nobody has, or somebody who cannot be reached, falls to those who planned it."""
    found: dict[int, tuple[Member, list[Item]]] = {}
    mine: dict[int, list[Item]] = defaultdict(list)
    for task, row in timetable.due_tasks(deed.db, now=deed.now):
        for member in _right_people(deed, task, row):
            mine[member.id or 0].append((task, row))
            found[member.id or 0] = (member, mine[member.id or 0])
    return found


def _right_people(deed: Deed, task: SessionTask, row: SessionRow) -> list[Member]:
    owner = deed.db.get(Member, task.owner_id) if task.owner_id is not None else None
    if owner is not None and owner.is_reachable and owner.role.reaches(Role.CONSULTANT):
        return [owner]
    return deciders(deed, row)


def reminder(db: Session, t: Translator, mine: list[Item], *, edit: bool) -> Screen:
    """All that somebody has to see to, with a button for each."""
    shown, many = mine[:AT_ONCE], len(mine) > 1
    text = lines(
        t("<b>Still to do for the next sessions</b>"),
        *(_numbered(db, t, number, item) for number, item in enumerate(shown, start=1) if many),
        *(_item(db, t, item) for item in shown if not many),
        t("and {n} more", n=len(mine) - AT_ONCE) if len(mine) > AT_ONCE else "",
    )
    buttons = [
        Button(f"✅ {number}. {t.label('Done')}" if many else "✅ " + t.label("Done"), Done(task.id or 0, listed=True))
        for number, (task, _row) in enumerate(shown, start=1)
    ]
    return Screen(text, buttons=[buttons[at : at + 3] for at in range(0, len(buttons), 3)], edit=edit)


def _numbered(db: Session, t: Translator, number: int, item: Item) -> Markup:
    return t("{number}. {item}", number=number, item=_item(db, t, item))


def _item(db: Session, t: Translator, item: Item) -> Markup:
    task, row = item
    title = timetable.title(db, row, t.language) or kind_name(row.kind, t)
    name = task_name(task.task, row.kind, t)
    return t("{task} · {title}, {when}", task=name, title=title, when=t.when(row.starts_at))
