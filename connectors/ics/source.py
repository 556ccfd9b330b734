"""Calendar files as a source: one file is one mailbox."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import icalendar

from connectors.contract import Pull, Window
from connectors.ics import limits
from connectors.ics.content import first
from connectors.ics.details import read_details
from connectors.ics.effort import Effort
from connectors.ics.limits import RejectedError
from connectors.ics.people import Owner
from connectors.ics.recurrence import Expansion, Meeting, expand, single
from connectors.ics.rows import Rows
from connectors.ics.scan import Block, Findings, blocks, open_lines
from connectors.ics.timing import Timing, read_timing
from connectors.ics.zones import Zones
from connectors.identity import address
from store.errors import BadInput, Problem, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

SUFFIXES = (".ics", ".ical", ".ifb", ".icalendar")
_BEFORE = datetime(limits.FIRST_YEAR, 1, 1)  # noqa: DTZ001 - the tables hold naive times
_AFTER = datetime(limits.LAST_YEAR + 1, 1, 1)  # noqa: DTZ001
# What an expansion of a rule that passed every check may still find wrong with it.
_UNEXPANDABLE = (ValueError, TypeError, OverflowError, KeyError, IndexError, AttributeError)


@dataclass(frozen=True)
class IcsSource:
    """A calendar file, or a folder of them, and whose they are.

    `me` lists the owner's addresses: with them the owner attends every meeting in the files, also unlisted ones.
    """

    path: Path
    me: tuple[str, ...] = ()
    timezone: str = "Europe/Amsterdam"

    def __post_init__(self) -> None:
        if self.timezone not in available_timezones():
            raise BadInput(f"{self.timezone} is not a time zone; name one as in Europe/Amsterdam")
        if not self.path.exists():
            raise BadInput(f"there is no file or folder {self.path}")

    @property
    def name(self) -> str:
        """The word for this source."""
        return "ics"

    def mailboxes(self) -> Iterator[str]:
        """Every calendar file below the folder by its relative name, or the one file."""
        if not self.path.is_dir():
            yield self.path.name
            return
        found = (path for path in self.path.rglob("*") if path.suffix.lower() in SUFFIXES)
        names = (path.relative_to(self.path).as_posix() for path in found if path.is_file() and path.name[:2] != "._")
        yield from sorted(names)

    def pull(self, mailbox: str, window: Window, token: str | None = None) -> Pull:  # noqa: ARG002
        """Everything one file holds in the window."""
        path = self._file(mailbox)
        try:
            text = _Text(path.stat().st_size, partial(open_lines, path))
            return _FileReader(text, mailbox, _owner(self.me), self.timezone, _sensible(window)).read()
        except OSError as error:
            raise Unreachable(f"{mailbox} cannot be read: {error.strerror or 'the disk does not answer'}") from None

    def _file(self, mailbox: str) -> Path:
        path = self.path / mailbox if self.path.is_dir() else self.path
        if not path.resolve().is_relative_to(self.path.resolve()) or not path.is_file():
            raise BadInput(f"there is no calendar file {mailbox} in {self.path}")
        return path


def read_calendars(text: bytes, name: str, me: Iterable[str], timezone: str, window: Window, source: str) -> Pull:
    """Everything that calendars in memory hold in the window, one VCALENDAR after the other; `name` is for problems."""
    return _FileReader(
        _Text(len(text), partial(BytesIO, text)), name, _owner(me), timezone, _sensible(window), source
    ).read()


def _owner(me: Iterable[str]) -> Owner:
    return Owner(tuple(dict.fromkeys(address(each) for each in me if each.strip())))


def _sensible(window: Window) -> Window:
    return Window(max(window.start, _BEFORE), min(window.end, _AFTER))


class _Text(NamedTuple):
    """Calendar text wherever it lies: how much of it there is, and a way to read it again from the start."""

    size: int
    open: Callable[[], BinaryIO]


@dataclass
class _Calendar:
    """One VCALENDAR of a file: what it is about and the zones it defines."""

    zones: Zones
    method: str = ""


@dataclass
class _FileReader:
    """One file on its way to rows: zones first, then the time of every event, then what the window needs."""

    text: _Text
    name: str
    owner: Owner
    timezone: str
    window: Window
    source: str = "ics"
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    effort: Effort = field(default_factory=Effort)
    calendars: dict[int, _Calendar] = field(default_factory=dict)
    groups: dict[str, list[Timing]] = field(default_factory=lambda: defaultdict(list))

    def read(self) -> Pull:
        self.counts.update(files=1, events=0, occurrences=0, rejected=0)
        rows = Rows(self.owner, self.timezone, self.source)
        if self.text.size > limits.FILE_BYTES:
            self._reject(f"it is larger than {limits.FILE_BYTES // 1024**3} GB; export a shorter span")
        else:
            icalendar.use_zoneinfo()  # type: ignore[no-untyped-call]  # forgets the zones that an earlier file defined under the same names
            self._read_calendars()
            self._read_events()
            self._fill(rows)
            self._report_zones()
        self.counts["occurrences"] = len(rows.meetings)
        return Pull(rows.batch(), self._told(), owner=self.owner.person_id, counts=self.counts)

    def _read_calendars(self) -> None:
        """Zones and headers may stand behind the events that use them, so they are read first."""
        for block in self._blocks(Findings(), frozenset({"VTIMEZONE", "VCALENDAR"})):
            calendar = self._calendar(block.calendar)
            if block.kind == "VTIMEZONE":
                calendar.zones.define(block.text)
            elif method := first(block, "METHOD"):
                calendar.method = method.value.strip().upper()
            elif zone := first(block, "X-WR-TIMEZONE"):
                calendar.zones.preferred = zone.value
        for calendar in self.calendars.values():
            calendar.zones.settle()

    def _calendar(self, number: int) -> _Calendar:
        if number not in self.calendars:
            self.calendars[number] = _Calendar(Zones(ZoneInfo(self.timezone)))
        return self.calendars[number]

    def _blocks(self, findings: Findings, kinds: frozenset[str]) -> Iterator[Block]:
        with self.text.open() as stream:
            yield from blocks(stream, findings, kinds)

    def _read_events(self) -> None:
        findings = Findings()
        for block in self._blocks(findings, frozenset({"VEVENT"})):
            self.counts["events"] += 1
            try:
                self._read_event(block)
            except RejectedError as rejected:
                self._reject(str(rejected), block.line)
        self._report_findings(findings)

    def _read_event(self, block: Block) -> None:
        if block.fault:
            raise RejectedError(block.fault)
        if self.counts["events"] > limits.EVENTS:
            raise RejectedError(f"the file holds more than {limits.EVENTS:,} events; export a shorter span")
        timing = read_timing(block, self._calendar(block.calendar).zones)
        seen = timing.recurs or single(timing, self.window)
        # What lies outside the window still outdates older copies, but nobody will ask for the rest of it.
        self.groups[timing.uid].append(timing if seen else replace(timing, block=None))

    def _fill(self, rows: Rows) -> None:
        outdated = 0
        for versions in self.groups.values():
            try:
                expansion = self._expand(versions)
                self._add(rows, expansion)
            except RejectedError as rejected:
                self._reject(str(rejected), versions[0].line, len(versions))
                continue
            outdated += expansion.outdated
            if expansion.cut:
                reason = f"the series has more than {limits.OCCURRENCES:,} meetings in this span; the rest was not read"
                self._note(reason, versions[0].line)
        if outdated:
            self._note(f"older copies of events that are in the file again, left for the newest: {outdated}")

    def _expand(self, versions: list[Timing]) -> Expansion:
        if len(versions) == 1 and not versions[0].recurs:
            return Expansion(single(versions[0], self.window))
        try:
            return expand(versions, self.window, self.effort)
        except _UNEXPANDABLE:
            raise RejectedError("its recurrence cannot be worked out") from None

    def _add(self, rows: Rows, expansion: Expansion) -> None:
        by_version: dict[int, list[Meeting]] = defaultdict(list)
        for meeting in expansion.meetings:
            by_version[meeting.timing.line].append(meeting)
        for meetings in by_version.values():
            timing = meetings[0].timing
            if timing.block is None:
                continue
            method = self._calendar(timing.block.calendar).method
            details = read_details(timing, timing.block, self.owner, method)
            rows.add(meetings, details, recurs=meetings[0].original is not None)

    def _report_findings(self, findings: Findings) -> None:
        if not findings.calendars and not findings.components:
            empty = "it is empty" if not self.text.size else "it is not a calendar file"
            self._reject(empty)
            return
        if findings.components and not self.counts["events"]:
            self._note("it holds no events, only free times, tasks or time zones")
        if findings.stray:
            self._note(f"lines that are not calendar text and were skipped: {findings.stray}", findings.first_stray)
        if findings.cut:
            self._note(f"lines longer than 1 MB that were cut: {findings.cut}", findings.first_cut)

    def _report_zones(self) -> None:
        for calendar in self.calendars.values():
            for name, lines in calendar.zones.unknown.items():
                used = calendar.zones.fallback
                reason = f"the time zone {name or 'without a name'} is unknown; events read in {used}: {len(lines)}"
                self._note(reason, min(lines))

    def _reject(self, reason: str, line: int | None = None, events: int = 1) -> None:
        self.counts["rejected"] += events
        self.problems.append(Problem(self.name, reason, line))

    def _note(self, reason: str, line: int | None = None) -> None:
        self.problems.append(Problem(self.name, reason, line, rejected=False))

    def _told(self) -> tuple[Problem, ...]:
        more = len(self.problems) - limits.PROBLEMS
        if more <= 0:
            return tuple(self.problems)
        return *self.problems[: limits.PROBLEMS], Problem(self.name, f"and {more:,} more of such problems")
