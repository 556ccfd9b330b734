from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from organisation import Small, at

from analysis.contract import to_json
from analysis.dependence import Weights, dependence
from analysis.dependence.absences import FREE_DAY, HERE, INFERRED, PLANNED, UNPLANNED, absence_calendar
from analysis.dependence.concentration import top_share, truck_factor
from analysis.dependence.exposure import Carried
from analysis.dependence.gathering import gathered
from analysis.dependence.grids import usual
from analysis.dependence.placebo import false_discovery_rates, placebo
from analysis.dependence.spells import spells
from analysis.period import Period
from analysis.topics import topics_of
from meetload.measuring import as_json

PERIOD = Period(date(2026, 1, 5), date(2026, 1, 5) + timedelta(weeks=60))
CODES = {".": HERE, "V": PLANNED, "z": UNPLANNED, "f": FREE_DAY, "?": INFERRED}


@pytest.mark.parametrize(
    ("days", "stretches", "after"),
    [
        # Two weeks from Monday to Sunday: the stretch each day belongs to, and the one it follows.
        (".VV...........", "-00-----------", "---00--0------"),
        ("VVVVV..VV.....", "00000--00-----", "---------000--"),
        (".f.VV...f.....", "---00---------", "-------0-000--"),
        ("V.V....z......", "0-1----2------", "-0-11---2222--"),
    ],
)
def test_stretches(days, stretches, after):
    codes = np.array([[CODES[letter] for letter in days]], dtype=np.int8)
    working = np.arange(14) % 7 < 5
    found = spells(codes, working, np.ones_like(working), 5)
    assert shown(found.of[0]) == stretches
    assert shown(np.where(working, found.after[0], -1)) == after


def shown(numbers: np.ndarray) -> str:
    return "".join("-" if number < 0 else str(number) for number in numbers)


def one_calendar(small: Small, folder) -> np.ndarray:
    tables = small.store(folder).tables()
    return absence_calendar(tables, gathered(tables, topics_of(tables), PERIOD), PERIOD)[0]


def busy(days=range(5), weeks=range(60), answers=None) -> Small:
    small = Small().person("anna").person("bo")
    for week in weeks:
        for day in days:
            where = 7 * week + day
            start = at(where, "09:00")
            small.meeting(f"m{where}", start, 60, ["anna", "bo"], series_id="s", answers=(answers or {}).get(where))
    return small


@pytest.mark.parametrize(
    ("title", "show_as", "code"),
    [
        ("Vakantie", "busy", PLANNED),
        ("Annual leave", "free", PLANNED),
        ("Ziek", "busy", UNPLANNED),
        ("x", "oof", PLANNED),
        ("Verjaardag", "free", HERE),
    ],
)
def test_entries_of_absence(tmp_path, title, show_as, code):
    small = busy(weeks=range(3))
    small.meeting("away", at(8, "01:00"), 24 * 60, ["anna"], title=title, show_as=show_as, all_day=True)
    assert one_calendar(small, tmp_path)[8] == code


def test_a_run_of_declined_days_is_an_inferred_absence(tmp_path):
    declined = {day: {"anna": "declined"} for day in range(14, 19)}
    found = one_calendar(busy(weeks=range(6), answers=declined), tmp_path)
    assert np.flatnonzero(found == INFERRED).tolist() == [14, 15, 16, 17, 18]


def test_the_weekly_free_day_is_kept_apart(tmp_path):
    small = busy(days=range(4), weeks=range(20))
    for week in range(60):
        small.away("anna", at(7 * week + 4, "00:00"), at(7 * week + 5, "00:00"))
    found = one_calendar(small, tmp_path)
    assert set(np.flatnonzero(found == FREE_DAY)) == {7 * week + 4 for week in range(60)}


def test_what_is_usual_follows_the_weeks_around():
    cells = np.where(np.arange(280) < 140, 2.0, 0.0)[None, :].astype(np.float32)
    expected = usual(cells, np.ones_like(cells), np.ones(280), Weights(window_days=28, window_prior_days=1.0))[0]
    assert expected[60] == pytest.approx(2.0, abs=0.1)
    assert expected[220] == pytest.approx(0.0, abs=0.1)


def test_placebos_tell_a_real_effect_from_chance():
    chance = np.random.default_rng(1)
    people, days = 400, 280
    away = np.zeros((people, days), dtype=bool)
    for person, first in enumerate(chance.integers(0, days - 20, people)):
        away[person, first : first + 20] = True
    surprise = chance.normal(0, 1, (people, days)).astype(np.float32)
    surprise[:20] += np.where(away[:20], 1.5, 0.0)
    found = placebo(surprise, surprise, np.ones_like(surprise), away, ~away, away, 100, 0)
    assert (found[:20] < 0.05).all()
    assert (found[20:] < 0.05).mean() < 0.07


def test_false_discovery_rates():
    found = false_discovery_rates(np.array([0.01, 0.04, 0.03, 0.5]))
    assert found == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


def test_the_truck_factor_of_single_and_shared_carriers():
    person, topic, ones = np.array([0, 0, 0, 1, 2, 3]), np.array([0, 1, 2, 3, 3, 4]), np.ones(6)
    found = truck_factor(Carried(person, topic, ones, ones, ones, ones))
    assert (found.people, found.chains, found.orphaned) == (1, 5, 3)


def test_the_top_share():
    assert top_share(np.array([0.0, 3.0, 1.0])) == 0.75
    assert top_share(np.zeros(3)) is None


def test_the_json_contract(tmp_path):
    tables = busy(weeks=range(4)).store(tmp_path).tables()
    result = dependence(tables, topics_of(tables), PERIOD)
    body = as_json("dependence", result)
    assert body["people_count"] == 2
    person = body["people"][0]
    assert {"person_id", "score", "low", "high", "enough_data", "parts", "reasons"} <= set(person)
    assert {"absence", "substitution", "bridges"} <= set(person["parts"])
    assert person["reasons"][0] == to_json(result.cards[0].reasons[0])
    assert body["organisation"]["truck_factor"] == {"people": 0, "chains": 0, "orphaned": 0}
