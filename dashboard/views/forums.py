"""What fills the standing tables of a group, in sentences and sheets: everything comes from one `GroupForums`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import palette
from dashboard.sheets import Cell, Sheet
from dashboard.views.finding import Shown
from dashboard.views.time import Bar
from dashboard.words import message

if TYPE_CHECKING:
    from dashboard.words import Words
    from privacy.released_forums import GroupForums
    from privacy.viewer import Role

QUESTIONS: dict[Role, str] = {
    "self": message("What fills our table?"),
    "mt": message("What fills our table?"),
    "hr": message("What fills the tables of management?"),
}


@dataclass(frozen=True)
class ForumsView:
    """The page's headline, the bars of its first picture, what it shows and the counter-voice."""

    headline: str
    second: str
    division: Shown
    bars: tuple[Bar, ...]
    tables: Shown
    counter_voice: str

    @property
    def parts(self) -> tuple[Shown, ...]:
        """Everything it shows."""
        return self.division, self.tables


def forums_view(found: GroupForums, words: Words) -> ForumsView:
    """All that the page says about a group's tables."""
    return ForumsView(
        headline=_headline(found, words),
        second=_second(found, words),
        division=_division(found, words),
        bars=tuple(_bar(label, share, words) for label, share in found.labels.items()),
        tables=_tables(found, words),
        counter_voice=_counter_voice(words),
    )


def _headline(found: GroupForums, words: Words) -> str:
    return words.many(
        "{coordination} of the time at the one standing table keeps today's work together; {design} designs how work "
        "will be done.",
        "{coordination} of the time at the {count} standing tables keeps today's work together; {design} designs how "
        "work will be done.",
        found.tables,
        coordination=words.percent(found.labels.get("coordination", 0.0)),
        design=words.percent(found.labels.get("design", 0.0)),
    )


def _second(found: GroupForums, words: Words) -> str:
    if found.before is None or found.lately is None:
        return ""
    return words(
        "Design took {before} in the first half of this period and {lately} in the second.",
        before=words.percent(found.before.get("design", 0.0)),
        lately=words.percent(found.lately.get("design", 0.0)),
    )


def _division(found: GroupForums, words: Words) -> Shown:
    halves = [each for each in (found.before, found.lately) if each]
    head = (
        words("Kind of meeting"),
        words("Whole period"),
        *((words("First half"), words("Second half")) if len(halves) == 2 else ()),
    )
    rows = tuple(
        (
            Cell(palette.name(words, label)),
            Cell(share, "percent"),
            *(Cell(half.get(label, 0.0), "percent") for half in halves),
        )
        for label, share in found.labels.items()
    )
    sheet = Sheet(words("Time at standing tables by kind of meeting"), head, rows)
    sentence = words(
        "Together they take {hours} hours of people's time a week.", hours=words.number(found.hours_a_week)
    )
    return Shown("division", words("By kind of meeting"), sentence, sheet)


def _bar(label: str, share: float, words: Words) -> Bar:
    return Bar(
        palette.name(words, label), palette.meaning(words, label), share, words.percent(share), palette.colour(label)
    )


def _tables(found: GroupForums, words: Words) -> Shown:
    head = (
        words("Standing tables"),
        words("Members, at least"),
        words("Meetings, at least"),
        words("Hours a week"),
        words("Levels in the room"),
    )
    row = (
        Cell(found.tables, "count"),
        Cell(found.people, "count"),
        Cell(found.meetings, "count"),
        Cell(found.hours_a_week, "number"),
        Cell(found.levels, "number"),
    )
    return Shown("tables", words("All together"), _levels(found, words), Sheet(words("Standing tables"), head, (row,)))


def _levels(found: GroupForums, words: Words) -> str:
    if found.levels is None:
        return words("How many levels sit together is not known: the chart says no levels of these people.")
    return words("On average people of {levels} levels sit together.", levels=words.number(found.levels))


def _counter_voice(words: Words) -> str:
    purpose = words(
        "A table that was set up to coordinate does what was agreed, and a good design session may happen elsewhere. "
        "The question is whether the same subjects would still come if there were an agreement about them."
    )
    titles = words(
        "A meeting has one label, so a long agenda counts as what most of it seems to be; what is said at the table is "
        "not in any calendar."
    )
    return f"{purpose} {titles}"
