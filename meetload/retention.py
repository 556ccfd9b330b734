"""Keeping no longer than was said: titles, event rows and logs, and a look afterwards that they are gone."""

from __future__ import annotations

import getpass
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import narwhals as nw

from analysis.period import Period, parse_period
from store import journal
from store.copies import copies_path, open_copies
from store.database import Store, rewrite, writing
from store.errors import BadInput, Unreachable
from store.tables import to_pandas
from store.viewlog import ViewLog, views_path

if TYPE_CHECKING:
    from pathlib import Path

    from store.writer import Writer

# In days: titles 13 weeks, event rows until two weeks after their release, journal and views a year.
DEFAULTS = {"titles": 91, "appeal": 14, "logs": 365}
RELEASED = "release"
"""The journal's word for a release; the first word of its scope is the period."""


@dataclass(frozen=True)
class Kept:
    """What was deleted as too old: titles, meetings of released periods, journal rows, views; and the oldest left."""

    titles: int
    meetings: int
    journal: int
    views: int
    oldest_title: date | None


def settings_of(store: Store | Writer) -> dict[str, int]:
    """For how many days a store keeps what."""
    return {name: int(store.setting(f"keep_{name}", str(days))) for name, days in DEFAULTS.items()}


def set_days(store: Path, days: dict[str, int], now: datetime) -> None:
    """Say for how many days a store keeps what; the journal knows who said so."""
    for name, value in days.items():
        if name not in DEFAULTS or value < 1:
            raise BadInput(f"{name}={value} is no time to keep something; {', '.join(DEFAULTS)} take a day or more")
    with writing(store) as writer:
        for name, value in days.items():
            if settings_of(writer)[name] != value:
                writer.set(f"keep_{name}", str(value))
                journal.append(writer, getpass.getuser(), "set a time to keep", f"{name} {value} days", now)


def apply(store: Path, now: datetime) -> Kept:
    """Delete what is older than the settings say, rewrite the files, and look again."""
    opened = Store(store)
    days = settings_of(opened)
    limit = (now - timedelta(days=days["titles"])).date()
    over = [period for period, at in releases(opened) if at + timedelta(days=days["appeal"]) < now]
    logs = now - timedelta(days=days["logs"])
    owner = opened.setting("owner")
    in_copies = _apply_to_copies(store, limit, owner, over)
    with writing(store) as writer:
        titles = writer.delete_text(limit, owner)
        meetings = sum(_delete_period(writer, period) for period in over)
        rows = journal.drop_before(writer, logs, getpass.getuser(), now)
        if titles or meetings or rows or in_copies:
            writer.rewrite = True
            what = f"titles: {titles}, meetings: {meetings}, journal rows: {rows}"
            journal.append(writer, getpass.getuser(), "retention", what, now)
    views = ViewLog(views_path(store)).drop_before(logs, getpass.getuser(), now)
    return Kept(titles, meetings, rows, views, _look_again(store, limit, owner, over))


def releases(store: Store) -> list[tuple[Period, datetime]]:
    """The periods that were released and when, as the journal has it."""
    rows = journal.in_order(store.frame("journal"))
    found = []
    for row in rows[rows["action"] == RELEASED].to_dict("records"):
        name = re.split(r"[ ,;]", str(row["scope"]), maxsplit=1)[0]
        found.append((parse_period(name), row["at"].to_pydatetime()))
    return found


def _apply_to_copies(store: Path, limit: date, owner: str, over: list[Period]) -> int:
    path = copies_path(store)
    if not path.exists():
        return 0
    with open_copies(store) as copies:
        changed = copies.delete_text(limit, owner)
        changed += sum(copies.delete_between(period.start, period.end) for period in over)
    if changed:
        rewrite(path)
    return changed


def _delete_period(writer: Writer, period: Period) -> int:
    """Every event row of a released period; the rows of people and the journal stay."""
    rows = to_pandas(period.of(writer.tables().meetings).select("meeting_id"))
    gone = writer.delete_meetings([str(each) for each in rows["meeting_id"]])
    writer.delete_absences(period.start, period.end)
    return gone.deleted


def _look_again(store: Path, limit: date, owner: str, over: list[Period]) -> date | None:
    """The oldest day that still has a title of others' meetings; raises where something too old is left."""
    tables = Store(store).tables()
    own = tables.attendance.filter(nw.col("person_id") == owner).select("meeting_id")
    titled = tables.meetings.filter(~nw.col("title").is_null()).join(own, on="meeting_id", how="anti")
    first = to_pandas(titled.select(first=nw.col("local_date").min()))["first"].iloc[0]
    oldest = None if first is None or first != first else first.date()  # noqa: PLR0124 - NaT
    left = sum(len(to_pandas(period.of(tables.meetings).select("meeting_id"))) for period in over)
    if left or (oldest is not None and oldest < limit):
        raise Unreachable(f"{store} still holds what is too old ({left} meetings, titles from {oldest}); run it again")
    return oldest
