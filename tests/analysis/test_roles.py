from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from organisation import Small, at

from analysis.period import Period
from analysis.roles.mix import purity
from analysis.scope import EVERYBODY, Scope
from analysis.snapshots import roles_of

WEEK = Period(date(2026, 1, 5), date(2026, 1, 12))


def measured(small, folder, scope=EVERYBODY):
    return roles_of(small.store(folder).snapshot(), WEEK, scope)


def two() -> Small:
    return Small().person("anna", 2, function="manager").person("bo", 3, function="operator")


def met(small, meeting_id, start, minutes, label, sub=None, who=("anna", "bo"), **more):
    small.meeting(meeting_id, start, minutes, list(who), label, **more)
    small.labels[-1]["sub"] = sub
    return small


def test_the_three_roles_add_up_to_the_available_hours(tmp_path):
    """Of 36 hours: 6 design, 3 line, 2 process, 1 escalation; a training of 4 is execution like the remaining 20."""
    small = met(two(), "d", at(0, "09:00"), 360, "design")
    met(small, "l", at(1, "09:00"), 180, "coordination", "line")
    met(small, "p", at(2, "09:00"), 120, "coordination", "process")
    met(small, "e", at(3, "09:00"), 60, "escalation")
    met(small, "o", at(4, "09:00"), 240, "other")
    mix = measured(small, tmp_path).person("anna").mix
    assert (mix.available, mix.design, mix.line, mix.process, mix.escalation) == (36.0, 6.0, 3.0, 2.0, 1.0)
    assert (mix.execution, mix.other) == (24.0, 4.0)
    assert mix.design_share == pytest.approx(6 / 36)
    assert mix.coordination_share == pytest.approx(6 / 36)
    assert mix.execution_share == pytest.approx(24 / 36)


def test_overtime_leaves_no_execution_and_takes_none_from_others(tmp_path):
    small = two().person("cas", 3, function="operator", fte=0.1)
    met(small, "d", at(0, "09:00"), 480, "design", who=["anna", "cas"])
    result = measured(small, tmp_path)
    assert result.person("cas").mix.execution == 0.0
    assert result.person("cas").mix.purity == 1.0
    assert result.mix.execution == pytest.approx(28.0 + 36.0)


def test_unlabelled_hours_are_no_role(tmp_path):
    small = met(two(), "u", at(0, "09:00"), 360, "design")
    small.labels[0]["meeting_id"] = "another"
    mix = measured(small, tmp_path).person("anna").mix
    assert (mix.unlabelled, mix.execution, mix.design) == (6.0, 30.0, 0.0)


def test_switching_counts_the_turns_of_a_day(tmp_path):
    """Work, design 10-11, line 11-12, work, line 13-14, work: 5 turns on Monday over five working days."""
    small = met(two(), "d", at(0, "10:00"), 60, "design")
    met(small, "l1", at(0, "11:00"), 60, "coordination", "line")
    met(small, "l2", at(0, "13:00"), 60, "coordination", "line")
    assert measured(small, tmp_path).person("anna").mix.switches == pytest.approx(5 / 5)


def test_a_short_pause_is_no_work_and_a_training_is(tmp_path):
    """Work, line 10-11, 20 minutes, line 11:20-12 and a training right after it until five: 2 turns."""
    small = met(two(), "l1", at(0, "10:00"), 60, "coordination", "line")
    met(small, "l2", at(0, "11:20"), 40, "coordination", "line")
    met(small, "o", at(0, "12:00"), 300, "other")
    assert measured(small, tmp_path).person("anna").mix.switches == pytest.approx(2 / 5)


def test_a_day_with_an_unlabelled_meeting_says_nothing_about_switching(tmp_path):
    small = met(two(), "d", at(0, "10:00"), 60, "design")
    met(small, "u", at(1, "10:00"), 60, "design")
    small.labels.pop()
    assert measured(small, tmp_path).person("anna").mix.switches == pytest.approx(2 / 4)


def test_who_designs_and_carries_out_the_same_subject(tmp_path):
    small = met(two(), "d", at(0, "09:00"), 60, "design", title="Werkafspraken parkeervergunning")
    met(small, "c", at(1, "09:00"), 60, "coordination", "process", title="Werkafspraken parkeervergunning")
    met(small, "x", at(2, "09:00"), 60, "coordination", "process", title="Zonnepanelen")
    met(small, "e", at(3, "09:00"), 60, "escalation", title="Werkafspraken parkeervergunning", who=["bo"], headcount=3)
    small.attendance[0]["response"] = "declined"
    result = measured(small, tmp_path)
    assert result.person("anna").both_sides == ()
    (side,) = result.person("bo").both_sides
    assert (side.design_meetings, side.other_meetings, side.hours) == (1, 2, 3.0)
    assert [(group.name, group.designers, group.both_sides) for group in result.by_level] == [("2", 0, 0), ("3", 1, 1)]


def test_the_mix_is_set_against_others_of_the_same_level_and_function(tmp_path):
    """Five colleagues coordinate 0 to 4 hours, the sixth ten; the manager has nobody to be compared with."""
    small = Small().person("boss", 2, function="manager").person("anna", 3, function="operator")
    met(small, "long", at(0, "09:00"), 600, "coordination", "line", who=["anna"], headcount=2)
    for number in range(5):
        small.person(f"p{number}", 3, function="operator")
        if number:
            met(small, f"m{number}", at(1, "09:00"), 60 * number, "coordination", "line", [f"p{number}"], headcount=2)
    result = measured(small, tmp_path)
    coordination = result.person("anna").standing[1]
    assert (coordination.role, coordination.place, coordination.peers) == ("coordination", "above", 5)
    assert coordination.middle == pytest.approx(2 / 36)
    assert coordination.among == "level and function"
    assert result.person("boss").standing == ()
    assert result.person("p0").standing[1].place == "below"


def test_a_scope_shows_its_own_people_against_everybody(tmp_path):
    small = two().person("cas", 3, "B", function="operator")
    met(small, "d", at(0, "09:00"), 60, "design", who=["anna", "bo", "cas"])
    result = measured(small, tmp_path, Scope(department="B"))
    assert [person.person_id for person in result.people] == ["cas"]
    assert (result.mix.design, result.mix.available, result.coverage.people) == (1.0, 36.0, 1)


@given(st.lists(st.floats(0, 1e6), min_size=3, max_size=3))
def test_purity_lies_between_nothing_and_one_and_does_not_know_the_order(parts):
    value = purity(np.array(parts))
    if value is None:
        assert sum(parts) == 0
    else:
        assert -1e-9 <= value <= 1 + 1e-9
        assert purity(np.array(parts[::-1])) == pytest.approx(value)


def test_a_week_without_meetings_is_all_execution(tmp_path):
    mix = measured(two(), tmp_path).person("anna").mix
    assert (mix.execution_share, mix.purity, mix.switches) == (1.0, 1.0, 0.0)
