"""How an escalation travelled: up one manager's line, or across teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from store.tables import to_pandas

if TYPE_CHECKING:
    from store.tables import Tables

PATHS = ("line", "process")
# The span rule of line and process meetings, with the managers above the span let in.
SPAN = 0.8
HIGHEST_TREE = 12


def paths(members: pd.DataFrame, tables: Tables) -> pd.Series:
    """Per chain line or process; `members` has case_id, person_id and local_date.

    Line: at least 80 % of the chain's people are one manager, direct reports and the managers above. The chart on the
    meeting's day says who reports to whom; the managers above are those of each person's last place on it.
    """
    chart = to_pandas(tables.people.select("person_id", "manager_id", "valid_from", "valid_to"))
    people = _managed(members, chart)
    size = people.groupby("case_id")["person_id"].nunique()
    span = _span(people)
    upward = span[["case_id", "manager"]].drop_duplicates().merge(_managers_above(chart), on="manager")
    upward = upward.merge(people[["case_id", "person_id"]].drop_duplicates(), on=["case_id", "person_id"])
    inside = pd.concat([span, upward]).drop_duplicates(["case_id", "manager", "person_id"])
    best = inside.groupby(["case_id", "manager"]).size().groupby("case_id").max()
    share = best.reindex(size.index).fillna(0) / size
    return share.ge(SPAN).map({True: "line", False: "process"})


def _managed(members: pd.DataFrame, chart: pd.DataFrame) -> pd.DataFrame:
    """The people of each chain with their manager on the day of a meeting of theirs."""
    rows = members[["case_id", "person_id", "local_date"]].drop_duplicates(["case_id", "person_id"]).merge(chart)
    begun = rows["valid_from"].isna() | (rows["valid_from"] <= rows["local_date"])
    holds = begun & (rows["valid_to"].isna() | (rows["valid_to"] > rows["local_date"]))
    return rows.loc[holds, ["case_id", "person_id", "manager_id"]]


def _span(people: pd.DataFrame) -> pd.DataFrame:
    """For each chain and possible manager who of the chain is that manager or reports to them."""
    reports = people.dropna(subset="manager_id").rename(columns={"manager_id": "manager"})
    own = people[["case_id", "person_id"]].assign(manager=people["person_id"])
    return pd.concat([own, reports])[["case_id", "manager", "person_id"]].drop_duplicates()


def _managers_above(chart: pd.DataFrame) -> pd.DataFrame:
    """All managers above each manager: manager, person_id."""
    last = chart.sort_values(["person_id", "valid_from"], na_position="first").drop_duplicates("person_id", keep="last")
    boss = last.dropna(subset="manager_id").set_index("person_id")["manager_id"].to_dict()
    pairs: list[tuple[str, str]] = []
    for manager in set(boss.values()):
        above = boss.get(manager)
        for _ in range(HIGHEST_TREE):
            if above is None:
                break
            pairs.append((manager, above))
            above = boss.get(above)
    return pd.DataFrame(pairs, columns=["manager", "person_id"], dtype="str").drop_duplicates()
