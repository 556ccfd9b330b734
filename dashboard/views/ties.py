"""How units are tied, in sentences and sheets: everything comes from one `GroupTies`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.sheets import Cell, Sheet
from dashboard.views.finding import Shown, Stroke
from dashboard.words import message
from privacy.groups import OTHERS
from privacy.release.escalated import HARDLY_ANY, LEAST, MOST, NEARLY_ALL

if TYPE_CHECKING:
    from dashboard.words import Words
    from privacy.released_ties import GroupTies, HangingPairs, Unit

QUESTION = message("How are our units tied?")
HUNDRED = 100


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
    names = tuple(unit_name(unit, words) for unit in found.units)
    pairs, alone = _pairs(found, words), bool(found.hanging and found.hanging.alone)
    return TiesView(
        headline=_said(found.hanging, words) if found.hanging and alone else pairs,
        second=pairs if alone else "",
        names=names,
        ties=_ties(found, names, words),
        hanging=_hanging(found.hanging, words) if found.hanging else None,
        counter_voice=_counter_voice(words),
    )


def unit_name(unit: Unit, words: Words) -> str:
    """A unit as people call it."""
    return words("Other departments") if unit.name.startswith(f"{OTHERS} (") else unit.name


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
    one, several = _parts(found.alone, words)
    parts = ((words("Through one person alone"), one), (words("Through several people"), several))
    told = tuple((Cell(name), Cell(None, "count"), Cell(part)) for name, part in parts if part)
    sheet = Sheet(words("Pairs of teams and what they hang on"), head, (whole, *told))
    strokes = (
        ()
        if found.alone is None
        else (
            Stroke(parts[0][0], HUNDRED * found.alone, one),
            Stroke(parts[1][0], HUNDRED * (1 - found.alone), several, quiet=True),
        )
    )
    sentence = (
        _said(found, words)
        if found.alone is None
        else words(
            "Such a pair loses its tie when that person goes; which pairs they are is not told, nor on whom they hang."
        )
    )
    return Shown("hanging", words("How many hang on one"), sentence, sheet, strokes)


def _parts(alone: float | None, words: Words) -> tuple[str, str]:
    """The part that hangs on one and the other part as written; both ends are open."""
    if alone is None:
        return "", ""
    least = words("at least {share}", share=words.percent(NEARLY_ALL))
    most = words("at most {share}", share=words.percent(HARDLY_ANY))
    if alone >= MOST:
        return least, most
    if alone <= LEAST:
        return most, least
    return words.percent(alone), words.percent(1 - alone)


def _said(found: HangingPairs, words: Words) -> str:
    pairs = words.count(found.pairs)
    if found.alone is None:
        return words(
            "In the whole organisation about {pairs} pairs of teams meet; which part of them does so through one "
            "person alone would be about too few people.",
            pairs=pairs,
        )
    text, share = _at_ends(found.alone)
    return words(text, share=words.percent(share), pairs=pairs)


def _at_ends(alone: float) -> tuple[str, float]:
    if alone >= MOST:
        return message(
            "In the whole organisation at least {share} of about {pairs} pairs of teams that meet do so through "
            "one person alone."
        ), NEARLY_ALL
    if alone <= LEAST:
        return message(
            "In the whole organisation at most {share} of about {pairs} pairs of teams that meet do so through one "
            "person alone."
        ), HARDLY_ANY
    return message(
        "In the whole organisation about {share} of {pairs} pairs of teams that meet do so through one person alone."
    ), alone


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
