"""Doors: meetings declined, delegated, ended or shortened, and circles that let somebody in, a quarter at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import narwhals as nw
import pandas as pd

from analysis.bridges.comings import (
    blocks,
    changes,
    deputies,
    invitations,
    newcomers,
    series_owners,
    series_people,
)
from analysis.bridges.rules import DEFAULT, BridgeRules, recent
from analysis.period import Period
from store.tables import to_pandas

if TYPE_CHECKING:
    from store.tables import Lazy, Tables

COUNTS = ("optional", "declined", "missed", "deputies", "blocks", "kept", "attendees", "newcomers")
SERIES = ("series", "started", "ended", "shortened", "closed", "opened")


@dataclass(frozen=True)
class DoorFigures:
    """The doors of one team, one organiser or everybody; a rate is null where there was nothing to decide.

    optional, declined: optional invitations and those declined; missed, deputies: times a seat in a series was empty,
    and times somebody of the same unit came instead; blocks, kept: blocks kept free of meetings, and those nothing
    was planned over; attendees, newcomers: people in standing series, and those who were never in it before (0 =
    closed circle); closed, opened: person-hours a week of series that ended or shrank, started or grew; balance:
    closed / opened (1 = stable, under 1 bridges pile up). people: how many different people these figures are about.
    """

    people: int
    optional: int
    declined: int
    decline_rate: float | None
    missed: int
    deputies: int
    deputy_rate: float | None
    blocks: int
    kept: int
    kept_rate: float | None
    attendees: int
    newcomers: int
    openness: float | None
    series: int
    started: int
    ended: int
    shortened: int
    closed: float | None
    opened: float | None
    balance: float | None


@dataclass(frozen=True)
class GroupDoors:
    """One team's or organiser's doors."""

    name: str
    doors: DoorFigures


@dataclass(frozen=True)
class Doors:
    """The doors of the last quarter of a period, compared with the quarter before where the data reach so far."""

    quarter: Period
    before: Period
    compared: bool
    everybody: DoorFigures
    teams: tuple[GroupDoors, ...]
    organizers: tuple[GroupDoors, ...]


def doors(tables: Tables, there: Lazy, period: Period, rules: BridgeRules = DEFAULT) -> Doors:
    """The doors of the last quarter of a period, by team and by organiser; `there` is the kept table of `presence`."""
    quarter = recent(period, rules)
    before = Period(quarter.start - timedelta(weeks=quarter.weeks), quarter.start)
    owners = series_owners(tables, quarter)
    compared = _reaches(there, before)
    known = {
        "invitations": invitations(tables, quarter),
        "deputies": deputies(tables, there, quarter),
        "blocks": blocks(tables, there, quarter),
    }
    if compared:
        known["newcomers"] = newcomers(series_people(there, quarter), owners, before, quarter)
        known["changes"] = changes(tables, there, owners, before, quarter)
    frames = list(known.values())
    (everybody,) = _groups([frame.assign(all="all") for frame in frames], "all", compared) or (
        GroupDoors("all", _figures({}, compared)),
    )
    return Doors(
        quarter,
        before,
        compared,
        everybody.doors,
        teams=_groups(frames, "unit", compared),
        organizers=_groups([frame for frame in frames if "organizer_id" in frame], "organizer_id", compared),
    )


def _reaches(there: Lazy, before: Period) -> bool:
    """Whether the data begin before the quarter to compare with ends its first week."""
    first = to_pandas(there.select(week=nw.col("week").min()))["week"].iloc[0]
    return bool(pd.notna(first) and first <= pd.Timestamp(before.start))


def _groups(frames: list[pd.DataFrame], key: str, compared: bool) -> tuple[GroupDoors, ...]:
    sums = [frame.groupby(key)[[name for name in (*COUNTS, *SERIES) if name in frame]].sum() for frame in frames]
    people = pd.concat([frame[[key, "person_id"]] for frame in frames if "person_id" in frame]).dropna()
    table = pd.concat([*sums, people.groupby(key)["person_id"].nunique().rename("people")], axis=1).fillna(0)
    return tuple(GroupDoors(str(row[key]), _figures(row, compared)) for row in _rows(table.sort_index(), key))


def _rows(table: pd.DataFrame, key: str) -> list[dict[str, float]]:
    records: list[dict[str, float]] = table.rename_axis(key).reset_index().to_dict("records")
    return records


def _figures(row: dict[str, float], compared: bool) -> DoorFigures:
    count = {name: int(row.get(name, 0)) for name in (*COUNTS, "people", "series", "started", "ended", "shortened")}
    closed, opened = float(row.get("closed", 0.0)), float(row.get("opened", 0.0))
    return DoorFigures(
        **count,
        decline_rate=_share(count["declined"], count["optional"]),
        deputy_rate=_share(count["deputies"], count["missed"]),
        kept_rate=_share(count["kept"], count["blocks"]),
        openness=_share(count["newcomers"], count["attendees"]),
        closed=closed if compared else None,
        opened=opened if compared else None,
        balance=_share(closed, opened) if compared else None,
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
