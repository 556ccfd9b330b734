"""CSV files as people save them: comma, semicolon or tab; UTF-8 or Windows; with the odd broken line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from store.errors import BadInput, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

DELIMITERS = (",", ";", "\t")
csv.field_size_limit(1_000_000)


@dataclass(frozen=True)
class RawTable:
    """A file's rows as text, with a way back to the line each came from."""

    frame: pd.DataFrame
    file: Path
    problems: tuple[Problem, ...] = ()
    first_line: int = 2
    line_numbers: list[int] | None = field(default=None, repr=False)

    def with_frame(self, frame: pd.DataFrame) -> RawTable:
        """The same file with other columns."""
        return replace(self, frame=frame)

    def lines_of(self, rows: Iterable[int]) -> dict[int, int]:
        """The line number of each row."""
        if self.line_numbers is None:
            return {row: self.first_line + row for row in rows}
        return {row: self.line_numbers[row] for row in rows}


def read_delimited(file: Path) -> RawTable:
    """All rows of a CSV file as text; lines with the wrong number of fields come back as problems."""
    text, problems = _decode(file)
    if not text.strip():
        raise BadInput(f"{file} is empty; it needs a first line with column names")
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    quick = _quick(text, delimiter)
    if quick is not None:
        return RawTable(quick, file, problems)
    return _careful(text, delimiter, file, problems)


def _decode(file: Path) -> tuple[str, tuple[Problem, ...]]:
    data = file.read_bytes()
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252":
            return text, (Problem(file.name, "not UTF-8; read as Windows-1252", rejected=False),)
        return text, ()
    raise BadInput(f"{file} is neither UTF-8 nor Windows-1252 text; save it as CSV (UTF-8) and try again")


def _quick(text: str, delimiter: str) -> pd.DataFrame | None:
    """The fast reader, for files in which every line is one whole row; None for others."""
    names = next(csv.reader([text.partition("\n")[0]], delimiter=delimiter))
    as_text = pacsv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )
    parsing = pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False)
    try:
        table = pacsv.read_csv(io.BytesIO(text.encode()), parse_options=parsing, convert_options=as_text)
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    lines = text.count("\n") + (not text.endswith("\n"))
    if table.num_rows != lines - 1 or table.column_names != names:
        return None
    frame: pd.DataFrame = table.to_pandas()
    return None if frame.isna().all(axis=1).any() else frame.astype("str")


def _careful(text: str, delimiter: str, file: Path, problems: tuple[Problem, ...]) -> RawTable:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = next(reader)
    rows: list[list[str | None]] = []
    lines: list[int] = []
    broken: list[Problem] = []
    begins = reader.line_num + 1
    try:
        for fields in reader:
            line, begins = begins, reader.line_num + 1
            if not any(fields):
                continue
            if len(fields) != len(header):
                broken.append(Problem(file.name, f"has {len(fields)} fields, the first line has {len(header)}", line))
                continue
            rows.append([value or None for value in fields])
            lines.append(line)
    except csv.Error as error:
        broken.append(Problem(file.name, f"cannot be read from here on ({error})", begins))
    frame = pd.DataFrame(rows, columns=header, dtype="str")
    return RawTable(frame, file, (*problems, *broken), line_numbers=lines)
