"""Believable circumstances for the hand-written titles: drawn per title, overlapping between labels, often missing.

The corpus says coarsely how many people come, whether it is a series and how early it was planned. Everything else is
drawn from what such meetings usually look like, with a seed that depends on the title alone, so that the same corpus
always gives the same numbers and adding a title changes no other.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd

from classify.context import COLUMNS

PUBLISHED = frozenset(
    {
        *("open_source", "code_community", "standards_body", "user_group", "protocol_forum", "lobby_register"),
        *("public_agenda", "ministers_diary", "mayors_diary", "commissioners_diary", "regulator_diary"),
        *("council_calendar", "board_calendar", "university_calendar", "hospital_calendar"),
    }
)
"""Kinds of calendars that stand on the web, with hardly anything but a title."""
_NO_CONTEXT, _NO_CONTEXT_PUBLISHED = 0.35, 0.8
_COUNTS_KNOWN, _COUNTS_KNOWN_PUBLISHED = 0.6, 0.2
_COLUMN_MISSING = 0.08

_MINUTES = (15, 30, 45, 60, 90, 120, 180, 240, 480)
_DURATION = {
    "design": (1, 9, 11, 32, 23, 16, 5, 3, 0),
    "coordination": (12, 37, 18, 25, 6, 2, 0, 0, 0),
    "escalation": (6, 36, 25, 27, 5, 1, 0, 0, 0),
    "incident": (9, 31, 20, 27, 8, 4, 1, 0, 0),
    "other": (3, 15, 8, 28, 12, 13, 8, 6, 7),
}
_HOURS = tuple(range(24))
_HOUR = {
    "design": "0 0 0 0 0 0 0 0 1 9 14 9 2 12 13 9 5 1 0 0 0 0 0 0",
    "coordination": "0 0 0 0 0 0 0 1 8 16 13 9 3 9 9 8 6 2 0 0 0 0 0 0",
    "escalation": "0 0 0 0 0 0 0 2 8 8 8 8 5 8 8 9 11 8 3 1 1 0 0 0",
    "incident": "2 2 2 2 2 2 3 4 7 8 8 8 5 7 7 7 6 4 3 3 3 3 3 2",
    "other": "0 0 0 0 0 0 1 2 4 9 9 8 14 9 8 8 8 7 4 5 3 1 0 0",
}
_WEEKDAY = {
    "design": (14, 23, 22, 26, 14, 0, 0),
    "coordination": (26, 23, 17, 19, 14, 0, 0),
    "escalation": (19, 20, 19, 21, 20, 1, 1),
    "incident": (18, 17, 16, 16, 16, 9, 8),
    "other": (13, 18, 18, 24, 24, 2, 1),
}
_LEVEL = {
    "design": (7, 29, 36, 22, 6),
    "coordination": (5, 17, 38, 30, 10),
    "escalation": (10, 31, 36, 18, 5),
    "incident": (4, 18, 36, 30, 12),
    "other": (6, 14, 27, 32, 21),
}
_SPAN = {
    "design": (7, 38, 40, 13, 2),
    "coordination": (16, 53, 24, 6, 1),
    "escalation": (2, 18, 45, 29, 6),
    "incident": (4, 26, 41, 24, 5),
    "other": (38, 33, 17, 8, 4),
}
_DEPARTMENTS = {
    "design": (15, 28, 29, 18, 10),
    "coordination": (42, 28, 18, 8, 4),
    "escalation": (8, 38, 34, 15, 5),
    "incident": (10, 26, 31, 20, 13),
    "other": (52, 24, 11, 6, 7),
}
_LEAD_HOURS = {"n": (0, 2), "h": (2, 30), "d": (36, 160), "w": (168, 670), "m": (720, 2400)}


def with_circumstances(rows: pd.DataFrame) -> pd.DataFrame:
    """The corpus rows with all context columns instead of the three coarse hints.

    >>> rows = pd.DataFrame([["design", "bank", "n", "6", "w", "Wie tekent?", "", "nl", "nl_private"]],
    ...     columns=["label", "kind", "recurring", "people", "lead", "title", "body", "lang", "source"])
    >>> with_circumstances(rows).equals(with_circumstances(rows))
    True
    """
    drawn = [_draw(row) for row in rows.to_dict("records")]
    numbers = pd.DataFrame(drawn, columns=list(COLUMNS), index=rows.index, dtype=float)
    return pd.concat([rows.drop(columns=["recurring", "people", "lead"]), numbers], axis=1)


def counts_known(rows: pd.DataFrame) -> np.ndarray:
    """What part of every row is learnt with its circumstances; the rest is learnt without."""
    published = rows["kind"].isin(PUBLISHED) if "kind" in rows else np.zeros(len(rows), dtype=bool)
    return np.where(published, _COUNTS_KNOWN_PUBLISHED, _COUNTS_KNOWN)


def _draw(row: dict[Any, Any]) -> list[float]:
    seed = hashlib.sha256(f"{row['source']}\0{row['title']}".encode()).digest()[:8]
    random = np.random.default_rng(int.from_bytes(seed, "big"))
    label, people = row["label"], int(row["people"])
    shortest, longest = _LEAD_HOURS[row["lead"]]
    # Nobody spans more departments or levels than there are people in the room.
    values = {
        "duration_min": random.choice(_MINUTES, p=_shares(_DURATION[label])),
        "n_attendees": people or np.nan,
        "n_departments": min(people or 5, 1 + random.choice(5, p=_shares(_DEPARTMENTS[label]))),
        "level_span": min((people or 5) - 1, random.choice(5, p=_shares(_SPAN[label]))),
        "organizer_level": 1 + random.choice(5, p=_shares(_LEVEL[label])),
        "recurring": float(row["recurring"] == "y"),
        "lead_hours": np.floor(random.uniform(shortest, longest)),
        "start_hour": random.choice(_HOURS, p=_shares(tuple(map(float, _HOUR[label].split())))),
        "weekday": 1 + random.choice(7, p=_shares(_WEEKDAY[label])),
    }
    missing = random.random(len(COLUMNS)) < _COLUMN_MISSING
    if random.random() < (_NO_CONTEXT_PUBLISHED if row["kind"] in PUBLISHED else _NO_CONTEXT):
        missing[:] = True
    return [np.nan if gone else float(values[name]) for name, gone in zip(COLUMNS, missing, strict=True)]


def _shares(weights: tuple[float, ...]) -> np.ndarray:
    return np.asarray(weights, dtype=float) / sum(weights)
