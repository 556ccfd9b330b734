from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from organisation import MONDAY, Small, at

from analysis.drift import drift
from analysis.facts import facts
from analysis.period import Period
from analysis.scope import Scope

FIRST = date(2026, 1, 5)


def period(weeks: int) -> Period:
    return Period(FIRST, FIRST + timedelta(weeks=weeks))


def growing(weeks: int, growth: float, seed: int = 1, people: int = 12) -> Small:
    """An organisation whose coordination grows from 5 hours a week by `growth` over the weeks, with noise."""
    rng = np.random.default_rng(seed)
    small = Small()
    for number in range(people):
        small.person(f"p{number}", level=2 if number < 4 else 4)
    for week in range(weeks):
        hours = 5 * (1 + growth * week / (weeks - 1)) * np.exp(rng.normal(0, 0.05))
        monday = MONDAY + timedelta(weeks=week)
        for day in range(5):
            who = [f"p{number}" for number in range(people)]
            small.meeting(f"m{week}-{day}", at(day, "09:00", monday), round(hours * 12), who)
    return small


def drift_of(small, folder, weeks, **more):
    snapshot = small.store(folder).snapshot()
    return drift(snapshot.tables(), snapshot.keep("facts", facts), period(weeks), **more)


def facts_per_week(small, folder):
    rows = small.store(folder).snapshot().keep("facts", facts).collect().to_pandas()
    return rows.groupby("week")["hours"].sum()


def test_planted_growth_is_found_with_its_size(tmp_path):
    result = drift_of(growing(40, 0.5), tmp_path, 40)
    assert result.verdict == "rising"
    assert result.end / result.start == pytest.approx(1.45, abs=0.12)
    assert result.change_per_year.low < np.expm1(np.log(1.5) * 52.18 / 39) < result.change_per_year.high


def test_no_growth_is_not_called_growth(tmp_path):
    assert drift_of(growing(40, 0.0), tmp_path, 40).verdict not in {"rising", "falling"}


def test_a_falling_share_is_called_falling(tmp_path):
    assert drift_of(growing(40, -0.5), tmp_path, 40).verdict == "falling"


def test_too_few_weeks_are_not_measurable_and_never_stable(tmp_path):
    result = drift_of(growing(10, 0.5), tmp_path, 10)
    assert result.verdict == "not measurable"
    assert result.change_per_year is None


def test_more_people_at_a_busy_level_is_not_drift(tmp_path):
    """Managers meet more than others; hiring managers halfway changes the mix, not the work."""
    small = Small()
    for number in range(12):
        small.person(f"boss{number}", level=2, valid_from="2026-01-05" if number < 2 else "2026-05-25")
        small.person(f"case{number}", level=4)
    rng = np.random.default_rng(3)
    for week in range(40):
        monday = MONDAY + timedelta(weeks=week)
        minutes = round(240 * np.exp(rng.normal(0, 0.03)))
        bosses = [f"boss{number}" for number in range(12 if week >= 20 else 2)]
        small.meeting(f"b{week}", at(0, "09:00", monday), minutes * 2, bosses, headcount=12)
        small.meeting(f"c{week}", at(1, "09:00", monday), minutes // 2, [f"case{number}" for number in range(12)])
    result = drift_of(small, tmp_path, 40)
    hours = facts_per_week(small, tmp_path)
    assert hours.iloc[-8:].sum() > 2 * hours.iloc[:8].sum()
    assert result.verdict not in {"rising", "falling"}
    assert result.end == pytest.approx(result.start, rel=0.1)


def test_leave_of_half_the_people_is_not_a_fall(tmp_path):
    small = growing(40, 0.0, people=12)
    for number in range(6):
        small.away(
            f"p{number}", at(0, "00:00", MONDAY + timedelta(weeks=30)), at(0, "00:00", MONDAY + timedelta(weeks=40))
        )
    assert drift_of(small, tmp_path, 40).verdict not in {"rising", "falling"}


def test_a_week_off_for_almost_everybody_is_left_out(tmp_path):
    small = growing(20, 0.0)
    for number in range(11):
        small.away(
            f"p{number}", at(0, "00:00", MONDAY + timedelta(weeks=5)), at(0, "00:00", MONDAY + timedelta(weeks=6))
        )
    result = drift_of(small, tmp_path, 20)
    assert result.weeks_left_out == 1
    assert result.weekly[5].share is None


def test_one_person_has_a_drift_of_their_own(tmp_path):
    result = drift_of(growing(40, 0.5), tmp_path, 40, scope=Scope(person_id="p1"))
    assert (result.people, result.verdict) == (1, "rising")


def test_nobody_is_an_answer_too(tmp_path):
    result = drift_of(Small().person("anna"), tmp_path, 20, scope=Scope(person_id="nobody"))
    assert (result.people, result.verdict, result.start) == (0, "not measurable", None)
