"""Time that overlaps: who is busy how often at once, without counting a minute twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

if TYPE_CHECKING:
    from store.tables import Lazy


def segments(intervals: Lazy, by: tuple[str, ...]) -> Lazy:
    """Cut each group's intervals [`begin`, `finish`) at every edge and say how many lie over each piece.

        a        |=======|
        b            |=========|
        at, next |-1-|-2-|--1--|

    Returns one row a piece: the group's columns, `at`, `next` (null after the last edge) and `depth`.
    Edges are unique within a group, so no order is left to the engine. Zero-length intervals only mark an edge.
    """
    edges = nw.concat(
        [
            intervals.select(*by, at=nw.col("begin"), step=nw.lit(1)),
            intervals.select(*by, at=nw.col("finish"), step=nw.lit(-1)),
        ]
    )
    unique = edges.group_by(*by, "at").agg(step=nw.col("step").sum().cast(nw.Int64))
    return unique.select(
        *by,
        "at",
        next=nw.col("at").shift(-1).over(*by, order_by="at"),
        depth=nw.col("step").cum_sum().over(*by, order_by="at"),
    )


def overlapping(intervals: Lazy, by: tuple[str, ...], key: str) -> Lazy:
    """The intervals that share a minute with another of their group: the group's columns, `begin` and `finish`.

    `key` tells intervals of one group apart: two that begin and finish together must come in one order everywhere.

    a        |=======|
    b            |=====|
    c                  |===|
    result   a and b
    """
    order = ("begin", "finish", key)
    # An engine sorts what a window carries along, so it is given no more than is asked.
    reached = intervals.select(
        *by,
        *order,
        reached=nw.col("finish").cum_max().over(*by, order_by=order),
        following=nw.col("begin").shift(-1).over(*by, order_by=order),
    )
    rows = reached.with_columns(before=nw.col("reached").shift(1).over(*by, order_by=order))
    alone_before = (nw.col("before") <= nw.col("begin")).fill_null(value=True)
    alone_after = (nw.col("following") >= nw.col("finish")).fill_null(value=True)
    return rows.filter(~(alone_before & alone_after)).select(*by, "begin", "finish")


def shared_minutes(intervals: Lazy, by: tuple[str, ...]) -> Lazy:
    """Each interval's own part of its group's time: a minute under n intervals gives 1/n to each.

    `intervals` has the group's columns, `begin`, `finish` and anything else; the result adds `minutes`. The sum of
    `minutes` over a group is the length of the union of its intervals.

        a        |=======|            minutes 4 + 4/2
        b            |=========|      minutes 4/2 + 6
    """
    width = (nw.col("next") - nw.col("at")).cast(nw.Float64)
    pieces = segments(intervals, by).with_columns(
        share=nw.when(nw.col("depth") > 0, ~nw.col("next").is_null())
        .then(width * nw.col("depth").cast(nw.Float64) ** -1.0)
        .otherwise(0.0)
    )
    clock = pieces.select(*by, "at", until=(nw.col("share").cum_sum().over(*by, order_by="at") - nw.col("share")))
    keys = list(by)
    begun = clock.rename({"at": "begin", "until": "until_begin"})
    finished = clock.rename({"at": "finish", "until": "until_finish"})
    joined = intervals.join(begun, on=[*keys, "begin"], how="inner").join(finished, on=[*keys, "finish"], how="inner")
    return joined.with_columns(minutes=nw.col("until_finish") - nw.col("until_begin")).drop(
        "until_begin", "until_finish"
    )
