"""What was published of whom, read back from beside the store: everybody by the same name, once in memory."""

from __future__ import annotations

import json

import pytest

from privacy.release.ledger import Published, add_to_ledger, read_ledger
from privacy.release.statements import Said
from store.errors import BadInput

PEOPLE = frozenset({"a.bos@example.org", "line\u2028break"})


def published(quarter: str) -> Published:
    said = Said("ties", "2026-01-05", "2026-04-06", {"A - B": frozenset({"A | B"})}, {"A | B": PEOPLE})
    return Published(quarter, "2026-01-05", "2026-04-06", PEOPLE, {"organisation": PEOPLE}, frozenset(), (said,))


def test_releases_come_back_as_they_were_written(tmp_path):
    for quarter in ("2026Q1", "2026Q2"):
        add_to_ledger(tmp_path / "audit", published(quarter))
    assert read_ledger(tmp_path / "audit") == (published("2026Q1"), published("2026Q2"))


def test_a_name_that_stands_in_every_set_is_once_in_memory(tmp_path):
    for quarter in ("2026Q1", "2026Q2"):
        add_to_ledger(tmp_path / "audit", published(quarter))
    sets = [names for each in read_ledger(tmp_path / "audit") for names in (each.people, each.said[0].behind["A | B"])]
    assert len(sets) == 4
    assert len({id(name) for names in sets for name in names}) == len(PEOPLE)


@pytest.mark.parametrize("people", [[7], 7, [["a"]]])
def test_memberships_that_are_not_names_are_refused(tmp_path, people):
    add_to_ledger(tmp_path / "audit", published("2026Q1"))
    entry = json.loads((tmp_path / "audit").read_text(encoding="utf-8"))
    entry["said"][0]["behind"]["A | B"] = people
    (tmp_path / "audit").write_text(json.dumps(entry) + "\n", encoding="utf-8")
    with pytest.raises(BadInput, match="no release can be audited"):
        read_ledger(tmp_path / "audit")
