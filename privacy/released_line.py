"""A group's hours as one line through blocks of time, out of released rows: the finest blocks that all quarters share.

Some quarters may be told by the week and others by four weeks or as a whole; a trend through them is one through the
coarsest of these. What rounding does to a value is known: it is uniform, and stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.blocktrend import FEWEST_BLOCKS_FOR_SEASON, Blocks, block_slope
from analysis.period import Period
from privacy.release.ladder import blocks
from privacy.release.rows import CONTRACT
from privacy.released_quarter import COORDINATION, same_season

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from analysis.trend import Slope
    from privacy.release.ladder import Step
    from privacy.released_quarter import Quarter

    Array = NDArray[np.float64]

STEPS: tuple[Step, ...] = ("week", "four weeks", "quarter")
ROUNDED = float(np.sqrt(12))
# Values that lie closer together than this part of a step of rounding hop between two steps instead of moving.
DITHERED = 0.4
ROUNDINGS = ("rounding_small", "rounding", "rounding_large")
CLOSE = 1e-6


@dataclass(frozen=True)
class Line:
    """Hours and contract hours a week, each, in blocks; `rounding` is what rounding does to the share's logarithm.

    `grain` is the step that hours are rounded to, as a part of them; `base` says whether leave is in contract hours.
    """

    step: Step
    periods: tuple[Period, ...]
    hours: Array
    contract: Array
    rounding: Array
    grain: float
    base: str = CONTRACT

    @property
    def blocks(self) -> Blocks:
        """The blocks, counted in weeks from the first."""
        begin = self.periods[0].start
        return Blocks(
            tuple((each.start - begin).days // 7 for each in self.periods), tuple(each.weeks for each in self.periods)
        )

    @property
    def log(self) -> Array:
        """The logarithm of the share of contract hours."""
        return logarithm_of(self.hours, self.contract)

    @property
    def dithered(self) -> bool:
        """Whether blocks differ enough from their neighbours for rounded values to follow the true ones."""
        apart = np.diff(self.log[np.isfinite(self.log)])
        return bool(len(apart)) and float(np.std(apart)) / np.sqrt(2) >= DITHERED * self.grain

    def slope(self, log: Array | None = None, *, held: Array | None = None, seasonal: bool = True) -> Slope | None:
        """The trend of the share, or of another logarithm about the same blocks."""
        values = self.log if log is None else log
        return block_slope(values, self.blocks, self.rounding, held=held, seasonal=seasonal)

    @property
    def ends(self) -> tuple[float | None, float | None]:
        """The last share, and the first one of the same time of the year, or else the very first; of quarters."""
        if len(self.periods) < 2:
            return None, None
        share, last = self.hours / self.contract, self.periods[-1]
        alike = (place for place, each in enumerate(self.periods[:-1]) if same_season(each, last))
        return float(share[next(alike, 0)]), float(share[-1])

    def part(self, parts: Array, step: float) -> Line:
        """The line of a part of these hours, where the parts are told to a step of rounding."""
        off = np.divide(step / ROUNDED, parts, out=np.zeros(len(parts)), where=parts > 0)
        return replace(self, hours=self.hours * parts, rounding=np.hypot(self.rounding, off))


def logarithm_of(hours: Array, contract: Array) -> Array:
    """Log of hours over contract hours, NaN where either is nothing."""
    known = (hours > 0) & (contract > 0)
    return np.asarray(np.log(np.divide(hours, contract, out=np.full(len(hours), np.nan), where=known)))


def line_of(
    told: Sequence[Quarter], group: str, label: str = COORDINATION, finest: Step = "week", base: str = CONTRACT
) -> Line | None:
    """One label of a group over the quarters that tell it, in blocks no finer than asked; None where none does."""
    quarters = [each for each in told if each.value("hours", group, label) is not None and each.value(base, group)]
    if not quarters:
        return None
    asked = Asked(group, label, base)
    step = max((finest, *(_step(each, asked) for each in quarters)), key=STEPS.index)
    parts = [part for each in quarters for part in _parts(each, asked, step)]
    hours, contract, off = (np.array([part[place] for part in parts]) for place in (1, 2, 3))
    grain = max(grain_of(each, group, finer=step != "quarter") for each in quarters)
    rounding = np.hypot(*(np.divide(off, each, out=np.zeros(len(off)), where=each > 0) for each in (hours, contract)))
    mean = float(hours.mean())
    return Line(
        step=step,
        periods=tuple(part[0] for part in parts),
        hours=hours,
        contract=contract,
        rounding=np.asarray(rounding),
        grain=grain / mean if mean else np.inf,
        base=base,
    )


def trend_line(told: Sequence[Quarter], group: str, label: str = COORDINATION, base: str = CONTRACT) -> Line | None:
    """The line that a trend is read from: the finest blocks where leave is out, else quarters from seven on.

    Where leave is in, every quarter has that of the same one a year before; no waves follow it week by week.
    """
    quarters = line_of(told, group, label, "quarter", base) if base == CONTRACT else None
    if quarters is not None and len(quarters.periods) >= FEWEST_BLOCKS_FOR_SEASON:
        return quarters
    return line_of(told, group, label, base=base)


class Asked(NamedTuple):
    """Which figures a line is made of."""

    group: str
    label: str
    base: str


def _told_in(quarter: Quarter, asked: Asked) -> list[Period]:
    """The finest blocks that tell a label and the contract hours, all over the quarter."""
    group, label, base = asked
    found = quarter.stretches(group)
    whole = all(
        quarter.value("hours", group, label, each) is not None and quarter.value(base, group, "", each)
        for each in found
    )
    return found if whole and sum(each.weeks for each in found) == quarter.period.weeks else [quarter.period]


def _step(quarter: Quarter, asked: Asked) -> Step:
    count = len(_told_in(quarter, asked))
    return "quarter" if count == 1 else "week" if 2 * count > quarter.period.weeks else "four weeks"


def _parts(quarter: Quarter, asked: Asked, step: Step) -> list[tuple[Period, float, float, float]]:
    """Blocks of a step with hours, contract hours, and how far rounding puts these off."""
    if step == "quarter":
        return [_together(quarter, asked, [quarter.period], grain_of(quarter, asked.group))]
    told = _told_in(quarter, asked)
    wanted = told if step == "week" else blocks(quarter.period, step)
    # A row that reaches over the end of a block belongs to the block it begins in.
    rows = [[row for row in told if block.start <= row.start < block.end] for block in wanted]
    grain = grain_of(quarter, asked.group, finer=told != [quarter.period])
    return [_together(quarter, asked, each, grain) for each in rows if each]


def _together(
    quarter: Quarter, asked: Asked, rows: Sequence[Period], grain: float
) -> tuple[Period, float, float, float]:
    """The mean over rows that follow each other."""
    weeks = [each.weeks for each in rows]
    hours = [quarter.value("hours", asked.group, asked.label, each) or 0.0 for each in rows]
    contract = [quarter.value(asked.base, asked.group, "", each) or 0.0 for each in rows]
    whole = Period(rows[0].start, rows[-1].end)
    off = grain / ROUNDED / float(np.sqrt(len(rows)))
    return whole, float(np.average(hours, weights=weeks)), float(np.average(contract, weights=weeks)), off


def grain_of(quarter: Quarter, group: str, *, finer: bool = False) -> float:
    """To how many hours a week a group's rows are rounded: the coarsest step of its release that all of them fit.

    The band of a group's size does not always say which; figures that fit a coarse step by chance are doubted more.
    """
    steps = sorted({quarter.release.policy[name] for name in ROUNDINGS if name in quarter.release.policy}, reverse=True)
    told = np.array(quarter.figures(group, finer=finer))
    return float(
        next((step for step in steps if (np.abs(told / step - np.round(told / step)) < CLOSE).all()), steps[-1])
    )
