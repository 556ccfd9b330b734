"""Who plays which part: topics, the people whose decision they need, their deputies, and the decoys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulation.chart import NOBODY
from simulation.days import dice
from simulation.meetings import expanded
from simulation.plan import Topics
from simulation.subjects import SUBJECTS

if TYPE_CHECKING:
    from simulation.chart import Chart
    from simulation.days import Days

CASTS = ("critical_busy", "critical_quiet", "deputised_busy", "deputised_quiet", "deputy", "busy_replaceable", "cancel_happy", "assistant")  # fmt: skip
(CRITICAL_BUSY, CRITICAL_QUIET, DEPUTISED_BUSY, DEPUTISED_QUIET, DEPUTY, BUSY_REPLACEABLE, CANCEL_HAPPY, ASSISTANT) = (
    range(8)
)
STRUCTURAL, DESIGNED, FAILED_DESIGN, CYCLIC, CRISIS, CASE_WORK = range(6)
KINDS = ("structural", "designed", "failed_design", "cyclic", "crisis", "case_work")
FUNCTIONS = ("directeur", "afdelingsmanager", "unitmanager", "teamleider", "medewerker")


@dataclass(frozen=True)
class Cast:
    """Topics by number: kind, gate, deputy, main organiser; members as rows of topic, person and how often they come."""

    role: np.ndarray
    kind: np.ndarray
    gate: np.ndarray
    deputy: np.ndarray
    organizer: np.ndarray
    rate: np.ndarray
    member_topic: np.ndarray
    member: np.ndarray
    comes: np.ndarray
    subject: np.ndarray

    def functions(self, chart: Chart) -> np.ndarray:
        """What is on everybody's door: the level's word, or assistant."""
        return np.where(self.role == ASSISTANT, "assistent", np.array(FUNCTIONS)[chart.work_level - 1])

    def of(self, size: int) -> np.ndarray:
        """The cast of each person as a word; empty for all others."""
        words = np.array(
            [name.removesuffix("_busy").removesuffix("_quiet") if "deput" in name else name for name in CASTS]
        )
        return np.where(self.role == NOBODY, "", words[np.maximum(self.role, 0)])[:size]

    def table(self, people: pd.Series) -> pd.DataFrame:
        """The truth about topics."""
        names = np.append(people.to_numpy(dtype=object), None)
        return pd.DataFrame(
            {
                "topic": np.arange(len(self.kind)),
                "kind": np.array(KINDS)[self.kind],
                "gate_id": names[self.gate],
                "deputy_id": names[self.deputy],
                "subject": np.array([SUBJECTS[number % len(SUBJECTS)][0][0] for number in self.subject], dtype=object),
            }
        )


def cast_of(days: Days, chart: Chart) -> Cast:
    """Deal out the parts; without topics in the plan nobody has one."""
    chance = dice(days.plan, "cast")
    topics = days.plan.topics or Topics(
        per_person=0, critical=0, deputised=0, busy_replaceable=0, cancel_happy=0, assistants=0
    )
    role = _roles(topics, days, chart, chance)
    number = round(topics.per_person * days.plan.people)
    gate = _gates(role, number, chance)
    kind = _kinds(topics, gate, role, chance)
    home = chance.permutation(np.arange(number) * max(1, chart.teams) // max(1, number))
    member_topic, member = _members(role, home, gate, chart, chance)
    critical_quiet = np.isin(np.append(role, NOBODY)[gate], (CRITICAL_QUIET, DEPUTISED_QUIET))
    rate = topics.issues_a_week * np.exp(chance.normal(0, 0.3, number)) * np.where(critical_quiet, 0.8, 1.0)
    return Cast(
        role=role,
        kind=kind,
        gate=gate,
        deputy=_deputies(role, gate, chart, chance),
        organizer=_organizers(role, number, member_topic, member, chance),
        rate=rate,
        member_topic=member_topic,
        member=member,
        comes=chance.uniform(0.3, 0.65, len(member)),
        subject=chance.permutation(number) if number > len(SUBJECTS) else chance.permutation(len(SUBJECTS))[:number],
    )


def _roles(topics: Topics, days: Days, chart: Chart, chance: np.random.Generator) -> np.ndarray:
    steady = (chart.first_day == 0) & (chart.last_day == days.count) & (chart.work_level >= 3)
    pool = chance.permutation(np.flatnonzero(steady))
    # Assistants are operators; everybody else is drawn alike, so that no level betrays a part.
    people = days.plan.people
    halves = [(CRITICAL_BUSY, CRITICAL_QUIET, topics.critical), (DEPUTISED_BUSY, DEPUTISED_QUIET, topics.deputised)]
    wanted: list[tuple[int, int]] = []
    for busy, quiet, share in halves:
        number = round(share * people)
        wanted += [(busy, number - number // 2), (quiet, number // 2)]
    wanted += [
        (BUSY_REPLACEABLE, round(topics.busy_replaceable * people)),
        (CANCEL_HAPPY, round(topics.cancel_happy * people)),
        (DEPUTY, max(1, round(topics.deputised * people / 2)) if topics.deputised else 0),
    ]
    role = np.full(chart.size, NOBODY)
    dealt = np.repeat([each for each, _ in wanted], [number for _, number in wanted])[: len(pool)]
    role[pool[: len(dealt)]] = dealt
    operators = pool[len(dealt) :][chart.work_level[pool[len(dealt) :]] == 5]
    role[operators[: round(topics.assistants * people)]] = ASSISTANT
    return role


def _gates(role: np.ndarray, number: int, chance: np.random.Generator) -> np.ndarray:
    """Busy gates have three or four topics, quiet ones one or two; the other topics have none."""
    owners = []
    for part, most in ((CRITICAL_BUSY, 4), (CRITICAL_QUIET, 2), (DEPUTISED_BUSY, 4), (DEPUTISED_QUIET, 2)):
        people = np.flatnonzero(role == part)
        owners.append(np.repeat(people, chance.integers(max(1, most - 1), most + 1, len(people))))
    gates = np.concatenate(owners)[:number]
    gate = np.full(number, NOBODY)
    gate[chance.permutation(number)[: len(gates)]] = gates
    return gate


def _kinds(topics: Topics, gate: np.ndarray, role: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    shares = [topics.designed, topics.failed_design, topics.cyclic, topics.crisis, topics.case_work]
    number = len(gate)
    counts = np.round(np.array(shares) * number).astype(int)
    special = np.repeat(np.arange(1, 6), counts)
    # The first topic of a gate goes on all the time: without it there would be nothing to wait for.
    _, first = np.unique(gate, return_index=True)
    open_to_all = np.setdiff1d(np.arange(number), first[gate[first] >= 0])
    chosen = chance.permutation(open_to_all)[: len(special)]
    kind = np.full(number, STRUCTURAL)
    kind[chosen] = chance.permutation(special)[: len(chosen)]
    return kind


def _deputies(role: np.ndarray, gate: np.ndarray, chart: Chart, chance: np.random.Generator) -> np.ndarray:
    """For each topic of a deputised gate somebody who stands in."""
    deputies = np.flatnonzero(role == DEPUTY)
    deputy = np.full(len(gate), NOBODY)
    helped = np.flatnonzero(np.isin(np.append(role, NOBODY)[gate], (DEPUTISED_BUSY, DEPUTISED_QUIET)))
    if len(helped):
        gates, which = np.unique(gate[helped], return_inverse=True)
        deputy[helped] = chance.choice(deputies, len(gates))[which]
    return deputy


def _members(
    role: np.ndarray, home: np.ndarray, gate: np.ndarray, chart: Chart, chance: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """People of two to four teams on each topic, the home team and others near and far; busy people in many."""
    number = len(home)
    ordinary = np.flatnonzero(np.isin(role, (NOBODY, CANCEL_HAPPY)) & (chart.work_level >= 4) & (chart.first_day == 0))
    order = np.argsort(chart.team[ordinary], kind="stable")
    ordinary = ordinary[order]
    teams = chart.team[ordinary]
    if not number or not len(ordinary):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    topic, rank = expanded(chance.integers(2, 5, number))
    away = np.where(
        rank == 0,
        0,
        np.where(
            chance.random(len(topic)) < 0.5,
            chance.integers(1, 4, len(topic)),
            chance.integers(0, max(1, chart.teams), len(topic)),
        ),
    )
    team = (home[topic] + away) % max(1, chart.teams)
    topic2, _ = expanded(np.full(len(topic), 3))
    low, high = np.searchsorted(teams, team[topic2]), np.searchsorted(teams, team[topic2], side="right")
    person = ordinary[np.minimum(low + (chance.random(len(topic2)) * (high - low)).astype(int), len(ordinary) - 1)]
    pairs = [topic[topic2] * chart.size + person]
    busy = np.flatnonzero(role == BUSY_REPLACEABLE)
    each, _ = expanded(chance.integers(4, 7, len(busy)))
    pairs.append(chance.integers(0, number, len(each)) * chart.size + busy[each])
    both = np.unique(np.concatenate(pairs).astype(np.int64))
    return both // chart.size, both % chart.size


def _organizers(
    role: np.ndarray, number: int, topic: np.ndarray, member: np.ndarray, chance: np.random.Generator
) -> np.ndarray:
    """Who calls most meetings of a topic: a member, a cancel-happy person or an assistant."""
    shuffled = chance.permutation(len(topic))
    first = shuffled[np.unique(topic[shuffled], return_index=True)[1]] if len(topic) else shuffled
    organizer = np.full(number, NOBODY)
    organizer[topic[first]] = member[first]
    for part, each in ((CANCEL_HAPPY, 3), (ASSISTANT, 4)):
        people = np.repeat(np.flatnonzero(role == part), each)
        chosen = chance.permutation(number)[: len(people)]
        organizer[chosen] = people[: len(chosen)]
    return organizer
