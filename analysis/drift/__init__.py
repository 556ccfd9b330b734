"""Drift: how coordination grows and climbs. `drift` is the measure; see measure.py."""

from __future__ import annotations

from analysis.drift.growth import EDGE_WEEKS, Estimate, Verdict
from analysis.drift.measure import ChangePoint, Coverage, Drift, LabelDoubt, LevelDrift, PartDrift, WeekShare, drift
from analysis.drift.panel import SPARSE, UNKNOWN_LEVEL, levelled

__all__ = [
    "EDGE_WEEKS",
    "SPARSE",
    "UNKNOWN_LEVEL",
    "ChangePoint",
    "Coverage",
    "Drift",
    "Estimate",
    "LabelDoubt",
    "LevelDrift",
    "PartDrift",
    "Verdict",
    "WeekShare",
    "drift",
    "levelled",
]
