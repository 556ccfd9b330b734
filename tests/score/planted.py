"""What the measures find of what the demo organisation has planted, over several seeds."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.metrics import average_precision_score

from analysis.drift import drift
from analysis.facts import facts
from analysis.snapshots import dependence_of, stalling_of
from connectors.contract import Window
from connectors.demo import DemoSource, truth
from meetload.importing import import_sources
from meetload.labelling import label_store
from meetload.options import EARLIEST
from privacy.door import Door
from store.database import Store

if TYPE_CHECKING:
    from analysis.period import Period

SEEDS = (7, 8, 9)
NOW = datetime(2026, 11, 21)


def measure() -> dict[str, object]:
    """Per seed: accuracy of labels by hours of work, growth found, and how well planted critical people are found."""
    return {f"seed {seed}": _one(seed) for seed in SEEDS}


def _one(seed: int) -> dict[str, object]:
    source = DemoSource(seed=seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo.db"
        import_sources([source], path, Window(EARLIEST, NOW), {"demo": "yes"})
        label_store(path)
        store = Store(path)
        planted = truth(source)
        period = Door(store, NOW.date()).overview().period
        labels = store.frame("labels").set_index("meeting_id")["label"]
        known = {meeting: label for meeting, label in planted["labels"].items() if meeting in labels.index}
        right = np.mean([labels[meeting] == label for meeting, label in known.items()])
        found = drift(store.tables(), store.snapshot().keep("facts", facts), period)
        cards = dependence_of(store.snapshot(), period).cards
        critical = set(planted["critical"])
        order = [card.person_id for card in cards]
        precision = average_precision_score(
            [card.person_id in critical for card in cards], [card.score for card in cards]
        )
        stalling = _stalling(store, planted, period)
    return {
        "labels right": float(right),
        "coordination share at the start": found.start,
        "at the end": found.end,
        "verdict": found.verdict,
        "average precision of dependence": float(precision),
        **stalling,
        "places of the planted critical people": ", ".join(str(order.index(person) + 1) for person in critical),
    }


def _stalling(store: Store, planted: dict[str, Any], period: Period) -> dict[str, object]:
    """Of the standing tables that could be looked at: found of those that wait for their lead, and of the others."""
    tables = [each for each in stalling_of(store.snapshot(), period).tables if each.looked_at]
    waiting = [each for each in tables if each.series_id in planted["stalling"]]
    wrong = [each for each in tables if each.stall and each not in waiting]
    found = sum(each.stall is not None for each in waiting)
    return {
        "standing tables that wait for their lead, found": f"{found} of {len(waiting)}",
        "others taken for waiting": f"{len(wrong)} of {len(tables) - len(waiting)}",
    }
