"""Two quarters of a release that tells ways of escalations and ties: Intake, KCC, ICT, and two more told as one."""

from __future__ import annotations

from dataclasses import replace

from told_rows import Group, release

from privacy.access import COUNTS, FUNCTIONS, HANGING
from privacy.release.conflicting import BOTH_OR_NEITHER, CONFLICTS, LINE, PROCESS, TIMES
from privacy.release.escalated import AT_TOP, COUNT, DAYS, ESCALATIONS, GAP, IN_LINE
from privacy.release.hanging import ALONE, PAIRS
from privacy.release.others import ENOUGH_DATA, PEOPLE_AT_RISK, WAITING_MEETINGS
from privacy.release.rows import Row
from privacy.release.ties import BANDS, TIES
from privacy.released_door import ReleasedDoor

JOINED = "other (2)"
MUCH, SOME, LITTLE = (words for _, words in BANDS)
MET = (("Intake", "KCC", SOME), ("Intake", "ICT", MUCH), ("KCC", JOINED, LITTLE))
CHAINS = {COUNT: 40.0, GAP: 2.5, DAYS: 60.0, AT_TOP: 0.9, IN_LINE: 0.1}
LEVELS = {"levels:3 > levels:1-2": 0.6, "levels:3 > elsewhere": 0.3}
DEPARTMENTS = {
    "department:Intake > department:KCC": 0.4,
    "department:KCC > elsewhere": 0.3,
    f"department:{JOINED} > department:Intake": 0.2,
    "department > elsewhere": 0.1,
}
SETTLED = {TIMES: 200.0, LINE: 0.1, PROCESS: 0.2, BOTH_OR_NEITHER: 0.7}
SPREAD = {PEOPLE_AT_RISK: "5-9", WAITING_MEETINGS: 20.0, ENOUGH_DATA: "50-99"}


def told_ways(levels: bool = True) -> ReleasedDoor:
    """A door onto them; nothing is told of the escalations of ICT and of those who are told as one."""
    groups = [
        _group("organisation", "100-249", _rows(CHAINS | LEVELS | DEPARTMENTS) | _besides()),
        _group("department:Intake", "25-49", _rows(CHAINS | LEVELS)),
        _group("department:KCC", "25-49", _rows(CHAINS | {AT_TOP: 0.7})),
        _group("department:ICT", "25-49", {}),
        _joined(),
        *([_group("levels:1-2", "10-24", {}), _group("levels:3", "50-99", {})] if levels else []),
    ]
    keyed = {each.info.key: each for each in groups}
    return ReleasedDoor([release(number, keyed, _ties(release(number, keyed).period)) for number in range(2)])


def _group(key: str, people: str, rest: dict[tuple[str, str], float | str]) -> Group:
    return Group(key, _hours, people=people, rest=rest)


def _hours(week: int) -> dict[str, float]:
    return {"coordination": 5.0 + week / 13, "other": 4.0, "contract": 36.0}


def _joined() -> Group:
    found = _group("department:Balie-Staf", "25-49", {})
    found._key = f"department:{JOINED}"
    found.info = replace(found.info, key=found._key, name=JOINED, unit=JOINED)
    return found


def _rows(figures: dict[str, float]) -> dict[tuple[str, str], float | str]:
    return {(ESCALATIONS, label): value for label, value in figures.items()}


def _besides() -> dict[tuple[str, str], float | str]:
    return {
        **{(CONFLICTS, label): value for label, value in SETTLED.items()},
        **{(COUNTS, label): value for label, value in SPREAD.items()},
        (FUNCTIONS, "teamleider"): 5.0,
        (HANGING, PAIRS): 20.0,
        (HANGING, ALONE): 0.2,
    }


def _ties(period: object) -> list[Row]:
    units = {JOINED: ("Balie", "Staf")}
    return [
        Row(
            TIES,
            f"{TIES}:{one} - {other}",
            (*units.get(one, (one,)), *units.get(other, (other,))),
            str(period),
            f"department:{one} - department:{other}",
            band,
            "",
            "25-49",
        )
        for one, other, band in MET
    ]
