"""Made-up cohorts for releases, straight in memory: log-normal teams, a steep hierarchy, people coming and going."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.period import parse_period
from privacy.release.cohort import Cohort
from store.schema import LABELS

PEOPLE_A_DEPARTMENT = 42


def cohort(people: int, seed: int, quarter: str = "2026Q1") -> Cohort:
    """An organisation of so many people; chiefs meet more, a few people have nearly all escalations and incidents."""
    rng = np.random.default_rng(seed)
    departments = max(2, people // PEOPLE_A_DEPARTMENT)
    weights = rng.lognormal(0, 0.6, departments)
    department = rng.choice(departments, people, p=weights / weights.sum())
    team = rng.integers(0, 1 + rng.poisson(4, departments)[department])
    level = rng.choice([2, 3, 4, 5], people, p=[0.03, 0.1, 0.3, 0.57])
    level[0] = 1
    period = parse_period(quarter)
    mean = np.array([1.2, 5.0, 0.5, 0.2, 2.5])[None, :] * (1 + 1.5 * (level <= 3))[:, None]
    mean[:, 2:4] *= rng.lognormal(-0.5, 1.2, people)[:, None]
    usual = mean * rng.lognormal(0, 0.4, (people, 1))
    hours = usual[:, None, :] * rng.gamma(4, 0.25, (people, period.weeks, len(LABELS)))
    hours *= np.minimum(1.0, 40 / hours.sum(axis=2, keepdims=True))
    ids = tuple(f"p{number:04d}" for number in range(people))
    return Cohort(
        period=period,
        people=ids,
        department=tuple(f"D{each}" for each in department),
        team=tuple(f"T{each}" if each else "" for each in team),
        level=level.astype(np.int64),
        hours=hours,
        available=np.full((people, period.weeks), 36.0),
        working=36.0 * (rng.random((people, period.weeks)) > 0.08),
        focus=rng.gamma(20, 1.0, (people, 2)),
        unread=(("D0", "T1", 5),),
    )


def next_quarter(before: Cohort, quarter: str, seed: int, leaving: float = 0.03, joining: float = 0.03) -> Cohort:
    """The same organisation a quarter later: some left, some came, everybody else spends about as much time."""
    rng = np.random.default_rng(seed)
    stayed = before.only(rng.random(before.size) >= leaving)
    came = cohort(max(2, int(before.size * joining)), seed + 1, quarter)
    size = stayed.size
    together = {name: (*getattr(stayed, name), *getattr(came, name)) for name in ("department", "team")}
    arrays = {
        name: np.concatenate([getattr(stayed, name)[:, :12], getattr(came, name)[:, :12]])
        for name in ("hours", "available", "working", "focus")
    }
    arrays["level"] = np.concatenate([stayed.level, came.level])
    period = parse_period(quarter)
    short = type(period)(period.start, period.start + 12 * (period.mondays[1] - period.mondays[0]))
    hours = arrays["hours"]
    hours[:size] *= rng.gamma(100, 0.01, (size, 1, 1))
    return replace(
        stayed,
        period=short,
        people=(*stayed.people, *(f"q{quarter}{each}" for each in came.people)),
        **together,
        **arrays,
        unread=(),
    )
