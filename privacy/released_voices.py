"""The innocent explanations of a drift, as far as released rows can test them: what remains when one is taken out.

They are those of `analysis.drift.countervoice`, with what a release tells in place of people: hours and contract hours
less public holidays, bands of levels, other meetings, bands of coverage, and the error of the labels where it is known.
Leave is in no release; it comes back every year, and so is a part of the season.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.blocktrend import seasons
from analysis.drift.countervoice import CounterVoice, voice
from analysis.drift.growth import LEAST_LEFT, SIGNIFICANT, relative, undoing
from privacy.groups import ORGANISATION
from privacy.release.parts import STEPS as WEIGHT_STEPS
from privacy.release.rows import TOTAL
from privacy.released_line import ROUNDED, Line, line_of
from privacy.released_movement import level_groups, weights_of
from privacy.released_quarter import COORDINATION
from store.schema import LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from analysis.drift.countervoice import Explanation
    from analysis.drift.growth import Estimate
    from analysis.labelerror import LabelError
    from analysis.trend import Slope
    from privacy.released_quarter import Quarter

    Array = NDArray[np.float64]

# A band of coverage is at most so wide: of a hundred people so many may have come into view.
BAND = 0.2
# Whoever came into view would have to coordinate more than so many times as much as the others to make up a change.
TIMES = 3.0
FULL = "> 80 %"


@dataclass(frozen=True)
class Told:
    """What the voices are tested on: the quarters, the group, its line and that line's trend."""

    quarters: Sequence[Quarter]
    group: str
    line: Line
    found: Slope | None

    @property
    def change(self) -> Estimate | None:
        """The change a year that has to be explained."""
        return relative(self.found)


def released_voices(
    told: Sequence[Quarter], group: str, line: Line, error: LabelError | None
) -> tuple[CounterVoice, ...]:
    """All voices in the order of `analysis.drift`; none where there is no trend to explain."""
    found = line.slope()
    if found is None:
        return ()
    seen = Told(told, group, line, found)
    return (
        _season(seen),
        _holidays(seen),
        # Numbers of people cancel out in a share; who they are is the mix.
        CounterVoice("headcount", "hours each per contract hour each: numbers are not in it", None, "no", None, None),
        _mix(seen),
        _cannot("reorganisation", "a release tells the groups of each quarter, and nobody's earlier place"),
        _adoption(seen),
        _missing_calendars(seen),
        _cannot("answers", "a release tells hours, and no answers"),
        _label_error(seen, error),
    )


def _cannot(explanation: Explanation, why: str) -> CounterVoice:
    return CounterVoice(explanation, why, None, "cannot tell", None, None)


def _season(seen: Told) -> CounterVoice:
    """With leave in it: whatever comes back every year."""
    tested = "slope with the year held constant as waves, against the slope without it"
    year = seasons(seen.line.blocks)[-1]
    if not year.shape[1]:
        return voice("season", tested, seen.change, None)
    without, held = seen.line.slope(seasonal=False), seen.line.slope(held=year, seasonal=False)
    return voice("season", tested, relative(without), relative(held))


def _holidays(seen: Told) -> CounterVoice:
    tested = "hours each, against hours per contract hour less public holidays"
    plain = seen.line.slope(np.log(np.where(seen.line.hours > 0, seen.line.hours, np.nan)))
    return voice("holidays", tested, relative(plain), seen.change)


def _mix(seen: Told) -> CounterVoice:
    tested = "share of contract hours, against the same with every band of levels at its mean part of them"
    groups = level_groups(seen.quarters) if seen.group == ORGANISATION else []
    if len(groups) < 2:
        return voice("mix", tested, seen.change, None)
    weight = np.array([weights_of(each, groups) for each in seen.quarters])
    share = np.array([_level_shares(each, [group.key for group in groups]) for each in seen.quarters])
    moved = np.log((weight * share).sum(axis=1) / (weight.mean(axis=0) * share).sum(axis=1))
    spread = share - (weight * share).sum(axis=1, keepdims=True)
    doubt = WEIGHT_STEPS[0] / ROUNDED * np.sqrt((spread**2).sum(axis=1)) / (weight * share).sum(axis=1)
    place = _quarter_of(seen)
    clean = replace(seen.line, rounding=np.hypot(seen.line.rounding, doubt[place])).slope(seen.line.log - moved[place])
    return voice("mix", tested, seen.change, relative(clean))


def _level_shares(quarter: Quarter, keys: Sequence[str]) -> list[float]:
    return [
        (quarter.value("hours", key, COORDINATION) or 0.0) / (quarter.value("contract", key) or np.inf) for key in keys
    ]


def _quarter_of(seen: Told) -> list[int]:
    """In which of the quarters each block lies."""
    starts = [each.period.start for each in seen.quarters]
    return [sum(start <= block.start for start in starts) - 1 for block in seen.line.periods]


def _adoption(seen: Told) -> CounterVoice:
    """Meetings that only came into the calendar later are of all kinds; so are those of a busier organisation."""
    tested = "share of contract hours, against coordination per hour of all other meetings"
    whole = line_of(seen.quarters, seen.group, TOTAL, seen.line.step, seen.line.base)
    if whole is None or whole.periods != seen.line.periods:
        return voice("adoption of calendaring", tested, seen.change, None)
    others = whole.hours - seen.line.hours
    known = np.where((others > 0) & (seen.line.hours > 0), others, np.nan)
    found = voice(
        "adoption of calendaring",
        tested,
        seen.change,
        relative(seen.line.slope(seen.line.log - np.log(known / whole.contract))),
    )
    # That everything grew alike does not say why.
    return replace(found, explains="cannot tell") if found.explains == "yes" else found


def _missing_calendars(seen: Told) -> CounterVoice:
    tested = "how much more those who came into view would have to coordinate than the others, given the bands"
    bands = {
        str(row.value)
        for each in seen.quarters
        for row in each.rows
        if (row.measure, row.group) == ("coverage", seen.group)
    }
    total = abs(float(np.expm1(seen.found.estimate * seen.line.blocks.span))) if seen.found else 0.0
    sure = bands == {FULL} and 1 + total / BAND > TIMES
    if sure or (seen.change is not None and seen.change.p >= SIGNIFICANT):
        return CounterVoice("missing calendars", tested, None, "no", None, None)
    return _cannot("missing calendars", tested)


def _label_error(seen: Told, error: LabelError | None) -> CounterVoice:
    tested = "labels as said, against labels with the known errors of the model undone"
    said = _said(seen)
    if error is None or not error.correctable or said is None:
        return voice("label error", tested, seen.change, None)
    best, drawn = undoing(error, (COORDINATION,))
    hours, others = said @ best, drawn @ said.T
    if float((hours / seen.line.hours).min()) < LEAST_LEFT:
        return voice("label error", tested, seen.change, None)
    middle = seen.line.blocks.middle
    factor = np.log(np.maximum(others, LEAST_LEFT * seen.line.hours) / hours)
    doubt = float(np.std(np.polyfit(middle, factor.T, 1)[0]))
    clean = seen.line.slope(seen.line.log + np.log(hours / seen.line.hours))
    return voice("label error", tested, seen.change, relative(None if clean is None else clean.widened(doubt)))


def _said(seen: Told) -> Array | None:
    """Hours said of every label, block by block; None where any but "other" is folded."""
    lines = [line_of(seen.quarters, seen.group, label, seen.line.step, seen.line.base) for label in LABELS]
    known = [each.hours for each in lines if each is not None and each.periods == seen.line.periods]
    return np.array(known).T if len(known) == len(LABELS) else None
