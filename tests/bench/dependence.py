"""Dependence of a simulated organisation of 10,000 people over 104 weeks, with seconds and the most memory it took."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from analysis.dependence import dependence
from analysis.period import Period
from store.database import Store, writing

TESTS = Path(__file__).parents[1]
PEOPLE, WEEKS = 10_000, 104


def build(path: Path, people: int = PEOPLE, weeks: int = WEEKS) -> None:
    """A store of the simulator's, with the true topics beside it."""
    from simulation import simulate, with_topics

    simulated = simulate(with_topics(1, people=people, weeks=weeks))
    with writing(path) as writer:
        writer.add(simulated.batch)
        writer.upsert("labels", simulated.labels)
    true = simulated.truth.meetings
    true = true[true["topic"] >= 0]
    topics = true[["meeting_id"]].assign(topic_id=true["topic"].astype("str"))
    topics.to_parquet(path.with_suffix(".topics"))
    plan = simulated.plan
    path.with_suffix(".period").write_text(plan.start.isoformat(), encoding="utf-8")


def ours(path: Path, weeks: int = WEEKS) -> dict[str, float]:
    """From an opened store to everybody's card, topics given: seconds by the clock and of CPU, and the peak of memory."""
    start = date.fromisoformat(path.with_suffix(".period").read_text(encoding="utf-8"))
    topics, tables = pd.read_parquet(path.with_suffix(".topics")), Store(path).snapshot().tables()
    began, spent = time.perf_counter(), time.process_time()
    found = dependence(tables, topics, Period(start, start + timedelta(weeks=weeks)))
    seconds, cpu = time.perf_counter() - began, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {"seconds": seconds, "peak_gb": peak, "cpu": cpu, "people": found.people, "topics": found.topics}


def measure(people: int = PEOPLE, weeks: int = WEEKS) -> dict[str, float]:
    """Build and measure, each in a process of its own, so that the peak is that of the measure alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "bench.db")
        _child("build", path, people, weeks)
        found: dict[str, float] = json.loads(_child("ours", path, people, weeks))
    return found


def _child(step: str, path: str, people: int, weeks: int) -> str:
    command = [sys.executable, "-m", "tests.bench.dependence", step, path, str(people), str(weeks)]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=TESTS.parent).stdout


if __name__ == "__main__":
    if len(sys.argv) < 5:
        print(measure(*map(int, sys.argv[1:])))
    elif sys.argv[1] == "build":
        sys.path.insert(0, str(TESTS))
        build(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        print(json.dumps(ours(Path(sys.argv[2]), int(sys.argv[4]))))
