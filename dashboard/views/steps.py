"""The steps of the demo's story as they are told; the figures beside them are measured, not written here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dashboard.words import message

Span = Literal["phase", "so far", "before the last", "all"]
Eyes = Literal["mt", "self", "hr", "unit"]
"""Whose view: `unit` is the management of a department that reads who work waits on, by name."""


@dataclass(frozen=True)
class Pointer:
    """Something to look at: where, in whose view, over which weeks, and what to look for there."""

    path: str
    eyes: Eyes
    span: Span
    look_for: str


@dataclass(frozen=True)
class Step:
    """One step as it is told; `label` is the kind of meeting that its picture follows."""

    title: str
    happened: str
    means: str
    label: str
    pointers: tuple[Pointer, ...]


STEPS = (
    Step(
        message("Confusion about roles"),
        message(
            "An agency that hands out permits works with teams that need each other. Nobody wrote down who decides "
            "what between them, so people ask, and each question becomes a meeting."
        ),
        message(
            "Coordination is no waste: it is what a missing agreement costs. What these weeks look like is the usual "
            "level that everything after is held against."
        ),
        "coordination",
        (Pointer("/", "mt", "phase", message("Where everybody's meeting time went in these weeks")),),
    ),
    Step(
        message("Reflection without a decision"),
        message(
            "People notice, and talk about it in retrospectives. No decision about roles follows, so the same subjects "
            "come back on the same tables."
        ),
        message(
            "Talking about the work is not yet designing it. As long as nobody decides who decides, the same questions "
            "come back, and what they cost hides in ordinary weeks."
        ),
        "coordination",
        (
            Pointer("/coordination", "mt", "so far", message("Whether coordination moved, and how sure that is")),
            Pointer("/returning", "self", "phase", message("What keeps coming back on one manager's table")),
        ),
    ),
    Step(
        message("The coordinator is recognised"),
        message(
            "Some people turn out to hold things together: questions between teams pass through them. They are thanked "
            "and asked more often, and the management table begins to fill with daily matters."
        ),
        message(
            "A person through whom everything passes is not a fault of that person. It is an agreement that is not "
            "there, and a risk that shows only when they are away."
        ),
        "coordination",
        (
            Pointer("/dependence", "mt", "so far", message("Which functions meetings wait for")),
            Pointer("/dependence", "self", "all", message("The same for one department manager, with the evidence")),
        ),
    ),
    Step(
        message("The effects land on operators"),
        message(
            "Departments are reorganised while the questions stay. Decisions come late, work is done twice, and what "
            "went wrong is repaired by the people who do the work."
        ),
        message(
            "What was not agreed above is repaired below, and higher up more has to be decided. Incidents and "
            "escalations are where missing design is paid for."
        ),
        "incident",
        (
            Pointer("/", "mt", "phase", message("How much time escalations and incidents take now")),
            Pointer("/escalations", "mt", "so far", message("Where escalations come from and where they end")),
        ),
    ),
    Step(
        message("Roles come right"),
        message(
            "The agency sits down to agree who decides what, one subject after the other. Subjects that are designed "
            "stop coming back; those that are not go on as before."
        ),
        message(
            "Design time is small, and pays where a subject ends. Whether it was the cause the data cannot prove: "
            "they show what came first, and which subjects went quiet."
        ),
        "design",
        (
            Pointer("/", "mt", "phase", message("Where everybody's meeting time goes now")),
            Pointer("/coordination", "mt", "all", message("Coordination over the whole story, level by level")),
            Pointer("/scan", "hr", "all", message("All groups side by side, quarter by quarter, as HR reads them")),
        ),
    ),
    Step(
        message("Now you"),
        message("Four questions that this organisation could ask on Monday. Each is answered on one page."),
        message(
            "Your own calendar answers the first of these by itself. For the others a whole organisation has to take "
            "part, knowing what is measured and who may see it."
        ),
        "coordination",
        (
            Pointer("/", "self", "all", message("Where did the department manager's time go?")),
            Pointer(
                "/coordination",
                "mt",
                "before the last",
                message("By how much did coordination rise, since when, and is it the holidays?"),
            ),
            Pointer("/dependence", "unit", "all", message("On whom does the permit chain depend, and why?")),
            Pointer("/mine", "self", "all", message("What may HR see, and what not?")),
        ),
    ),
)
