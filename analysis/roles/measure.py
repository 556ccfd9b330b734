"""Three roles in everybody's week: designing how work is done, keeping work together, and doing it.

Design is what a manager is for, coordination what a coordinator does, execution the operator's work; one person holds
all three, and the mix is the role, whatever the title says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from analysis.availability import availability
from analysis.presence import Coverage, coverage
from analysis.roles.mix import ADDED, COORDINATION, HOURS, ROLES, Mix, mix_of
from analysis.roles.standing import Peers, Standing, quartiles
from analysis.roles.switching import day_changes
from analysis.rules import DEFAULT, Rules
from analysis.scope import EVERYBODY, Scope
from analysis.subjects import BothSides, both_sides
from store.tables import to_pandas

if TYPE_CHECKING:
    from analysis.period import Period
    from store.tables import Lazy, Tables


@dataclass(frozen=True)
class PersonRoles:
    """One person's mix, formal place, standing among peers, and subjects on which they both specify and realise."""

    person_id: str
    function: str | None
    level: int | None
    department: str | None
    mix: Mix
    standing: tuple[Standing, ...]
    both_sides: tuple[BothSides, ...]


@dataclass(frozen=True)
class GroupRoles:
    """The people of one function or level: their mix together, and the quartiles of each role's share among them.

    both_sides counts the people who specify and realise a same subject, designers those who designed at all.
    """

    group: str
    name: str
    people: int
    mix: Mix
    quartiles: dict[str, tuple[float, float, float]]
    designers: int
    both_sides: int


@dataclass(frozen=True)
class Roles:
    """The roles of a scope: everybody's mix, by level, by function, and person by person."""

    scope: str
    period: Period
    mix: Mix
    by_level: tuple[GroupRoles, ...]
    by_function: tuple[GroupRoles, ...]
    people: tuple[PersonRoles, ...]
    coverage: Coverage

    def person(self, person_id: str) -> PersonRoles:
        """One person's roles."""
        return next(each for each in self.people if each.person_id == person_id)


def roles(
    tables: Tables,
    there: Lazy,
    subjects: pd.DataFrame,
    period: Period,
    scope: Scope = EVERYBODY,
    rules: Rules = DEFAULT,
) -> Roles:
    """The roles of everybody in a scope; `there` is the kept table of `presence`, `subjects` says who met on what."""
    present = availability(tables, period, rules)
    everybody = _hours(tables, there, present, period, rules)
    mine = everybody[everybody["person_id"].isin(scope.of_frame(present)["person_id"])]
    if scope.level is not None or scope.department is not None or scope.team is not None:
        mine = _hours(tables, scope.of(there), scope.of_frame(present), period, rules)
    sides = both_sides(there, subjects, period)
    designers = _designers(there, period)
    return Roles(
        scope=scope.name,
        period=period,
        mix=mix_of(mine[list(ADDED)].sum().to_dict()),
        by_level=_groups(mine, "level", sides, designers),
        by_function=_groups(mine, "function", sides, designers),
        people=_people(mine, everybody, sides),
        coverage=coverage(there, present, period, scope),
    )


def _hours(tables: Tables, there: Lazy, present: pd.DataFrame, period: Period, rules: Rules) -> pd.DataFrame:
    """One row a person: place on the chart, hours of each kind, shares of the roles, changes and days."""
    rows = to_pandas(period.of(there).group_by("person_id", "label", "sub").agg(hours=nw.col("hours").sum()))
    coordinated = rows["label"] == "coordination"
    rows["part"] = rows["label"].where(~coordinated, rows["sub"].fillna("unsided"))
    spent = rows.pivot_table(index="person_id", columns="part", values="hours", aggfunc="sum", fill_value=0.0)
    available = present.groupby("person_id").agg(available=("available", "sum"), days=("days", "sum"))
    frame = available.join(spent, how="left").join(_places(tables, period), how="left")
    frame = frame.reindex(columns=[*HOURS, "days", "function", "level", "department"])
    frame = frame.fillna(dict.fromkeys((*HOURS, "days"), 0.0))
    changes = day_changes(there, period, rules).set_index("person_id")
    frame = frame.join(changes, how="left").fillna({"changes": 0.0, "unknown_days": 0.0})
    frame["known_days"] = (frame["days"] - frame["unknown_days"]).clip(lower=0.0)
    frame = frame[frame["days"] > 0]
    return frame.join(_shares(frame)).rename_axis("person_id").reset_index()


def _places(tables: Tables, period: Period) -> pd.DataFrame:
    """Each person's last place on the chart before the period ended."""
    chart = to_pandas(tables.people.select("person_id", "function", "level", "department", "valid_from"))
    begun = chart[chart["valid_from"].isna() | (chart["valid_from"] < pd.Timestamp(period.end))]
    last = begun.sort_values(["person_id", "valid_from"], na_position="first").drop_duplicates("person_id", keep="last")
    return last.set_index("person_id")[["function", "level", "department"]]


def _shares(hours: pd.DataFrame) -> pd.DataFrame:
    coordination = hours[list(COORDINATION)].sum(axis=1)
    left = hours["available"] - hours["design"] - coordination - hours["unlabelled"]
    execution = left.clip(lower=0.0)
    total = (hours["design"] + coordination + execution).replace(0.0, np.nan)
    return pd.DataFrame(
        {
            "execution": execution,
            "design_share": hours["design"] / total,
            "coordination_share": coordination / total,
            "execution_share": execution / total,
        }
    )


def _designers(there: Lazy, period: Period) -> set[str]:
    rows = period.of(there).filter(nw.col("label") == "design").select("person_id").unique()
    return set(to_pandas(rows)["person_id"])


def _groups(
    rows: pd.DataFrame, column: str, sides: dict[str, tuple[BothSides, ...]], designers: set[str]
) -> tuple[GroupRoles, ...]:
    return tuple(
        GroupRoles(
            group=column,
            name=str(name),
            people=len(part),
            mix=mix_of(part[list(ADDED)].sum().to_dict()),
            quartiles={role: quartiles(part[f"{role}_share"].to_numpy(dtype=float)) for role in ROLES},
            designers=int(part["person_id"].isin(designers).sum()),
            both_sides=int(part["person_id"].isin(sides).sum()),
        )
        for name, part in rows.groupby(column)
    )


def _people(
    mine: pd.DataFrame, everybody: pd.DataFrame, sides: dict[str, tuple[BothSides, ...]]
) -> tuple[PersonRoles, ...]:
    """Everybody of a scope, compared with the peers of the whole organisation."""
    shares = {(row["person_id"]): row for row in mine.to_dict("records")}
    standings = Peers.of(everybody)
    return tuple(
        PersonRoles(
            person_id=str(person),
            function=None if pd.isna(row["function"]) else str(row["function"]),
            level=None if pd.isna(row["level"]) else int(row["level"]),
            department=None if pd.isna(row["department"]) else str(row["department"]),
            mix=mix_of(row),
            standing=standings.standing(str(person), {role: float(row[f"{role}_share"]) for role in ROLES}),
            both_sides=sides.get(str(person), ()),
        )
        for person, row in sorted(shares.items())
    )
