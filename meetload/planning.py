"""What will be asked of a store, in the order in which it is worked out before anybody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.spans import choices, within
from privacy.door import as_asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.period import Period
    from privacy.answers import Question
    from privacy.door import Door
    from privacy.viewer import Viewer

WHOLE_STORE = ("checks", "trusted")
OWN = ("split", "roles", "signals", "stopping", "drift", "dependence")
QUEUE = "own_queue"


def first_of_all(door: Door) -> list[Question]:
    """Every page of the owner, over all weeks; the first page first. What groups read is in releases already."""
    period, viewers = door.overview().period, door.viewers()
    if period is None or not viewers:
        return []
    first = viewers[0]
    found = [as_asked("split", first, period), as_asked("checks", first, period)]
    found += [question for viewer in viewers for question in _of(viewer, period)]
    return list(dict.fromkeys(found))


def ahead(door: Door) -> Iterator[Question]:
    """The years, half-years and quarters that the owner can choose, latest first."""
    available = door.overview().period
    if available is None:
        return
    viewers = door.viewers()
    for keys in choices(available).values():
        for key in keys:
            if period := within(key, available):
                for viewer in viewers:
                    yield from _of(viewer, period)


def _of(viewer: Viewer, period: Period) -> Iterator[Question]:
    yield from (as_asked(name, viewer, period) for name in OWN)
    yield from (as_asked(QUEUE, viewer, period, language) for language in ("nl", "en"))
    yield from (as_asked(name, viewer, period) for name in WHOLE_STORE)
