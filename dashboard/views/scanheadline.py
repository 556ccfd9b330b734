"""The scan's answer in one sentence: where the organisation stands, and which group moved most in a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.spans import span_name
from dashboard.views.movement import PER_CENT, released_upward_sentence
from dashboard.views.unsaid import group_name
from dashboard.words import message

if TYPE_CHECKING:
    from dashboard.words import Words
    from privacy.released_reading import Change, Reading
    from privacy.released_scan import Measure, Scan, Scanned

# What is compared: parts of one whole, side by side; teams and cells are told too coarsely to name one.
COMPARED = {"department", "levels"}
COARSE = 0.01
STANDS: dict[Measure, tuple[str, str, str]] = {
    "drift": (
        message("In {quarter} coordination took {value} of contract hours, {change} against a year before"),
        message("In {quarter} coordination took {value} of contract hours, about as much as a year before"),
        message("In {quarter} coordination took {value} of contract hours"),
    ),
    "altitude": (
        message(
            "In {quarter} the middle of coordination lay at {value}, counted from the lowest level, {change} against a "
            "year before"
        ),
        message(
            "In {quarter} the middle of coordination lay at {value}, counted from the lowest level, about as high as a "
            "year before"
        ),
        message("In {quarter} the middle of coordination lay at {value}, counted from the lowest level"),
    ),
    "load": (
        message("In {quarter} meetings took {value} hours a week, each, {change} against a year before"),
        message("In {quarter} meetings took {value} hours a week, each, about as much as a year before"),
        message("In {quarter} meetings took {value} hours a week, each"),
    ),
}
CHANGES: dict[Measure, str] = {
    "drift": message("{change} percentage points"),
    "altitude": message("{change} levels"),
    "load": message("{change} hours"),
}
RANGES: dict[Measure, str] = {
    "drift": message("Over {count} departments it lies between {low} and {high} of contract hours."),
    "altitude": message("Over {count} departments it lies between {low} and {high}."),
    "load": message("Over {count} departments it lies between {low} and {high} hours a week, each."),
}
PLAIN: dict[Measure, str] = {
    "drift": message("Coordination as a part of contract hours, quarter by quarter."),
    "altitude": message("At which level coordination is spent, quarter by quarter."),
    "load": message("Meeting hours a week, each, quarter by quarter."),
    "dependence": message("How much of what waits rests on the three per cent on whom most rests, as told in bands."),
}
WITH_LEAVE = message(
    "Leave is still in the contract hours here, so that small groups can stand beside large ones; the page on "
    "coordination takes it off where it can, and so has higher shares."
)
RESTS: dict[float | None, str] = {
    0.6: message("In {quarter} 60% or more of all that waits rested on three in a hundred people"),
    0.3: message("In {quarter} between 30% and 60% of all that waits rested on three in a hundred people"),
    0.0: message("In {quarter} less than 30% of all that waits rested on three in a hundred people"),
    None: message("In {quarter} too little waited in the whole organisation to say whether it rests on a few"),
}


def headline(scan: Scan, measure: Measure, words: Words) -> tuple[str, str]:
    """Where things stand and what changed most, then what follows it."""
    if measure == "dependence":
        return _dependence(scan, words), words("It is told in bands, of large groups, and never who they are.")
    spot = scan.whole.spots[-1]
    found = spot.readings.get(measure)
    if found is None:
        return words("Of the whole organisation this is not told in {quarter}.", quarter=_newest(scan, words)), ""
    first = f"{_stands(scan, measure, found, words)}; {_moved_most(scan, measure, words)}."
    if measure == "altitude":
        return first, released_upward_sentence(scan.upward, words)
    return first, words(WITH_LEAVE) if measure == "drift" else ""


def _newest(scan: Scan, words: Words) -> str:
    return span_name(words, scan.quarters[-1]).lower()


def _stands(scan: Scan, measure: Measure, found: Reading, words: Words) -> str:
    change = scan.whole.spots[-1].moved(measure)
    moved, same, alone = STANDS[measure]
    text = alone if change is None else moved if change.is_sure else same
    said = change_said(change, measure, words) if change else ""
    return words(text, quarter=_newest(scan, words), value=value_said(found, measure, words), change=said)


def _moved_most(scan: Scan, measure: Measure, words: Words) -> str:
    """The group that moved most, among those that rounding alone cannot have moved."""
    compared = [each for each in scan.groups if each.key.kind in COMPARED and each.spots[-1].moved(measure)]
    if not any(each.spots[-1].tells(measure) for each in scan.groups if each.key.kind in COMPARED):
        return words("of departments it is not told")
    if not compared:
        return words("no department or level is told of a year before")
    sure = [(each, change) for each in compared if (change := each.spots[-1].moved(measure)) and change.is_sure]
    if not sure:
        return words("no department or level moved by more than rounding can make")
    group, change = max(sure, key=lambda pair: abs(pair[1].value))
    name = group_name(words, group.key)
    return words("it moved most in {group}: {change}", group=name, change=change_said(change, measure, words))


def value_said(found: Reading, measure: Measure, words: Words) -> str:
    """A figure as it stands in a sentence, no closer than rounding lets it be known."""
    if measure == "drift":
        return words.percent(found.value, digits_of(found))
    return words.number(found.value)


def change_said(change: Change, measure: Measure, words: Words) -> str:
    """A change with its unit."""
    value = change.value * PER_CENT if measure == "drift" else change.value
    return words(CHANGES[measure], change=words.signed(value))


def digits_of(found: Reading | Change) -> int:
    """How many digits of a percentage rounding has left."""
    return 0 if found.high - found.low > COARSE else 1


def range_sentence(scan: Scan, measure: Measure, words: Words) -> str:
    """Between which figures the departments lie in the newest quarter; no department is named."""
    spots = [each.spots[-1] for each in scan.groups if each.key.kind == "department"]
    told = sorted((found for each in spots if (found := each.readings.get(measure))), key=lambda each: each.value)
    if measure not in RANGES or len(told) < 2:
        return words(PLAIN[measure])
    low, high = (value_said(each, measure, words) for each in (told[0], told[-1]))
    return words(RANGES[measure], count=words.count(len(told)), low=low, high=high)


def _dependence(scan: Scan, words: Words) -> str:
    """The band of the whole organisation when it was told last, and in how many departments it is the highest."""
    told = [each for each in scan.whole.spots if each.waiting]
    if not told or told[-1].waiting is None:
        return words("On how few people the organisation depends is told in none of these quarters.")
    quarter, share = span_name(words, told[-1].quarter).lower(), told[-1].waiting.concentration
    return f"{words(RESTS[share], quarter=quarter)}; {_departments(scan.groups, words)}."


def _departments(groups: tuple[Scanned, ...], words: Words) -> str:
    last = [[spot.waiting for spot in each.spots if spot.waiting] for each in groups if each.key.kind == "department"]
    known = [told[-1].concentration for told in last if told]
    if not known:
        return words("of no department is it told, for none is large enough")
    high = sum(share == max(RESTS, key=lambda each: each or 0.0) for share in known)
    return words(
        "of the departments that are told ({all}) it is 60% or more in {high}",
        high=words.count(high),
        all=words.count(len(known)),
    )
