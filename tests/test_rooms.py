"""The house stays a house: a room imports only rooms below it, and foreign libraries stay in their rooms."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {"store": 1, "connectors": 2, "classify": 2, "analysis": 2, "privacy": 3, "dashboard": 4, "meetload": 5}
AT_HOME = {
    "dash": {"dashboard"},
    "dash_mantine_components": {"dashboard"},
    "plotly": {"dashboard"},
    "sklearn": {"classify"},
    "skops": {"classify"},
    "duckdb": {"store"},
    "pyspark": {"store"},
    "requests": {"connectors"},
    "googleapiclient": {"connectors"},
    "google": {"connectors"},
    "google_auth_oauthlib": {"connectors"},
    "msal": {"connectors"},
    "caldav": {"connectors"},
    "authlib": {"connectors"},
    "networkit": {"analysis"},
    "typst": {"dashboard"},
    "opendp": {"privacy"},
    "urllib": {"connectors", "dashboard", "meetload"},
}


def modules() -> list[Path]:
    return [path for room in FLOORS for path in sorted((ROOT / room).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """The top-level names a module imports, type-checking imports left out (they never run)."""
    names: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = {id(inner) for node in ast.walk(tree) if is_type_checking(node) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def faults(room: str, names: set[str]) -> list[str]:
    upward = [name for name in names if name in FLOORS and name != room and FLOORS[name] >= FLOORS[room]]
    astray = [name for name in names if name in AT_HOME and room not in AT_HOME[name]]
    return sorted(upward + astray)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_rooms_below_it(path):
    room = path.relative_to(ROOT).parts[0]
    assert faults(room, imported(path)) == []


def test_the_check_sees_an_import_that_climbs(tmp_path):
    module = tmp_path / "climbs.py"
    module.write_text("from dashboard.app import create_app\nimport sklearn.linear_model\nimport store.schema\n")
    assert faults("analysis", imported(module)) == ["dashboard", "sklearn"]
    assert faults("store", imported(module)) == ["dashboard", "sklearn"]
