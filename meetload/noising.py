"""Figures with noise for publication outside: drawn once, signed, and paid for from the budget of the store."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pandas as pd

from analysis.snapshots import presence_of
from meetload.counting import Counted
from meetload.releasing import checked_approval, quarter_of
from meetload.scankey import names_of
from privacy import registry
from privacy.groups import unit_groups
from privacy.noise import CAP, FEWEST, Ledger, NoisyMeans, ledger_path, publish
from privacy.release.cohort import read_cohort
from privacy.release.file import FORMAT, canonical, make_key, write_signed
from store import journal
from store.database import Store, writing
from store.errors import BadInput
from store.schema import LABELS

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from meetload.releasing import Approval
    from privacy.release.cohort import Cohort

OUTSIDE = "outside"


def publish_with_noise(
    path: Path, folder: Path, text: str, epsilon: float, approval: Approval, now: datetime, key_file: Path
) -> tuple[list[NoisyMeans], Path, float]:
    """Draw, sign and write one quarter's figures with noise; also what the budget has left for that quarter.

    The budget is spent before anything is drawn. A quarter is drawn once: a second draw would let both be averaged.
    """
    quarter, period = quarter_of(text)
    target = folder / OUTSIDE / f"{quarter}.json"
    if target.exists():
        raise BadInput(f"{quarter} was published with noise already: {target}. Use that; it is not drawn again")
    store = Store(path)
    checked = checked_approval(approval, demo=store.setting("demo") == "yes", now=now)
    if period.end > now.date():
        raise BadInput(f"{quarter} ends on {period.last_day}; a quarter is published when it is over")
    objecting = registry.objecting(store, names_of(store))
    held = Counted(store.snapshot(), period, objecting)
    cohort = read_cohort(held.tables(), period, objecting, there=presence_of(held))
    ledger = Ledger(ledger_path(path))
    found = publish(partition(cohort), quarter, epsilon, ledger)
    content = canonical(_document(quarter, epsilon, found, checked))
    write_signed(target, content, make_key(key_file))
    with writing(path) as writer:
        what = f"{quarter}, epsilon {epsilon:g}, {hashlib.sha256(content).hexdigest()[:16]}"
        journal.append(writer, checked["approver"], "noise", what, now)
    return found, target, ledger.left(quarter)


def partition(cohort: Cohort) -> dict[str, pd.DataFrame]:
    """Everybody's mean weekly hours per label, by department; small ones are taken together until they are enough."""
    departments = dict(enumerate(cohort.department))
    groups = unit_groups(departments, {}, lambda members: len(members) >= FEWEST)
    parts = [group for group in groups if group.kind == "department"] or list(groups)
    if not parts:
        raise BadInput(f"{cohort.size} people were there all quarter; figures with noise need {FEWEST} or more")
    hours = cohort.hours.mean(axis=1)
    return {
        group.key: pd.DataFrame(
            hours[sorted(group.members)], index=[cohort.people[each] for each in sorted(group.members)], columns=LABELS
        )
        for group in parts
    }


def _document(quarter: str, epsilon: float, found: list[NoisyMeans], approval: dict[str, str]) -> dict[str, object]:
    return {
        "format": FORMAT,
        "quarter": quarter,
        "noise": {"mechanism": "Laplace", "epsilon": epsilon, "unit": "one person, one quarter", "cap_hours": CAP},
        "measured_in": "hours a week, each",
        "groups": [vars(each) for each in found],
        "approval": approval,
    }
