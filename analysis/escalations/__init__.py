"""Escalations: where they come from and where they end. `escalations` is the measure; see measure.py."""

from __future__ import annotations

from analysis.escalations.measure import Average, Case, Escalations, Place, cases_of, chained, escalations

__all__ = ["Average", "Case", "Escalations", "Place", "cases_of", "chained", "escalations"]
