"""Standing meetings that stand still while one of their people is away, in sentences and sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.sheets import Cell, Sheet
from dashboard.views.finding import Shown, Stroke
from dashboard.views.labels import UNTITLED
from dashboard.views.openended import Sentences, part_cell, part_sentence
from dashboard.words import message
from privacy.release.escalated import LEAST
from privacy.release.stalling import ALL, TEAM, WIDER

if TYPE_CHECKING:
    from dashboard.words import Words
    from privacy.group_dependence import OwnCard, TablesAtRisk

KEY = "tables"
HUNDRED = 100
KINDS = {
    ALL: message("All standing meetings"),
    TEAM: message("Of one team"),
    WIDER: message("Wider than one team"),
}
MISSED = message(
    "A standing meeting that does not take place without somebody may also be one that nobody misses: ask before you "
    "name a deputy."
)
STILL = {
    ALL: Sentences(
        message(
            "About {share} of some {tables} standing meetings hardly take place while one of their people is away."
        ),
        message(
            "At least {share} of some {tables} standing meetings hardly take place while one of their people is away."
        ),
        message(
            "At most {share} of some {tables} standing meetings hardly take place while one of their people is away."
        ),
    ),
    TEAM: Sentences(
        message("About {share} of some {tables} team meetings hardly take place while one of their people is away."),
        message("At least {share} of some {tables} team meetings hardly take place while one of their people is away."),
        message("At most {share} of some {tables} team meetings hardly take place while one of their people is away."),
    ),
    WIDER: Sentences(
        message("About {share} of some {tables} meetings wider than a team hardly take place while somebody is away."),
        message(
            "At least {share} of some {tables} meetings wider than a team hardly take place while somebody is away."
        ),
        message(
            "At most {share} of some {tables} meetings wider than a team hardly take place while somebody is away."
        ),
    ),
}


def tables_of_group(found: TablesAtRisk, words: Words) -> Shown:
    """Which part of a group's standing meetings would stall, by kind; never which one, nor for whom."""
    head = (words("Standing meetings"), words("About how many"), words("Part that stands still"))
    rows = tuple(
        (Cell(words(KINDS[each.kind])), Cell(each.tables, "count"), part_cell(each.still, words))
        for each in found.kinds
    )
    strokes = tuple(
        Stroke(words(KINDS[each.kind]), HUNDRED * each.still, part_cell(each.still, words).text(words))
        for each in found.kinds
    )
    # Of all of them, unless hardly any do and those of one kind stand out.
    said = max(found.kinds, key=lambda each: each.still) if found.kinds[0].still <= LEAST else found.kinds[0]
    sentence = part_sentence(said.still, STILL[said.kind], words, tables=words.count(said.tables))
    sheet = Sheet(words("Standing meetings by kind"), head, rows)
    return Shown(KEY, words("Standing meetings that would stall"), sentence, sheet, strokes)


def looked_at(found: TablesAtRisk, words: Words) -> str:
    """In which weeks one looked, which are others than those of the page."""
    return words(
        "Looked at are {weeks} weeks up to {day}, and only meetings of which somebody was away long enough to see.",
        weeks=words.count(found.period.weeks),
        day=words.day(found.period.last_day),
    )


def own_tables(own: OwnCard, words: Words) -> Shown | None:
    """The standing meetings that stand still without oneself; nothing where none does."""
    if not own.tables:
        return None
    found = words.many(
        "{count} of them hardly took place in the weeks you were away.",
        "{count} of them hardly took place in the weeks you were away.",
        len(own.tables),
    )
    head = (
        words("Standing meeting"),
        words("Weeks you were away"),
        words("Weeks with it, as usual"),
        words("Weeks with it"),
    )
    rows = tuple(
        (
            Cell(each.title or words(UNTITLED)),
            Cell(each.weeks, "count"),
            Cell(each.expected, "number"),
            Cell(each.met, "count"),
        )
        for each in own.tables
    )
    sheet = Sheet(words("Standing meetings that wait for you"), head, rows)
    return Shown(KEY, words("Standing meetings that wait for you"), f"{_seats(own, words)} {found}", sheet)


def own_lines(own: OwnCard, words: Words) -> tuple[str, ...]:
    """A line each about the meetings that stand still without oneself."""
    return tuple(
        words(
            "{title}: in {met} of the {weeks} weeks you were away; {expected} would be usual.",
            title=each.title or words(UNTITLED),
            met=words.count(each.met),
            weeks=words.count(each.weeks),
            expected=words.number(each.expected),
        )
        for each in own.tables
    )


def none_waits(own: OwnCard, words: Words) -> str:
    """What is said where no standing meeting stands still without oneself; nothing for who has a seat in none."""
    if own.tables or not own.seats:
        return ""
    none = words("As far as your absences show, none of them stood still just because you were away.")
    return f"{_seats(own, words)} {none}"


def _seats(own: OwnCard, words: Words) -> str:
    return words.many(
        "You have a seat in {count} standing meeting.", "You have a seat in {count} standing meetings.", own.seats
    )
