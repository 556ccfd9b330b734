"""Guest lists as vendors write them, line by line: each line is read by its bytes, and only once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Raw
from msgspec.json import Decoder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.copies import Line

_LINES = Decoder(list[Raw] | None)


def guests_on(written: bytes, known: Mapping[bytes, tuple[str, Line]]) -> dict[str, Line]:
    """Who stands on a list, by address; `known` reads one line. Somebody without an address goes by an empty one."""
    lines = [known[line] for line in map(bytes, _LINES.decode(written or b"null") or ())]
    guests = dict(lines)
    # Of somebody who is on it twice the first line counts.
    return guests if len(guests) == len(lines) else dict(reversed(lines))
