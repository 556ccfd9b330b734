from __future__ import annotations

from datetime import date, timedelta

import pytest
from organisation import MONDAY, Small, at

from analysis.drift.decomposition import decompose, stretches
from analysis.drift.panel import panel
from analysis.facts import facts
from analysis.period import Period

WEEKS = 24
PERIOD = Period(date(2026, 1, 5), date(2026, 1, 5) + timedelta(weeks=WEEKS))


def organisation(**people):
    small = Small()
    for name, level in (people or {"boss": 1, "anna": 3, "bert": 3}).items():
        small.person(name, level=level)
    return small


def weekly(small, name, who, minutes, weeks=range(WEEKS), day=0, series=True):
    for week in weeks:
        start = at(day, "09:00", MONDAY + timedelta(weeks=week))
        more = {"series_id": name} if series else {}
        small.meeting(f"{name}{week}", start, minutes(week) if callable(minutes) else minutes, who, headcount=3, **more)
    return small


def found(small, folder):
    snapshot = small.store(folder).snapshot()
    kept = snapshot.keep("facts", facts)
    result = decompose(panel(snapshot.tables(), kept, PERIOD), PERIOD.of(kept))
    parts = result.parts
    named = parts.new_series + parts.ended_series + parts.grown_series + parts.one_off
    assert named == pytest.approx(result.within_levels, abs=1e-12)
    assert named + parts.between_levels == pytest.approx(result.total, abs=1e-12)
    assert sum(each.within + each.mix for each in result.by_level) == pytest.approx(result.total, abs=1e-12)
    assert result.end - result.start == pytest.approx(result.total, abs=1e-12)
    assert result.hours_a_week.headcount + result.hours_a_week.share == pytest.approx(result.hours_a_week.total)
    return result


def test_each_kind_of_change_lands_in_its_own_part(tmp_path):
    small = organisation()
    everybody = ["boss", "anna", "bert"]
    weekly(small, "steady", everybody, 60)
    weekly(small, "fresh", everybody, 60, range(16, WEEKS), day=1)
    weekly(small, "past", everybody, 30, range(8), day=2)
    weekly(small, "grown", everybody, lambda week: 30 if week < 12 else 90, day=3)
    weekly(small, "once", everybody, 45, range(18, 20), day=4, series=False)
    result = found(small, tmp_path)
    assert result.parts.new_series > result.parts.one_off > 0 > result.parts.ended_series
    assert result.parts.grown_series == pytest.approx(result.parts.new_series, rel=0.15)
    assert result.parts.between_levels == pytest.approx(0, abs=2e-3)


def test_hiring_where_more_is_met_is_mix_and_headcount(tmp_path):
    """The boss meets two hours a week whoever else is there; four more bosses are no change of work."""
    small = organisation(boss=1, anna=3, bert=3)
    for number in range(4):
        small.person(f"boss{number}", level=1, valid_from="2026-03-30")
    weekly(small, "top", ["boss", *(f"boss{number}" for number in range(4))], 120)
    weekly(small, "floor", ["anna", "bert"], 30, day=1)
    result = found(small, tmp_path)
    assert result.parts.between_levels == pytest.approx(result.total, rel=0.2)
    assert result.total > 0.01
    assert result.hours_a_week.headcount > 0


def test_the_same_weeks_of_the_year_are_compared_where_the_period_allows():
    start = date(2024, 1, 1)
    first, last = stretches(Period(start, start + timedelta(weeks=104)))
    assert (first.weeks, last.start - first.start) == (52, timedelta(weeks=52))
    first, last = stretches(Period(start, start + timedelta(weeks=78)))
    assert (first.weeks, last.start - first.start) == (26, timedelta(weeks=52))
    first, last = stretches(Period(start, start + timedelta(weeks=30)))
    assert (first.weeks, last.weeks) == (10, 10)
    assert stretches(Period(start, start + timedelta(weeks=20))) is None
