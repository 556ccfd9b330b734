"""How often drift is right: false alarms, coverage, power, upward movement, steps; for `make score`.

Most figures come from weekly panels (`tests.score.panels`), drawn without meetings, so that every one rests on 400
runs. The whole way from meetings to verdict is walked on simulated organisations (`tests.simulation`).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from analysis.drift import drift
from analysis.drift.altitude import upward
from analysis.drift.changepoint import step
from analysis.drift.decomposition import GROWN, ONE_OFF, PARTS, Account, Decomposition, available_in, stretches
from analysis.drift.growth import growth, logarithm, spending
from analysis.drift.panel import COORDINATION
from analysis.facts import facts
from analysis.period import Period
from analysis.trend import WEEKS_A_YEAR, slope
from store.schema import LABELS
from tests.score.panels import Drawn, Planted, drawn, shocks
from tests.score.sieve import sieve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.drift.panel import Panel
    from analysis.trend import Array

RUNS, ORGANISATIONS, FIRST_SEED = 400, 8, 20_000
# Runs without any change, on seeds of their own, that tell where each test's true five per cent lie.
LEVELLING, LEVELLING_SEED = 1000, 600_000
# Weeks without panels cost little: so many times the runs, for a figure that chance moves by a point at most.
BARE = 5
GROWTHS = (0.0, 0.1, 0.2, 0.4)
STEP, NEAR = 0.25, 4
UPWARD = 1.0
MIXED = {
    "three in ten of a level move up in a reorganisation": Planted(promotions=0.2),
    "half as many operators again are hired": Planted(levels_joining={5: 0.5}),
    "twice as many team leads are hired": Planted(levels_joining={3: 1.0}),
    "twice as many managers are hired": Planted(levels_joining={2: 1.0}),
}


@dataclass(frozen=True)
class Run:
    """What drift says of one panel: verdict, whether the interval holds the truth, step and upward.

    `strengths` are what a change is judged by: of our test, of the reference (above 1 it reports a change), and the
    change itself, by which a test would judge that is told the error of the slope beforehand.
    """

    verdict: str
    covered: bool
    dated: int | None
    beats_trend: bool
    risen: bool
    strengths: tuple[float, float, float]

    @property
    def reported(self) -> bool:
        """Whether a drift was reported."""
        return self.verdict in {"rising", "falling"}

    @property
    def sieved(self) -> bool:
        """Whether the reference reported one."""
        return self.strengths[1] > 1


def measure(runs: int = RUNS, organisations: int = ORGANISATIONS) -> dict[str, Any]:
    """All figures by name."""
    return dict(figures(runs, organisations))


def figures(runs: int, organisations: int) -> Iterator[tuple[str, float]]:
    """Every figure as soon as it is known."""
    yield "runs of each row", runs
    yield from _bare(runs)
    levelling = min(LEVELLING, 3 * runs)
    flat = [run(Planted(), LEVELLING_SEED + number) for number in range(levelling)]
    yield "runs without change that tell the true 5 % level", levelling
    for planted in GROWTHS:
        found = [run(Planted(growth=planted), FIRST_SEED + number) for number in range(runs)]
        yield from _growth(planted, found, flat)
    yield from _dating(runs)
    yield from _upward(runs)
    yield from _decomposed(runs)
    if organisations:
        yield from _organisations(organisations)


def _bare(runs: int) -> Iterator[tuple[str, float]]:
    """Weekly shares alone, as in the published comparison: shocks of sd 0.10 and persistence 0.5, nothing else."""
    week = np.arange(float(Planted().weeks))
    flat, level = (_weeks(BARE * runs, seed) for seed in (FIRST_SEED, LEVELLING_SEED))
    yield "bare weeks: runs of each row", BARE * runs
    # A trend added to a week moves every interval by as much.
    for planted in GROWTHS:
        truth = np.log1p(planted) / (len(week) - 1)
        name = f"bare weeks, growth of {planted:.0%}: {'found' if planted else 'false alarms'}"
        found = _strengths(flat, truth)
        yield name, _part(found[0] > 1)
        yield f"{name} by the AR-sieve", _part(found[1] > 1)
        if planted:
            yield from _levelled(name, found, _strengths(level, 0.0))
    yield "bare weeks: intervals that hold the truth", _part(_strengths(flat, 0.0)[0] <= 1)


def _weeks(runs: int, seed: int) -> Array:
    """Intervals (ours, the reference) x (low, estimate, high) x runs of the slope of weeks without change."""
    rng, week = np.random.default_rng(seed), np.arange(float(Planted().weeks))
    found = []
    for _ in range(runs):
        values = shocks(Planted(), rng)
        ours, (low, high) = slope(values, week), sieve(values, week, np.empty((len(week), 0)))
        found.append([[ours.low, ours.estimate, ours.high], [low, (low + high) / 2, high]])
    return np.moveaxis(np.array(found), 0, 2)


def _strengths(intervals: Array, moved: float) -> Array:
    """Estimate over the half of its interval that lies towards zero, and the bare estimate of ours, when all moves."""
    low, estimate, high = np.swapaxes(intervals, 0, 1)
    half = np.where(estimate + moved > 0, estimate - low, high - estimate)
    strength = np.abs(estimate + moved) / half
    return np.vstack([strength, np.abs(estimate + moved)[:1]])


def _levelled(name: str, found: Array, flat: Array) -> Iterator[tuple[str, float]]:
    """Found by each test at its true 5 % level: above what it stays below in 95 of 100 runs without change."""
    level = np.quantile(flat, 0.95, axis=1)
    ours, sieved, told = (_part(each > edge) for each, edge in zip(found, level, strict=True))
    yield f"{name} at a true 5 % level", ours
    yield f"{name} by the AR-sieve at its true 5 % level", sieved
    yield f"{name} by whoever is told the error of the slope beforehand", told


def run(planted: Planted, seed: int) -> Run:
    """One panel through the estimators."""
    made = drawn(planted, seed)
    found = growth(made.panel, spending(made.panel, COORDINATION), made.error)
    truth = np.log1p(planted.growth) * WEEKS_A_YEAR / (planted.weeks - 1)
    change = found.change_per_year
    told = step(logarithm(found.share), made.panel.number, made.panel.thin)
    low, high = _sieved(made.panel)
    return Run(
        found.verdict,
        bool(change and np.log1p(change.low) <= truth <= np.log1p(change.high)),
        None if told is None else told.week,
        told is not None and told.against_trend > 0.5,
        upward(made.panel, made.error, made.ad_hoc).verdict == "rising",
        (1 - found.slope.p, abs(low + high) / (high - low), abs(found.slope.estimate)),
    )


def _growth(planted: float, runs: list[Run], flat: list[Run]) -> Iterator[tuple[str, float]]:
    name = f"growth of {planted:.0%} over 78 weeks:"
    found = f"{name} {'found' if planted else 'false alarms'}"
    yield found, _part(each.reported for each in runs)
    yield f"{name} found by the AR-sieve in the same weeks", _part(each.sieved for each in runs)
    if planted:
        yield from _levelled(found, *(np.array([each.strengths for each in some]).T for some in (runs, flat)))
    yield f"{name} intervals that hold the truth", _part(each.covered for each in runs)
    yield f"{name} called not measurable", _part(each.verdict == "not measurable" for each in runs)
    yield f"{name} called upward", _part(each.risen for each in runs)
    yield f"{name} called a step", _part(each.dated is not None for each in runs)
    yield f"{name} called a step that tells more than a trend", _part(each.beats_trend for each in runs)


def _dating(runs: int) -> Iterator[tuple[str, float]]:
    weeks = np.random.default_rng(1).integers(15, 63, runs).tolist()
    told = [run(Planted(step=STEP, step_week=week), FIRST_SEED + number) for number, week in enumerate(weeks)]
    near = [each.dated is not None and abs(each.dated - week) <= NEAR for each, week in zip(told, weeks, strict=True)]
    yield f"step of {STEP:.0%}: found", _part(each.dated is not None for each in told)
    yield f"step of {STEP:.0%}: dated within {NEAR} weeks", _part(near)
    both = (each.beats_trend and right for each, right in zip(told, near, strict=True))
    yield f"step of {STEP:.0%}: dated within {NEAR} weeks and told to be more than a trend", _part(both)


def _upward(runs: int) -> Iterator[tuple[str, float]]:
    yield "upward movement found (the top is called in twice as often)", _risen(Planted(upward=UPWARD), runs)
    for name, planted in MIXED.items():
        yield f"called upward when {name}", _risen(planted, runs)


def _risen(planted: Planted, runs: int) -> float:
    made = (drawn(planted, FIRST_SEED + number) for number in range(runs))
    return _part(upward(each.panel, each.error, each.ad_hoc).verdict == "rising" for each in made)


def _decomposed(runs: int) -> Iterator[tuple[str, float]]:
    """How often the interval of a part holds what it is on average over all runs (zero where nothing is planted)."""
    for planted in (0.0, 0.2):
        plan = Planted(growth=planted, turnover=0.0, promotions=0.0, reorganised=False)
        told = [_parts(drawn(plan, FIRST_SEED + number)) for number in range(runs)]
        for name in ("grown_series", "one_off"):
            values = np.array([getattr(each.parts, name) for each in told])
            truth = float(values.mean()) if planted else 0.0
            ranges = [getattr(each.ranges, name) for each in told]
            held = _part(each.low <= truth <= each.high for each in ranges)
            yield f"decomposition, growth of {planted:.0%}: interval holds the truth, {name.replace('_', ' ')}", held
        totals = [sum(getattr(each.parts, name) for name in (*PARTS, "between_levels")) - each.total for each in told]
        yield f"decomposition, growth of {planted:.0%}: largest rest", float(np.abs(totals).max())


def _parts(made: Drawn) -> Decomposition:
    """The account of a panel in which every series meets from first to last."""
    whole = made.panel
    first, last = chosen = stretches(whole.period)
    said = np.zeros((2, first.weeks, len(LABELS), len(whole.levels), len(PARTS)))
    for place, level in enumerate(whole.levels):
        everything = whole.said[:, whole.level == level].sum(axis=1).T
        one_off = made.ad_hoc[level].T
        for number, weeks in enumerate((slice(None, first.weeks), slice(-last.weeks, None))):
            said[number, :, :, place, ONE_OFF] = one_off[weeks]
            said[number, :, :, place, GROWN] = (everything - one_off)[weeks]
    available = np.stack([available_in(whole, stretch) for stretch in chosen])
    persistence = growth(whole, spending(whole, COORDINATION), made.error).slope.persistence
    return Account(first, last, whole.levels, said, available).told("coordination", made.error, persistence, 0)


def _part(answers: Iterable[bool]) -> float:
    return float(np.mean(list(answers)))


def _sieved(whole: Panel) -> tuple[float, float]:
    """The interval of the reference, on a level-standardised share."""
    hours, total = whole.of(COORDINATION), np.zeros(len(whole.number))
    for level in whole.levels:
        rows = whole.level == level
        available = whole.available[rows].sum(axis=0)
        weight = available.sum() / whole.available.sum()
        total += weight * hours[rows].sum(axis=0) / np.where(available > 0, available, np.nan)
    known = whole.enough & np.isfinite(total)
    return sieve(np.log(total[known]), whole.number[known], whole.thin[known])


def _organisations(count: int) -> Iterator[tuple[str, float]]:
    """Meetings, titles and charts and all: reported changes and intervals that hold the truth."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from simulation import as_tables, realistic, simulate

    yield "whole organisations of each row", count
    for name, change in {"nothing": {}, "growth of 40%": {"growth": 0.4}, "upward movement": {"upward": 1.0}}.items():
        found = []
        for seed in range(1, count + 1):
            plan = realistic(seed, **change)
            simulated = simulate(plan)
            tables = as_tables(simulated)
            kept = nw.from_native(facts(tables).collect("pyarrow").to_native()).lazy()
            result = drift(tables, kept, Period(plan.start, plan.start + timedelta(weeks=plan.weeks)))
            year, truth = result.change_per_year, simulated.truth.change_per_year
            held = bool(year and year.low <= truth <= year.high)
            found.append((result.verdict in {"rising", "falling"}, held, result.upward.verdict == "rising"))
        for what, part in zip(
            ("drift reported", "interval holds the truth", "called upward"), np.mean(found, axis=0), strict=True
        ):
            yield f"whole organisations, {name} planted: {what}", float(part)


if __name__ == "__main__":
    wanted = [int(each) for each in sys.argv[1:3]]
    for key, value in figures(*(wanted + [RUNS, ORGANISATIONS][len(wanted) :])):
        print(f"{key}: {value:.4g}", flush=True)
