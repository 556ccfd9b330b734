from __future__ import annotations

from datetime import date, timedelta

import pytest
from organisation import MONDAY, Small, at

from privacy.door import Door
from privacy.group_dependence import GroupDependence, OwnCard
from privacy.groups import band, merge_levels
from privacy.refusal import Refusal
from privacy.viewer import Viewer, parse_viewer
from store.database import writing
from store.errors import BadInput

TODAY = date(2026, 3, 16)
ME, STRANGER = Viewer("self", person_id="p0"), Viewer("self", person_id="p1")
MT, HR = Viewer("mt"), Viewer("hr")


def organisation(levels: dict[int, int], weeks: int = 10) -> Small:
    """So many people at each level, who meet every Monday; department A holds the first thirteen."""
    small = Small()
    number = 0
    for level, count in levels.items():
        for _ in range(count):
            small.person(f"p{number}", level=level, department="A" if number < 13 else "B", function="adviser")
            number += 1
    everybody = [f"p{each}" for each in range(number)]
    for week in range(weeks):
        small.meeting(f"m{week}", at(0, "09:00", MONDAY + timedelta(weeks=week)), 60, everybody)
    return small


def door(folder, small, **settings) -> Door:
    store = small.store(folder)
    with writing(store.path) as writer:
        for name, value in settings.items():
            writer.set(name, value)
    return Door(store, TODAY)


def test_the_owner_sees_the_own_rows_and_nobody_elses(tmp_path):
    opened = door(tmp_path, organisation({2: 3, 4: 3}), owner="p0")
    period = opened.overview().period
    assert opened.split(ME, period).hours == 10.0
    assert isinstance(opened.dependence(ME, period), OwnCard)
    for viewer in (STRANGER, MT, HR, Viewer("mt", unit="A")):
        for question in (opened.split, opened.drift, opened.dependence):
            assert question(viewer, period) == Refusal("not_permitted", {})
        assert opened.checks(viewer, period) == ()
        assert opened.name_of(viewer) is None


def test_without_an_owner_nobody_is_a_person(tmp_path):
    opened = door(tmp_path, organisation({2: 10, 4: 20}))
    assert opened.viewers()[0] == MT
    assert not opened.may(ME)


def test_only_the_demo_lets_anybody_look_as_anybody(tmp_path):
    opened = door(tmp_path, organisation({2: 10, 4: 20}), owner="p0", demo="yes")
    assert opened.may(STRANGER)
    assert not opened.may(Viewer("self", person_id="nobody"))
    assert not opened.may(Viewer("mt", unit="nowhere"))


@pytest.mark.parametrize(("size", "shown"), [(9, False), (10, True)])
def test_a_group_is_shown_from_the_minimum_on(tmp_path, size, shown):
    opened = door(tmp_path, organisation({4: size}), demo="yes")
    assert opened.may(HR) == shown
    assert isinstance(opened.split(HR, opened.overview().period), Refusal) != shown


def test_small_levels_are_merged_with_their_neighbours(tmp_path):
    opened = door(tmp_path, organisation({1: 1, 2: 4, 3: 8, 4: 12}), demo="yes")
    result = opened.drift(HR, opened.overview().period)
    assert [(level.levels, level.people) for level in result.by_level] == [((1, 2, 3), 13), ((4,), 12)]


def test_a_week_with_too_few_people_has_no_point(tmp_path):
    small = organisation({4: 12})
    for number in range(3):
        small.away(
            f"p{number}", at(0, "00:00", MONDAY + timedelta(weeks=4)), at(0, "00:00", MONDAY + timedelta(weeks=5))
        )
    opened = door(tmp_path, small, demo="yes")
    period = opened.overview().period
    thin = [number == 4 for number in range(10)]
    assert [week.share is None for week in opened.drift(HR, period).weekly] == thin
    assert [week.total == 0 for week in opened.split(HR, period).weeks] == thin


def test_dependence_of_a_group_names_nobody(tmp_path):
    opened = door(tmp_path, organisation({2: 10, 4: 20}), demo="yes")
    result = opened.dependence(HR, opened.overview().period)
    assert isinstance(result, GroupDependence)
    assert result.at_risk == "0-4"
    assert not any(f"p{number}'" in repr(result) for number in range(30))
    assert opened.dependence(Viewer("mt", unit="A"), opened.overview().period) == Refusal(
        "group_too_small", {"minimum": 25}
    )


def test_answers_follow_the_store(tmp_path):
    opened = door(tmp_path, organisation({4: 12}), demo="yes")
    period = opened.overview().period
    before = opened.split(HR, period).hours
    with writing(tmp_path / "small.db") as writer:
        writer.delete_meetings(["m1"])
    assert opened.split(HR, period).hours == before - 12


def test_the_running_week_is_not_looked_at_yet(tmp_path):
    opened = door(tmp_path, organisation({4: 12}, weeks=20), demo="yes")
    assert opened.overview().period.end == date(2026, 3, 16)


def test_an_empty_store_has_no_period_and_no_viewers(tmp_path):
    opened = door(tmp_path, Small())
    assert (opened.overview().period, opened.viewers()) == (None, ())


@pytest.mark.parametrize("text", ["self:p1", "mt", "mt:Werk & Inkomen", "hr"])
def test_a_viewer_is_written_and_read_back(text):
    assert parse_viewer(text).key == text


@pytest.mark.parametrize("text", ["", "self", "self:", "hr:x", "ceo", "admin:p1"])
def test_what_is_no_viewer_is_refused(text):
    with pytest.raises(BadInput, match="not a viewer"):
        parse_viewer(text)


def test_bands_hide_the_few():
    assert [band(count) for count in (0, 1, 4, 5, 9, 10, 40)] == ["0-4", "0-4", "0-4", "5-9", "5-9", "10+", "10+"]


def test_a_small_rest_joins_the_last_group():
    assert merge_levels({1: 12, 2: 11, 3: 3}) == ((1,), (2, 3))


def test_whoever_signed_in_sees_the_own_card_and_nobody_out_of_the_store_does(tmp_path):
    store = organisation({2: 3, 4: 30}).store(tmp_path)
    opened = Door(store, TODAY, signed_in=True)
    period = opened.overview().period
    assert opened.split(STRANGER, period).hours == 10.0
    assert isinstance(opened.dependence(STRANGER, period), OwnCard)
    nobody = Viewer("self", person_id="somebody else")
    assert opened.split(nobody, period) == Refusal("not_permitted", {})
    assert Door(store, TODAY).split(STRANGER, period) == Refusal("not_permitted", {})
