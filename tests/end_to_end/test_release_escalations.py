"""From a store with planted escalations to the page of management and HR, by way of a signed release."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from organisation import MONDAY, Small, at

from dashboard.app import create_app
from dashboard.pages import PAGES
from dashboard.shell import show
from meetload.releasing import Approval, Wanted, release_quarter
from privacy import registry
from privacy.policy import Policy
from privacy.release.file import read_key, read_releases
from privacy.released_door import ReleasedDoor
from privacy.viewer import Viewer

HR, MT, MT_A = Viewer("hr"), Viewer("mt"), Viewer("mt", unit="A")
SIZE, CHIEFS, WEEKS = 34, 14, 13
NOW = datetime(2026, 4, 20)
TITLES = """
    Zonnepanelen Laadpalen Terrassen Parkeervergunning Leerplicht Afvalpas Rioolheffing Schuldhulp Evenement Huisnummer
    Marktkraam Kadaster Bijstand Jeugdzorg Fietsenstalling Begraafplaats Hondenbelasting Monument Zwembad Speeltuin
"""
SUBJECTS = TITLES.split()
# Who of every five declines which of the two.
DECLINES = {"line": 0, "process": 3}
FROM_A = 12


def organisation() -> Small:
    """Two departments of 34, 14 of each at level 2, and twenty subjects; twelve begin in A and eight in B, all at level 4.

    On each six people meet twice, and two of them then with five chiefs of A; the last five subjects of B end with
    somebody else at level 4 instead. Everybody has an hour of line meetings and an hour of process meetings at once.
    """
    small = Small()
    of = {unit: [f"{unit}{number}" for number in range(SIZE)] for unit in "AB"}
    for unit, names in of.items():
        for number, name in enumerate(names):
            small.person(name, 2 if number < CHIEFS else 4, unit)
    for number, subject in enumerate(SUBJECTS):
        names, turn = of["A" if number < FROM_A else "B"], number
        clerks = [names[CHIEFS + (turn + each) % (SIZE - CHIEFS)] for each in range(8)]
        chiefs = [of["A"][(turn + each) % CHIEFS] for each in range(5)]
        monday = MONDAY + timedelta(weeks=number % 5)
        for step, who in enumerate((clerks[:6], clerks[:6], [*clerks[:2], *(chiefs if number < 15 else clerks[6:])])):
            label = "escalation" if step == 2 else "coordination"
            small.meeting(f"{subject}{step}", at(14 * step + 1, "09:00", monday), 60, who, label, title=subject)
    for week in range(WEEKS):
        for unit, names in of.items():
            for side, clock in (("line", "13:00"), ("process", "13:30")):
                answers = {
                    name: "declined" for number, name in enumerate(names) if (number + week) % 5 == DECLINES[side]
                }
                start = at(3, clock, MONDAY + timedelta(weeks=week))
                small.meeting(f"{side}-{unit}-{week}", start, 60, names, answers=answers, title="Overleg")
                small.labels[-1]["sub"] = side
    return small


def release(folder, objecting: tuple[str, ...] = ()):
    path = organisation().store(folder).path
    for person in objecting:
        registry.decide(path, person, "scan", "objection", datetime(2026, 3, 1))
    given = Approval("A. de Vries", "2026-03-01", "OR-2026-14")
    compiled, _ = release_quarter(path, folder / "R", "2026Q1", given, Wanted(Policy()), NOW, folder / "key")
    return compiled, read_releases(folder / "R", read_key(folder / "key").public_key())


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return release(tmp_path_factory.mktemp("released"))


@pytest.fixture(scope="module")
def door(released):
    return ReleasedDoor(released[1])


@pytest.fixture(scope="module")
def app(door):
    return create_app(door)


def test_both_measures_are_under_the_audit(released):
    others = released[0].audit.others
    assert (others["escalations"], others["conflicts"]) == (9, 3)


def test_the_page_tells_what_was_planted(door):
    """Fifteen of twenty end with the chiefs of A, two levels up: all twelve of A and three of the eight of B."""
    found = door.escalations(HR, door.overview().period)
    assert (found.whole.cases, found.whole.gap, found.whole.days) == (20, 1.5, 30)
    assert found.whole.at_top == pytest.approx(0.75, abs=0.051)
    assert [(flow.origin, flow.end, flow.part) for flow in found.by_levels] == [("3-4", "2", 0.8), ("3-4", "3-4", 0.2)]
    # The three from B to A are too few to be told.
    assert [(flow.origin, flow.end, flow.part) for flow in found.by_departments] == [("A", "A", 0.6), ("B", "B", 0.2)]
    own = door.escalations(MT_A, door.overview().period)
    assert (own.scope, own.whole.cases, own.whole.at_top, own.by_departments) == ("A", 15, 0.9, ())


def test_conflicts_are_told_as_parts(door):
    settled = door.escalations(MT, door.overview().period).settled
    assert (settled.times, settled.line_declined, settled.process_declined) == (880, 0.2, 0.2)
    assert settled.both_or_neither == 0.6


@pytest.mark.parametrize(
    ("viewer", "says"),
    [
        (
            "hr",
            (
                "From level to level",
                "The most travelled way is levels 3–4 → level 2: 80% of all",
                "From department to department",
                "A → A",
            ),
        ),
        ("mt", ("of escalations end at level", "most begin in A: about 60% of all", "Line or process?")),
        (
            "mt:A",
            (
                "The most travelled way is levels 3–4 → level 2: at least 85% of all",
                "about 15 escalations that could be followed",
            ),
        ),
    ],
)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_answers_with_headline_chart_and_table(app, viewer, says, language):
    page = next(each for each in PAGES if each.name == "escalations")
    with app.server.test_request_context("/"):
        text = str(show(page, PAGES, {"viewer": viewer, "lang": language}))
    assert language == "nl" or [each for each in says if each not in text] == []
    assert ("levels-chart" in text, "Table(" in text) == (True, True)
    assert not [name for name in ("A3", "Zonnepanelen") if name in text]


def test_a_file_holds_the_same(app):
    answer = app.server.test_client().get("/numbers/escalations/departments.csv?viewer=mt&lang=en")
    assert answer.status_code == 200
    assert answer.text.lstrip("\ufeff").splitlines()[:2] == ["From,To,Part of all", "A,A,60%"]


def test_who_objects_does_not_show(tmp_path, released):
    """The chain of a chief who objects goes on without him; nobody is behind anything who is not in the cohort."""
    compiled, _ = release(tmp_path, ("A0", "A20"))
    behind = [people for each in compiled.others if each.measure == "escalations" for people in each.behind.values()]
    assert behind
    assert not {"A0", "A20"} & frozenset().union(*behind)
    before = [people for each in released[0].others if each.measure == "escalations" for people in each.behind.values()]
    assert {"A0", "A20"} <= frozenset().union(*before)
