"""What measures ask of whatever holds the tables: the snapshot of a store, or a folder of Parquet on an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.tables import Lazy, Tables

T = TypeVar("T")


class Held(Protocol):
    """One state of the tables, and what was derived from it."""

    def tables(self) -> Tables:
        """The tables as lazy frames."""

    def keep(self, name: str, build: Callable[[Tables], Lazy]) -> Lazy:
        """A derived table, built once and read by everybody after."""

    def remember(self, name: str, work_out: Callable[[Tables], T]) -> T:
        """A result in memory, worked out once; nobody may change it."""


class Holder(Protocol):
    """Where the newest state is asked for."""

    def snapshot(self) -> Held:
        """The newest state."""

    def tables(self) -> Tables:
        """The tables of the newest state."""
