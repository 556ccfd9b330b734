"""Numbers into the frames of the store: random ids, shuffled rows, times on the wall clock of Amsterdam."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from simulation.days import FIRST_MINUTE, dice
from simulation.labelling import labelled
from simulation.meetings import AWAY, CANCELLED, FOCUS
from simulation.traces import RESPONSES, ROLES, answers, readable
from store.frames import tidy
from store.schema import ABSENCES, ATTENDANCE, LABELLED, LABELS, MEETINGS, MOVES, PEOPLE
from store.values import localised

if TYPE_CHECKING:
    from simulation.chart import Chart, Places
    from simulation.days import Days
    from simulation.leave import Leave
    from simulation.meetings import Meetings, Part
    from simulation.titles import Titles
    from simulation.traces import Mailboxes

HOME = "Europe/Amsterdam"


@dataclass(frozen=True)
class Ids:
    """Random names: nothing about a row can be read from them."""

    people: pa.Array
    twins: pa.Array
    meetings: pa.Array
    series: pa.Array


def ids_of(days: Days, chart: Chart, part: Part) -> Ids:
    """Ids for everything."""
    chance = dice(days.plan, "ids")
    series = int(part.meetings.series.max(initial=0)) + 1
    return Ids(*(_names(chance, letter, size) for letter, size in (
        ("p", chart.size), ("p", chart.size), ("m", len(part.meetings)), ("s", series),
    )))  # fmt: skip


def _names(chance: np.random.Generator, letter: str, size: int) -> pa.Array:
    numbers = chance.integers(10**14, 10**15, size)
    while len(np.unique(numbers)) < size:
        numbers = chance.integers(10**14, 10**15, size)
    return pc.binary_join_element_wise(letter, pa.array(numbers).cast(pa.string()), "")


def _taken(names: pa.Array, which: np.ndarray) -> pa.Array:
    """Names by number; none for numbers below zero."""
    return names.take(pa.array(which, mask=which < 0))


def _frame(**columns: object) -> pd.DataFrame:
    return pa.table(columns).to_pandas()


def _shuffled(frame: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    return frame.take(chance.permutation(len(frame))).reset_index(drop=True)


def times(days: Days, day: np.ndarray, minute: np.ndarray) -> np.ndarray:
    """Wall-clock moments as naive UTC."""
    local = days.dates[0].astype("datetime64[us]") + (day * 1440 + minute).astype("timedelta64[m]")
    return localised(pd.Series(local), HOME).to_numpy()


def people_frame(days: Days, chart: Chart, ids: Ids, functions: np.ndarray) -> pd.DataFrame:
    """The chart as rows with validity; whoever changed place in the reorganisation has two."""
    border = chart.reorganised
    changed = np.zeros(chart.size, dtype=bool)
    for name in ("level", "department", "manager"):
        changed |= getattr(chart.before, name) != getattr(chart.after, name)
    changed &= border < days.count
    old = ~changed | (chart.first_day < border)
    new = changed & (chart.last_day > border)
    only_new = np.where(changed, np.maximum(chart.first_day, border), chart.first_day)
    rows = [
        _stretch(
            days,
            chart,
            ids,
            functions,
            chart.before,
            np.flatnonzero(old),
            chart.first_day,
            np.where(changed, np.minimum(chart.last_day, border), chart.last_day),
        ),
        _stretch(days, chart, ids, functions, chart.after, np.flatnonzero(new), only_new, chart.last_day),
    ]
    return tidy(PEOPLE, _shuffled(pd.concat(rows, ignore_index=True), dice(days.plan, "people rows")))


def _stretch(
    days: Days,
    chart: Chart,
    ids: Ids,
    functions: np.ndarray,
    places: Places,
    who: np.ndarray,
    first: np.ndarray,
    last: np.ndarray,
) -> pd.DataFrame:
    dates = np.append(days.dates, days.dates[-1] + 1).astype("datetime64[us]")
    department = [f"Afdeling {number + 1}" for number in range(int(chart.before.department.max()) + 1)]
    team = [f"Team {number + 1}" for number in range(chart.teams)]
    none = np.datetime64("NaT")
    return pd.DataFrame(
        {
            "person_id": ids.people.take(pa.array(who)).to_pandas(),
            "level": places.level[who],
            "department": np.array(department)[places.department[who]],
            "team": np.array(team)[chart.team[who]],
            "manager_id": _taken(ids.people, places.manager[who]).to_pandas(),
            "function": functions[who],
            "fte": chart.fte[who],
            "valid_from": np.where(first[who] > 0, dates[first[who]], none),
            "valid_to": np.where(last[who] < days.count, dates[np.minimum(last[who], days.count)], none),
        }
    )


def meetings_frame(days: Days, part: Part, ids: Ids, titles: Titles, shown: np.ndarray) -> pd.DataFrame:
    """The meetings that a calendar shows."""
    chance = dice(days.plan, "moments")
    meetings, heads = part.meetings.take(shown), np.bincount(part.guests.meeting, minlength=len(part.meetings))[shown]
    size, all_day = len(meetings), meetings.kind == AWAY
    begin = FIRST_MINUTE + 30 * meetings.slot
    start = times(days, meetings.day, begin)
    end = times(days, meetings.day, begin + 30 * meetings.half_hours)
    dates = days.dates[0].astype("datetime64[us]") + meetings.day.astype("timedelta64[D]")
    # Length of an all-day entry is in days.
    start = np.where(all_day, dates, start)
    end = np.where(all_day, dates + meetings.half_hours.astype("timedelta64[D]"), end)
    created = start - _created_before(meetings, chance)
    touched = np.where(
        meetings.moved_on >= 0, times(days, meetings.moved_on, chance.integers(540, 1020, size)), created
    )
    was = times(days, np.where(meetings.moved_from >= 0, meetings.moved_from, meetings.day), begin)
    moved = meetings.moved_from >= 0
    frame = _frame(
        meeting_id=ids.meetings.take(pa.array(np.flatnonzero(shown))),
        series_id=_taken(ids.series, meetings.series),
        title=pa.array(titles.texts).take(pa.array(meetings.title)),
        start=start,
        end=end,
        all_day=all_day,
        organizer_id=_taken(ids.people, meetings.organizer),
        created=created,
        updated=np.maximum(touched, created),
        sequence=moved.astype(np.int64),
        status=pa.array(["confirmed", "cancelled"]).take(pa.array((meetings.state == CANCELLED).astype(int))),
        show_as=pa.array(["busy", "oof", "free"]).take(pa.array(np.where(all_day, 1 + (meetings.stage > 0), 0))),
        kind=pa.array(["meeting", "focus"]).take(pa.array((meetings.kind == FOCUS).astype(int))),
        headcount=heads,
        online=chance.random(size) < 0.4,
    )
    frame["original_start"] = np.where(meetings.series >= 0, was, np.datetime64("NaT")).astype("datetime64[us]")
    return tidy(MEETINGS, _shuffled(frame.assign(source="simulation"), dice(days.plan, "meeting rows")))


def _created_before(meetings: Meetings, chance: np.random.Generator) -> np.ndarray:
    """How long before the start an entry was made; one moment for all of a series."""
    hour = chance.integers(30, 480, int(meetings.series.max(initial=0)) + 1)
    minutes = np.where(meetings.series >= 0, hour[meetings.series], chance.integers(30, 480, len(meetings)))
    return (minutes + 1440 * np.maximum(meetings.lead, 0)).astype("timedelta64[m]")


def attendance_frame(days: Days, part: Part, ids: Ids, boxes: Mailboxes) -> tuple[pd.DataFrame, np.ndarray]:
    """Invitations as the readable calendars have them, and which meetings stand in any."""
    response, role = answers(days.plan, part)
    guests = part.guests
    seen = readable(days, boxes, part.meetings, guests)
    shown = np.zeros(len(part.meetings), dtype=bool)
    shown[guests.meeting[seen]] = True
    # The second mailbox of a person is a shared one: it is invited along but nobody is on leave in it.
    copies = np.flatnonzero(seen & boxes.double[guests.person] & (part.meetings.kind != AWAY)[guests.meeting])
    rows = np.concatenate([np.flatnonzero(seen), copies])
    twin = np.arange(len(rows)) >= seen.sum()
    order = dice(days.plan, "attendance rows").permutation(len(rows))
    rows, twin = rows[order], twin[order]
    meeting, person = guests.meeting[rows], guests.person[rows]
    names = pa.concat_arrays([ids.people, ids.twins])
    length = np.where(part.meetings.kind == AWAY, 0.0, part.meetings.half_hours / 2)
    frame = _frame(
        meeting_id=ids.meetings.take(pa.array(meeting)),
        person_id=names.take(pa.array(person + twin * len(ids.people))),
        role=pa.array(ROLES).take(pa.array(np.where(twin & (role[rows] == 0), 1, role[rows]))),
        response=pa.array(RESPONSES).take(pa.array(response[rows])),
        hours=length[meeting],
    )
    return tidy(ATTENDANCE, frame), shown


def labels_frame(days: Days, part: Part, ids: Ids, shown: np.ndarray) -> pd.DataFrame:
    """The `labels` table with the planned errors, as if brought by a file."""
    meetings = part.meetings.take(shown)
    label, chances = labelled(days.plan, meetings)
    coordinates = label == LABELS.index("coordination")
    sub = np.where(coordinates, np.where(meetings.line, 0, 1), -1)
    frame = _frame(
        meeting_id=ids.meetings.take(pa.array(np.flatnonzero(shown))),
        label=pa.array(LABELS).take(pa.array(label)),
        probability=chances[np.arange(len(label)), label],
        **{f"p_{name}": chances[:, number] for number, name in enumerate(LABELS)},
        sub=_taken(pa.array(["line", "process"]), sub),
        decided_by=pa.array(["file"]).take(pa.array(np.zeros(len(label), int))),
    )
    return tidy(LABELLED, _shuffled(frame, dice(days.plan, "label rows")))


def moves_frame(days: Days, part: Part, ids: Ids, shown: np.ndarray) -> pd.DataFrame:
    """The moves that somebody recorded."""
    meetings, chance = part.meetings, dice(days.plan, "moves")
    recorded = chance.random(len(meetings)) < days.plan.moves_recorded
    which = np.flatnonzero(shown & recorded & (meetings.moved_from >= 0))
    begin = FIRST_MINUTE + 30 * meetings.slot[which]
    frame = _frame(
        meeting_id=ids.meetings.take(pa.array(which)),
        seen_at=times(days, meetings.moved_on[which], chance.integers(540, 1020, len(which))),
        old_start=times(days, meetings.moved_from[which], begin),
        new_start=times(days, meetings.day[which], begin),
    )
    return tidy(MOVES, _shuffled(frame, chance))


def absences_frame(days: Days, leave: Leave, ids: Ids, spells: np.ndarray, by_calendar: np.ndarray) -> pd.DataFrame:
    """The stretches of absence that are known, from the calendar or from a file."""
    zero = np.zeros(len(spells), dtype=int)
    kind = np.where(by_calendar, 0, leave.sick[spells].astype(int))
    frame = _frame(
        person_id=ids.people.take(pa.array(leave.person[spells])),
        start=times(days, leave.first[spells], zero),
        end=times(days, leave.last[spells], zero),
        kind=pa.array(["leave", "sick"]).take(pa.array(kind)),
        source=pa.array(["file", "calendar"]).take(pa.array(by_calendar.astype(int))),
    )
    unique = frame.drop_duplicates(["person_id", "start", "end"])
    return tidy(ABSENCES, _shuffled(unique, dice(days.plan, "absence rows")))
