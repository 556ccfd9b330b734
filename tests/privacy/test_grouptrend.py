"""A trend by group: people counted cell by cell, nothing to be had by subtraction."""

from __future__ import annotations

import pandas as pd

from privacy.grouptrend import group_trend


def weeks_of(sizes: dict[str, tuple[int, ...]]) -> pd.DataFrame:
    """Person-weeks: so many people of each group in each week, each with one hour times the week's number plus one."""
    rows = [
        {"person_id": f"{group}{person}", "team": group, "week": week, "hours": float(week + 1)}
        for group, counts in sizes.items()
        for week, count in enumerate(counts)
        for person in range(count)
    ]
    return pd.DataFrame(rows)


def shown(found: pd.DataFrame) -> dict[tuple[str, int], int]:
    kept = found.dropna(subset="mean")
    return {(row.team, row.week): int(row.people) for row in kept.itertuples()}


def test_a_group_of_nine_is_hidden_and_one_of_ten_is_shown():
    found = group_trend(weeks_of({"A": (9, 10), "B": (12, 12), "C": (30, 30)}), "hours", "team")
    assert shown(found) == {("C", 0): 30, ("A", 1): 10, ("B", 1): 12, ("C", 1): 30}
    assert found.loc[found["mean"].isna(), "people"].isna().all()


def test_the_total_less_what_is_shown_holds_at_least_the_minimum():
    found = group_trend(weeks_of({"A": (3,), "B": (4,), "C": (15,), "D": (20,)}), "hours", "team")
    assert shown(found) == {("D", 0): 20}


def test_each_week_is_judged_by_itself():
    found = group_trend(weeks_of({"A": (20, 4, 20), "B": (30, 30, 30), "C": (40, 40, 40)}), "hours", "team")
    assert {week for team, week in shown(found) if team == "A"} == {0, 2}
    assert ("B", 1) not in shown(found)


def test_somebody_with_two_rows_in_a_week_is_one_person():
    rows = weeks_of({"A": (9,), "B": (25,), "C": (30,)})
    found = group_trend(pd.concat([rows, rows[rows["team"] == "A"]]), "hours", "team")
    assert shown(found) == {("C", 0): 30}


def test_rows_without_a_value_stand_behind_nothing():
    rows = weeks_of({"A": (12,), "B": (25,), "C": (30,)})
    rows.loc[rows["person_id"].isin([f"A{number}" for number in range(3)]), "hours"] = None
    assert ("A", 0) not in shown(group_trend(rows, "hours", "team"))
