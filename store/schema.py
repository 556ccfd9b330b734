"""The tables: what every room calls things, and what a value may be.

One description serves the database, the exchange folder, the checks and the manual, so they cannot disagree.
Times are naive UTC; hours are floats; one row is one fact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

VERSION = 4

Kind = Literal["text", "time", "number", "integer", "flag", "date"]

SQL_TYPES: dict[Kind, str] = {
    "text": "VARCHAR",
    "time": "TIMESTAMP",
    "number": "DOUBLE",
    "integer": "INTEGER",
    "flag": "BOOLEAN",
    "date": "DATE",
}

LABELS = ("design", "coordination", "escalation", "incident", "other")

SCANNED = "scanned"
"""The setting of a store whose titles were dropped while it was pulled."""

TEXT_DROPPED = "text_dropped"
"""The setting of a store that lost titles because they were too old."""

DEFAULT_TIMEZONE = "Europe/Amsterdam"
"""The wall clock of a store that was never told another."""


@dataclass(frozen=True)
class Column:
    """One column: its name, what it holds, and which words it accepts."""

    name: str
    kind: Kind = "text"
    required: bool = False
    words: tuple[str, ...] = ()
    default: str | float | bool | None = None
    derived: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its columns in order and the columns that identify a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    exchanged: bool = False
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def names(self) -> list[str]:
        """All column names in order, derived ones included."""
        return [column.name for column in self.columns]

    @property
    def given(self) -> list[str]:
        """The columns that sources bring; the rest the store works out itself."""
        return [column.name for column in self.columns if not column.derived]

    @property
    def ddl(self) -> str:
        """The statement that creates the table."""
        columns = ", ".join(f'"{column.name}" {SQL_TYPES[column.kind]}' for column in self.columns)
        return f'CREATE TABLE IF NOT EXISTS "{self.name}" ({columns})'


def _text(name: str, *words: str, default: str | None = None) -> Column:
    return Column(name, "text", words=words, default=default)


PEOPLE = Table(
    "people",
    (
        Column("person_id", required=True),
        Column("name"),
        Column("email"),
        Column("level", "integer", required=True),
        Column("department", required=True),
        Column("team", required=True),
        Column("manager_id"),
        Column("function"),
        Column("fte", "number", default=1.0),
        Column("valid_from", "date"),
        Column("valid_to", "date"),
    ),
    key=("person_id", "valid_from"),
    exchanged=True,
)

ALIASES = Table("aliases", (Column("email", required=True), Column("person_id", required=True)), key=("email",))

MEETINGS = Table(
    "meetings",
    (
        Column("meeting_id", required=True),
        Column("series_id"),
        Column("original_start", "time"),
        Column("title"),
        Column("start", "time", required=True),
        Column("end", "time", required=True),
        Column("all_day", "flag", default=False),
        Column("organizer_id"),
        Column("created", "time"),
        Column("updated", "time"),
        Column("sequence", "integer"),
        _text("status", "confirmed", "tentative", "cancelled", default="confirmed"),
        Column("is_private", "flag", default=False),
        _text("show_as", "busy", "free", "oof", "tentative", "elsewhere", default="busy"),
        _text("kind", "meeting", "focus", "absence", "hold", "travel", default="meeting"),
        Column("headcount", "integer"),
        Column("headcount_external", "integer"),
        Column("online", "flag"),
        Column("body"),
        Column("source"),
        Column("local_date", "date", derived=True),
        Column("local_minute", "integer", derived=True),
        Column("week", "date", derived=True),
        Column("start_minute", "integer", derived=True),
        Column("end_minute", "integer", derived=True),
    ),
    key=("meeting_id",),
    exchanged=True,
)

ATTENDANCE = Table(
    "attendance",
    (
        Column("meeting_id", required=True),
        Column("person_id", required=True),
        _text("role", "organizer", "required", "optional", "resource", default="required"),
        _text("response", "accepted", "declined", "tentative", "none", default="none"),
        Column("hours", "number"),
    ),
    key=("meeting_id", "person_id"),
    exchanged=True,
)

ABSENCES = Table(
    "absences",
    (
        Column("person_id", required=True),
        Column("start", "time", required=True),
        Column("end", "time", required=True),
        Column("kind", default="leave"),
        _text("source", "calendar", "file", default="file"),
    ),
    key=("person_id", "start", "end", "kind"),
    exchanged=True,
)

MOVES = Table(
    "moves",
    (
        Column("meeting_id", required=True),
        Column("seen_at", "time"),
        Column("old_start", "time", required=True),
        Column("new_start", "time", required=True),
    ),
    key=("meeting_id", "old_start", "new_start"),
    exchanged=True,
)

LABELLED = Table(
    "labels",
    (
        Column("meeting_id", required=True),
        Column("label", required=True, words=LABELS),
        Column("probability", "number"),
        *(Column(f"p_{label}", "number") for label in LABELS),
        _text("sub", "line", "process"),
        _text("decided_by", "model", "person", "file", default="model"),
        Column("model_version"),
    ),
    key=("meeting_id",),
)

CORRECTIONS = Table(
    "corrections",
    (
        Column("meeting_id", required=True),
        _text("label", *LABELS),
        Column("by"),
        Column("at", "time"),
        Column("note"),
        _text("model_label", *LABELS),
        Column("model_probability", "number"),
        Column("model_version"),
    ),
    key=("meeting_id", "at", "by"),
)

TOPIC_EDITS = Table(
    "topic_edits",
    (
        Column("at", "time", required=True),
        Column("by", required=True),
        Column("place", "integer", required=True),
        Column("action", required=True, words=("merge", "split")),
        Column("wording", required=True),
        Column("other"),
    ),
    key=("at", "by", "place"),
)

AGREEMENTS = Table(
    "agreements",
    (
        Column("agreement_id", required=True),
        Column("topic"),
        Column("text"),
        Column("owner"),
        Column("since", "date"),
    ),
    key=("agreement_id",),
)

EXPERIMENTS = Table(
    "experiments",
    (
        Column("experiment_id", required=True),
        Column("what"),
        Column("topic"),
        Column("from", "date"),
        Column("until", "date"),
    ),
    key=("experiment_id",),
)

SYNCS = Table(
    "syncs",
    (
        Column("source", required=True),
        Column("mailbox", required=True),
        Column("token"),
        Column("window"),
        Column("last_ok", "time"),
        Column("last_error"),
        _text("state", "ok", "no_mailbox", "no_calendar", "denied", "gone", "throttled", "failed", "waiting"),
    ),
    key=("source", "mailbox"),
)

JOURNAL = Table(
    "journal",
    (
        Column("at", "time", required=True),
        Column("actor", required=True),
        Column("action", required=True),
        Column("scope"),
        Column("digest", required=True),
        Column("previous"),
    ),
    key=("digest",),
)

REGISTRY = Table(
    "registry",
    (
        Column("at", "time", required=True),
        Column("subject_ref", required=True),
        Column("purpose", required=True, words=("scan", "card")),
        Column("decision", required=True, words=("objection", "share", "withdraw")),
        Column("audience"),
        Column("notice_version"),
        Column("expires", "time"),
        Column("digest", required=True),
        Column("previous"),
    ),
    key=("digest",),
)

SETTINGS = Table("settings", (Column("name", required=True), Column("value")), key=("name",))

ABSENCE_DAYS = Table(
    "absence_days",
    (
        Column("person_id", required=True, derived=True),
        Column("local_date", "date", derived=True),
        Column("from_minute", "integer", derived=True),
        Column("to_minute", "integer", derived=True),
        Column("kind", derived=True),
    ),
    key=("person_id", "local_date", "from_minute", "kind"),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        PEOPLE,
        ALIASES,
        MEETINGS,
        ATTENDANCE,
        ABSENCES,
        MOVES,
        LABELLED,
        CORRECTIONS,
        TOPIC_EDITS,
        AGREEMENTS,
        EXPERIMENTS,
        SYNCS,
        JOURNAL,
        REGISTRY,
        SETTINGS,
        ABSENCE_DAYS,
    )
}
