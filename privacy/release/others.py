"""Rows about forums, dependence and ties between departments: bands of large groups, never a sum that adds up.

These say nothing in hours that could be added to or taken from the hours of groups; each stands under its own rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
from scipy.sparse import csr_array

from privacy.access import COUNTS, NAMES, OWN_TABLE
from privacy.groups import band, size_band
from privacy.release.rows import Row
from privacy.release.rules import tellable
from store.tables import to_pandas

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from analysis.dependence import Card, Dependence
    from analysis.forums import Forum, Forums
    from analysis.period import Period
    from privacy.groups import Group
    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.plan import Plan
    from store.tables import Tables

    Array = NDArray[np.float64]

STEP = 0.1
FEWEST_MEETINGS = 5
AT_RISK = 0.3
TOP = 0.03
# Bands by their lower ends.
SHARES, WAITING = (0.0, 0.3, 0.6), (0.0, 5.0, 20.0, 50.0, 100.0)
TIES = ((20.0, "20 hours a week or more"), (5.0, "5-20 hours a week"), (1.0, "1-5 hours a week"))


@dataclass(frozen=True)
class Named:
    """The evidence under which names may go to a unit's own management; `told` have seen their card, and when."""

    legal_basis: str
    works_council: str
    told: Mapping[str, str]
    names: Mapping[str, str]


def units_of(plan: Plan) -> tuple[Group, ...]:
    """The organisation and its department parts."""
    return tuple(group for group in plan.groups if group.kind in {"organisation", "department"})


def forum_rows(found: Forums, plan: Plan, cohort: Cohort, policy: Policy) -> tuple[Row, ...]:
    """What the standing tables of a unit are about and how many levels sit at them; seats and people are not told."""
    rows: list[Row] = []
    place = {person: number for number, person in enumerate(cohort.people)}
    for group in units_of(plan):
        mine = [each for each in found.forums if _sits(each, group, place)]
        seats = {place[person] for each in mine for person in each.members if person in place}
        if len(seats & group.members) >= policy.k_mt_self and sum(each.meetings for each in mine) >= FEWEST_MEETINGS:
            rows += _forums(mine, group, found.period)
    return tuple(rows)


def _sits(forum: Forum, group: Group, place: Mapping[str, int]) -> bool:
    inside = [place[person] in group.members for person in forum.members if person in place]
    return bool(inside) and sum(inside) * 2 > len(forum.members)


def _forums(forums: Sequence[Forum], group: Group, period: Period) -> Iterator[Row]:
    hours = np.array([each.hours for each in forums])
    for label in forums[0].labels:
        share = float(np.average([each.labels.get(label, 0.0) for each in forums], weights=hours))
        yield _row(OWN_TABLE, group, period, label, round(round(share / STEP) * STEP, 6), "share of table time")
    levels = [(each.layers.levels, each.hours) for each in forums if each.layers.levels is not None]
    if levels:
        mean = float(np.average([level for level, _ in levels], weights=[hour for _, hour in levels]))
        yield _row(OWN_TABLE, group, period, "levels", round(mean * 2) / 2, "levels in the room")


def dependence_rows(found: Dependence, plan: Plan, cohort: Cohort, policy: Policy) -> tuple[Row, ...]:
    """On how few people a large group depends: bands only, and the same band for nobody as for a few."""
    cards = {card.person_id: card for card in found.cards if card.enough_data}
    rows: list[Row] = []
    for group in units_of(plan):
        if len(group.members) >= policy.k_count_mt:
            mine = [cards[cohort.people[each]] for each in group.members if cohort.people[each] in cards]
            rows += _spread(mine, group, found.period)
    return tuple(rows)


def _spread(cards: Sequence[Card], group: Group, period: Period) -> Iterator[Row]:
    waiting = sorted((card.waiting.meetings for card in cards), reverse=True)
    total, top = sum(waiting), sum(waiting[: max(1, round(TOP * len(group.members)))])
    share = next((least for least in reversed(SHARES) if total >= 1 and top / total >= least), None)
    waits = next(least for least in reversed(WAITING) if total >= least)
    at_risk = sum(at_risk_of(card) for card in cards)
    yield _row(COUNTS, group, period, "people at risk", band(at_risk), "people")
    yield _row(COUNTS, group, period, "waiting meetings at least", waits, "meetings a week")
    if share is not None:
        yield _row(COUNTS, group, period, "share of the top 3 % at least", share, "share")
    yield _row(COUNTS, group, period, "people with enough data", size_band(len(cards)), "people")


def at_risk_of(card: Card) -> bool:
    """Whether enough waits for one person to act on it."""
    return card.enough_data and card.flagged and card.waiting.meetings >= AT_RISK


def name_rows(found: Dependence, plan: Plan, cohort: Cohort, named: Named) -> tuple[Row, ...]:
    """The people of each unit on whom work waits, by name in alphabetical order, for that unit's management.

    Only people who were shown their own card and did not object: who objects is in no cohort.
    """
    rows: list[Row] = []
    cards = {card.person_id: card for card in found.cards if at_risk_of(card) and card.person_id in named.told}
    for group in units_of(plan):
        if group.kind == "department" and len(group.units) == 1:
            mine = [cards[cohort.people[each]] for each in group.members if cohort.people[each] in cards]
            listed = sorted((named.names.get(card.person_id, card.person_id), card) for card in mine)
            rows += [_row(NAMES, group, found.period, name, _evidence(card), "own card") for name, card in listed]
    return tuple(rows)


def _evidence(card: Card) -> str:
    parts = [
        f"{reason.code}: {', '.join(f'{name} {number:g}' for name, number in reason.numbers.items())}"
        for reason in card.reasons
    ]
    return "; ".join(parts)


def tie_rows(tables: Tables, plan: Plan, cohort: Cohort, policy: Policy) -> tuple[Row, ...]:
    """How much two departments meet, as a band: both large enough, carried by enough people, by none too much.

    `tables` hold the meetings that count towards the release. Five people a side make five pairs or more.
    """
    units = [group for group in plan.groups if group.kind == "department" and len(group.members) >= policy.k_graph]
    if len(units) < 2:
        return ()
    there, length = _meetings(tables, cohort)
    member = np.zeros((len(units), cohort.size))
    for number, group in enumerate(units):
        member[number, sorted(group.members)] = 1.0
    in_it = csr_array((csr_array(member) @ there).sign())
    weighed = in_it.multiply(length[None, :]).tocsr()
    hours = (weighed @ in_it.T).toarray() / cohort.period.weeks
    with_unit = (there @ weighed.T).toarray()
    rows: list[Row] = []
    for one, other in combinations(range(len(units)), 2):
        sides = ((units[one], other), (units[other], one))
        if hours[one, other] >= TIES[-1][0] and all(
            bool(tellable(with_unit[sorted(group.members)][:, [number]], policy)[0]) for group, number in sides
        ):
            rows.append(_tie(units[one], units[other], cohort.period, float(hours[one, other])))
    return tuple(rows)


def _meetings(tables: Tables, cohort: Cohort) -> tuple[csr_array, Array]:
    """Who of the cohort was asked to which meeting and did not decline, and the hours of each meeting."""
    minutes = nw.col("end_minute") - nw.col("start_minute")
    meetings = tables.meetings.filter(nw.col("status") != "cancelled", ~nw.col("all_day"), nw.col("kind") == "meeting")
    people = tables.attendance.filter(nw.col("response") != "declined", nw.col("role") != "resource")
    rows = to_pandas(
        people.select("meeting_id", "person_id").join(
            meetings.select("meeting_id", hours=minutes * (1 / 60)), on="meeting_id", how="inner"
        )
    )
    place = {person: number for number, person in enumerate(cohort.people)}
    rows = rows[rows["person_id"].isin(list(place))].drop_duplicates(["meeting_id", "person_id"])
    code, known = rows["meeting_id"].factorize()
    person = rows["person_id"].map(place).to_numpy(dtype=int)
    there = csr_array((np.ones(len(rows)), (person, code)), shape=(cohort.size, len(known)))
    length = np.zeros(len(known))
    length[code] = rows["hours"].to_numpy(dtype=float)
    return there, length


def _tie(one: Group, other: Group, period: Period, hours: float) -> Row:
    words = next(name for least, name in TIES if hours >= least)
    people, label = size_band(min(len(one.members), len(other.members))), f"{one.name} - {other.name}"
    units = (*one.units, *other.units)
    return Row("ties", f"ties:{label}", units, str(period), label, words, "meetings of both", people)


def _row(measure: str, group: Group, period: Period, label: str, value: float | str, measured_in: str) -> Row:
    people = size_band(len(group.members))
    return Row(measure, group.key, group.units, str(period), label, value, measured_in, people)
