"""What will be asked of a store, in the order in which it is worked out before anybody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.spans import choices, within
from privacy.door import as_asked
from privacy.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.period import Period
    from privacy.answers import Question
    from privacy.door import Door

WHOLE_STORE = ("checks", "trusted")
OWN = ("split", "roles", "signals", "stopping", "drift", "dependence")
QUEUE = "own_queue"
OF_GROUPS = ("split", "drift", "dependence", "roles", "signals", "stopping", "escalations", "ties", "forums")


def first_of_all(door: Door) -> list[Question]:
    """Every page of every view that is offered, over all weeks; the first page first."""
    period, viewers = door.overview().period, door.viewers()
    if period is None or not viewers:
        return []
    first = viewers[0]
    found = [as_asked("split", first, period), as_asked("checks", first, period)]
    found += [as_asked("split", Viewer("mt"), phase.period) for phase in door.overview().story]
    found += [question for viewer in viewers for question in _of(viewer, period)]
    return list(dict.fromkeys(found))


def ahead(door: Door) -> Iterator[Question]:
    """The years, half-years and quarters that can be chosen, latest first, for the owner and the whole organisation."""
    available = door.overview().period
    if available is None:
        return
    viewers = [viewer for viewer in door.viewers() if not viewer.unit]
    for keys in choices(available).values():
        for key in keys:
            if period := within(key, available):
                for viewer in viewers:
                    yield from _of(viewer, period)


def _of(viewer: Viewer, period: Period) -> Iterator[Question]:
    if viewer.role == "self":
        yield from (as_asked(name, viewer, period) for name in OWN)
        yield from (as_asked(QUEUE, viewer, period, language) for language in ("nl", "en"))
    else:
        yield from (as_asked(name, viewer, period) for name in OF_GROUPS)
    yield from (as_asked(name, viewer, period) for name in WHOLE_STORE)
