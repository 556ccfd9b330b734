"""Where coordination moved and why, in sentences and sheets: levels, parts, kinds, and what else could explain it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.drift import UNKNOWN_LEVEL
from analysis.labelerror import CORPUS
from dashboard.sheets import Cell, Sheet
from dashboard.views.finding import Shown, Stroke
from dashboard.views.units import department_name
from dashboard.words import message
from privacy.released_drift import ReleasedDrift

if TYPE_CHECKING:
    from analysis.drift import Drift, LevelDrift, PartDrift, Verdict
    from analysis.drift.altitude import Upward
    from analysis.drift.countervoice import CounterVoice, Explains, Explanation
    from analysis.drift.decomposition import Decomposition
    from dashboard.words import Words

PER_CENT = 100
UPWARD: dict[Verdict, str] = {
    "rising": message(
        "Ad-hoc coordination between teams moves up to the top two levels: {change} a year compared with everybody "
        "else."
    ),
    "falling": message(
        "Ad-hoc coordination between teams moves away from the top two levels: {change} a year compared with everybody "
        "else."
    ),
    "no change found": message(
        "Ad-hoc coordination between teams does not move to the top two levels: {change} a year compared with "
        "everybody else, which is no more than chance."
    ),
    "not measurable": message(
        "Whether ad-hoc coordination between teams moves up to the top two levels cannot be told: {change} a year "
        "compared with everybody else, and it may well be chance."
    ),
}
RELEASED_UPWARD: dict[Verdict, str] = {
    "rising": message("Coordination moves up to levels {levels}: {change} a year compared with the levels below."),
    "falling": message("Coordination moves away from levels {levels}: {change} a year compared with the levels below."),
    "no change found": message(
        "Coordination does not move to levels {levels}: {change} a year compared with the levels below, which is no "
        "more than chance."
    ),
    "not measurable": message(
        "Whether coordination moves up to levels {levels} cannot be told: {change} a year compared with the levels "
        "below, and it may well be chance."
    ),
}
PARTS = {
    "new_series": message("Series that began"),
    "ended_series": message("Series that ended"),
    "grown_series": message("Series that grew or shrank"),
    "one_off": message("Meetings outside series"),
    "between_levels": message("Levels that grew or shrank"),
}
KINDS = {
    "line": message("Coordination in the line"),
    "process": message("Coordination across teams"),
    "escalation": message("Escalation"),
    "incident": message("Incident"),
}
VOICES: dict[Explanation, str] = {
    "season": message("The time of the year"),
    "holidays": message("Holidays and leave"),
    "headcount": message("More or fewer people"),
    "mix": message("Other people than before"),
    "reorganisation": message("A reorganisation"),
    "adoption of calendaring": message("Meetings that only came into the calendar later"),
    "missing calendars": message("Missing calendars"),
    "answers": message("How people answer invitations"),
    "label error": message("Mistakes of the labels"),
}
RELEASED_VOICES: dict[Explanation, str] = {
    "season": message("The time of the year, with the leave that comes every year"),
    "holidays": message("Public holidays"),
}
ANSWERS: dict[Explains, str] = {
    "yes": message("yes, it explains the change"),
    "partly": message("explains a part of it"),
    "no": message("does not explain it"),
    "cannot tell": message("these data cannot tell"),
}


def movements(drift: Drift, words: Words) -> tuple[Shown, ...]:
    """Every part of the page that a drift has enough data for, in the order of the page."""
    # One person stands at one level, and a line that cannot move says nothing.
    found = (
        _altitude(drift, words) if drift.people > 1 else None,
        _decomposition(drift, words),
        _by_level(drift, words),
        _parts("kinds", words("By kind"), words("By kind of coordination"), drift.by_kind, edges(drift, words), words),
        _parts(
            "departments",
            words("Department by department"),
            words("By department"),
            drift.by_department,
            edges(drift, words),
            words,
        ),
    )
    return tuple(part for part in found if part)


def level_name(level: LevelDrift, words: Words) -> str:
    """Levels as people call them; level 1 is the top."""
    if level.levels == (UNKNOWN_LEVEL,):
        return words("Level unknown")
    if len(level.levels) == 1:
        return words("Level {name}", name=level.name)
    return words("Levels {name}", name=level.name.replace("-", "–"))


def upward_sentence(drift: Drift, words: Words) -> str:
    """Whether it moves up to the top, and how often the top is in the room."""
    found = drift.upward
    if isinstance(drift, ReleasedDrift):
        return released_upward_sentence(found, words)
    if found.change_per_year is None:
        said = words("Whether it moves up to the top two levels cannot be told: too few people or too few weeks.")
    else:
        said = words(UPWARD[found.verdict], change=words.change(found.change_per_year.estimate))
    rate = drift.apex_rate
    if rate.start is None or rate.end is None:
        return said
    apex = words(
        "Somebody of these levels was in {start} of such meetings at first and in {end} of late.",
        start=words.percent(rate.start),
        end=words.percent(rate.end),
    )
    return f"{said} {apex}"


def released_upward_sentence(found: Upward, words: Words) -> str:
    """Whether it moves up to the highest band of levels, as released quarters tell it."""
    if found.change_per_year is None:
        return words("Whether it moves up cannot be told: too few bands of levels or too few quarters are released.")
    levels = "–".join(str(level) for level in dict.fromkeys((found.levels[0], found.levels[-1])))
    return words(RELEASED_UPWARD[found.verdict], levels=levels, change=words.change(found.change_per_year.estimate))


def _years_on(drift: ReleasedDrift, words: Words) -> str:
    """Since when, as far as quarters tell it."""
    if not drift.years_on:
        return ""
    return words(
        "Against the same quarter a year before: {quarters}; rounding alone may be {rounding} of that.",
        quarters=", ".join(f"{each.quarter} {words.change(each.change)}" for each in drift.years_on),
        rounding=words.percent(max(each.rounding for each in drift.years_on), 1),
    )


def step_sentence(drift: Drift, words: Words) -> str:
    """When it changed all at once, if it did, and where that is known quarter against quarter."""
    if not isinstance(drift, ReleasedDrift):
        return _step(drift, words)
    step = (
        words("It is told by the quarter, so no week can be named.")
        if drift.told_in == "quarter"
        else _step(drift, words)
    )
    return f"{step} {_years_on(drift, words)}".rstrip()


def _step(drift: Drift, words: Words) -> str:
    if not drift.change_points:
        return words("No single week stands out in which it changed all at once.")
    step = drift.change_points[0]
    return words(
        "If it changed all at once, then most likely in {week} (between {low} and {high}), from {before} to {after}; "
        "we are {sure} sure of such a step.",
        week=words.week(step.week),
        low=words.day(step.low),
        high=words.day(step.high),
        before=words.percent(step.before, 1),
        after=words.percent(step.after, 1),
        sure=words.percent(step.sure),
    )


def label_sentence(drift: Drift, words: Words) -> str:
    """What is known of the labels' mistakes, and whether they are taken out."""
    doubt = drift.label_error
    if doubt.accuracy is None:
        return words("Nobody has checked labels here yet, so their mistakes are still in these figures.")
    if isinstance(drift, ReleasedDrift) and doubt.source == CORPUS:
        return words(
            "On {questions} titles of other organisations {accuracy} of the labels were right. A release tells hours "
            "as they were labelled; what mistakes do to the change stands among the explanations.",
            questions=words.count(doubt.questions),
            accuracy=words.percent(doubt.accuracy),
        )
    known = words(
        "Of {questions} labels that people checked {accuracy} were right.",
        questions=words.count(doubt.questions),
        accuracy=words.percent(doubt.accuracy),
    )
    if doubt.corrected:
        return f"{known} " + words("Their mistakes are taken out, and the doubt about that is in the ranges.")
    if isinstance(drift, ReleasedDrift):
        return f"{known} " + words("A release tells hours as they were labelled.")
    return f"{known} " + words("That is too few to take their mistakes out.")


def _altitude(drift: Drift, words: Words) -> Shown | None:
    found = drift.altitude
    if found.start is None or found.end is None:
        return None
    sentence = words(
        "Counted from the lowest level, which is 1, the middle of coordination was at {start} at first and is at {end} "
        "of late.",
        start=words.number(found.start, 2),
        end=words.number(found.end, 2),
    )
    head = (words("Week"), words("Middle of coordination"), words("Ordinary weeks from"), words("Ordinary weeks to"))
    rows = tuple(
        (Cell(week.week, "week"), Cell(week.value, "fine"), Cell(week.low, "fine"), Cell(week.high, "fine"))
        for week in found.weekly
    )
    ends = (
        (Cell(words("First eight weeks")), Cell(found.start, "fine"), Cell(None), Cell(None)),
        (Cell(words("Last eight weeks")), Cell(found.end, "fine"), Cell(None), Cell(None)),
    )
    sheet = Sheet(words("At which level coordination is spent"), head, (*ends, *rows))
    return Shown("altitude", words("At which level"), sentence, sheet)


def _decomposition(drift: Drift, words: Words) -> Shown | None:
    found = drift.decomposition
    if found is None:
        return None
    parts = [(words(PARTS[name]), getattr(found.parts, name)) for name in PARTS]
    largest = max(parts, key=lambda part: abs(part[1]))
    sentence = words(
        "From {first} to {last} the share went from {start} to {end}. The largest part: {name}, {points} percentage "
        "points.",
        first=words.short_day(found.first.start),
        last=words.short_day(found.last.last_day),
        start=words.percent(found.start, 1),
        end=words.percent(found.end, 1),
        name=largest[0].lower(),
        points=words.signed(largest[1] * PER_CENT, 2),
    )
    head = (words("Where it comes from"), words("Percentage points"))
    rows = [(Cell(name), _points(value)) for name, value in parts]
    sheet = Sheet(
        _between(found, words), head, (*rows, (Cell(words("Together")), _points(found.total))), has_total=True
    )
    strokes = [_stroke(name, value, words) for name, value in parts]
    strokes.append(_stroke(words("Together"), found.total, words, quiet=True))
    return Shown("parts", words("Where the change comes from"), sentence, sheet, tuple(strokes))


def _between(found: Decomposition, words: Words) -> str:
    return words(
        "The change between {first} and {last}, part by part",
        first=words.dates(found.first),
        last=words.dates(found.last),
    )


def _points(value: float) -> Cell:
    return Cell(round(value * PER_CENT, 2), "fine signed")


def _stroke(name: str, value: float, words: Words, quiet: bool = False) -> Stroke:
    return Stroke(name, value * PER_CENT, words.signed(value * PER_CENT, 2), quiet)


def _by_level(drift: Drift, words: Words) -> Shown | None:
    found = drift.decomposition
    if found is None or len(found.by_level) < 2:
        return None
    # Levels may be told together; the drift's own levels say which.
    names = {min(level.levels): level_name(level, words) for level in drift.by_level}
    parts = [(names.get(part.level, words("Level {name}", name=part.level)), part) for part in found.by_level]
    head = (words("Level"), words("Own share changed"), words("Grew or shrank"), words("Together"))
    rows = [
        (Cell(name), _points(part.within), _points(part.mix), _points(part.within + part.mix)) for name, part in parts
    ]
    total = (
        Cell(words("Together")),
        _points(found.within_levels),
        _points(found.parts.between_levels),
        _points(found.total),
    )
    name, most = max(parts, key=lambda pair: abs(pair[1].within + pair[1].mix))
    sentence = words(
        "{level} adds most to the change: {points} percentage points.",
        level=name,
        points=words.signed((most.within + most.mix) * PER_CENT, 2),
    )
    sheet = Sheet(words("The same change, level by level"), head, (*rows, total), has_total=True)
    strokes = tuple(_stroke(name, part.within + part.mix, words) for name, part in parts)
    return Shown("by-level", words("What each level adds"), sentence, sheet, strokes)


def edges(drift: Drift, words: Words) -> tuple[str, str]:
    """What the two ends of a drift are: a release compares the same quarter of two years where it can."""
    if isinstance(drift, ReleasedDrift):
        return words("Earlier quarter"), words("Last quarter")
    return words("First eight weeks"), words("Last eight weeks")


def _parts(
    key: str, title: str, caption: str, parts: tuple[PartDrift, ...], ends: tuple[str, str], words: Words
) -> Shown | None:
    """Shares of working time at both ends of several parts, by how much they moved."""
    known = [(part, part.end - part.start) for part in parts if part.start is not None and part.end is not None]
    if len(known) < 2:
        return None
    head = (
        words("Part"),
        words("People"),
        *ends,
        words("Percentage points"),
        words("Change a year"),
    )
    rows = tuple(
        (
            Cell(_part_name(part, words)),
            Cell(part.people, "count"),
            Cell(part.start, "fine percent"),
            Cell(part.end, "fine percent"),
            _points(moved),
            Cell(part.change_per_year.estimate if part.change_per_year else None, "change"),
        )
        for part, moved in known
    )
    first, moved = max(known, key=lambda pair: abs(pair[1]))
    sentence = words(
        "{part} moved most: {points} percentage points of working time.",
        part=_part_name(first, words),
        points=words.signed(moved * PER_CENT, 2),
    )
    strokes = tuple(_stroke(_part_name(part, words), moved, words) for part, moved in known)
    return Shown(key, title, sentence, Sheet(caption, head, rows), strokes)


def _part_name(part: PartDrift, words: Words) -> str:
    return words(KINDS[part.name]) if part.name in KINDS else department_name(part.name, words)


def voice_lines(drift: Drift, words: Words) -> tuple[str, ...]:
    """One line an explanation: its name, the answer, and the change without it against the change with it."""
    return tuple(_voice(voice, _voice_name(voice, drift, words), words) for voice in drift.counter_voices)


def _voice_name(voice: CounterVoice, drift: Drift, words: Words) -> str:
    """A release knows public holidays, and leave only as something that comes back every year."""
    names = VOICES | RELEASED_VOICES if isinstance(drift, ReleasedDrift) else VOICES
    return words(names[voice.explanation])


def _voice(voice: CounterVoice, name: str, words: Words) -> str:
    answer = words(ANSWERS[voice.explains])
    if voice.with_it is None or voice.without_it is None:
        return words("{name}: {answer}.", name=name, answer=answer)
    return words(
        "{name}: {answer}. With it the change is {with_it} a year, without it {without_it}.",
        name=name,
        answer=answer,
        with_it=words.change(voice.with_it.estimate),
        without_it=words.change(voice.without_it.estimate),
    )


def counter_voices(drift: Drift, words: Words) -> Sheet:
    """The explanations as a sheet."""
    head = (
        words("Explanation"),
        words("Answer"),
        words("Change a year with it"),
        words("Change a year without it"),
        words("Its doing, in percentage points a year"),
    )
    rows = tuple(
        (
            Cell(_voice_name(voice, drift, words)),
            Cell(words(ANSWERS[voice.explains])),
            Cell(voice.with_it.estimate if voice.with_it else None, "change"),
            Cell(voice.without_it.estimate if voice.without_it else None, "change"),
            Cell(None if voice.size is None else round(voice.size * PER_CENT, 1), "signed"),
        )
        for voice in drift.counter_voices
    )
    return Sheet(words("What else could explain this?"), head, rows)
