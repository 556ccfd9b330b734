"""Departments as people call them; small ones are told together under a name of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privacy.groups import OTHERS

if TYPE_CHECKING:
    from dashboard.words import Words


def department_name(name: str, words: Words) -> str:
    """A department by the name rows have it under."""
    return words("Other departments") if is_joined(name) else name


def is_joined(name: str) -> bool:
    """Whether a name stands for small departments that are told together."""
    return name.startswith(f"{OTHERS} (")
