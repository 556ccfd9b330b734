"""What others can see that includes one person: asked at their door, as those others, so it cannot say less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from privacy.groups import DIRECT
from privacy.refusal import Refusal
from privacy.viewer import Viewer

if TYPE_CHECKING:
    from analysis.period import Period
    from privacy.registry import Standing
    from privacy.released_door import ReleasedDoor
    from privacy.released_untold import Key

Code = Literal["hours", "coordination", "level", "waiting", "function", "group"]


@dataclass(frozen=True)
class SeenByOthers:
    """One figure that includes the person: who may see it, about how many people it is, and what it says.

    `values` are shares of hours by label for `hours`, `start` and `end` for `coordination` and `level`, meetings a week
    for `waiting` and `function`, meeting hours (`load`) and the share of coordination (`drift`) for `group`: one of the
    groups that HR reads side by side, by its name and the quarter it is about.
    """

    audience: Viewer
    code: Code
    people: int
    values: dict[str, float]
    band: str = ""
    levels: tuple[int, ...] = ()
    function: str = ""
    group: str = ""
    quarter: str = ""


@dataclass(frozen=True)
class NotSeen:
    """A question that an audience gets no answer to, because none was released."""

    audience: Viewer
    code: Code


@dataclass(frozen=True)
class AboutMe:
    """What others can see that includes the viewer, what they cannot, and what the viewer decided.

    `released` says whether anything was released at all, as far as this process was told.
    """

    seen: tuple[SeenByOthers, ...]
    not_seen: tuple[NotSeen, ...]
    standing: Standing
    released: bool


@dataclass(frozen=True)
class Place:
    """Where a person stands on the chart now."""

    level: int | None
    department: str
    function: str
    team: str = ""


def others_see(door: ReleasedDoor | None, place: Place, period: Period, standing: Standing) -> AboutMe:
    """Every figure that the management teams over a person and HR get, as far as it includes that person."""
    if door is None:
        return AboutMe((), (), standing, released=False)
    found: list[SeenByOthers | NotSeen] = []
    for audience in (Viewer("mt", unit=place.department), Viewer("mt"), Viewer("hr")):
        if door.may(audience):
            found += [
                _hours(door, audience, period),
                *_coordination(door, audience, period, place),
                *_waiting(door, audience, period, place),
                *_side_by_side(door, audience, period, place),
            ]
    seen = tuple(each for each in found if isinstance(each, SeenByOthers))
    not_seen = tuple(each for each in found if isinstance(each, NotSeen))
    return AboutMe(seen, not_seen, standing, released=True)


def _hours(door: ReleasedDoor, audience: Viewer, period: Period) -> SeenByOthers | NotSeen:
    answer = door.split(audience, period)
    if isinstance(answer, Refusal):
        return NotSeen(audience, "hours")
    return SeenByOthers(audience, "hours", answer.people, {each.label: each.share for each in answer.labels})


def _coordination(door: ReleasedDoor, audience: Viewer, period: Period, place: Place) -> list[SeenByOthers | NotSeen]:
    answer = door.drift(audience, period)
    if isinstance(answer, Refusal):
        return [NotSeen(audience, "coordination")]
    found: list[SeenByOthers | NotSeen] = []
    if answer.start is not None and answer.end is not None:
        values = {"start": answer.start, "end": answer.end}
        found.append(SeenByOthers(audience, "coordination", answer.people, values))
    for level in answer.by_level:
        if place.level in level.levels and level.start is not None and level.end is not None:
            values = {"start": level.start, "end": level.end}
            found.append(SeenByOthers(audience, "level", level.people, values, levels=level.levels))
    return found


def _waiting(door: ReleasedDoor, audience: Viewer, period: Period, place: Place) -> list[SeenByOthers | NotSeen]:
    answer = door.dependence(audience, period)
    if isinstance(answer, Refusal):
        return [NotSeen(audience, "waiting")]
    values = {"meetings": answer.waiting_meetings}
    found: list[SeenByOthers | NotSeen] = [
        SeenByOthers(audience, "waiting", answer.people, values, band=answer.at_risk)
    ]
    for risk in answer.functions:
        if risk.function == place.function:
            values = {"meetings": risk.waiting_meetings}
            found.append(SeenByOthers(audience, "function", risk.people, values, function=risk.function))
    return found


def _side_by_side(door: ReleasedDoor, audience: Viewer, period: Period, place: Place) -> list[SeenByOthers]:
    """The person's own department and team among all groups, as HR reads these for the newest quarter."""
    answer = door.scan(audience, period)
    if isinstance(answer, Refusal):
        return []
    mine = (each for each in answer.groups if _holds(each.key, place) and each.spots[-1].people)
    return [
        SeenByOthers(
            audience,
            "group",
            each.spots[-1].people,
            {
                measure: found.value
                for measure, found in each.spots[-1].readings.items()
                if measure in {"drift", "load"}
            },
            group=" + ".join(each.key.parts),
            quarter=each.spots[-1].quarter,
        )
        for each in mine
    ]


def _holds(key: Key, place: Place) -> bool:
    if key.kind == "team":
        return key.units == (place.department,) and (place.team or DIRECT) in key.parts
    return key.kind == "department" and place.department in key.parts
