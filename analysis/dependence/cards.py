"""What is said about one person: a score that is the sum of its parts, with an interval and reasons in numbers."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Parts:
    """Log-odds by kind of evidence; they add up to the log-odds of the score.

    prior: before any evidence; volume: meetings that lean on the person; absence: work not held while away;
    disruption: plans moved or cancelled then; rebound: more than usual after the return; escalation: topics escalated
    while away; substitution: below zero where somebody stood in; bridges: unit pairs tied through this person alone.
    """

    prior: float
    volume: float
    absence: float
    disruption: float
    rebound: float
    escalation: float
    substitution: float
    bridges: float


@dataclass(frozen=True)
class Waiting:
    """Meetings a week that wait while away (volume x stall), with a 90 % interval."""

    meetings: float
    low: float
    high: float
    volume: float
    stall: float


@dataclass(frozen=True)
class Reason:
    """A sentence in numbers; the reader's language is chosen where it is shown. `topic_id` says about which topic."""

    code: str
    numbers: dict[str, float]
    topic_id: str | None = None


@dataclass(frozen=True)
class Card:
    """One person's dependence: how likely work is to wait for this person, 0 to 1, with a 90 % interval.

    `flagged` means that the score is above one half, that placebo absences hardly ever show as much (p_value), and
    that there is enough to go on; `q_value` is the false discovery rate among all who have enough data. A card without
    enough data says nothing: it is unknown and never safe.
    """

    person_id: str
    score: float
    low: float
    high: float
    enough_data: bool
    flagged: bool
    p_value: float
    q_value: float
    parts: Parts
    waiting: Waiting
    reasons: tuple[Reason, ...] = field(default=())
