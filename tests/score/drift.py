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
from analysis.drift.growth import growth, logarithm, spending
from analysis.drift.panel import COORDINATION
from analysis.facts import facts
from analysis.period import Period
from analysis.trend import WEEKS_A_YEAR, slope
from tests.score.panels import Planted, panel, shocks
from tests.score.sieve import sieve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.drift.panel import Panel

RUNS, ORGANISATIONS, FIRST_SEED = 400, 8, 20_000
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
    """What drift says of one panel: verdict, whether the interval holds the truth, the reference, step and upward."""

    verdict: str
    covered: bool
    sieved: bool
    dated: int | None
    risen: bool

    @property
    def reported(self) -> bool:
        """Whether a drift was reported."""
        return self.verdict in {"rising", "falling"}


def measure(runs: int = RUNS, organisations: int = ORGANISATIONS) -> dict[str, Any]:
    """All figures by name."""
    return dict(figures(runs, organisations))


def figures(runs: int, organisations: int) -> Iterator[tuple[str, float]]:
    """Every figure as soon as it is known."""
    yield "runs of each row", runs
    yield from _bare(runs)
    for planted in GROWTHS:
        yield from _growth(planted, [run(Planted(growth=planted), FIRST_SEED + number) for number in range(runs)])
    yield from _dating(runs)
    yield from _upward(runs)
    if organisations:
        yield from _organisations(organisations)


def _bare(runs: int) -> Iterator[tuple[str, float]]:
    """Weekly shares alone, as in the published comparison: shocks of sd 0.10 and persistence 0.5, nothing else."""
    rng = np.random.default_rng(FIRST_SEED)
    week = np.arange(float(Planted().weeks))
    drawn = np.stack([shocks(Planted(), rng) for _ in range(runs)])
    flat = [slope(each, week) for each in drawn]
    sieved = np.array([sieve(each, week, np.empty((len(week), 0))) for each in drawn])
    low, high = (np.array([getattr(each, side) for each in flat]) for side in ("low", "high"))
    # A trend added to a week moves every interval by as much.
    for planted in GROWTHS:
        truth = np.log1p(planted) / (len(week) - 1)
        name = f"bare weeks, growth of {planted:.0%}: {'found' if planted else 'false alarms'}"
        yield name, _part((low + truth > 0) | (high + truth < 0))
        yield f"{name} by the AR-sieve", _part((sieved[:, 0] + truth > 0) | (sieved[:, 1] + truth < 0))
    yield "bare weeks: intervals that hold the truth", _part((low <= 0) & (high >= 0))


def run(planted: Planted, seed: int) -> Run:
    """One panel through the estimators."""
    drawn, error = panel(planted, seed)
    found = growth(drawn, spending(drawn, COORDINATION), error)
    truth = np.log1p(planted.growth) * WEEKS_A_YEAR / (planted.weeks - 1)
    change = found.change_per_year
    told = step(logarithm(found.share), drawn.number, drawn.thin)
    return Run(
        found.verdict,
        bool(change and np.log1p(change.low) <= truth <= np.log1p(change.high)),
        _sieved(drawn),
        None if told is None else told.week,
        upward(drawn).verdict == "rising",
    )


def _growth(planted: float, runs: list[Run]) -> Iterator[tuple[str, float]]:
    name = f"growth of {planted:.0%} over 78 weeks:"
    yield f"{name} {'found' if planted else 'false alarms'}", _part(each.reported for each in runs)
    yield f"{name} found by the AR-sieve in the same weeks", _part(each.sieved for each in runs)
    yield f"{name} intervals that hold the truth", _part(each.covered for each in runs)
    yield f"{name} called not measurable", _part(each.verdict == "not measurable" for each in runs)
    yield f"{name} called upward", _part(each.risen for each in runs)
    yield f"{name} called a step", _part(each.dated is not None for each in runs)


def _dating(runs: int) -> Iterator[tuple[str, float]]:
    weeks = np.random.default_rng(1).integers(15, 63, runs).tolist()
    told = [run(Planted(step=STEP, step_week=week), FIRST_SEED + number) for number, week in enumerate(weeks)]
    near = [each.dated is not None and abs(each.dated - week) <= NEAR for each, week in zip(told, weeks, strict=True)]
    yield f"step of {STEP:.0%}: found", _part(each.dated is not None for each in told)
    yield f"step of {STEP:.0%}: dated within {NEAR} weeks", _part(near)


def _upward(runs: int) -> Iterator[tuple[str, float]]:
    yield "upward movement found (the top is called in twice as often)", _risen(Planted(upward=UPWARD), runs)
    for name, planted in MIXED.items():
        yield f"called upward when {name}", _risen(planted, runs)


def _risen(planted: Planted, runs: int) -> float:
    return _part(upward(panel(planted, FIRST_SEED + number)[0]).verdict == "rising" for number in range(runs))


def _part(answers: Iterable[bool]) -> float:
    return float(np.mean(list(answers)))


def _sieved(drawn: Panel) -> bool:
    """Whether the reference, on a level-standardised share, reports a change."""
    hours, total = drawn.of(COORDINATION), np.zeros(len(drawn.number))
    for level in drawn.levels:
        rows = drawn.level == level
        available = drawn.available[rows].sum(axis=0)
        weight = available.sum() / drawn.available.sum()
        total += weight * hours[rows].sum(axis=0) / np.where(available > 0, available, np.nan)
    known = drawn.enough & np.isfinite(total)
    low, high = sieve(np.log(total[known]), drawn.number[known], drawn.thin[known])
    return low > 0 or high < 0


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
