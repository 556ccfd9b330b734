"""Texts that a spreadsheet will not run when somebody opens a file of ours with it."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, full-width signs included."""


def harmless(text: str) -> str:
    """The text as it may stand in a cell.

    >>> harmless("=1+1"), harmless("Intake")
    ("'=1+1", 'Intake')
    """
    return f"'{text}" if text.startswith(FORMULA) else text
