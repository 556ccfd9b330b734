"""The measures that read derived tables, asked of one snapshot of a store, which builds each such table once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.audit import label_error, reviewed_error
from analysis.clashes import double_booked
from analysis.drift import Drift, drift
from analysis.escalations import Escalations, escalations
from analysis.facts import facts
from analysis.focus import focus_days
from analysis.forums import Forums, forums
from analysis.habits import Habits, habits, marked
from analysis.load import load
from analysis.presence import presence
from analysis.roles import Roles, roles
from analysis.scope import EVERYBODY, Scope
from analysis.selfcheck import Check, self_checks
from analysis.shares import said_in, shares
from analysis.split import Split, corrected, split
from analysis.topics import Topics, topics

if TYPE_CHECKING:
    from analysis.period import Period
    from store.database import Snapshot
    from store.tables import Lazy


def facts_of(snapshot: Snapshot) -> Lazy:
    """The fact that most measures read."""
    return snapshot.keep("facts", facts)


def split_of(snapshot: Snapshot, period: Period, scope: Scope = EVERYBODY) -> Split:
    """Hours and shares per label in a scope, the shares corrected for wrong labels as far as their error is known."""
    days, tables = snapshot.keep("focus_days", focus_days), snapshot.tables()
    plain = split(tables, facts_of(snapshot), days, period, scope)
    said = said_in(tables, {part.label: part.hours for part in plain.labels}, period, scope)
    # A sample of everything says what is true of what was said; a part may hold another mix of labels.
    sampled = reviewed_error(tables) if scope == EVERYBODY else None
    error = sampled or label_error(tables)
    return corrected(plain, shares(said, error, sampled_here=sampled is not None), error)


def presence_of(snapshot: Snapshot) -> Lazy:
    """Who was in which meeting, which habits, roles, escalations and forums read."""
    return snapshot.keep("presence", presence)


def habits_of(snapshot: Snapshot, period: Period, scope: Scope = EVERYBODY) -> Habits:
    """How meetings are held in a scope."""
    there = presence_of(snapshot)
    marks = snapshot.keep("marked", lambda _: marked(there))
    doubles = snapshot.keep("double_booked", lambda _: double_booked(there))
    days = snapshot.keep("focus_days", focus_days)
    return habits(snapshot.tables(), there, marks, doubles, days, period, scope)


def topics_in(snapshot: Snapshot) -> Topics:
    """What meetings are about, worked out once for the whole store, whatever period or scope is asked for."""
    return snapshot.remember("topics", topics)


def roles_of(snapshot: Snapshot, period: Period, scope: Scope = EVERYBODY) -> Roles:
    """Designing, coordinating and doing, for a scope and everybody in it."""
    tables = snapshot.tables()
    return roles(tables, presence_of(snapshot), topics_in(snapshot).named(), period, scope)


def escalations_of(snapshot: Snapshot, period: Period, scope: Scope = EVERYBODY) -> Escalations:
    """Where escalations of a scope come from and where they end."""
    tables = snapshot.tables()
    return escalations(tables, presence_of(snapshot), topics_in(snapshot).named(), period, scope)


def forums_of(snapshot: Snapshot, period: Period, scope: Scope = EVERYBODY) -> Forums:
    """The forums in which somebody of a scope sits."""
    tables = snapshot.tables()
    return forums(tables, presence_of(snapshot), topics_in(snapshot).named(), period, scope)


def drift_of(
    snapshot: Snapshot, period: Period, scope: Scope = EVERYBODY, groups: tuple[tuple[int, ...], ...] | None = None
) -> Drift:
    """The weekly share of coordination in a scope and its slope; `groups` are levels to show together."""
    return drift(snapshot.tables(), facts_of(snapshot), period, scope, groups=groups)


def checks_of(snapshot: Snapshot, period: Period) -> tuple[Check, ...]:
    """The self-checks of everything in a period."""
    tables = snapshot.tables()
    return self_checks(tables, load(tables), split_of(snapshot, period))
