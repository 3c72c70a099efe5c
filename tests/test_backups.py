"""Backup and restore: one file, either kind of database, and nothing goes out afterwards until somebody decides."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select
from typer.testing import CliRunner

from bot import backups, inbox, outbox
from bot.cli import app
from bot.db import Database
from bot.errors import BackupUnusable, DatabaseBusy
from bot.features import people
from bot.features.people import Invitation, Member, Role
from bot.features.questions import Question, State
from bot.inbox import InboxRow
from bot.lease import Lease
from bot.outbox import Lane, OutboxRow
from tests.conftest import NOON, SetClock
from tests.test_cli import fails
from tests.town import Town

BEFORE = NOON - timedelta(hours=2)
FAR_AWAY = NOON + timedelta(days=36_500)
LANES = (Lane.REPLY, Lane.ANSWER, Lane.REMINDER, Lane.NOTICE)


def _inhabit(database: Database) -> None:
    """A member with words in Chinese and a pending step, two questions that point at each other's end, promises."""
    with database.transaction() as db:
        member = people.meet(
            db, telegram_id=7_000_000_001, name="王芳 😀", language_code="zh-hans", default="en", timezone="Asia/Shanghai",
            now=NOON,
        )  # fmt: skip
        member.role = Role.OWNER
        member.expects("people.city", until=NOON.isoformat(), tries=[1, None, "二"])
        later = _question(db, member, None)
        early = _question(db, member, later.id)
        assert (early.id or 0) > (later.id or 0)
        later.merged_into_id = early.id
        _owe(db)
        inbox.receive(db.connection(), [{"update_id": 9, "message": {"chat": {"id": 5}, "text": "?"}}], now=BEFORE)


def _question(db: Session, member: Member, into: int | None) -> Question:
    question = Question(
        number=None, asker_id=member.id or 0, anonymous=False, language="en", text='Who\n"pays"?', category="recruitment",
        nearly=[], chat_id=5, message_id=1, state=State.OPEN, created_at=NOON, merged_into_id=into,
    )  # fmt: skip
    db.add(question)
    db.flush()
    return question


def _owe(db: Session) -> None:
    """A message in each lane that is due, and one for tomorrow."""
    for lane in LANES:
        payload = {"chat_id": 5, "text": f"old {lane.name.lower()}"}
        outbox.enqueue(
            db,
            chat_id=5 + lane,
            method="sendMessage",
            payload=payload,
            now=BEFORE,
            lane=lane,
            key=f"old:{lane}",
            about="old",
        )
    outbox.enqueue(
        db, chat_id=5, method="sendMessage", payload={"text": "later"}, now=BEFORE, due_at=FAR_AWAY, key="later"
    )


def _all(database: Database) -> dict[str, Sequence[object]]:
    """Everything that is stored, but who delivers."""
    with database.reading() as db:
        members = [(m.telegram_id, m.telegram_name, m.role, m.pending, m.created_at) for m in db.exec(select(Member))]
        found = db.exec(select(Question).order_by(col(Question.id)))
        asked = [(q.id, q.text, q.merged_into_id, q.anonymous, q.nearly, q.sent_at) for q in found]
        owed = [
            (r.id, r.key, r.payload, r.state, r.due_at) for r in db.exec(select(OutboxRow).order_by(col(OutboxRow.id)))
        ]
        heard = [(r.update_id, r.payload, r.received_at) for r in db.exec(select(InboxRow))]
    return {"members": members, "asked": asked, "owed": owed, "heard": heard}


@pytest.fixture
def inhabited(database: Database) -> Database:
    """A database of either kind with something in it."""
    _inhabit(database)
    return database


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_s23_what_was_backed_up_comes_back_in_either_kind_of_database(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    source: Database = request.getfixturevalue("sqlite" if kind == "postgres" else "postgres")
    target: Database = request.getfixturevalue(kind)
    _inhabit(source)
    made = backups.make(source, tmp_path / "x.backup", now=NOON)
    restored = backups.restore(target, tmp_path / "x.backup", now=NOON)
    assert made.rows == restored.rows
    assert _all(target) == _all(source)
    with target.transaction() as db:  # new ids go on behind the old ones
        assert (_question(db, db.exec(select(Member)).one(), None).id or 0) > 2
        assert outbox.enqueue(db, chat_id=1, method="sendMessage", payload={}, now=NOON, key="new")
    with target.reading() as db:
        newest = db.exec(select(OutboxRow).where(OutboxRow.key == "new")).one()
        assert newest.id is not None
        assert newest.id > 5


def test_s23_after_a_restore_only_what_is_promised_anew_is_claimed(inhabited: Database, tmp_path: Path) -> None:
    with inhabited.connection() as connection:
        assert [parcel.key for parcel in outbox.claim(connection, now=NOON, limit=1)] == ["old:0"]
    backups.make(inhabited, tmp_path / "x.backup", now=NOON)
    backups.restore(inhabited, tmp_path / "x.backup", now=NOON, force=True)
    with inhabited.transaction() as db:
        outbox.enqueue(db, chat_id=5, method="sendMessage", payload={}, now=NOON, key="new")
    with inhabited.connection() as connection:
        assert [parcel.key for parcel in outbox.claim(connection, now=NOON, limit=50)] == ["new"]
    with inhabited.reading() as db:
        late = outbox.overdue(db, now=NOON)
        assert (late.answers, late.reminders, late.notices) == (2, 1, 1)
        assert db.exec(select(OutboxRow.uncertain_at).where(OutboxRow.key == "old:0")).one() == NOON


@pytest.mark.parametrize(("void", "goes"), [(False, 4), (True, 0)])
def test_s23_from_the_command_line_what_is_overdue_is_released_or_void(
    inhabited: Database, tmp_path: Path, void: bool, goes: int
) -> None:
    backups.make(inhabited, tmp_path / "x.backup", now=NOON)
    backups.restore(inhabited, tmp_path / "x.backup", now=NOON, force=True)
    assert backups.decide(inhabited, void=void, now=NOON) == 4
    with inhabited.connection() as connection:
        assert len(outbox.claim(connection, now=NOON, limit=50)) == goes
    with inhabited.reading() as db:
        assert inbox.depth(db) == (0 if void else 1)
        assert db.exec(select(OutboxRow.state).where(OutboxRow.key == "later")).one() == "due"
    with pytest.raises(BackupUnusable, match="Nothing is held"):
        backups.decide(inhabited, void=void, now=NOON)


def test_s23_a_database_that_holds_something_is_replaced_by_force_only(inhabited: Database, tmp_path: Path) -> None:
    backups.make(inhabited, tmp_path / "x.backup", now=NOON)
    with inhabited.transaction() as db:
        db.exec(select(Member)).one().city = "Lhasa"
    with pytest.raises(BackupUnusable, match="not empty"):
        backups.restore(inhabited, tmp_path / "x.backup", now=NOON)
    with inhabited.reading() as db:
        assert db.exec(select(Member)).one().city == "Lhasa"
    backups.restore(inhabited, tmp_path / "x.backup", now=NOON, force=True)
    with inhabited.reading() as db:
        assert db.exec(select(Member)).one().city is None


def test_s23_while_the_bot_runs_it_is_backed_up_but_not_restored(inhabited: Database, tmp_path: Path) -> None:
    bot = Lease(Database(inhabited.url))
    bot.take()
    backups.make(inhabited, tmp_path / "x.backup", now=NOON)
    with pytest.raises(DatabaseBusy, match="already running"):
        backups.restore(inhabited, tmp_path / "x.backup", now=NOON, force=True)
    bot.give_back()


def test_a_backup_shows_one_moment_whatever_is_written_meanwhile(inhabited: Database, tmp_path: Path) -> None:
    with inhabited.snapshot() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM members").scalar()
        with inhabited.transaction() as db:
            db.add(Member(telegram_id=2, telegram_name="Li", created_at=NOON))
        assert connection.exec_driver_sql("SELECT count(*) FROM members").scalar() == 1


def test_a_restore_that_fails_leaves_everything_as_it_was(inhabited: Database, tmp_path: Path) -> None:
    file = tmp_path / "x.backup"
    backups.make(inhabited, file, now=NOON)
    lines = gzip.decompress(file.read_bytes()).decode().splitlines()
    twice = next(line for line in lines if "王芳" in line)
    lines.insert(lines.index(twice), twice)
    end = lines[-1].replace('"members":1', '"members":2')
    file.write_bytes(gzip.compress("\n".join([*lines[:-1], end]).encode()))
    before = _all(inhabited)
    with pytest.raises(BackupUnusable, match=r"cannot be restored here .*Nothing was changed") as raised:
        backups.restore(inhabited, file, now=NOON, force=True)
    assert isinstance(raised.value.__cause__, IntegrityError)
    assert _all(inhabited) == before
    assert not Lease(inhabited).is_taken()


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


def _shortened(content: bytes) -> bytes:
    return gzip.compress(b"\n".join(gzip.decompress(content).splitlines()[:-1]))


def _without_a_row(content: bytes) -> bytes:
    lines = gzip.decompress(content).splitlines(keepends=True)
    return gzip.compress(b"".join(line for line in lines if b"old:0" not in line))


@pytest.mark.parametrize(
    "harm", [_cut, _flipped, _shortened, _without_a_row, lambda _: b"", lambda _: b"no gzip at all"]
)
def test_s23_a_damaged_file_is_refused_with_a_sentence(sqlite: Database, tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    file = tmp_path / "x.backup"
    _inhabit(sqlite)
    backups.make(sqlite, file, now=NOON)
    file.write_bytes(harm(file.read_bytes()))
    with pytest.raises(BackupUnusable, match="is no backup"):
        backups.restore(sqlite, file, now=NOON, force=True)
    with sqlite.reading() as db:
        assert db.exec(select(Member)).one().telegram_name == "王芳 😀"


def test_s23_a_backup_of_a_newer_version_is_refused(sqlite: Database, tmp_path: Path) -> None:
    _inhabit(sqlite)
    with sqlite.connection() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'from-the-future'")
    backups.make(sqlite, tmp_path / "x.backup", now=NOON)
    with pytest.raises(BackupUnusable, match=r"newer version .*from-the-future"):
        backups.restore(Database(f"sqlite:///{tmp_path / 'new.db'}"), tmp_path / "x.backup", now=NOON)


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    old, new = (Database(f"sqlite:///{tmp_path / name}.db") for name in ("old", "new"))
    with old.connection() as connection:
        old.migrate_on(connection, "0006")
        connection.exec_driver_sql(
            "INSERT INTO invitations (code, role, uses_left, created_at) VALUES ('c', 'owner', 1, '2026-11-23 04:00:00.000000')"
        )
    backups.make(old, tmp_path / "x.backup", now=NOON)
    backups.restore(new, tmp_path / "x.backup", now=NOON)
    with new.reading() as db:
        assert db.exec(select(Invitation.created_at)).one() == NOON
        assert outbox.standing(db).held_at == NOON
    assert new.version() != "0006"


def test_a_damaged_database_is_not_backed_up(sqlite: Database, tmp_path: Path) -> None:
    _inhabit(sqlite)
    assert sqlite.file is not None
    with sqlite.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        root = connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ix_outbox_message'"
        ).scalar()
        size = connection.exec_driver_sql("PRAGMA page_size").scalar()
    sqlite.close()
    with sqlite.file.open("r+b") as file:
        file.seek((int(root or 0) - 1) * int(size or 0))
        file.write(b"\xff" * 64)
    with pytest.raises(BackupUnusable, match="is damaged"):
        backups.make(Database(sqlite.url), tmp_path / "x.backup", now=NOON)
    assert not list(tmp_path.glob("*backup*"))


# The command line


def test_backup_and_restore_from_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "no database" in fails(capsys, monkeypatch, "backup")
    assert CliRunner().invoke(app, ["migrate"]).exit_code == 0
    _inhabit(Database("sqlite:///smallwins.db"))
    made = CliRunner().invoke(app, ["backup", "x.backup"])
    assert made.exit_code == 0
    assert made.stdout.startswith("x.backup: ")
    assert Path("x.backup").stat().st_mode & 0o077 == 0, "it holds what people wrote"
    assert "is there already" in fails(capsys, monkeypatch, "backup", "x.backup")
    assert CliRunner().invoke(app, ["backup", "x.backup", "--force"]).exit_code == 0
    assert "not empty" in fails(capsys, monkeypatch, "restore", "x.backup")
    assert "Nothing is held" in fails(capsys, monkeypatch, "restore", "--release")
    assert CliRunner().invoke(app, ["restore", "x.backup", "--force"]).exit_code == 0
    shown = CliRunner().invoke(app, ["status"])
    assert shown.exit_code == 2
    assert "2 answers, 1 reminders, 1 notices are overdue" in shown.stdout
    assert "4 overdue messages are released" in CliRunner().invoke(app, ["restore", "--release"]).stdout
    assert CliRunner().invoke(app, ["restore"]).exit_code == 2


def test_status_shows_who_runs_and_what_waits(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "no database" in fails(capsys, monkeypatch, "status")
    assert CliRunner().invoke(app, ["migrate"]).exit_code == 0
    stopped = CliRunner().invoke(app, ["status"])
    assert (stopped.exit_code, "No process is running." in stopped.stdout) == (2, True)
    lease = Lease(Database("sqlite:///smallwins.db"))
    lease.take()
    with sqlite3.connect("smallwins.db") as connection:
        connection.execute("INSERT INTO delivery (id, term, owner) VALUES (1, 1, 'clinic, process 42')")
    connection.close()
    running = CliRunner().invoke(app, ["status"])
    lease.give_back()
    assert running.exit_code == 0, running.stdout
    assert "clinic, process 42" in running.stdout
    assert "0 sent; 0 failed, 0 uncertain" in running.stdout


# Conversations


def _restored(town: Town, folder: Path) -> None:
    """The town two hours later, on a backup of itself in which messages were owed."""
    people_of = (town.trainee, town.other_trainee, town.trainee, town.other_trainee)
    with town.database.transaction() as db:
        for lane, person in zip(LANES, people_of, strict=True):
            outbox.enqueue(
                db, chat_id=person.id, method="sendMessage", payload={"chat_id": person.id, "text": f"old {lane.name.lower()}"},
                now=town.now(), lane=lane, key=f"old:{lane}", about="old",
            )  # fmt: skip
    backups.make(town.database, folder / "x.backup", now=town.now())
    backups.restore(town.database, folder / "x.backup", now=town.now(), force=True)
    town.restarts()


def _old(town: Town) -> list[str]:
    seats = [town.private(person) for person in (town.trainee, town.other_trainee)]
    return sorted(text for seat in seats for text in seat.texts if text.startswith("old "))


def test_s23_after_a_restore_the_organizer_is_asked_and_releases(town: Town, clock: SetClock, tmp_path: Path) -> None:
    _restored(town, tmp_path)
    organizer, trainee = town.private(town.organizer), town.private(town.trainee)
    organizer.sees("Overdue: answers 2, reminders 1, notices 1, messages not yet read 0.")
    assert _old(town) == []
    trainee.says("/ask How do we find our first peer supporter? Why look for just one?")
    assert "Ask an expert" in " ".join(trainee.buttons(trainee.last.text)), "who writes now is answered"
    clock.moves(days=8)  # nothing that the clock wakes goes out either
    town.settle()
    assert len([text for text in organizer.texts if "restored from a backup" in text]) == 1
    organizer.taps("Release")
    assert _old(town) == ["old answer", "old notice", "old reminder", "old reply"]
    organizer.sees("Decided by Zhao Lei. Overdue messages that go out now: 4; dropped: 0.")


def test_s23_the_organizer_voids_all_or_all_but_answers(town: Town, tmp_path: Path) -> None:
    _restored(town, tmp_path)
    second = town.person("Wu Jing", "zh-hans", Role.ORGANIZER)
    organizer = town.private(town.organizer)
    organizer.taps("Release answers, void the rest")
    assert _old(town) == ["old answer", "old reply"]
    assert "已经有人决定" not in "".join(town.private(second).texts)
    with pytest.raises(StopIteration):
        organizer.taps("Void")


def test_s23_the_decision_is_about_what_was_shown_and_is_made_once(town: Town, clock: SetClock, tmp_path: Path) -> None:
    second = town.person("Wu Jing", "zh-hans", Role.ORGANIZER)
    with town.database.transaction() as db:
        outbox.enqueue(
            db, chat_id=town.trainee.id, method="sendMessage", payload={"chat_id": town.trainee.id, "text": "old, for later"},
            now=clock.now, due_at=clock.now + timedelta(hours=1), lane=Lane.REMINDER, key="later",
        )  # fmt: skip
    _restored(town, tmp_path)
    clock.moves(hours=2)
    organizer, colleague = town.private(town.organizer), town.private(second)
    tap = organizer.taps("Void")
    assert "More has become due" in str(tap.text)
    organizer.sees("reminders 2")
    organizer.taps("Void")
    assert _old(town) == []
    colleague.sees("Zhao Lei已决定：现在发出过期消息0条，作废5条。")
