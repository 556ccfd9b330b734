"""Bridges and doors: through whom units are tied, what hangs on one person, and which meetings would be enough.

`bridges` answers everything at once. `tie_list` with `alone` is the seam for other measures: how many pairs of units
are tied through one person alone. Betweenness, which takes long, is asked for apart (`analysis.bridges.brokerage`).
"""

from __future__ import annotations

from analysis.bridges.measure import Bridges, bridges, tie_list
from analysis.bridges.pairs import alone

__all__ = ["Bridges", "alone", "bridges", "tie_list"]
