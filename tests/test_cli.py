"""The command line: what it prints, how it ends, and that no traceback is ever shown."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app, main
from bot.sandbox.demo import demo_world
from bot.sandbox.server import Running, serve_in_thread

CLI = CliRunner()


@pytest.fixture
def telegram() -> Iterator[Running]:
    """A served sandbox in place of Telegram."""
    with serve_in_thread(demo_world()) as running:
        yield running


@pytest.fixture
def connected(telegram: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """Settings that lead to the sandbox."""
    monkeypatch.setenv("SMALLWINS_TOKEN", telegram.token)
    monkeypatch.setenv("SMALLWINS_API_URL", telegram.url)
    return telegram


def fails(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """Run a command that has to end with status 2 and one sentence; gives the sentence."""
    monkeypatch.setattr("sys.argv", ["smallwins", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


def test_run_without_a_token_says_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "SMALLWINS_TOKEN is not set" in fails(capsys, monkeypatch, "run")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TOKEN", "hello", "not a bot token"),
        ("TIMEZONE", "Mars/Olympus", "no time zone 'Mars/Olympus'"),
        ("API_URL", "telegram", "not an address"),
        ("DATA", "/nowhere", "no folder"),
        ("LANGUAGE", "fr", "SMALLWINS_LANGUAGE"),
        ("LISTEN", "8080", "host:port"),
        ("WEBHOOK_URL", "https://example.org", "SMALLWINS_WEBHOOK_SECRET"),
        ("DATABASE_URL", "mysql://x", "SQLite file"),
    ],
)
def test_a_wrong_setting_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv("SMALLWINS_TOKEN", "123456:abcdefghijkl")
    monkeypatch.setenv(f"SMALLWINS_{name}", value)
    assert words in fails(capsys, monkeypatch, "migrate" if name == "DATABASE_URL" else "run")


def test_a_token_that_telegram_does_not_know_ends_with_a_sentence(
    connected: Running, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMALLWINS_TOKEN", "999999:wrong-token-altogether")
    assert "does not know SMALLWINS_TOKEN" in fails(capsys, monkeypatch, "run")


def test_a_database_from_a_newer_version_is_refused(
    connected: Running, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CLI.invoke(app, ["migrate"]).exit_code == 0
    with sqlite3.connect("smallwins.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    connection.close()
    assert "newer version" in fails(capsys, monkeypatch, "run")


def test_migrate_makes_the_database_and_is_harmless_twice() -> None:
    for _ in range(2):
        result = CLI.invoke(app, ["migrate"])
        assert result.exit_code == 0
    assert Path("smallwins.db").is_file()


def test_invite_owner_prints_a_link_that_works_once(connected: Running) -> None:
    result = CLI.invoke(app, ["invite", "owner"])
    assert result.exit_code == 0
    assert result.stdout.startswith("https://t.me/SmallWinsBot?start=")


def test_invite_for_an_unknown_role_names_the_roles(
    connected: Running, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "owner, organizer, consultant, trainee" in fails(capsys, monkeypatch, "invite", "king")


def test_check_is_content_with_a_good_setup(connected: Running) -> None:
    result = CLI.invoke(app, ["check"])
    assert result.exit_code == 0, result.stdout
    for what in ("settings", "database", "catalogues", "content", "token"):
        assert f"ok   {what}:" in result.stdout


def test_check_names_file_and_line_of_broken_content(
    connected: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "own" / "faq"
    own.mkdir(parents=True)
    (own / "recruitment.yaml").write_text("category: recruitment\ntitle: {en: R, zh: R}\nentries:\n  - id: no spaces here\n")
    monkeypatch.setenv("SMALLWINS_DATA", str(tmp_path / "own"))
    result = CLI.invoke(app, ["check"])
    assert result.exit_code == 2
    assert "recruitment.yaml:4:" in result.stdout


def test_check_without_a_token_says_so_and_looks_at_the_rest() -> None:
    result = CLI.invoke(app, ["check"])
    assert result.exit_code == 2
    assert "BAD  token: SMALLWINS_TOKEN is not set" in result.stdout
    assert "ok   content" in result.stdout


def test_faq_match_answers_line_by_line_and_names_a_broken_line() -> None:
    lines = [json.dumps({"text": "How do we find our first peer supporter? Why just one?"}), "not json",
             json.dumps({"text": "谢谢", "lang": "zh_Hans"})]
    result = CLI.invoke(app, ["faq", "match"], input="\n".join(lines))
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [sorted(answer) for answer in answers] == [["decision", "entries", "ms", "text"]] * 2
    assert "line 2 is not JSON" in result.stderr
    assert result.exit_code == 2


def test_an_unknown_command_ends_with_status_two() -> None:
    assert CLI.invoke(app, ["dance"]).exit_code == 2
