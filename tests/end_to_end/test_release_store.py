"""From a store with planted hours to what management and HR read: rows of every measure, pages and files."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from organisation import MONDAY, Small, at

from dashboard import marking
from dashboard.app import create_app
from dashboard.pages import PAGES
from dashboard.shell import show
from meetload.releasing import Approval, Wanted, release_quarter
from privacy.identity import Identity
from privacy.policy import Policy
from privacy.refusal import Refusal
from privacy.release.file import read_key, read_releases
from privacy.released_door import ReleasedDoor
from privacy.released_ties import HangingPairs
from privacy.viewer import Viewer

HR, MT, MT_A = Viewer("hr"), Viewer("mt"), Viewer("mt", unit="A")
UNITS, SIZE, WEEKS = "ABC", 44, 39
NOW = datetime(2026, 7, 20)


def level_of(number: int) -> int:
    return 2 if number < 3 else 3 if number < 13 else 4


def organisation() -> Small:
    """Three quarters of three departments of 44.

    Everybody has three hours of coordination a week: a standing series in the line, and across teams a single meeting
    and a series that lives for a quarter. Thirteen of a department are leads, the others clerks; nobody is ever away.
    Of the departments thirteen meet as a table; twenty of A and B, and of B and C, work together.
    """
    small = Small()
    of = {unit: [f"{unit}{number}" for number in range(SIZE)] for unit in UNITS}
    for unit, names in of.items():
        for number, name in enumerate(names):
            function = "lead" if number < 13 else "clerk"
            small.person(name, level_of(number), unit, team=f"{unit}{number % 2}", function=function)
    for week in range(WEEKS):
        monday = MONDAY + timedelta(weeks=week - 13)
        for unit, names in of.items():
            kinds = (("whole", f"whole-{unit}"), ("single", None), ("fresh", f"fresh-{unit}-{week // 13}"))
            for day, (kind, series) in enumerate(kinds):
                start = at(day, "09:00", monday)
                small.meeting(f"{kind}-{unit}-{week}", start, 60, names, series_id=series, organizer_id=names[0])
                small.labels[-1]["sub"] = "line" if kind == "whole" else "process"
            table = {"series_id": f"table-{unit}", "organizer_id": names[0], "label": "design"}
            small.meeting(f"table-{unit}-{week}", at(3, "09:00", monday), 60, names[:13], **table)
        for one, other in ("AB", "BC"):
            both = of[one][15:35] + of[other][15:35]
            more = {"series_id": f"tie-{one}{other}", "organizer_id": both[0], "label": "other"}
            small.meeting(
                f"tie-{one}{other}-{week}", at(4, "09:00" if one == "A" else "11:00", monday), 90, both, **more
            )
    return small


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    folder = tmp_path_factory.mktemp("released")
    path = organisation().store(folder).path
    given = Approval("A. de Vries", "2026-03-01", "OR-2026-14")
    for quarter in ("2026Q1", "2026Q2"):
        release_quarter(path, folder / "R", quarter, given, Wanted(Policy()), NOW, folder / "key")
    return read_releases(folder / "R", read_key(folder / "key").public_key())


@pytest.fixture(scope="module")
def door(released):
    return ReleasedDoor(released)


@pytest.fixture(scope="module")
def whole(door):
    return door.overview().period


def test_every_measure_is_in_it_and_under_the_audit(released):
    last = released[-1]
    told = Counter(row.measure for row in last.rows)
    assert set(told) >= {"hours", "contract", "focus", "coverage", "forums", "ties", "series", "sides", "levels"}
    assert set(told) >= {"quality", "checks", "model"}
    audited = {"contract", "focus", "forums", "dependence", "functions", "ties", "series", "sides", "levels"}
    assert set(last.audit["others"]) >= {*audited, "quality"}
    assert last.audit["controls_found"] == last.audit["controls_planted"] >= 15


def test_dependence_is_told_of_one_year_once(released):
    """The year before 2026Q2 holds that before 2026Q1, about the same people: nobody can show by leaving."""
    assert [sum(row.measure == "dependence" for row in each.rows) > 0 for each in released] == [True, True]
    assert released[0].audit["others"]["dependence"] == released[1].audit["others"]["dependence"] == 4


def test_what_began_and_what_ended_is_what_was_planted(door, whole):
    """Each person has 3 of 36 hours of coordination; a third of it begins and ends with every quarter."""
    for viewer in (HR, MT, MT_A):
        found = door.drift(viewer, whole).decomposition
        third = found.start / 3
        assert found.start == pytest.approx(3 / 36, abs=0.02)
        assert found.parts.new_series == pytest.approx(third, abs=0.01)
        assert found.parts.ended_series == pytest.approx(-third, abs=0.01)
        assert sum(vars(found.parts).values()) == pytest.approx(found.total, abs=1e-9)
        assert sum(part.within + part.mix for part in found.by_level) == pytest.approx(found.total, abs=1e-9) or not (
            found.by_level
        )


def test_a_third_of_coordination_is_in_the_line(door, whole):
    for viewer in (HR, MT, MT_A):
        kinds = {kind.name: kind for kind in door.drift(viewer, whole).by_kind}
        assert kinds["line"].start == pytest.approx(1 / 36, abs=0.01)
        assert kinds["process"].end == pytest.approx(2 / 36, abs=0.01)
        mix = door.roles(viewer, whole).mix
        assert mix.coordination_share == pytest.approx(3 / 36, abs=0.02)
        assert mix.line / (mix.line + mix.process) == pytest.approx(1 / 3, abs=0.03)


def test_functions_are_told_to_those_who_may_read_them(door, whole):
    """Thirty-nine leads and ninety-three clerks are everybody: HR, told of all, would know of the leads by the clerks."""
    for viewer in (HR, MT, MT_A):
        answer = door.dependence(viewer, whole)
        names = () if isinstance(answer, Refusal) else tuple(risk.function for risk in answer.functions)
        assert names == {"hr": (), "mt": ("clerk", "lead"), "mt:A": ("clerk", "lead")}[viewer.key]


def test_one_quarter_has_nothing_to_compare_with(door, released):
    found = door.drift(HR, released[0].period)
    assert (found.decomposition, found.altitude.start is None) == (None, True)
    assert len(door.ties(HR, released[0].period).ties) == 2


def test_altitude_is_the_mean_height_of_equal_shares(door, whole):
    """All levels spend the same share, so the middle lies halfway between level 4 (1) and level 3 (2)."""
    found = door.drift(HR, whole).altitude
    levels = door.drift(HR, whole).by_level
    assert len(levels) == 2
    assert found.start == pytest.approx(1.5, abs=0.1)
    assert found.end == pytest.approx(1.5, abs=0.1)
    assert door.drift(MT_A, whole).altitude.start is None


def test_tables_are_told_to_management_with_what_fills_them(door, whole):
    assert door.forums(HR, whole) == Refusal("not_released", {})
    found = door.forums(MT_A, whole)
    assert (found.tables, found.people) == (1, 6)
    assert found.labels["design"] == 1.0
    assert found.hours_a_week == pytest.approx(13, abs=2.5)
    assert door.forums(MT, whole).tables == 3


def test_ties_are_told_in_bands_to_those_they_touch(door, whole):
    found = door.ties(HR, whole)
    assert [(found.units[tie.one].name, found.units[tie.other].name) for tie in found.ties] == [("A", "B"), ("B", "C")]
    assert {(tie.hours_a_week, tie.people) for tie in found.ties} == {(1.0, 25)}
    assert found.hanging == HangingPairs(10, 0.1)  # the two teams of a department, and all of two that work together
    assert len(door.ties(MT_A, whole).ties) == 1


@pytest.fixture(scope="module")
def app(door):
    return create_app(door)


@pytest.mark.parametrize(
    ("page", "viewer", "says"),
    [
        ("roles", "hr", ("Of coordination ", "Line or process", " weeks coordinating took ")),
        ("dependence", "mt:A", ("For none of the 2 functions that are told 5 meetings or more", "lead")),
        ("coordination", "hr", ("At which level", "Where the change comes from", "What each level adds")),
        (
            "coordination",
            "mt:A",
            ("6 stretches of four weeks as released", "Leave is taken off where it is told", "> 80 %"),
        ),
        ("checks", "hr", ("The audit of this release", "What is not told, and why", "Whose word the labels are")),
        ("checks", "mt:A", ("Most people have a calendar to read", "The model that labels", "2 signed releases")),
        ("forums", "mt:A", (" of the time at the one standing table", "All together")),
        ("ties", "hr", (" pairs of departments meet", "Shared hours a week, at least")),
    ],
)
def test_pages_show_it(app, page, viewer, says):
    chosen = next(each for each in PAGES if each.name == page)
    with app.server.test_request_context("/"):
        text = str(show(chosen, PAGES, {"viewer": viewer, "lang": "en"}))
    assert [each for each in says if each not in text] == []
    assert "A12" not in text


def test_a_file_names_the_release_and_who_took_it(app, released):
    answer = app.server.test_client().get("/numbers/ties/ties.csv?viewer=mt:A&lang=en")
    assert answer.status_code == 200
    last = answer.text.splitlines()[-2:]
    assert last[0].startswith('Release,"2026Q1 ')
    assert all(each.digest[:12] in last[0] for each in released)
    assert last[1] == "Taken by,mt:A"


def test_a_file_names_who_signed_in(app, monkeypatch):
    monkeypatch.setattr(marking, "current_identity", lambda: Identity("idp#42", (MT_A,)))
    answer = app.server.test_client().get("/numbers/ties/ties.csv?viewer=mt:A&lang=nl")
    assert answer.text.splitlines()[-1] == "Opgehaald door;mt:A (idp#42)"


def test_a_page_names_the_release_too(app, released):
    with app.server.test_request_context("/"):
        text = str(show(PAGES[0], PAGES, {"viewer": "hr", "lang": "nl"}))
    assert f"Vrijgave 2026Q1 {released[0].digest[:12]}" in text
