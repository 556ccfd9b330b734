"""The phases that the demo was made to go through, as its store remembers them; no other store has any."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from analysis.period import Period

# The setting, written when the demo is built.
PHASES = "story"


@dataclass(frozen=True)
class Phase:
    """One phase of the demo's story: its name and the whole weeks it lasts."""

    name: str
    period: Period


def read_phases(text: str) -> tuple[Phase, ...]:
    """The phases out of the setting; none where nothing was written down."""
    return tuple(_phase(each) for each in json.loads(text)) if text else ()


def _phase(written: dict[str, str]) -> Phase:
    return Phase(written["name"], Period(date.fromisoformat(written["from"]), date.fromisoformat(written["until"])))
