"""`make score`: how right labels and measures are, written to docs/accuracy.md.

The evaluation titles belong to others and are not part of the project; without them their part is left out and said so.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.score import dependence, drift, labels, planted, release, shares, topics

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "docs" / "accuracy.md"
DATA = Path(os.environ.get("MEETLOAD_EVALUATION", ROOT.parent / "shared" / "data"))


def main() -> int:
    parts = [f"# Accuracy\n\nWritten by `make score` on {datetime.now(UTC).date().isoformat()}.\n"]
    parts.append("## Labels\n")
    if DATA.exists():
        parts.append(_rows(labels.measure(DATA)))
    else:
        parts.append(f"No evaluation titles at {DATA}; set MEETLOAD_EVALUATION to their folder.\n")
    parts.append(
        "## Shares\n\nSimulated calendars, labelled with the errors of the model's card; see tests/score/shares.py.\n"
    )
    parts.append(_rows(shares.measure()))
    parts.append("## Drift\n\nWeekly panels and whole organisations with planted truth; see tests/score/drift.py.\n")
    parts.append(_rows(drift.measure()))
    parts.append("## Topics\n\nSimulated organisations with planted topics; see tests/score/topics.py.\n")
    parts.append(_rows(topics.measure()))
    parts.append(
        "## Dependence\n\nSimulated organisations with planted critical people; see tests/score/dependence.py.\n"
    )
    parts.append(_rows(dependence.measure()))
    parts.append("## Planted truth\n\nOn generated demo organisations, whose truth no measure reads.\n")
    parts.append(_rows(planted.measure()))
    parts.append(
        "## Releases\n\nMade-up organisations attacked from their published rows; see tests/score/release.py.\n"
    )
    parts.append(_rows(release.measure()))
    text = "\n".join(parts)
    TARGET.write_text(text, encoding="utf-8")
    print(text)
    return 0


def _rows(found: dict[str, object], name: str = "") -> str:
    flat = dict(_flat(found, name))
    return "\n".join(["| figure | value |", "|---|---|", *(f"| {key} | {value} |" for key, value in flat.items()), ""])


def _flat(found: dict[str, object], name: str):
    for key, value in found.items():
        label = f"{name} {key}".strip()
        if isinstance(value, dict):
            yield from _flat(value, label)
        else:
            yield label, f"{value:.3f}" if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main())
