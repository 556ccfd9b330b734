from __future__ import annotations

from datetime import date, timedelta

import pytest
from made_up_cohort import cohort
from organisation import MONDAY, Small, at

from privacy.answers import Question
from privacy.door import Door
from privacy.group_dependence import OwnCard
from privacy.groups import band, merge_levels
from privacy.policy import Policy
from privacy.refusal import Refusal
from privacy.release.compiling import compile_cohort
from privacy.release.file import make_key, read_releases, write_release
from privacy.released_door import ReleasedDoor
from privacy.viewer import Viewer, parse_viewer
from store.database import Store, writing
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


QUESTIONS = ("split", "drift", "dependence", "roles", "escalations", "ties", "forums", "named", "trusted")


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


def test_a_person_sees_all_of_the_own_drift_however_few_are_on_a_level(tmp_path):
    opened = door(tmp_path, organisation({1: 1, 2: 8, 3: 20}), owner="p0")
    found = opened.drift(ME, opened.overview().period)
    assert (found.people, [level.people for level in found.by_level]) == (1, [1])
    assert None not in [week.value for week in found.altitude.weekly]


@pytest.mark.parametrize("demo", ["no", "yes"])
def test_no_group_is_ever_answered_out_of_a_store(tmp_path, demo):
    opened = door(tmp_path, organisation({2: 30, 4: 60}), demo=demo)
    period = opened.overview().period
    assert opened.viewers() == ()
    for viewer in (MT, HR, Viewer("mt", unit="A")):
        assert not opened.may(viewer)
        for question in QUESTIONS:
            assert getattr(opened, question)(viewer, period) == Refusal("not_permitted", {})


@pytest.mark.parametrize("viewer", [MT, HR, Viewer("mt", unit="A"), Viewer("self")], ids=lambda viewer: viewer.key)
@pytest.mark.parametrize("name", ["split", "drift", "dependence", "roles", "signals", "stopping", "topic_meetings"])
def test_not_even_a_helper_works_out_an_answer_about_more_than_one_person(tmp_path, viewer, name):
    opened = door(tmp_path, organisation({2: 30}))
    with pytest.raises(ValueError, match="no answer is worked out"):
        opened.work_out(Question(name, viewer, opened.overview().period))


@pytest.fixture(scope="module")
def quarter():
    """One quarter that 300 made-up people released."""
    return compile_cohort(cohort(300, 6), "2026Q1", Policy())


def released(folder, compiled, *, demo: bool) -> ReleasedDoor:
    key, approval = make_key(folder / "release.key"), {"approver": "A", "notice_date": "-", "works_council": "-"}
    write_release(folder / "R", compiled.document("2026Q1", approval, demo=demo), key)
    return ReleasedDoor(read_releases(folder / "R", key.public_key()))


def test_in_the_demo_groups_are_answered_out_of_releases(tmp_path, quarter):
    store, told = organisation({2: 13}).store(tmp_path), released(tmp_path, quarter, demo=True)
    opened, period = Door(store, TODAY, released=told), quarter.period
    assert opened.viewers() == told.viewers()
    assert opened.overview(HR) == told.overview()
    assert opened.split(HR, period) == told.split(HR, period)
    assert opened.overview(HR) != opened.overview()


def test_releases_of_real_people_open_no_group_beside_a_store(tmp_path, quarter):
    told = released(tmp_path, quarter, demo=False)
    opened = Door(organisation({2: 13}).store(tmp_path), TODAY, released=told)
    assert opened.viewers() == ()
    assert told.may(HR)
    assert opened.split(HR, quarter.period) == Refusal("not_permitted", {})


def test_what_others_see_of_me_is_what_was_released(tmp_path, quarter):
    small = organisation({2: 13})
    small.store(tmp_path)
    told = released(tmp_path, quarter, demo=False)
    store = Store(tmp_path / "small.db")
    mine = Door(store, TODAY, signed_in=True, released=told).others_see(ME, quarter.period)
    hours = [each for each in mine.seen if each.code == "hours"]
    assert [each.audience for each in hours] == [MT, HR]  # department A was told nothing of
    split = told.split(HR, quarter.period)
    assert hours[0].values == {each.label: each.share for each in split.labels}
    nothing = Door(store, TODAY, signed_in=True).others_see(ME, quarter.period)
    assert (nothing.seen, nothing.released) == ((), False)


def test_only_the_demo_lets_anybody_look_as_anybody(tmp_path):
    opened = door(tmp_path, organisation({2: 10, 4: 20}), owner="p0", demo="yes")
    assert opened.may(STRANGER)
    assert not opened.may(Viewer("self", person_id="nobody"))
    assert not opened.may(Viewer("mt", unit="nowhere"))


def test_answers_follow_the_store(tmp_path):
    opened = door(tmp_path, organisation({4: 12}), owner="p0")
    period = opened.overview().period
    before = opened.split(ME, period).hours
    with writing(tmp_path / "small.db") as writer:
        writer.delete_meetings(["m1"])
    assert opened.split(ME, period).hours == before - 1


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
