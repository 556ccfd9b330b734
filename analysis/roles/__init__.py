"""Roles: who designs, coordinates and does the work. `roles` is the measure; see measure.py."""

from __future__ import annotations

from analysis.roles.measure import GroupRoles, Roles, roles

__all__ = ["GroupRoles", "Roles", "roles"]
