from __future__ import annotations

import inspect
import json
from dataclasses import replace
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from made_up_cohort import cohort, next_quarter

from privacy.access import can
from privacy.door import Door
from privacy.policy import Consent, Policy, in_force, policy_of
from privacy.refusal import Refusal
from privacy.release.compiling import compile_cohort
from privacy.release.file import make_key, read_key, read_releases, write_release
from privacy.release.ledger import add_to_ledger, read_ledger
from privacy.release.rows import Row
from privacy.released_door import ReleasedDoor
from privacy.viewer import Viewer
from store.errors import BadInput, Unreachable

POLICY = Policy()
HR, MT, MT_D0 = Viewer("hr"), Viewer("mt"), Viewer("mt", unit="D0")
APPROVAL = {"approver": "A", "notice_date": "2026-01-01", "works_council": "OR-1"}


@pytest.fixture(scope="module")
def quarters():
    first = cohort(300, 6)
    second = next_quarter(first, "2026Q2", 7)
    before = compile_cohort(first, "2026Q1", POLICY)
    return before, compile_cohort(second, "2026Q2", POLICY, [before.published])


@pytest.fixture
def folder(tmp_path, quarters):
    key = make_key(tmp_path / "release.key")
    for compiled in quarters:
        document = compiled.document(compiled.published.quarter, APPROVAL, demo=True)
        write_release(tmp_path / "R", document, key)
    return tmp_path / "R"


@pytest.fixture
def key(tmp_path, folder):
    return read_key(tmp_path / "release.key").public_key()


def test_what_is_written_is_read_back_and_names_nobody(folder, key, quarters):
    releases = read_releases(folder, key)
    assert [each.quarter for each in releases] == ["2026Q1", "2026Q2"]
    assert releases[0].rows == quarters[0].rows
    text = "".join(file.read_text() for file in folder.glob("*.json"))
    assert not any(f'"{person}"' in text for person in quarters[0].published.people)


@pytest.mark.parametrize("old", [b'"value":', b'"approver":"A"', b'"number":1'])
def test_a_changed_byte_is_found(folder, key, old):
    file = folder / "2026Q1.json"
    file.write_bytes(file.read_bytes().replace(old, old.swapcase(), 1))
    with pytest.raises(BadInput, match=r"signature of .*2026Q1\.json does not hold"):
        read_releases(folder, key)


def test_a_missing_signature_a_missing_quarter_and_a_strange_key_are_found(folder, key):
    (folder / "2026Q2.sig").rename(folder / "kept")
    with pytest.raises(BadInput, match="no signature"):
        read_releases(folder, key)
    (folder / "kept").rename(folder / "2026Q2.sig")
    with pytest.raises(BadInput, match="another key"):
        read_releases(folder, Ed25519PrivateKey.generate().public_key())
    (folder / "2026Q1.json").unlink()
    with pytest.raises(BadInput, match="chain is broken"):
        read_releases(folder, key)


def test_a_quarter_is_released_once_and_in_order(folder, tmp_path, quarters):
    document = quarters[0].document("2026Q1", APPROVAL, demo=True)
    with pytest.raises(BadInput, match="once, and in order"):
        write_release(folder, document, read_key(tmp_path / "release.key"))


def test_a_key_that_others_can_read_is_refused(tmp_path, folder):
    assert folder.exists()
    (tmp_path / "release.key").chmod(0o644)
    with pytest.raises(BadInput, match="others can read"):
        read_key(tmp_path / "release.key")


def test_no_release_is_said_in_words(tmp_path):
    with pytest.raises(Unreachable, match="there is no release"):
        read_releases(tmp_path / "nothing")


def test_the_ledger_keeps_memberships_for_its_owner_alone(tmp_path, quarters):
    path = tmp_path / "store.db.audit"
    for each in quarters:
        add_to_ledger(path, each.remembered("d"))
    assert [each.groups for each in read_ledger(path)] == [dict(each.published.groups) for each in quarters]
    assert path.stat().st_mode & 0o077 == 0
    path.write_text(json.dumps({"quarter": "2026Q1"}) + "\n")
    with pytest.raises(BadInput, match="cannot be read"):
        read_ledger(path)


def row(measure="hours", units=(), people="50-99"):
    return Row(measure, "g", units, "p", "l", 1.0, "h", people)


@pytest.mark.parametrize(
    ("viewer", "seen"),
    [
        (HR, [True, True, False, False, True, False]),
        (MT, [True, True, True, False, True, True]),
        (MT_D0, [True, True, True, True, True, True]),
        (Viewer("mt", unit="D1"), [True, False, False, False, True, True]),
        (Viewer("self", person_id="p1"), [False] * 6),
    ],
)
def test_who_may_see_which_row(viewer, seen):
    rows = [
        row(),
        row(units=("D0",)),
        row("forums", ("D0",)),
        row("names", ("D0",)),
        row("dependence"),
        row("dependence", people="25-49"),
    ]
    assert [can(viewer, each) for each in rows] == seen


def test_names_never_go_to_a_team_of_several_units():
    assert not can(MT_D0, row("names", ("D0", "D1")))


def test_settings_get_stricter_at_once_and_looser_by_consent_from_the_next_quarter():
    stricter, begins = Policy(k_hr=15), date(2026, 7, 6)
    assert in_force(Policy(), stricter, None, begins) == stricter
    with pytest.raises(BadInput, match="works council"):
        in_force(stricter, Policy(), None, begins)
    with pytest.raises(BadInput, match="next quarter"):
        in_force(stricter, Policy(), Consent("OR-7", date(2026, 8, 1)), begins)
    assert in_force(stricter, Policy(), Consent("OR-7", date(2026, 6, 1)), begins) == Policy()


@pytest.mark.parametrize("settings", [{"k_hr": 9}, {"contributors": 3}, {"colluders": 1}, {"k": 12}, {"k_hr": "x"}])
def test_floors_hold_whoever_consents(settings):
    with pytest.raises(BadInput):
        policy_of(settings)


def test_the_pages_are_rebuilt_from_rows_alone(folder, key):
    door = ReleasedDoor(read_releases(folder, key))
    whole = door.overview().period
    split = door.split(HR, whole)
    told = [each for each in door.rows(HR, whole) if (each.group, each.measure) == ("organisation", "hours")]
    assert {each.label for each in split.labels} <= {each.label for each in told} | {"other"}
    assert split.people == 250
    assert sum(part.share for part in split.labels) == pytest.approx(1)
    drift = door.drift(HR, whole)
    assert drift.scope == "organisation"
    assert all(week.people >= 10 for week in drift.weekly)
    assert door.dependence(HR, whole) == Refusal("not_released", {})


def test_nothing_but_a_whole_released_quarter_is_answered(folder, key):
    door = ReleasedDoor(read_releases(folder, key))
    week = replace(door.overview().period, end=door.overview().period.mondays[1])
    assert door.split(HR, week) == Refusal("not_released", {})


@pytest.mark.parametrize("viewer", [Viewer("self", person_id="p0001"), Viewer("mt", unit="nowhere")])
def test_a_person_or_an_unknown_unit_gets_nothing_from_a_release(folder, key, viewer):
    door = ReleasedDoor(read_releases(folder, key))
    whole = door.overview().period
    assert door.rows(viewer, whole) == ()
    for question in (door.split, door.drift, door.dependence, door.roles, door.signals, door.own_queue):
        assert question(viewer, whole) == Refusal("not_permitted", {})


def test_a_release_answers_every_question_a_store_does():
    questions = {name for name, each in inspect.getmembers(Door, inspect.isfunction) if not name.startswith("_")}
    # How a store's answers are made ready is no question of a viewer.
    assert questions - {"ask_at_once", "work_out"} <= set(dir(ReleasedDoor))
    assert list(inspect.signature(ReleasedDoor).parameters) == ["releases", "signed_in"]
