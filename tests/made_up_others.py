"""Made-up standing tables, ties, series and counts for a made-up cohort: what a release tells besides hours."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import numpy as np
from scipy.sparse import csr_array

from analysis.period import WEEK, Period
from privacy.release.compiling import Others
from privacy.release.others import dependence_statement
from privacy.release.parts import Fates, Parts
from privacy.release.standing import Standing, Table
from privacy.release.statements import without_leaks
from privacy.release.ties import Meetings, Ties


def made_up_others(policy, seed: int):
    """What a compiler asks for rows besides hours: statements without the rows."""
    return partial(_others, policy, seed)


def _others(policy, seed, plan, cohort, earlier) -> Others:
    rng = np.random.default_rng(seed)
    year = Period(cohort.period.end - 52 * WEEK, cohort.period.end)
    parts = Parts(_fates(cohort, rng), plan, cohort, policy)
    wanted = (
        Standing(_tables(cohort, rng), plan, cohort, policy).statement(),
        dependence_statement(SimpleNamespace(period=year), plan, cohort, policy),
        Ties(_meetings(cohort, rng), plan, cohort, policy).statement(),
        parts.statement(),
        parts.levels(),
    )
    return Others((), tuple(without_leaks(each, earlier, policy) for each in wanted))


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


def _fates(cohort, rng) -> Fates:
    """A fifth of everybody's coordination each began, ended, or stands alone, give or take."""
    spent = cohort.hours.sum(axis=1)[:, 1]
    return Fates(spent[:, None] * 0.2 * rng.gamma(4, 0.25, (cohort.size, 3)))
