"""Available hours: the honest denominator. Contract hours less public holidays, leave and weeks off the chart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import holidays
import narwhals as nw
import numpy as np
import pandas as pd

from analysis.rules import DEFAULT, Rules
from analysis.scope import EVERYBODY, Scope
from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.period import Period
    from store.tables import Tables

DAY = np.timedelta64(1, "D")


def public_holidays(period: Period, country: str) -> list[np.datetime64]:
    """The public holidays of a country in a period; an unknown country has none."""
    if country not in holidays.list_supported_countries():
        return []
    years = range(period.start.year, period.end.year + 1)
    days = holidays.country_holidays(country, years=years)
    return [np.datetime64(day, "D") for day in sorted(days) if period.start <= day < period.end]


def availability(tables: Tables, period: Period, rules: Rules = DEFAULT) -> pd.DataFrame:
    """Available hours per week and person: fte * full-time week / 5 * working days present.

    Columns: week, person_id, level, department, team, days, available. One row for each stretch of a person on the
    chart in a week; a person who moves mid-week has two.
    """
    people = to_pandas(
        tables.people.select("person_id", "level", "department", "team", "fte", "valid_from", "valid_to")
    )
    days = _days_on_chart(people, period, rules)
    weeks = np.array(period.mondays, dtype="datetime64[us]")
    row, week = np.nonzero(days)
    frame = people.loc[row, ["person_id", "level", "department", "team", "fte"]].reset_index(drop=True)
    frame["week"], frame["days"] = weeks[week], days[row, week].astype(float)
    frame["days"] = (frame["days"] - _days_away(tables, frame, period, rules)).clip(lower=0.0)
    frame["available"] = frame.pop("fte").fillna(1.0) * rules.full_time_hours / 5 * frame["days"]
    return frame


def available_in(tables: Tables, period: Period, scope: Scope = EVERYBODY, rules: Rules = DEFAULT) -> pd.DataFrame:
    """The availability of a scope; for one person nobody else's rows are read."""
    if scope.person_id is not None:
        mine = nw.col("person_id") == scope.person_id
        tables = replace(tables, people=tables.people.filter(mine), absence_days=tables.absence_days.filter(mine))
    return scope.of_frame(availability(tables, period, rules))


def working_days(period: Period, rules: Rules = DEFAULT) -> np.ndarray:
    """For each day of the period whether it is a working day (Monday to Friday, no public holiday)."""
    day = np.arange(np.datetime64(period.start, "D"), np.datetime64(period.end, "D"))
    return np.asarray(np.is_busday(day, holidays=public_holidays(period, rules.country)))


def _days_on_chart(people: pd.DataFrame, period: Period, rules: Rules) -> np.ndarray:
    """Working days of each row of `people` in each week; shape (rows, weeks)."""
    counted = np.concatenate([[0], np.cumsum(working_days(period, rules))])
    first = np.datetime64(period.start, "D")
    total = len(counted) - 1
    since = _day_number(people["valid_from"], first, 0).clip(0, total)
    until = _day_number(people["valid_to"], first, total).clip(0, total)
    begins = np.arange(period.weeks) * 7
    low = np.clip(begins[None, :], since[:, None], until[:, None])
    high = np.clip(begins[None, :] + 7, since[:, None], until[:, None])
    return np.asarray(counted[high] - counted[low])


def _day_number(dates: pd.Series, first: np.datetime64, missing: int) -> np.ndarray:
    days = dates.to_numpy(dtype="datetime64[D]")
    known = ~np.isnat(days)
    number = np.full(len(days), missing)
    number[known] = (days[known] - first) // DAY
    return number


def _days_away(tables: Tables, frame: pd.DataFrame, period: Period, rules: Rules) -> np.ndarray:
    away = to_pandas(tables.absence_days.select("person_id", "local_date", "from_minute", "to_minute"))
    away = away[(away["local_date"] >= pd.Timestamp(period.start)) & (away["local_date"] < pd.Timestamp(period.end))]
    if away.empty:
        return np.zeros(len(frame))
    offset = (away["local_date"] - pd.Timestamp(period.start)).dt.days.to_numpy()
    away = away[working_days(period, rules)[offset]]
    covered = away["to_minute"].clip(upper=rules.day_end_minute) - away["from_minute"].clip(
        lower=rules.day_start_minute
    )
    part = (covered.astype(float) / (rules.day_end_minute - rules.day_start_minute)).clip(0, 1)
    per_day = part.groupby([away["person_id"], away["local_date"]]).sum().clip(upper=1.0).reset_index(name="away")
    per_day["week"] = per_day["local_date"] - pd.to_timedelta(per_day["local_date"].dt.day_of_week, unit="D")
    per_week = per_day.groupby(["person_id", "week"], as_index=False)["away"].sum()
    merged = frame[["person_id", "week"]].merge(per_week, on=["person_id", "week"], how="left")
    return np.asarray(merged["away"].fillna(0.0), dtype=float)
