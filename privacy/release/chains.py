"""The chains that ended in an escalation, as far as a cohort took part in them: what rows about escalations rest on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.escalations import cases_of, chained

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.escalations import Case, Place
    from privacy.release.cohort import Cohort
    from store.tables import Lazy, Tables

Places = frozenset[int]


@dataclass(frozen=True)
class Chain:
    """One chain with a known beginning: who of the cohort (by place in it) met before, and who was in its escalations.

    It began at the lowest level that met before and ended at the highest in its escalations, each with the department
    of most people there; `in_line` says whether it stayed in one line of managers.
    """

    key: str
    before: Places
    after: Places
    origin: Place
    end: Place
    gap: int
    days: float
    in_line: bool

    @cached_property
    def people(self) -> Places:
        """Everybody in it."""
        return self.before | self.after

    @cached_property
    def seats(self) -> NDArray[np.int64]:
        """The same as an array."""
        return np.fromiter(self.people, dtype=np.int64, count=len(self.people))


def read_chains(there: Lazy, subjects: pd.DataFrame, tables: Tables, cohort: Cohort) -> tuple[Chain, ...]:
    """The chains that ended in a quarter; `there` is `presence` of what may count, `tables` hold the chart.

    Who is not in the cohort is in no chain: neither as somebody who was there nor as the link between two meetings.
    """
    mine = there.filter(nw.col("person_id").is_in(list(cohort.people)))
    members = _placed(chained(mine, subjects, cohort.period), cohort)
    before, after = (_people(members[side], cohort) for side in (~members["last"], members["is_end"]))
    found = [(case, case.origin) for case in cases_of(members, tables)]
    return tuple(_chain(case, origin, before, after) for case, origin in found if origin)


def _placed(members: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    """The attendances with everybody where the cohort has them for the whole quarter; level 0 is not known."""
    place = pd.Index(cohort.people).get_indexer(members["person_id"])
    level = pd.Series(cohort.level[place], index=members.index, dtype=float)
    department = pd.Series(cohort.department, dtype="str").to_numpy()[place]
    return members.assign(level=level.where(level > 0), department=department)


def _people(rows: pd.DataFrame, cohort: Cohort) -> dict[str, Places]:
    found: dict[str, set[int]] = {}
    place = pd.Index(cohort.people).get_indexer(rows["person_id"])
    for case, person in zip(rows["case_id"].tolist(), place.tolist(), strict=True):
        found.setdefault(case, set()).add(person)
    return {case: frozenset(people) for case, people in found.items()}


def _chain(case: Case, origin: Place, before: dict[str, Places], after: dict[str, Places]) -> Chain:
    return Chain(
        key=case.meeting_id,
        before=before[case.meeting_id],
        after=after[case.meeting_id],
        origin=origin,
        end=case.end,
        gap=case.gap or 0,
        days=case.days or 0.0,
        in_line=case.path == "line",
    )
