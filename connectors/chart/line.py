"""The manager line: who reports to whom, how deep everybody is, and where it cannot be told."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from connectors.chart.entry import Entry, person_id_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass
class Line:
    """Entries, by their number, joined to those of their managers; an entry leads up to one other at most.

    `managers` holds the manager's id, or what stands there instead; `unknown` why nobody in the chart is meant;
    `circles` the entries that lead back to themselves; `tops` those without a manager whom others report to, and
    `alone` those whom nobody reports to.
    """

    entries: list[Entry]
    above: dict[int, int] = field(default_factory=dict)
    managers: dict[int, str] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    circles: list[list[int]] = field(default_factory=list)
    tops: list[int] = field(default_factory=list)
    alone: list[int] = field(default_factory=list)
    levels: dict[int, int | None] = field(default_factory=dict)
    below: Counter[int] = field(default_factory=Counter)

    @staticmethod
    def of(entries: Iterable[Entry]) -> Line:
        """The line of a chart, worked out."""
        line = Line(list(entries))
        line._join()
        line._find_tops()
        line._find_circles()
        line._measure()
        line._count()
        return line

    def _join(self) -> None:
        people = _People(self.entries)
        for number, entry in enumerate(self.entries):
            if entry.manager is None:
                continue
            found = people.called(entry.manager)
            if len(found) == 1:
                (self.managers[number],) = found
                self.above[number] = people.entry_at(self.managers[number], _last_day(entry))
            else:
                self.managers[number] = person_id_of(entry.manager)
                several = f"several people are called {entry.manager}"
                self.unknown[number] = several if found else f"{entry.manager} is not in the chart"

    def _find_tops(self) -> None:
        led = set(self.above.values())
        for number, entry in enumerate(self.entries):
            if entry.manager is None:
                is_top = number in led or len(self.entries) == 1
                (self.tops if is_top else self.alone).append(number)

    def _find_circles(self) -> None:
        seen: dict[int, int] = {}
        for begin in range(len(self.entries)):
            number: int | None = begin
            while number is not None and number not in seen:
                seen[number] = begin
                number = self.above.get(number)
            if number is not None and seen[number] == begin:
                self.circles.append([number, *self._around(number)])

    def _around(self, begin: int) -> Iterator[int]:
        number = self.above[begin]
        while number != begin:
            yield number
            number = self.above[number]

    def _measure(self) -> None:
        """The depth of every entry: given, 1 at a top, one more than the manager's, or unknown."""
        stuck = {each for circle in self.circles for each in circle} | set(self.unknown) | set(self.alone)
        for begin in range(len(self.entries)):
            path = [begin]
            while (number := path[-1]) not in self.levels:
                given = self.entries[number].level
                if given is not None or number in stuck or number not in self.above:
                    self.levels[number] = given if given is not None or number in stuck else 1
                else:
                    path.append(self.above[number])
            for number in reversed(path[:-1]):
                manager = self.levels[self.above[number]]
                self.levels[number] = None if manager is None else manager + 1

    def _count(self) -> None:
        """How many entries the line leads up from to each end of it; a circle is counted at its first entry."""
        ends = {each: circle[0] for circle in self.circles for each in circle}
        for begin in range(len(self.entries)):
            path = [begin]
            while path[-1] not in ends and path[-1] in self.above:
                path.append(self.above[path[-1]])
            end = ends.get(path[-1], path[-1])
            ends.update(dict.fromkeys(path, end))
        self.below = Counter(ends.values())


class _People:
    """The people of a chart by whatever they may be called."""

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = entries
        self._numbers: dict[str, list[int]] = defaultdict(list)
        self._called: dict[str, dict[str, None]] = defaultdict(dict)
        self._named: dict[str, dict[str, None]] = defaultdict(dict)
        for number, entry in enumerate(entries):
            self._numbers[entry.person_id].append(number)
            for each in (entry.email, *entry.aliases):
                if each:
                    self._called[each][entry.person_id] = None
            if entry.name:
                self._named[_folded(entry.name)][entry.person_id] = None

    def called(self, given: str) -> list[str]:
        """The ids of everybody it may mean: an id, else an address, else a name."""
        plain = person_id_of(given)
        if plain in self._numbers:
            return [plain]
        return list(self._called.get(plain) or self._named.get(_folded(given)) or ())

    def entry_at(self, person_id: str, day: date) -> int:
        """The person's entry on a day, or the nearest before it, or the first there is."""
        numbers = sorted(self._numbers[person_id], key=lambda number: self._entries[number].valid_from or date.min)
        begun = [number for number in numbers if (self._entries[number].valid_from or date.min) <= day]
        return begun[-1] if begun else numbers[0]


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _last_day(entry: Entry) -> date:
    return date.max if entry.valid_to is None else entry.valid_to - timedelta(days=1)
