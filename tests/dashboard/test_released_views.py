"""What management and HR read out of releases: by how much, since when, is it the holidays, and can we trust it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from told_rows import AUDIT, Group, release

from dashboard.app import create_app
from dashboard.pages import PAGES
from dashboard.pages.checks import PAGE as CHECKS
from dashboard.pages.coordination import PAGE as COORDINATION
from dashboard.shell import show
from dashboard.views.coordination import coordination_view
from dashboard.views.movement import label_sentence, step_sentence, upward_sentence
from dashboard.views.released_trust import MEASURES, released_trust_view
from dashboard.views.trust import trust_view
from dashboard.words import Words
from privacy.released_door import ReleasedDoor
from privacy.viewer import Viewer

HR = Viewer("hr")
EN, NL = Words("en"), Words("nl")
REST = {
    ("coverage", ""): "> 80 %",
    ("quality", "by model"): 0.9,
    ("quality", "by file or person"): 0.1,
    ("checks", "coverage"): "holds",
    ("checks", "hours_per_day"): "does not hold",
}


def hours(week: int) -> dict[str, float]:
    """Coordination grows by a fifth a year."""
    noise = 1 + 0.08 * float(np.random.default_rng([5, week]).normal())
    more = 1.2 ** (week * 7 / 365.25)
    return {
        "coordination": 5 * more * noise,
        "design": 2.0,
        "escalation": 0.5,
        "incident": 0.3,
        "other": 3.0,
        "contract": 34.0,
    }


def door(quarters: int, step: str, rest: dict = REST) -> ReleasedDoor:
    group = Group("organisation", hours, step, people="100-249", rounding=0.1, rest=rest)
    joined = Group("department:B-C", hours)
    groups = {each.info.key: each for each in (group, joined)}
    return ReleasedDoor([release(number, groups, audit=AUDIT) for number in range(quarters)])


def drift(quarters: int, step: str, rest: dict = REST):
    opened = door(quarters, step, rest)
    return opened.drift(HR, opened.overview().period)


@pytest.mark.parametrize("step", ["quarter", "week"])
def test_by_how_much_is_said_in_per_cent_and_in_points(step):
    view = coordination_view(drift(8, step), EN)
    assert view.verdict == "Rising"
    assert "Coordination takes more of working time than it did" in view.headline
    assert "percentage points, and most likely between +" in view.slope


def test_since_when_is_said_by_the_quarters_a_year_apart():
    said = step_sentence(drift(6, "quarter"), EN)
    assert "no week can be named" in said
    assert "2025Q1 +" in said
    assert "2025Q2 +" in said
    assert step_sentence(drift(3, "quarter"), EN) == "It is told by the quarter, so no week can be named."
    assert "Against the same quarter a year before: 2025Q1 +" in step_sentence(drift(8, "week"), EN)


def test_whether_it_is_the_holidays_is_answered_with_its_size():
    view = coordination_view(drift(8, "quarter"), EN)
    (holidays,) = (line for line in view.voices if line.startswith("Public holidays"))
    assert "does not explain it. With it the change is +" in holidays
    assert any(line.startswith("The time of the year, with the leave that comes every year") for line in view.voices)
    assert "A reorganisation: these data cannot tell." in view.voices
    assert "bout 4 these data cannot tell" in view.counter_voice


def test_too_few_quarters_say_so():
    view = coordination_view(drift(2, "quarter"), EN)
    assert "the stretches of time that are told are too few" in view.headline
    assert view.slope == ""
    assert "Too few stretches of time are released" in view.counter_voice


def test_what_is_known_of_labels_is_said_as_it_is():
    assert label_sentence(drift(8, "quarter"), EN).startswith("Nobody has checked labels here yet")
    reviewed = REST | {("quality", "reviewed"): 0.85, ("quality", "reviews"): 150.0}
    assert label_sentence(drift(8, "quarter", reviewed), EN) == (
        "Of 150 labels that people checked 85% were right. A release tells hours as they were labelled."
    )


def test_upward_without_bands_of_levels_cannot_be_told():
    assert "too few bands of levels" in upward_sentence(drift(8, "quarter"), EN)


def test_the_page_of_trust_says_what_was_suppressed_and_why():
    opened = door(2, "week")
    view = released_trust_view(opened.trusted(HR, opened.overview().period), EN)
    assert (
        view.labels[0]
        == "Whose word the labels are, by meeting hours. The model: 90%, Labels that came with the data or People here: 10%."
    )
    joined, finer, untold, tried = view.untold
    assert joined.startswith("2 departments or teams are told as 1 group: alone they have too few people")
    assert finer.startswith("Told by the quarter only: 1 of 2 groups.")
    assert untold.endswith("since it was last told: on how few people it depends.")
    assert tried == "Tried and not told: levels 1-2 / 3: bounds x 2."
    assert "9 leaks were planted in copies of it to test the audit, and 9 were found" in view.audit.sentence
    assert view.chain[0].startswith("2 signed releases")
    assert view.chain[1].endswith("approved by A, people told 2024-01-01, works council OR-1.")


def test_every_measure_that_may_be_left_out_has_its_words(released):
    """A release says of each measure how much of it the audit left, and of `working` it leaves nothing under 125 people."""
    left = {name: many for each in released._releases for name, many in each.audit["others"].items()}
    assert left["working"] == 0
    assert set(left) - set(MEASURES) == set()
    assert NL(MEASURES["working"]) == "contracturen zonder verlof"


def test_checks_without_numbers_are_told_as_held_or_not():
    opened = door(2, "week")
    view = trust_view(opened.checks(HR, opened.overview().period), EN)
    assert view.headline == "1 check does not hold; read it before you believe a figure."
    assert {finding.code: finding.holds for finding in view.findings} == {
        "coverage": True,
        "hours_per_day": False,
        "shares_sum": True,
    }
    assert trust_view((), EN).headline == "No check is told of this period."


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("page", [CHECKS, COORDINATION], ids=lambda page: page.name)
@pytest.mark.parametrize(("quarters", "step"), [(1, "quarter"), (8, "quarter"), (8, "four weeks"), (8, "week")])
@pytest.mark.parametrize("rest", [REST, {}], ids=["with trust", "without"])
def test_the_pages_are_built_from_whatever_is_told(page, quarters, step, rest, language):
    app = create_app(door(quarters, step, rest))
    with app.server.test_request_context("/"):
        text = str(show(page, PAGES, {"viewer": "hr", "lang": language}))
    assert "went wrong" not in text


def test_the_words_are_dutch_where_they_are_asked_for():
    assert coordination_view(drift(8, "quarter"), NL).slope.startswith("Dat is +")
    found = replace(drift(8, "quarter"), verdict="not measurable")
    assert "stukken tijd" in coordination_view(found, NL).headline
