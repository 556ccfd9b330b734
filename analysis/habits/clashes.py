"""Two places at once: when one person's meetings overlap, and what asks for them, the line or the process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw

from analysis.scope import EVERYBODY, Scope
from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.period import Period
    from store.tables import Lazy

KINDS = ("line_process", "line_line", "process_process", "other")


@dataclass(frozen=True)
class Clash:
    """Clock hours in which people were in two or more meetings at once, by what asked for them.

    line_process: both a line and a process meeting; line_line and process_process: coordination of one kind only;
    other: at least one of another label. The kinds exclude each other and add up.
    """

    kind: str
    hours: float
    days: int
    people: int


def double_booked(there: Lazy) -> Lazy:
    """Hours a person and day in two or more counted meetings at once, by kind; a derived table worth keeping.

    line meeting     |=========|
    process meeting       |=========|
    result                |----|         line_process

    `there` comes from `analysis.presence`.
    """
    day = ("person_id", "level", "department", "team", "week", "local_date")
    side = nw.col("sub").fill_null("")
    steps = there.select(
        *day,
        "begin",
        "finish",
        step=nw.lit(1),
        line=nw.when(side == "line").then(nw.lit(1)).otherwise(nw.lit(0)),
        process=nw.when(side == "process").then(nw.lit(1)).otherwise(nw.lit(0)),
    )
    counted = ("step", "line", "process")
    edges = nw.concat(
        [
            steps.select(*day, *counted, at=nw.col("begin")),
            steps.select(*day, *(-nw.col(name) for name in counted), at=nw.col("finish")),
        ]
    )
    unique = edges.group_by(*day, "at").agg(*(nw.col(name).sum().cast(nw.Int64) for name in counted))
    pieces = unique.select(
        *day,
        *(nw.col(name).cum_sum().over(*day, order_by="at") for name in counted),
        minutes=nw.col("at").shift(-1).over(*day, order_by="at") - nw.col("at"),
    ).filter(nw.col("step") >= 2, ~nw.col("minutes").is_null())
    hours = (nw.col("minutes") * (1 / 60)).sum()
    return pieces.with_columns(kind=_kind()).group_by(*day, "kind").agg(hours=hours)


def _kind() -> nw.Expr:
    line, process, both = nw.col("line"), nw.col("process"), nw.col("line") + nw.col("process")
    settled = nw.when(line == both).then(nw.lit("line_line")).otherwise(nw.lit("process_process"))
    sides = nw.when((line > 0) & (process > 0)).then(nw.lit("line_process")).otherwise(settled)
    # One meeting of the line beside a training is not a question of line or process.
    return nw.when((both == nw.col("step")) | ((line > 0) & (process > 0))).then(sides).otherwise(nw.lit("other"))


def clash_hours(doubles: Lazy, period: Period, scope: Scope = EVERYBODY) -> tuple[Clash, ...]:
    """All kinds of clash in a scope and period, in fixed order."""
    rows = to_pandas(period.of(scope.of(doubles)).select("person_id", "local_date", "kind", "hours"))
    by_kind = dict(iter(rows.groupby("kind")))
    clashes = []
    for kind in KINDS:
        part = by_kind.get(kind, rows.iloc[:0])
        clashes.append(Clash(kind, float(part["hours"].sum()), len(part), int(part["person_id"].nunique())))
    return tuple(clashes)
