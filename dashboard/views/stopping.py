"""What could stop, in sentences and sheets: everything the page says comes from one `StoppingSeen`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.stopping import ENOUGH_PEOPLE
from dashboard import palette
from dashboard.sheets import Cell, Sheet
from dashboard.views.time import Bar, Part
from dashboard.words import message

if TYPE_CHECKING:
    from analysis.stopping import Freed, SeriesLoad
    from dashboard.words import Words
    from privacy.ownwork import StoppingSeen
    from privacy.viewer import Role, Viewer

QUESTIONS: dict[Role, str] = {
    "self": message("What could stop?"),
    "mt": message("What could we stop?"),
    "hr": message("What could stop in the organisation?"),
}
HEADLINES: dict[Role, str] = {
    "self": message("{series} takes the most of your time in series: {hours} hours a week."),
    "mt": message("The series that takes most of our time ({series}) takes {hours} hours a week, all of us together."),
    "hr": message("The series that takes most time ({series}) takes {hours} hours a week, everybody together."),
}
RHYTHMS = (
    (4.0, message("several times a week")),
    (1.7, message("twice a week")),
    (0.7, message("every week")),
    (0.35, message("every two weeks")),
    (0.2, message("every month")),
    (0.0, message("now and then")),
)
SHOWN = 8
TOP = 3


@dataclass(frozen=True)
class StoppingView:
    """The page's headline and its parts: the series, and what four choices would free."""

    headline: str
    second: str
    series: Part
    choices: Part
    counter_voice: str


def stopping_view(seen: StoppingSeen, words: Words, viewer: Viewer) -> StoppingView:
    """All that the page says about series."""
    return StoppingView(
        headline=_headline(seen, words, viewer.role),
        second=_second(seen, words),
        series=_series(seen, words, viewer),
        choices=_choices(seen, words, viewer.role),
        counter_voice=_counter_voice(seen, words),
    )


def name_of(seen: StoppingSeen, series: SeriesLoad, words: Words) -> str:
    """A series by its title where the viewer may see it, otherwise by its kind, its rhythm and its size."""
    title = seen.titles.get(series.series_id)
    if title:
        return f"“{title}”"
    return words(
        "{kind}, {rhythm}, {people}",
        kind=palette.name(words, series.label),
        rhythm=rhythm(seen, series, words),
        people=words.many("{count} person", "{count} people", series.room),
    )


def rhythm(seen: StoppingSeen, series: SeriesLoad, words: Words) -> str:
    """How often a series meets, in words."""
    a_week = series.meetings / seen.stopping.window.weeks
    return words(next(name for least, name in RHYTHMS if a_week >= least))


def _headline(seen: StoppingSeen, words: Words, role: Role) -> str:
    if not seen.stopping.series:
        return words("No series is still meeting in this period.")
    most = seen.stopping.series[0]
    return words(HEADLINES[role], series=name_of(seen, most, words), hours=words.number(most.hours_a_week))


def _second(seen: StoppingSeen, words: Words) -> str:
    found = seen.stopping
    if not found.series:
        return ""
    said = words(
        "Series take {hours} hours a week, {share} of all meeting time.",
        hours=words.number(found.in_series),
        share=words.percent(found.in_series / found.hours_a_week if found.hours_a_week else 0.0),
    )
    usual = words("In the year before it was {hours}.", hours=words.number(found.usual)) if found.usual else ""
    endless = words(
        "{endless} of {all} series here are older than half a year and have no end in sight.",
        endless=sum(each.endless for each in found.series),
        all=len(found.series),
    )
    return " ".join(filter(None, (said, usual, endless)))


def _series(seen: StoppingSeen, words: Words, viewer: Viewer) -> Part:
    found = seen.stopping.series
    rows = tuple(_row(seen, each, words, viewer) for each in found)
    sheet = Sheet(words("Series and what they take"), _head(words, viewer.role), rows)
    if not found:
        return Part("series", words("No series is still meeting in this period."), sheet)
    longest = found[0].hours_a_week or 1.0
    bars = tuple(
        Bar(
            name_of(seen, each, words),
            _meaning(seen, each, words),
            each.hours_a_week / longest,
            words("{hours} h", hours=words.number(each.hours_a_week)),
            palette.colour(each.label),
        )
        for each in found[:SHOWN]
    )
    most = found[:TOP]
    sentence = words(
        "The {count} largest take {hours} hours a week together.",
        count=len(most),
        hours=words.number(sum(each.hours_a_week for each in most)),
    )
    return Part("series", sentence, sheet, bars)


def _meaning(seen: StoppingSeen, each: SeriesLoad, words: Words) -> str:
    parts = [words("since {month}", month=words.month(each.since, "MMM y"))]
    if seen.titles:
        parts.insert(0, rhythm(seen, each, words))
        parts.append(words.many("{count} person", "{count} people", each.room))
    parts.append(_end(each, words))
    return ", ".join(parts)


def _end(each: SeriesLoad, words: Words) -> str:
    if each.until:
        return words("ends on {day}", day=words.short_day(each.until))
    return words("no end in sight")


def _head(words: Words, role: Role) -> tuple[str, ...]:
    own = (words("Who organises"), words("Much the same people as")) if role == "self" else ()
    freed = (
        (
            words("Ending frees"),
            words("and for the others"),
            words("Halving frees"),
            words("and for the others"),
            words("Delegating frees"),
            words("and for the others"),
            words("Fewer people frees for the others"),
        )
        if role == "self"
        else (words("Ending frees"), words("Halving frees"), words("Fewer people frees"))
    )
    return (
        words("Series"),
        *own,
        words("Kind of meeting"),
        words("End"),
        words("Since"),
        words("Weeks old"),
        words("People in the room"),
        words("Hours a week"),
        *freed,
    )


def _row(seen: StoppingSeen, each: SeriesLoad, words: Words, viewer: Viewer) -> tuple[Cell, ...]:
    own = (Cell(_organizer(seen, each, words, viewer)), Cell(_twin(seen, each, words))) if viewer.role == "self" else ()
    return (
        Cell(name_of(seen, each, words)),
        *own,
        Cell(palette.name(words, each.label)),
        Cell(_end(each, words)),
        Cell(each.since, "date"),
        Cell(each.weeks, "count"),
        Cell(each.room, "count"),
        Cell(each.hours_a_week, "number"),
        *_freed(each, viewer.role),
    )


def _freed(each: SeriesLoad, role: Role) -> tuple[Cell, ...]:
    if role != "self":
        return tuple(Cell(freed.own, "number") for freed in (each.ending, each.halving, each.fewer))
    found = (each.ending, each.halving, each.delegating)
    pairs = [(freed.own, freed.others) if freed else (None, None) for freed in found]
    values = [value for pair in pairs for value in pair]
    return tuple(Cell(value, "number") for value in (*values, each.fewer.others))


def _organizer(seen: StoppingSeen, each: SeriesLoad, words: Words, viewer: Viewer) -> str | None:
    if each.organizer_id and each.organizer_id == viewer.person_id:
        return words("you")
    return seen.names.get(each.organizer_id or "")


def _twin(seen: StoppingSeen, each: SeriesLoad, words: Words) -> str | None:
    twin = next((other for other in seen.stopping.series if other.series_id == each.alike), None)
    return name_of(seen, twin, words) if twin else None


def _choices(seen: StoppingSeen, words: Words, role: Role) -> Part:
    """What each choice would free for the largest series together."""
    most = seen.stopping.series[:TOP]
    named: list[tuple[str, list[Freed | None]]] = [
        (words("Ending them"), [each.ending for each in most]),
        (words("Halving them: half as often, or half as long"), [each.halving for each in most]),
        (words("Sending somebody else"), [each.delegating for each in most]),
        (words("Inviting at most {people} people", people=ENOUGH_PEOPLE), [each.fewer for each in most]),
    ]
    found = [(name, [freed for freed in given if freed]) for name, given in named if role == "self" or all(given)]
    sums = [(name, sum(one.own for one in freed), sum(one.others for one in freed)) for name, freed in found]
    own_head = words("For you") if role == "self" else words("For the group")
    columns = 3 if role == "self" else 2
    rows = tuple((Cell(name), Cell(own, "signed"), Cell(others, "signed"))[:columns] for name, own, others in sums)
    head = (words("Choice"), own_head, words("For the others")) if role == "self" else (words("Choice"), own_head)
    sheet = Sheet(words("Hours a week that each choice frees in the {count} largest", count=len(most)), head, rows)
    if not most:
        return Part("choices", words("There is nothing to end here."), sheet)
    longest = max([1e-9, *(own for _, own, _ in sums)])
    bars = tuple(
        Bar(
            name,
            _for_others(others, words) if role == "self" else "",
            max(0.0, own) / longest,
            words("{hours} h a week", hours=words.number(own)),
            palette.COLOURS["design"],
        )
        for name, own, others in sums
    )
    sentence = words(
        "Halving the {count} largest would free {hours} hours a week.",
        count=len(most),
        hours=words.number(sums[1][1]),
    )
    return Part("choices", sentence, sheet, bars)


def _for_others(others: float, words: Words) -> str:
    if others < 0:
        return words("but costs others {hours} h a week", hours=words.number(-others))
    return words("and {hours} h a week for the others", hours=words.number(others))


def _counter_voice(seen: StoppingSeen, words: Words) -> str:
    twins = sum(each.alike is not None for each in seen.stopping.series)
    same = (
        words.many(
            "{count} series has much the same people as another one; that is where to look first.",
            "{count} series have much the same people as another one; that is where to look first.",
            twins,
        )
        if twins
        else ""
    )
    return " ".join(
        filter(
            None,
            (
                words(
                    "A long series is not a bad one. What it settles may come back as loose meetings, and the data "
                    "cannot tell beforehand: skip it for a month and see what returns. An hour freed is an hour "
                    "free only if nothing else takes its place, and whoever is sent instead spends it. Calendars "
                    "seldom hold an end date, so age stands in for it."
                ),
                same,
            ),
        )
    )
