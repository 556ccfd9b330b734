"""Deputies: who comes when a member of a forum cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Deputies:
    """How often a member was missing, and how often somebody else of that member's team came instead.

    share is sent / absences, null without an absence; people are the different stand-ins.
    """

    absences: int
    sent: int
    share: float | None
    people: int


def deputies(asked: pd.DataFrame, members: pd.DataFrame) -> Deputies:
    """The deputies of one forum; `asked` says who was asked to each meeting, their team, and whether they came."""
    seated = asked["person_id"].isin(members["person_id"])
    missing = asked[seated & ~asked["came"]]
    others = asked[~seated & asked["came"]][["meeting_id", "team", "person_id"]]
    instead = missing[["meeting_id", "team", "person_id"]].merge(
        others, on=["meeting_id", "team"], suffixes=("", "_in")
    )
    # One stand-in stands in for one: the first of the missing in their team.
    instead = instead.drop_duplicates(["meeting_id", "person_id"]).drop_duplicates(["meeting_id", "person_id_in"])
    absences = len(missing)
    return Deputies(
        absences=absences,
        sent=len(instead),
        share=len(instead) / absences if absences else None,
        people=int(instead["person_id_in"].nunique()),
    )
