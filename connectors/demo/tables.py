"""The simulated weeks as the tables every source brings; ids are digests and rows lie in the order of the ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from connectors.demo.dice import digest
from connectors.demo.moments import at, changed, created, utc
from connectors.demo.names import plain
from connectors.demo.organisation import MANAGEMENT
from connectors.demo.purposes import PURPOSES
from connectors.identity import instance_key, meeting_id, series_id
from store.frames import Batch

if TYPE_CHECKING:
    from connectors.demo.grid import Meeting
    from connectors.demo.world import World

ROOMS = 8
SHOWN = {"absence": "oof", "travel": "elsewhere", "hold": "tentative"}
# What people answer, in the order accepted, declined, tentative, none.
ANSWERS = ("accepted", "declined", "tentative", "none")
USUAL, LARGE, CROWD = (0.80, 0.05, 0.03, 0.12), (0.64, 0.08, 0.05, 0.23), (0.38, 0.05, 0.02, 0.55)
OPTIONAL, CLASHING = (0.40, 0.20, 0.05, 0.35), (0.47, 0.35, 0.10, 0.08)
AWAY, AWAY_SERIES = (0.22, 0.45, 0.03, 0.30), (0.70, 0.20, 0.0, 0.10)


@dataclass(frozen=True)
class Drafted:
    """The meetings with everything about their times, before they become tables; position by position the same."""

    made: list[Meeting]
    ids: np.ndarray
    start: np.ndarray
    end: np.ndarray
    planned: np.ndarray
    created: np.ndarray
    updated: np.ndarray
    moved: np.ndarray


def drafted(world: World, made: list[Meeting]) -> Drafted:
    """Times and ids for simulated meetings."""
    chance = np.random.default_rng((world.organisation.seed, 6))
    monday = world.presence.monday
    day, slot = (np.array([getattr(each, name) for each in made]) for name in ("day", "slot"))
    first = np.array([each.planned or (each.day, each.slot) for each in made]).reshape(-1, 2)
    start, planned = at(monday, day, slot), at(monday, first[:, 0], first[:, 1])
    length = np.array([each.length for each in made]).astype("timedelta64[s]") * (15 * 60)
    earliest = np.minimum(start, planned)
    before = created(made, earliest, chance)
    moved = (start != planned) & ~np.array([each.cancelled for each in made])
    touched = moved | np.array([each.cancelled for each in made])
    late = np.where(chance.random(len(made)) < 0.2, changed(before, earliest, chance), before)
    updated = np.where(touched, changed(before, earliest, chance), late)
    ids = np.array(
        [_meeting_id(world, number, each, when) for number, (each, when) in enumerate(zip(made, planned, strict=True))]
    )
    return Drafted(made, ids, start, start + length, planned, before, updated, moved)


def _meeting_id(world: World, number: int, meeting: Meeting, planned: np.datetime64) -> str:
    if meeting.series >= 0:
        return meeting_id(_series_uid(world, meeting.series), instance_key(planned.astype(object)))
    return meeting_id(f"{digest(world.organisation.seed, 'meeting', number)}@example.org")


def id_of_series(world: World, series: int) -> str:
    """The series_id of a series by number."""
    return series_id(_series_uid(world, series))


def _series_uid(world: World, series: int) -> str:
    return f"{digest(world.organisation.seed, 'series', series)}@example.org"


def batch(world: World, draft: Drafted, timezone: str) -> Batch:
    """All tables of the agency."""
    people_ids = np.array([each.id for each in world.organisation.people])
    chance = np.random.default_rng((world.organisation.seed, 7))
    meetings = _meetings(world, draft, people_ids, timezone, chance)
    return Batch(
        people=_people(world),
        aliases=_aliases(world),
        meetings=meetings.sort_values("meeting_id"),
        attendance=_attendance(world, draft, people_ids, chance).sort_values(["meeting_id", "person_id"]),
        absences=_absences(world, people_ids, timezone).sort_values(["person_id", "start"]),
        moves=_moves(draft, timezone).sort_values("meeting_id"),
    ).tidied()


def _people(world: World) -> pd.DataFrame:
    organisation, monday = world.organisation, world.presence.monday
    chance = np.random.default_rng((organisation.seed, 8))
    served = (chance.exponential(6 * 365, len(organisation.people)) + 40).clip(max=34 * 365).astype(int).tolist()
    rows = []
    for stint in organisation.stints:
        person = organisation.people[stint.person]
        hired = monday - timedelta(days=served[stint.person])
        department = organisation.departments[stint.department].name if stint.department >= 0 else "Directie"
        rows.append(
            {
                "person_id": person.id,
                "name": person.name,
                "email": person.email,
                "level": stint.level,
                "department": department,
                "team": "Managementteam" if stint.team == MANAGEMENT else organisation.teams[stint.team].name,
                "manager_id": None if stint.manager is None else organisation.people[stint.manager].id,
                "function": stint.function,
                "fte": person.fte,
                "valid_from": hired if stint.first == 0 else monday + timedelta(weeks=stint.first),
                "valid_to": None if stint.last >= world.story.weeks else monday + timedelta(weeks=stint.last),
            }
        )
    people = pd.DataFrame(rows)
    for name in ("valid_from", "valid_to"):
        people[name] = pd.to_datetime(people[name])
    return people.sort_values(["person_id", "valid_from"])


def _aliases(world: World) -> pd.DataFrame:
    rows = {}
    for person in world.organisation.people:
        first, _, last = person.name.partition(" ")
        rows[person.email] = person.id
        rows.setdefault(f"{plain(first)[0]}.{plain(last)}@mail.example.org", person.id)
    return pd.DataFrame({"email": list(rows), "person_id": list(rows.values())}).sort_values("email")


def _meetings(
    world: World, draft: Drafted, people_ids: np.ndarray, timezone: str, chance: np.random.Generator
) -> pd.DataFrame:
    made, size = draft.made, len(draft.made)
    kind = np.array([PURPOSES[each.purpose].kind for each in made])
    all_day = kind == "absence"
    dates = draft.start.astype("datetime64[D]").astype("datetime64[s]")
    last = np.array(
        [np.datetime64(world.presence.day(max(each.last_day, 0)) + timedelta(days=1), "s") for each in made]
    )
    series = np.array([each.series for each in made])
    uids = {number: id_of_series(world, number) for number in set(series.tolist()) if number >= 0}
    cancelled = np.array([each.cancelled for each in made])
    tentative = (kind == "meeting") & (chance.random(size) < 0.012)
    private = np.array([each.title is None or each.purpose == "personal" for each in made])
    outsiders = np.array([each.outsiders for each in made])
    return pd.DataFrame(
        {
            "meeting_id": draft.ids,
            "series_id": [uids.get(number) for number in series.tolist()],
            "original_start": utc(draft.planned, timezone).where(series >= 0),
            "title": [None if hidden else each.title for each, hidden in zip(made, private.tolist(), strict=True)],
            "start": utc(draft.start, timezone).where(~all_day, pd.Series(dates)),
            "end": utc(draft.end, timezone).where(~all_day, pd.Series(last)),
            "all_day": all_day,
            "organizer_id": people_ids[[each.organizer for each in made]],
            "created": utc(draft.created, timezone),
            "updated": utc(draft.updated, timezone),
            "sequence": chance.poisson(0.12, size) + draft.moved + cancelled,
            "status": np.where(cancelled, "cancelled", np.where(tentative, "tentative", "confirmed")),
            "is_private": private,
            "show_as": [SHOWN.get(each, "busy") for each in kind],
            "kind": kind,
            "headcount": outsiders + np.array([len(each.people) for each in made]),
            "headcount_external": outsiders,
            "online": (kind == "meeting") & (chance.random(size) < 0.45),
            "body": [None if hidden else each.body for each, hidden in zip(made, private.tolist(), strict=True)],
            "source": "demo",
        }
    )


def _attendance(world: World, draft: Drafted, people_ids: np.ndarray, chance: np.random.Generator) -> pd.DataFrame:
    made = draft.made
    counts = np.array([len(each.people) for each in made])
    at_meeting = np.repeat(np.arange(len(made)), counts)
    person = np.array([person for each in made for person in each.people])
    optional = np.array([person in each.optional for each in made for person in each.people])
    organizer = person == np.array([each.organizer for each in made])[at_meeting]
    role = np.where(organizer, "organizer", np.where(optional, "optional", "required"))
    response = _responses(world, draft, at_meeting, person, counts, optional, chance)
    all_day = np.array([each.last_day >= 0 for each in made])
    hours = np.where(all_day, 0.0, (draft.end - draft.start).astype("int64") / 3600)
    own = pd.DataFrame(
        {
            "meeting_id": draft.ids[at_meeting],
            "person_id": people_ids[person],
            "role": role,
            "response": np.where(organizer, "accepted", response),
            "hours": hours[at_meeting],
        }
    )
    return pd.concat([own, _outsiders(world, draft, hours, chance), _rooms(draft, hours, chance)], ignore_index=True)


def _responses(
    world: World,
    draft: Drafted,
    at_meeting: np.ndarray,
    person: np.ndarray,
    counts: np.ndarray,
    optional: np.ndarray,
    chance: np.random.Generator,
) -> np.ndarray:
    size = counts[at_meeting]
    series = np.array([each.series >= 0 for each in draft.made])[at_meeting]
    day = np.array([each.day for each in draft.made])[at_meeting]
    kind = np.select(
        [
            world.presence.out[person, day] & series,
            world.presence.out[person, day],
            _overlaps(draft, at_meeting, person),
            optional,
            size > 30,
            size > 6,
        ],
        [0, 1, 2, 3, 4, 5],
        default=6,
    )
    rates = np.array([AWAY_SERIES, AWAY, CLASHING, OPTIONAL, CROWD, LARGE, USUAL])[kind]
    answer = (chance.random(len(person))[:, None] > rates.cumsum(axis=1)).sum(axis=1)
    answers: np.ndarray = np.array(ANSWERS)[answer.clip(max=3)]
    return answers


def _overlaps(draft: Drafted, at_meeting: np.ndarray, person: np.ndarray) -> np.ndarray:
    """Rows of people who are asked to be somewhere while an earlier meeting of theirs still runs."""
    live = ~np.array([each.cancelled or each.last_day >= 0 for each in draft.made])[at_meeting]
    rows = pd.DataFrame({"person": person, "start": draft.start[at_meeting], "end": draft.end[at_meeting]})[live]
    rows = rows.sort_values(["person", "start"], kind="stable")
    ends = rows.groupby("person")["end"]
    busy_until = ends.cummax().groupby(rows["person"]).shift()
    clash = np.zeros(len(person), dtype=bool)
    clash[rows.index] = (rows["start"] < busy_until).to_numpy()
    return clash


def _outsiders(world: World, draft: Drafted, hours: np.ndarray, chance: np.random.Generator) -> pd.DataFrame:
    counts = np.array([each.outsiders for each in draft.made])
    at_meeting = np.repeat(np.arange(len(counts)), counts)
    pool = np.array([digest(world.organisation.seed, "outsider", n) for n in range(6 * len(world.organisation.people))])
    rows = pd.DataFrame(
        {
            "meeting_id": draft.ids[at_meeting],
            "person_id": pool[chance.integers(0, len(pool), len(at_meeting))],
            "role": "required",
            "response": np.array(ANSWERS)[chance.choice(4, len(at_meeting), p=USUAL)],
            "hours": hours[at_meeting],
        }
    )
    return rows.drop_duplicates(["meeting_id", "person_id"])


def _rooms(draft: Drafted, hours: np.ndarray, chance: np.random.Generator) -> pd.DataFrame:
    made, size = draft.made, len(draft.made)
    meets = np.array(
        [PURPOSES[each.purpose].kind == "meeting" and len(each.people) + each.outsiders > 2 for each in made]
    )
    standing = np.array([each.room for each in made])
    room = np.where(standing >= 0, standing, chance.integers(0, ROOMS, size))
    booked = np.flatnonzero((standing >= 0) | (meets & (chance.random(size) < 0.3)))
    return pd.DataFrame(
        {
            "meeting_id": draft.ids[booked],
            "person_id": [f"room-{1 + number // 4}.{10 + number % 4}@example.org" for number in room[booked].tolist()],
            "role": "resource",
            "response": "accepted",
            "hours": hours[booked],
        }
    )


def _absences(world: World, people_ids: np.ndarray, timezone: str) -> pd.DataFrame:
    spells = [spell for spell in world.presence.spells if spell.source]
    first = np.array([world.presence.day(spell.first) for spell in spells], dtype="datetime64[s]")
    last = np.array([world.presence.day(spell.last) + timedelta(days=1) for spell in spells], dtype="datetime64[s]")
    return pd.DataFrame(
        {
            "person_id": people_ids[[spell.person for spell in spells]],
            "start": utc(first, timezone),
            "end": utc(last, timezone),
            "kind": [spell.kind for spell in spells],
            "source": [spell.source for spell in spells],
        }
    )


def _moves(draft: Drafted, timezone: str) -> pd.DataFrame:
    moved = draft.moved
    return pd.DataFrame(
        {
            "meeting_id": draft.ids[moved],
            "seen_at": utc(draft.updated[moved], timezone),
            "old_start": utc(draft.planned[moved], timezone),
            "new_start": utc(draft.start[moved], timezone),
        }
    )


def last_monday(end: date) -> date:
    """The Monday of the week a date falls in."""
    return end - timedelta(days=end.weekday())
