"""Options that several commands share, and what their words mean."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from meetload.places import default_store
from store import clock
from store.errors import BadInput
from store.schema import DEFAULT_TIMEZONE

if TYPE_CHECKING:
    from connectors.contract import Window

StoreOption = Annotated[Path | None, typer.Option("--store", help="The store file; by default your own.")]
HomeOption = Annotated[str, typer.Option("--home", help="The zone whose days and weeks are counted.")]
FromOption = Annotated[str | None, typer.Option("--from", help="First day to read, e.g. 2025-01-01.")]
UntilOption = Annotated[str | None, typer.Option("--until", help="Last day to read; default four weeks ahead.")]
SettingsOption = Annotated[Path | None, typer.Option("--settings", help="A TOML file with other numbers.")]
PublicKeyOption = Annotated[
    Path | None,
    typer.Option("--key", help="The public key (.pub) of whoever released; by default this installation's own."),
]
HOME = DEFAULT_TIMEZONE

EARLIEST = datetime(1970, 1, 1)  # noqa: DTZ001 - naive UTC throughout
AHEAD = timedelta(days=28)


def today() -> datetime:
    """Midnight of this day in UTC: the same command twice in a day reads the same window."""
    return datetime.combine(clock.now().date(), datetime.min.time())


def window_of(
    since: str | None, until: str | None, *, earliest: datetime = EARLIEST, latest: datetime | None = None
) -> Window:
    """The days from `since` to `until`, both included; the usual window where nothing is said."""
    from connectors.contract import Window  # noqa: PLC0415 - a command pays only for its own imports

    start = day(since) if since else earliest
    end = day(until) + timedelta(days=1) if until else latest or today() + AHEAD
    if start >= end:
        raise BadInput("--from lies after --until")
    return Window(start, end)


def pull_window(since: str | None, until: str | None) -> Window:
    """Two whole calendar years and this one up to the end of next month: a window that stays put for weeks."""
    now = today()
    months = now.year * 12 + now.month + 1
    first = now.replace(year=now.year - 2, month=1, day=1)
    after = now.replace(year=months // 12, month=months % 12 + 1, day=1)
    return window_of(since, until, earliest=first, latest=after)


def day(text: str) -> datetime:
    """A day as people write it."""
    try:
        return datetime.combine(date.fromisoformat(text), datetime.min.time())
    except ValueError as error:
        raise BadInput(f"{text!r} is not a day; write it like 2026-03-16") from error


def zone(name: str) -> str:
    """A time zone that exists."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:
        raise BadInput(f"{name!r} is not a time zone; write it like Europe/Amsterdam") from error


def existing(store: Path | None) -> Path:
    """The store that was named, or one's own; it has to be there."""
    path = store or default_store()
    if not path.exists():
        raise BadInput(f"there is no store at {path}; try `meetload demo`, or `meetload import PATH` first")
    return path
