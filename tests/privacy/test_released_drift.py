"""How coordination moved, from released rows alone: planted changes, steps and innocent explanations come back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from told_rows import Group, release

from analysis.labelerror import error_of
from privacy.release.quality import confused
from privacy.released_door import ReleasedDoor
from privacy.viewer import Viewer
from store.schema import LABELS

HR, MT_A = Viewer("hr"), Viewer("mt", unit="A")
WEEKS_A_YEAR = 365.25 / 7
OTHERS = {"design": 2.0, "escalation": 0.5, "incident": 0.2, "other": 3.0}


def noise(week: int, size: float = 0.1, seed: int = 3) -> float:
    return 1 + size * float(np.random.default_rng([seed, week]).normal())


def grown(a_year: float, start: float = 5.0, contract: float = 34.0):
    """Coordination that grows, week by week with ordinary noise; everything else stays."""
    return lambda week: {
        "coordination": start * (1 + a_year) ** (week / WEEKS_A_YEAR) * noise(week),
        **OTHERS,
        "contract": contract,
    }


def whole(hours, **more) -> Group:
    return Group("organisation", hours, **{"people": "100-249", "rounding": 0.1} | more)


def drift(quarters: int, *groups: Group, viewer: Viewer = HR, more=()):
    door = ReleasedDoor([release(number, {each.info.key: each for each in groups}, more) for number in range(quarters)])
    return door.drift(viewer, door.overview().period)


def voice(found, explanation: str):
    return next(each for each in found.counter_voices if each.explanation == explanation)


@pytest.mark.parametrize("step", ["quarter", "four weeks", "week"])
def test_a_planted_rise_is_found_in_whatever_blocks_are_told(step):
    found = drift(10, whole(grown(0.15), step=step))
    assert (found.verdict, found.told_in) == ("rising", step)
    assert found.blocks == {"quarter": 10, "four weeks": 30, "week": 130}[step]
    change, points = found.change_per_year, found.points_per_year
    assert change.low <= 0.15 <= change.high
    assert change.estimate == pytest.approx(0.15, abs=0.04)
    # Fifteen per cent a year of about five and a half of 34 hours.
    assert points.estimate == pytest.approx(0.15 * 6 / 34, abs=0.006)
    assert points.low < points.estimate < points.high


def test_quarters_told_in_different_blocks_share_the_coarsest():
    """Two quarters by the week, the others as a whole: eight quarters, and no week."""
    groups = [whole(grown(0.15), step="week" if number < 2 else "quarter") for number in range(8)]
    door = ReleasedDoor([release(number, {"organisation": group}) for number, group in enumerate(groups)])
    found = door.drift(HR, door.overview().period)
    assert (found.told_in, found.blocks, found.weeks_used) == ("quarter", 8, 104)
    assert found.change_points == ()


def test_five_quarters_tell_no_trend():
    found = drift(5, whole(grown(0.5)))
    assert (found.verdict, found.change_per_year, found.points_per_year) == ("not measurable", None, None)
    assert found.counter_voices == ()
    assert [each.quarter for each in found.years_on] == ["2025Q1"]


def test_rounding_that_hides_a_rise_is_not_taken_for_none():
    """Told as 1.0 hour each for two years: it may have been anything between a half and one and a half."""
    found = drift(
        8, whole(lambda week: {"coordination": 1.0, **OTHERS, "contract": 34.0}, people="10-24", rounding=1.0)
    )
    assert (found.verdict, found.change_per_year.estimate) == ("not measurable", 0.0)
    assert found.change_per_year.high > 0.2


def test_no_change_is_said_where_there_is_power():
    assert drift(12, whole(grown(0.0), step="week")).verdict == "no change found"


def test_each_quarter_stands_beside_the_one_a_year_before():
    found = drift(6, whole(grown(0.2)))
    assert [each.quarter for each in found.years_on] == ["2025Q1", "2025Q2"]
    assert [each.change for each in found.years_on] == pytest.approx([0.2, 0.2], abs=0.1)
    # A tenth of an hour in five, twice.
    assert found.years_on[0].rounding == pytest.approx(1.96 * 0.1 / np.sqrt(12) / 5 * np.sqrt(2), rel=0.2)


def test_the_ends_are_the_same_quarter_of_two_years():
    """Every third quarter is low; from 2024Q3 to 2025Q3 nothing changed."""
    found = drift(
        7, whole(lambda week: {"coordination": 3.0 if week // 13 % 4 == 2 else 5.0, **OTHERS, "contract": 34.0})
    )
    assert (found.start, found.end) == (pytest.approx(3 / 34), pytest.approx(3 / 34))


def test_a_planted_step_is_dated_in_weeks():
    """From week 60 on a quarter more."""
    found = drift(
        8,
        whole(
            lambda week: grown(0.0)(week) | {"coordination": 5 * noise(week) * (1.3 if week >= 60 else 1)}, step="week"
        ),
    )
    (told,) = found.change_points
    assert told.low <= found.weekly[60].week <= told.high
    assert (told.before, told.after) == (pytest.approx(5 / 34, abs=0.01), pytest.approx(6.5 / 34, abs=0.01))
    assert told.against_trend is not None


def test_rounding_alone_makes_no_step():
    """A steady rise without noise, rounded to whole hours, is told as a staircase."""
    found = drift(
        8,
        whole(
            lambda week: {"coordination": 4 + week / 104, **OTHERS, "contract": 34.0},
            step="week",
            people="10-24",
            rounding=1.0,
        ),
    )
    assert found.change_points == ()


def test_public_holidays_are_told_by_their_size():
    """Fewer hours to work in every year and as many each in the week: the hours rise less than the share."""
    found = drift(
        8, whole(lambda week: grown(0.0)(week) | {"contract": 34.0 * 0.9 ** (week / WEEKS_A_YEAR)}, step="week")
    )
    told = voice(found, "holidays")
    assert told.with_it.estimate == pytest.approx(0.0, abs=0.03)
    assert told.without_it.estimate == pytest.approx(1 / 0.9 - 1, abs=0.03)
    assert (told.explains, found.verdict) == ("no", "rising")


def test_holidays_that_explain_a_rise_of_hours_are_said_to():
    """Hours rise as the hours to work in do: the share stays."""
    more = 1.15
    found = drift(
        8,
        whole(
            lambda week: {
                "coordination": 5 * more ** (week / WEEKS_A_YEAR) * noise(week),
                **OTHERS,
                "contract": 28 * more ** (week / WEEKS_A_YEAR),
            },
            step="week",
        ),
    )
    assert voice(found, "holidays").explains == "yes"


def test_the_time_of_the_year_is_held_constant():
    """Seven quarters that end in the low of the year, and rise beneath it."""

    def hours(week):
        return grown(0.15)(week) | {
            "coordination": 5
            * 1.15 ** (week / WEEKS_A_YEAR)
            * (1 + 0.15 * np.cos(2 * np.pi * week / WEEKS_A_YEAR))
            * noise(week, 0.03)
        }

    found = drift(7, whole(hours, step="week"))
    told = voice(found, "season")
    assert found.change_per_year.low <= 0.15 <= found.change_per_year.high
    assert told.without_it.estimate == pytest.approx(0.15, abs=0.03)
    assert told.with_it.estimate < told.without_it.estimate


def level_groups(weights, shares, quarter: int):
    """Three bands of levels: parts of contract hours and coordination of each, in a quarter."""
    keys = ("levels:1-2", "levels:3", "levels:4-5")
    return [
        Group(
            key,
            lambda week, share=share: {"coordination": 34 * share(quarter), "other": 3.0, "contract": 34.0},
            rest={("levels", "weight"): weight(quarter), ("levels", "level"): level},
            rounding=0.1,
            people="100-249",
        )
        for key, weight, share, level in zip(keys, weights, shares, (1.5, 3.0, 4.5), strict=True)
    ]


def with_levels(quarters: int, weights, shares):
    told = []
    for number in range(quarters):
        levels = level_groups(weights, shares, number)
        whole_share = sum(weight(number) * share(number) for weight, share in zip(weights, shares, strict=True))
        everybody = whole(lambda week, share=whole_share: {"coordination": 34 * share, **OTHERS, "contract": 34.0})
        told.append(release(number, {each.info.key: each for each in (everybody, *levels)}))
    door = ReleasedDoor(told)
    return door.drift(HR, door.overview().period)


def test_other_people_than_before_explain_a_rise_that_is_theirs():
    """Each level spends what it did; the highest grows from 5 to 45 % of the hours in two years."""
    weights = (lambda q: 0.05 + 0.05 * q, lambda q: 0.1, lambda q: 0.85 - 0.05 * q)
    shares = (lambda q: 0.3, lambda q: 0.2, lambda q: 0.1)
    told = voice(found := with_levels(8, weights, shares), "mix")
    assert found.verdict == "rising"
    assert (told.explains, told.without_it.estimate) == ("yes", pytest.approx(0.0, abs=0.05))


def test_a_rise_within_levels_is_not_explained_by_who_is_there():
    weights = (lambda q: 0.05, lambda q: 0.1, lambda q: 0.85)
    shares = (lambda q: 0.3 * 1.04**q, lambda q: 0.2 * 1.04**q, lambda q: 0.1 * 1.04**q)
    found = with_levels(8, weights, shares)
    assert (found.verdict, voice(found, "mix").explains) == ("rising", "no")


def test_upward_is_the_highest_band_against_all_below():
    """The top grows by 30 % a year, the others stay."""
    weights = (lambda q: 0.05, lambda q: 0.1, lambda q: 0.85)
    rising = with_levels(8, weights, (lambda q: 0.2 * 1.3 ** (q / 4), lambda q: 0.2, lambda q: 0.1)).upward
    assert (rising.levels, rising.verdict) == ((1, 2), "rising")
    assert rising.change_per_year.estimate == pytest.approx(0.3, abs=0.05)
    still = with_levels(8, weights, (lambda q: 0.2, lambda q: 0.2, lambda q: 0.1)).upward
    assert still.change_per_year.estimate == pytest.approx(0.0, abs=0.02)


def test_without_bands_of_levels_upward_is_not_measurable():
    upward = drift(8, whole(grown(0.2))).upward
    assert (upward.verdict, upward.change_per_year, upward.levels) == ("not measurable", None, ())


@pytest.mark.parametrize(
    ("others", "explains"),
    [(1.0, "no"), (1.2, "cannot tell")],
    ids=["other meetings stay", "all meetings grow alike"],
)
def test_meetings_that_only_came_into_the_calendar_are_of_all_kinds(others, explains):
    """All that grows alike may be a habit of the calendar or a busier organisation: nobody can tell which."""

    def hours(week):
        kept = {label: value * others ** (week / WEEKS_A_YEAR) for label, value in OTHERS.items()}
        return grown(0.2)(week) | kept

    assert voice(drift(8, whole(hours, step="week")), "adoption of calendaring").explains == explains


@pytest.mark.parametrize(
    ("band", "a_year", "explains"),
    [("> 80 %", 0.15, "cannot tell"), ("> 80 %", 0.4, "no"), ("60-80 %", 0.4, "cannot tell")],
)
def test_missing_calendars_can_only_make_so_much(band, a_year, explains):
    """Of a hundred people twenty at most came into view: three times what the others do makes two fifths more."""
    found = drift(8, whole(grown(a_year), step="week", rest={("coverage", ""): band}))
    assert (voice(found, "missing calendars").explains, found.coverage_bands) == (explains, (band,))


def test_what_no_release_tells_cannot_be_told():
    found = drift(8, whole(grown(0.2), step="week"))
    assert {voice(found, name).explains for name in ("reorganisation", "answers", "mix", "label error")} == {
        "cannot tell"
    }
    assert voice(found, "headcount").explains == "no"
    assert len(found.counter_voices) == 9


def confusion(stays: float) -> dict[tuple[str, str], float]:
    """A hundred questions a label, of which so many are said right and the others spread evenly."""
    return {
        ("errors", confused(true, said)): 1000.0 * (stays if true == said else (1 - stays) / 4)
        for true in LABELS
        for said in LABELS
    }


def test_mistakes_of_the_labels_are_undone_with_the_released_table():
    """Only "other" grew, a tenth of which is called coordination: a part of the rise is its doing, not all."""
    matrix = error_of(
        [[confusion(0.6)["errors", confused(t, s)] for s in LABELS] for t in LABELS], "held-out corpus"
    ).matrix

    def hours(week):
        true = {"coordination": 5.0, **OTHERS} | {"other": 6.0 * 1.5 ** (week / WEEKS_A_YEAR)}
        said = np.array([true[label] for label in LABELS]) @ matrix * noise(week, 0.02)
        return dict(zip(LABELS, said, strict=True)) | {"contract": 60.0}

    found = drift(8, whole(hours, step="week", rest=confusion(0.6)))
    told = voice(found, "label error")
    assert found.verdict == "rising"
    assert told.with_it.estimate > 0.04
    assert told.without_it.estimate == pytest.approx(0.0, abs=0.02)
    assert told.explains in {"yes", "cannot tell"}
    assert (found.label_error.source, found.label_error.corrected) == ("held-out corpus", False)


def test_a_department_has_its_own_line_and_no_altitude():
    """Management of A reads A: that of B grows and stays out of it."""
    unit = Group("department:A", grown(0.0), rounding=0.1, people="100-249", step="week")
    other = Group("department:B", grown(0.4), rounding=0.1, people="100-249", step="week")
    everybody = whole(grown(0.2), step="week")
    mine = drift(8, everybody, unit, other, viewer=MT_A)
    assert (mine.verdict, mine.upward.levels, mine.by_department) == ("no change found", (), ())
    parts = {part.name: part for part in drift(8, everybody, unit, other).by_department}
    assert (parts["A"].verdict, parts["B"].verdict) == ("no change found", "rising")


def test_what_is_told_together_is_followed_only_while_the_same_departments_are_in_it():
    """Of eight quarters the last has another department in the one that is called "other (2)"."""
    unit, joined = Group("department:A", grown(0.0)), Group("department:other (2)", grown(0.4))
    changed = Group("department:other (2)", grown(0.4))
    joined.info = replace(joined.info, parts=("B", "C"))
    changed.info = replace(changed.info, parts=("B", "D"))
    for last, names in ((joined, {"A", "other (2)"}), (changed, {"A"})):
        quarters = [
            release(
                number, {each.info.key: each for each in (whole(grown(0.2)), unit, last if number == 7 else joined)}
            )
            for number in range(8)
        ]
        door = ReleasedDoor(quarters)
        assert {part.name for part in door.drift(HR, door.overview().period).by_department} == names


def test_a_group_is_followed_only_while_the_same_departments_are_in_it():
    """Management of B, which is told with C in the first six quarters and with D in the last two."""
    quarters = []
    for number in range(8):
        joined = Group("department:other (2)", grown(0.0))
        joined._units = ("B", "C" if number < 6 else "D")
        joined.info = replace(joined.info, parts=joined._units)
        quarters.append(release(number, {each.info.key: each for each in (whole(grown(0.2)), joined)}))
    door = ReleasedDoor(quarters)
    period = door.overview().period
    assert door.drift(Viewer("hr"), period).weeks_used == 8 * 13
    found = door.split(Viewer("mt", unit="B"), period)
    assert found.period.weeks == 2 * 13


def test_escalations_and_incidents_are_kinds_of_their_own():
    found = drift(8, whole(lambda week: grown(0.0)(week) | {"escalation": 1.5 ** (week / WEEKS_A_YEAR)}, step="week"))
    kinds = {part.name: part for part in found.by_kind}
    assert (kinds["escalation"].verdict, kinds["escalation"].change_per_year.estimate) == (
        "rising",
        pytest.approx(0.5, abs=0.05),
    )


def test_coordination_across_teams_moves_by_itself():
    """Coordination stays; the part of it across teams goes from 30 to 65 %, told to 5 %."""
    told = []
    for number in range(8):
        part = 0.3 + 0.05 * number
        rest = {("sides", "line"): 1 - part, ("sides", "process"): part}
        told.append(
            release(
                number, {"organisation": whole(lambda _: {"coordination": 5.0, **OTHERS, "contract": 34.0}, rest=rest)}
            )
        )
    door = ReleasedDoor(told)
    line, process = door.drift(HR, door.overview().period).by_kind[:2]
    assert (line.name, line.verdict, process.name, process.verdict) == ("line", "falling", "process", "rising")
    assert (process.start, process.end) == (pytest.approx(0.45 * 5 / 34), pytest.approx(0.65 * 5 / 34))


def on_leave(week: int) -> float:
    """What is left of a week's hours: two thirds in the summer, half at Christmas."""
    of_year = week % 52
    return 0.65 if 29 <= of_year <= 35 else 0.5 if of_year in {0, 51} else 1.0


def test_leave_that_comes_every_year_does_not_hide_a_rise():
    """Told by the week: two years are compared by their quarters, each of which has its own leave."""

    def hours(week):
        usual = grown(0.15)(week)
        return usual | {"coordination": usual["coordination"] * on_leave(week)}

    found = drift(8, whole(hours, step="week"))
    assert (found.told_in, found.verdict) == ("week", "rising")
    assert found.change_per_year.low <= 0.15 <= found.change_per_year.high
    assert found.change_per_year.high - found.change_per_year.low < 0.15
