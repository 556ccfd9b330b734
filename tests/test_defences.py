"""The switches of `make test-defences` are in the tests only, name tests that exist, and are noticed."""

from __future__ import annotations

import ast
import importlib

import pytest
from defences import DEFENCES, ROOT, VARIABLE, by_name, noticed
from switches import Defence

ROOMS = ("store", "connectors", "classify", "analysis", "privacy", "dashboard", "meetload")


@pytest.mark.parametrize("defence", DEFENCES, ids=lambda each: each.name)
def test_a_defence_is_where_it_is_said_to_be(defence: Defence):
    module, _, path = defence.place.partition(":")
    found = importlib.import_module(module)
    for name in path.split("."):
        found = getattr(found, name)
    assert defence.tests
    for test in defence.tests:
        file, _, name = test.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_each_has_a_name_of_its_own():
    assert len(by_name()) == len(DEFENCES) >= 15


def test_the_program_knows_no_switch():
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    assert not [path for path in files if VARIABLE in path.read_text(encoding="utf-8")]


def test_a_defence_that_is_gone_is_noticed_and_one_that_stays_is_not():
    assert all(noticed(by_name()["formulas in files"]).values())
    unrelated = Defence(
        "formulas in files",
        "store.spreadsheet:FORMULA",
        (),
        ("tests/privacy/test_identity.py::test_nobody_may_look_by_default",),
    )
    assert not any(noticed(unrelated).values())
