"""Planted subjects: one that nobody designed, one that a design solved, a burst, a monthly closing, and cases."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from organisation import Small, at

from analysis.period import Period
from analysis.scope import Scope
from analysis.signals import gini, rate_ratio, recurrence
from analysis.snapshots import signals_of, topic_meetings_of

PERIOD = Period(date(2026, 1, 5), date(2027, 1, 4))
WEEKS = 52
MANAGER = ["anna", "bo"]


def planted() -> Small:
    """A year: 'parkeerfout' weekly and never designed; 'kaartlezer' weekly until a design in week 30, then rarely."""
    small = Small().person("anna", 2, "A", team="A1").person("bo", 3, "B", team="B1").person("cas", 3, "B", team="B1")
    for week in range(WEEKS):
        day = 7 * week
        small.meeting(f"p{week}", at(day, "09:00"), 60, MANAGER, title="Vervolg parkeerfout")
        if week < 30 or week % 10 == 0:
            small.meeting(f"k{week}", at(day + 1, "09:00"), 60, MANAGER, title="Vervolg kaartlezer")
        small.meeting(f"z{week}", at(day + 2, "09:00"), 60, ["cas", "bo"], title="aanvraag terras")
        if week % 4 == 0:
            small.meeting(f"c{week}", at(day + 3, "09:00"), 60, MANAGER, title="Jaarafsluiting", series_id="closing")
    small.meeting("design", at(7 * 30 + 4, "09:00"), 120, MANAGER, "design", title="Ontwerp kaartlezer")
    for number in range(12):
        small.meeting(
            f"b{number}", at(7 * 40 + number % 5, f"{11 + number % 5}:00"), 60, MANAGER, title="stroomstoring"
        )
    return small


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return signals_of(planted().store(tmp_path_factory.mktemp("signals")).snapshot(), PERIOD)


def named(found, name):
    return next(each for each in found.topics if each.topic == name)


def test_what_nobody_designed_and_keeps_coming_back_stands_first(found):
    first = found.topics[0]
    assert (first.topic, first.design, first.test) == ("parkeerfout", "none", None)
    assert (first.meetings, first.hours, first.people, first.teams) == (26, 52.0, 2, ("A1", "B1"))
    assert (first.half_year.persistence, first.half_year.gini, first.returning) == (1.0, 0.0, 1.0)
    assert (first.highest_level, first.follow_ups, first.escalations) == (2, 26, 0)
    assert first.saved.low < first.saved.hours < first.saved.high <= 104.0


def test_a_design_that_solved_it_is_seen(found):
    solved = named(found, "kaartlezer")
    assert solved.design == "works"
    assert (solved.test.first, solved.test.tested) == (date(2026, 8, 7), date(2026, 8, 7))
    assert solved.test.before == pytest.approx(1.0, abs=0.05)
    assert solved.test.after < 0.2
    assert solved.test.low < solved.test.ratio < solved.test.high < 0.5
    assert found.designed == 1
    assert found.left_over < 0.5


def test_a_burst_and_plain_cases_weigh_less_than_their_hours(found):
    burst, cases, first = named(found, "stroomstoring"), named(found, "aanvraag terras"), found.topics[0]
    assert burst.half_year.active == 1
    assert burst.saved.hours < 0.1 * first.saved.hours
    assert cases.hours == first.hours
    assert cases.saved.hours < 0.5 * first.saved.hours


def test_a_series_is_no_signal(found):
    assert "jaarafsluiting" not in [each.topic for each in found.topics]


def test_without_any_design_one_half_is_said_to_remain(tmp_path):
    small = Small().person("anna", 2)
    small.person("bo", 3)
    for week in range(10):
        small.meeting(f"p{week}", at(7 * week, "09:00"), 60, MANAGER, title="parkeerfout")
    found = signals_of(small.store(tmp_path).snapshot(), Period(date(2026, 1, 5), date(2026, 3, 16)))
    assert (found.left_over, found.designed) == (0.5, 0)
    assert found.left_over_low == pytest.approx(0.1)
    assert found.left_over_high == pytest.approx(0.9)


def test_a_person_sees_own_hours_and_own_meetings_only(tmp_path):
    snapshot = planted().store(tmp_path).snapshot()
    mine = signals_of(snapshot, PERIOD, Scope(person_id="cas"))
    assert [each.topic for each in mine.topics] == ["aanvraag terras"]
    assert mine.topics[0].hours == 26.0
    everybody = signals_of(snapshot, PERIOD)
    parking = named(everybody, "parkeerfout").topic_id
    assert topic_meetings_of(snapshot, parking, PERIOD, Scope(person_id="cas")) == ()
    own = topic_meetings_of(snapshot, parking, PERIOD, Scope(person_id="anna"))
    assert len(own) == WEEKS
    assert (own[0].title, own[0].day, own[0].hours) == ("Vervolg parkeerfout", date(2026, 12, 28), 1.0)


def test_an_unsure_design_label_proves_nothing(tmp_path):
    small = planted()
    for label in small.labels:
        if label["meeting_id"] == "design":
            label["probability"] = 0.6
    assert named(signals_of(small.store(tmp_path).snapshot(), PERIOD), "kaartlezer").design == "none"


def test_no_meetings_give_no_signals(tmp_path):
    found = signals_of(
        Small()
        .person("anna")
        .person("bo")
        .meeting("m", at(0, "09:00"), 60, MANAGER, title="eenmalig")
        .store(tmp_path)
        .snapshot(),
        PERIOD,
    )
    assert (found.topics, found.meetings) == ((), 0)


def test_few_meetings_draw_the_ratio_towards_one():
    few, many = rate_ratio(2, 10, 0, 10)[0], rate_ratio(40, 10, 0, 10)[0]
    assert many < few < 1.0
    ratio, low, high = rate_ratio(20, 10, 20, 10)
    assert ratio == pytest.approx(1.0)
    assert low < 1.0 < high
    assert low * high == pytest.approx(1.0)


def test_recurrence_counts_blocks_back_from_the_end():
    days = pd.Series(pd.to_datetime(["2026-12-30", "2026-12-01", "2026-01-06"]))
    half = recurrence(days, PERIOD, 26)
    assert (half.blocks, half.active, half.meetings, half.weeks) == (6, 2, 2, 24)
    assert recurrence(days, PERIOD, 52).meetings == 3
    assert gini(np.array([3, 3])) == 0.0
