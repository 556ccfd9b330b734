"""From a plan to the frames of the store, and to tables in memory or an exchange folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import narwhals as nw
import numpy as np
import pandas as pd

from simulation import adhoc, casting, chains, frames, habits, labelling
from simulation.chart import chart_of
from simulation.days import Days, dice
from simulation.leave import leave_of
from simulation.meetings import AWAY, COORDINATION, Diary, Part, together
from simulation.outofoffice import ENTRY, FILE, INVISIBLE, shown_leave
from simulation.shocks import climbing, planted, weekly_shocks
from simulation.standing import standing
from simulation.subjects import SMALL_MATTERS, SUBJECTS
from simulation.titles import Titles
from simulation.traces import mailboxes, vanish, was_held
from simulation.truth import Truth, standardised, weekly_table
from store.exchange import _as_text, _columns
from store.frames import Batch, absence_days, tidy, with_local_time
from store.opening import in_memory
from store.schema import ABSENCES, ATTENDANCE, LABELLED, LABELS, MEETINGS, MOVES, PEOPLE, SQL_TYPES, TABLES
from store.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from simulation.chart import Chart
    from simulation.leave import Leave
    from simulation.plan import Plan
    from store.tables import Lazy

BACKGROUND = 0.5
"""What is left of ad-hoc process meetings, escalations and design outside topics when topics are simulated."""


@dataclass(frozen=True)
class Simulated:
    """What an importer would see, the labels (with the planned errors), and the truth, which no measure may see."""

    plan: Plan
    batch: Batch
    labels: pd.DataFrame
    truth: Truth


def simulate(plan: Plan) -> Simulated:
    """One organisation; the same plan gives the same bytes."""
    days, titles = Days(plan), Titles(SMALL_MATTERS if plan.topics else SUBJECTS)
    chart = chart_of(days)
    leave, shocks, diary = leave_of(days, chart), weekly_shocks(days), Diary(chart.size, days.count)
    series = standing(days, chart, leave, shocks, titles, diary)
    held_before = habits.stand_ups(days, chart, leave, titles)
    cast = casting.cast_of(days, chart)
    issues = chains.chains(days, chart, leave, shocks, cast, titles, diary)
    factors = _factors(days, chart, leave, shocks, [series, held_before, issues])
    single = adhoc.adhoc(days, chart, leave, factors, titles, diary)
    away = shown_leave(days, chart, leave, titles)
    parts = [series, single, held_before, issues, habits.focus_blocks(days, chart, leave, titles), away.entries]
    planned = _planned(days, chart, leave, factors, shocks, single, [series, held_before, issues])
    _number_series(parts)
    part = together(parts)
    vanish(plan, part.meetings)
    return _written(days, chart, leave, part, titles, away.how, cast, planned)


def _number_series(parts: list[Part]) -> None:
    offset = 0
    for part in parts:
        series = part.meetings.series
        highest = int(series.max(initial=-1)) + 1
        series[series >= 0] += offset
        offset += highest


def _hours(days: Days, chart: Chart, parts: list[Part], label: int = COORDINATION) -> np.ndarray:
    """True hours with one label, by level of work and week."""
    found = np.zeros((5, days.plan.weeks))
    for part in parts:
        meetings, guests = part.meetings, part.guests
        counted = guests.there & (was_held(meetings) & (meetings.label == label))[guests.meeting]
        meeting, person = guests.meeting[counted], guests.person[counted]
        cell = (chart.work_level[person] - 1, meetings.day[meeting] // 7)
        np.add.at(found, cell, meetings.half_hours[meeting] / 2)
    return found


def _available(chart: Chart, leave: Leave) -> np.ndarray:
    return np.array([leave.available[chart.work_level == level].sum(axis=0) for level in range(1, 6)])


def _factors(days: Days, chart: Chart, leave: Leave, shocks: np.ndarray, others: list[Part]) -> dict[str, np.ndarray]:
    """For each kind of ad-hoc meeting its factor by level and week."""
    plan = days.plan
    shares = sum(adhoc.expected_shares(kind, chart) for kind in adhoc.KINDS if kind.label == COORDINATION)
    own = float(
        (shares * adhoc.person_effect(days, chart) * leave.available.sum(axis=1)).sum() * adhoc.COMES * plan.volume
    )
    growing = adhoc.growth_factor(days, float(_hours(days, chart, others).sum()), own)
    plain = np.broadcast_to(shocks, (5, plan.weeks))
    found = {kind.name: plain for kind in adhoc.KINDS} | {"line": plain * growing}
    climb = np.where(np.arange(5)[:, None] < 2, climbing(days), 1.0)
    found["process"] = plain * growing * climb
    if plan.topics:
        found |= {name: found[name] * BACKGROUND for name in ("process", "escalation", "design")}
    return found


def _planned(
    days: Days,
    chart: Chart,
    leave: Leave,
    factors: dict[str, np.ndarray],
    shocks: np.ndarray,
    single: Part,
    others: list[Part],
) -> np.ndarray:
    """Expected coordination share by level and week, shocks left out; ad hoc is scaled to what really took place."""
    available = np.maximum(_available(chart, leave), 1e-9)
    coordination = [kind for kind in adhoc.KINDS if kind.label == COORDINATION]
    rate = sum(np.array(kind.shares)[:, None] * factors[kind.name] for kind in coordination)
    scale = _hours(days, chart, [single]).sum(axis=1) / np.maximum((rate * available).sum(axis=1), 1e-9)
    rest = _hours(days, chart, others).sum(axis=1) / available.sum(axis=1)
    own = (rate / shocks * scale[:, None] * available).sum() / max((rest * available.sum(axis=1)).sum(), 1e-9)
    by_series = 1 + (planted(days) - 1) * days.plan.growth_by_series * (1 + own)
    return rest[:, None] * by_series / by_series.mean() + rate / shocks * scale[:, None]


def _written(
    days: Days,
    chart: Chart,
    leave: Leave,
    part: Part,
    titles: Titles,
    how: np.ndarray,
    cast: casting.Cast,
    planned: np.ndarray,
) -> Simulated:
    plan = days.plan
    ids, boxes = frames.ids_of(days, chart, part), mailboxes(plan, chart)
    attendance, shown = frames.attendance_frame(days, part, ids, boxes)
    early = leave.first < 7 * (plan.weeks // 2)
    by_calendar = (how == ENTRY) & ~boxes.missing[leave.person] & ~(boxes.joining[leave.person] & early)
    listed = np.flatnonzero((how == FILE) | by_calendar)
    batch = Batch(
        people=frames.people_frame(days, chart, ids, cast.functions(chart)),
        meetings=frames.meetings_frame(days, part, ids, titles, shown),
        attendance=attendance,
        absences=frames.absences_frame(days, leave, ids, listed, by_calendar[listed]),
        moves=frames.moves_frame(days, part, ids, shown),
    )
    labels = frames.labels_frame(days, part, ids, shown)
    return Simulated(plan, batch.tidied(), labels, _truth(days, chart, leave, part, ids, how, cast, planned, boxes))


def _truth(
    days: Days, chart: Chart, leave: Leave, part: Part, ids: frames.Ids, how: np.ndarray, cast: casting.Cast,
    planned: np.ndarray, boxes: object,
) -> Truth:  # fmt: skip
    plan, meetings, guests = days.plan, part.meetings, part.guests
    weekly = weekly_table(days, chart, leave, part, planned)
    line = standardised(weekly, "expected")
    growth = float(line[-1] / line[0]) - 1
    names, people = ids.meetings.to_pandas(), ids.people.to_pandas()
    timed = meetings.kind != AWAY
    came = timed[guests.meeting]
    calendar = np.where(boxes.missing, "missing", np.where(boxes.joining, "joining", "read"))  # type: ignore[attr-defined]
    first = days.dates[0].astype("datetime64[us]")
    return Truth(
        growth=growth,
        change_per_year=float((1 + growth) ** (52 / max(1, plan.weeks - 1)) - 1),
        upward=plan.upward,
        step=plan.step if plan.step_week >= 0 else 0.0,
        step_week=plan.step_week,
        weekly=weekly,
        meetings=pd.DataFrame(
            {
                "meeting_id": names, "label": np.array(LABELS)[meetings.label],
                "sub": np.where(meetings.label == COORDINATION, np.where(meetings.line, "line", "process"), None),
                "held": was_held(meetings), "known": meetings.known, "series": meetings.series, "topic": meetings.topic,
                "stage": np.where(meetings.topic >= 0, meetings.stage, -1), "day": meetings.day,
            }
        )[timed].reset_index(drop=True),
        attendance=pd.DataFrame(
            {
                "meeting_id": names.to_numpy()[guests.meeting[came]], "person_id": people.to_numpy()[guests.person[came]],
                "there": guests.there[came],
            }
        ),
        people=pd.DataFrame(
            {"person_id": people, "level": chart.before.level, "cast": cast.of(chart.size), "calendar": calendar}
        ),
        absences=pd.DataFrame(
            {
                "person_id": people.to_numpy()[leave.person], "first": first + leave.first.astype("timedelta64[D]"),
                "last": first + leave.last.astype("timedelta64[D]"), "sick": leave.sick, "shown": how != INVISIBLE,
            }
        ),
        topics=cast.table(people),
        confusion=labelling.confusion(plan.label_error),
    )  # fmt: skip


def as_tables(simulated: Simulated, labels: pd.DataFrame | None = None) -> Tables:
    """What a store would give a measure after importing and classifying, without any disk.

    The labels pass for a model's, with the confusion that a corpus of its own would have shown; others may be given.
    """
    batch = simulated.batch
    said = simulated.labels.assign(decided_by="model", model_version="simulated") if labels is None else labels
    given = {
        "people": batch.people,
        "meetings": with_local_time(batch.meetings, frames.HOME),
        "attendance": batch.attendance,
        "absences": batch.absences,
        "absence_days": absence_days(batch.absences, frames.HOME),
        "moves": batch.moves,
        "labels": said,
    }
    return _in_memory(given if labels is not None else given | {"settings": _settings(simulated)})


def _in_memory(given: dict[str, pd.DataFrame]) -> Tables:
    """A database of its own in memory, with the columns and types that a store has."""
    connection = in_memory()
    for table in TABLES.values():
        connection.execute(table.ddl)
        if table.name in given:
            connection.register("incoming", given[table.name])
            columns = ", ".join(f'"{name}"::{SQL_TYPES[table.by_name[name].kind]} AS "{name}"' for name in table.names)
            connection.execute(f'INSERT INTO "{table.name}" SELECT {columns} FROM incoming')
            connection.unregister("incoming")
    kept: dict[str, Lazy] = {}

    def keep(name: str, work_out: Callable[[], Lazy]) -> Lazy:
        if name not in kept:
            work_out().to_native().create(f"kept_{name}")
            kept[name] = nw.from_native(connection.table(f"kept_{name}"))
        return kept[name]

    return Tables.of(connection, keep)


def _settings(simulated: Simulated) -> pd.DataFrame:
    """The confusion of the labels, counted on at most 200 meetings of each true label."""
    truth = simulated.labels[["meeting_id", "label"]].merge(
        simulated.truth.meetings, on="meeting_id", suffixes=("_said", "")
    )
    order = dice(simulated.plan, "audit").permutation(len(truth))
    asked = truth.sort_values("meeting_id").iloc[order].groupby("label").head(200)
    counts = pd.crosstab(asked["label"], asked["label_said"]).reindex(index=LABELS, columns=LABELS, fill_value=0)
    values = {"timezone": frames.HOME, "label_error": json.dumps(counts.to_numpy().tolist())}
    return pd.DataFrame({"name": list(values), "value": list(values.values())}).astype("str")


def true_labels(simulated: Simulated) -> pd.DataFrame:
    """The labels without errors, for judging a measure apart from the classifier."""
    said = simulated.labels[["meeting_id"]].merge(simulated.truth.meetings[["meeting_id", "label", "sub"]], how="left")
    label = said["label"].fillna("other")
    chances = {f"p_{name}": (label == name).astype(float) for name in LABELS}
    return tidy(LABELLED, said.assign(label=label, probability=1.0, decided_by="person", **chances))


def write(simulated: Simulated, folder: Path, form: Literal["csv", "parquet"] = "csv") -> None:
    """The exchange folder of an organisation, labels included; the truth stays out of it."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in (PEOPLE, MEETINGS, ATTENDANCE, ABSENCES, MOVES, LABELLED):
        frame = simulated.labels if table.name == "labels" else getattr(simulated.batch, table.name)
        frame = frame[_columns(table)]
        target = folder / f"{table.name}.{form}"
        if form == "csv":
            _as_text(frame, table).to_csv(target, index=False, lineterminator="\n")
        else:
            frame.to_parquet(target, index=False)
