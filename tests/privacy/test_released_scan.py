"""Every released group beside every other: figures with what rounding leaves open, and why a figure is missing."""

from __future__ import annotations

import pytest
from scanned_rows import scanned

from privacy.refusal import Refusal
from privacy.registry import Standing
from privacy.released_reading import Reading, altitude, read, share
from privacy.released_scan import WHOLE, Scan, Scanned
from privacy.released_untold import Key
from privacy.seen import Place, others_see
from privacy.viewer import Viewer

HR = Viewer("hr")


def department(*parts: str) -> Key:
    return Key("department", (), parts)


def whole_scan(*numbers: int) -> Scan:
    door = scanned(*numbers)
    return door.scan(HR, door.overview().period)


def group(scan: Scan, key: Key) -> Scanned:
    return next(each for each in scan.groups if each.key == key)


@pytest.mark.parametrize(
    ("key", "first", "last", "change", "is_sure"),
    [
        (WHOLE, 0.105, 0.13, 0.025, True),
        (department("Bouw"), 0.1, 0.2, 0.1, True),
        (department("Cultuur"), 0.1, 0.125, 0.025, False),  # four hours and a half may be told as four or as five
    ],
)
def test_a_share_and_its_change_against_the_year_before(key, first, last, change, is_sure):
    spots = group(whole_scan(), key).spots
    assert [spots[place].readings["drift"].value for place in (0, -1)] == pytest.approx([first, last])
    assert spots[-1].moved("drift").value == pytest.approx(change)
    assert spots[-1].moved("drift").is_sure is is_sure
    assert spots[0].moved("drift") is None


def test_a_year_before_outside_the_period_is_still_held_against():
    door = scanned()
    last = door.overview().released[-1].period
    found = door.scan(HR, last)
    assert found.quarters == ("2025Q1",)
    assert found.whole.spots[0].moved("drift").value == pytest.approx(0.025)


def test_groups_stand_in_the_order_of_the_chart_and_joined_ones_last_of_the_departments():
    keys = [each.key for each in whole_scan().groups]
    assert [key.parts for key in keys if key.kind == "department"] == [
        ("Anders",), ("Bouw",), ("Cultuur",), ("Dienst",), ("Einde",), ("Dienst", "Faam"), ("Einde", "Faam"),
    ]  # fmt: skip
    assert keys[0] == WHOLE
    assert keys.index(Key("cell", ("Bouw",), ("1", "2"))) == keys.index(department("Bouw")) + 1
    assert [key.kind for key in keys[-2:]] == ["levels", "levels"]


def test_two_groups_called_other_are_one_only_with_the_same_departments_in_them():
    scan = whole_scan()
    before, after = (group(scan, department(name, "Faam")).spots for name in ("Einde", "Dienst"))
    assert [bool(each.people) for each in before] == [True, True, True, True, False]
    assert [bool(each.people) for each in after] == [False, False, False, False, True]
    assert before[-1].untold["drift"] == "apart"
    assert after[-1].moved("drift") is None
    dienst = group(scan, department("Dienst")).spots[-1]
    assert (dienst.untold["load"], dienst.within) == ("joined", ("Dienst", "Faam"))


@pytest.mark.parametrize(
    ("key", "measure", "why"),
    [
        (department("Anders"), "drift", "folded"),
        (department("Anders"), "altitude", "cells"),
        (department("Cultuur"), "altitude", "cells"),
        (department("Cultuur"), "dependence", "few"),  # its rows are there, but not for HR
        (WHOLE, "dependence", "yearly"),
        (Key("levels", (), ("3",)), "altitude", "kind"),
        (Key("cell", ("Bouw",), ("3",)), "dependence", "kind"),
    ],
)
def test_why_a_figure_is_missing(key, measure, why):
    spot = group(whole_scan(), key).spots[-1]
    assert not spot.tells(measure)
    assert spot.untold[measure] == why


def test_a_department_has_an_altitude_where_all_its_cells_are_told():
    spots = group(whole_scan(), department("Bouw")).spots
    # Level 3 is the lowest band and stands at 1, levels 1 and 2 at 2, with twice its share.
    assert spots[-1].readings["altitude"].value == pytest.approx((2 * 2 + 1) / 3)
    assert group(whole_scan(), WHOLE).spots[-1].readings["altitude"].value == pytest.approx((2 * 2 + 1) / 3)


def test_dependence_is_a_band_of_people_and_one_of_concentration():
    scan = whole_scan()
    assert [each.waiting is not None for each in scan.whole.spots] == [False, True, False, False, False]
    found = group(scan, department("Bouw")).spots[-1].waiting
    assert (found.at_risk, found.concentration) == ("5-9", 0.6)


def test_what_a_quarter_does_not_tell():
    found = whole_scan().unsaid[-1]
    assert found.joined == (department("Dienst", "Faam"),)
    assert department("Anders") in found.folded["coordination"]
    assert Key("cell", ("Cultuur",), ("1", "2")) in found.hidden
    assert Key("cell", ("Bouw",), ("3",)) not in found.hidden
    assert (found.no_cells, found.measures, found.tried) == (False, ("ties",), ("levels 1-2 / 3: bounds x 2",))
    assert (found.quarterly, found.groups, found.coverage) == (7, 8, {"> 80 %": 8})


def test_a_quarter_that_nobody_released_is_named():
    assert whole_scan(0, 2, 4).gaps == ("2024Q2", "2024Q4")
    assert whole_scan(3, 4).gaps == ()


@pytest.mark.parametrize("viewer", [Viewer("mt"), Viewer("mt", unit="Bouw")], ids=lambda viewer: viewer.key)
def test_only_hr_reads_groups_side_by_side(viewer):
    door = scanned()
    assert door.scan(viewer, door.overview().period) == Refusal("hr_only", {})


@pytest.mark.parametrize("viewer", [Viewer("self", person_id="p1"), Viewer("mt", unit="Nowhere")])
def test_a_stranger_reads_nothing(viewer):
    door = scanned()
    assert door.scan(viewer, door.overview().period) == Refusal("not_permitted", {})


def test_a_period_without_a_whole_quarter_has_no_scan():
    door = scanned(0, 1)
    begin = door.overview().period.start
    assert door.scan(HR, type(door.overview().period)(begin, begin.replace(day=29))) == Refusal("not_released", {})


def test_rounding_is_carried_through_a_share():
    found = share(read(4.0, 1.0), read(40.0, 1.0))
    assert (found.value, found.low, found.high) == pytest.approx((0.1, 3.5 / 40.5, 4.5 / 39.5))
    assert share(read(4.0, 1.0), read(0.0, 1.0)) is None


def test_an_altitude_lies_between_the_corners_that_rounding_leaves_open():
    found = altitude([Reading(0.2, 0.1, 0.3), Reading(0.1, 0.1, 0.1)], [3.0, 1.0])
    assert (found.value, found.low, found.high) == pytest.approx((7 / 3, 2.0 - 0.25, 2.5 + 0.25))
    assert altitude([Reading(0.0, 0.0, 0.0)] * 2, [3.0, 1.0]) is None


def test_a_person_is_told_which_of_these_groups_hold_them():
    door = scanned()
    standing = Standing(shared_until=None, objects=False)
    mine = others_see(door, Place(3, "Dienst", "adviser"), door.overview().period, standing)
    (found,) = (each for each in mine.seen if each.code == "group")
    assert (found.audience, found.group, found.quarter, found.people) == (HR, "Dienst + Faam", "2025Q1", 10)
    assert found.values == pytest.approx({"drift": 0.175, "load": 10.0})
