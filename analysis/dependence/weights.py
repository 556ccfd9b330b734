"""Every weight of the dependence score in one place, open to inspection and change; see docs/measures.md."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Weights:
    """Settings of the dependence measure.

    prior is the log-odds before any evidence, for somebody on whom `usual_volume` meetings a week lean. `stalls` is the
    share of a carried topic's meetings that is not held while an indispensable person is away, `disrupted` how often
    planned ones are moved or cancelled then, `rebounds` how much more is held after the return, `escalates` how many
    times as often the topic is escalated. Kinds of absence count for `planned`, `unplanned`, `inferred` and `free_day`.
    """

    prior: float = -2.6
    volume: float = 1.3
    usual_volume: float = 0.5
    least_volume: float = 0.03
    carried: float = 0.25
    stalls: float = 0.65
    disrupted: float = 0.40
    rebounds: float = 0.35
    escalates: float = 1.5
    planned: float = 1.0
    unplanned: float = 1.0
    inferred: float = 0.75
    free_day: float = 0.25
    absence: float = 1.0
    disruption: float = 1.0
    rebound: float = 0.5
    escalation: float = 0.5
    substitution: float = 1.0
    bridges: float = 0.1
    absence_bounds: tuple[float, float] = (-4.0, 6.0)
    disruption_bounds: tuple[float, float] = (-4.0, 6.0)
    rebound_bounds: tuple[float, float] = (-2.0, 3.0)
    escalation_bounds: tuple[float, float] = (-1.0, 2.0)
    shrink: float = 2.0
    window_days: int = 70
    window_prior_days: float = 10.0
    returned_days: int = 7
    placebos: int = 200
    placebo_left_out_days: int = 10


DEFAULT = Weights()
