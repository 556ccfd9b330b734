"""From the pages about groups and about oneself to what is told behind a bar: departments, levels and subjects.

Every address is one that answers: the door was asked before it was made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.blocks import APART
from dashboard.opening import Onward
from dashboard.page import offered
from dashboard.words import message
from privacy.answers import NotReady
from privacy.refusal import Refusal
from privacy.released_behind import Behind
from privacy.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from analysis.signals import Signals
    from dashboard.page import Look

COORDINATION_PATH, ESCALATIONS_PATH, TIES_PATH = "/coordination", "/escalations", "/ties"
RETURNING_PATH = "/returning"
NOTHING = Behind((), coordination=False, levels=())
NO_MORE = message("No more than this is told.")


def ways(
    seen: Look,
    ends: Sequence[tuple[str, str]],
    drawn: Sequence[tuple[str, str]],
    links: Mapping[str, str],
    hint: str,
) -> Onward:
    """Where ways between groups lead: a bar to where its way begins, or else ends; a row to either, from its name.

    `ends` are those of the rows, `drawn` those of the bars, `links` the addresses by name. `hint` says where it leads.
    """
    if not any(links.values()):
        return Onward(hint=seen.words(NO_MORE))
    bars = (links.get(origin) or links.get(end, "") for origin, end in drawn)
    rows = (APART.join((links.get(origin, ""), links.get(end, ""))) for origin, end in ends)
    return Onward(tuple(bars), tuple(rows), hint)


def escalations_of(seen: Look, names: Iterable[str]) -> dict[str, str]:
    """The page of escalations for each of some departments that anything is told of, in this period, to this viewer."""
    told = _behind(seen, seen.viewer).escalations
    return {name: seen.selection.but(unit=name).link(ESCALATIONS_PATH) for name in names if name in told}


def ties_of(seen: Look, names: Iterable[str]) -> dict[str, str]:
    """The page of ties for each of some departments; to management of one department no more is told than its own."""
    return {} if seen.viewer.unit else {name: seen.selection.but(unit=name).link(TIES_PATH) for name in names}


def has_ties(seen: Look, unit: str) -> bool:
    """Whether any tie of a department is told."""
    answer = seen.door.ties(seen.viewer, seen.period)
    return not isinstance(answer, Refusal) and any(
        unit in {answer.units[end].name for end in (each.one, each.other)} for each in answer.ties
    )


def levels_of(seen: Look, names: Iterable[str]) -> dict[str, str]:
    """How coordination moved at each of some levels, of the group that is shown; only where that is told."""
    viewer = _management_of(seen, seen.selection.unit) if seen.selection.unit else seen.viewer
    told = _behind(seen, viewer).levels
    page = seen.selection.whole.but(viewer=viewer).link(COORDINATION_PATH)
    return {name: f"{page}#{level_place(name)}" for name in names if name in told}


def level_place(name: str) -> str:
    """Where on its page a level stands, for the end of an address."""
    return f"level-{name}"


def closer_to(seen: Look, unit: str) -> tuple[tuple[str, str], ...]:
    """What else is told of a department that a page is narrowed to, as names and addresses."""
    words, page, management = seen.words, seen.selection, _management_of(seen, unit)
    climbs, moves = unit in _behind(seen, seen.viewer).escalations, _behind(seen, management).coordination
    theirs = page.whole.but(viewer=management)
    found = (
        (words("Where its escalations come from"), ESCALATIONS_PATH, page, climbs),
        (words("How it is tied"), TIES_PATH, page, has_ties(seen, unit)),
        (words("How coordination moved there"), COORDINATION_PATH, theirs, moves),
    )
    return tuple((name, state.link(path)) for name, path, state, told in found if told and path != seen.path)


def subjects(seen: Look) -> Signals | None:
    """The subjects at one's own table; nothing where none come back, or nobody knows yet, for no page waits for it."""
    try:
        answer = seen.door.signals(seen.viewer, seen.period)
    except NotReady:
        return None
    return None if isinstance(answer, Refusal) or not answer.topics else answer


def subjects_page(seen: Look, topic: str = "") -> str:
    """The page of one's own subjects, or of one of them with its meetings."""
    return seen.selection.whole.but(topic=topic).link(RETURNING_PATH)


def _behind(seen: Look, viewer: Viewer | None) -> Behind:
    """What the door says is told behind the pages of a viewer; nothing for nobody."""
    answer = seen.door.behind(viewer, seen.period) if viewer else None
    return NOTHING if answer is None or isinstance(answer, Refusal) else answer


def _management_of(seen: Look, unit: str) -> Viewer | None:
    """The management of a department, where this reader may look as it."""
    viewer = Viewer("mt", unit=unit)
    return viewer if viewer in offered(seen.door) else None
