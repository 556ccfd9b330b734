"""The scan in sentences, a picture and sheets: every released group beside every other, one measure at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dashboard.sheets import NOTHING, Cell, Sheet
from dashboard.spans import span_name
from dashboard.views.dependence import BAND_NAMES
from dashboard.views.movement import PER_CENT
from dashboard.views.scanheadline import COMPARED, digits_of, headline, range_sentence
from dashboard.views.unsaid import group_name, reason, short_name, unsaid_lines, unsaid_sheet
from dashboard.words import message
from privacy.released_scan import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dashboard.words import Words
    from privacy.released_reading import Change, Reading
    from privacy.released_scan import Measure, Scan, Scanned, Spot
    from privacy.released_untold import Why

QUESTION = message("How do our groups stand, side by side?")
NAMES: dict[Measure, str] = {
    "drift": message("Drift"),
    "altitude": message("Altitude"),
    "load": message("Load"),
    "dependence": message("Dependence"),
}
LEGENDS: dict[Measure, str] = {
    "drift": message(
        "Large: coordination as a percentage of contract hours. Small: percentage points against the same quarter a "
        "year before, ≈ where rounding alone may be all of it."
    ),
    "altitude": message(
        "Large: the middle of coordination in levels, counted from the lowest, which is 1. Small: the same against the "
        "same quarter a year before, ≈ where rounding alone may be all of it."
    ),
    "load": message("Large: meeting hours a week, each. Small: hours a week left to concentrate."),
    "dependence": message(
        "Large: the part of all that waits, in per cent, that rests on the three per cent on whom most rests. Small: "
        "people on whom meetings wait. Both in bands."
    ),
}
TITLES: dict[Measure, str] = {
    "drift": message("Coordination's share, by group and quarter"),
    "altitude": message("At which level coordination is spent, by group and quarter"),
    "load": message("Meeting hours, by group and quarter"),
    "dependence": message("How dependence is concentrated, by group and quarter"),
}
CONCENTRATION = {0.0: "< 30", 0.3: "30–60", 0.6: "≥ 60"}
STEPS = {"quarter": message("quarter"), "four weeks": message("four weeks"), "week": message("week")}
# What the picture draws, and how much of it; the sheets have everything.
DRAWN = {"organisation", "department", "levels"}
MOST_QUARTERS = 8
QUARTERS_OF_A_YEAR = 4
SHADES = 5
# From which width of its range on a share is written without decimals.
HALF_AN_HOUR = 0.5
ABOUT_THE_SAME = "≈"
LETTERS = "abcdefghijkl"


@dataclass(frozen=True)
class Field:
    """One field of the picture: what is written large and small, and how dark it is; None where nothing is told."""

    large: str
    small: str = ""
    shade: int | None = None


@dataclass(frozen=True)
class Band:
    """One group in the picture, with a field a quarter."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Grid:
    """The picture: its quarters as two short lines each, its groups, how to read it, and why fields are empty."""

    quarters: tuple[tuple[str, str], ...]
    bands: tuple[Band, ...]
    legend: tuple[str, ...]


@dataclass(frozen=True)
class ScanView:
    """All that the page says; `units` are what the rows of the measure's sheet are about, None where no page is."""

    headline: str
    second: str
    picture_sentence: str
    grid: Grid
    sheets: dict[str, Sheet]
    units: tuple[str | None, ...]
    unsaid: tuple[str, ...]
    counter_voice: str


def scan_view(scan: Scan, measure: Measure, words: Words) -> ScanView:
    """All that the page says about one measure of a scan."""
    first, second = headline(scan, measure, words)
    return ScanView(
        headline=first,
        second=second,
        picture_sentence=range_sentence(scan, measure, words),
        grid=_grid(scan, measure, words),
        sheets=scan_sheets(scan, words, [measure]),
        units=tuple(map(_unit, scan.groups)),
        unsaid=unsaid_lines(scan.unsaid[-1], scan.gaps, scan.fewest, words),
        counter_voice=_counter_voice(scan, measure, words),
    )


def scan_sheets(scan: Scan, words: Words, measures: Sequence[Measure] = MEASURES) -> dict[str, Sheet]:
    """A sheet for each measure, one with all of them in the newest quarter, and one with everything not told."""
    return {
        **{measure: _sheet(scan, measure, words) for measure in measures},
        "groups": _newest(scan, words),
        "untold": unsaid_sheet(scan.unsaid, scan.gaps, words),
    }


def everything(scan: Scan, words: Words) -> Sheet:
    """All measures of all groups in all quarters, a row each: too long for a screen."""
    rows = tuple(
        (name, Cell(spot.quarter), *rest)
        for group in scan.groups
        for spot in group.spots
        for name, *rest in [_all_of(group, spot, scan.fewest, words)]
    )
    head, *heads = _heads(words)
    return Sheet(words("Every group in every quarter"), (head, words("Quarter"), *heads), rows)


def _unit(group: Scanned) -> str | None:
    """The department whose own page a row leads to: "" is the whole organisation."""
    if group.key.kind == "organisation":
        return ""
    return group.key.parts[0] if group.key.kind == "department" and not group.key.is_joined else None


def _grid(scan: Scan, measure: Measure, words: Words) -> Grid:
    groups = [each for each in scan.groups if each.key.kind in DRAWN and each.tells(measure)]
    shown = [each.spots[-MOST_QUARTERS:] for each in groups]
    letters = _letters(spot.untold[measure] for spots in shown for spot in spots if not spot.tells(measure))
    ends = _ends(shown, measure)
    reasons = (f"– {letter}: {reason(words, why, scan.fewest)}." for why, letter in letters.items())
    return Grid(
        quarters=tuple(_quarter(each, words) for each in scan.quarters[-MOST_QUARTERS:]),
        bands=tuple(
            Band(short_name(words, group.key), tuple(_field(each, measure, ends, letters, words) for each in spots))
            for group, spots in zip(groups, shown, strict=True)
        ),
        legend=(words(LEGENDS[measure]), *reasons, *_not_drawn(scan, measure, words)),
    )


def _letters(reasons: Iterable[Why]) -> dict[Why, str]:
    """A letter for every reason, in the order in which they come up."""
    return dict(zip(dict.fromkeys(reasons), LETTERS, strict=False))


def _quarter(name: str, words: Words) -> tuple[str, str]:
    return words("Q{number}", number=name[-1]), name[:4]


def _ends(shown: Sequence[Sequence[Spot]], measure: Measure) -> tuple[float, float]:
    """What stands for no colour and for the darkest: hours and shares begin at nothing, levels at the lowest."""
    values = [spot.readings[measure].value for spots in shown for spot in spots if measure in spot.readings]
    return (1.0 if measure == "altitude" else 0.0), max(values, default=1.0)


def _field(spot: Spot, measure: Measure, ends: tuple[float, float], letters: dict[Why, str], words: Words) -> Field:
    if not spot.tells(measure):
        return Field(NOTHING, letters.get(spot.untold[measure], ""))
    if spot.waiting is not None and measure == "dependence":
        share = spot.waiting.concentration
        shade = 0 if share is None else round(SHADES * share / 0.6)
        return Field(concentration(share, words), words(BAND_NAMES[spot.waiting.at_risk]), shade)
    found = spot.readings[measure]
    reach = ends[1] - ends[0]
    shade = round(SHADES * (found.value - ends[0]) / reach) if reach > 0 else 0
    return Field(_large(found, measure, words), _small(spot, measure, words), min(SHADES, max(0, shade)))


def concentration(share: float | None, words: Words) -> str:
    """The band that the share of the three per cent lies in, in per cent."""
    return words("little") if share is None else CONCENTRATION[share]


def _large(found: Reading, measure: Measure, words: Words) -> str:
    if measure == "drift":
        digits = digits_of(found)
        # Rounded as the same share is in the table, where it is a percentage.
        return words.number(round(found.value, digits + 2) * PER_CENT, digits)
    return words.number(found.value)


def _small(spot: Spot, measure: Measure, words: Words) -> str:
    if measure == "load":
        return words.count(spot.focus.value) if spot.focus else ""
    change = spot.moved(measure)
    if change is None:
        return ""
    if not change.is_sure:
        return ABOUT_THE_SAME
    return (
        words.signed(change.value * PER_CENT, digits_of(change)) if measure == "drift" else words.signed(change.value)
    )


def _not_drawn(scan: Scan, measure: Measure, words: Words) -> tuple[str, ...]:
    """Groups that no quarter tells the measure of, by reason, and that only the numbers have."""
    lines = []
    by_reason: dict[Why, list[Scanned]] = {}
    for group in scan.groups:
        if group.key.kind in DRAWN - {"levels"} and group.spots[-1].people and not group.tells(measure):
            by_reason.setdefault(group.spots[-1].untold[measure], []).append(group)
    for why, groups in by_reason.items():
        lines.append(
            words.many(
                "{count} department is not in the picture, for no quarter tells this of it: {why}.",
                "{count} departments are not in the picture, for no quarter tells this of them: {why}.",
                len(groups),
                why=reason(words, why, scan.fewest),
            )
        )
    if any(each.key.kind not in DRAWN and each.tells(measure) for each in scan.groups):
        lines.append(words("Teams, and departments by level, stand in the numbers."))
    if len(scan.quarters) > MOST_QUARTERS:
        lines.append(words("The picture has the last {count} quarters; the numbers have all.", count=MOST_QUARTERS))
    return tuple(lines)


def _sheet(scan: Scan, measure: Measure, words: Words) -> Sheet:
    """One measure: a row a group, a column a quarter."""
    more = (
        (words("People on whom meetings wait"),)
        if measure == "dependence"
        else (words("Against a year before"), words("Rounding alone may be"))
    )
    head = (words("Group"), words("People, at least"), *scan.quarters, *more, words("Not told, and why"))
    rows = tuple(_row(each, measure, scan.fewest, words) for each in scan.groups)
    return Sheet(words(TITLES[measure]), head, rows, has_reasons=True)


def _row(group: Scanned, measure: Measure, fewest: int, words: Words) -> tuple[Cell, ...]:
    return (
        Cell(group_name(words, group.key)),
        Cell(group.spots[-1].people or None, "count"),
        *(_value(each, measure, words) for each in group.spots),
        *_more(group, measure, words),
        Cell(_why(group.spots, measure, fewest, words) or None),
    )


def _value(spot: Spot, measure: Measure, words: Words) -> Cell:
    if measure == "dependence":
        return Cell(concentration(spot.waiting.concentration, words) if spot.waiting else None)
    found = spot.readings.get(measure)
    return Cell(None, "number") if found is None else _figure(found, measure)


def _figure(found: Reading, measure: Measure) -> Cell:
    if measure == "drift":
        return Cell(found.value, "percent" if digits_of(found) == 0 else "fine percent")
    return Cell(found.value, "number")


def _more(group: Scanned, measure: Measure, words: Words) -> tuple[Cell, ...]:
    last = group.spots[-1]
    if measure == "dependence":
        told = [each.waiting for each in group.spots if each.waiting]
        return (Cell(words(BAND_NAMES[told[-1].at_risk]) if told else None),)
    return _moved(last.moved(measure), measure)


def _moved(change: Change | None, measure: Measure) -> tuple[Cell, Cell]:
    """A change and how far rounding may put it off; of shares in percentage points."""
    if change is None:
        return Cell(None, "signed"), Cell(None, "number")
    scale = PER_CENT if measure == "drift" else 1
    return Cell(change.value * scale, "signed"), Cell((change.high - change.low) / 2 * scale, "number")


def _points(change: Change | None) -> Cell:
    """A change of a share in percentage points, where rounding alone cannot have made it."""
    if change is None or change.is_sure:
        return Cell(change.value * PER_CENT if change else None, "signed")
    return Cell(ABOUT_THE_SAME)


def _why(spots: Sequence[Spot], measure: Measure, fewest: int, words: Words) -> str:
    """Why quarters are missing, those with the same reason together."""
    by_reason: dict[str, list[str]] = {}
    for spot in spots:
        if not spot.tells(measure):
            by_reason.setdefault(_said(spot, measure, fewest, words), []).append(spot.quarter)
    if len(by_reason) == 1 and not any(spot.tells(measure) for spot in spots):
        return next(iter(by_reason))
    return "; ".join(f"{', '.join(quarters)}: {said}" for said, quarters in by_reason.items())


def _said(spot: Spot, measure: Measure, fewest: int, words: Words) -> str:
    why = spot.untold[measure]
    if why == "joined" and spot.within:
        return words("told as part of {names}", names=" + ".join(spot.within))
    return reason(words, why, fewest)


def _newest(scan: Scan, words: Words) -> Sheet:
    """All measures side by side in the newest quarter: a row a group."""
    told = [group for group in scan.groups if group.spots[-1].people]
    caption = words("Every group in {quarter}", quarter=span_name(words, scan.quarters[-1]).lower())
    rows = tuple(_all_of(each, _lately(each), scan.fewest, words) for each in told)
    return Sheet(caption, _heads(words), rows, has_reasons=True)


def _lately(group: Scanned) -> Spot:
    """The newest quarter of a group, with dependence as it was told last within a year: it is told once a year."""
    newest = group.spots[-1]
    told = [each for each in group.spots[-QUARTERS_OF_A_YEAR:] if each.waiting]
    if newest.waiting or not told:
        return newest
    untold: dict[Measure, Why] = {measure: why for measure, why in newest.untold.items() if measure != "dependence"}
    return replace(newest, waiting=told[-1].waiting, untold=untold)


def _heads(words: Words) -> tuple[str, ...]:
    return (
        words("Group"),
        words("People, at least"),
        words("Coordination"),
        words("Points against a year before"),
        words("Altitude"),
        words("Meeting hours a week"),
        words("Focus hours a week"),
        words("Concentration, %"),
        words("People at risk"),
        words("With a calendar"),
        words("Finest stretch told"),
        words("Not told, and why"),
    )


def _all_of(group: Scanned, spot: Spot, fewest: int, words: Words) -> tuple[Cell, ...]:
    waiting = spot.waiting
    return (
        Cell(group_name(words, group.key)),
        Cell(spot.people or None, "count"),
        _value(spot, "drift", words),
        _points(spot.moved("drift")),
        _value(spot, "altitude", words),
        _value(spot, "load", words),
        Cell(spot.focus.value if spot.focus else None, "number"),
        _value(spot, "dependence", words),
        Cell(words(BAND_NAMES[waiting.at_risk]) if waiting else None),
        Cell(spot.coverage or None),
        Cell(words(STEPS[spot.step]) if spot.step else None),
        Cell(_all_reasons(spot, fewest, words) or None),
    )


def _all_reasons(spot: Spot, fewest: int, words: Words) -> str:
    """Why measures are missing, those with the same reason together."""
    by_reason: dict[str, list[str]] = {}
    for measure in MEASURES:
        if not spot.tells(measure):
            by_reason.setdefault(_said(spot, measure, fewest, words), []).append(words(NAMES[measure]))
    if not spot.people:
        return next(iter(by_reason), "")
    return "; ".join(f"{', '.join(names)}: {said}" for said, names in by_reason.items())


def _counter_voice(scan: Scan, measure: Measure, words: Words) -> str:
    said = [
        words(
            "Groups differ in their work: whoever answers the public coordinates and meets otherwise than whoever "
            "writes policy. A difference between two groups is no ranking of those who lead them, and that is why "
            "they stand in the order of the chart."
        )
    ]
    if measure != "dependence":
        compared = [each.spots[-1] for each in scan.groups if each.key.kind in COMPARED and each.spots[-1].people]
        coarse = sum(map(_is_coarse, compared))
        said += [_one_moves(len(compared), words), *([_coarse(coarse, words)] if coarse else [])]
    else:
        said.append(
            words(
                "Only an absence shows what waits: whoever was never away long enough is unknown, not safe, and a "
                "small number of people makes a high concentration sooner than a large one."
            )
        )
    said.append(
        words(
            "A group of the same name may hold other people than a year before. The newest quarter here is {quarter}; "
            "the one that runs now is in no release.",
            quarter=scan.quarters[-1],
        )
    )
    return " ".join(said)


def _one_moves(count: int, words: Words) -> str:
    return words(
        "Of {count} departments and levels one always moves most, by chance alone; whether it is a trend only its own "
        "page can tell.",
        count=words.count(count),
    )


def _is_coarse(spot: Spot) -> bool:
    """Whether hours are rounded to whole ones."""
    found = spot.readings.get("load")
    return found is not None and found.high - found.low > HALF_AN_HOUR


def _coarse(count: int, words: Words) -> str:
    return words.many(
        "{count} of them is so small that its hours are rounded to whole ones.",
        "{count} of them are so small that their hours are rounded to whole ones.",
        count,
    )
