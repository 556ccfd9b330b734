"""What each sort of meeting is for, how long it takes, how far ahead it is planned: the planted truth of the labels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Purpose:
    """One sort of meeting.

    `lengths` are quarters of an hour; `lead` is the median of hours between planning and start, `spread` its log-sd.
    """

    label: str
    sub: str | None = None
    lengths: tuple[int, ...] = (2, 4)
    lead: float = 90.0
    spread: float = 0.9
    private: float = 0.0
    kind: str = "meeting"


_LINE, _PROCESS, _OTHER = ("coordination", "line"), ("coordination", "process"), ("other", None)
_MONTHS, _DAYS, _WEEK = 2200.0, 70.0, 170.0

PURPOSES: dict[str, Purpose] = {
    # standing
    "team": Purpose(*_LINE, (4,), _MONTHS, 0.5),
    "standup": Purpose(*_LINE, (1,), _MONTHS, 0.5),
    "bila": Purpose(*_LINE, (2, 2, 3), _MONTHS, 0.6, private=0.06),
    "bila_up": Purpose(*_LINE, (3, 4), _MONTHS, 0.6, private=0.06),
    "department": Purpose(*_LINE, (4, 6), _MONTHS, 0.5),
    "mt": Purpose(*_PROCESS, (8,), _MONTHS, 0.4),
    "stream": Purpose(*_PROCESS, (4,), _MONTHS, 0.5),
    "bridge": Purpose(*_PROCESS, (3, 4), 400.0, 0.6),
    "project": Purpose(*_PROCESS, (4, 4, 6), 1200.0, 0.6),
    "steering": Purpose(*_PROCESS, (4, 6), 1400.0, 0.5),
    "council": Purpose(*_PROCESS, (6,), _MONTHS, 0.5),
    "policy": Purpose("design", None, (4, 6), 1200.0, 0.6),
    "retro": Purpose("design", None, (4,), 800.0, 0.7),
    "peer": Purpose(*_OTHER, (6,), 1200.0, 0.6),
    "allhands": Purpose(*_OTHER, (4,), 1400.0, 0.5),
    # ad hoc
    "question": Purpose(*_PROCESS, (2, 2, 2, 3, 4), _DAYS, 0.9, private=0.01),
    "followup": Purpose(*_PROCESS, (2, 3, 4, 4), 85.0, 0.8, private=0.01),
    "escalation": Purpose("escalation", None, (2, 3, 4), 26.0, 1.0, private=0.02),
    "mt_extra": Purpose("escalation", None, (2, 3, 4), 22.0, 1.0, private=0.02),
    "design": Purpose("design", None, (4, 6, 6, 8), 260.0, 0.7),
    "talk": Purpose(*_LINE, (1, 2, 2, 3), 40.0, 1.1, private=0.05),
    "capacity": Purpose(*_LINE, (2, 2, 4), 80.0, 0.9),
    "incident": Purpose("incident", None, (2, 4, 6), 0.7, 0.9),
    "review": Purpose("incident", None, (3, 4), 100.0, 0.6),
    # other
    "casework": Purpose(*_OTHER, (4, 6), 120.0, 0.7),
    "client": Purpose(*_OTHER, (2, 3, 4), 200.0, 0.8, private=0.02),
    "hearing": Purpose(*_OTHER, (4, 6), 330.0, 0.5),
    "visit": Purpose(*_OTHER, (4, 6, 8), 120.0, 0.8),
    "partner": Purpose(*_OTHER, (4, 4, 6), 330.0, 0.8),
    "work": Purpose(*_OTHER, (4, 6, 8), 110.0, 0.9),
    "training": Purpose(*_OTHER, (8, 8, 6), 700.0, 0.7),
    "interview": Purpose(*_OTHER, (4,), _WEEK, 0.5, private=0.15),
    "drinks": Purpose(*_OTHER, (4, 6), 300.0, 0.7),
    "personal": Purpose(*_OTHER, (2, 4), 260.0, 1.0, private=0.7),
    # blocks
    "focus": Purpose(*_OTHER, (8, 8, 6, 12), 120.0, 0.9, kind="focus"),
    "travel": Purpose(*_OTHER, (2, 3, 4), 110.0, 0.8, kind="travel"),
    "hold": Purpose(*_OTHER, (2, 4), 150.0, 0.9, kind="hold"),
    "lunch": Purpose(*_OTHER, (2,), 300.0, 0.9, kind="hold"),
    "absence": Purpose(*_OTHER, (1,), 900.0, 0.8, kind="absence"),
    "sick": Purpose(*_OTHER, (1,), 0.4, 0.5, kind="absence"),
}
AD_HOC_PROCESS = ("question", "followup")
