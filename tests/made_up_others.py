"""Made-up standing tables, ties, series and counts for a made-up cohort: what a release tells besides hours."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import numpy as np
from scipy.sparse import csr_array

from analysis.dependence import Stall, Stalling, StandingTable
from analysis.escalations import Place
from analysis.period import WEEK, Period
from privacy.release.alone import Thing
from privacy.release.chains import Chain
from privacy.release.compiling import Others
from privacy.release.conflicting import Conflicting
from privacy.release.escalated import Escalated
from privacy.release.functions import waiting_statements
from privacy.release.hanging import Hanging
from privacy.release.parts import Division, Levels, Parts, fates, sides
from privacy.release.quality import Trusting
from privacy.release.stalling import StandingStill
from privacy.release.standing import Standing, Table
from privacy.release.statements import without_leaks
from privacy.release.ties import Meetings, Ties


def made_up_others(policy, seed: int):
    """What a compiler asks for rows besides hours: statements without the rows."""
    return partial(_others, policy, seed)


def _others(policy, seed, plan, cohort, earlier) -> Others:
    rng = np.random.default_rng(seed)
    year = Period(cohort.period.end - 52 * WEEK, cohort.period.end)
    series, lines = (Parts(each, plan, cohort, policy) for each in (_fates(cohort, rng), _sides(cohort, rng)))
    waiting = waiting_statements(SimpleNamespace(period=year), _functions(cohort), plan, cohort, earlier, policy)
    wanted = (
        Standing(_tables(cohort, rng), plan, cohort, policy).statement(),
        Ties(_meetings(cohort, rng), plan, cohort, policy).statement(),
        series.statement(),
        lines.statement(),
        Levels(plan, cohort, policy).statement(),
        Escalated(_chains(cohort, rng), plan, cohort, policy).statement(),
        Trusting(_trust(cohort, rng), plan, cohort, policy).statement(),
        Conflicting(rng.poisson([0.5, 0.8, 3.0], (cohort.size, 3)).astype(float), plan, cohort, policy).statement(),
        Hanging(_pairs(cohort, rng), cohort, policy).statement(),
        StandingStill(_standing(cohort, rng), plan, cohort, policy).statement(),
    )
    return Others((), (*(without_leaks(each, earlier, policy) for each in wanted), *waiting))


def _trust(cohort, rng) -> SimpleNamespace:
    """Nearly all labels are the model's; a few people correct their own."""
    corrected = rng.gamma(0.2, 0.5, cohort.size)
    return SimpleNamespace(sources=np.stack([np.full(cohort.size, 9.0), corrected, np.zeros(cohort.size)], axis=1))


def _tables(cohort, rng) -> list[Table]:
    """Two tables a department, of three to sixteen of its people, and some that cross departments."""
    tables = []
    for number, name in enumerate(sorted(set(cohort.department)) * 2):
        inside = [person for person, unit in zip(cohort.people, cohort.department, strict=True) if unit == name]
        pool = inside if rng.random() < 0.8 else cohort.people
        members = rng.choice(pool, min(len(pool), rng.integers(3, 17)), replace=False).tolist()
        tables.append(Table(f"s{number}", frozenset(members), 12, {"design": 4.0, "coordination": 14.0}, 99.0, 2.0))
    return tables


def _meetings(cohort, rng) -> Meetings:
    """Meetings of the people of one, two or three departments."""
    names, size = np.array(cohort.department), 12 * cohort.size
    units = sorted(set(cohort.department))
    people, codes = [], []
    for code in range(size // 4):
        chosen = rng.choice(units, min(len(units), rng.integers(1, 4)), replace=False)
        pool = np.flatnonzero(np.isin(names, chosen))
        asked = rng.choice(pool, min(len(pool), rng.integers(2, 15)), replace=False)
        people += asked.tolist()
        codes += [code] * len(asked)
    there = csr_array((np.ones(len(people)), (people, codes)), shape=(cohort.size, size // 4))
    return Meetings(there, rng.gamma(2, 0.5, size // 4))


def _fates(cohort, rng) -> Division:
    """A fifth of everybody's coordination each began, ended, or stands alone, give or take."""
    spent = cohort.hours.sum(axis=1)[:, 1]
    return fates(spent[:, None] * 0.2 * rng.gamma(4, 0.25, (cohort.size, 3)))


def _sides(cohort, rng) -> Division:
    """Two fifths of everybody's coordination is in the line, give or take."""
    return sides(cohort.hours.sum(axis=1)[:, 1] * 0.4 * rng.uniform(0.5, 1.5, cohort.size), cohort)


def _functions(cohort) -> dict[str, frozenset[str]]:
    """A function a department and level below the third, and one a level above: some are held by few."""
    held: dict[str, set[str]] = {}
    for person, department, level in zip(cohort.people, cohort.department, cohort.level.tolist(), strict=True):
        held.setdefault(f"work of {department}, {level}" if level > 3 else f"chief {level}", set()).add(person)
    return {name: frozenset(people) for name, people in held.items()}


def _chains(cohort, rng) -> list[Chain]:
    """Two chains for every five people, each of people of one or two departments, that ended high up."""
    names, level = np.array(cohort.department), np.maximum(1, cohort.level)
    units, chains = sorted(set(cohort.department)), []
    for number in range(cohort.size * 2 // 5):
        pool = np.flatnonzero(np.isin(names, rng.choice(units, rng.integers(1, 3), replace=False)))
        before = rng.choice(pool, min(len(pool), rng.integers(3, 25)), replace=False)
        after = np.unique([*rng.choice(before, 2), *rng.choice(np.flatnonzero(level <= rng.integers(2, 4)), 2)])
        lowest, highest = before[np.argmax(level[before])], after[np.argmin(level[after])]
        origin, end = (Place(str(names[each]), int(level[each])) for each in (lowest, highest))
        gap = origin.level - end.level
        sides = frozenset(before.tolist()), frozenset(after.tolist())
        chains.append(Chain(f"e{number}", *sides, origin, end, gap, float(rng.integers(10, 90)), rng.random() < 0.2))
    return chains


def _pairs(cohort, rng) -> list[Thing]:
    """Every team meets the next three by name; a third of these pairs hangs on one person of the first team."""
    of: dict[tuple[str, str], list[int]] = {}
    for number, place in enumerate(zip(cohort.department, cohort.team, strict=True)):
        of.setdefault(place, []).append(number)
    teams = [members for _, members in sorted(of.items()) if len(members) > 2]
    pairs = []
    for number, one in enumerate(teams):
        for step, other in enumerate(teams[number + 1 : number + 4]):
            alone = rng.random() < 1 / 3
            mine = rng.choice(one, 1 if alone else 3, replace=False).tolist()
            theirs = rng.choice(other, 3, replace=False).tolist()
            pairs.append(Thing(f"{number} - {number + step + 1}", frozenset(mine + theirs), frozenset(mine[:alone])))
    return pairs


def _standing(cohort, rng) -> Stalling:
    """A table for every team and as many wider ones; a third of the teams' stand still without one person."""
    of: dict[tuple[str, str], list[str]] = {}
    for person, *place in zip(cohort.people, cohort.department, cohort.team, strict=True):
        of.setdefault(tuple(place), []).append(person)
    tables = []
    for number, members in enumerate(each for _, each in sorted(of.items()) if len(each) > 2):
        seats = tuple(rng.choice(members, min(len(members), 12), replace=False).tolist())
        stall = Stall(seats[0], 5, 4.0, 0, 0.01) if rng.random() < 1 / 3 else None
        tables.append(StandingTable(f"w{number}", seats, 40, None, seats[:2], stall))
        guests = tuple(rng.choice(cohort.people, rng.integers(3, 13), replace=False).tolist())
        tables.append(StandingTable(f"x{number}", guests, 40, None, guests[:2], None))
    year = Period(cohort.period.end - 52 * WEEK, cohort.period.end)
    return Stalling(year, year.weeks, tuple(tables))
