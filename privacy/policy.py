"""The numbers behind every release: stricter at once, looser only by consent and from the next quarter."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from store.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

# Below these nobody may go, whoever consents.
FLOORS = {"k_hr": 10, "k_mt_unit": 10, "k_mt_self": 6, "k_graph": 10, "contributors": 5, "colluders": 2}
# Settings of which a larger number protects less.
LOOSER_WHEN_LARGER = frozenset({"top_percent", "dominance_percent", "cap_hours"})


@dataclass(frozen=True)
class Policy:
    """The rules of one release.

    `k_*` are people in a group (`k_count_*` for counts of people, `k_graph` for both sides of a tie). A figure is not
    told when one person gives more than `top_percent` of it, two more than `dominance_percent`, when the rest less what
    `colluders` people know of themselves is under `p_percent` of the largest part, or when fewer than `contributors`
    people add to it. `protection` is how far (part of the value) the bounds of a hidden figure must lie away on both
    sides. Groups of `four_weekly_from` and `weekly_from` people get finer time, and finer rounding, where at least
    `cohort_change` people came and went, or nobody; from `finely_from` on whoever
    came and went, and quarters are rounded to `rounding_large`. `least_active` is the part of a group at work in a
    published week.
    """

    k_hr: int = 10
    k_mt_unit: int = 10
    k_mt_self: int = 6
    k_count_hr: int = 50
    k_count_mt: int = 25
    k_graph: int = 10
    graph_pairs: int = 5
    contributors: int = 5
    p_percent: float = 15.0
    dominance_percent: float = 85.0
    top_percent: float = 30.0
    colluders: int = 2
    protection: float = 0.2
    cap_hours: float = 40.0
    four_weekly_from: int = 25
    weekly_from: int = 50
    rounding_small: float = 1.0
    rounding: float = 0.5
    finely_from: int = 125
    rounding_large: float = 0.1
    cohort_change: int = 5
    least_active: float = 0.6

    @property
    def smallest_group(self) -> int:
        """The smallest group any row may speak about to both HR and management."""
        return max(self.k_hr, self.k_mt_unit)

    def as_json(self) -> dict[str, float]:
        """Every setting by name."""
        return asdict(self)


@dataclass(frozen=True)
class Consent:
    """A works council's agreement to loosen settings: its reference and the day it was given."""

    reference: str
    decided: date


def policy_of(settings: Mapping[str, Any]) -> Policy:
    """A policy with some settings changed; unknown names and numbers below the floors are refused."""
    known: dict[str, type] = {name: type(value) for name, value in asdict(Policy()).items()}
    unknown = sorted(set(settings) - set(known))
    if unknown:
        raise BadInput(f"the policy knows no setting {unknown[0]!r}; it has {', '.join(known)}")
    for name, value in settings.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadInput(f"the policy's {name} must be a number, not {value!r}")
        if value < FLOORS.get(name, 0):
            raise BadInput(f"{name} may never be lower than {FLOORS.get(name, 0)}; {value} was asked")
    return replace(Policy(), **{name: known[name](value) for name, value in settings.items()})


def loosened(before: Policy, wanted: Policy) -> tuple[str, ...]:
    """The settings that protect less than before.

    >>> loosened(Policy(), Policy(k_hr=12, top_percent=40.0))
    ('top_percent',)
    """
    old, new = before.as_json(), wanted.as_json()
    return tuple(
        name for name in old if (new[name] > old[name] if name in LOOSER_WHEN_LARGER else new[name] < old[name])
    )


def in_force(before: Policy, wanted: Policy, consent: Consent | None, quarter_begins: date) -> Policy:
    """The policy that holds for a quarter: stricter at once, looser only by consent given before the quarter began."""
    looser = loosened(before, wanted)
    if looser and consent is None:
        raise BadInput(
            f"{', '.join(looser)} would protect less than in the release before (or the defaults); that takes the "
            "works council's agreement: write [consent] with reference and decided in the policy file"
        )
    if looser and consent is not None and consent.decided >= quarter_begins:
        raise BadInput(
            f"the agreement {consent.reference!r} of {consent.decided} loosens {', '.join(looser)}; it holds from the "
            f"next quarter on, and this one began on {quarter_begins}"
        )
    return wanted
