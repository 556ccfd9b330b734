"""The exchange folder: people, meetings, attendance, absences, moves and labels as CSV or Parquet, in and out.

Reading is forgiving where the meaning is plain and strict where it is not: good rows come back as a `Batch`, every
other row as a `Problem` with file, line, column and reason. Nothing is guessed and nothing is half-read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from store.delimited import RawTable, read_delimited
from store.errors import BadInput, Problem, first_line
from store.frames import Batch, empty, tidy, without_private_text
from store.schema import (
    ABSENCES,
    ATTENDANCE,
    DEFAULT_TIMEZONE,
    LABELLED,
    LABELS,
    MEETINGS,
    MOVES,
    PEOPLE,
    TABLES,
    Table,
)
from store.values import DATE, localised, parse_column, words_of

if TYPE_CHECKING:
    from pathlib import Path

    from store.database import Store

Format = Literal["csv", "parquet"]

EXCHANGED = (PEOPLE, MEETINGS, ATTENDANCE, ABSENCES, MOVES, LABELLED)
REQUIRED_FILES = (MEETINGS, ATTENDANCE)
REFERRING = {"attendance", "moves", "labels"}
# Who decided and with which model is the store's own business: what a file brings was decided by the file.
NOT_IN_FILES = {("labels", "decided_by"), ("labels", "model_version")}
CHANCES = [f"p_{label}" for label in LABELS]
OTHER_FILE_NAMES = {"meetings": ("events",), "people": ("org",)}
OTHER_COLUMN_NAMES = {
    ("people", "title"): "function",
    ("meetings", "event_id"): "meeting_id",
    ("meetings", "subject"): "title",
    ("attendance", "event_id"): "meeting_id",
    ("attendance", "status"): "response",
    ("moves", "event_id"): "meeting_id",
    ("labels", "event_id"): "meeting_id",
}
# Derived by the store, or free to leave out in a file although the table wants them.
MAY_BE_EMPTY = {("people", "level"), ("people", "department"), ("people", "team")}


@dataclass(frozen=True)
class Reading:
    """What a folder held: the good rows, the problems, and how many rows each file had."""

    batch: Batch
    problems: tuple[Problem, ...]
    rows: dict[str, int]


def is_exchange_folder(path: Path) -> bool:
    """Whether a folder holds an exchange set (at least meetings and attendance)."""
    return path.is_dir() and all(_find(path, table) for table in REQUIRED_FILES)


def read_folder(folder: Path, timezone: str = "UTC", home: str = DEFAULT_TIMEZONE) -> Reading:
    """All tables of an exchange folder.

    Times without an offset are read in `timezone`; a bare date among absences is a day in the zone `home`.
    """
    missing = [table.name for table in REQUIRED_FILES if _find(folder, table) is None]
    if missing:
        raise BadInput(
            f"{folder} is no exchange folder: {' and '.join(missing)} (.csv or .parquet) is missing; "
            "docs/exchange.md lists the files and columns"
        )
    problems: list[Problem] = []
    read: dict[str, _Read] = {}
    for table in EXCHANGED:
        if file := _find(folder, table):
            read[table.name] = _read_table(file, table, _Zones(timezone, home), problems)
    known = set(read["meetings"].frame["meeting_id"])
    frames = {table.name: empty(table) for table in EXCHANGED}
    for name, part in read.items():
        rows = _referring(part, known, problems) if name in REFERRING else part.frame
        frames[name] = tidy(TABLES[name], rows)
    frames["meetings"] = without_private_text(frames["meetings"])
    frames["absences"] = _with_all_day_absences(frames, home)
    frames["attendance"] = _with_hours(frames)
    frames["labels"] = _with_chances(frames["labels"])
    counts = {part.raw.file.name: len(part.raw.frame) for part in read.values()}
    return Reading(Batch(**frames), tuple(sorted(problems, key=_place)), counts)


@dataclass(frozen=True)
class _Zones:
    times: str
    days: str


@dataclass(frozen=True)
class _Read:
    """Good rows of one file, still under the row numbers of the file."""

    frame: pd.DataFrame
    raw: RawTable


def _place(problem: Problem) -> tuple[str, int, str]:
    return problem.file, problem.line or 0, problem.reason


def write_folder(store: Store, folder: Path, form: Format = "csv") -> dict[str, int]:
    """Write a store's exchanged tables; reading the folder gives back the same rows. Returns rows a file."""
    folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    for table in EXCHANGED:
        frame = store.frame(table.name)
        if table is LABELLED:
            # What the model says can be said again; what people and files said cannot.
            frame = frame[frame["decided_by"] != "model"]
            if frame.empty:
                continue
        frame = frame[_columns(table)].sort_values(list(table.key), ignore_index=True)
        target = folder / f"{table.name}.{form}"
        partial = target.with_name(target.name + ".part")
        if form == "csv":
            _as_text(frame, table).to_csv(partial, index=False, lineterminator="\n")
        else:
            frame.to_parquet(partial, index=False)
        partial.replace(target)
        counts[target.name] = len(frame)
    return counts


def _as_text(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Times with their offset written out, so that no reader has to guess."""
    written = frame.copy()
    for column in table.columns:
        if column.name not in written:
            continue
        if column.kind == "time":
            written[column.name] = frame[column.name].dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        elif column.kind == "date":
            written[column.name] = frame[column.name].dt.strftime("%Y-%m-%d")
        elif column.kind == "flag":
            written[column.name] = frame[column.name].map({True: "true", False: "false"})
    return written


def _columns(table: Table) -> list[str]:
    """The columns of a table that a file may have."""
    return [name for name in table.given if (table.name, name) not in NOT_IN_FILES]


def _find(folder: Path, table: Table) -> Path | None:
    for name in (table.name, *OTHER_FILE_NAMES.get(table.name, ())):
        for ending in (".csv", ".parquet"):
            file: Path = folder / (name + ending)
            if file.is_file():
                return file
    return None


def _read_table(file: Path, table: Table, zones: _Zones, problems: list[Problem]) -> _Read:
    raw = read_delimited(file) if file.suffix == ".csv" else _read_parquet(file)
    problems.extend(raw.problems)
    raw = _rename(raw, table, file, problems)
    _demand_columns(raw, table, file)
    good = pd.Series(data=True, index=raw.frame.index)
    columns: dict[str, pd.Series] = {}
    for column in table.columns:
        if column.name not in _columns(table) or column.name not in raw.frame:
            continue
        days = zones.days if table is ABSENCES else "UTC"
        values, reasons = parse_column(raw.frame[column.name], column, zones.times, days)
        if column.required and (table.name, column.name) not in MAY_BE_EMPTY:
            reasons = reasons.mask(values.isna() & reasons.isna(), f"{column.name} is empty")
        problems.extend(_problems_of(reasons, raw, file, column.name))
        good &= reasons.isna()
        columns[column.name] = values
    frame = pd.DataFrame(columns)
    if table in {MEETINGS, ABSENCES}:
        frame = _whole_days(frame, raw, table)
    for check in (_ends_before_start, _impossible_chances, _twice):
        reasons = check(frame, table).where(good)
        problems.extend(_problems_of(reasons, raw, file, None))
        good &= reasons.isna()
    return _Read(frame[good], raw)


def _whole_days(frame: pd.DataFrame, raw: RawTable, table: Table) -> pd.DataFrame:
    """Bare dates mean whole days, the end exclusive as in every calendar; the same date twice is that one day."""
    bare = {edge: raw.frame[edge].astype("str").str.fullmatch(DATE, na=False) for edge in ("start", "end")}
    one_day = bare["start"] & bare["end"] & (frame["start"] == frame["end"])
    frame["end"] = frame["end"].mask(one_day, frame["end"] + pd.Timedelta(days=1))
    if table is MEETINGS and "all_day" not in frame:
        frame["all_day"] = bare["start"]
    return frame


def _read_parquet(file: Path) -> RawTable:
    try:
        frame = pd.read_parquet(file)
    except (OSError, ValueError) as error:
        raise BadInput(f"{file} cannot be read as Parquet ({first_line(error)})") from error
    return RawTable(frame.reset_index(drop=True), file, first_line=1)


def _rename(raw: RawTable, table: Table, file: Path, problems: list[Problem]) -> RawTable:
    names = {name: str(name).strip().lower() for name in raw.frame.columns}
    for name, plain in names.items():
        other = OTHER_COLUMN_NAMES.get((table.name, plain))
        if other and other not in names.values():
            names[name] = other
    renamed = raw.frame.rename(columns=names)
    unknown = [name for name in renamed.columns if name not in _columns(table)]
    if unknown:
        listed = ", ".join(map(str, unknown))
        problems.append(Problem(file.name, f"columns not used: {listed}", rejected=False))
    return raw.with_frame(renamed.loc[:, ~renamed.columns.duplicated()])


def _demand_columns(raw: RawTable, table: Table, file: Path) -> None:
    missing = [column.name for column in table.columns if column.required and column.name not in raw.frame]
    if missing:
        found = ", ".join(map(str, raw.frame.columns)) or "none"
        raise BadInput(f"{file} lacks the column {', '.join(missing)}; it has {found} (docs/exchange.md lists them)")


def _ends_before_start(frame: pd.DataFrame, table: Table) -> pd.Series:
    reasons = pd.Series(None, index=frame.index, dtype=object)
    if table in {MEETINGS, ABSENCES}:
        reasons = reasons.mask(frame["end"] < frame["start"], "end is before start")
    return reasons


def _impossible_chances(frame: pd.DataFrame, table: Table) -> pd.Series:
    """Probabilities that are none: outside 0 to 1, or all five given and not adding up to 1."""
    reasons = pd.Series(None, index=frame.index, dtype=object)
    if table is not LABELLED:
        return reasons
    given = frame.reindex(columns=["probability", *CHANCES])
    reasons = reasons.mask(((given < 0) | (given > 1)).any(axis=1), "a probability lies outside 0 to 1")
    chances = given[CHANCES]
    some = chances.notna().any(axis=1)
    wrong = some & (chances.isna().any(axis=1) | ~chances.sum(axis=1).between(0.99, 1.01))
    return reasons.mask(wrong & reasons.isna(), f"{' to '.join((CHANCES[0], CHANCES[-1]))} do not add up to 1")


def _twice(frame: pd.DataFrame, table: Table) -> pd.Series:
    reasons = pd.Series(None, index=frame.index, dtype=object)
    key = [name for name in table.key if name in frame]
    return reasons.mask(frame.duplicated(key, keep="first"), f"a row with this {' and '.join(key)} came before")


def _problems_of(reasons: pd.Series, raw: RawTable, file: Path, column: str | None) -> list[Problem]:
    found = reasons.dropna()
    if found.empty:
        return []
    lines = raw.lines_of(found.index)
    return [Problem(file.name, str(reason), lines[row], column) for row, reason in found.items()]


def _referring(part: _Read, known: set[str], problems: list[Problem]) -> pd.DataFrame:
    """Rows that point at a meeting that is there; the others are reported."""
    there = part.frame["meeting_id"].isin(known)
    reasons = pd.Series(None, index=part.frame.index, dtype=object).mask(~there, "no such meeting in the meetings file")
    problems.extend(_problems_of(reasons, part.raw, part.raw.file, "meeting_id"))
    return part.frame[there]


def _with_all_day_absences(frames: dict[str, pd.DataFrame], home: str) -> pd.DataFrame:
    """An all-day out-of-office entry is an absence of whoever has it in the calendar."""
    meetings = frames["meetings"]
    away = (meetings["show_as"] == "oof") | (meetings["kind"] == "absence")
    rows = meetings[meetings["all_day"].astype(bool) & away].merge(
        frames["attendance"][["meeting_id", "person_id", "response"]], on="meeting_id"
    )
    rows = rows[rows["response"] != "declined"]
    edges = {edge: localised(rows[edge], home) for edge in ("start", "end")}
    found = pd.DataFrame({"person_id": rows["person_id"], **edges}).assign(kind="leave", source="calendar")
    both = pd.concat([frames["absences"], tidy(ABSENCES, found)], ignore_index=True)
    return both.drop_duplicates(["person_id", "start", "end"], keep="first", ignore_index=True)


def _with_hours(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Scheduled hours for rows that do not say; none for all-day entries."""
    meetings = frames["meetings"].set_index("meeting_id")
    hours = (meetings["end"] - meetings["start"]).dt.total_seconds() / 3600
    scheduled = hours.mask(meetings["all_day"].astype(bool), 0.0)
    attendance = frames["attendance"]
    return attendance.assign(hours=attendance["hours"].fillna(attendance["meeting_id"].map(scheduled)))


def _with_chances(labels: pd.DataFrame) -> pd.DataFrame:
    """Labels of a file with all their probabilities: a bare label is certain, what one leaves over is shared out."""
    chances = labels[CHANCES]
    bare = chances.isna().all(axis=1)
    own = pd.concat({name: labels["label"] == name.removeprefix("p_") for name in CHANCES}, axis=1)
    chance = labels["probability"].fillna((chances.fillna(0.0) * own).sum(axis=1).mask(bare, 1.0))
    rest = (1 - chance) / (len(CHANCES) - 1)
    filled = {name: chances[name].mask(bare, chance.where(own[name], rest)) for name in CHANCES}
    return labels.assign(probability=chance, **filled, decided_by="file")


def words_known() -> dict[str, dict[str, str]]:
    """Every word a file may use for a listed value, and what it means; for the manual and its test."""
    return {
        f"{table.name}.{column.name}": words_of(column)
        for table in EXCHANGED
        for column in TABLES[table.name].columns
        if column.words and column.name in _columns(table)
    }
