"""Roles, line and process, and functions at risk as pages get them: worked out from released rows and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from analysis.period import Period
from privacy.group_dependence import FunctionRisk
from privacy.policy import Policy
from privacy.refusal import Refusal
from privacy.release.file import GroupInfo, Release
from privacy.release.rows import Row
from privacy.released_door import ReleasedDoor
from privacy.viewer import Viewer

HR, MT, MT_A = Viewer("hr"), Viewer("mt"), Viewer("mt", unit="A")
FIRST = date(2026, 1, 5)
YEAR = "2025-04-07..2026-04-05"
GROUPS = (
    GroupInfo("organisation", "organisation", "organisation", "", (), "100-249"),
    GroupInfo("department:A", "department", "A", "", ("A",), "25-49"),
)
HOURS = {"total": 8.0, "design": 2.0, "coordination": 5.0, "escalation": 1.0}


def quarter(number: int) -> Period:
    return Period(FIRST + timedelta(weeks=13 * number), FIRST + timedelta(weeks=13 * (number + 1)))


def rows(group: str, hours: dict[str, float], period: Period, line: float | None, contract: float = 40.0) -> list[Row]:
    units, people = (("A",), "25-49") if group != "organisation" else ((), "100-249")
    found = [Row("hours", group, units, str(period), label, value, "h", people) for label, value in hours.items()]
    found.append(Row("contract", group, units, str(period), "", contract, "h", people))
    sides = {} if line is None else {"line": line, "process": 1 - line}
    return found + [Row("sides", group, units, str(period), side, part, "p", people) for side, part in sides.items()]


def door(*quarters: list[Row] | None) -> ReleasedDoor:
    """A release a quarter; none for a quarter without rows."""
    policy = Policy().as_json()
    return ReleasedDoor(
        [
            Release(
                f"2026Q{number + 1}", quarter(number), number, True, policy, GROUPS, tuple(told), {}, {}, None, "0" * 64
            )
            for number, told in enumerate(quarters)
            if told
        ]
    )


def whole(quarters: int) -> Period:
    return Period(FIRST, quarter(quarters - 1).end)


def test_the_mix_follows_from_hours_and_contract():
    """Of 40 hours 2 are design and 6 coordination with escalation: 32 are left for the work, of 100 people or more."""
    mix = door(rows("organisation", HOURS, quarter(0), 0.4)).roles(HR, whole(1)).mix
    assert (mix.design_share, mix.coordination_share, mix.execution_share) == pytest.approx((0.05, 0.15, 0.8))
    a_quarter = 100 * 13
    assert (mix.line, mix.process, mix.unsided, mix.escalation) == pytest.approx(
        (2 * a_quarter, 3 * a_quarter, 0, a_quarter)
    )
    assert (mix.available, mix.execution) == pytest.approx((40 * a_quarter, 32 * a_quarter))
    assert (mix.switches, mix.days, mix.incident) == (None, 0, 0)


def test_what_a_release_does_not_tell_stays_empty():
    found = door(rows("organisation", HOURS, quarter(0), None)).roles(MT, whole(1))
    assert (found.function, found.standing, found.both_sides, found.lately, found.usually) == (None, (), (), None, None)
    assert (found.mix.line, found.mix.process, found.mix.unsided) == pytest.approx((0, 0, 5 * 1300))
    assert found.weeks.usual is None
    assert len(found.weeks.weeks) == 13


def test_without_design_told_apart_there_is_no_share_of_it_and_no_week():
    hours = {"total": 8.0, "coordination": 5.0}
    found = door(rows("organisation", hours, quarter(0), None)).roles(HR, whole(1))
    assert (found.mix.design_share, found.mix.purity) == (None, None)
    assert (found.mix.coordination_share, found.mix.execution_share) == pytest.approx((0.125, 0.875))
    assert found.weeks.weeks == ()
    assert "design" not in found.weeks.recent.shares


def test_without_coordination_told_apart_there_are_no_roles():
    answer = door(rows("organisation", {"total": 8.0, "design": 2.0}, quarter(0), None)).roles(HR, whole(1))
    assert answer == Refusal("not_released", {})


def test_weeks_that_are_told_have_figures_of_their_own():
    first = Period(FIRST, FIRST + timedelta(weeks=1))
    rest = Period(first.end, quarter(0).end)
    told = [
        *rows("organisation", HOURS, quarter(0), None),
        *rows("organisation", HOURS | {"design": 4.0}, first, None),
        *rows("organisation", HOURS | {"design": 1.5}, rest, None),
    ]
    weeks = door(told).roles(HR, whole(1)).weeks.weeks
    assert [week.hours["design"] for week in weeks] == pytest.approx([400.0, *[150.0] * 12])
    assert {round(sum(week.hours.values())) for week in weeks} == {4000}


def test_the_last_quarter_is_held_against_the_year_before_even_outside_the_period():
    quarters = [
        rows("organisation", HOURS | {"coordination": hours}, quarter(n), None) for n, hours in enumerate((3, 5, 7))
    ]
    weeks = door(*quarters).roles(HR, quarter(2)).weeks
    assert (weeks.recent.period, weeks.usual.period) == (quarter(2), Period(FIRST, quarter(1).end))
    assert (weeks.recent.shares["coordination"], weeks.usual.shares["coordination"]) == pytest.approx((0.2, 0.125))


def test_a_label_that_one_quarter_folds_is_in_neither_when_they_are_compared():
    folded = {name: hours for name, hours in HOURS.items() if name != "escalation"}
    found = door(rows("organisation", folded, quarter(0), None), rows("organisation", HOURS, quarter(1), None))
    weeks = found.roles(HR, whole(2)).weeks
    assert weeks.recent.shares["coordination"] == weeks.usual.shares["coordination"] == pytest.approx(0.125)


def test_quarters_before_a_gap_are_no_usual():
    first, last = (rows("organisation", HOURS, quarter(number), None) for number in (0, 2))
    assert door(first, None, last).roles(HR, quarter(2)).weeks.usual is None


def test_line_and_process_are_shares_of_contract_hours_at_both_ends():
    found = door(
        rows("organisation", HOURS, quarter(0), 0.4),
        rows("organisation", HOURS | {"coordination": 6.0}, quarter(1), 0.5),
    )
    kinds = {kind.name: (kind.start, kind.end) for kind in found.drift(HR, whole(2)).by_kind}
    assert kinds["line"] == pytest.approx((0.05, 0.075))
    assert kinds["process"] == pytest.approx((0.075, 0.075))


def test_line_and_process_are_told_of_no_quarter_unless_of_all():
    found = door(rows("organisation", HOURS, quarter(0), 0.4), rows("organisation", HOURS, quarter(1), None))
    assert {kind.name for kind in found.drift(HR, whole(2)).by_kind} & {"line", "process"} == set()
    mix = found.roles(HR, whole(2)).mix
    assert (mix.line, mix.process, mix.unsided) == pytest.approx((2 * 1300, 3 * 1300, 5 * 1300))


def waiting(group: str, people: str, units: tuple[str, ...] = ()) -> list[Row]:
    told = {"people at risk": "5-9", "waiting meetings at least": 20.0, "people with enough data": "25-49"}
    return [Row("dependence", group, units, YEAR, label, value, "m", people) for label, value in told.items()]


def function(name: str, least: float, people: str) -> Row:
    return Row("functions", f"function:{name}", (), YEAR, name, least, "m", people)


def test_functions_at_risk_come_with_the_groups_they_are_told_beside():
    told = [
        *rows("organisation", HOURS, quarter(0), None),
        *rows("department:A", HOURS, quarter(0), None),
        *waiting("organisation", "100-249"),
        *waiting("department:A", "25-49", ("A",)),
        function("clerk", 0.0, "50-99"),
        function("planner", 5.0, "10-24"),
    ]
    found = door(told)
    both = (FunctionRisk("planner", 10, 5.0), FunctionRisk("clerk", 50, 0.0))
    assert found.dependence(MT, whole(1)).functions == both
    assert found.dependence(MT_A, whole(1)).functions == both
    assert found.dependence(HR, whole(1)).functions == both[1:]
    answer = found.dependence(MT, whole(1))
    assert (answer.at_risk, answer.period.weeks) == ("5-9", 52)


def test_functions_alone_are_no_answer_about_a_group():
    told = [*rows("organisation", HOURS, quarter(0), None), function("planner", 5.0, "10-24")]
    assert door(told).dependence(MT, whole(1)) == Refusal("not_released", {})
