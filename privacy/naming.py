"""The people on whom work waits, by name: for their own unit's management only, under a policy with its evidence.

HR never sees one. Nobody is listed who was not shown the same card before, or who objects; the order is that of the
alphabet and no score is told, so that nobody is ranked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.dependence import Reason
from privacy.access import NAMES, can
from privacy.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from privacy.release.file import Release
    from privacy.viewer import Viewer


@dataclass(frozen=True)
class NamedPerson:
    """Somebody on whom work waits, with the evidence that person has seen; no score."""

    name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class NamedPeople:
    """The people of one unit by name, and what the policy rests on; `made_up` where nobody of them is real."""

    unit: str
    legal_basis: str
    works_council: str
    people: tuple[NamedPerson, ...]
    made_up: bool


def may_see_names(viewer: Viewer) -> bool:
    """Whether names may ever go to this viewer: the management of one unit, and nobody else."""
    return viewer.role == "mt" and bool(viewer.unit)


def written(reasons: Iterable[Reason]) -> str:
    """Evidence as a released row holds it.

    >>> written([Reason("tied_alone", {"pairs": 2.0})])
    'tied_alone: pairs 2'
    """
    return "; ".join(
        f"{reason.code}: {', '.join(f'{name} {number:g}' for name, number in reason.numbers.items())}"
        for reason in reasons
    )


def read(text: str) -> tuple[Reason, ...]:
    """The evidence of a released row.

    >>> read("nobody_stood_in: ; tied_alone: pairs 2")
    (Reason(code='nobody_stood_in', numbers={}, topic_id=None), Reason(code='tied_alone', numbers={'pairs': 2.0}, \
topic_id=None))
    """
    found = (part.partition(": ") for part in text.split("; ") if part)
    return tuple(Reason(code.rstrip(":"), _numbers(numbers)) for code, _, numbers in found)


def _numbers(text: str) -> dict[str, float]:
    pairs = (each.rpartition(" ") for each in text.split(", ") if each.strip())
    return {name: float(number) for name, _, number in pairs}


def from_release(releases: Sequence[Release], viewer: Viewer, *, signed_in: bool) -> NamedPeople | Refusal:
    """The people that the newest release with names told a unit's management; to nobody who did not sign in."""
    told = [each for each in releases if each.names]
    if not told:
        return Refusal("names_not_set", {})
    if not (signed_in or told[-1].demo):
        return Refusal("names_need_sign_in", {})
    last = told[-1]
    evidence = last.names or {}
    rows = [row for row in last.rows if row.measure == NAMES and can(viewer, row)]
    listed = tuple(NamedPerson(row.label, read(str(row.value))) for row in rows)
    return NamedPeople(
        str(viewer.unit), str(evidence["legal_basis"]), str(evidence["works_council"]), listed, made_up=last.demo
    )
