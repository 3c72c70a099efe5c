"""README and Dockerfile say what is true."""

from __future__ import annotations

import re
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def test_the_table_of_settings_is_the_settings() -> None:
    rows = dict(re.findall(r"^\| `SMALLWINS_(\w+)` \| ([^|]+) \|", README, re.MULTILINE))
    assert set(rows) == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        shown = rows[name.upper()].strip("`")
        default = field.default
        assert shown == ("–" if default is None else f"{default:g}" if isinstance(default, float) else str(default))


def test_every_command_that_readme_names_exists() -> None:
    named = set(re.findall(r"`smallwins ([a-z]+)", README)) | set(re.findall(r"bin/smallwins ([a-z]+)", README))
    for command in named:
        result = CliRunner().invoke(app, [command, "--help"])
        assert result.exit_code == 0, command


def test_every_file_that_readme_shows_is_there() -> None:
    for path in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / path).is_file(), path


def test_the_pictures_paths_and_commands_of_the_dockerfile_are_true() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
    command = re.search(r'^CMD \["smallwins", "(\w+)"\]$', DOCKERFILE, re.MULTILINE)
    assert command is not None
    assert f"`smallwins {command[1]}`" in README
    assert "USER smallwins" in DOCKERFILE
    assert DOCKERFILE.count("FROM ") == 2
    assert "HEALTHCHECK" in DOCKERFILE
    assert "VOLUME /data" in DOCKERFILE
    assert "docker build -t smallwins ." in README


def test_ci_runs_readmes_test_line() -> None:
    lines = [line.strip() for line in README.splitlines() if line.startswith("    ") and "pytest" in line]
    assert len(lines) == 1
    assert "grep -m1 -E '^    .*pytest' README.md" in (ROOT / ".ci/run").read_text("utf-8")
