"""Organisations with planted truth, for judging measures. See README.md beside this file."""

from __future__ import annotations

from simulation.build import Simulated, as_tables, simulate, true_labels, write
from simulation.plan import Plan, Topics, everybody_has_a_deputy, nobody_critical, realistic, sparse, with_topics
from simulation.truth import Truth, standardised

__all__ = [
    "Plan",
    "Simulated",
    "Topics",
    "Truth",
    "as_tables",
    "everybody_has_a_deputy",
    "nobody_critical",
    "realistic",
    "simulate",
    "sparse",
    "standardised",
    "true_labels",
    "with_topics",
    "write",
]
