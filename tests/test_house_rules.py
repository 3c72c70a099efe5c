"""The house rules that a machine can see: style, types, layers, names, docstrings, words, and what ships."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from bot.app import FEATURES
from handlers._kit import Tap
from handlers._kit._features import Triggers

ROOT = Path(__file__).parent.parent
CODE = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("handlers/**/*.py")])
OURS = [file for file in CODE if "migrations" not in file.parts]


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)


def test_ruff_finds_nothing() -> None:
    found = _run("ruff", "check", ".")
    assert found.returncode == 0, found.stdout


def test_mypy_in_its_strict_mode_finds_nothing() -> None:
    found = _run("mypy")
    assert found.returncode == 0, found.stdout[-3000:]


def test_imports_point_down_only() -> None:
    found = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout[-3000:]


def test_every_public_function_class_and_module_says_what_it_is_for() -> None:
    silent = [where for file in OURS for where in _silent(file)]
    assert not silent, "\n".join(silent)


def _silent(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    if tree.body and not ast.get_docstring(tree):
        yield f"{file.relative_to(ROOT)}: the module"
    scopes: list[ast.Module | ast.ClassDef] = [tree, *[node for node in tree.body if isinstance(node, ast.ClassDef)]]
    for scope in scopes:
        for node in scope.body:
            kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
            if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node):
                overload = any("overload" in ast.unparse(d) for d in node.decorator_list)
                inside_private = isinstance(scope, ast.ClassDef) and scope.name.startswith("_")
                if not overload and not inside_private:
                    yield f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"


def test_no_broad_except_outside_the_outermost_loops() -> None:
    allowed = {"handlers/_kit/_wrapper.py", "bot/inbox/_lanes.py", "bot/inbox/_hands.py", "bot/clock.py"}
    broad = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in OURS
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and str(file.relative_to(ROOT)) not in allowed
    ]
    assert not broad


def _is_broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or ast.unparse(handler.type) in ("Exception", "BaseException")


def test_no_room_is_called_utils() -> None:
    assert not [
        file for file in CODE if file.stem.strip("_") in ("utils", "util", "helpers", "helper", "misc", "common")
    ]


def test_telegram_is_spoken_at_the_edge_only() -> None:
    edge = (
        "bot/courier",
        "bot/app.py",
        "bot/process.py",
        "bot/web",
        "bot/inbox",
        "bot/sandbox",
        "bot/telegram_api.py",
        "bot/transport.py",
        "bot/checks.py",
        "bot/invitations.py",
        "handlers",
    )
    inside = [file for file in CODE if not str(file.relative_to(ROOT)).startswith(edge)]
    assert not [
        str(file)
        for file in inside
        if re.search(r"^\s*(from|import) telegram\b", file.read_text("utf-8"), re.MULTILINE)
    ]


def test_no_blanket_ignores() -> None:
    blanket = re.compile(r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!:)|#\s*(ruff|mypy):\s*(noqa|ignore-errors)")
    found = [
        f"{file.relative_to(ROOT)}"
        for file in [*CODE, *ROOT.glob("tests/**/*.py")]
        if file != Path(__file__) and blanket.search(file.read_text("utf-8"))
    ]
    assert not found


def test_no_two_features_listen_to_the_same_thing() -> None:
    Triggers.of(FEATURES)


def test_callback_data_always_fits() -> None:
    widest = 2**31
    for kind in _all_taps():
        fields = kind.__dataclass_fields__  # type: ignore[attr-defined]
        values = {name: {"int": widest, "bool": True}.get(str(f.type)) for name, f in fields.items()}
        if all(value is not None for value in values.values()):
            assert kind(**values).pack()


def _all_taps() -> list[type[Tap]]:
    return [kind for kind in Tap.__subclasses__() if kind.__module__.startswith("handlers.")]


def test_dependencies_have_bounds_and_no_registry_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert all(">=" in dependency for dependency in project["dependencies"])
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    names = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org")
    for name in tracked:
        file = ROOT / name
        if name and file.is_file() and file.suffix in (".py", ".md", ".toml", ".yaml", ".cfg", ".sh", ""):
            assert not [registry for registry in names if registry in file.read_text("utf-8", errors="replace")], name


def test_a_module_is_one_noun_of_readable_size() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text("utf-8").splitlines()) for file in OURS}
    assert not {name: length for name, length in lengths.items() if length > 400}
