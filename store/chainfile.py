"""A chain of digests in a file of its own: one JSON object a line, only ever added to.

Beside it (`NAME.head`) stands the last digest, so that lines cut off at the end are noticed as well. Whoever can write
both files can still shorten them together: keep a digest elsewhere to be sure.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

from store.chain import FIRST, Fault, Link, digest_of, faults
from store.errors import BadInput
from store.locked import lock_of, lock_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

OURS_ALONE = 0o600
DROPPED = "drop old lines"
REWRITTEN = "take a name out"

Row = dict[str, str]


class ChainFile:
    """A file of rows with these fields, in this order; all values are text."""

    def __init__(self, path: Path, fields: tuple[str, ...]) -> None:
        self.path = path
        self.fields = fields
        self._head = path.with_name(path.name + ".head")

    def rows(self) -> list[Row]:
        """All rows in the order of the file; BadInput where a line is no row."""
        if not self.path.exists():
            return []
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return [self._read(number, line) for number, line in enumerate(lines, start=1)]

    def check(self) -> list[Fault]:
        """Everything that is wrong with the file; empty where nothing is."""
        rows = self.rows()
        anchors = {row[self.fields[-1]].rsplit(" ", 1)[-1] for row in rows if DROPPED in row.values()}
        head = self._head.read_text(encoding="utf-8").strip() if self._head.exists() else None
        return faults([self._link(row) for row in rows], head, anchors)

    def prepared(self) -> tuple[Path, ...]:
        """The files that adding a row writes, made (for their owner alone) where they are not there yet."""
        files = (self.path, self._head, lock_path(self.path))
        for each in files:
            each.touch(mode=OURS_ALONE)
        return files

    def append(self, *values: str) -> str:
        """Add a row; its digest."""
        with lock_of(self.path):
            last = self._last()
            row = self._row(last, values)
            self._write([row], self.path, os.O_APPEND)
        return row["digest"]

    def replace(self, rows: Iterable[Row], note: tuple[str, ...]) -> None:
        """Chain other rows anew in place of these, with one more that says why."""
        with lock_of(self.path):
            fresh: list[Row] = []
            for values in [*(tuple(row[name] for name in self.fields) for row in rows), note]:
                fresh.append(self._row(fresh[-1]["digest"] if fresh else FIRST, values))
            self._rewrite(fresh)

    def drop_first(self, count: int, note: tuple[str, ...]) -> None:
        """Delete the oldest rows, after adding one that says up to which digest."""
        with lock_of(self.path):
            rows = self.rows()
            upto = rows[count - 1]["digest"]
            row = self._row(rows[-1]["digest"], (*note[:-1], f"{note[-1]} {upto}"))
            self._rewrite([*rows[count:], row])

    def _last(self) -> str:
        if not self.path.exists() or not self.path.stat().st_size:
            return FIRST
        with self.path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 65_536))
            line = file.read().splitlines()[-1].decode()
        return self._read(0, line)["digest"]

    def _rewrite(self, rows: list[Row]) -> None:
        aside = self.path.with_name(self.path.name + ".fresh")
        aside.unlink(missing_ok=True)
        self._write(rows, aside, os.O_TRUNC)
        aside.replace(self.path)

    def _write(self, rows: list[Row], path: Path, how: int) -> None:
        _put(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), how)
        _put(self._head, rows[-1]["digest"] + "\n", os.O_TRUNC)

    def _row(self, previous: str, values: tuple[str, ...]) -> Row:
        row = dict(zip(self.fields, values, strict=True))
        return row | {"previous": previous, "digest": digest_of(previous, values)}

    def _link(self, row: Row) -> Link:
        words = tuple(row[name] for name in self.fields)
        return Link(", ".join(words[:3]), words, row["previous"], row["digest"])

    def _read(self, number: int, line: str) -> Row:
        wanted = {*self.fields, "previous", "digest"}
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadInput(f"line {number} of {self.path} cannot be read; it was changed by hand") from error
        if not isinstance(row, dict) or row.keys() != wanted or not all(isinstance(each, str) for each in row.values()):
            raise BadInput(f"line {number} of {self.path} is not a row of this file; it was changed by hand")
        return {str(name): value for name, value in row.items()}


def scrubbed(rows: Iterable[Row], pattern: str, sign: str) -> tuple[list[Row], int]:
    """The rows with a sign wherever the pattern stands, and how many rows that changed."""
    changed = 0
    fresh: list[Row] = []
    for row in rows:
        clean = {name: re.sub(pattern, sign, value, flags=re.IGNORECASE) for name, value in row.items()}
        changed += clean != row
        fresh.append(clean)
    return fresh, changed


def _put(path: Path, text: str, how: int) -> None:
    """Write to a file that only its owner can read, down to the disk."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | how, OURS_ALONE), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
