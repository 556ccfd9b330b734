"""Asked by the line and by the process at once: which of the two people say no to."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import narwhals as nw

from analysis.facts import placed
from analysis.load import counted_meetings, not_on_leave
from analysis.rules import DEFAULT, Rules
from analysis.scope import EVERYBODY, Scope
from store.tables import to_pandas

if TYPE_CHECKING:
    import pandas as pd

    from analysis.period import Period
    from store.tables import Lazy, Tables

Z95 = 1.959964
MANY_PEOPLE = 2


@dataclass(frozen=True)
class Settled:
    """Pairs of a line and a process meeting at the same time for one person, by what that person declined.

    line_declined_share is the part of the pairs with exactly one refusal in which the line meeting was refused, with
    a 95 % interval that takes a person's pairs together; null without such a pair. unsettled: neither was declined.
    """

    pairs: int
    people: int
    line_declined: int
    process_declined: int
    both_declined: int
    unsettled: int
    line_declined_share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Conflicts:
    """How conflicts between line and process are settled, by people without reports (operators) and by everybody."""

    operators: Settled
    everybody: Settled


def conflicts(tables: Tables, period: Period, scope: Scope = EVERYBODY, rules: Rules = DEFAULT) -> Conflicts:
    """All line and process meetings that asked one person of the scope at the same time."""
    pairs = to_pandas(asked_at_once(tables, period, scope, rules))
    managers = to_pandas(tables.people.filter(~nw.col("manager_id").is_null()).select("manager_id").unique())
    operators = pairs[~pairs["person_id"].isin(managers["manager_id"])]
    return Conflicts(operators=_settled(operators), everybody=_settled(pairs))


def asked_at_once(tables: Tables, period: Period, scope: Scope = EVERYBODY, rules: Rules = DEFAULT) -> Lazy:
    """Line and process invitations of one person that overlap: person_id, and which was declined (line, process)."""
    sides = tables.labels.filter(nw.col("label") == "coordination").select("meeting_id", "sub")
    meetings = (
        period.of(counted_meetings(tables, rules))
        .join(sides, on="meeting_id", how="inner")
        .select("meeting_id", "sub", "local_date", "local_minute", begin="start_minute", finish="end_minute")
    )
    asked = tables.attendance.filter(nw.col("role") != "resource").select(
        "meeting_id", "person_id", declined=nw.col("response") == "declined"
    )
    rows = not_on_leave(asked.join(meetings, on="meeting_id", how="inner"), tables)
    rows = scope.of(placed(rows, tables.people))
    line, process = (
        rows.filter(nw.col("sub") == side).select("person_id", "local_date", "begin", "finish", "declined")
        for side in ("line", "process")
    )
    both = line.join(process, on=["person_id", "local_date"], how="inner", suffix="_process")
    at_once = (nw.col("begin") < nw.col("finish_process")) & (nw.col("begin_process") < nw.col("finish"))
    return both.filter(at_once).select("person_id", line=nw.col("declined"), process=nw.col("declined_process"))


def _settled(pairs: pd.DataFrame) -> Settled:
    line, process = pairs["line"].astype(bool), pairs["process"].astype(bool)
    one = pairs[line != process]
    share, low, high = share_with_interval(one["line"].astype(float), one["person_id"])
    return Settled(
        pairs=len(pairs),
        people=int(pairs["person_id"].nunique()),
        line_declined=int((line & ~process).sum()),
        process_declined=int((~line & process).sum()),
        both_declined=int((line & process).sum()),
        unsettled=int((~line & ~process).sum()),
        line_declined_share=share,
        low=low,
        high=high,
    )


def share_with_interval(hits: pd.Series, clusters: pd.Series) -> tuple[float | None, float | None, float | None]:
    """A share and its 95 % Wilson interval, with the number of trials cut by how alike those of one cluster are."""
    trials = len(hits)
    if not trials:
        return None, None, None
    share = float(hits.mean())
    off = (hits - share).groupby(clusters).sum()
    spread = share * (1 - share)
    effective = float(trials)
    if len(off) >= MANY_PEOPLE and spread:
        variance = float((off**2).sum()) / trials**2 * len(off) / (len(off) - 1)
        effective = min(effective, spread / variance) if variance else effective
    elif not spread:
        # Everybody on one side hides how alike a person's choices are: count people, not pairs.
        effective = float(len(off))
    middle = share + Z95**2 / (2 * effective)
    reach = Z95 * sqrt(spread / effective + Z95**2 / (4 * effective**2))
    scale = 1 + Z95**2 / effective
    return share, max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)
