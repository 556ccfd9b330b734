"""What the door tells about how far its figures can be trusted: labels and calendars, the model, and the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.quality import Quality, quality
from store import journal

if TYPE_CHECKING:
    from datetime import date

    from analysis.period import Period
    from store.database import Store


@dataclass(frozen=True)
class ModelCard:
    """Where the model that labels came from: version, day, titles it learnt from, and its rates on titles held back.

    sure is the share of titles that it labels without doubt, accuracy_sure how often it is right on those.
    """

    version: str
    made_on: str
    titles: int
    accuracy: float
    accuracy_sure: float
    sure: float
    by_label: dict[str, float]


@dataclass(frozen=True)
class JournalState:
    """The journal of a store: how many entries, the last day, and how many places of the chain do not hold."""

    entries: int
    last: date | None
    faults: int


@dataclass(frozen=True)
class Trusted:
    """Everything that says how far figures can be trusted; counts and shares of the whole store."""

    quality: Quality
    model: ModelCard | None
    journal: JournalState


def trusted(store: Store, period: Period) -> Trusted:
    """How far the figures of a period can be trusted."""
    return Trusted(quality(store.tables(), period), model_card(store), _journal(store))


def model_card(store: Store) -> ModelCard | None:
    """Where the model that labels a store came from; None where nobody measured it."""
    from classify.persist import card  # noqa: PLC0415 - scikit-learn is slow to import, one page needs it
    from classify.versions import model_folder  # noqa: PLC0415 - as above

    known = card(model_folder(store.path, store))
    rates: dict[str, Any] = known.get("cross_validation", {}).get("with_context", {})
    if not rates:
        return None
    return ModelCard(
        version=str(known.get("version", "")),
        made_on=str(known.get("date", "")),
        titles=int(known.get("titles", 0)),
        accuracy=float(rates["accuracy"]),
        accuracy_sure=float(rates["accuracy_sure"]),
        sure=float(rates["share_sure"]),
        by_label={name.removeprefix("f1_"): float(value) for name, value in rates.items() if name.startswith("f1_")},
    )


def _journal(store: Store) -> JournalState:
    rows = journal.in_order(store.frame("journal"))
    last = rows["at"].iloc[-1].date() if len(rows) else None
    return JournalState(len(rows), last, len(journal.check(store)))
