"""Habits: how meetings are held. `habits` is the measure; see measure.py."""

from __future__ import annotations

from analysis.habits.measure import Habit, Habits, habits, marked

__all__ = ["Habit", "Habits", "habits", "marked"]
