"""Where escalations come from and where they end: who met on the subject before, and how high it finally went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd
from scipy import stats

from analysis.availability import availability
from analysis.escalations.chains import DAY_MINUTES, attendances_by_subject, final_escalations, links
from analysis.escalations.conflicts import Conflicts, conflicts
from analysis.escalations.paths import PATHS, paths
from analysis.presence import Coverage, coverage
from analysis.rules import DEFAULT, Rules
from analysis.scope import EVERYBODY, Scope
from store.tables import to_pandas

if TYPE_CHECKING:
    from datetime import date

    from analysis.period import Period
    from store.tables import Lazy, Tables

FEWEST_TOPICS = 3
FLOW = ["origin_department", "origin_level", "end_department", "end_level"]


@dataclass(frozen=True)
class Place:
    """A department and a level on the chart."""

    department: str
    level: int


@dataclass(frozen=True)
class Case:
    """One chain of meetings that ended in an escalation; meeting_id is the escalation it ended with.

    origin is the lowest level that met on the subject before, with the department of most of them, and teams all who
    met; end is the highest level in its escalations. gap = origin's level - end's level; climbed = highest level that
    met before - end's level. All are null without an earlier meeting. days: first to last meeting of the chain.
    carried: somebody of the last meeting had been in the earlier ones. path: line or process, null when neither can
    be told.
    """

    meeting_id: str
    topic: str
    day: date
    origin: Place | None
    end: Place
    teams: tuple[str, ...]
    gap: int | None
    climbed: int | None
    path: str | None
    days: float | None
    meetings: int
    people: int
    hours: float
    carried: bool


@dataclass(frozen=True)
class Flow:
    """How often escalations went from one place to another; people are those of the two places in these chains."""

    origin: Place
    end: Place
    cases: int
    hours: float
    origin_people: int
    end_people: int


@dataclass(frozen=True)
class Average:
    """A mean over cases with its 95 % interval (cases of one subject taken together); null where it cannot be told."""

    mean: float | None
    low: float | None
    high: float | None
    cases: int


@dataclass(frozen=True)
class Escalations:
    """The escalations of a scope and period: what they have in common, the flows, the cases, and conflicts settled."""

    scope: str
    period: Period
    escalations: int
    without_topic: int
    without_history: int
    people: int
    topics: int
    hours: float
    gap: Average
    climbed: Average
    days: Average
    meetings: Average
    by_path: dict[str, int]
    flows: tuple[Flow, ...]
    cases: tuple[Case, ...]
    conflicts: Conflicts
    coverage: Coverage


def escalations(
    tables: Tables,
    there: Lazy,
    subjects: pd.DataFrame,
    period: Period,
    scope: Scope = EVERYBODY,
    rules: Rules = DEFAULT,
) -> Escalations:
    """All chains that ended in an escalation; in a narrower scope those that somebody of that scope was in."""
    members = _in_scope(chained(there, subjects, period), scope)
    chains = _summaries(members, tables)
    cases = _cases(chains)
    met, unnamed = _counts(there, subjects, period, scope)
    return Escalations(
        scope=scope.name,
        period=period,
        escalations=met,
        without_topic=unnamed,
        without_history=sum(case.origin is None for case in cases),
        people=int(members["person_id"].nunique()),
        topics=int(members["topic"].nunique()),
        hours=float(members.drop_duplicates(["meeting_id", "person_id"])["hours"].sum()),
        gap=_average(cases, [case.gap for case in cases]),
        climbed=_average(cases, [case.climbed for case in cases]),
        days=_average(cases, [case.days for case in cases]),
        meetings=_average(cases, [float(case.meetings) if case.origin else None for case in cases]),
        by_path={path: sum(case.path == path for case in cases if case.origin) for path in PATHS},
        flows=_flows(chains, members),
        cases=cases,
        conflicts=conflicts(tables, period, scope, rules),
        coverage=coverage(there, availability(tables, period, rules), period, scope),
    )


def chained(there: Lazy, subjects: pd.DataFrame, period: Period) -> pd.DataFrame:
    """All attendances of every chain: case_id, the columns of `attendances_by_subject`, last, carried and is_end.

    A chain's meetings that are not `last` came before; those with `is_end` are its escalations.
    """
    rows = attendances_by_subject(there, subjects, period)
    pairs = links(rows, period)
    ends = final_escalations(rows, pairs, period)["meeting_id"]
    chained = pairs[pairs["meeting_id"].isin(ends)]
    parts = pd.concat(
        [
            pd.DataFrame({"case_id": ends, "meeting_id": ends, "last": True, "carried": True}),
            pd.DataFrame(
                {
                    "case_id": chained["meeting_id"],
                    "meeting_id": chained["earlier_id"],
                    "last": False,
                    "carried": chained["carried"],
                }
            ),
        ],
        ignore_index=True,
    )
    members = parts.astype({"last": bool, "carried": bool}).merge(rows, on="meeting_id")
    continued = (members["label"] == "escalation") & members["carried"]
    return members.assign(is_end=members["last"] | continued)


def cases_of(members: pd.DataFrame, tables: Tables) -> tuple[Case, ...]:
    """What each chain of `chained` comes to; `tables` hold the chart that says who reports to whom."""
    return _cases(_summaries(members, tables))


def _cases(chains: pd.DataFrame) -> tuple[Case, ...]:
    return tuple(_case(row) for row in chains.to_dict("records"))


def _in_scope(members: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """All rows of the chains that somebody of the scope was in."""
    return members[members["case_id"].isin(scope.of_frame(members)["case_id"])]


def _counts(there: Lazy, subjects: pd.DataFrame, period: Period, scope: Scope) -> tuple[int, int]:
    """Escalation meetings of a scope, and those of them whose subject is not known."""
    met = period.of(scope.of(there)).filter(nw.col("label") == "escalation").select("meeting_id").unique()
    meetings = to_pandas(met)["meeting_id"]
    return len(meetings), len(meetings) - len(subjects.merge(meetings))


def _summaries(members: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """One row a chain with everything a `Case` says."""
    earlier, ends = members[~members["last"]], members[members["is_end"]]
    chains = members.groupby("case_id").agg(
        topic=("topic", "first"),
        first=("begin", "min"),
        final=("begin", "max"),
        meetings=("meeting_id", "nunique"),
        people=("person_id", "nunique"),
        hours=("hours", "sum"),
        carried=("carried", "all"),
    )
    chains["day"] = members[members["last"]].groupby("case_id")["local_date"].first()
    chains["teams"] = pd.Series(_teams(earlier), dtype=object)
    chains["raised_at"] = earlier.groupby("case_id")["level"].min()
    chains = chains.join(_place(earlier, "max").add_prefix("origin_")).join(_place(ends, "min").add_prefix("end_"))
    chains["path"] = paths(members, tables)
    return chains.dropna(subset=["end_level"]).reset_index()


def _teams(rows: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    pairs = rows[["case_id", "team"]].dropna().drop_duplicates().sort_values(["case_id", "team"])
    for chain, team in pairs.itertuples(index=False):
        found.setdefault(str(chain), []).append(str(team))
    return {chain: tuple(teams) for chain, teams in found.items()}


def _place(rows: pd.DataFrame, which: str) -> pd.DataFrame:
    """Per chain the lowest ("max") or highest ("min") level and the department of most people who have it."""
    edge = rows.groupby("case_id")["level"].transform(which)
    there = rows[rows["level"] == edge].drop_duplicates(["case_id", "person_id"])
    sizes = there.groupby(["case_id", "department", "level"]).size().reset_index(name="size")
    most = sizes.sort_values(["case_id", "size", "department"], ascending=[True, False, True])
    return most.drop_duplicates("case_id").set_index("case_id")[["department", "level"]]


def _case(row: dict[str, Any]) -> Case:
    end = Place(str(row["end_department"]), int(row["end_level"]))
    known = not pd.isna(row["origin_level"])
    return Case(
        meeting_id=str(row["case_id"]),
        topic=str(row["topic"]),
        day=row["day"].date(),
        origin=Place(str(row["origin_department"]), int(row["origin_level"])) if known else None,
        end=end,
        teams=row["teams"] if known else (),
        gap=int(row["origin_level"]) - end.level if known else None,
        climbed=int(row["raised_at"]) - end.level if known else None,
        path=None if pd.isna(row["path"]) else str(row["path"]),
        days=float(row["final"] - row["first"]) / DAY_MINUTES if known else None,
        meetings=int(row["meetings"]),
        people=int(row["people"]),
        hours=float(row["hours"]),
        carried=known and bool(row["carried"]),
    )


def _average(cases: tuple[Case, ...], values: list[float | None]) -> Average:
    """The mean with an interval from the spread of whole subjects, because cases of one subject resemble each other."""
    rows = pd.DataFrame({"topic": [case.topic for case in cases], "value": pd.Series(values, dtype=float)}).dropna()
    if rows.empty:
        return Average(None, None, None, 0)
    mean = float(rows["value"].mean())
    off = (rows["value"] - mean).groupby(rows["topic"]).sum().to_numpy()
    topics = len(off)
    if topics < FEWEST_TOPICS:
        return Average(mean, None, None, len(rows))
    error = float(np.sqrt((off**2).sum() * topics / (topics - 1))) / len(rows)
    reach = float(stats.t.ppf(0.975, topics - 1)) * error
    return Average(mean, mean - reach, mean + reach, len(rows))


def _flows(chains: pd.DataFrame, members: pd.DataFrame) -> tuple[Flow, ...]:
    """The matrix of places, largest first; `chains` are the summaries."""
    known = chains.dropna(subset=["origin_level"])
    cells = known.groupby(FLOW).agg(cases=("case_id", "size"), hours=("hours", "sum"))
    rows = members.merge(known[["case_id", *FLOW]], on="case_id")
    cells["origins"] = _people_of("origin", rows[~rows["last"]])
    cells["ends"] = _people_of("end", rows[rows["is_end"]])
    cells = cells.reset_index().sort_values(["cases", *FLOW], ascending=[False, True, True, True, True])
    return tuple(
        Flow(
            origin=Place(str(row["origin_department"]), int(row["origin_level"])),
            end=Place(str(row["end_department"]), int(row["end_level"])),
            cases=int(row["cases"]),
            hours=float(row["hours"]),
            origin_people=int(row["origins"]),
            end_people=int(row["ends"]),
        )
        for row in cells.to_dict("records")
    )


def _people_of(which: str, rows: pd.DataFrame) -> pd.Series:
    """Per flow how many different people of its origin, or of its end, were in these chains."""
    there = (rows["department"] == rows[f"{which}_department"]) & (rows["level"] == rows[f"{which}_level"])
    return rows[there].groupby(FLOW)["person_id"].nunique()
