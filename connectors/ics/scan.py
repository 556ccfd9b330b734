"""A file split into its events, time zones and headers, without trusting a single line of it (RFC 5545, 3.1 and 3.6).

One broken event costs itself only. Memory is bounded by the limits, whatever the file holds.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from connectors.ics import limits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEADERS = ("METHOD", "X-WR-TIMEZONE")
TIMING = ("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE", "DTSTAMP")
DETAILS = (
    *("SUMMARY", "DESCRIPTION", "LOCATION", "URL", "CONFERENCE", "STATUS", "CLASS", "TRANSP", "CREATED"),
    *("LAST-MODIFIED", "ORGANIZER", "ATTENDEE", "X-MICROSOFT-CDO-BUSYSTATUS", "X-GOOGLE-CONFERENCE"),
    *("X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-ONLINEMEETINGCONFLINK"),
)
WANTED = {name.encode(): name for name in (*HEADERS, *TIMING, *DETAILS)}
TOP = (b"VEVENT", b"VTIMEZONE", b"VTODO", b"VJOURNAL", b"VFREEBUSY")
_LINE = re.compile(rb"([A-Za-z0-9-]+)[;:]")


@dataclass
class Block:
    """One component of a file: which calendar of the file it stands in, where, and its properties as raw lines."""

    kind: str
    calendar: int
    line: int
    properties: dict[str, list[bytes]] = field(default_factory=dict)
    text: list[bytes] = field(default_factory=list)
    size: int = 0
    fault: str = ""


@dataclass
class Findings:
    """What stood between the components: is it a calendar at all, and which lines say nothing."""

    calendars: int = 0
    components: int = 0
    stray: int = 0
    first_stray: int = 0
    cut: int = 0
    first_cut: int = 0

    def note_stray(self, line: int) -> None:
        """Count one line that is not calendar text."""
        self.stray += 1
        self.first_stray = self.first_stray or line


def open_lines(path: Path) -> BinaryIO:
    """The file as bytes with a line a line, whatever its encoding and its line ends are."""
    with path.open("rb") as file:
        head = file.read(65536)
    wide = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}.get(head[:2])
    if wide is not None:
        return _Transcoded(path.open(encoding=wide, errors="replace", newline=None), "utf-8")
    if b"\n" not in head and b"\r" in head:
        return _Transcoded(path.open(encoding="latin-1", newline=None), "latin-1")
    return path.open("rb")


class _Transcoded(io.BufferedIOBase, BinaryIO):
    """A text stream read as bytes again, so that everything behind it sees one kind of file."""

    def __init__(self, text: io.TextIOWrapper, encoding: str) -> None:
        self._text, self._encoding = text, encoding

    def readline(self, size: int | None = -1, /) -> bytes:
        return self._text.readline(-1 if size is None else size).encode(self._encoding, "replace")

    def close(self) -> None:
        self._text.close()
        super().close()


def unfolded(stream: BinaryIO, findings: Findings) -> Iterator[tuple[int, bytes]]:
    """Logical lines with the number of their first physical line; longer ones than the limit are cut and counted."""
    number, begun, length = 0, 0, 0
    parts: list[bytes] = []
    inside_long = False
    for raw in iter(partial(stream.readline, limits.LINE_BYTES), b""):
        ended = raw.endswith(b"\n")
        if inside_long:
            inside_long = not ended
            continue
        inside_long = not ended and len(raw) >= limits.LINE_BYTES
        number += 1
        line = raw.rstrip(b"\r\n")
        if not line:
            continue
        if line[0] in b" \t" and parts:
            if length + len(line) <= limits.LINE_BYTES:
                parts.append(line[1:])
            elif length <= limits.LINE_BYTES:
                _note_cut(findings, begun)
            length += len(line)
        else:
            if parts:
                yield begun, b"".join(parts)
            begun, parts, length = number, [line], len(line)
        if inside_long:
            _note_cut(findings, begun)
            length = limits.LINE_BYTES + 1
    if parts:
        yield begun, b"".join(parts)


def _note_cut(findings: Findings, line: int) -> None:
    findings.cut += 1
    findings.first_cut = findings.first_cut or line


def blocks(stream: BinaryIO, findings: Findings, kinds: frozenset[str]) -> Iterator[Block]:
    """The components of these kinds in the order of the file, broken ones with their `fault`; headers as VCALENDAR."""
    scanner = _Scanner(findings, kinds)
    number = 0
    for number, logical in unfolded(stream, findings):
        line = logical.replace(b"\0", b"") if b"\0" in logical else logical
        start = line[:6].upper()
        if start == b"BEGIN:":
            done = scanner.begin(line[6:].strip().upper(), number)
        elif start[:4] == b"END:":
            done = scanner.end(line[4:].strip().upper(), number)
        else:
            done = scanner.property(line, number)
        if done is not None and done.kind in kinds:
            yield done
    last = scanner.broken("the file ends before its END")
    if last is not None and last.kind in kinds:
        yield last


class _Scanner:
    """Where in the nesting of components the file is; each step hands back the component it finished, if any."""

    def __init__(self, findings: Findings, kinds: frozenset[str]) -> None:
        self.findings = findings
        self.kinds = kinds
        self.current: Block | None = None
        self.inner: list[bytes] = []

    def begin(self, name: bytes, number: int) -> Block | None:
        """A component begins: inside an event it is a part of it, unless it can only stand on its own."""
        if self.current is not None and name not in TOP and name != b"VCALENDAR":
            if len(self.inner) < 50:
                self.inner.append(name)
            self._keep_whole(b"BEGIN:" + name)
            return None
        unfinished = self.broken(f"its END is missing before line {number}")
        if name == b"VCALENDAR":
            self.findings.calendars += 1
        else:
            self._open(name, number)
        return unfinished

    def _open(self, name: bytes, number: int) -> None:
        self.findings.components += name in TOP
        self.current = Block(name.decode("ascii", "replace"), self.findings.calendars, number)
        self._keep_whole(b"BEGIN:" + name)

    def end(self, name: bytes, number: int) -> Block | None:
        """A component ends; an END that closes nothing is a stray line."""
        if self.current is None:
            if name != b"VCALENDAR":
                self.findings.note_stray(number)
            return None
        if name in self.inner:
            while self.inner.pop() != name:
                pass
            self._keep_whole(b"END:" + name)
            return None
        if name == b"VCALENDAR":
            return self.broken(f"its END is missing before line {number}")
        if name.decode("ascii", "replace") != self.current.kind:
            self.findings.note_stray(number)
            return None
        self._keep_whole(b"END:" + name)
        return self._close()

    def property(self, line: bytes, number: int) -> Block | None:
        """A property: kept when something reads it; a line that is none is counted."""
        match = _LINE.match(line)
        if match is None:
            if line.strip():
                self.findings.note_stray(number)
            return None
        if self.current is None:
            return self._header(match[1].upper(), line, number)
        self._grow(len(line))
        if self.current.kind == "VEVENT":
            if not self.inner and "VEVENT" in self.kinds:
                self._keep(match[1].upper(), line)
        else:
            self._keep_whole(line)
        return None

    def _header(self, name: bytes, line: bytes, number: int) -> Block | None:
        wanted = WANTED.get(name)
        if wanted not in HEADERS:
            return None
        return Block("VCALENDAR", self.findings.calendars, number, {wanted: [line]})

    def _keep(self, name: bytes, line: bytes) -> None:
        wanted = WANTED.get(name)
        if wanted is None or self.current is None or self.current.fault:
            return
        lines = self.current.properties.setdefault(wanted, [])
        lines.append(line)
        if wanted == "ATTENDEE" and len(lines) > limits.ATTENDEES:
            self._refuse(f"it has more than {limits.ATTENDEES:,} attendees")

    def _keep_whole(self, line: bytes) -> None:
        if self.current is not None and self.current.kind == "VTIMEZONE" and "VTIMEZONE" in self.kinds:
            self.current.text.append(line)

    def _grow(self, size: int) -> None:
        if self.current is not None:
            self.current.size += size
            if self.current.size > limits.EVENT_BYTES and not self.current.fault:
                self._refuse(f"it is larger than {limits.EVENT_BYTES // 1_000_000} MB")

    def _refuse(self, reason: str) -> None:
        if self.current is not None:
            self.current.fault = reason
            self.current.properties, self.current.text = {}, []

    def broken(self, reason: str) -> Block | None:
        """The component that never ended, marked as such."""
        if self.current is not None and not self.current.fault:
            self._refuse(reason)
        return self._close()

    def _close(self) -> Block | None:
        done, self.current, self.inner = self.current, None, []
        return done
