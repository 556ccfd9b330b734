"""What the calendar shows of what happened: answers, lost cancellations, unreadable and doubled mailboxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulation.days import dice
from simulation.meetings import CANCELLED, HELD, VANISHED

if TYPE_CHECKING:
    from simulation.chart import Chart
    from simulation.days import Days
    from simulation.meetings import Guests, Meetings, Part
    from simulation.plan import Plan

RESPONSES = ("accepted", "declined", "tentative", "none")
ROLES = ("organizer", "required", "optional")
ACCEPTED, DECLINED, TENTATIVE, NO_ANSWER = range(4)
CAME, STAYED_OUT, ON_LEAVE = (0.86, 0.0, 0.03, 0.11), (0.2, 0.6, 0.0, 0.2), (0.0, 0.5, 0.0, 0.5)


@dataclass(frozen=True)
class Mailboxes:
    """Whose calendar cannot be read, whose only from the middle of the window on, and whose is there twice."""

    missing: np.ndarray
    joining: np.ndarray
    double: np.ndarray


def mailboxes(plan: Plan, chart: Chart) -> Mailboxes:
    """Drawn without regard to level or cast."""
    chance = dice(plan, "mailboxes")
    draw = chance.random((3, chart.size))
    shares = (plan.calendars_missing, plan.calendars_joining, plan.double_mailboxes)
    return Mailboxes(*(draw[i] < share for i, share in enumerate(shares)))


def vanish(plan: Plan, meetings: Meetings) -> None:
    """A share of what was cancelled is gone from every calendar."""
    gone = dice(plan, "vanish").random(len(meetings)) < plan.cancellations_deleted
    meetings.state[(meetings.state == CANCELLED) & gone] = VANISHED


def answers(plan: Plan, part: Part) -> tuple[np.ndarray, np.ndarray]:
    """Response and role of each invitation; most recurring invitations stay accepted during leave."""
    guests, chance = part.guests, dice(plan, "answers")
    on_leave = np.array(ON_LEAVE) * (1 - plan.accepted_on_leave) + np.array((plan.accepted_on_leave, 0, 0, 0))
    odds = np.array([CAME, STAYED_OUT, on_leave])
    case = np.where(guests.away, 2, np.where(guests.there, 0, 1))
    response = (chance.random(len(case))[:, None] > np.cumsum(odds, axis=1)[case]).sum(axis=1).clip(max=3)
    calls = part.meetings.organizer[guests.meeting] == guests.person
    role = np.where(calls, 0, np.where(chance.random(len(case)) < 0.06, 2, 1))
    return np.where(calls, ACCEPTED, response), role


def readable(days: Days, boxes: Mailboxes, meetings: Meetings, guests: Guests) -> np.ndarray:
    """Which invitations stand in a calendar that can be read."""
    too_early = meetings.day[guests.meeting] < 7 * (days.plan.weeks // 2)
    seen = ~boxes.missing[guests.person] & ~(boxes.joining[guests.person] & too_early)
    return seen & (meetings.known & (meetings.state != VANISHED))[guests.meeting]


def was_held(meetings: Meetings) -> np.ndarray:
    """Which meetings took place."""
    return meetings.state == HELD
