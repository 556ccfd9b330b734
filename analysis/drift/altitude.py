"""At which level coordination is spent, and whether it moves upward.

The test is U, the contrast of ad-hoc cross-team coordination per available hour of the top two levels against the
rest; the picture is the level-standardised centre of gravity; the apex rate says how often the top is in the room.
The raw mean level of coordination hours is the obvious choice and the wrong one: every escalated meeting drags
operators along. What fails and what holds is measured in docs/accuracy.md.

Where the labels' errors are known they are undone: hours of some labels are a weighted sum of the hours said of each
(`analysis.drift.growth.undoing`), the weights' doubt goes into the interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np

from analysis.drift.growth import (
    LEAST_LEFT,
    SIGNIFICANT,
    Estimate,
    Verdict,
    as_said,
    doubting,
    ends,
    index_of,
    relative,
    undoing,
    verdict,
    yearly,
)
from analysis.drift.panel import AD_HOC, UNKNOWN_LEVEL
from analysis.facts import placed
from analysis.load import counted_meetings, present_at
from analysis.rules import DEFAULT, Rules
from analysis.scope import EVERYBODY, Scope
from analysis.trend import TWO_SIDED_95, Array, Slope, season, slope
from store.schema import LABELS
from store.tables import to_pandas

if TYPE_CHECKING:
    from datetime import date

    from analysis.drift.panel import Mask, Panel, Places
    from analysis.labelerror import LabelError
    from analysis.period import Period
    from store.tables import Lazy, Tables

    SaidAdHoc = dict[int, Array]

TOP_LEVELS = 2
CLIMBING = ("coordination", "escalation")
"""The labels whose altitude is asked: escalation is coordination that climbed, and labels tell the two apart worst."""
# An hour on both sides keeps weeks without any from weighing endlessly.
_GRAIN = 1.0


@dataclass(frozen=True)
class Upward:
    """Whether ad-hoc cross-team coordination moved to the top two levels.

    `change_per_year` is relative: 0.5 = per available hour the top spends 1.5 times as much of it, relative to the
    rest, as a year before. `frozen_chart` is the same with everybody at their first level. `top_part` is how the
    top's hours moved against those of the rest, however many people there are. "Rising" and "falling" are only said
    where both say so: hiring moves one of the two, movement of the work moves both.
    """

    levels: tuple[int, ...]
    change_per_year: Estimate | None
    frozen_chart: Estimate | None
    top_part: Estimate | None
    verdict: Verdict


@dataclass(frozen=True)
class WeekAltitude:
    """One week's mean level above the lowest, and the range that holds 95 of 100 ordinary weeks around it."""

    week: date
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Altitude:
    """The level-standardised centre of gravity of coordination and escalation below the very top.

    1 is the lowest level; `change_per_year` is in levels.
    """

    weekly: tuple[WeekAltitude, ...]
    start: float | None
    end: float | None
    change_per_year: Estimate | None


@dataclass(frozen=True)
class ApexRate:
    """How often somebody of the top two levels is in an ad-hoc cross-team meeting; the change is in share a year."""

    start: float | None
    end: float | None
    change_per_year: Estimate | None
    meetings: int


def upward(panel: Panel, error: LabelError | None = None, said: SaidAdHoc | None = None) -> Upward:
    """U and its trend, on the chart of the day and on the chart frozen, and the top's part of all these hours.

    Label errors are undone where they are known and `said` (`said_ad_hoc`) tells what was said of ad-hoc hours.
    """
    known = [level for level in panel.levels if level != UNKNOWN_LEVEL]
    top = tuple(known[:TOP_LEVELS])
    if len(known) <= len(top):
        return Upward(top, None, None, None, "not measurable")
    dated, frozen = (
        contrast(panel, level, unit, top)
        for level, unit in ((panel.level, panel.posts), (panel.first_level, panel.person))
    )
    undone = _undone(panel, error, said, top)
    found, as_frozen, part = (_trend(panel, line, undone) for line in (dated, frozen, top_part(panel, top)))
    return Upward(top, relative(found), relative(as_frozen), relative(part), climbs(found, part))


def _trend(panel: Panel, line: Array, undone: tuple[Array, Array] | None) -> Slope | None:
    """The slope of a contrast of the top and the rest, with what undoing label errors adds to it and its doubt."""
    if undone is not None:
        line = line + undone[0]
    found = slope(line, panel.number, perhaps=(panel.thin, season(panel.number)))
    return found if found is None or undone is None else doubting(panel, line, found, undone[1])


def _undone(
    panel: Panel, error: LabelError | None, said: SaidAdHoc | None, top: tuple[int, ...]
) -> tuple[Array, Array] | None:
    """What undoing label errors adds to the log of the top over the rest, week by week, and to that in each draw."""
    if error is None or not error.correctable or said is None:
        return None
    nothing = np.zeros((len(LABELS), len(panel.number)))
    high = sum((hours for level, hours in said.items() if level in top), nothing)
    low = sum((hours for level, hours in said.items() if level not in (*top, UNKNOWN_LEVEL)), nothing)
    best, drawn = undoing(error, CLIMBING)
    if min(float((best @ side).sum() - LEAST_LEFT * (as_said(CLIMBING) @ side).sum()) for side in (high, low)) <= 0:
        return None
    added, others = (_log_hours(weights, high) - _log_hours(weights, low) for weights in (best, drawn))
    plain = _log_hours(as_said(CLIMBING), high) - _log_hours(as_said(CLIMBING), low)
    return added - plain, others - added


def _log_hours(weights: Array, said: Array) -> Array:
    """Log of the hours that weights of labels make of hours said, never less than none."""
    return np.asarray(np.log(np.maximum(weights @ said, 0.0) + _GRAIN))


def climbs(found: Slope | None, part: Slope | None) -> Verdict:
    """Whether it moves upward is a question with a direction, so its five per cent lie on one side."""
    if found is None or part is None:
        return "not measurable"
    same_way = part.p < 2 * SIGNIFICANT and (found.estimate > 0) == (part.estimate > 0)
    if found.estimate > 0 and found.p < 2 * SIGNIFICANT and same_way:
        return "rising"
    if found.estimate < 0 and found.p < SIGNIFICANT and same_way:
        return "falling"
    said = verdict(found)
    return said if said == "no change found" else "not measurable"


def contrast(panel: Panel, level: Places, unit: Places, top: tuple[int, ...]) -> Array:
    """U week by week: log of hours over usual hours at the top, less the same of the rest."""
    high = np.isin(level, top)
    return _above_usual(panel, high, unit) - _above_usual(panel, ~high & (level != UNKNOWN_LEVEL), unit)


def top_part(panel: Panel, top: tuple[int, ...]) -> Array:
    """Log of the top's hours over those of the rest, whatever their numbers."""
    high = np.isin(panel.level, top)
    spent = [panel.of(AD_HOC)[rows].sum(axis=0) for rows in (high, ~high & (panel.level != UNKNOWN_LEVEL))]
    return np.where(panel.enough, np.log((spent[0] + _GRAIN) / (spent[1] + _GRAIN)), np.nan)


def _above_usual(panel: Panel, rows: Mask, unit: Places) -> Array:
    """Log of the rows' hours over what the same people's usual rates make of the hours they were at work."""
    weeks = panel.enough
    line = np.full(len(weeks), np.nan)
    units = np.unique(unit[rows], return_inverse=True)[1].reshape(-1)
    hours, available = (_summed(values[rows][:, weeks], units) for values in (panel.of(AD_HOC), panel.available))
    if not hours.sum():
        return line
    usual = index_of(hours, available)[1] @ available
    line[weeks] = np.log((hours.sum(axis=0) + _GRAIN) / (usual + _GRAIN))
    return line


def _summed(values: Array, units: Places) -> Array:
    total = np.zeros((int(units.max(initial=-1)) + 1, values.shape[1]))
    np.add.at(total, units, values)
    return total


def altitude(panel: Panel, error: LabelError | None = None) -> Altitude:
    """The weekly centre of gravity, every level counted per available hour."""
    heights = _heights(panel)
    best, drawn = _weights(panel, error)
    value = heights.centre(best)
    found = slope(value, panel.number, perhaps=(panel.thin, season(panel.number)))
    if found is not None and len(drawn):
        found = doubting(panel, value, found, np.stack([heights.centre(each) for each in drawn]) - value)
    start, end = ends(value)
    half = TWO_SIDED_95 * found.scatter if found is not None else np.nan
    weekly = tuple(
        WeekAltitude(
            week, *(None if not np.isfinite(each) else float(each) for each in (point, point - half, point + half))
        )
        for week, point in zip(panel.period.mondays, value, strict=True)
    )
    return Altitude(weekly, start, end, yearly(found))


def _weights(panel: Panel, error: LabelError | None) -> tuple[Array, Array]:
    """What an hour said of each label counts for, and the same in each draw; as said where it cannot be undone."""
    plain, none = as_said(CLIMBING), np.empty((0, len(LABELS)))
    if error is None or not error.correctable:
        return plain, none
    said = panel.said.sum(axis=1)[:, panel.enough]
    best, drawn = undoing(error, CLIMBING)
    too_little = best @ said < LEAST_LEFT * (plain @ said)
    return (plain, none) if too_little.any() else (best, drawn)


@dataclass(frozen=True)
class _Heights:
    """Levels: hours said (levels x labels x weeks) and available, and height above the lowest."""

    said: Array
    available: Array
    height: Array
    enough: Mask

    def centre(self, weights: Array) -> Array:
        """CoG* = sum (L + 1 - l) s_l / sum s_l; s_l = hours over available hours, an hour of each label weighed."""
        hours = np.maximum(weights @ self.said, 0.0)
        shares = np.divide(hours, self.available, out=np.zeros_like(hours), where=self.available > 0)
        total = shares.sum(axis=0)
        value = np.divide(self.height @ shares, total, out=np.full(len(total), np.nan), where=total > 0)
        return np.asarray(np.where(self.enough, value, np.nan))


def centre(panel: Panel) -> Array:
    """The weekly centre of gravity of hours as they were labelled."""
    return _heights(panel).centre(as_said(CLIMBING))


def _heights(panel: Panel) -> _Heights:
    """The levels below the very top."""
    known = [level for level in panel.levels if level != UNKNOWN_LEVEL]
    below = known[1:] if len(known) > TOP_LEVELS else known
    weeks = len(panel.number)
    said, available = np.zeros((len(below), len(LABELS), weeks)), np.zeros((len(below), weeks))
    for place, level in enumerate(below):
        rows = panel.level == level
        said[place], available[place] = panel.said[:, rows].sum(axis=1), panel.available[rows].sum(axis=0)
    height = np.array([max(known) + 1.0 - level for level in below])
    return _Heights(said, available, height, panel.enough)


def apex_rate(panel: Panel, weekly: Array) -> ApexRate:
    """The apex rate out of weekly numbers of ad-hoc meetings and of those with the top (weeks x 2)."""
    meetings, with_top = weekly[:, 0], weekly[:, 1]
    rate = np.divide(with_top, meetings, out=np.full(len(meetings), np.nan), where=meetings > 0)
    rate = np.where(panel.enough, rate, np.nan)
    found = slope(rate, panel.number, perhaps=(panel.thin, season(panel.number)))
    start, end = ends(rate)
    return ApexRate(start, end, yearly(found), int(meetings.sum()))


def said_ad_hoc(facts: Lazy, period: Period, scope: Scope = EVERYBODY) -> SaidAdHoc:
    """Hours of ad-hoc meetings that are not line coordination by level: what was said of them, labels x weeks."""
    cross_team = nw.col("sub").is_null() | (nw.col("sub") != "line")
    rows = scope.of(period.of(facts)).filter(~nw.col("series") & cross_team)
    spent = to_pandas(rows.group_by("week", "level", "label").agg(hours=nw.col("weighted").sum()))
    spent = spent[spent["label"].isin(LABELS)].fillna({"level": UNKNOWN_LEVEL})
    week = (spent["week"].to_numpy(dtype="datetime64[D]") - np.datetime64(period.start, "D")).astype(int) // 7
    said: SaidAdHoc = {int(level): np.zeros((len(LABELS), period.weeks)) for level in spent["level"].unique()}
    for level, label, place, hours in zip(spent["level"], spent["label"], week, spent["hours"], strict=True):
        said[int(level)][LABELS.index(label), place] += hours
    return said


def apex_meetings(
    tables: Tables, period: Period, top: tuple[int, ...], scope: Scope = EVERYBODY, rules: Rules = DEFAULT
) -> Array:
    """Ad-hoc cross-team meetings by week, and those with somebody of the top levels (weeks x 2)."""
    rows = to_pandas(highest_levels(tables, period, max(top, default=0), scope, rules))
    counted = np.zeros((period.weeks, 2))
    place = (rows["week"].to_numpy(dtype="datetime64[D]") - np.datetime64(period.start, "D")).astype(int) // 7
    counted[place] = rows[["meetings", "with_top"]].to_numpy(dtype=float)
    return counted


def highest_levels(tables: Tables, period: Period, lowest_top: int, scope: Scope, rules: Rules = DEFAULT) -> Lazy:
    """Per week: ad-hoc process coordination and escalation meetings, and how many had a level up to `lowest_top`."""
    ad_hoc = ((nw.col("label") == "coordination") & (nw.col("sub") != "line")) | (nw.col("label") == "escalation")
    labels = tables.labels.select("meeting_id", "label", "sub").filter(ad_hoc).select("meeting_id")
    meetings = period.of(counted_meetings(tables, rules)).filter(nw.col("series_id").is_null())
    rows = present_at(meetings.join(labels, on="meeting_id", how="inner"), tables, rules)
    there = scope.of(placed(rows, tables.people))
    tops = there.group_by("week", "meeting_id").agg(highest=nw.col("level").min())
    apex = nw.when(nw.col("highest") <= lowest_top).then(nw.lit(1)).otherwise(nw.lit(0))
    return (
        tops.with_columns(apex=apex)
        .group_by("week")
        .agg(meetings=nw.len().cast(nw.Int64), with_top=nw.col("apex").sum().cast(nw.Int64))
    )
