"""What was planted in the demo, for whoever wants to check a measure against it; no measure may read it."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from connectors.demo.phases import CURVES, PHASES, story
from connectors.demo.purposes import AD_HOC_PROCESS, PURPOSES
from connectors.demo.simulation import waits_for_lead
from connectors.demo.tables import id_of_series

if TYPE_CHECKING:
    from connectors.demo.source import DemoSource
    from connectors.demo.topics import Topic
    from connectors.demo.world import World


def truth(source: DemoSource) -> dict[str, Any]:
    """The planted truth by id, ready to be written as JSON."""
    world, draft = source.world, source.drafted
    found = list(zip(draft.ids.tolist(), draft.made, strict=True))
    return {
        "seed": source.seed,
        "labels": {key: PURPOSES[each.purpose].label for key, each in found},
        "subs": {key: PURPOSES[each.purpose].sub for key, each in found if PURPOSES[each.purpose].sub},
        "meeting_topics": {key: each.topic for key, each in found if each.topic >= 0},
        "stalling": sorted(
            {id_of_series(world, each.series) for _, each in found if waits_for_lead(each, world) and each.series >= 0}
        ),
        "ad_hoc_process": [key for key, each in found if each.purpose in AD_HOC_PROCESS],
        **_people(world),
        "phases": phases(source),
        "growth": _growth(source),
        "topics": [_topic(world, topic) for topic in world.topics],
        "absences": _absences(world),
    }


def _people(world: World) -> dict[str, Any]:
    cast = world.cast

    def ids(numbers: list[int]) -> list[str]:
        return [world.organisation.people[number].id for number in numbers]

    gatekeepers, quiet = ids(list(cast.gatekeepers.values())), ids(list(cast.connectors.values()))
    deputies = dict(zip(ids(list(cast.deputies)), ids(list(cast.deputies.values())), strict=True))
    return {
        "critical": gatekeepers + quiet,
        "department_managers": gatekeepers,
        "quiet_connectors": quiet,
        "deputies": deputies,
        "decoys": {
            "deputised": list(deputies),
            "busy_replaceable": ids([*cast.project_office, *cast.communication]),
            "assistants": ids(cast.assistants),
            "cancels": ids(cast.cancels),
        },
    }


def phases(source: DemoSource) -> list[dict[str, str]]:
    """The five phases of the story in order, each with its first Monday and the Monday after its last week."""
    bounds = [source.monday + timedelta(weeks=week) for week in story(source.weeks).boundaries]
    return [
        {"name": name, "from": first.isoformat(), "until": after.isoformat()}
        for name, first, after in zip(PHASES, bounds, bounds[1:], strict=False)
    ]


def _growth(source: DemoSource) -> dict[str, Any]:
    """Planted rates at the phase boundaries, and the coordination that came of them by phase.

    Realised is the sum of scheduled hours over the hours that people were there to work; double bookings count twice.
    """
    world = source.world
    spent: defaultdict[str, list[float]] = defaultdict(lambda: [0.0] * len(PHASES))
    phase = [number for number in range(len(PHASES)) for _ in range(*world.story.boundaries[number : number + 2])]
    out = world.presence.out
    for meeting in source.drafted.made:
        if not meeting.cancelled:
            there = sum(not out[person, meeting.day] for person in meeting.people)
            label = PURPOSES[meeting.purpose].label
            spent[label][phase[meeting.day // 5]] += there * meeting.length / 4
    at_work = (~out).sum(axis=0).tolist()
    available = [0.0] * len(PHASES)
    for day, people in enumerate(at_work):
        available[phase[day // 5]] += people * 7.2
    return {
        "planted": {name: list(levels) for name, levels in CURVES.items()},
        "share_of_available": {
            label: [round(hours / total, 5) for hours, total in zip(spent[label], available, strict=True)]
            for label in ("coordination", "escalation", "design", "incident")
        },
    }


def _topic(world: World, topic: Topic) -> dict[str, Any]:
    organisation, subject = world.organisation, topic.subject
    week = topic.design_week
    return {
        "topic": topic.number,
        "words": [*subject.dutch, *subject.english],
        "stream": subject.stream,
        "kind": subject.kind,
        "region": topic.region,
        "teams": [organisation.teams[team].name for team in topic.teams],
        "departments": [world.department_name(team) for team in topic.teams],
        "carrier": None if topic.gate is None else organisation.people[topic.gate].id,
        "deputy": None if topic.deputy is None else organisation.people[topic.deputy].id,
        "designed_in": None if week is None else (world.presence.monday + timedelta(weeks=week)).isoformat(),
    }


def _absences(world: World) -> list[dict[str, Any]]:
    """Every absence, those that left no trace included."""
    return [
        {
            "person_id": world.organisation.people[spell.person].id,
            "from": world.presence.day(spell.first).isoformat(),
            "until": (world.presence.day(spell.last) + timedelta(days=1)).isoformat(),
            "kind": spell.kind,
            "source": spell.source or None,
        }
        for spell in world.presence.spells
    ]
