"""Forums: what fills the table of those who meet regularly. `forums` is the measure; see measure.py."""

from __future__ import annotations

from analysis.forums.measure import Arrivals, Forum, Forums, Layers, Returning, forums

__all__ = ["Arrivals", "Forum", "Forums", "Layers", "Returning", "forums"]
