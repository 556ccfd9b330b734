"""The innocent explanations of a drift, each tested against the data: what remains when it is taken out.

Every voice compares two slopes: one that the explanation may have bent, and one from which it has been taken out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.drift.growth import (
    EDGE_WEEKS,
    SIGNIFICANT,
    Estimate,
    Growth,
    growth,
    logarithm,
    relative,
    spending,
    trend_of,
)
from analysis.trend import FEWEST_WEEKS_FOR_SEASON, Array, season, slope

if TYPE_CHECKING:
    from analysis.drift.panel import Mask, Panel
    from analysis.labelerror import LabelError

Explanation = Literal[
    "season",
    "holidays",
    "headcount",
    "mix",
    "reorganisation",
    "adoption of calendaring",
    "missing calendars",
    "answers",
    "label error",
]
Explains = Literal["yes", "partly", "no", "cannot tell"]

FEWEST_PEOPLE = 5
# Above this part of the change an explanation counts as part of the answer, above the second as the answer.
SOME, MOST = 0.25, 0.5


@dataclass(frozen=True)
class CounterVoice:
    """One innocent explanation: how it was tested, how much of the yearly change is its doing, and the answer.

    `size` is a relative change a year: `with_it` less `without_it`, the estimates before and after taking it out.
    """

    explanation: Explanation
    tested_by: str
    size: float | None
    explains: Explains
    with_it: Estimate | None
    without_it: Estimate | None


def voice(explanation: Explanation, tested_by: str, raw: Estimate | None, clean: Estimate | None) -> CounterVoice:
    """The verdict on one explanation, from the change with it and without it."""
    size = None if raw is None or clean is None else raw.estimate - clean.estimate
    return CounterVoice(explanation, tested_by, size, explains(raw, clean), raw, clean)


def explains(raw: Estimate | None, clean: Estimate | None) -> Explains:
    """Whether a change goes away when an explanation is taken out; nothing to explain is explained by nothing.

    >>> rise = Estimate(0.20, 0.08, 0.33, 0.001)
    >>> explains(rise, Estimate(0.19, 0.07, 0.32, 0.002)), explains(rise, Estimate(0.02, -0.09, 0.14, 0.7))
    ('no', 'yes')
    >>> explains(rise, Estimate(0.12, 0.02, 0.23, 0.01)), explains(rise, Estimate(0.15, -0.05, 0.4, 0.2))
    ('partly', 'cannot tell')
    """
    if raw is None or clean is None:
        return "cannot tell"
    if raw.p >= SIGNIFICANT:
        return "no"
    gone = 1 - np.log1p(clean.estimate) / np.log1p(raw.estimate)
    if clean.p < SIGNIFICANT and gone < 1:
        return "partly" if gone > SOME else "no"
    return "yes" if gone > MOST else "cannot tell"


@dataclass(frozen=True)
class Evidence:
    """What the voices are tested on: the drift itself, and weekly hours that only some explanations know of.

    `adopted`, `spent` and `clock` are hours a week: of series that came in as a wave, and of the label in expected and
    in clock hours.
    """

    panel: Panel
    parts: tuple[str, ...]
    found: Growth
    error: LabelError | None
    adopted: Array
    spent: Array
    clock: Array


def counter_voices(evidence: Evidence) -> tuple[CounterVoice, ...]:
    """All voices in a fixed order."""
    return (
        _season(evidence),
        _holidays(evidence),
        _headcount(evidence),
        _mix(evidence),
        _reorganisation(evidence),
        _adoption(evidence),
        _missing_calendars(evidence),
        _answers(evidence),
        _label_error(evidence),
    )


def _season(evidence: Evidence) -> CounterVoice:
    panel, line = evidence.panel, logarithm(evidence.found.share)
    tested = "slope with the year held constant as a wave, against the slope without it"
    if np.isfinite(line).sum() < FEWEST_WEEKS_FOR_SEASON - EDGE_WEEKS or len(line) < FEWEST_WEEKS_FOR_SEASON:
        return voice("season", tested, evidence.found.change_per_year, None)
    without = slope(line, panel.number, perhaps=(panel.thin,))
    held = slope(line, panel.number, season(panel.number), perhaps=(panel.thin,))
    return voice("season", tested, relative(without), relative(held))


def _holidays(evidence: Evidence) -> CounterVoice:
    """Hours per person on the chart, holiday weeks and all, against hours per available hour."""
    panel = evidence.panel
    hours = panel.of(evidence.parts).sum(axis=0)
    plain = slope(logarithm(_ratio(hours, contracted(panel))), panel.number)
    tested = "hours per contract hour with holidays and leave in it, against hours per available hour"
    return voice("holidays", tested, relative(plain), _change(panel, _plain_share(evidence)))


def _headcount(evidence: Evidence) -> CounterVoice:
    panel = evidence.panel
    share, people = _plain_share(evidence), contracted(panel)
    tested = "total hours at a usual week's availability, against hours per available hour"
    return voice("headcount", tested, _change(panel, share * people), _change(panel, share))


def _mix(evidence: Evidence) -> CounterVoice:
    share, chance = _standardised(evidence)
    tested = "plain share of available hours, against everybody weighed by their own average part"
    return voice("mix", tested, _change(evidence.panel, _plain_share(evidence)), _change(evidence.panel, share, chance))


def _standardised(evidence: Evidence) -> tuple[Array, float]:
    found = growth(evidence.panel, spending(evidence.panel, evidence.parts))
    return found.share, found.chance


def _reorganisation(evidence: Evidence) -> CounterVoice:
    panel = evidence.panel
    frozen = growth(panel, spending(panel, evidence.parts, unit=panel.person), evidence.error)
    tested = "chart of the day, against everybody kept at their first place"
    return voice("reorganisation", tested, evidence.found.change_per_year, frozen.change_per_year)


def _adoption(evidence: Evidence) -> CounterVoice:
    tested = "all series, against those left when series of one length begun by half of the teams in six weeks are out"
    left = 1 - _ratio(evidence.adopted, evidence.spent)
    clean = evidence.found.change_per_year if not evidence.adopted.any() else _rescaled(evidence, left)
    return voice("adoption of calendaring", tested, evidence.found.change_per_year, clean)


def _answers(evidence: Evidence) -> CounterVoice:
    tested = "hours weighed by how people answered, against clock hours"
    clean = _rescaled(evidence, _ratio(evidence.clock, evidence.spent))
    return voice("answers", tested, evidence.found.change_per_year, clean)


def _rescaled(evidence: Evidence, factor: Array) -> Estimate | None:
    share = evidence.found.share * factor
    return _change(evidence.panel, np.where(share > 0, share, np.nan), evidence.found.chance)


def _missing_calendars(evidence: Evidence) -> CounterVoice:
    panel = evidence.panel
    tested = "everybody, against the people whose calendars are there at both ends"
    constant = constant_panel(panel)
    clean = None
    if panel.people(constant) >= min(FEWEST_PEOPLE, panel.people()):
        kept = panel.only(constant)
        clean = growth(kept, spending(kept, evidence.parts), evidence.error, panel.enough).change_per_year
    return voice("missing calendars", tested, evidence.found.change_per_year, clean)


def constant_panel(panel: Panel) -> Mask:
    """Cells of the people who are on the chart and have meetings in both the first and the last eight weeks."""
    met, there = panel.said.sum(axis=0) > 0, panel.available > 0
    at_both = np.ones(panel.cells, dtype=bool)
    for edge in (slice(None, EDGE_WEEKS), slice(-EDGE_WEEKS, None)):
        seen = met[:, edge].any(axis=1) & there[:, edge].any(axis=1)
        at_both &= np.isin(panel.person, panel.person[seen])
    return at_both


def _label_error(evidence: Evidence) -> CounterVoice:
    panel = evidence.panel
    tested = "labels as said, against labels with their known errors undone"
    if evidence.error is None or not evidence.error.correctable:
        return voice("label error", tested, evidence.found.change_per_year, None)
    plain = growth(panel, spending(panel, evidence.parts))
    return voice("label error", tested, plain.change_per_year, evidence.found.change_per_year)


def contracted(panel: Panel) -> Array:
    """Available hours as if no week had a holiday or leave: everybody's fullest week, first to last."""
    there = panel.available > 0
    begun = np.maximum.accumulate(there, axis=1)
    unfinished = np.maximum.accumulate(there[:, ::-1], axis=1)[:, ::-1]
    fullest = panel.available.max(axis=1, initial=0.0)
    return np.asarray((fullest[:, None] * (begun & unfinished)).sum(axis=0))


def _plain_share(evidence: Evidence) -> Array:
    panel = evidence.panel
    share = _ratio(panel.of(evidence.parts).sum(axis=0), panel.at_work)
    return np.where(panel.enough, share, np.nan)


def _ratio(over: Array, under: Array) -> Array:
    return np.divide(over, under, out=np.zeros(len(under)), where=under > 0)


def _change(panel: Panel, share: Array, chance: float = 0.0) -> Estimate | None:
    return trend_of(panel, share, None, chance).change_per_year
