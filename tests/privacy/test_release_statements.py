"""Everything told besides hours stands under the audit too: what it rests on, by itself and with what was told before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from made_up_cohort import cohort
from organisation import MONDAY

from analysis.period import Period
from privacy.policy import Policy
from privacy.release import statements
from privacy.release.compiling import Others, ReleaseRefused, compile_cohort
from privacy.release.ledger import add_to_ledger, read_ledger
from privacy.release.statements import Basis, Statement, caught, dominated, leaks, plants, without_leaks

POLICY = Policy()
QUARTER = Period(MONDAY.date(), MONDAY.date() + timedelta(weeks=13))
NEXT = Period(QUARTER.end, QUARTER.end + timedelta(weeks=13))


def named(first: int, after: int) -> frozenset[str]:
    return frozenset(f"p{number}" for number in range(first, after))


def people(*groups: tuple[str, frozenset[str]], period: Period = QUARTER, fewest: int = 25, **more) -> Statement:
    """Counts of people: every group rests on everybody in it."""
    everybody = frozenset[str]().union(*(members for _, members in groups))
    told = tuple(Basis(key, members) for key, members in groups)
    return Statement("dependence", period, told, {each: frozenset({each}) for each in everybody}, fewest, **more)


def tables(sizes: dict[str, int], **units: str) -> Statement:
    """Standing tables of so many members each; every unit has the tables named by letters."""
    behind = {name: frozenset(f"{name}{number}" for number in range(size)) for name, size in sizes.items()}
    bases = tuple(
        Basis(unit, frozenset(held), np.ones((sum(sizes[each] for each in held), 1))) for unit, held in units.items()
    )
    return Statement("forums", QUARTER, bases, behind, 6)


def keys(statement: Statement) -> list[str]:
    return [each.key for each in statement.told]


def test_the_rest_of_the_organisation_is_a_group_as_well():
    """Of 100 people 90 are in departments that are told: counts of the other ten would follow."""
    found = people(("all", named(0, 100)), ("A", named(0, 60)), ("B", named(60, 90)))
    assert leaks(found, (), POLICY) == [named(90, 100)]
    assert keys(without_leaks(found, (), POLICY)) == ["all", "A"]


def test_who_sees_large_groups_only_gets_no_smaller_one_by_subtraction():
    """HR is told of groups of 50 and more: 100 less 60 would be 40, which only management may know of."""
    found = people(("all", named(0, 100)), ("A", named(0, 60)), wide=frozenset({"all", "A"}), wide_fewest=50)
    assert leaks(replace(found, wide=frozenset()), (), POLICY) == []
    assert keys(without_leaks(found, (), POLICY)) == ["all"]


@pytest.mark.parametrize(("left", "told"), [(1, []), (4, []), (0, ["all"])])
def test_a_year_that_overlaps_the_one_before_must_not_show_who_left(left, told):
    before = people(("all", named(0, 100))).said
    again = people(("all", named(left, 100)))
    assert keys(without_leaks(again, [before], POLICY)) == told
    later = people(("all", named(left, 100)), period=NEXT)
    assert keys(without_leaks(later, [before], POLICY)) == ["all"]


def test_five_who_came_and_five_who_left_hide_each_other():
    before = people(("all", named(0, 100))).said
    assert keys(without_leaks(people(("all", named(5, 105))), [before], POLICY)) == ["all"]


def test_a_table_of_few_is_not_the_difference_of_two_units():
    """All four tables less those of A leave table d, where four people sit."""
    found = tables({"a": 9, "b": 8, "c": 12, "d": 4}, all="abcd", A="abc")
    assert leaks(found, (), POLICY) == [frozenset("d")]
    assert keys(without_leaks(found, (), POLICY)) == ["all"]
    assert keys(without_leaks(tables({"a": 9, "b": 8, "d": 7}, all="abd", A="ab"), (), POLICY)) == ["all", "A"]


def test_what_one_person_makes_up_is_not_told():
    found = tables({"a": 12}, A="a")
    heavy = replace(found, told=(replace(found.told[0], values=np.array([[30.0], *[[1.0]] * 11])),))
    assert dominated(found, POLICY) == []
    assert dominated(heavy, POLICY) == ["A"]
    assert keys(without_leaks(heavy, (), POLICY)) == []


def ties(sizes: dict[str, int], **pairs: list[str]) -> Statement:
    """Ties between departments: the meetings of every combination of them are one thing."""
    behind = {met: frozenset(f"{met} {number}" for number in range(size)) for met, size in sizes.items()}
    bases = tuple(Basis(pair, frozenset(things), np.ones((30, 2))) for pair, things in pairs.items())
    return Statement("ties", QUARTER, bases, behind, 10)


KINDS = {
    "people": people(("all", named(0, 100)), ("A", named(0, 60))),
    "tables": tables({"a": 9, "b": 8, "c": 12}, all="abc", A="ab"),
    "meetings": ties({"A|B": 14, "A|C": 12, "A|B|C": 11}, AB=["A|B", "A|B|C"], AC=["A|C", "A|B|C"]),
}


def test_meetings_of_few_between_three_departments_are_not_the_difference_of_ties():
    """AB has what AC has, and besides it the meetings of A and B alone, where four people come."""
    found = ties({"A|B": 4, "A|B|C": 20}, AB=["A|B", "A|B|C"], AC=["A|B|C"])
    assert leaks(found, (), POLICY) == [frozenset({"A|B"})]
    assert keys(without_leaks(found, (), POLICY)) == ["AB"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_leak_planted_in_any_kind_of_row_is_caught(kind):
    found = list(plants(KINDS[kind]))
    assert len(found) == (2 if kind == "people" else 3)
    assert all(caught(plant, (), POLICY) for plant in found)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(10))
def test_a_thing_of_one_person_planted_anywhere_is_caught_every_time(kind, seed):
    rng, statement = np.random.default_rng(seed), KINDS[kind]
    chosen = statement.told[rng.integers(len(statement.told))]
    extra = Basis("planted", chosen.things | {"x"})
    leaky = replace(statement, told=(*statement.told, extra), behind={**statement.behind, "x": frozenset({"x"})})
    assert frozenset({"x"}) in leaks(leaky, (), POLICY)
    assert leaks(without_leaks(leaky, (), POLICY), (), POLICY) == []


def test_a_release_with_a_leaky_row_is_refused():
    leaky = people(("all", named(0, 100)), ("A", named(0, 90)))
    with pytest.raises(ReleaseRefused, match="dependence: together with what was told before"):
        compile_cohort(cohort(300, 1), "2026Q1", POLICY, further=lambda *_: Others((), (leaky,)))


def test_an_audit_that_finds_no_planted_leak_refuses_everything(monkeypatch):
    monkeypatch.setattr(statements, "small_sets", lambda *_: [])
    with pytest.raises(ReleaseRefused, match="the audit itself is broken"):
        compile_cohort(cohort(300, 1), "2026Q1", POLICY, further=lambda *_: Others((), (KINDS["people"],)))


def test_what_was_told_is_remembered_and_renamed_with_its_people(tmp_path):
    told = (KINDS["people"], KINDS["tables"])
    compiled = compile_cohort(cohort(300, 1), "2026Q1", POLICY, further=lambda *_: Others((), told))
    assert compiled.audit.others == {"contract": 24, "working": 2, "focus": 24, "dependence": 2, "forums": 2}
    add_to_ledger(tmp_path / "audit", compiled.remembered("0" * 64))
    (found,) = read_ledger(tmp_path / "audit")
    assert found.said == tuple(each.said for each in told)
    people_said, tables_said = found.under(str.upper).said
    assert people_said.sets["A"] == frozenset(f"P{number}" for number in range(60))
    assert (set(tables_said.behind), tables_said.behind["b"]) == (
        {"a", "b", "c"},
        {f"B{number}" for number in range(8)},
    )
