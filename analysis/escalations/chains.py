"""Which earlier meetings an escalation comes from: the same subject, carried by the same people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.period import Period
    from store.tables import Lazy

LOOK_BACK_DAYS = 90
CONTINUES_DAYS = 28
DAY_MINUTES = 1440


def attendances_by_subject(there: Lazy, subjects: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Who met on subjects that had an escalation in the period, from the look-back before it to its end.

    Columns: topic, meeting_id, begin, local_date, label, person_id, level, department, team, hours.
    """
    until = nw.lit(period.end).cast(nw.Date)
    earliest = nw.lit((pd.Timestamp(period.start) - pd.Timedelta(days=LOOK_BACK_DAYS)).date()).cast(nw.Date)
    rows = there.filter(nw.col("week") < until, nw.col("local_date") >= earliest)
    escalated = to_pandas(period.of(rows).filter(nw.col("label") == "escalation").select("meeting_id").unique())
    topics = subjects.merge(escalated)[["topic"]].drop_duplicates()
    wanted = subjects.merge(topics)
    columns = ("meeting_id", "begin", "local_date", "label", "person_id", "level", "department", "team", "hours")
    return to_pandas(rows.select(*columns)).merge(wanted, on="meeting_id")


def links(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Pairs of an escalation in the period and an earlier meeting it comes from: meeting_id, earlier_id, carried.

    Earlier is within 90 days on the same subject and shares a person; where no such meeting shares one, all of them
    count and `carried` is false.
    """
    meetings = rows.drop_duplicates("meeting_id")[["topic", "meeting_id", "begin", "local_date", "label"]]
    escalations = meetings[(meetings["label"] == "escalation") & (meetings["local_date"] >= pd.Timestamp(period.start))]
    mine = escalations[["topic", "meeting_id", "begin"]].merge(rows[["meeting_id", "person_id"]], on="meeting_id")
    theirs = rows[["topic", "meeting_id", "person_id", "begin"]]
    shared = _earlier(mine, theirs, ["topic", "person_id"]).assign(carried=True)
    alone = escalations[~escalations["meeting_id"].isin(shared["meeting_id"].unique())]
    others = _earlier(alone[["topic", "meeting_id", "begin"]], meetings[["topic", "meeting_id", "begin"]], ["topic"])
    return pd.concat([shared, others.assign(carried=False)], ignore_index=True)


def _earlier(late: pd.DataFrame, early: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    pairs = late.merge(early, on=by, suffixes=("", "_earlier"))
    lead = pairs["begin"] - pairs["begin_earlier"]
    near = pairs[(lead > 0) & (lead <= LOOK_BACK_DAYS * DAY_MINUTES)]
    pairs = near.drop_duplicates(["meeting_id", "meeting_id_earlier"]).rename(
        columns={"meeting_id_earlier": "earlier_id"}
    )
    return pairs[["meeting_id", "earlier_id"]].assign(days=lead[pairs.index] / DAY_MINUTES)


def final_escalations(rows: pd.DataFrame, pairs: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The escalations with which a chain ended: no escalation carried it on within four weeks. One row a meeting."""
    meetings = rows.drop_duplicates("meeting_id")
    escalations = meetings[(meetings["label"] == "escalation") & (meetings["local_date"] >= pd.Timestamp(period.start))]
    carried_on = pairs[pairs["carried"] & (pairs["days"] <= CONTINUES_DAYS)]["earlier_id"].unique()
    return escalations[~escalations["meeting_id"].isin(carried_on)]
