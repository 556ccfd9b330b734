"""What a management team and HR are told of escalations, ties and tables: groups of enough people, never anybody."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.bridges.measure import Carrier, PairTie
from analysis.escalations import Average, Case, Place
from analysis.escalations.conflicts import Conflicts, Settled
from analysis.forums import Arrivals, Forum, Forums, Layers, Returning
from analysis.forums.chairing import Chair
from analysis.forums.standins import Deputies
from analysis.period import Period
from analysis.presence import Coverage
from privacy.group_flows import group_escalations
from privacy.group_forums import subjects, tables
from privacy.group_ties import group_ties
from privacy.merging import apart_and_together

YEAR = Period(date(2026, 1, 5), date(2027, 1, 4))
NOBODY = Settled(0, 0, 0, 0, 0, 0, None, None, None)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"a": 30, "b": 20, "c": 12}, (["a", "b", "c"], [])),
        ({"a": 30, "b": 20, "c": 9}, (["a"], ["c", "b"])),
        ({"a": 30, "b": 6, "c": 5}, (["a"], ["b", "c"])),
        ({"a": 5, "b": 4}, None),
    ],
)
def test_small_rows_go_together_until_they_are_large(sizes, expected):
    def fits(keys):
        return sum(sizes[key] for key in keys) >= 10

    assert apart_and_together(sizes, fits) == expected


# Escalations: a chain begins with people at level 4 of one department and ends at level 2.


def case(number: int, origin: str, day: date) -> Case:
    return Case(
        f"e{number}", f"t{number}", day, Place(origin, 4), Place("Top", 2), (), 2, 2, "process", 30.0, 3, 6, 9.0, True
    )


def attended(number: int, origin: str, before: range, after: range) -> list[dict]:
    rows = [{"person_id": f"{origin}{each}", "level": 4, "department": origin, "last": False} for each in before]
    rows += [{"person_id": f"top{each}", "level": 2, "department": "Top", "last": True} for each in after]
    return [row | {"case_id": f"e{number}", "is_end": row["last"]} for row in rows]


def escalated(origins: dict[str, int], top: int = 12):
    """Ten chains from each department, by so many different people in all; they end with so many of the top."""
    cases, rows = [], []
    for place, (origin, people) in enumerate(origins.items()):
        for number in range(10 * place, 10 * place + 10):
            cases.append(case(number, origin, date(2026, 4 + (number % 10) // 2 * 2, 1 + number % 28)))
            first = number % people
            rows += attended(number, origin, range(first, min(people, first + 6)), range(number % 3 * 4, top))
    posts = pd.DataFrame({"person_id": [f"p{each}" for each in range(40)], "level": [1] + [2] * 12 + [4] * 27})
    mean = Average(2.0, 1.8, 2.2, len(cases))
    found = SimpleNamespace(
        scope="organisation", period=YEAR, escalations=len(cases), without_topic=0, without_history=0, people=60,
        topics=len(cases), gap=mean, days=mean, meetings=mean, cases=tuple(cases), conflicts=Conflicts(NOBODY, NOBODY),
    )  # fmt: skip
    return group_escalations(found, pd.DataFrame(rows), posts)


def test_a_way_needs_enough_people_at_both_ends():
    told = escalated({"A": 14, "B": 11, "C": 4})
    assert told.bands == ((1, 2), (4,))
    assert [(flow.origin, flow.end, flow.cases) for flow in told.by_levels] == [("4", "1-2", 30)]
    # C has four people, so it goes with the smallest of the others.
    assert [(flow.origin, flow.cases, flow.origin_people) for flow in told.by_departments] == [
        ("A", 10, 14),
        ("", 20, 15),
    ]
    assert min(flow.end_people for flow in told.by_departments) >= 10
    assert sum(flow.cases for flow in told.by_departments) == told.cases == 30


def test_nothing_is_told_of_ways_that_end_with_a_few():
    told = escalated({"A": 14, "B": 11}, top=9)
    assert told.by_levels == ()
    assert told.by_departments == ()


def test_the_top_band_is_where_they_end():
    told = escalated({"A": 14})
    assert told.at_top == 1.0
    assert told.line == 0.0
    assert told.settled is None


def test_two_stretches_are_compared():
    told = escalated({"A": 14, "B": 14})
    assert told.before.period.end == told.lately.period.start
    assert told.lately.period.end == YEAR.end
    assert told.before.cases + told.lately.cases <= told.cases


def test_a_few_people_get_no_escalations():
    assert escalated({"A": 4}, top=4) is None


# Ties


def pair(one: str, other: str, people: int, hours: float = 52.0, alone: bool = False) -> PairTie:
    carriers = tuple(
        Carrier(f"{unit}-{each}", unit, 1, hours / people, 1 / people, alone)
        for unit in (one, other)
        for each in range(people)
    )
    return PairTie((one, other), hours, (people, people), carriers, (f"{one}-0",) if alone else ())


def tied(pairs: list[PairTie], sizes: dict[str, int], department: str | None = None, people: int = 60):
    places = [tuple(name.split(" / ")) for name, count in sizes.items() for _ in range(count)]
    chart = pd.DataFrame(places, columns=["department", "team"])
    found = SimpleNamespace(
        period=YEAR, people=people, apart=2, slices=(), pairs=tuple(pairs),
        smallest=SimpleNamespace(period=YEAR, bridges=(), exact=True),
    )  # fmt: skip
    return group_ties(found, chart, department)


def test_units_and_ties_need_enough_people():
    sizes = {"A / x": 12, "A / y": 12, "B / z": 11, "B / w": 4}
    told = tied([pair("A / x", "A / y", 6), pair("A / x", "B / z", 4), pair("A / y", "B / w", 5)], sizes)
    assert [(unit.name, unit.people) for unit in told.units] == [("B", 15), ("x", 12), ("y", 12)]
    shown = {(told.units[tie.one].name, told.units[tie.other].name, tie.people) for tie in told.ties}
    assert shown == {("x", "y", 12), ("B", "y", 10)}
    assert told.not_shown == 1


def test_what_hangs_on_one_person_is_a_number():
    told = tied(
        [pair("A / x", "B / z", 6, alone=True), pair("A / y", "B / z", 6)], {"A / x": 12, "A / y": 12, "B / z": 12}
    )
    assert (told.pairs, told.alone) == (2, 1)
    assert "A / x-0" not in repr(told)


def test_a_department_sees_its_own_ties():
    pairs = [pair("A / x", "B / z", 6), pair("B / z", "C / v", 6)]
    told = tied(pairs, {"A / x": 12, "B / z": 12, "C / v": 12}, "A")
    assert [(told.units[tie.one].name, told.units[tie.other].name) for tie in told.ties] == [("A", "B")]
    assert told.pairs == 1


def test_a_few_people_get_no_ties():
    assert tied([pair("A / x", "B / z", 6)], {"A / x": 12, "B / z": 12}, people=24) is None
    assert tied([pair("A / x", "B / z", 4)], {"A / x": 12, "B / z": 12}) is None


# Tables


def forum(name: str, members: range, topics: tuple[str, ...] = ()) -> Forum:
    return Forum(
        name, tuple(f"p{each}" for each in members), {1: 1}, ("A",), 10, 40, 0.9, 20.0, 200.0, 260.0,
        {"design": 0.25, "coordination": 0.75},
        tuple(Returning(topic, 5, 5, 1, YEAR.start, YEAR.start) for topic in topics),
        0, Arrivals(1, 2, 3.0, 0.1), Layers(2.0, 1.0, 0.5), Chair("p0", 1.0, 0.0, True, 10, 0), Deputies(4, 1, 0.25, 1),
    )  # fmt: skip


def forums(*listed: Forum) -> Forums:
    return Forums("organisation", YEAR, tuple(listed), Coverage(40, 40, 1.0))


def test_small_tables_are_told_together():
    told = tables(forums(forum("a", range(12)), forum("b", range(12, 17)), forum("c", range(17, 22))))
    together, alone, others = told
    assert (together.tables, together.members, others.tables, others.members) == (3, 22, 2, 10)
    assert [table.members for table in alone] == [12]
    assert together.labels == {"design": 0.25, "coordination": 0.75}
    assert (together.rotation, together.deputised, together.arrivals) == (0.0, 0.25, 9)
    assert "p0" not in repr(told)


def test_tables_of_a_few_are_not_told():
    assert tables(forums(forum("a", range(5)), forum("b", range(3, 9)))) is None
    assert tables(forums()) is None


def test_a_subject_with_a_name_or_of_a_few_is_not_named():
    found = forums(forum("a", range(12), ("vakantie", "verzuim jansen", "dossier")))
    people = {"vakantie": 12, "verzuim jansen": 12, "dossier": 9}
    assert [each.name for each in subjects(found, people, frozenset({"jansen", "piet"}))] == ["vakantie"]
