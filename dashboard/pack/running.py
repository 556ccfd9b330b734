"""How meetload is set up here and now: the only place a pack takes its numbers from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, timedelta

    from analysis.labelerror import LabelError
    from privacy.policy import Policy
    from privacy.release.file import Release


@dataclass(frozen=True)
class Reading:
    """What one source is asked for: fields of a meeting, and permissions with the reason for each."""

    source: str
    fields: tuple[str, ...]
    permissions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Labelling:
    """The model that labels here: its version and day, on how many titles, and how right it is.

    `correct` is the share of held-out titles it labelled right, `macro_f1` the mean over the labels. `error` counts
    each true label against the label said, as the store corrects with; None where nobody measured it.
    """

    version: str
    made: str
    titles: int
    correct: float
    macro_f1: float
    unsure_below: float
    meetings: int
    unsure: int
    own_rules: int
    error: LabelError | None


@dataclass(frozen=True)
class Holding:
    """What a store holds: its columns by table, whether text was dropped, and for how many days things are kept."""

    columns: Mapping[str, tuple[str, ...]]
    scanned: bool
    keeps: Mapping[str, int]
    labelling: Labelling


@dataclass(frozen=True)
class Running:
    """One installation on one day. Without a store or without releases that part is None or empty."""

    made: date
    demo: bool
    readings: tuple[Reading, ...]
    policy: Policy
    shared_for: timedelta
    noise: tuple[float, float]
    holding: Holding | None = None
    releases: tuple[Release, ...] = ()

    @property
    def names(self) -> bool:
        """Whether the last release tells a management team names."""
        return bool(self.releases) and self.releases[-1].names is not None
