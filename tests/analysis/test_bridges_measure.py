"""Bridges of small planted organisations, from calendars to figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from organisation import Small, at

from analysis.bridges import Bridges, bridges, tie_list
from analysis.bridges.rules import DEFAULT, BridgeRules, slices
from analysis.period import Period
from analysis.presence import presence
from analysis.scope import EVERYBODY
from analysis.snapshots import alone_in
from meetload.measuring import MEASURES, as_json

PERIOD = Period(date(2026, 1, 5), date(2026, 1, 5) + timedelta(weeks=12))


def house(names: str = "ABC", size: int = 3, **more: object) -> Small:
    """Units of three people each: a1, a2, a3 in A, and so on."""
    small = Small()
    for unit in names:
        for number in range(1, size + 1):
            small.person(f"{unit.lower()}{number}", 4, unit, **more)
        team = [f"{unit.lower()}{number}" for number in range(1, size + 1)]
        weekly(small, team, f"team {unit}", clock="16:00")
    return small


def weekly(
    small: Small, who: list[str], series: str, weeks=range(12), clock: str = "09:00", minutes: int = 60
) -> Small:
    for week in weeks:
        more = {"title": series, "series_id": series, "organizer_id": who[0]}
        small.meeting(f"{series} {week}", at(7 * week, clock), minutes, who, **more)
    return small


NO_SUBJECTS = pd.DataFrame({"meeting_id": [], "topic": []}, dtype="str")


def measured(small: Small, folder, rules: BridgeRules = DEFAULT) -> Bridges:
    snapshot = small.store(folder).snapshot()
    return bridges(snapshot.tables(), snapshot.keep("presence", presence), NO_SUBJECTS, PERIOD, rules)


def test_through_whom_two_units_are_tied(tmp_path):
    """a1 meets b1 and b2 every week: the pair hangs on a1, with half an hour shared with each."""
    result = measured(weekly(house(), ["a1", "b1", "b2"], "chain"), tmp_path)
    (pair,) = result.pairs
    assert (pair.units, pair.people, pair.alone) == (("A / A1", "B / B1"), (1, 2), ("a1",))
    assert pair.hours == pytest.approx(12 * 2 * 60 / 2 / 60)
    assert [(each.person_id, each.ties, each.share) for each in pair.carriers] == [
        ("a1", 2, 1),
        ("b1", 1, 0.5),
        ("b2", 1, 0.5),
    ]
    person = result.person("a1")
    assert (person.alone, person.slices, person.parted, person.parted_most) == (1, 3, 1.0, 1)
    assert (person.alone_hours, person.loss) == (pytest.approx(12.0), 1.0)
    assert (result.people, result.units, result.sampled) == (9, 3, False)


def test_a_second_tie_takes_the_weight_off(tmp_path):
    small = weekly(weekly(house(), ["a1", "b1", "b2"], "chain"), ["a2", "b3"], "other", clock="11:00")
    result = measured(small, tmp_path)
    assert [each.alone for each in result.persons] == [0] * 9
    assert result.pairs[0].alone == ()
    assert result.slices[0].hanging == 0


def test_a_coordinator_between_units_that_never_meet(tmp_path):
    small = weekly(weekly(house(), ["a1", "c1"], "left"), ["b1", "c1"], "right", clock="11:00")
    result = measured(small, tmp_path)
    first = result.slices[0]
    assert (first.connected, first.within_two, first.hanging) == (2, 3, 3)
    assert result.person("c1").parted == 3.0
    assert result.person("a1").parted == 2.0


def test_service_roles_and_assistants_are_apart(tmp_path):
    small = house().person("hr1", 4, "HR & Financiën").person("aid", 4, "C", function="Managementassistent")
    weekly(small, ["a1", "b1", "hr1", "aid"], "chain")
    result = measured(small, tmp_path)
    assert (result.apart, result.people, len(result.pairs)) == (2, 9, 1)


def test_a_department_head_who_alone_is_a_team_is_no_unit(tmp_path):
    small = house().person("head", 2, "Board")
    result = measured(weekly(weekly(small, ["head", "a1"], "left"), ["head", "b1"], "right", clock="11:00"), tmp_path)
    assert (result.units, result.pairs) == (3, ())
    assert (result.person("head").alone, result.person("head").parted) == (0, 1.0)


def test_a_broadcast_ties_nobody(tmp_path):
    small = weekly(house(), [f"{unit}{number}" for unit in "abc" for number in (1, 2, 3)], "all hands")
    assert measured(small, tmp_path, BridgeRules(most_people=8)).pairs == ()


def test_the_chart_of_the_day_counts(tmp_path):
    """b4 meets a1 for eight weeks and then moves to A: what were two units is one."""
    moved = date(2026, 1, 5) + timedelta(weeks=8)
    small = house().person("b4", 4, "B", valid_to=moved).person("b4", 4, "A", valid_from=moved)
    result = measured(weekly(small, ["a1", "b4"], "chain", clock="11:00"), tmp_path)
    assert [each.connected for each in result.slices] == [1, 1, 0]


def test_the_smallest_set_of_bridges(tmp_path):
    """One meeting of all three units makes the three meetings of two superfluous."""
    small = weekly(house(), ["a1", "b1", "c1"], "together")
    for number, two in enumerate((["a1", "b2"], ["b1", "c2"], ["a2", "c1"])):
        weekly(small, two, f"two {number}", clock=f"{11 + number}:00")
    result = measured(small, tmp_path)
    found = result.smallest
    assert (found.pairs, found.size, found.least, found.exact) == (3, 1, 1, True)
    assert (found.redundancy, found.hours, found.hours_outside) == (0.75, 36.0, 72.0)
    assert [(each.name, each.kept, each.people) for each in found.bridges][-1] == ("together", True, 3)
    first = result.slices[0]
    assert (first.bridges, first.enough, first.person_pairs, first.hours) == (4, 1, 6, 36.0)
    assert first.simmel == pytest.approx(6 / 36)


def test_renamed_units_change_only_names(tmp_path):
    def planted(names):
        small = house(names)
        left, middle, right = (each.lower() for each in names)
        return weekly(weekly(small, [left + "1", middle + "1"], "s"), [middle + "1", right + "2"], "t", clock="11:00")

    (tmp_path / "renamed").mkdir()
    plain, renamed = measured(planted("ABC"), tmp_path), measured(planted("XYZ"), tmp_path / "renamed")
    assert [replace(each, person_id="") for each in plain.persons] == [
        replace(each, person_id="") for each in renamed.persons
    ]
    assert plain.slices == renamed.slices


def test_a_copied_mailbox_changes_nothing(tmp_path):
    (tmp_path / "copy").mkdir()
    plain = measured(weekly(house(), ["a1", "b1"], "chain"), tmp_path)
    assert measured(weekly(house(), ["a1", "b1", "copy of a1"], "chain"), tmp_path / "copy") == plain


def test_slices_of_four_weeks_or_months():
    assert [each.weeks for each in slices(PERIOD)] == [4, 4, 4]
    months = slices(PERIOD, BridgeRules(slicing="month"))
    assert [each.start for each in months] == [date(2026, 1, 5), date(2026, 2, 2), date(2026, 3, 2)]


def test_what_a_dependence_score_takes(tmp_path):
    snapshot = weekly(house(), ["a1", "b1", "b2"], "chain").store(tmp_path).snapshot()
    frame = alone_in(snapshot, PERIOD).set_index("person_id")
    assert frame["pairs"].to_dict() == {
        f"{unit}{number}": int(f"{unit}{number}" == "a1") for unit in "abc" for number in (1, 2, 3)
    }
    assert len(tie_list(snapshot.tables(), snapshot.keep("presence", presence), PERIOD).hours) == 11 * 3


def test_nobody_met(tmp_path):
    result = measured(Small().person("a1").person("b1", 3, "B"), tmp_path)
    assert (result.people, result.pairs, result.smallest.bridges, result.smallest.redundancy) == (0, (), (), None)
    assert {each.simmel for each in result.slices} == {None}


def test_the_command_gives_bridges_as_rows_and_as_json(tmp_path):
    result = MEASURES["bridges"].compute(weekly(house(), ["a1", "b1"], "chain").store(tmp_path), PERIOD, EVERYBODY)
    (row,) = MEASURES["bridges"].rows(result)
    assert (row["kind"], row["name"], row["kept"]) == ("series", "chain", True)
    body = as_json("bridges", result)
    assert {
        "people",
        "apart",
        "units",
        "sampled",
        "slices",
        "pairs",
        "persons",
        "smallest",
        "breeding",
        "doors",
    } <= set(body)
