"""What fills the standing tables of a group, in sentences and sheets: everything comes from one `GroupForums`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import palette
from dashboard.sheets import Cell, Sheet
from dashboard.views.finding import Shown, Stroke
from dashboard.views.movement import KINDS
from dashboard.views.time import Bar
from dashboard.words import message

if TYPE_CHECKING:
    from dashboard.words import Words
    from privacy.group_forums import GroupForums, Table
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
    others: tuple[Shown, ...]
    counter_voice: str


def forums_view(found: GroupForums, words: Words) -> ForumsView:
    """All that the page says about a group's tables."""
    others = [_kinds(found, words)] if found.kinds else []
    others.append(_tables(found, words))
    others += [_subjects(found, words)] if found.subjects else []
    return ForumsView(
        headline=_headline(found, words),
        second=_second(found, words),
        division=_division(found, words),
        bars=tuple(_bar(label, share, words) for label, share in found.together.labels.items()),
        others=tuple(others),
        counter_voice=_counter_voice(found, words),
    )


def _headline(found: GroupForums, words: Words) -> str:
    labels = found.together.labels
    return words.many(
        "{coordination} of the time at the one standing table keeps today's work together; {design} designs how work "
        "will be done.",
        "{coordination} of the time at the {count} standing tables keeps today's work together; {design} designs how "
        "work will be done.",
        found.together.tables,
        coordination=words.percent(labels.get("coordination", 0.0)),
        design=words.percent(labels.get("design", 0.0)),
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
        for label, share in found.together.labels.items()
    )
    sheet = Sheet(words("Time at standing tables by kind of meeting"), head, rows)
    sentence = words(
        "Together they take {hours} hours of people's time a week.", hours=words.number(found.together.hours_a_week)
    )
    return Shown("division", words("By kind of meeting"), sentence, sheet)


def _bar(label: str, share: float, words: Words) -> Bar:
    return Bar(
        palette.name(words, label), palette.meaning(words, label), share, words.percent(share), palette.colour(label)
    )


def _kinds(found: GroupForums, words: Words) -> Shown:
    """Line and process over the whole of working time, first eight weeks against last eight."""
    head = (words("Kind"), words("First eight weeks"), words("Last eight weeks"), words("Change a year"))
    rows = tuple(
        (
            Cell(words(KINDS[part.name])),
            Cell(part.start, "fine percent"),
            Cell(part.end, "fine percent"),
            Cell(part.change_per_year.estimate if part.change_per_year else None, "change"),
        )
        for part in found.kinds
    )
    sheet = Sheet(words("Line and process as a share of working time"), head, rows)
    by_name = {part.name: part for part in found.kinds}
    line, process = by_name.get("line"), by_name.get("process")
    ends = [end for part in (line, process) if part for end in (part.start, part.end) if end is not None]
    if len(ends) == 4:
        before, lately, before_across, lately_across = (words.percent(end, 1) for end in ends)
        sentence = words(
            "In the line coordination takes {line} of working time of late ({before} at first), across teams {process} "
            "({earlier} at first).",
            line=lately,
            before=before,
            process=lately_across,
            earlier=before_across,
        )
    else:
        sentence = words("This period is too short to tell line and process apart.")
    strokes = tuple(
        Stroke(words(KINDS[part.name]), 100 * part.end, words.percent(part.end, 1))
        for part in found.kinds
        if part.end is not None
    )
    return Shown("kinds", words("Line or process?"), sentence, sheet, strokes)


def _tables(found: GroupForums, words: Words) -> Shown:
    head = (
        words("Table"),
        words("Members"),
        words("Hours a week"),
        palette.name(words, "design"),
        palette.name(words, "coordination"),
        palette.name(words, "escalation"),
        words("Subjects that keep coming back"),
        words("Escalations that arrive"),
        words("Levels in the room"),
        words("Taking turns in the chair"),
        words("Deputy sent when missing"),
    )
    rows = [_table(words("Table {number}", number=place), each) for place, each in enumerate(found.alone, start=1)]
    if found.others:
        name = words.many("{count} smaller table", "{count} smaller tables together", found.others.tables)
        rows.append(_table(name, found.others))
    rows.append(_table(words("All together"), found.together))
    sheet = Sheet(words("Standing tables"), head, tuple(rows))
    return Shown("tables", words("Table by table"), _rotation(found.together, words), sheet)


def _table(name: str, table: Table) -> tuple[Cell, ...]:
    return (
        Cell(name),
        Cell(table.members, "count"),
        Cell(table.hours_a_week, "number"),
        *(Cell(table.labels.get(label, 0.0), "percent") for label in ("design", "coordination", "escalation")),
        Cell(table.returning, "count"),
        Cell(table.arrivals, "count"),
        Cell(table.levels, "number"),
        Cell(table.rotation, "percent"),
        Cell(table.deputised, "percent"),
    )


def _rotation(table: Table, words: Words) -> str:
    if table.rotation is None:
        return words("Who takes the chair cannot be told from these calendars.")
    return words(
        "Taking turns in the chair: {rotation}, where 0% is always the same person and 100% everybody in turn.",
        rotation=words.percent(table.rotation),
    )


def _subjects(found: GroupForums, words: Words) -> Shown:
    head = (words("Subject"), words("Meetings"), words("Different weeks"), words("Escalations"))
    rows = tuple(
        (Cell(each.name), Cell(each.meetings, "count"), Cell(each.weeks, "count"), Cell(each.escalations, "count"))
        for each in found.subjects
    )
    sheet = Sheet(words("Subjects that keep coming back"), head, rows)
    first = found.subjects[0]
    sentence = words(
        "“{subject}” came back most often, in {weeks} different weeks.",
        subject=first.name,
        weeks=words.count(first.weeks),
    )
    strokes = tuple(Stroke(each.name, float(each.weeks), words.count(each.weeks)) for each in found.subjects[:8])
    return Shown("subjects", words("What keeps coming back"), sentence, sheet, strokes)


def _counter_voice(found: GroupForums, words: Words) -> str:
    del found
    purpose = words(
        "A table that was set up to coordinate does what was agreed, and a good design session may happen elsewhere. "
        "The question is whether the same subjects would still come if there were an agreement about them."
    )
    titles = words(
        "A meeting has one label, so a long agenda counts as what most of it seems to be; what is said at the table is "
        "not in any calendar."
    )
    return f"{purpose} {titles}"
