"""Time zones by the names files give them: Olson, Windows, the file's own definition, or none that anybody knows."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from connectors.ics import limits
from connectors.ics.clock import clock
from connectors.ics.content import decoded, plain

if TYPE_CHECKING:
    from datetime import tzinfo


@cache
def _olson() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


def well_known(name: str) -> tzinfo | None:
    """The zone of an Olson or Windows name.

    >>> well_known("W. Europe Standard Time").key
    'Europe/Berlin'
    """
    cleaned = name.strip().strip("/")
    key = _olson().get(cleaned.lower()) or WINDOWS_TO_OLSON.get(cleaned)
    return ZoneInfo(key) if key else None


def _vendor_suffix(name: str) -> tzinfo | None:
    """The zone behind a vendor's prefix, as in /example.com/2024/Europe/Berlin (RFC 5545, 3.2.19)."""
    parts = name.strip().strip("/").split("/")
    for position in range(1, len(parts)):
        key = _olson().get("/".join(parts[position:]).lower())
        if key:
            return ZoneInfo(key)
    return None


class Zones:
    """The zones of one calendar in one file; remembers which names nobody knows and which events used them."""

    def __init__(self, fallback: tzinfo) -> None:
        self.fallback = fallback
        self.preferred = ""
        self.unknown: dict[str, set[int]] = defaultdict(set)
        self._found: dict[str, tzinfo | None] = {}
        self._defined: dict[str, list[bytes]] = {}

    def define(self, lines: list[bytes]) -> None:
        """Take in a VTIMEZONE; it is built when an event first asks for it."""
        if len(self._defined) >= limits.ZONES:
            return
        for line in lines:
            if line[:5].upper() in (b"TZID:", b"TZID;"):
                self._defined[_name(plain(decoded(line.partition(b":")[2])))] = lines
                return

    def settle(self) -> None:
        """Once all is defined: what names no zone of its own stands in the preferred one, where that is understood."""
        if self.preferred:
            self.fallback = self._find(_name(self.preferred)) or self.fallback

    def named(self, name: str, line: int) -> tzinfo:
        """The zone of that name, or the fallback, noting that it was needed for the event on that line."""
        cleaned = _name(name)
        if cleaned not in self._found:
            self._found[cleaned] = self._find(cleaned)
        zone = self._found[cleaned]
        if zone is None:
            self.unknown[cleaned].add(line)
            return self.fallback
        return zone

    def _find(self, name: str) -> tzinfo | None:
        return well_known(name) or self._from_file(name) or _vendor_suffix(name)

    def _from_file(self, name: str) -> tzinfo | None:
        lines = self._defined.get(name)
        return clock(name, lines) if lines else None


def _name(value: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "", value).strip().strip('"')[:200]
