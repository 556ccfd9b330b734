"""Weekly panels with planted truth, drawn without meetings: quick enough for hundreds of runs of one estimator.

One organisation: 160 people in five levels, part-timers, leave and public holidays, people who come and go, promotions
and a reorganisation, weekly shocks that everybody shares (AR(1), phi 0.5, sd 0.10), a season, each person's own
weeks, and labels of which 15 % are wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from analysis.drift.panel import (
    ESCALATION_AD_HOC,
    ESCALATION_SERIES,
    INCIDENT,
    LINE,
    PARTS,
    PROCESS_AD_HOC,
    PROCESS_SERIES,
    Panel,
)
from analysis.labelerror import CORPUS, LabelError, error_of
from analysis.period import Period
from store.schema import LABELS

if TYPE_CHECKING:
    from analysis.trend import Array

    Parts = dict[str, Array]

MONDAY = date(2025, 1, 6)
SIZES = {1: 1, 2: 5, 3: 14, 4: 40, 5: 100}
# What each level spends of its available hours on coordination and escalation.
RATES = {1: 0.45, 2: 0.4, 3: 0.3, 4: 0.18, 5: 0.12}
# How coordination divides over its parts before anything moves.
DIVISION = {LINE: 0.3, PROCESS_SERIES: 0.4, PROCESS_AD_HOC: 0.3}
ERRORS = 0.15


@dataclass(frozen=True)
class Planted:
    """What an organisation holds: growth over the window, a step, upward movement, and what could be taken for one."""

    weeks: int = 78
    growth: float = 0.0
    step: float = 0.0
    step_week: int = 39
    upward: float = 0.0
    persistence: float = 0.5
    shock: float = 0.10
    season: float = 0.0
    turnover: float = 0.25
    promotions: float = 0.05
    reorganised: bool = True
    levels_joining: dict[int, float] = field(default_factory=dict)
    errors: float = ERRORS


@dataclass(frozen=True)
class Drawn:
    """A panel, the known error of its labels, and what they say of ad-hoc hours (level -> labels x weeks)."""

    panel: Panel
    error: LabelError | None
    ad_hoc: dict[int, Array]


def panel(planted: Planted, seed: int) -> tuple[Panel, LabelError | None]:
    """A panel and the known error of its labels."""
    found = drawn(planted, seed)
    return found.panel, found.error


def drawn(planted: Planted, seed: int) -> Drawn:
    """Everything that one organisation's calendars say."""
    rng = np.random.default_rng(seed)
    person, level, present = _people(planted, rng)
    available = _available(planted, person, present, rng)
    true = _hours(planted, person, level, available, rng)
    parts, said, error = _mislabelled(planted, true, rng)
    period = Period(MONDAY, MONDAY + timedelta(weeks=planted.weeks))
    departments = tuple(f"D{number % 6}" for number in person)
    whole = Panel(period, person, level, departments, available, parts, said, len(set(person)))
    return Drawn(whole, error, _said_ad_hoc(planted, true, level))


def _people(planted: Planted, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Person and level of each cell, and whether it is on the chart in each week (cells x weeks)."""
    week = np.arange(planted.weeks)
    cells: list[tuple[int, int, Array]] = []
    number = 0
    for level, size in SIZES.items():
        for _ in range(size):
            cells.extend(_career(planted, number, level, week, rng))
            number += 1
        for _ in range(round(size * planted.levels_joining.get(level, 0.0))):
            cells.append((number, level, week >= rng.integers(planted.weeks // 3, 2 * planted.weeks // 3)))
            number += 1
    person, level = (np.array([cell[place] for cell in cells], dtype=np.int64) for place in (0, 1))
    return person, level, np.stack([cell[2] for cell in cells])


def _career(planted: Planted, number: int, level: int, week: Array, rng: np.random.Generator):
    """One seat: its person may leave and be replaced, be promoted, or move a level in the reorganisation."""
    moved = rng.integers(8, planted.weeks - 8)
    chance = rng.random()
    if chance < planted.turnover:
        return [(number, level, week < moved), (number + 10_000, level, week >= moved)]
    if chance < planted.turnover + planted.promotions and level > 2:
        return [(number, level, week < moved), (number, level - 1, week >= moved)]
    if planted.reorganised and level == 4 and rng.random() < 0.3:
        half = planted.weeks // 2
        return [(number, 4, week < half), (number, 3, week >= half)]
    return [(number, level, np.ones(len(week), dtype=bool))]


def _available(planted: Planted, person: Array, present: Array, rng: np.random.Generator) -> Array:
    days = np.full(planted.weeks, 5.0)
    in_year = np.arange(planted.weeks) % 52
    days[np.isin(in_year, (15, 16, 20, 21))] = 4.0
    days[in_year == 51] = 2.0
    leave_chance = np.where(
        (in_year >= 28) & (in_year <= 33), 0.35, np.where(np.isin(in_year, (0, 8, 42, 50, 51)), 0.3, 0.03)
    )
    number = int(person.max()) + 1
    fte = rng.choice([1.0, 0.9, 0.8, 0.6], number, p=[0.5, 0.2, 0.2, 0.1])[person]
    away = (rng.random((number, planted.weeks)) < leave_chance)[person]
    return present * fte[:, None] * 7.2 * np.where(away, 0.0, days)


def _hours(planted: Planted, person: Array, level: Array, available: Array, rng: np.random.Generator) -> Array:
    """True hours: parts of coordination, escalation, incident, design and other (kinds x cells x weeks)."""
    weeks = planted.weeks
    own = np.exp(rng.normal(0, 0.4, int(person.max()) + 1))[person]
    rate = np.array([RATES[each] for each in level]) * own
    noise = np.exp(rng.normal(-0.125, 0.5, available.shape))
    elapsed = np.arange(weeks) / (weeks - 1)
    work = np.exp(shocks(planted, rng) + planted.season * np.sin(2 * np.pi * np.arange(weeks) / 52.18))
    work *= (1 + planted.growth) ** elapsed * np.where(np.arange(weeks) >= planted.step_week, 1 + planted.step, 1.0)
    base = rate[:, None] * available * noise * work
    ad_hoc, escalated = _ad_hoc(planted, level, available, work, rng)
    return np.stack(
        [
            base * DIVISION[LINE],
            base * DIVISION[PROCESS_SERIES],
            ad_hoc,
            escalated,
            0.05 * base,
            0.5 * rate[:, None] * available * np.exp(rng.normal(-0.125, 0.5, available.shape)),
            0.8 * rate[:, None] * available * np.exp(rng.normal(-0.125, 0.5, available.shape)),
        ]
    )


def shocks(planted: Planted, rng: np.random.Generator) -> Array:
    """What all weeks of everybody share, in logarithms."""
    drawn = planted.shock * rng.standard_normal(planted.weeks)
    for week in range(1, planted.weeks):
        drawn[week] = planted.persistence * drawn[week - 1] + np.sqrt(1 - planted.persistence**2) * drawn[week]
    return drawn


def _ad_hoc(planted: Planted, level: Array, available: Array, work: Array, rng: np.random.Generator):
    """Ad-hoc cross-team meetings, one by one: four to seven people, and now and then somebody of the top with them.

    Upward movement: the chance that the top is there grows by `upward` over the window.
    """
    weeks = planted.weeks
    spread = np.where(level > 2, np.array([RATES[each] for each in level]), 0.0)
    top = (level <= 2).astype(float)
    hours = np.zeros((2, *available.shape))
    for week in range(weeks):
        there = available[:, week] > 0
        likely = spread * available[:, week]
        meetings = rng.poisson(DIVISION[PROCESS_AD_HOC] * likely.sum() / 5.5 * work[week])
        if not meetings or not there.any():
            continue
        size = rng.integers(4, 8, meetings)
        who = rng.choice(len(level), int(size.sum()), p=likely / likely.sum())
        which = np.repeat(np.arange(meetings), size)
        length = rng.choice([0.5, 1.0, 1.0, 1.5], meetings)
        called = rng.random(meetings) < 0.15 * (1 + planted.upward) ** (week / (weeks - 1))
        chiefs = top * available[:, week]
        if chiefs.sum() > 0 and called.any():
            who = np.concatenate([who, rng.choice(len(level), int(called.sum()), p=chiefs / chiefs.sum())])
            which = np.concatenate([which, np.flatnonzero(called)])
        kind = called[which].astype(int)
        np.add.at(hours, (kind, who, week), length[which])
    return hours[0], hours[1]


# What `_hours` gives: the true label of each kind of hours and the part it stands in when it is called ...
_KINDS = (
    ("coordination", LINE, ESCALATION_SERIES),
    ("coordination", PROCESS_SERIES, ESCALATION_SERIES),
    ("coordination", PROCESS_AD_HOC, ESCALATION_AD_HOC),
    ("escalation", PROCESS_AD_HOC, ESCALATION_AD_HOC),
    ("incident", PROCESS_AD_HOC, ESCALATION_AD_HOC),
    ("design", PROCESS_SERIES, ESCALATION_SERIES),
    ("other", LINE, ESCALATION_SERIES),
)


def _mislabelled(planted: Planted, true: Array, rng: np.random.Generator) -> tuple[Parts, Array, LabelError | None]:
    """Hours by part and by label as labels tell them, and their error as a review of 400 meetings would count it."""
    matrix = _confusion(planted)
    parts = {part: np.zeros(true.shape[1:]) for part in PARTS}
    said = np.zeros((len(LABELS), *true.shape[1:]))
    for hours, (label, coordination, escalation) in zip(true, _KINDS, strict=True):
        called = dict(zip(LABELS, matrix[LABELS.index(label)], strict=True))
        for part, name in ((coordination, "coordination"), (escalation, "escalation"), (INCIDENT, "incident")):
            parts[part] += called[name] * hours
        said += matrix[LABELS.index(label)][:, None, None] * hours
    if not planted.errors:
        return parts, said, None
    counts = np.stack([rng.multinomial(80, row) for row in matrix]).tolist()
    return parts, said, error_of(counts, CORPUS)


def _confusion(planted: Planted) -> Array:
    matrix = np.full((len(LABELS), len(LABELS)), planted.errors / 4)
    np.fill_diagonal(matrix, 1 - planted.errors)
    return matrix


def _said_ad_hoc(planted: Planted, true: Array, level: Array) -> dict[int, Array]:
    """What labels say of the hours of ad-hoc cross-team meetings, by level."""
    matrix = _confusion(planted)
    ad_hoc = [
        (matrix[LABELS.index(label)], hours)
        for hours, (label, part, _) in zip(true, _KINDS, strict=True)
        if part == PROCESS_AD_HOC
    ]
    return {
        int(each): sum(row[:, None] * hours[level == each].sum(axis=0) for row, hours in ad_hoc)
        for each in np.unique(level)
    }
