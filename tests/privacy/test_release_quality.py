"""How far a release can be trusted: rows about everybody, what folds, and what the page makes of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_up_cohort import cohort
from told_rows import AUDIT, Group, release

from analysis.quality import Part, Quality, Rate, Titles
from analysis.quality import Trust as Score
from analysis.selfcheck import Check
from privacy.access import can
from privacy.policy import Policy
from privacy.refusal import Refusal
from privacy.release.compiling import Others, compile_cohort
from privacy.release.plan import build_plan
from privacy.release.quality import Trust, Trusting, confused
from privacy.release.statements import caught, leaks, plants, without_leaks
from privacy.released_door import ReleasedDoor
from privacy.trusting import ModelCard
from privacy.viewer import Viewer
from store.schema import LABELS

POLICY = Policy()
HR, MT, MT_D0 = Viewer("hr"), Viewer("mt"), Viewer("mt", unit="D0")
CARD = ModelCard("v7", "2026-09-01", 9371, 0.8449, 0.968, 0.71, dict.fromkeys(LABELS, 0.812))


def quality(people: int, reviewed: Rate | None = None) -> Quality:
    """Titles that miss in 7 %, answers of 83 %, leave that nobody is told of."""
    parts = (
        Part("coverage", 0.97, 1.0),
        Part("leave", 0.61, 0.8),
        Part("answers", 0.83, 1.0),
        Part("titles", None, None),
    )
    titles = Titles(people * 50, 0.07, 0.0, 0.12, {}, None)
    return Quality(None, reviewed, None, 0.134, 0.5, titles, Score(80.0, True, parts))


def trust(sources: np.ndarray, reviewed: Rate | None = None, *, holds: bool = True) -> Trust:
    checks = (Check("coverage", True, {}), Check("known_series", holds, {"occurrences": 53, "twice": 1}))
    errors = np.full((len(LABELS), len(LABELS)), 12.0) + 88 * np.eye(len(LABELS))
    return Trust(sources, quality(len(sources), reviewed), checks, errors, CARD)


def hours(people: int, *parts: float) -> np.ndarray:
    """Everybody's hours of model, people and files, alike."""
    return np.ones((people, 1)) * 100 * np.array(parts)


@pytest.fixture(scope="module")
def planned():
    everybody = cohort(300, 1)
    return build_plan(everybody, POLICY, (), (), with_cells=False), everybody


def rows(planned, found: Trust) -> dict[tuple[str, str], float | str]:
    trusting = Trusting(found, *planned, POLICY)
    told = without_leaks(trusting.statement(), (), POLICY)
    return {(row.measure, row.label): row.value for row in trusting.rows(told)}


def test_shares_are_told_to_five_per_cent_of_everybody(planned):
    told = rows(planned, trust(hours(300, 0.81, 0.07, 0.12)))
    assert {label: told["quality", f"by {label}"] for label in ("model", "person", "file")} == {
        "model": 0.8,
        "person": 0.05,
        "file": 0.1,
    }
    assert (told["quality", "missing titles"], told["quality", "generic titles"]) == (0.05, 0.1)
    assert (told["quality", "answers"], told["quality", "unsure"]) == (0.85, 0.15)
    assert ("quality", "titles") not in told


def test_leave_is_in_no_row(planned):
    assert not [label for _, label in rows(planned, trust(hours(300, 1, 0, 0))) if "leave" in label]


def test_what_one_person_labelled_is_told_with_the_next_source(planned):
    """One person corrects only what stands in the own calendar."""
    sources = hours(300, 0.9, 0.0, 0.1)
    sources[7, 1] = 40.0
    told = rows(planned, trust(sources))
    assert {label for measure, label in told if measure == "quality" and label.startswith("by ")} == {
        "by model",
        "by file or person",
    }


def test_a_source_that_cannot_be_told_anyhow_takes_the_row_with_it(planned):
    sources = np.zeros((300, 3))
    sources[7] = 10, 0, 0
    told = rows(planned, trust(sources))
    assert {measure for measure, _ in told} == {"model", "errors"}


def test_checks_say_whether_they_hold_and_no_number(planned):
    told = rows(planned, trust(hours(300, 1, 0, 0), holds=False))
    assert (told["checks", "coverage"], told["checks", "known_series"]) == ("holds", "does not hold")
    assert not [value for (measure, _), value in told.items() if measure == "checks" and not isinstance(value, str)]


@pytest.mark.parametrize(("questions", "band"), [(49, None), (50, 50.0), (180, 150.0), (4000, 1000.0)])
def test_reviewed_labels_are_told_from_fifty_on_by_a_band(planned, questions, band):
    told = rows(planned, trust(hours(300, 1, 0, 0), Rate(0.871, 0.81, 0.92, questions)))
    assert told.get(("quality", "reviews")) == band
    assert told.get(("quality", "reviewed")) == (None if band is None else 0.85)


def test_the_model_is_told_as_its_card_says(planned):
    told = rows(planned, trust(hours(300, 1, 0, 0)))
    assert (told["model", "version"], told["model", "right"], told["model", "titles"]) == ("v7", 0.84, 9370.0)
    assert (told["errors", confused("design", "design")], told["errors", confused("design", "other")]) == (100.0, 10.0)


def test_a_leak_planted_in_it_is_caught(planned):
    statement = Trusting(trust(hours(300, 0.8, 0.1, 0.1)), *planned, POLICY).statement()
    found = list(plants(statement))
    assert len(found) == 3
    assert all(caught(plant, (), POLICY) for plant in found)


def test_somebody_who_left_shows_in_no_second_release_of_the_same_weeks(planned):
    statement = Trusting(trust(hours(300, 0.8, 0.1, 0.1)), *planned, POLICY).statement()
    fewer = replace(statement.told[0], things=statement.told[0].things - {"p0003"}, values=None)
    again = replace(statement, told=(fewer,))
    assert leaks(again, [statement.said], POLICY)
    assert without_leaks(again, [statement.said], POLICY).told == ()


def test_the_compiler_audits_it():
    def further(plan, everybody, earlier):
        trusting = Trusting(trust(hours(everybody.size, 0.8, 0.1, 0.1)), plan, everybody, POLICY)
        told = without_leaks(trusting.statement(), earlier, POLICY)
        return Others(trusting.rows(told), (told,))

    compiled = compile_cohort(cohort(300, 1), "2026Q1", POLICY, further=further)
    assert compiled.audit.others["quality"] == 1
    told = [row for row in compiled.rows if row.measure in {"quality", "model", "checks", "errors"}]
    assert {row.group for row in told} == {"organisation"}
    assert all(can(viewer, row) for viewer in (HR, MT, MT_D0) for row in told)
    assert not any(can(Viewer("self", person_id="p0001"), row) for row in told)


TOLD = {
    ("quality", "by model"): 0.9,
    ("quality", "by person"): 0.1,
    ("quality", "reviewed"): 0.85,
    ("quality", "reviews"): 150.0,
    ("checks", "coverage"): "holds",
    ("coverage", ""): "> 80 %",
    **{("model", label): 0.84 for label in ("right", "right when sure", "sure", *LABELS)},
    ("model", "version"): "v7",
    ("model", "made on"): "2026-09-01",
    ("model", "titles"): 9370.0,
}
FLAT = {"design": 2.0, "coordination": 4.0, "escalation": 0.5, "incident": 0.3, "other": 3.0, "contract": 34.0}


def door(*told: dict) -> ReleasedDoor:
    """Quarters of an organisation and of three departments, two of which are told together."""

    def groups(rest):
        whole = Group("organisation", lambda _: FLAT, rest=rest, people="100-249", rounding=0.1)
        folded = {label: FLAT[label] for label in ("coordination", "other", "contract")}
        parts = (Group("department:A", lambda _: folded), Group("department:B-C", lambda _: FLAT, "week"))
        return {each.info.key: each for each in (whole, *parts)}

    return ReleasedDoor([release(number, groups(rest), audit=AUDIT) for number, rest in enumerate(told)])


@pytest.mark.parametrize("viewer", [HR, MT, Viewer("mt", unit="A")])
def test_management_and_hr_read_how_far_it_can_be_trusted(viewer):
    opened = door(TOLD, TOLD)
    found = opened.trusted(viewer, opened.overview().period)
    assert (found.quarter, found.coverage, found.sources) == ("2024Q2", "> 80 %", {"model": 0.9, "person": 0.1})
    assert (found.model.version, found.model.accuracy, found.model.titles) == ("v7", 0.84, 9370)
    assert found.reviewed.low < 0.85 < found.reviewed.high
    assert (found.looked.planted, found.looked.found) == (9, 9)
    assert [each.quarter for each in found.chain] == ["2024Q1", "2024Q2"]


def test_what_was_suppressed_is_counted_with_its_reason():
    opened = door(TOLD)
    gone = opened.trusted(HR, opened.overview().period).suppressed
    assert (gone.joined, gone.together) == (2, 1)
    assert (gone.folded, gone.quarterly, gone.finer) == (1, 2, 1)
    assert (gone.untold, gone.tried) == (("dependence",), ("levels 1-2 / 3: bounds x 2",))


def test_a_check_holds_where_it_held_in_every_quarter():
    opened = door(TOLD, TOLD | {("checks", "coverage"): "does not hold"})
    first, both = (opened.checks(HR, period) for period in (opened.overview().period, opened.overview().period))
    assert {check.code: check.holds for check in first} == {"coverage": False, "shares_sum": True}
    assert both == first
    assert all(check.numbers == {} for check in first)


def test_labels_that_do_not_add_up_are_said():
    opened = door(TOLD)
    (only,) = opened._releases
    broken = tuple(
        replace(row, value=9.0) if (row.label, row.group) == ("total", "organisation") else row for row in only.rows
    )
    checks = ReleasedDoor([replace(only, rows=broken)]).checks(HR, only.period)
    assert {check.code: check.holds for check in checks} == {"coverage": True, "shares_sum": False}


def test_a_release_without_these_rows_says_less():
    opened = door({})
    found = opened.trusted(HR, opened.overview().period)
    assert (found.model, found.reviewed, found.sources, found.parts, found.coverage) == (None, None, {}, {}, None)
    assert opened.checks(HR, opened.overview().period) == ()


def test_a_person_is_not_answered():
    opened, person = door(TOLD), Viewer("self", person_id="p0001")
    assert opened.trusted(person, opened.overview().period) == Refusal("not_permitted", {})
    assert opened.checks(person, opened.overview().period) == ()
