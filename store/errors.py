"""What can go wrong, told so that a reader knows what to do.

    MeetloadError            carries one sentence and an exit code
    ├── BadInput             what was given cannot be used           (exit code 2)
    └── Unreachable          a source or file cannot be reached       (exit code 3)

Bad rows inside good files are not errors: they come back as a list of `Problem`.
"""

from __future__ import annotations

from dataclasses import dataclass


class MeetloadError(Exception):
    """A sentence for the reader: what is wrong, where, and what to do."""

    exit_code = 1


class BadInput(MeetloadError):  # noqa: N818 - read aloud: "bad input"
    """What was given cannot be used as it is."""

    exit_code = 2


class Unreachable(MeetloadError):  # noqa: N818 - read aloud: "unreachable"
    """A source, file or service could not be reached."""

    exit_code = 3


@dataclass(frozen=True, order=True)
class Problem:
    """One row or file that was not taken in, and why. Never holds a title.

    >>> str(Problem("people.csv", "level is not a whole number", line=3, column="level"))
    'people.csv, line 3, column level: level is not a whole number'
    """

    file: str
    reason: str
    line: int | None = None
    column: str | None = None
    rejected: bool = True

    def __str__(self) -> str:
        parts = [self.file]
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return f"{', '.join(parts)}: {self.reason}"


def first_line(error: Exception) -> str:
    r"""What an error of a library says, without the lines that are meant for programmers.

    >>> first_line(ValueError("no such column\nLINE 1: SELECT moon"))
    'no such column'
    """
    return str(error).strip().splitlines()[0]
