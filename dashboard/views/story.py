"""One step of the demo's story with its figures: sentence, bars and sheet come from the same measured phases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import palette
from dashboard.sheets import Cell, Sheet
from dashboard.views.finding import Shown
from dashboard.views.steps import STEPS, Pointer
from dashboard.views.time import Bar
from dashboard.words import message

if TYPE_CHECKING:
    from analysis.split import Split
    from dashboard.words import Words
    from privacy.story import Phase

QUESTION = message("What happened in this organisation?")
NO_STORY = message("A story is told in the demo only: `meetload demo` builds one.")
NO_FIGURES = message("The figures of this story are about the whole organisation, and that view is not open to you.")
PLANTED = message(
    "The phases were put in when the demo was made: outside a demo nobody hands them to you, and things that rise "
    "together need not cause each other. Kinds of meeting are a model's best guess; public holidays and leave are no "
    "part of working time here."
)
LABELS = ("coordination", "escalation", "incident", "design")
KINDS = {
    "coordination": message("coordination"),
    "incident": message("incidents"),
    "design": message("design"),
}
FIGURES = message(
    "{now} of everybody's working time went to {kind} in these weeks; in the first phase that was {first}."
)
FIRST_FIGURES = message("{now} of everybody's working time went to {kind} in these weeks, and {load} to all meetings.")
LAST_FIGURES = message(
    "{first} of everybody's working time went to {kind} in the first phase, and {now} in the last one."
)


@dataclass(frozen=True)
class StoryView:
    """One step: its title, its figures in a sentence, the text around them, and the picture of all phases."""

    number: int
    title: str
    figures: str
    happened: str
    means: str
    pointers: tuple[Pointer, ...]
    phases: Shown | None
    bars: tuple[Bar, ...]


def names(words: Words) -> tuple[str, ...]:
    """The titles of all steps."""
    return tuple(words(step.title) for step in STEPS)


def story_view(number: int, phases: tuple[Phase, ...], splits: tuple[Split, ...], words: Words) -> StoryView:
    """All that one step (from 1) says; without splits it has no figures."""
    step = STEPS[number - 1]
    return StoryView(
        number=number,
        title=words(step.title),
        figures=_figures(number, step.label, splits, words) if splits else words(NO_FIGURES),
        happened=words(step.happened),
        means=words(step.means),
        pointers=step.pointers,
        phases=_shown(step.label, phases, splits, words) if splits else None,
        bars=_bars(number, step.label, splits, words),
    )


def part_of_work(split: Split, label: str) -> float:
    """One kind of meeting as a share of working time."""
    return split.load * split.share(label)


def _figures(number: int, label: str, splits: tuple[Split, ...], words: Words) -> str:
    split = splits[min(number, len(splits)) - 1]
    kind, now = words(KINDS[label]), words.percent(part_of_work(split, label), 1)
    if number == 1:
        return words(FIRST_FIGURES, kind=kind, now=now, load=words.percent(split.load))
    first = words.percent(part_of_work(splits[0], label), 1)
    return words(LAST_FIGURES if number > len(splits) else FIGURES, kind=kind, now=now, first=first)


def _bars(number: int, label: str, splits: tuple[Split, ...], words: Words) -> tuple[Bar, ...]:
    parts = [part_of_work(split, label) for split in splits]
    most = max(parts, default=0.0) or 1.0
    here = min(number, len(splits))
    return tuple(
        Bar(
            f"{place}. {title}",
            words("these weeks") if place == here else "",
            part / most,
            words.percent(part, 1),
            palette.colour(label if place == here else "other"),
        )
        for place, (title, part) in enumerate(zip(names(words), parts, strict=False), 1)
    )


def _shown(label: str, phases: tuple[Phase, ...], splits: tuple[Split, ...], words: Words) -> Shown:
    sentence = words(
        "The part of everybody's working time that went to {kind}, phase by phase.", kind=words(KINDS[label])
    )
    return Shown("phases", words("The whole story"), sentence, _sheet(phases, splits, words))


def _sheet(phases: tuple[Phase, ...], splits: tuple[Split, ...], words: Words) -> Sheet:
    head = (
        words("Phase"),
        words("First day"),
        words("Last day"),
        *(palette.name(words, label) for label in LABELS),
        words("All meetings"),
    )
    rows = tuple(
        (
            Cell(title),
            Cell(phase.period.start, "date"),
            Cell(phase.period.last_day, "date"),
            *(Cell(part_of_work(split, label), "fine percent") for label in LABELS),
            Cell(split.load, "percent"),
        )
        for title, phase, split in zip(names(words), phases, splits, strict=False)
    )
    return Sheet(words("Share of everybody's working time, phase by phase"), head, rows)
