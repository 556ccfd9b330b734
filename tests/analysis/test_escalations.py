from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from organisation import Small, at

from analysis.escalations.conflicts import share_with_interval
from analysis.period import Period
from analysis.scope import EVERYBODY, Scope
from analysis.snapshots import escalations_of

PERIOD = Period(date(2026, 1, 5), date(2026, 5, 25))
TITLE = "Achterstand parkeervergunning"


def measured(small, folder, scope=EVERYBODY):
    return escalations_of(small.store(folder).snapshot(), PERIOD, scope)


def house() -> Small:
    """A director; managers of A and B; teams A1 (anna, ab), A2 (ans) and B1 (bo); level 1 to 3."""
    small = Small().person("director", 1, "Board").person("ma", 2, "A", team="A0", manager_id="director")
    small.person("mb", 2, "B", team="B0", manager_id="director")
    small.person("anna", 3, "A", manager_id="ma").person("ab", 3, "A", manager_id="ma")
    return small.person("ans", 3, "A", team="A2", manager_id="ma").person("bo", 3, "B", manager_id="mb")


def met(small, meeting_id, day, who, label="coordination", title=TITLE, **more):
    return small.meeting(meeting_id, at(day, "09:00"), 60, who, label, title=title, **more)


def test_a_topic_that_met_twice_in_team_a_and_then_with_the_director_has_gap_2(tmp_path):
    small = met(met(house(), "m1", 0, ["anna", "ab"]), "m2", 7, ["anna", "ab"])
    met(small, "m3", 14, ["anna", "ma", "director"], "escalation")
    result = measured(small, tmp_path)
    (case,) = result.cases
    assert (case.gap, case.climbed, case.path) == (2, 2, "line")
    assert (case.origin.department, case.origin.level, case.teams) == ("A", 3, ("A1",))
    assert (case.end.department, case.end.level) == ("Board", 1)
    assert (case.meetings, case.days, case.people, case.hours, case.carried) == (3, 14.0, 4, 7.0, True)
    assert result.gap.mean == 2.0
    assert result.gap.low is None


def test_a_chain_across_teams_goes_along_the_process(tmp_path):
    small = met(house(), "m1", 0, ["anna", "bo"])
    met(small, "m2", 7, ["anna", "bo", "ma", "mb"], "escalation")
    (case,) = measured(small, tmp_path).cases
    assert (case.path, case.gap, case.teams) == ("process", 1, ("A1", "B1"))


def test_an_escalation_that_goes_on_is_one_chain_and_ends_at_the_highest(tmp_path):
    small = met(house(), "m1", 0, ["anna", "ab"])
    met(small, "m2", 7, ["anna", "ma"], "escalation")
    met(small, "m3", 14, ["anna", "ma", "director"], "escalation")
    met(small, "m4", 21, ["anna", "ma"], "escalation")
    result = measured(small, tmp_path)
    (case,) = result.cases
    assert (case.meeting_id, case.end.level, case.meetings, result.escalations) == ("m4", 1, 4, 3)


@pytest.mark.parametrize(
    ("why", "earlier"),
    [
        ("another subject", {"day": 90, "title": "Zonnepanelen gemeentehuis"}),
        ("longer than ninety days ago", {"day": 8}),
        ("cancelled", {"day": 90, "status": "cancelled"}),
    ],
)
def test_what_is_no_history(tmp_path, why, earlier):
    small = met(house(), "m1", who=["anna", "ab"], **earlier)
    met(small, "m2", 100, ["anna", "director"], "escalation")
    result = measured(small, tmp_path)
    (case,) = result.cases
    assert (case.origin, case.gap, case.days, result.without_history) == (None, None, None, 1), why
    assert (result.gap.mean, result.flows) == (None, ())


def test_meetings_of_others_count_only_where_nobody_was_in_an_earlier_one(tmp_path):
    small = met(met(house(), "m1", 0, ["anna", "ab"]), "m2", 7, ["bo", "mb"])
    met(small, "m3", 14, ["bo", "mb", "director"], "escalation")
    met(small, "m4", 70, ["ma", "director"], "escalation", "Zonnepanelen")
    met(small, "m5", 63, ["anna", "ab"], title="Zonnepanelen")
    carried, taken_over = sorted(measured(small, tmp_path).cases, key=lambda case: case.meeting_id)
    assert (carried.carried, carried.teams) == (True, ("B0", "B1"))
    assert (taken_over.carried, taken_over.teams, taken_over.gap) == (False, ("A1",), 2)


def test_flows_count_cases_and_the_people_of_both_places(tmp_path):
    small = house()
    for number, title in enumerate(("Zonnepanelen", "Laadpalen", "Terrassen")):
        who = ["anna", "ab"] if number else ["anna"]
        met(small, f"a{number}", 7 * number, [*who, "bo"], title=title)
        met(small, f"e{number}", 7 * number + 3, ["anna", "ma"], "escalation", title)
    result = measured(small, tmp_path)
    (flow,) = result.flows
    assert (flow.origin.department, flow.origin.level, flow.end.department, flow.end.level) == ("A", 3, "A", 2)
    assert (flow.cases, flow.origin_people, flow.end_people) == (3, 2, 1)
    assert (result.gap.mean, result.gap.low, result.gap.high) == (1.0, 1.0, 1.0)
    assert measured(small, tmp_path, Scope(level=1)).cases == ()


def test_an_escalation_without_a_subject_is_counted_as_such(tmp_path):
    result = measured(met(house(), "m1", 0, ["anna", "ma"], "escalation", "Overleg"), tmp_path)
    assert (result.escalations, result.without_topic, result.cases) == (1, 1, ())


def at_once(small, number, person, declined, day):
    """A line meeting 9:00-10:00 and a process meeting 9:30-10:30 for one person, who declines these."""
    for side, clock in (("line", "09:00"), ("process", "09:30")):
        answers = {person: "declined"} if side in declined else {}
        small.meeting(f"{side}{number}", at(day, clock), 60, [person, "ma"], answers=answers, title="Overleg")
        small.labels[-1]["sub"] = side
    return small


def test_the_operator_declines_the_line_meeting(tmp_path):
    small = house()
    for number, declined in enumerate([["line"], ["line"], ["line"], ["process"], [], ["line", "process"]]):
        at_once(small, number, ("anna", "bo")[number % 2], declined, day=7 * number)
    settled = measured(small, tmp_path).conflicts.operators
    assert (settled.pairs, settled.people) == (6, 2)
    assert (settled.line_declined, settled.process_declined, settled.both_declined, settled.unsettled) == (3, 1, 1, 1)
    assert settled.line_declined_share == 0.75
    assert 0 < settled.low < 0.75 < settled.high < 1


def test_a_manager_is_no_operator_and_leave_settles_nothing(tmp_path):
    small = at_once(house(), 0, "anna", ["line"], 0).away("anna", at(0, "00:00"), at(1, "00:00"))
    conflicts = measured(small, tmp_path).conflicts
    assert (conflicts.operators.pairs, conflicts.everybody.pairs) == (0, 1)
    assert conflicts.everybody.unsettled == 1
    assert conflicts.operators.line_declined_share is None


def test_a_person_who_always_chooses_the_same_is_one_witness():
    """Twenty choices of two people are hardly more than two; twenty of twenty people are twenty."""
    two = share_with_interval(pd.Series([1.0] * 10 + [0.0] * 10), pd.Series(["a"] * 10 + ["b"] * 10))
    twenty = share_with_interval(pd.Series([1.0] * 10 + [0.0] * 10), pd.Series(range(20)))
    assert two[0] == twenty[0] == 0.5
    assert two[2] - two[1] > 0.7
    assert twenty[2] - twenty[1] < 0.45


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=40))
def test_the_interval_holds_the_share(drawn):
    hits, people = (pd.Series(values) for values in zip(*drawn, strict=True))
    share, low, high = share_with_interval(hits.astype(float), people)
    assert 0 <= low <= share + 1e-9 <= high + 2e-9 <= 1 + 3e-9


def test_mailboxes_seen_twice_and_a_copy_off_the_chart_change_nothing(tmp_path):
    def story(*extra):
        small = met(met(house(), "m1", 0, ["anna", "ab", *extra]), "m2", 7, ["anna", "ab", *extra])
        return met(small, "m3", 14, ["anna", "ma", "director", *extra], "escalation")

    (tmp_path / "copy").mkdir()
    plain = measured(story(), tmp_path)
    assert measured(story("copy of anna"), tmp_path / "copy") == plain
    assert measured(story(), tmp_path) == plain


def test_nothing_at_all_is_no_escalation(tmp_path):
    result = measured(house(), tmp_path)
    assert (result.escalations, result.cases, result.flows, result.gap.cases) == (0, (), (), 0)
    assert (result.conflicts.everybody.pairs, result.conflicts.everybody.line_declined_share) == (0, None)
