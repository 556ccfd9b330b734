"""Where time goes, in sentences and sheets: everything the page says comes from one `Split`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.drift import SPARSE
from analysis.load import UNLABELLED
from dashboard import palette
from dashboard.sheets import Cell, Sheet
from dashboard.words import message
from store.schema import LABELS

if TYPE_CHECKING:
    from analysis.split import Split
    from dashboard.words import Words
    from privacy.viewer import Role

QUESTIONS: dict[Role, str] = {
    "self": message("Where does my time go?"),
    "mt": message("Where does our time go?"),
    "hr": message("Where does people's time go?"),
}
HEADLINES: dict[Role, str] = {
    "self": message("You spend {hours} hours a week in meetings, {load} of your working time."),
    "mt": message("Each of us spends {hours} hours a week in meetings, {load} of our working time."),
    "hr": message("People spend {hours} hours a week in meetings, {load} of their working time."),
}
BODIES = message("{coordination} of it keeps today's work together; {design} designs how work will be done.")
ANSWERS = {
    "accepted": message("Accepted"),
    "unanswered": message("Not answered"),
    "tentative": message("Tentative"),
}


@dataclass(frozen=True)
class Bar:
    """One bar: its name, an explanation, its part of the whole (0-1), what is written beside it, and its colour."""

    name: str
    meaning: str
    part: float
    written: str
    colour: str


@dataclass(frozen=True)
class Part:
    """A picture with the sentence above it and the sheet behind it."""

    key: str
    sentence: str
    sheet: Sheet
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True)
class TimeView:
    """The page's headline and its four parts."""

    headline: str
    labelled: bool
    empty: bool
    division: Part
    weeks: Part
    rest: Part
    answers: Part
    counter_voice: str


def average(split: Split) -> float:
    """Meeting hours a week for one person at work."""
    return split.hours / split.focus.person_weeks if split.focus.person_weeks else 0.0


def time_view(split: Split, words: Words, role: Role) -> TimeView:
    """All that the page says about a split."""
    labelled = any(part.hours for part in split.labels if part.label != UNLABELLED)
    return TimeView(
        headline=_headline(split, words, role, labelled),
        labelled=labelled,
        empty=not split.hours,
        division=_division(split, words),
        weeks=_weeks(split, words),
        rest=_rest(split, words),
        answers=_answers(split, words),
        counter_voice=_counter_voice(split, words),
    )


def _headline(split: Split, words: Words, role: Role, labelled: bool) -> str:
    if not split.hours:
        return words("No meetings in this period.")
    first = words(HEADLINES[role], hours=words.number(average(split)), load=words.percent(split.load))
    if not labelled:
        return first
    coordination, design = (words.percent(split.share(label)) for label in ("coordination", "design"))
    return f"{first} {words(BODIES, coordination=coordination, design=design)}"


def _division(split: Split, words: Words) -> Part:
    parts = [part for part in split.labels if part.hours or part.label in LABELS]
    weekly = average(split)
    rows = tuple(
        (
            Cell(palette.name(words, part.label)),
            Cell(part.hours, "number"),
            Cell(weekly * part.share, "number"),
            Cell(part.share, "percent"),
            Cell(split.load * part.share, "percent"),
            Cell(part.meetings if split.meetings else None, "count"),
        )
        for part in parts
    )
    total = (
        Cell(words("Together")),
        Cell(split.hours, "number"),
        Cell(weekly, "number"),
        Cell(1.0 if split.hours else 0.0, "percent"),
        Cell(split.load, "percent"),
        Cell(split.meetings or None, "count"),
    )
    head = (
        words("Kind of meeting"),
        words("Hours"),
        words("Hours a week, each"),
        words("Share of meetings"),
        words("Share of working time"),
        words("Attendances"),
    )
    bars = tuple(
        Bar(
            palette.name(words, part.label),
            palette.meaning(words, part.label),
            part.share,
            words("{share} · {hours} h", share=words.percent(part.share), hours=words.number(weekly * part.share)),
            palette.colour(part.label),
        )
        for part in parts
    )
    largest = max(parts, key=lambda part: part.hours)
    sentence = words(
        "Most of the time goes to: {label}, {share} of all meeting hours.",
        label=palette.name(words, largest.label).lower(),
        share=words.percent(largest.share),
    )
    return Part("division", sentence, Sheet(words("Meeting hours by kind"), head, (*rows, total), True), bars)


def _weeks(split: Split, words: Words) -> Part:
    labels = [part.label for part in split.labels if part.hours]
    head = (
        words("Week"),
        words("Monday"),
        *(palette.name(words, label) for label in labels),
        words("Together"),
        words("Working time"),
        words("Share of working time"),
    )
    rows = tuple(
        (
            Cell(week.week, "week"),
            Cell(week.week, "date"),
            *(Cell(week.hours.get(label, 0.0), "number") for label in labels),
            Cell(week.total, "number"),
            Cell(week.available, "number"),
            Cell(week.total / week.available if week.available else None, "percent"),
        )
        for week in split.weeks
    )
    sheet = Sheet(words("Meeting hours week by week"), head, rows)
    usual = max((week.available for week in split.weeks), default=0.0)
    # A week with a single day at work is soon full; it says nothing about the others.
    loads = [
        (week.total / week.available, week.week)
        for week in split.weeks
        if week.available and week.available >= SPARSE * usual
    ]
    if not loads:
        return Part("weeks", words("No working time in this period."), sheet)
    fullest, when = max(loads)
    sentence = words(
        "The fullest week was {week}, with {share} of working time in meetings.",
        week=words.week(when),
        share=words.percent(fullest),
    )
    return Part("weeks", sentence, sheet)


def _rest(split: Split, words: Words) -> Part:
    focus, weekly = split.focus, average(split)
    block = words.number(focus.block_minutes / 60, 0)
    spans = (
        (words("In meetings"), "", weekly, palette.COLOURS["coordination"]),
        (
            words("Focus time"),
            words("free blocks of {block} hours or more", block=block),
            focus.focus_hours,
            palette.COLOURS["design"],
        ),
        (
            words("Fragmented time"),
            words("free, but in pieces shorter than that"),
            focus.fragmented_hours,
            palette.COLOURS["other"],
        ),
    )
    longest = max(hours for _, _, hours, _ in spans) or 1.0
    bars = tuple(
        Bar(name, meaning, hours / longest, words("{hours} h", hours=words.number(hours)), colour)
        for name, meaning, hours, colour in spans
    )
    sentence = words(
        "A week leaves {focus} hours to concentrate and {scraps} hours in pieces too short for that.",
        focus=words.number(focus.focus_hours),
        scraps=words.number(focus.fragmented_hours),
    )
    head = (words("What becomes of the week"), words("Hours a week, each"))
    rows = tuple((Cell(name), Cell(hours, "number")) for name, _, hours, _ in spans)
    return Part("focus", sentence, Sheet(words("Meetings, focus time and fragmented time"), head, rows), bars)


def _answers(split: Split, words: Words) -> Part:
    hours = {answer: split.answers.get(answer, 0.0) for answer in ANSWERS}
    total = sum(hours.values()) or 1.0
    shades = ("coordination", "other", "escalation")
    bars = tuple(
        Bar(words(ANSWERS[answer]), "", value / total, words.percent(value / total), palette.COLOURS[shade])
        for (answer, value), shade in zip(hours.items(), shades, strict=True)
    )
    sentence = words("{share} of these hours were accepted.", share=words.percent(hours["accepted"] / total))
    head = (words("Answer"), words("Hours"), words("Share of meetings"))
    rows = tuple(
        (Cell(words(ANSWERS[answer])), Cell(value, "number"), Cell(value / total, "percent"))
        for answer, value in hours.items()
    )
    present = (
        Cell(words("All, less those who usually stay away")),
        Cell(split.expected_hours, "number"),
        Cell(split.expected_hours / total, "percent"),
    )
    return Part("answers", sentence, Sheet(words("Meeting hours by answer"), head, (*rows, present), True), bars)


def _counter_voice(split: Split, words: Words) -> str:
    accepted = split.answers.get("accepted", 0.0)
    if not split.hours or not split.focus.person_weeks:
        return words("There is nothing to doubt yet.")
    if not split.answers:
        return words(
            "These are rounded figures of an audited release: the smallest groups are taken together, what few people "
            "make up is told under other things, and what was accepted or not is not in it. Labels are a model's best "
            "guess, and its mistakes still move the shares by kind."
        )
    return words(
        "An invitation is not attendance. Allowing for those who usually stay away, it would be {expected} hours a "
        "week instead of {hours}, and if only accepted meetings were attended, {least}. Holidays and leave cannot "
        "explain the share of working time: they are taken out of it. Labels are a model's best guess, and its "
        "mistakes still move the shares by kind.",
        expected=words.number(split.expected_hours / split.focus.person_weeks),
        least=words.number(accepted / split.focus.person_weeks),
        hours=words.number(average(split)),
    )
