"""Releases made of planted rows, straight in memory: what a quarter tells of groups, rounded as a release rounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from analysis.period import WEEK, Period
from privacy.policy import Policy
from privacy.release.file import GroupInfo, Release
from privacy.release.ladder import Step, blocks
from privacy.release.rows import Row, rounded

Hours = Callable[[int], Mapping[str, float]]
BEGIN, QUARTER = date(2024, 1, 1), 13
# What an audit has found that passed, for pages that say so.
AUDIT = {
    "groups": 3,
    "figures": 40,
    "bounds": 12,
    "earlier": 1,
    "controls_planted": 9,
    "controls_found": 9,
    "others": {"contract": 3, "dependence": 0},
    "also tried": ["levels 1-2 / 3: bounds x 2"],
}


def release(number: int, groups: Mapping[str, Group], more: list[Row] = (), **others) -> Release:
    """The quarter `number` after 2024Q1; every group's hours come from a function of the week."""
    period = Period(BEGIN + QUARTER * number * WEEK, BEGIN + QUARTER * (number + 1) * WEEK)
    return Release(
        quarter=f"{2024 + number // 4}Q{number % 4 + 1}",
        period=period,
        number=number + 1,
        demo=True,
        policy=Policy().as_json(),
        groups=tuple(each.info for each in groups.values()),
        rows=(*(row for each in groups.values() for row in each.rows(period, number)), *more),
        audit=others.get("audit", {}),
        approval={"approver": "A", "notice_date": "2024-01-01", "works_council": "OR-1"},
        names=None,
        digest=f"{number:064x}",
    )


class Group:
    """A group told at a step of time: `hours` of a week by label, "contract" among them; `rest` are its other rows."""

    def __init__(
        self,
        key: str,
        hours: Hours,
        step: Step = "quarter",
        people: str = "50-99",
        rounding: float = 0.5,
        rest: Mapping[tuple[str, str], float | str] | None = None,
    ) -> None:
        self._key, self._hours, self._step, self._rounding = key, hours, step, rounding
        self._rest = rest or {}
        kind, _, name = key.partition(":")
        parts = tuple(name.split("-")) if name else ()
        self._units = parts if kind == "department" else ()
        self.info = GroupInfo(key, kind, name or kind, name if kind == "department" else "", parts, people)

    def rows(self, period: Period, number: int) -> list[Row]:
        """Rows of the quarter and of its blocks."""
        told = [period, *(blocks(period, self._step) if self._step != "quarter" else ())]
        found = [row for block in told for row in self._block(block, number, period)]
        rest = [self._row(measure, label, str(period), value) for (measure, label), value in self._rest.items()]
        return [*found, *rest]

    def _block(self, block: Period, number: int, period: Period) -> list[Row]:
        first = QUARTER * number + (block.start - period.start).days // 7
        weeks = [self._hours(first + week) for week in range(block.weeks)]
        means = {label: sum(week[label] for week in weeks) / len(weeks) for label in weeks[0]}
        contract = means.pop("contract")
        told = {"hours": {"total": sum(means.values()), **means}, "contract": {"": contract}}
        return [
            self._row(measure, label, str(block), rounded(value, self._rounding))
            for measure, figures in told.items()
            for label, value in figures.items()
        ]

    def _row(self, measure: str, label: str, period: str, value: float | str) -> Row:
        return Row(measure, self._key, self._units, period, label, value, "", self.info.people)
