"""Five planted quarters of a small organisation, as HR reads them side by side: what moved, what rounding hides."""

from __future__ import annotations

from collections.abc import Mapping

from told_rows import QUARTER, Group, release

from privacy.release.file import GroupInfo, Release
from privacy.release.ladder import Step
from privacy.released_door import ReleasedDoor

LOOKED = ("groups", "figures", "bounds", "earlier", "controls_planted", "controls_found")
AUDIT = dict.fromkeys(LOOKED, 1) | {
    "others": {"contract": 3, "ties": 0},
    "also tried": ["levels 1-2 / 3: bounds x 2"],
}
COVERED = {("coverage", ""): "> 80 %", ("focus", "focus"): 28.0}
DEPENDS = {
    ("dependence", "people at risk"): "5-9",
    ("dependence", "people with enough data"): "25-49",
    ("dependence", "waiting meetings at least"): 20.0,
    ("dependence", "share of the top 3 % at least"): 0.6,
}


def band(weight: float, level: float) -> dict:
    """A band of levels: its part of the contract hours and its mean level."""
    return {("levels", "weight"): weight, ("levels", "level"): level}


def hours(before: float, after: float | None = None, **more: float) -> dict:
    """Coordination of 40 contract hours: before, and from the fifth quarter on."""

    def of(week: int) -> dict[str, float]:
        now = before if after is None or week < 4 * QUARTER else after
        return {"design": 1.0, "coordination": now, "escalation": 0.5, "other": 2.0, "contract": 40.0} | more

    return of


def group(key: str, spent, people: str, rounding: float, rest: Mapping | None = None, step: Step = "quarter") -> Group:
    """A group with coverage and focus."""
    return Group(key, spent, step, people, rounding, COVERED | (rest or {}))


def named(key: str, info: GroupInfo, spent, rounding: float) -> Group:
    """A group whose parts its key does not tell: a joined department, a team or a cell."""
    found = Group(key, spent, "quarter", info.people, rounding, COVERED if info.kind != "cell" else {})
    found.info = info
    return found


def cell(unit: str, levels: str, spent) -> Group:
    """A department at a band of levels."""
    info = GroupInfo(
        f"cell:{unit}/levels {levels}", "cell", f"levels {levels}", unit, tuple(levels.split("-")), "10-24"
    )
    return named(info.key, info, spent, 1.0)


def joined(spent, *parts: str) -> Group:
    """Departments that are told as one."""
    key = f"department:other ({len(parts)})"
    return named(
        key, GroupInfo(key, "department", f"other ({len(parts)})", f"other ({len(parts)})", parts, "10-24"), spent, 1.0
    )


def folded(key: str) -> Group:
    """A group whose coordination is told under "other"."""
    return group(key, lambda _: {"other": 7.0, "contract": 40.0}, "10-24", 1.0)


def quarter(number: int) -> Release:
    """Bouw doubles its coordination; Cultuur moves within its rounding; Dienst and Einde are joined to others in turn."""
    told = [
        group("organisation", hours(4.2, 5.2), "100-249", 0.1, DEPENDS if number == 1 else {}, "week"),
        group("department:Bouw", hours(4.0, 8.0), "50-99", 0.5, DEPENDS if number in {0, 4} else {}),
        group("department:Cultuur", hours(4.0, 5.0), "25-49", 1.0, DEPENDS),
        folded("department:Anders"),
        group("levels:1-2", hours(10.0), "10-24", 1.0, band(0.3, 2.0)),
        group("levels:3", hours(5.0), "50-99", 0.5, band(0.7, 3.0)),
        cell("Bouw", "1-2", hours(10.0)),
        cell("Bouw", "3", hours(5.0)),
        cell("Cultuur", "3", hours(5.0)),
    ]
    told += (
        [group("department:Dienst", hours(3.0), "10-24", 1.0), joined(hours(6.0), "Einde", "Faam")]
        if number < 4
        else [group("department:Einde", hours(3.0), "10-24", 1.0), joined(hours(7.0), "Dienst", "Faam")]
    )
    return release(number, {each.info.key: each for each in told}, audit=AUDIT)


def scanned(*numbers: int) -> ReleasedDoor:
    """The door onto these quarters."""
    return ReleasedDoor([quarter(number) for number in numbers or range(5)])
