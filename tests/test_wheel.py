"""What ships: a wheel that holds content, catalogues, migrations and page, and runs from another folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel; the build backend is among the development extras, so nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("smallwins-*.whl"))


def test_everything_that_is_needed_travels_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for path in (
        "bot/data/faq/recruitment.yaml",
        "bot/data/sources.yaml",
        "bot/data/matching/vectors.npz",
        "bot/locales/zh_Hans/LC_MESSAGES/smallwins.po",
        "bot/migrations/env.py",
        "bot/sandbox/page/index.html",
        "bot/sandbox/schema.json",
        "handlers/_kit/__init__.py",
    ):
        assert path in names, path
    assert not [name for name in names if name.startswith("tests/")]


def test_an_installed_wheel_runs_the_demo_in_another_folder(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "installed"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(place), str(wheel)],
        check=True,
        capture_output=True,
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", "0", "--no-open"],
        cwd=tmp_path,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(place)},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    page = next(line for line in process.stdout if re.search(r"http://127\.0\.0\.1:\d+", line))
    running = next(line for line in process.stderr if "is running" in line)
    process.terminate()
    rest = process.communicate(timeout=60)[1]
    assert page
    assert running
    assert process.returncode == 0, rest
