"""The measures that read derived tables, asked of one snapshot of a store, which builds each such table once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.drift import Drift, drift
from analysis.facts import facts
from analysis.focus import focus_days
from analysis.load import load
from analysis.scope import EVERYBODY, Scope
from analysis.selfcheck import Check, self_checks
from analysis.split import Split, split

if TYPE_CHECKING:
    from analysis.period import Period
    from store.database import Snapshot
    from store.tables import Lazy


def facts_of(snapshot: Snapshot) -> Lazy:
    """The fact that most measures read."""
    return snapshot.keep("facts", facts)


def split_of(snapshot: Snapshot, period: Period, scope: Scope = EVERYBODY) -> Split:
    """Hours and shares per label in a scope."""
    days = snapshot.keep("focus_days", focus_days)
    return split(snapshot.tables(), facts_of(snapshot), days, period, scope)


def drift_of(
    snapshot: Snapshot, period: Period, scope: Scope = EVERYBODY, groups: tuple[tuple[int, ...], ...] | None = None
) -> Drift:
    """The weekly share of coordination in a scope and its slope; `groups` are levels to show together."""
    return drift(snapshot.tables(), facts_of(snapshot), period, scope, groups=groups)


def checks_of(snapshot: Snapshot, period: Period) -> tuple[Check, ...]:
    """The self-checks of everything in a period."""
    tables = snapshot.tables()
    return self_checks(tables, load(tables), split_of(snapshot, period))
