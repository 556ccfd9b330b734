"""What a group's drift loses where too few people stand behind a figure."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from organisation import MONDAY, Small, at

from privacy.door import Door
from privacy.viewer import Viewer
from store.database import writing

HR = Viewer("hr")
TODAY = date(2026, 6, 29)
WEEKS = 24


def opened(folder, levels: dict[int, int], departments: dict[str, int] | None = None) -> Door:
    """So many people at each level meet every Monday; departments are filled in the order given."""
    small, number = Small(), 0
    places = [name for name, count in (departments or {"A": sum(levels.values())}).items() for _ in range(count)]
    for level, count in levels.items():
        for _ in range(count):
            small.person(f"p{number}", level=level, department=places[number])
            number += 1
    everybody = [f"p{each}" for each in range(number)]
    for week in range(WEEKS):
        start = at(0, "09:00", MONDAY + timedelta(weeks=week))
        small.meeting(f"m{week}", start, 60 + 5 * week, everybody)
        small.meeting(f"s{week}", start + timedelta(hours=4), 30, everybody[:3], "escalation")
    store = small.store(folder)
    with writing(store.path) as writer:
        writer.set("demo", "yes")
    return Door(store, TODAY)


def drift_of(folder, *given, viewer=HR):
    door = opened(folder, *given)
    return door.drift(viewer, door.overview().period)


@pytest.mark.parametrize(("top", "shown"), [({1: 1, 2: 8}, False), ({1: 1, 2: 9}, True)])
def test_the_top_two_levels_together_need_the_minimum(tmp_path, top, shown):
    result = drift_of(tmp_path, top | {3: 20})
    assert result.upward.levels == (1, 2)
    assert (result.upward.change_per_year is not None) == shown
    assert (result.upward.top_part is not None) == shown
    assert (result.apex_rate.start is not None) == shown
    assert (result.apex_rate.meetings > 0) == shown


def test_a_person_sees_all_of_the_own_drift(tmp_path):
    door = opened(tmp_path, {1: 1, 2: 8, 3: 20})
    result = door.drift(Viewer("self", person_id="p20"), door.overview().period)
    assert result.people == 1
    assert result.altitude.start is not None


def test_the_sum_stays_whole_when_levels_are_taken_together(tmp_path):
    result = drift_of(tmp_path, {1: 1, 2: 4, 3: 8, 4: 12})
    found = result.decomposition
    assert [part.level for part in found.by_level] == [1, 4]
    assert [level.levels for level in result.by_level] == [(1, 2, 3), (4,)]
    assert sum(part.within + part.mix for part in found.by_level) == pytest.approx(found.total)
    assert sum(vars(found.parts).values()) == pytest.approx(found.total)


def test_altitude_is_that_of_the_groups_shown(tmp_path):
    """All spend the same share, so the middle lies between the mean heights of the two groups."""
    result = drift_of(tmp_path, {1: 1, 2: 4, 3: 8, 4: 12})
    top = np.average([4, 3, 2], weights=[1, 4, 8])
    # The three on top also settle escalations, which lifts the middle a little.
    assert (top + 1) / 2 < result.altitude.start < (top + 1) / 2 + 0.1


def test_one_group_has_no_height(tmp_path):
    result = drift_of(tmp_path, {1: 1, 2: 4, 3: 8})
    assert result.altitude.weekly == ()
    assert result.altitude.start is None


def test_altitude_has_no_point_where_a_group_is_too_small_that_week(tmp_path):
    small, number = Small(), 30
    for each in range(number):
        small.person(f"p{each}", level=2 if each < 10 else 3)
    for week in range(WEEKS):
        start = at(0, "09:00", MONDAY + timedelta(weeks=week))
        small.meeting(f"m{week}", start, 60 + 7 * (week * week % 5), [f"p{each}" for each in range(number)])
    small.away("p0", at(7 * 5, "0:00"), at(7 * 6, "0:00"))
    store = small.store(tmp_path)
    with writing(store.path) as writer:
        writer.set("demo", "yes")
    door = Door(store, TODAY)
    result = door.drift(HR, door.overview().period)
    assert [place for place, week in enumerate(result.altitude.weekly) if week.value is None] == [5]


@pytest.mark.parametrize(
    ("departments", "shown"),
    [
        ({"A": 20, "B": 12, "C": 10}, ["A", "B", "C"]),
        # Nine of C would follow from all less the others, so the smallest of those goes too.
        ({"A": 20, "B": 12, "C": 9}, ["A"]),
        ({"A": 20, "B": 12, "C": 9, "D": 4}, ["A", "B"]),
    ],
)
def test_a_small_department_does_not_follow_from_the_others(tmp_path, departments, shown):
    result = drift_of(tmp_path, {2: 10, 3: sum(departments.values()) - 10}, departments)
    assert [part.name for part in result.by_department] == shown


def test_without_calendars_at_both_ends_that_voice_cannot_tell(tmp_path):
    small = Small()
    for each in range(24):
        small.person(f"p{each}", level=2)
    for week in range(WEEKS):
        start = at(0, "09:00", MONDAY + timedelta(weeks=week))
        early = [f"p{each}" for each in range(24) if each < 6 or (each < 15) == (week < WEEKS // 2)]
        small.meeting(f"m{week}", start, 60 + 5 * week, early)
    store = small.store(tmp_path)
    with writing(store.path) as writer:
        writer.set("demo", "yes")
    door = Door(store, TODAY)
    result = door.drift(HR, door.overview().period)
    assert result.coverage.at_both_ends == 6
    voice = next(each for each in result.counter_voices if each.explanation == "missing calendars")
    assert (voice.size, voice.explains, voice.without_it) == (None, "cannot tell", None)
