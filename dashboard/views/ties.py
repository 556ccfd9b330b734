"""How units are tied, in sentences and sheets: everything comes from one `GroupTies`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dashboard.sheets import Cell, Sheet
from dashboard.views.finding import Shown, Stroke
from dashboard.views.openended import Sentences, part_cell, part_sentence
from dashboard.views.units import department_name
from dashboard.words import message

if TYPE_CHECKING:
    from dashboard.words import Words
    from privacy.released_ties import GroupTies, HangingPairs, Tie

QUESTION = message("How are our units tied?")
HUNDRED = 100
DIGITS = 6
ALONE = Sentences(
    message(
        "In the whole organisation about {share} of {pairs} pairs of teams that meet do so through one person alone."
    ),
    message(
        "In the whole organisation at least {share} of about {pairs} pairs of teams that meet do so through one person "
        "alone."
    ),
    message(
        "In the whole organisation at most {share} of about {pairs} pairs of teams that meet do so through one person "
        "alone."
    ),
)


@dataclass(frozen=True)
class TiesView:
    """The page's headline, what it shows and the counter-voice; names are those of the units, in order."""

    headline: str
    second: str
    names: tuple[str, ...]
    ties: Shown
    hanging: Shown | None
    counter_voice: str

    @property
    def parts(self) -> tuple[Shown, ...]:
        """Everything it shows."""
        return (self.ties, self.hanging) if self.hanging else (self.ties,)


def ties_view(found: GroupTies, words: Words) -> TiesView:
    """All that the page says about a group's ties."""
    names = _names(found, words)
    pairs, alone = _pairs(found, words), bool(found.hanging and found.hanging.alone)
    return TiesView(
        headline=_said(found.hanging, words) if found.hanging and alone else pairs,
        second=pairs if alone else "",
        names=names,
        ties=_ties(found, names, words),
        hanging=_hanging(found.hanging, words) if found.hanging else None,
        counter_voice=_counter_voice(words),
    )


def narrowed(found: GroupTies, unit: str) -> GroupTies | None:
    """The ties of one department alone; nothing where none of it is told."""
    ties = tuple(tie for tie in found.ties if unit in {found.units[end].name for end in (tie.one, tie.other)})
    return replace(found, ties=ties, hanging=None) if ties else None


def others_of(found: GroupTies, unit: str) -> tuple[str, ...]:
    """The department at the other end of each tie of one, as rows name it."""
    return tuple(found.units[_other(found, tie, unit)].name for tie in found.ties)


def unit_view(found: GroupTies, unit: str, words: Words) -> TiesView:
    """All that the page says about the ties of one department; `found` is narrowed to it."""
    names, name = _names(found, words), department_name(unit, words)
    return TiesView(
        headline=words.many(
            "{unit}: tied to {count} department by an hour a week or more, with enough people of both to say so.",
            "{unit}: tied to {count} departments by an hour a week or more, with enough people of both to say so.",
            len(found.ties),
            unit=name,
        ),
        second="",
        names=names,
        ties=_ties_of(found, unit, names, words),
        hanging=None,
        counter_voice=_counter_voice(words),
    )


def _names(found: GroupTies, words: Words) -> tuple[str, ...]:
    return tuple(department_name(unit.name, words) for unit in found.units)


def _other(found: GroupTies, tie: Tie, unit: str) -> int:
    return tie.other if found.units[tie.one].name == unit else tie.one


def _pairs(found: GroupTies, words: Words) -> str:
    return words.many(
        "{count} pair of departments meets an hour a week or more, with enough people of both to say so.",
        "{count} pairs of departments meet an hour a week or more, with enough people of both to say so.",
        len(found.ties),
    )


def _hanging(found: HangingPairs, words: Words) -> Shown:
    """How many pairs of teams meet through one person alone; through whom, and which they are, is never said."""
    head = (words("How two teams meet"), words("Pairs of teams"), words("Part of all"))
    whole = (Cell(words("All pairs that meet")), Cell(found.pairs, "count"), Cell(None, "percent"))
    parts = _parts(found.alone, words) if found.alone is not None else ()
    told = tuple((Cell(name), Cell(None, "count"), part_cell(part, words)) for name, part in parts)
    sheet = Sheet(words("Pairs of teams and what they hang on"), head, (whole, *told))
    strokes = tuple(
        Stroke(name, HUNDRED * part, part_cell(part, words).text(words), quiet=place > 0)
        for place, (name, part) in enumerate(parts)
    )
    sentence = (
        _said(found, words)
        if found.alone is None
        else words(
            "Such a pair loses its tie when that person goes; which pairs they are is not told, nor on whom they hang."
        )
    )
    return Shown("hanging", words("How many hang on one"), sentence, sheet, strokes)


def _parts(alone: float, words: Words) -> tuple[tuple[str, float], ...]:
    """The part that hangs on one and the other part; both ends of either are open."""
    return (words("Through one person alone"), alone), (words("Through several people"), round(1 - alone, DIGITS))


def _said(found: HangingPairs, words: Words) -> str:
    pairs = words.count(found.pairs)
    if found.alone is None:
        return words(
            "In the whole organisation about {pairs} pairs of teams meet; which part of them does so through one "
            "person alone would be about too few people.",
            pairs=pairs,
        )
    return part_sentence(found.alone, ALONE, words, pairs=pairs)


def _ties(found: GroupTies, names: tuple[str, ...], words: Words) -> Shown:
    head = (
        words("Department"),
        words("And department"),
        words("Shared hours a week, at least"),
        words("People in both who meet, at least"),
    )
    rows = tuple(
        (Cell(names[tie.one]), Cell(names[tie.other]), Cell(tie.hours_a_week, "number"), Cell(tie.people, "count"))
        for tie in found.ties
    )
    sheet = Sheet(words("Ties between departments"), head, rows)
    return Shown("ties", words("Department by department"), _strongest(found, names, words), sheet)


def _ties_of(found: GroupTies, unit: str, names: tuple[str, ...], words: Words) -> Shown:
    head = (
        words("Department"),
        words("Shared hours a week, at least"),
        words("People in both who meet, at least"),
    )
    name = department_name(unit, words)
    ends = [(names[_other(found, tie, unit)], tie) for tie in found.ties]
    rows = tuple((Cell(other), Cell(tie.hours_a_week, "number"), Cell(tie.people, "count")) for other, tie in ends)
    strokes = tuple(Stroke(other, tie.hours_a_week, words.number(tie.hours_a_week)) for other, tie in ends)
    sheet = Sheet(words("Ties of {unit}", unit=name), head, rows)
    sentence = words("Hours a week shared with {unit}, at least.", unit=name)
    return Shown("ties", words("Department by department"), sentence, sheet, strokes)


def _strongest(found: GroupTies, names: tuple[str, ...], words: Words) -> str:
    if not found.ties:
        return words("No tie between departments rests on enough people to be shown.")
    first = found.ties[0]
    return words(
        "{one} and {other} are among the most tied: {hours} shared hours a week or more.",
        one=names[first.one],
        other=names[first.other],
        hours=words.number(first.hours_a_week),
    )


def _counter_voice(words: Words) -> str:
    seen = words(
        "Calendars show who meets, not who phones, chats or walks by: a thin tie may be a strong one, and teams that "
        "never meet may have agreed so well that they need not."
    )
    one = words("That two teams meet through one person may be how it was meant: a contact spares everybody else.")
    return f"{seen} {one} {words('A tie of fewer people, or of fewer hours, is not told.')}"
