"""The manual's table of threats names files and tests that exist, and leaves none of the threats out."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.splitlines() if line.startswith("| T")]
THREATS = range(1, 42)
NONE = "–"


@cache
def names_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_no_threat_is_left_out():
    assert [row[0] for row in ROWS] == [f"T{number:02}" for number in THREATS]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_row_names_files_and_tests_that_exist(row):
    _, attackers, _, defence, proof, switch, state = row
    assert re.fullmatch(r"A[1-7]( A[1-7])*", attackers)
    files, tests = re.findall(r"`([^`]+)`", defence), re.findall(r"`([^`]+)`", proof)
    assert [file for file in files if not (ROOT / file).is_file()] == []
    for test in tests:
        path, _, name = test.partition("::")
        assert name in names_in(ROOT / path), test
    assert state.startswith(("holds", "tested", "partly", "not yet"))
    if state.startswith(("holds", "tested")):
        assert files
        assert tests
    assert state.startswith("holds") <= (switch != NONE), "what holds has a switch that a test noticed"


def test_every_switch_is_named_and_every_name_is_a_switch():
    from defences import DEFENCES

    named = {each for row in ROWS if row[5] != NONE for each in row[5].split("; ")}
    assert named == {each.name for each in DEFENCES}
