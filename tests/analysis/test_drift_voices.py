from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from organisation import MONDAY, Small, at

from analysis.drift.adoption import adopted, adopted_hours
from analysis.drift.altitude import altitude, centre, upward
from analysis.drift.countervoice import constant_panel, voice
from analysis.drift.growth import Estimate, growth, index_of, spending, verdict
from analysis.drift.panel import COORDINATION
from analysis.drift.remade import remade
from analysis.facts import facts
from analysis.labelerror import CORPUS, error_of
from analysis.period import Period
from analysis.trend import slope
from store.schema import LABELS

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.score.panels import Planted, drawn, panel

RISE, FLAT = Estimate(0.2, 0.08, 0.33, 0.001), Estimate(0.01, -0.1, 0.13, 0.8)


def test_an_explanation_has_a_size_and_an_answer():
    told = voice("season", "tested", RISE, FLAT)
    assert (round(told.size, 2), told.explains) == (0.19, "yes")
    assert voice("season", "tested", FLAT, RISE).explains == "no"
    assert voice("season", "tested", RISE, None).explains == "cannot tell"


def test_a_series_that_goes_on_under_another_id_begins_no_wave(tmp_path):
    """Four teams make their stand-up anew after a reorganisation; a fifth begins one."""
    small = Small()
    for number in range(10):
        small.person(f"p{number}", department=f"T{number // 2}")
    for week in range(20):
        for team in range(5):
            series = f"s{team}" + ("new" if week >= 10 else "")
            if team == 4 and week < 10:
                continue
            start, who = at(1, "09:00", MONDAY + timedelta(weeks=week)), [f"p{2 * team}", f"p{2 * team + 1}"]
            small.meeting(f"{series}-{week}", start, 15, who, series_id=series, title=f"Standup {'ABCDE'[team]}")
    snapshot = small.store(tmp_path).snapshot()
    tables, kept = snapshot.tables(), snapshot.keep("facts", facts)
    period = Period(MONDAY.date(), MONDAY.date() + timedelta(weeks=20))
    versions = remade(tables, kept, period)
    assert [chain.series for chain in versions] == [(f"s{team}", f"s{team}new") for team in range(4)]
    assert adopted_hours(tables, kept, period).sum() > 0
    assert adopted_hours(tables, kept, period, remade=versions).sum() == 0


def begun(weeks, minutes=15):
    first = pd.Timestamp("2026-01-05")
    rows = [("old", "T0", first, 5.0, 60)]
    rows += [
        (f"s{team}", f"T{team}", first + pd.Timedelta(weeks=week), 3.0, minutes) for team, week in enumerate(weeks)
    ]
    return pd.DataFrame(rows, columns=["series_id", "team", "first", "hours", "minutes"])


def test_stand_ups_that_half_of_the_teams_begin_within_six_weeks_are_a_wave():
    assert adopted(begun([20, 21, 22, 24, 25]), teams=8) == ["s0", "s1", "s2", "s3", "s4"]


def test_series_that_begin_here_and_there_are_no_wave():
    assert adopted(begun([10, 20, 30, 40, 50]), teams=8) == []
    assert adopted(begun([20, 21, 22]), teams=8) == []
    assert adopted(begun([0, 1, 2, 3, 2]), teams=8) == []


def test_people_count_against_their_own_rate():
    """Somebody twice as busy who comes halfway changes no index; available hours are counted exactly."""
    available = np.array([[36.0] * 4, [0.0, 0.0, 36.0, 18.0]])
    hours = available * np.array([[0.1], [0.2]]) * np.array([1.0, 1.1, 1.2, 1.3])
    index, rate = index_of(hours, available)
    assert index / index[0] == pytest.approx([1.0, 1.1, 1.2, 1.3])
    assert rate[1] / rate[0] == pytest.approx(2.0)


def test_labels_that_hide_a_part_of_growth_give_it_back():
    drawn, error = panel(Planted(growth=0.5, shock=0.0), 3)
    spent = spending(drawn, COORDINATION)
    plain, undone = growth(drawn, spent), growth(drawn, spent, error)
    truth = 1.5 ** (52.18 / 77) - 1
    assert plain.change_per_year.estimate < undone.change_per_year.estimate
    assert undone.change_per_year.estimate == pytest.approx(truth, abs=0.03)
    assert undone.slope.error > plain.slope.error


def test_only_upward_movement_is_called_upward():
    moved = upward(panel(Planted(upward=2.0), 1)[0])
    assert (moved.verdict, moved.levels) == ("rising", (1, 2))
    assert moved.change_per_year.estimate > 0.4
    assert upward(panel(Planted(growth=0.4), 1)[0]).verdict != "rising"
    assert upward(panel(Planted(levels_joining={3: 1.0}), 1)[0]).verdict != "rising"


def test_wrong_labels_are_undone_where_work_climbs_and_their_doubt_is_told():
    """Ad-hoc hours that are called something else are missing at the top and below; given back, U moves further."""
    made = [drawn(Planted(upward=2.0, shock=0.0), seed) for seed in range(6)]
    plain, undone = (
        [upward(each.panel) for each in made],
        [upward(each.panel, each.error, each.ad_hoc) for each in made],
    )
    pairs = zip(plain, undone, strict=True)
    assert np.mean([after.change_per_year.estimate / before.change_per_year.estimate for before, after in pairs]) > 1
    assert all(_width(after) > _width(before) for before, after in zip(plain, undone, strict=True))
    assert upward(made[0].panel, made[0].error) == plain[0]


def _width(found):
    return found.change_per_year.high - found.change_per_year.low


def test_wrong_labels_are_undone_in_the_altitude_and_their_doubt_is_told():
    """Half of what the lowest level does otherwise is called coordination: the middle of coordination lies higher."""
    made = drawn(Planted(), 2)
    lowest, other = made.panel.level == 5, LABELS.index("other")
    matrix = np.eye(len(LABELS))
    matrix[other, [other, LABELS.index("coordination")]] = 0.5
    said = made.panel.said.copy()
    said[other, lowest] += said[LABELS.index("coordination"), lowest]
    wrong = replace(made.panel, said=np.einsum("tcw,ts->scw", said, matrix))
    truth, told = (altitude(replace(made.panel, said=each)) for each in (said, wrong.said))
    undone = altitude(wrong, error_of((400 * matrix).tolist(), CORPUS))
    assert told.start < truth.start - 0.02
    assert undone.start == pytest.approx(truth.start, abs=1e-9)
    assert _width(undone) > _width(truth)


def test_altitude_counts_levels_per_available_hour_and_not_per_head():
    few, many = (
        panel(Planted(turnover=0, promotions=0, reorganised=False, levels_joining=joining), 5)[0]
        for joining in ({}, {5: 0.5})
    )
    assert np.nanmean(centre(many)) == pytest.approx(np.nanmean(centre(few)), abs=0.15)


def test_the_constant_panel_is_who_was_there_at_both_ends():
    drawn = panel(Planted(turnover=0.5), 1)[0]
    kept = constant_panel(drawn)
    there = drawn.available > 0
    assert 0 < kept.sum() < drawn.cells
    people = set(drawn.person[kept])
    assert people == set(drawn.person[there[:, :8].any(axis=1)]) & set(drawn.person[there[:, -8:].any(axis=1)])


def test_a_small_change_is_not_measurable_and_never_stable():
    weeks = np.arange(78.0)
    rng = np.random.default_rng(1)
    noisy, quiet = (slope(scatter * rng.standard_normal(78), weeks) for scatter in (0.2, 0.02))
    assert verdict(noisy) == "not measurable"
    assert verdict(quiet) == "no change found"
    assert verdict(None) == "not measurable"
