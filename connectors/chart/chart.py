"""An organisation chart as rows of the tables: people with their levels and teams, and the addresses they have.

A level is the depth in the manager line, 1 at the top, unless the source gives one; where the line ends at somebody
unknown or runs in a circle, levels below are left empty, and so is that of somebody with neither manager nor reports.

Where the source knows no teams, everybody with the same manager is one: it is called after the manager's department
(`team`, where that is empty) and a digest of the manager's id, so that no person's name becomes the name of a team.
Who has no manager is in a team of the department's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import pandas as pd

from connectors.chart.line import Line
from store.errors import Problem
from store.frames import DTYPES, tidy
from store.schema import ALIASES, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from connectors.chart.entry import Entry

_SHOWN = 5


@dataclass(frozen=True)
class Chart:
    """People (`fte` empty where the source does not say), their addresses, and what could not be told."""

    people: pd.DataFrame
    aliases: pd.DataFrame
    problems: tuple[Problem, ...] = ()


def chart_of(entries: Iterable[Entry], source: str) -> Chart:
    """The chart that entries make; `source` is the file or directory that problems are about."""
    problems: list[Problem] = []
    kept = _without_overlaps(list(entries), source, problems)
    line = Line.of(kept)
    problems.extend(_problems_of(line, source))
    rows = [_row(line, number) for number in range(len(kept))]
    people = tidy(PEOPLE, pd.DataFrame(rows, columns=PEOPLE.given, dtype=object))
    people["fte"] = pd.Series([entry.fte for entry in kept], dtype=DTYPES["number"])
    aliases = _aliases(kept, source, problems)
    return Chart(people, aliases, tuple(problems))


def _without_overlaps(entries: list[Entry], source: str, problems: list[Problem]) -> list[Entry]:
    """The entries whose time makes sense and is not already another entry's of the same person; in their order."""
    good: dict[int, Entry] = {}
    for number, entry in enumerate(entries):
        if entry.valid_from and entry.valid_to and entry.valid_from >= entry.valid_to:
            problems.append(Problem(source, "valid_to is not after valid_from", entry.row, "valid_to"))
        else:
            good[number] = entry
    spans: dict[str, list[int]] = {}
    for number, entry in good.items():
        spans.setdefault(entry.person_id, []).append(number)
    for numbers in spans.values():
        for number in _overlapping(good, numbers):
            gone = good.pop(number)
            problems.append(Problem(source, f"{gone.person_id} is in the chart before, at this time", gone.row))
    return list(good.values())


def _overlapping(entries: dict[int, Entry], numbers: list[int]) -> list[int]:
    """Of one person's entries those that begin before another one has ended; the one that begins first stays."""
    if len(numbers) == 1:
        return []
    ordered = sorted(numbers, key=lambda number: (str(entries[number].valid_from or ""), number))
    gone: list[int] = []
    last = ordered[0]
    for number in ordered[1:]:
        ended, begun = entries[last].valid_to, entries[number].valid_from
        if ended is None or begun is None or begun < ended:
            gone.append(number)
        else:
            last = number
    return gone


def _row(line: Line, number: int) -> dict[str, Any]:
    entry = line.entries[number]
    own = {name: getattr(entry, name) for name in ("person_id", "name", "email", "department", "function")}
    return own | {
        "level": line.levels[number],
        "team": entry.team or _team(line, number),
        "manager_id": line.managers.get(number),
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
    }


def _team(line: Line, number: int) -> str:
    manager = line.managers.get(number)
    if manager is None:
        return line.entries[number].department or ""
    above = line.above.get(number)
    department = line.entries[number if above is None else above].department
    return f"{department or 'team'} {team_mark(manager)}"


def team_mark(manager: str) -> str:
    """What tells the teams of a department apart: a few letters that hang on the manager's id."""
    return blake2b(manager.encode("utf-8", "surrogatepass"), digest_size=3).hexdigest()


def _problems_of(line: Line, source: str) -> Iterator[Problem]:
    entries = line.entries
    for number, reason in line.unknown.items():
        lost = f"{reason}; the level is left empty{_and_below(line.below[number] - 1)}"
        yield Problem(source, lost, entries[number].row, "manager", rejected=False)
    for circle in line.circles:
        round_trip = " reports to ".join(entries[each].person_id for each in (*circle, circle[0]))
        beside = _and_below(line.below[circle[0]] - len(circle))
        reason = f"the manager line runs in a circle: {round_trip}; their levels are left empty{beside}"
        yield Problem(source, reason, entries[circle[0]].row, "manager", rejected=False)
    tops = _current(line, line.tops)
    if len(tops) > 1:
        reason = f"{len(tops)} people have no manager and count as a top each: {_names(tops)}"
        yield Problem(source, reason, tops[1].row, "manager", rejected=False)
    alone = [entry for entry in _current(line, line.alone) if entry.level is None]
    if alone:
        reason = f"{len(alone)} people have neither a manager nor anybody below them and get no level: {_names(alone)}"
        yield Problem(source, reason, alone[0].row, "manager", rejected=False)


def _and_below(count: int) -> str:
    return f", here and for {count} below" if count else ""


def _current(line: Line, numbers: list[int]) -> list[Entry]:
    return [line.entries[number] for number in numbers if line.entries[number].valid_to is None]


def _names(entries: list[Entry]) -> str:
    shown = ", ".join(entry.person_id for entry in entries[:_SHOWN])
    return shown if len(entries) <= _SHOWN else f"{shown} and {len(entries) - _SHOWN} more"


def _aliases(entries: list[Entry], source: str, problems: list[Problem]) -> pd.DataFrame:
    """Every address and whose it is: a main address beats a further one, and of two claims the first."""
    taken: dict[str, str] = {}
    main = [(entry.email, entry) for entry in entries if entry.email]
    further = [(each, entry) for entry in entries for each in entry.aliases]
    for given, entry in (*main, *further):
        owner = taken.setdefault(given, entry.person_id)
        if owner != entry.person_id:
            reason = f"the address {given} is already {owner}'s; it was left with them"
            problems.append(Problem(source, reason, entry.row, "email", rejected=False))
    return tidy(ALIASES, pd.DataFrame(list(taken.items()), columns=ALIASES.given))
