"""What a release tells of escalations and of conflicts: rows from planted chains, pages from rows, leaks found, for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import made_up_cohort
import numpy as np
import pytest
from organisation import MONDAY, Small, at

from analysis.escalations import Place
from analysis.period import Period
from analysis.snapshots import presence_of, topics_in
from privacy.access import can
from privacy.groups import Group
from privacy.policy import Policy
from privacy.release.chains import Chain, read_chains
from privacy.release.conflicting import CONFLICTS, Conflicting, read_conflicts
from privacy.release.escalated import ESCALATIONS, Escalated
from privacy.release.file import GroupInfo
from privacy.release.statements import Basis, caught, leaks, plants, without_leaks
from privacy.release.ways import Way, ways_told
from privacy.released_escalations import released_escalations
from privacy.released_quarter import Quarter
from privacy.viewer import Viewer

POLICY = Policy()
QUARTER = Period(MONDAY.date(), MONDAY.date() + timedelta(weeks=13))
NEXT = Period(QUARTER.end, QUARTER.end + timedelta(weeks=13))
# Departments A and B of thirty; the first twelve of each are chiefs (levels 1 and 2), the others are at level 4.
PEOPLE = tuple(f"{unit}{number}" for unit in "AB" for number in range(30))
CHIEFS = frozenset([*range(12), *range(30, 42)])
A, B = (Group("department", name, name, (name,), frozenset(range(first, first + 30)), (name,)) for name, first in
        (("A", 0), ("B", 30)))  # fmt: skip
TOP = Group("levels", "1-2", "", ("1", "2"), CHIEFS)
LOW = Group("levels", "4", "", ("4",), frozenset(range(60)) - CHIEFS)
GROUPS = (Group("organisation", "organisation", "", (), frozenset(range(60))), A, B, TOP, LOW)
COHORT = replace(made_up_cohort.cohort(60, 1), people=PEOPLE, period=QUARTER)


def some(of: Group, level: Group, turn: int, count: int = 6) -> frozenset[int]:
    """Six of a department's people at a level, others every time."""
    there = sorted(of.members & level.members)
    return frozenset(there[(turn + each) % len(there)] for each in range(count))


def chains(kind: str, count: int, origin: Group, end: Group, up: bool, days: float, in_line: int = 0) -> list[Chain]:
    """So many chains of level 4 of one department that ended in another, with its chiefs or at level 4 again."""
    there, level = (TOP, 2) if up else (LOW, 4)
    return [
        Chain(
            f"{kind}{turn}", some(origin, LOW, turn), some(end, there, turn), Place(origin.name, 4),
            Place(end.name, level), 4 - level, days, turn < in_line,
        )
        for turn in range(count)
    ]  # fmt: skip


# 12 of 30 go from A to its own chiefs, 6 of them in one line; 8 from B to those of A; 10 stay at B's level 4.
PLANTED = [
    *chains("aa", 12, A, A, up=True, days=30, in_line=6),
    *chains("ba", 8, B, A, up=True, days=50),
    *chains("bb", 10, B, B, up=False, days=10),
]


def told(found=PLANTED, groups=GROUPS):
    escalated = Escalated(found, SimpleNamespace(groups=groups), COHORT, POLICY)
    statement = without_leaks(escalated.statement(), (), POLICY)
    return statement, tuple(escalated.rows(statement))


def values(rows, group: str) -> dict[str, float]:
    return {row.label: row.value for row in rows if row.group == group}


def test_rows_say_what_was_planted():
    _, rows = told()
    assert values(rows, "organisation") == {
        "chains": 30,
        "levels climbed": 1.5,  # 20 of 30 climbed two
        "days from first to last meeting": 30,  # (12 x 30 + 8 x 50 + 10 x 10) / 30 = 28.7
        "ended at the top": 0.7,
        "in one line": 0.2,
        "levels:4 > levels:1-2": 0.7,
        "levels:4 > levels:4": 0.3,
        "department:A > department:A": 0.4,
        "department:B > department:A": 0.3,
        "department:B > department:B": 0.3,
    }
    # Somebody of A was in 20, all of which ended at the top: nothing says that it were all.
    assert values(rows, "department:A") == {
        "chains": 20,
        "levels climbed": 2,
        "days from first to last meeting": 40,
        "ended at the top": 0.9,
        "in one line": 0.3,
        "levels:4 > levels:1-2": 0.9,
    }
    assert values(rows, "department:B")["ended at the top"] == 0.4
    assert values(rows, "department:B")["in one line"] == 0.1


@pytest.mark.parametrize("in_line", [0, 1, 4])
def test_hardly_any_and_none_look_alike(in_line):
    found = [replace(each, in_line=number < in_line) for number, each in enumerate(PLANTED)]
    assert values(told(found)[1], "organisation")["in one line"] == 0.1


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("four chains", PLANTED[:4]),
        (
            "nine people",
            [replace(each, before=frozenset(range(12, 17)), after=frozenset(range(4))) for each in PLANTED],
        ),
        (
            "one person is in all of them",
            [replace(each, before=frozenset({59}), after=frozenset({turn})) for turn, each in enumerate(PLANTED[:12])],
        ),
    ],
)
def test_what_rests_on_too_little_is_not_told(what, found):
    statement, rows = told(found)
    assert (statement.told, rows) == ((), ()), what


def test_a_department_is_told_only_of_enough_of_its_own_people():
    """All of A go to one chief of B: B has one person in these chains, however many there are."""
    found = [replace(each, after=frozenset({30}), end=Place("B", 2)) for each in PLANTED[:12]]
    groups = {row.group for row in told([*found, *PLANTED[:12]])[1]}
    assert groups == {"organisation", "department:A"}


def way(origin: Group, end: Group) -> Way:
    return Way("department", origin, end)


def enough(chosen: Way, held: list[Chain]) -> bool:
    del chosen
    return len(held) >= 5


def test_small_ways_are_told_by_where_they_began_or_as_one():
    ways = {way(A, A): PLANTED[:12], way(B, A): PLANTED[12:15], way(B, B): PLANTED[20:24], way(A, B): PLANTED[24:26]}
    found = ways_told(ways, enough, lambda _: True)
    assert {each.label: len(held) for each, held in found.items()} == {
        "department:A > department:A": 12,
        "department:B > elsewhere": 7,
    }


def test_what_is_left_of_ways_is_never_a_few_people():
    ways = {way(A, A): PLANTED[:12], way(B, A): PLANTED[12:20], way(A, B): PLANTED[20:21]}
    found = ways_told(ways, enough, lambda held: len(held) > 1)
    assert {each.label: len(held) for each, held in found.items()} == {
        "department:A > department:A": 12,
        "department > elsewhere": 9,
    }
    assert ways_told({way(A, B): PLANTED[:2]}, enough, lambda _: True) == {}


def test_leaks_planted_in_chains_are_caught_and_their_rows_go():
    statement, _ = told()
    assert leaks(statement, (), POLICY) == []
    assert [plant.what for plant in plants(statement) if not caught(plant, (), POLICY)] == []
    small = Chain("small", frozenset({12}), frozenset({0}), Place("A", 4), Place("A", 2), 2, 30.0, in_line=False)
    found, _ = told([*PLANTED, small])
    whole = found.told[0]
    planted = replace(found, told=(*found.told, Basis("planted", whole.things - {"small"}, whole.values)))
    assert frozenset({"small"}) in leaks(planted, (), POLICY)
    assert "planted" not in {each.key for each in without_leaks(planted, (), POLICY).told}


def test_a_department_that_gives_away_a_chain_of_few_is_left_out_and_the_others_are_not():
    """One chain of two people of B is all that is not of A, so only one of A and the organisation may be told."""
    few = Chain("few", frozenset({45}), frozenset({46}), Place("B", 4), Place("B", 4), 0, 10.0, in_line=False)
    statement, rows = told([*PLANTED[:12], few])
    assert "organisation" in {row.group for row in rows}
    assert "department:A" not in {row.group for row in rows}
    assert leaks(statement, (), POLICY) == []


@pytest.mark.parametrize(
    ("viewer", "sees"),
    [
        (Viewer("hr"), {"A > A", "B > A", "B > B", "own A", "own B", "all"}),
        (Viewer("mt"), {"A > A", "B > A", "B > B", "own A", "own B", "all"}),
        (Viewer("mt", unit="A"), {"A > A", "B > A", "own A", "all"}),
        (Viewer("self", person_id="A1"), set()),
    ],
)
def test_who_sees_them(viewer, sees):
    names = {
        "department:A > department:A": "A > A", "department:B > department:A": "B > A",
        "department:B > department:B": "B > B",
    }  # fmt: skip
    groups = {"department:A": "own A", "department:B": "own B", "organisation": "all"}
    seen = [row for row in told()[1] if can(viewer, row)]
    assert {names.get(row.label, groups[row.group]) for row in seen} == sees


# Pages, from rows.


def quarter(period: Period, found=PLANTED, more=()) -> Quarter:
    infos = tuple(GroupInfo(each.key, each.kind, each.name, each.unit, each.parts, "50-99") for each in GROUPS)
    rows = [replace(row, period=str(period)) for row in (*told(found)[1], *more)]
    return Quarter(SimpleNamespace(period=period, groups=infos, policy={}), rows)


def test_the_page_says_what_the_rows_say():
    found = released_escalations([quarter(QUARTER)], "organisation", "organisation")
    assert (found.whole.cases, found.whole.gap, found.whole.days) == (30, 1.5, 30)
    assert (found.whole.at_top, found.whole.line, found.bands) == (0.7, 0.2, ((1, 2), (4,)))
    assert [(each.origin, each.end, each.part) for each in found.by_levels] == [("4", "1-2", 0.7), ("4", "4", 0.3)]
    assert [(each.origin, each.end, each.part) for each in found.by_departments] == [
        ("A", "A", 0.4),
        ("B", "A", 0.3),
        ("B", "B", 0.3),
    ]
    assert (found.before, found.lately, found.settled) == (None, None, None)


def test_two_quarters_are_weighed_by_their_chains():
    """In the second quarter the twelve of A are all: 90 % and more of them, and 70 % of thirty."""
    both = [quarter(QUARTER), quarter(NEXT, PLANTED[:12])]
    found = released_escalations(both, "organisation", "organisation")
    assert (found.whole.cases, found.before.cases, found.lately.cases) == (40, 30, 10)
    assert (found.before.at_top, found.lately.at_top, found.whole.at_top) == (0.7, 0.9, 0.75)
    assert found.whole.gap == pytest.approx((30 * 1.5 + 10 * 2) / 40)
    assert released_escalations([both[1]] * 2, "organisation", "organisation").whole.at_top == 0.9


def test_nothing_is_said_of_a_group_whose_chains_are_not_told():
    assert released_escalations([quarter(QUARTER, PLANTED[:12])], "department:B", "B") is None


# Conflicts between line and process.

TIMES = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 4.0]] * 30)


def conflicts(times=TIMES, groups=GROUPS):
    found = Conflicting(times, SimpleNamespace(groups=groups), COHORT, POLICY)
    statement = without_leaks(found.statement(), (), POLICY)
    return statement, tuple(found.rows(statement))


def test_conflicts_are_told_in_tenths():
    """240 times: 30 declined the line, 30 the process."""
    statement, rows = conflicts()
    assert values(rows, "organisation") == {
        "times": 240,
        "declined the line": 0.1,
        "declined the process": 0.1,
        "declined both or neither": 0.8,
    }
    assert {row.group for row in rows} == {"organisation", "department:A", "department:B"}
    assert all(caught(plant, (), POLICY) for plant in plants(statement))
    found = released_escalations([quarter(QUARTER, more=rows)], "organisation", "organisation").settled
    assert (found.times, found.line_declined, found.process_declined) == (240, 0.1, 0.1)


def test_of_departments_conflicts_are_told_of_all_or_of_none():
    few = TIMES.copy()
    few[35:, 0] = 0
    assert {row.group for row in conflicts(few)[1]} == {"organisation"}
    few[5:, 0] = few[:, 0][5:] * 0
    few[0, 0] = 50
    assert conflicts(few)[1] == ()


def test_a_viewer_sees_conflicts_as_hours():
    rows = [row for row in conflicts()[1] if can(Viewer("mt", unit="A"), row)]
    assert {(row.measure, row.group) for row in rows} == {(CONFLICTS, "organisation"), (CONFLICTS, "department:A")}


# From a store.


def house() -> Small:
    small = Small()
    for name, level in (("director", 1), ("chief", 2), ("anna", 4), ("bo", 4), ("cas", 4)):
        small.person(name, level, manager_id="director" if level > 1 else None)
    small.meeting("m1", at(1, "09:00"), 60, ["bo", "cas"], title="Zonnepanelen")
    small.meeting("m2", at(8, "09:00"), 60, ["anna", "bo"], title="Zonnepanelen")
    return small.meeting("m3", at(15, "09:00"), 60, ["anna", "chief", "director"], "escalation", title="Zonnepanelen")


def read(folder, *people: str) -> tuple[Chain, ...]:
    snapshot = house().store(folder).snapshot()
    levels = {"director": 1, "chief": 2, "anna": 4, "bo": 4, "cas": 4}
    cohort = SimpleNamespace(
        people=people, size=len(people), period=QUARTER, department=("A",) * len(people),
        level=np.array([levels[each] for each in people]),
    )  # fmt: skip
    return read_chains(presence_of(snapshot), topics_in(snapshot).named(), snapshot.tables(), cohort)


def test_a_chain_is_what_the_cohort_was_in(tmp_path):
    (found,) = read(tmp_path, "anna", "bo", "cas", "chief", "director")
    assert (found.key, found.origin, found.end, found.gap, found.days) == ("m3", Place("A", 4), Place("A", 1), 3, 7.0)
    assert (found.before, found.after) == (frozenset({0, 1}), frozenset({0, 3, 4}))


def test_who_is_not_in_the_cohort_does_not_show(tmp_path):
    """Without the director it ends at level 2; without anna nothing ties it to a meeting, so all on the subject count."""
    (found,) = read(tmp_path, "anna", "bo", "cas", "chief")
    assert (found.end, found.gap, found.people) == (Place("A", 2), 2, frozenset({0, 1, 3}))
    (found,) = read(tmp_path, "bo", "cas", "chief")
    assert (found.before, found.after, found.days) == (frozenset({0, 1}), frozenset({2}), 14.0)


def test_conflicts_count_for_the_cohort_only(tmp_path):
    small = house()
    for day, (side, declined) in enumerate((("line", ["anna"]), ("process", ["bo", "cas"]))):
        small.meeting(side, at(20, f"09:{30 * day:02}"), 60, ["anna", "bo", "cas"],
                      answers=dict.fromkeys(declined, "declined"), title="Overleg")  # fmt: skip
        small.labels[-1]["sub"] = side
    cohort = SimpleNamespace(people=("anna", "bo", "chief"), size=3, period=QUARTER)
    assert read_conflicts(small.store(tmp_path).tables(), cohort).tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 0]]


def test_the_measure_is_named_for_the_audit():
    assert {told()[0].measure, conflicts()[0].measure} == {ESCALATIONS, CONFLICTS}
