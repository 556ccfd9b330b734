"""Rows about dependence: how many people of a large group others wait for, in bands, and names where policy allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from privacy.access import COUNTS, NAMES
from privacy.group_dependence import AT_RISK
from privacy.groups import band, size_band
from privacy.naming import written
from privacy.release.rows import Row, row_of
from privacy.release.statements import Basis, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.dependence import Card, Dependence
    from analysis.period import Period
    from privacy.groups import Group
    from privacy.policy import Policy
    from privacy.release.cohort import Cohort
    from privacy.release.plan import Plan

PEOPLE_AT_RISK, WAITING_MEETINGS = "people at risk", "waiting meetings at least"
TOP_SHARE, ENOUGH_DATA = "share of the top 3 % at least", "people with enough data"
TOP = 0.03
# Bands by their lower ends.
SHARES, WAITING = (0.0, 0.3, 0.6), (0.0, 5.0, 20.0, 50.0, 100.0)


@dataclass(frozen=True)
class Named:
    """The evidence under which names may go to a unit's own management; `told` have seen their card, and when."""

    legal_basis: str
    works_council: str
    told: Mapping[str, str]
    names: Mapping[str, str]

    @property
    def evidence(self) -> str:
        """What the journal keeps of it."""
        return f"legal basis {self.legal_basis}, works council {self.works_council}, {len(self.told)} told"


def units_of(plan: Plan) -> tuple[Group, ...]:
    """The organisation and its department parts."""
    return tuple(group for group in plan.groups if group.kind in {"organisation", "department"})


def dependence_statement(found: Dependence, plan: Plan, cohort: Cohort, policy: Policy) -> Statement:
    """The groups of which counts of people are told; they rest on everybody in them."""
    large = [group for group in units_of(plan) if len(group.members) >= policy.k_count_mt]
    return Statement(
        measure=COUNTS,
        period=found.period,
        told=tuple(Basis(group.key, cohort.ids(group.members)) for group in large),
        behind={person: frozenset({person}) for person in cohort.people},
        fewest=policy.k_count_mt,
        wide=frozenset(group.key for group in large if len(group.members) >= policy.k_count_hr),
        wide_fewest=policy.k_count_hr,
    )


def dependence_rows(found: Dependence, plan: Plan, cohort: Cohort, told: Statement) -> tuple[Row, ...]:
    """On how few people a large group depends: bands only, and the same band for nobody as for a few."""
    cards = {card.person_id: card for card in found.cards if card.enough_data}
    keys = {each.key for each in told.told}
    rows: list[Row] = []
    for group in units_of(plan):
        if group.key in keys:
            mine = [cards[cohort.people[each]] for each in group.members if cohort.people[each] in cards]
            rows += _spread(mine, group, found.period)
    return tuple(rows)


def _spread(cards: Sequence[Card], group: Group, period: Period) -> Iterator[Row]:
    waiting = sorted((card.waiting.meetings for card in cards), reverse=True)
    total, top = sum(waiting), sum(waiting[: max(1, round(TOP * len(group.members)))])
    share = next((least for least in reversed(SHARES) if total >= 1 and top / total >= least), None)
    waits = next(least for least in reversed(WAITING) if total >= least)
    at_risk = sum(at_risk_of(card) for card in cards)
    yield row_of(COUNTS, group, period, band(at_risk), "people", PEOPLE_AT_RISK)
    yield row_of(COUNTS, group, period, waits, "meetings a week", WAITING_MEETINGS)
    if share is not None:
        yield row_of(COUNTS, group, period, share, "share", TOP_SHARE)
    yield row_of(COUNTS, group, period, size_band(len(cards)), "people", ENOUGH_DATA)


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
            listed = sorted((named.names.get(card.person_id, card.person_id), written(card.reasons)) for card in mine)
            rows += [row_of(NAMES, group, found.period, evidence, "own card", name) for name, evidence in listed]
    return tuple(rows)
