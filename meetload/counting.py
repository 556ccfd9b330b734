"""What may count towards a release: one year of a store, nothing private, nobody who objected; derived tables kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import narwhals as nw

from privacy.release.cohort import countable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from analysis.period import Period
    from store.held import Held
    from store.tables import Lazy, Tables

T = TypeVar("T")


class Counted:
    """A snapshot seen through the rules of a release: measures ask it what they ask a snapshot."""

    def __init__(self, held: Held, year: Period, objecting: Collection[str] = ()) -> None:
        self._held, self._year, self._objecting = held, year, sorted(objecting)

    def tables(self) -> Tables:
        """The tables with what may count and nothing else."""
        return self._counted(self._held.tables())

    def keep(self, name: str, build: Callable[[Tables], Lazy]) -> Lazy:
        """A derived table of what may count."""
        return self._held.keep(self._called(name), lambda tables: build(self._counted(tables)))

    def remember(self, name: str, work_out: Callable[[Tables], T]) -> T:
        """A result over what may count."""
        return self._held.remember(self._called(name), lambda tables: work_out(self._counted(tables)))

    def _counted(self, tables: Tables) -> Tables:
        kept = countable(tables, self._year)
        return replace(
            kept,
            attendance=kept.attendance.filter(~nw.col("person_id").is_in(self._objecting)),
            keeper=lambda name, work_out: tables.once(self._called(name), work_out),
        )

    def _called(self, name: str) -> str:
        return f"{name}_released_{self._year.end:%Y%m%d}"
