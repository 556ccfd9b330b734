"""The measures that read derived tables, asked of one snapshot of a store, which builds each such table once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.audit import label_error, reviewed_error
from analysis.bridges import Bridges, alone, bridges, tie_list
from analysis.dependence import Dependence, dependence
from analysis.drift import Drift, drift
from analysis.escalations import Escalations, chained, escalations
from analysis.facts import facts
from analysis.focus import focus_days
from analysis.forums import Forums, forums
from analysis.habits import Habits, habits, marked
from analysis.habits.clashes import double_booked
from analysis.load import load
from analysis.presence import presence
from analysis.roles import Roles, roles
from analysis.roles.roleweeks import RoleWeeks, role_weeks
from analysis.scope import EVERYBODY, Scope
from analysis.selfcheck import Check, self_checks
from analysis.shares import said_in, shares
from analysis.signals import Signals, TopicMeeting, meetings_on, signals
from analysis.split import Split, corrected, split
from analysis.stopping import Stopping, stopping
from analysis.topics import Topics, topics

if TYPE_CHECKING:
    import pandas as pd

    from analysis.period import Period
    from analysis.usual import Lately
    from store.held import Held
    from store.tables import Lazy


def facts_of(snapshot: Held) -> Lazy:
    """The fact that most measures read."""
    return snapshot.keep("facts", facts)


def split_of(snapshot: Held, period: Period, scope: Scope = EVERYBODY) -> Split:
    """Hours and shares per label in a scope, the shares corrected for wrong labels as far as their error is known."""
    days, tables = snapshot.keep("focus_days", focus_days), snapshot.tables()
    plain = split(tables, facts_of(snapshot), days, period, scope)
    said = said_in(tables, {part.label: part.hours for part in plain.labels}, period, scope)
    # A sample of everything says what is true of what was said; a part may hold another mix of labels.
    sampled = reviewed_error(tables) if scope == EVERYBODY else None
    error = sampled or label_error(tables)
    return corrected(plain, shares(said, error, sampled_here=sampled is not None), error)


def presence_of(snapshot: Held) -> Lazy:
    """Who was in which meeting, which habits, roles, escalations and forums read."""
    return snapshot.keep("presence", presence)


def habits_of(snapshot: Held, period: Period, scope: Scope = EVERYBODY) -> Habits:
    """How meetings are held in a scope."""
    there = presence_of(snapshot)
    marks = snapshot.keep("marked", lambda _: marked(there))
    doubles = snapshot.keep("double_booked", lambda _: double_booked(there))
    days = snapshot.keep("focus_days", focus_days)
    return habits(snapshot.tables(), there, marks, doubles, days, period, scope)


def topics_in(snapshot: Held) -> Topics:
    """What meetings are about, worked out once for the whole store, whatever period or scope is asked for."""
    return snapshot.remember("topics", topics)


def roles_of(snapshot: Held, period: Period, scope: Scope = EVERYBODY) -> Roles:
    """Designing, coordinating and doing, for a scope and everybody in it."""
    tables = snapshot.tables()
    return roles(tables, presence_of(snapshot), topics_in(snapshot).named(), period, scope)


def role_weeks_of(snapshot: Held, period: Period, when: Lately, scope: Scope = EVERYBODY) -> RoleWeeks:
    """The roles of a scope week by week, lately and as usual."""
    return role_weeks(snapshot.tables(), facts_of(snapshot), period, when, scope)


def signals_of(snapshot: Held, period: Period, scope: Scope = EVERYBODY) -> Signals:
    """The subjects that come back in a scope."""
    found = topics_in(snapshot)
    names = {topic.topic_id: topic.name for topic in found.groups}
    return signals(snapshot.tables(), presence_of(snapshot), found.members, names, period, scope)


def topic_meetings_of(snapshot: Held, topic_id: str, period: Period, scope: Scope) -> tuple[TopicMeeting, ...]:
    """The meetings of a scope on one subject, with their titles."""
    return meetings_on(snapshot.tables(), presence_of(snapshot), topics_in(snapshot).members, topic_id, period, scope)


def stopping_of(snapshot: Held, period: Period, when: Lately, scope: Scope = EVERYBODY) -> Stopping:
    """The series of a scope and what stopping them would free."""
    return stopping(snapshot.tables(), presence_of(snapshot), period, when, scope)


def chains_of(snapshot: Held, period: Period) -> pd.DataFrame:
    """Who was in which meeting of every chain that ended in an escalation."""
    return chained(presence_of(snapshot), topics_in(snapshot).named(), period)


def escalations_of(
    snapshot: Held, period: Period, scope: Scope = EVERYBODY, members: pd.DataFrame | None = None
) -> Escalations:
    """Where escalations of a scope come from and where they end; `members` are its `chains_of`, where known."""
    subjects = topics_in(snapshot).named()
    return escalations(snapshot.tables(), presence_of(snapshot), subjects, period, scope, members=members)


def forums_of(snapshot: Held, period: Period, scope: Scope = EVERYBODY) -> Forums:
    """The forums in which somebody of a scope sits."""
    tables = snapshot.tables()
    return forums(tables, presence_of(snapshot), topics_in(snapshot).named(), period, scope)


def bridges_of(snapshot: Held, period: Period) -> Bridges:
    """Bridges and doors of the whole organisation; ties cross every border, so there is no smaller scope."""
    return bridges(snapshot.tables(), presence_of(snapshot), topics_in(snapshot).named(), period)


def alone_in(snapshot: Held, period: Period) -> pd.DataFrame:
    """Per person the pairs of units tied through that person alone: person_id, pairs, hours."""
    return alone(tie_list(snapshot.tables(), presence_of(snapshot), period))


def dependence_of(snapshot: Held, period: Period) -> Dependence:
    """Everybody's dependence card, and how concentrated dependence is."""
    return dependence(snapshot.tables(), topics_in(snapshot).members, period, alone_in(snapshot, period))


def drift_of(
    snapshot: Held, period: Period, scope: Scope = EVERYBODY, groups: tuple[tuple[int, ...], ...] | None = None
) -> Drift:
    """The weekly share of coordination in a scope and its slope; `groups` are levels to show together."""
    return drift(snapshot.tables(), facts_of(snapshot), period, scope, groups=groups)


def checks_of(snapshot: Held, period: Period) -> tuple[Check, ...]:
    """The self-checks of everything in a period."""
    tables = snapshot.tables()
    return self_checks(tables, load(tables), split_of(snapshot, period))
