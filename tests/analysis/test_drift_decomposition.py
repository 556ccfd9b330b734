from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta

import numpy as np
import pytest
from organisation import MONDAY, Small, at

from analysis.drift.decomposition import decompose, stretches
from analysis.drift.panel import panel
from analysis.drift.remade import remade, title_key
from analysis.facts import facts
from analysis.labelerror import CORPUS, error_of
from analysis.period import Period
from analysis.trend import half_width
from store.schema import LABELS

WEEKS = 24
PERIOD = Period(date(2026, 1, 5), date(2026, 1, 5) + timedelta(weeks=WEEKS))


def organisation(**people):
    small = Small()
    for name, level in (people or {"boss": 1, "anna": 3, "bert": 3}).items():
        small.person(name, level=level)
    return small


def weekly(small, name, who, minutes, weeks=range(WEEKS), day=0, series=True, **more):
    for week in weeks:
        start = at(day, "09:00", MONDAY + timedelta(weeks=week))
        more |= {"series_id": name} if series else {}
        small.meeting(f"{name}{week}", start, minutes(week) if callable(minutes) else minutes, who, headcount=3, **more)
    return small


def found(small, folder, error=None):
    snapshot = small.store(folder).snapshot()
    kept = snapshot.keep("facts", facts)
    versions = remade(snapshot.tables(), kept, PERIOD)
    result = decompose(panel(snapshot.tables(), kept, PERIOD), PERIOD.of(kept), error=error, remade=versions)
    parts = result.parts
    for name in [field.name for field in fields(result.ranges)]:
        value = getattr(result, name, None)
        value = getattr(parts, name) if value is None else value
        spread = getattr(result.ranges, name)
        assert (spread.low + spread.high) / 2 == pytest.approx(value, abs=1e-12)
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


EVERYBODY = ["boss", "anna", "bert"]


@pytest.mark.parametrize(
    ("title", "who", "gap", "joined"),
    [
        ("MT-overleg v2", EVERYBODY, 1, True),
        ("Nieuw MT overleg 2026", EVERYBODY, 4, True),
        ("MT overleg", EVERYBODY, 6, False),
        ("Kwaliteitskring", EVERYBODY, 1, False),
        ("MT overleg", ["anna"], 1, False),
    ],
)
def test_a_series_that_goes_on_under_another_id_is_neither_ended_nor_new(tmp_path, title, who, gap, joined):
    small = weekly(organisation(), "one", EVERYBODY, 60, range(12), title="MT overleg")
    weekly(small, "two", who, 60, range(11 + gap, WEEKS), title=title)
    result = found(small, tmp_path)
    assert (result.remade, result.parts.new_series == 0 == result.parts.ended_series) == (int(joined), joined)


def test_without_titles_the_organiser_tells(tmp_path):
    small = weekly(organisation(), "one", EVERYBODY, 60, range(12), title=None, organizer_id="boss")
    weekly(small, "two", EVERYBODY, 60, range(12, 18), title=None, organizer_id="boss")
    weekly(small, "three", EVERYBODY, 60, range(18, WEEKS), title=None, organizer_id="boss")
    (chain,) = remade((snapshot := small.store(tmp_path).snapshot()).tables(), snapshot.keep("facts", facts), PERIOD)
    assert chain.series == ("one", "two", "three")
    assert (chain.first, chain.last) == (date(2026, 1, 5), date(2026, 6, 15))


def test_version_marks_are_no_part_of_a_title():
    assert title_key("MT-overleg v2") == title_key("Nieuw: MT overleg (2026)") == "mt overleg"
    assert title_key(None) == ""


def test_what_labels_hide_of_a_change_is_given_back_with_its_doubt(tmp_path):
    """Three hours more of coordination a week; one in five is said to be design, and nothing the other way."""
    small = organisation()
    for number in range(5):
        label = "design" if number == 4 else "coordination"
        weekly(small, f"grown{number}", EVERYBODY, lambda week: 40 if week < 12 else 76, day=number, label=label)
    table = 200 * np.eye(len(LABELS))
    table[LABELS.index("coordination"), [LABELS.index(each) for each in ("coordination", "design")]] = 160, 40
    (tmp_path / "plain").mkdir()
    (tmp_path / "undone").mkdir()
    plain = found(small, tmp_path / "plain")
    undone = found(small, tmp_path / "undone", error_of(table.tolist(), CORPUS))
    assert (plain.corrected, undone.corrected) == (False, True)
    assert undone.total / plain.total == pytest.approx(1.25, rel=0.01)
    assert undone.parts.grown_series == pytest.approx(undone.total, abs=1e-3)
    assert undone.ranges.total.high - undone.ranges.total.low > plain.ranges.total.high - plain.ranges.total.low


def test_the_interval_of_a_difference_of_stretches_holds_it_though_weeks_resemble_their_neighbours():
    drawn = np.random.default_rng(2).standard_normal((2000, 78))
    for week in range(1, 78):
        drawn[:, week] = 0.5 * drawn[:, week - 1] + np.sqrt(0.75) * drawn[:, week]
    stretch = np.stack([drawn[:, :26], drawn[:, 52:]], axis=1)
    moved = stretch[:, 1].sum(axis=1) - stretch[:, 0].sum(axis=1)
    beyond = stretch - stretch.mean(axis=2, keepdims=True)
    beyond[:, 0] *= -1
    assert 0.93 <= np.mean(np.abs(moved) <= half_width(beyond, 0.5)) <= 0.97
    assert np.mean(np.abs(moved) <= half_width(beyond, -0.5)) < 0.85
