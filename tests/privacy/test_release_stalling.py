"""Standing meetings that would stall: planted truth, its rows, the weeks they are about, who reads them, leaks found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from organisation import MONDAY, Small, at
from told_rows import Group as Planted
from told_rows import release

from analysis.dependence.standstill import Stall, Stalling, StandingTable
from analysis.period import WEEK, Period
from meetload.counting import Counted
from meetload.other_rows import year_before
from privacy.access import COUNTS, STALLING, can
from privacy.group_dependence import TablesOfKind
from privacy.groups import Group
from privacy.policy import Policy
from privacy.release.cohort import read_cohort
from privacy.release.others import ENOUGH_DATA, PEOPLE_AT_RISK, WAITING_MEETINGS
from privacy.release.stalling import (
    ALL,
    COUNT,
    PART,
    TEAM,
    WIDER,
    StandingStill,
    label_of,
    read_stalling,
)
from privacy.release.statements import Said, caught, leaks, plants, without_leaks
from privacy.released_door import ReleasedDoor
from privacy.viewer import Viewer

POLICY = Policy()
QUARTER = Period(MONDAY.date() + 91 * WEEK, MONDAY.date() + 104 * WEEK)
WEEKS = Period(QUARTER.end - 52 * WEEK, QUARTER.end)
SIZE, TEAMS = 8, 30
PEOPLE = tuple(f"p{number}" for number in range(SIZE * TEAMS))
# Two departments of fifteen teams of eight.
COHORT = SimpleNamespace(
    period=QUARTER,
    people=PEOPLE,
    department=tuple("A" if number < len(PEOPLE) // 2 else "B" for number in range(len(PEOPLE))),
    team=tuple(f"T{number // SIZE}" for number in range(len(PEOPLE))),
)
ORGANISATION = Group("organisation", "organisation", "", (), frozenset(range(len(PEOPLE))))
A = Group("department", "A", "", ("A",), frozenset(range(len(PEOPLE) // 2)), ("A",))
PLAN = SimpleNamespace(groups=(ORGANISATION, A))
HR, MT, MT_A, MT_B = Viewer("hr"), Viewer("mt"), Viewer("mt", unit="A"), Viewer("mt", unit="B")


def tables(still: int = 10, wider: int = 15, unseen: int = 0) -> Stalling:
    """A table for every team, of which some stand still without their lead, and tables of people from all teams."""
    found = []
    for number in range(TEAMS):
        members = PEOPLE[number * SIZE : (number + 1) * SIZE]
        waits = Stall(members[0], 5, 4.5, 0, 0.001) if number % 2 == 0 and number // 2 < still else None
        found.append(StandingTable(f"team{number}", members, 80, "coordination", members[:3], waits))
    for number in range(wider):
        members = tuple(PEOPLE[(SIZE * each + number) % len(PEOPLE)] for each in range(number, number + 9))
        found.append(StandingTable(f"wide{number}", members, 80, "coordination", members[:3], None))
    found += [StandingTable(f"unseen{number}", PEOPLE[:5], 80, None, (), None) for number in range(unseen)]
    return Stalling(WEEKS, WEEKS.weeks, tuple(found))


def told(found: Stalling, earlier=(), plan=PLAN) -> dict[str, dict[str, float]]:
    measure = StandingStill(found, plan, COHORT, POLICY)
    rows: dict[str, dict[str, float]] = {}
    for row in measure.rows(without_leaks(measure.statement(), earlier, POLICY)):
        rows.setdefault(row.group, {})[row.label] = row.value
    return rows


def test_rows_say_what_was_planted():
    """Ten of thirty tables of a team stand still, none of fifteen wider ones."""
    found = told(tables(), plan=SimpleNamespace(groups=(ORGANISATION,)))
    assert found == {
        "organisation": {
            label_of(ALL, COUNT): 45.0,
            label_of(ALL, PART): 0.2,
            label_of(TEAM, COUNT): 30.0,
            label_of(TEAM, PART): 0.3,
            label_of(WIDER, COUNT): 15.0,
            label_of(WIDER, PART): 0.1,
        }
    }


def test_a_department_is_told_of_its_own_tables():
    """Eight of fifteen."""
    assert told(tables(still=15, wider=0))["department:A"][label_of(ALL, PART)] == 0.5


def test_a_department_is_not_told_where_its_part_leaves_few_of_the_others():
    """Eight of the ten are in it: the other two have sixteen people."""
    assert label_of(ALL, PART) not in told(tables(still=10, wider=0)).get("department:A", {})


def test_a_table_of_which_nobody_was_away_is_not_counted():
    assert told(tables(unseen=30)) == told(tables())


def test_hardly_any_says_nothing_of_the_few():
    for still in (0, 1, 4):
        assert told(tables(still=still))["organisation"][label_of(ALL, PART)] == 0.1


def test_what_waits_for_a_few_is_not_told():
    """Ten tables stand still, all of them without the same person."""
    found = tables()
    chief = PEOPLE[0]
    same = tuple(
        replace(each, members=(chief, *each.members[1:]), stall=replace(each.stall, person_id=chief))
        if each.stall
        else each
        for each in found.tables
    )
    assert told(replace(found, tables=same)) == {}


def test_what_is_known_through_the_absence_of_a_few_is_not_told():
    """One person has a seat everywhere and is the only one who was away; with ten people it may be told."""
    for away, rows in ((1, 0), (4, 0), (12, 1)):
        found = tables(still=0, wider=0)
        mine = tuple(
            replace(each, members=(*each.members, PEOPLE[number % away]), looked_at=(PEOPLE[number % away],))
            for number, each in enumerate(found.tables)
        )
        assert len(told(replace(found, tables=mine), plan=SimpleNamespace(groups=(ORGANISATION,)))) == rows


def test_less_than_a_year_is_not_told():
    assert told(replace(tables(), weeks=47)) == {}


def test_a_planted_leak_is_caught():
    found = StandingStill(tables(), PLAN, COHORT, POLICY).statement()
    kinds = list(plants(found))
    assert len(kinds) == 3
    assert all(caught(plant, (), POLICY) for plant in kinds)


def test_the_same_weeks_again_without_one_table_tell_nothing_of_it():
    measure = StandingStill(tables(), PLAN, COHORT, POLICY)
    said = without_leaks(measure.statement(), (), POLICY).said
    fewer = replace(tables(), tables=tables().tables[1:])
    again = StandingStill(fewer, PLAN, COHORT, POLICY).statement()
    assert leaks(again, [said], POLICY)
    assert not leaks(without_leaks(again, [said], POLICY), [said], POLICY)


def test_who_reads_it():
    measure = StandingStill(tables(), PLAN, COHORT, POLICY)
    rows = {(row.group, row.label): row for row in measure.rows(measure.statement())}
    whole, own = rows["organisation", label_of(ALL, PART)], rows["department:A", label_of(ALL, PART)]
    assert [can(viewer, whole) for viewer in (HR, MT, MT_A, MT_B)] == [True] * 4
    assert [can(viewer, own) for viewer in (MT, MT_A, MT_B)] == [True, True, False]
    assert not can(HR, replace(own, people="25-49"))
    assert not can(MT, replace(own, people="10-24"))
    assert not can(Viewer("self", person_id="p1"), whole)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Six teams of eight over a year; those of three leads do not meet while the lead is away, those of the others do."""
    small = Small()
    for team in range(6):
        names = [f"t{team}{number}" for number in range(SIZE)]
        for name in names:
            small.person(name, department="A", level=3, team=f"A{team}")
        away = range(10 + team, 15 + team)
        for week in range(60):
            monday = MONDAY + timedelta(weeks=week)
            if team >= 3 or week not in away:
                start = at(1, "10:00", monday)
                small.meeting(f"m{team}-{week}", start, 60, names, series_id=f"s{team}", organizer_id=names[0])
            if week in away:
                small.away(names[0], at(0, "00:00", monday), at(5, "00:00", monday))
    return small.store(tmp_path_factory.mktemp("stalling"))


def test_nobody_who_objected_has_a_seat(store):
    held, quarter = store.snapshot(), Period(MONDAY.date() + 47 * WEEK, MONDAY.date() + 60 * WEEK)
    for objecting, waiting in (((), ["t00", "t10", "t20"]), (("t00",), ["t10", "t20"])):
        cohort = read_cohort(held.tables(), quarter, objecting, 40.0)
        found = read_stalling(held.tables(), year_before(quarter), cohort, ())
        assert [each.stall.person_id for each in found.tables if each.stall] == waiting
        assert not {*objecting} & {person for each in found.tables for person in each.members}


def test_no_week_is_told_of_twice(store):
    """What was told of a week of the year before stops it; what was told earlier, or told nothing, does not."""
    held, quarter = store.snapshot(), Period(MONDAY.date() + 47 * WEEK, MONDAY.date() + 60 * WEEK)
    cohort, year = read_cohort(held.tables(), quarter, (), 40.0), year_before(quarter)
    sets = {"organisation, all": frozenset({"s"})}
    said = Said(STALLING, "2025-01-06", (year.start + WEEK).isoformat(), sets, {})
    before, nothing = replace(said, ends=year.start.isoformat()), replace(said, sets={})
    for earlier, many in (((), 6), ((before,), 6), ((nothing,), 6), ((said,), 0)):
        assert len(read_stalling(held.tables(), year, cohort, earlier).tables) == many


def test_the_year_that_is_signed_is_the_year_that_was_looked_at(store):
    """A release counts a year of the store and no more; an earlier week is in no row."""
    quarter = Period(MONDAY.date() + 47 * WEEK, MONDAY.date() + 60 * WEEK)
    counted = Counted(store.snapshot(), year_before(quarter))
    cohort = read_cohort(counted.tables(), quarter, (), 40.0)
    found = read_stalling(counted.tables(), year_before(quarter), cohort, ())
    assert (found.period, found.weeks) == (year_before(quarter), 52)


def test_the_page_is_answered_from_the_rows():
    hours = dict.fromkeys(("coordination", "design", "escalation", "incident", "other"), 2.0) | {"contract": 34.0}
    counts = {PEOPLE_AT_RISK: "0-4", WAITING_MEETINGS: 5.0, ENOUGH_DATA: "50-99"}
    rest = {(COUNTS, label): value for label, value in counts.items()}
    rest |= {(STALLING, label_of(ALL, COUNT)): 45.0, (STALLING, label_of(ALL, PART)): 0.2}
    door = ReleasedDoor([release(0, {"organisation": Planted("organisation", lambda _: hours, rest=rest)})])
    found = door.dependence(MT, door.overview().period)
    assert found.tables.kinds == (TablesOfKind(ALL, 45, 0.2),)
