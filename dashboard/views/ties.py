"""How units are tied, in sentences and sheets: everything comes from one `GroupTies`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.sheets import Cell, Sheet
from dashboard.views.finding import Shown, Stroke
from dashboard.words import message

if TYPE_CHECKING:
    from dashboard.words import Words
    from privacy.group_ties import GroupTies, Unit

QUESTION = message("How are our units tied?")
KINDS = {
    "series": message("Series of meetings"),
    "topic": message("Subjects people meet on now and then"),
    "ad hoc": message("Meetings without a fixed subject"),
}
OTHERS = "other"


@dataclass(frozen=True)
class TiesView:
    """The page's headline, what it shows and the counter-voice; names are those of the units, in order."""

    headline: str
    second: str
    names: tuple[str, ...]
    ties: Shown
    others: tuple[Shown, ...]
    counter_voice: str


def ties_view(found: GroupTies, words: Words) -> TiesView:
    """All that the page says about a group's ties."""
    names = tuple(unit_name(unit, words) for unit in found.units)
    others = [_over_time(found, words)] if len(found.slices) > 1 else []
    others += [_enough(found, words)] if found.places else []
    return TiesView(
        headline=_headline(found, words),
        second=_second(found, words),
        names=names,
        ties=_ties(found, names, words),
        others=tuple(others),
        counter_voice=_counter_voice(found, words),
    )


def unit_name(unit: Unit, words: Words) -> str:
    """A unit as people call it."""
    if not unit.name:
        return words("Whole organisation")
    if unit.name.startswith(OTHERS):
        if unit.name == unit.department:
            return words("Other departments")
        return words("{department}, other teams", department=unit.department)
    return unit.name if unit.name == unit.department else f"{unit.department}, {unit.name}"


def _headline(found: GroupTies, words: Words) -> str:
    if found.alone is None:
        return words.many(
            "{count} pair of departments meets an hour a week or more, with enough people of both to say so.",
            "{count} pairs of departments meet an hour a week or more, with enough people of both to say so.",
            found.pairs,
        )
    if not found.alone:
        return words(
            "No two teams hang on one person alone: each of the {pairs} pairs that meet does so through several.",
            pairs=words.count(found.pairs),
        )
    return words(
        "{alone} of the {pairs} pairs of teams that meet do so through one person alone.",
        alone=words.count(found.alone),
        pairs=words.count(found.pairs),
    )


def _second(found: GroupTies, words: Words) -> str:
    if not found.places:
        return ""
    text = (
        message(
            "In the whole organisation {enough} of the {places} places where teams met last quarter would be enough to "
            "keep every pair in touch; the others take {hours} hours a week."
        )
        if found.exact
        else message(
            "In the whole organisation some {enough} of the {places} places where teams met last quarter would be "
            "enough to keep every pair in touch; the others take {hours} hours a week."
        )
    )
    enough, places = sum(each.enough for each in found.places), sum(each.places for each in found.places)
    hours = sum(each.hours - each.hours_enough for each in found.places)
    return words(text, enough=words.count(enough), places=words.count(places), hours=words.count(hours))


def _ties(found: GroupTies, names: tuple[str, ...], words: Words) -> Shown:
    banded = found.alone is None
    hours = words("Shared hours a week, at least") if banded else words("Shared hours a week")
    people = words("People in both who meet, at least") if banded else words("People in both who meet")
    head = (words("Unit"), words("And unit"), hours, people)
    rows = tuple(
        (Cell(names[tie.one]), Cell(names[tie.other]), Cell(tie.hours_a_week, "number"), Cell(tie.people, "count"))
        for tie in found.ties
    )
    sheet = Sheet(words("Ties between units"), head, rows)
    if not found.ties:
        sentence = words("No tie between units rests on enough people to be shown.")
    else:
        first = found.ties[0]
        text = (
            message("{one} and {other} are among the most tied: {hours} shared hours a week or more.")
            if banded
            else message("{one} and {other} are tied most: {hours} shared hours a week.")
        )
        sentence = words(
            text,
            one=names[first.one],
            other=names[first.other],
            hours=words.number(first.hours_a_week),
        )
    return Shown("ties", words("Unit by unit"), sentence, sheet)


def _over_time(found: GroupTies, words: Words) -> Shown:
    head = (
        words("Four weeks from"),
        words("Pairs of teams that met"),
        words("Pairs within two steps"),
        words("Pairs that one person's leaving would part"),
    )
    rows = tuple(
        (
            Cell(each.period.start, "date"),
            Cell(each.connected, "count"),
            Cell(each.within_two, "count"),
            Cell(each.hanging, "count"),
        )
        for each in found.slices
    )
    first, last = found.slices[0], found.slices[-1]
    sentence = words(
        "In the whole organisation {first} pairs of teams met in the first four weeks, {last} in the last four.",
        first=words.count(first.connected),
        last=words.count(last.connected),
    )
    return Shown("slices", words("Over time"), sentence, Sheet(words("Ties over time"), head, rows))


def _enough(found: GroupTies, words: Words) -> Shown:
    head = (
        words("Where teams meet"),
        words("Places"),
        words("Enough"),
        words("Hours a week"),
        words("Hours a week of what is enough"),
    )
    rows = tuple(
        (
            Cell(words(KINDS[each.kind]) if each.kind in KINDS else words("All places")),
            Cell(each.places, "count"),
            Cell(each.enough, "count"),
            Cell(each.hours, "number"),
            Cell(each.hours_enough, "number"),
        )
        for each in found.places
    )
    sheet = Sheet(words("Places where teams meet, and how few would be enough"), head, rows)
    enough, hours = sum(each.hours_enough for each in found.places), sum(each.hours for each in found.places)
    sentence = words(
        "What is enough takes {enough} of {hours} hours a week.",
        enough=words.number(enough),
        hours=words.number(hours),
    )
    strokes = (
        Stroke(words("Enough to keep every pair in touch"), enough, words.number(enough)),
        Stroke(words("All others"), hours - enough, words.number(hours - enough), quiet=True),
    )
    return Shown("enough", words("How few would be enough"), sentence, sheet, strokes)


def _counter_voice(found: GroupTies, words: Words) -> str:
    seen = words(
        "Calendars show who meets, not who phones, chats or walks by: a thin tie may be a strong one, and teams that "
        "never meet may have agreed so well that they need not."
    )
    redundant = words(
        "That a few places would keep everybody in touch does not make the others idle: people also meet to do things "
        "together."
    )
    if found.not_shown is None:
        return f"{seen} {redundant} {words('A tie of fewer people, or of fewer hours, is not told.')}"
    hidden = words.many(
        "{count} tie is not shown, because too few people are in it or its team is no more.",
        "{count} ties are not shown, because too few people are in them or their team is no more.",
        found.not_shown,
    )
    apart = words.many(
        "{count} person in a service role or a secretariat is left out.",
        "{count} people in service roles and secretariats are left out.",
        found.apart,
    )
    return f"{seen} {redundant} {hidden} {apart}"
