"""What is said to lie behind a page is what the answers themselves tell, to every viewer and about every quarter."""

from __future__ import annotations

import pytest
from told_ways import JOINED, told_ways

from privacy.refusal import Refusal
from privacy.released_behind import Behind
from privacy.viewer import Viewer

HR, MT, INTAKE, KCC = Viewer("hr"), Viewer("mt"), Viewer("mt", unit="Intake"), Viewer("mt", unit="KCC")


@pytest.mark.parametrize("levels", [True, False])
@pytest.mark.parametrize("quarter", [None, 0, 1])
def test_it_agrees_with_the_answers(levels, quarter):
    door = told_ways(levels)
    period = door.overview().period if quarter is None else door.overview().released[quarter].period
    for viewer in door.viewers():
        found = door.behind(viewer, period)
        names = ("Intake", "KCC", "ICT", JOINED, "Balie", "Zwaan")
        answers = {name: door.escalations(viewer, period, name) for name in names}
        assert set(found.escalations) == {name for name, each in answers.items() if not isinstance(each, Refusal)}
        drift = door.drift(viewer, period)
        assert found.coordination is not isinstance(drift, Refusal)
        assert found.levels == (tuple(each.name for each in drift.by_level) if len(drift.by_level) > 1 else ())


def test_who_sees_all_departments_is_told_of_all_and_management_of_one_of_its_own():
    door = told_ways()
    period = door.overview().period
    whole = Behind(("Intake", "KCC"), coordination=True, levels=("1-2", "3"))
    assert door.behind(HR, period) == door.behind(MT, period) == whole
    assert door.behind(INTAKE, period) == Behind(("Intake",), coordination=True, levels=())
    assert door.behind(KCC, period).escalations == ("KCC",)
    assert door.behind(Viewer("mt", unit="Zwaan"), period) == Refusal("not_permitted", {})


def test_management_of_one_department_reads_nothing_of_another():
    door = told_ways()
    period = door.overview().period
    for viewer in (HR, MT, INTAKE):
        assert door.escalations(viewer, period, "Intake").whole.at_top == 0.9
    for unit in ("Intake", JOINED, "Zwaan"):
        assert door.escalations(KCC, period, unit) == Refusal("not_released", {})
    assert door.escalations(Viewer("mt", unit="Zwaan"), period, "Intake") == Refusal("not_permitted", {})
