"""Why a card says what it says: codes with numbers, the weightiest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.dependence.cards import Reason

if TYPE_CHECKING:
    from collections.abc import Hashable

    Row = dict[Hashable, Any]
    Numbers = dict[str, float]


def reasons(row: Row) -> tuple[Reason, ...]:
    """The reasons of one person, out of all figures about them."""
    if not row["enough"]:
        return (_too_little(row), *_leans_on(row), *_tied(row))
    return (
        Reason("held_while_away", _numbers(row, days_away="days", held="held", expected="expected")),
        *_stood_still(row),
        *_disrupted(row),
        *_rebound(row),
        *_escalated(row),
        *_replaced(row),
        *_leans_on(row),
        *_tied(row),
    )


def _numbers(row: Row, **columns: str) -> Numbers:
    return {name: round(float(row[column]), 2) for name, column in columns.items()}


def _too_little(row: Row) -> Reason:
    return Reason("too_little_data", _numbers(row, days_away="days", expected="expected"))


def _stood_still(row: Row) -> tuple[Reason, ...]:
    if row["measurable_absences"] < 1:
        return ()
    numbers = _numbers(row, absences="measurable_absences", stood_still="still", others_share="others_still")
    return (Reason("stood_still", numbers, row["topic_id"]),)


def _disrupted(row: Row) -> tuple[Reason, ...]:
    if row["planned"] < 1:
        return ()
    return (
        Reason("moved_or_cancelled", _numbers(row, planned="planned", disrupted="disrupted", usual="disrupted_usual")),
    )


def _rebound(row: Row) -> tuple[Reason, ...]:
    if row["returned_expected"] < 1:
        return ()
    return (Reason("after_return", _numbers(row, held="returned", expected="returned_expected")),)


def _escalated(row: Row) -> tuple[Reason, ...]:
    if row["escalated"] < 1:
        return ()
    return (Reason("escalated_while_away", _numbers(row, escalated="escalated", expected="escalated_expected")),)


def _replaced(row: Row) -> tuple[Reason, ...]:
    numbers = _numbers(row, held="met_while_away", replaced="replaced", people="standins", others="other_carriers")
    return (Reason("stood_in" if row["replaced"] > 0 else "nobody_stood_in", numbers),)


def _leans_on(row: Row) -> tuple[Reason, ...]:
    if row["volume_a_week"] <= 0:
        return ()
    return (Reason("leans_on", _numbers(row, meetings_a_week="volume_a_week"), row["topic_id"]),)


def _tied(row: Row) -> tuple[Reason, ...]:
    return (Reason("tied_alone", _numbers(row, pairs="bridges_alone")),) if row["bridges_alone"] >= 1 else ()
