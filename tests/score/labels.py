"""How right the labels are on titles that were never trained on; for `make score`, not needed by any test."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from classify import persist
from classify.context import COLUMNS
from classify.validate import report

AUTHORED, REAL = "titles_authored_dev.csv", "titles_real_dev.csv"
# Escalations and incidents are hardly ever published, so the real titles say nothing about them.
REAL_LABELS = ("design", "coordination", "other")


def measure(data: Path) -> dict[str, Any]:
    """Scores of the shipped model on the evaluation titles in a folder: with circumstances and by the title alone."""
    authored, real = (pd.read_csv(data / name, keep_default_na=False, na_values=[""]) for name in (AUTHORED, REAL))
    real = real[real["label"].isin(REAL_LABELS)].reset_index(drop=True)
    return {
        "model": persist.card()["version"],
        "authored": _both(authored, ["body"]),
        "real": _both(real, []),
    }


def _both(rows: pd.DataFrame, also: list[str]) -> dict[str, Any]:
    classifier = persist.load()
    bare = rows.drop(columns=[*COLUMNS, *also], errors="ignore")
    return {
        "titles": len(rows),
        "with_context": _rounded(report(rows, classifier.predict_proba(rows))),
        "title_alone": _rounded(report(rows, classifier.predict_proba(bare))),
    }


def _rounded(scores: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in scores.items()}


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1])), indent=2))
