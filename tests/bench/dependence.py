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
from store.frames import Batch

TESTS = Path(__file__).parents[1]
PEOPLE, WEEKS = 10_000, 104


def build(path: Path, people: int = PEOPLE, weeks: int = WEEKS) -> None:
    """A store of the simulator's, with the true topics beside it; divisions of at most PEOPLE, as memory allows."""
    topics = []
    for division in range(-(-people // PEOPLE)):
        # A process each: what one division took is given back before the next.
        size = min(PEOPLE, people - division * PEOPLE)
        _child("divide", str(path), size, weeks, division)
        topics.append(pd.read_parquet(path.with_suffix(".topics")))
    pd.concat(topics).to_parquet(path.with_suffix(".topics"))


def divide(path: Path, people: int, weeks: int, division: int) -> None:
    """Add one division to the store: people, meetings and topics of its own."""
    from simulation import simulate, with_topics

    simulated = simulate(with_topics(division + 1, people=people, weeks=weeks))
    with writing(path) as writer:
        writer.add(Batch(**{table.name: _of_division(frame, division) for table, frame in simulated.batch}))
        writer.upsert("labels", _of_division(simulated.labels, division))
    true = simulated.truth.meetings
    true = true[true["topic"] >= 0]
    topics = true[["meeting_id"]].assign(topic_id=true["topic"].astype("str"))
    _of_division(topics, division).to_parquet(path.with_suffix(".topics"))
    path.with_suffix(".period").write_text(simulated.plan.start.isoformat(), encoding="utf-8")


def _of_division(frame: pd.DataFrame, division: int) -> pd.DataFrame:
    named = [name for name in frame if str(name).endswith("_id") or name in {"department", "team", "email"}]
    return frame.assign(**{str(name): f"{division}-" + frame[name] for name in named})


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


def _child(step: str, path: str, *numbers: int) -> str:
    command = [sys.executable, "-m", "tests.bench.dependence", step, path, *map(str, numbers)]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=TESTS.parent).stdout


if __name__ == "__main__":
    if sys.argv[1:2] in (["build"], ["divide"], ["ours"]):
        step, store, *sizes = sys.argv[1:]
        if step == "ours":
            print(json.dumps(ours(Path(store), int(sizes[1]))))
        else:
            sys.path.insert(0, str(TESTS))
            {"build": build, "divide": divide}[step](Path(store), *map(int, sizes))
    else:
        print(measure(*map(int, sys.argv[1:])))
