"""What makes weeks differ: common shocks, planted growth, a planted step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.days import dice

if TYPE_CHECKING:
    from simulation.days import Days


def weekly_shocks(days: Days) -> np.ndarray:
    """Factor of each week that everybody feels: log-AR(1)."""
    plan, chance = days.plan, dice(days.plan, "shocks")
    noise = chance.normal(0, plan.shock_sd, plan.weeks)
    level = np.zeros(plan.weeks)
    level[0] = noise[0]
    inner = (1 - plan.shock_phi**2) ** 0.5
    for week in range(1, plan.weeks):
        level[week] = plan.shock_phi * level[week - 1] + inner * noise[week]
    return np.exp(level)


def planted(days: Days) -> np.ndarray:
    """Factor of coordination as a whole: growth, log-linear, and the step."""
    plan = days.plan
    factor = (1 + plan.growth) ** days.progress
    if plan.step_week >= 0:
        factor = factor * np.where(np.arange(plan.weeks) >= plan.step_week, 1 + plan.step, 1.0)
    return factor


def climbing(days: Days) -> np.ndarray:
    """Factor of ad-hoc process coordination at the top two levels, relative to the rest."""
    return (1 + days.plan.upward) ** days.progress
