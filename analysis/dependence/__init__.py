"""Dependence: on whom work waits, and what happens while they are away. `dependence` is the measure; see measure.py."""

from __future__ import annotations

from analysis.dependence.cards import Card, Parts, Reason, Waiting
from analysis.dependence.concentration import Concentration
from analysis.dependence.gathering import FEWEST_IN_MEETING
from analysis.dependence.measure import Dependence, dependence
from analysis.dependence.score import FEWEST_DAYS, FEWEST_EXPECTED
from analysis.dependence.standstill import Stall, Stalling, StandingTable, stalling
from analysis.dependence.weights import DEFAULT, Weights

__all__ = [
    "DEFAULT",
    "FEWEST_DAYS",
    "FEWEST_EXPECTED",
    "FEWEST_IN_MEETING",
    "Card",
    "Concentration",
    "Dependence",
    "Parts",
    "Reason",
    "Stall",
    "Stalling",
    "StandingTable",
    "Waiting",
    "Weights",
    "dependence",
    "stalling",
]
