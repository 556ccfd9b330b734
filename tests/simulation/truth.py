"""What was planted and what really happened, in tables that no measure is ever given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulation.meetings import COORDINATION, ESCALATION
from simulation.traces import was_held

if TYPE_CHECKING:
    from simulation.chart import Chart
    from simulation.days import Days
    from simulation.leave import Leave
    from simulation.meetings import Part


@dataclass(frozen=True)
class Truth:
    """The planted figures and the tables behind them.

    growth is what the level-standardised coordination share grows by over the window, relative, as expected before the
    weekly shocks; change_per_year is the same a year (log-linear). upward is the planted growth of the top two levels'
    ad-hoc process coordination relative to the rest. step holds from step_week (-1 = none).

    weekly: week, level, coordination, process (ad hoc), escalation, available (hours), share, expected (share).
    meetings: meeting_id, label, sub, held, known, series, topic, stage. attendance: meeting_id, person_id, there.
    people: person_id, level, cast, calendar (read / missing / joining). absences: person_id, first, last, sick, shown.
    topics: topic_id, kind, gate_id, deputy_id, subject. Tables of topics are empty in a plan without them.
    """

    growth: float
    change_per_year: float
    upward: float
    step: float
    step_week: int
    weekly: pd.DataFrame
    meetings: pd.DataFrame
    attendance: pd.DataFrame
    people: pd.DataFrame
    absences: pd.DataFrame
    topics: pd.DataFrame
    confusion: np.ndarray

    @property
    def critical(self) -> set[str]:
        """The people without whom topics stand still."""
        return self.of_cast("critical_busy", "critical_quiet")

    @property
    def deputised(self) -> set[str]:
        """Gates who look the same but have a deputy."""
        return self.of_cast("deputised")

    @property
    def decoys(self) -> set[str]:
        """Everybody who looks indispensable and is not."""
        return self.of_cast("deputised", "busy_replaceable", "cancel_happy", "assistant")

    def of_cast(self, *casts: str) -> set[str]:
        """The people of some casts."""
        return set(self.people.loc[self.people["cast"].isin(casts), "person_id"])


def weekly_table(days: Days, chart: Chart, leave: Leave, part: Part, planned: np.ndarray) -> pd.DataFrame:
    """True hours by level and week. `planned` is the expected share by level and week, before shocks."""
    level = chart.level(days.plan.weeks)
    meetings, guests = part.meetings, part.guests
    week = meetings.day[guests.meeting] // 7
    hours = meetings.half_hours[guests.meeting] / 2 * (guests.there & was_held(meetings)[guests.meeting])
    label = meetings.label[guests.meeting]
    process = (label == COORDINATION) & (meetings.series[guests.meeting] < 0) & ~meetings.line[guests.meeting]
    cell = (level[guests.person, week] - 1) * days.plan.weeks + week

    def by_cell(values: np.ndarray, cells: np.ndarray) -> np.ndarray:
        return np.bincount(cells, weights=values, minlength=5 * days.plan.weeks)

    grid = ((level - 1) * days.plan.weeks + np.arange(days.plan.weeks)).ravel()
    frame = pd.DataFrame(
        {
            "week": np.tile(days.dates[::7].astype("datetime64[us]"), 5),
            "level": np.repeat(np.arange(1, 6), days.plan.weeks),
            "coordination": by_cell(hours * (label == COORDINATION), cell),
            "process": by_cell(hours * process, cell),
            "escalation": by_cell(hours * (label == ESCALATION), cell),
            "available": by_cell(leave.available.ravel(), grid),
            "expected": planned.ravel(),
        }
    )
    return frame.assign(share=frame["coordination"] / frame["available"].where(frame["available"] > 0))


def standardised(weekly: pd.DataFrame, column: str) -> np.ndarray:
    """One figure a week: levels weighed by their mean part of the available hours."""
    wide = weekly.pivot_table(index="week", columns="level", values=column, dropna=False)
    size = weekly.pivot_table(index="week", columns="level", values="available")
    return np.asarray((wide * (size.mean() / size.mean().sum())).sum(axis=1))
