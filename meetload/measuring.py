"""Measures by name, as the command line asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.contract import VERSION, to_json
from analysis.dependence import Dependence
from analysis.drift import Drift
from analysis.quality import Quality, quality
from analysis.snapshots import (
    bridges_of,
    dependence_of,
    drift_of,
    escalations_of,
    forums_of,
    habits_of,
    levels_of,
    roles_of,
    signals_of,
    split_of,
    stalling_of,
)
from store.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.bridges import Bridges
    from analysis.dependence import Stalling
    from analysis.escalations import Escalations
    from analysis.forums import Forums
    from analysis.habits import Habits
    from analysis.period import Period
    from analysis.roles import Roles
    from analysis.scope import Scope
    from analysis.signals import Signals
    from analysis.split import Split
    from analysis.weeklevels import WeekLevels
    from store.held import Holder

Row = dict[str, Any]


@dataclass(frozen=True)
class Measure:
    """One measure: how to compute it and how it looks as rows."""

    compute: Callable[[Holder, Period, Scope], Any]
    rows: Callable[[Any], list[Row]]


def _split(store: Holder, period: Period, scope: Scope) -> Split:
    return split_of(store.snapshot(), period, scope)


def _split_rows(result: Split) -> list[Row]:
    return [
        {
            "label": part.label,
            "hours": round(part.hours, 2),
            "share": round(part.share, 4),
            "low": _rounded(part.low),
            "high": _rounded(part.high),
            "naive_share": _rounded(part.naive_share),
            "meetings": part.meetings,
        }
        for part in result.labels
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _drift(store: Holder, period: Period, scope: Scope) -> Drift:
    return drift_of(store.snapshot(), period, scope)


def _drift_rows(result: Drift) -> list[Row]:
    everybody = [{"level": "all", **to_json(week)} for week in result.weekly]
    return everybody + [{"level": level.name, **to_json(week)} for level in result.by_level for week in level.weekly]


def _levels_rows(result: WeekLevels) -> list[Row]:
    return [{name: _short(value) for name, value in to_json(cell).items()} for cell in result.cells]


def _dependence(store: Holder, period: Period, scope: Scope) -> Dependence:
    del scope  # topics cross every border; a card is the person's own
    return dependence_of(store.snapshot(), period)


def _dependence_rows(result: Dependence) -> list[Row]:
    return [
        {
            "person_id": card.person_id,
            "score": round(card.score, 4),
            "low": round(card.low, 4),
            "high": round(card.high, 4),
            "enough_data": card.enough_data,
            "flagged": card.flagged,
            "p_value": round(card.p_value, 4),
            "q_value": round(card.q_value, 4),
            "waiting": round(card.waiting.meetings, 4),
            **{name: round(part, 4) for name, part in to_json(card.parts).items()},
        }
        for card in result.cards
    ]


def _stalling(store: Holder, period: Period, scope: Scope) -> Stalling:
    del scope  # a table is everybody's who has a seat at it
    return stalling_of(store.snapshot(), period)


def _stalling_rows(result: Stalling) -> list[Row]:
    return [
        {
            "series_id": table.series_id,
            "members": len(table.members),
            "weeks": table.weeks,
            "label": table.label,
            "looked_at": len(table.looked_at),
            "waits_for": table.stall.person_id if table.stall else None,
            "weeks_away": table.stall.weeks if table.stall else None,
            "expected": _rounded(table.stall.expected) if table.stall else None,
            "met": table.stall.met if table.stall else None,
            "p_value": _rounded(table.stall.p_value) if table.stall else None,
        }
        for table in result.tables
    ]


def _habits_rows(result: Habits) -> list[Row]:
    return [{name: _short(value) for name, value in to_json(habit).items()} for habit in result.habits]


def _short(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


MIX = ("design_share", "coordination_share", "execution_share", "purity", "switches", "available")


def _roles_rows(result: Roles) -> list[Row]:
    groups = [("organisation", result.scope, result.mix)]
    groups += [(group.group, group.name, group.mix) for group in (*result.by_level, *result.by_function)]
    groups += [("person", person.person_id, person.mix) for person in result.people]
    return [
        {"group": kind, "name": name} | {each: _short(getattr(mix, each)) for each in MIX} for kind, name, mix in groups
    ]


def _signals_rows(result: Signals) -> list[Row]:
    return [
        {
            "topic_id": each.topic_id,
            "topic": each.topic,
            "meetings": each.meetings,
            "hours": round(each.hours, 2),
            "teams": len(each.teams),
            "persistence": round(each.half_year.persistence, 4),
            "gini": round(each.half_year.gini, 4),
            "returning": round(each.returning, 4),
            "design": each.design,
            "ratio": _rounded(each.test.ratio) if each.test else None,
            "saved": round(each.saved.hours, 1),
            "saved_low": round(each.saved.low, 1),
            "saved_high": round(each.saved.high, 1),
        }
        for each in result.topics
    ]


def _escalations_rows(result: Escalations) -> list[Row]:
    return [
        {
            "from_department": flow.origin.department,
            "from_level": flow.origin.level,
            "to_department": flow.end.department,
            "to_level": flow.end.level,
            "cases": flow.cases,
            "hours": round(flow.hours, 2),
            "from_people": flow.origin_people,
            "to_people": flow.end_people,
        }
        for flow in result.flows
    ]


def _mt_rows(result: Forums) -> list[Row]:
    return [
        {
            "series_id": forum.series_id,
            "members": len(forum.members),
            "meetings": forum.meetings,
            "person_hours": round(forum.person_hours, 1),
            **{label: round(share, 4) for label, share in forum.labels.items()},
            "returning": len(forum.returning),
            "escalations": forum.arrivals.own + forum.arrivals.besides,
            "levels": _rounded(forum.layers.levels),
            "rotation": _rounded(forum.chair.rotation),
            "deputies": _rounded(forum.deputies.share),
        }
        for forum in result.forums
    ]


def _quality(store: Holder, period: Period, scope: Scope) -> Quality:
    from store.database import Store  # noqa: PLC0415 - a measure pays only for its own imports

    if not isinstance(store, Store):
        raise BadInput("quality asks the model that belongs to a store; a folder of tables has none, so use --store")
    from classify.versions import current_model  # noqa: PLC0415 - as above
    from classify.vocabulary import seen_by  # noqa: PLC0415

    del scope  # labels are as good as the model, whoever looks
    return quality(store.tables(), period, seen_by(current_model(store.path, store)))


def _quality_rows(result: Quality) -> list[Row]:
    rates = {"right in the reviewed sample": result.reviewed, "right on the held-out corpus": result.held_out}
    found = result.titles
    shares = {
        "unsure": result.unsure,
        "title missing": found.missing,
        "title private": found.private,
        "title generic": found.generic,
        **{f"title in {name}": share for name, share in found.languages.items()},
        "words never seen in training": found.unseen_words,
        **{f"trust: {part.name}": part.seen for part in result.trust.parts},
    }
    return [
        *(
            {"figure": name, "value": _rounded(rate.share), "low": _rounded(rate.low), "high": _rounded(rate.high)}
            if rate
            else {"figure": name, "value": None, "low": None, "high": None}
            for name, rate in rates.items()
        ),
        *({"figure": name, "value": _rounded(share), "low": None, "high": None} for name, share in shares.items()),
        {"figure": "data-trust score", "value": round(result.trust.score, 1), "low": None, "high": None},
    ]


def _bridges(store: Holder, period: Period, scope: Scope) -> Bridges:
    del scope  # ties cross every border
    return bridges_of(store.snapshot(), period)


def _bridges_rows(result: Bridges) -> list[Row]:
    return [{name: _short(value) for name, value in to_json(each).items()} for each in result.smallest.bridges]


MEASURES: dict[str, Measure] = {
    "split": Measure(_split, _split_rows),
    "drift": Measure(_drift, _drift_rows),
    "levels": Measure(lambda store, period, scope: levels_of(store.snapshot(), period, scope), _levels_rows),
    "dependence": Measure(_dependence, _dependence_rows),
    "stalling": Measure(_stalling, _stalling_rows),
    "quality": Measure(_quality, _quality_rows),
    "habits": Measure(lambda store, period, scope: habits_of(store.snapshot(), period, scope), _habits_rows),
    "signals": Measure(lambda store, period, scope: signals_of(store.snapshot(), period, scope), _signals_rows),
    "roles": Measure(lambda store, period, scope: roles_of(store.snapshot(), period, scope), _roles_rows),
    "escalations": Measure(
        lambda store, period, scope: escalations_of(store.snapshot(), period, scope), _escalations_rows
    ),
    "bridges": Measure(_bridges, _bridges_rows),
    "mt": Measure(lambda store, period, scope: forums_of(store.snapshot(), period, scope), _mt_rows),
}


def as_json(name: str, result: Any) -> dict[str, Any]:
    """A result in the documented form; see docs/json.md."""
    body: dict[str, Any] = {"measure": name, "contract": VERSION, **to_json(result)}
    if isinstance(result, Drift):
        body["coordination_share"] = {
            key: body.pop(key)
            for key in ("start", "end", "change_per_year", "points_per_year", "smallest_measurable", "verdict")
        }
    if isinstance(result, Dependence):
        body["people"], body["people_count"] = body.pop("cards"), body["people"]
    return body
