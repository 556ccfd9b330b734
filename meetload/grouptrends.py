"""A table of person-weeks from elsewhere as a trend by group, with groups that are too small left out."""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from meetload.console import NOTES, OUT
from store.errors import BadInput
from store.spreadsheet import harmless

if TYPE_CHECKING:
    import pandas as pd

HIDDEN = "–"


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(trend)


def trend(
    file: Annotated[Path, typer.Argument(help="A CSV file with a row for each person and week.")],
    value: Annotated[str, typer.Option(help="The column of numbers to average.")],
    by: Annotated[str, typer.Option(help="The column with the group.")] = "Organization",
    week: Annotated[str, typer.Option(help="The column with the week.")] = "MetricDate",
    person: Annotated[str, typer.Option(help="The column that tells people apart.")] = "PersonId",
    output: Annotated[str, typer.Option("--format", help="table or csv.")] = "table",
) -> None:
    """Show a person-week table of another tool as a trend by group; fewer than ten people are never told."""
    if output not in {"table", "csv"}:
        raise BadInput(f"--format {output!r} is not known; use table or csv")
    from privacy.grouptrend import group_trend  # noqa: PLC0415 - a command pays only for its own imports

    found = group_trend(read_weeks(file, value, by, week, person), value, by, week, person)
    found = found.sort_values([by, week], ignore_index=True)
    if output == "csv":
        _write(found)
    else:
        _print(found, f"{value} by {by}")
    if hidden := int(found["mean"].isna().sum()):
        NOTES.print(f"{hidden} of {len(found)} cells are left out: too few people, or to be had from the others")


def read_weeks(file: Path, value: str, by: str, week: str, person: str) -> pd.DataFrame:
    """The person-weeks of a file; raises where a column is missing or a number is none."""
    import pandas as pd  # noqa: PLC0415 - a command pays only for its own imports

    from store.delimited import read_delimited  # noqa: PLC0415 - as above

    if not file.is_file():
        raise BadInput(f"there is no file {file}; give a CSV file with a row for each person and week")
    raw = read_delimited(file)
    columns = [value, by, week, person]
    if len(set(columns)) < len(columns):
        raise BadInput("--value, --by, --week and --person must be four different columns")
    if missing := [name for name in columns if name not in raw.frame]:
        raise BadInput(f"{file} has no column {' and no column '.join(missing)}; it has {', '.join(raw.frame)}")
    rows = raw.frame[columns].copy()
    numbers = pd.to_numeric(rows[value], errors="coerce")
    wrong = numbers.isna() & rows[value].fillna("").astype("str").str.strip().ne("")
    if wrong.any():
        place = int(wrong.to_numpy().argmax())
        line = raw.lines_of([place])[place]
        raise BadInput(f"{file}, line {line}: {value} is not a number; write numbers with a point, or leave them out")
    return rows.assign(**{value: numbers})


def _write(found: pd.DataFrame) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([harmless(str(name)) for name in found])
    for row in found.astype(object).where(found.notna(), "").itertuples(index=False):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])


def _print(found: pd.DataFrame, title: str) -> None:
    table = Table(title=escape(title))
    for name in found:
        table.add_column(escape(str(name)))
    for group, week, mean, people in found.itertuples(index=False):
        told = not math.isnan(mean)
        table.add_row(
            escape(str(group)), escape(str(week)), f"{mean:.2f}" if told else HIDDEN, str(people) if told else HIDDEN
        )
    OUT.print(table)
