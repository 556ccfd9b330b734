"""The measures that read derived tables, asked of one snapshot of a store, which builds each such table once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.audit import known_error, reviewed_error
from analysis.bridges import Bridges, alone, bridges, tie_list
from analysis.dependence import Dependence, Stalling, dependence, stalling
from analysis.drift import Drift, drift
from analysis.escalations import Escalations, escalations
from analysis.facts import added_up, facts
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
from analysis.weeklevels import WeekLevels, week_level_shares

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from analysis.labelerror import LabelError
    from analysis.period import Period
    from analysis.usual import Lately
    from store.held import Held
    from store.tables import Lazy, Tables


KEPT_TABLES = ("presence", "facts", "focus_days", "marked", "double_booked")
"""The derived tables that answers about one person read; see `prepare`."""


def facts_of(snapshot: Held) -> Lazy:
    """The fact that most measures read."""
    return snapshot.keep("facts", facts)


def prepare(snapshot: Held) -> tuple[Callable[[], object], ...]:
    """The derived tables that all other answers read, one piece of work each, in the order in which they are needed."""

    def facts_from_presence() -> Lazy:
        # The same rows as `facts` adds up, without sharing overlaps a second time.
        there = presence_of(snapshot)
        return snapshot.keep("facts", lambda _: added_up(there))

    return (
        lambda: presence_of(snapshot),
        facts_from_presence,
        lambda: _focus_days_of(snapshot),
        lambda: errors_of(snapshot),
        lambda: topics_in(snapshot),
        lambda: _marked_of(snapshot),
        lambda: _doubles_of(snapshot),
    )


def errors_of(snapshot: Held) -> tuple[LabelError | None, LabelError | None]:
    """How labels err: counted on reviews of a sample of everything, and the error to undo in a part of it."""

    def work_out(tables: Tables) -> tuple[LabelError | None, LabelError | None]:
        reviewed = reviewed_error(tables)
        return reviewed, known_error(tables, reviewed)

    return snapshot.remember("label errors", work_out)


def _focus_days_of(snapshot: Held) -> Lazy:
    return snapshot.keep("focus_days", focus_days)


def _marked_of(snapshot: Held) -> Lazy:
    there = presence_of(snapshot)
    return snapshot.keep("marked", lambda _: marked(there))


def _doubles_of(snapshot: Held) -> Lazy:
    there = presence_of(snapshot)
    return snapshot.keep("double_booked", lambda _: double_booked(there))


def split_of(snapshot: Held, period: Period, scope: Scope = EVERYBODY) -> Split:
    """Hours and shares per label in a scope, the shares corrected for wrong labels as far as their error is known."""
    days, tables = _focus_days_of(snapshot), snapshot.tables()
    plain = split(tables, facts_of(snapshot), days, period, scope)
    said = said_in(tables, {part.label: part.hours for part in plain.labels}, period, scope)
    # A sample of everything says what is true of what was said; a part may hold another mix of labels.
    reviewed, known = errors_of(snapshot)
    sampled = reviewed if scope == EVERYBODY else None
    error = sampled or known
    return corrected(plain, shares(said, error, sampled_here=sampled is not None), error)


def levels_of(snapshot: Held, period: Period, scope: Scope = EVERYBODY) -> WeekLevels:
    """Hours and people of a scope per week, level and label."""
    return week_level_shares(facts_of(snapshot), period, scope)


def presence_of(snapshot: Held) -> Lazy:
    """Who was in which meeting, which habits, roles, escalations and forums read."""
    return snapshot.keep("presence", presence)


def habits_of(snapshot: Held, period: Period, scope: Scope = EVERYBODY) -> Habits:
    """How meetings are held in a scope."""
    there = presence_of(snapshot)
    marks, doubles, days = _marked_of(snapshot), _doubles_of(snapshot), _focus_days_of(snapshot)
    return habits(snapshot.tables(), there, marks, doubles, days, period, scope)


def topics_in(snapshot: Held) -> Topics:
    """What meetings are about, worked out once for the whole store, whatever period or scope is asked for."""
    return snapshot.remember("topics", topics)


def roles_of(snapshot: Held, period: Period, scope: Scope = EVERYBODY) -> Roles:
    """Designing, coordinating and doing, for a scope and everybody in it."""
    tables = snapshot.tables()
    return roles(tables, presence_of(snapshot), topics_in(snapshot).named(), period, scope)


def everybodys_roles(snapshot: Held, period: Period) -> Roles:
    """The roles of the whole organisation, worked out once for a period: everybody's peers are in it."""
    return snapshot.remember(f"roles {period}", lambda _: roles_of(snapshot, period))


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


def escalations_of(snapshot: Held, period: Period, scope: Scope = EVERYBODY) -> Escalations:
    """Where escalations of a scope come from and where they end."""
    subjects = topics_in(snapshot).named()
    return escalations(snapshot.tables(), presence_of(snapshot), subjects, period, scope)


def forums_of(snapshot: Held, period: Period, scope: Scope = EVERYBODY) -> Forums:
    """The forums in which somebody of a scope sits."""
    tables = snapshot.tables()
    return forums(tables, presence_of(snapshot), topics_in(snapshot).named(), period, scope)


def bridges_of(snapshot: Held, period: Period) -> Bridges:
    """Bridges and doors of the whole organisation; ties cross every border, so there is no smaller scope."""
    return snapshot.remember(
        f"bridges {period}",
        lambda tables: bridges(tables, presence_of(snapshot), topics_in(snapshot).named(), period),
    )


def alone_in(snapshot: Held, period: Period) -> pd.DataFrame:
    """Per person the pairs of units tied through that person alone: person_id, pairs, hours."""
    return alone(tie_list(snapshot.tables(), presence_of(snapshot), period))


def dependence_of(snapshot: Held, period: Period) -> Dependence:
    """Everybody's dependence card, and how concentrated dependence is."""
    return snapshot.remember(
        f"dependence {period}",
        lambda tables: dependence(tables, topics_in(snapshot).members, period, alone_in(snapshot, period)),
    )


def stalling_of(snapshot: Held, period: Period) -> Stalling:
    """Everybody's standing tables, and for whom each stands still."""
    return snapshot.remember(f"stalling {period}", lambda tables: stalling(tables, period))


def drift_of(snapshot: Held, period: Period, scope: Scope = EVERYBODY) -> Drift:
    """The weekly share of coordination in a scope and its slope."""
    error = errors_of(snapshot)[1]
    return drift(snapshot.tables(), facts_of(snapshot), period, scope, error=error)


def checks_of(snapshot: Held, period: Period) -> tuple[Check, ...]:
    """The self-checks of everything in a period."""
    tables = snapshot.tables()
    return self_checks(tables, load(tables), split_of(snapshot, period))
