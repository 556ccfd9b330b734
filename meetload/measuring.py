"""Measures by name, as the command line asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.contract import VERSION, to_json
from analysis.dependence import Dependence, dependence
from analysis.drift import Drift
from analysis.snapshots import drift_of, split_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.period import Period
    from analysis.scope import Scope
    from analysis.split import Split
    from store.database import Store

Row = dict[str, Any]


@dataclass(frozen=True)
class Measure:
    """One measure: how to compute it and how it looks as rows."""

    compute: Callable[[Store, Period, Scope], Any]
    rows: Callable[[Any], list[Row]]


def _split(store: Store, period: Period, scope: Scope) -> Split:
    return split_of(store.snapshot(), period, scope)


def _split_rows(result: Split) -> list[Row]:
    return [
        {"label": part.label, "hours": round(part.hours, 2), "share": round(part.share, 4), "meetings": part.meetings}
        for part in result.labels
    ]


def _drift(store: Store, period: Period, scope: Scope) -> Drift:
    return drift_of(store.snapshot(), period, scope)


def _drift_rows(result: Drift) -> list[Row]:
    everybody = [{"level": "all", **to_json(week)} for week in result.weekly]
    return everybody + [{"level": level.name, **to_json(week)} for level in result.by_level for week in level.weekly]


def _dependence(store: Store, period: Period, scope: Scope) -> Dependence:
    del scope  # topics cross every border; a card is the person's own
    return dependence(store.tables(), period)


def _dependence_rows(result: Dependence) -> list[Row]:
    return [
        {
            "person_id": card.person_id,
            "score": round(card.score, 4),
            "low": round(card.low, 4),
            "high": round(card.high, 4),
            "enough_data": card.enough_data,
            **to_json(card.parts),
        }
        for card in result.cards
    ]


MEASURES: dict[str, Measure] = {
    "split": Measure(_split, _split_rows),
    "drift": Measure(_drift, _drift_rows),
    "dependence": Measure(_dependence, _dependence_rows),
}


def as_json(name: str, result: Any) -> dict[str, Any]:
    """A result in the documented form; see docs/json.md."""
    body: dict[str, Any] = {"measure": name, "contract": VERSION, **to_json(result)}
    if isinstance(result, Drift):
        body["coordination_share"] = {
            key: body.pop(key) for key in ("start", "end", "change_per_year", "points_per_year", "verdict")
        }
    if isinstance(result, Dependence):
        body["people"], body["people_count"] = body.pop("cards"), body["people"]
    return body
