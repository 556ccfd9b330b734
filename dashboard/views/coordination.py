"""How coordination moved, in sentences and sheets: everything the page says comes from one `Drift`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.sheets import Cell, Sheet
from dashboard.views.movement import PER_CENT, counter_voices, edges, level_name, movements, voice_lines
from dashboard.words import message
from privacy.released_drift import ReleasedDrift

if TYPE_CHECKING:
    from analysis.drift import Drift, LevelDrift, Verdict, WeekShare
    from dashboard.views.finding import Shown
    from dashboard.words import Words

SMOOTHING_WEEKS = 9
FEWEST_WEEKS_TO_SMOOTH = 4

VERDICTS: dict[Verdict, str] = {
    "rising": message("Rising"),
    "falling": message("Falling"),
    "no change found": message("No change found"),
    "not measurable": message("Not measurable"),
}
HEADLINES: dict[Verdict, str] = {
    "rising": message("Coordination takes more of working time than it did: {start} at first, {end} of late."),
    "falling": message("Coordination takes less of working time than it did: {start} at first, {end} of late."),
    "no change found": message(
        "No change stands out from ordinary weeks: coordination took {start} of working time at first, {end} of late."
    ),
    "not measurable": message(
        "We cannot tell whether coordination moved: it went from {start} to {end} of working time, but weeks differ "
        "too much from each other."
    ),
}
TOO_SHORT = message("This period is too short to tell whether coordination moved; sixteen weeks or more are needed.")
SLOPE = message("That is {change} a year, and most likely between {low} and {high}.")
RELEASED_UNKNOWN = message(
    "We cannot tell whether coordination moved: it went from {start} to {end} of contract hours, but the stretches of "
    "time that are told are too few, or differ too much from each other."
)
RELEASED_SLOPE = message(
    "That is {change} a year, or {points} percentage points, and most likely between {low} and {high}."
)
QUESTION = message("How has coordination moved?")


@dataclass(frozen=True)
class Line:
    """One weekly line: its name, its points, and the smooth line through them; `key` are the levels it is about."""

    name: str
    caption: str
    weekly: tuple[WeekShare, ...]
    smooth: tuple[float | None, ...]
    key: str = ""


@dataclass(frozen=True)
class CoordinationView:
    """The page's headline, its lines, and the two sheets behind them."""

    headline: str
    slope: str
    verdict: str
    line_sentence: str
    line: Line
    levels: tuple[Line, ...]
    levels_sentence: str
    summary: Sheet
    weeks: Sheet
    movements: tuple[Shown, ...]
    voices: tuple[str, ...]
    voices_sheet: Sheet
    counter_voice: str


def coordination_view(drift: Drift, words: Words) -> CoordinationView:
    """All that the page says about a drift."""
    levels = drift.by_level if len(drift.by_level) > 1 else ()
    line = Line(words("All together"), "", drift.weekly, smooth(drift.weekly))
    return CoordinationView(
        headline=_headline(drift, words),
        slope=_slope(drift, words),
        verdict=words(VERDICTS[drift.verdict]),
        line_sentence=_line_sentence(drift, words),
        line=line,
        levels=tuple(_level_line(level, words) for level in levels),
        levels_sentence=_levels_sentence(drift, levels, words),
        summary=_summary(drift, levels, words),
        weeks=_weeks(drift, line, levels, words),
        movements=movements(drift, words),
        voices=voice_lines(drift, words),
        voices_sheet=counter_voices(drift, words),
        counter_voice=_counter_voice(drift, words),
    )


def smooth(weekly: tuple[WeekShare, ...]) -> tuple[float | None, ...]:
    """The mean of the weeks around each week; None where fewer than four of the nine are known."""
    half = SMOOTHING_WEEKS // 2
    values = [week.share for week in weekly]
    windows = (values[max(0, place - half) : place + half + 1] for place in range(len(values)))
    known = ([value for value in window if value is not None] for window in windows)
    return tuple(sum(window) / len(window) if len(window) >= FEWEST_WEEKS_TO_SMOOTH else None for window in known)


def _headline(drift: Drift, words: Words) -> str:
    if drift.start is None or drift.end is None:
        return words(TOO_SHORT)
    unknown = isinstance(drift, ReleasedDrift) and drift.verdict == "not measurable"
    said = RELEASED_UNKNOWN if unknown else HEADLINES[drift.verdict]
    return words(said, start=words.percent(drift.start, 1), end=words.percent(drift.end, 1))


def _slope(drift: Drift, words: Words) -> str:
    change = drift.change_per_year
    if change is None or drift.start is None:
        return ""
    if isinstance(drift, ReleasedDrift) and drift.points_per_year:
        return words(
            RELEASED_SLOPE,
            change=words.change(change.estimate),
            points=words.signed(drift.points_per_year.estimate * PER_CENT),
            low=words.change(change.low),
            high=words.change(change.high),
        )
    return words(
        SLOPE, change=words.change(change.estimate), low=words.change(change.low), high=words.change(change.high)
    )


def _line_sentence(drift: Drift, words: Words) -> str:
    known = [week for week in drift.weekly if week.share is not None]
    if not known:
        return words("No week in this period has enough people at work to show.")
    return words.many(
        "The share of working time spent on coordination, over {count} week.",
        "The share of working time spent on coordination, over {count} weeks.",
        len(known),
    )


def _level_line(level: LevelDrift, words: Words) -> Line:
    people = words.many("{count} person", "{count} people", level.people)
    if level.start is None or level.end is None:
        caption = people
    else:
        caption = words(
            "{people}, from {start} to {end}",
            people=people,
            start=words.percent(level.start, 1),
            end=words.percent(level.end, 1),
        )
    return Line(level_name(level, words), caption, level.weekly, smooth(level.weekly), level.name)


def _levels_sentence(drift: Drift, levels: tuple[LevelDrift, ...], words: Words) -> str:
    if not levels and isinstance(drift, ReleasedDrift):
        return words("The last quarter against the same one a year before, or the first.")
    if not levels:
        return words("The first eight weeks against the last eight.")
    known = [(level.end - level.start, level) for level in levels if level.start is not None and level.end is not None]
    if not known:
        return words("Level by level; level 1 is the top.")
    moved, level = max(known, key=lambda pair: abs(pair[0]))
    return words(
        "It moved most at {level}: {points} percentage points.",
        level=level_name(level, words).lower(),
        points=words.signed(moved * 100),
    )


def _summary(drift: Drift, levels: tuple[LevelDrift, ...], words: Words) -> Sheet:
    change = drift.change_per_year
    head = (
        words("Who"),
        words("People"),
        *edges(drift, words),
        words("Difference in points"),
        words("Change a year"),
        words("At least"),
        words("At most"),
    )
    yearly = (change.estimate, change.low, change.high) if change else (None, None, None)
    rows = [_ends(words("All together"), drift.people, drift.start, drift.end, yearly)]
    rows += [
        _ends(level_name(level, words), level.people, level.start, level.end, (None, None, None)) for level in levels
    ]
    return Sheet(words("Coordination as a share of working time, at both ends"), head, tuple(rows))


def _ends(
    name: str, people: int, start: float | None, end: float | None, yearly: tuple[float | None, ...]
) -> tuple[Cell, ...]:
    points = None if start is None or end is None else (end - start) * 100
    return (
        Cell(name),
        Cell(people, "count"),
        Cell(start, "fine percent"),
        Cell(end, "fine percent"),
        Cell(points, "signed"),
        *(Cell(value, "change") for value in yearly),
    )


def _weeks(drift: Drift, line: Line, levels: tuple[LevelDrift, ...], words: Words) -> Sheet:
    head = (
        words("Week"),
        words("Monday"),
        words("People at work"),
        words("All together"),
        words("Mean of nine weeks"),
        *(level_name(level, words) for level in levels),
    )
    rows = tuple(
        (
            Cell(week.week, "week"),
            Cell(week.week, "date"),
            Cell(week.people, "count"),
            Cell(week.share, "fine percent"),
            Cell(mean, "fine percent"),
            *(Cell(level.weekly[place].share, "fine percent") for level in levels),
        )
        for place, (week, mean) in enumerate(zip(drift.weekly, line.smooth, strict=True))
    )
    return Sheet(words("Coordination as a share of working time, week by week"), head, rows)


def _counter_voice(drift: Drift, words: Words) -> str:
    if isinstance(drift, ReleasedDrift):
        return _tested(drift, words)
    left_out = words.many(
        "{count} week with hardly anybody at work is left out.",
        "{count} weeks with hardly anybody at work are left out.",
        drift.weeks_left_out,
    )
    return f"{_tested(drift, words)} {left_out}"


def _tested(drift: Drift, words: Words) -> str:
    voices = drift.counter_voices
    if not voices and isinstance(drift, ReleasedDrift):
        return words("Too few stretches of time are released to test other explanations; six or more are needed.")
    if not voices:
        return words("This period is too short to test other explanations.")
    found = sum(voice.explains in {"yes", "partly"} for voice in voices)
    unknown = sum(voice.explains == "cannot tell" for voice in voices)
    tested = words.many(
        "We tested {count} innocent explanation on these data:",
        "We tested {count} innocent explanations on these data:",
        len(voices),
    )
    if not found:
        cannot = words("About {unknown} these data cannot tell.", unknown=words.count(unknown)) if unknown else ""
        return f"{tested} {words('none of them makes the change go away.')} {cannot}".strip()
    return f"{tested} " + words(
        "{found} of them explain the change wholly or partly; about {unknown} these data cannot tell.",
        found=words.count(found),
        unknown=words.count(unknown),
    )
