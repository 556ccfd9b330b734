from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from organisation import MONDAY, Small, at

from analysis.facts import facts
from analysis.focus import focus_days
from analysis.load import load
from analysis.period import Period
from analysis.selfcheck import coverage, hours_per_day, known_series, label_error, shares_sum
from analysis.snapshots import split_of
from analysis.split import split
from store.database import writing

PERIOD = Period(date(2026, 1, 5), date(2026, 3, 2))


def test_the_fullest_day_is_shown_and_overlaps_do_not_exceed_it(tmp_path):
    small = Small().person("anna")
    for number in range(30):
        small.meeting(f"m{number}", at(0, "09:00"), 23 * 60 // 2, ["anna"])
    check = hours_per_day(load(small.store(tmp_path).tables()), PERIOD)
    assert check.holds
    assert check.numbers == {"most": 11.5}


def test_a_company_total_read_as_one_person_is_caught():
    from types import SimpleNamespace

    import narwhals as nw

    rows = pd.DataFrame(
        {"person_id": ["all"] * 3, "local_date": [MONDAY] * 3, "week": [MONDAY.date()] * 3, "hours": [24.6] * 3}
    )
    check = hours_per_day(nw.from_native(rows).lazy(), SimpleNamespace(of=lambda frame: frame))
    assert not check.holds
    assert check.numbers == {"most": 73.8}


def test_shares_sum_to_one(tmp_path):
    small = Small().person("anna").meeting("m1", at(0, "09:00"), 60, ["anna"])
    snapshot = small.store(tmp_path).snapshot()
    whole = split(snapshot.tables(), snapshot.keep("facts", facts), snapshot.keep("focus_days", focus_days), PERIOD)
    assert shares_sum(whole).holds


def test_a_weekly_series_has_the_occurrences_its_rhythm_says(tmp_path):
    small = Small().person("anna")
    for week in range(8):
        small.meeting(f"m{week}", at(0, "09:00", MONDAY + timedelta(weeks=week)), 60, ["anna"], series_id="s")
    check = known_series(small.store(tmp_path).tables(), PERIOD)
    assert check.holds
    assert (check.numbers["occurrences"], check.numbers["weeks"], check.numbers["a_week"]) == (8, 8, 1)


def test_a_series_expanded_twice_is_caught(tmp_path):
    small = Small().person("anna")
    for week in range(8):
        for copy in range(2):
            monday = MONDAY + timedelta(weeks=week)
            small.meeting(f"m{week}-{copy}", at(0, "09:00", monday), 60, ["anna"], series_id="s")
    check = known_series(small.store(tmp_path).tables(), PERIOD)
    assert not check.holds
    assert (check.numbers["occurrences"], check.numbers["twice"]) == (16, 8)


def test_missing_calendars_are_counted(tmp_path):
    small = Small().meeting("m1", at(0, "09:00"), 60, ["p0"])
    for number in range(4):
        small.person(f"p{number}")
    check = coverage(small.store(tmp_path).tables(), PERIOD)
    assert not check.holds
    assert check.numbers == {"people": 4, "seen": 1, "share": 0.25}


def test_the_error_of_labels_is_named_where_it_is_known(tmp_path):
    small = Small().person("anna").person("bo").meeting("m", at(0, "09:00"), 60, ["anna", "bo"])
    store = small.store(tmp_path)
    assert label_error(split_of(store.snapshot(), PERIOD)) == ()
    with writing(store.path) as writer:
        writer.set("label_error", str([[9 * (row == column) + 1 for column in range(5)] for row in range(5)]))
    check = label_error(split_of(store.snapshot(), PERIOD))[0]
    assert check.holds
    assert check.numbers == {"accuracy": 0.7143, "questions": 70, "source": "held-out corpus"}
