"""Build the model from the corpus: `python -m classify.train --date 2026-11-21`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from classify import corpus, persist
from classify.confusion import confusion
from classify.model import Classifier, best_temperature
from classify.validate import chances, out_of_fold, report

if TYPE_CHECKING:
    import pandas as pd


NOTE = (
    "Cross-validation is grouped by kind of organisation. Circumstances in the corpus are drawn from believable "
    "distributions per label, so scores with context say how well they are used, not how real calendars behave. "
    "Published calendars with only a title are hardest: a subject of public policy reads like design, a proposal named "
    "by its subject like coordination, and certainty is too high there. Word meanings come from a general encoder and "
    "know no house jargon or names; a name of a person in a title may still weigh a little."
)


def train(rows: pd.DataFrame) -> tuple[Classifier, dict[str, Any]]:
    """A classifier learnt from all rows, calibrated and scored by cross-validation grouped by kind."""
    full, alone = out_of_fold(rows)
    labels = rows["label"].to_numpy(dtype=str)
    temperature = best_temperature(np.vstack([full, alone]), np.tile(labels, 2))
    classifier = Classifier().fit(rows)
    classifier.temperature = temperature
    scores = {
        "with_context": report(rows, chances(full, temperature)),
        "title_and_body": report(rows, chances(alone, temperature)),
    }
    mistaken = {
        "with_context": confusion(labels, chances(full, temperature)),
        "title_and_body": confusion(labels, chances(alone, temperature)),
    }
    return classifier, {
        "titles": len(rows),
        "temperature": temperature,
        "cross_validation": _rounded(scores),
        "confusion": mistaken,
    }


def _rounded(scores: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    return {name: {key: round(value, 4) for key, value in each.items()} for name, each in scores.items()}


def main() -> int:
    """Train, save and print the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--date", required=True, help="the day of training, for the card")
    parser.add_argument("--folder", type=Path, default=persist.FOLDER)
    arguments = parser.parse_args()
    rows, fingerprint = corpus.load(), corpus.digest()
    classifier, card = train(rows)
    classifier.version = f"{arguments.date}-{fingerprint[:8]}"
    card |= {
        "version": classifier.version,
        "date": arguments.date,
        "corpus_digest": fingerprint,
        "lists_digest": persist.lists_digest(),
        "note": NOTE,
    }
    persist.save(classifier, card, arguments.folder)
    for name, scores in card["cross_validation"].items():
        print(f"{name}: macro-F1 {scores['macro_f1']:.3f}, calibration error {scores['ece']:.3f}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
