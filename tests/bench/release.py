"""Releases of a year of meetings, all measures, compiled, audited, signed: seconds and memory.

Of 3,000 people one quarter, and of 10,000 two into the same folder: the second is audited together with the first.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

PEOPLE, MANY, WEEKS = 3_000, 10_000, 52
# The first morning after the last quarter.
NOW, QUARTERS = datetime(2026, 10, 5, 8), ("2026Q2", "2026Q3")


def build(folder: Path, people: int = PEOPLE) -> None:
    """A labelled store of the demo's organisation, a year up to the end of the last quarter."""
    from connectors.contract import Window
    from connectors.demo import DemoSource
    from meetload.importing import import_sources
    from meetload.labelling import label_store
    from meetload.options import EARLIEST

    source = DemoSource(seed=7, people=people, weeks=WEEKS, end=datetime(2026, 10, 4).date())
    import_sources([source], folder / "bench.db", Window(EARLIEST, NOW), {"demo": "yes"})
    label_store(folder / "bench.db")


def ours(folder: Path, quarter: str) -> dict[str, float]:
    """One quarter from the store to a signed file: seconds by the clock and of CPU (all threads), peak, and how much."""
    from meetload.releasing import Approval, Wanted, release_quarter
    from privacy.policy import Policy

    began, spent = time.perf_counter(), time.process_time()
    nobody, wanted = Approval("", "", ""), Wanted(Policy())
    compiled, _ = release_quarter(folder / "bench.db", folder / "R", quarter, nobody, wanted, NOW, folder / "key")
    return {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - spent,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        "people": len(compiled.published.people),
        "rows": len(compiled.rows),
    }


def measure(people: int = PEOPLE) -> dict[str, float]:
    """One quarter."""
    return successive(people, QUARTERS[-1:])[0]


def successive(people: int = MANY, quarters: tuple[str, ...] = QUARTERS) -> list[dict[str, float]]:
    """Build and measure, each quarter in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        _child("build", folder, str(people))
        return [json.loads(_child("ours", folder, quarter)) for quarter in quarters]


def _child(step: str, folder: str, what: str) -> str:
    command = [sys.executable, "-m", "tests.bench.release", step, folder, what]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    return done.stdout.splitlines()[-1] if step == "ours" else ""


if __name__ == "__main__":
    if len(sys.argv) < 4:
        print(successive(*map(int, sys.argv[1:])))
    elif sys.argv[1] == "build":
        build(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        print(json.dumps(ours(Path(sys.argv[2]), sys.argv[3])))
