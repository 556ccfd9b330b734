"""What a simulated organisation is to be like, and what is planted in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Topics:
    """Subjects with chains of meetings and the people they wait for; shares are of all people or of all topics.

    `critical` people are gates without a deputy, half of them busy and half quiet; `deputised` gates look the same
    but have somebody who stands in. The other casts are decoys.
    """

    per_person: float = 0.3
    issues_a_week: float = 0.8
    critical: float = 0.04
    deputised: float = 0.05
    busy_replaceable: float = 0.06
    cancel_happy: float = 0.03
    assistants: float = 0.03
    english: float = 0.4
    generic_titles: float = 0.15
    designed: float = 0.12
    failed_design: float = 0.08
    cyclic: float = 0.08
    crisis: float = 0.06
    case_work: float = 0.08
    gate_attends: float = 0.9
    stalls: float = 0.85
    piles_up: float = 0.6


@dataclass(frozen=True)
class Plan:
    """One organisation. Growth figures are relative over the whole window: 0.2 = a fifth more at the end.

    `step` at `step_week` comes on top of `growth`. `upward` is the growth of what the top two levels spend on ad-hoc
    process coordination, relative to the rest. `mix_change` adds managers (as a share of those there) and takes as
    many operators away. Shares of people or teams lie between 0 and 1; a week of -1 means never.
    """

    seed: int = 1
    people: int = 160
    weeks: int = 78
    start: date = date(2025, 1, 6)
    growth: float = 0.0
    upward: float = 0.0
    step: float = 0.0
    step_week: int = -1
    growth_by_series: float = 0.0
    mix_change: float = 0.0
    shock_sd: float = 0.10
    shock_phi: float = 0.5
    person_sd: float = 0.35
    part_time: float = 0.35
    turnover: float = 0.10
    holidays: bool = True
    leave: bool = True
    reorganisation_week: int = -1
    reorganisation_promotes: int = 0
    focus_adoption: float = 0.0
    standup_adoption: float = 0.0
    calendars_missing: float = 0.0
    calendars_joining: float = 0.0
    double_mailboxes: float = 0.0
    label_error: float = 0.0
    leave_visible: float = 1.0
    leave_titled_only: float = 0.0
    free_days_visible: float = 0.0
    accepted_on_leave: float = 0.6
    cancellations_deleted: float = 0.5
    moves_recorded: float = 0.5
    volume: float = 1.0
    topics: Topics | None = None


def realistic(seed: int, **changes: object) -> Plan:
    """The innocent circumstances of issue 5 all switched on: what a measure of drift has to stand."""
    innocent: dict[str, object] = {
        "reorganisation_week": 40,
        "focus_adoption": 0.5,
        "label_error": 0.15,
        "calendars_missing": 0.05,
    }
    return Plan(seed=seed, **(innocent | changes))  # type: ignore[arg-type]


def with_topics(
    seed: int, people: int = 200, weeks: int = 104, topics: Topics | None = None, **changes: object
) -> Plan:
    """An organisation for dependence: chains of meetings, gates and decoys, most of the leave to be seen."""
    usual: dict[str, object] = {"leave_visible": 0.85, "leave_titled_only": 0.2, "free_days_visible": 0.3}
    return Plan(seed=seed, people=people, weeks=weeks, topics=topics or Topics(), **(usual | changes))  # type: ignore[arg-type]


def sparse(seed: int, **changes: object) -> Plan:
    """A thin calendar: half the meetings, 30 % generic titles, 60 % of leave visible."""
    thin: dict[str, object] = {"topics": Topics(issues_a_week=0.4, generic_titles=0.3), "leave_visible": 0.6}
    return with_topics(seed, **(thin | changes))  # type: ignore[arg-type]


def everybody_has_a_deputy(seed: int, **changes: object) -> Plan:
    """Every gate has a deputy; nobody is critical."""
    return with_topics(seed, **({"topics": Topics(critical=0.0, deputised=0.09)} | changes))  # type: ignore[arg-type]


def nobody_critical(seed: int, **changes: object) -> Plan:
    """Topics without any gate: busy people, cancel-happy organisers and assistants only."""
    return with_topics(seed, **({"topics": Topics(critical=0.0, deputised=0.0)} | changes))  # type: ignore[arg-type]
