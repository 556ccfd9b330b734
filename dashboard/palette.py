"""The labels' names and colours, the same on every page.

The colours keep three to one against both the light and the dark page, and stay apart for colour-blind readers;
tests/dashboard/test_palette.py measures both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.load import UNLABELLED
from dashboard.words import message

if TYPE_CHECKING:
    from dashboard.words import Words

COLOURS = {
    "design": "#05a57e",
    "coordination": "#2571ba",
    "escalation": "#d77c11",
    "incident": "#d83555",
    "other": "#798394",
    UNLABELLED: "#798394",
}
LIGHT_SURFACE, DARK_SURFACE = "#ffffff", "#181b20"

NAMES = {
    "design": message("Design"),
    "coordination": message("Coordination"),
    "escalation": message("Escalation"),
    "incident": message("Incident"),
    "other": message("Other"),
    UNLABELLED: message("Not labelled yet"),
}

MEANINGS = {
    "design": message("agreeing how work will be done"),
    "coordination": message("keeping today's work together"),
    "escalation": message("having somebody higher up decide"),
    "incident": message("repairing what broke"),
    "other": message("everything else"),
    UNLABELLED: message("run `meetload classify` to label these"),
}


ROLES = {"design": COLOURS["design"], "coordination": COLOURS["coordination"], "execution": COLOURS["other"]}
ROLE_NAMES = {
    "design": message("Designing"),
    "coordination": message("Coordinating"),
    "execution": message("Doing the work"),
}
ROLE_MEANINGS = {
    "design": message("agreeing how work will be done"),
    "coordination": message("keeping today's work together, escalations and incidents too"),
    "execution": message("all other working time"),
}


def role(words: Words, key: str) -> str:
    """A role's name as people read it."""
    return words(ROLE_NAMES[key])


def role_meaning(words: Words, key: str) -> str:
    """A role's meaning in a few words."""
    return words(ROLE_MEANINGS[key])


def colour(label: str) -> str:
    """The colour of a label."""
    return COLOURS.get(label, COLOURS["other"])


def name(words: Words, label: str) -> str:
    """A label's name as people read it."""
    return words(NAMES[label]) if label in NAMES else label


def meaning(words: Words, label: str) -> str:
    """A label's meaning in a few words."""
    return words(MEANINGS[label]) if label in MEANINGS else ""
