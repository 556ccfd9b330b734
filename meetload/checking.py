"""What `meetload doctor` looks at: this machine, and whether the figures of a store add up."""

from __future__ import annotations

import platform
from collections import defaultdict
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from analysis.facts import facts
from analysis.focus import focus_days
from analysis.load import load
from analysis.selfcheck import self_checks
from analysis.split import split

if TYPE_CHECKING:
    from analysis.period import Period
    from analysis.selfcheck import Check
    from store.database import Store

SENTENCES = {
    "hours_per_day": "the fullest day of anybody has {most} meeting hours (at most 24)",
    "shares_sum": "the shares of the labels add up to {sum}",
    "known_series": (
        "the longest series has {occurrences} occurrences in {weeks} weeks (usually {a_week} a week), "
        "{twice} of them twice"
    ),
    "coverage": "{seen} of {people} people have a calendar to read",
}


@dataclass(frozen=True)
class Finding:
    """One check in words."""

    holds: bool
    sentence: str


def machine() -> list[str]:
    """What runs here: the lines that a report of a fault needs."""
    parts = ", ".join(f"{name} {version(name)}" for name in ("meetload", "duckdb", "pandas", "dash"))
    return [f"Python {platform.python_version()} on {platform.system()}; {parts}"]


def check_store(store: Store, period: Period) -> list[Finding]:
    """The self-checks of a store over a period."""
    snapshot = store.snapshot()
    tables = snapshot.tables()
    whole = split(tables, snapshot.keep("facts", facts), snapshot.keep("focus_days", focus_days), period)
    return [_in_words(check) for check in self_checks(tables, load(tables), whole)]


def _in_words(check: Check) -> Finding:
    return Finding(check.holds, SENTENCES[check.code].format_map(defaultdict(lambda: "?", check.numbers)))
