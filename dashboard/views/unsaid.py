"""What releases do not tell, and why, in sentences and a sheet: groups joined, labels in "other", cells hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard import palette
from dashboard.sheets import Cell, Sheet
from dashboard.views.released_trust import MEASURES, left_out
from dashboard.words import message
from privacy.groups import DIRECT, ORGANISATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dashboard.words import Words
    from privacy.released_untold import Key, Unsaid, Why

# So many names are read in a line; the rest stands in the sheet.
MOST_NAMES = 4
REASONS: dict[Why, str] = {
    "joined": message("told together with others as one group: alone it is small, or a few have nearly all its hours"),
    "apart": message("its parts are told apart then, or together with others"),
    "absent": message("no group of this name is told then"),
    "hidden": message("too few people, or hidden so that subtraction does not give another group away"),
    "no cells": message("departments by level are not told then"),
    "folded": message("coordination is told under “other”, since few people make it up"),
    "contract": message("contract hours are not told then"),
    "levels": message("bands of levels are not told then"),
    "cells": message("not all levels of this group are told"),
    "kind": message("told of the whole organisation and of departments only"),
    "few": message("a count of people is told to HR of {fewest} people or more"),
    "yearly": message("told once a year, or again when enough people came and went"),
}


def reason(words: Words, why: Why, fewest: int) -> str:
    """Why something is not told."""
    return words(REASONS[why], fewest=words.count(fewest))


def group_name(words: Words, key: Key) -> str:
    """A group as people call it; joined ones by all that is in them."""
    if key.kind == ORGANISATION:
        return words("Whole organisation")
    if key.kind == "levels":
        return level_name(words, key)
    name = " + ".join(words("Without a team") if part == DIRECT else part for part in key.parts)
    if key.kind == "department":
        return name
    inside = level_name(words, key) if key.kind == "cell" else name
    return f"{' + '.join(key.units)} › {inside}"


def short_name(words: Words, key: Key) -> str:
    """The same for a picture: of many joined units the first is named."""
    if not key.is_joined or len(key.parts) <= 2:
        return group_name(words, key)
    return words("{first} and {count} others", first=key.parts[0], count=words.count(len(key.parts) - 1))


def level_name(words: Words, key: Key) -> str:
    """A band of levels; level 1 is the top."""
    if len(key.parts) == 1:
        return words("Level {name}", name=key.parts[0])
    return words("Levels {name}", name=f"{key.parts[0]}–{key.parts[-1]}")


def few_names(words: Words, keys: Sequence[Key]) -> str:
    """Groups in one line, not more than one reads."""
    names = [group_name(words, key) for key in keys[:MOST_NAMES]]
    more = len(keys) - len(names)
    return ", ".join(names) + (" " + words("and {count} more", count=words.count(more)) if more else "")


def unsaid_lines(found: Unsaid, gaps: Sequence[str], fewest: int, words: Words) -> tuple[str, ...]:
    """What the newest quarter does not tell, a line each, the groups first."""
    return (
        *(_joined(key, words) for key in found.joined[:MOST_NAMES]),
        *_rest_of_joined(found, words),
        *(_folded(label, keys, words) for label, keys in found.folded.items()),
        _cells(found, words),
        words(
            "On how few people a group depends is told to HR of groups of {fewest} people or more, and once a year; "
            "never who they are.",
            fewest=words.count(fewest),
        ),
        words(
            "Told by the quarter only: {quarterly} of {all} groups. Weeks and four weeks take more people, and nobody "
            "or enough of them coming and going.",
            quarterly=words.count(found.quarterly),
            all=words.count(found.groups),
        ),
        *_coverage(found, words),
        *_measures(found, words),
        *(words("Tried and not told: {what}.", what=each) for each in found.tried),
        *([words("No release holds {quarters}.", quarters=", ".join(gaps))] if gaps else []),
    )


def _joined(key: Key, words: Words) -> str:
    return words(
        "{names} are told as one group: alone one of them has too few people, or a few of its people have nearly all "
        "hours.",
        names=group_name(words, key),
    )


def _rest_of_joined(found: Unsaid, words: Words) -> Iterator[str]:
    more = len(found.joined) - MOST_NAMES
    if more > 0:
        yield words.many(
            "{count} more group is made of several in the same way; the sheet names it.",
            "{count} more groups are made of several in the same way; the sheet names them.",
            more,
        )


def _folded(label: str, keys: Sequence[Key], words: Words) -> str:
    return words.many(
        "{label} is told under “other” in {count} group, where few people make it up: {names}.",
        "{label} is told under “other” in {count} groups, where few people make it up: {names}.",
        len(keys),
        label=palette.name(words, label),
        names=few_names(words, keys),
    )


def _cells(found: Unsaid, words: Words) -> str:
    if found.no_cells:
        return words("No department is told level by level: too few people stand at one level there.")
    if not found.hidden:
        return words("Every department is told level by level.")
    return words.many(
        "{count} department by level is not told, for it holds too few people, or would give another away: {names}.",
        "{count} departments by level are not told, for they hold too few people, or would give another away: {names}.",
        len(found.hidden),
        names=few_names(words, found.hidden),
    )


def _coverage(found: Unsaid, words: Words) -> Iterator[str]:
    if found.coverage:
        bands = ", ".join(f"{band}: {words.count(count)}" for band, count in sorted(found.coverage.items()))
        yield words(
            "For how many people there is a calendar to read is told in bands only. Groups by band: {bands}.",
            bands=bands,
        )


def _measures(found: Unsaid, words: Words) -> Iterator[str]:
    if found.measures:
        yield left_out(found.measures, words)


def _measure(name: str, words: Words) -> str:
    return words(MEASURES.get(name, name))


def unsaid_sheet(quarters: Iterable[Unsaid], gaps: Sequence[str], words: Words) -> Sheet:
    """What every quarter does not tell, with the groups concerned, the newest first."""
    head = (words("Quarter"), words("What is not told"), words("Of whom"), words("Why"))
    rows = [row for found in reversed(list(quarters)) for row in _rows(found, words)]
    rows += [(each, words("Everything"), words("Whole organisation"), words("no release holds it")) for each in gaps]
    return Sheet(
        words("What is not told, and why, quarter by quarter"), head, tuple(tuple(map(Cell, row)) for row in rows)
    )


def _rows(found: Unsaid, words: Words) -> Iterator[tuple[str, str, str, str]]:
    name = found.quarter
    few = words("alone too few people, or a few have nearly all hours")
    for key in found.joined:
        yield name, words("Each apart"), group_name(words, key), few
    for label, keys in found.folded.items():
        names = ", ".join(group_name(words, key) for key in keys)
        yield name, palette.name(words, label), names, words("few people make it up: told under “other”")
    for key in found.hidden:
        yield name, words("The group itself"), group_name(words, key), words(REASONS["hidden"])
    if found.no_cells:
        yield name, words("Departments by level"), words("All departments"), words("too few people at one level there")
    for measure in found.measures:
        why = words("too few people behind it, or told once a year")
        yield name, _sentence(_measure(measure, words)), words("All groups"), why
    for tried in found.tried:
        yield name, words("Another way of telling levels"), tried, words("the audit did not let it pass")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
